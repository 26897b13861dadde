/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-editor"

#include "config.h"

#include <glib/gi18n.h>

#include "editor/bo-discard-dialog.h"
#include "editor/bo-problem-row.h"
#include "editor/bo-study-editor.h"
#include "editor/bo-study-form.h"

/* While a person types, the study is judged after this pause, in milliseconds. */
#define CHECK_DELAY_MS 300

/* What a study says beside its strategies, as a form. Nothing is written before Save. */

struct _BoStudyEditor
{
  AdwWindow parent_instance;

  /* Template widgets */
  GtkWidget *save_button;
  GtkStack *stack;
  AdwStatusPage *problem;
  GtkEditable *name_row;
  GtkEditable *language_row;
  AdwComboRow *baseline_row;
  GtkListBox *bases;
  GtkCheckButton *cold;
  GtkCheckButton *cold_layers;
  GtkCheckButton *warm;
  GtkCheckButton *edited;
  GtkEditable *edit_path_row;
  GtkEditable *edit_append_row;
  GtkSpinButton *repetitions;
  AdwComboRow *builder_row;
  GtkEditable *timeout_row;
  AdwComboRow *keep_row;
  GtkEditable *runtime_row;
  GtkEditable *network_row;

  /* Owned */
  BoStudyForm *form;
  GPtrArray *problem_rows;
  GCancellable *loading;
  GCancellable *checking;
  guint check_id;
  gboolean filling;
  gboolean saving;
  gboolean has_changes; /* that are not saved */
};

G_DEFINE_FINAL_TYPE (BoStudyEditor, bo_study_editor, ADW_TYPE_WINDOW)

/* As the entries of the combo rows in the template, of which the first says nothing. */
static const char *const builders[] = { "", "classic", "buildkit" };
static const char *const keeps[] = { "", "none", "best", "all" };

static void
set_string (char **place, GtkEditable *row)
{
  g_free (*place);
  *place = g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

static void
set_choice (char **place, AdwComboRow *row, const char *const *choices, guint n_choices)
{
  guint selected = adw_combo_row_get_selected (row);

  /* What is written there and not among the choices stays, until something is chosen. */
  if (selected >= n_choices)
    return;
  g_free (*place);
  *place = g_strdup (choices[selected]);
}

static void
show_choice (AdwComboRow *row, const char *const *choices, guint n_choices, const char *value)
{
  guint place = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < n_choices; i++)
    if (g_str_equal (choices[i], value))
      place = i;
  adw_combo_row_set_selected (row, place);
}

static BoStudyFields *
collect_fields (BoStudyEditor *self)
{
  BoStudyFields *fields = bo_study_fields_read (bo_study_edit_get_root (self->form->edit));
  guint baseline = adw_combo_row_get_selected (self->baseline_row);

  set_string (&fields->name, self->name_row);
  set_string (&fields->language, self->language_row);
  /* Behind the entry for "the first". */
  if (baseline == 0 || (baseline != GTK_INVALID_LIST_POSITION && baseline <= self->form->ids->len))
    {
      g_free (fields->baseline);
      fields->baseline = g_strdup (baseline == 0 ? "" : self->form->ids->pdata[baseline - 1]);
    }
  fields->conditions[BO_CONDITION_COLD] = gtk_check_button_get_active (self->cold);
  fields->conditions[BO_CONDITION_COLD_LAYERS] = gtk_check_button_get_active (self->cold_layers);
  fields->conditions[BO_CONDITION_WARM] = gtk_check_button_get_active (self->warm);
  fields->conditions[BO_CONDITION_EDITED] = gtk_check_button_get_active (self->edited);
  set_string (&fields->edit_path, self->edit_path_row);
  set_string (&fields->edit_append, self->edit_append_row);
  fields->repetitions = gtk_spin_button_get_value_as_int (self->repetitions);
  set_choice (&fields->builder, self->builder_row, builders, G_N_ELEMENTS (builders));
  set_choice (&fields->keep, self->keep_row, keeps, G_N_ELEMENTS (keeps));
  set_string (&fields->timeout, self->timeout_row);
  set_string (&fields->runtime, self->runtime_row);
  set_string (&fields->network, self->network_row);
  g_ptr_array_set_size (fields->bases, 0);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->bases)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkEditable *image = g_object_get_data (G_OBJECT (row), "image");

      if (image != NULL)
        bo_study_fields_add_base (fields, gtk_editable_get_text (g_object_get_data (G_OBJECT (row), "id")),
                                  gtk_editable_get_text (g_object_get_data (G_OBJECT (row), "title")),
                                  gtk_editable_get_text (image),
                                  GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "origin")));
    }
  return fields;
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoProblems) problems = bo_study_form_check_finish (result, &error);
  BoStudyEditor *self;
  guint n_errors = 1;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_STUDY_EDITOR (user_data);
  g_clear_object (&self->checking);
  if (problems != NULL)
    n_errors = bo_problem_row_show_all (self->problem_rows, problems, "$");
  else
    bo_problem_row_add_text (self->problem_rows->pdata[0], BO_PROBLEM_ERROR, error->message);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", n_errors == 0 && !self->saving);
}

