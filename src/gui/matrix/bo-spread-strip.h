/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "matrix/bo-square.h"

G_BEGIN_DECLS

#define BO_TYPE_SPREAD_STRIP (bo_spread_strip_get_type ())
G_DECLARE_FINAL_TYPE (BoSpreadStrip, bo_spread_strip, BO, SPREAD_STRIP, GtkWidget)

void bo_spread_strip_set_runs (BoSpreadStrip *self, GArray *runs, gint64 longest_us);

G_END_DECLS
