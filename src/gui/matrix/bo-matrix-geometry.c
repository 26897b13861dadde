/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-matrix-geometry"

#include "config.h"

#include "matrix/bo-matrix-geometry.h"

/* Below each other: side by side, a time would be cut off on a telephone. */
#define CARD_COLUMNS 1
#define CARD_PADDING 8

static guint
count_lines (const BoMatrixGeometry *geometry)
{
  return MAX ((geometry->n_columns + CARD_COLUMNS - 1) / CARD_COLUMNS, 1);
}

static int
get_card_height (const BoMatrixGeometry *geometry)
{
  return BO_MATRIX_CARD_TITLE_HEIGHT + (int) count_lines (geometry) * (BO_MATRIX_CARD_SQUARE_HEIGHT + BO_MATRIX_GAP)
         - BO_MATRIX_GAP + CARD_PADDING;
}

/* From the top of one strategy to the top of the next. */
static int
get_pitch (const BoMatrixGeometry *geometry)
{
  return geometry->cards ? get_card_height (geometry) + BO_MATRIX_MARGIN : BO_MATRIX_SQUARE_HEIGHT + BO_MATRIX_GAP;
}

static int
get_top (const BoMatrixGeometry *geometry)
{
  return geometry->cards ? BO_MATRIX_MARGIN : BO_MATRIX_COLUMN_HEADER_HEIGHT;
}

int
bo_matrix_geometry_get_width (const BoMatrixGeometry *geometry, const BoMatrix *matrix)
{
  GdkRectangle last;

  if (geometry->cards)
    return geometry->width;
  if (geometry->n_columns == 0)
    return BO_MATRIX_ROW_HEADER_WIDTH;
  last = bo_matrix_geometry_get_square (geometry, matrix, 0, geometry->first + geometry->n_columns - 1);
  return last.x + last.width + BO_MATRIX_MARGIN;
}

int
bo_matrix_geometry_get_height (const BoMatrixGeometry *geometry)
{
  GdkRectangle end = bo_matrix_geometry_get_end (geometry);

  return end.y + end.height + BO_MATRIX_MARGIN;
}

/**
 * bo_matrix_geometry_get_end:
 *
 * Returns: where another strategy is added, below the last one
 */
GdkRectangle
bo_matrix_geometry_get_end (const BoMatrixGeometry *geometry)
{
  int y = get_top (geometry) + (int) geometry->n_rows * get_pitch (geometry);

  if (geometry->cards)
    return (GdkRectangle) { BO_MATRIX_MARGIN, y, MAX (geometry->width - 2 * BO_MATRIX_MARGIN, 1), BO_MATRIX_END_HEIGHT };
  return (GdkRectangle) { 0, y + BO_MATRIX_GAP, BO_MATRIX_ROW_HEADER_WIDTH, BO_MATRIX_END_HEIGHT };
}

/**
 * bo_matrix_geometry_get_row:
 *
 * Returns: where the name of a strategy stands; in cards, the whole card
 */
GdkRectangle
bo_matrix_geometry_get_row (const BoMatrixGeometry *geometry, guint row)
{
  int y = get_top (geometry) + (int) row * get_pitch (geometry);

  if (geometry->cards)
    return (GdkRectangle) { BO_MATRIX_MARGIN, y, MAX (geometry->width - 2 * BO_MATRIX_MARGIN, 1),
                            get_card_height (geometry) };
  return (GdkRectangle) { 0, y, BO_MATRIX_ROW_HEADER_WIDTH, BO_MATRIX_SQUARE_HEIGHT };
}

GdkRectangle
bo_matrix_geometry_get_square (const BoMatrixGeometry *geometry, const BoMatrix *matrix, guint row, guint column)
{
  GdkRectangle strategy = bo_matrix_geometry_get_row (geometry, row);
  const BoMatrixColumn *which = g_ptr_array_index (matrix->columns, column);

  if (geometry->cards)
    {
      int index = (int) (column - geometry->first);
      int shown = (int) MIN (MAX (geometry->n_columns, 1), CARD_COLUMNS);
      int inside = strategy.width - 2 * CARD_PADDING;
      int width = MAX ((inside - (shown - 1) * BO_MATRIX_GAP) / shown, 1);

      return (GdkRectangle) {
        strategy.x + CARD_PADDING + index % CARD_COLUMNS * (width + BO_MATRIX_GAP),
        strategy.y + BO_MATRIX_CARD_TITLE_HEIGHT
          + index / CARD_COLUMNS * (BO_MATRIX_CARD_SQUARE_HEIGHT + BO_MATRIX_GAP),
        width, BO_MATRIX_CARD_SQUARE_HEIGHT
      };
    }
  return (GdkRectangle) {
    BO_MATRIX_ROW_HEADER_WIDTH + (int) column * (BO_MATRIX_SQUARE_WIDTH + BO_MATRIX_GAP)
      + (int) which->group * (BO_MATRIX_GROUP_GAP - BO_MATRIX_GAP),
    strategy.y, BO_MATRIX_SQUARE_WIDTH, BO_MATRIX_SQUARE_HEIGHT
  };
}

/**
 * bo_matrix_geometry_find_rows:
 * @from, @to: upper and lower end of what is seen
 * @first: (out): the first row that is seen
 * @last: (out): the one after the last
 */
void
bo_matrix_geometry_find_rows (const BoMatrixGeometry *geometry, int from, int to, guint *first, guint *last)
{
  int pitch = get_pitch (geometry);
  int top = get_top (geometry);

  *first = from <= top ? 0 : MIN ((guint) ((from - top) / pitch), geometry->n_rows);
  *last = to <= top ? 0 : MIN ((guint) ((to - top) / pitch) + 1, geometry->n_rows);
}
