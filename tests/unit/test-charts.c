/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "charts/bo-charts.h"
#include "findings/bo-report-charts.h"

#include "sample-findings.h"

#define SECOND G_GINT64_CONSTANT (1000000)

static BoChart *
find_chart (GPtrArray *charts, const char *id)
{
  for (guint i = 0; i < charts->len; i++)
    if (g_str_equal (((BoChart *) g_ptr_array_index (charts, i))->id, id))
      return g_ptr_array_index (charts, i);
  return NULL;
}

static const BoChartRow *
find_row (const BoChart *chart, const char *title, const char *detail)
{
  for (guint i = 0; i < chart->rows->len; i++)
    {
      const BoChartRow *row = g_ptr_array_index (chart->rows, i);

      if (g_str_equal (row->title, title) && g_strcmp0 (row->detail, detail) == 0)
        return row;
    }
  g_error ("%s has no row %s", chart->id, title);
}

/* The marks of a row as text: what they are called in the legend, and where they stand. */
static char *
list_marks (const BoChart *chart, const BoChartRow *row)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);
      const BoChartLook *look = g_ptr_array_index (chart->looks, mark->look);

      if (look->shape == BO_SHAPE_BAR)
        g_assert_cmpint (mark->from, ==, 0);
      g_string_append_printf (text, "%s%s %g", i > 0 ? "; " : "", look->title != NULL ? look->title : "bar",
                              (double) mark->to / 1e6);
    }
  return g_string_free (text, FALSE);
}

static void
test_build_time (void)
{
  static const struct
  {
    const char *title;
    const char *detail;
    const char *note;
    const char *marks;
  } rows[] = {
    { "Original", NULL, "47 min 14 s (n=3)",
      "bar 2834; median 2834; one run of the baseline 2827; one run of the baseline 2834; one run of the "
      "baseline 2841" },
    { "Original", "nvidia/cuda", "52 min 14 s (n=3)",
      "bar 3134; median 3134; one run of the baseline 3127; one run of the baseline 3134; one run of the "
      "baseline 3141" },
    /* How far it got is a mark and no bar, and what was skipped is neither. */
    { "PyPI wheels", NULL, "failed at step 5 of 9 after 1 min 52 s", "failed, at the time it got to 112" },
    /* The disturbed one is shown and is in no median. */
    { "Jetson wheels", NULL, "18 min 14 s (n=2)",
      "bar 1094; median 1094; one run 1087; disturbed, in no median 1094; one run 1101" },
    { "Multi-stage", NULL, "> 6 h", "ran out of time 21600" },
    { "Minimal + runtime", NULL, "not run (unsupported)", "" },
  };
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);
  const BoChart *chart = find_chart (charts, "build-time-cold");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const BoChartRow *row = find_row (chart, rows[i].title, rows[i].detail);
      g_autofree char *marks = list_marks (chart, row);

      g_assert_cmpstr (row->note, ==, rows[i].note);
      g_assert_cmpstr (marks, ==, rows[i].marks);
      /* It can be read without being seen. */
      g_assert_nonnull (strstr (chart->description, rows[i].note));
    }
  g_assert_true (find_row (chart, "Pre-built cache", NULL)->emphasis);
  /* Six hours without an end do not push the others together. */
  g_assert_cmpint (chart->max, ==, 3141 * SECOND);
  g_assert_cmpuint (chart->remarks->len, ==, 1);
}

/* The table holds every trial, with the numbers themselves. */
static void
test_table (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);
  const BoChart *chart = find_chart (charts, "build-time-cold");
  BoChartLocale comma = { NULL, "," };
  g_autofree char *csv = bo_chart_table_to_csv (chart->table);
  g_autofree char *shown = NULL;

  g_assert_cmpuint (bo_chart_table_get_n_rows (chart->table), ==, 17);
  g_assert_cmpint (bo_chart_table_get_number (chart->table, 0, 6), ==, 2827 * SECOND);
  g_assert_cmpint (bo_chart_table_get_number (chart->table, 6, 6), ==, BO_CHART_NO_NUMBER);
  g_assert_cmpint (bo_chart_table_get_number (chart->table, 6, 7), ==, 112 * SECOND);
  g_assert_true (g_str_has_prefix (
      csv, "Strategy,Base,Builder,Campaign,Run,Outcome,Build time (s),Got to (s),Disturbed by\n"
           "Original,dustynv/pytorch,classic," SAMPLE_CAMPAIGN ",1,succeeded,2827.000000,,\n"));
  chart = find_chart (charts, "build-time-warm");
  shown = bo_chart_table_get_text (chart->table, 0, 6, &comma);
  g_assert_cmpstr (shown, ==, "0,85 s");
}

