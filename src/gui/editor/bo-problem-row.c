/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-problem-row"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "editor/bo-problem-row.h"

/*
 * What is wrong with the field above it, in words. It is not there while
 * nothing is wrong. A row with the field "" gets what no other row takes.
 */

struct _BoProblemRow
{
  AdwPreferencesRow parent_instance;

  char *field;
  gboolean error;
  GtkLabel *label;
};

enum
{
  PROP_FIELD = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (BoProblemRow, bo_problem_row, ADW_TYPE_PREFERENCES_ROW)

/* The field's own row says so, too, and a screen reader with it. */
static void
mark_field (BoProblemRow *self)
{
  GtkWidget *field = gtk_widget_get_prev_sibling (GTK_WIDGET (self));

  if (field == NULL || self->field == NULL || self->field[0] == '\0')
    return;
  if (self->error)
    gtk_widget_add_css_class (field, "error");
  else
    gtk_widget_remove_css_class (field, "error");
  if (GTK_IS_EDITABLE (field))
    gtk_accessible_update_state (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_STATE_INVALID,
                                 self->error ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

void
bo_problem_row_clear (BoProblemRow *self)
{
  g_return_if_fail (BO_IS_PROBLEM_ROW (self));

  gtk_label_set_text (self->label, "");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->error = FALSE;
  mark_field (self);
}

/**
 * bo_problem_row_add_text:
 * @self: a row
 * @level: an error or a warning
 * @text: a sentence
 */
void
bo_problem_row_add_text (BoProblemRow *self, BoProblemLevel level, const char *text)
{
  const char *before;
  g_autofree char *all = NULL;

  g_return_if_fail (BO_IS_PROBLEM_ROW (self) && text != NULL);

  before = gtk_label_get_text (self->label);
  all = before[0] != '\0' ? g_strdup_printf ("%s\n%s", before, text) : g_strdup (text);
  gtk_label_set_text (self->label, all);
  self->error |= level == BO_PROBLEM_ERROR;
  gtk_widget_remove_css_class (GTK_WIDGET (self->label), self->error ? "warning" : "error");
  gtk_widget_add_css_class (GTK_WIDGET (self->label), self->error ? "error" : "warning");
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  mark_field (self);
}

/* "This is not a language: a code as “en” or “pt-BR” is expected". Where it is in the file does not matter here. */
void
bo_problem_row_add (BoProblemRow *self, const BoProblem *problem)
{
  g_autofree char *rest = NULL;
  g_autofree char *text = NULL;
  gunichar first;

  g_return_if_fail (BO_IS_PROBLEM_ROW (self) && problem != NULL);

  first = g_unichar_toupper (g_utf8_get_char (problem->message));
  rest = problem->expected != NULL ? g_strdup_printf (_ (" (expected: %s)"), problem->expected) : g_strdup ("");
  {
    g_autoptr (GString) capital = g_string_new (NULL);

    g_string_append_unichar (capital, first);
    text = g_strconcat (capital->str, g_utf8_next_char (problem->message), rest, NULL);
  }
  bo_problem_row_add_text (self, problem->level, text);
}

const char *
bo_problem_row_get_field (BoProblemRow *self)
{
  g_return_val_if_fail (BO_IS_PROBLEM_ROW (self), NULL);

  return self->field;
}

static void
collect (GtkWidget *widget, GPtrArray *rows)
{
  if (BO_IS_PROBLEM_ROW (widget))
    {
      g_ptr_array_add (rows, widget);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect (child, rows);
}

/**
 * bo_problem_row_find_all:
 * @widget: a dialog
 *
 * Returns: (transfer full) (element-type BoProblemRow): all rows in it
 */
GPtrArray *
bo_problem_row_find_all (GtkWidget *widget)
{
  GPtrArray *rows = g_ptr_array_new ();

  collect (widget, rows);
  return rows;
}

/**
 * bo_problem_row_takes:
 * @self: a row
 * @path: JSON path of the object whose member the row's field is
 * @problem: a problem
 *
 * Returns: whether it is about this field: that of "build_args" is at "build_args", "build_args.X" or "build_args[…"
 */
gboolean
bo_problem_row_takes (BoProblemRow *self, const char *path, const BoProblem *problem)
{
  gsize n = strlen (self->field);
  gsize n_path = strlen (path);
  const char *rest;

  if (n == 0 || problem->path == NULL || strncmp (problem->path, path, n_path) != 0 || problem->path[n_path] != '.')
    return FALSE;
  rest = problem->path + n_path + 1;
  return strncmp (rest, self->field, n) == 0 && (rest[n] == '\0' || rest[n] == '.' || rest[n] == '[');
}

/**
 * bo_problem_row_show_all:
 * @rows: (element-type BoProblemRow): rows
 * @problems: what is wrong with a study
 * @path: JSON path of the object whose members are the rows' fields
 *
 * Shows each problem in the row of its field.
 *
 * Returns: how many of them are errors
 */
guint
bo_problem_row_show_all (GPtrArray *rows, BoProblems *problems, const char *path)
{
  BoProblemRow *other = NULL;
  guint n_errors = 0;

  g_return_val_if_fail (rows != NULL && problems != NULL && path != NULL, 0);

  for (guint i = 0; i < rows->len; i++)
    {
      bo_problem_row_clear (rows->pdata[i]);
      if (BO_PROBLEM_ROW (rows->pdata[i])->field[0] == '\0')
        other = rows->pdata[i];
    }
  for (guint i = 0; i < problems->items->len; i++)
    {
      const BoProblem *problem = bo_problems_get (problems, i);
      BoProblemRow *row = NULL;

      n_errors += problem->level == BO_PROBLEM_ERROR;
      for (guint r = 0; r < rows->len && row == NULL; r++)
        if (bo_problem_row_takes (rows->pdata[r], path, problem))
          row = rows->pdata[r];
      if (row != NULL)
        bo_problem_row_add (row, problem);
      else if (other != NULL && problem->level == BO_PROBLEM_ERROR)
        {
          g_autofree char *text = bo_problem_to_string (problem);

          bo_problem_row_add_text (other, problem->level, text);
        }
    }
  return n_errors;
}

static void
bo_problem_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, BO_PROBLEM_ROW (object)->field);
}

static void
bo_problem_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BO_PROBLEM_ROW (object)->field = g_value_dup_string (value);
}

static void
bo_problem_row_finalize (GObject *object)
{
  g_free (BO_PROBLEM_ROW (object)->field);

  G_OBJECT_CLASS (bo_problem_row_parent_class)->finalize (object);
}

static void
bo_problem_row_class_init (BoProblemRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bo_problem_row_get_property;
  object_class->set_property = bo_problem_row_set_property;
  object_class->finalize = bo_problem_row_finalize;
  properties[PROP_FIELD] = g_param_spec_string ("field", NULL, NULL, "",
                                                G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bo_problem_row_init (BoProblemRow *self)
{
  GtkWidget *label = gtk_label_new ("");

  self->label = GTK_LABEL (label);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_wrap_mode (self->label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (self->label, FALSE);
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self), "problem");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
