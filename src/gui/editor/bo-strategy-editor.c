/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-strategy-editor"

#include "config.h"

#include <glib/gi18n.h>

#include "context/bo-found-dockerfile.h"
#include "editor/bo-choice-button.h"
#include "editor/bo-discard-dialog.h"
#include "editor/bo-problem-row.h"
#include "editor/bo-strategy-editor.h"
#include "editor/bo-strategy-form.h"
#include "study/bo-names.h"

/* While a person types, the study is judged after this pause, in milliseconds. */
#define CHECK_DELAY_MS 300

/* One strategy as a form. Nothing is written before Save. */

struct _BoStrategyEditor
{
  AdwWindow parent_instance;

  /* Template widgets */
  AdwWindowTitle *title;
  GtkWidget *save_button;
  GtkStack *stack;
  AdwStatusPage *problem;
  GtkEditable *title_row;
  GtkEditable *id_row;
  GtkEditable *notes_row;
  GtkEditable *dockerfile_row;
  BoChoiceButton *dockerfile_choice;
  GtkEditable *target_row;
  BoChoiceButton *target_choice;
  AdwComboRow *builder_row;
  GtkEditable *timeout_row;
  AdwPreferencesGroup *bases_group;
  GtkSwitch *all_bases;
  GtkListBox *args;
  GtkListBox *prebuilds;
  GtkEditable *workload_row;

  /* Owned */
  GFile *file;
  char *id; /* (nullable): as in the file */
  BoStrategyForm *form;
  GPtrArray *base_checks; /* (unowned elements): GtkCheckButton, as form->base_ids */
  GPtrArray *problem_rows;
  GCancellable *loading;
  GCancellable *checking;
  guint check_id;
  gboolean filling;
  gboolean id_typed;
  gboolean saving;
  gboolean has_changes; /* that are not saved */
};

G_DEFINE_FINAL_TYPE (BoStrategyEditor, bo_strategy_editor, ADW_TYPE_WINDOW)

/* The entries of the row of builders. */
enum
{
  BUILDER_OF_STUDY,
  BUILDER_CLASSIC,
  BUILDER_BUILDKIT,
  BUILDER_BOTH,
};

static void
set_string (char **place, GtkEditable *row)
{
  g_free (*place);
  *place = g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

static void
collect_builders (BoStrategyEditor *self, GArray *builders)
{
  guint selected = adw_combo_row_get_selected (self->builder_row);
  const BoBuilder both[] = { BO_BUILDER_CLASSIC, BO_BUILDER_BUILDKIT };

  g_array_set_size (builders, 0);
  if (selected == BUILDER_BOTH)
    g_array_append_vals (builders, both, G_N_ELEMENTS (both));
  else if (selected != BUILDER_OF_STUDY)
    g_array_append_val (builders, both[selected == BUILDER_BUILDKIT]);
}

static BoStrategyFields *
collect_fields (BoStrategyEditor *self)
{
  BoStrategyFields *fields = bo_strategy_fields_new ();

  set_string (&fields->id, self->id_row);
  set_string (&fields->title, self->title_row);
  set_string (&fields->notes, self->notes_row);
  set_string (&fields->dockerfile, self->dockerfile_row);
  set_string (&fields->target, self->target_row);
  set_string (&fields->timeout, self->timeout_row);
  set_string (&fields->workload, self->workload_row);
  fields->all_bases = gtk_switch_get_active (self->all_bases);
  for (guint i = 0; i < self->base_checks->len; i++)
    if (gtk_check_button_get_active (self->base_checks->pdata[i]))
      g_ptr_array_add (fields->bases, g_strdup (self->form->base_ids->pdata[i]));
  collect_builders (self, fields->builders);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->args)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkEditable *name = g_object_get_data (G_OBJECT (row), "name");
      GtkEditable *value = g_object_get_data (G_OBJECT (row), "value");

      if (name != NULL && (gtk_editable_get_text (name)[0] != '\0' || gtk_editable_get_text (value)[0] != '\0'))
        bo_strategy_fields_add_build_arg (fields, gtk_editable_get_text (name), gtk_editable_get_text (value));
    }
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->prebuilds)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkEditable *name = g_object_get_data (G_OBJECT (row), "name");
      GtkEditable *value = g_object_get_data (G_OBJECT (row), "value");

      if (name != NULL)
        bo_strategy_fields_add_prebuild (fields, gtk_editable_get_text (value), gtk_editable_get_text (name),
                                         g_object_get_data (G_OBJECT (row), "target"),
                                         GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "origin")));
    }
  return fields;
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStrategyVerdict) verdict = bo_strategy_form_check_finish (result, &error);
  g_autofree char *path = NULL;
  BoStrategyEditor *self;
  guint n_errors;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_STRATEGY_EDITOR (user_data);
  g_clear_object (&self->checking);
  if (verdict == NULL)
    {
      bo_problem_row_add_text (self->problem_rows->pdata[0], BO_PROBLEM_ERROR, error->message);
      return;
    }
  path = g_strdup_printf ("$.strategies[%u]", verdict->place);
  n_errors = bo_problem_row_show_all (self->problem_rows, verdict->problems, path);
  /* Files may be made after the study that names them, so they are no reason not to save. */
  for (guint i = 0; i < verdict->files->items->len; i++)
    {
      const BoProblem *problem = bo_problems_get (verdict->files, i);
      BoProblem remark = *problem;

      remark.level = BO_PROBLEM_WARNING;
      for (guint r = 0; r < self->problem_rows->len; r++)
        if (bo_problem_row_takes (self->problem_rows->pdata[r], path, &remark))
          {
            bo_problem_row_add (self->problem_rows->pdata[r], &remark);
            break;
          }
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", n_errors == 0 && !self->saving);
}

