/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-volume"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-volume-format.h"
#include "durable/bo-courier-image.h"
#include "durable/bo-courier-program.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-device-job.h"
#include "durable/bo-device-keeper.h"
#include "durable/bo-device-volume.h"
#include "durable/bo-volume-usage.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-engine-info.h"
#include "engine/bo-engine-volumes.h"

void
bo_device_volume_free (BoDeviceVolume *volume)
{
  if (volume == NULL)
    return;
  g_free (volume->name);
  g_free (volume->study);
  g_clear_pointer (&volume->campaigns, g_ptr_array_unref);
  g_free (volume);
}

/* What is asked about volumes, and the answer. */
typedef struct
{
  char *volume;
  char *campaign;
  guint64 max_bytes;
  gboolean all;

  GPtrArray *volumes;
  guint64 freed_bytes;
} Ask;

static void
ask_free (Ask *ask)
{
  g_free (ask->volume);
  g_free (ask->campaign);
  g_clear_pointer (&ask->volumes, g_ptr_array_unref);
  g_free (ask);
}

static Ask *
ask_new (const char *volume)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->volume = g_strdup (volume);
  return ask;
}

static BoDeviceVolume *
look_at (BoDeviceJob *job, const BoEngineVolume *found, GError **error)
{
  static const char *const argv[] = { "usage", BO_VOLUME_PATH, NULL };
  g_autofree char *text = bo_device_keeper_run (job, found->name, argv, error);
  g_autoptr (BoVolumeUsage) usage = text != NULL ? bo_volume_usage_parse (text, error) : NULL;
  BoDeviceVolume *volume;
  GHashTableIter iter;
  gpointer id;

  if (usage == NULL)
    return NULL;
  volume = g_new0 (BoDeviceVolume, 1);
  volume->name = g_strdup (found->name);
  volume->study = g_utf8_make_valid (g_hash_table_lookup (found->labels, BO_LABEL_VOLUME), -1);
  volume->contents_bytes = usage->contents_bytes + usage->incoming_bytes;
  volume->n_contents = usage->n_contents + usage->n_incoming;
  volume->campaigns_bytes = usage->campaigns_bytes;
  volume->campaigns = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_iter_init (&iter, usage->campaigns);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (volume->campaigns, g_strdup (id));
  return volume;
}

static gboolean
list_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Ask *ask = data;
  g_autoptr (GPtrArray) found = NULL;

  ask->volumes = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_device_volume_free);
  bo_engine_list_volumes_async (job->engine, BO_LABEL_VOLUME, job->cancellable, bo_wait_cb, &job->wait);
  found = bo_engine_list_volumes_finish (job->engine, bo_wait_for (&job->wait), error);
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      const BoEngineVolume *entry = found->pdata[i];
      g_autoptr (GError) local = NULL;
      BoDeviceVolume *volume;

      if (g_hash_table_lookup (entry->labels, BO_LABEL_VOLUME) == NULL)
        continue;
      volume = look_at (job, entry, &local);
      if (volume != NULL)
        g_ptr_array_add (ask->volumes, volume);
      /* Gone since. */
      else if (!g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return found != NULL;
}

void
bo_device_volume_list_async (BoEngine *engine,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (BO_IS_ENGINE (engine));

  bo_device_job_run (engine, bo_device_volume_list_async, list_job, ask_new (NULL), (GDestroyNotify) ask_free,
                     cancellable, callback, user_data);
}

/**
 * bo_device_volume_list_finish:
 *
 * Returns: (transfer full) (element-type BoDeviceVolume): the volumes; what is on its way counts as contents
 */
GPtrArray *
bo_device_volume_list_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  gpointer data = NULL;

  if (!bo_device_job_finish (engine, result, &data, error))
    return NULL;
  return g_steal_pointer (&((Ask *) data)->volumes);
}

static gboolean
trim_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Ask *ask = data;
  g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, ask->max_bytes);
  const char *argv[] = { "trim", BO_VOLUME_PATH, bytes, NULL };
  g_autofree char *text = bo_device_keeper_run (job, ask->volume, argv, error);

  return text != NULL && bo_volume_parse_count (text, "trimmed", NULL, &ask->freed_bytes, error);
}

void
bo_device_volume_trim_async (BoEngine *engine,
                             const char *volume,
                             guint64 max_bytes,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Ask *ask;

  g_return_if_fail (BO_IS_ENGINE (engine) && volume != NULL);

  ask = ask_new (volume);
  ask->max_bytes = max_bytes;
  bo_device_job_run (engine, bo_device_volume_trim_async, trim_job, ask, (GDestroyNotify) ask_free,
                     cancellable, callback, user_data);
}

gboolean
bo_device_volume_trim_finish (BoEngine *engine, GAsyncResult *result, guint64 *freed_bytes, GError **error)
{
  gpointer data = NULL;
  gboolean ok = bo_device_job_finish (engine, result, &data, error);

  if (freed_bytes != NULL)
    *freed_bytes = ok ? ((Ask *) data)->freed_bytes : 0;
  return ok;
}

static gboolean
forget_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Ask *ask = data;
  const char *argv[] = { "forget", BO_VOLUME_PATH, ask->campaign, NULL };
  g_autofree char *text = bo_device_keeper_run (job, ask->volume, argv, error);

  return text != NULL;
}

