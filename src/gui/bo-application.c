/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-application"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-application.h"
#include "bo-gui-resources.h"
#include "bo-settings.h"
#include "bo-start-window.h"
#include "bo-study-window.h"
#include "devices/bo-ssh-questions.h"
#include "editor/bo-new-study-dialog.h"
#include "shell/bo-preferences.h"
#include "study/bo-study.h"

struct _BoApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (BoApplication, bo_application, ADW_TYPE_APPLICATION)

/* A folder means the study file in it, as on the command line. */
static GFile *
find_study_file (GFile *file)
{
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY)
    return g_file_get_child (file, BO_STUDY_FILE_NAME);
  return g_object_ref (file);
}

static GtkWindow *
find_window (BoApplication *self, GFile *file)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (BO_IS_STUDY_WINDOW (l->data) && g_file_equal (bo_study_window_get_file (l->data), file))
      return l->data;
  return NULL;
}

/**
 * bo_application_open_study:
 * @self: the application
 * @file: a study file, or its folder
 *
 * Shows the window of that study; there is never more than one.
 */
void
bo_application_open_study (BoApplication *self, GFile *file)
{
  g_autoptr (GFile) study = NULL;
  GtkWindow *window;

  g_return_if_fail (BO_IS_APPLICATION (self));
  g_return_if_fail (G_IS_FILE (file));

  study = find_study_file (file);
  window = find_window (self, study);
  if (window == NULL)
    window = GTK_WINDOW (bo_study_window_new (self, study));
  gtk_window_present (window);
}

static void
show_start (BoApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (BO_IS_START_WINDOW (l->data))
      {
        gtk_window_present (l->data);
        return;
      }
  gtk_window_present (GTK_WINDOW (bo_start_window_new (self)));
}

static void
bo_application_activate (GApplication *application)
{
  BoApplication *self = BO_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window != NULL)
    gtk_window_present (window);
  else
    show_start (self);
}

static void
bo_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    bo_application_open_study (BO_APPLICATION (application), files[i]);
}

static int
bo_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("bakeoff %s\n", PACKAGE_VERSION);
      return 0;
    }
  /* So that a program of another version, or with other results, does not answer for this one. */
  if (g_variant_dict_contains (options, "standalone"))
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static void
show_studies_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_start (BO_APPLICATION (user_data));
}

/* A notification was pressed. */
static void
show_study_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  bo_application_open_study (BO_APPLICATION (user_data), file);
}

