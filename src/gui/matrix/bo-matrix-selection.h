/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "matrix/bo-matrix.h"

G_BEGIN_DECLS

/*
 * Which cells of a matrix are selected. It knows no widget.
 */
typedef struct _BoMatrixSelection BoMatrixSelection;

BoMatrixSelection *bo_matrix_selection_new (BoMatrix *matrix, const BoMatrixSelection *before);
void bo_matrix_selection_set_matrix (BoMatrixSelection *selection, BoMatrix *matrix);
void bo_matrix_selection_free (BoMatrixSelection *selection);
gboolean bo_matrix_selection_contains (const BoMatrixSelection *selection, guint row, guint column);
void bo_matrix_selection_toggle (BoMatrixSelection *selection,
                                 guint first_row,
                                 guint n_rows,
                                 guint first_column,
                                 guint n_columns);
void bo_matrix_selection_set_all (BoMatrixSelection *selection, gboolean selected);
void bo_matrix_selection_set_cells (BoMatrixSelection *selection, GPtrArray *cells);
GPtrArray *bo_matrix_selection_list (const BoMatrixSelection *selection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoMatrixSelection, bo_matrix_selection_free)

G_END_DECLS
