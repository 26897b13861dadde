/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "bo-settings.h"
#include "bo-start-window.h"
#include "editor/bo-new-study-dialog.h"
#include "editor/bo-problem-row.h"
#include "gui-test.h"
#include "results/bo-data-folder.h"
#include "sample-results.h"
#include "shell/bo-past-day.h"
#include "shell/bo-preferences.h"
#include "shell/bo-unfinished-work.h"

static GtkWidget *
find_named (GtkWidget *widget, const char *name)
{
  GtkWidget *found = NULL;

  if (g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), name) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_named (child, name);
  return found;
}

static GtkWindow *
find_window (GType type)
{
  g_autoptr (GListModel) all = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (all, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type))
        return window;
    }
  return NULL;
}

static GtkWindow *
open_start (void)
{
  GtkWindow *window;

  g_action_group_activate_action (G_ACTION_GROUP (application), "studies", NULL);
  window = find_window (BO_TYPE_START_WINDOW);
  g_assert_nonnull (window);
  wait_ms (500);
  return window;
}

/* How many rows there are beside the one for a note and the one with the buttons. */
static guint
count_studies (GtkWindow *window)
{
  GtkWidget *list = find_named (GTK_WIDGET (window), "list");
  guint n = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    n += ADW_IS_ACTION_ROW (row);
  return n;
}

static void
test_past_day (void)
{
  const struct
  {
    const char *then;
    const char *text;
  } cases[] = {
    { "2026-11-24T00:01:00Z", "today" },       { "2026-11-23T23:59:00Z", "yesterday" },
    { "2026-11-22T12:00:00Z", "2 days ago" },  { "2026-11-11T12:00:00Z", "13 days ago" },
    { "2026-11-10T12:00:00Z", "2 weeks ago" }, { "2026-10-25T12:00:00Z", "4 weeks ago" },
    { "2026-01-02T12:00:00Z", "01/02/26" },    { "2026-11-25T12:00:00Z", "11/25/26" },
  };
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2026-11-24T15:00:00Z", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GDateTime) then = g_date_time_new_from_iso8601 (cases[i].then, NULL);
      g_autofree char *text = bo_past_day_describe (then, now);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_empty (void)
{
  GtkWindow *window = open_start ();

  g_assert_cmpuint (count_studies (window), ==, 0);
  g_assert_true (gtk_widget_get_visible (find_named (GTK_WIDGET (window), "note_row")));
  take_picture (GTK_WIDGET (window), "start-empty");
  close_window (window);
}

static void
test_studies (void)
{
  g_autofree char *sample = sample_get_file ();
  GtkWindow *window;

  sample_fill_store ();
  window = open_start ();
  g_assert_cmpuint (count_studies (window), ==, 1);
  take_pictures (window, "start");
  if (!can_press ())
    {
      close_window (window);
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      return;
    }
  /* Off the list by the key, and back by opening it. */
  press (window, "Delete");
  WAIT_FOR (count_studies (window) == 0);
  close_window (window);
  window = open_start ();
  g_assert_cmpuint (count_studies (window), ==, 0);
  bo_settings_show_study (sample, TRUE);
  close_window (window);

  window = open_start ();
  g_assert_cmpuint (count_studies (window), ==, 1);
  press (window, "Return");
  WAIT_FOR (find_window (BO_TYPE_STUDY_WINDOW) != NULL && find_window (BO_TYPE_START_WINDOW) == NULL);
  window = find_window (BO_TYPE_STUDY_WINDOW);
  WAIT_FOR (!bo_study_window_is_loading (BO_STUDY_WINDOW (window)));
  close_window (window);
}

static char *
make_project (gboolean study)
{
  char *folder = g_dir_make_tmp ("bakeoff-new-XXXXXX", NULL);
  g_autofree char *docker = g_build_filename (folder, "docker", NULL);
  g_autofree char *requirements = g_build_filename (folder, "requirements.txt", NULL);
  g_autofree char *one = g_build_filename (folder, "Dockerfile", NULL);
  g_autofree char *two = g_build_filename (docker, "Dockerfile.minimal", NULL);
  g_autofree char *three = g_build_filename (docker, "Dockerfile.wheels", NULL);
  g_autofree char *file = g_build_filename (folder, "bakeoff.json", NULL);

  g_mkdir (docker, 0700);
  g_assert_true (g_file_set_contents (requirements, "numpy\n", -1, NULL));
  g_assert_true (g_file_set_contents (one, "ARG BASE_IMAGE=dustynv/pytorch:2.6-r36.4.0\nFROM ${BASE_IMAGE}\n"
                                           "COPY --from=wheels /w /w\n", -1, NULL));
  g_assert_true (g_file_set_contents (two, "FROM debian:12-slim\n", -1, NULL));
  g_assert_true (g_file_set_contents (three, "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\n", -1, NULL));
  if (study)
    g_assert_true (g_file_set_contents (file, "{}", -1, NULL));
  return folder;
}

static void
remove_project (char *folder)
{
  g_autofree char *command = g_strdup_printf ("rm -rf %s", folder);

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (folder);
}

static GtkWindow *
open_dialog (const char *action, const char *folder)
{
  GtkWindow *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (application), action, NULL);
  dialog = find_window (BO_TYPE_NEW_STUDY_DIALOG);
  g_assert_nonnull (dialog);
  wait_ms (200);
  if (folder != NULL)
    bo_new_study_dialog_set_folder (BO_NEW_STUDY_DIALOG (dialog), folder);
  wait_ms (500);
  return dialog;
}

