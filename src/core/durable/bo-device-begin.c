/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-begin"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n.h>

#include "bo-volume-format.h"
#include "context/bo-tar-header.h"
#include "durable/bo-courier-container.h"
#include "durable/bo-courier-image.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-device-find.h"
#include "durable/bo-device-job.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-volumes.h"

typedef struct
{
  BoDeviceCourierOptions options;
  char *campaign;
  char *study;
  char **secrets;
  char *engine_socket;
  char *arch;

  BoDeviceCourier *courier;
} Begin;

static void
begin_free (Begin *begin)
{
  g_free (begin->campaign);
  g_free (begin->study);
  g_strfreev (begin->secrets);
  g_free (begin->engine_socket);
  g_free (begin->arch);
  bo_device_courier_free (begin->courier);
  g_free (begin);
}

static gboolean
has_secrets (const Begin *begin, GError **error)
{
  for (char **name = begin->secrets; name != NULL && *name != NULL; name++)
    {
      if (g_getenv (*name) != NULL)
        continue;
      g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_INCOMPLETE,
                   _ ("The campaign needs the environment variable %s, which is not set."), *name);
      return FALSE;
    }
  return TRUE;
}

/* One of ours, with our label, or none. */
static gboolean
ensure_volume (BoDeviceJob *job, const char *name, const char *study, gboolean *is_new, GError **error)
{
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BoEngineVolume) volume = NULL;
  g_autoptr (GError) local = NULL;

  *is_new = FALSE;
  bo_engine_inspect_volume_async (job->engine, name, job->cancellable, bo_wait_cb, &job->wait);
  volume = bo_engine_inspect_volume_finish (job->engine, bo_wait_for (&job->wait), &local);
  if (volume == NULL)
    {
      if (!g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      g_hash_table_insert (labels, (gpointer) BO_LABEL_VOLUME, (gpointer) study);
      bo_engine_create_volume_async (job->engine, name, labels, NULL, bo_wait_cb, &job->wait);
      volume = bo_engine_create_volume_finish (job->engine, bo_wait_for (&job->wait), error);
      *is_new = volume != NULL;
    }
  if (volume != NULL && g_hash_table_lookup (volume->labels, BO_LABEL_VOLUME) == NULL)
    {
      g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_TAKEN,
                   _ ("The device has a volume “%s” that Bakeoff did not make, and does not touch. Remove "
                      "it, or give the "
                      "study another id."),
                   name);
      return FALSE;
    }
  return volume != NULL;
}

/* The folders that the courier opens when it starts. */
static GBytes *
make_folders (const char *campaign)
{
  g_autofree char *folder = g_strconcat ("campaigns/", campaign, NULL);
  const char *paths[] = { "files", "incoming", "campaigns", folder };
  GByteArray *tar = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      BoTarMember member = { .path = paths[i], .type = '5', .mode = S_IFDIR | 0700 };

      bo_tar_append_header (tar, &member);
    }
  bo_tar_append_end (tar);
  return g_byte_array_free_to_bytes (tar);
}

static gboolean
start (BoDeviceJob *job, const Begin *begin, const char *container, GError **error)
{
  g_autoptr (GBytes) folders = make_folders (begin->campaign);

  if (!bo_device_job_put (job, container, folders, error))
    return FALSE;
  bo_engine_start_container_async (job->engine, container, job->cancellable, bo_wait_cb, &job->wait);
  return bo_engine_start_container_finish (job->engine, bo_wait_for (&job->wait), error);
}

/* Makes and starts the container; what does not start does not stay. */
static gboolean
try_to_begin (BoDeviceJob *job,
              const Begin *begin,
              const char *image,
              const char *volume,
              BoCourierContainerFlags flags,
              GError **error)
{
  g_autoptr (JsonNode) config = bo_courier_container_make (&begin->options, image, volume, flags);
  g_autofree char *container = NULL;

  /* Not to be given up in the middle: what was made without our knowing could not be removed. */
  bo_engine_create_container_async (job->engine, BO_DEVICE_COURIER_NAME, config, NULL, bo_wait_cb,
                                    &job->wait);
  container = bo_engine_create_container_finish (job->engine, bo_wait_for (&job->wait), error);
  if (container == NULL)
    return FALSE;
  if (!g_cancellable_set_error_if_cancelled (job->cancellable, error) && start (job, begin, container, error))
    return TRUE;
  bo_device_job_remove (job, container);
  return FALSE;
}

/* Whether the engine itself says no, rather than the way to it or its disk. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_BAD_REQUEST)
         || g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SERVER)
         || g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNAUTHORIZED)
         || g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND)
         || g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL);
}

/*
 * What an engine does not give is left out, one after the other. A mount shows
 * at the create or only at the start, with the version.
 */