static void
test_csv_fields (void)
{
  BoChartTable *table = bo_chart_table_new ();
  g_autofree char *csv = NULL;

  bo_chart_table_add_column (table, BO_COLUMN_TEXT, "What");
  bo_chart_table_add_column (table, BO_COLUMN_DIFFERENCE, "More");
  bo_chart_table_begin_row (table);
  bo_chart_table_add_text (table, "a \"b\", c\nd");
  bo_chart_table_add_number (table, -1500000);
  bo_chart_table_begin_row (table);
  bo_chart_table_add_text (table, "=1+1");
  bo_chart_table_add_number (table, BO_CHART_NO_NUMBER);
  csv = bo_chart_table_to_csv (table);
  g_assert_cmpstr (csv, ==, "What,More (s)\n\"a \"\"b\"\", c\nd\",-1.500000\n'=1+1,\n");
  bo_chart_table_free (table);
}

static void
test_run_time (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);
  const BoChart *chart = find_chart (charts, "run-time");
  g_autofree char *marks = list_marks (chart, find_row (chart, "Pre-built cache", NULL));
  g_autofree char *none = list_marks (chart, find_row (chart, "PyPI wheels", NULL));

  g_assert_cmpstr (find_row (chart, "Jetson wheels", NULL)->note, ==, "22.5 s (n=6)");
  g_assert_cmpstr (find_row (chart, "PyPI wheels", NULL)->note, ==, "no image");
  g_assert_cmpstr (marks, ==,
                   "bar 22.4; median 22.4; one run 22.3; one run 22.4; one run 22.5; one run 22.3; "
                   "one run 22.4; one run 22.5; one run 22.3; one run 22.4; one run 22.5");
  g_assert_cmpstr (none, ==, "");
}

/* Runs that did not end well are shown as that, and are in no median. */
static void
test_failed_runs (void)
{
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };
  g_autoptr (BoReport) report = NULL;
  g_autoptr (GPtrArray) charts = NULL;
  const BoChart *chart;
  const BoChartRow *row;
  g_autofree char *marks = NULL;

  g_ptr_array_add (campaigns, sample_campaign (trials, 1));
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);
      BoProbeResult *workload = trial->probes->len == 3 ? g_ptr_array_index (trial->probes, 2) : NULL;

      if (workload == NULL || !g_str_equal (trial->cell->strategy, "prebuilt"))
        continue;
      ((BoProbeRun *) g_ptr_array_index (workload->runs, 0))->exit_code = 1;
      ((BoProbeRun *) g_ptr_array_index (workload->runs, 1))->timed_out = TRUE;
    }
  report = bo_report_new (&input);
  charts = bo_report_make_charts (report);
  chart = find_chart (charts, "run-time");
  row = find_row (chart, "Pre-built cache", NULL);
  marks = list_marks (chart, row);
  g_assert_cmpstr (row->note, ==, "22.5 s (n=3, failed: 6)");
  g_assert_true (g_str_has_prefix (
      marks, "bar 22.5; median 22.5; failed, at the time it got to 22.3; ran out of time 22.4; "
             "one run 22.5; "));
}

