/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "activity/bo-log-palette.h"
#include "activity/bo-log-rows.h"
#include "journal/bo-log-matcher.h"

G_BEGIN_DECLS

/* More of a line is not shown; it is there when it is copied or saved. */
#define BO_LOG_LINE_SHOWN (64 * 1024)

/**
 * BoLogLook: how all lines are written
 * @palette: their colours
 * @font: (nullable): of fixed width
 * @char_width: of one letter, in pixels
 * @line_height: of a line, in pixels
 * @times: whether the time stands before each
 * @time_width: pixels that the time takes, with the room after it
 * @matcher: (nullable): finds what is to be marked
 * @time_layout: (nullable): of the last time that was written, for the lines that share it
 */
typedef struct
{
  BoLogPalette palette;
  PangoFontDescription *font;
  double char_width;
  int line_height;
  gboolean times;
  int time_width;
  BoLogMatcher *matcher;
  PangoLayout *time_layout;
} BoLogLook;

/* One line of a log, which another line takes over when it is scrolled out of sight. */
#define BO_TYPE_LOG_ROW (bo_log_row_get_type ())
G_DECLARE_FINAL_TYPE (BoLogRow, bo_log_row, BO, LOG_ROW, GtkWidget)

BoLogRow *bo_log_row_new (BoLogLook *look);
void bo_log_row_show (BoLogRow *self, const BoLogPlace *place, const BoLogEntry *entry);
void bo_log_row_look_again (BoLogRow *self);
void bo_log_row_set_scroll (BoLogRow *self, double x);
void bo_log_row_set_marks (BoLogRow *self, gsize begin, gsize end, gboolean current);
void bo_log_row_tell (BoLogRow *self);

BoLogPlace bo_log_row_get_place (BoLogRow *self);
double bo_log_row_get_text_width (BoLogRow *self);
gsize bo_log_row_get_index (BoLogRow *self, double x);
const char *bo_log_row_get_text (BoLogRow *self);
gboolean bo_log_row_get_match (BoLogRow *self, double *begin, double *end);

char *bo_log_row_format_time (gint64 time_us);

G_END_DECLS
