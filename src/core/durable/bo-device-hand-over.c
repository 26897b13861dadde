/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-hand-over"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n.h>

#include "bo-volume-format.h"
#include "context/bo-tar-header.h"
#include "durable/bo-contents-stream.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-device-job.h"
#include "durable/bo-hand-over-folder.h"
#include "durable/bo-volume-usage.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"

/* A lost link loses less than this, unless one file alone is larger. */
#define BATCH_BYTES (64 * 1024 * 1024)
#define BATCH_FILES 5000
#define PROGRESS_MS 200
/* What arrived broken is sent again, but not for ever. */
#define ROUNDS 3
#define PROBE_BYTES (64 * 1024)

typedef struct
{
  /* Input */
  BoDeviceCourier *courier;
  char *folder;
  BoContentStore *contents;
  guint64 volume_limit;
  BoDeviceCourierProgress progress;
  gpointer progress_data;
  GMainContext *caller;

  /* In progress */
  BoContentsStream *stream; /* (owned) (nullable): of the batch that is sent */
  guint64 batches_bytes;    /* contents in the batches before it */
  guint64 total_bytes;
  guint64 told_bytes;

  /* Output */
  guint64 sent_bytes;
} HandOver;

static void
hand_over_free (HandOver *self)
{
  bo_device_courier_free (self->courier);
  g_free (self->folder);
  g_object_unref (self->contents);
  g_main_context_unref (self->caller);
  g_clear_object (&self->stream);
  g_free (self);
}

typedef struct
{
  BoDeviceCourierProgress func;
  gpointer data;
  guint64 done, total;
} News;

static gboolean
news_cb (gpointer user_data)
{
  News *news = user_data;

  news->func (news->done, news->total, news->data);
  return G_SOURCE_REMOVE;
}

/* In the job's thread. What is posted here arrives before the job's own end does. */
static void
tell (HandOver *self)
{
  g_autoptr (GSource) source = NULL;
  News *news;
  guint64 done = 0;

  if (self->progress == NULL || self->total_bytes == 0)
    return;
  if (self->stream != NULL)
    bo_contents_stream_get_read (self->stream, &done);
  done += self->batches_bytes;
  if (done == self->told_bytes && done != 0)
    return;
  self->told_bytes = done;
  news = g_new0 (News, 1);
  news->func = self->progress;
  news->data = self->progress_data;
  news->done = done;
  news->total = self->total_bytes;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, news_cb, news, g_free);
  g_source_attach (source, self->caller);
}

static gboolean
tick_cb (gpointer user_data)
{
  tell (user_data);
  return G_SOURCE_CONTINUE;
}

static char *
run (BoDeviceJob *job, HandOver *self, const char *command, gboolean of_campaign, GError **error)
{
  const char *argv[] = { command, BO_VOLUME_PATH, of_campaign ? self->courier->campaign : NULL, NULL };

  return bo_device_job_exec (job, self->courier->container, argv, error);
}

static gboolean
adopt (BoDeviceJob *job, HandOver *self, GError **error)
{
  g_autofree char *out = run (job, self, "adopt", FALSE, error);

  return out != NULL;
}

static gboolean
trim (BoDeviceJob *job, HandOver *self, guint64 max_bytes, GError **error)
{
  g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, max_bytes);
  const char *argv[] = { "trim", BO_VOLUME_PATH, bytes, NULL };
  g_autofree char *out = bo_device_job_exec (job, self->courier->container, argv, error);

  return out != NULL;
}

/*
 * An answer can be lost when an engine refuses in the middle of a body. A small
 * one is written before the answer is there, so the engine's words come: of a full disk, say.
 */
static void
ask_again (BoDeviceJob *job, HandOver *self, GError **error)
{
  g_autofree guint8 *zeros = g_malloc0 (PROBE_BYTES);
  BoTarMember member = { .path = "incoming/probe", .type = '0', .mode = S_IFREG | 0600, .size = PROBE_BYTES };
  GByteArray *tar = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) reason = NULL;

  bo_tar_append_header (tar, &member);
  g_byte_array_append (tar, zeros, PROBE_BYTES);
  bo_tar_append_end (tar);
  bytes = g_byte_array_free_to_bytes (tar);
  if (bo_device_job_put (job, self->courier->container, bytes, &reason))
    return;
  if (g_error_matches (reason, BO_ENGINE_ERROR, BO_ENGINE_ERROR_DISK_FULL)
      || g_error_matches (reason, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SERVER))
    {
      g_clear_error (error);
      g_propagate_error (error, g_steal_pointer (&reason));
    }
}

