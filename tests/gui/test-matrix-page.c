/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gtk/gtk.h>

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

#include "gui-test.h"
#include "matrix/bo-keep-dialog.h"
#include "matrix/bo-matrix-square.h"
#include "matrix/bo-side-panel.h"
#include "sample-results.h"

/* The page of the matrix: its forecast, all about a cell, keys and the mouse. */

static BoMatrixPage *
open_page (BoStudyWindow **window)
{
  *window = open_sample ();
  /* What is missing and what builds take is known of the device that the sample ran on. */
  bo_open_study_set_device (bo_study_window_get_open_study (*window), "ssh://baker@orin.local");
  WAIT_FOR (!bo_study_window_is_loading (*window));
  set_size (GTK_WINDOW (*window), 1280, 800);
  return bo_study_window_get_matrix_page (*window);
}

static GtkWidget *
find_widget (GtkWidget *widget, GType type, guint *skip)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type) && gtk_widget_get_mapped (widget) && (*skip)-- == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, type, skip);
  return found;
}

static BoMatrixSquare *
find_square (BoMatrixPage *page, guint row, guint column)
{
  for (guint i = 0; i < 200; i++)
    {
      guint skip = i;
      GtkWidget *square = find_widget (GTK_WIDGET (page), BO_TYPE_MATRIX_SQUARE, &skip);

      if (square == NULL)
        break;
      if (bo_matrix_square_get_row (BO_MATRIX_SQUARE (square)) == row
          && bo_matrix_square_get_column (BO_MATRIX_SQUARE (square)) == column)
        return BO_MATRIX_SQUARE (square);
    }
  return NULL;
}

static guint
count_selected (BoMatrixPage *page)
{
  g_autoptr (GPtrArray) cells = bo_matrix_view_get_selection (bo_matrix_page_get_view (page));

  return cells->len;
}

static char *
get_open_key (BoMatrixPage *page)
{
  const BoCell *cell = bo_cell_panel_get_cell (bo_matrix_page_get_cell_panel (page));

  return cell != NULL ? bo_cell_get_key (cell) : NULL;
}

static void
select_one (BoMatrixPage *page, const char *key)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);

  g_ptr_array_add (cells, bo_cell_parse_key (key));
  bo_matrix_view_select_cells (bo_matrix_page_get_view (page), cells);
}

static void
test_forecast (void)
{
  BoStudyWindow *window;
  BoMatrixPage *page = open_page (&window);
  g_autofree char *known = NULL;
  g_autofree char *unknown = NULL;
  g_autofree char *none = NULL;
  g_autofree char *label = NULL;
  g_autofree char *command = NULL;
  gboolean can_run = TRUE;

  none = bo_matrix_page_get_forecast (page);
  g_assert_cmpstr (none, ==, "");
  g_object_get (page, "can-run", &can_run, NULL);
  g_assert_false (can_run);

  select_one (page, "original/devel/classic/cold");
  gtk_widget_activate_action (GTK_WIDGET (page), "matrix.repetitions", "u", 2);
  known = bo_matrix_page_get_forecast (page);
  g_test_message ("%s", known);
  /* Twice 47 min 34 s, and what is around a build. */
  g_assert_true (g_str_has_prefix (known, "2 trials · about 1 h 3"));
  g_assert_nonnull (strstr (known, " needed on the device"));
  g_object_get (page, "short-run-label", &label, "can-run", &can_run, NULL);
  g_assert_cmpstr (label, ==, "Run 1");
  g_assert_true (can_run);
  command = bo_matrix_page_get_command (page);
  g_assert_nonnull (strstr (command, " --device ssh://baker@orin.local") != NULL
                      ? strstr (command, " --device ssh://baker@orin.local")
                      : strstr (command, " --device 'ssh://baker@orin.local'"));
  g_assert_nonnull (strstr (command, " --repetitions 2"));

  select_one (page, "minimal/devel/buildkit/cold");
  unknown = bo_matrix_page_get_forecast (page);
  g_test_message ("%s", unknown);
  g_assert_true (g_str_has_prefix (unknown, "2 trials · time not known yet"));
  close_window (window);
}

