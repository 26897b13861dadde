/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "journal/bo-log-spool.h"

G_BEGIN_DECLS

/*
 * Looks for words in all lines of a log, in a thread; also in those that come later.
 *
 * Signal "changed" (no arguments): more lines were found, or all were looked at. Comes on the main context
 * on which the search was made.
 */
#define BO_TYPE_LOG_SEARCH (bo_log_search_get_type ())
G_DECLARE_FINAL_TYPE (BoLogSearch, bo_log_search, BO, LOG_SEARCH, GObject)

BoLogSearch *bo_log_search_new (BoLogSpool *spool, const char *words, GError **error);
const char *bo_log_search_get_words (BoLogSearch *self);
void bo_log_search_look_again (BoLogSearch *self);

guint64 bo_log_search_get_n_found (BoLogSearch *self, gboolean *busy);
gboolean bo_log_search_find (BoLogSearch *self,
                             const BoLogShape *shape,
                             guint position,
                             gint64 line,
                             gboolean forward,
                             guint *found_position,
                             guint *found_line);
guint64 bo_log_search_get_rank (BoLogSearch *self, const BoLogShape *shape, guint position, guint line);

G_END_DECLS
