/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-fetch"

#include "config.h"

#include <errno.h>
#include <inttypes.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "bo-journal-format.h"
#include "bo-volume-format.h"
#include "durable/bo-archive-file.h"
#include "durable/bo-device-fetch.h"
#include "durable/bo-device-job.h"
#include "durable/bo-device-keeper.h"
#include "durable/bo-device-volume.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "journal/bo-journal-mirror.h"
#include "journal/bo-journal-reader.h"
#include "study/bo-json.h"

/* What a tar has beside its one file. */
#define TAR_BYTES (64 * 1024)
/* A file that grows while an engine packs it can make the tar break off. */
#define TRIES 3

typedef struct
{
  char *volume;
  char *campaign;
  char *folder;
  gboolean is_read; /* somebody reads the copy meanwhile */
  char *container;
} Fetch;

static void
fetch_free (Fetch *self)
{
  g_free (self->volume);
  g_free (self->campaign);
  g_free (self->folder);
  g_free (self->container);
  g_free (self);
}

typedef struct
{
  GByteArray *bytes;
  gsize max_bytes;
} Arriving;

static gboolean
arriving_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  Arriving *arriving = user_data;

  if (arriving->bytes->len + length > arriving->max_bytes)
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                   _ ("the engine's archive of one file has more than %zu bytes"),
                   arriving->max_bytes);
      return FALSE;
    }
  g_byte_array_append (arriving->bytes, data, (guint) length);
  return TRUE;
}

static char *
make_path (Fetch *self, const char *file)
{
  return g_strdup_printf ("%s/campaigns/%s/%s", BO_VOLUME_PATH, self->campaign, file);
}

