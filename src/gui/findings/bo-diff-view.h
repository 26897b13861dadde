/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_DIFF_VIEW (bo_diff_view_get_type ())
G_DECLARE_FINAL_TYPE (BoDiffView, bo_diff_view, BO, DIFF_VIEW, GtkWidget)

/* A change as "diff -u" prints it (bo_line_diff()), a row for each line. Control and C copies it as it is printed. */
void bo_diff_view_set_diff (BoDiffView *self, const char *diff);
guint bo_diff_view_get_n_added (BoDiffView *self);
guint bo_diff_view_get_n_removed (BoDiffView *self);

G_END_DECLS
