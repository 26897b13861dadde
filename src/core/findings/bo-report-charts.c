/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-charts"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "charts/bo-chart-file.h"
#include "charts/bo-charts.h"
#include "findings/bo-markdown.h"
#include "findings/bo-report-charts.h"
#include "study/bo-decimal-point.h"

/* The charts of a report: which there are, in which order, and what of the report they are made from. */

typedef struct
{
  BoChartInput input;
  GPtrArray *cells;
  GHashTable *left_out;
} Source;

static void
source_init (Source *source, const BoReport *report, const BoReportScope *scope, const BoChartLocale *locale)
{
  source->cells = g_ptr_array_new ();
  source->left_out = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < report->cells->len; i++)
    {
      BoCellSummary *summary = ((const BoReportCell *) g_ptr_array_index (report->cells, i))->summary;

      if (bo_report_scope_has_image (scope, summary->cell))
        g_ptr_array_add (source->cells, summary);
    }
  for (guint i = 0; i < report->exclusions->len; i++)
    {
      const BoReportExclusion *exclusion = g_ptr_array_index (report->exclusions, i);

      g_hash_table_insert (source->left_out, exclusion->subject, exclusion->reason);
    }
  for (guint i = 0; i < report->comparable->len; i++)
    g_hash_table_remove (source->left_out, ((const BoTrial *) g_ptr_array_index (report->comparable, i))->id);

  source->input = (BoChartInput) {
    .study = report->study,
    .cells = source->cells,
    .trials = report->comparable,
    .campaigns = report->campaigns,
    .left_out = source->left_out,
    .all_trials = report->trials,
    .base = scope != NULL ? scope->base : NULL,
    .builder = scope != NULL && scope->one_builder ? (int) scope->builder : -1,
    .locale = *locale,
  };
  for (guint i = 0; i < report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);

      if (row->best)
        source->input.best = row->cell;
    }
}

static void
source_clear (Source *source)
{
  g_ptr_array_unref (source->cells);
  g_hash_table_unref (source->left_out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Source, source_clear)

static gboolean
has_condition (const BoReport *report, BoCondition condition)
{
  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (report->cells, i);

      if (cell->summary->cell->condition == condition)
        return TRUE;
    }
  return FALSE;
}

static const BoCellSummary *
find_cell (const BoReport *report, const BoCell *cell)
{
  for (guint i = 0; cell != NULL && i < report->cells->len; i++)
    {
      const BoReportCell *found = g_ptr_array_index (report->cells, i);

      if (bo_cell_equal (found->summary->cell, cell))
        return found->summary;
    }
  return NULL;
}

/* The cells of the validation table that a reader wants to see side by side: the baseline's and the best
 * one's. */
static void
find_pair (const BoReport *report, const BoCellSummary **baseline, const BoCellSummary **best)
{
  *baseline = *best = NULL;
  for (guint i = 0; i < report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);

      if (row->baseline)
        *baseline = find_cell (report, row->cell);
      if (row->best)
        *best = find_cell (report, row->cell);
    }
}

/* One with nothing to show is no part of a document. */
static void
take (GPtrArray *charts, BoChart *chart)
{
  if (chart->empty != NULL)
    bo_chart_unref (chart);
  else
    g_ptr_array_add (charts, chart);
}

/**
 * bo_report_find_pair:
 * @report: a report
 * @from: (out) (transfer none): the baseline's cell
 * @to: (out) (transfer none): the best one's
 *
 * Returns: whether there are two cells of the validation table that a reader wants to see side by side
 */
gboolean
bo_report_find_pair (const BoReport *report, const BoCell **from, const BoCell **to)
{
  const BoCellSummary *baseline, *best;

  g_return_val_if_fail (report != NULL && from != NULL && to != NULL, FALSE);

  find_pair (report, &baseline, &best);
  *from = baseline != NULL ? baseline->cell : NULL;
  *to = best != NULL ? best->cell : NULL;
  return baseline != NULL && best != NULL && baseline != best;
}

/**
 * bo_report_make_charts_within:
 * @report: a report
 * @scope: (nullable): the part that is looked at; %NULL for everything
 * @locale: words and numbers of the charts
 *
 * Returns: (transfer container) (element-type BoChart): its charts, in the order in which they are read;
 * those that have something to show
 */
GPtrArray *
bo_report_make_charts_within (const BoReport *report, const BoReportScope *scope, const BoChartLocale *locale)
{
  GPtrArray *charts = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_chart_unref);
  /* Phases and the trend are of one condition each. */
  BoCondition main_condition = scope != NULL && scope->one_condition ? scope->condition : BO_CONDITION_COLD;
  const BoCellSummary *baseline, *best;
  g_auto (Source) source = { 0 };

  g_return_val_if_fail (report != NULL && locale != NULL, charts);

  source_init (&source, report, scope, locale);
  find_pair (report, &baseline, &best);
  for (guint condition = 0; condition < BO_N_CONDITIONS; condition++)
    if (has_condition (report, (BoCondition) condition)
        && (scope == NULL || !scope->one_condition || scope->condition == (BoCondition) condition))
      take (charts, bo_chart_new_build_time (&source.input, (BoCondition) condition));
  if (baseline != NULL && best != NULL && baseline != best)
    take (charts, bo_chart_new_comparison (&source.input, baseline, best));
  if (baseline != NULL)
    take (charts, bo_chart_new_steps (&source.input, baseline));
  if (best != NULL && best != baseline)
    take (charts, bo_chart_new_steps (&source.input, best));
  take (charts, bo_chart_new_phases (&source.input, main_condition));
  take (charts, bo_chart_new_run_time (&source.input));
  take (charts, bo_chart_new_image_size (&source.input));
  take (charts, bo_chart_new_cuda (&source.input));
  take (charts, bo_chart_new_trend (&source.input, main_condition));
  return charts;
}

