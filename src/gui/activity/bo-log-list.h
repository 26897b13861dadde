/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "activity/bo-log-rows.h"
#include "journal/bo-log-search.h"

G_BEGIN_DECLS

/*
 * The rows of a log, of which only those that are seen are widgets: opening, scrolling and adding cost the
 * same with a thousand lines as with a million.
 *
 * Signal "cursor-moved" (no arguments): another row is the one that the keyboard is at.
 */
#define BO_TYPE_LOG_LIST (bo_log_list_get_type ())
G_DECLARE_FINAL_TYPE (BoLogList, bo_log_list, BO, LOG_LIST, GtkWidget)

void bo_log_list_set_spool (BoLogList *self, BoLogSpool *spool);
void bo_log_list_update (BoLogList *self);
const BoLogShape *bo_log_list_get_shape (BoLogList *self);

void bo_log_list_set_following (BoLogList *self, gboolean following);
gboolean bo_log_list_get_following (BoLogList *self);
void bo_log_list_set_times (BoLogList *self, gboolean times);
gboolean bo_log_list_get_times (BoLogList *self);
void bo_log_list_set_words (BoLogList *self, const char *words);

void bo_log_list_fold (BoLogList *self, guint id, gboolean fold);
void bo_log_list_fold_all (BoLogList *self, gboolean fold);
gboolean bo_log_list_is_folded (BoLogList *self, guint id);

void bo_log_list_go_to (BoLogList *self, const BoLogPlace *place, gboolean at_top);
void bo_log_list_mark_current (BoLogList *self, const BoLogPlace *place);
gboolean bo_log_list_get_cursor (BoLogList *self, BoLogPlace *place);
gboolean bo_log_list_get_first_seen (BoLogList *self, BoLogPlace *place);

void bo_log_list_select_all (BoLogList *self);
void bo_log_list_select_none (BoLogList *self);
GArray *bo_log_list_get_selected_ranges (BoLogList *self);

guint bo_log_list_count_widgets (BoLogList *self);
char *bo_log_list_get_row_text (BoLogList *self, guint row);

G_END_DECLS
