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
#include "session/bo-session.h"
#include "session/bo-settlement.h"

/* Where the engine's socket is on a device that tells us nothing of it (tcp://). */
#define USUAL_SOCKET "/var/run/docker.sock"
/* Contents that a study's volume may hold on the device; the longest unused go first. */
#define VOLUME_LIMIT (G_GUINT64_CONSTANT (32) << 30)
/* Between two attempts of something that failed though the link stands. */
#define RETRY_S 3
/* Attempts to hand over without a lost link in between. */
#define HAND_OVER_ATTEMPTS 4
/* How long the clean-up after an attached campaign waits for a link that is away. */
#define CLOSING_WAIT_S 60

struct _BoSession
{
  GObject parent_instance;

  /* What was asked for */
  BoStore *store;
  BoStudy *study;
  GPtrArray *cells;
  guint repetitions;
  guint64 seed;
  BoPlace place;
  gboolean attaching;
  char *wanted_campaign;

  /* The device */
  BoLink *link;
  char *device_url;
  int lock;
  BoDeviceFacts *facts;
  BoDeviceCourier *courier; /* the one that plays our campaign */
  BoDeviceTail *hold;       /* tells a courier that waits that we are there */

  /* The campaign */
  char *campaign_id;
  char *folder;
  BoCampaign *campaign;
  BoRunner *runner;
  BoContentStore *contents;
  GPtrArray *recovered;
  guint64 sent_bytes;

  GCancellable *cancellable;
  BoSessionStage stage;
  BoSessionProgress progress;
  char *progress_what;
  BoSessionEnd end;
  GError *error;
  guint retry_id;
  guint attempts;
  gboolean handing_over;
  gboolean finding;
  gboolean stopping;
  gboolean stop_wanted; /* the courier on the device has not been told yet */
  gboolean stop_now;
};

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

static void hand_over (BoSession *self);
static void find_again (BoSession *self);
static void close_campaign (BoSession *self);

/* --- Telling ------------------------------------------------------------------ */

static void
set_stage (BoSession *self, BoSessionStage stage)
{
  self->stage = stage;
  self->progress.preparation = BO_PREPARATION_ENGINE;
  self->progress.what = NULL;
  self->progress.done = 0;
  self->progress.total = 0;
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void notice (BoSession *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
notice (BoSession *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_signal_emit (self, signals[NOTICE], 0, text);
}

static void
drop_hold (BoSession *self)
{
  if (self->hold == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->hold, self);
  bo_device_tail_stop (self->hold);
  g_clear_object (&self->hold);
}

static void
finish (BoSession *self, BoSessionEnd end)
{
  if (self->stage == BO_SESSION_ENDED)
    return;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  drop_hold (self);
  self->end = end;
  set_stage (self, BO_SESSION_ENDED);
  g_signal_emit (self, signals[ENDED], 0);
}

static void
abandoned_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_device_courier_remove_finish (BO_ENGINE (object), result, &error))
    g_debug ("the courier that got no campaign stays for now: %s", error->message);
  finish (self, BO_SESSION_END_FAILED);
}

/* Takes @error. A courier that waits for a campaign that does not come is in everybody's way. */
static void
fail (BoSession *self, GError *error)
{
  BoEngine *engine = bo_link_get_engine (self->link);

  if (self->stage == BO_SESSION_ENDED || self->error != NULL)
    {
      g_error_free (error);
      return;
    }
  self->error = error;
  drop_hold (self);
  if (self->campaign != NULL && self->runner == NULL)
    {
      g_autoptr (GError) local = NULL;

      if (!bo_store_set_campaign_state_sync (self->store, self->campaign->id, BO_CAMPAIGN_INTERRUPTED, &local))
        notice (self, _ ("The results cannot be saved: %s"), local->message);
    }
  if (self->courier != NULL && self->runner == NULL && !self->attaching && engine != NULL)
    bo_device_courier_remove_async (engine, self->courier, TRUE, NULL, abandoned_cb, g_object_ref (self));
  else
    finish (self, BO_SESSION_END_FAILED);
}

