/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-comparison-chart"

#include "config.h"

#include <math.h>

#include "charts/bo-chart-cells.h"
#include "insight/bo-step-shares.h"

/*
 * Where the difference between two builds comes from, as stairs from the one
 * time to the other. The stairs add up to the difference, exactly: the rows
 * show the largest, one more holds the sum of the others.
 */

#define MAX_ROWS 9
/* Less than this share of the longer build is not worth a row. */
#define MIN_SHARE 0.01

typedef struct
{
  const BoChartInput *input;
  BoChart *chart;
  const char *language;
  const char *from_title;
  const char *to_title;
  guint less;
  guint more;
  guint total_from;
  guint total_to;
  gint64 level;
} Maker;

static gint64
get_difference (const BoStepDifference *difference)
{
  return difference->to_us - difference->from_us;
}

static int
compare_differences (gconstpointer a, gconstpointer b)
{
  const BoStepDifference *first = *(BoStepDifference *const *) a;
  const BoStepDifference *second = *(BoStepDifference *const *) b;
  gint64 one = ABS (get_difference (first));
  gint64 other = ABS (get_difference (second));

  return one > other ? -1 : one < other ? 1 : 0;
}

static void
add_stair (Maker *maker, const char *title, const char *detail, gint64 difference, const char *text)
{
  BoChartRow *row = bo_chart_add_row (maker->chart, title, detail);

  row->note = bo_chart_locale_format_difference (&maker->input->locale, difference);
  row->text = g_strdup_printf ("%s: %s", title, row->note);
  bo_chart_row_add_mark (row, difference < 0 ? maker->less : maker->more, maker->level,
                         maker->level + difference,
                         g_strdup_printf ("%s: %s", text != NULL ? text : title, row->note));
  maker->level += difference;
  row->link = maker->level;
  maker->chart->max = MAX (maker->chart->max, maker->level);
}

static void
add_total (Maker *maker, const char *title, gint64 time, guint look)
{
  BoChartRow *row = bo_chart_add_row (maker->chart, title, NULL);

  row->emphasis = TRUE;
  row->note = bo_chart_locale_format_duration (&maker->input->locale, time);
  row->text = g_strdup_printf ("%s: %s", title, row->note);
  bo_chart_row_add_mark (row, look, 0, time, g_strdup (row->text));
  row->link = time;
  maker->chart->max = MAX (maker->chart->max, time);
}

static char *
describe_where (const Maker *maker, const BoStepDifference *difference)
{
  switch (difference->kind)
    {
    case BO_STEP_ONLY_FROM:
      return g_strdup_printf (D_ (maker->language, "only in %s"), maker->from_title);
    case BO_STEP_ONLY_TO:
      return g_strdup_printf (D_ (maker->language, "only in %s"), maker->to_title);
    case BO_STEP_BOTH:
      return g_strdup (D_ (maker->language, "in both"));
    case BO_STEP_REST:
    default:
      return NULL;
    }
}

static char *
get_title (const Maker *maker, const BoStepDifference *difference, gsize max)
{
  if (difference->kind == BO_STEP_REST)
    return g_strdup (D_ (maker->language, "between the steps"));
  return bo_chart_one_line (difference->instruction, max);
}

static void
add_difference (Maker *maker, const BoStepDifference *difference)
{
  g_autofree char *title = get_title (maker, difference, 200);
  g_autofree char *where = describe_where (maker, difference);
  g_autofree char *from = bo_chart_locale_format_duration (&maker->input->locale, difference->from_us);
  g_autofree char *to = bo_chart_locale_format_duration (&maker->input->locale, difference->to_us);
  g_autofree char *text = NULL;

  if (difference->kind == BO_STEP_BOTH || difference->kind == BO_STEP_REST)
    text = g_strdup_printf (D_ (maker->language, "%s, %s → %s"), title, from, to);
  else
    text = g_strdup_printf ("%s, %s", title, where);
  add_stair (maker, title, where, get_difference (difference), text);
}

static void
add_table (const Maker *maker, GPtrArray *differences, gint64 from_us, gint64 to_us)
{
  BoChartTable *table = maker->chart->table;

  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (maker->language, "Instruction"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (maker->language, "Stage"));
  bo_chart_table_add_column (table, BO_COLUMN_TEXT, D_ (maker->language, "Where"));
  bo_chart_table_add_column (table, BO_COLUMN_DURATION, maker->from_title);
  bo_chart_table_add_column (table, BO_COLUMN_DURATION, maker->to_title);
  bo_chart_table_add_column (table, BO_COLUMN_DIFFERENCE, D_ (maker->language, "Difference"));
  for (guint i = 0; i < differences->len; i++)
    {
      const BoStepDifference *difference = g_ptr_array_index (differences, i);
      g_autofree char *title = get_title (maker, difference, G_MAXINT);
      g_autofree char *where = describe_where (maker, difference);

      bo_chart_table_begin_row (table);
      bo_chart_table_add_text (table, title);
      bo_chart_table_add_text (table, difference->stage);
      bo_chart_table_add_text (table, where);
      bo_chart_table_add_number (table, difference->kind != BO_STEP_ONLY_TO ? difference->from_us
                                                                            : BO_CHART_NO_NUMBER);
      bo_chart_table_add_number (table, difference->kind != BO_STEP_ONLY_FROM ? difference->to_us
                                                                              : BO_CHART_NO_NUMBER);
      bo_chart_table_add_number (table, get_difference (difference));
    }
  bo_chart_table_begin_row (table);
  bo_chart_table_add_text (table, D_ (maker->language, "whole build"));
  bo_chart_table_add_text (table, NULL);
  bo_chart_table_add_text (table, NULL);
  bo_chart_table_add_number (table, from_us);
  bo_chart_table_add_number (table, to_us);
  bo_chart_table_add_number (table, to_us - from_us);
}

