/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-preferences"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-settings.h"
#include "editor/bo-problem-row.h"
#include "results/bo-data-folder.h"
#include "shell/bo-preferences.h"

struct _BoPreferences
{
  AdwWindow parent_instance;

  /* Template widgets */
  GtkSpinButton *repetitions;
  AdwComboRow *theme;
  GtkSwitch *notify;
  GtkSwitch *ask;
  AdwActionRow *folder;
  GtkWidget *standard_row;
  BoProblemRow *note;
};

G_DEFINE_FINAL_TYPE (BoPreferences, bo_preferences, ADW_TYPE_WINDOW)

static const char *const themes[] = { "system", "light", "dark" };

static gboolean
theme_to_place (GValue *value, GVariant *variant, gpointer user_data)
{
  const char *theme = g_variant_get_string (variant, NULL);
  guint place = 0;

  for (guint i = 0; i < G_N_ELEMENTS (themes); i++)
    if (g_str_equal (themes[i], theme))
      place = i;
  g_value_set_uint (value, place);
  return TRUE;
}

static GVariant *
place_to_theme (const GValue *value, const GVariantType *type, gpointer user_data)
{
  guint place = g_value_get_uint (value);

  return g_variant_new_string (themes[place < G_N_ELEMENTS (themes) ? place : 0]);
}

/* Says where the results are now, and what happens at the next start. */
static void
show_folder (BoPreferences *self)
{
  g_autofree char *now = bo_data_folder_get ();
  g_autofree char *shown = g_filename_display_name (now);
  g_autoptr (GError) error = NULL;
  BoDataFolderOrigin origin = BO_DATA_FOLDER_DEFAULT;
  g_autofree char *next = bo_data_folder_read (&origin, &error);

  adw_action_row_set_subtitle (self->folder, shown);
  bo_problem_row_clear (self->note);
  gtk_widget_set_visible (self->standard_row, origin == BO_DATA_FOLDER_CHOSEN);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "preferences.choose-folder", origin != BO_DATA_FOLDER_ENVIRONMENT);
  if (next == NULL)
    bo_problem_row_add_text (self->note, BO_PROBLEM_ERROR, error->message);
  else if (origin == BO_DATA_FOLDER_ENVIRONMENT)
    bo_problem_row_add_text (self->note, BO_PROBLEM_WARNING,
                             _ ("BAKEOFF_DATA in the environment names this folder, so it cannot be changed here."));
  else if (g_strcmp0 (next, now) != 0)
    {
      g_autofree char *later = g_filename_display_name (next);
      g_autofree char *text
          = g_strdup_printf (_ ("From the next start on, results go to %s. Nothing is moved: what there is stays in %s. "
                                "Let campaigns that run end first, since they are followed from there."),
                             later, shown);

      bo_problem_row_add_text (self->note, BO_PROBLEM_WARNING, text);
    }
}

/**
 * bo_preferences_choose_folder:
 * @self: the preferences
 * @folder: (nullable): absolute path, or %NULL for the usual one
 */
void
bo_preferences_choose_folder (BoPreferences *self, const char *folder)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  g_return_if_fail (BO_IS_PREFERENCES (self));

  ok = bo_data_folder_choose (folder, &error);
  show_folder (self);
  if (!ok)
    bo_problem_row_add_text (self->note, BO_PROBLEM_ERROR, error->message);
}

static void
chosen_cb (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      if (file != NULL && g_file_peek_path (file) != NULL)
        bo_preferences_choose_folder (BO_PREFERENCES (user_data), g_file_peek_path (file));
    }
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
}

static void
choose_folder_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new (_ ("Folder for Results"), GTK_WINDOW (widget),
                                     GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Select"), _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
reset_folder_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bo_preferences_choose_folder (BO_PREFERENCES (widget), NULL);
}

static void
launched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoPreferences) self = BO_PREFERENCES (user_data);
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    bo_problem_row_add_text (self->note, BO_PROBLEM_ERROR, error->message);
}

static void
open_folder_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *path = bo_data_folder_get ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *uri = g_file_get_uri (file);

  g_app_info_launch_default_for_uri_async (uri, NULL, NULL, launched_cb, g_object_ref (widget));
}

static void
bo_preferences_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BO_TYPE_PREFERENCES);

  G_OBJECT_CLASS (bo_preferences_parent_class)->dispose (object);
}

static void
bo_preferences_class_init (BoPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_preferences_dispose;
  g_type_ensure (BO_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, BoPreferences, repetitions);
  gtk_widget_class_bind_template_child (widget_class, BoPreferences, theme);
  gtk_widget_class_bind_template_child (widget_class, BoPreferences, notify);
  gtk_widget_class_bind_template_child (widget_class, BoPreferences, ask);
  gtk_widget_class_bind_template_child (widget_class, BoPreferences, folder);
  gtk_widget_class_bind_template_child (widget_class, BoPreferences, standard_row);
  gtk_widget_class_bind_template_child (widget_class, BoPreferences, note);
  gtk_widget_class_install_action (widget_class, "preferences.choose-folder", NULL, choose_folder_cb);
  gtk_widget_class_install_action (widget_class, "preferences.reset-folder", NULL, reset_folder_cb);
  gtk_widget_class_install_action (widget_class, "preferences.open-folder", NULL, open_folder_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bo_preferences_init (BoPreferences *self)
{
  GSettings *settings = bo_settings_get ();

  gtk_widget_init_template (GTK_WIDGET (self));
  /* Paths are not markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->folder), FALSE);
  if (settings != NULL)
    {
      g_settings_bind (settings, "repetitions", self->repetitions, "value", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "notify", self->notify, "active", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "ask-before-quitting", self->ask, "active", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind_with_mapping (settings, "theme", self->theme, "selected", G_SETTINGS_BIND_DEFAULT, theme_to_place,
                                    place_to_theme, NULL, NULL);
    }
  show_folder (self);
}

/**
 * bo_preferences_new:
 * @parent: (nullable): the window below
 *
 * Returns: (transfer none): a window that is not shown yet
 */
BoPreferences *
bo_preferences_new (GtkWindow *parent)
{
  return g_object_new (BO_TYPE_PREFERENCES, "transient-for", parent, NULL);
}
