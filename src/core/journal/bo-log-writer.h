/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "journal/bo-log-spool.h"

G_BEGIN_DECLS

/*
 * Lines of a log as plain text, without colours: for a file, or for the clipboard. As `bakeoff-cli log` writes
 * them, but step by step.
 */

/* What a clipboard takes without holding everything up. */
#define BO_LOG_TEXT_MAX (64 * 1024 * 1024)

/**
 * BoLogRange: lines of one step
 * @id: of the step
 * @titled: whether the step's title comes first, "=== 5/9 RUN make"
 * @first: the first line
 * @n_lines: how many; 0 for the title alone
 * @begin: bytes of the first line's text that are left out
 * @end: where the last line's text ends, in bytes; %G_MAXSIZE for all of it
 */
typedef struct
{
  guint id;
  gboolean titled;
  guint first;
  guint n_lines;
  gsize begin;
  gsize end;
} BoLogRange;

void bo_log_save_async (BoLogSpool *spool,
                        GFile *file,
                        gboolean times,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
gboolean bo_log_save_finish (GAsyncResult *result, GError **error);

void bo_log_get_text_async (BoLogSpool *spool,
                            GArray *ranges,
                            gboolean times,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
char *bo_log_get_text_finish (GAsyncResult *result, GError **error);

G_END_DECLS
