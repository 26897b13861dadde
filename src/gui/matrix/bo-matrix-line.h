/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_MATRIX_LINE (bo_matrix_line_get_type ())
G_DECLARE_FINAL_TYPE (BoMatrixLine, bo_matrix_line, BO, MATRIX_LINE, GtkWidget)

BoMatrixLine *bo_matrix_line_new (void);
void bo_matrix_line_set_title (BoMatrixLine *self, GtkWidget *title);
GtkWidget *bo_matrix_line_get_title (BoMatrixLine *self);
void bo_matrix_line_add (BoMatrixLine *self, GtkWidget *child);
void bo_matrix_line_set_edge (BoMatrixLine *self, int edge);
void bo_matrix_line_place (BoMatrixLine *self, GtkWidget *child, const GdkRectangle *area);

G_END_DECLS
