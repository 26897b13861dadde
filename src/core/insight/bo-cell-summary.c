/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cell-summary"

#include "config.h"

#include <math.h>

#include "insight/bo-cell-summary.h"

/**
 * bo_flag_is_disturbing:
 * @flag: a flag of a trial
 *
 * A clipped log costs the build nothing, and BuildKit clips the log of every
 * chatty build: it is shown, but its time counts. Every other flag says that
 * something besides the build took the device's time.
 *
 * Returns: whether a trial with it is left out of claims
 */
gboolean
bo_flag_is_disturbing (const char *flag)
{
  g_return_val_if_fail (flag != NULL, FALSE);

  return !g_str_equal (flag, "clipped-log");
}

gboolean
bo_trial_is_disturbed (const BoTrial *trial)
{
  g_return_val_if_fail (trial != NULL, FALSE);

  for (guint i = 0; i < trial->flags->len; i++)
    if (bo_flag_is_disturbing (g_ptr_array_index (trial->flags, i)))
      return TRUE;
  return FALSE;
}

static gboolean
has_time (const BoTrial *trial)
{
  return trial->kind == BO_TRIAL_COUNTED && trial->outcome == BO_OUTCOME_SUCCEEDED && trial->build_us >= 0;
}

/**
 * bo_trial_is_usable:
 * @trial: a trial
 *
 * Returns: whether its build time may be used in medians and comparisons:
 *   counted, succeeded and undisturbed
 */
gboolean
bo_trial_is_usable (const BoTrial *trial)
{
  g_return_val_if_fail (trial != NULL, FALSE);

  return has_time (trial) && !bo_trial_is_disturbed (trial);
}

static gint64
median_of (GArray *values)
{
  if (values->len == 0)
    return -1;
  return (gint64) llround (bo_statistics_median ((const double *) values->data, values->len));
}

static void
summarize_sizes (BoCellSummary *summary)
{
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) added = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < summary->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (summary->trials, i);
      double value;

      if (trial->outcome != BO_OUTCOME_SUCCEEDED || trial->image == NULL)
        continue;
      value = (double) trial->image->size;
      if (trial->image->size >= 0)
        g_array_append_val (sizes, value);
      value = (double) trial->image->added_size;
      if (trial->image->added_size >= 0)
        g_array_append_val (added, value);
    }
  summary->image_size = median_of (sizes);
  summary->added_size = median_of (added);
}

/**
 * bo_cell_summary_new:
 * @cell: a cell
 * @trials: (element-type BoTrial): trials of any cells and kinds
 *
 * Returns: (transfer full): what those of @cell come to
 */
BoCellSummary *
bo_cell_summary_new (const BoCell *cell, GPtrArray *trials)
{
  BoCellSummary *summary = g_new0 (BoCellSummary, 1);
  g_autoptr (GArray) usable = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) disturbed = g_array_new (FALSE, FALSE, sizeof (double));
  GArray *times;

  g_return_val_if_fail (cell != NULL && trials != NULL, summary);

  summary->cell = bo_cell_copy (cell);
  summary->trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);
      double time = (double) trial->build_us;

      if (trial->kind != BO_TRIAL_COUNTED || !bo_cell_equal (trial->cell, cell))
        continue;
      g_ptr_array_add (summary->trials, bo_trial_ref (trial));
      summary->n_outcomes[trial->outcome]++;
      if (bo_trial_is_usable (trial))
        g_array_append_val (usable, time);
      else if (has_time (trial))
        g_array_append_val (disturbed, time);
    }

  summary->n_usable = usable->len;
  summary->n_disturbed = disturbed->len;
  summary->only_disturbed = usable->len == 0 && disturbed->len > 0;
  times = summary->only_disturbed ? disturbed : usable;
  bo_statistics_spread ((const double *) times->data, times->len, &summary->build);
  summarize_sizes (summary);
  return summary;
}

void
bo_cell_summary_free (BoCellSummary *summary)
{
  if (summary == NULL)
    return;
  bo_cell_free (summary->cell);
  g_clear_pointer (&summary->trials, g_ptr_array_unref);
  g_free (summary);
}

/**
 * bo_cell_summary_count_tried:
 * @summary: a cell
 *
 * Returns: how many of its trials say something about the strategy: they
 *   succeeded, failed or ran out of time. What was skipped, cancelled or
 *   interrupted says nothing
 */
guint
bo_cell_summary_count_tried (const BoCellSummary *summary)
{
  g_return_val_if_fail (summary != NULL, 0);

  return summary->n_outcomes[BO_OUTCOME_SUCCEEDED] + summary->n_outcomes[BO_OUTCOME_FAILED]
         + summary->n_outcomes[BO_OUTCOME_TIMED_OUT];
}

/**
 * bo_cell_summary_get_typical:
 * @summary: a cell
 *
 * Returns: (nullable) (transfer none): the trial whose build time is nearest to the median
 */
const BoTrial *
bo_cell_summary_get_typical (const BoCellSummary *summary)
{
  const BoTrial *typical = NULL;
  double distance = 0;

  g_return_val_if_fail (summary != NULL, NULL);

  for (guint i = 0; i < summary->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (summary->trials, i);
      double d = fabs ((double) trial->build_us - summary->build.median);

      if (!(summary->only_disturbed ? has_time (trial) : bo_trial_is_usable (trial)))
        continue;
      if (typical == NULL || d < distance)
        {
          typical = trial;
          distance = d;
        }
    }
  return typical;
}