/* Whether it was the way to the device that failed, and not what was asked of it. */
static gboolean
is_link_error (const GError *error)
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

static gboolean
is_connected (BoSession *self)
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

  if (error->domain == BO_JOURNAL_ERROR)
    {
      fail (self, g_error_copy (error));
      return;
    }
  g_debug ("not followed any more: %s", error->message);
  find_again (self);
}

static void
runner_ended_cb (BoRunner *runner, gpointer user_data)
{
  close_campaign (BO_SESSION (user_data));
}

static void
make_runner (BoSession *self)
{
  self->runner = bo_runner_new (self->store, self->campaign, self->folder);
  g_signal_connect (self->runner, "changed", G_CALLBACK (runner_changed_cb), self);
  g_signal_connect (self->runner, "cut", G_CALLBACK (runner_cut_cb), self);
  g_signal_connect (self->runner, "ended", G_CALLBACK (runner_ended_cb), self);
}

static void
stopped_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (bo_device_courier_stop_finish (BO_ENGINE (object), result, &error))
    return;
  /* It is told again when the link is back; a courier that has ended needs no telling. */
  self->stop_wanted = is_link_error (error);
  if (!self->stop_wanted)
    g_debug ("the courier was not told to stop: %s", error->message);
}

static void
tell_stop (BoSession *self)
{
  if (!self->stop_wanted || self->courier == NULL || !is_connected (self))
    return;
  self->stop_wanted = FALSE;
  bo_device_courier_stop_async (bo_link_get_engine (self->link), self->courier, self->stop_now, NULL, stopped_cb,
                                g_object_ref (self));
}

/* The courier on the device has its campaign: what it journals is recorded. */
static void
follow (BoSession *self)
{
  drop_hold (self);
  if (self->runner == NULL)
    make_runner (self);
  if (self->stage != BO_SESSION_PLAYING)
    set_stage (self, BO_SESSION_PLAYING);
  self->attempts = 0;
  bo_runner_follow (self->runner, bo_link_get_engine (self->link), self->courier);
  tell_stop (self);
}

static gboolean
find_again_cb (gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  self->retry_id = 0;
  find_again (self);
  return G_SOURCE_REMOVE;
}

static void
find_again_later (BoSession *self)
{
  if (self->retry_id == 0)
    self->retry_id = g_timeout_add_seconds (RETRY_S, find_again_cb, self);
}

static void
started_again_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  self->finding = FALSE;
  if (self->stage != BO_SESSION_PLAYING)
    return;
  if (!bo_device_courier_start_finish (BO_ENGINE (object), result, &error))
    {
      g_debug ("the courier does not start: %s", error->message);
      find_again_later (self);
      return;
    }
  notice (self, _ ("The campaign's program on the device had been stopped; it was started again and goes on."));
  self->courier->state = BO_DEVICE_COURIER_RUNNING;
  follow (self);
}

/* The container is gone: what is in the volume is all that there will be. */
static void
fetched_last_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  self->finding = FALSE;
  if (self->stage != BO_SESSION_PLAYING)
    return;
  if (!bo_device_volume_fetch_finish (BO_ENGINE (object), result, &error) && is_link_error (error))
    {
      find_again_later (self);
      return;
    }
  notice (self, _ ("The campaign's program is not on the device any more; what is known until then is kept."));
  bo_runner_end (self->runner);
}

