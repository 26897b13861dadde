/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-selection"

#include "config.h"

#include "matrix/bo-matrix-selection.h"

struct _BoMatrixSelection
{
  BoMatrix *matrix;
  guint8 *selected;
};

static gboolean
is_present (const BoMatrixSelection *self, guint row, guint column)
{
  return bo_matrix_get_square (self->matrix, row, column)->cell != NULL;
}

static guint8 *
get_place (const BoMatrixSelection *self, guint row, guint column)
{
  return &self->selected[row * self->matrix->columns->len + column];
}

/**
 * bo_matrix_selection_new:
 * @matrix: the matrix
 * @before: (nullable): a selection in another version of it; its cells that there still are stay selected
 *
 * Returns: (transfer full): the selection
 */
BoMatrixSelection *
bo_matrix_selection_new (BoMatrix *matrix, const BoMatrixSelection *before)
{
  BoMatrixSelection *self;

  g_return_val_if_fail (matrix != NULL, NULL);

  self = g_new0 (BoMatrixSelection, 1);
  self->matrix = bo_matrix_ref (matrix);
  self->selected = g_new0 (guint8, MAX (matrix->rows->len * matrix->columns->len, 1));
  if (before != NULL)
    {
      g_autoptr (GPtrArray) cells = bo_matrix_selection_list (before);

      bo_matrix_selection_set_cells (self, cells);
    }
  return self;
}

/**
 * bo_matrix_selection_set_matrix:
 * @self: a selection
 * @matrix: the same matrix with other results in its squares (bo_matrix_new_live())
 */
void
bo_matrix_selection_set_matrix (BoMatrixSelection *self, BoMatrix *matrix)
{
  g_return_if_fail (self != NULL && matrix != NULL);
  g_return_if_fail (matrix->rows == self->matrix->rows && matrix->columns == self->matrix->columns);

  bo_matrix_ref (matrix);
  bo_matrix_unref (self->matrix);
  self->matrix = matrix;
}

void
bo_matrix_selection_free (BoMatrixSelection *self)
{
  if (self == NULL)
    return;
  bo_matrix_unref (self->matrix);
  g_free (self->selected);
  g_free (self);
}

gboolean
bo_matrix_selection_contains (const BoMatrixSelection *self, guint row, guint column)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (row < self->matrix->rows->len && column < self->matrix->columns->len, FALSE);

  return *get_place (self, row, column) != 0;
}

/**
 * bo_matrix_selection_toggle:
 *
 * Selects all cells of a range, or none when all of them are selected.
 */
void
bo_matrix_selection_toggle (BoMatrixSelection *self, guint first_row, guint n_rows, guint first_column, guint n_columns)
{
  gboolean all = TRUE;

  g_return_if_fail (self != NULL);
  g_return_if_fail (first_row + n_rows <= self->matrix->rows->len);
  g_return_if_fail (first_column + n_columns <= self->matrix->columns->len);

  for (guint pass = 0; pass < 2; pass++)
    for (guint row = first_row; row < first_row + n_rows; row++)
      for (guint column = first_column; column < first_column + n_columns; column++)
        {
          if (!is_present (self, row, column))
            continue;
          if (pass == 0)
            all &= *get_place (self, row, column) != 0;
          else
            *get_place (self, row, column) = !all;
        }
}

void
bo_matrix_selection_set_all (BoMatrixSelection *self, gboolean selected)
{
  g_return_if_fail (self != NULL);

  for (guint row = 0; row < self->matrix->rows->len; row++)
    for (guint column = 0; column < self->matrix->columns->len; column++)
      *get_place (self, row, column) = selected && is_present (self, row, column);
}

/**
 * bo_matrix_selection_set_cells:
 * @self: a selection
 * @cells: (element-type BoCell): what is selected from now on, as far as the matrix has it
 */
void
bo_matrix_selection_set_cells (BoMatrixSelection *self, GPtrArray *cells)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_return_if_fail (self != NULL && cells != NULL);

  for (guint i = 0; i < cells->len; i++)
    g_hash_table_add (keys, bo_cell_get_key (g_ptr_array_index (cells, i)));
  for (guint row = 0; row < self->matrix->rows->len; row++)
    for (guint column = 0; column < self->matrix->columns->len; column++)
      {
        const BoCell *cell = bo_matrix_get_square (self->matrix, row, column)->cell;
        g_autofree char *key = cell != NULL ? bo_cell_get_key (cell) : NULL;

        *get_place (self, row, column) = key != NULL && g_hash_table_contains (keys, key);
      }
}

/**
 * bo_matrix_selection_list:
 *
 * Returns: (transfer full) (element-type BoCell): the selected cells
 */
GPtrArray *
bo_matrix_selection_list (const BoMatrixSelection *self)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);

  g_return_val_if_fail (self != NULL, cells);

  for (guint row = 0; row < self->matrix->rows->len; row++)
    for (guint column = 0; column < self->matrix->columns->len; column++)
      if (*get_place (self, row, column))
        g_ptr_array_add (cells, bo_cell_copy (bo_matrix_get_square (self->matrix, row, column)->cell));
  return cells;
}