static void
test_from_folder (void)
{
  char *folder = make_project (FALSE);
  g_autofree char *path = g_build_filename (folder, "bakeoff.json", NULL);
  GtkWindow *start = open_start ();
  GtkWindow *dialog = open_dialog ("new-from-folder", folder);
  GtkWidget *preview = find_named (GTK_WIDGET (dialog), "preview_row");
  GtkWidget *window;
  g_autofree char *text = NULL;
  const char *shown;

  g_assert_true (gtk_widget_is_visible (preview));
  take_pictures (dialog, "new-from-folder");
  shown = gtk_label_get_text (GTK_LABEL (find_named (GTK_WIDGET (dialog), "preview_text")));
  g_assert_nonnull (strstr (shown, "\"prebuild\""));
  g_assert_nonnull (strstr (shown, "debian:12-slim"));
  gtk_editable_set_text (GTK_EDITABLE (find_named (GTK_WIDGET (dialog), "name_row")), "Whisper server");
  wait_ms (600);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (preview), TRUE);
  wait_ms (400);
  take_picture (GTK_WIDGET (dialog), "new-preview");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  gtk_widget_activate_action (GTK_WIDGET (dialog), "new.create", NULL);
  WAIT_FOR (find_window (BO_TYPE_STUDY_WINDOW) != NULL && find_window (BO_TYPE_NEW_STUDY_DIALOG) == NULL);
  g_assert_null (find_window (BO_TYPE_START_WINDOW));
  (void) start;
  window = GTK_WIDGET (find_window (BO_TYPE_STUDY_WINDOW));
  WAIT_FOR (!bo_study_window_is_loading (BO_STUDY_WINDOW (window)));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Whisper server");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"name\": \"Whisper server\""));
  close_window (window);
  remove_project (folder);
}

static void
test_from_template (void)
{
  char *folder = make_project (FALSE);
  g_autofree char *path = g_build_filename (folder, "docker", "Dockerfile.original", NULL);
  GtkWindow *start = open_start ();
  GtkWindow *dialog = open_dialog ("new-from-template", NULL);
  GtkWindow *window;

  take_picture (GTK_WIDGET (dialog), "new-from-template-empty");
  bo_new_study_dialog_set_folder (BO_NEW_STUDY_DIALOG (dialog), folder);
  wait_ms (900);
  take_pictures (dialog, "new-from-template");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "new.create", NULL);
  WAIT_FOR (find_window (BO_TYPE_STUDY_WINDOW) != NULL && find_window (BO_TYPE_NEW_STUDY_DIALOG) == NULL);
  (void) start;
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  window = find_window (BO_TYPE_STUDY_WINDOW);
  WAIT_FOR (!bo_study_window_is_loading (BO_STUDY_WINDOW (window)));
  close_window (window);
  remove_project (folder);
}