static gboolean
put_batch (BoDeviceJob *job, HandOver *self, const BoMissingContent *batch, gsize n, GError **error)
{
  guint64 bytes = 0;
  gboolean ok;

  self->stream = bo_contents_stream_new (self->contents, batch, n);
  bo_engine_put_archive_async (
      job->engine, self->courier->container, BO_VOLUME_PATH, G_INPUT_STREAM (self->stream),
      (gssize) bo_contents_stream_get_length (self->stream), job->cancellable, bo_wait_cb, &job->wait);
  ok = bo_engine_put_archive_finish (job->engine, bo_wait_for (&job->wait), error);
  self->sent_bytes += bo_contents_stream_get_read (self->stream, &bytes);
  self->batches_bytes += bytes;
  g_clear_object (&self->stream);
  return ok;
}

/* What is here of @missing and was asked for with right, or an error. */
static gboolean
check_missing (HandOver *self, GArray *missing, GHashTable *named, GError **error)
{
  for (guint i = 0; i < missing->len; i++)
    {
      const BoMissingContent *content = &g_array_index (missing, BoMissingContent, i);
      guint64 size = 0;

      if (!g_hash_table_contains (named, content->sha256))
        {
          g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND,
                       _ ("The device asked for a file that the campaign does not have (%s)."),
                       content->sha256);
          return FALSE;
        }
      if (!bo_content_store_has (self->contents, content->sha256, &size) || size != content->size)
        {
          g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_INCOMPLETE,
                       _ ("A file that the campaign needs is no longer kept on this computer (%s). Prepare "
                          "the campaign "
                          "anew."),
                       content->sha256);
          return FALSE;
        }
      self->total_bytes += content->size;
    }
  return TRUE;
}

static gboolean
send_missing (BoDeviceJob *job, HandOver *self, GArray *missing, GError **error)
{
  const BoMissingContent *contents = (const BoMissingContent *) missing->data;
  guint next = 0;

  while (next < missing->len)
    {
      guint64 bytes = 0;
      guint n = 0;

      while (next + n < missing->len && n < BATCH_FILES
             && (n == 0 || bytes + contents[next + n].size <= BATCH_BYTES))
        bytes += contents[next + n++].size;
      if (!put_batch (job, self, contents + next, n, error))
        return FALSE;
      if (!adopt (job, self, error))
        return FALSE;
      tell (self);
      next += n;
    }
  return TRUE;
}

static gboolean
send_all (BoDeviceJob *job, HandOver *self, guint64 contents_bytes, GError **error)
{
  g_autoptr (GHashTable) named = bo_hand_over_list_contents (self->folder, error);

  if (named == NULL)
    return FALSE;
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autofree char *text = run (job, self, "missing", TRUE, error);
      g_autoptr (GArray) missing = text != NULL ? bo_volume_parse_missing (text, error) : NULL;

      self->total_bytes = self->batches_bytes;
      if (missing == NULL || !check_missing (self, missing, named, error))
        return FALSE;
      if (missing->len == 0)
        return TRUE;
      if (round == 0 && self->volume_limit > 0)
        {
          guint64 new_bytes = self->total_bytes;
          guint64 rest = self->volume_limit > new_bytes ? self->volume_limit - new_bytes : 0;

          if (contents_bytes > rest && !trim (job, self, rest, error))
            return FALSE;
        }
      tell (self);
      if (!send_missing (job, self, missing, error))
        return FALSE;
    }
  /* "begin" says what is missing. */
  return TRUE;
}

