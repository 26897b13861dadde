/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * What the lines of a pull add up to: POST /images/create, one JSON object a
 * line, a status for each layer over and over.
 */
typedef struct _BoPullProgress BoPullProgress;

BoPullProgress *bo_pull_progress_new (void);
void bo_pull_progress_free (BoPullProgress *progress);
gboolean
bo_pull_progress_take_line (BoPullProgress *progress, const char *line, gsize length, GError **error);

const char *bo_pull_progress_get_layer (BoPullProgress *progress);
const char *bo_pull_progress_get_status (BoPullProgress *progress);
gint64 bo_pull_progress_get_bytes (BoPullProgress *progress);
gint64 bo_pull_progress_get_total_bytes (BoPullProgress *progress);
guint bo_pull_progress_get_n_layers (BoPullProgress *progress);
guint bo_pull_progress_get_n_done (BoPullProgress *progress);
gboolean bo_pull_progress_is_complete (BoPullProgress *progress);
gboolean bo_pull_progress_was_needed (BoPullProgress *progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoPullProgress, bo_pull_progress_free)

G_END_DECLS
