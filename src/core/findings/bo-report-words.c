/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report"

#include "config.h"

#include <string.h>

#include "findings/bo-report-parts.h"
#include "insight/bo-duration.h"

/* The words that several parts of a report use for the same things. */

const BoStrategy *
bo_report_find_strategy (const BoReportMaker *maker, const char *id)
{
  for (guint i = 0; i < maker->study->strategies->len; i++)
    {
      const BoStrategy *strategy = g_ptr_array_index (maker->study->strategies, i);

      if (g_str_equal (strategy->id, id))
        return strategy;
    }
  return NULL;
}

const char *
bo_report_get_strategy_title (const BoReportMaker *maker, const char *id)
{
  const BoStrategy *strategy = bo_report_find_strategy (maker, id);

  return strategy != NULL && strategy->title != NULL ? strategy->title : id;
}

const char *
bo_report_get_base_title (const BoReportMaker *maker, const char *id)
{
  for (guint i = 0; i < maker->study->bases->len; i++)
    {
      const BoBase *base = g_ptr_array_index (maker->study->bases, i);

      if (g_str_equal (base->id, id))
        return base->title != NULL ? base->title : base->id;
    }
  return id;
}

const BoReportCell *
bo_report_find_cell (const BoReportMaker *maker, const BoCell *cell)
{
  for (guint i = 0; i < maker->report->cells->len; i++)
    {
      const BoReportCell *found = g_ptr_array_index (maker->report->cells, i);

      if (bo_cell_equal (found->summary->cell, cell))
        return found;
    }
  return NULL;
}

/* The newest plan of a cell. */
const BoPlannedTrial *
bo_report_find_planned (const BoReportMaker *maker, const BoCell *cell)
{
  for (guint c = 0; c < maker->report->campaigns->len; c++)
    {
      const BoCampaign *campaign = g_ptr_array_index (maker->report->campaigns, c);

      for (guint i = 0; i < campaign->trials->len; i++)
        {
          const BoPlannedTrial *planned = g_ptr_array_index (campaign->trials, i);

          if (planned->kind == BO_TRIAL_COUNTED && planned->cell != NULL && bo_cell_equal (planned->cell, cell))
            return planned;
        }
    }
  return NULL;
}

const BoTrial *
bo_report_find_trial (const BoReportMaker *maker, const char *id)
{
  for (guint i = 0; i < maker->report->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (maker->report->trials, i);

      if (g_strcmp0 (trial->id, id) == 0)
        return trial;
    }
  return NULL;
}

/**
 * bo_report_get_prebuild_trials:
 * @maker: the report in the making
 * @cell: a cell
 *
 * Returns: (nullable) (transfer container) (element-type BoTrial): the prebuilds that @cell needs, as its
 *   newest plan says; %NULL when one of them has no record
 */
GPtrArray *
bo_report_get_prebuild_trials (const BoReportMaker *maker, const BoCell *cell)
{
  const BoPlannedTrial *planned = bo_report_find_planned (maker, cell);
  g_autoptr (GPtrArray) trials = g_ptr_array_new ();

  for (guint i = 0; planned != NULL && i < planned->needs_prebuilds->len; i++)
    {
      const BoTrial *trial = bo_report_find_trial (maker, g_ptr_array_index (planned->needs_prebuilds, i));

      if (trial == NULL)
        return NULL;
      g_ptr_array_add (trials, (gpointer) trial);
    }
  return g_steal_pointer (&trials);
}

/**
 * bo_report_describe_cell:
 * @maker: the report in the making
 * @cell: a cell
 *
 * Returns: (transfer full): "Original (dustynv/pytorch, classic, cold)"
 */
char *
bo_report_describe_cell (const BoReportMaker *maker, const BoCell *cell)
{
  return g_strdup_printf ("%s (%s, %s, %s)", bo_report_get_strategy_title (maker, cell->strategy),
                          bo_report_get_base_title (maker, cell->base), bo_builder_to_string (cell->builder),
                          bo_condition_to_string (cell->condition));
}

/**
 * bo_report_describe_trial:
 * @maker: the report in the making
 * @trial: a trial
 *
 * Returns: (transfer full): the cell of the trial, or the prebuild, without its repetition
 */
