/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean bo_copy_archive_write (const char *source, const char *to, const char *tar, GError **error);

G_END_DECLS
