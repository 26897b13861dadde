/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-stage-view"

#include "config.h"

#include <glib/gi18n.h>

#include "activity/bo-stage-view.h"
#include "engine/bo-engine-error.h"

#define N_STAGES (BO_SESSION_CLOSING + 1)

typedef struct
{
  GtkWidget *row;
  GtkStack *sign;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *detail;
  GtkProgressBar *bar;
} Row;

struct _BoStageView
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *description;
  GtkLabel *remedy;
  GtkListBox *stages;
  GtkWidget *results;
  GtkWidget *matrix;

  Row rows[N_STAGES];
  BoSessionStage failed_at;
};

G_DEFINE_FINAL_TYPE (BoStageView, bo_stage_view, GTK_TYPE_WIDGET)

static const char *
get_stage_title (BoSessionStage stage)
{
  switch (stage)
    {
    case BO_SESSION_CONNECTING:
      return _ ("Connect to the device");
    case BO_SESSION_SETTLING:
      return _ ("Look at what earlier campaigns left");
    case BO_SESSION_PREPARING:
      return _ ("Read the project and pull images");
    case BO_SESSION_HANDING_OVER:
      return _ ("Hand the campaign over to the device");
    case BO_SESSION_PLAYING:
      return _ ("Build and measure");
    case BO_SESSION_CLOSING:
      return _ ("Clean up on the device");
    case BO_SESSION_ENDED:
    default:
      return NULL;
    }
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
show_row (BoStageView *self, BoSessionStage stage, const BoStageFacts *facts)
{
  Row *row = &self->rows[stage];
  gboolean current = facts->end == BO_SESSION_END_NONE && facts->stage == stage;
  gboolean failed = facts->end == BO_SESSION_END_FAILED && self->failed_at == stage;
  gboolean done = facts->end == BO_SESSION_END_NONE ? stage < facts->stage : stage < self->failed_at;
  g_autofree char *detail = NULL;

  gtk_widget_set_visible (row->row, stage != BO_SESSION_HANDING_OVER || facts->on_device || current || failed);
  gtk_stack_set_visible_child (row->sign, current ? GTK_WIDGET (row->spinner) : GTK_WIDGET (row->icon));
  gtk_spinner_set_spinning (row->spinner, current);
  gtk_image_set_from_icon_name (row->icon, failed ? "dialog-error-symbolic"
                                           : done ? "object-select-symbolic"
                                                  : "content-loading-symbolic");
  gtk_widget_remove_css_class (GTK_WIDGET (row->icon), "success");
  gtk_widget_remove_css_class (GTK_WIDGET (row->icon), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (row->icon), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (row->icon), failed ? "error" : done ? "success" : "dim-label");
  if (current || failed)
    gtk_widget_remove_css_class (row->row, "dim-label");
  if (current && facts->total > 0)
    {
      g_autofree char *have = bo_activity_format_size ((gint64) facts->done);
      g_autofree char *all = bo_activity_format_size ((gint64) facts->total);

      detail = g_strdup_printf (_ ("%s (%s of %s)"), facts->what != NULL ? facts->what : "", have, all);
    }
  /* Of the other stages it would say the same as their titles. */
  else if (current && facts->what != NULL && (stage == BO_SESSION_PREPARING || facts->is_stopping))
    detail = g_strdup (facts->what);
  set_text (row->detail, detail);
  gtk_widget_set_visible (GTK_WIDGET (row->bar), current && facts->total > 0);
  if (facts->total > 0)
    gtk_progress_bar_set_fraction (row->bar, CLAMP ((double) facts->done / (double) facts->total, 0, 1));
}

/**
 * bo_stage_view_set_facts:
 * @self: the view
 * @facts: how the campaign stands
 */
void
bo_stage_view_set_facts (BoStageView *self, const BoStageFacts *facts)
{
  const char *icon = NULL;
  g_autofree char *title = NULL;
  const char *remedy = NULL;
  gboolean ended = facts->end != BO_SESSION_END_NONE;
  gboolean cancelled = g_error_matches (facts->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_return_if_fail (BO_IS_STAGE_VIEW (self) && facts != NULL);

  /* A session that has ended does not know any more how far it came. */
  if (!ended)
    self->failed_at = facts->stage;
  switch (facts->end)
    {
    case BO_SESSION_END_NONE:
      title = facts->is_stopping                        ? g_strdup (_ ("Stopping"))
              : facts->stage == BO_SESSION_CLOSING ? g_strdup (_ ("Cleaning Up"))
              : facts->device != NULL              ? g_strdup_printf (_ ("Starting on %s"), facts->device)
                                                   : g_strdup (_ ("Starting"));
      break;
    case BO_SESSION_END_OVER:
      icon = facts->error != NULL ? "dialog-warning-symbolic" : "emblem-ok-symbolic";
      title = g_strdup (_ ("The Campaign Is Over"));
      break;
    case BO_SESSION_END_DETACHED:
      icon = "network-server-symbolic";
      title = g_strdup (_ ("The Device Goes On Alone"));
      break;
    case BO_SESSION_END_NOTHING:
      icon = "dialog-information-symbolic";
      title = g_strdup (_ ("Nothing to Follow"));
      break;
    case BO_SESSION_END_FAILED:
    default:
      icon = cancelled ? "media-playback-stop-symbolic" : "dialog-error-symbolic";
      title = g_strdup (cancelled ? _ ("Stopped") : _ ("The Campaign Was Not Begun"));
      break;
    }
  if (facts->error != NULL && !cancelled && facts->error->domain == BO_ENGINE_ERROR)
    remedy = bo_engine_error_get_remedy (facts->error);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon != NULL);
  gtk_label_set_text (self->title, title);
  set_text (self->description, facts->outcome);
  set_text (self->remedy, remedy);
  for (guint i = 0; i < N_STAGES; i++)
    show_row (self, i, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->stages),
                          !ended || (facts->end == BO_SESSION_END_FAILED && !cancelled));
  gtk_widget_set_visible (self->results, facts->end == BO_SESSION_END_OVER);
  gtk_widget_set_visible (self->matrix, ended);
}

