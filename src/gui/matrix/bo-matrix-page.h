/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "bo-open-study.h"
#include "matrix/bo-matrix-view.h"

G_BEGIN_DECLS

#define BO_TYPE_MATRIX_PAGE (bo_matrix_page_get_type ())
G_DECLARE_FINAL_TYPE (BoMatrixPage, bo_matrix_page, BO, MATRIX_PAGE, GtkWidget)

void bo_matrix_page_set_open_study (BoMatrixPage *self, BoOpenStudy *study);
void bo_matrix_page_set_matrix (BoMatrixPage *self, BoMatrix *matrix);
BoMatrixView *bo_matrix_page_get_view (BoMatrixPage *self);
char *bo_matrix_page_get_command (BoMatrixPage *self);

G_END_DECLS
