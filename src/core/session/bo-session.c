/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-session"

#include "config.h"

#include <unistd.h>

#include <glib/gi18n.h>

#include "bench/bo-campaign-folder.h"
#include "bench/bo-script.h"
#include "context/bo-content-store.h"
#include "device/bo-device-facts.h"
#include "durable/bo-device-tail.h"
#include "durable/bo-device-volume.h"
#include "engine/bo-engine-error.h"
#include "findings/bo-findings.h"
#include "journal/bo-journal-reader.h"
#include "session/bo-kept-images.h"
#include "session/bo-running.h"
#include "session/bo-session-private.h"
#include "session/bo-settlement.h"

/* How long the clean-up after an attached campaign waits for a link that is away. */
#define CLOSING_WAIT_S 60

enum
{
  CHANGED,
  PROGRESS,
  NOTICE,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoSession, bo_session, G_TYPE_OBJECT)

static void close_campaign (BoSession *self);

/* --- Telling ------------------------------------------------------------------ */

void
bo_session_tell_progress (BoSession *self)
{
  g_signal_emit (self, signals[PROGRESS], 0);
}

void
bo_session_set_stage (BoSession *self, BoSessionStage stage)
{
  self->stage = stage;
  self->progress.preparation = BO_PREPARATION_ENGINE;
  self->progress.what = NULL;
  self->progress.done = 0;
  self->progress.total = 0;
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void
unlock_device (BoSession *self)
{
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

void
bo_session_notice (BoSession *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_signal_emit (self, signals[NOTICE], 0, text);
}

/* What the device was just told to do is not cut off, when it goes on without us. */
void
bo_session_leave_device (BoSession *self)
{
  if (self->stage != BO_SESSION_ENDED || self->stop_told || self->order_told != NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->link, self);
  /* One that is lost has nothing left to close, but still says why. */
  if (bo_link_get_state (self->link) != BO_LINK_LOST)
    bo_link_close (self->link);
}

/* Whoever still looks at a session that has ended must not keep others from its device. */
void
bo_session_finish (BoSession *self, BoSessionEnd end)
{
  g_autoptr (BoSession) alive = NULL;

  if (self->stage == BO_SESSION_ENDED)
    return;
  alive = g_object_ref (self);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_handle_id (&self->hold_id, g_source_remove);
  bo_session_drop_hold (self);
  self->end = end;
  self->stage = BO_SESSION_ENDED;
  unlock_device (self);
  bo_session_leave_device (self);
  bo_session_set_stage (self, BO_SESSION_ENDED);
  g_signal_emit (self, signals[ENDED], 0);
}

static void
forgotten_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_device_volume_forget_finish (BO_ENGINE (object), result, &error))
    g_debug ("the folder of a campaign that was not begun stays for now: %s", error->message);
  bo_session_finish (self, BO_SESSION_END_FAILED);
}

static void
abandoned_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_device_courier_remove_finish (BO_ENGINE (object), result, &error))
    {
      g_debug ("the courier that got no campaign stays for now: %s", error->message);
      bo_session_finish (self, BO_SESSION_END_FAILED);
      return;
    }
  bo_device_volume_forget_async (BO_ENGINE (object), self->courier->volume, self->courier->campaign, NULL, forgotten_cb,
                                 g_object_ref (self));
}

static void
interrupt_campaign (BoSession *self)
{
  g_autoptr (GError) error = NULL;

  if (!bo_store_set_campaign_state_sync (self->store, self->campaign->id, BO_CAMPAIGN_INTERRUPTED, &error))
    bo_session_notice (self, _ ("The results cannot be saved: %s"), error->message);
}

/* Takes @error. A courier that waits for a campaign that does not come is in everybody's way. */
void
bo_session_fail (BoSession *self, GError *error)
{
  BoEngine *engine = bo_link_get_engine (self->link);

  if (self->stage == BO_SESSION_ENDED || self->error != NULL)
    {
      g_error_free (error);
      return;
    }
  self->error = error;
  /* Preparing may still be under way when the device's side of it has failed. */
  g_cancellable_cancel (self->cancellable);
  bo_session_drop_hold (self);
  /* What may have begun is not ours to end: the next session finds out how it went. */
  if (self->campaign != NULL && self->runner == NULL && !self->attaching && !self->maybe_begun)
    interrupt_campaign (self);
  if (self->courier != NULL && self->runner == NULL && !self->attaching && !self->maybe_begun && engine != NULL)
    bo_device_courier_remove_async (engine, self->courier, TRUE, NULL, abandoned_cb, g_object_ref (self));
  else
    bo_session_finish (self, BO_SESSION_END_FAILED);
}

