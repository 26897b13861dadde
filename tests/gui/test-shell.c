/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "bo-settings.h"
#include "devices/bo-device-list.h"
#include "devices/bo-device-picker.h"
#include "gui-test.h"
#include "sample-results.h"

/* What the window of a study does around its pages: with a file that changes, and with the device that is picked. */

#define GOOD "{\"format\": 1, \"id\": \"shell\", \"name\": \"%s\", \"bases\": [{\"id\": \"b\", \"image\": \"b:1\"}], " \
             "\"builders\": [\"classic\"], \"conditions\": [\"cold\"], " \
             "\"strategies\": [{\"id\": \"%s\", \"title\": \"S\", \"dockerfile\": \"Dockerfile\"}]}"

typedef struct
{
  char *folder;
  char *path;
  BoStudyWindow *window;
  BoOpenStudy *study;
  char *notice;
  guint n_loaded;
} Fixture;

static void
write_study (Fixture *f, const char *name, const char *strategy)
{
  g_autofree char *text = g_strdup_printf (GOOD, name, strategy);

  g_assert_true (g_file_set_contents (f->path, text, -1, NULL));
}

static void
notice_cb (BoOpenStudy *study, const char *text, gpointer user_data)
{
  Fixture *f = user_data;

  g_free (f->notice);
  f->notice = g_strdup (text);
}

static void
loaded_cb (BoOpenStudy *study, gpointer user_data)
{
  ((Fixture *) user_data)->n_loaded++;
}

/* A name that is no markup, and has to be seen all the same. */
static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *dockerfile = NULL;
  g_autoptr (GFile) file = NULL;

  f->folder = g_dir_make_tmp ("bakeoff-R&D-<b>-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "bakeoff.json", NULL);
  dockerfile = g_build_filename (f->folder, "Dockerfile", NULL);
  g_assert_true (g_file_set_contents (dockerfile, "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\n", -1, NULL));
  write_study (f, "Before", "one");
  file = g_file_new_for_path (f->path);
  bo_settings_set_device (file, data);
  bo_application_open_study (application, file);
  f->window = BO_STUDY_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (application)));
  f->study = bo_study_window_get_open_study (f->window);
  g_signal_connect (f->study, "notice", G_CALLBACK (notice_cb), f);
  g_signal_connect (f->study, "loaded", G_CALLBACK (loaded_cb), f);
  WAIT_FOR (f->n_loaded > 0 && !bo_study_window_is_loading (f->window));
  wait_ms (300);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "bakeoff.json", "Dockerfile" };

  if (f->window != NULL)
    {
      g_signal_handlers_disconnect_by_data (f->study, f);
      close_window (f->window);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, names[i], NULL);

      g_remove (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
  g_free (f->notice);
}

static gpointer
get_child (gpointer window, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (window), BO_TYPE_STUDY_WINDOW, name);
}

static GPtrArray *
get_cells (Fixture *f)
{
  return bo_study_get_cells (bo_open_study_get_results (f->study)->matrix->study);
}

