/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-build-time-chart"

#include "config.h"

#include <math.h>

#include "charts/bo-chart-cells.h"
#include "charts/bo-chart-runs.h"

/*
 * Build time of each cell of one condition: every run as a mark, and a bar to
 * their median. A run that failed or ran out of time is a mark of its own
 * kind at the time it got to, and in no median.
 */

typedef struct
{
  const BoChartInput *input;
  BoChart *chart;
  const char *language;
} Maker;

static BoChartRunKind
get_kind (const BoTrial *trial)
{
  if (trial->outcome == BO_OUTCOME_FAILED)
    return BO_CHART_RUN_FAILED;
  if (trial->outcome == BO_OUTCOME_TIMED_OUT)
    return BO_CHART_RUN_TIMED_OUT;
  return bo_trial_is_disturbed (trial) ? BO_CHART_RUN_DISTURBED : BO_CHART_RUN_OK;
}

static char *
describe_mark (const Maker *maker, const BoTrial *trial, const char *title)
{
  g_autofree char *run = bo_chart_describe_repetition (maker->input, trial);
  g_autofree char *time = NULL;
  g_autofree char *flags = NULL;

  if (trial->outcome != BO_OUTCOME_SUCCEEDED)
    {
      time = bo_chart_describe_end (maker->input, trial);
      return g_strdup_printf ("%s, %s: %s", title, run, time);
    }
  time = bo_chart_locale_format_duration (&maker->input->locale, trial->build_us);
  if (!bo_trial_is_disturbed (trial))
    return g_strdup_printf ("%s, %s: %s", title, run, time);
  flags = bo_chart_describe_flags (trial);
  return g_strdup_printf (D_ (maker->language, "%s, %s: %s, disturbed (%s)"), title, run, time, flags);
}

