/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-new-study-dialog"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-settings.h"
#include "context/bo-found-dockerfile.h"
#include "context/bo-study-template.h"
#include "editor/bo-new-study-dialog.h"
#include "editor/bo-new-study-plan.h"
#include "editor/bo-problem-row.h"
#include "study/bo-json.h"
#include "study/bo-study.h"

#define PLAN_DELAY_MS 250

struct _BoNewStudyDialog
{
  AdwWindow parent_instance;

  /* Template widgets */
  GtkWidget *create_button;
  GtkWidget *folder_button;
  AdwActionRow *folder_row;
  GtkWidget *exists_row;
  GtkEditable *name_row;
  BoProblemRow *problem_row;
  AdwPreferencesGroup *templates;
  AdwPreferencesGroup *dockerfiles;
  GtkWidget *bases;
  GtkListBox *bases_list;
  GtkEditable *add_base_row;
  GtkWidget *preview;
  AdwExpanderRow *preview_row;
  GtkLabel *preview_text;
  GtkLabel *notes;

  /* Owned */
  gboolean from_templates;
  char *folder;
  char *shown_folder;       /* whose Dockerfiles are shown */
  GPtrArray *template_rows; /* (unowned elements): GtkCheckButton with "value" */
  GPtrArray *file_rows;
  GPtrArray *base_rows;
  BoStudyScaffold *scaffold;
  GCancellable *planning;
  guint plan_id;
  gboolean filling;
};

enum
{
  SIGNAL_OPEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoNewStudyDialog, bo_new_study_dialog, ADW_TYPE_WINDOW)

static void
choose (GPtrArray *rows, GPtrArray *values)
{
  for (guint i = 0; i < rows->len; i++)
    if (gtk_check_button_get_active (rows->pdata[i]) && gtk_widget_is_sensitive (rows->pdata[i]))
      g_ptr_array_add (values, g_strdup (g_object_get_data (rows->pdata[i], "value")));
}

static BoNewStudyWish *
make_wish (BoNewStudyDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  BoNewStudyWish *wish = bo_new_study_wish_new (self->folder, name);

  wish->from_templates = self->from_templates;
  wish->repetitions = bo_settings_get_repetitions ();
  choose (self->template_rows, wish->templates);
  /* Before the folder has been looked into, everything in it is wanted. */
  if (g_strcmp0 (self->folder, self->shown_folder) != 0)
    {
      if (self->from_templates)
        g_ptr_array_add (wish->templates, g_strdup ("all"));
      return wish;
    }
  if (!self->from_templates)
    {
      wish->dockerfiles = g_ptr_array_new_with_free_func (g_free);
      choose (self->file_rows, wish->dockerfiles);
    }
  wish->images = g_ptr_array_new_with_free_func (g_free);
  choose (self->base_rows, wish->images);
  if (self->base_rows->len == 0)
    g_clear_pointer (&wish->images, g_ptr_array_unref);
  return wish;
}

static void plan_soon (BoNewStudyDialog *self);

static void
toggled_cb (GObject *check, GParamSpec *pspec, BoNewStudyDialog *self)
{
  if (!self->filling)
    plan_soon (self);
}

static GtkWidget *
make_check_row (BoNewStudyDialog *self,
                GPtrArray *rows,
                const char *value,
                const char *title,
                const char *subtitle,
                gboolean active)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), active);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (check), "value", g_strdup (value), g_free);
  g_object_set_data (G_OBJECT (check), "row", row);
  g_signal_connect (check, "notify::active", G_CALLBACK (toggled_cb), self);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_ptr_array_add (rows, check);
  return row;
}

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, g_object_get_data (rows->pdata[i], "row"));
  g_ptr_array_set_size (rows, 0);
}

static void
show_templates (BoNewStudyDialog *self, BoNewStudyPlan *plan)
{
  clear_rows (self->templates, self->template_rows);
  for (guint i = 0; i < plan->templates->len; i++)
    {
      const BoStudyTemplate *template = plan->templates->pdata[i];
      const char *obstacle = plan->obstacles->pdata[i];
      const char *title = bo_json_get_string (bo_json_node_get_object (template->strategy), "title", template->id);
      gboolean fits = obstacle[0] == '\0';
      GtkWidget *row = make_check_row (self, self->template_rows, template->id, title,
                                       fits ? template->summary : obstacle,
                                       fits && strcmp (template->id, "wheel-test") != 0);

      gtk_widget_set_sensitive (row, fits);
      adw_preferences_group_add (self->templates, row);
    }
}

