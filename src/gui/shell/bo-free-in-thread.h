/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* To free what ten thousand trials have made takes longer than a frame may. */
void bo_free_in_thread (gpointer data, GDestroyNotify free_func);

G_END_DECLS
