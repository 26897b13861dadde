/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "bo-start-window.h"
#include "devices/bo-device-picker.h"
#include "gui-test.h"
#include "matrix/bo-matrix-square.h"
#include "results/bo-chart-card.h"
#include "results/bo-results-page.h"
#include "sample-results.h"
#include "shell/bo-adaptive-title.h"

static void
test_templates (void)
{
  const GType types[] = { BO_TYPE_ADAPTIVE_TITLE, BO_TYPE_MATRIX_PAGE, BO_TYPE_MATRIX_SQUARE, BO_TYPE_MATRIX_VIEW,
                          BO_TYPE_RESULTS_PAGE, BO_TYPE_CHART_CARD };
  const GType windows[] = { BO_TYPE_START_WINDOW, BO_TYPE_STUDY_WINDOW };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GtkWidget *widget = g_object_ref_sink (g_object_new (types[i], NULL));

      g_assert_finalize_object (widget);
    }
  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      gpointer window = g_object_new (windows[i], NULL);
      gpointer left = window;

      g_object_add_weak_pointer (window, &left);
      gtk_window_destroy (window);
      g_assert_null (left);
    }
}

static void
test_start (void)
{
  g_autofree char *store = bo_store_get_default_path ();

  for (guint full = g_file_test (store, G_FILE_TEST_EXISTS); full < 2; full++)
    {
      GtkWindow *window;

      if (full && !g_file_test (store, G_FILE_TEST_EXISTS))
        sample_fill_store ();
      g_application_activate (G_APPLICATION (application));
      window = gtk_application_get_active_window (GTK_APPLICATION (application));
      g_assert_true (BO_IS_START_WINDOW (window));
      wait_ms (700);
      take_picture (GTK_WIDGET (window), full ? "start" : "start-empty");
      close_window (window);
    }
}

static void
test_study (void)
{
  BoStudyWindow *window = open_sample ();
  BoMatrixView *view = bo_matrix_page_get_view (bo_study_window_get_matrix_page (window));
  g_autofree char *path = sample_get_file ();
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Audiobook generator");
  /* A second time it is the same window. */
  bo_application_open_study (application, file);
  g_assert_true (gtk_application_get_active_window (GTK_APPLICATION (application)) == GTK_WINDOW (window));

  set_size (GTK_WINDOW (window), 900, 500);
  g_assert_false (bo_matrix_view_get_cards (view));
  /* Only what is seen was made: 60 cells, in which at most 5 columns and 6 rows are seen. */
  g_assert_cmpuint (bo_matrix_view_count_widgets (view), >, 4);
  g_assert_cmpuint (bo_matrix_view_count_widgets (view), <=, 40);
  close_window (window);
}

