/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-settlement"

#include "config.h"

#include "bench/bo-campaign-folder.h"
#include "bench/bo-closing.h"
#include "bench/bo-recovery.h"
#include "engine/bo-wait.h"
#include "durable/bo-device-volume.h"
#include "engine/bo-engine-error.h"
#include "findings/bo-findings.h"
#include "journal/bo-journal-reader.h"
#include "session/bo-kept-images.h"
#include "session/bo-running.h"
#include "session/bo-settlement.h"

typedef struct
{
  /* Input */
  BoStore *store;
  char *device_url;
  char *socket_path;
  char *campaign_id;
  GHashTable *keep;
  BoDeviceCourier *courier;

  /* In progress */
  BoWait wait;
  BoEngine *engine;
  GCancellable *cancellable;
  BoSettlement *settlement;
} Settling;

static void
settling_free (Settling *self)
{
  g_clear_object (&self->store);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->keep, g_hash_table_unref);
  g_clear_pointer (&self->courier, bo_device_courier_free);
  g_free (self->campaign_id);
  g_free (self->device_url);
  g_free (self->socket_path);
  g_free (self);
}

void
bo_settlement_free (BoSettlement *settlement)
{
  if (settlement == NULL)
    return;
  g_clear_pointer (&settlement->courier, bo_device_courier_free);
  g_clear_pointer (&settlement->recovered, g_ptr_array_unref);
  g_free (settlement);
}

/* What is gone already needs no removing. */
static gboolean
is_gone (gboolean ok, GError *local, GError **error)
{
  if (ok)
    return TRUE;
  if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    {
      g_error_free (local);
      return TRUE;
    }
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
close_campaigns (Settling *self, GPtrArray *ids, GHashTable *keep, GError **error)
{
  bo_closing_run_async (ids, keep, self->socket_path, self->cancellable, bo_wait_cb, &self->wait);
  return bo_closing_run_finish (bo_wait_for (&self->wait), error);
}

/* The container first: as long as it is there, it may start again. */
static gboolean
remove_courier (Settling *self, const BoDeviceCourier *courier, gboolean force, GError **error)
{
  GError *local = NULL;
  gboolean ok;

  bo_device_courier_remove_async (self->engine, courier, force, self->cancellable, bo_wait_cb, &self->wait);
  ok = bo_device_courier_remove_finish (self->engine, bo_wait_for (&self->wait), &local);
  return is_gone (ok, local, error);
}

static gboolean
forget (Settling *self, const char *volume, const char *campaign_id, GError **error)
{
  GError *local = NULL;
  gboolean ok;

  bo_device_volume_forget_async (self->engine, volume, campaign_id, self->cancellable, bo_wait_cb, &self->wait);
  ok = bo_device_volume_forget_finish (self->engine, bo_wait_for (&self->wait), &local);
  return is_gone (ok, local, error);
}

static gboolean
is_mine (const char *owner)
{
  return g_strcmp0 (owner, bo_computer_get_id ()) == 0;
}

/* The images that the campaign's study wants to keep, from its records in the store. */
static GHashTable *
choose_kept (Settling *self, const char *campaign_id, GError **error)
{
  g_autoptr (BoCampaign) campaign = bo_store_get_campaign_sync (self->store, campaign_id, error);
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (GPtrArray) trials = NULL;

  if (campaign == NULL)
    return NULL;
  trials = bo_store_list_trials_sync (self->store, campaign->study_id, campaign_id, NULL, error);
  if (trials == NULL)
    return NULL;
  study = bo_findings_read_study (campaign, error);
  return study != NULL ? bo_kept_images_choose (study, campaign, trials) : NULL;
}

/* A campaign that a courier on the device played, and that nobody followed to its end. */
static gboolean
settle_campaign (Settling *self, const char *id, const char *volume, const char *owner, GError **error)
{
  BoDeviceCourier *courier = self->settlement->courier;
  g_autofree char *folder = bo_store_get_campaign_folder (self->store, id);
  g_autoptr (GHashTable) keep = NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  GError *local = NULL;
  gboolean ok;

  bo_device_volume_fetch_async (self->engine, volume, id, folder, self->cancellable, bo_wait_cb, &self->wait);
  ok = bo_device_volume_fetch_finish (self->engine, bo_wait_for (&self->wait), &local);
  if (!ok && g_error_matches (local, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED))
    {
      /* What could be read is recorded; what could not stays on the device for who wants to look. */
      g_warning ("the journal of %s on the device is damaged: %s", id, local->message);
      g_clear_error (&local);
      return bo_recovery_record (self->store, id, error);
    }
  /* Somebody removed it there: what is here is all that there is. */
  if (!is_gone (ok, local, error) || !bo_recovery_record (self->store, id, error))
    return FALSE;
  if (!is_mine (owner))
    return TRUE;

  g_ptr_array_add (ids, (gpointer) id);
  keep = choose_kept (self, id, error);
  if (keep == NULL || !close_campaigns (self, ids, keep, error))
    return FALSE;
  if (courier != NULL && g_strcmp0 (courier->campaign, id) == 0)
    {
      if (!remove_courier (self, courier, FALSE, error))
        return FALSE;
      g_clear_pointer (&self->settlement->courier, bo_device_courier_free);
    }
  return forget (self, volume, id, error);
}

static gboolean
settle_device_campaigns (Settling *self, GError **error)
{
  g_autoptr (GPtrArray) unfinished = bo_store_list_unfinished_sync (self->store, error);

  if (unfinished == NULL)
    return FALSE;
  for (guint i = 0; i < unfinished->len;)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (unfinished, i);
      const BoDeviceCourier *courier = self->settlement->courier;
      /* The device may have been reached by another name then. */
      gboolean is_here = courier != NULL && g_strcmp0 (courier->campaign, summary->id) == 0;
      g_autofree char *folder = bo_store_get_campaign_folder (self->store, summary->id);
      g_autofree char *volume = NULL;
      g_autofree char *owner = NULL;

      if ((!is_here && g_strcmp0 (summary->device_url, self->device_url) != 0)
          || !bo_campaign_folder_get_device (folder, &volume, &owner)
          || (is_here && courier->state != BO_DEVICE_COURIER_ENDED))
        {
          i++;
          continue;
        }
      if (!settle_campaign (self, summary->id, volume, owner, error))
        return FALSE;
      g_ptr_array_add (self->settlement->recovered, g_ptr_array_steal_index (unfinished, i));
    }
  return TRUE;
}