static void
found_again_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (BoDeviceCourier) courier = NULL;
  g_autoptr (GError) error = NULL;
  BoEngine *engine = BO_ENGINE (object);

  if (!bo_device_courier_find_finish (engine, result, &courier, &error))
    {
      self->finding = FALSE;
      g_debug ("the courier cannot be looked for: %s", error->message);
      find_again_later (self);
      return;
    }
  if (self->stage != BO_SESSION_PLAYING)
    {
      self->finding = FALSE;
      return;
    }
  if (courier == NULL || g_strcmp0 (courier->campaign, self->campaign->id) != 0)
    {
      bo_device_volume_fetch_async (engine, self->courier->volume, self->campaign->id, self->folder, self->cancellable,
                                    fetched_last_cb, g_object_ref (self));
      return;
    }
  bo_device_courier_free (self->courier);
  self->courier = g_steal_pointer (&courier);
  if (self->courier->state == BO_DEVICE_COURIER_DOWN)
    {
      bo_device_courier_start_async (engine, self->courier, self->cancellable, started_again_cb, g_object_ref (self));
      return;
    }
  self->finding = FALSE;
  follow (self);
}

/* After a break: looks for our courier, as soon as there is a link. */
static void
find_again (BoSession *self)
{
  if (self->stage != BO_SESSION_PLAYING || self->courier == NULL || self->finding
      || bo_runner_is_following (self->runner) || bo_runner_has_ended (self->runner))
    return;
  if (!is_connected (self))
    return;
  self->finding = TRUE;
  bo_device_courier_find_async (bo_link_get_engine (self->link), self->cancellable, found_again_cb,
                                g_object_ref (self));
}

static void
play_here (BoSession *self)
{
  g_autofree char *contents = bo_campaign_folder_get_contents_path ();
  g_autoptr (GError) error = NULL;

  make_runner (self);
  if (!bo_runner_start (self->runner, contents, bo_link_get_socket_path (self->link), &error))
    {
      g_clear_object (&self->runner);
      fail (self, g_steal_pointer (&error));
      return;
    }
  set_stage (self, BO_SESSION_PLAYING);
}

/* --- Handing over --------------------------------------------------------------- */

static void
hand_over_progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  self->progress.done = done;
  self->progress.total = total;
  g_signal_emit (self, signals[PROGRESS], 0);
}

static gboolean
hand_over_again_cb (gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  self->retry_id = 0;
  if (self->stage == BO_SESSION_HANDING_OVER && is_connected (self))
    hand_over (self);
  return G_SOURCE_REMOVE;
}

static void
handed_over_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  guint64 sent = 0;
  gboolean ok = bo_device_courier_hand_over_finish (BO_ENGINE (object), result, &sent, &error);

  self->handing_over = FALSE;
  self->sent_bytes += sent;
  if (self->stage != BO_SESSION_HANDING_OVER || self->error != NULL)
    return;
  if (!ok && is_link_error (error) && self->attempts < HAND_OVER_ATTEMPTS)
    {
      g_debug ("handing over is tried again: %s", error->message);
      self->attempts++;
      self->retry_id = g_timeout_add_seconds (RETRY_S, hand_over_again_cb, self);
      return;
    }
  if (!ok)
    {
      fail (self, g_steal_pointer (&error));
      return;
    }
  /* Too late to cancel the handing over: then the courier is told. */
  self->stop_wanted = self->stopping;
  follow (self);
}

static void
hand_over (BoSession *self)
{
  if (self->handing_over)
    return;
  self->handing_over = TRUE;
  bo_device_courier_hand_over_async (bo_link_get_engine (self->link), self->courier, self->folder, self->contents,
                                     VOLUME_LIMIT, hand_over_progress_cb, self, self->cancellable, handed_over_cb,
                                     g_object_ref (self));
}

static void
begin_handing_over (BoSession *self)
{
  g_autofree char *path = bo_campaign_folder_get_contents_path ();
  g_autoptr (GError) error = NULL;

  if (self->contents == NULL)
    self->contents = bo_content_store_new (path, &error);
  if (self->contents == NULL)
    {
      fail (self, g_steal_pointer (&error));
      return;
    }
  self->attempts = 0;
  set_stage (self, BO_SESSION_HANDING_OVER);
  if (is_connected (self))
    hand_over (self);
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
      fail (self, g_steal_pointer (&error));
      return;
    }
  if (self->place == BO_PLACE_DEVICE)
    begin_handing_over (self);
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