/* One file of the campaign's folder; %BO_ENGINE_ERROR_NOT_FOUND when it is not there. */
static GBytes *
get_file (BoDeviceJob *job, Fetch *self, const char *file, gsize max_bytes, GError **error)
{
  g_autofree char *path = make_path (self, file);
  g_autofree char *name = g_path_get_basename (file);

  for (guint try = 1;; try++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (GBytes) tar = NULL;
      g_autoptr (GError) local = NULL;
      Arriving arriving = { bytes, max_bytes + TAR_BYTES };

      bo_engine_get_archive_async (job->engine, self->container, path, arriving_cb, &arriving,
                                   job->cancellable, bo_wait_cb, &job->wait);
      if (bo_engine_get_archive_finish (job->engine, bo_wait_for (&job->wait), &local))
        {
          tar = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
          return bo_archive_file_extract (tar, name, max_bytes, error);
        }
      if (try == TRIES || !g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
    }
}

/* Whether the device has this campaign at all. */
static gboolean
check_campaign (BoDeviceJob *job, Fetch *self, GError **error)
{
  g_autofree char *container = bo_engine_request_escape (self->container);
  g_autofree char *path = make_path (self, "");
  g_autoptr (BoEngineReply) reply = NULL;
  g_autoptr (GError) local = NULL;
  BoEngineRequest *request = bo_engine_request_new ("HEAD", "/containers/%s/archive", container);

  bo_engine_request_add_query (request, "path", path);
  bo_engine_send_async (job->engine, request, job->cancellable, bo_wait_cb, &job->wait);
  reply = bo_engine_send_finish (job->engine, bo_wait_for (&job->wait), &local);
  if (reply != NULL)
    return TRUE;
  if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND,
                 _ ("The device no longer has the campaign %s."), self->campaign);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
fetch_description (BoDeviceJob *job, Fetch *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "campaign.json", NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) local = NULL;
  const char *data;
  gsize length;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  bytes = get_file (job, self, "campaign.json", BO_JSON_MAX_BYTES, &local);
  if (bytes == NULL)
    {
      /* It was begun, and its campaign never handed over. */
      if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  data = g_bytes_get_data (bytes, &length);
  return g_file_set_contents_full (path, data != NULL ? data : "", (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/*
 * Segment by segment, from the one on that the copy's last message is in. The
 * original can have more segments than the copy, never less.
 */
static gboolean
copy_segments (BoDeviceJob *job, Fetch *self, BoJournalMirror *mirror, GError **error)
{
  guint64 last = bo_journal_mirror_get_last_number (mirror);

  for (guint segment = MAX (bo_journal_mirror_get_segment (mirror), 1);; segment++)
    {
      g_autofree char *file = g_strdup_printf ("journal/%08u.bj", segment);
      g_autoptr (GError) local = NULL;
      g_autoptr (GBytes) bytes = get_file (job, self, file, BO_JOURNAL_SEGMENT_MAX, &local);
      const guint8 *data;
      gsize length;

      if (bytes == NULL && g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
        break;
      if (bytes == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      data = g_bytes_get_data (bytes, &length);
      if (!bo_journal_mirror_feed_segment (mirror, data, length, error))
        return FALSE;
    }
  if (bo_journal_mirror_get_seen_number (mirror) < last)
    {
      g_set_error (
          error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DIVERGED,
          _ ("The journal on the device ends before message %" PRIu64 ", which was copied from it"),
          last);
      return FALSE;
    }
  return bo_journal_mirror_flush (mirror, error);
}

/*
 * A copy that diverges is set aside. Another one takes its place at once, unless
 * somebody reads it, who would then see parts of both.
 */
static gboolean
fetch_journal (BoDeviceJob *job, Fetch *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "journal", NULL);

  for (gboolean is_first = TRUE;; is_first = FALSE)
    {
      g_autoptr (BoJournalMirror) mirror = bo_journal_mirror_new (path, error);
      g_autoptr (GError) local = NULL;

      if (mirror == NULL)
        return FALSE;
      if (copy_segments (job, self, mirror, &local))
        return TRUE;
      if (!g_error_matches (local, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DIVERGED) || !is_first)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      g_info ("%s", local->message);
      g_clear_pointer (&mirror, bo_journal_mirror_free);
      if (!bo_journal_mirror_set_aside (path, error))
        return FALSE;
      if (self->is_read)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
}

static gboolean
fetch_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Fetch *self = data;
  gboolean is_made = FALSE;
  gboolean ok;

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno),
                   _ ("The folder %s cannot be made: %s."), self->folder, g_strerror (errno));
      return FALSE;
    }
  self->container = bo_device_keeper_open (job, self->volume, &is_made, error);
  if (self->container == NULL)
    return FALSE;
  ok = check_campaign (job, self, error) && fetch_description (job, self, error)
       && fetch_journal (job, self, error);
  if (is_made)
    bo_device_job_remove (job, self->container);
  return ok;
}

/* As bo_device_volume_fetch_async(), while a journal's reader is at the copy; then BO_JOURNAL_ERROR_DIVERGED
 * is told. */
void
bo_device_fetch_async (BoEngine *engine,
                       const char *volume,
                       const char *campaign,
                       const char *folder,
                       gboolean is_read,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Fetch *self = g_new0 (Fetch, 1);

  self->volume = g_strdup (volume);
  self->campaign = g_strdup (campaign);
  self->folder = g_strdup (folder);
  self->is_read = is_read;
  bo_device_job_run (engine, bo_device_fetch_async, fetch_job, self, (GDestroyNotify) fetch_free, cancellable,
                     callback, user_data);
}

/**
 * bo_device_volume_fetch_async:
 * @volume: name of a volume
 * @campaign: id of a campaign whose folder is there, else %BO_ENGINE_ERROR_NOT_FOUND
 * @folder: the campaign's folder on this computer, made when it is missing; nobody reads its journal
 * meanwhile
 *
 * A campaign.json that is there already is left as it is: it knows more about
 * this computer. A journal that is no longer a copy of the device's (%BO_JOURNAL_ERROR_DIVERGED) is set
 * aside.
 */
void
bo_device_volume_fetch_async (BoEngine *engine,
                              const char *volume,
                              const char *campaign,
                              const char *folder,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (BO_IS_ENGINE (engine) && volume != NULL && campaign != NULL && folder != NULL);

  bo_device_fetch_async (engine, volume, campaign, folder, FALSE, cancellable, callback, user_data);
}

gboolean
bo_device_volume_fetch_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_device_job_finish (engine, result, NULL, error);
}
