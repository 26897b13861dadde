/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "matrix/bo-matrix.h"

G_BEGIN_DECLS

/* The names of strategies, conditions and groups: buttons that select all that belongs to them. */
GtkWidget *bo_matrix_header_new_row (const BoMatrix *matrix, guint row);
GtkWidget *bo_matrix_header_new_column (const BoMatrix *matrix, guint column);
GtkWidget *bo_matrix_header_new_group (const BoMatrix *matrix, guint group);

G_END_DECLS
