/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-steps-chart"

#include "config.h"

#include "charts/bo-chart-cells.h"
#include "insight/bo-duration.h"

/*
 * The steps of one build, each where it ran: one after another they make
 * stairs, and what ran beside something else stands below it. The longest have rows of their own,
 * all others share the last one.
 */

#define MAX_ROWS 12
/* Shorter than this share of the whole, a step has no row of its own. */
#define MIN_SHARE 0.01

typedef struct
{
  const BoChartInput *input;
  BoChart *chart;
  const BoTrial *trial;
  guint look;
  guint failed_look;
} Maker;

static gint64
get_end (const BoStep *step)
{
  if (step->start_us < 0 || step->duration_us < 0)
    return -1;
  return step->duration_us > G_MAXINT64 - step->start_us ? G_MAXINT64 : step->start_us + step->duration_us;
}

static char *
describe_step (const Maker *maker, const BoStep *step)
{
  const char *language = maker->input->locale.language;
  g_autofree char *time = bo_chart_locale_format_duration (&maker->input->locale, step->duration_us);
  g_autofree char *instruction = bo_chart_one_line (step->instruction, 400);

  if (step->failed)
    return g_strdup_printf (D_ (language, "%s: failed after %s"), instruction, time);
  if (step->cached)
    return g_strdup_printf (D_ (language, "%s: from the cache"), instruction);
  return g_strdup_printf ("%s: %s", instruction, time);
}

static int
compare_durations (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const BoTrial *trial = user_data;
  const BoStep *first = g_ptr_array_index (trial->steps, *(const guint *) a);
  const BoStep *second = g_ptr_array_index (trial->steps, *(const guint *) b);

  if (first->duration_us != second->duration_us)
    return first->duration_us > second->duration_us ? -1 : 1;
  return *(const guint *) a < *(const guint *) b ? -1 : 1;
}

/* Which steps have a row of their own; one that failed always has. */
static gboolean *
choose_rows (const BoTrial *trial, gint64 whole)
{
  gboolean *chosen = g_new0 (gboolean, MAX (trial->steps->len, 1));
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < trial->steps->len; i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_durations, (gpointer) trial);
  for (guint i = 0; i < order->len && i < MAX_ROWS; i++)
    {
      guint index = g_array_index (order, guint, i);
      const BoStep *step = g_ptr_array_index (trial->steps, index);

      chosen[index] = step->start_us >= 0 && step->duration_us > 0
                      && (double) step->duration_us >= (double) whole * MIN_SHARE;
    }
  for (guint i = 0; i < trial->steps->len; i++)
    if (((const BoStep *) g_ptr_array_index (trial->steps, i))->failed)
      chosen[i] = TRUE;
  return chosen;
}

static void
add_mark (const Maker *maker, BoChartRow *row, const BoStep *step)
{
  gint64 end = get_end (step);

  if (end < 0)
    return;
  bo_chart_row_add_mark (row, step->failed ? maker->failed_look : maker->look, step->start_us, end,
                         describe_step (maker, step));
}

static void
add_rows (const Maker *maker, const gboolean *chosen)
{
  const char *language = maker->input->locale.language;
  const BoTrial *trial = maker->trial;
  BoChartRow *others;
  gint64 sum = 0;
  guint n = 0;
  g_autofree char *title = NULL;

  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i);
      g_autofree char *instruction = NULL;
      g_autofree char *number = NULL;
      BoChartRow *row;

      if (!chosen[i])
        {
          n++;
          sum += MAX (step->duration_us, 0);
          continue;
        }
      instruction = bo_chart_one_line (step->instruction, 200);
      if (step->number > 0)
        number = step->stage != NULL
                     ? g_strdup_printf (D_ (language, "step %u of stage %s"), step->number, step->stage)
                     : g_strdup_printf (D_ (language, "step %u"), step->number);
      row = bo_chart_add_row (maker->chart, instruction, number);
      add_mark (maker, row, step);
      row->note = step->failed ? g_strdup (D_ (language, "failed"))
                               : bo_chart_locale_format_duration (&maker->input->locale, step->duration_us);
      row->text = describe_step (maker, step);
    }
  if (n == 0)
    return;
  title = g_strdup_printf (D_ (language, "shorter steps: %u"), n);
  others = bo_chart_add_row (maker->chart, title, NULL);
  for (guint i = 0; i < trial->steps->len; i++)
    if (!chosen[i])
      add_mark (maker, others, g_ptr_array_index (trial->steps, i));
  others->note = bo_chart_locale_format_duration (&maker->input->locale, sum);
  others->text = g_strdup_printf ("%s: %s", title, others->note);
}

