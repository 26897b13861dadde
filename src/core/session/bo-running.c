/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-running"

#include "config.h"

#include <unistd.h>

#include <glib/gi18n.h>

#include "bench/bo-campaign-folder.h"
#include "bench/bo-queue.h"
#include "bench/bo-script.h"
#include "engine/bo-wait.h"
#include "durable/bo-device-volume.h"
#include "journal/bo-recorder.h"
#include "session/bo-running.h"

G_DEFINE_QUARK (bo-running-error-quark, bo_running_error)

void
bo_running_free (BoRunning *running)
{
  if (running == NULL)
    return;
  g_clear_pointer (&running->campaign, bo_campaign_unref);
  g_clear_pointer (&running->courier, bo_device_courier_free);
  g_free (running->folder);
  g_free (running->socket_path);
  g_free (running);
}

/**
 * bo_running_load_campaign:
 * @store: the store
 * @device_url: the device
 * @courier: a courier on it, whose campaign.json has been fetched
 * @error: return location for an error
 *
 * Returns: (transfer full): the courier's campaign; one that was begun on another computer is entered into the store
 */
BoCampaign *
bo_running_load_campaign (BoStore *store, const char *device_url, const BoDeviceCourier *courier, GError **error)
{
  g_autoptr (BoCampaign) campaign = bo_store_get_campaign_sync (store, courier->campaign, NULL);
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (campaign != NULL)
    return g_steal_pointer (&campaign);

  folder = bo_store_get_campaign_folder (store, courier->campaign);
  path = g_build_filename (folder, "campaign.json", NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_TAKEN,
                   _ ("%s is preparing campaign %s on the device; there is nothing to follow yet."), courier->from,
                   courier->campaign);
      return NULL;
    }
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  campaign = bo_campaign_from_json (text, length, error);
  if (campaign == NULL)
    return NULL;
  /* Each computer has its own way to the device. */
  g_free (campaign->device_url);
  campaign->device_url = g_strdup (device_url);
  if (!bo_campaign_folder_set_device (folder, courier->volume, courier->owner, error)
      || !bo_store_add_campaign_sync (store, campaign, error))
    return NULL;
  return g_steal_pointer (&campaign);
}

typedef struct
{
  BoWait wait;
  BoEngine *engine;
} Asking;

static gboolean
asking_begin (Asking *asking, const char *socket_path, GError **error)
{
  bo_wait_begin (&asking->wait);
  bo_engine_open_socket_async (socket_path, NULL, bo_wait_cb, &asking->wait);
  asking->engine = bo_engine_open_socket_finish (bo_wait_for (&asking->wait), error);
  return asking->engine != NULL;
}

static void
asking_end (Asking *asking)
{
  g_clear_object (&asking->engine);
  bo_wait_end (&asking->wait);
}

/* Brings its journal up to date, unless somebody does that already. */
static gboolean
fetch (Asking *asking, BoRunning *running, const char *device_url, GError **error)
{
  int lock = bo_campaign_folder_lock_device (device_url, NULL);
  gboolean ok;

  running->is_followed = lock < 0;
  if (running->is_followed)
    return TRUE;
  bo_device_volume_fetch_async (asking->engine, running->courier->volume, running->courier->campaign, running->folder,
                                NULL, bo_wait_cb, &asking->wait);
  ok = bo_device_volume_fetch_finish (asking->engine, bo_wait_for (&asking->wait), error);
  close (lock);
  return ok;
}

/* One that another program on this computer plays. */
static gboolean
find_here (BoRunning *running, BoStore *store, const char *device_url, GError **error)
{
  g_autoptr (GPtrArray) unfinished = bo_store_list_unfinished_sync (store, error);

  if (unfinished == NULL)
    return FALSE;
  for (guint i = 0; i < unfinished->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (unfinished, i);
      g_autofree char *folder = bo_store_get_campaign_folder (store, summary->id);

      if (g_strcmp0 (summary->device_url, device_url) != 0 || !bo_campaign_folder_is_played (folder))
        continue;
      running->campaign = bo_store_get_campaign_sync (store, summary->id, error);
      running->folder = g_steal_pointer (&folder);
      running->is_followed = TRUE;
      return running->campaign != NULL;
    }
  g_set_error (error, BO_RUNNING_ERROR, BO_RUNNING_ERROR_NONE, _ ("No campaign runs on %s."), device_url);
  return FALSE;
}

