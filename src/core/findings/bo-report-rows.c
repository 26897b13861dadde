/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report"

#include "config.h"

#include <math.h>

#include "findings/bo-report-parts.h"
#include "insight/bo-duration.h"

/*
 * The validation table: one row for each strategy of the study. Build Time is
 * that of its cold cell on its first base with the study's default builder;
 * Run Time that of its workload on the same images.
 */

/* How much of a log's line fits into a cell of a table. */
#define QUOTE_MAX 160

static BoCell *
make_validation_cell (const BoReportMaker *maker, const BoStrategy *strategy)
{
  BoBuilder builder = maker->study->default_builder;
  gboolean has_default = FALSE;

  if (strategy->bases->len == 0)
    return NULL;
  for (guint i = 0; i < strategy->builders->len; i++)
    has_default |= g_array_index (strategy->builders, BoBuilder, i) == builder;
  if (!has_default && strategy->builders->len > 0)
    builder = g_array_index (strategy->builders, BoBuilder, 0);
  return bo_cell_new (strategy->id, g_ptr_array_index (strategy->bases, 0), builder, BO_CONDITION_COLD);
}

/* "47 min 12 s (n=3)", and how many did not get there: a median of survivors alone would flatter. */
static char *
format_build_time (const BoReportMaker *maker, const BoCellSummary *summary)
{
  g_autofree char *median = bo_duration_format (llround (summary->build.median));
  guint n = (guint) summary->build.n;
  guint n_failed = summary->n_outcomes[BO_OUTCOME_FAILED];
  guint n_timed_out = summary->n_outcomes[BO_OUTCOME_TIMED_OUT];
  GString *text = g_string_new (median);

  g_string_append_printf (text, " (n=%u", n);
  if (summary->only_disturbed)
    g_string_append_printf (text, ", %s", D_ (maker->language, "disturbed"));
  if (n_failed > 0)
    g_string_append_printf (text, D_ (maker->language, ", failed: %u"), n_failed);
  if (n_timed_out > 0)
    g_string_append_printf (text, D_ (maker->language, ", timed out: %u"), n_timed_out);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static void
set_build_time (const BoReportMaker *maker, BoReportRow *row, const BoReportCell *cell)
{
  const BoTrial *stopped;

  row->build_us = -1;
  if (cell == NULL)
    {
      row->build_time = g_strdup (D_ (maker->language, "not run"));
      return;
    }
  if (cell->summary->build.n > 0)
    {
      row->build_us = llround (cell->summary->build.median);
      row->n_build = (guint) cell->summary->build.n;
      row->build_time = format_build_time (maker, cell->summary);
      return;
    }
  stopped = bo_cell_summary_get_first (cell->summary, BO_OUTCOME_FAILED);
  if (stopped == NULL)
    stopped = bo_cell_summary_get_first (cell->summary, BO_OUTCOME_TIMED_OUT);
  row->build_time = stopped != NULL ? bo_report_describe_stop (maker, stopped)
                                    : g_strdup (D_ (maker->language, "not run"));
}

static void
set_run_time (BoReportRow *row, const BoProbeSummary *workload)
{
  g_autofree char *median = NULL;

  if (workload->run.n == 0)
    return;
  row->run_us = llround (workload->run.median);
  row->n_run = (guint) workload->run.n;
  median = bo_duration_format (row->run_us);
  g_free (row->run_time);
  row->run_time = g_strdup_printf ("%s (n=%u)", median, row->n_run);
}

static char *
describe_modules (const BoReportMaker *maker, const BoProbeSummary *probe)
{
  g_autofree char *reason = NULL;

  if (probe->verdict != BO_VERDICT_NO)
    return NULL;
  if (probe->result->reason != NULL)
    reason = bo_report_shorten (probe->result->reason, QUOTE_MAX);
  return reason != NULL ? g_strdup_printf (D_ (maker->language, "imports fail: %s"), reason)
                        : g_strdup (D_ (maker->language, "imports fail"));
}

static char *
describe_workload (const BoReportMaker *maker, const BoProbeSummary *probe)
{
  g_autofree char *reason = NULL;

  if (probe->verdict != BO_VERDICT_NO && probe->verdict != BO_VERDICT_UNSUPPORTED && probe->n_failed_runs == 0)
    return NULL;
  if (probe->result != NULL && probe->result->reason != NULL)
    reason = bo_report_shorten (probe->result->reason, QUOTE_MAX);
  return reason != NULL ? g_strdup_printf (D_ (maker->language, "workload fails: %s"), reason)
                        : g_strdup (D_ (maker->language, "workload fails"));
}

/* What the probes found; also sets Run Time and whether the required ones passed. */
static void
add_probes (const BoReportMaker *maker, const BoStrategy *strategy, BoReportRow *row, GString *outcome)
{
  gboolean has_workload = FALSE;

  for (guint i = 0; i < strategy->probes->len; i++)
    {
      const BoProbe *probe = g_ptr_array_index (strategy->probes, i);
      BoProbeSummary answer = bo_probe_summarize (maker->trials, strategy->id, row->cell->base,
                                                  row->cell->builder, i, probe->kind, probe->required);
      g_autofree char *text = NULL;

      if (probe->required && answer.verdict != BO_VERDICT_YES)
        row->passes = FALSE;
      switch (probe->kind)
        {
        case BO_PROBE_CUDA:
          if (answer.result != NULL)
            {
              g_autofree char *cuda = bo_report_describe_cuda (maker, &answer, TRUE);

              text = g_strdup_printf (D_ (maker->language, "CUDA: %s"), cuda);
            }
          break;
        case BO_PROBE_IMPORTS:
          text = describe_modules (maker, &answer);
          break;
        case BO_PROBE_WORKLOAD:
          /* The first workload is the Run Time column. */
          if (!has_workload)
            set_run_time (row, &answer);
          /* Required or not: an image that cannot do its work is no answer to which way is best. */
          if (answer.verdict == BO_VERDICT_NO)
            row->passes = FALSE;
          has_workload = TRUE;
          text = describe_workload (maker, &answer);
          break;
        default:
          g_assert_not_reached ();
        }
      bo_report_append_part (outcome, text);
    }
}

/* A strategy that was not run because its prebuild failed is told by the prebuild's failure. */
static char *
describe_skipped (const BoReportMaker *maker, const BoTrial *trial)
{
  g_autoptr (GPtrArray) prebuilds = bo_report_get_prebuild_trials (maker, trial->cell);

  for (guint i = 0; prebuilds != NULL && i < prebuilds->len; i++)
    {
      const BoTrial *prebuild = g_ptr_array_index (prebuilds, i);
      g_autofree char *stop = NULL;
      g_autofree char *reason = NULL;

      if (prebuild->outcome != BO_OUTCOME_FAILED && prebuild->outcome != BO_OUTCOME_TIMED_OUT)
        continue;
      stop = bo_report_describe_stop (maker, prebuild);
      reason = bo_report_describe_reason (maker, prebuild, QUOTE_MAX);
      return g_strdup_printf (D_ (maker->language, "its prebuild %s: %s: %s"),
                              prebuild->prebuild != NULL ? prebuild->prebuild : prebuild->id, stop,
                              reason != NULL ? reason : D_ (maker->language, "no reason given"));
    }
  return bo_report_describe_reason (maker, trial, QUOTE_MAX);
}

/* Why there is no build time. */
static char *
describe_no_build (const BoReportMaker *maker, const BoReportCell *cell)
{
  static const BoOutcome order[] = { BO_OUTCOME_FAILED,      BO_OUTCOME_TIMED_OUT,   BO_OUTCOME_SKIPPED,
                                     BO_OUTCOME_UNSUPPORTED, BO_OUTCOME_INTERRUPTED, BO_OUTCOME_CANCELLED };

  if (cell == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      const BoTrial *trial = bo_cell_summary_get_first (cell->summary, order[i]);
      g_autofree char *reason = NULL;
      const char *word;

      if (trial == NULL)
        continue;
      reason = order[i] == BO_OUTCOME_SKIPPED ? describe_skipped (maker, trial)
                                              : bo_report_describe_reason (maker, trial, QUOTE_MAX);
      if (order[i] == BO_OUTCOME_FAILED)
        return g_steal_pointer (&reason);
      word = order[i] == BO_OUTCOME_TIMED_OUT     ? D_ (maker->language, "stopped by its time limit")
             : order[i] == BO_OUTCOME_SKIPPED     ? D_ (maker->language, "skipped")
             : order[i] == BO_OUTCOME_UNSUPPORTED ? D_ (maker->language, "this engine cannot do it")
             : order[i] == BO_OUTCOME_INTERRUPTED ? D_ (maker->language, "interrupted")
                                                  : D_ (maker->language, "cancelled");
      if (reason == NULL)
        return g_strdup (word);
      return g_strdup_printf ("%s: %s", word, reason);
    }
  return NULL;
}

static char *
describe_prebuild_cost (const BoReportMaker *maker, const BoCell *cell)
{
  g_autoptr (GPtrArray) trials = bo_report_get_prebuild_trials (maker, cell);
  g_autofree char *time = NULL;
  gint64 cost_us = 0;

  if (trials == NULL || trials->len == 0)
    return NULL;
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);

      if (trial->outcome != BO_OUTCOME_SUCCEEDED || trial->build_us < 0)
        return NULL;
      cost_us += trial->build_us;
    }
  time = bo_duration_format (cost_us);
  return g_strdup_printf (D_ (maker->language, "prebuild %s, once"), time);
}

