/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "journal/bo-build-log.h"
#include "journal/bo-engine-events.h"

G_BEGIN_DECLS

/*
 * The classic builder's output: the `stream` values of its answer, in which
 * its own words and what the containers of RUN wrote follow each other without a mark.
 */
typedef struct _BoClassicLog BoClassicLog;

BoClassicLog *bo_classic_log_new (BoBuildLog *log);
void bo_classic_log_free (BoClassicLog *classic);

void bo_classic_log_feed (BoClassicLog *classic, const char *value, gsize length, gint64 time_us);
void bo_classic_log_fail (BoClassicLog *classic, const char *message, int exit_code, gint64 time_us);
void bo_classic_log_finish (BoClassicLog *classic, gint64 time_us);
void bo_classic_log_correct (BoClassicLog *classic, BoEngineEvents *events);

gboolean bo_classic_log_has_steps (BoClassicLog *classic);
gboolean bo_classic_log_is_at_end (BoClassicLog *classic);
const char *bo_classic_log_get_built (BoClassicLog *classic);
gboolean bo_classic_log_has_container (BoClassicLog *classic, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoClassicLog, bo_classic_log_free)

G_END_DECLS
