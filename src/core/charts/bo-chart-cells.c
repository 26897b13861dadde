/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-cells"

#include "config.h"

#include <string.h>

#include "charts/bo-chart-cells.h"
#include "insight/bo-diagnosis.h"
#include "insight/bo-duration.h"

const char *
bo_chart_get_strategy_title (const BoChartInput *input, const char *id)
{
  const BoStrategy *strategy = bo_study_get_strategy (input->study, id);

  return strategy != NULL && strategy->title != NULL ? strategy->title : id;
}

const char *
bo_chart_get_base_title (const BoChartInput *input, const char *id)
{
  const BoBase *base = bo_study_get_base (input->study, id);

  return base != NULL && base->title != NULL ? base->title : id;
}

const char *
bo_chart_get_condition_title (const BoChartInput *input, BoCondition condition)
{
  switch (condition)
    {
    case BO_CONDITION_COLD_LAYERS:
      return D_ (input->locale.language, "no layer cached, cache mounts kept");
    case BO_CONDITION_WARM:
      return D_ (input->locale.language, "warm");
    case BO_CONDITION_EDITED:
      return D_ (input->locale.language, "one file edited");
    case BO_CONDITION_COLD:
    default:
      return D_ (input->locale.language, "cold");
    }
}

/**
 * bo_chart_describe_variant:
 * @input: what charts are made from
 * @cell: a cell
 *
 * Base and builder are named where they are not the usual ones, which are the study's first base and its
 * default builder, or those that alone are looked at; bo_chart_explain_variants() says so once.
 *
 * Returns: (nullable) (transfer full): what of base and builder is unusual, or %NULL
 */
char *
bo_chart_describe_variant (const BoChartInput *input, const BoCell *cell)
{
  const BoBase *first = input->study->bases->len > 0 ? g_ptr_array_index (input->study->bases, 0) : NULL;
  gboolean base = input->base == NULL && first != NULL && !g_str_equal (first->id, cell->base);
  gboolean builder = input->builder < 0 && cell->builder != input->study->default_builder;

  if (base && builder)
    return g_strdup_printf ("%s · %s", bo_chart_get_base_title (input, cell->base),
                            bo_builder_to_string (cell->builder));
  if (base || builder)
    return g_strdup (base ? bo_chart_get_base_title (input, cell->base)
                          : bo_builder_to_string (cell->builder));
  return NULL;
}

/* Whether the cell makes the best one's image; the condition makes no difference to that. */
gboolean
bo_chart_is_best (const BoChartInput *input, const BoCell *cell)
{
  return input->best != NULL && g_str_equal (input->best->strategy, cell->strategy)
         && g_str_equal (input->best->base, cell->base) && input->best->builder == cell->builder;
}

/**
 * bo_chart_explain_variants:
 * @input: what charts are made from
 * @chart: a chart whose rows are complete
 *
 * Where some rows name a base or a builder, a remark says what the others have.
 */
void
bo_chart_explain_variants (const BoChartInput *input, BoChart *chart)
{
  const BoBase *first = input->base != NULL             ? bo_study_get_base (input->study, input->base)
                        : input->study->bases->len > 0 ? g_ptr_array_index (input->study->bases, 0)
                                                       : NULL;
  BoBuilder builder = input->builder >= 0 ? (BoBuilder) input->builder : input->study->default_builder;
  gboolean any = FALSE;

  for (guint i = 0; i < chart->rows->len; i++)
    any |= ((const BoChartRow *) g_ptr_array_index (chart->rows, i))->detail != NULL;
  if (any && first != NULL)
    g_ptr_array_add (
        chart->remarks,
        g_strdup_printf (D_ (input->locale.language, "On %s, built with %s, where nothing else is said."),
                         first->title != NULL ? first->title : first->id,
                         bo_builder_to_string (builder)));
}

/* A log's or an engine's text on one line, without control characters. */
char *
bo_chart_one_line (const char *text, gsize max)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autofree char *plain = NULL;

  for (char *p = valid; *p != '\0'; p++)
    if (*p == '\n' || *p == '\r' || *p == '\t')
      *p = ' ';
  plain = bo_log_line_plain (valid);
  g_strstrip (plain);
  if ((gsize) g_utf8_strlen (plain, -1) <= max)
    return g_steal_pointer (&plain);
  *g_utf8_offset_to_pointer (plain, (glong) max) = '\0';
  return g_strconcat (g_strchomp (plain), "…", NULL);
}

/* "run 2", or with several campaigns "run 2 of 20261124-061200-3fa9". */
char *
bo_chart_describe_repetition (const BoChartInput *input, const BoTrial *trial)
{
  if (input->campaigns != NULL && input->campaigns->len > 1 && trial->campaign != NULL)
    return g_strdup_printf (D_ (input->locale.language, "run %u of campaign %s"), trial->repetition,
                            trial->campaign);
  return g_strdup_printf (D_ (input->locale.language, "run %u"), trial->repetition);
}