/**
 * bo_report_make_charts_for:
 * @report: a report
 * @locale: words and numbers of the charts
 *
 * Returns: (transfer container) (element-type BoChart): its charts, in the order in which they are read;
 * those that have something to show
 */
GPtrArray *
bo_report_make_charts_for (const BoReport *report, const BoChartLocale *locale)
{
  return bo_report_make_charts_within (report, NULL, locale);
}

/**
 * bo_report_make_phases:
 * @report: a report
 * @scope: (nullable): the part that is looked at
 * @locale: words and numbers of the chart
 *
 * Returns: (transfer full): the phases of its trials; also when there is nothing to show
 */
BoChart *
bo_report_make_phases (const BoReport *report, const BoReportScope *scope, const BoChartLocale *locale)
{
  g_auto (Source) source = { 0 };

  g_return_val_if_fail (report != NULL && locale != NULL, NULL);

  source_init (&source, report, scope, locale);
  return bo_chart_new_phases (&source.input,
                              scope != NULL && scope->one_condition ? scope->condition : BO_CONDITION_COLD);
}

/**
 * bo_report_make_steps:
 * @report: a report
 * @cell: one of its cells
 * @locale: words and numbers of the chart
 *
 * For a window, where a person chooses the cell.
 *
 * Returns: (transfer full): its steps; also when there is nothing to show
 */
BoChart *
bo_report_make_steps (const BoReport *report, const BoCell *cell, const BoChartLocale *locale)
{
  const BoCellSummary *summary = find_cell (report, cell);
  g_auto (Source) source = { 0 };

  g_return_val_if_fail (summary != NULL && locale != NULL, NULL);

  source_init (&source, report, NULL, locale);
  return bo_chart_new_steps (&source.input, summary);
}

/**
 * bo_report_make_comparison:
 * @report: a report
 * @from: one of its cells
 * @to: another one
 * @locale: words and numbers of the chart
 *
 * For a window, where a person chooses the two.
 *
 * Returns: (transfer full): where their difference comes from; also when there is nothing to show
 */
BoChart *
bo_report_make_comparison (const BoReport *report,
                           const BoCell *from,
                           const BoCell *to,
                           const BoChartLocale *locale)
{
  const BoCellSummary *first = find_cell (report, from);
  const BoCellSummary *second = find_cell (report, to);
  g_auto (Source) source = { 0 };

  g_return_val_if_fail (first != NULL && second != NULL && locale != NULL, NULL);

  source_init (&source, report, NULL, locale);
  return bo_chart_new_comparison (&source.input, first, second);
}

/**
 * bo_report_make_charts:
 * @report: a report
 *
 * Returns: (transfer container) (element-type BoChart): its charts, as they stand in documents: in the
 * report's language, with that language's numbers
 */
GPtrArray *
bo_report_make_charts (const BoReport *report)
{
  const BoChartLocale locale = { report->language, bo_decimal_point_of (report->language) };

  return bo_report_make_charts_for (report, &locale);
}

/**
 * bo_report_get_charts_folder:
 * @document: path of a document
 *
 * Returns: (transfer full): path of the folder beside it that its charts are in: "findings-charts" for
 * "findings.md"
 */
char *
bo_report_get_charts_folder (const char *document)
{
  g_autofree char *name = g_path_get_basename (document);
  g_autofree char *parent = g_path_get_dirname (document);
  g_autofree char *folder = NULL;
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  folder = g_strconcat (name, "-charts", NULL);
  return g_build_filename (parent, folder, NULL);
}

static char *
get_file_name (const BoChart *chart)
{
  char *name = g_strconcat (chart->id, ".svg", NULL);

  /* An id holds ids of a study. */
  return g_strcanon (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.", '_');
}

/**
 * bo_report_charts_to_markdown:
 * @charts: (element-type BoChart): charts
 * @folder: name of the folder beside the document that they are in
 *
 * Returns: (transfer full): lines that show them, each with what it says for those who do not see it
 */
char *
bo_report_charts_to_markdown (GPtrArray *charts, const char *folder)
{
  GString *text = g_string_new (NULL);
  g_autofree char *address = g_uri_escape_string (folder, NULL, FALSE);

  for (guint i = 0; i < charts->len; i++)
    {
      const BoChart *chart = g_ptr_array_index (charts, i);
      g_autofree char *description = bo_markdown_escape_cell (chart->description);
      g_autofree char *name = get_file_name (chart);

      g_string_append_printf (text, "%s![%s](%s/%s)\n", i > 0 ? "\n" : "", description, address, name);
    }
  return g_string_free (text, FALSE);
}

/**
 * bo_report_charts_save:
 * @charts: (element-type BoChart): charts
 * @folder: where to; it is made when it is not there. Other files in it are left alone
 * @error: return location for a #GFileError or #BoChartFileError
 *
 * Returns: whether all of them were written
 */
gboolean
bo_report_charts_save (GPtrArray *charts, const char *folder, GError **error)
{
  const BoChartStyle style = bo_chart_style_for_files ();

  if (g_mkdir (folder, 0755) != 0 && errno != EEXIST)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   _ ("the folder “%s” cannot be made: %s"), folder, g_strerror (code));
      return FALSE;
    }
  for (guint i = 0; i < charts->len; i++)
    {
      BoChart *chart = g_ptr_array_index (charts, i);
      g_autofree char *name = get_file_name (chart);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!bo_chart_save_svg (chart, &style, BO_CHART_DOCUMENT_WIDTH, path, error))
        return FALSE;
    }
  return TRUE;
}