static gboolean
begin (BoDeviceJob *job, HandOver *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *out = run (job, self, "begin", TRUE, &local);

  if (out != NULL)
    return TRUE;
  if (g_error_matches (local, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND))
    local->code = BO_DEVICE_COURIER_ERROR_INCOMPLETE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
hand_over (BoDeviceJob *job, HandOver *self, GError **error)
{
  g_autofree char *text = run (job, self, "usage", FALSE, error);
  g_autoptr (BoVolumeUsage) usage = text != NULL ? bo_volume_usage_parse (text, error) : NULL;
  g_autoptr (GBytes) folder = NULL;
  const char *state;

  if (usage == NULL)
    return FALSE;
  /* It was handed over, and only the answer was lost. */
  state = g_hash_table_lookup (usage->campaigns, self->courier->campaign);
  if (state != NULL && !g_str_equal (state, "waiting"))
    return TRUE;

  folder = bo_hand_over_pack_folder (self->folder, self->courier->campaign, error);
  if (folder == NULL)
    return FALSE;
  self->sent_bytes += g_bytes_get_size (folder);
  if (!bo_device_job_put (job, self->courier->container, folder, error))
    return FALSE;
  /* What arrived before the link was lost counts. */
  if (usage->n_incoming > 0 && !adopt (job, self, error))
    return FALSE;
  return send_all (job, self, usage->contents_bytes, error) && begin (job, self, error);
}

static gboolean
hand_over_job (BoDeviceJob *job, gpointer data, GError **error)
{
  HandOver *self = data;
  g_autoptr (GSource) timer = g_timeout_source_new (PROGRESS_MS);
  g_autoptr (GError) local = NULL;
  gboolean ok;

  g_source_set_callback (timer, tick_cb, self, NULL);
  g_source_attach (timer, job->wait.context);
  ok = hand_over (job, self, &local);
  g_source_destroy (timer);
  if (ok)
    return TRUE;

  if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED))
    ask_again (job, self, &local);
  /* Half a file is of no use there, and its room may be what is missing. */
  if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_DISK_FULL))
    {
      g_autoptr (GError) ignored = NULL;

      if (!adopt (job, self, &ignored))
        g_info ("incoming files stay on the full disk: %s", ignored->message);
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * bo_device_courier_hand_over_async:
 * @engine: the device's
 * @courier: one that runs and waits for this campaign. It gives up when nobody follows it (BoDeviceTail)
 *   for BO_VOLUME_WAIT_SECONDS
 * @campaign_folder: the campaign's folder on this computer; what it says about this computer is not sent
 * @contents: where its files are
 * @volume_limit: bytes of contents that the volume may hold, or 0
 * @progress: (nullable) (scope notified): called in the main context of the calling thread
 *
 * After an error it can be called again, with another engine too: what arrived is not sent again.
 */
void
bo_device_courier_hand_over_async (BoEngine *engine,
                                   const BoDeviceCourier *courier,
                                   const char *campaign_folder,
                                   BoContentStore *contents,
                                   guint64 volume_limit,
                                   BoDeviceCourierProgress progress,
                                   gpointer progress_data,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  HandOver *self;

  g_return_if_fail (BO_IS_ENGINE (engine) && courier != NULL && campaign_folder != NULL);
  g_return_if_fail (BO_IS_CONTENT_STORE (contents));

  self = g_new0 (HandOver, 1);
  self->courier = bo_device_courier_copy (courier);
  self->folder = g_strdup (campaign_folder);
  self->contents = g_object_ref (contents);
  self->volume_limit = volume_limit;
  self->progress = progress;
  self->progress_data = progress_data;
  self->caller = g_main_context_ref_thread_default ();
  bo_device_job_run (engine, bo_device_courier_hand_over_async, hand_over_job, self,
                     (GDestroyNotify) hand_over_free, cancellable, callback, user_data);
}

/**
 * bo_device_courier_hand_over_finish:
 * @sent_bytes: (out) (optional): what went over the wire, also when it failed
 */
gboolean
bo_device_courier_hand_over_finish (BoEngine *engine,
                                    GAsyncResult *result,
                                    guint64 *sent_bytes,
                                    GError **error)
{
  gpointer data = NULL;
  gboolean ok = bo_device_job_finish (engine, result, &data, error);

  if (sent_bytes != NULL)
    *sent_bytes = ((HandOver *) data)->sent_bytes;
  return ok;
}
