/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include <gtk/gtk.h>

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

#include "bo-application.h"
#include "bo-start-window.h"
#include "bo-study-window.h"
#include "matrix/bo-matrix-square.h"
#include "results/bo-chart-card.h"
#include "results/bo-results-page.h"
#include "sample-results.h"
#include "shell/bo-adaptive-title.h"

/*
 * The window, in this process, on a display that nobody sees. With
 * BAKEOFF_SCREENSHOTS=DIR in the environment it also leaves pictures there.
 */

static BoApplication *application;

static gboolean
late_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until a condition holds; fails after half a minute. */
#define WAIT_FOR(condition)                                   \
  G_STMT_START                                                \
  {                                                           \
    gboolean late = FALSE;                                    \
    guint id = g_timeout_add_seconds (30, late_cb, &late);    \
                                                              \
    while (!(condition) && !late)                             \
      g_main_context_iteration (NULL, TRUE);                  \
    g_assert_false (late);                                    \
    g_source_remove (id);                                     \
  }                                                           \
  G_STMT_END

static void
wait_ms (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, late_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static BoStudyWindow *
open_sample (void)
{
  g_autofree char *path = sample_get_file ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *store = bo_store_get_default_path ();
  GtkWindow *window;

  /* Any test may be the only one that runs. */
  if (!g_file_test (store, G_FILE_TEST_EXISTS))
    sample_fill_store ();
  bo_application_open_study (application, file);
  window = gtk_application_get_active_window (GTK_APPLICATION (application));
  g_assert_true (BO_IS_STUDY_WINDOW (window));
  WAIT_FOR (!bo_study_window_is_loading (BO_STUDY_WINDOW (window)));
  wait_ms (300);
  return BO_STUDY_WINDOW (window);
}

/* Nothing may hold a window that was closed. */
static void
close_window (gpointer window)
{
  gpointer left = window;

  g_object_add_weak_pointer (window, &left);
  gtk_window_close (window);
  WAIT_FOR (left == NULL);
}

static void
take_picture (GtkWidget *widget, const char *name)
{
  const char *folder = g_getenv ("BAKEOFF_SCREENSHOTS");
  g_autofree char *file = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  if (file == NULL)
    return;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node, NULL);
  g_assert_true (gdk_texture_save_to_png (texture, file));
}

static void
set_size (GtkWindow *window, int width, int height)
{
  gtk_window_set_default_size (window, width, height);
  wait_ms (400);
}

static void
press (GtkWindow *window, const char *keys)
{
#ifdef GDK_WINDOWING_X11
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));
  g_autofree char *command = g_strdup_printf ("xdotool windowfocus %lu key --clearmodifiers %s",
                                              gdk_x11_surface_get_xid (surface), keys);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  wait_ms (300);
#endif
}

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
  g_autofree char *program = g_find_program_in_path ("xdotool");
  BoStudyWindow *window;
  BoMatrixView *view;
  GtkWidget *focus;

  if (program == NULL)
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

static void
test_pictures (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  BoStudyWindow *window = open_sample ();
  BoMatrixView *view = bo_matrix_page_get_view (bo_study_window_get_matrix_page (window));
  const struct
  {
    int width;
    int height;
    gboolean cards;
  } sizes[] = { { 1280, 800, FALSE }, { 360, 720, TRUE } };

  bo_matrix_view_toggle_column (view, 2);
  for (guint dark = 0; dark < 2; dark++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        const char *scheme = dark ? "dark" : "light";
        g_autofree char *matrix = g_strdup_printf ("matrix-%s-%d", scheme, sizes[i].width);
        g_autofree char *results = g_strdup_printf ("results-%s-%d", scheme, sizes[i].width);

        adw_style_manager_set_color_scheme (manager, dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
        set_size (GTK_WINDOW (window), sizes[i].width, sizes[i].height);
        g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, sizes[i].width);
        g_assert_cmpint (bo_matrix_view_get_cards (view), ==, sizes[i].cards);
        take_picture (GTK_WIDGET (window), matrix);
        gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "results");
        wait_ms (500);
        take_picture (GTK_WIDGET (window), results);
        gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "matrix");
        wait_ms (200);
      }
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
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

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  static const char *const homes[] = { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME" };
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  /* Not G_TEST_OPTION_ISOLATE_DIRS, which also hides the icons and file types of the system. */
  folder = g_dir_make_tmp ("bakeoff-gui-XXXXXX", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (homes); i++)
    g_setenv (homes[i], folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display, and no xvfb-run that makes one (build-aux/install-packages gui)\n");
      return 0;
    }
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE);
  application = bo_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);

  g_test_add_func ("/window/templates", test_templates);
  g_test_add_func ("/window/start", test_start);
  g_test_add_func ("/window/study", test_study);
  g_test_add_func ("/window/selection", test_selection);
  g_test_add_func ("/window/keyboard", test_keyboard);
  g_test_add_func ("/window/large", test_large);
  g_test_add_func ("/window/pictures", test_pictures);
  g_test_add_func ("/window/broken", test_broken);
  status = g_test_run ();
  remove_folder (folder);
  return status;
}