static void
test_detail (void)
{
  BoStudyWindow *window;
  BoMatrixPage *page = open_page (&window);
  BoCellPanel *panel = bo_matrix_page_get_cell_panel (page);
  const BoTrial *trial;

  bo_matrix_page_open_cell (page, "multi-stage/devel/classic/cold");
  WAIT_FOR (bo_cell_panel_get_trial (panel) != NULL);
  trial = bo_cell_panel_get_trial (panel);
  g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_SUCCEEDED);
  g_assert_nonnull (bo_cell_panel_get_built (panel));
  g_assert_nonnull (bo_cell_panel_get_campaign (panel, trial));
  gtk_widget_activate_action (GTK_WIDGET (page), "matrix.copy-docker-command", NULL);
  take_pictures (GTK_WINDOW (window), "cell-flagged");

  set_size (GTK_WINDOW (window), 1280, 800);
  bo_matrix_page_open_cell (page, "pypi-wheels/devel/classic/cold");
  WAIT_FOR (bo_cell_panel_get_trial (panel) != NULL);
  g_assert_cmpint (bo_cell_panel_get_trial (panel)->outcome, ==, BO_OUTCOME_FAILED);
  g_assert_null (bo_cell_panel_get_built (panel));
  take_pictures (GTK_WINDOW (window), "cell-failed");

  bo_matrix_page_open_cell (page, "minimal/devel/buildkit/warm");
  wait_ms (200);
  g_assert_null (bo_cell_panel_get_trial (panel));
  /* What was read again may have no such cell any more. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.reload", NULL);
  WAIT_FOR (!bo_study_window_is_loading (window));
  gtk_widget_activate_action (GTK_WIDGET (page), "matrix.close-cell", NULL);
  g_assert_null (bo_cell_panel_get_cell (panel));
  close_window (window);
}

static void
test_keep (void)
{
  BoStudyWindow *window;
  BoMatrixPage *page = open_page (&window);
  BoCellPanel *panel = bo_matrix_page_get_cell_panel (page);
  const BoTrial *trial;
  GtkWindow *dialog;
  gpointer left;

  bo_matrix_page_open_cell (page, "prebuilt/devel/classic/cold");
  WAIT_FOR (bo_cell_panel_get_built (panel) != NULL);
  trial = bo_cell_panel_get_built (panel);
  dialog = bo_keep_dialog_show (GTK_WIDGET (page), trial, bo_cell_panel_get_campaign (panel, trial));
  left = dialog;
  g_object_add_weak_pointer (G_OBJECT (dialog), &left);
  wait_ms (300);
  take_picture (GTK_WIDGET (dialog), "keep-image");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  gtk_window_destroy (dialog);
  WAIT_FOR (left == NULL);
  close_window (window);
}

static void
test_keys (void)
{
  BoStudyWindow *window;
  BoMatrixPage *page;
  GtkWidget *focus;
  g_autofree char *key = NULL;

  if (!can_press ())
    {
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      return;
    }
  page = open_page (&window);
  gtk_widget_grab_focus (GTK_WIDGET (bo_matrix_page_get_view (page)));
  /* Return opens, Escape closes, and the focus is where it was. */
  press (GTK_WINDOW (window), "Down Return");
  key = get_open_key (page);
  g_assert_cmpstr (key, ==, "pypi-wheels/devel/classic/cold");
  press (GTK_WINDOW (window), "Escape");
  g_assert_null (get_open_key (page));
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (BO_IS_MATRIX_SQUARE (focus));

  /* Up to the header of the column, which selects it; further up the group. */
  press (GTK_WINDOW (window), "Up Up space");
  g_assert_cmpuint (count_selected (page), ==, 6);
  press (GTK_WINDOW (window), "Up space");
  g_assert_cmpuint (count_selected (page), ==, 18);
  press (GTK_WINDOW (window), "ctrl+shift+a");
  /* Down again, and left to the name of the strategy. */
  press (GTK_WINDOW (window), "Down Down Left space");
  g_assert_cmpuint (count_selected (page), ==, 18);
  /* Below the last strategy one is added. */
  press (GTK_WINDOW (window), "Page_Down Down");
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (GTK_IS_BUTTON (focus));
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (focus)), ==, "matrix.add-strategy");
  close_window (window);
}

static void
click (GtkWindow *window, GtkWidget *widget, double x, double y, const char *how)
{
#ifdef GDK_WINDOWING_X11
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));
  graphene_point_t point;
  double left, top;
  g_autofree char *command = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (gtk_widget_compute_point (widget, GTK_WIDGET (window), &GRAPHENE_POINT_INIT ((float) x, (float) y), &point));
  gtk_native_get_surface_transform (GTK_NATIVE (window), &left, &top);
  command = g_strdup_printf ("xdotool mousemove --window %lu %d %d sleep 0.1 click %s",
                             gdk_x11_surface_get_xid (surface), (int) ((double) point.x + left),
                             (int) ((double) point.y + top), how);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  wait_ms (400);
#endif
}