/* Whether it was the way to the device that failed, and not what was asked of it. */
gboolean
bo_session_is_link_error (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return error->code != G_IO_ERROR_CANCELLED && error->code != G_IO_ERROR_NO_SPACE;
  if (error->domain != BO_ENGINE_ERROR)
    return FALSE;
  return error->code == BO_ENGINE_ERROR_UNREACHABLE || error->code == BO_ENGINE_ERROR_REFUSED
         || error->code == BO_ENGINE_ERROR_TIMED_OUT || error->code == BO_ENGINE_ERROR_NO_ANSWER
         || error->code == BO_ENGINE_ERROR_INTERRUPTED || error->code == BO_ENGINE_ERROR_SOCKET_MISSING
         || error->code == BO_ENGINE_ERROR_NAME_RESOLUTION || error->code == BO_ENGINE_ERROR_TOO_MANY_SESSIONS;
}

/* Why nothing can be asked now. */
GError *
bo_session_make_link_error (BoSession *self)
{
  const GError *error = bo_link_get_error (self->link);

  return error != NULL ? g_error_copy (error)
                       : g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED, "%s",
                                      _ ("The connection to the device is lost."));
}

gboolean
bo_session_is_connected (BoSession *self)
{
  return bo_link_get_state (self->link) == BO_LINK_CONNECTED && bo_link_get_engine (self->link) != NULL;
}

/* --- Playing ------------------------------------------------------------------ */

static void
runner_changed_cb (BoRunner *runner, gpointer change, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  g_signal_emit (self, signals[CHANGED], 0, change);
}

static void
runner_cut_cb (BoRunner *runner, const GError *error, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  /* The device lost power and goes on from earlier, or somebody copies the same journal: both pass. */
  if (error->domain == BO_JOURNAL_ERROR && error->code != BO_JOURNAL_ERROR_DIVERGED
      && error->code != BO_JOURNAL_ERROR_BUSY)
    {
      bo_session_fail (self, g_error_copy (error));
      return;
    }
  g_debug ("not followed any more: %s", error->message);
  /* The records begin again from the first one. */
  if (g_error_matches (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DIVERGED))
    bo_session_tell_progress (self);
  if (g_error_matches (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_BUSY))
    bo_session_find_again_later (self);
  else
    bo_session_find_again (self);
}

static void
runner_ended_cb (BoRunner *runner, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  /* One that was left in the last moment is closed by the next session. */
  if (self->stage == BO_SESSION_PLAYING)
    close_campaign (self);
}

void
bo_session_make_runner (BoSession *self)
{
  self->runner = bo_runner_new (self->store, self->campaign, self->folder);
  g_signal_connect (self->runner, "changed", G_CALLBACK (runner_changed_cb), self);
  g_signal_connect (self->runner, "cut", G_CALLBACK (runner_cut_cb), self);
  g_signal_connect (self->runner, "ended", G_CALLBACK (runner_ended_cb), self);
}