static char *
describe_found (const BoFoundDockerfile *found)
{
  if (found->prebuild_as != NULL)
    return g_strdup_printf (_ ("Built before others, which copy from it as “%s”"), found->prebuild_as);
  if (found->takes_base)
    return g_strdup (_ ("Builds on ${BASE_IMAGE}"));
  if (found->image != NULL)
    return g_strdup_printf (_ ("Builds on %s"), found->image);
  return g_strdup (_ ("Its FROM names no image without build arguments, so it is left out"));
}

static void
show_dockerfiles (BoNewStudyDialog *self, BoNewStudyPlan *plan)
{
  clear_rows (self->dockerfiles, self->file_rows);
  for (guint i = 0; i < plan->found->len; i++)
    {
      const BoFoundDockerfile *found = plan->found->pdata[i];
      g_autofree char *subtitle = describe_found (found);
      gboolean usable = found->prebuild_as == NULL && (found->takes_base || found->image != NULL);
      GtkWidget *row = make_check_row (self, self->file_rows, found->path, found->path, subtitle,
                                       usable || found->prebuild_as != NULL);

      /* It comes along with those that copy from it. */
      gtk_widget_set_sensitive (row, usable);
      adw_preferences_group_add (self->dockerfiles, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->dockerfiles), plan->found->len > 0);
}

static void
add_base (BoNewStudyDialog *self, const char *image)
{
  GtkWidget *row;

  for (guint i = 0; i < self->base_rows->len; i++)
    if (g_strcmp0 (g_object_get_data (self->base_rows->pdata[i], "value"), image) == 0)
      {
        gtk_check_button_set_active (self->base_rows->pdata[i], TRUE);
        return;
      }
  row = make_check_row (self, self->base_rows, image, image, NULL, TRUE);
  gtk_list_box_insert (self->bases_list, row, self->base_rows->len - 1);
}

static void
show_bases (BoNewStudyDialog *self, BoNewStudyPlan *plan)
{
  for (guint i = 0; i < self->base_rows->len; i++)
    gtk_list_box_remove (self->bases_list, g_object_get_data (self->base_rows->pdata[i], "row"));
  g_ptr_array_set_size (self->base_rows, 0);
  for (guint i = 0; i < plan->found->len; i++)
    {
      const BoFoundDockerfile *found = plan->found->pdata[i];

      if (found->image != NULL && (found->takes_base || self->from_templates))
        add_base (self, found->image);
    }
}

static void
show_preview (BoNewStudyDialog *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) files = g_string_new (NULL);
  g_autoptr (GString) notes = g_string_new (NULL);
  g_autofree char *also = NULL;

  gtk_widget_set_visible (self->preview, self->scaffold != NULL);
  if (self->scaffold == NULL)
    return;
  text = bo_study_document_to_text (self->scaffold->document);
  gtk_label_set_text (self->preview_text, g_strchomp (text));
  for (guint i = 0; i < self->scaffold->files->len; i++)
    g_string_append_printf (files, "%s%s", i > 0 ? ", " : "",
                            ((BoStudyScaffoldFile *) self->scaffold->files->pdata[i])->path);
  /* TRANSLATORS: below “bakeoff.json”; other files that are written, such as "Dockerfile.wheels,
   * Dockerfile.minimal" */
  also = files->len > 0 ? g_strdup_printf (_ ("and %s"), files->str) : g_strdup ("");
  adw_expander_row_set_subtitle (self->preview_row, also);
  for (guint i = 0; i < self->scaffold->notes->len; i++)
    g_string_append_printf (notes, "%s%s", i > 0 ? "\n" : "", (char *) self->scaffold->notes->pdata[i]);
  gtk_label_set_text (self->notes, notes->str);
  gtk_widget_set_visible (GTK_WIDGET (self->notes), notes->len > 0);
}

