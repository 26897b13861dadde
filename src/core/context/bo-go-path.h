/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Rules of Go's standard library that docker's file formats inherit. They
 * work on bytes, as Go does; text need not be UTF-8.
 */

char *bo_go_trim_space (const char *text);
char *bo_go_path_clean (const char *path);
gboolean bo_go_path_pattern_is_valid (const char *pattern);

G_END_DECLS