static void
prepare (BoSession *self)
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

  set_stage (self, BO_SESSION_PREPARING);
  bo_preparation_run_async (&options, preparation_progress_cb, self, self->cancellable, prepared_cb,
                            g_object_ref (self));
}

/* A hold that ends has lost its link; the next one begins when the link is back. */
static void hold_ended_cb (BoDeviceTail *tail, const GError *error, gpointer user_data);

static void
hold (BoSession *self)
{
  if (self->hold != NULL || self->courier == NULL || self->runner != NULL || !is_connected (self))
    return;
  self->hold = bo_device_tail_new (bo_link_get_engine (self->link), self->courier, self->folder);
  g_signal_connect (self->hold, "ended", G_CALLBACK (hold_ended_cb), self);
  bo_device_tail_start (self->hold);
}

static void
hold_ended_cb (BoDeviceTail *tail, const GError *error, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  drop_hold (self);
  if (error == NULL)
    fail (self, g_error_new (BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND,
                             _ ("The campaign's program on the device has ended before it got its campaign.")));
}

static void
courier_begun_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  self->courier = bo_device_courier_begin_finish (BO_ENGINE (object), result, &error);
  if (self->courier == NULL)
    {
      if (!g_error_matches (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_UNSUPPORTED))
        {
          fail (self, g_steal_pointer (&error));
          return;
        }
      notice (self,
              _ ("The campaign cannot run on the device by itself: %s\n"
                 "It is run from this computer instead: keep it awake and connected until the end."),
              error->message);
      self->place = BO_PLACE_HERE;
    }
  else
    hold (self);
  prepare (self);
}

/* Names of the variables that containers of the selected cells will need, as far as they are set. */
static GStrv
list_secrets (BoSession *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->cells->len; i++)
    {
      const BoCell *cell = g_ptr_array_index (self->cells, i);
      const BoStrategy *strategy = bo_study_get_strategy (self->study, cell->strategy);

      for (guint s = 0; strategy != NULL && s < strategy->run->secrets->len; s++)
        {
          char *name = g_ptr_array_index (strategy->run->secrets, s);

          if (g_getenv (name) != NULL && g_hash_table_add (seen, name))
            g_strv_builder_add (builder, name);
        }
    }
  return g_strv_builder_end (builder);
}

static void
begin_courier (BoSession *self)
{
  BoEngine *engine = bo_link_get_engine (self->link);
  const char *socket = bo_connection_get_remote_socket_path (bo_engine_get_connection (engine));
  g_auto (GStrv) secrets = list_secrets (self);
  BoDeviceCourierOptions options = {
    .campaign = self->campaign_id,
    .study = self->study->id,
    .secrets = (const char *const *) secrets,
    .engine_socket = socket != NULL ? socket : USUAL_SOCKET,
    .arch = self->facts->arch,
  };

  bo_device_courier_begin_async (engine, &options, self->cancellable, courier_begun_cb, g_object_ref (self));
}

static void
begin_campaign (BoSession *self)
{
  self->campaign_id = bo_plan_new_campaign_id (g_get_real_time (), g_random_int ());
  self->folder = bo_store_get_campaign_folder (self->store, self->campaign_id);
  if (self->place == BO_PLACE_AUTO)
    self->place = bo_link_get_url (self->link)->scheme == BO_DEVICE_UNIX ? BO_PLACE_HERE : BO_PLACE_DEVICE;
  if (self->place == BO_PLACE_DEVICE)
    begin_courier (self);
  else
    prepare (self);
}

static void
removed_other_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_device_courier_remove_finish (BO_ENGINE (object), result, &error)
      && !g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    fail (self, g_steal_pointer (&error));
  else
    begin_campaign (self);
}

