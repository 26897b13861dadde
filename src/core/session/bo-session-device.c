/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-session-device"

#include "config.h"

#include <glib/gi18n.h>

#include "bench/bo-campaign-folder.h"
#include "durable/bo-device-volume.h"
#include "engine/bo-engine-error.h"
#include "findings/bo-findings.h"
#include "journal/bo-journal-reader.h"
#include "session/bo-running.h"
#include "session/bo-session-private.h"

/* What a session does with a courier on the device: begin, hand over, follow, find again, attach. */

/* Where the engine's socket is on a device that tells us nothing of it (tcp://). */
#define USUAL_SOCKET "/var/run/docker.sock"
/* Contents that a study's volume may hold on the device; the longest unused go first. */
#define VOLUME_LIMIT (G_GUINT64_CONSTANT (32) << 30)
/* Between two attempts of something that failed though the link stands. */
#define RETRY_S 3
/* Attempts to hand over without a lost link in between. */
#define HAND_OVER_ATTEMPTS 4

void
bo_session_drop_hold (BoSession *self)
{
  if (self->hold == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->hold, self);
  bo_device_tail_stop (self->hold);
  g_clear_object (&self->hold);
}

static void
stopped_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  self->stop_told = FALSE;
  if (bo_device_courier_stop_finish (BO_ENGINE (object), result, &error))
    {
      self->stopping = self->stop_heard = TRUE;
      bo_session_tell_stop (self);
    }
  bo_session_leave_device (self);
  if (error == NULL)
    return;
  if (self->stage != BO_SESSION_PLAYING)
    return;
  /* It is told again when the link is back, or when the courier that is down is up again. One that is gone needs no telling. */
  if (bo_session_is_link_error (error)
      || g_error_matches (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_DOWN))
    {
      self->stop_wanted = TRUE;
      if (bo_link_get_engine (self->link) != BO_ENGINE (object))
        bo_session_tell_stop (self);
      return;
    }
  if (g_error_matches (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_GONE))
    return;
  bo_session_not_stopped (self, error);
}

/* One after the other: “after this trial” must not overtake “now”. */
void
bo_session_tell_stop (BoSession *self)
{
  if (!self->stop_wanted || self->stop_told || self->courier == NULL || !bo_session_is_connected (self))
    return;
  self->stop_wanted = FALSE;
  self->stop_told = TRUE;
  bo_device_courier_stop_async (bo_link_get_engine (self->link), self->courier, self->stop_now, NULL, stopped_cb,
                                g_object_ref (self));
}

/* The courier on the device has its campaign: what it journals is recorded. */
void
bo_session_follow (BoSession *self)
{
  bo_session_drop_hold (self);
  if (self->runner == NULL)
    bo_session_make_runner (self);
  if (self->stage != BO_SESSION_PLAYING)
    bo_session_set_stage (self, BO_SESSION_PLAYING);
  self->attempts = 0;
  /* Who heard of the stage may have left; and a link that is gone again brings us here once more. */
  if (self->stage != BO_SESSION_PLAYING || !bo_session_is_connected (self))
    return;
  bo_runner_follow (self->runner, bo_link_get_engine (self->link), self->courier);
  bo_session_tell_stop (self);
}

static gboolean
find_again_cb (gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  self->retry_id = 0;
  bo_session_find_again (self);
  return G_SOURCE_REMOVE;
}

void
bo_session_find_again_later (BoSession *self)
{
  if (self->retry_id == 0)
    self->retry_id = g_timeout_add_seconds (RETRY_S, find_again_cb, self);
}

/* Once for each thing that is said; it is tried again every few seconds. */
static void tell_trouble (BoSession *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
tell_trouble (BoSession *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  if (g_strcmp0 (self->trouble, text) == 0)
    return;
  g_free (self->trouble);
  self->trouble = g_steal_pointer (&text);
  bo_session_notice (self, "%s", self->trouble);
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
      tell_trouble (self, _ ("The campaign's program on the device cannot be started again: %s"), error->message);
      bo_session_find_again_later (self);
      return;
    }
  bo_session_notice (self, _ ("The campaign's program on the device had been stopped; it was started again and goes on."));
  self->courier->state = BO_DEVICE_COURIER_RUNNING;
  bo_session_follow (self);
}

