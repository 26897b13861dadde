/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-results"

#include "config.h"

#include <langinfo.h>

#include <glib/gi18n.h>

#include "bo-study-results.h"
#include "context/bo-study-files.h"
#include "device/bo-device.h"
#include "findings/bo-findings.h"
#include "insight/bo-missing-cells.h"
#include "results/bo-store.h"
#include "study/bo-translations.h"

G_DEFINE_QUARK (bo-study-results-error-quark, bo_study_results_error)

void
bo_study_results_free (BoStudyResults *results)
{
  if (results == NULL)
    return;
  g_clear_pointer (&results->matrix, bo_matrix_unref);
  g_clear_pointer (&results->report, bo_report_unref);
  g_clear_pointer (&results->campaign, bo_campaign_unref);
  g_clear_pointer (&results->campaign_trials, g_ptr_array_unref);
  g_free (results->unfinished);
  g_clear_pointer (&results->missing, g_ptr_array_unref);
  g_clear_pointer (&results->estimates, g_hash_table_unref);
  g_free (results->estimates_device);
  g_clear_pointer (&results->campaign_estimates, g_hash_table_unref);
  g_free (results->campaign_estimates_device);
  g_clear_pointer (&results->notes, g_hash_table_unref);
  g_free (results->device);
  g_free (results->measured_on);
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

typedef struct
{
  char *file;
  char *device;
  char *session_device;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->file);
  g_free (request->device);
  g_free (request->session_device);
  g_free (request);
}

/* The device's URL as the store knows it, or NULL when it cannot be found; then nothing is known about it. */
static char *
find_device_url (const char *device)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceUrl) url = NULL;

  url = device != NULL ? bo_device_resolve (device, &error) : bo_device_url_new_default (&error);
  if (url == NULL)
    {
      g_debug ("the device %s: %s", device, error->message);
      return NULL;
    }
  return bo_device_url_to_string (url);
}

static gboolean
is_unfinished (const BoCampaignSummary *summary)
{
  return summary->state == BO_CAMPAIGN_PLANNED || summary->state == BO_CAMPAIGN_RUNNING;
}

/* As bo_store_get_latest_campaign_sync() has it. */
static gboolean
has_results (const BoCampaignSummary *summary)
{
  return !is_unfinished (summary)
         && summary->n_outcomes[BO_OUTCOME_SUCCEEDED] + summary->n_outcomes[BO_OUTCOME_FAILED]
                + summary->n_outcomes[BO_OUTCOME_TIMED_OUT] + summary->n_outcomes[BO_OUTCOME_UNSUPPORTED]
              > 0;
}

/* The newest of those that are looked for, on the device if there is one there, or NULL. */
static const BoCampaignSummary *
find_newest (GPtrArray *summaries, gboolean (*is_wanted) (const BoCampaignSummary *summary), const char *device_url)
{
  const BoCampaignSummary *newest = NULL;

  for (guint i = 0; i < summaries->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (summaries, i);

      if (!is_wanted (summary))
        continue;
      if (g_strcmp0 (summary->device_url, device_url) == 0)
        return summary;
      if (newest == NULL)
        newest = summary;
    }
  return newest;
}

static gboolean
load_latest (BoStore *store, GPtrArray *summaries, const char *device_url, BoStudyResults *results, GError **error)
{
  const BoCampaignSummary *unfinished = find_newest (summaries, is_unfinished, device_url);
  const BoCampaignSummary *latest = unfinished != NULL ? unfinished : g_ptr_array_index (summaries, 0);

  results->campaign = bo_store_get_campaign_sync (store, latest->id, error);
  if (results->campaign == NULL)
    return FALSE;
  results->campaign_trials = bo_store_list_trials_sync (store, NULL, latest->id, NULL, error);
  if (results->campaign_trials == NULL)
    return FALSE;
  results->device = g_strdup (latest->device_url);
  if (unfinished != NULL)
    results->unfinished = g_strdup (unfinished->id);
  return TRUE;
}