static void
open_response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  BoApplication *self = BO_APPLICATION (user_data);

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      GtkWindow *parent = gtk_native_dialog_get_transient_for (dialog);

      if (file != NULL)
        {
          bo_application_open_study (self, file);
          if (parent != NULL && BO_IS_START_WINDOW (parent))
            gtk_window_close (parent);
        }
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  BoApplication *self = BO_APPLICATION (user_data);
  GtkFileChooserNative *dialog;
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  dialog = gtk_file_chooser_native_new (_ ("Open Study"), gtk_application_get_active_window (GTK_APPLICATION (self)),
                                        GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  gtk_file_filter_set_name (filter, _ ("Studies (bakeoff.json)"));
  gtk_file_filter_add_suffix (filter, "json");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  /* The dialog is freed in the callback, which comes for every way of closing it. */
  g_signal_connect_object (dialog, "response", G_CALLBACK (open_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
open_new_cb (BoNewStudyDialog *dialog, GFile *file, gpointer user_data)
{
  BoApplication *self = BO_APPLICATION (user_data);

  bo_application_open_study (self, file);
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (BO_IS_START_WINDOW (l->data))
      {
        gtk_window_close (l->data);
        break;
      }
}

/* The parent may be a dialog itself, which this one then lies upon. */
static void
show_new (BoApplication *self, gboolean from_templates)
{
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (self));
  BoNewStudyDialog *dialog = bo_new_study_dialog_new (parent, from_templates);

  g_signal_connect_object (dialog, "open", G_CALLBACK (open_new_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
new_from_template_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_new (BO_APPLICATION (user_data), TRUE);
}

static void
new_from_folder_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_new (BO_APPLICATION (user_data), FALSE);
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (
      GTK_WINDOW (bo_preferences_new (gtk_application_get_active_window (GTK_APPLICATION (user_data)))));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "application-name", _ ("Bakeoff"),
                         "application-icon", APP_ID,
                         "version", PACKAGE_VERSION,
                         "developer-name", _ ("The Bakeoff developers"),
                         "comments", _ ("Builds one container image in several ways on your device and measures what each costs."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *application = GTK_APPLICATION (user_data);
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (application));

  /* Closed one by one, so that each keeps its state. */
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static void
bo_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { "studies", show_studies_cb, NULL, NULL, NULL },
    { "show-study", show_study_cb, "s", NULL, NULL },
    { "open", open_cb, NULL, NULL, NULL },
    { "new-from-template", new_from_template_cb, NULL, NULL, NULL },
    { "new-from-folder", new_from_folder_cb, NULL, NULL, NULL },
    { "preferences", preferences_cb, NULL, NULL, NULL },
    { "about", about_cb, NULL, NULL, NULL },
    { "quit", quit_cb, NULL, NULL, NULL },
  };
  static const struct
  {
    const char *action;
    const char *accels[3];
  } accels[] = {
    { "app.new-from-template", { "<Control>n", NULL } },
    { "app.new-from-folder", { "<Control><Shift>n", NULL } },
    { "app.studies", { "<Control><Shift>o", NULL } },
    { "app.preferences", { "<Control>comma", NULL } },
    { "app.open", { "<Control>o", NULL } },
    { "app.quit", { "<Control>q", NULL } },
    { "window.close", { "<Control>w", NULL } },
    { "win.reload", { "<Control>r", "F5", NULL } },
    { "win.study-settings", { "<Alt>Return", NULL } },
    { "win.run", { "<Control>Return", NULL } },
    { "win.stop", { "<Control><Shift>s", NULL } },
    { "win.page('matrix')", { "<Alt>1", NULL } },
    { "win.page('activity')", { "<Alt>2", NULL } },
    { "win.page('results')", { "<Alt>3", NULL } },
    { "win.page('findings')", { "<Alt>4", NULL } },
  };

  G_APPLICATION_CLASS (bo_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accels[i].action, accels[i].accels);
  gtk_window_set_default_icon_name (APP_ID);
  bo_settings_follow_theme ();
  bo_ssh_questions_begin (GTK_APPLICATION (application));
}

static void
bo_application_shutdown (GApplication *application)
{
  bo_ssh_questions_end ();

  G_APPLICATION_CLASS (bo_application_parent_class)->shutdown (application);
}

static void
bo_application_class_init (BoApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  /* They would come by themselves, were they not in a static library, from which only what is named is linked. */
  g_resources_register (bo_gui_get_resource ());

  application_class->activate = bo_application_activate;
  application_class->open = bo_application_open;
  application_class->handle_local_options = bo_application_handle_local_options;
  application_class->shutdown = bo_application_shutdown;
  application_class->startup = bo_application_startup;
}

static void
bo_application_init (BoApplication *self)
{
  static const GOptionEntry options[] = {
    { "standalone", 's', 0, G_OPTION_ARG_NONE, NULL, N_ ("Do not hand over to a Bakeoff that runs already"), NULL },
    { "version", 'V', 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[STUDY…]"));
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _ ("Opens the window of each STUDY, a bakeoff.json or its folder."));
  g_application_set_option_context_description (G_APPLICATION (self),
                                                _ ("The same on the command line: bakeoff-cli --help"));
}

BoApplication *
bo_application_new (void)
{
  return g_object_new (BO_TYPE_APPLICATION,
                       "application-id", APP_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/io/github/bakeoff/Bakeoff",
                       NULL);
}
