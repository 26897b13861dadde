/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-run-time-chart"

#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "charts/bo-chart-cells.h"
#include "charts/bo-chart-runs.h"

/* How long the workload runs on each image: every run, each in a fresh container, and the median. */

typedef struct
{
  const BoChartInput *input;
  BoChart *chart;
  const char *language;
  gint64 longest;
  gint64 stopped;
} Maker;

/* The strategy's first workload, the one of the Run Time column; -1 when it has none. */
static int
find_workload (const BoChartInput *input, const char *id)
{
  const BoStrategy *strategy = bo_study_get_strategy (input->study, id);

  for (guint i = 0; strategy != NULL && i < strategy->probes->len; i++)
    if (((const BoProbe *) g_ptr_array_index (strategy->probes, i))->kind == BO_PROBE_WORKLOAD)
      return (int) i;
  return -1;
}

static BoChartRunKind
get_kind (const BoTrial *trial, const BoProbeRun *run)
{
  if (run->timed_out)
    return BO_CHART_RUN_TIMED_OUT;
  if (run->exit_code != 0)
    return BO_CHART_RUN_FAILED;
  return bo_trial_is_disturbed (trial) ? BO_CHART_RUN_DISTURBED : BO_CHART_RUN_OK;
}

static char *
describe_run (const Maker *maker, const BoProbeRun *run, BoChartRunKind kind, guint number, const char *name)
{
  g_autofree char *time = bo_chart_locale_format_duration (&maker->input->locale, run->duration_us);

  switch (kind)
    {
    case BO_CHART_RUN_TIMED_OUT:
      return g_strdup_printf (D_ (maker->language, "%s, run %u: ran out of time after %s"), name, number,
                              time);
    case BO_CHART_RUN_FAILED:
      if (run->oom_killed)
        return g_strdup_printf (D_ (maker->language, "%s, run %u: killed for lack of memory after %s"), name,
                                number, time);
      return g_strdup_printf (D_ (maker->language, "%s, run %u: ended with exit code %d after %s"), name,
                              number, run->exit_code, time);
    case BO_CHART_RUN_DISTURBED:
      return g_strdup_printf (D_ (maker->language, "%s, run %u: %s, disturbed"), name, number, time);
    case BO_CHART_RUN_OK:
    default:
      return g_strdup_printf (D_ (maker->language, "%s, run %u: %s"), name, number, time);
    }
}

static const char *
get_outcome (BoChartRunKind kind)
{
  return bo_outcome_to_string (kind == BO_CHART_RUN_TIMED_OUT ? BO_OUTCOME_TIMED_OUT
                               : kind == BO_CHART_RUN_FAILED  ? BO_OUTCOME_FAILED
                                                              : BO_OUTCOME_SUCCEEDED);
}

static void
add_table_row (const Maker *maker,
               const BoTrial *trial,
               const BoProbeRun *run,
               BoChartRunKind kind,
               guint number)
{
  BoChartTable *table = maker->chart->table;
  gboolean ok = kind == BO_CHART_RUN_OK || kind == BO_CHART_RUN_DISTURBED;
  g_autofree char *flags = bo_chart_describe_flags (trial);

  bo_chart_table_begin_row (table);
  bo_chart_table_add_text (table, bo_chart_get_strategy_title (maker->input, trial->cell->strategy));
  bo_chart_table_add_text (table, bo_chart_get_base_title (maker->input, trial->cell->base));
  bo_chart_table_add_text (table, bo_builder_to_string (trial->cell->builder));
  bo_chart_table_add_text (table, trial->id);
  bo_chart_table_add_number (table, number);
  bo_chart_table_add_text (table, get_outcome (kind));
  bo_chart_table_add_number (table, ok && run->duration_us >= 0 ? run->duration_us : BO_CHART_NO_NUMBER);
  bo_chart_table_add_number (table, !ok && run->duration_us >= 0 ? run->duration_us : BO_CHART_NO_NUMBER);
  bo_chart_table_add_text (table, flags);
}

static void
add_runs (Maker *maker, BoChartRow *row, const BoCell *cell, guint index, gboolean baseline, const char *name)
{
  guint number = 0;

  for (guint i = 0; i < maker->input->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (maker->input->trials, i);

      if (trial->kind == BO_TRIAL_PREBUILD || trial->cell == NULL
          || !g_str_equal (trial->cell->strategy, cell->strategy)
          || !g_str_equal (trial->cell->base, cell->base) || trial->cell->builder != cell->builder)
        continue;
      for (guint k = 0; k < trial->probes->len; k++)
        {
          const BoProbeResult *probe = g_ptr_array_index (trial->probes, k);

          if (probe->index != index || probe->kind != BO_PROBE_WORKLOAD)
            continue;
          for (guint r = 0; r < probe->runs->len; r++)
            {
              const BoProbeRun *run = g_ptr_array_index (probe->runs, r);
              BoChartRunKind kind = get_kind (trial, run);

              number++;
              add_table_row (maker, trial, run, kind, number);
              if (run->duration_us < 0)
                continue;
              if (kind == BO_CHART_RUN_OK || kind == BO_CHART_RUN_DISTURBED)
                maker->longest = MAX (maker->longest, run->duration_us);
              else
                maker->stopped = MAX (maker->stopped, run->duration_us);
              bo_chart_add_run (maker->chart, row, kind, baseline, run->duration_us,
                                describe_run (maker, run, kind, number, name));
            }
        }
    }
}