static void
play_here (BoSession *self)
{
  g_autofree char *contents = bo_campaign_folder_get_contents_path ();
  g_autoptr (GError) error = NULL;

  bo_session_make_runner (self);
  if (!bo_runner_start (self->runner, contents, bo_link_get_socket_path (self->link), &error))
    {
      g_clear_object (&self->runner);
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  bo_session_set_stage (self, BO_SESSION_PLAYING);
}

/* --- Preparing ------------------------------------------------------------------ */

static void
prepared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  self->campaign = bo_preparation_run_finish (result, &error);
  if (self->campaign == NULL)
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  /* It is in the store: who stopped in the last moment, or lost the courier meanwhile, finds it interrupted there. */
  if (self->error != NULL || self->stage == BO_SESSION_ENDED)
    {
      interrupt_campaign (self);
      return;
    }
  if (g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  if (self->place == BO_PLACE_DEVICE)
    bo_session_begin_handing_over (self);
  else
    play_here (self);
}

static void
preparation_progress_cb (BoPreparationStage stage, const char *what, guint64 done, guint64 total, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  g_free (self->progress_what);
  self->progress_what = g_strdup (what);
  self->progress = (BoSessionProgress){ .preparation = stage, .what = self->progress_what, .done = done, .total = total };
  g_signal_emit (self, signals[PROGRESS], 0);
}

void
bo_session_prepare (BoSession *self)
{
  g_autoptr (JsonNode) node = bo_device_facts_to_json (self->facts);
  g_autofree char *facts = json_to_string (node, FALSE);
  BoPreparationOptions options = {
    .study = self->study,
    .cells = self->cells,
    .repetitions = self->repetitions,
    .seed = self->seed,
    .device_url = self->device_url,
    .device_facts = facts,
    .socket_path = bo_link_get_socket_path (self->link),
    .store = self->store,
    .campaign_id = self->campaign_id,
    .volume = self->place == BO_PLACE_DEVICE ? self->courier->volume : NULL,
    .owner = bo_computer_get_id (),
  };

  bo_session_set_stage (self, BO_SESSION_PREPARING);
  bo_preparation_run_async (&options, preparation_progress_cb, self, self->cancellable, prepared_cb,
                            g_object_ref (self));
}

static void
begin_campaign (BoSession *self)
{
  self->campaign_id = bo_plan_new_campaign_id (g_get_real_time (), g_random_int ());
  self->folder = bo_store_get_campaign_folder (self->store, self->campaign_id);
  if (self->place == BO_PLACE_AUTO)
    self->place = bo_link_get_url (self->link)->scheme == BO_DEVICE_UNIX ? BO_PLACE_HERE : BO_PLACE_DEVICE;
  if (self->place == BO_PLACE_DEVICE)
    bo_session_begin_courier (self);
  else
    bo_session_prepare (self);
}

static void
removed_other_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_device_courier_remove_finish (BO_ENGINE (object), result, &error)
      && !g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    bo_session_fail (self, g_steal_pointer (&error));
  else if (!bo_session_is_connected (self))
    bo_session_fail (self, bo_session_make_link_error (self));
  else
    begin_campaign (self);
}

/* --- Coming to the device ---------------------------------------------------------- */

static void
settled_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoSettlement) settlement = bo_settlement_run_finish (result, &error);

  if (settlement == NULL)
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  self->recovered = g_ptr_array_ref (settlement->recovered);
  if (!bo_session_is_connected (self))
    {
      bo_session_fail (self, bo_session_make_link_error (self));
      return;
    }
  if (self->attaching)
    {
      if (settlement->courier != NULL
          && (self->wanted_campaign == NULL || g_str_equal (self->wanted_campaign, settlement->courier->campaign)))
        {
          self->courier = g_steal_pointer (&settlement->courier);
          bo_session_attach_courier (self);
        }
      else
        bo_session_finish (self, BO_SESSION_END_NOTHING);
      return;
    }

  for (guint i = 0; i < self->recovered->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (self->recovered, i);
      g_autofree char *folder = bo_store_get_campaign_folder (self->store, summary->id);

      if (bo_campaign_folder_get_device (folder, NULL, NULL))
        bo_session_notice (self, _ ("Campaign %s has ended on the device meanwhile; it is recorded."), summary->id);
      else
        bo_session_notice (self, _ ("Campaign %s was cut off; what had finished is kept."), summary->id);
    }
  if (settlement->courier != NULL && settlement->courier->state == BO_DEVICE_COURIER_ENDED)
    bo_device_courier_remove_async (bo_link_get_engine (self->link), settlement->courier, FALSE, self->cancellable,
                                    removed_other_cb, g_object_ref (self));
  else if (settlement->courier != NULL)
    bo_session_fail (self, bo_device_courier_taken_error (settlement->courier));
  else
    begin_campaign (self);
}