char *
bo_report_describe_trial (const BoReportMaker *maker, const BoTrial *trial)
{
  g_autofree char *cell = NULL;

  if (trial->cell == NULL)
    return g_strdup (trial->id);
  if (trial->kind == BO_TRIAL_PREBUILD)
    return g_strdup_printf (D_ (maker->language, "prebuild %s of %s (%s, %s)"),
                            trial->prebuild != NULL ? trial->prebuild : trial->id,
                            bo_report_get_strategy_title (maker, trial->cell->strategy),
                            bo_report_get_base_title (maker, trial->cell->base),
                            bo_builder_to_string (trial->cell->builder));
  cell = bo_report_describe_cell (maker, trial->cell);
  if (trial->kind == BO_TRIAL_PRIMING)
    return g_strdup_printf (D_ (maker->language, "%s, priming build"), cell);
  return g_steal_pointer (&cell);
}

/* "step 5 of 9", "step 3 of 5 of stage builder", "“exporting to image”"; NULL when it never got to a step. */
static char *
describe_step (const BoReportMaker *maker, const BoTrial *trial)
{
  const BoStep *step;
  guint total;

  if (trial->failed_step < 0 || (guint) trial->failed_step >= trial->steps->len)
    return NULL;
  step = g_ptr_array_index (trial->steps, trial->failed_step);
  total = step->total > 0 ? step->total : trial->n_steps;
  if (step->number == 0)
    {
      g_autofree char *instruction = bo_report_shorten (step->instruction != NULL ? step->instruction : "?", 60);

      return g_strdup_printf (D_ (maker->language, "“%s”"), instruction);
    }
  if (total == 0)
    return g_strdup_printf (D_ (maker->language, "step %u"), step->number);
  if (step->stage != NULL && trial->cell != NULL && trial->cell->builder == BO_BUILDER_BUILDKIT)
    return g_strdup_printf (D_ (maker->language, "step %u of %u of stage %s"), step->number, total, step->stage);
  return g_strdup_printf (D_ (maker->language, "step %u of %u"), step->number, total);
}

/**
 * bo_report_describe_stop:
 * @maker: the report in the making
 * @trial: a trial that failed or ran out of time
 *
 * Returns: (transfer full): "failed at step 5 of 9", "failed before its first step", "> 6 h"
 */
char *
bo_report_describe_stop (const BoReportMaker *maker, const BoTrial *trial)
{
  g_autofree char *step = describe_step (maker, trial);

  if (trial->outcome == BO_OUTCOME_TIMED_OUT)
    {
      const BoStrategy *strategy = bo_report_find_strategy (maker, trial->cell->strategy);
      gint64 limit_us = strategy != NULL && strategy->timeout_us > 0 ? strategy->timeout_us : trial->elapsed_us;
      g_autofree char *limit = bo_duration_format_limit (limit_us);

      return g_strdup_printf ("> %s", limit);
    }
  if (step == NULL)
    return g_strdup (D_ (maker->language, "failed before its first step"));
  return g_strdup_printf (D_ (maker->language, "failed at %s"), step);
}

/**
 * bo_report_shorten:
 * @text: text of an engine or a log
 * @max: how many characters may stay
 *
 * Returns: (transfer full): @text on one line, without control characters, shortened with "…"
 */
char *
bo_report_shorten (const char *text, gsize max)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *plain = NULL;
  glong length;

  for (char *p = valid; *p != '\0'; p++)
    if (*p == '\n' || *p == '\r')
      *p = ' ';
  plain = bo_log_line_plain (valid);
  g_strstrip (plain);
  length = g_utf8_strlen (plain, -1);
  if ((gsize) length <= max)
    return g_steal_pointer (&plain);
  *g_utf8_offset_to_pointer (plain, (glong) max) = '\0';
  return g_strconcat (g_strchomp (plain), "…", NULL);
}

/* Joins the parts of a sentence. */
void
bo_report_append_part (GString *text, const char *part)
{
  if (part == NULL || part[0] == '\0')
    return;
  if (text->len > 0)
    g_string_append (text, "; ");
  g_string_append (text, part);
}

