/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-tail"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-script-format.h"
#include "bo-volume-format.h"
#include "durable/bo-device-fetch.h"
#include "durable/bo-device-job.h"
#include "durable/bo-device-tail.h"
#include "durable/bo-device-volume.h"
#include "engine/bo-connection.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-exec.h"
#include "journal/bo-journal-mirror.h"
#include "journal/bo-journal-reader.h"

/* A command that should have ended by then has a dead connection. */
#define WATCHDOG_S (BO_VOLUME_TAIL_SECONDS + 30)
/* An engine that is restarted comes back within that, or the connection is given up. */
#define AWAY_MAX_US (2 * 60 * G_USEC_PER_SEC)
/* An engine that was restarted starts its containers a moment after it answers. */
#define DOWN_MAX_US (15 * G_USEC_PER_SEC)
#define PAUSE_MIN_MS 250
#define PAUSE_MAX_MS 5000
#define WORDS_MAX 4096

struct _BoDeviceTail
{
  GObject parent_instance;

  BoEngine *engine;
  BoDeviceCourier *courier;
  char *folder;

  gboolean is_started;
  gboolean is_over;
  BoJournalMirror *mirror;   /* (owned) (nullable): while commands run */
  GCancellable *cancellable; /* of all that is under way */
  GCancellable *exec;        /* (nullable): of the command that runs */
  GString *words;            /* what it says on standard error */
  GError *damage;            /* (nullable): what it printed is no journal */
  guint watchdog;
  guint pause;
  guint pause_ms;
  gint64 away_since_us; /* monotonic, or 0: the engine answers */
  gint64 down_since_us; /* likewise: the courier runs */
  GError *reason;       /* (nullable): what is told at the end, after the rest was fetched */
};

G_DEFINE_FINAL_TYPE (BoDeviceTail, bo_device_tail, G_TYPE_OBJECT)

enum
{
  RECEIVED,
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void follow (BoDeviceTail *self);

static void
halt (BoDeviceTail *self)
{
  self->is_over = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (self->exec != NULL)
    g_cancellable_cancel (self->exec);
  g_clear_handle_id (&self->watchdog, g_source_remove);
  g_clear_handle_id (&self->pause, g_source_remove);
  g_clear_pointer (&self->mirror, bo_journal_mirror_free);
}

static void
bo_device_tail_dispose (GObject *object)
{
  halt (BO_DEVICE_TAIL (object));

  G_OBJECT_CLASS (bo_device_tail_parent_class)->dispose (object);
}

static void
bo_device_tail_finalize (GObject *object)
{
  BoDeviceTail *self = BO_DEVICE_TAIL (object);

  g_clear_object (&self->engine);
  g_clear_pointer (&self->courier, bo_device_courier_free);
  g_free (self->folder);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->exec);
  g_string_free (self->words, TRUE);
  g_clear_error (&self->damage);
  g_clear_error (&self->reason);

  G_OBJECT_CLASS (bo_device_tail_parent_class)->finalize (object);
}

static void
bo_device_tail_class_init (BoDeviceTailClass *class)
{
  G_OBJECT_CLASS (class)->dispose = bo_device_tail_dispose;
  G_OBJECT_CLASS (class)->finalize = bo_device_tail_finalize;

  signals[RECEIVED] = g_signal_new ("received", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bo_device_tail_init (BoDeviceTail *self)
{
  self->cancellable = g_cancellable_new ();
  self->words = g_string_new (NULL);
}

/**
 * bo_device_tail_new:
 * @engine: the device's
 * @courier: whom to follow
 * @campaign_folder: the campaign's folder on this computer; the copy is journal/ in it
 *
 * Returns: (transfer full): a tail that is still to be started
 */
BoDeviceTail *
bo_device_tail_new (BoEngine *engine, const BoDeviceCourier *courier, const char *campaign_folder)
{
  BoDeviceTail *self;

  g_return_val_if_fail (BO_IS_ENGINE (engine) && courier != NULL && campaign_folder != NULL, NULL);

  self = g_object_new (BO_TYPE_DEVICE_TAIL, NULL);
  self->engine = g_object_ref (engine);
  self->courier = bo_device_courier_copy (courier);
  self->folder = g_strdup (campaign_folder);
  return self;
}

static void
end (BoDeviceTail *self, const GError *error)
{
  g_autoptr (GError) explained = NULL;

  if (self->is_over)
    return;
  if (error != NULL)
    explained = bo_device_job_explain (self->engine, error);
  g_object_ref (self);
  halt (self);
  g_signal_emit (self, signals[ENDED], 0, explained);
  g_object_unref (self);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoDeviceTail) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!bo_device_volume_fetch_finish (BO_ENGINE (source), result, &error))
    {
      if (self->is_over)
        return;
      end (self, error);
      return;
    }
  if (self->is_over)
    return;
  g_signal_emit (self, signals[RECEIVED], 0);
  end (self, self->reason);
}

