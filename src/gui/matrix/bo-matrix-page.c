/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-page"

#include "config.h"

#include <glib/gi18n.h>

#include "matrix/bo-matrix-page.h"

/* The matrix with what is done with the cells that are selected in it. */

struct _BoMatrixPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  BoMatrixView *view;
  GtkDropDown *groups;
  GtkLabel *selection;
  GtkLabel *remark;
  GtkButton *copy;
  GtkLabel *copy_label;

  /* Owned references */
  BoOpenStudy *study;
  BoMatrix *matrix;
  char *run_label;
};

enum
{
  PROP_0,
  PROP_RUN_LABEL,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (BoMatrixPage, bo_matrix_page, GTK_TYPE_WIDGET)

static void
update_groups (BoMatrixPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->groups), self->matrix != NULL && self->matrix->groups->len > 1
                                                       && bo_matrix_view_get_cards (self->view));
}

static void
cards_cb (BoMatrixView *view, GParamSpec *pspec, gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);

  update_groups (self);
  /* In a narrow window there is no room for words. */
  if (bo_matrix_view_get_cards (view))
    gtk_button_set_icon_name (self->copy, "edit-copy-symbolic");
  else
    gtk_button_set_child (self->copy, GTK_WIDGET (self->copy_label));
}

static void
group_cb (GtkDropDown *groups, GParamSpec *pspec, gpointer user_data)
{
  bo_matrix_view_set_group (BO_MATRIX_PAGE (user_data)->view, gtk_drop_down_get_selected (groups));
}

static void
selection_changed_cb (BoMatrixView *view, gpointer user_data)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (user_data);
  g_autoptr (GPtrArray) cells = bo_matrix_view_get_selection (self->view);
  guint n_all = self->matrix != NULL ? bo_matrix_count_squares (self->matrix) : 0;
  g_autofree char *text = NULL;
  g_autofree char *remark = NULL;

  if (cells->len > 0)
    text = g_strdup_printf (ngettext ("%u cell selected", "%u cells selected", cells->len), cells->len);
  else
    text = g_strdup (_ ("No cell selected"));
  /* TRANSLATORS: behind the number of cells that are selected */
  remark = g_strdup_printf (_ ("of %u"), n_all);
  gtk_label_set_text (self->selection, text);
  gtk_label_set_text (self->remark, remark);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "matrix.copy-command", cells->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "matrix.run", cells->len > 0);
  g_free (self->run_label);
  self->run_label = cells->len > 0 ? g_strdup_printf (ngettext ("Run %u Cell", "Run %u Cells", cells->len), cells->len)
                                   : g_strdup (_ ("Run"));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN_LABEL]);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "matrix.select-none", cells->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "matrix.select-all", cells->len < n_all);
}

static void
choose_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);

  if (g_str_equal (name, "matrix.select-all"))
    bo_matrix_view_select_all (self->view, TRUE);
  else if (g_str_equal (name, "matrix.select-none"))
    bo_matrix_view_select_all (self->view, FALSE);
  else if (self->study != NULL && bo_open_study_get_results (self->study) != NULL)
    bo_matrix_view_select_cells (self->view, bo_open_study_get_results (self->study)->missing);
}

static void
run_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (widget);
  g_autoptr (GPtrArray) cells = bo_matrix_view_get_selection (self->view);
  g_autoptr (GError) error = NULL;

  if (cells->len == 0 || self->study == NULL)
    return;
  if (!bo_open_study_run (self->study, cells, 0, BO_PLACE_AUTO, &error))
    gtk_widget_activate_action (widget, "win.toast", "s", error->message);
}

static void
copy_command_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *command = bo_matrix_page_get_command (BO_MATRIX_PAGE (widget));

  if (command == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), command);
  gtk_widget_activate_action (widget, "win.toast", "s", _ ("Command copied"));
}

static void
bo_matrix_page_dispose (GObject *object)
{
  BoMatrixPage *self = BO_MATRIX_PAGE (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_MATRIX_PAGE);
  g_clear_pointer (&self->matrix, bo_matrix_unref);
  g_clear_object (&self->study);
  g_clear_pointer (&self->run_label, g_free);

  G_OBJECT_CLASS (bo_matrix_page_parent_class)->dispose (object);
}

static void
bo_matrix_page_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_RUN_LABEL:
      g_value_set_string (value, BO_MATRIX_PAGE (object)->run_label);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
