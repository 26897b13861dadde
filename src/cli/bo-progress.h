/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoProgressState: what is under way, as the status lines say it
 * @n_done: trials that have ended
 * @n_total: trials of the campaign
 * @title: (nullable): the trial under way
 * @phase: (nullable): its phase
 * @step: (nullable): its step ("step 3 of 7  RUN pip install …")
 * @trial_us: how long the trial is under way, or -1
 * @elapsed_us: since the campaign began
 * @left_us: estimate of what is left, or -1 when there is nothing to estimate from
 */
typedef struct
{
  guint n_done;
  guint n_total;
  const char *title;
  const char *phase;
  const char *step;
  gint64 trial_us;
  gint64 elapsed_us;
  gint64 left_us;
} BoProgressState;

/**
 * BoProgress: the live display of `run`
 *
 * On a terminal two status lines are kept below the lines that stay; anywhere
 * else only the lines that stay are printed, so that a log file reads well.
 */
typedef struct _BoProgress BoProgress;

BoProgress *bo_progress_new (gboolean quiet);
void bo_progress_free (BoProgress *progress);
void bo_progress_line (BoProgress *progress, const char *format, ...) G_GNUC_PRINTF (2, 3);
void bo_progress_update (BoProgress *progress, const BoProgressState *state);
void bo_progress_clear (BoProgress *progress);
gboolean bo_progress_is_live (BoProgress *progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoProgress, bo_progress_free)

G_END_DECLS
