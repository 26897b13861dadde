/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-update-dialog"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "findings/bo-diff-view.h"
#include "findings/bo-findings-work.h"
#include "findings/bo-update-dialog.h"

struct _BoUpdateDialog
{
  AdwWindow parent_instance;

  /* Template widgets */
  AdwWindowTitle *title;
  GtkStack *stack;
  GtkLabel *counts;
  GtkLabel *summary;
  GtkSwitch *charts;
  GtkWidget *problem;
  GtkLabel *problem_text;
  BoDiffView *diff;
  AdwStatusPage *nothing;

  BoReport *report;
  GFile *file;
  GCancellable *cancellable;
  BoDocumentUpdate *update;
  gboolean preparing;
  gboolean applying;
};

enum
{
  APPLIED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoUpdateDialog, bo_update_dialog, ADW_TYPE_WINDOW)

static void
show_problem (BoUpdateDialog *self, const char *text)
{
  gtk_label_set_text (self->problem_text, text != NULL ? text : "");
  gtk_widget_set_visible (self->problem, text != NULL);
}

static void
show_update (BoUpdateDialog *self)
{
  g_autofree char *diff = bo_document_update_to_diff (self->update);
  g_autofree char *words = g_strchomp (bo_document_update_describe (self->update));
  g_autofree char *counts = NULL;
  g_autofree char *added = NULL;
  g_autofree char *removed = NULL;
  gboolean changes = bo_document_update_changes (self->update);

  bo_diff_view_set_diff (self->diff, diff);
  added = g_strdup_printf (ngettext ("%u line added", "%u lines added", bo_diff_view_get_n_added (self->diff)),
                           bo_diff_view_get_n_added (self->diff));
  removed = g_strdup_printf (ngettext ("%u line removed", "%u lines removed", bo_diff_view_get_n_removed (self->diff)),
                             bo_diff_view_get_n_removed (self->diff));
  counts = g_strdup_printf ("%s, %s", added, removed);
  gtk_label_set_text (self->counts, counts);
  gtk_label_set_text (self->summary, words);
  gtk_widget_set_visible (GTK_WIDGET (self->counts), changes);
  gtk_stack_set_visible_child_name (self->stack, changes ? "changes" : "same");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "update.apply", changes || self->update->charts != NULL);
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDocumentUpdate) update = bo_findings_work_prepare_finish (result, &error);
  BoUpdateDialog *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_UPDATE_DIALOG (user_data);
  self->preparing = FALSE;
  if (update == NULL)
    {
      adw_status_page_set_description (self->nothing, NULL);
      gtk_label_set_text (self->summary, "");
      gtk_widget_set_visible (GTK_WIDGET (self->counts), FALSE);
      show_problem (self, error->message);
      gtk_stack_set_visible_child_name (self->stack, "nothing");
      return;
    }
  self->update = g_steal_pointer (&update);
  show_update (self);
}

static void
prepare (BoUpdateDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->update, bo_document_update_free);
  self->preparing = TRUE;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "update.apply", FALSE);
  show_problem (self, NULL);
  bo_findings_work_prepare_async (self->report, self->file, gtk_switch_get_active (self->charts), self->cancellable,
                                  prepared_cb, self);
}

static void
charts_cb (GtkSwitch *charts, GParamSpec *pspec, gpointer user_data)
{
  BoUpdateDialog *self = BO_UPDATE_DIALOG (user_data);

  if (self->report != NULL && !self->applying)
    prepare (self);
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoUpdateDialog) self = BO_UPDATE_DIALOG (user_data);
  g_autoptr (GError) error = NULL;

  self->applying = FALSE;
  if (bo_findings_work_apply_finish (result, &error))
    {
      g_signal_emit (self, signals[APPLIED], 0);
      gtk_window_destroy (GTK_WINDOW (self));
    }
  /* A window that was closed meanwhile has nothing to show it on. */
  else if (self->problem != NULL)
    show_problem (self, error->message);
}

static void
apply_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoUpdateDialog *self = BO_UPDATE_DIALOG (widget);

  if (self->update == NULL || self->applying)
    return;
  self->applying = TRUE;
  gtk_widget_action_set_enabled (widget, "update.apply", FALSE);
  bo_findings_work_apply_async (self->update, FALSE, NULL, applied_cb, g_object_ref (self));
}

