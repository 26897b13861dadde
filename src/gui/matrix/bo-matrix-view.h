/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "matrix/bo-matrix.h"

G_BEGIN_DECLS

/**
 * BoMatrixChoice: what is selected by one press
 */
typedef enum
{
  BO_MATRIX_CHOICE_NONE,
  BO_MATRIX_CHOICE_ALL,
  BO_MATRIX_CHOICE_MISSING,
} BoMatrixChoice;

#define BO_TYPE_MATRIX_VIEW (bo_matrix_view_get_type ())
G_DECLARE_FINAL_TYPE (BoMatrixView, bo_matrix_view, BO, MATRIX_VIEW, GtkWidget)

void bo_matrix_view_set_matrix (BoMatrixView *self, BoMatrix *matrix);
void bo_matrix_view_set_group (BoMatrixView *self, guint group);
gboolean bo_matrix_view_get_cards (BoMatrixView *self);
void bo_matrix_view_choose (BoMatrixView *self, BoMatrixChoice choice);
void bo_matrix_view_toggle_row (BoMatrixView *self, guint row);
void bo_matrix_view_toggle_column (BoMatrixView *self, guint column);
GPtrArray *bo_matrix_view_get_selection (BoMatrixView *self);
guint bo_matrix_view_count_widgets (BoMatrixView *self);

G_END_DECLS
