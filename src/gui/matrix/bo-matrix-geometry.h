/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

#include "matrix/bo-matrix.h"

G_BEGIN_DECLS

/*
 * Where everything in the matrix stands, in pixels from its top left corner.
 * Pure functions: wide, strategies down and columns across under two rows of
 * headers; in cards, one card for each strategy with the columns of one group.
 */

/**
 * BoMatrixGeometry:
 * @n_rows: strategies
 * @first, @n_columns: the columns that are shown
 * @cards: whether there is a card for each strategy
 * @width: of the whole view, which cards fill
 */
typedef struct
{
  guint n_rows;
  guint first;
  guint n_columns;
  gboolean cards;
  int width;
} BoMatrixGeometry;

#define BO_MATRIX_ROW_HEADER_WIDTH 208
#define BO_MATRIX_COLUMN_HEADER_HEIGHT 68
#define BO_MATRIX_GROUP_HEIGHT 32
#define BO_MATRIX_SQUARE_WIDTH 176
#define BO_MATRIX_SQUARE_HEIGHT 62
#define BO_MATRIX_CARD_SQUARE_HEIGHT 50
#define BO_MATRIX_END_HEIGHT 38
#define BO_MATRIX_CARD_TITLE_HEIGHT 48
#define BO_MATRIX_GAP 6
#define BO_MATRIX_GROUP_GAP 18
#define BO_MATRIX_MARGIN 12

int bo_matrix_geometry_get_width (const BoMatrixGeometry *geometry, const BoMatrix *matrix);
int bo_matrix_geometry_get_height (const BoMatrixGeometry *geometry);
GdkRectangle bo_matrix_geometry_get_square (const BoMatrixGeometry *geometry,
                                            const BoMatrix *matrix,
                                            guint row,
                                            guint column);
GdkRectangle bo_matrix_geometry_get_end (const BoMatrixGeometry *geometry);
GdkRectangle bo_matrix_geometry_get_row (const BoMatrixGeometry *geometry, guint row);
void bo_matrix_geometry_find_rows (const BoMatrixGeometry *geometry, int from, int to, guint *first, guint *last);

G_END_DECLS