/**
 * bo_device_volume_forget_async:
 *
 * One that is not there is no error; one that is played is %BO_DEVICE_COURIER_ERROR_COMMAND.
 */
void
bo_device_volume_forget_async (BoEngine *engine,
                               const char *volume,
                               const char *campaign,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Ask *ask;

  g_return_if_fail (BO_IS_ENGINE (engine) && volume != NULL && campaign != NULL);

  ask = ask_new (volume);
  ask->campaign = g_strdup (campaign);
  bo_device_job_run (engine, bo_device_volume_forget_async, forget_job, ask, (GDestroyNotify) ask_free,
                     cancellable, callback, user_data);
}

gboolean
bo_device_volume_forget_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_device_job_finish (engine, result, NULL, error);
}

static gboolean
remove_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Ask *ask = data;
  g_autoptr (BoEngineVolume) volume = NULL;

  bo_engine_inspect_volume_async (job->engine, ask->volume, job->cancellable, bo_wait_cb, &job->wait);
  volume = bo_engine_inspect_volume_finish (job->engine, bo_wait_for (&job->wait), error);
  if (volume == NULL)
    return FALSE;
  if (g_hash_table_lookup (volume->labels, BO_LABEL_VOLUME) == NULL)
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND,
                   _ ("The volume “%s” on the device is none of Bakeoff's."), ask->volume);
      return FALSE;
    }
  bo_engine_remove_volume_async (job->engine, ask->volume, FALSE, job->cancellable, bo_wait_cb, &job->wait);
  return bo_engine_remove_volume_finish (job->engine, bo_wait_for (&job->wait), error);
}

void
bo_device_volume_remove_async (BoEngine *engine,
                               const char *volume,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (BO_IS_ENGINE (engine) && volume != NULL);

  bo_device_job_run (engine, bo_device_volume_remove_async, remove_job, ask_new (volume),
                     (GDestroyNotify) ask_free, cancellable, callback, user_data);
}

gboolean
bo_device_volume_remove_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_device_job_finish (engine, result, NULL, error);
}

/* The version of the image that this Bakeoff uses on the device, or NULL when it has no courier for it. */
static gboolean
find_own_version (BoDeviceJob *job, char **version, GError **error)
{
  g_autoptr (BoEngineInfo) info = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) program = NULL;
  gsize length;

  *version = NULL;
  bo_engine_info_async (job->engine, job->cancellable, bo_wait_cb, &job->wait);
  info = bo_engine_info_finish (job->engine, bo_wait_for (&job->wait), error);
  if (info == NULL)
    return FALSE;
  path = bo_courier_find_device_program (info->arch != NULL ? info->arch : "", NULL);
  if (path == NULL || !g_file_get_contents (path, &text, &length, NULL))
    return TRUE;
  program = g_bytes_new_take (g_steal_pointer (&text), length);
  *version = bo_courier_image_get_version (program);
  return TRUE;
}

/* One that a container uses stays. */
static gboolean
remove_image (BoDeviceJob *job, const char *reference, GError **error)
{
  g_autoptr (GError) local = NULL;

  bo_engine_remove_image_async (job->engine, reference, FALSE, FALSE, job->cancellable, bo_wait_cb,
                                &job->wait);
  if (bo_engine_remove_image_finish (job->engine, bo_wait_for (&job->wait), &local)
      || g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CONFLICT)
      || g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Somebody may have built on it or given it another name: that is theirs. */
static gboolean
remove_own_names (BoDeviceJob *job, const BoEngineImageEntry *image, GError **error)
{
  gboolean has_name = FALSE;

  for (guint t = 0; t < image->tags->len; t++)
    {
      const char *tag = image->tags->pdata[t];

      if (g_str_has_prefix (tag, "<none>"))
        continue;
      has_name = TRUE;
      if (strstr (tag, BO_COURIER_IMAGE_REPOSITORY ":") != NULL && !remove_image (job, tag, error))
        return FALSE;
    }
  return has_name || remove_image (job, image->id, error);
}

static gboolean
remove_images_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Ask *ask = data;
  g_autoptr (GPtrArray) images = NULL;
  g_autofree char *own = NULL;

  if (!find_own_version (job, &own, error))
    return FALSE;
  bo_engine_list_images_async (job->engine, BO_LABEL_COURIER_IMAGE, FALSE, job->cancellable, bo_wait_cb,
                               &job->wait);
  images = bo_engine_list_images_finish (job->engine, bo_wait_for (&job->wait), error);
  for (guint i = 0; images != NULL && i < images->len; i++)
    {
      const BoEngineImageEntry *image = images->pdata[i];
      const char *version = g_hash_table_lookup (image->labels, BO_LABEL_COURIER_IMAGE);

      if (version == NULL || (!ask->all && g_strcmp0 (version, own) == 0))
        continue;
      if (!remove_own_names (job, image, error))
        return FALSE;
    }
  return images != NULL;
}

void
bo_device_volume_remove_images_async (BoEngine *engine,
                                      gboolean all,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  Ask *ask;

  g_return_if_fail (BO_IS_ENGINE (engine));

  ask = ask_new (NULL);
  ask->all = all;
  bo_device_job_run (engine, bo_device_volume_remove_images_async, remove_images_job, ask,
                     (GDestroyNotify) ask_free, cancellable, callback, user_data);
}

gboolean
bo_device_volume_remove_images_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_device_job_finish (engine, result, NULL, error);
}