static gboolean
check_cb (gpointer user_data)
{
  BoStrategyEditor *self = BO_STRATEGY_EDITOR (user_data);

  self->check_id = 0;
  self->checking = g_cancellable_new ();
  bo_strategy_form_check_async (self->form, self->id, collect_fields (self), self->checking, checked_cb, self);
  return G_SOURCE_REMOVE;
}

static void
check_later (BoStrategyEditor *self)
{
  if (self->checking != NULL)
    g_cancellable_cancel (self->checking);
  g_clear_object (&self->checking);
  g_clear_handle_id (&self->check_id, g_source_remove);
  self->check_id = g_timeout_add (CHECK_DELAY_MS, check_cb, self);
}

static void
changed (BoStrategyEditor *self)
{
  if (self->filling || self->form == NULL)
    return;
  self->has_changes = TRUE;
  check_later (self);
}

/* The stages of the Dockerfile that is named. */
static void
offer_targets (BoStrategyEditor *self)
{
  g_autofree char *path = g_strstrip (g_strdup (gtk_editable_get_text (self->dockerfile_row)));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->form->dockerfiles->len; i++)
    {
      const BoFoundDockerfile *found = self->form->dockerfiles->pdata[i];

      if (!g_str_equal (found->path, path))
        continue;
      for (guint s = 0; s < bo_dockerfile_get_n_stages (found->dockerfile); s++)
        {
          const BoStage *stage = bo_dockerfile_get_stage (found->dockerfile, s);

          if (stage->name != NULL)
            g_ptr_array_add (names, stage->name);
        }
    }
  bo_choice_button_set_choices (self->target_choice, names);
}

static void
text_changed_cb (GtkEditable *editable, BoStrategyEditor *self)
{
  if (self->filling)
    return;
  if (editable == self->id_row)
    self->id_typed = TRUE;
  /* A new strategy's id follows its title until somebody writes one. */
  if (editable == self->title_row && self->id == NULL && !self->id_typed && self->form != NULL)
    {
      g_autofree char *title = g_strstrip (g_strdup (gtk_editable_get_text (editable)));
      g_autofree char *id = title[0] != '\0' ? bo_study_edit_choose_id (self->form->edit, title) : g_strdup ("");

      self->filling = TRUE;
      gtk_editable_set_text (self->id_row, id);
      self->filling = FALSE;
    }
  if (editable == self->dockerfile_row && self->form != NULL)
    offer_targets (self);
  changed (self);
}

static void
toggled_cb (GObject *object, GParamSpec *pspec, BoStrategyEditor *self)
{
  changed (self);
}