static void
test_broken (Fixture *f, gconstpointer data)
{
  guint n = f->n_loaded;
  g_autoptr (GPtrArray) cells = get_cells (f);
  g_autoptr (GError) error = NULL;

  gtk_widget_activate_action (GTK_WIDGET (bo_study_window_get_matrix_page (f->window)), "matrix.select-all", NULL);
  wait_ms (100);
  g_assert_true (gtk_widget_get_sensitive (get_child (f->window, "run_button")));
  g_assert_false (gtk_revealer_get_reveal_child (get_child (f->window, "remark")));

  g_assert_true (g_file_set_contents (f->path, "{ \"format\": 1, \"name\": 7, <b>", -1, NULL));
  WAIT_FOR (f->n_loaded > n && !bo_study_window_is_loading (f->window));
  g_assert_error (bo_open_study_get_error (f->study), BO_STUDY_RESULTS_ERROR, BO_STUDY_RESULTS_ERROR_STUDY);
  g_assert_nonnull (bo_open_study_get_results (f->study));
  g_assert_cmpstr (gtk_stack_get_visible_child_name (get_child (f->window, "stack")), ==, "pages");
  g_assert_true (gtk_revealer_get_reveal_child (get_child (f->window, "remark")));
  g_assert_nonnull (strstr (gtk_label_get_text (get_child (f->window, "remark_text")),
                            bo_open_study_get_error (f->study)->message));
  g_assert_false (gtk_widget_get_sensitive (get_child (f->window, "run_button")));
  g_assert_false (bo_open_study_run (f->study, cells, 1, BO_PLACE_AUTO, &error));
  g_assert_error (error, BO_STUDY_RESULTS_ERROR, BO_STUDY_RESULTS_ERROR_STUDY);
  g_assert_null (bo_open_study_get_session (f->study));
  wait_ms (400);
  take_pictures (GTK_WINDOW (f->window), "shell-broken");

  n = f->n_loaded;
  write_study (f, "After", "one");
  WAIT_FOR (f->n_loaded > n && !bo_study_window_is_loading (f->window));
  g_assert_null (bo_open_study_get_error (f->study));
  g_assert_false (gtk_revealer_get_reveal_child (get_child (f->window, "remark")));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (f->window)), ==, "After");
  g_assert_true (gtk_widget_get_sensitive (get_child (f->window, "run_button")));
}

/* What is run is the study as its file is, however shortly before it was written. */
static void
test_run_after_edit (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) cells = get_cells (f);
  g_autoptr (GError) error = NULL;

  write_study (f, "Without it", "two");
  bo_open_study_load (f->study);
  g_assert_true (bo_open_study_run (f->study, cells, 1, BO_PLACE_HERE, &error));
  g_assert_null (bo_open_study_get_session (f->study));
  WAIT_FOR (f->notice != NULL);
  g_assert_nonnull (strstr (f->notice, "one"));
  g_assert_null (bo_open_study_get_session (f->study));

  g_clear_pointer (&f->notice, g_free);
  g_assert_true (g_file_set_contents (f->path, "{", -1, NULL));
  bo_open_study_load (f->study);
  g_assert_true (bo_open_study_run (f->study, cells, 1, BO_PLACE_HERE, &error));
  WAIT_FOR (f->notice != NULL);
  g_assert_null (bo_open_study_get_session (f->study));

  /* It is there again, under another name; nobody listens at the device. */
  write_study (f, "With it", "one");
  bo_open_study_load (f->study);
  g_assert_true (bo_open_study_run (f->study, cells, 1, BO_PLACE_HERE, &error));
  g_assert_null (bo_open_study_get_session (f->study));
  WAIT_FOR (bo_open_study_get_session (f->study) != NULL);
  g_assert_cmpstr (bo_open_study_get_results (f->study)->matrix->study->name, ==, "With it");
  g_assert_cmpstr (bo_session_get_study (bo_open_study_get_session (f->study))->name, ==, "With it");
  g_assert_no_error (error);
  bo_open_study_stop (f->study, TRUE);
  WAIT_FOR (!bo_open_study_is_running (f->study));
}

static AdwMessageDialog *
find_question (void)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (GTK_WIDGET (window)))
        return ADW_MESSAGE_DIALOG (window);
    }
  return NULL;
}

