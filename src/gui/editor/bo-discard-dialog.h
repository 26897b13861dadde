/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWindow *bo_discard_dialog_show (GtkWindow *editor);

G_END_DECLS
