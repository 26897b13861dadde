/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "matrix/bo-matrix.h"

G_BEGIN_DECLS

#define BO_TYPE_MATRIX_VIEW (bo_matrix_view_get_type ())
G_DECLARE_FINAL_TYPE (BoMatrixView, bo_matrix_view, BO, MATRIX_VIEW, GtkWidget)

/*
 * Property "cards" (gboolean): whether there is a card for each strategy, since the view is narrow.
 * Signal "selection-changed" (no arguments): other cells are selected than before.
 * Signal "cell-activated" (const char *key): the user wants to know all about a cell.
 * Signal "strategy-menu" (guint row, GtkWidget *header): the user wants to do something with a strategy.
 */
void bo_matrix_view_set_matrix (BoMatrixView *self, BoMatrix *matrix);
void bo_matrix_view_set_group (BoMatrixView *self, guint group);
gboolean bo_matrix_view_get_cards (BoMatrixView *self);
void bo_matrix_view_select_all (BoMatrixView *self, gboolean selected);
void bo_matrix_view_select_cells (BoMatrixView *self, GPtrArray *cells);
void bo_matrix_view_toggle_row (BoMatrixView *self, guint row);
void bo_matrix_view_toggle_column (BoMatrixView *self, guint column);
GPtrArray *bo_matrix_view_get_selection (BoMatrixView *self);
guint bo_matrix_view_count_widgets (BoMatrixView *self);
void bo_matrix_view_set_open_cell (BoMatrixView *self, const char *key);

G_END_DECLS