/* The courier does not run any more: what the last command did not print comes from its files. Takes @reason.
 */
static void
fetch_rest (BoDeviceTail *self, GError *reason)
{
  self->reason = reason;
  /* The fetch writes the copy now. */
  g_clear_pointer (&self->mirror, bo_journal_mirror_free);
  bo_device_fetch_async (self->engine, self->courier->volume, self->courier->campaign, self->folder, TRUE,
                         self->cancellable, fetched_cb, g_object_ref (self));
}

static gboolean
pause_cb (gpointer user_data)
{
  BoDeviceTail *self = user_data;

  self->pause = 0;
  follow (self);
  return G_SOURCE_REMOVE;
}

static void
follow_later (BoDeviceTail *self)
{
  self->pause_ms = CLAMP (self->pause_ms * 2, PAUSE_MIN_MS, PAUSE_MAX_MS);
  self->pause = g_timeout_add (self->pause_ms, pause_cb, self);
}

static gint64
time_since (gint64 *since_us)
{
  gint64 now_us = g_get_monotonic_time ();

  if (*since_us == 0)
    *since_us = now_us;
  return now_us - *since_us;
}

static gboolean
is_lost (BoDeviceTail *self)
{
  BoConnection *connection = bo_engine_get_connection (self->engine);

  return connection != NULL && bo_connection_get_state (connection) != BO_CONNECTION_CONNECTED;
}

static void
not_answered (BoDeviceTail *self, const GError *error)
{
  if (is_lost (self) || time_since (&self->away_since_us) > AWAY_MAX_US)
    end (self, error);
  else
    follow_later (self);
}

static void
inspected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoDeviceTail) self = user_data;
  g_autoptr (BoEngineContainer) container = NULL;
  g_autoptr (GError) error = NULL;

  container = bo_engine_inspect_container_finish (BO_ENGINE (source), result, &error);
  if (self->is_over)
    return;
  if (container == NULL && !g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    {
      not_answered (self, error);
      return;
    }
  self->away_since_us = 0;
  if (container == NULL)
    fetch_rest (self, g_error_new (BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_GONE,
                                   _ ("Somebody removed the courier of campaign %s from the device: %s"),
                                   self->courier->campaign, error->message));
  else if (container->is_running || g_str_equal (container->status, "restarting"))
    {
      self->down_since_us = 0;
      follow_later (self);
    }
  else if (g_str_equal (container->status, "exited") && container->exit_code == 0)
    fetch_rest (self, NULL);
  else if (time_since (&self->down_since_us) < DOWN_MAX_US)
    follow_later (self);
  else
    fetch_rest (
        self,
        g_error_new (BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_DOWN,
                     _ ("The courier on the device does not run, and campaign %s is not over: it ended with "
                        "status %d%s%s."),
                     self->courier->campaign, container->exit_code, container->error != NULL ? ", " : "",
                     container->error != NULL ? container->error : ""));
}

static void
look (BoDeviceTail *self)
{
  bo_engine_inspect_container_async (self->engine, self->courier->container, self->cancellable, inspected_cb,
                                     g_object_ref (self));
}

