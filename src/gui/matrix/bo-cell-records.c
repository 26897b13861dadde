/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cell-records"

#include "config.h"

#include "matrix/bo-cell-records.h"
#include "results/bo-store.h"

typedef struct
{
  char *study_id;
  BoCell *cell;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->study_id);
  bo_cell_free (request->cell);
  g_free (request);
}

void
bo_cell_records_free (BoCellRecords *records)
{
  if (records == NULL)
    return;
  g_ptr_array_unref (records->trials);
  g_ptr_array_unref (records->prebuilds);
  g_hash_table_unref (records->campaigns);
  g_free (records);
}

/**
 * bo_cell_records_get_dockerfile:
 *
 * Returns: (transfer none) (nullable): the Dockerfile of a trial as it was sent, when it was kept
 */
const char *
bo_cell_records_get_dockerfile (const BoCellRecords *records, const BoTrial *trial)
{
  const BoCampaign *campaign;

  g_return_val_if_fail (records != NULL && trial != NULL, NULL);

  campaign = g_hash_table_lookup (records->campaigns, trial->campaign);
  if (campaign == NULL || trial->dockerfile_sha256 == NULL)
    return NULL;
  return g_hash_table_lookup (campaign->dockerfiles, trial->dockerfile_sha256);
}

static gboolean
load_prebuilds (BoStore *store, BoCellRecords *records, GError **error)
{
  const BoTrial *newest = records->trials->len > 0 ? g_ptr_array_index (records->trials, 0) : NULL;
  const BoCampaign *campaign = newest != NULL ? g_hash_table_lookup (records->campaigns, newest->campaign) : NULL;
  const BoPlannedTrial *planned = campaign != NULL ? bo_campaign_get_trial (campaign, newest->id) : NULL;

  for (guint i = 0; planned != NULL && i < planned->needs_prebuilds->len; i++)
    {
      BoTrial *trial = bo_store_get_trial_sync (store, g_ptr_array_index (planned->needs_prebuilds, i), error);

      if (trial == NULL)
        return FALSE;
      g_ptr_array_add (records->prebuilds, trial);
    }
  return TRUE;
}

static gboolean
load_records (BoStore *store, const Request *request, BoCellRecords *records, GError **error)
{
  g_autoptr (GPtrArray) trials
    = bo_store_list_trials_sync (store, request->study_id, NULL, request->cell, error);

  if (trials == NULL)
    return FALSE;
  for (guint i = trials->len; i > 0; i--)
    {
      BoTrial *trial = g_ptr_array_index (trials, i - 1);

      if (trial->kind != BO_TRIAL_COUNTED)
        continue;
      g_ptr_array_add (records->trials, bo_trial_ref (trial));
      if (!g_hash_table_contains (records->campaigns, trial->campaign))
        {
          BoCampaign *campaign = bo_store_get_campaign_sync (store, trial->campaign, error);

          if (campaign == NULL)
            return FALSE;
          g_hash_table_insert (records->campaigns, g_strdup (trial->campaign), campaign);
        }
    }
  return load_prebuilds (store, records, error);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (BoCellRecords) records = g_new0 (BoCellRecords, 1);
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (GError) error = NULL;

  records->trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  records->prebuilds = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  records->campaigns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bo_campaign_unref);
  /* Looking at a study does not make a store. */
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autoptr (BoStore) store = bo_store_open_sync (path, &error);

      if (store != NULL)
        {
          load_records (store, task_data, records, &error);
          bo_store_close_sync (store);
        }
    }
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&records), (GDestroyNotify) bo_cell_records_free);
}

/**
 * bo_cell_records_load_async:
 * @study_id: id of the study
 * @cell: one of its cells
 */
void
bo_cell_records_load_async (const char *study_id,
                            const BoCell *cell,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request;

  g_return_if_fail (study_id != NULL && cell != NULL);

  request = g_new0 (Request, 1);
  request->study_id = g_strdup (study_id);
  request->cell = bo_cell_copy (cell);
  g_task_set_source_tag (task, bo_cell_records_load_async);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, load_thread);
}

BoCellRecords *
bo_cell_records_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
