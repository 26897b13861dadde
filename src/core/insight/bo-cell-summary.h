/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "insight/bo-statistics.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

/*
 * What the trials of one cell come to. Which trials count for a number is
 * decided here and nowhere else.
 */

gboolean bo_flag_is_disturbing (const char *flag);
gboolean bo_trial_is_disturbed (const BoTrial *trial);
gboolean bo_trial_is_usable (const BoTrial *trial);

/**
 * BoCellSummary: the trials of one cell
 * @cell: the cell
 * @trials: (element-type BoTrial): its counted trials, in the order of their blocks
 * @n_outcomes: how many ended how, by #BoOutcome
 * @n_usable: succeeded and not disturbed: what claims rest on
 * @n_disturbed: succeeded, but left out of claims
 * @build: build times of the usable ones, microseconds; of the disturbed ones when there are no others
 * @only_disturbed: whether @build had to be taken from disturbed trials
 * @image_size: bytes, median over the trials that made an image, or -1
 * @added_size: bytes over the base image, the same, or -1
 */
typedef struct
{
  BoCell *cell;
  GPtrArray *trials;
  guint n_outcomes[BO_N_OUTCOMES];
  guint n_usable;
  guint n_disturbed;
  BoSpread build;
  gboolean only_disturbed;
  gint64 image_size;
  gint64 added_size;
} BoCellSummary;

BoCellSummary *bo_cell_summary_new (const BoCell *cell, GPtrArray *trials);
void bo_cell_summary_free (BoCellSummary *summary);
guint bo_cell_summary_count_tried (const BoCellSummary *summary);
const BoTrial *bo_cell_summary_get_typical (const BoCellSummary *summary);
const BoTrial *bo_cell_summary_get_first (const BoCellSummary *summary, BoOutcome outcome);
const BoStep *bo_trial_get_slowest_step (const BoTrial *trial);

double bo_cell_summaries_get_noise (GPtrArray *summaries, BoCondition condition);

/**
 * BoProbeSummary: what all answers to one probe come to
 * @kind: what was asked
 * @index: which of the strategy's probes
 * @required: as in the study
 * @verdict: no if any answer was no, else yes if any was yes
 * @simulated: whether any answer came from a stand-in GPU
 * @result: (nullable): the answer that @verdict stands for
 * @run: durations of the runs that ended well, microseconds; for workload
 * @n_failed_runs: runs that did not
 */
typedef struct
{
  BoProbeKind kind;
  guint index;
  gboolean required;
  BoVerdict verdict;
  gboolean simulated;
  const BoProbeResult *result;
  BoSpread run;
  guint n_failed_runs;
} BoProbeSummary;

BoProbeSummary bo_probe_summarize (GPtrArray *trials,
                                   const char *strategy,
                                   const char *base,
                                   BoBuilder builder,
                                   guint index,
                                   BoProbeKind kind,
                                   gboolean required);

guint64 bo_break_even (gint64 cost_us, gint64 slow_us, gint64 fast_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoCellSummary, bo_cell_summary_free)

G_END_DECLS