static void
test_cuda (void)
{
  static const struct
  {
    const char *title;
    const char *cells;
    const char *note;
  } rows[] = {
    { "Original", "x--- yy", "Library: libcuda.so.1 is not in the image" },
    { "Jetson wheels", "sss- yy", NULL },
    { "PyPI wheels", "---- --", "no image: failed at step 5 of 9 after 1 min 52 s" },
    { "Multi-stage", "---- --", "no image: > 6 h" },
  };
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);
  const BoChart *chart = find_chart (charts, "cuda");

  g_assert_cmpuint (chart->columns->len, ==, 6);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const BoChartRow *row = find_row (chart, rows[i].title, NULL);
      g_autoptr (GString) cells = g_string_new (NULL);

      for (guint k = 0; k < row->marks->len; k++)
        {
          const BoChartMark *mark = g_ptr_array_index (row->marks, k);

          g_assert_cmpuint (mark->column, ==, k);
          g_string_append_printf (cells, "%s%c", k == 4 ? " " : "", "ysx-"[mark->look]);
        }
      g_assert_cmpstr (cells->str, ==, rows[i].cells);
      g_assert_cmpstr (row->note, ==, rows[i].note);
    }
}

static void
add_layer (BoImage *image, gint64 size, const char *diff_id, gboolean from_base)
{
  BoLayer *layer = bo_layer_new ();

  layer->created_by = g_strdup_printf ("RUN %s", diff_id);
  layer->size = size;
  layer->diff_id = g_strdup (diff_id);
  layer->from_base = from_base;
  g_ptr_array_add (image->layers, layer);
}

/* The sample with layers: original and prebuilt have one in common. */
static BoReport *
make_layered (void)
{
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };

  g_ptr_array_add (campaigns, sample_campaign (trials, 1));
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);
      gboolean prebuilt = g_str_equal (trial->cell->strategy, "prebuilt");

      if (trial->image == NULL || !(prebuilt || g_str_equal (trial->cell->strategy, "original")))
        continue;
      trial->image->size = 1000;
      add_layer (trial->image, 600, "base", TRUE);
      add_layer (trial->image, 150, prebuilt ? "prebuilt" : "original", FALSE);
      add_layer (trial->image, 200, "both", FALSE);
    }
  return bo_report_new (&input);
}

static void
test_image_size (void)
{
  g_autoptr (BoReport) report = make_layered ();
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);
  const BoChart *chart = find_chart (charts, "image-size");
  const BoChartRow *row = find_row (chart, "Pre-built cache", NULL);
  static const struct
  {
    const char *look;
    gint64 from;
    gint64 to;
  } parts[] = {
    { "base image", 0, 600 },
    { "in another strategy’s image too", 600, 800 },
    { "in this strategy’s image alone", 800, 950 },
    { "not told apart by the engine", 950, 1000 },
  };

  g_assert_cmpuint (row->marks->len, ==, G_N_ELEMENTS (parts));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);

      g_assert_cmpstr (((BoChartLook *) g_ptr_array_index (chart->looks, mark->look))->title, ==,
                       parts[i].look);
      g_assert_cmpint (mark->from, ==, parts[i].from);
      g_assert_cmpint (mark->to, ==, parts[i].to);
    }
  /* Without layers: what is known is the base's part and the rest. */
  row = find_row (chart, "Jetson wheels", NULL);
  g_assert_cmpuint (row->marks->len, ==, 2);
  g_assert_cmpint (((BoChartMark *) g_ptr_array_index (row->marks, 0))->to, ==,
                   G_GINT64_CONSTANT (8400000000));
}

/* The stairs lead from the one time to the other without a gap. */
static void
test_comparison (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);
  const BoChart *chart = find_chart (charts, "comparison");
  gint64 level = 2834 * SECOND;
  guint rows, column;
  gint64 sum = 0;

  g_assert_cmpstr (chart->subtitle, ==, "Original → Pre-built cache");
  for (guint i = 0; i < chart->rows->len; i++)
    {
      const BoChartRow *row = g_ptr_array_index (chart->rows, i);
      const BoChartMark *mark = g_ptr_array_index (row->marks, 0);

      if (i == 0 || i + 1 == chart->rows->len)
        g_assert_cmpint (mark->from, ==, 0);
      else
        g_assert_cmpint (mark->from, ==, level);
      level = mark->to;
    }
  g_assert_cmpint (level, ==, 367 * SECOND);
  rows = bo_chart_table_get_n_rows (chart->table);
  column = bo_chart_table_get_n_columns (chart->table) - 1;
  for (guint i = 0; i + 1 < rows; i++)
    sum += bo_chart_table_get_number (chart->table, i, column);
  g_assert_cmpint (sum, ==, (367 - 2834) * SECOND);
  g_assert_cmpint (bo_chart_table_get_number (chart->table, rows - 1, column), ==, sum);
}