static void
again_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoUpdateDialog *self = BO_UPDATE_DIALOG (widget);

  if (!self->applying)
    prepare (self);
}

/* Until it is written, the dialog waits with it. */
static gboolean
bo_update_dialog_close_request (GtkWindow *window)
{
  if (BO_UPDATE_DIALOG (window)->applying)
    return TRUE;
  return GTK_WINDOW_CLASS (bo_update_dialog_parent_class)->close_request (window);
}

static void
bo_update_dialog_dispose (GObject *object)
{
  BoUpdateDialog *self = BO_UPDATE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_UPDATE_DIALOG);

  G_OBJECT_CLASS (bo_update_dialog_parent_class)->dispose (object);
}

static void
bo_update_dialog_finalize (GObject *object)
{
  BoUpdateDialog *self = BO_UPDATE_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->update, bo_document_update_free);
  g_clear_pointer (&self->report, bo_report_unref);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (bo_update_dialog_parent_class)->finalize (object);
}

static void
bo_update_dialog_class_init (BoUpdateDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_update_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = bo_update_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = bo_update_dialog_close_request;
  signals[APPLIED] = g_signal_new ("applied", BO_TYPE_UPDATE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (BO_TYPE_DIFF_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-update-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BoUpdateDialog, title);
  gtk_widget_class_bind_template_child (widget_class, BoUpdateDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BoUpdateDialog, counts);
  gtk_widget_class_bind_template_child (widget_class, BoUpdateDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, BoUpdateDialog, charts);
  gtk_widget_class_bind_template_child (widget_class, BoUpdateDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, BoUpdateDialog, problem_text);
  gtk_widget_class_bind_template_child (widget_class, BoUpdateDialog, diff);
  gtk_widget_class_bind_template_child (widget_class, BoUpdateDialog, nothing);
  gtk_widget_class_bind_template_callback (widget_class, charts_cb);
  gtk_widget_class_install_action (widget_class, "update.apply", NULL, apply_cb);
  gtk_widget_class_install_action (widget_class, "update.again", NULL, again_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bo_update_dialog_init (BoUpdateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "update.apply", FALSE);
}

/**
 * bo_update_dialog_new:
 * @report: what the document is filled with
 * @file: the document
 */
BoUpdateDialog *
bo_update_dialog_new (BoReport *report, GFile *file)
{
  BoUpdateDialog *self = g_object_new (BO_TYPE_UPDATE_DIALOG, NULL);
  g_autofree char *name = NULL;
  g_autofree char *shown = NULL;

  g_return_val_if_fail (report != NULL && G_IS_FILE (file), self);

  self->report = bo_report_ref (report);
  self->file = g_object_ref (file);
  name = g_file_get_basename (file);
  shown = g_filename_display_name (name);
  adw_window_title_set_subtitle (self->title, shown);
  prepare (self);
  return self;
}

/**
 * bo_update_dialog_steal_update:
 *
 * Returns: (transfer full): what was written, which can be undone with it
 */
BoDocumentUpdate *
bo_update_dialog_steal_update (BoUpdateDialog *self)
{
  g_return_val_if_fail (BO_IS_UPDATE_DIALOG (self), NULL);

  return g_steal_pointer (&self->update);
}

gboolean
bo_update_dialog_is_busy (BoUpdateDialog *self)
{
  g_return_val_if_fail (BO_IS_UPDATE_DIALOG (self), FALSE);

  return self->preparing || self->applying;
}

const BoDocumentUpdate *
bo_update_dialog_get_update (BoUpdateDialog *self)
{
  g_return_val_if_fail (BO_IS_UPDATE_DIALOG (self), NULL);

  return self->update;
}

/**
 * bo_update_dialog_get_problem:
 *
 * Returns: (transfer none) (nullable): why it cannot be updated
 */
const char *
bo_update_dialog_get_problem (BoUpdateDialog *self)
{
  g_return_val_if_fail (BO_IS_UPDATE_DIALOG (self), NULL);

  return gtk_widget_get_visible (self->problem) ? gtk_label_get_text (self->problem_text) : NULL;
}

void
bo_update_dialog_set_charts (BoUpdateDialog *self, gboolean charts)
{
  g_return_if_fail (BO_IS_UPDATE_DIALOG (self));

  gtk_switch_set_active (self->charts, charts);
}