static void
facts_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  self->facts = bo_device_facts_read_finish (BO_ENGINE (object), result, &error);
  if (self->facts == NULL)
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  bo_session_set_stage (self, BO_SESSION_SETTLING);
  bo_settlement_run_async (self->store, self->device_url, bo_link_get_socket_path (self->link), self->cancellable,
                           settled_cb, g_object_ref (self));
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_link_open_finish (BO_LINK (object), result, &error))
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  self->lock = bo_campaign_folder_lock_device (self->device_url, &error);
  if (self->lock < 0)
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  bo_device_facts_read_async (bo_link_get_engine (self->link), self->cancellable, facts_cb, g_object_ref (self));
}

static void
link_state_cb (BoLink *link, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  bo_session_tell_progress (self);
  if (bo_link_get_state (link) == BO_LINK_LOST && self->stage == BO_SESSION_HANDING_OVER && !self->handing_over)
    bo_session_fail (self, bo_session_make_link_error (self));
  if (!bo_session_is_connected (self))
    return;
  switch (self->stage)
    {
    case BO_SESSION_PREPARING:
      bo_session_hold (self);
      break;
    case BO_SESSION_HANDING_OVER:
      self->attempts = 0;
      bo_session_hold (self);
      if (self->retry_id == 0)
        bo_session_hand_over (self);
      break;
    case BO_SESSION_PLAYING:
      if (self->courier != NULL)
        {
          bo_session_find_again (self);
          bo_session_tell_stop (self);
        }
      break;
    case BO_SESSION_CLOSING:
      if (self->retry_id != 0)
        close_campaign (self);
      break;
    case BO_SESSION_CONNECTING:
    case BO_SESSION_SETTLING:
    case BO_SESSION_ENDED:
    default:
      break;
    }
}

/* --- The end --------------------------------------------------------------------- */

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_settlement_close_finish (result, &error))
    bo_session_notice (self, _ ("The device could not be cleaned up: %s\nThe next run on it tries again."), error->message);
  bo_session_finish (self, BO_SESSION_END_OVER);
}

static gboolean
closing_timeout_cb (gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);
  const GError *error = bo_link_get_error (self->link);

  self->retry_id = 0;
  bo_session_notice (self, _ ("The device could not be cleaned up: %s\nThe next run on it tries again."),
          error != NULL ? error->message : _ ("there is no connection to it"));
  bo_session_finish (self, BO_SESSION_END_OVER);
  return G_SOURCE_REMOVE;
}

static void
close_campaign (BoSession *self)
{
  g_autoptr (GHashTable) keep = NULL;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->stage != BO_SESSION_CLOSING)
    bo_session_set_stage (self, BO_SESSION_CLOSING);
  /* The journal on the device is the better one when ours cannot be read. */
  if (!bo_session_is_mine (self)
      || (self->courier != NULL
          && g_error_matches (bo_runner_get_error (self->runner), BO_RUNNER_ERROR, BO_RUNNER_ERROR_JOURNAL)))
    {
      bo_session_finish (self, BO_SESSION_END_OVER);
      return;
    }
  if (!bo_session_is_connected (self))
    {
      self->retry_id = g_timeout_add_seconds (CLOSING_WAIT_S, closing_timeout_cb, self);
      return;
    }
  keep = bo_kept_images_choose (self->study, self->campaign, bo_recorder_get_trials (bo_session_get_recorder (self)));
  bo_settlement_close_async (self->campaign->id, keep, self->courier, bo_link_get_socket_path (self->link), NULL,
                             closed_cb, g_object_ref (self));
}

/* --- What a face asks for ---------------------------------------------------------- */

/**
 * bo_session_new:
 * @store: the store
 * @url: a device
 *
 * Returns: (transfer full): a session that has not begun
 */
BoSession *
bo_session_new (BoStore *store, const BoDeviceUrl *url)
{
  BoSession *self;

  g_return_val_if_fail (BO_IS_STORE (store) && url != NULL, NULL);

  self = g_object_new (BO_TYPE_SESSION, NULL);
  self->store = g_object_ref (store);
  self->link = bo_link_new (url);
  self->device_url = bo_device_url_to_string (url);
  g_signal_connect (self->link, "state-changed", G_CALLBACK (link_state_cb), self);
  return self;
}

/**
 * bo_session_begin:
 * @self: a new session
 * @request: what is to be run; copied
 *
 * Runs a campaign. Fails with BO_DEVICE_COURIER_ERROR_TAKEN or
 * BO_CAMPAIGN_FOLDER_ERROR_TAKEN when one runs on the device already.
 */