/* A study that is there is never written over, and a folder without Dockerfiles is told. */
static void
test_in_the_way (void)
{
  char *folder = make_project (TRUE);
  char *empty = g_dir_make_tmp ("bakeoff-new-XXXXXX", NULL);
  GtkWindow *start = open_start ();
  GtkWindow *dialog = open_dialog ("new-from-folder", folder);

  g_assert_true (gtk_widget_get_visible (find_named (GTK_WIDGET (dialog), "exists_row")));
  g_assert_false (gtk_widget_is_visible (find_named (GTK_WIDGET (dialog), "preview_row")));
  take_picture (GTK_WIDGET (dialog), "new-exists");
  bo_new_study_dialog_set_folder (BO_NEW_STUDY_DIALOG (dialog), empty);
  wait_ms (500);
  g_assert_false (gtk_widget_get_visible (find_named (GTK_WIDGET (dialog), "exists_row")));
  g_assert_true (gtk_widget_get_visible (find_named (GTK_WIDGET (dialog), "problem_row")));
  if (can_press ())
    {
      press (dialog, "Escape");
      WAIT_FOR (find_window (BO_TYPE_NEW_STUDY_DIALOG) == NULL);
    }
  else
    close_window (dialog);
  close_window (start);
  remove_project (folder);
  remove_project (empty);
}

static void
test_preferences (void)
{
  GtkWindow *start = open_start ();
  GSettings *settings = bo_settings_get ();
  g_autofree char *folder = NULL;
  GtkWindow *window;
  GtkWidget *note;

  g_action_group_activate_action (G_ACTION_GROUP (application), "preferences", NULL);
  window = find_window (BO_TYPE_PREFERENCES);
  g_assert_nonnull (window);
  wait_ms (300);
  take_pictures (window, "preferences");
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_named (GTK_WIDGET (window), "theme")), 2);
  g_assert_true (adw_style_manager_get_dark (adw_style_manager_get_default ()));
  g_settings_reset (settings, "theme");
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (find_named (GTK_WIDGET (window), "theme"))), ==, 0);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_named (GTK_WIDGET (window), "repetitions")), 5);
  g_assert_cmpuint (bo_settings_get_repetitions (), ==, 5);
  g_settings_reset (settings, "repetitions");

  note = find_named (GTK_WIDGET (window), "note");
  g_assert_false (gtk_widget_get_visible (note));
  bo_preferences_choose_folder (BO_PREFERENCES (window), "/mnt/results");
  g_assert_true (gtk_widget_get_visible (note));
  wait_ms (300);
  take_picture (GTK_WIDGET (window), "preferences-folder");
  folder = bo_data_folder_read (NULL, NULL);
  g_assert_cmpstr (folder, ==, "/mnt/results");
  gtk_widget_activate_action (GTK_WIDGET (window), "preferences.reset-folder", NULL);
  g_assert_false (gtk_widget_get_visible (note));
  close_window (window);
  close_window (start);
}

static void
write_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_usleep (200 * 1000);
  g_task_return_boolean (task, TRUE);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(gboolean *) user_data = g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
begin_writing_cb (GApplication *app, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, written_cb, user_data);

  bo_unfinished_work_watch (task);
  g_task_run_in_thread (task, write_thread);
}

/* An application without a window stays until what it writes is written, and no longer. */
static void
test_unfinished (void)
{
  GApplication *ours = g_application_get_default ();
  g_autoptr (GApplication) app = g_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  gboolean written = FALSE;

  g_application_set_default (app);
  g_signal_connect (app, "activate", G_CALLBACK (begin_writing_cb), &written);
  g_assert_cmpint (g_application_run (app, 0, NULL), ==, 0);
  g_assert_true (written);
  g_application_set_default (ours);
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/start/past-day", test_past_day);
  g_test_add_func ("/start/empty", test_empty);
  g_test_add_func ("/start/studies", test_studies);
  g_test_add_func ("/start/from-folder", test_from_folder);
  g_test_add_func ("/start/from-template", test_from_template);
  g_test_add_func ("/start/in-the-way", test_in_the_way);
  g_test_add_func ("/start/preferences", test_preferences);
  g_test_add_func ("/start/unfinished", test_unfinished);
  return gui_test_run ();
}
