/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is looked at of a file's content, and the largest file that is looked into. */
#define BO_CONTEXT_SECRET_HEAD 4096
#define BO_CONTEXT_SECRET_MAX_SIZE (256 * 1024)

gboolean bo_context_secret_needs_content (const char *path, guint64 size);
const char *bo_context_secret_guess (const char *path, const char *head, gsize length);

G_END_DECLS