/* --- Attaching ------------------------------------------------------------------ */

static gboolean
has_begun (BoSession *self)
{
  g_autofree char *journal = g_build_filename (self->folder, "journal", NULL);
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (journal);
  BoJournalMessage message;

  return bo_journal_reader_next (reader, &message, NULL) == BO_JOURNAL_NEXT_MESSAGE;
}

static void
attach_fetched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_device_volume_fetch_finish (BO_ENGINE (object), result, &error))
    {
      if (g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
        {
          g_clear_error (&error);
          error = g_error_new (BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_TAKEN,
                               _ ("%s is preparing campaign %s on the device; there is nothing to follow yet."),
                               self->courier->from, self->courier->campaign);
        }
      fail (self, g_steal_pointer (&error));
      return;
    }
  self->campaign = bo_running_load_campaign (self->store, self->device_url, self->courier, &error);
  if (self->campaign != NULL)
    self->study = bo_findings_read_study (self->campaign, &error);
  if (self->study == NULL)
    {
      fail (self, g_steal_pointer (&error));
      return;
    }
  if (!has_begun (self) && bo_session_is_mine (self))
    {
      hold (self);
      begin_handing_over (self);
    }
  else if (self->courier->state == BO_DEVICE_COURIER_DOWN)
    {
      make_runner (self);
      set_stage (self, BO_SESSION_PLAYING);
      find_again (self);
    }
  else
    follow (self);
}

static void
attach (BoSession *self)
{
  self->place = BO_PLACE_DEVICE;
  self->campaign_id = g_strdup (self->courier->campaign);
  self->folder = bo_store_get_campaign_folder (self->store, self->campaign_id);
  bo_device_volume_fetch_async (bo_link_get_engine (self->link), self->courier->volume, self->campaign_id, self->folder,
                                self->cancellable, attach_fetched_cb, g_object_ref (self));
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
      fail (self, g_steal_pointer (&error));
      return;
    }
  self->recovered = g_ptr_array_ref (settlement->recovered);
  if (self->attaching)
    {
      if (settlement->courier != NULL
          && (self->wanted_campaign == NULL || g_str_equal (self->wanted_campaign, settlement->courier->campaign)))
        {
          self->courier = g_steal_pointer (&settlement->courier);
          attach (self);
        }
      else
        finish (self, BO_SESSION_END_NOTHING);
      return;
    }

  for (guint i = 0; i < self->recovered->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (self->recovered, i);
      g_autofree char *folder = bo_store_get_campaign_folder (self->store, summary->id);

      if (bo_campaign_folder_get_device (folder, NULL, NULL))
        notice (self, _ ("Campaign %s has ended on the device meanwhile; it is recorded."), summary->id);
      else
        notice (self, _ ("Campaign %s was cut off; what had finished is kept."), summary->id);
    }
  if (settlement->courier != NULL && settlement->courier->state == BO_DEVICE_COURIER_ENDED)
    bo_device_courier_remove_async (bo_link_get_engine (self->link), settlement->courier, FALSE, self->cancellable,
                                    removed_other_cb, g_object_ref (self));
  else if (settlement->courier != NULL)
    fail (self, bo_device_courier_taken_error (settlement->courier));
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
      fail (self, g_steal_pointer (&error));
      return;
    }
  set_stage (self, BO_SESSION_SETTLING);
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
      fail (self, g_steal_pointer (&error));
      return;
    }
  self->lock = bo_campaign_folder_lock_device (self->device_url, &error);
  if (self->lock < 0)
    {
      fail (self, g_steal_pointer (&error));
      return;
    }
  bo_device_facts_read_async (bo_link_get_engine (self->link), self->cancellable, facts_cb, g_object_ref (self));
}

