/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-trend-chart"

#include "config.h"

#include <math.h>
#include <string.h>

#include "charts/bo-chart-cells.h"
#include "insight/bo-duration.h"

/*
 * Build time over campaigns: a line for each strategy, through the medians of
 * its trials on its first base with the study's default builder. Campaigns of
 * other devices are not on it. A median of something that has changed since
 * (Dockerfile, base image, study) is a ring, and the line to it is dashed.
 */

typedef struct
{
  const BoChartInput *input;
  BoChart *chart;
  GPtrArray *campaigns;
  GPtrArray *trials;
} Maker;

/* The campaigns on the newest one's device, oldest first. */
static GPtrArray *
select_campaigns (const BoChartInput *input)
{
  GPtrArray *campaigns = g_ptr_array_new ();
  const BoCampaign *newest = input->campaigns->len > 0 ? g_ptr_array_index (input->campaigns, 0) : NULL;

  for (guint i = input->campaigns->len; i > 0; i--)
    {
      BoCampaign *campaign = g_ptr_array_index (input->campaigns, i - 1);

      if (g_strcmp0 (campaign->device_url, newest->device_url) == 0)
        g_ptr_array_add (campaigns, campaign);
    }
  return campaigns;
}

/* (element-type GPtrArray): the trials of each campaign; a store may hold years of them, so they are sorted
 * out once. */
static GPtrArray *
sort_trials (const BoChartInput *input, GPtrArray *campaigns)
{
  GPtrArray *sorted = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < campaigns->len; i++)
    {
      GPtrArray *trials = g_ptr_array_new ();

      g_ptr_array_add (sorted, trials);
      g_hash_table_insert (by_id, ((const BoCampaign *) g_ptr_array_index (campaigns, i))->id, trials);
    }
  for (guint i = 0; i < input->all_trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (input->all_trials, i);
      GPtrArray *trials = trial->campaign != NULL ? g_hash_table_lookup (by_id, trial->campaign) : NULL;

      if (trial->cell != NULL && trials != NULL)
        g_ptr_array_add (trials, trial);
    }
  return sorted;
}

/* Why the trials of a cell may not be put together with the newest, or NULL. */
static const char *
get_reason (const BoChartInput *input, const BoCellSummary *cell)
{
  const char *reason = NULL;

  for (guint i = 0; input->left_out != NULL && i < cell->trials->len && reason == NULL; i++)
    reason
        = g_hash_table_lookup (input->left_out, ((const BoTrial *) g_ptr_array_index (cell->trials, i))->id);
  return reason;
}

static void
add_table_row (const Maker *maker,
               const BoCampaign *campaign,
               const BoCellSummary *cell,
               const char *title,
               const char *reason)
{
  BoChartTable *table = maker->chart->table;

  bo_chart_table_begin_row (table);
  bo_chart_table_add_text (table, title);
  bo_chart_table_add_text (table, campaign->id);
  bo_chart_table_add_number (table, cell->build.n > 0 ? llround (cell->build.median) : BO_CHART_NO_NUMBER);
  bo_chart_table_add_number (table, (gint64) cell->build.n);
  bo_chart_table_add_number (table, cell->build.n > 0 ? llround (cell->build.min) : BO_CHART_NO_NUMBER);
  bo_chart_table_add_number (table, cell->build.n > 0 ? llround (cell->build.max) : BO_CHART_NO_NUMBER);
  bo_chart_table_add_text (table, reason);
}

