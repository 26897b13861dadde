/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "matrix/bo-matrix-cursor.h"
#include "matrix/bo-matrix-forecast.h"
#include "matrix/bo-matrix-selection.h"
#include "sample-results.h"

static BoMatrix *
make_matrix (gboolean with_results)
{
  g_autofree char *file = sample_get_file ();
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load (file, NULL, problems);
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (BoReport) report = NULL;
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };

  g_assert_nonnull (study);
  if (with_results)
    {
      g_ptr_array_add (campaigns, sample_campaign (trials));
      report = bo_report_new (&input);
    }
  return bo_matrix_new (study, report, &(BoChartLocale) { 0 });
}

static const BoSquare *
find (BoMatrix *matrix, const char *key)
{
  for (guint row = 0; row < matrix->rows->len; row++)
    for (guint column = 0; column < matrix->columns->len; column++)
      {
        const BoSquare *square = bo_matrix_get_square (matrix, row, column);
        g_autofree char *found = square->cell != NULL ? bo_cell_get_key (square->cell) : NULL;

        if (g_strcmp0 (found, key) == 0)
          return square;
      }
  g_test_message ("no square %s", key);
  g_test_fail ();
  return bo_matrix_get_square (matrix, 0, 0);
}

static void
test_columns (void)
{
  g_autoptr (BoMatrix) matrix = make_matrix (FALSE);
  const BoMatrixGroup *second;

  /* Three bases, two builders, three conditions. */
  g_assert_cmpuint (matrix->rows->len, ==, 7);
  g_assert_cmpuint (matrix->groups->len, ==, 6);
  g_assert_cmpuint (matrix->columns->len, ==, 18);
  second = g_ptr_array_index (matrix->groups, 1);
  g_assert_cmpstr (second->title, ==, "Debian with a compiler");
  g_assert_cmpstr (second->subtitle, ==, "BuildKit");
  g_assert_cmpuint (second->first, ==, 3);
  g_assert_cmpuint (second->n, ==, 3);
  /* Ten pairs of strategy and base. */
  g_assert_cmpuint (bo_matrix_count_squares (matrix), ==, 10 * 2 * 3);
  g_assert_cmpint (find (matrix, "original/devel/classic/cold")->state, ==, BO_SQUARE_NEVER);
}