static void
bo_stage_view_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (object), BO_TYPE_STAGE_VIEW);

  G_OBJECT_CLASS (bo_stage_view_parent_class)->dispose (object);
}

static void
bo_stage_view_class_init (BoStageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_stage_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-stage-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BoStageView, icon);
  gtk_widget_class_bind_template_child (widget_class, BoStageView, title);
  gtk_widget_class_bind_template_child (widget_class, BoStageView, description);
  gtk_widget_class_bind_template_child (widget_class, BoStageView, remedy);
  gtk_widget_class_bind_template_child (widget_class, BoStageView, stages);
  gtk_widget_class_bind_template_child (widget_class, BoStageView, results);
  gtk_widget_class_bind_template_child (widget_class, BoStageView, matrix);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
add_row (BoStageView *self, BoSessionStage stage)
{
  Row *row = &self->rows[stage];
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = gtk_label_new (get_stage_title (stage));

  row->sign = GTK_STACK (gtk_stack_new ());
  row->icon = GTK_IMAGE (gtk_image_new ());
  row->spinner = GTK_SPINNER (gtk_spinner_new ());
  row->detail = GTK_LABEL (gtk_label_new (NULL));
  row->bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_stack_add_child (row->sign, GTK_WIDGET (row->icon));
  gtk_stack_add_child (row->sign, GTK_WIDGET (row->spinner));
  gtk_widget_set_valign (GTK_WIDGET (row->sign), GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_xalign (row->detail, 0);
  gtk_label_set_wrap (row->detail, TRUE);
  gtk_label_set_wrap_mode (row->detail, PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (GTK_WIDGET (row->detail), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (row->detail), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (row->detail), "numeric");
  gtk_widget_set_margin_top (GTK_WIDGET (row->bar), 4);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), title);
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (row->detail));
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (row->bar));
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (row->sign));
  gtk_box_append (GTK_BOX (head), texts);
  gtk_widget_add_css_class (head, "stage-row");
  row->row = gtk_list_box_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row->row), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row->row), head);
  gtk_list_box_append (self->stages, row->row);
}

static void
bo_stage_view_init (BoStageView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_STAGES; i++)
    add_row (self, i);
}