static void
add_table (const Maker *maker)
{
  const char *language = maker->input->locale.language;
  BoChartTable *table = maker->chart->table;

  bo_chart_table_add_column (table, BO_COLUMN_COUNT, D_ (language, "Step"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (language, "Stage"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (language, "Instruction"));
  bo_chart_table_add_column (table, BO_COLUMN_DURATION, D_ (language, "Start"));
  bo_chart_table_add_column (table, BO_COLUMN_DURATION, D_ (language, "Duration"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (language, "Outcome"));
  for (guint i = 0; i < maker->trial->steps->len; i++)
    {
      const BoStep *step = g_ptr_array_index (maker->trial->steps, i);
      g_autofree char *instruction = bo_chart_one_line (step->instruction, G_MAXINT);

      bo_chart_table_begin_row (table);
      bo_chart_table_add_number (table, step->number > 0 ? (gint64) step->number : BO_CHART_NO_NUMBER);
      bo_chart_table_add_text (table, step->stage);
      bo_chart_table_add_text (table, instruction);
      bo_chart_table_add_number (table, step->start_us >= 0 ? step->start_us : BO_CHART_NO_NUMBER);
      bo_chart_table_add_number (table, step->duration_us >= 0 ? step->duration_us : BO_CHART_NO_NUMBER);
      bo_chart_table_add_text (table, step->failed             ? D_ (language, "failed")
                                      : step->cached           ? D_ (language, "from the cache")
                                      : step->duration_us >= 0 ? D_ (language, "done")
                                                               : D_ (language, "not ended"));
    }
}

/**
 * bo_chart_new_steps:
 * @input: what charts are made from
 * @cell: a cell
 *
 * Returns: (transfer full): the steps of its typical trial, or of the first that failed when none has
 * succeeded
 */
BoChart *
bo_chart_new_steps (const BoChartInput *input, const BoCellSummary *cell)
{
  const char *language = input->locale.language;
  const BoTrial *trial = bo_cell_summary_get_typical (cell);
  g_autofree char *id = g_strdup_printf ("steps-%s-%s-%s-%s", cell->cell->strategy, cell->cell->base,
                                         bo_builder_to_string (cell->cell->builder),
                                         bo_condition_to_string (cell->cell->condition));
  BoChart *chart = bo_chart_new (BO_CHART_ROWS, id, &input->locale);
  Maker maker = { input, chart, trial, 0, 0 };
  g_autofree gboolean *chosen = NULL;
  g_autofree char *sentence = NULL;

  chart->axis = BO_AXIS_DURATION;
  chart->title = g_strdup_printf (D_ (language, "Steps of %s"),
                                  bo_chart_get_strategy_title (input, cell->cell->strategy));
  if (trial == NULL)
    trial = bo_cell_summary_get_first (cell, BO_OUTCOME_FAILED);
  if (trial == NULL)
    trial = bo_cell_summary_get_first (cell, BO_OUTCOME_TIMED_OUT);
  maker.trial = trial;
  if (trial != NULL)
    {
      g_autofree char *run = bo_chart_describe_repetition (input, trial);
      g_autofree char *end = trial->outcome == BO_OUTCOME_SUCCEEDED
                               ? bo_chart_locale_format_duration (&input->locale, trial->build_us)
                               : bo_chart_describe_end (input, trial);

      chart->subtitle = g_strdup_printf (
          "%s, %s: %s", bo_chart_get_condition_title (input, cell->cell->condition), run, end);
      maker.look = bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_ACCENT, BO_PATTERN_SOLID, NULL);
      maker.failed_look = bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_BAD, BO_PATTERN_CROSSED,
                                             D_ (language, "failed"));
      chart->max = MAX (trial->build_us, trial->elapsed_us);
      for (guint i = 0; i < trial->steps->len; i++)
        chart->max = MAX (chart->max, get_end (g_ptr_array_index (trial->steps, i)));
      chosen = choose_rows (trial, chart->max);
      add_rows (&maker, chosen);
      add_table (&maker);
    }
  if (trial == NULL || trial->steps->len == 0)
    chart->empty = g_strdup (D_ (language, "No step of it has run yet."));
  sentence = g_strdup_printf ("%s: %s.", chart->title, chart->empty != NULL ? chart->empty : chart->subtitle);
  bo_chart_describe_rows (chart, sentence);
  return chart;
}
