/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Finds words in lines, whatever their case, and whatever colours they have.
 */
typedef struct _BoLogMatcher BoLogMatcher;

BoLogMatcher *bo_log_matcher_new (const char *words);
void bo_log_matcher_free (BoLogMatcher *matcher);
gboolean bo_log_matcher_find (const BoLogMatcher *matcher,
                              const char *text,
                              gsize length,
                              gsize from,
                              gsize *begin,
                              gsize *end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoLogMatcher, bo_log_matcher_free)

G_END_DECLS
