/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "results/bo-trial.h"

G_BEGIN_DECLS

/*
 * The log of one trial, outside of memory: the text is in a file without a name,
 * in memory are eight bytes a line. Lines are only ever added, by one thread, and
 * can be read at any place, by any thread, meanwhile.
 */

/* The number of a step that is none. */
#define BO_LOG_NO_STEP G_MAXUINT

/**
 * BoLogState:
 * @BO_LOG_READING: what is stored already is being read
 * @BO_LOG_LIVE: all that there is so far has been read; more may come
 * @BO_LOG_COMPLETE: nothing more will come
 * @BO_LOG_FAILED: it could not be read on; what came before is there
 */
typedef enum
{
  BO_LOG_READING,
  BO_LOG_LIVE,
  BO_LOG_COMPLETE,
  BO_LOG_FAILED,
} BoLogState;

/**
 * BoLogStep: a step as it was at one moment; never changes
 * @number: its number in the user's Dockerfile, or 0
 * @total: of how many, or 0
 * @stage: (nullable): as in #BoStep
 * @instruction: as in #BoStep
 * @start_us: after the build's start, or -1
 * @duration_us: or -1
 * @cached: as in #BoStep
 * @failed: as in #BoStep
 * @exit_code: as in #BoStep, or -1
 */
typedef struct
{
  gatomicrefcount ref_count;
  guint number;
  guint total;
  char *stage;
  char *instruction;
  gint64 start_us;
  gint64 duration_us;
  gboolean cached;
  gboolean failed;
  int exit_code;
} BoLogStep;

BoLogStep *bo_log_step_new (const BoStep *step);
BoLogStep *bo_log_step_ref (BoLogStep *step);
void bo_log_step_unref (BoLogStep *step);
char *bo_log_step_make_title (const BoLogStep *step);

/**
 * BoLogPart: a step and how many lines it has
 * @id: by which the spool knows the step; stays the same when the order changes
 * @n_lines: lines that can be read
 * @step: what is known about it
 */
typedef struct
{
  guint id;
  guint n_lines;
  BoLogStep *step;
} BoLogPart;

/**
 * BoLogShape: which steps there are, in order, and how many lines each has
 * @parts: (element-type BoLogPart)
 * @n_lines: of all
 * @newest: id of the step that wrote last, or %BO_LOG_NO_STEP
 * @state: how far it is
 * @generation: another one after all that was there was taken back
 */
typedef struct
{
  GArray *parts;
  guint64 n_lines;
  guint newest;
  BoLogState state;
  guint generation;
} BoLogShape;

void bo_log_shape_clear (BoLogShape *shape);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoLogShape, bo_log_shape_clear)

typedef struct _BoLogSpool BoLogSpool;

BoLogSpool *bo_log_spool_new (GError **error);
BoLogSpool *bo_log_spool_ref (BoLogSpool *spool);
void bo_log_spool_unref (BoLogSpool *spool);

guint bo_log_spool_add_step (BoLogSpool *spool, const BoStep *step);
void bo_log_spool_set_step (BoLogSpool *spool, guint id, const BoStep *step);
void bo_log_spool_set_order (BoLogSpool *spool, const guint *ids, guint n_ids);
gboolean bo_log_spool_add_line (BoLogSpool *spool, guint id, const BoLogLine *line, GError **error);
gboolean bo_log_spool_flush (BoLogSpool *spool, GError **error);
void bo_log_spool_restart (BoLogSpool *spool);
void bo_log_spool_set_state (BoLogSpool *spool, BoLogState state, const GError *error);

void bo_log_spool_get_shape (BoLogSpool *spool, BoLogShape *shape);
GError *bo_log_spool_get_error (BoLogSpool *spool);

/**
 * BoLogEntry: one line as it is kept
 * @step: id of its step
 * @line: its number in the step, from 0
 * @time_us: after the build's start
 * @stream: as in #BoLogLine
 * @text: its begin, or all of it; a NUL follows
 * @length: bytes of @text
 * @total: bytes of the whole line
 */
typedef struct
{
  guint step;
  guint line;
  gint64 time_us;
  guint8 stream;
  const char *text;
  gsize length;
  gsize total;
} BoLogEntry;

/**
 * BoLogCursor: reads lines of a spool; each thread has its own
 */
typedef struct _BoLogCursor BoLogCursor;

BoLogCursor *bo_log_cursor_new (BoLogSpool *spool, gsize ahead);
void bo_log_cursor_free (BoLogCursor *cursor);
gboolean bo_log_cursor_read (BoLogCursor *cursor, guint id, guint line, gsize limit, BoLogEntry *entry, GError **error);
gboolean bo_log_cursor_next (BoLogCursor *cursor, BoLogEntry *entry, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoLogSpool, bo_log_spool_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoLogCursor, bo_log_cursor_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoLogStep, bo_log_step_unref)

G_END_DECLS