/**
 * bo_running_find:
 * @store: the store
 * @device_url: a device
 * @socket_path: Unix socket of its engine
 * @error: return location for an error
 *
 * Returns: (transfer full): the campaign that runs on the device
 */
BoRunning *
bo_running_find (BoStore *store, const char *device_url, const char *socket_path, GError **error)
{
  g_autoptr (BoRunning) running = g_new0 (BoRunning, 1);
  Asking asking = { 0 };
  gboolean ok = asking_begin (&asking, socket_path, error);

  running->socket_path = g_strdup (socket_path);
  if (ok)
    {
      bo_device_courier_find_async (asking.engine, NULL, bo_wait_cb, &asking.wait);
      ok = bo_device_courier_find_finish (asking.engine, bo_wait_for (&asking.wait), &running->courier, error);
    }
  if (ok && running->courier != NULL && running->courier->state == BO_DEVICE_COURIER_ENDED)
    g_clear_pointer (&running->courier, bo_device_courier_free);
  if (ok && running->courier != NULL)
    {
      running->folder = bo_store_get_campaign_folder (store, running->courier->campaign);
      ok = fetch (&asking, running, device_url, error);
      if (ok)
        running->campaign = bo_running_load_campaign (store, device_url, running->courier, error);
      ok = running->campaign != NULL;
    }
  else if (ok)
    ok = find_here (running, store, device_url, error);
  asking_end (&asking);
  return ok ? g_steal_pointer (&running) : NULL;
}

/**
 * bo_running_stop:
 * @running: a campaign that runs
 * @now: whether to cancel the trial under way, or to let it finish
 *
 * Returns: whether its courier has been told
 */
gboolean
bo_running_stop (BoRunning *running, gboolean now, GError **error)
{
  Asking asking = { 0 };
  gboolean ok;

  g_return_val_if_fail (running != NULL, FALSE);

  if (running->courier == NULL)
    return bo_script_write_command (running->folder,
                                    now ? BO_SCRIPT_COMMAND_STOP_NOW : BO_SCRIPT_COMMAND_STOP_AFTER_TRIAL, error);
  ok = asking_begin (&asking, running->socket_path, error);
  if (ok)
    {
      bo_device_courier_stop_async (asking.engine, running->courier, now, NULL, bo_wait_cb, &asking.wait);
      ok = bo_device_courier_stop_finish (asking.engine, bo_wait_for (&asking.wait), error);
    }
  asking_end (&asking);
  return ok;
}

/**
 * bo_running_list_queue:
 * @running: a campaign that runs
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type BoQueueEntry): what is still to come
 */
GPtrArray *
bo_running_list_queue (BoRunning *running, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *order = NULL;
  g_autoptr (GPtrArray) trials = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (running != NULL, NULL);

  trials = bo_journal_read_running (running->folder, running->campaign, &local);
  if (trials == NULL && !g_error_matches (local, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  path = g_build_filename (running->folder, "order", NULL);
  g_clear_error (&local);
  if (!g_file_get_contents (path, &order, NULL, &local)
      && !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  return bo_queue_list (running->campaign, trials, order);
}

/**
 * bo_running_set_order:
 * @running: a campaign that runs
 * @chains: (array zero-terminated=1): ids of the chains still to come; those that are not named are not played
 * @error: return location for an error
 *
 * Returns: whether it takes effect when the chain under way has ended
 */
gboolean
bo_running_set_order (BoRunning *running, const char *const *chains, GError **error)
{
  Asking asking = { 0 };
  gboolean ok = TRUE;

  g_return_val_if_fail (running != NULL && chains != NULL, FALSE);

  if (running->courier != NULL)
    {
      ok = asking_begin (&asking, running->socket_path, error);
      if (ok)
        {
          bo_device_courier_set_order_async (asking.engine, running->courier, chains, NULL, bo_wait_cb, &asking.wait);
          ok = bo_device_courier_set_order_finish (asking.engine, bo_wait_for (&asking.wait), error);
        }
      asking_end (&asking);
    }
  /* For a courier on the device this is our copy of what it was told. */
  return ok && bo_script_write_order (running->folder, chains, error);
}