static void
add_point (const Maker *maker,
           BoChartRow *row,
           guint column,
           const BoCellSummary *cell,
           guint look,
           guint changed_look,
           gboolean *before_changed)
{
  const BoChartInput *input = maker->input;
  const char *language = input->locale.language;
  const BoCampaign *campaign = g_ptr_array_index (maker->campaigns, column);
  const char *reason = get_reason (input, cell);
  g_autofree char *time = bo_chart_locale_format_duration (&input->locale, llround (cell->build.median));
  BoChartMark *mark;

  for (guint i = 0; i < cell->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (cell->trials, i);
      g_autofree char *run = NULL;
      g_autofree char *run_time = NULL;

      if (!(cell->only_disturbed ? bo_chart_trial_has_time (trial) : bo_trial_is_usable (trial))
          || cell->build.n == 1)
        continue;
      run = bo_chart_describe_repetition (input, trial);
      run_time = bo_chart_locale_format_duration (&input->locale, trial->build_us);
      mark = bo_chart_row_add_mark (row, reason != NULL ? changed_look : look, trial->build_us,
                                    trial->build_us,
                                    g_strdup_printf ("%s, %s: %s", row->title, run, run_time));
      mark->column = column;
      maker->chart->max = MAX (maker->chart->max, trial->build_us);
    }
  mark = bo_chart_row_add_mark (
      row, reason != NULL ? changed_look : look, 0, llround (cell->build.median),
      reason != NULL ? g_strdup_printf (D_ (language, "%s, campaign %s: median %s (n=%u); %s than today"),
                                        row->title, campaign->id, time, (guint) cell->build.n, reason)
                     : g_strdup_printf (D_ (language, "%s, campaign %s: median %s (n=%u)"), row->title,
                                        campaign->id, time, (guint) cell->build.n));
  mark->column = column;
  mark->joined = TRUE;
  mark->dashed = reason != NULL || *before_changed;
  *before_changed = reason != NULL;
  maker->chart->max = MAX (maker->chart->max, llround (cell->build.median));
}

static void
add_line (const Maker *maker, const BoStrategy *strategy, const char *base, BoBuilder builder, BoCondition condition)
{
  static const BoChartShape shapes[] = { BO_SHAPE_DOT, BO_SHAPE_SQUARE, BO_SHAPE_TRIANGLE, BO_SHAPE_DIAMOND };
  const BoChartInput *input = maker->input;
  guint number = maker->chart->rows->len;
  BoChartTone tone = (BoChartTone) (BO_TONE_SERIES_0 + number % BO_N_SERIES_TONES);
  g_autoptr (BoCell) cell = bo_cell_new (strategy->id, base, builder, condition);
  guint look = bo_chart_add_look (maker->chart, shapes[number % G_N_ELEMENTS (shapes)], tone,
                                  BO_PATTERN_SOLID, strategy->title);
  guint changed_look = bo_chart_add_look (maker->chart, BO_SHAPE_RING, tone, BO_PATTERN_SOLID, NULL);
  BoChartRow *row = bo_chart_add_row (maker->chart, strategy->title, NULL);
  GString *text = g_string_new (NULL);
  gboolean before_changed = FALSE;

  for (guint i = 0; i < maker->campaigns->len; i++)
    {
      const BoCampaign *campaign = g_ptr_array_index (maker->campaigns, i);
      g_autoptr (BoCellSummary) summary = bo_cell_summary_new (cell, g_ptr_array_index (maker->trials, i));

      if (summary->trials->len == 0)
        continue;
      add_table_row (maker, campaign, summary, strategy->title, get_reason (input, summary));
      if (summary->build.n > 0)
        {
          g_autofree char *time
              = bo_chart_locale_format_duration (&input->locale, llround (summary->build.median));

          add_point (maker, row, i, summary, look, changed_look, &before_changed);
          g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", time);
        }
    }
  if (row->marks->len == 0)
    g_ptr_array_remove_index (maker->chart->rows, maker->chart->rows->len - 1);
  else
    row->text = g_strdup_printf ("%s: %s", strategy->title, text->str);
  g_string_free (text, TRUE);
}

static BoBuilder
get_builder (const BoStudy *study, const BoStrategy *strategy)
{
  for (guint i = 0; i < strategy->builders->len; i++)
    if (g_array_index (strategy->builders, BoBuilder, i) == study->default_builder)
      return study->default_builder;
  return strategy->builders->len > 0 ? g_array_index (strategy->builders, BoBuilder, 0)
                                     : study->default_builder;
}