/**
 * bo_report_diagnose:
 * @maker: the report in the making
 * @trial: a trial that failed
 * @owned: (out): whether the caller frees the diagnosis
 *
 * The whole log's diagnosis where the caller gave one, else that of the lines
 * that the record holds: of the step that failed, then the engine's error.
 *
 * Returns: (nullable): why it failed
 */
BoDiagnosis *
bo_report_diagnose (const BoReportMaker *maker, const BoTrial *trial, gboolean *owned)
{
  g_autoptr (BoDiagnoser) diagnoser = NULL;
  BoDiagnosis *given = NULL;

  *owned = FALSE;
  if (maker->input->diagnoses != NULL && trial->id != NULL)
    given = g_hash_table_lookup (maker->input->diagnoses, trial->id);
  if (given != NULL)
    return given;

  *owned = TRUE;
  given = bo_diagnose_evidence (trial);
  if (given != NULL)
    return given;
  diagnoser = bo_diagnoser_new (bo_signatures_get_known ());
  if (trial->failed_step >= 0 && (guint) trial->failed_step < trial->steps->len)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, trial->failed_step);

      for (guint i = 0; step->log != NULL && i < step->log->len; i++)
        bo_diagnoser_feed (diagnoser, ((const BoLogLine *) g_ptr_array_index (step->log, i))->text);
    }
  bo_diagnoser_feed_errors (diagnoser, trial);
  return bo_diagnoser_finish (diagnoser);
}

/**
 * bo_report_describe_reason:
 * @maker: the report in the making
 * @trial: a trial that did not succeed
 * @max: how many characters of the other side's words may be quoted
 *
 * Returns: (nullable) (transfer full): the likely cause with the line that says so, or what the record says
 */
char *
bo_report_describe_reason (const BoReportMaker *maker, const BoTrial *trial, gsize max)
{
  gboolean owned = FALSE;
  BoDiagnosis *diagnosis = NULL;
  char *text = NULL;

  if (trial->outcome == BO_OUTCOME_FAILED)
    diagnosis = bo_report_diagnose (maker, trial, &owned);
  if (diagnosis != NULL)
    {
      g_autofree char *evidence = bo_report_shorten (diagnosis->evidence, max);

      text = g_strdup_printf ("%s: %s", D_ (maker->language, diagnosis->signature->cause), evidence);
    }
  else if (trial->reason != NULL && trial->reason[0] != '\0')
    text = bo_report_shorten (trial->reason, max);
  if (owned)
    bo_diagnosis_free (diagnosis);
  return text;
}

/**
 * bo_report_describe_cuda:
 * @maker: the report in the making
 * @probe: what the cuda probe's answers come to
 * @with_reason: whether to say why not
 *
 * A GPU that is a stand-in is called so wherever it shows up.
 *
 * Returns: (transfer full): "yes", "yes (simulated GPU)", "no (reason)", "–"
 */
char *
bo_report_describe_cuda (const BoReportMaker *maker, const BoProbeSummary *probe, gboolean with_reason)
{
  g_autofree char *reason = NULL;
  const char *word;

  if (probe->result != NULL && probe->result->reason != NULL && probe->result->reason[0] != '\0')
    reason = bo_report_shorten (probe->result->reason, 160);

  switch (probe->verdict)
    {
    case BO_VERDICT_YES:
      return g_strdup (probe->simulated ? D_ (maker->language, "yes (simulated GPU)") : D_ (maker->language, "yes"));
    case BO_VERDICT_NO:
      word = probe->simulated ? D_ (maker->language, "no, simulated GPU") : D_ (maker->language, "no");
      break;
    case BO_VERDICT_UNSUPPORTED:
      word = D_ (maker->language, "cannot be tried");
      break;
    case BO_VERDICT_NONE:
    default:
      if (probe->result == NULL)
        return g_strdup (BO_NO_VALUE);
      word = D_ (maker->language, "no answer");
    }
  if (with_reason && reason != NULL)
    return g_strdup_printf ("%s (%s)", word, reason);
  return g_strdup (word);
}