bo_matrix_page_class_init (BoMatrixPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_matrix_page_dispose;
  G_OBJECT_CLASS (klass)->get_property = bo_matrix_page_get_property;

  /* What the button says that runs the selection. */
  properties[PROP_RUN_LABEL]
      = g_param_spec_string ("run-label", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);

  g_type_ensure (BO_TYPE_MATRIX_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-matrix-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, view);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, groups);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, selection);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, remark);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, copy);
  gtk_widget_class_bind_template_child (widget_class, BoMatrixPage, copy_label);
  gtk_widget_class_bind_template_callback (widget_class, cards_cb);
  gtk_widget_class_bind_template_callback (widget_class, group_cb);
  gtk_widget_class_bind_template_callback (widget_class, selection_changed_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_action (widget_class, "matrix.select-all", NULL, choose_cb);
  gtk_widget_class_install_action (widget_class, "matrix.select-none", NULL, choose_cb);
  gtk_widget_class_install_action (widget_class, "matrix.select-missing", NULL, choose_cb);
  gtk_widget_class_install_action (widget_class, "matrix.copy-command", NULL, copy_command_cb);
  gtk_widget_class_install_action (widget_class, "matrix.run", NULL, run_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK, "matrix.select-all", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "matrix.select-none", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_m, GDK_CONTROL_MASK, "matrix.select-missing", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "matrix.copy-command", NULL);
}

static void
bo_matrix_page_init (BoMatrixPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  selection_changed_cb (self->view, self);
}

/**
 * bo_matrix_page_set_open_study:
 * @self: the page
 * @study: the study that it runs
 */
void
bo_matrix_page_set_open_study (BoMatrixPage *self, BoOpenStudy *study)
{
  g_return_if_fail (BO_IS_MATRIX_PAGE (self));
  g_return_if_fail (BO_IS_OPEN_STUDY (study));

  g_set_object (&self->study, study);
}

/**
 * bo_matrix_page_set_matrix:
 * @self: the page
 * @matrix: what it shows
 */
void
bo_matrix_page_set_matrix (BoMatrixPage *self, BoMatrix *matrix)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint group;

  g_return_if_fail (BO_IS_MATRIX_PAGE (self));
  g_return_if_fail (matrix != NULL);

  group = gtk_drop_down_get_selected (self->groups);
  bo_matrix_ref (matrix);
  g_clear_pointer (&self->matrix, bo_matrix_unref);
  self->matrix = matrix;
  for (guint i = 0; i < matrix->groups->len; i++)
    {
      const BoMatrixGroup *item = g_ptr_array_index (matrix->groups, i);
      g_autofree char *title = g_strdup_printf ("%s · %s", item->title, item->subtitle);

      gtk_string_list_append (titles, title);
    }
  bo_matrix_view_set_matrix (self->view, matrix);
  gtk_drop_down_set_model (self->groups, G_LIST_MODEL (titles));
  if (group < matrix->groups->len)
    gtk_drop_down_set_selected (self->groups, group);
  update_groups (self);
}

BoMatrixView *
bo_matrix_page_get_view (BoMatrixPage *self)
{
  g_return_val_if_fail (BO_IS_MATRIX_PAGE (self), NULL);

  return self->view;
}

/**
 * bo_matrix_page_get_command:
 * @self: the page
 *
 * Returns: (transfer full) (nullable): the command line that runs the selected cells, or %NULL when there are none
 */
char *
bo_matrix_page_get_command (BoMatrixPage *self)
{
  g_autoptr (GPtrArray) cells = NULL;
  g_autofree char *file = NULL;
  GString *command;

  g_return_val_if_fail (BO_IS_MATRIX_PAGE (self), NULL);

  cells = bo_matrix_view_get_selection (self->view);
  if (cells->len == 0)
    return NULL;
  file = g_shell_quote (self->matrix->study->file);
  command = g_string_new ("bakeoff-cli run ");
  g_string_append (command, file);
  if (cells->len < bo_matrix_count_squares (self->matrix))
    for (guint i = 0; i < cells->len; i++)
      {
        g_autofree char *key = bo_cell_get_key (g_ptr_array_index (cells, i));
        g_autofree char *quoted = g_shell_quote (key);

        g_string_append_printf (command, " --only %s", quoted);
      }
  return g_string_free (command, FALSE);
}
