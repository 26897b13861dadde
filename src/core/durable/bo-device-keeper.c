/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-keeper"

#include "config.h"

#include <glib/gi18n.h>

#include "durable/bo-courier-container.h"
#include "durable/bo-courier-image.h"
#include "durable/bo-device-find.h"
#include "durable/bo-device-keeper.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-volumes.h"
#include "study/bo-names.h"

/* One that is older was left by a program that was killed: nothing that a keeper does takes as long. */
#define STALE_SECONDS (60 * 60)
#define WORDS_MAX 4096
#define OUTPUT_MAX (64 * 1024 * 1024)

/* A mount of a volume that is not there would make one, so it is looked at first; others' are left alone. */
static gboolean
check_volume (BoDeviceJob *job, const char *name, GError **error)
{
  g_autoptr (BoEngineVolume) volume = NULL;

  bo_engine_inspect_volume_async (job->engine, name, job->cancellable, bo_wait_cb, &job->wait);
  volume = bo_engine_inspect_volume_finish (job->engine, bo_wait_for (&job->wait), error);
  if (volume == NULL)
    return FALSE;
  if (g_hash_table_lookup (volume->labels, BO_LABEL_VOLUME) != NULL)
    return TRUE;
  g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND,
               _ ("The volume “%s” on the device is none of Bakeoff's."), name);
  return FALSE;
}

static BoDeviceCourier *
find_courier (BoDeviceJob *job, const char *volume)
{
  g_autoptr (BoDeviceCourier) courier = NULL;
  g_autoptr (GError) error = NULL;

  if (!bo_device_find (job, &courier, &error))
    g_debug ("no courier is looked at: %s", error->message);
  return courier != NULL && g_str_equal (courier->volume, volume) ? g_steal_pointer (&courier) : NULL;
}

/* Removes what killed programs left. The device's own clock tells how old it is. */
static void
remove_stale (BoDeviceJob *job, const char *own)
{
  g_autoptr (GPtrArray) keepers = NULL;
  gint64 now = 0;

  bo_engine_list_containers_async (job->engine, BO_LABEL_ROLE "=" BO_ROLE_KEEPER, job->cancellable,
                                   bo_wait_cb, &job->wait);
  keepers = bo_engine_list_containers_finish (job->engine, bo_wait_for (&job->wait), NULL);
  for (guint i = 0; keepers != NULL && i < keepers->len; i++)
    {
      const BoEngineContainerEntry *keeper = keepers->pdata[i];

      if (g_str_equal (keeper->id, own))
        now = keeper->created;
    }
  for (guint i = 0; now != 0 && i < keepers->len; i++)
    {
      const BoEngineContainerEntry *keeper = keepers->pdata[i];

      if (keeper->created < now - STALE_SECONDS)
        bo_device_job_remove (job, keeper->id);
    }
}

static char *
make_container (BoDeviceJob *job, const char *volume, const char *const *argv, GError **error)
{
  g_autofree char *image = NULL;
  g_autofree char *name = NULL;
  g_autofree char *random = g_uuid_string_random ();
  g_autoptr (JsonNode) config = NULL;
  char *container;

  if (!check_volume (job, volume, error))
    return NULL;
  image = bo_courier_image_ensure (job, NULL, error);
  if (image == NULL)
    return NULL;
  name = g_strdup_printf (BO_NAME_PREFIX "keeper-%.8s", random);
  config = bo_courier_container_make_keeper (image, volume, argv);
  /* Not to be given up in the middle: what was made without our knowing could not be removed. */
  bo_engine_create_container_async (job->engine, name, config, NULL, bo_wait_cb, &job->wait);
  container = bo_engine_create_container_finish (job->engine, bo_wait_for (&job->wait), error);
  if (container != NULL)
    remove_stale (job, container);
  return container;
}

typedef struct
{
  GString *out;
  GString *words;
} Output;

static void
output_cb (BoLogStream stream, const guint8 *data, gsize length, gpointer user_data)
{
  Output *output = user_data;
  GString *to = stream == BO_LOG_STDOUT ? output->out : output->words;
  gsize max = stream == BO_LOG_STDOUT ? OUTPUT_MAX : WORDS_MAX;

  g_string_append_len (to, (const char *) data, (gssize) MIN (length, max - to->len));
}

static char *
run_made (BoDeviceJob *job, const char *container, const char *command, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *text = NULL;
  Output output = { out, words };
  int status = -1;

  bo_engine_start_container_async (job->engine, container, job->cancellable, bo_wait_cb, &job->wait);
  if (!bo_engine_start_container_finish (job->engine, bo_wait_for (&job->wait), error))
    return NULL;
  bo_engine_wait_container_async (job->engine, container, job->cancellable, bo_wait_cb, &job->wait);
  if (!bo_engine_wait_container_finish (job->engine, bo_wait_for (&job->wait), &status, error))
    return NULL;
  bo_engine_read_log_async (job->engine, container, BO_ENGINE_LOG_NONE, output_cb, &output, job->cancellable,
                            bo_wait_cb, &job->wait);
  if (!bo_engine_read_log_finish (job->engine, bo_wait_for (&job->wait), error))
    return NULL;
  if (status == 0)
    return g_string_free (g_steal_pointer (&out), FALSE);
  text = g_utf8_make_valid (words->str, (gssize) words->len);
  g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND,
               _ ("The courier on the device did not do “%s” (status %d): %s"), command, status,
               g_strstrip (text));
  return NULL;
}

char *
bo_device_keeper_run (BoDeviceJob *job, const char *volume, const char *const *argv, GError **error)
{
  g_autoptr (BoDeviceCourier) courier = find_courier (job, volume);
  g_autofree char *container = NULL;
  char *out;

  if (courier != NULL && courier->state == BO_DEVICE_COURIER_RUNNING)
    {
      g_autoptr (GError) local = NULL;

      out = bo_device_job_exec (job, courier->container, argv, &local);
      if (out != NULL)
        return out;
      /* It has ended since. */
      if (!g_error_matches (local, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_DOWN)
          && !g_error_matches (local, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_GONE))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
    }
  container = make_container (job, volume, argv, error);
  if (container == NULL)
    return NULL;
  out = run_made (job, container, argv[0], error);
  bo_device_job_remove (job, container);
  return out;
}

char *
bo_device_keeper_open (BoDeviceJob *job, const char *volume, gboolean *is_made, GError **error)
{
  g_autoptr (BoDeviceCourier) courier = find_courier (job, volume);

  *is_made = courier == NULL;
  return courier != NULL ? g_strdup (courier->container) : make_container (job, volume, NULL, error);
}