static void
test_selection (void)
{
  BoStudyWindow *window = open_sample ();
  BoMatrixPage *page = bo_study_window_get_matrix_page (window);
  BoMatrixView *view = bo_matrix_page_get_view (page);
  g_autoptr (GPtrArray) cells = NULL;
  g_autofree char *command = NULL;
  g_autofree char *first = NULL;

  gtk_widget_activate_action (GTK_WIDGET (page), "matrix.select-all", NULL);
  cells = bo_matrix_view_get_selection (view);
  g_assert_cmpuint (cells->len, ==, 60);
  g_clear_pointer (&cells, g_ptr_array_unref);

  gtk_widget_activate_action (GTK_WIDGET (page), "matrix.select-none", NULL);
  g_assert_null (bo_matrix_page_get_command (page));

  /* Missing is what this device has no result of. */
  bo_open_study_set_device (bo_study_window_get_open_study (window), "ssh://baker@orin.local");
  WAIT_FOR (!bo_study_window_is_loading (window));
  gtk_widget_activate_action (GTK_WIDGET (page), "matrix.select-missing", NULL);
  cells = bo_matrix_view_get_selection (view);
  /* All but original's three, prebuilt and multi-stage. */
  g_assert_cmpuint (cells->len, ==, 55);
  g_clear_pointer (&cells, g_ptr_array_unref);
  gtk_widget_activate_action (GTK_WIDGET (page), "matrix.select-none", NULL);

  bo_matrix_view_toggle_column (view, 0);
  cells = bo_matrix_view_get_selection (view);
  g_assert_cmpuint (cells->len, ==, 6);
  g_clear_pointer (&cells, g_ptr_array_unref);
  bo_matrix_view_toggle_column (view, 0);
  bo_matrix_view_toggle_row (view, 0);
  cells = bo_matrix_view_get_selection (view);
  g_assert_cmpuint (cells->len, ==, 18);
  g_clear_pointer (&cells, g_ptr_array_unref);
  bo_matrix_view_toggle_row (view, 0);

  bo_matrix_view_toggle_row (view, 1);
  command = bo_matrix_page_get_command (page);
  g_assert_true (g_str_has_prefix (command, "bakeoff-cli run '"));
  g_assert_nonnull (strstr (command, " --only 'pypi-wheels/devel/buildkit/warm'"));
  /* What was selected stays so when the study is read again. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.reload", NULL);
  WAIT_FOR (!bo_study_window_is_loading (window));
  first = bo_matrix_page_get_command (page);
  g_assert_cmpstr (first, ==, command);
  close_window (window);
}

static guint
count_selected (BoMatrixView *view)
{
  g_autoptr (GPtrArray) cells = bo_matrix_view_get_selection (view);

  return cells->len;
}

static void
test_keyboard (void)
{
  BoStudyWindow *window;
  BoMatrixView *view;
  GtkWidget *focus;

  if (!can_press ())
    {
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      return;
    }
  window = open_sample ();
  view = bo_matrix_page_get_view (bo_study_window_get_matrix_page (window));

  press (GTK_WINDOW (window), "space");
  g_assert_cmpuint (count_selected (view), ==, 1);
  press (GTK_WINDOW (window), "Right Down Down");
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (BO_IS_MATRIX_SQUARE (focus));
  g_assert_cmpuint (bo_matrix_square_get_row (BO_MATRIX_SQUARE (focus)), ==, 2);
  g_assert_cmpuint (bo_matrix_square_get_column (BO_MATRIX_SQUARE (focus)), ==, 1);
  press (GTK_WINDOW (window), "space");
  g_assert_cmpuint (count_selected (view), ==, 2);
  /* The last cell of the row is far outside of what is seen. */
  press (GTK_WINDOW (window), "Home End");
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (BO_IS_MATRIX_SQUARE (focus));
  g_assert_cmpuint (bo_matrix_square_get_column (BO_MATRIX_SQUARE (focus)), ==, 11);
  press (GTK_WINDOW (window), "shift+space");
  g_assert_cmpuint (count_selected (view), ==, 13);
  press (GTK_WINDOW (window), "ctrl+a");
  g_assert_cmpuint (count_selected (view), ==, 60);
  press (GTK_WINDOW (window), "ctrl+shift+a");
  g_assert_cmpuint (count_selected (view), ==, 0);
  close_window (window);
}

/* Each page fits a phone; under LANGUAGE, in that language. */
static void
test_pictures (void)
{
  const char *const pages[] = { "matrix", "activity", "results", "findings" };
  BoStudyWindow *window = open_sample ();
  BoMatrixView *view = bo_matrix_page_get_view (bo_study_window_get_matrix_page (window));

  bo_matrix_view_toggle_column (view, 2);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", pages[i]);
      wait_ms (500);
      take_pictures (GTK_WINDOW (window), pages[i]);
      g_assert_true (i > 0 || bo_matrix_view_get_cards (view));
    }
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "matrix");
  set_size (GTK_WINDOW (window), 1280, 800);
  g_assert_false (bo_matrix_view_get_cards (view));
  close_window (window);
}