static gboolean
has_journal (Settling *self, const char *campaign_id)
{
  g_autofree char *folder = bo_store_get_campaign_folder (self->store, campaign_id);
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (journal);
  BoJournalMessage message;

  return bo_journal_reader_next (reader, &message, NULL) == BO_JOURNAL_NEXT_MESSAGE;
}

/*
 * A courier of ours that is left: we were killed before it got its campaign, or
 * before the campaign was closed. Whatever the store says of it, nothing that was played is removed unread.
 */
static gboolean
settle_courier (Settling *self, GError **error)
{
  const BoDeviceCourier *courier = self->settlement->courier;
  g_autoptr (BoDeviceCourier) copy = NULL;
  g_autoptr (BoCampaign) campaign = NULL;
  g_autofree char *folder = NULL;
  g_autoptr (GError) local = NULL;
  GError *fetch_error = NULL;
  gboolean ok;

  if (courier == NULL || !is_mine (courier->owner))
    return TRUE;
  campaign = bo_store_get_campaign_sync (self->store, courier->campaign, &local);
  if (campaign == NULL && !g_error_matches (local, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (campaign != NULL && courier->state != BO_DEVICE_COURIER_ENDED)
    return TRUE;

  copy = bo_device_courier_copy (courier);
  if (campaign != NULL)
    return settle_campaign (self, copy->campaign, copy->volume, copy->owner, error);

  folder = bo_store_get_campaign_folder (self->store, copy->campaign);
  bo_device_volume_fetch_async (self->engine, copy->volume, copy->campaign, folder, self->cancellable, bo_wait_cb,
                                &self->wait);
  ok = bo_device_volume_fetch_finish (self->engine, bo_wait_for (&self->wait), &fetch_error);
  if (!is_gone (ok, fetch_error, error))
    return FALSE;
  /* The store has lost it, and it was played: it is entered again, and left to an attach. */
  if (has_journal (self, copy->campaign))
    {
      g_autoptr (BoCampaign) again = bo_running_load_campaign (self->store, self->device_url, copy, error);

      return again != NULL;
    }
  if (!remove_courier (self, copy, TRUE, error) || !forget (self, copy->volume, copy->campaign, error))
    return FALSE;
  g_clear_pointer (&self->settlement->courier, bo_device_courier_free);
  return TRUE;
}

/*
 * What earlier campaigns left on the device. Any of them may have left some:
 * one that ended while the device could not be reached, or whose program was
 * killed while it cleaned up. Those of other computers are theirs to close.
 */
static gboolean
sweep (Settling *self, GError **error)
{
  const BoDeviceCourier *courier = self->settlement->courier;
  g_autoptr (GPtrArray) campaigns = bo_store_list_campaigns_sync (self->store, NULL, error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  if (campaigns == NULL)
    return FALSE;
  for (guint i = 0; i < campaigns->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (campaigns, i);
      g_autofree char *folder = bo_store_get_campaign_folder (self->store, summary->id);
      g_autofree char *owner = NULL;

      if (g_strcmp0 (summary->device_url, self->device_url) != 0 || bo_campaign_folder_is_played (folder)
          || (courier != NULL && g_strcmp0 (courier->campaign, summary->id) == 0))
        continue;
      if (bo_campaign_folder_get_device (folder, NULL, &owner)
          && (!is_mine (owner) || summary->state == BO_CAMPAIGN_PLANNED || summary->state == BO_CAMPAIGN_RUNNING))
        continue;
      g_ptr_array_add (ids, g_strdup (summary->id));
    }
  return close_campaigns (self, ids, NULL, error);
}

static gboolean
open_engine (Settling *self, GError **error)
{
  bo_engine_open_socket_async (self->socket_path, self->cancellable, bo_wait_cb, &self->wait);
  self->engine = bo_engine_open_socket_finish (bo_wait_for (&self->wait), error);
  return self->engine != NULL;
}

static BoSettlement *
settle (Settling *self, GError **error)
{
  g_autoptr (BoSettlement) settlement = g_new0 (BoSettlement, 1);

  self->settlement = settlement;
  if (!open_engine (self, error))
    return NULL;
  bo_device_courier_find_async (self->engine, self->cancellable, bo_wait_cb, &self->wait);
  if (!bo_device_courier_find_finish (self->engine, bo_wait_for (&self->wait), &settlement->courier, error))
    return NULL;

  settlement->recovered = bo_recovery_run (self->store, self->device_url, error);
  if (settlement->recovered == NULL || !settle_device_campaigns (self, error) || !settle_courier (self, error)
      || !sweep (self, error))
    return NULL;
  return g_steal_pointer (&settlement);
}

static void
settle_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Settling *self = task_data;
  GError *error = NULL;
  BoSettlement *settlement;

  self->cancellable = cancellable;
  bo_wait_begin (&self->wait);
  settlement = settle (self, &error);
  g_clear_object (&self->engine);
  bo_wait_end (&self->wait);

  if (settlement != NULL)
    g_task_return_pointer (task, settlement, (GDestroyNotify) bo_settlement_free);
  else
    g_task_return_error (task, error);
}

/**
 * bo_settlement_run_async:
 * @store: the store
 * @device_url: a device, whose lock the caller holds
 * @socket_path: Unix socket of its engine
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 */
void
bo_settlement_run_async (BoStore *store,
                         const char *device_url,
                         const char *socket_path,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Settling *self;

  g_return_if_fail (BO_IS_STORE (store) && device_url != NULL && socket_path != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bo_settlement_run_async);
  self = g_new0 (Settling, 1);
  self->store = g_object_ref (store);
  self->device_url = g_strdup (device_url);
  self->socket_path = g_strdup (socket_path);
  g_task_set_task_data (task, self, (GDestroyNotify) settling_free);
  g_task_run_in_thread (task, settle_in_thread);
}

/**
 * bo_settlement_run_finish:
 *
 * Returns: (transfer full): how things stand, or %NULL with the error that kept it from being found out
 */
BoSettlement *
bo_settlement_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
close_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Settling *self = task_data;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  GError *error = NULL;
  gboolean ok;

  self->cancellable = cancellable;
  g_ptr_array_add (ids, self->campaign_id);
  bo_wait_begin (&self->wait);
  ok = open_engine (self, &error) && close_campaigns (self, ids, self->keep, &error);
  if (ok && self->courier != NULL)
    ok = remove_courier (self, self->courier, FALSE, &error)
         && forget (self, self->courier->volume, self->courier->campaign, &error);
  g_clear_object (&self->engine);
  bo_wait_end (&self->wait);

  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * bo_settlement_close_async:
 * @campaign_id: a campaign that is over and recorded
 * @keep: (element-type utf8 utf8): from bo_kept_images_choose()
 * @courier: (nullable): the courier on the device that has played it
 * @socket_path: Unix socket of the engine
 * @cancellable: (nullable): to stop it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Leaves nothing of the campaign on the device but the images that are kept,
 * and the contents that the next campaign can use.
 */
void
bo_settlement_close_async (const char *campaign_id,
                           GHashTable *keep,
                           const BoDeviceCourier *courier,
                           const char *socket_path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Settling *self;

  g_return_if_fail (campaign_id != NULL && keep != NULL && socket_path != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, bo_settlement_close_async);
  self = g_new0 (Settling, 1);
  self->campaign_id = g_strdup (campaign_id);
  self->keep = g_hash_table_ref (keep);
  self->courier = courier != NULL ? bo_device_courier_copy (courier) : NULL;
  self->socket_path = g_strdup (socket_path);
  g_task_set_task_data (task, self, (GDestroyNotify) settling_free);
  g_task_run_in_thread (task, close_in_thread);
}

gboolean
bo_settlement_close_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
