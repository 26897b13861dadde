/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "matrix/bo-matrix-geometry.h"

G_BEGIN_DECLS

/* Rows above the squares, and the column beside them. */
#define BO_MATRIX_CURSOR_COLUMNS (-1)
#define BO_MATRIX_CURSOR_GROUPS (-2)
#define BO_MATRIX_CURSOR_TITLES (-1)

/**
 * BoMatrixCursor: where the keyboard is in a matrix
 * @row: a strategy, or BO_MATRIX_CURSOR_COLUMNS, or BO_MATRIX_CURSOR_GROUPS; the one after the last strategy, in the
 *   column BO_MATRIX_CURSOR_TITLES, is where another one is added
 * @column: a column, or BO_MATRIX_CURSOR_TITLES for the names of the strategies
 */
typedef struct
{
  int row;
  int column;
} BoMatrixCursor;

gboolean bo_matrix_cursor_is_valid (const BoMatrixCursor *cursor,
                                    const BoMatrixGeometry *geometry,
                                    const BoMatrix *matrix);
gboolean bo_matrix_cursor_is_square (const BoMatrixCursor *cursor);
void bo_matrix_cursor_reset (BoMatrixCursor *cursor, const BoMatrixGeometry *geometry, const BoMatrix *matrix);
gboolean bo_matrix_cursor_move (BoMatrixCursor *cursor,
                                const BoMatrixGeometry *geometry,
                                const BoMatrix *matrix,
                                int rows,
                                int columns,
                                gboolean last);

G_END_DECLS
