/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report"

#include "config.h"

#include <math.h>

#include "findings/bo-report-parts.h"
#include "insight/bo-duration.h"

/*
 * What Worked and What Didn't Work: for each strategy what may be said of it,
 * and the costs of prebuilds. Times are compared by the claims alone; sizes
 * are exact, so they are compared as they are.
 */

/*
 * Times that differ by less than this are no reason to choose one way or
 * another: warm builds of milliseconds differ by hundreds of percent. Such
 * differences are in the detailed table.
 */
#define TIME_MINIMUM_US G_USEC_PER_SEC

/* Image sizes that differ by less than this are called the same. */
#define SIZE_MINIMUM 0.01

static const BoReportCell *
find_baseline_cell (const BoReportMaker *maker, const BoCell *like)
{
  g_autoptr (BoCell) same_base = bo_cell_new (maker->study->baseline, like->base, like->builder, like->condition);
  const BoReportCell *cell = bo_report_find_cell (maker, same_base);

  if (cell == NULL)
    for (guint i = 0; i < maker->report->rows->len && cell == NULL; i++)
      {
        const BoReportRow *row = g_ptr_array_index (maker->report->rows, i);

        if (row->baseline && row->cell != NULL)
          cell = bo_report_find_cell (maker, row->cell);
      }
  return cell;
}

static gboolean
claims_faster (const BoClaim *claim)
{
  return (claim->kind == BO_CLAIM_PAIRS && claim->n_faster > 0)
         || (claim->kind == BO_CLAIM_DIFFERENT && claim->ratio < 1);
}

static gboolean
claims_slower (const BoClaim *claim)
{
  return (claim->kind == BO_CLAIM_PAIRS && claim->n_slower > 0)
         || (claim->kind == BO_CLAIM_DIFFERENT && claim->ratio > 1);
}

void
bo_report_add_prebuilds (BoReportMaker *maker)
{
  for (guint i = 0; i < maker->report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (maker->report->rows, i);
      const BoReportCell *cell = row->cell != NULL ? bo_report_find_cell (maker, row->cell) : NULL;
      g_autoptr (GPtrArray) trials = NULL;
      BoReportPrebuild *prebuild;
      g_autofree char *cost = NULL;
      g_autofree char *saving = NULL;

      if (cell == NULL)
        continue;
      trials = bo_report_get_prebuild_trials (maker, row->cell);
      if (trials == NULL || trials->len == 0)
        continue;

      prebuild = g_new0 (BoReportPrebuild, 1);
      prebuild->subject = g_strdup (row->title);
      prebuild->saving_us = -1;
      for (guint k = 0; k < trials->len; k++)
        {
          const BoTrial *trial = g_ptr_array_index (trials, k);

          if (trial->build_us < 0)
            prebuild->cost_us = -1;
          else if (prebuild->cost_us >= 0)
            prebuild->cost_us += trial->build_us;
        }
      g_ptr_array_add (maker->report->prebuilds, prebuild);

      if (prebuild->cost_us < 0)
        {
          prebuild->text = g_strdup (D_ (maker->language, "the prebuild did not succeed"));
          continue;
        }
      cost = bo_duration_format (prebuild->cost_us);
      if (cell->claim != NULL && claims_faster (cell->claim))
        {
          const BoReportCell *baseline = find_baseline_cell (maker, row->cell);
          gint64 slow_us = llround (baseline->summary->build.median);
          gint64 fast_us = llround (cell->summary->build.median);

          prebuild->builds = bo_break_even (prebuild->cost_us, slow_us, fast_us);
          prebuild->saving_us = prebuild->builds > 0 ? slow_us - fast_us : -1;
        }
      if (prebuild->builds == 0)
        {
          prebuild->text = g_strdup_printf (D_ (maker->language, "its prebuild takes %s, once; that it saves time "
                                                                 "against the baseline is not established"),
                                            cost);
          continue;
        }
      saving = bo_duration_format (prebuild->saving_us);
      prebuild->text = prebuild->builds == 1
                         ? g_strdup_printf (D_ (maker->language, "its prebuild takes %s, once; with %s less for each "
                                                                 "build it pays for itself with the first build"),
                                            cost, saving)
                         : g_strdup_printf (D_ (maker->language, "its prebuild takes %s, once; with %s less for each "
                                                                 "build it pays for itself after %u builds"),
                                            cost, saving, (guint) MIN (prebuild->builds, G_MAXUINT));
    }
}