static void
set_notes (const BoReportMaker *maker, const BoStrategy *strategy, BoReportRow *row)
{
  g_autofree char *key = g_strconcat (BO_NOTE_STRATEGY_PREFIX, strategy->id, NULL);
  const char *own = maker->input->notes != NULL ? g_hash_table_lookup (maker->input->notes, key) : NULL;
  GString *text = g_string_new (NULL);

  bo_report_append_part (text, strategy->notes);
  bo_report_append_part (text, own);
  row->notes = g_string_free (text, text->len == 0);
  row->study_notes = g_strdup (strategy->notes);
}

static BoReportRow *
make_row (const BoReportMaker *maker, const BoStrategy *strategy)
{
  BoReportRow *row = g_new0 (BoReportRow, 1);
  GString *outcome = g_string_new (NULL);
  const BoReportCell *cell = NULL;
  g_autofree char *no_build = NULL;

  row->strategy = g_strdup (strategy->id);
  row->title = g_strdup (strategy->title != NULL ? strategy->title : strategy->id);
  row->cell = make_validation_cell (maker, strategy);
  row->baseline = g_strcmp0 (strategy->id, maker->study->baseline) == 0;
  row->run_us = -1;
  row->run_time = g_strdup (BO_NO_VALUE);
  set_notes (maker, strategy, row);
  if (row->cell != NULL)
    cell = bo_report_find_cell (maker, row->cell);
  row->planned = cell != NULL;
  set_build_time (maker, row, cell);

  if (row->n_build == 0)
    {
      no_build = describe_no_build (maker, cell);
      bo_report_append_part (outcome, no_build);
    }
  else
    {
      g_autofree char *prebuild = describe_prebuild_cost (maker, row->cell);

      row->passes = TRUE;
      add_probes (maker, strategy, row, outcome);
      bo_report_append_part (outcome, prebuild);
      if (cell->summary->only_disturbed)
        bo_report_append_part (outcome, cell->flags);
    }
  row->outcome = g_string_free (outcome, outcome->len == 0);
  return row;
}

