/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-recovery"

#include "config.h"

#include <unistd.h>

#include "bench/bo-campaign-folder.h"
#include "bench/bo-recovery.h"
#include "journal/bo-recorder.h"

/**
 * bo_recovery_record:
 * @store: the store
 * @id: a campaign that nobody plays any more
 *
 * Makes records of what the campaign's journal on this computer says: it holds
 * all that was known when the power, or we, went away.
 *
 * Returns: %FALSE when the journal cannot be read or the store not be written
 */
gboolean
bo_recovery_record (BoStore *store, const char *id, GError **error)
{
  g_autofree char *folder = bo_store_get_campaign_folder (store, id);
  g_autoptr (BoCampaign) campaign = bo_store_get_campaign_sync (store, id, error);
  g_autoptr (GPtrArray) trials = NULL;
  g_autoptr (GError) local = NULL;
  BoCampaignState state = BO_CAMPAIGN_INTERRUPTED;

  if (campaign == NULL)
    return FALSE;

  trials = bo_journal_read_trials (folder, campaign, &state, &local);
  if (trials == NULL && g_error_matches (local, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED))
    g_warning ("the journal of %s is damaged, so its trials cannot be read from it: %s", id, local->message);
  else if (trials == NULL && !g_error_matches (local, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 0; trials != NULL && i < trials->len; i++)
    {
      if (!bo_store_save_trial_sync (store, g_ptr_array_index (trials, i), error))
        return FALSE;
    }
  if (state == BO_CAMPAIGN_PLANNED || state == BO_CAMPAIGN_RUNNING)
    state = BO_CAMPAIGN_INTERRUPTED;
  return bo_store_set_campaign_state_sync (store, id, state, error);
}

/**
 * bo_recovery_run:
 * @store: the store
 * @locked_device_url: (nullable): a device whose lock the caller holds
 * @error: return location
 *
 * Looks for campaigns that a crash, a kill or a power cut left behind, and makes
 * true records of them: what had finished is kept, what was under way is
 * interrupted. A campaign that another program runs now is left alone; whether
 * one does is told by the lock of its device, which such a program holds from
 * before it plans until after it has cleaned up. So is one that a courier on a
 * device plays: only the device knows how it stands.
 *
 * Returns: (transfer full) (element-type BoCampaignSummary): what was found; their images and
 *   containers may still be on their devices
 */
GPtrArray *
bo_recovery_run (BoStore *store, const char *locked_device_url, GError **error)
{
  g_autoptr (GPtrArray) unfinished = bo_store_list_unfinished_sync (store, error);
  g_autoptr (GPtrArray) recovered = NULL;

  if (unfinished == NULL)
    return NULL;

  recovered = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_summary_free);
  for (guint i = 0; i < unfinished->len;)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (unfinished, i);
      g_autofree char *folder = bo_store_get_campaign_folder (store, summary->id);
      int lock = -1;

      if (g_strcmp0 (summary->device_url, locked_device_url) != 0)
        {
          lock = bo_campaign_folder_lock_device (summary->device_url, NULL);
          if (lock < 0)
            {
              i++;
              continue;
            }
        }
      /* A courier outlives us by the seconds that it takes to clean up, and one on the device by nights. */
      if (bo_campaign_folder_is_played (folder) || bo_campaign_folder_get_device (folder, NULL, NULL))
        {
          if (lock >= 0)
            close (lock);
          i++;
          continue;
        }

      if (!bo_recovery_record (store, summary->id, error))
        {
          if (lock >= 0)
            close (lock);
          return NULL;
        }
      if (lock >= 0)
        close (lock);
      g_ptr_array_add (recovered, g_ptr_array_steal_index (unfinished, i));
    }
  return g_steal_pointer (&recovered);
}
