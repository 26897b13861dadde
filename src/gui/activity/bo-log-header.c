/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-header"

#include "config.h"

#include <langinfo.h>

#include <glib/gi18n.h>

#include "activity/bo-log-header.h"
#include "charts/bo-chart-locale.h"

struct _BoLogHeader
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkImage *arrow;
  GtkLabel *number;
  GtkLabel *instruction;
  GtkLabel *lines;
  GtkSpinner *spinner;
  GtkImage *failed;
  GtkLabel *outcome;

  /* What is shown */
  guint id;
  BoLogStep *step; /* (owned) (nullable) */
  guint n_lines;
  gboolean folded;
  gboolean live;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (BoLogHeader, bo_log_header, GTK_TYPE_WIDGET)

static void
bo_log_header_dispose (GObject *object)
{
  BoLogHeader *self = BO_LOG_HEADER (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_LOG_HEADER);
  g_clear_pointer (&self->step, bo_log_step_unref);

  G_OBJECT_CLASS (bo_log_header_parent_class)->dispose (object);
}

static void
bo_log_header_class_init (BoLogHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_log_header_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-log-header.ui");
  gtk_widget_class_bind_template_child (widget_class, BoLogHeader, arrow);
  gtk_widget_class_bind_template_child (widget_class, BoLogHeader, number);
  gtk_widget_class_bind_template_child (widget_class, BoLogHeader, instruction);
  gtk_widget_class_bind_template_child (widget_class, BoLogHeader, lines);
  gtk_widget_class_bind_template_child (widget_class, BoLogHeader, spinner);
  gtk_widget_class_bind_template_child (widget_class, BoLogHeader, failed);
  gtk_widget_class_bind_template_child (widget_class, BoLogHeader, outcome);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "logheader");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
bo_log_header_init (BoLogHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

BoLogHeader *
bo_log_header_new (void)
{
  return g_object_new (BO_TYPE_LOG_HEADER, NULL);
}

/* One line, whatever the Dockerfile has. */
static char *
make_instruction (const BoLogStep *step)
{
  GString *text = g_string_new (NULL);
  gboolean space = FALSE;

  for (const char *p = step->instruction; *p != '\0' && text->len < 1000; p = g_utf8_next_char (p))
    {
      if (g_ascii_isspace (*p) || *p == '\\')
        {
          const char *next = p + 1;

          /* A line that goes on is one. */
          space = space || g_ascii_isspace (*p) || *next == '\n';
          if (*p == '\\' && *next != '\n')
            g_string_append_c (text, '\\');
          continue;
        }
      if (space && text->len > 0)
        g_string_append_c (text, ' ');
      space = FALSE;
      g_string_append_unichar (text, g_utf8_get_char (p));
    }
  return g_string_free (text, FALSE);
}

static char *
make_outcome (const BoLogStep *step, gboolean live)
{
  const BoChartLocale locale = { .decimal_point = nl_langinfo (RADIXCHAR) };

  if (step->failed && step->exit_code >= 0)
    return g_strdup_printf (_ ("failed with exit code %d"), step->exit_code);
  if (step->failed)
    return g_strdup (_ ("failed"));
  if (step->cached)
    return g_strdup (_ ("cached"));
  if (step->duration_us >= 0)
    return bo_chart_locale_format_duration (&locale, step->duration_us);
  if (live && step->start_us >= 0)
    return g_strdup (_ ("running"));
  return g_strdup ("");
}

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/**
 * bo_log_header_show:
 * @self: a header
 * @part: the step
 * @folded: whether its lines are folded away
 * @live: whether it can still be running
 * @narrow: whether there is only room for what matters most
 */
void
bo_log_header_show (BoLogHeader *self, const BoLogPart *part, gboolean folded, gboolean live, gboolean narrow)
{
  const BoLogStep *step;
  g_autofree char *instruction = NULL;
  g_autofree char *outcome = NULL;
  g_autofree char *lines = NULL;
  g_autofree char *number = NULL;
  g_autofree char *words = NULL;
  gboolean running;
  guint n_lines;

  g_return_if_fail (BO_IS_LOG_HEADER (self));
  g_return_if_fail (part != NULL);

  step = part->step;
  running = live && step->start_us >= 0 && step->duration_us < 0 && !step->failed && !step->cached;
  /* A number that grows with each frame would have the window measured anew with each. */
  n_lines = running && !folded ? MIN (part->n_lines, 1) : part->n_lines;
  if (self->step == step && self->id == part->id && self->n_lines == n_lines && self->folded == folded
      && self->live == live && self->narrow == narrow)
    return;
  bo_log_step_ref (part->step);
  g_clear_pointer (&self->step, bo_log_step_unref);
  self->step = part->step;
  self->id = part->id;
  self->n_lines = n_lines;
  self->folded = folded;
  self->live = live;
  self->narrow = narrow;

  instruction = make_instruction (step);
  outcome = make_outcome (step, live);
  if (n_lines > 0 && (!running || folded))
    lines = g_strdup_printf (ngettext ("%'u line", "%'u lines", n_lines), n_lines);
  if (step->number > 0)
    number = g_strdup_printf ("%u", step->number);

  gtk_image_set_from_icon_name (self->arrow, folded ? "pan-end-symbolic" : "pan-down-symbolic");
  gtk_widget_set_opacity (GTK_WIDGET (self->arrow), part->n_lines > 0 ? 1 : 0);
  gtk_label_set_text (self->number, number != NULL ? number : "");
  gtk_widget_set_visible (GTK_WIDGET (self->number), number != NULL);
  gtk_label_set_text (self->instruction, instruction);
  gtk_label_set_text (self->lines, lines != NULL ? lines : "");
  gtk_widget_set_visible (GTK_WIDGET (self->lines), lines != NULL && !narrow);
  gtk_label_set_text (self->outcome, narrow && step->failed ? _ ("failed") : outcome);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), running);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_widget_set_visible (GTK_WIDGET (self->failed), step->failed);
  set_class (GTK_WIDGET (self->outcome), "error", step->failed);
  set_class (GTK_WIDGET (self->outcome), "dim-label", !step->failed);

  words = step->number > 0 ? g_strdup_printf (_ ("Step %u: %s, %s, %s"), step->number, instruction,
                                              lines != NULL ? lines : _ ("no lines"), outcome)
                           : g_strdup_printf ("%s, %s, %s", instruction, lines != NULL ? lines : _ ("no lines"), outcome);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED, !folded, -1);
}

guint
bo_log_header_get_id (BoLogHeader *self)
{
  g_return_val_if_fail (BO_IS_LOG_HEADER (self), BO_LOG_NO_STEP);

  return self->id;
}