static void
mark_best (BoReportMaker *maker)
{
  BoReportRow *best = NULL;
  g_autofree char *time = NULL;

  for (guint i = 0; i < maker->report->rows->len; i++)
    {
      BoReportRow *row = g_ptr_array_index (maker->report->rows, i);
      const BoReportCell *cell = row->cell != NULL ? bo_report_find_cell (maker, row->cell) : NULL;

      if (!row->passes || row->build_us < 0 || cell == NULL || cell->summary->only_disturbed)
        continue;
      if (best == NULL || row->build_us < best->build_us)
        best = row;
    }
  if (best == NULL)
    return;

  best->best = TRUE;
  time = bo_duration_format (best->build_us);
  maker->report->best = g_strdup_printf (
    best->n_build == 1
      ? D_ (maker->language, "Fastest cold build among the strategies whose required probes and workload pass: %s, %s (n=%u). "
                             "One run is a first look; it does not establish the order.")
      : D_ (maker->language, "Fastest cold build among the strategies whose required probes and workload pass: %s, %s (n=%u)."),
    best->title, time, best->n_build);
}

/* As add_probes() has it for a row. */
static gboolean
cell_passes (const BoReportMaker *maker, const BoReportCell *cell)
{
  const BoCell *key = cell->summary->cell;
  const BoStrategy *strategy = bo_report_find_strategy (maker, key->strategy);

  if (strategy == NULL || cell->summary->build.n == 0)
    return FALSE;
  for (guint i = 0; i < strategy->probes->len; i++)
    {
      const BoProbe *probe = g_ptr_array_index (strategy->probes, i);
      BoProbeSummary answer = bo_probe_summarize (maker->trials, strategy->id, key->base, key->builder, i, probe->kind,
                                                  probe->required);

      if (probe->required && answer.verdict != BO_VERDICT_YES)
        return FALSE;
      if (probe->kind == BO_PROBE_WORKLOAD && answer.verdict == BO_VERDICT_NO)
        return FALSE;
    }
  return TRUE;
}