static const BoReportPrebuild *
find_prebuild (const BoReportMaker *maker, const char *title)
{
  for (guint i = 0; i < maker->report->prebuilds->len; i++)
    {
      const BoReportPrebuild *prebuild = g_ptr_array_index (maker->report->prebuilds, i);

      if (g_str_equal (prebuild->subject, title))
        return prebuild;
    }
  return NULL;
}

static void
add_point (GPtrArray *points, const char *subject, const char *text)
{
  BoReportPoint *point;

  if (text == NULL || text[0] == '\0')
    return;
  point = g_new0 (BoReportPoint, 1);
  point->subject = g_strdup (subject);
  point->text = g_strdup (text);
  g_ptr_array_add (points, point);
}

static gboolean
matters (const BoReportCell *cell)
{
  double median = cell->summary->build.median;

  return fabs (median - median / cell->claim->ratio) >= (double) TIME_MINIMUM_US;
}

/* All claims on one strategy's cells that say faster, or slower, each with its condition. */
static void
append_claims (const BoReportMaker *maker, const BoReportRow *row, gboolean faster, GString *text)
{
  for (guint i = 0; i < maker->report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (maker->report->cells, i);
      const BoCell *key = cell->summary->cell;
      g_autofree char *part = NULL;

      if (cell->claim == NULL || !g_str_equal (key->strategy, row->strategy)
          || !(faster ? claims_faster (cell->claim) : claims_slower (cell->claim)) || !matters (cell))
        continue;
      if (row->cell != NULL && g_str_equal (row->cell->base, key->base) && row->cell->builder == key->builder)
        part = g_strdup_printf ("%s: %s", bo_condition_to_string (key->condition), cell->versus);
      else
        part = g_strdup_printf ("%s, %s, %s: %s", bo_condition_to_string (key->condition), cell->base_title,
                                bo_builder_to_string (key->builder), cell->versus);
      bo_report_append_part (text, part);
    }
}

static void
append_size (const BoReportMaker *maker, const BoReportRow *row, gboolean smaller, GString *text)
{
  const BoReportCell *cell = row->cell != NULL ? bo_report_find_cell (maker, row->cell) : NULL;
  const BoReportCell *baseline;
  gint64 own, other, difference;
  g_autofree char *size = NULL;
  g_autofree char *share = NULL;
  g_autofree char *part = NULL;

  if (cell == NULL || row->baseline)
    return;
  baseline = find_baseline_cell (maker, row->cell);
  if (baseline == NULL)
    return;
  own = cell->summary->image_size;
  other = baseline->summary->image_size;
  if (own < 0 || other <= 0)
    return;
  difference = smaller ? other - own : own - other;
  if ((double) difference < SIZE_MINIMUM * (double) other)
    return;
  size = bo_size_format (difference);
  share = bo_percent_format ((double) difference / (double) other);
  part = smaller ? g_strdup_printf (D_ (maker->language, "its image is %s (%s) smaller than that of %s"), size, share,
                                    baseline->title)
                 : g_strdup_printf (D_ (maker->language, "its image is %s (%s) larger than that of %s"), size, share,
                                    baseline->title);
  bo_report_append_part (text, part);
}

