/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-results"

#include "config.h"

#include <langinfo.h>

#include <glib/gi18n.h>

#include "bo-study-results.h"
#include "context/bo-study-files.h"
#include "findings/bo-findings.h"
#include "findings/bo-report-charts.h"
#include "results/bo-store.h"

G_DEFINE_QUARK (bo-study-results-error-quark, bo_study_results_error)

void
bo_study_results_free (BoStudyResults *results)
{
  if (results == NULL)
    return;
  g_clear_pointer (&results->matrix, bo_matrix_unref);
  g_clear_pointer (&results->charts, g_ptr_array_unref);
  g_free (results->device);
  g_free (results->remark);
  g_free (results);
}

static BoStudy *
load_study (const char *path, GError **error)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load (path, NULL, problems);
  GString *text;

  if (study != NULL)
    bo_study_check_files (study, NULL, problems);
  if (study != NULL && problems->n_errors == 0)
    return g_steal_pointer (&study);

  text = g_string_new (NULL);
  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *line = bo_problem_to_string (bo_problems_get (problems, i));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
    }
  g_set_error_literal (error, BO_STUDY_RESULTS_ERROR, BO_STUDY_RESULTS_ERROR_STUDY, text->str);
  g_string_free (text, TRUE);
  return NULL;
}

/* The report over all campaigns that may be put together, or NULL, without an error when nothing was run. */
static BoReport *
load_report (const char *study_id, BoStudyResults *results, GError **error)
{
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (BoStore) store = NULL;
  g_autoptr (BoCampaign) campaign = NULL;
  g_autoptr (GError) missing = NULL;
  BoReport *report;

  /* Looking at a study does not make a store. */
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  store = bo_store_open_sync (path, error);
  if (store == NULL)
    return NULL;
  campaign = bo_store_get_latest_campaign_sync (store, study_id, &missing);
  if (campaign == NULL)
    {
      if (!g_error_matches (missing, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND))
        g_propagate_error (error, g_steal_pointer (&missing));
      bo_store_close_sync (store);
      return NULL;
    }
  results->device = g_strdup (campaign->device_url);
  results->created_us = campaign->created_us;
  report = bo_findings_load (store, campaign->id, TRUE, error);
  bo_store_close_sync (store);
  return report;
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (BoStudyResults) results = g_new0 (BoStudyResults, 1);
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (BoReport) report = NULL;
  g_autoptr (GError) error = NULL;
  /* The window has its user's words and numbers, whatever language the study's documents have. */
  const BoChartLocale locale = { .language = g_get_language_names ()[0], .decimal_point = nl_langinfo (RADIXCHAR) };

  results->created_us = -1;
  study = load_study (task_data, &error);
  if (study == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  report = load_report (study->id, results, &error);
  if (error != NULL)
    results->remark = g_strdup (error->message);
  results->matrix = bo_matrix_new (study, report, &locale);
  results->charts = report != NULL ? bo_report_make_charts_for (report, &locale)
                                   : g_ptr_array_new_with_free_func ((GDestroyNotify) bo_chart_unref);
  g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify) bo_study_results_free);
}

/**
 * bo_study_results_load_async:
 * @file: a study file
 *
 * Reads the study as it is now, and the results of all its campaigns that may be put together.
 */
void
bo_study_results_load_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (G_IS_FILE (file));

  g_task_set_source_tag (task, bo_study_results_load_async);
  if (g_file_peek_path (file) == NULL)
    {
      g_autofree char *uri = g_file_get_uri (file);

      g_task_return_new_error (task, BO_STUDY_RESULTS_ERROR, BO_STUDY_RESULTS_ERROR_STUDY,
                               _ ("“%s” is not on this computer. Copy the project here, and open it again."), uri);
      return;
    }
  g_task_set_task_data (task, g_file_get_path (file), g_free);
  g_task_run_in_thread (task, load_thread);
}

BoStudyResults *
bo_study_results_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
