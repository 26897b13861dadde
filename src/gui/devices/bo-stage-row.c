/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-stage-row"

#include "config.h"

#include <glib/gi18n.h>

#include "devices/bo-stage-row.h"

struct _BoStageRow
{
  GtkListBoxRow parent_instance;

  /* Template widgets */
  GtkStack *sign;
  GtkSpinner *spinner;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *detail;
  GtkLabel *remedy;
};

G_DEFINE_FINAL_TYPE (BoStageRow, bo_stage_row, GTK_TYPE_LIST_BOX_ROW)

static const struct
{
  const char *icon;
  const char *css_class;
  const char *words;
} looks[] = {
  [BO_STAGE_WAITING] = { "content-loading-symbolic", "dim-label", N_ ("waiting") },
  [BO_STAGE_RUNNING] = { NULL, NULL, N_ ("running") },
  [BO_STAGE_OK] = { "object-select-symbolic", "success", N_ ("in order") },
  [BO_STAGE_WARNING] = { "dialog-warning-symbolic", "warning", N_ ("warning") },
  [BO_STAGE_UNKNOWN] = { "dialog-question-symbolic", "dim-label", N_ ("not known") },
  [BO_STAGE_FAILED] = { "dialog-error-symbolic", "error", N_ ("failed") },
  [BO_STAGE_SKIPPED] = { "content-loading-symbolic", "dim-label", N_ ("not tried") },
};

/* The core's words begin in the middle of a sentence, as the command line prints them. */
static void
show_text (GtkLabel *label, const char *text)
{
  g_autofree char *sentence = NULL;

  if (text != NULL && text[0] != '\0')
    {
      g_autofree char *head = g_utf8_substring (text, 0, 1);
      g_autofree char *capital = g_utf8_strup (head, -1);

      sentence = g_strconcat (capital, g_utf8_next_char (text), NULL);
    }
  gtk_label_set_text (label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && text[0] != '\0');
}

/**
 * bo_stage_row_set_stage:
 * @stage: the stage as it is now
 */
void
bo_stage_row_set_stage (BoStageRow *self, const BoDeviceStage *stage)
{
  g_autoptr (GString) words = NULL;

  g_return_if_fail (BO_IS_STAGE_ROW (self) && stage != NULL);

  gtk_label_set_text (self->title, stage->title);
  show_text (self->detail, stage->detail);
  show_text (self->remedy, stage->remedy);
  gtk_stack_set_visible_child_name (self->sign, stage->state == BO_STAGE_RUNNING ? "spinner" : "icon");
  gtk_spinner_set_spinning (self->spinner, stage->state == BO_STAGE_RUNNING);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (looks[i].css_class != NULL)
      gtk_widget_remove_css_class (GTK_WIDGET (self->icon), looks[i].css_class);
  if (looks[stage->state].css_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), looks[stage->state].css_class);
  if (looks[stage->state].icon != NULL)
    gtk_image_set_from_icon_name (self->icon, looks[stage->state].icon);
  if (stage->state == BO_STAGE_WAITING || stage->state == BO_STAGE_SKIPPED)
    gtk_widget_add_css_class (GTK_WIDGET (self->title), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->title), "dim-label");

  words = g_string_new (stage->title);
  g_string_append_printf (words, ": %s", _ (looks[stage->state].words));
  if (stage->detail != NULL)
    g_string_append_printf (words, ". %s", stage->detail);
  if (stage->remedy != NULL)
    g_string_append_printf (words, " %s", stage->remedy);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words->str, -1);
}

static void
bo_stage_row_dispose (GObject *object)
{
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), BO_TYPE_STAGE_ROW);

  G_OBJECT_CLASS (bo_stage_row_parent_class)->dispose (object);
}

static void
bo_stage_row_class_init (BoStageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_stage_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-stage-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BoStageRow, sign);
  gtk_widget_class_bind_template_child (widget_class, BoStageRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, BoStageRow, icon);
  gtk_widget_class_bind_template_child (widget_class, BoStageRow, title);
  gtk_widget_class_bind_template_child (widget_class, BoStageRow, detail);
  gtk_widget_class_bind_template_child (widget_class, BoStageRow, remedy);
}

static void
bo_stage_row_init (BoStageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bo_stage_row_new (void)
{
  return g_object_new (BO_TYPE_STAGE_ROW, NULL);
}