static void
remove_row_cb (GtkButton *button, BoStrategyEditor *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);
  GtkWidget *list = gtk_widget_get_parent (row);

  gtk_list_box_remove (GTK_LIST_BOX (list), row);
  /* Beside the row for problems. */
  if (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 1) == NULL)
    gtk_widget_set_visible (list, FALSE);
  changed (self);
}

static GtkWidget *
make_entry (BoStrategyEditor *self, const char *label, const char *text)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 8);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  g_signal_connect (entry, "changed", G_CALLBACK (text_changed_cb), self);
  return entry;
}

static GtkWidget *
make_remove_button (BoStrategyEditor *self, const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_tooltip_text (button, label);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect (button, "clicked", G_CALLBACK (remove_row_cb), self);
  return button;
}

static GtkWidget *
add_row (GtkListBox *list, GtkWidget *content, GtkWidget *name, GtkWidget *value)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_widget_add_css_class (content, "editor-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), content);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  g_object_set_data (G_OBJECT (row), "name", name);
  g_object_set_data (G_OBJECT (row), "value", value);
  gtk_list_box_append (list, row);
  gtk_widget_set_visible (GTK_WIDGET (list), TRUE);
  return row;
}

static GtkWidget *
add_build_arg (BoStrategyEditor *self, const char *name, const char *value)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name_entry = make_entry (self, _ ("Name"), name);
  GtkWidget *value_entry = make_entry (self, _ ("Value"), value);

  gtk_box_append (GTK_BOX (box), name_entry);
  gtk_box_append (GTK_BOX (box), gtk_label_new ("="));
  gtk_box_append (GTK_BOX (box), value_entry);
  gtk_box_append (GTK_BOX (box), make_remove_button (self, _ ("Remove This Argument")));
  add_row (self->args, box, name_entry, value_entry);
  return name_entry;
}

static GPtrArray *
list_paths (BoStrategyEditor *self)
{
  GPtrArray *paths = g_ptr_array_new ();

  for (guint i = 0; i < self->form->dockerfiles->len; i++)
    g_ptr_array_add (paths, ((BoFoundDockerfile *) self->form->dockerfiles->pdata[i])->path);
  return paths;
}

static GtkWidget *
add_prebuild (BoStrategyEditor *self, const BoPrebuildFields *prebuild)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *lines[2] = { gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6) };
  GtkWidget *dockerfile = make_entry (self, _ ("Dockerfile"), prebuild->dockerfile);
  GtkWidget *name = make_entry (self, _ ("Name in COPY --from"), prebuild->as);
  BoChoiceButton *choice = g_object_new (BO_TYPE_CHOICE_BUTTON, NULL);
  g_autoptr (GPtrArray) paths = list_paths (self);
  GtkWidget *row;

  bo_choice_button_set_editable (choice, GTK_EDITABLE (dockerfile));
  bo_choice_button_set_choices (choice, paths);
  gtk_box_append (GTK_BOX (lines[0]), dockerfile);
  gtk_box_append (GTK_BOX (lines[0]), GTK_WIDGET (choice));
  gtk_box_append (GTK_BOX (lines[1]), name);
  gtk_box_append (GTK_BOX (lines[1]), make_remove_button (self, _ ("Remove This Image")));
  gtk_box_append (GTK_BOX (box), lines[0]);
  gtk_box_append (GTK_BOX (box), lines[1]);
  row = add_row (self->prebuilds, box, name, dockerfile);
  g_object_set_data (G_OBJECT (row), "origin", GINT_TO_POINTER (prebuild->origin));
  g_object_set_data_full (G_OBJECT (row), "target", g_strdup (prebuild->target), g_free);
  return dockerfile;
}

static void
add_bases (BoStrategyEditor *self)
{
  for (guint i = 0; i < self->form->base_ids->len; i++)
    {
      const char *id = self->form->base_ids->pdata[i];
      const char *title = self->form->base_titles->pdata[i];
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *check = gtk_check_button_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title != NULL ? title : id);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), id);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), self->form->fields->all_bases
                                                                 || g_ptr_array_find_with_equal_func (
                                                                     self->form->fields->bases, id, g_str_equal, NULL));
      gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
      g_object_bind_property (self->all_bases, "active", row, "sensitive",
                              G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
      g_signal_connect (check, "notify::active", G_CALLBACK (toggled_cb), self);
      adw_preferences_group_add (self->bases_group, row);
      g_ptr_array_add (self->base_checks, check);
    }
}