static char *
describe_step (const BoChartInput *input, const BoTrial *trial)
{
  const BoStep *step;
  guint total;

  if (trial->failed_step < 0 || (guint) trial->failed_step >= trial->steps->len)
    return NULL;
  step = g_ptr_array_index (trial->steps, trial->failed_step);
  total = step->total > 0 ? step->total : trial->n_steps;
  if (step->number == 0)
    {
      g_autofree char *instruction = bo_chart_one_line (step->instruction, 60);

      return g_strdup_printf (D_ (input->locale.language, "“%s”"), instruction);
    }
  if (total == 0)
    return g_strdup_printf (D_ (input->locale.language, "step %u"), step->number);
  return g_strdup_printf (D_ (input->locale.language, "step %u of %u"), step->number, total);
}

/**
 * bo_chart_describe_end:
 * @input: what charts are made from
 * @trial: a trial that did not succeed
 *
 * Returns: (transfer full): "failed at step 5 of 9 after 1 min 52 s", "> 6 h", "skipped"
 */
char *
bo_chart_describe_end (const BoChartInput *input, const BoTrial *trial)
{
  const char *language = input->locale.language;
  g_autofree char *step = NULL;
  g_autofree char *time = NULL;
  const BoStrategy *strategy;
  gint64 limit_us;

  switch (trial->outcome)
    {
    case BO_OUTCOME_TIMED_OUT:
      strategy = bo_study_get_strategy (input->study, trial->cell->strategy);
      limit_us = strategy != NULL && strategy->timeout_us > 0 ? strategy->timeout_us : trial->elapsed_us;
      time = bo_duration_format_limit (limit_us);
      return g_strdup_printf ("> %s", time);
    case BO_OUTCOME_FAILED:
      step = describe_step (input, trial);
      time = bo_chart_locale_format_duration (&input->locale, trial->elapsed_us);
      if (step == NULL)
        return g_strdup (D_ (language, "failed before its first step"));
      if (trial->elapsed_us < 0)
        return g_strdup_printf (D_ (language, "failed at %s"), step);
      return g_strdup_printf (D_ (language, "failed at %s after %s"), step, time);
    case BO_OUTCOME_SKIPPED:
      return g_strdup (D_ (language, "not run (skipped)"));
    case BO_OUTCOME_CANCELLED:
      return g_strdup (D_ (language, "not run (cancelled)"));
    case BO_OUTCOME_INTERRUPTED:
      return g_strdup (D_ (language, "not run (interrupted)"));
    case BO_OUTCOME_UNSUPPORTED:
      return g_strdup (D_ (language, "not run (unsupported)"));
    case BO_OUTCOME_PENDING:
    case BO_OUTCOME_RUNNING:
    case BO_OUTCOME_SUCCEEDED:
    default:
      return g_strdup (D_ (language, "not run"));
    }
}

/* "throttled, other-load"; "" when nothing disturbed it. */
char *
bo_chart_describe_flags (const BoTrial *trial)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < trial->flags->len; i++)
    if (bo_flag_is_disturbing (g_ptr_array_index (trial->flags, i)))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                              (const char *) g_ptr_array_index (trial->flags, i));
  return g_string_free (text, FALSE);
}

/* (transfer container) (element-type BoCellSummary): the cells of a condition. */
GPtrArray *
bo_chart_select_cells (const BoChartInput *input, BoCondition condition)
{
  GPtrArray *cells = g_ptr_array_new ();

  for (guint i = 0; i < input->cells->len; i++)
    {
      BoCellSummary *summary = g_ptr_array_index (input->cells, i);

      if (summary->cell->condition == condition)
        g_ptr_array_add (cells, summary);
    }
  return cells;
}

/*
 * (transfer container) (element-type BoCellSummary): one cell for each strategy, base and builder: the
 * condition makes no difference to their images. The cold one where there is one.
 */
GPtrArray *
bo_chart_select_images (const BoChartInput *input)
{
  GPtrArray *cells = g_ptr_array_new ();

  for (guint i = 0; i < input->cells->len; i++)
    {
      BoCellSummary *summary = g_ptr_array_index (input->cells, i);
      gboolean known = FALSE;

      for (guint k = 0; k < cells->len && !known; k++)
        {
          const BoCell *other = ((const BoCellSummary *) g_ptr_array_index (cells, k))->cell;

          known = g_str_equal (other->strategy, summary->cell->strategy)
                  && g_str_equal (other->base, summary->cell->base)
                  && other->builder == summary->cell->builder;
        }
      if (!known)
        g_ptr_array_add (cells, summary);
    }
  return cells;
}

gboolean
bo_chart_trial_has_time (const BoTrial *trial)
{
  return trial->kind == BO_TRIAL_COUNTED && trial->outcome == BO_OUTCOME_SUCCEEDED && trial->build_us >= 0;
}

/**
 * bo_chart_describe_rows:
 * @chart: a chart whose rows are complete
 * @sentence: what it is, as a sentence
 *
 * The description: that sentence and then what each row says.
 */
void
bo_chart_describe_rows (BoChart *chart, const char *sentence)
{
  GString *text = g_string_new (sentence);

  for (guint i = 0; i < chart->rows->len; i++)
    {
      const BoChartRow *row = g_ptr_array_index (chart->rows, i);

      /* What a row quotes may end as a sentence does. */
      if (row->text != NULL)
        g_string_append_printf (text, g_str_has_suffix (row->text, ".") ? " %s" : " %s.", row->text);
    }
  g_free (chart->description);
  chart->description = g_string_free (text, FALSE);
}
