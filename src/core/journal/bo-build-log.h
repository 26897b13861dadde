/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-campaign.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

/*
 * The steps of one build and the ends of their logs, as both builders' streams
 * tell them. It maps the engine's steps to those of the user's Dockerfile,
 * keeps times on the journal's clock until the build's start is known, and
 * bounds what stays in memory.
 */
typedef struct _BoBuildLog BoBuildLog;

typedef enum
{
  BO_BUILD_LOG_STEP,
  BO_BUILD_LOG_LINE,
} BoBuildLogEvent;

/**
 * BoBuildLogFunc:
 * @event: whether a step changed or got a line more
 * @index: index of the step in the trial's steps
 * @line: (nullable): the new line, valid during the call
 */
typedef void (*BoBuildLogFunc) (BoBuildLogEvent event,
                                guint index,
                                const BoLogLine *line,
                                gpointer user_data);

/* No step: a line that is nobody's. */
#define BO_BUILD_LOG_NO_STEP G_MAXUINT

BoBuildLog *bo_build_log_new (BoTrial *trial,
                              const BoPlannedTrial *planned,
                              guint keep_lines,
                              BoBuildLogFunc func,
                              gpointer user_data);
void bo_build_log_free (BoBuildLog *log);

void bo_build_log_set_start (BoBuildLog *log, gint64 start_us);
gint64 bo_build_log_get_start (BoBuildLog *log);

guint bo_build_log_number_in_file (BoBuildLog *log, guint stage, guint number);
guint bo_build_log_add_step (BoBuildLog *log,
                             const char *stage,
                             guint number,
                             guint total,
                             const char *instruction);
guint bo_build_log_add_internal (BoBuildLog *log, const char *name);
void bo_build_log_put_in_order (BoBuildLog *log);
void bo_build_log_set_times (BoBuildLog *log, guint index, gint64 begin_us, gint64 duration_us);
gint64 bo_build_log_get_begin (BoBuildLog *log, guint index);
void bo_build_log_set_cached (BoBuildLog *log, guint index, gboolean cached);
void bo_build_log_set_clipped (BoBuildLog *log, guint index);
void bo_build_log_set_failed (BoBuildLog *log, guint index, const char *error, int exit_code);
void bo_build_log_add_line (BoBuildLog *log, guint index, gint64 time_us, guint8 stream, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoBuildLog, bo_build_log_free)

G_END_DECLS
