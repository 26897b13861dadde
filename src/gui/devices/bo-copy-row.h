/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A row with text in one width, which can be selected, and a button that copies it. */
GtkWidget *bo_copy_row_new (const char *title, const char *text);
GtkWidget *bo_copy_box_new (const char *text);

G_END_DECLS
