/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The one place that turns times, sizes and shares into text. The decimal sign
 * is the program's, or that of the document which a thread writes
 * (study/bo-decimal-point.h); the C library's locale has no part in it.
 */

/* What stands where there is no number. */
#define BO_NO_VALUE "–"

char *bo_duration_format (gint64 duration_us);
char *bo_duration_format_limit (gint64 limit_us);
char *bo_size_format (gint64 bytes);
char *bo_percent_format (double fraction);
char *bo_percent_format_signed (double fraction);
char *bo_percent_format_range (double from, double to);
char *bo_time_format_utc (gint64 time_us);

G_END_DECLS