static gboolean
check_cb (gpointer user_data)
{
  BoStudyEditor *self = BO_STUDY_EDITOR (user_data);

  self->check_id = 0;
  self->checking = g_cancellable_new ();
  bo_study_form_check_async (self->form, collect_fields (self), self->checking, checked_cb, self);
  return G_SOURCE_REMOVE;
}

static void
check_later (BoStudyEditor *self)
{
  if (self->checking != NULL)
    g_cancellable_cancel (self->checking);
  g_clear_object (&self->checking);
  g_clear_handle_id (&self->check_id, g_source_remove);
  self->check_id = g_timeout_add (CHECK_DELAY_MS, check_cb, self);
}

static void
changed (BoStudyEditor *self)
{
  if (self->filling || self->form == NULL)
    return;
  self->has_changes = TRUE;
  check_later (self);
}

static void
text_changed_cb (GtkEditable *editable, BoStudyEditor *self)
{
  changed (self);
}

static void
notify_cb (GObject *object, GParamSpec *pspec, BoStudyEditor *self)
{
  changed (self);
}

static void
remove_row_cb (GtkButton *button, BoStudyEditor *self)
{
  gtk_list_box_remove (self->bases, gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW));
  changed (self);
}

static GtkWidget *
make_entry (BoStudyEditor *self, const char *label, const char *text)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (entry, label);
  g_signal_connect (entry, "changed", G_CALLBACK (text_changed_cb), self);
  return entry;
}