static void
test_mouse (void)
{
  BoStudyWindow *window;
  BoMatrixPage *page;
  BoMatrixSquare *square;
  GtkWidget *info;
  guint skip = 0;
  g_autofree char *key = NULL;
  g_autofree char *other = NULL;

  if (!can_press ())
    {
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      return;
    }
  page = open_page (&window);
  square = find_square (page, 0, 1);
  g_assert_nonnull (square);
  click (GTK_WINDOW (window), GTK_WIDGET (square), 40, 20, "1");
  g_assert_cmpuint (count_selected (page), ==, 1);
  click (GTK_WINDOW (window), GTK_WIDGET (square), 40, 20, "1");
  g_assert_cmpuint (count_selected (page), ==, 0);
  wait_ms (500);

  /* Twice opens, and selects nothing. */
  square = find_square (page, 3, 0);
  click (GTK_WINDOW (window), GTK_WIDGET (square), 40, 20, "--repeat 2 --delay 60 1");
  g_assert_cmpuint (count_selected (page), ==, 0);
  key = get_open_key (page);
  g_assert_cmpstr (key, ==, "prebuilt/devel/classic/cold");
  gtk_widget_activate_action (GTK_WIDGET (page), "matrix.close-cell", NULL);

  /* So does the button in the square. */
  square = find_square (page, 2, 0);
  info = find_widget (GTK_WIDGET (square), GTK_TYPE_BUTTON, &skip);
  g_assert_nonnull (info);
  click (GTK_WINDOW (window), info, gtk_widget_get_width (info) / 2.0, gtk_widget_get_height (info) / 2.0, "1");
  other = get_open_key (page);
  g_assert_cmpstr (other, ==, "jetson-wheels/devel/classic/cold");
  g_assert_cmpuint (count_selected (page), ==, 0);
  close_window (window);
}

static void
walk_squares (GtkWidget *widget, GPtrArray *squares)
{
  if (BO_IS_MATRIX_SQUARE (widget))
    g_ptr_array_add (squares, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    walk_squares (child, squares);
}

/* While a campaign runs, the widgets stay the same ones. */
static void
test_live (void)
{
  g_autofree char *file = sample_get_file ();
  g_autofree char *text = NULL;
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (BoMatrix) matrix = NULL;
  g_autoptr (BoCampaign) campaign = bo_campaign_new ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (GPtrArray) before = g_ptr_array_new ();
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  BoMatrixView *view = g_object_new (BO_TYPE_MATRIX_VIEW, NULL);
  BoLiveCampaign live = { .campaign = campaign, .trials = trials };
  BoTrial *running;

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  {
    /* Names as long as people make them. */
    g_auto (GStrv) parts = g_strsplit (text, "\"title\": \"Multi-stage\"", 2);
    g_autofree char *longer = g_strjoinv ("\"title\": \"Mehrstufiger Aufbau mit getrennter Laufzeitumgebung und Zwischenspeicher\"", parts);

    study = bo_study_load_from_data (longer, -1, file, NULL, problems);
  }
  g_assert_nonnull (study);
  campaign->id = g_strdup ("20261125-061200-3fa9");
  running = sample_add (campaign, trials, "original", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_RUNNING, -1);
  sample_add (campaign, trials, "original", "devel", BO_CONDITION_WARM, 1, BO_OUTCOME_PENDING, -1);
  sample_add (campaign, trials, "minimal", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_SUCCEEDED, 94 * G_USEC_PER_SEC);
  sample_add (campaign, trials, "multi-stage", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_FAILED, 9 * G_USEC_PER_SEC);
  matrix = bo_matrix_new (study, NULL, &(BoChartLocale) { 0 });
  bo_matrix_view_set_matrix (view, matrix);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (view));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), scrolled);
  gtk_window_present (GTK_WINDOW (window));
  set_size (GTK_WINDOW (window), 1280, 600);
  walk_squares (GTK_WIDGET (view), before);
  g_assert_cmpuint (before->len, >, 20);
  bo_matrix_view_toggle_row (view, 0);

  for (guint i = 1; i <= 5; i++)
    {
      g_autoptr (BoMatrix) shown = NULL;
      g_autoptr (GPtrArray) after = g_ptr_array_new ();
      BoStep *step = bo_step_new ();

      step->number = i;
      step->total = 9;
      step->instruction = g_strdup ("RUN true");
      step->start_us = i * 1000;
      g_ptr_array_add (running->steps, step);
      live.now_us = running->started_us + i * 61 * G_USEC_PER_SEC;
      shown = bo_matrix_new_live (matrix, &live, NULL);
      bo_matrix_view_set_matrix (view, shown);
      walk_squares (GTK_WIDGET (view), after);
      g_assert_cmpuint (after->len, ==, before->len);
      for (guint k = 0; k < before->len; k++)
        g_assert_true (g_ptr_array_index (after, k) == g_ptr_array_index (before, k));
    }
  {
    g_autoptr (GPtrArray) cells = bo_matrix_view_get_selection (view);

    /* The selection outlives it. */
    g_assert_cmpuint (cells->len, ==, 18);
  }
  take_pictures (GTK_WINDOW (window), "live");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/matrix-page/forecast", test_forecast);
  g_test_add_func ("/matrix-page/detail", test_detail);
  g_test_add_func ("/matrix-page/live", test_live);
  g_test_add_func ("/matrix-page/keep", test_keep);
  g_test_add_func ("/matrix-page/keys", test_keys);
  g_test_add_func ("/matrix-page/mouse", test_mouse);
  return gui_test_run ();
}