/**
 * bo_cell_summary_get_first:
 * @summary: a cell
 * @outcome: an outcome
 *
 * Returns: (nullable) (transfer none): the first trial that ended so
 */
const BoTrial *
bo_cell_summary_get_first (const BoCellSummary *summary, BoOutcome outcome)
{
  g_return_val_if_fail (summary != NULL, NULL);

  for (guint i = 0; i < summary->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (summary->trials, i);

      if (trial->outcome == outcome)
        return trial;
    }
  return NULL;
}

/**
 * bo_trial_get_slowest_step:
 * @trial: a trial
 *
 * Returns: (nullable) (transfer none): the step that took longest, work
 *   between the steps (sending, exporting) included; cached ones took nothing
 */
const BoStep *
bo_trial_get_slowest_step (const BoTrial *trial)
{
  const BoStep *slowest = NULL;

  g_return_val_if_fail (trial != NULL, NULL);

  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);

      if (step->cached || step->duration_us <= 0)
        continue;
      if (slowest == NULL || step->duration_us > slowest->duration_us)
        slowest = step;
    }
  return slowest;
}

/**
 * bo_cell_summaries_get_noise:
 * @summaries: (element-type BoCellSummary): the cells of a report
 * @condition: the condition that is compared
 *
 * The noise floor of comparisons in one condition. A warm build of half a
 * second varies by a larger share than a cold one of an hour, so each
 * condition is held against its own repeated cells.
 *
 * Returns: a fraction, at least 0.02
 */
double
bo_cell_summaries_get_noise (GPtrArray *summaries, BoCondition condition)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (double));

  g_return_val_if_fail (summaries != NULL, BO_NOISE_MINIMUM);

  for (guint i = 0; i < summaries->len; i++)
    {
      const BoCellSummary *summary = g_ptr_array_index (summaries, i);

      if (summary->cell->condition == condition && summary->n_usable > 1)
        g_array_append_val (ranges, summary->build.relative_range);
    }
  return bo_statistics_noise_floor ((const double *) ranges->data, ranges->len);
}

/* How much an answer outweighs the others. */
static guint
weight (BoVerdict verdict)
{
  switch (verdict)
    {
    case BO_VERDICT_NO:
      return 3;
    case BO_VERDICT_YES:
      return 2;
    case BO_VERDICT_UNSUPPORTED:
      return 1;
    case BO_VERDICT_NONE:
    default:
      return 0;
    }
}

/**
 * bo_probe_summarize:
 * @trials: (element-type BoTrial): trials of any cells
 * @strategy, @base, @builder: whose images are meant; the condition makes no difference to them
 * @index: which of the strategy's probes
 * @kind: its kind
 * @required: whether it is required
 *
 * Every run of a workload is in a fresh container, so all runs of all
 * repetitions count alike. Runs in disturbed trials are left out when there
 * are others.
 *
 * Returns: what the answers come to; @result is borrowed from @trials
 */
BoProbeSummary
bo_probe_summarize (GPtrArray *trials,
                    const char *strategy,
                    const char *base,
                    BoBuilder builder,
                    guint index,
                    BoProbeKind kind,
                    gboolean required)
{
  BoProbeSummary summary = { .kind = kind, .index = index, .required = required };
  g_autoptr (GArray) usable = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) disturbed = g_array_new (FALSE, FALSE, sizeof (double));
  GArray *times;

  g_return_val_if_fail (trials != NULL && strategy != NULL && base != NULL, summary);

  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);

      if (trial->kind == BO_TRIAL_PREBUILD || trial->cell == NULL
          || !g_str_equal (trial->cell->strategy, strategy) || !g_str_equal (trial->cell->base, base)
          || trial->cell->builder != builder)
        continue;
      for (guint k = 0; k < trial->probes->len; k++)
        {
          const BoProbeResult *result = g_ptr_array_index (trial->probes, k);

          if (result->index != index || result->kind != kind)
            continue;
          summary.simulated |= result->simulated;
          if (summary.result == NULL || weight (result->verdict) > weight (summary.verdict))
            {
              summary.result = result;
              summary.verdict = result->verdict;
            }
          for (guint r = 0; r < result->runs->len; r++)
            {
              const BoProbeRun *run = g_ptr_array_index (result->runs, r);
              double time = (double) run->duration_us;

              if (run->exit_code != 0 || run->timed_out || run->duration_us < 0)
                summary.n_failed_runs++;
              else if (bo_trial_is_disturbed (trial))
                g_array_append_val (disturbed, time);
              else
                g_array_append_val (usable, time);
            }
        }
    }

  times = usable->len > 0 ? usable : disturbed;
  bo_statistics_spread ((const double *) times->data, times->len, &summary.run);
  return summary;
}

/**
 * bo_break_even:
 * @cost_us: what has to be spent once
 * @slow_us: one build without it
 * @fast_us: one build with it
 *
 * Returns: after how many builds it has paid for itself, or 0 when it never does
 */
guint64
bo_break_even (gint64 cost_us, gint64 slow_us, gint64 fast_us)
{
  gint64 saving = slow_us - fast_us;

  if (cost_us < 0 || slow_us < 0 || fast_us < 0 || saving <= 0)
    return 0;
  return (guint64) MAX (cost_us / saving + (cost_us % saving != 0), 1);
}
