/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "journal/bo-build-log.h"

G_BEGIN_DECLS

/*
 * BuildKit's progress: `moby.buildkit.trace` values, each the state of some of
 * its vertices. The same vertex comes many times, and may have worked in
 * several intervals. Times are the engine's own.
 */
typedef struct _BoTraceLog BoTraceLog;

BoTraceLog *bo_trace_log_new (BoBuildLog *log, gint64 floor_us);
void bo_trace_log_free (BoTraceLog *trace);

gboolean bo_trace_log_feed (BoTraceLog *trace, const char *base64, gint64 time_us);
void bo_trace_log_fail (BoTraceLog *trace, const char *message);
void bo_trace_log_finish (BoTraceLog *trace);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoTraceLog, bo_trace_log_free)

G_END_DECLS
