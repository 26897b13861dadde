/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "bo-open-study.h"
#include "matrix/bo-cell-panel.h"
#include "matrix/bo-matrix-view.h"

G_BEGIN_DECLS

#define BO_TYPE_MATRIX_PAGE (bo_matrix_page_get_type ())
G_DECLARE_FINAL_TYPE (BoMatrixPage, bo_matrix_page, BO, MATRIX_PAGE, GtkWidget)

/*
 * Property "run-label" (string): what the button says that runs the selection: "Run 6 Cells".
 * Property "short-run-label" (string): the same where there is little room: "Run 6".
 * Property "run-tooltip" (string): what that button does, or why it cannot.
 * Property "can-run" (gboolean): whether matrix.run would do anything.
 */
void bo_matrix_page_set_open_study (BoMatrixPage *self, BoOpenStudy *study);
void bo_matrix_page_set_matrix (BoMatrixPage *self, BoMatrix *matrix);
BoMatrixView *bo_matrix_page_get_view (BoMatrixPage *self);
BoMatrix *bo_matrix_page_get_shown (BoMatrixPage *self);
char *bo_matrix_page_get_command (BoMatrixPage *self);
char *bo_matrix_page_get_forecast (BoMatrixPage *self);
void bo_matrix_page_open_cell (BoMatrixPage *self, const char *key);
BoCellPanel *bo_matrix_page_get_cell_panel (BoMatrixPage *self);

G_END_DECLS
