/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_SIDE_PANEL (bo_side_panel_get_type ())
G_DECLARE_FINAL_TYPE (BoSidePanel, bo_side_panel, BO, SIDE_PANEL, GtkWidget)

/*
 * A content with a side that is shown on demand: beside it where there is room, and in its place where there is none.
 * Properties "content" and "side" (GtkWidget), "open" (gboolean).
 */
void bo_side_panel_set_open (BoSidePanel *self, gboolean open);
gboolean bo_side_panel_get_open (BoSidePanel *self);

G_END_DECLS