void
bo_session_begin (BoSession *self, const BoSessionRequest *request)
{
  g_return_if_fail (BO_IS_SESSION (self) && request != NULL);
  g_return_if_fail (request->study != NULL && request->cells != NULL);

  self->study = bo_study_ref (request->study);
  self->cells = g_ptr_array_ref (request->cells);
  self->repetitions = request->repetitions;
  self->seed = request->seed;
  self->place = request->place;
  bo_link_open_async (self->link, self->cancellable, opened_cb, g_object_ref (self));
}

/**
 * bo_session_attach:
 * @self: a new session
 * @campaign_id: (nullable): the campaign that is meant; any when %NULL
 *
 * Finds the campaign that runs on the device, whoever began it, and follows it
 * to its end. Campaigns of this computer that have ended meanwhile are
 * recorded (bo_session_get_recovered()).
 */
void
bo_session_attach (BoSession *self, const char *campaign_id)
{
  g_return_if_fail (BO_IS_SESSION (self));

  self->attaching = TRUE;
  self->wanted_campaign = g_strdup (campaign_id);
  bo_link_open_async (self->link, self->cancellable, opened_cb, g_object_ref (self));
}

/* The courier does not hear that it is to stop, or not at once: what it was told before still holds. */
void
bo_session_not_stopped (BoSession *self, const GError *error)
{
  self->stopping = self->stop_heard;
  self->stop_now = FALSE;
  bo_session_notice (self, _ ("The campaign could not be stopped: %s"), error->message);
  bo_session_tell_progress (self);
}

/* Nothing is built yet: what is under way is given up. */
static void
stop_beginning (BoSession *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->stage != BO_SESSION_HANDING_OVER || self->handing_over)
    return;
  if (self->maybe_begun)
    bo_session_notice (self, "%s", _ ("The connection was lost while the campaign was handed over: it may have begun on the "
                                      "device. “bakeoff-cli attach” tells, and “bakeoff-cli stop” ends it."));
  bo_session_fail (self, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _ ("Stopped before anything was built.")));
}

/**
 * bo_session_stop:
 * @self: a session
 * @now: whether to cancel the trial under way, or to let it finish
 *
 * Ends the campaign; cleaning up is part of it, and "ended" says when it is
 * done. A courier on the device is told as soon as there is a link. One that
 * lets its trial finish can still be told to stop now; not the other way round.
 */
void
bo_session_stop (BoSession *self, gboolean now)
{
  g_autoptr (BoSession) alive = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (BO_IS_SESSION (self));

  alive = g_object_ref (self);
  self->stop_now = now || (self->stopping && self->stop_now);
  self->stopping = TRUE;
  if (self->stage < BO_SESSION_PLAYING)
    stop_beginning (self);
  else if (self->stage == BO_SESSION_PLAYING && self->place == BO_PLACE_DEVICE)
    {
      self->stop_wanted = TRUE;
      bo_session_tell_stop (self);
    }
  else if (self->stage == BO_SESSION_PLAYING)
    {
      if (!bo_runner_stop (self->runner, self->stop_now, &error))
        {
          bo_session_not_stopped (self, error);
          return;
        }
      self->stop_heard = TRUE;
    }
  if (self->stage != BO_SESSION_ENDED)
    bo_session_tell_progress (self);
}

static void tell_order (BoSession *self);

static void
ordered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  g_auto (GStrv) order = g_steal_pointer (&self->order_told);

  /* Our copy is of what the device has accepted. */
  if (bo_device_courier_set_order_finish (BO_ENGINE (object), result, &error)
      && bo_script_write_order (self->folder, (const char *const *) order, &error))
    tell_order (self);
  else
    {
      g_clear_pointer (&self->order_wanted, g_strfreev);
      bo_session_notice (self, _ ("The order could not be changed: %s"), error->message);
    }
  bo_session_leave_device (self);
  if (self->stage != BO_SESSION_ENDED)
    bo_session_tell_progress (self);
}