static void
test_states (void)
{
  g_autoptr (BoMatrix) matrix = make_matrix (TRUE);
  static const struct
  {
    const char *key;
    BoSquareState state;
    const char *value;
    const char *detail;
  } expected[] = {
    { "original/devel/classic/cold", BO_SQUARE_DONE, "47 min 34 s", "3 runs, within 22.0 s" },
    { "original/devel/classic/warm", BO_SQUARE_DONE, "3.08 s", "3 runs, within 0.082 s" },
    { "prebuilt/devel/classic/cold", BO_SQUARE_BEST, "6 min 56 s", "3 runs, within 8.00 s" },
    { "multi-stage/devel/classic/cold", BO_SQUARE_FLAGGED, "33 min 40 s", "1 of 3 disturbed" },
    { "pypi-wheels/devel/classic/cold", BO_SQUARE_FAILED, "Failed", "step 5, after 1 min 52 s" },
    { "pypi-wheels/devel/classic/warm", BO_SQUARE_SKIPPED, "Skipped", "the cold build failed" },
    { "minimal/devel/classic/cold", BO_SQUARE_INTERRUPTED, "Interrupted", "the device was switched off" },
    { "package/ready/classic/cold", BO_SQUARE_UNSUPPORTED, NULL, NULL },
    { "jetson-wheels/devel/classic/cold", BO_SQUARE_STOPPED, NULL, "stopped" },
    { "jetson-wheels/devel/buildkit/cold", BO_SQUARE_NEVER, "–", "not run" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const BoSquare *square = find (matrix, expected[i].key);

      g_test_message ("%s: %s, %s: %s", expected[i].key, square->value, square->detail, square->text);
      g_assert_cmpint (square->state, ==, expected[i].state);
      if (expected[i].value != NULL)
        g_assert_cmpstr (square->value, ==, expected[i].value);
      if (expected[i].detail != NULL)
        g_assert_cmpstr (square->detail, ==, expected[i].detail);
    }
}

/* A campaign of the cell that runs now. */
static BoMatrix *
make_live (BoMatrix *matrix, BoCampaign *campaign, GPtrArray *trials, gint64 now_us, GHashTable *estimates)
{
  BoLiveCampaign live = { .campaign = campaign, .trials = trials, .now_us = now_us, .estimates = estimates };

  return bo_matrix_new_live (matrix, &live, NULL);
}

static void
add_step (BoTrial *trial, guint number, gboolean ended)
{
  BoStep *step = bo_step_new ();

  step->number = number;
  step->total = 14;
  step->instruction = g_strdup ("RUN true");
  step->start_us = 1000;
  step->duration_us = ended ? 1000 : -1;
  g_ptr_array_add (trial->steps, step);
}

static void
test_live (void)
{
  g_autoptr (BoMatrix) matrix = make_matrix (TRUE);
  g_autoptr (BoMatrix) live = NULL;
  g_autoptr (BoMatrix) later = NULL;
  g_autoptr (BoMatrix) unheard = NULL;
  g_autoptr (BoMatrix) ended = NULL;
  g_autoptr (BoCampaign) campaign = bo_campaign_new ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (GHashTable) estimates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  BoEstimate estimate = { .build_us = 1000 * G_USEC_PER_SEC, .overhead_us = 520 * G_USEC_PER_SEC, .n_succeeded = 1 };
  const gint64 second = G_USEC_PER_SEC;
  const BoSquare *square;
  BoTrial *running, *first, *again, *failed;
  gint64 now_us;

  campaign->id = g_strdup ("20261125-061200-3fa9");
  campaign->created_us = G_GINT64_CONSTANT (1795587120000000);
  /* One of two is done, the other is queued; one runs; one was measured before and is queued; one failed now. */
  first = sample_add (campaign, trials, "minimal", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_SUCCEEDED, 94 * second);
  sample_add (campaign, trials, "minimal", "devel", BO_CONDITION_COLD, 2, BO_OUTCOME_PENDING, -1);
  running = sample_add (campaign, trials, "multi-stage", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_RUNNING, -1);
  again = sample_add (campaign, trials, "original", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_PENDING, -1);
  failed = sample_add (campaign, trials, "prebuilt", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_FAILED, 3 * second);
  failed->reason = g_strdup ("no space left on device");
  now_us = running->started_us + 760 * second + 900000;

  live = make_live (matrix, campaign, trials, now_us, NULL);
  square = find (live, "minimal/devel/classic/cold");
  g_assert_cmpint (square->state, ==, BO_SQUARE_QUEUED);
  g_assert_cmpstr (square->value, ==, "1 min 34 s");
  g_assert_cmpstr (square->detail, ==, "1 of 2 done");
  g_assert_cmpuint (square->runs->len, ==, 1);
  square = find (live, "original/devel/classic/cold");
  g_assert_cmpint (square->state, ==, BO_SQUARE_QUEUED);
  g_assert_cmpstr (square->value, ==, "47 min 34 s");
  g_assert_cmpstr (square->detail, ==, "queued");
  square = find (live, "prebuilt/devel/classic/cold");
  g_assert_cmpint (square->state, ==, BO_SQUARE_FAILED);
  g_assert_nonnull (strstr (square->text, "no space left on device"));
  square = find (live, "multi-stage/devel/classic/cold");
  g_assert_cmpint (square->state, ==, BO_SQUARE_RUNNING);
  g_assert_cmpstr (square->value, ==, "Begins");
  g_assert_cmpstr (square->detail, ==, "12:40 so far");
  g_assert_cmpfloat (square->progress, ==, 0);
  /* The rest is the same value, not a copy. */
  g_assert_true (find (live, "original/devel/classic/warm") == find (matrix, "original/devel/classic/warm"));
  g_assert_true (live->rows == matrix->rows);

  /* A moment later only what runs is another one. */
  {
    BoLiveCampaign now = { .campaign = campaign, .trials = trials, .now_us = now_us + second };

    later = bo_matrix_new_live (matrix, &now, live);
    g_assert_true (find (later, "minimal/devel/classic/cold") == find (live, "minimal/devel/classic/cold"));
    g_assert_cmpstr (find (later, "multi-stage/devel/classic/cold")->detail, ==, "12:41 so far");
    g_clear_pointer (&later, bo_matrix_unref);
    again->outcome = BO_OUTCOME_RUNNING;
    later = bo_matrix_new_live (matrix, &now, live);
    g_assert_cmpint (find (later, "original/devel/classic/cold")->state, ==, BO_SQUARE_RUNNING);
    again->outcome = BO_OUTCOME_PENDING;
    g_clear_pointer (&later, bo_matrix_unref);
  }

  /* Steps first, then what it took before. */
  add_step (running, 8, TRUE);
  add_step (running, 9, FALSE);
  later = make_live (matrix, campaign, trials, now_us, NULL);
  square = find (later, "multi-stage/devel/classic/cold");
  g_assert_cmpstr (square->value, ==, "Step 9 of 14");
  g_assert_cmpfloat_with_epsilon (square->progress, 8.0 / 14.0, 0.001);
  g_clear_pointer (&later, bo_matrix_unref);
  g_hash_table_insert (estimates, bo_estimate_get_key (bo_campaign_get_trial (campaign, running->id)), &estimate);
  later = make_live (matrix, campaign, trials, now_us, estimates);
  square = find (later, "multi-stage/devel/classic/cold");
  g_assert_cmpfloat_with_epsilon (square->progress, 0.5, 0.01);
  g_clear_pointer (&later, bo_matrix_unref);
  /* Longer than it ever took is no reason to call it over. */
  later = make_live (matrix, campaign, trials, now_us + 10000 * second, estimates);
  g_assert_cmpfloat (find (later, "multi-stage/devel/classic/cold")->progress, <, 1);

  /* Nobody follows it: nothing is said of now. */
  unheard = make_live (matrix, campaign, trials, -1, estimates);
  square = find (unheard, "multi-stage/devel/classic/cold");
  g_assert_cmpint (square->state, ==, BO_SQUARE_RUNNING);
  g_assert_cmpstr (square->detail, ==, "when last heard of");
  g_assert_cmpstr (find (unheard, "original/devel/classic/cold")->detail, ==, "not begun");

  running->outcome = BO_OUTCOME_CANCELLED;
  again->outcome = BO_OUTCOME_INTERRUPTED;
  first->outcome = BO_OUTCOME_SUCCEEDED;
  ((BoTrial *) g_ptr_array_index (trials, 1))->outcome = BO_OUTCOME_SKIPPED;
  ended = make_live (matrix, campaign, trials, now_us, NULL);
  g_assert_cmpint (find (ended, "multi-stage/devel/classic/cold")->state, ==, BO_SQUARE_STOPPED);
  g_assert_cmpint (find (ended, "original/devel/classic/cold")->state, ==, BO_SQUARE_INTERRUPTED);
  g_assert_cmpint (find (ended, "minimal/devel/classic/cold")->state, ==, BO_SQUARE_DONE);
}

static void
test_clock (void)
{
  g_autofree char *seconds = bo_clock_format (9 * G_USEC_PER_SEC + 999999);
  g_autofree char *hours = bo_clock_format (3760 * (gint64) G_USEC_PER_SEC);
  g_autofree char *before = bo_clock_format (-5);

  g_assert_cmpstr (seconds, ==, "0:09");
  g_assert_cmpstr (hours, ==, "1:02:40");
  g_assert_cmpstr (before, ==, "0:00");
}

static void
test_selection (void)
{
  g_autoptr (BoMatrix) matrix = make_matrix (FALSE);
  g_autoptr (BoMatrixSelection) selection = bo_matrix_selection_new (matrix, NULL);
  g_autoptr (BoMatrixSelection) next = NULL;
  g_autoptr (GPtrArray) cells = NULL;

  bo_matrix_selection_toggle (selection, 0, 7, 0, 1);
  bo_matrix_selection_toggle (selection, 0, 1, 0, 1);
  g_assert_false (bo_matrix_selection_contains (selection, 0, 0));
  g_assert_true (bo_matrix_selection_contains (selection, 1, 0));
  /* A range that is selected in part is filled first. */
  bo_matrix_selection_toggle (selection, 0, 7, 0, 1);
  g_assert_true (bo_matrix_selection_contains (selection, 0, 0));
  next = bo_matrix_selection_new (matrix, selection);
  cells = bo_matrix_selection_list (next);
  g_assert_cmpuint (cells->len, ==, 6);
  bo_matrix_selection_toggle (next, 0, 7, 0, 1);
  g_clear_pointer (&cells, g_ptr_array_unref);
  cells = bo_matrix_selection_list (next);
  g_assert_cmpuint (cells->len, ==, 0);
}

static void
assert_moves (const BoMatrixGeometry *geometry, BoMatrix *matrix, BoMatrixCursor from, int rows, int columns, gboolean last, int row, int column)
{
  gboolean moved = bo_matrix_cursor_move (&from, geometry, matrix, rows, columns, last);

  g_assert_cmpint (from.row, ==, row);
  g_assert_cmpint (from.column, ==, column);
  g_assert_true (moved);
}

static void
test_cursor (void)
{
  g_autoptr (BoMatrix) matrix = make_matrix (FALSE);
  BoMatrixGeometry wide = { .n_rows = 7, .n_columns = 18, .width = 1000 };
  BoMatrixGeometry cards = { .n_rows = 7, .first = 3, .n_columns = 3, .cards = TRUE, .width = 360 };
  BoMatrixCursor top = { BO_MATRIX_CURSOR_GROUPS, 0 };
  BoMatrixCursor end = { 7, BO_MATRIX_CURSOR_TITLES };

  assert_moves (&wide, matrix, (BoMatrixCursor) { 0, 0 }, -1, 0, FALSE, BO_MATRIX_CURSOR_COLUMNS, 0);
  assert_moves (&wide, matrix, (BoMatrixCursor) { BO_MATRIX_CURSOR_COLUMNS, 0 }, -1, 0, FALSE, BO_MATRIX_CURSOR_GROUPS, 0);
  assert_moves (&wide, matrix, (BoMatrixCursor) { 2, 0 }, 0, -1, FALSE, 2, BO_MATRIX_CURSOR_TITLES);
  /* To the end is to the last square, not to a header. */
  assert_moves (&wide, matrix, (BoMatrixCursor) { 2, 4 }, 0, -1, TRUE, 2, 0);
  assert_moves (&wide, matrix, (BoMatrixCursor) { 5, 2 }, -1, 0, TRUE, 0, 2);
  assert_moves (&wide, matrix, (BoMatrixCursor) { 6, BO_MATRIX_CURSOR_TITLES }, 1, 0, FALSE, 7, BO_MATRIX_CURSOR_TITLES);
  g_assert_false (bo_matrix_cursor_move (&top, &wide, matrix, -1, 0, FALSE));
  g_assert_false (bo_matrix_cursor_move (&end, &wide, matrix, 1, 0, FALSE));

  /* In cards: name, its squares, the next name. */
  assert_moves (&cards, matrix, (BoMatrixCursor) { 0, BO_MATRIX_CURSOR_TITLES }, 1, 0, FALSE, 0, 3);
  assert_moves (&cards, matrix, (BoMatrixCursor) { 0, 5 }, 1, 0, FALSE, 1, BO_MATRIX_CURSOR_TITLES);
  assert_moves (&cards, matrix, (BoMatrixCursor) { 1, BO_MATRIX_CURSOR_TITLES }, -1, 0, FALSE, 0, 5);
}

static void
test_forecast (void)
{
  g_autoptr (BoMatrix) matrix = make_matrix (FALSE);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);
  g_autoptr (GHashTable) estimates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  BoEstimate estimate = { .build_us = 600 * G_USEC_PER_SEC, .image_size = 2000000000, .n_succeeded = 1 };
  BoPlannedTrial *planned = bo_planned_trial_new ();
  BoMatrixForecast forecast;
  g_autofree char *nothing = NULL;
  g_autofree char *unknown = NULL;
  g_autofree char *half = NULL;
  g_autofree char *all = NULL;
  const BoChartLocale locale = { 0 };

  forecast = bo_matrix_forecast (matrix->study, cells, 3, NULL, estimates);
  nothing = bo_matrix_forecast_describe (&forecast, &locale);
  g_assert_cmpstr (nothing, ==, "");
  g_ptr_array_add (cells, bo_cell_parse_key ("original/devel/classic/cold"));
  forecast = bo_matrix_forecast (matrix->study, cells, 3, NULL, estimates);
  unknown = bo_matrix_forecast_describe (&forecast, &locale);
  g_assert_cmpstr (unknown, ==, "3 trials · time not known yet");

  planned->cell = bo_cell_parse_key ("original/devel/classic/cold");
  g_hash_table_insert (estimates, bo_estimate_get_key (planned), &estimate);
  bo_planned_trial_free (planned);
  forecast = bo_matrix_forecast (matrix->study, cells, 3, NULL, estimates);
  all = bo_matrix_forecast_describe (&forecast, &locale);
  g_test_message ("%s", all);
  g_assert_true (g_str_has_prefix (all, "3 trials · about 30 min 00 s · "));
  g_assert_true (g_str_has_suffix (all, " needed on the device"));
  g_assert_null (strstr (all, "at least"));
  g_ptr_array_add (cells, bo_cell_parse_key ("minimal/devel/classic/cold"));
  forecast = bo_matrix_forecast (matrix->study, cells, 3, NULL, estimates);
  half = bo_matrix_forecast_describe (&forecast, &locale);
  g_test_message ("%s", half);
  g_assert_nonnull (strstr (half, "about 30 min 00 s, 3 of 6 builds not known yet · at least "));
}

