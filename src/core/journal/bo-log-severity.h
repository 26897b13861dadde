/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoLogSeverity: what a line calls itself
 * @BO_LOG_NORMAL: nothing
 * @BO_LOG_WARNING: a warning
 * @BO_LOG_ERROR: an error
 */
typedef enum
{
  BO_LOG_NORMAL,
  BO_LOG_WARNING,
  BO_LOG_ERROR,
} BoLogSeverity;

BoLogSeverity bo_log_severity_of (const char *text, gsize length);

G_END_DECLS