/* One after the other: only the last one counts. */
static void
tell_order (BoSession *self)
{
  if (self->order_wanted == NULL || self->order_told != NULL || !bo_session_is_connected (self))
    return;
  self->order_told = g_steal_pointer (&self->order_wanted);
  bo_device_courier_set_order_async (bo_link_get_engine (self->link), self->courier,
                                     (const char *const *) self->order_told, self->cancellable, ordered_cb,
                                     g_object_ref (self));
}

/**
 * bo_session_set_order:
 * @self: a session that plays
 * @chains: (array zero-terminated=1): ids of the chains still to come; those that are not named are not played
 *
 * Takes effect when the chain under way has ended. A device that does not accept it is told of in a "notice", and
 * bo_session_get_order() is as before then.
 *
 * Returns: whether it was asked for at all; if not, why is told in a "notice" while it plays
 */
gboolean
bo_session_set_order (BoSession *self, const char *const *chains)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (BO_IS_SESSION (self) && chains != NULL, FALSE);

  if (self->stage != BO_SESSION_PLAYING)
    return FALSE;
  if (self->place == BO_PLACE_DEVICE && !bo_session_is_connected (self))
    {
      bo_session_notice (self, _ ("The order could not be changed: %s"), _ ("there is no connection to the device"));
      return FALSE;
    }
  if (self->place == BO_PLACE_DEVICE)
    {
      g_strfreev (self->order_wanted);
      self->order_wanted = g_strdupv ((char **) chains);
      tell_order (self);
      return TRUE;
    }
  /* What a courier on this computer reads. */
  if (bo_script_write_order (self->folder, chains, &error))
    return TRUE;
  bo_session_notice (self, _ ("The order could not be changed: %s"), error->message);
  return FALSE;
}

/**
 * bo_session_get_order:
 * @self: a session
 *
 * Returns: (transfer full) (nullable): text of the `order` file, for bo_queue_list(), or of what the device is asked for
 *   just now; %NULL when the order was never changed from this computer, and is that of the script
 */
char *
bo_session_get_order (BoSession *self)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  char *order = NULL;

  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  if (self->order_wanted != NULL || self->order_told != NULL)
    return g_strjoinv ("\n", self->order_wanted != NULL ? self->order_wanted : self->order_told);
  if (self->folder == NULL)
    return NULL;
  path = g_build_filename (self->folder, "order", NULL);
  if (!g_file_get_contents (path, &order, NULL, &error) && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_debug ("the order of the campaign: %s", error->message);
  return order;
}

/**
 * bo_session_detach:
 * @self: a session
 *
 * Lets a campaign on the device go on without us.
 *
 * Returns: whether that can be done now: not before the campaign is on the
 *   device, and not in attached mode. "ended" is emitted before it returns.
 */
gboolean
bo_session_detach (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), FALSE);

  if (self->stage != BO_SESSION_PLAYING || self->place != BO_PLACE_DEVICE)
    return FALSE;
  bo_runner_close (self->runner);
  bo_session_finish (self, BO_SESSION_END_DETACHED);
  return TRUE;
}

BoSessionStage
bo_session_get_stage (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), BO_SESSION_ENDED);

  return self->stage;
}

BoSessionEnd
bo_session_get_end (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), BO_SESSION_END_NONE);

  return self->end;
}

/**
 * bo_session_get_error:
 * @self: a session
 *
 * Returns: (nullable): why it failed, or what went wrong with the running of a campaign that is over; a build
 *   that failed is not an error but a result
 */
const GError *
bo_session_get_error (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  if (self->error == NULL && self->runner != NULL)
    return bo_runner_get_error (self->runner);
  return self->error;
}

const BoSessionProgress *
bo_session_get_progress (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  return &self->progress;
}

/**
 * bo_session_get_link:
 * @self: a session
 *
 * Returns: (transfer none): the way to the device. When the session has ended it is closed, or lost, if that is what
 *   it was before.
 */
BoLink *
bo_session_get_link (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  return self->link;
}

BoPlace
bo_session_get_place (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), BO_PLACE_AUTO);

  return self->place;
}

gboolean
bo_session_is_stopping (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), FALSE);

  return self->stopping;
}

/**
 * bo_session_is_stopping_now:
 * @self: a session
 *
 * Returns: whether what is under way is being cancelled; %FALSE while the session is to end after the trial that runs,
 *   which bo_session_stop() can still cancel
 */