/* The container is gone: what is in the volume is all that there will be. */
static void
fetched_last_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  gboolean ok = bo_device_volume_fetch_finish (BO_ENGINE (object), result, &error);

  self->finding = FALSE;
  if (self->stage != BO_SESSION_PLAYING)
    return;
  if (!ok && (bo_session_is_link_error (error) || error->domain == BO_JOURNAL_ERROR))
    {
      tell_trouble (self, _ ("The journal on the device cannot be read now: %s"), error->message);
      bo_session_find_again_later (self);
      return;
    }
  /* It stays “running” in the store, and is settled by the next session that can read it. */
  if (!ok && !g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  bo_session_notice (self, _ ("The campaign's program is not on the device any more; what is known until then is kept."));
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
      if (self->stage != BO_SESSION_PLAYING)
        return;
      if (!bo_session_is_link_error (error))
        tell_trouble (self, _ ("The campaign's program on the device cannot be looked for: %s"), error->message);
      bo_session_find_again_later (self);
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
  bo_session_follow (self);
}

/* After a break: looks for our courier, as soon as there is a link. */
void
bo_session_find_again (BoSession *self)
{
  if (self->stage != BO_SESSION_PLAYING || self->courier == NULL || self->finding
      || bo_runner_is_following (self->runner) || bo_runner_has_ended (self->runner))
    return;
  if (!bo_session_is_connected (self))
    return;
  self->finding = TRUE;
  bo_device_courier_find_async (bo_link_get_engine (self->link), self->cancellable, found_again_cb,
                                g_object_ref (self));
}

/* --- Handing over --------------------------------------------------------------- */

static void
hand_over_progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  self->progress.done = done;
  self->progress.total = total;
  bo_session_tell_progress (self);
}

static gboolean
hand_over_again_cb (gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  self->retry_id = 0;
  if (self->stage == BO_SESSION_HANDING_OVER && bo_session_is_connected (self))
    bo_session_hand_over (self);
  return G_SOURCE_REMOVE;
}

static gboolean
has_begun (BoSession *self)
{
  g_autofree char *journal = g_build_filename (self->folder, "journal", NULL);
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (journal);
  BoJournalMessage message;

  return bo_journal_reader_next (reader, &message, NULL) == BO_JOURNAL_NEXT_MESSAGE;
}

/* The courier has its campaign, whatever became of the answer that said so. */
static void
go_on_playing (BoSession *self)
{
  bo_session_drop_hold (self);
  /* Too late to cancel the handing over: then the courier is told. */
  self->stop_wanted = self->stopping;
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_object_unref (self->cancellable);
      self->cancellable = g_cancellable_new ();
    }
  bo_session_make_runner (self);
  bo_session_set_stage (self, BO_SESSION_PLAYING);
  bo_session_find_again (self);
}

/* Whether the courier may have got the word to play though we did not hear it say so. */
static gboolean
is_uncertain (const GError *error)
{
  return bo_session_is_link_error (error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         || g_error_matches (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_DOWN)
         || g_error_matches (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_GONE);
}

static void
checked_begun_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  gboolean ok = bo_device_volume_fetch_finish (BO_ENGINE (object), result, &error);

  self->handing_over = FALSE;
  if (self->stage != BO_SESSION_HANDING_OVER || self->error != NULL)
    return;
  if (has_begun (self))
    {
      go_on_playing (self);
      return;
    }
  self->maybe_begun = !ok && !g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND);
  bo_session_fail (self, g_steal_pointer (&self->uncertain));
}

/* Takes @error, which ends the session unless the journal on the device shows that the campaign has begun. */
static void
check_begun (BoSession *self, GError *error)
{
  if (!bo_session_is_connected (self))
    {
      self->maybe_begun = TRUE;
      bo_session_fail (self, error);
      return;
    }
  bo_session_drop_hold (self);
  self->handing_over = TRUE;
  g_clear_error (&self->uncertain);
  self->uncertain = error;
  bo_device_volume_fetch_async (bo_link_get_engine (self->link), self->courier->volume, self->courier->campaign,
                                self->folder, NULL, checked_begun_cb, g_object_ref (self));
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
  if (!ok && bo_session_is_link_error (error) && self->attempts < HAND_OVER_ATTEMPTS
      && bo_link_get_state (self->link) != BO_LINK_LOST)
    {
      g_debug ("handing over is tried again: %s", error->message);
      self->attempts++;
      self->maybe_begun = TRUE;
      self->retry_id = g_timeout_add_seconds (RETRY_S, hand_over_again_cb, self);
      return;
    }
  if (ok)
    go_on_playing (self);
  else if (is_uncertain (error))
    check_begun (self, g_steal_pointer (&error));
  else
    {
      self->maybe_begun = FALSE;
      bo_session_fail (self, g_steal_pointer (&error));
    }
}