static void
add_phase (BoTrial *trial, BoPhaseKind kind, gint64 duration_us)
{
  BoPhase *phase = bo_phase_new (kind);

  phase->duration_us = duration_us;
  g_ptr_array_add (trial->phases, phase);
}

static void
test_phases (void)
{
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };
  g_autoptr (BoReport) report = NULL;
  g_autoptr (GPtrArray) charts = NULL;
  const BoChart *chart;
  g_autofree char *marks = NULL;

  g_ptr_array_add (campaigns, sample_campaign (trials, 1));
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);

      if (!g_str_equal (trial->cell->strategy, "prebuilt") || trial->build_us < 0)
        continue;
      add_phase (trial, BO_PHASE_UPLOAD, 2 * SECOND);
      add_phase (trial, BO_PHASE_BUILD, trial->build_us);
      add_phase (trial, BO_PHASE_PROBES, 60 * SECOND);
    }
  report = bo_report_new (&input);
  charts = bo_report_make_charts (report);
  chart = find_chart (charts, "phases-cold");
  g_assert_cmpuint (chart->rows->len, ==, 1);
  marks = list_marks (chart, g_ptr_array_index (chart->rows, 0));
  /* Each begins where the one before ends. */
  g_assert_cmpstr (marks, ==, "upload 2; build 369; probes 429");
  g_assert_cmpint (chart->max, ==, 429 * SECOND);
}

static void
test_steps (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  BoChartInput input = { .study = report->study, .builder = -1, .cells = cells, .trials = report->comparable,
                         .campaigns = report->campaigns, .all_trials = report->trials };

  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoCellSummary *cell = ((BoReportCell *) g_ptr_array_index (report->cells, i))->summary;
      g_autoptr (BoChart) chart = bo_chart_new_steps (&input, cell);

      if (g_str_equal (cell->cell->strategy, "pypi-wheels"))
        {
          const BoChartRow *row
              = find_row (chart, "RUN pip install torch==2.6.0 torchvision==0.17.0", "step 5");

          g_assert_cmpstr (row->note, ==, "failed");
        }
      else if (g_str_equal (cell->cell->strategy, "minimal-runtime"))
        g_assert_nonnull (chart->empty);
      else if (g_str_equal (cell->cell->strategy, "original") && cell->cell->condition == BO_CONDITION_COLD)
        g_assert_cmpuint (chart->rows->len, ==, 1);
    }
}

static void
test_trend (void)
{
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };
  static const char *const ids[] = { "20261124-061200-0003", "20261123-061200-0002", "20261122-061200-0001" };
  g_autoptr (BoReport) report = NULL;
  g_autoptr (GPtrArray) charts = NULL;
  const BoChart *chart;
  const BoChartRow *row;
  GString *medians = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      BoCampaign *campaign = sample_campaign_called (ids[i], trials, i + 1);

      campaign->created_us -= i * G_TIME_SPAN_DAY;
      /* The oldest one was of another version of the study. */
      if (i == 2)
        {
          g_free (campaign->study_text);
          campaign->study_text = g_strdup ("{ }");
        }
      g_ptr_array_add (campaigns, campaign);
    }
  report = bo_report_new (&input);
  charts = bo_report_make_charts (report);
  chart = find_chart (charts, "trend-cold");
  g_assert_cmpuint (chart->columns->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (chart->columns, 0), ==, "2026-11-22");
  row = find_row (chart, "Original", NULL);
  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);
      const BoChartLook *look = g_ptr_array_index (chart->looks, mark->look);

      if (mark->joined)
        g_string_append_printf (medians, "%u: %g%s%s; ", mark->column, (double) mark->to / 1e6,
                                look->shape == BO_SHAPE_RING ? " ring" : "", mark->dashed ? " dashed" : "");
    }
  g_assert_cmpstr (medians->str, ==, "0: 8502 ring dashed; 1: 5668 dashed; 2: 2834; ");
  g_assert_cmpuint (chart->remarks->len, ==, 1);
  g_string_free (medians, TRUE);
}