/* "47 min 12 s (n=3)", with what did not get there, or what happened instead of a time. */
static char *
describe_value (const Maker *maker, const BoCellSummary *cell)
{
  const BoTrial *stopped = bo_cell_summary_get_first (cell, BO_OUTCOME_FAILED);
  g_autofree char *median = NULL;
  GString *text;

  if (stopped == NULL)
    stopped = bo_cell_summary_get_first (cell, BO_OUTCOME_TIMED_OUT);
  if (cell->build.n == 0)
    {
      guint n_stopped = cell->n_outcomes[BO_OUTCOME_FAILED] + cell->n_outcomes[BO_OUTCOME_TIMED_OUT];
      g_autofree char *end = NULL;

      if (stopped == NULL && cell->trials->len > 0)
        stopped = g_ptr_array_index (cell->trials, 0);
      if (stopped == NULL)
        return g_strdup (D_ (maker->language, "not run"));
      end = bo_chart_describe_end (maker->input, stopped);
      return n_stopped > 1 ? g_strdup_printf ("%s (n=%u)", end, n_stopped) : g_steal_pointer (&end);
    }
  median = bo_chart_locale_format_duration (&maker->input->locale, llround (cell->build.median));
  text = g_string_new (median);
  g_string_append_printf (text, " (n=%u", (guint) cell->build.n);
  if (cell->only_disturbed)
    g_string_append_printf (text, ", %s", D_ (maker->language, "disturbed"));
  if (cell->n_outcomes[BO_OUTCOME_FAILED] > 0)
    g_string_append_printf (text, D_ (maker->language, ", failed: %u"), cell->n_outcomes[BO_OUTCOME_FAILED]);
  if (cell->n_outcomes[BO_OUTCOME_TIMED_OUT] > 0)
    g_string_append_printf (text, D_ (maker->language, ", timed out: %u"),
                            cell->n_outcomes[BO_OUTCOME_TIMED_OUT]);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static void
add_row (const Maker *maker, const BoCellSummary *cell)
{
  const BoChartInput *input = maker->input;
  const char *title = bo_chart_get_strategy_title (input, cell->cell->strategy);
  g_autofree char *detail = bo_chart_describe_variant (input, cell->cell);
  g_autofree char *name = detail != NULL ? g_strdup_printf ("%s (%s)", title, detail) : g_strdup (title);
  BoChartRow *row = bo_chart_add_row (maker->chart, title, detail);
  gboolean is_baseline = g_strcmp0 (cell->cell->strategy, input->study->baseline) == 0;

  row->note = describe_value (maker, cell);
  row->text = g_strdup_printf ("%s: %s", name, row->note);
  row->emphasis = bo_chart_is_best (input, cell->cell);
  if (cell->build.n > 0)
    bo_chart_add_median (maker->chart, row, is_baseline, llround (cell->build.median), (guint) cell->build.n,
                         name);
  for (guint i = 0; i < cell->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (cell->trials, i);
      gint64 time = trial->outcome == BO_OUTCOME_SUCCEEDED ? trial->build_us : trial->elapsed_us;

      if ((trial->outcome != BO_OUTCOME_SUCCEEDED && trial->outcome != BO_OUTCOME_FAILED
           && trial->outcome != BO_OUTCOME_TIMED_OUT)
          || time < 0)
        continue;
      bo_chart_add_run (maker->chart, row, get_kind (trial), is_baseline, time,
                        describe_mark (maker, trial, name));
    }
}

static void
fit (BoChart *chart, GPtrArray *cells)
{
  gint64 longest = 0, stopped = 0;

  for (guint i = 0; i < cells->len; i++)
    {
      const BoCellSummary *cell = g_ptr_array_index (cells, i);

      for (guint k = 0; k < cell->trials->len; k++)
        {
          const BoTrial *trial = g_ptr_array_index (cell->trials, k);

          if (trial->outcome == BO_OUTCOME_SUCCEEDED)
            longest = MAX (longest, trial->build_us);
          else if (trial->outcome == BO_OUTCOME_FAILED || trial->outcome == BO_OUTCOME_TIMED_OUT)
            stopped = MAX (stopped, trial->elapsed_us);
        }
    }
  bo_chart_fit_runs (chart, longest, stopped);
}

static void
add_table (const Maker *maker, GPtrArray *cells)
{
  const BoChartInput *input = maker->input;
  const char *language = maker->language;
  BoChartTable *table = maker->chart->table;

  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (language, "Strategy"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (language, "Base"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (language, "Builder"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (language, "Campaign"));
  bo_chart_table_add_column (table, BO_COLUMN_COUNT, D_ (language, "Run"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (language, "Outcome"));
  bo_chart_table_add_column (table, BO_COLUMN_DURATION, D_ (language, "Build time"));
  bo_chart_table_add_column (table, BO_COLUMN_DURATION, D_ (language, "Got to"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (language, "Disturbed by"));
  for (guint i = 0; i < cells->len; i++)
    {
      const BoCellSummary *cell = g_ptr_array_index (cells, i);

      for (guint k = 0; k < cell->trials->len; k++)
        {
          const BoTrial *trial = g_ptr_array_index (cell->trials, k);
          gboolean succeeded = trial->outcome == BO_OUTCOME_SUCCEEDED;
          gboolean stopped = trial->outcome == BO_OUTCOME_FAILED || trial->outcome == BO_OUTCOME_TIMED_OUT
                             || trial->outcome == BO_OUTCOME_CANCELLED
                             || trial->outcome == BO_OUTCOME_INTERRUPTED;
          g_autofree char *flags = bo_chart_describe_flags (trial);

          bo_chart_table_begin_row (table);
          bo_chart_table_add_text (table, bo_chart_get_strategy_title (input, cell->cell->strategy));
          bo_chart_table_add_text (table, bo_chart_get_base_title (input, cell->cell->base));
          bo_chart_table_add_text (table, bo_builder_to_string (cell->cell->builder));
          bo_chart_table_add_text (table, trial->campaign);
          bo_chart_table_add_number (table, trial->repetition);
          bo_chart_table_add_text (table, bo_outcome_to_string (trial->outcome));
          bo_chart_table_add_number (table, succeeded && trial->build_us >= 0 ? trial->build_us
                                                                              : BO_CHART_NO_NUMBER);
          bo_chart_table_add_number (table, stopped && trial->elapsed_us >= 0 ? trial->elapsed_us
                                                                              : BO_CHART_NO_NUMBER);
          bo_chart_table_add_text (table, flags);
        }
    }
}

/**
 * bo_chart_new_build_time:
 * @input: what charts are made from
 * @condition: of which cells
 *
 * Returns: (transfer full): their build times
 */
BoChart *
bo_chart_new_build_time (const BoChartInput *input, BoCondition condition)
{
  g_autofree char *id = g_strdup_printf ("build-time-%s", bo_condition_to_string (condition));
  g_autoptr (GPtrArray) cells = bo_chart_select_cells (input, condition);
  Maker maker = { input, bo_chart_new (BO_CHART_ROWS, id, &input->locale), input->locale.language };
  BoChart *chart = maker.chart;
  g_autofree char *sentence = NULL;

  chart->axis = BO_AXIS_DURATION;
  chart->title = g_strdup_printf (D_ (maker.language, "Build time, %s"),
                                  bo_chart_get_condition_title (input, condition));
  chart->subtitle = g_strdup (D_ (maker.language, "every run and the median"));
  fit (chart, cells);
  bo_chart_add_run_looks (chart);
  for (guint i = 0; i < cells->len; i++)
    add_row (&maker, g_ptr_array_index (cells, i));
  add_table (&maker, cells);
  if (cells->len == 0)
    chart->empty = g_strdup (D_ (maker.language, "No build of this kind is planned."));
  else if (chart->max == 0)
    chart->empty = g_strdup (D_ (maker.language, "No build of this kind has run yet."));
  if (chart->empty == NULL)
    bo_chart_explain_variants (input, chart);
  sentence = g_strdup_printf ("%s: %s.", chart->title, chart->empty != NULL ? chart->empty : chart->subtitle);
  bo_chart_describe_rows (chart, sentence);
  return chart;
}