/* The strategy's cuda answers, as they are told on either side. */
static char *
describe_cuda (const BoReportMaker *maker, const BoReportRow *row, gboolean wanted)
{
  const BoStrategy *strategy = bo_report_find_strategy (maker, row->strategy);

  for (guint i = 0; i < strategy->probes->len; i++)
    {
      const BoProbe *probe = g_ptr_array_index (strategy->probes, i);
      BoProbeSummary answer;

      if (probe->kind != BO_PROBE_CUDA)
        continue;
      answer = bo_probe_summarize (maker->trials, strategy->id, row->cell->base, row->cell->builder, i, probe->kind,
                                   probe->required);
      if (answer.verdict == BO_VERDICT_YES && wanted)
        {
          const char *level = answer.result->level != NULL ? answer.result->level : "?";

          return answer.simulated
                   ? g_strdup_printf (D_ (maker->language, "CUDA works, on a simulated GPU (level %s)"), level)
                   : g_strdup_printf (D_ (maker->language, "CUDA works (level %s)"), level);
        }
      if ((answer.verdict == BO_VERDICT_NO || answer.verdict == BO_VERDICT_UNSUPPORTED) && !wanted)
        {
          g_autofree char *cuda = bo_report_describe_cuda (maker, &answer, TRUE);

          return g_strdup_printf (D_ (maker->language, "builds, but CUDA: %s"), cuda);
        }
      return NULL;
    }
  return NULL;
}

static void
append_prebuild (const BoReportMaker *maker, const BoReportRow *row, gboolean established, GString *text)
{
  const BoReportPrebuild *prebuild = find_prebuild (maker, row->title);

  if (prebuild != NULL && prebuild->cost_us >= 0 && (prebuild->builds > 0) == established)
    bo_report_append_part (text, prebuild->text);
}

static void
add_worked (BoReportMaker *maker, const BoReportRow *row)
{
  GString *text;
  g_autofree char *built = NULL;
  g_autofree char *cuda = NULL;
  g_autofree char *whole = NULL;

  if (row->n_build == 0 || !row->passes)
    return;
  text = g_string_new (NULL);
  built = g_strdup_printf (D_ (maker->language, "builds in %s"), row->build_time);
  cuda = describe_cuda (maker, row, TRUE);
  bo_report_append_part (text, built);
  bo_report_append_part (text, cuda);
  append_claims (maker, row, TRUE, text);
  append_prebuild (maker, row, TRUE, text);
  append_size (maker, row, TRUE, text);
  whole = g_string_free (text, FALSE);
  add_point (maker->report->worked, row->title, whole);
}

/* A required probe without a yes, other than cuda, which has its own words. */
static void
append_probes_missing (const BoReportMaker *maker, const BoReportRow *row, GString *text)
{
  const BoStrategy *strategy = bo_report_find_strategy (maker, row->strategy);

  for (guint i = 0; i < strategy->probes->len; i++)
    {
      const BoProbe *probe = g_ptr_array_index (strategy->probes, i);
      BoProbeSummary answer = bo_probe_summarize (maker->trials, strategy->id, row->cell->base,
                                                  row->cell->builder, i, probe->kind, probe->required);
      g_autofree char *reason = NULL;
      g_autofree char *part = NULL;

      if (probe->kind == BO_PROBE_CUDA && answer.verdict != BO_VERDICT_NONE)
        continue;
      if (answer.verdict == BO_VERDICT_YES || (answer.verdict == BO_VERDICT_NONE && !probe->required))
        continue;
      if (answer.result != NULL && answer.result->reason != NULL)
        reason = bo_report_shorten (answer.result->reason, 200);
      part = answer.verdict == BO_VERDICT_NONE
               ? g_strdup_printf (D_ (maker->language, "its probe “%s” gave no answer"),
                                  bo_probe_kind_to_string (probe->kind))
               : g_strdup_printf (D_ (maker->language, "its probe “%s” says no: %s"),
                                  bo_probe_kind_to_string (probe->kind),
                                  reason != NULL ? reason : D_ (maker->language, "no reason given"));
      bo_report_append_part (text, part);
    }
}