/* One campaign is no trend, and a report without a workload has no run time: neither is in the document. */
static void
test_left_out (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);
  g_autofree char *markdown = bo_report_charts_to_markdown (charts, "my findings-charts");

  g_assert_null (find_chart (charts, "trend-cold"));
  g_assert_null (find_chart (charts, "phases-cold"));
  for (guint i = 0; i < charts->len; i++)
    {
      const BoChart *chart = g_ptr_array_index (charts, i);
      g_autofree char *address = g_strdup_printf ("](my%%20findings-charts/%s.svg)", chart->id);

      g_assert_null (chart->empty);
      g_assert_nonnull (strstr (markdown, address));
    }
}

static void
test_folder (void)
{
  static const struct
  {
    const char *document;
    const char *folder;
  } cases[] = {
    { "findings.md", "./findings-charts" },
    { "/a/b/findings.md", "/a/b/findings-charts" },
    { "a.b/x", "a.b/x-charts" },
    { "/a/.md", "/a/.md-charts" },
    { "v1.2.md", "./v1.2-charts" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folder = bo_report_get_charts_folder (cases[i].document);

      g_assert_cmpstr (folder, ==, cases[i].folder);
    }
}

/* What is pasted into a spreadsheet, in the order that a person sorted it in. */
static void
test_tsv (void)
{
  static const gint64 numbers[] = { 2500000, BO_CHART_NO_NUMBER, 1000001, 2500000 };
  static const char *const words[] = { "b\tc", "a", "=1+1", "d\ne" };
  static const guint rows[] = { 2, 0, 9 };
  const BoChartLocale comma = { "de", "," };
  BoChartTable *table = bo_chart_table_new ();
  g_autofree char *all = NULL;
  g_autofree char *some = NULL;

  bo_chart_table_add_column (table, BO_COLUMN_TEXT, "What");
  bo_chart_table_add_column (table, BO_COLUMN_DURATION, "Time");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      bo_chart_table_begin_row (table);
      bo_chart_table_add_text (table, words[i]);
      bo_chart_table_add_number (table, numbers[i]);
    }
  all = bo_chart_table_to_tsv (table, NULL, 0, NULL);
  g_assert_cmpstr (all, ==, "What\tTime (s)\nb c\t2.500000\na\t\n'=1+1\t1.000001\nd e\t2.500000\n");
  some = bo_chart_table_to_tsv (table, rows, G_N_ELEMENTS (rows), &comma);
  g_assert_cmpstr (some, ==, "What\tTime (s)\n'=1+1\t1,000001\nb c\t2,500000\n");

  g_assert_cmpint (bo_chart_table_compare (table, 1, 2, 0), <, 0);
  g_assert_cmpint (bo_chart_table_compare (table, 1, 0, 2), >, 0);
  /* What is not there comes last, and rows that are alike keep their order. */
  g_assert_cmpint (bo_chart_table_compare (table, 1, 1, 0), >, 0);
  g_assert_cmpint (bo_chart_table_compare (table, 1, 0, 3), <, 0);
  g_assert_cmpint (bo_chart_table_compare (table, 0, 1, 0), <, 0);
  bo_chart_table_free (table);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/charts/build-time", test_build_time);
  g_test_add_func ("/charts/table", test_table);
  g_test_add_func ("/charts/csv-fields", test_csv_fields);
  g_test_add_func ("/charts/run-time", test_run_time);
  g_test_add_func ("/charts/failed-runs", test_failed_runs);
  g_test_add_func ("/charts/cuda", test_cuda);
  g_test_add_func ("/charts/image-size", test_image_size);
  g_test_add_func ("/charts/comparison", test_comparison);
  g_test_add_func ("/charts/phases", test_phases);
  g_test_add_func ("/charts/steps", test_steps);
  g_test_add_func ("/charts/trend", test_trend);
  g_test_add_func ("/charts/tsv", test_tsv);
  g_test_add_func ("/charts/left-out", test_left_out);
  g_test_add_func ("/charts/folder", test_folder);
  return g_test_run ();
}
