/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GBytes *bo_archive_file_extract (GBytes *tar, const char *name, gsize max_bytes, GError **error);

G_END_DECLS