static void
link_state_cb (BoLink *link, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  g_signal_emit (self, signals[PROGRESS], 0);
  if (!is_connected (self))
    return;
  switch (self->stage)
    {
    case BO_SESSION_PREPARING:
      hold (self);
      break;
    case BO_SESSION_HANDING_OVER:
      self->attempts = 0;
      hold (self);
      if (self->retry_id == 0)
        hand_over (self);
      break;
    case BO_SESSION_PLAYING:
      if (self->courier != NULL)
        {
          find_again (self);
          tell_stop (self);
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
    notice (self, _ ("The device could not be cleaned up: %s\nThe next run on it tries again."), error->message);
  finish (self, BO_SESSION_END_OVER);
}

static gboolean
closing_timeout_cb (gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);
  const GError *error = bo_link_get_error (self->link);

  self->retry_id = 0;
  notice (self, _ ("The device could not be cleaned up: %s\nThe next run on it tries again."),
          error != NULL ? error->message : _ ("there is no connection to it"));
  finish (self, BO_SESSION_END_OVER);
  return G_SOURCE_REMOVE;
}

static void
close_campaign (BoSession *self)
{
  g_autoptr (GHashTable) keep = NULL;

  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->stage != BO_SESSION_CLOSING)
    set_stage (self, BO_SESSION_CLOSING);
  if (!bo_session_is_mine (self))
    {
      finish (self, BO_SESSION_END_OVER);
      return;
    }
  if (!is_connected (self))
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

/**
 * bo_session_stop:
 * @self: a session
 * @now: whether to cancel the trial under way, or to let it finish
 *
 * Ends the campaign; cleaning up is part of it, and "ended" says when it is
 * done. A courier on the device is told as soon as there is a link.
 */
void
bo_session_stop (BoSession *self, gboolean now)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (BO_IS_SESSION (self));

  self->stopping = TRUE;
  self->stop_now = now;
  if (self->stage < BO_SESSION_PLAYING)
    {
      g_cancellable_cancel (self->cancellable);
      if (self->stage == BO_SESSION_HANDING_OVER && !self->handing_over)
        fail (self, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _ ("Stopped before anything was built.")));
      return;
    }
  if (self->stage != BO_SESSION_PLAYING)
    return;
  if (self->place == BO_PLACE_DEVICE)
    {
      self->stop_wanted = TRUE;
      tell_stop (self);
    }
  else if (!bo_runner_stop (self->runner, now, &error))
    notice (self, "%s", error->message);
}

static void
ordered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_device_courier_set_order_finish (BO_ENGINE (object), result, &error))
    notice (self, _ ("The order could not be changed: %s"), error->message);
}

/**
 * bo_session_set_order:
 * @self: a session that plays
 * @chains: (array zero-terminated=1): ids of the chains still to come; those that are not named are not played
 *
 * Takes effect when the chain under way has ended.
 */
void
bo_session_set_order (BoSession *self, const char *const *chains)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (BO_IS_SESSION (self) && chains != NULL);
  g_return_if_fail (self->stage == BO_SESSION_PLAYING);

  if (self->place == BO_PLACE_DEVICE && !is_connected (self))
    {
      notice (self, _ ("The order could not be changed: %s"), _ ("there is no connection to the device"));
      return;
    }
  /* What a courier on this computer reads; for one on the device our copy of what it is told. */
  if (!bo_script_write_order (self->folder, chains, &error))
    notice (self, _ ("The order could not be changed: %s"), error->message);
  else if (self->place == BO_PLACE_DEVICE)
    bo_device_courier_set_order_async (bo_link_get_engine (self->link), self->courier, chains, self->cancellable,
                                       ordered_cb, g_object_ref (self));
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
  finish (self, BO_SESSION_END_DETACHED);
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
  drop_hold (self);
  if (self->runner != NULL)
    g_signal_handlers_disconnect_by_data (self->runner, self);
  if (self->link != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->link, self);
      bo_link_close (self->link);
    }
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
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