gboolean
bo_session_is_stopping_now (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), FALSE);

  return self->stopping && (self->stop_now || self->stage != BO_SESSION_PLAYING);
}

/**
 * bo_session_is_mine:
 * @self: a session
 *
 * Returns: whether the campaign was begun on this computer, whose it is to close
 */
gboolean
bo_session_is_mine (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), FALSE);

  return self->courier == NULL || g_strcmp0 (self->courier->owner, bo_computer_get_id ()) == 0;
}

/**
 * bo_session_get_owner_name:
 * @self: a session
 *
 * Returns: (nullable): "user@host" of who began the campaign on the device
 */
const char *
bo_session_get_owner_name (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  return self->courier != NULL ? self->courier->from : NULL;
}

const char *
bo_session_get_device_url (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  return self->device_url;
}

/**
 * bo_session_get_study:
 * @self: a session
 *
 * Returns: (nullable): the study, as it was when the campaign began
 */
BoStudy *
bo_session_get_study (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  return self->study;
}

/**
 * bo_session_get_campaign:
 * @self: a session
 *
 * Returns: (nullable): the campaign, from the end of preparing on
 */
BoCampaign *
bo_session_get_campaign (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  return self->campaign;
}

/**
 * bo_session_get_recorder:
 * @self: a session
 *
 * Returns: (nullable): the records, while and after it plays
 */
BoRecorder *
bo_session_get_recorder (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  return self->runner != NULL ? bo_runner_get_recorder (self->runner) : NULL;
}

/**
 * bo_session_get_recovered:
 * @self: a session
 *
 * Returns: (nullable) (element-type BoCampaignSummary): campaigns that were found to be over, as they were known before
 */
GPtrArray *
bo_session_get_recovered (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), NULL);

  return self->recovered;
}

/**
 * bo_session_get_sent_bytes:
 * @self: a session
 *
 * Returns: bytes that were sent to hand the campaign over
 */
guint64
bo_session_get_sent_bytes (BoSession *self)
{
  g_return_val_if_fail (BO_IS_SESSION (self), 0);

  return self->sent_bytes;
}

static void
bo_session_dispose (GObject *object)
{
  BoSession *self = BO_SESSION (object);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_handle_id (&self->hold_id, g_source_remove);
  g_clear_handle_id (&self->hold_id, g_source_remove);
  bo_session_drop_hold (self);
  if (self->runner != NULL)
    g_signal_handlers_disconnect_by_data (self->runner, self);
  if (self->link != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->link, self);
      bo_link_close (self->link);
    }
  unlock_device (self);
  g_clear_object (&self->runner);
  g_clear_object (&self->link);

  G_OBJECT_CLASS (bo_session_parent_class)->dispose (object);
}

static void
bo_session_finalize (GObject *object)
{
  BoSession *self = BO_SESSION (object);

  g_clear_object (&self->store);
  g_clear_object (&self->contents);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->study, bo_study_unref);
  g_clear_pointer (&self->cells, g_ptr_array_unref);
  g_clear_pointer (&self->facts, bo_device_facts_free);
  g_clear_pointer (&self->courier, bo_device_courier_free);
  g_clear_pointer (&self->campaign, bo_campaign_unref);
  g_clear_pointer (&self->recovered, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_clear_error (&self->uncertain);
  g_strfreev (self->order_wanted);
  g_strfreev (self->order_told);
  g_free (self->trouble);
  g_free (self->wanted_campaign);
  g_free (self->device_url);
  g_free (self->campaign_id);
  g_free (self->folder);
  g_free (self->progress_what);

  G_OBJECT_CLASS (bo_session_parent_class)->finalize (object);
}

static void
bo_session_class_init (BoSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_session_dispose;
  object_class->finalize = bo_session_finalize;

  signals[CHANGED] = g_signal_new ("changed", BO_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_POINTER);
  signals[PROGRESS]
      = g_signal_new ("progress", BO_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NOTICE] = g_signal_new ("notice", BO_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
  signals[ENDED] = g_signal_new ("ended", BO_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bo_session_init (BoSession *self)
{
  self->lock = -1;
  self->cancellable = g_cancellable_new ();
}
