/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "matrix/bo-matrix-geometry.h"
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
  g_test_add_func ("/matrix/icons", test_icons);
  g_test_add_func ("/matrix/geometry", test_geometry);
  return g_test_run ();
}
