/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "journal/bo-log-spool.h"

G_BEGIN_DECLS

/* The line of a place that is the header of its step. */
#define BO_LOG_TITLE (-1)

/**
 * BoLogPlace: a row of the log: the header of a step, or one of its lines
 * @id: of the step; it stays the same when more comes before it
 * @line: from 0, or %BO_LOG_TITLE
 */
typedef struct
{
  guint id;
  gint64 line;
} BoLogPlace;

/*
 * Which rows a log has, and where each one is: a header for each step, and under
 * those that are not folded their lines. All lines are of one height, so that no row has to be made to know that.
 */
typedef struct _BoLogRows BoLogRows;

BoLogRows *bo_log_rows_new (void);
void bo_log_rows_free (BoLogRows *rows);

void bo_log_rows_take_shape (BoLogRows *rows, BoLogShape *shape);
void bo_log_rows_set_heights (BoLogRows *rows, int header, int line);
void bo_log_rows_fold (BoLogRows *rows, guint id, gboolean fold);
void bo_log_rows_fold_all (BoLogRows *rows, gboolean fold);

const BoLogShape *bo_log_rows_get_shape (const BoLogRows *rows);
gboolean bo_log_rows_is_folded (const BoLogRows *rows, guint id);
gint64 bo_log_rows_get_height (const BoLogRows *rows);
guint bo_log_rows_get_position (const BoLogRows *rows, guint id);
const BoLogPart *bo_log_rows_get_part (const BoLogRows *rows, guint id);
gboolean bo_log_rows_has (const BoLogRows *rows, const BoLogPlace *place);
gint64 bo_log_rows_get_top (const BoLogRows *rows, const BoLogPlace *place);
int bo_log_rows_get_row_height (const BoLogRows *rows, const BoLogPlace *place);
gboolean bo_log_rows_find (const BoLogRows *rows, gint64 y, BoLogPlace *place);
gboolean bo_log_rows_move (const BoLogRows *rows, BoLogPlace *place, gint64 by);
int bo_log_rows_compare (const BoLogRows *rows, const BoLogPlace *a, const BoLogPlace *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoLogRows, bo_log_rows_free)

G_END_DECLS