static void
planned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoNewStudyPlan) plan = bo_new_study_plan_finish (result, &error);
  BoNewStudyDialog *self;
  gboolean fresh;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_NEW_STUDY_DIALOG (user_data);
  g_clear_object (&self->planning);
  fresh = g_strcmp0 (self->folder, self->shown_folder) != 0;
  if (fresh)
    {
      g_free (self->shown_folder);
      self->shown_folder = g_strdup (self->folder);
      self->filling = TRUE;
      show_templates (self, plan);
      show_dockerfiles (self, plan);
      show_bases (self, plan);
      self->filling = FALSE;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->templates), self->from_templates && !plan->exists);
  gtk_widget_set_visible (GTK_WIDGET (self->dockerfiles), !self->from_templates && !plan->exists && plan->found->len > 0);
  gtk_widget_set_visible (self->bases, !plan->exists && (self->from_templates || plan->found->len > 0));
  gtk_widget_set_visible (self->exists_row, plan->exists);
  gtk_widget_set_visible (GTK_WIDGET (self->name_row), !plan->exists);
  bo_problem_row_clear (self->problem_row);
  if (plan->problem != NULL)
    bo_problem_row_add_text (self->problem_row, BO_PROBLEM_ERROR, plan->problem);
  g_clear_pointer (&self->scaffold, bo_study_scaffold_free);
  self->scaffold = g_steal_pointer (&plan->scaffold);
  show_preview (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "new.create", self->scaffold != NULL);
  /* The first plan was made before it was known which templates fit. */
  if (fresh && self->from_templates && !plan->exists)
    plan_soon (self);
  if (fresh && plan->exists)
    gtk_widget_child_focus (self->exists_row, GTK_DIR_TAB_FORWARD);
}

static gboolean
plan_cb (gpointer user_data)
{
  BoNewStudyDialog *self = BO_NEW_STUDY_DIALOG (user_data);

  self->plan_id = 0;
  self->planning = g_cancellable_new ();
  bo_new_study_plan_async (make_wish (self), self->planning, planned_cb, self);
  return G_SOURCE_REMOVE;
}

static void
plan_soon (BoNewStudyDialog *self)
{
  if (self->folder == NULL)
    return;
  if (self->planning != NULL)
    g_cancellable_cancel (self->planning);
  g_clear_object (&self->planning);
  g_clear_handle_id (&self->plan_id, g_source_remove);
  /* What is created is what was shown last, so that it has to be shown first. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "new.create", FALSE);
  self->plan_id = g_timeout_add (PLAN_DELAY_MS, plan_cb, self);
}

static void
text_changed_cb (GtkEditable *editable, BoNewStudyDialog *self)
{
  plan_soon (self);
}

static void
add_base_cb (AdwEntryRow *row, BoNewStudyDialog *self)
{
  g_autofree char *image = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  if (image[0] == '\0')
    return;
  add_base (self, image);
  gtk_editable_set_text (GTK_EDITABLE (row), "");
  plan_soon (self);
}

/**
 * bo_new_study_dialog_set_folder:
 * @self: the dialog
 * @folder: path of the project's folder
 */
void
bo_new_study_dialog_set_folder (BoNewStudyDialog *self, const char *folder)
{
  g_autofree char *shown = NULL;

  g_return_if_fail (BO_IS_NEW_STUDY_DIALOG (self) && folder != NULL);

  g_free (self->folder);
  self->folder = g_canonicalize_filename (folder, NULL);
  shown = g_filename_display_name (self->folder);
  adw_action_row_set_subtitle (self->folder_row, shown);
  if (self->planning != NULL)
    g_cancellable_cancel (self->planning);
  g_clear_object (&self->planning);
  g_clear_handle_id (&self->plan_id, g_source_remove);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "new.create", FALSE);
  plan_cb (self);
}

static void
folder_response_cb (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      if (file != NULL && g_file_peek_path (file) != NULL)
        bo_new_study_dialog_set_folder (BO_NEW_STUDY_DIALOG (user_data), g_file_peek_path (file));
    }
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
}