static void
add_stairs (Maker *maker, GPtrArray *differences, const BoTrial *from, const BoTrial *to)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  double least = (double) MAX (from->build_us, to->build_us) * MIN_SHARE;
  gint64 others = 0;
  guint n = 0, n_others = 0;

  for (guint i = 0; i < differences->len; i++)
    g_ptr_array_add (order, g_ptr_array_index (differences, i));
  g_ptr_array_sort (order, compare_differences);
  add_total (maker, maker->from_title, from->build_us, maker->total_from);
  maker->level = from->build_us;
  for (guint i = 0; i < order->len; i++)
    {
      const BoStepDifference *difference = g_ptr_array_index (order, i);

      if (n < MAX_ROWS && (double) ABS (get_difference (difference)) >= least
          && get_difference (difference) != 0)
        {
          add_difference (maker, difference);
          n++;
        }
      else if (get_difference (difference) != 0)
        {
          others += get_difference (difference);
          n_others++;
        }
    }
  if (n_others > 0)
    {
      g_autofree char *title = g_strdup_printf (D_ (maker->language, "smaller differences: %u"), n_others);

      add_stair (maker, title, NULL, others, NULL);
    }
  add_total (maker, maker->to_title, to->build_us, maker->total_to);
}

/* "Original, run 2: 47 min 14 s (median 47 min 12 s)" */
static char *
describe_run (const Maker *maker, const char *title, const BoCellSummary *cell, const BoTrial *trial)
{
  g_autofree char *run = bo_chart_describe_repetition (maker->input, trial);
  g_autofree char *time = bo_chart_locale_format_duration (&maker->input->locale, trial->build_us);
  g_autofree char *median
      = bo_chart_locale_format_duration (&maker->input->locale, llround (cell->build.median));

  if (g_str_equal (time, median))
    return g_strdup_printf ("%s, %s: %s", title, run, time);
  return g_strdup_printf (D_ (maker->language, "%s, %s: %s (median %s)"), title, run, time, median);
}

/**
 * bo_chart_new_comparison:
 * @input: what charts are made from
 * @from: a cell
 * @to: another
 *
 * Returns: (transfer full): where the difference between their typical trials comes from
 */
BoChart *
bo_chart_new_comparison (const BoChartInput *input, const BoCellSummary *from, const BoCellSummary *to)
{
  const BoTrial *from_trial = bo_cell_summary_get_typical (from);
  const BoTrial *to_trial = bo_cell_summary_get_typical (to);
  BoChart *chart = bo_chart_new (BO_CHART_ROWS, "comparison", &input->locale);
  Maker maker = { .input = input, .chart = chart, .language = input->locale.language };
  g_autofree char *from_title = NULL;
  g_autofree char *to_title = NULL;
  g_autofree char *sentence = NULL;

  maker.from_title = bo_chart_get_strategy_title (input, from->cell->strategy);
  maker.to_title = bo_chart_get_strategy_title (input, to->cell->strategy);
  /* Two cells of one strategy are told apart by what differs. */
  if (g_str_equal (from->cell->strategy, to->cell->strategy))
    {
      g_autofree char *from_variant = bo_chart_describe_variant (input, from->cell);
      g_autofree char *to_variant = bo_chart_describe_variant (input, to->cell);

      from_title = g_strdup_printf ("%s (%s%s%s)", maker.from_title, from_variant != NULL ? from_variant : "",
                                    from_variant != NULL ? ", " : "",
                                    bo_chart_get_condition_title (input, from->cell->condition));
      to_title = g_strdup_printf ("%s (%s%s%s)", maker.to_title, to_variant != NULL ? to_variant : "",
                                  to_variant != NULL ? ", " : "",
                                  bo_chart_get_condition_title (input, to->cell->condition));
      maker.from_title = from_title;
      maker.to_title = to_title;
    }
  chart->axis = BO_AXIS_DURATION;
  chart->title = g_strdup (D_ (maker.language, "Where the difference comes from"));
  chart->subtitle = g_strdup_printf ("%s → %s", maker.from_title, maker.to_title);
  maker.total_from = bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_NEUTRAL, BO_PATTERN_SOLID, NULL);
  maker.total_to = bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_ACCENT, BO_PATTERN_SOLID, NULL);
  maker.less = bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_GOOD, BO_PATTERN_SOLID,
                                  D_ (maker.language, "less time"));
  maker.more = bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_BAD, BO_PATTERN_RISING,
                                  D_ (maker.language, "more time"));
  if (from_trial == NULL || to_trial == NULL)
    chart->empty = g_strdup_printf (D_ (maker.language, "%s has no build time to compare."),
                                    from_trial == NULL ? maker.from_title : maker.to_title);
  else
    {
      g_autoptr (GPtrArray) differences = bo_trial_compare_steps (from_trial, to_trial);
      g_autofree char *from_run = describe_run (&maker, maker.from_title, from, from_trial);
      g_autofree char *to_run = describe_run (&maker, maker.to_title, to, to_trial);

      add_stairs (&maker, differences, from_trial, to_trial);
      add_table (&maker, differences, from_trial->build_us, to_trial->build_us);
      g_ptr_array_add (chart->remarks,
                       g_strdup_printf (D_ (maker.language,
                                            "Compared are the runs nearest to the medians: %s; %s. Time in "
                                            "which several steps ran is divided among them."),
                                        from_run, to_run));
    }
  sentence = g_strdup_printf ("%s: %s.", chart->title, chart->empty != NULL ? chart->empty : chart->subtitle);
  bo_chart_describe_rows (chart, sentence);
  return chart;
}