/* The base of the strategy's line, or NULL when it is not made on the one that is looked at. */
static const char *
get_base (const BoChartInput *input, const BoStrategy *strategy)
{
  for (guint i = 0; i < strategy->bases->len; i++)
    if (input->base == NULL || g_str_equal (input->base, g_ptr_array_index (strategy->bases, i)))
      return g_ptr_array_index (strategy->bases, i);
  return NULL;
}

/* A column is called by its day; where several campaigns share one, by its minute too. */
static void
add_columns (const Maker *maker)
{
  gboolean days_differ = TRUE;

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < maker->campaigns->len; i++)
      {
        const BoCampaign *campaign = g_ptr_array_index (maker->campaigns, i);
        const BoCampaign *before = i > 0 ? g_ptr_array_index (maker->campaigns, i - 1) : NULL;
        g_autofree char *time = bo_time_format_utc (campaign->created_us);

        if (pass == 0)
          days_differ &= before == NULL
                         || campaign->created_us / G_TIME_SPAN_DAY != before->created_us / G_TIME_SPAN_DAY;
        else if (days_differ)
          g_ptr_array_add (maker->chart->columns, g_strndup (time, strcspn (time, " ")));
        else
          g_ptr_array_add (maker->chart->columns, g_steal_pointer (&time));
      }
}

/**
 * bo_chart_new_trend:
 * @input: what charts are made from
 * @condition: of which cells
 *
 * Returns: (transfer full): their build times over campaigns
 */
BoChart *
bo_chart_new_trend (const BoChartInput *input, BoCondition condition)
{
  const char *language = input->locale.language;
  g_autofree char *id = g_strdup_printf ("trend-%s", bo_condition_to_string (condition));
  g_autoptr (GPtrArray) campaigns = select_campaigns (input);
  g_autoptr (GPtrArray) trials = sort_trials (input, campaigns);
  Maker maker = { input, bo_chart_new (BO_CHART_TREND, id, &input->locale), campaigns, trials };
  BoChart *chart = maker.chart;
  gboolean any_changed = FALSE;
  g_autofree char *sentence = NULL;

  chart->axis = BO_AXIS_DURATION;
  chart->title = g_strdup_printf (D_ (language, "Build time over campaigns, %s"),
                                  bo_chart_get_condition_title (input, condition));
  chart->subtitle = g_strdup (D_ (language, "medians, and the runs around them"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Strategy"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Campaign"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_DURATION, D_ (language, "Median"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_COUNT, D_ (language, "Runs"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_DURATION, D_ (language, "Shortest"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_DURATION, D_ (language, "Longest"));
  bo_chart_table_add_column (chart->table, BO_COLUMN_TEXT, D_ (language, "Not comparable with today"));
  add_columns (&maker);
  for (guint i = 0; i < input->study->strategies->len; i++)
    {
      const BoStrategy *strategy = g_ptr_array_index (input->study->strategies, i);

      const char *base = get_base (input, strategy);

      if (base != NULL)
        add_line (&maker, strategy, base,
                  input->builder >= 0 ? (BoBuilder) input->builder : get_builder (input->study, strategy), condition);
    }
  for (guint i = 0; i < chart->rows->len; i++)
    {
      const BoChartRow *row = g_ptr_array_index (chart->rows, i);

      for (guint k = 0; k < row->marks->len; k++)
        any_changed |= ((const BoChartMark *) g_ptr_array_index (row->marks, k))->dashed;
    }
  if (any_changed)
    g_ptr_array_add (chart->remarks,
                     g_strdup (D_ (language, "A ring was measured on something that has changed since: "
                                             "the study, a Dockerfile or a base image.")));
  if (campaigns->len < 2)
    chart->empty = g_strdup (D_ (language, "A trend needs two campaigns on the same device."));
  else if (chart->rows->len == 0)
    chart->empty = g_strdup (D_ (language, "No build of this kind has succeeded yet."));
  sentence = g_strdup_printf ("%s: %s.", chart->title, chart->empty != NULL ? chart->empty : chart->subtitle);
  bo_chart_describe_rows (chart, sentence);
  return chart;
}