/* Cold builds of the strategy that stopped on other bases or with another builder than those of its row. */
static void
append_other_stops (const BoReportMaker *maker, const BoReportRow *row, GString *text)
{
  for (guint i = 0; i < maker->report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (maker->report->cells, i);
      const BoCell *key = cell->summary->cell;
      const BoTrial *stopped;
      g_autofree char *stop = NULL;
      g_autofree char *reason = NULL;
      g_autofree char *part = NULL;

      if (!g_str_equal (key->strategy, row->strategy) || key->condition != BO_CONDITION_COLD
          || bo_cell_equal (key, row->cell) || cell->summary->build.n > 0)
        continue;
      stopped = bo_cell_summary_get_first (cell->summary, BO_OUTCOME_FAILED);
      if (stopped == NULL)
        stopped = bo_cell_summary_get_first (cell->summary, BO_OUTCOME_TIMED_OUT);
      if (stopped == NULL)
        continue;
      stop = bo_report_describe_stop (maker, stopped);
      reason = bo_report_describe_reason (maker, stopped, 200);
      part = g_strdup_printf (D_ (maker->language, "on %s (%s): %s: %s"), cell->base_title,
                              bo_builder_to_string (key->builder), stop,
                              reason != NULL ? reason : D_ (maker->language, "no reason given"));
      bo_report_append_part (text, part);
    }
}

static void
add_not_worked (BoReportMaker *maker, const BoReportRow *row)
{
  GString *text = g_string_new (NULL);
  g_autofree char *whole = NULL;

  if (row->n_build == 0)
    {
      const BoReportCell *cell = row->cell != NULL ? bo_report_find_cell (maker, row->cell) : NULL;
      const BoTrial *stopped = NULL;

      if (cell != NULL)
        {
          stopped = bo_cell_summary_get_first (cell->summary, BO_OUTCOME_FAILED);
          if (stopped == NULL)
            stopped = bo_cell_summary_get_first (cell->summary, BO_OUTCOME_TIMED_OUT);
        }
      if (stopped != NULL && stopped->elapsed_us >= 0 && stopped->outcome == BO_OUTCOME_FAILED)
        {
          g_autofree char *elapsed = bo_duration_format (stopped->elapsed_us);
          g_autofree char *part = g_strdup_printf (D_ (maker->language, "%s after %s"), row->build_time, elapsed);

          bo_report_append_part (text, part);
        }
      else if (row->outcome != NULL)
        bo_report_append_part (text, row->build_time);
      /* What was never tried did not fail to work: without a reason there is nothing to tell. */
      bo_report_append_part (text, row->outcome);
    }
  else
    {
      g_autofree char *cuda = describe_cuda (maker, row, FALSE);

      bo_report_append_part (text, cuda);
      append_probes_missing (maker, row, text);
      append_claims (maker, row, FALSE, text);
      append_prebuild (maker, row, FALSE, text);
      append_size (maker, row, FALSE, text);
    }
  append_other_stops (maker, row, text);
  whole = g_string_free (text, FALSE);
  add_point (maker->report->not_worked, row->title, whole);
}

/* The user's own lines; each line of the note is a point. */
static void
add_notes (BoReportMaker *maker, GPtrArray *points, const char *key)
{
  const char *note = maker->input->notes != NULL ? g_hash_table_lookup (maker->input->notes, key) : NULL;
  g_auto (GStrv) lines = NULL;

  if (note == NULL)
    return;
  lines = g_strsplit (note, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    add_point (points, NULL, g_strstrip (lines[i]));
}

void
bo_report_add_points (BoReportMaker *maker)
{
  for (guint i = 0; i < maker->report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (maker->report->rows, i);

      if (row->cell == NULL)
        continue;
      add_worked (maker, row);
      add_not_worked (maker, row);
    }
  add_notes (maker, maker->report->worked, BO_NOTE_WORKED);
  add_notes (maker, maker->report->not_worked, BO_NOTE_NOT_WORKED);
}