/* Colour alone says nothing to many people. */
static void
test_icons (void)
{
  for (guint a = BO_SQUARE_QUEUED; a <= BO_SQUARE_UNSUPPORTED; a++)
    {
      g_assert_nonnull (bo_square_state_get_icon (a));
      for (guint b = a + 1; b <= BO_SQUARE_UNSUPPORTED; b++)
        {
          g_assert_cmpstr (bo_square_state_get_icon (a), !=, bo_square_state_get_icon (b));
          g_assert_cmpstr (bo_square_state_get_css_class (a), !=, bo_square_state_get_css_class (b));
        }
    }
}

static void
test_geometry (void)
{
  g_autoptr (BoMatrix) matrix = make_matrix (FALSE);
  BoMatrixGeometry wide = { .n_rows = 7, .n_columns = 18, .width = 1000 };
  BoMatrixGeometry cards = { .n_rows = 7, .first = 3, .n_columns = 3, .cards = TRUE, .width = 360 };
  guint first, last;

  for (guint row = 0; row < 7; row++)
    for (guint column = 1; column < 18; column++)
      {
        GdkRectangle before = bo_matrix_geometry_get_square (&wide, matrix, row, column - 1);
        GdkRectangle after = bo_matrix_geometry_get_square (&wide, matrix, row, column);

        g_assert_false (gdk_rectangle_intersect (&before, &after, NULL));
        g_assert_cmpint (after.x + after.width, <, bo_matrix_geometry_get_width (&wide, matrix));
        g_assert_cmpint (after.y + after.height, <, bo_matrix_geometry_get_height (&wide));
      }
  for (guint row = 0; row < 7; row++)
    for (guint column = 3; column < 6; column++)
      {
        GdkRectangle card = bo_matrix_geometry_get_row (&cards, row);
        GdkRectangle square = bo_matrix_geometry_get_square (&cards, matrix, row, column);
        GdkRectangle both;

        g_assert_true (gdk_rectangle_intersect (&card, &square, &both));
        g_assert_true (gdk_rectangle_equal (&both, &square));
      }

  bo_matrix_geometry_find_rows (&wide, 0, 100, &first, &last);
  g_assert_cmpuint (first, ==, 0);
  g_assert_cmpuint (last, ==, 1);
  bo_matrix_geometry_find_rows (&wide, 200, 100000, &first, &last);
  g_assert_cmpuint (first, ==, 1);
  g_assert_cmpuint (last, ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matrix/columns", test_columns);
  g_test_add_func ("/matrix/states", test_states);
  g_test_add_func ("/matrix/live", test_live);
  g_test_add_func ("/matrix/clock", test_clock);
  g_test_add_func ("/matrix/selection", test_selection);
  g_test_add_func ("/matrix/cursor", test_cursor);
  g_test_add_func ("/matrix/forecast", test_forecast);
  g_test_add_func ("/matrix/icons", test_icons);
  g_test_add_func ("/matrix/geometry", test_geometry);
  return g_test_run ();
}
