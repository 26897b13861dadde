/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "gui-test.h"
#include "matrix/bo-matrix-line.h"
#include "matrix/bo-matrix-square.h"
#include "matrix/bo-matrix-view.h"
#include "sample-results.h"

/* What a screen reader hears of the matrix: roles, names, states and places. */

static GtkWidget *
find_nth (GtkWidget *widget, GtkAccessibleRole role, guint *n)
{
  GtkWidget *found = NULL;

  if (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget)) == role && (*n)-- == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_nth (child, role, n);
  return found;
}

static GtkWidget *
find_role (BoMatrixView *view, GtkAccessibleRole role)
{
  guint n = 0;

  return find_nth (GTK_WIDGET (view), role, &n);
}

static BoMatrixSquare *
find_square (BoMatrixView *view, guint row, guint column)
{
  for (guint i = 0;; i++)
    {
      guint n = i;
      GtkWidget *square = find_nth (GTK_WIDGET (view), GTK_ACCESSIBLE_ROLE_GRID_CELL, &n);

      g_assert_nonnull (square);
      if (bo_matrix_square_get_row (BO_MATRIX_SQUARE (square)) == row
          && bo_matrix_square_get_column (BO_MATRIX_SQUARE (square)) == column)
        return BO_MATRIX_SQUARE (square);
    }
}

static void
test_grid (void)
{
  g_autofree char *file = sample_get_file ();
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load (file, NULL, problems);
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };
  g_autoptr (BoReport) report = NULL;
  g_autoptr (BoMatrix) matrix = NULL;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  BoMatrixView *view = g_object_new (BO_TYPE_MATRIX_VIEW, NULL);
  GtkWidget *header;
  BoMatrixSquare *square;
  const BoSquare *value;

  g_ptr_array_add (campaigns, sample_campaign (trials));
  report = bo_report_new (&input);
  matrix = bo_matrix_new (study, report, &(BoChartLocale) { 0 });
  bo_matrix_view_set_matrix (view, matrix);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (view));
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 700);
  gtk_window_present (GTK_WINDOW (window));
  wait_ms (300);

  gtk_test_accessible_assert_role (view, GTK_ACCESSIBLE_ROLE_GRID);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_LABEL, study->name);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_MULTI_SELECTABLE, TRUE);
  gtk_test_accessible_assert_relation (view, GTK_ACCESSIBLE_RELATION_ROW_COUNT, 7 + 2);
  gtk_test_accessible_assert_relation (view, GTK_ACCESSIBLE_RELATION_COL_COUNT, 18 + 1);

  header = find_role (view, GTK_ACCESSIBLE_ROLE_ROW_HEADER);
  g_assert_nonnull (header);
  gtk_test_accessible_assert_role (gtk_widget_get_parent (header), GTK_ACCESSIBLE_ROLE_ROW);
  gtk_test_accessible_assert_property (header, GTK_ACCESSIBLE_PROPERTY_LABEL, "Original, baseline");
  gtk_test_accessible_assert_relation (header, GTK_ACCESSIBLE_RELATION_ROW_INDEX, 3);
  g_assert_true (gtk_widget_get_focusable (header));
  header = find_role (view, GTK_ACCESSIBLE_ROLE_COLUMN_HEADER);
  g_assert_nonnull (header);
  gtk_test_accessible_assert_property (header, GTK_ACCESSIBLE_PROPERTY_LABEL, "Debian with a compiler, classic, Cold");
  gtk_test_accessible_assert_relation (header, GTK_ACCESSIBLE_RELATION_COL_INDEX, 2);

  square = find_square (view, 1, 0);
  value = bo_matrix_get_square (matrix, 1, 0);
  gtk_test_accessible_assert_role (gtk_widget_get_parent (GTK_WIDGET (square)), GTK_ACCESSIBLE_ROLE_ROW);
  gtk_test_accessible_assert_property (square, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "PyPI wheels, Debian with a compiler, classic, Cold");
  gtk_test_accessible_assert_property (square, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, value->text);
  g_assert_nonnull (strstr (value->text, "Failed"));
  gtk_test_accessible_assert_relation (square, GTK_ACCESSIBLE_RELATION_ROW_INDEX, 4);
  gtk_test_accessible_assert_relation (square, GTK_ACCESSIBLE_RELATION_COL_INDEX, 2);
  gtk_test_accessible_assert_state (square, GTK_ACCESSIBLE_STATE_SELECTED, FALSE);
  bo_matrix_view_toggle_row (view, 1);
  gtk_test_accessible_assert_state (square, GTK_ACCESSIBLE_STATE_SELECTED, TRUE);

  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  /* Before GTK reads it. */
  g_setenv ("GTK_A11Y", "test", TRUE);
  if (!gui_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/matrix-a11y/grid", test_grid);
  return gui_test_run ();
}