static GtkWidget *
add_base (BoStudyEditor *self, const char *id_text, const char *title_text, const char *image_text, int origin)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *lines[2] = { gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6) };
  GtkWidget *image = make_entry (self, _ ("Image, as in dustynv/pytorch:2.6-r36.4.0"), image_text);
  GtkWidget *id = make_entry (self, C_ ("field", "ID"), id_text);
  GtkWidget *title = make_entry (self, _ ("Title"), title_text);
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_widget_set_tooltip_text (button, _ ("Remove This Base Image"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect (button, "clicked", G_CALLBACK (remove_row_cb), self);
  gtk_box_append (GTK_BOX (lines[0]), image);
  gtk_box_append (GTK_BOX (lines[0]), button);
  gtk_box_append (GTK_BOX (lines[1]), id);
  gtk_box_append (GTK_BOX (lines[1]), title);
  gtk_box_append (GTK_BOX (box), lines[0]);
  gtk_box_append (GTK_BOX (box), lines[1]);
  gtk_widget_add_css_class (box, "editor-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  g_object_set_data (G_OBJECT (row), "image", image);
  g_object_set_data (G_OBJECT (row), "id", id);
  g_object_set_data (G_OBJECT (row), "title", title);
  g_object_set_data (G_OBJECT (row), "origin", GINT_TO_POINTER (origin));
  gtk_list_box_append (self->bases, row);
  return image;
}

static void
fill_baseline (BoStudyEditor *self)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  guint place = self->form->fields->baseline[0] == '\0' ? 0 : GTK_INVALID_LIST_POSITION;

  gtk_string_list_append (model, _ ("The First Strategy"));
  for (guint i = 0; i < self->form->ids->len; i++)
    {
      gtk_string_list_append (model, self->form->titles->pdata[i]);
      if (g_str_equal (self->form->ids->pdata[i], self->form->fields->baseline))
        place = i + 1;
    }
  adw_combo_row_set_model (self->baseline_row, G_LIST_MODEL (model));
  adw_combo_row_set_selected (self->baseline_row, place);
}

static void
fill (BoStudyEditor *self)
{
  const BoStudyFields *fields = self->form->fields;

  self->filling = TRUE;
  gtk_editable_set_text (self->name_row, fields->name);
  gtk_editable_set_text (self->language_row, fields->language);
  fill_baseline (self);
  for (guint i = 0; i < fields->bases->len; i++)
    {
      const BoBaseFields *base = fields->bases->pdata[i];

      add_base (self, base->id, base->title, base->image, i);
    }
  gtk_check_button_set_active (self->cold, fields->conditions[BO_CONDITION_COLD]);
  gtk_check_button_set_active (self->cold_layers, fields->conditions[BO_CONDITION_COLD_LAYERS]);
  gtk_check_button_set_active (self->warm, fields->conditions[BO_CONDITION_WARM]);
  gtk_check_button_set_active (self->edited, fields->conditions[BO_CONDITION_EDITED]);
  gtk_editable_set_text (self->edit_path_row, fields->edit_path);
  gtk_editable_set_text (self->edit_append_row, fields->edit_append);
  gtk_spin_button_set_value (self->repetitions, fields->repetitions);
  show_choice (self->builder_row, builders, G_N_ELEMENTS (builders), fields->builder);
  show_choice (self->keep_row, keeps, G_N_ELEMENTS (keeps), fields->keep);
  gtk_editable_set_text (self->timeout_row, fields->timeout);
  gtk_editable_set_text (self->runtime_row, fields->runtime);
  gtk_editable_set_text (self->network_row, fields->network);
  self->filling = FALSE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStudyForm) form = bo_study_form_load_finish (result, &error);
  BoStudyEditor *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_STUDY_EDITOR (user_data);
  g_clear_object (&self->loading);
  if (form == NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->problem, escaped);
      gtk_stack_set_visible_child_name (self->stack, "problem");
      return;
    }
  self->form = g_steal_pointer (&form);
  fill (self);
  gtk_stack_set_visible_child_name (self->stack, "form");
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  check_later (self);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoStudyEditor) self = BO_STUDY_EDITOR (user_data);
  g_autoptr (GError) error = NULL;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  self->saving = FALSE;
  if (bo_study_form_save_finish (result, &error))
    {
      if (parent != NULL)
        gtk_widget_activate_action (GTK_WIDGET (parent), "win.reload", NULL);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  /* The window may have been closed meanwhile. */
  if (self->problem_rows == NULL)
    return;
  bo_problem_row_clear (self->problem_rows->pdata[0]);
  bo_problem_row_add_text (self->problem_rows->pdata[0], BO_PROBLEM_ERROR, error->message);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", TRUE);
}

static void
save_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoStudyEditor *self = BO_STUDY_EDITOR (widget);

  if (self->form == NULL || self->saving)
    return;
  self->saving = TRUE;
  gtk_widget_action_set_enabled (widget, "editor.save", FALSE);
  bo_study_form_save_async (self->form, collect_fields (self), saved_cb, g_object_ref (self));
}

static void
add_base_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_grab_focus (add_base (BO_STUDY_EDITOR (widget), "", "", "", -1));
  changed (BO_STUDY_EDITOR (widget));
}