static void
fill (BoStrategyEditor *self)
{
  const BoStrategyFields *fields = self->form->fields;
  g_autofree char *study_builder = g_strdup_printf (_ ("The study has: %s"), self->form->builders);
  const char *const builders[] = { _ ("As the Study"), _ ("Classic"), _ ("BuildKit"), _ ("Classic and BuildKit"), NULL };
  g_autoptr (GtkStringList) model = gtk_string_list_new (builders);
  g_autoptr (GPtrArray) paths = list_paths (self);

  self->filling = TRUE;
  gtk_editable_set_text (self->title_row, fields->title);
  gtk_editable_set_text (self->id_row, fields->id);
  gtk_editable_set_text (self->notes_row, fields->notes);
  gtk_editable_set_text (self->dockerfile_row, fields->dockerfile);
  gtk_editable_set_text (self->target_row, fields->target);
  gtk_editable_set_text (self->timeout_row, fields->timeout);
  gtk_editable_set_text (self->workload_row, fields->workload);
  adw_combo_row_set_model (self->builder_row, G_LIST_MODEL (model));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->builder_row), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->builder_row), study_builder);
  if (fields->builders->len > 1)
    adw_combo_row_set_selected (self->builder_row, BUILDER_BOTH);
  else if (fields->builders->len == 1)
    adw_combo_row_set_selected (self->builder_row, g_array_index (fields->builders, BoBuilder, 0) == BO_BUILDER_CLASSIC
                                                       ? BUILDER_CLASSIC
                                                       : BUILDER_BUILDKIT);
  gtk_switch_set_active (self->all_bases, fields->all_bases);
  add_bases (self);
  for (guint i = 0; i < fields->build_args->len; i++)
    {
      const BoBuildArg *arg = fields->build_args->pdata[i];

      add_build_arg (self, arg->name, arg->value);
    }
  for (guint i = 0; i < fields->prebuilds->len; i++)
    add_prebuild (self, fields->prebuilds->pdata[i]);
  bo_choice_button_set_choices (self->dockerfile_choice, paths);
  offer_targets (self);
  self->filling = FALSE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStrategyForm) form = bo_strategy_form_load_finish (result, &error);
  BoStrategyEditor *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_STRATEGY_EDITOR (user_data);
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
  gtk_widget_grab_focus (GTK_WIDGET (self->title_row));
  /* An empty form need not be told that it is empty. */
  if (self->id != NULL)
    check_later (self);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoStrategyEditor) self = BO_STRATEGY_EDITOR (user_data);
  g_autoptr (GError) error = NULL;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  self->saving = FALSE;
  if (bo_strategy_form_save_finish (result, &error))
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
  BoStrategyEditor *self = BO_STRATEGY_EDITOR (widget);

  if (self->form == NULL || self->saving)
    return;
  self->saving = TRUE;
  gtk_widget_action_set_enabled (widget, "editor.save", FALSE);
  bo_strategy_form_save_async (self->form, self->id, collect_fields (self), saved_cb, g_object_ref (self));
}

static void
add_build_arg_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_grab_focus (add_build_arg (BO_STRATEGY_EDITOR (widget), "", ""));
}

static void
add_prebuild_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const BoPrebuildFields nothing = { (char *) "", (char *) "", (char *) "", -1 };

  gtk_widget_grab_focus (add_prebuild (BO_STRATEGY_EDITOR (widget), &nothing));
  changed (BO_STRATEGY_EDITOR (widget));
}

/* Until it is written, the window waits with it. */
static gboolean
bo_strategy_editor_close_request (GtkWindow *window)
{
  BoStrategyEditor *self = BO_STRATEGY_EDITOR (window);

  if (self->saving)
    return TRUE;
  if (self->has_changes)
    {
      bo_discard_dialog_show (window);
      return TRUE;
    }
  return GTK_WINDOW_CLASS (bo_strategy_editor_parent_class)->close_request (window);
}

