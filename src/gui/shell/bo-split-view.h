/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_SPLIT_VIEW (bo_split_view_get_type ())
G_DECLARE_FINAL_TYPE (BoSplitView, bo_split_view, BO, SPLIT_VIEW, GtkWidget)

/*
 * A sidebar beside a content where there is room for both; else one of them.
 *
 * Properties "sidebar" and "content": the two; "folded" (read only): whether
 * only one is seen; "show-sidebar": which one that is.
 */
gboolean bo_split_view_get_folded (BoSplitView *self);
void bo_split_view_set_show_sidebar (BoSplitView *self, gboolean show);

G_END_DECLS