/* Until it is written, the window waits with it. */
static gboolean
bo_study_editor_close_request (GtkWindow *window)
{
  BoStudyEditor *self = BO_STUDY_EDITOR (window);

  if (self->saving)
    return TRUE;
  if (self->has_changes)
    {
      bo_discard_dialog_show (window);
      return TRUE;
    }
  return GTK_WINDOW_CLASS (bo_study_editor_parent_class)->close_request (window);
}

static void
bo_study_editor_dispose (GObject *object)
{
  BoStudyEditor *self = BO_STUDY_EDITOR (object);

  g_clear_handle_id (&self->check_id, g_source_remove);
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  if (self->checking != NULL)
    g_cancellable_cancel (self->checking);
  g_clear_object (&self->loading);
  g_clear_object (&self->checking);
  self->filling = TRUE;
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_STUDY_EDITOR);
  g_clear_pointer (&self->form, bo_study_form_free);
  g_clear_pointer (&self->problem_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (bo_study_editor_parent_class)->dispose (object);
}

static void
bo_study_editor_class_init (BoStudyEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_study_editor_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = bo_study_editor_close_request;
  g_type_ensure (BO_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-study-editor.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, BoStudyEditor, name)
  BIND (save_button);
  BIND (stack);
  BIND (problem);
  BIND (name_row);
  BIND (language_row);
  BIND (baseline_row);
  BIND (bases);
  BIND (cold);
  BIND (cold_layers);
  BIND (warm);
  BIND (edited);
  BIND (edit_path_row);
  BIND (edit_append_row);
  BIND (repetitions);
  BIND (builder_row);
  BIND (timeout_row);
  BIND (keep_row);
  BIND (runtime_row);
  BIND (network_row);
#undef BIND
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "editor.add-base", NULL, add_base_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save", NULL);
}

static void
bo_study_editor_init (BoStudyEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->problem_rows = bo_problem_row_find_all (GTK_WIDGET (self));
  {
    GtkEditable *const texts[] = { self->name_row,    self->language_row, self->edit_path_row, self->edit_append_row,
                                   self->timeout_row, self->runtime_row,  self->network_row };
    GtkCheckButton *const checks[] = { self->cold, self->cold_layers, self->warm, self->edited };
    AdwComboRow *const combos[] = { self->baseline_row, self->builder_row, self->keep_row };

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
      g_signal_connect (texts[i], "changed", G_CALLBACK (text_changed_cb), self);
    for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
      g_signal_connect (checks[i], "notify::active", G_CALLBACK (notify_cb), self);
    for (guint i = 0; i < G_N_ELEMENTS (combos); i++)
      g_signal_connect (combos[i], "notify::selected", G_CALLBACK (notify_cb), self);
  }
  g_signal_connect (self->repetitions, "notify::value", G_CALLBACK (notify_cb), self);
  gtk_window_set_default_widget (GTK_WINDOW (self), self->save_button);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", FALSE);
}

/**
 * bo_study_editor_new:
 * @parent: (nullable): the study's window; its action `win.reload` is activated when something was saved
 * @study: its file
 *
 * Returns: (transfer none): a window that is not shown yet
 */
BoStudyEditor *
bo_study_editor_new (GtkWindow *parent, GFile *study)
{
  BoStudyEditor *self;

  g_return_val_if_fail (G_IS_FILE (study), NULL);

  self = g_object_new (BO_TYPE_STUDY_EDITOR, "transient-for", parent, NULL);
  self->loading = g_cancellable_new ();
  bo_study_form_load_async (g_file_peek_path (study), self->loading, loaded_cb, self);
  return self;
}

/**
 * bo_study_editor_edit:
 * @parent: the study's window
 * @study: its file
 *
 * Shows the study's settings as a form: name, language, baseline, bases, conditions, how it is built.
 */
void
bo_study_editor_edit (GtkWindow *parent, GFile *study)
{
  gtk_window_present (GTK_WINDOW (bo_study_editor_new (parent, study)));
}
