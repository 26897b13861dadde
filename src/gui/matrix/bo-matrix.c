/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix"

#include "config.h"

#include <glib/gi18n.h>

#include "matrix/bo-matrix.h"

static const char *
get_condition_title (BoCondition condition)
{
  switch (condition)
    {
    case BO_CONDITION_COLD:
      return C_ ("condition", "Cold");
    case BO_CONDITION_COLD_LAYERS:
      return C_ ("condition", "Cold layers");
    case BO_CONDITION_WARM:
      return C_ ("condition", "Warm");
    case BO_CONDITION_EDITED:
    default:
      return C_ ("condition", "Edited");
    }
}

static const char *
get_builder_title (BoBuilder builder)
{
  return builder == BO_BUILDER_CLASSIC ? C_ ("builder", "classic") : "BuildKit";
}

static void
group_free (gpointer data)
{
  BoMatrixGroup *group = data;

  g_free (group->title);
  g_free (group->subtitle);
  g_free (group);
}

static void
column_free (gpointer data)
{
  BoMatrixColumn *column = data;

  g_free (column->title);
  g_free (column);
}

static void
row_free (gpointer data)
{
  BoMatrixRow *row = data;

  g_free (row->title);
  g_free (row->subtitle);
  g_free (row);
}

static void
add_columns (BoMatrix *matrix, GHashTable *cells, GPtrArray *places)
{
  BoStudy *study = matrix->study;

  for (guint b = 0; b < study->bases->len; b++)
    for (guint u = 0; u < study->builders->len; u++)
      {
        const BoBase *base = g_ptr_array_index (study->bases, b);
        BoBuilder builder = g_array_index (study->builders, BoBuilder, u);
        guint first = matrix->columns->len;

        for (guint c = 0; c < study->conditions->len; c++)
          {
            BoCondition condition = g_array_index (study->conditions, BoCondition, c);
            gboolean used = FALSE;

            for (guint s = 0; s < study->strategies->len && !used; s++)
              {
                const BoStrategy *strategy = g_ptr_array_index (study->strategies, s);
                g_autoptr (BoCell) cell = bo_cell_new (strategy->id, base->id, builder, condition);
                g_autofree char *key = bo_cell_get_key (cell);

                used = g_hash_table_contains (cells, key);
              }
            if (used)
              {
                BoMatrixColumn *column = g_new0 (BoMatrixColumn, 1);

                column->group = matrix->groups->len;
                column->title = g_strdup (get_condition_title (condition));
                g_ptr_array_add (matrix->columns, column);
                g_ptr_array_add (places, bo_cell_new ("", base->id, builder, condition));
              }
          }
        if (matrix->columns->len > first)
          {
            BoMatrixGroup *group = g_new0 (BoMatrixGroup, 1);

            group->title = g_strdup (base->title);
            group->subtitle = g_strdup (get_builder_title (builder));
            group->first = first;
            group->n = matrix->columns->len - first;
            g_ptr_array_add (matrix->groups, group);
          }
      }
}

/* A campaign that runs does not change the scale, so that dots stay where they are. */
static void
measure_columns (BoMatrix *matrix)
{
  for (guint i = 0; i < matrix->squares->len; i++)
    {
      const BoSquare *square = g_ptr_array_index (matrix->squares, i);
      BoMatrixColumn *column = g_ptr_array_index (matrix->columns, i % matrix->columns->len);

      for (guint k = 0; k < square->runs->len; k++)
        column->longest_us = MAX (column->longest_us, g_array_index (square->runs, BoSquareRun, k).build_us);
    }
}

/**
 * bo_matrix_new:
 * @study: the study as it is now
 * @report: (nullable): what its results say
 * @locale: of its numbers
 *
 * Returns: (transfer full): the matrix
 */
BoMatrix *
bo_matrix_new (BoStudy *study, const BoReport *report, const BoChartLocale *locale)
{
  BoMatrix *matrix;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GHashTable) cells = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);

  g_return_val_if_fail (study != NULL && locale != NULL, NULL);

  matrix = g_new0 (BoMatrix, 1);
  g_atomic_ref_count_init (&matrix->ref_count);
  matrix->study = bo_study_ref (study);
  matrix->groups = g_ptr_array_new_with_free_func (group_free);
  matrix->columns = g_ptr_array_new_with_free_func (column_free);
  matrix->rows = g_ptr_array_new_with_free_func (row_free);

  all = bo_study_get_cells (study);
  for (guint i = 0; i < all->len; i++)
    g_hash_table_add (cells, bo_cell_get_key (g_ptr_array_index (all, i)));
  add_columns (matrix, cells, places);

  matrix->language = g_strdup (locale->language);
  matrix->decimal_point = g_strdup (locale->decimal_point);
  matrix->squares = g_ptr_array_new_full (study->strategies->len * places->len, (GDestroyNotify) bo_square_unref);
  for (guint s = 0; s < study->strategies->len; s++)
    {
      const BoStrategy *strategy = g_ptr_array_index (study->strategies, s);
      BoMatrixRow *row = g_new0 (BoMatrixRow, 1);

      row->title = g_strdup (strategy->title);
      row->subtitle = g_strdup (strategy->notes != NULL ? strategy->notes : strategy->dockerfile);
      row->baseline = g_strcmp0 (study->baseline, strategy->id) == 0;
      g_ptr_array_add (matrix->rows, row);
      for (guint c = 0; c < places->len; c++)
        {
          const BoCell *place = g_ptr_array_index (places, c);
          g_autoptr (BoCell) cell = bo_cell_new (strategy->id, place->base, place->builder, place->condition);
          g_autofree char *key = bo_cell_get_key (cell);

          g_ptr_array_add (matrix->squares,
                           bo_square_new (g_hash_table_contains (cells, key) ? cell : NULL, report, locale));
        }
    }
  measure_columns (matrix);
  return matrix;
}