static gboolean
same_column (const BoCell *a, const BoCell *b)
{
  return g_strcmp0 (a->base, b->base) == 0 && a->builder == b->builder && a->condition == b->condition;
}

static void
mark_best_of_columns (BoReportMaker *maker)
{
  GPtrArray *cells = maker->report->cells;

  for (guint i = 0; i < cells->len; i++)
    {
      BoReportCell *cell = g_ptr_array_index (cells, i);

      cell->passes = cell_passes (maker, cell);
    }
  for (guint i = 0; i < cells->len; i++)
    {
      BoReportCell *cell = g_ptr_array_index (cells, i);
      guint n_others = 0;

      cell->best = cell->passes && !cell->summary->only_disturbed
                   && cell->summary->cell->condition != BO_CONDITION_WARM;
      for (guint k = 0; cell->best && k < cells->len; k++)
        {
          const BoReportCell *other = g_ptr_array_index (cells, k);

          if (k == i || other->summary->build.n == 0 || !same_column (cell->summary->cell, other->summary->cell))
            continue;
          n_others++;
          /* The first one of two that are equal, so that there is one. */
          if (other->passes && !other->summary->only_disturbed
              && (other->summary->build.median < cell->summary->build.median
                  || (k < i && other->summary->build.median <= cell->summary->build.median)))
            cell->best = FALSE;
        }
      cell->best = cell->best && n_others > 0;
    }
}

/* Names the cells of the table; most rows share base and builder, so these are said once. */
static char *
describe_cells_used (const BoReportMaker *maker)
{
  GString *text = g_string_new (D_ (maker->language, "Build Time: median of the undisturbed successful cold builds; "
                                                     "Run Time: median of the workload, each in a fresh "
                                                     "container. Cells used:"));

  for (guint i = 0; i < maker->report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (maker->report->rows, i);
      g_autofree char *key = row->cell != NULL ? bo_cell_get_key (row->cell) : g_strdup (row->strategy);

      g_string_append_printf (text, "%s %s", i > 0 ? "," : "", key);
    }
  g_string_append_c (text, '.');
  return g_string_free (text, FALSE);
}

void
bo_report_add_rows (BoReportMaker *maker)
{
  for (guint i = 0; i < maker->study->strategies->len; i++)
    g_ptr_array_add (maker->report->rows, make_row (maker, g_ptr_array_index (maker->study->strategies, i)));
  mark_best (maker);
  mark_best_of_columns (maker);
  maker->report->cells_used = describe_cells_used (maker);
}
