/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What programs write, made into lines that can be kept and shown.
 */

/* A longer line is cut into several. */
#define BO_LOG_LINE_MAX (1024 * 1024)

char *bo_log_text_clean (const char *bytes, gsize length);

/**
 * BoLineFunc:
 * @line: one line, clean, without its end
 */
typedef void (*BoLineFunc) (const char *line, gpointer user_data);

/**
 * BoLineSplitter: bytes in pieces of any size become lines
 *
 * CR LF ends a line like LF. A CR alone goes back to the line's begin, as
 * progress bars do, and the line is what was written last.
 */
typedef struct
{
  GString *line;
  gboolean returned;
} BoLineSplitter;

void bo_line_splitter_init (BoLineSplitter *splitter);
void bo_line_splitter_clear (BoLineSplitter *splitter);
void bo_line_splitter_feed (BoLineSplitter *splitter,
                            const char *bytes,
                            gsize length,
                            BoLineFunc func,
                            gpointer user_data);
void bo_line_splitter_flush (BoLineSplitter *splitter, BoLineFunc func, gpointer user_data);

G_END_DECLS
