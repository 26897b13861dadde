/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-results-content"

#include "config.h"

#include <langinfo.h>

#include "findings/bo-report-charts.h"
#include "results/bo-results-content.h"
#include "study/bo-translations.h"

void
bo_results_request_clear (BoResultsRequest *request)
{
  g_clear_pointer (&request->base, g_free);
  g_clear_pointer (&request->from, g_free);
  g_clear_pointer (&request->to, g_free);
  g_clear_pointer (&request->parts, g_free);
}

static void
copy_request (BoResultsRequest *to, const BoResultsRequest *from)
{
  *to = *from;
  to->base = g_strdup (from->base);
  to->from = g_strdup (from->from);
  to->to = g_strdup (from->to);
  to->parts = g_strdup (from->parts);
}

static void
choice_free (gpointer data)
{
  BoResultsChoice *choice = data;

  g_free (choice->key);
  g_free (choice->title);
  g_free (choice);
}

void
bo_results_content_free (BoResultsContent *content)
{
  if (content == NULL)
    return;
  g_clear_pointer (&content->report, bo_report_unref);
  bo_results_request_clear (&content->request);
  for (guint i = 0; i < BO_N_RESULTS_CARDS; i++)
    {
      g_clear_pointer (&content->charts[i], bo_chart_unref);
      g_free (content->says[i]);
    }
  g_clear_pointer (&content->conditions, g_array_unref);
  g_clear_pointer (&content->builders, g_array_unref);
  g_clear_pointer (&content->bases, g_ptr_array_unref);
  g_clear_pointer (&content->choices, g_ptr_array_unref);
  g_clear_pointer (&content->insights, g_ptr_array_unref);
  g_free (content);
}

typedef struct
{
  BoReport *report;
  BoResultsRequest request;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  bo_report_unref (job->report);
  bo_results_request_clear (&job->request);
  g_free (job);
}

static gboolean
has_int (const GArray *array, int value)
{
  for (guint i = 0; i < array->len; i++)
    if (g_array_index (array, int, i) == value)
      return TRUE;
  return FALSE;
}

static void
list_what_there_is (BoResultsContent *content)
{
  const BoReport *report = content->report;

  content->conditions = g_array_new (FALSE, FALSE, sizeof (int));
  content->builders = g_array_new (FALSE, FALSE, sizeof (int));
  content->bases = g_ptr_array_new_with_free_func (g_free);
  content->choices = g_ptr_array_new_with_free_func (choice_free);
  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoCellSummary *summary = ((const BoReportCell *) g_ptr_array_index (report->cells, i))->summary;
      int condition = (int) summary->cell->condition;
      int builder = (int) summary->cell->builder;
      BoResultsChoice *choice;

      if (summary->trials->len == 0)
        continue;
      if (!has_int (content->conditions, condition))
        g_array_append_val (content->conditions, condition);
      if (!has_int (content->builders, builder))
        g_array_append_val (content->builders, builder);
      if (!g_ptr_array_find_with_equal_func (content->bases, summary->cell->base, g_str_equal, NULL))
        g_ptr_array_add (content->bases, g_strdup (summary->cell->base));
      if (bo_cell_summary_get_typical (summary) == NULL
          && bo_cell_summary_get_first (summary, BO_OUTCOME_FAILED) == NULL
          && bo_cell_summary_get_first (summary, BO_OUTCOME_TIMED_OUT) == NULL)
        continue;
      choice = g_new0 (BoResultsChoice, 1);
      choice->key = bo_cell_get_key (summary->cell);
      choice->title = bo_report_get_cell_title (report, summary->cell);
      choice->has_time = bo_cell_summary_get_typical (summary) != NULL;
      g_ptr_array_add (content->choices, choice);
    }
}

static gboolean
has_choice (const BoResultsContent *content, const char *key, gboolean with_time)
{
  for (guint i = 0; key != NULL && i < content->choices->len; i++)
    {
      const BoResultsChoice *choice = g_ptr_array_index (content->choices, i);

      if (g_str_equal (choice->key, key))
        return choice->has_time || !with_time;
    }
  return FALSE;
}

/* What was not said, or is not there any more, becomes what is usual. */
static void
complete_request (BoResultsContent *content)
{
  BoResultsRequest *request = &content->request;
  const BoCell *from = NULL, *to = NULL;

  if (!has_int (content->conditions, request->condition))
    {
      request->condition = BO_CONDITION_COLD;
      if (!has_int (content->conditions, request->condition) && content->conditions->len > 0)
        request->condition = g_array_index (content->conditions, int, 0);
    }
  if (!has_int (content->builders, request->builder))
    request->builder = -1;
  if (request->base != NULL
      && !g_ptr_array_find_with_equal_func (content->bases, request->base, g_str_equal, NULL))
    g_clear_pointer (&request->base, g_free);
  if (!has_choice (content, request->parts, FALSE))
    g_clear_pointer (&request->parts, g_free);
  if (!has_choice (content, request->from, TRUE))
    g_clear_pointer (&request->from, g_free);
  if (!has_choice (content, request->to, TRUE))
    g_clear_pointer (&request->to, g_free);

  bo_report_find_pair (content->report, &from, &to);
  if (request->from == NULL && from != NULL)
    request->from = bo_cell_get_key (from);
  if (request->to == NULL && to != NULL)
    request->to = bo_cell_get_key (to);
  for (guint i = 0; i < 2; i++)
    {
      char **key = i == 0 ? &request->from : &request->to;
      const char *other = i == 0 ? request->to : request->from;

      if (has_choice (content, *key, TRUE) && (i == 0 || g_strcmp0 (*key, other) != 0))
        continue;
      g_clear_pointer (key, g_free);
      for (guint k = 0; k < content->choices->len && *key == NULL; k++)
        {
          const BoResultsChoice *choice = g_ptr_array_index (content->choices, k);

          if (choice->has_time && g_strcmp0 (choice->key, other) != 0)
            *key = g_strdup (choice->key);
        }
    }
}