static gboolean
find_missing (BoStore *store,
              BoStudy *study,
              GPtrArray *summaries,
              const char *device_url,
              BoStudyResults *results,
              GError **error)
{
  g_autoptr (GPtrArray) cells = bo_study_get_cells (study);
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = NULL;

  for (guint i = 0; i < summaries->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (summaries, i);
      BoCampaign *campaign = bo_store_get_campaign_sync (store, summary->id, error);

      if (campaign == NULL)
        return FALSE;
      g_ptr_array_add (campaigns, campaign);
    }
  trials = bo_store_list_trials_sync (store, study->id, NULL, NULL, error);
  if (trials == NULL)
    return FALSE;
  results->missing = bo_cells_find_missing (cells, campaigns, trials, device_url, study->variables);
  return TRUE;
}

/* What the store has of the study, over all campaigns that may be put together. */
static gboolean
load_records (BoStore *store, BoStudy *study, const Request *request, BoStudyResults *results, GError **error)
{
  g_autofree char *device_url = find_device_url (request->device);
  g_autoptr (GPtrArray) summaries = NULL;
  const BoCampaignSummary *ended;

  summaries = bo_store_list_campaigns_sync (store, study->id, error);
  if (summaries == NULL)
    return FALSE;
  results->notes = bo_store_get_notes_sync (store, study->id, error);
  if (results->notes == NULL)
    return FALSE;
  if (summaries->len == 0)
    return TRUE;
  if (!load_latest (store, summaries, device_url, results, error))
    return FALSE;
  results->campaign_estimates_device = g_strdup (request->session_device != NULL ? request->session_device
                                                                                 : results->device);
  results->campaign_estimates
    = bo_store_get_estimates_sync (store, study->id, results->campaign_estimates_device, error);
  if (results->campaign_estimates == NULL)
    return FALSE;
  if (device_url != NULL)
    {
      results->estimates_device = g_strdup (device_url);
      results->estimates = bo_store_get_estimates_sync (store, study->id, device_url, error);
      if (results->estimates == NULL || !find_missing (store, study, summaries, device_url, results, error))
        return FALSE;
    }

  ended = find_newest (summaries, has_results, device_url);
  if (ended == NULL)
    return TRUE;
  /* Numbers of another device are better than none, as long as its name stands above them. */
  if (g_strcmp0 (ended->device_url, device_url) != 0)
    results->measured_on = g_strdup (ended->device_url);
  results->report = bo_findings_load (store, ended->id, TRUE, error);
  return results->report != NULL;
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  g_autoptr (BoStudyResults) results = g_new0 (BoStudyResults, 1);
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *language = bo_translations_get_language ();
  /* The window has its user's words and numbers, whatever language the study's documents have. */
  const BoChartLocale locale = { .language = language, .decimal_point = nl_langinfo (RADIXCHAR) };

  study = load_study (request->file, &error);
  if (study == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* Looking at a study does not make a store. */
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autoptr (BoStore) store = bo_store_open_sync (path, &error);

      if (store != NULL)
        {
          load_records (store, study, request, results, &error);
          bo_store_close_sync (store);
        }
      if (error != NULL)
        results->remark = g_strdup (error->message);
    }
  if (results->missing == NULL)
    results->missing = bo_study_get_cells (study);
  if (results->estimates == NULL)
    results->estimates = g_hash_table_new (g_str_hash, g_str_equal);
  if (results->notes == NULL)
    results->notes = g_hash_table_new (g_str_hash, g_str_equal);
  results->matrix = bo_matrix_new (study, results->report, &locale);
  g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify) bo_study_results_free);
}

/**
 * bo_study_results_load_async:
 * @file: a study file
 * @device: (nullable): the device that the next campaign runs on: a saved one's name or a URL, or %NULL for this
 *   computer's engine
 * @session_device: (nullable): URL of the device that a campaign runs on now
 *
 * Reads the study as it is now, and the results of all its campaigns that may be put together.
 */
void
bo_study_results_load_async (GFile *file,
                             const char *device,
                             const char *session_device,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Request *request;
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
  request = g_new0 (Request, 1);
  request->file = g_file_get_path (file);
  request->device = g_strdup (device);
  request->session_device = g_strdup (session_device);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, load_thread);
}

BoStudyResults *
bo_study_results_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
