/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_CARD_GRID (bo_card_grid_get_type ())
G_DECLARE_FINAL_TYPE (BoCardGrid, bo_card_grid, BO, CARD_GRID, GtkWidget)

void bo_card_grid_append (BoCardGrid *self, GtkWidget *card);

G_END_DECLS