static gboolean
begin_somehow (BoDeviceJob *job, const Begin *begin, const char *image, const char *volume, GError **error)
{
  BoCourierContainerFlags flags = BO_COURIER_CONTAINER_SYS | BO_COURIER_CONTAINER_OOM;

  for (;;)
    {
      g_autoptr (GError) local = NULL;

      if (try_to_begin (job, begin, image, volume, flags, &local))
        return TRUE;
      if (!is_refusal (local))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (flags == BO_COURIER_CONTAINER_PLAIN)
        {
          g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_UNSUPPORTED,
                       _ ("This engine does not let Bakeoff run on the device by itself: %s"),
                       local->message);
          return FALSE;
        }
      g_info ("the courier is begun with less: %s", local->message);
      /* runc does not say that it may not write the OOM score: "can't get final child's PID from pipe". */
      flags &= (flags & BO_COURIER_CONTAINER_SYS) != 0 && strstr (local->message, BO_VOLUME_SYS) != NULL
                   ? ~BO_COURIER_CONTAINER_SYS
               : (flags & BO_COURIER_CONTAINER_OOM) != 0 ? ~BO_COURIER_CONTAINER_OOM
                                                         : BO_COURIER_CONTAINER_PLAIN;
    }
}

/* The name is taken: by what we ourselves began before an answer was lost, or by somebody. */
static gboolean
look_at_other (BoDeviceJob *job, Begin *begin, GError **error)
{
  g_autoptr (BoDeviceCourier) other = NULL;

  if (!bo_device_find (job, &other, error))
    return FALSE;
  if (other == NULL)
    {
      g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_TAKEN,
                   _ ("Somebody began another campaign on the device at this moment. Try again."));
      return FALSE;
    }
  if (other->state != BO_DEVICE_COURIER_ENDED && g_str_equal (other->campaign, begin->campaign)
      && g_str_equal (other->owner, bo_computer_get_id ()))
    {
      if (other->state == BO_DEVICE_COURIER_DOWN && !start (job, begin, other->container, error))
        return FALSE;
      return bo_device_find (job, &begin->courier, error);
    }
  g_propagate_error (error, bo_device_courier_taken_error (other));
  return FALSE;
}

static gboolean
begin_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Begin *begin = data;
  g_autoptr (BoDeviceCourier) other = NULL;
  g_autofree char *volume = bo_device_courier_volume_name (begin->study);
  g_autofree char *image = NULL;
  g_autoptr (GError) local = NULL;
  gboolean is_new;

  /* Nothing is loaded for a device that is taken. */
  if (!has_secrets (begin, error) || !bo_device_find (job, &other, error))
    return FALSE;
  if (other != NULL)
    return look_at_other (job, begin, error);
  image = bo_courier_image_ensure (job, begin->arch, error);
  if (image == NULL || !ensure_volume (job, volume, begin->study, &is_new, error))
    return FALSE;
  if (begin_somehow (job, begin, image, volume, &local))
    {
      if (!bo_device_find (job, &begin->courier, error))
        return FALSE;
      if (begin->courier != NULL)
        return TRUE;
      g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_GONE,
                   _ ("The courier was begun on the device and is no longer there."));
      return FALSE;
    }
  if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CONFLICT))
    return look_at_other (job, begin, error);
  /* What was made for nothing goes, also when the user no longer waits. Others' campaigns keep it. */
  if (is_new)
    {
      bo_engine_remove_volume_async (job->engine, volume, FALSE, NULL, bo_wait_cb, &job->wait);
      bo_engine_remove_volume_finish (job->engine, bo_wait_for (&job->wait), NULL);
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * bo_device_courier_begin_async:
 * @engine: the device's
 * @options: what is asked for; copied
 * @cancellable: (nullable): to give up; nothing stays then
 *
 * The values of @options->secrets are in the container's environment, where
 * whoever may inspect containers sees them, and nowhere else on the device.
 */
void
bo_device_courier_begin_async (BoEngine *engine,
                               const BoDeviceCourierOptions *options,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Begin *begin;

  g_return_if_fail (BO_IS_ENGINE (engine) && options != NULL);
  g_return_if_fail (options->campaign != NULL && options->study != NULL && options->engine_socket != NULL);

  begin = g_new0 (Begin, 1);
  begin->campaign = g_strdup (options->campaign);
  begin->study = g_strdup (options->study);
  begin->secrets = g_strdupv ((char **) options->secrets);
  begin->engine_socket = g_strdup (options->engine_socket);
  begin->arch = g_strdup (options->arch);
  begin->options = (BoDeviceCourierOptions){ .campaign = begin->campaign,
                                             .study = begin->study,
                                             .secrets = (const char *const *) begin->secrets,
                                             .engine_socket = begin->engine_socket,
                                             .arch = begin->arch };
  bo_device_job_run (engine, bo_device_courier_begin_async, begin_job, begin, (GDestroyNotify) begin_free,
                     cancellable, callback, user_data);
}

/**
 * bo_device_courier_begin_finish:
 *
 * Returns: (transfer full) (nullable): the courier, which runs
 */
BoDeviceCourier *
bo_device_courier_begin_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  gpointer data = NULL;

  if (!bo_device_job_finish (engine, result, &data, error))
    return NULL;
  return g_steal_pointer (&((Begin *) data)->courier);
}
