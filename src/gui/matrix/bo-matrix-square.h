/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "matrix/bo-matrix.h"

G_BEGIN_DECLS

#define BO_TYPE_MATRIX_SQUARE (bo_matrix_square_get_type ())
G_DECLARE_FINAL_TYPE (BoMatrixSquare, bo_matrix_square, BO, MATRIX_SQUARE, GtkWidget)

BoMatrixSquare *bo_matrix_square_new (void);
void bo_matrix_square_show (BoMatrixSquare *self, const BoMatrix *matrix, guint row, guint column, gboolean caption);
void bo_matrix_square_set_selected (BoMatrixSquare *self, gboolean selected);
void bo_matrix_square_set_open (BoMatrixSquare *self, gboolean open);
guint bo_matrix_square_get_row (BoMatrixSquare *self);
guint bo_matrix_square_get_column (BoMatrixSquare *self);

G_END_DECLS