static void
executed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoDeviceTail) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  int status = -1;
  gboolean ok;

  ok = bo_engine_exec_finish (BO_ENGINE (source), result, &status, &error);
  g_clear_handle_id (&self->watchdog, g_source_remove);
  g_clear_object (&self->exec);
  if (self->is_over)
    return;
  if (self->damage != NULL)
    {
      end (self, self->damage);
      return;
    }
  if (ok && status == BO_COURIER_EXIT_INPUT)
    {
      /* It is damaged, or no longer what was copied: reading its files tells. */
      words = g_utf8_make_valid (self->words->str, (gssize) self->words->len);
      fetch_rest (self, g_error_new (BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED,
                                     _ ("The journal on the device cannot be read: %s"), g_strstrip (words)));
      return;
    }
  if (ok && status == 0)
    {
      self->away_since_us = 0;
      /* It ended since its time was up, and not since there is nothing more to come. */
      if (!bo_journal_mirror_has_end (self->mirror))
        self->pause_ms = 0;
    }
  else
    g_debug ("tail of %s: %s", self->courier->campaign, error != NULL ? error->message : "it was killed");
  if (error != NULL && is_lost (self))
    end (self, error);
  else
    look (self);
}

static void
output_cb (BoLogStream stream, const guint8 *data, gsize length, gpointer user_data)
{
  BoDeviceTail *self = user_data;
  guint64 last;

  if (self->is_over || self->damage != NULL)
    return;
  if (stream != BO_LOG_STDOUT)
    {
      g_string_append_len (self->words, (const char *) data,
                           (gssize) MIN (length, WORDS_MAX - self->words->len));
      return;
    }
  last = bo_journal_mirror_get_last_number (self->mirror);
  if (!bo_journal_mirror_feed (self->mirror, data, length, &self->damage))
    g_cancellable_cancel (self->exec);
  if (bo_journal_mirror_get_last_number (self->mirror) != last)
    {
      self->pause_ms = 0;
      g_signal_emit (self, signals[RECEIVED], 0);
    }
}

static gboolean
watchdog_cb (gpointer user_data)
{
  BoDeviceTail *self = user_data;

  self->watchdog = 0;
  g_info ("tail of %s: no end after %d s", self->courier->campaign, WATCHDOG_S);
  g_cancellable_cancel (self->exec);
  return G_SOURCE_REMOVE;
}

static void
follow (BoDeviceTail *self)
{
  g_autofree char *number
      = g_strdup_printf ("%" G_GUINT64_FORMAT, bo_journal_mirror_get_last_number (self->mirror) + 1);
  g_autofree char *seconds = g_strdup_printf ("%d", BO_VOLUME_TAIL_SECONDS);
  g_autofree char *sum = g_strdup_printf ("%08x", bo_journal_mirror_get_last_sum (self->mirror));
  const char *argv[] = { BO_VOLUME_PROGRAM,
                         "tail",
                         BO_VOLUME_PATH,
                         self->courier->campaign,
                         number,
                         "--for",
                         seconds,
                         bo_journal_mirror_get_last_number (self->mirror) > 0 ? "--after" : NULL,
                         sum,
                         NULL };

  bo_journal_mirror_restart (self->mirror);
  g_string_truncate (self->words, 0);
  self->exec = g_cancellable_new ();
  self->watchdog = g_timeout_add_seconds (WATCHDOG_S, watchdog_cb, self);
  bo_engine_exec_async (self->engine, self->courier->container, argv, output_cb, self, self->exec,
                        executed_cb, g_object_ref (self));
}

static gboolean
first_cb (gpointer user_data)
{
  BoDeviceTail *self = user_data;
  g_autofree char *path = g_build_filename (self->folder, "journal", NULL);
  g_autoptr (GError) error = NULL;

  self->pause = 0;
  self->mirror = bo_journal_mirror_new (path, &error);
  if (self->mirror == NULL)
    end (self, error);
  else
    follow (self);
  return G_SOURCE_REMOVE;
}

/**
 * bo_device_tail_start:
 *
 * Begins to follow, once. Nothing is emitted before this returns.
 */
void
bo_device_tail_start (BoDeviceTail *self)
{
  g_return_if_fail (BO_IS_DEVICE_TAIL (self));
  g_return_if_fail (!self->is_started);

  self->is_started = TRUE;
  if (!self->is_over)
    self->pause = g_idle_add (first_cb, self);
}

/**
 * bo_device_tail_stop:
 *
 * Stops following; nothing is emitted after that. The courier goes on.
 */
void
bo_device_tail_stop (BoDeviceTail *self)
{
  g_return_if_fail (BO_IS_DEVICE_TAIL (self));

  halt (self);
}
