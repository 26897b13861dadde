/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The most bytes that the path of a socket can have: sun_path less its NUL. */
#define BO_UNIX_SOCKET_PATH_MAX 107

gboolean bo_unix_socket_check (const char *path, GError **error);

G_END_DECLS
