/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_SPARKLINE (bo_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (BoSparkline, bo_sparkline, BO, SPARKLINE, GtkWidget)

/* A number over time as a line, with as many points as there are pixels. */
void bo_sparkline_clear (BoSparkline *self, double low, double high);
void bo_sparkline_add (BoSparkline *self, double value);
void bo_sparkline_set_marked (BoSparkline *self, gboolean marked);
guint bo_sparkline_get_n_values (BoSparkline *self);

G_END_DECLS