static GHashTable *
group_trials (GPtrArray *trials)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);
      g_autofree char *key = NULL;
      GPtrArray *group;

      if (trial->kind != BO_TRIAL_COUNTED || trial->cell == NULL)
        continue;
      key = bo_cell_get_key (trial->cell);
      group = g_hash_table_lookup (groups, key);
      if (group == NULL)
        {
          group = g_ptr_array_new ();
          g_hash_table_insert (groups, g_steal_pointer (&key), group);
        }
      g_ptr_array_add (group, trial);
    }
  return groups;
}

/**
 * bo_matrix_new_live:
 * @matrix: the matrix without the campaign
 * @live: a campaign of its study
 * @shown: (nullable): what this gave a moment ago for the same campaign; squares that still hold are taken over
 *
 * Only squares of cells that the campaign has are made anew; the others, the rows and the columns are
 * those of @matrix, so it costs little to make one a second.
 *
 * Returns: (transfer full): the matrix as it is while the campaign runs
 */
BoMatrix *
bo_matrix_new_live (BoMatrix *matrix, const BoLiveCampaign *live, BoMatrix *shown)
{
  const BoChartLocale locale = { .language = matrix->language, .decimal_point = matrix->decimal_point };
  g_autoptr (GHashTable) groups = NULL;
  BoMatrix *copy;

  g_return_val_if_fail (matrix != NULL && live != NULL, NULL);

  copy = g_new0 (BoMatrix, 1);
  g_atomic_ref_count_init (&copy->ref_count);
  copy->study = bo_study_ref (matrix->study);
  copy->groups = g_ptr_array_ref (matrix->groups);
  copy->columns = g_ptr_array_ref (matrix->columns);
  copy->rows = g_ptr_array_ref (matrix->rows);
  copy->language = g_strdup (matrix->language);
  copy->decimal_point = g_strdup (matrix->decimal_point);
  copy->squares = g_ptr_array_new_full (matrix->squares->len, (GDestroyNotify) bo_square_unref);
  groups = group_trials (live->trials);
  for (guint i = 0; i < matrix->squares->len; i++)
    {
      BoSquare *before = g_ptr_array_index (matrix->squares, i);
      g_autofree char *key = before->cell != NULL ? bo_cell_get_key (before->cell) : NULL;
      GPtrArray *trials = key != NULL ? g_hash_table_lookup (groups, key) : NULL;
      BoSquare *last = shown != NULL && shown->rows == matrix->rows ? g_ptr_array_index (shown->squares, i) : NULL;

      if (trials == NULL)
        g_ptr_array_add (copy->squares, bo_square_ref (before));
      else if (last != NULL && last != before && bo_square_is_of (last, trials, live))
        g_ptr_array_add (copy->squares, bo_square_ref (last));
      else
        g_ptr_array_add (copy->squares, bo_square_new_live (before, trials, live, &locale));
    }
  return copy;
}

BoMatrix *
bo_matrix_ref (BoMatrix *matrix)
{
  g_return_val_if_fail (matrix != NULL, NULL);

  g_atomic_ref_count_inc (&matrix->ref_count);
  return matrix;
}

void
bo_matrix_unref (BoMatrix *matrix)
{
  if (matrix == NULL || !g_atomic_ref_count_dec (&matrix->ref_count))
    return;
  g_ptr_array_unref (matrix->squares);
  g_free (matrix->language);
  g_free (matrix->decimal_point);
  g_ptr_array_unref (matrix->groups);
  g_ptr_array_unref (matrix->columns);
  g_ptr_array_unref (matrix->rows);
  bo_study_unref (matrix->study);
  g_free (matrix);
}

/**
 * bo_matrix_get_square:
 *
 * Returns: (transfer none): the square; one without a cell is %BO_SQUARE_ABSENT
 */
const BoSquare *
bo_matrix_get_square (const BoMatrix *matrix, guint row, guint column)
{
  g_return_val_if_fail (matrix != NULL, NULL);
  g_return_val_if_fail (row < matrix->rows->len && column < matrix->columns->len, NULL);

  return g_ptr_array_index (matrix->squares, row * matrix->columns->len + column);
}

/**
 * bo_matrix_count_squares:
 *
 * Returns: how many cells the study has
 */
guint
bo_matrix_count_squares (const BoMatrix *matrix)
{
  guint n = 0;

  g_return_val_if_fail (matrix != NULL, 0);

  for (guint i = 0; i < matrix->squares->len; i++)
    n += ((const BoSquare *) g_ptr_array_index (matrix->squares, i))->cell != NULL;
  return n;
}

/**
 * bo_matrix_find:
 * @matrix: a matrix
 * @key: of a cell
 * @row: (out): its strategy
 * @column: (out): its column
 *
 * Returns: whether the study has the cell
 */
gboolean
bo_matrix_find (const BoMatrix *matrix, const char *key, guint *row, guint *column)
{
  g_autoptr (BoCell) cell = NULL;

  g_return_val_if_fail (matrix != NULL && key != NULL, FALSE);

  cell = bo_cell_parse_key (key);
  for (guint i = 0; cell != NULL && i < matrix->squares->len; i++)
    {
      const BoSquare *square = g_ptr_array_index (matrix->squares, i);

      if (square->cell == NULL || !bo_cell_equal (square->cell, cell))
        continue;
      *row = i / matrix->columns->len;
      *column = i % matrix->columns->len;
      return TRUE;
    }
  return FALSE;
}