void
bo_session_hand_over (BoSession *self)
{
  if (self->handing_over)
    return;
  self->handing_over = TRUE;
  bo_device_courier_hand_over_async (bo_link_get_engine (self->link), self->courier, self->folder, self->contents,
                                     VOLUME_LIMIT, hand_over_progress_cb, self, self->cancellable, handed_over_cb,
                                     g_object_ref (self));
}

void
bo_session_begin_handing_over (BoSession *self)
{
  g_autofree char *path = bo_campaign_folder_get_contents_path ();
  g_autoptr (GError) error = NULL;

  if (self->contents == NULL)
    self->contents = bo_content_store_new (path, &error);
  if (self->contents == NULL)
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  self->attempts = 0;
  bo_session_set_stage (self, BO_SESSION_HANDING_OVER);
  if (bo_session_is_connected (self))
    bo_session_hand_over (self);
}

/* A hold that ends has lost its link; the next one begins when the link is back. */
static void hold_ended_cb (BoDeviceTail *tail, const GError *error, gpointer user_data);

void
bo_session_hold (BoSession *self)
{
  if (self->hold != NULL || self->courier == NULL || self->runner != NULL || !bo_session_is_connected (self))
    return;
  self->hold = bo_device_tail_new (bo_link_get_engine (self->link), self->courier, self->folder);
  g_signal_connect (self->hold, "ended", G_CALLBACK (hold_ended_cb), self);
  bo_device_tail_start (self->hold);
}

static gboolean
hold_again_cb (gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  self->hold_id = 0;
  if (self->stage == BO_SESSION_PREPARING || self->stage == BO_SESSION_HANDING_OVER)
    bo_session_hold (self);
  return G_SOURCE_REMOVE;
}

static void
hold_ended_cb (BoDeviceTail *tail, const GError *error, gpointer user_data)
{
  BoSession *self = BO_SESSION (user_data);

  bo_session_drop_hold (self);
  if (error != NULL)
    {
      /* A lost link brings the next one itself; anything else passes, too. */
      if (self->hold_id == 0)
        self->hold_id = g_timeout_add_seconds (RETRY_S, hold_again_cb, self);
      return;
    }
  /* It got the word, and we did not hear it say so. */
  if (self->stage == BO_SESSION_HANDING_OVER && has_begun (self))
    {
      if (!self->handing_over)
        go_on_playing (self);
      return;
    }
  bo_session_fail (self, g_error_new (BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND,
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
          bo_session_fail (self, g_steal_pointer (&error));
          return;
        }
      bo_session_notice (self,
              _ ("The campaign cannot run on the device by itself: %s\n"
                 "It is run from this computer instead: keep it awake and connected until the end."),
              error->message);
      self->place = BO_PLACE_HERE;
    }
  else
    bo_session_hold (self);
  bo_session_prepare (self);
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

void
bo_session_begin_courier (BoSession *self)
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

/* --- Attaching ------------------------------------------------------------------ */

/* One that was stopped before it got its campaign waits again. */
static void
started_waiting_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSession) self = BO_SESSION (user_data);
  g_autoptr (GError) error = NULL;

  if (!bo_device_courier_start_finish (BO_ENGINE (object), result, &error))
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  self->courier->state = BO_DEVICE_COURIER_RUNNING;
  bo_session_hold (self);
  bo_session_begin_handing_over (self);
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
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  self->campaign = bo_running_load_campaign (self->store, self->device_url, self->courier, &error);
  if (self->campaign != NULL)
    self->study = bo_findings_read_study (self->campaign, &error);
  if (self->study == NULL)
    {
      bo_session_fail (self, g_steal_pointer (&error));
      return;
    }
  if (!has_begun (self) && bo_session_is_mine (self) && self->courier->state == BO_DEVICE_COURIER_DOWN)
    bo_device_courier_start_async (BO_ENGINE (object), self->courier, self->cancellable, started_waiting_cb,
                                   g_object_ref (self));
  else if (!has_begun (self) && bo_session_is_mine (self))
    {
      bo_session_hold (self);
      bo_session_begin_handing_over (self);
    }
  else if (self->courier->state == BO_DEVICE_COURIER_DOWN)
    {
      bo_session_make_runner (self);
      bo_session_set_stage (self, BO_SESSION_PLAYING);
      bo_session_find_again (self);
    }
  else
    bo_session_follow (self);
}

void
bo_session_attach_courier (BoSession *self)
{
  self->place = BO_PLACE_DEVICE;
  self->campaign_id = g_strdup (self->courier->campaign);
  self->folder = bo_store_get_campaign_folder (self->store, self->campaign_id);
  bo_device_volume_fetch_async (bo_link_get_engine (self->link), self->courier->volume, self->campaign_id, self->folder,
                                self->cancellable, attach_fetched_cb, g_object_ref (self));
}
