/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Amounts as people write them in the study file and on the command line. */
gboolean bo_quantity_parse_duration (const char *text, gint64 *duration_us);
gboolean bo_quantity_parse_size (const char *text, gint64 *bytes);

G_END_DECLS
