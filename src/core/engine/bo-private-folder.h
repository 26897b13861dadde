/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A folder that only this user can enter (mode 0700), for the sockets of one
 * connection. Those that a killed process left behind are removed when the
 * next one is made.
 */
char *bo_private_folder_new (GError **error);
void bo_private_folder_remove (const char *folder);

G_END_DECLS
