/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-cursor"

#include "config.h"

#include "matrix/bo-matrix-cursor.h"

/* Where the arrow keys lead. Pure functions of what is shown. */

static gboolean
is_shown (const BoMatrixGeometry *geometry, int column)
{
  return column >= (int) geometry->first && column < (int) (geometry->first + geometry->n_columns);
}

gboolean
bo_matrix_cursor_is_square (const BoMatrixCursor *cursor)
{
  g_return_val_if_fail (cursor != NULL, FALSE);

  return cursor->row >= 0 && cursor->column >= 0;
}

/**
 * bo_matrix_cursor_is_valid:
 *
 * Returns: whether there is something at the place: a square that the study has, or a header
 */
gboolean
bo_matrix_cursor_is_valid (const BoMatrixCursor *cursor, const BoMatrixGeometry *geometry, const BoMatrix *matrix)
{
  g_return_val_if_fail (cursor != NULL && geometry != NULL && matrix != NULL, FALSE);

  if (cursor->row < BO_MATRIX_CURSOR_GROUPS || cursor->row > (int) geometry->n_rows)
    return FALSE;
  if (cursor->column == BO_MATRIX_CURSOR_TITLES)
    return cursor->row >= 0;
  if (!is_shown (geometry, cursor->column) || cursor->row == (int) geometry->n_rows)
    return FALSE;
  if (cursor->row < 0)
    return !geometry->cards;
  return bo_matrix_get_square (matrix, (guint) cursor->row, (guint) cursor->column)->cell != NULL;
}

/**
 * bo_matrix_cursor_reset:
 *
 * For a start, and when what the cursor was at went away: the first square from the top left.
 */
void
bo_matrix_cursor_reset (BoMatrixCursor *cursor, const BoMatrixGeometry *geometry, const BoMatrix *matrix)
{
  g_return_if_fail (cursor != NULL && geometry != NULL && matrix != NULL);

  if (bo_matrix_cursor_is_valid (cursor, geometry, matrix))
    return;
  for (guint row = 0; row < geometry->n_rows; row++)
    for (guint column = geometry->first; column < geometry->first + geometry->n_columns; column++)
      if (bo_matrix_get_square (matrix, row, column)->cell != NULL)
        {
          *cursor = (BoMatrixCursor) { (int) row, (int) column };
          return;
        }
  *cursor = (BoMatrixCursor) { 0, BO_MATRIX_CURSOR_TITLES };
}

/* In cards the squares of a strategy stand below its name and below each other. */
static void
step_in_cards (BoMatrixCursor *cursor, const BoMatrixGeometry *geometry, int rows)
{
  int first = (int) geometry->first;
  int last = first + (int) geometry->n_columns - 1;

  if (rows > 0)
    {
      if (cursor->column < first)
        cursor->column = first;
      else if (cursor->column < last)
        cursor->column++;
      else
        *cursor = (BoMatrixCursor) { cursor->row + 1, BO_MATRIX_CURSOR_TITLES };
    }
  else
    {
      if (cursor->column > first)
        cursor->column--;
      else if (cursor->column == first)
        cursor->column = BO_MATRIX_CURSOR_TITLES;
      else
        *cursor = (BoMatrixCursor) { cursor->row - 1, last };
    }
}

/**
 * bo_matrix_cursor_move:
 * @cursor: (inout): where the keyboard is
 * @geometry: what is shown
 * @matrix: the matrix
 * @rows, @columns: the direction; one of them is 1 or -1
 * @last: to the last square in the direction, rather than to what is next, which may be a header
 *
 * Returns: whether there is anything in the direction
 */
gboolean
bo_matrix_cursor_move (BoMatrixCursor *cursor,
                       const BoMatrixGeometry *geometry,
                       const BoMatrix *matrix,
                       int rows,
                       int columns,
                       gboolean last)
{
  BoMatrixCursor place;
  gboolean found = FALSE;
  int n_columns = (int) matrix->columns->len;
  int n_rows = (int) geometry->n_rows;

  g_return_val_if_fail (cursor != NULL && geometry != NULL && matrix != NULL, FALSE);

  place = *cursor;
  for (;;)
    {
      if (geometry->cards && rows != 0 && !last)
        {
          step_in_cards (&place, geometry, rows);
        }
      else
        {
          place.row += rows;
          place.column += columns;
        }
      /* There is but one thing below the last strategy. */
      if (rows > 0 && place.row == n_rows)
        place.column = BO_MATRIX_CURSOR_TITLES;
      if (place.row < BO_MATRIX_CURSOR_GROUPS || place.row > n_rows
          || place.column < BO_MATRIX_CURSOR_TITLES || place.column >= n_columns)
        return found;
      if (last && !bo_matrix_cursor_is_square (&place) && bo_matrix_cursor_is_square (cursor))
        return found;
      if (!bo_matrix_cursor_is_valid (&place, geometry, matrix))
        continue;
      *cursor = place;
      found = TRUE;
      if (!last)
        return TRUE;
    }
}