static char *
describe_value (const Maker *maker, const BoCellSummary *cell, const BoProbeSummary *probe)
{
  g_autofree char *median = NULL;
  GString *text;

  if (probe->run.n == 0)
    {
      if (probe->n_failed_runs > 0)
        return g_strdup (D_ (maker->language, "workload fails"));
      return g_strdup (cell->n_outcomes[BO_OUTCOME_SUCCEEDED] > 0 ? D_ (maker->language, "not run")
                                                                  : D_ (maker->language, "no image"));
    }
  median = bo_chart_locale_format_duration (&maker->input->locale, llround (probe->run.median));
  text = g_string_new (median);
  g_string_append_printf (text, " (n=%u", (guint) probe->run.n);
  if (probe->n_failed_runs > 0)
    g_string_append_printf (text, D_ (maker->language, ", failed: %u"), probe->n_failed_runs);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static void
add_row (Maker *maker, const BoCellSummary *summary, int workload)
{
  const BoChartInput *input = maker->input;
  const BoCell *cell = summary->cell;
  const char *title = bo_chart_get_strategy_title (input, cell->strategy);
  g_autofree char *detail = bo_chart_describe_variant (input, cell);
  g_autofree char *name = detail != NULL ? g_strdup_printf ("%s (%s)", title, detail) : g_strdup (title);
  BoProbeSummary probe = bo_probe_summarize (input->trials, cell->strategy, cell->base, cell->builder,
                                             (guint) workload, BO_PROBE_WORKLOAD, FALSE);
  gboolean baseline = g_strcmp0 (cell->strategy, input->study->baseline) == 0;
  BoChartRow *row = bo_chart_add_row (maker->chart, title, detail);

  row->emphasis = bo_chart_is_best (input, cell);
  row->note = describe_value (maker, summary, &probe);
  row->text = g_strdup_printf ("%s: %s", name, row->note);
  if (probe.run.n > 0)
    bo_chart_add_median (maker->chart, row, baseline, llround (probe.run.median), (guint) probe.run.n, name);
  add_runs (maker, row, cell, (guint) workload, baseline, name);
}

/**
 * bo_chart_new_run_time:
 * @input: what charts are made from
 *
 * Returns: (transfer full): how long the workload runs on each image
 */
BoChart *
bo_chart_new_run_time (const BoChartInput *input)
{
  g_autoptr (GPtrArray) cells = bo_chart_select_images (input);
  Maker maker
      = { input, bo_chart_new (BO_CHART_ROWS, "run-time", &input->locale), input->locale.language, 0, 0 };
  BoChart *chart = maker.chart;
  static const struct
  {
    BoChartColumnKind kind;
    const char *title;
  } columns[] = {
    { BO_COLUMN_TEXT, N_ ("Strategy") },     { BO_COLUMN_TEXT, N_ ("Base") },
    { BO_COLUMN_TEXT, N_ ("Builder") },      { BO_COLUMN_TEXT, N_ ("Trial") },
    { BO_COLUMN_COUNT, N_ ("Run") },         { BO_COLUMN_TEXT, N_ ("Outcome") },
    { BO_COLUMN_DURATION, N_ ("Run time") }, { BO_COLUMN_DURATION, N_ ("Got to") },
    { BO_COLUMN_TEXT, N_ ("Disturbed by") },
  };
  g_autofree char *sentence = NULL;

  chart->axis = BO_AXIS_DURATION;
  chart->title = g_strdup (D_ (maker.language, "Run time"));
  chart->subtitle = g_strdup (
      D_ (maker.language, "every run of the workload, each in a fresh container, and the median"));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    bo_chart_table_add_column (chart->table, columns[i].kind, D_ (maker.language, columns[i].title));
  bo_chart_add_run_looks (chart);
  for (guint i = 0; i < cells->len; i++)
    {
      const BoCellSummary *cell = g_ptr_array_index (cells, i);
      int workload = find_workload (input, cell->cell->strategy);

      if (workload >= 0)
        add_row (&maker, cell, workload);
    }
  bo_chart_fit_runs (chart, maker.longest, maker.stopped);
  if (chart->rows->len == 0)
    chart->empty = g_strdup (D_ (maker.language, "The study has no workload."));
  else if (chart->max == 0)
    chart->empty = g_strdup (D_ (maker.language, "No workload has run yet."));
  if (chart->empty == NULL)
    bo_chart_explain_variants (input, chart);
  sentence = g_strdup_printf ("%s: %s.", chart->title, chart->empty != NULL ? chart->empty : chart->subtitle);
  bo_chart_describe_rows (chart, sentence);
  return chart;
}