static void
choose_folder_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new (_ ("Project Folder"), GTK_WINDOW (widget),
                                     GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Select"), _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (folder_response_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
open_study (BoNewStudyDialog *self)
{
  g_autofree char *path = g_build_filename (self->folder, BO_STUDY_FILE_NAME, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (BoNewStudyDialog) kept = g_object_ref (self);

  /* Closed first: whoever opens the study may close the window below. */
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);
  g_signal_emit (self, signals[SIGNAL_OPEN], 0, file);
  gtk_window_close (GTK_WINDOW (self));
}

static void
open_existing_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  open_study (BO_NEW_STUDY_DIALOG (widget));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoNewStudyDialog) self = BO_NEW_STUDY_DIALOG (user_data);
  g_autoptr (GError) error = NULL;
  gboolean ok = bo_new_study_write_finish (result, &error);

  /* The window may have been closed meanwhile. */
  if (self->folder == NULL)
    {
      if (!ok)
        g_warning ("%s", error->message);
      return;
    }
  if (ok)
    {
      open_study (self);
      return;
    }
  bo_problem_row_clear (self->problem_row);
  bo_problem_row_add_text (self->problem_row, BO_PROBLEM_ERROR, error->message);
}

static void
create_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoNewStudyDialog *self = BO_NEW_STUDY_DIALOG (widget);

  if (self->scaffold == NULL)
    return;
  gtk_widget_action_set_enabled (widget, "new.create", FALSE);
  bo_new_study_write_async (g_steal_pointer (&self->scaffold), written_cb, g_object_ref (self));
}

static void
bo_new_study_dialog_dispose (GObject *object)
{
  BoNewStudyDialog *self = BO_NEW_STUDY_DIALOG (object);

  g_clear_handle_id (&self->plan_id, g_source_remove);
  if (self->planning != NULL)
    g_cancellable_cancel (self->planning);
  g_clear_object (&self->planning);
  self->filling = TRUE;
  g_clear_pointer (&self->folder, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_NEW_STUDY_DIALOG);
  g_clear_pointer (&self->shown_folder, g_free);
  g_clear_pointer (&self->template_rows, g_ptr_array_unref);
  g_clear_pointer (&self->file_rows, g_ptr_array_unref);
  g_clear_pointer (&self->base_rows, g_ptr_array_unref);
  g_clear_pointer (&self->scaffold, bo_study_scaffold_free);

  G_OBJECT_CLASS (bo_new_study_dialog_parent_class)->dispose (object);
}

static void
bo_new_study_dialog_class_init (BoNewStudyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_new_study_dialog_dispose;
  g_type_ensure (BO_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-new-study-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, create_button);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, folder_button);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, folder_row);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, exists_row);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, problem_row);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, templates);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, dockerfiles);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, bases);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, bases_list);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, add_base_row);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, preview_row);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, preview_text);
  gtk_widget_class_bind_template_child (widget_class, BoNewStudyDialog, notes);
  gtk_widget_class_install_action (widget_class, "new.create", NULL, create_cb);
  gtk_widget_class_install_action (widget_class, "new.choose-folder", NULL, choose_folder_cb);
  gtk_widget_class_install_action (widget_class, "new.open-existing", NULL, open_existing_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  signals[SIGNAL_OPEN] = g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_FILE);
}

static void
bo_new_study_dialog_init (BoNewStudyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->template_rows = g_ptr_array_new ();
  self->file_rows = g_ptr_array_new ();
  self->base_rows = g_ptr_array_new ();
  /* Paths are not markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->folder_row), FALSE);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->preview_row), FALSE);
  g_signal_connect (self->name_row, "changed", G_CALLBACK (text_changed_cb), self);
  g_signal_connect (self->add_base_row, "apply", G_CALLBACK (add_base_cb), self);
  gtk_window_set_default_widget (GTK_WINDOW (self), self->create_button);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "new.create", FALSE);
  gtk_window_set_focus (GTK_WINDOW (self), self->folder_button);
}

/**
 * bo_new_study_dialog_new:
 * @parent: (nullable): the window below
 * @from_templates: whether strategies come from templates; else from the folder's Dockerfiles
 *
 * Returns: (transfer none): a window that is not shown yet
 */
BoNewStudyDialog *
bo_new_study_dialog_new (GtkWindow *parent, gboolean from_templates)
{
  BoNewStudyDialog *self = g_object_new (BO_TYPE_NEW_STUDY_DIALOG, "transient-for", parent, NULL);

  self->from_templates = from_templates;
  gtk_window_set_title (GTK_WINDOW (self),
                        from_templates ? _ ("New Study from Templates") : _ ("New Study from a Folder"));
  return self;
}
