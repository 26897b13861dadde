/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-phases-chart"

#include "config.h"

#include <glib/gi18n.h>

#include "charts/bo-chart-cells.h"

/*
 * What a trial spends its time with besides the build. Medians of phases do
 * not add up to the median of their sum, so each row is one trial: the one
 * whose build time is nearest to the cell's median.
 */

static const struct
{
  BoPhaseKind kind;
  BoChartTone tone;
  BoChartPattern pattern;
  const char *title;
} phases[] = {
  { BO_PHASE_PULL, BO_TONE_SERIES_3, BO_PATTERN_DOTTED, N_ ("pull of the base") },
  { BO_PHASE_UPLOAD, BO_TONE_SERIES_1, BO_PATTERN_RISING, N_ ("upload") },
  { BO_PHASE_PREBUILD, BO_TONE_SERIES_5, BO_PATTERN_CROSSED, N_ ("prebuild") },
  { BO_PHASE_BUILD, BO_TONE_SERIES_0, BO_PATTERN_SOLID, N_ ("build") },
  { BO_PHASE_INSPECT, BO_TONE_SERIES_6, BO_PATTERN_SOLID, N_ ("inspection") },
  { BO_PHASE_PROBES, BO_TONE_SERIES_2, BO_PATTERN_FALLING, N_ ("probes") },
  { BO_PHASE_CLEANUP, BO_TONE_NEUTRAL, BO_PATTERN_SOLID, N_ ("clean-up") },
};

static gint64
get_duration (const BoTrial *trial, BoPhaseKind kind)
{
  const BoPhase *phase = bo_trial_get_phase (trial, kind);

  /* All of them together must fit, whatever a clock said. */
  return phase != NULL ? CLAMP (phase->duration_us, 0, G_MAXINT64 / BO_N_PHASES) : 0;
}

static void
add_row (const BoChartInput *input, BoChart *chart, const BoCellSummary *cell)
{
  const BoTrial *trial = bo_cell_summary_get_typical (cell);
  const char *title = bo_chart_get_strategy_title (input, cell->cell->strategy);
  g_autofree char *detail = bo_chart_describe_variant (input, cell->cell);
  g_autofree char *name = detail != NULL ? g_strdup_printf ("%s (%s)", title, detail) : g_strdup (title);
  g_autofree char *total = NULL;
  BoChartRow *row;
  gint64 sum = 0;

  /* One that has no time has no typical trial; the build time chart says what happened to it. */
  if (trial == NULL || trial->phases->len == 0)
    return;
  row = bo_chart_add_row (chart, title, detail);
  row->emphasis = bo_chart_is_best (input, cell->cell);
  bo_chart_table_begin_row (chart->table);
  bo_chart_table_add_text (chart->table, title);
  bo_chart_table_add_text (chart->table, bo_chart_get_base_title (input, cell->cell->base));
  bo_chart_table_add_text (chart->table, bo_builder_to_string (cell->cell->builder));
  bo_chart_table_add_text (chart->table, trial->id);
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      gint64 duration = get_duration (trial, phases[i].kind);
      g_autofree char *time = bo_chart_locale_format_duration (&input->locale, duration);
      const char *phase = D_ (input->locale.language, phases[i].title);
      BoChartMark *mark;

      bo_chart_table_add_number (
          chart->table, bo_trial_get_phase (trial, phases[i].kind) != NULL ? duration : BO_CHART_NO_NUMBER);
      if (duration == 0)
        continue;
      /* Looks are in the order of the phases. */
      mark = bo_chart_row_add_mark (row, i, sum, sum + duration,
                                    g_strdup_printf ("%s, %s: %s", name, phase, time));
      mark->label = g_strdup (phase);
      sum += duration;
    }
  chart->max = MAX (chart->max, sum);
  total = bo_chart_locale_format_duration (&input->locale, sum);
  row->note = g_strdup (total);
  row->text = g_strdup_printf ("%s: %s", name, total);
}

/**
 * bo_chart_new_phases:
 * @input: what charts are made from
 * @condition: of which cells
 *
 * Returns: (transfer full): the phases of a typical trial of each
 */
BoChart *
bo_chart_new_phases (const BoChartInput *input, BoCondition condition)
{
  const char *language = input->locale.language;
  g_autofree char *id = g_strdup_printf ("phases-%s", bo_condition_to_string (condition));
  g_autoptr (GPtrArray) cells = bo_chart_select_cells (input, condition);
  BoChart *chart = bo_chart_new (BO_CHART_ROWS, id, &input->locale);
  g_autofree char *sentence = NULL;

  chart->axis = BO_AXIS_DURATION;
  chart->title = g_strdup_printf (D_ (language, "Phases of a trial, %s"),
                                  bo_chart_get_condition_title (input, condition));
  chart->subtitle = g_strdup (D_ (language, "the run nearest to each median"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Strategy"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Base"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Builder"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Trial"));
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      const char *title = D_ (language, phases[i].title);

      bo_chart_table_add_column (chart->table, BO_COLUMN_DURATION, title);
      bo_chart_add_look (chart, BO_SHAPE_SEGMENT, phases[i].tone, phases[i].pattern, title);
    }
  for (guint i = 0; i < cells->len; i++)
    add_row (input, chart, g_ptr_array_index (cells, i));
  if (chart->rows->len == 0)
    chart->empty = g_strdup (D_ (language, "No trial of this kind has succeeded yet."));
  if (chart->empty == NULL)
    bo_chart_explain_variants (input, chart);
  sentence = g_strdup_printf ("%s: %s.", chart->title, chart->empty != NULL ? chart->empty : chart->subtitle);
  bo_chart_describe_rows (chart, sentence);
  return chart;
}