/* 40 strategies and 24 columns: widgets are made for what is seen, wherever it is scrolled to. */
static void
test_large (void)
{
  g_autoptr (GString) text = g_string_new ("{\"format\": 1, \"id\": \"large\", \"name\": \"Large\", \"bases\": [");
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (BoMatrix) matrix = NULL;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  BoMatrixView *view = g_object_new (BO_TYPE_MATRIX_VIEW, NULL);
  GtkAdjustment *adjustments[2];

  for (guint i = 0; i < 4; i++)
    g_string_append_printf (text, "%s{\"id\": \"b%u\", \"title\": \"Base %u\", \"image\": \"b:%u\"}", i > 0 ? ", " : "", i, i, i);
  g_string_append (text, "], \"builders\": [\"classic\", \"buildkit\"], \"conditions\": [\"cold\", \"warm\", \"edited\"], "
                         "\"edit\": {\"path\": \"a\", \"append\": \"b\"}, \"strategies\": [");
  for (guint i = 0; i < 40; i++)
    g_string_append_printf (text, "%s{\"id\": \"s%u\", \"title\": \"Strategy %u\", \"dockerfile\": \"Dockerfile\"}",
                            i > 0 ? ", " : "", i, i);
  g_string_append (text, "]}");
  study = bo_study_load_from_data (text->str, -1, "/nowhere/bakeoff.json", NULL, problems);
  for (guint i = 0; i < problems->items->len; i++)
    g_test_message ("%s", bo_problems_get (problems, i)->message);
  g_assert_nonnull (study);
  matrix = bo_matrix_new (study, NULL, &(BoChartLocale) { 0 });
  g_assert_cmpuint (matrix->rows->len * matrix->columns->len, ==, 40 * 24);

  bo_matrix_view_set_matrix (view, matrix);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (view));
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 800);
  gtk_window_present (GTK_WINDOW (window));
  wait_ms (300);
  adjustments[0] = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled));
  adjustments[1] = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  for (guint i = 0; i <= 20; i++)
    {
      for (guint k = 0; k < 2; k++)
        gtk_adjustment_set_value (adjustments[k], gtk_adjustment_get_upper (adjustments[k]) * i / 20);
      wait_ms (20);
      /* Seven columns and twelve rows at most, with those that are only half seen. */
      g_assert_cmpuint (bo_matrix_view_count_widgets (view), >, 20);
      g_assert_cmpuint (bo_matrix_view_count_widgets (view), <=, 110);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

/*
 * The Tab key goes round on every page and is caught nowhere: it comes back to
 * where it began, and has been in the header bar meanwhile.
 */
static void
test_tab (void)
{
  const char *const pages[] = { "matrix", "activity", "results", "findings" };
  BoStudyWindow *window;

  if (!can_press ())
    {
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      return;
    }
  window = open_sample ();
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      guint n_stops = 0, n_header = 0;
      GtkWidget *before = NULL;

      gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", pages[i]);
      wait_ms (500);
      for (n_stops = 0; n_stops < 1000 && n_header < 2; n_stops++)
        {
          GtkWidget *focus;

          gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_FORWARD);
          focus = gtk_window_get_focus (GTK_WINDOW (window));
          g_test_message ("%s: %s", pages[i], focus != NULL ? G_OBJECT_TYPE_NAME (focus) : "nothing");
          if (focus != NULL && focus == before)
            for (GtkWidget *w = focus; w != NULL; w = gtk_widget_get_parent (w))
              g_test_message ("caught in: %s", G_OBJECT_TYPE_NAME (w));
          g_assert_true (focus == NULL || focus != before);
          if (focus == NULL || gtk_widget_get_ancestor (focus, BO_TYPE_DEVICE_PICKER) != NULL)
            n_header++;
          before = focus;
          wait_ms (1);
        }
      g_assert_cmpuint (n_header, ==, 2);
      g_assert_cmpuint (n_stops, >, 8);
    }
  close_window (window);
}

static void
test_broken (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-gui-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bakeoff.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWindow *window;

  g_assert_true (g_file_set_contents (path, "{ \"format\": 1, \"name\": 7 }", -1, NULL));
  bo_application_open_study (application, file);
  window = gtk_application_get_active_window (GTK_APPLICATION (application));
  WAIT_FOR (!bo_study_window_is_loading (BO_STUDY_WINDOW (window)));
  wait_ms (300);
  take_picture (GTK_WIDGET (window), "broken");
  close_window (window);
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/window/templates", test_templates);
  g_test_add_func ("/window/start", test_start);
  g_test_add_func ("/window/study", test_study);
  g_test_add_func ("/window/selection", test_selection);
  g_test_add_func ("/window/keyboard", test_keyboard);
  g_test_add_func ("/window/tab", test_tab);
  g_test_add_func ("/window/large", test_large);
  g_test_add_func ("/window/pictures", test_pictures);
  g_test_add_func ("/window/broken", test_broken);
  return gui_test_run ();
}
