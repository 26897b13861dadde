/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_ADAPTIVE_TITLE (bo_adaptive_title_get_type ())
G_DECLARE_FINAL_TYPE (BoAdaptiveTitle, bo_adaptive_title, BO, ADAPTIVE_TITLE, GtkWidget)

gboolean bo_adaptive_title_get_narrow (BoAdaptiveTitle *self);

G_END_DECLS