static void
take_chart (BoResultsContent *content, BoResultsCard card, BoChart *chart)
{
  g_clear_pointer (&content->charts[card], bo_chart_unref);
  content->charts[card] = chart;
}

static void
find_charts (BoResultsContent *content, GPtrArray *charts)
{
  static const struct
  {
    BoResultsCard card;
    const char *prefix;
  } names[] = {
    { BO_RESULTS_BUILD_TIME, "build-time-" }, { BO_RESULTS_IMAGE_SIZE, "image-size" },
    { BO_RESULTS_CUDA, "cuda" },              { BO_RESULTS_RUN_TIME, "run-time" },
    { BO_RESULTS_TREND, "trend-" },
  };

  for (guint i = 0; i < charts->len; i++)
    for (guint k = 0; k < G_N_ELEMENTS (names); k++)
      {
        BoChart *chart = g_ptr_array_index (charts, i);

        if (g_str_has_prefix (chart->id, names[k].prefix) && content->charts[names[k].card] == NULL)
          take_chart (content, names[k].card, bo_chart_ref (chart));
      }
}

static void
make_chosen (BoResultsContent *content, const BoReportScope *scope, const BoChartLocale *locale)
{
  const BoResultsRequest *request = &content->request;

  if (request->from != NULL && request->to != NULL)
    {
      g_autoptr (BoCell) from = bo_cell_parse_key (request->from);
      g_autoptr (BoCell) to = bo_cell_parse_key (request->to);

      take_chart (content, BO_RESULTS_COMPARISON, bo_report_make_comparison (content->report, from, to, locale));
      content->says[BO_RESULTS_COMPARISON]
        = bo_report_say_comparison (content->report, from, to, content->charts[BO_RESULTS_COMPARISON]);
    }
  if (request->parts != NULL)
    {
      g_autoptr (BoCell) cell = bo_cell_parse_key (request->parts);

      take_chart (content, BO_RESULTS_PARTS, bo_report_make_steps (content->report, cell, locale));
    }
  else if (content->choices->len > 0)
    take_chart (content, BO_RESULTS_PARTS, bo_report_make_phases (content->report, scope, locale));
}

static BoResultsContent *
make (const Job *job, const BoChartLocale *locale)
{
  BoResultsContent *content = g_new0 (BoResultsContent, 1);
  g_autoptr (GPtrArray) charts = NULL;
  BoReportScope scope;

  content->report = bo_report_translate (job->report, locale->language);
  copy_request (&content->request, &job->request);
  list_what_there_is (content);
  complete_request (content);
  scope = (BoReportScope) {
    .one_condition = TRUE,
    .condition = (BoCondition) content->request.condition,
    .base = content->request.base,
    .one_builder = content->request.builder >= 0,
    .builder = (BoBuilder) MAX (content->request.builder, 0),
  };
  charts = bo_report_make_charts_within (content->report, &scope, locale);
  find_charts (content, charts);
  make_chosen (content, &scope, locale);
  content->insights = bo_report_get_insights (content->report, &scope, locale);
  content->says[BO_RESULTS_BUILD_TIME] = bo_report_say_build_time (content->report, &scope);
  content->says[BO_RESULTS_IMAGE_SIZE] = bo_report_say_image_size (content->report, &scope, locale);
  content->says[BO_RESULTS_CUDA] = bo_report_say_cuda (content->report, &scope);
  return content;
}

static void
make_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autofree char *language = bo_translations_get_language ();
  const BoChartLocale locale = { .language = language, .decimal_point = nl_langinfo (RADIXCHAR) };

  g_task_return_pointer (task, make (task_data, &locale), (GDestroyNotify) bo_results_content_free);
}

/* A base's title. */
const char *
bo_results_content_get_base_title (const BoResultsContent *content, const char *base)
{
  const BoBase *found = bo_study_get_base (content->report->study, base);

  return found != NULL && found->title != NULL ? found->title : base;
}

/**
 * bo_results_content_make_async:
 * @report: a report
 * @request: what is looked at
 */
void
bo_results_content_make_async (BoReport *report,
                               const BoResultsRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_return_if_fail (report != NULL && request != NULL);

  job->report = bo_report_ref (report);
  copy_request (&job->request, request);
  g_task_set_source_tag (task, bo_results_content_make_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, make_thread);
}

BoResultsContent *
bo_results_content_make_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
