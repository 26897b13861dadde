/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-earlier-campaign"

#include "config.h"

#include "activity/bo-earlier-campaign.h"
#include "results/bo-store.h"

void
bo_earlier_campaign_free (BoEarlierCampaign *earlier)
{
  if (earlier == NULL)
    return;
  g_clear_pointer (&earlier->campaign, bo_campaign_unref);
  g_clear_pointer (&earlier->trials, g_ptr_array_unref);
  g_free (earlier);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *trial_id = task_data;
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (BoEarlierCampaign) earlier = g_new0 (BoEarlierCampaign, 1);
  g_autoptr (BoTrial) trial = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = bo_store_open_sync (path, &error);

  if (store != NULL)
    {
      trial = bo_store_get_trial_sync (store, trial_id, &error);
      if (trial != NULL)
        earlier->campaign = bo_store_get_campaign_sync (store, trial->campaign, &error);
      if (earlier->campaign != NULL)
        earlier->trials = bo_store_list_trials_sync (store, NULL, trial->campaign, NULL, &error);
      bo_store_close_sync (store);
    }
  if (earlier->trials != NULL)
    g_task_return_pointer (task, g_steal_pointer (&earlier), (GDestroyNotify) bo_earlier_campaign_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * bo_earlier_campaign_load_async:
 * @trial_id: id of one of its trials
 *
 * Reads the campaign of a trial from the store.
 */
void
bo_earlier_campaign_load_async (const char *trial_id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (trial_id != NULL);

  g_task_set_source_tag (task, bo_earlier_campaign_load_async);
  g_task_set_task_data (task, g_strdup (trial_id), g_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * bo_earlier_campaign_load_finish:
 *
 * Returns: (transfer full): the campaign, or %NULL with a #BoStoreError
 */
BoEarlierCampaign *
bo_earlier_campaign_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