static void
bo_strategy_editor_dispose (GObject *object)
{
  BoStrategyEditor *self = BO_STRATEGY_EDITOR (object);

  g_clear_handle_id (&self->check_id, g_source_remove);
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  if (self->checking != NULL)
    g_cancellable_cancel (self->checking);
  g_clear_object (&self->loading);
  g_clear_object (&self->checking);
  self->filling = TRUE;
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_STRATEGY_EDITOR);
  g_clear_pointer (&self->form, bo_strategy_form_free);
  g_clear_pointer (&self->base_checks, g_ptr_array_unref);
  g_clear_pointer (&self->problem_rows, g_ptr_array_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (bo_strategy_editor_parent_class)->dispose (object);
}

static void
bo_strategy_editor_class_init (BoStrategyEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_strategy_editor_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = bo_strategy_editor_close_request;
  g_type_ensure (BO_TYPE_CHOICE_BUTTON);
  g_type_ensure (BO_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-strategy-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, title);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, save_button);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, stack);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, problem);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, title_row);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, id_row);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, notes_row);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, dockerfile_row);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, dockerfile_choice);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, target_row);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, target_choice);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, builder_row);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, timeout_row);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, bases_group);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, all_bases);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, args);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, prebuilds);
  gtk_widget_class_bind_template_child (widget_class, BoStrategyEditor, workload_row);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "editor.add-build-arg", NULL, add_build_arg_cb);
  gtk_widget_class_install_action (widget_class, "editor.add-prebuild", NULL, add_prebuild_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save", NULL);
}

static void
bo_strategy_editor_init (BoStrategyEditor *self)
{
  GtkEditable *texts[7];

  gtk_widget_init_template (GTK_WIDGET (self));
  self->base_checks = g_ptr_array_new ();
  self->problem_rows = bo_problem_row_find_all (GTK_WIDGET (self));
  texts[0] = self->title_row;
  texts[1] = self->id_row;
  texts[2] = self->notes_row;
  texts[3] = self->dockerfile_row;
  texts[4] = self->target_row;
  texts[5] = self->timeout_row;
  texts[6] = self->workload_row;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_signal_connect (texts[i], "changed", G_CALLBACK (text_changed_cb), self);
  g_signal_connect (self->all_bases, "notify::active", G_CALLBACK (toggled_cb), self);
  g_signal_connect (self->builder_row, "notify::selected", G_CALLBACK (toggled_cb), self);
  bo_choice_button_set_editable (self->dockerfile_choice, self->dockerfile_row);
  bo_choice_button_set_editable (self->target_choice, self->target_row);
  gtk_window_set_default_widget (GTK_WINDOW (self), self->save_button);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save", FALSE);
}

/**
 * bo_strategy_editor_new:
 * @parent: (nullable): the study's window; its action `win.reload` is activated when something was saved
 * @study: its file
 * @strategy_id: (nullable): which strategy, or %NULL for a new one
 *
 * Returns: (transfer none): a window that is not shown yet
 */
BoStrategyEditor *
bo_strategy_editor_new (GtkWindow *parent, GFile *study, const char *strategy_id)
{
  BoStrategyEditor *self;
  const char *title = strategy_id != NULL ? _ ("Edit Strategy") : _ ("New Strategy");

  g_return_val_if_fail (G_IS_FILE (study), NULL);

  self = g_object_new (BO_TYPE_STRATEGY_EDITOR, "transient-for", parent, "title", title, NULL);
  adw_window_title_set_title (self->title, title);
  self->file = g_object_ref (study);
  self->id = g_strdup (strategy_id);
  if (strategy_id == NULL)
    gtk_button_set_label (GTK_BUTTON (self->save_button), _ ("_Add"));
  self->loading = g_cancellable_new ();
  bo_strategy_form_load_async (g_file_peek_path (study), strategy_id, self->loading, loaded_cb, self);
  return self;
}

/**
 * bo_strategy_editor_edit:
 * @parent: the study's window
 * @study: its file
 * @strategy_id: (nullable): which strategy, or %NULL for a new one
 *
 * Shows the strategy as a form.
 */
void
bo_strategy_editor_edit (GtkWindow *parent, GFile *study, const char *strategy_id)
{
  gtk_window_present (GTK_WINDOW (bo_strategy_editor_new (parent, study, strategy_id)));
}