/* A window whose campaign would be lost is asked for once, and closes when the campaign has ended. */
static void
test_close (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) cells = get_cells (f);
  g_autoptr (GError) error = NULL;
  AdwMessageDialog *question;
  gpointer left = f->window;

  WAIT_FOR (!bo_study_window_is_loading (f->window));
  g_assert_true (bo_open_study_run (f->study, cells, 1, BO_PLACE_HERE, &error));
  g_assert_no_error (error);
  g_assert_true (bo_open_study_is_running (f->study));
  g_assert_false (bo_open_study_can_detach (f->study));
  gtk_window_close (GTK_WINDOW (f->window));
  question = find_question ();
  g_assert_nonnull (question);
  g_assert_true (adw_message_dialog_has_response (question, "stop"));
  g_assert_false (adw_message_dialog_has_response (question, "leave"));
  gtk_window_close (GTK_WINDOW (f->window));
  g_assert_true (find_question () == question);
  adw_message_dialog_response (question, "cancel");
  gtk_window_destroy (GTK_WINDOW (question));
  g_assert_null (find_question ());
  g_assert_true (left == f->window);

  gtk_window_close (GTK_WINDOW (f->window));
  question = find_question ();
  g_assert_nonnull (question);
  g_signal_handlers_disconnect_by_data (f->study, f);
  g_object_add_weak_pointer (G_OBJECT (f->window), &left);
  adw_message_dialog_response (question, "stop");
  gtk_window_destroy (GTK_WINDOW (question));
  WAIT_FOR (left == NULL);
  f->window = NULL;
}

static void
test_gone_device (Fixture *f, gconstpointer data)
{
  BoDevicePicker *picker = get_child (f->window, "picker");

  g_assert_cmpstr (bo_open_study_get_device (f->study), ==, bo_device_picker_get_device (picker));
  g_assert_cmpstr (bo_open_study_get_device (f->study), !=, data);
}

static void
test_moved_device (void)
{
  BoDeviceList *list = bo_device_list_get_default ();
  BoStudyWindow *window = open_sample ();
  BoOpenStudy *study = bo_study_window_get_open_study (window);
  BoDevicePicker *picker = get_child (window, "picker");
  g_autoptr (GError) error = NULL;
  BoStudyResults *results;

  /* The numbers are another device's, and it is said. */
  results = bo_open_study_get_results (study);
  g_assert_nonnull (results->report);
  g_assert_cmpstr (results->measured_on, ==, "ssh://baker@orin.local");
  g_assert_true (gtk_revealer_get_reveal_child (get_child (window, "remark")));
  g_assert_nonnull (strstr (gtk_label_get_text (get_child (window, "remark_text")), "ssh://baker@orin.local"));
  wait_ms (400);
  take_pictures (GTK_WINDOW (window), "shell-measured-on");

  g_assert_true (bo_device_list_add (list, "oven", "ssh://baker@elsewhere.example", &error));
  bo_device_picker_set_device (picker, "oven");
  WAIT_FOR (!bo_study_window_is_loading (window));
  g_assert_nonnull (bo_open_study_get_results (study)->measured_on);
  g_assert_cmpuint (g_hash_table_size (bo_open_study_get_results (study)->estimates), ==, 0);
  /* Of the campaign, though, it is known how long it takes where it ran. */
  g_assert_cmpuint (g_hash_table_size (bo_open_study_get_estimates (study)), >, 0);

  g_assert_true (bo_device_list_change (list, bo_device_list_find (list, "oven"), "oven", "ssh://baker@orin.local", &error));
  g_assert_true (bo_study_window_is_loading (window));
  WAIT_FOR (!bo_study_window_is_loading (window));
  g_assert_null (bo_open_study_get_results (study)->measured_on);
  g_assert_false (gtk_revealer_get_reveal_child (get_child (window, "remark")));
  g_assert_no_error (error);
  close_window (window);
  g_assert_true (bo_device_list_remove (list, bo_device_list_find (list, "oven"), &error));
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;

  /* First, as it fills the store. */
  g_test_add_func ("/shell/moved-device", test_moved_device);
  g_test_add ("/shell/broken", Fixture, NULL, set_up, test_broken, tear_down);
  g_test_add ("/shell/run-after-edit", Fixture, "unix:///nowhere/docker.sock", set_up, test_run_after_edit, tear_down);
  g_test_add ("/shell/close", Fixture, "ssh://nobody@192.0.2.1", set_up, test_close, tear_down);
  g_test_add ("/shell/gone-device", Fixture, "nobody-saved-this", set_up, test_gone_device, tear_down);
  return gui_test_run ();
}
