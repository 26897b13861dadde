/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-courier"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-volume-format.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-device-find.h"
#include "durable/bo-device-job.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "study/bo-names.h"

G_DEFINE_QUARK (bo-device-courier-error-quark, bo_device_courier_error)

BoDeviceCourier *
bo_device_courier_copy (const BoDeviceCourier *courier)
{
  BoDeviceCourier *copy;

  g_return_val_if_fail (courier != NULL, NULL);

  copy = g_memdup2 (courier, sizeof *courier);
  copy->container = g_strdup (courier->container);
  copy->campaign = g_strdup (courier->campaign);
  copy->study = g_strdup (courier->study);
  copy->volume = g_strdup (courier->volume);
  copy->owner = g_strdup (courier->owner);
  copy->from = g_strdup (courier->from);
  return copy;
}

void
bo_device_courier_free (BoDeviceCourier *courier)
{
  if (courier == NULL)
    return;
  g_free (courier->container);
  g_free (courier->campaign);
  g_free (courier->study);
  g_free (courier->volume);
  g_free (courier->owner);
  g_free (courier->from);
  g_free (courier);
}

/**
 * bo_device_courier_volume_name:
 * @study_id: id of a study
 *
 * Returns: (transfer full): the name of its volume on every device; always the same
 */
char *
bo_device_courier_volume_name (const char *study_id)
{
  g_autofree char *slug = NULL;
  g_autofree char *hash = NULL;

  g_return_val_if_fail (study_id != NULL, NULL);

  if (bo_name_is_id (study_id))
    return g_strconcat (BO_NAME_PREFIX "study-", study_id, NULL);
  /* The '.' is in no id, so this is no other study's name. */
  slug = bo_name_slug (study_id);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, study_id, -1);
  return g_strdup_printf (BO_NAME_PREFIX "study-%s.%.12s", slug, hash);
}

/**
 * bo_device_courier_taken_error:
 * @courier: the one that is there
 *
 * Returns: (transfer full): %BO_DEVICE_COURIER_ERROR_TAKEN
 */
GError *
bo_device_courier_taken_error (const BoDeviceCourier *courier)
{
  g_autoptr (GDateTime) created = NULL;
  g_autofree char *since = NULL;
  const char *format;

  g_return_val_if_fail (courier != NULL, NULL);

  created = g_date_time_new_from_unix_local (courier->created_us / G_USEC_PER_SEC);
  since = created != NULL ? g_date_time_format (created, "%Y-%m-%d %H:%M") : g_strdup ("?");
  switch (courier->state)
    {
    case BO_DEVICE_COURIER_RUNNING:
      format = _ ("The device is taken: %s has it since %s, for campaign %s of the study “%s”. Two builds at "
                  "once would "
                  "measure each other. Follow that one with “bakeoff-cli attach”, or stop it with "
                  "“bakeoff-cli stop”.");
      break;
    case BO_DEVICE_COURIER_ENDED:
      format = _ ("The device is taken: %s has it since %s, for campaign %s of the study “%s”, which has "
                  "ended, but whose "
                  "results nobody has fetched. Fetch them with “bakeoff-cli attach”.");
      break;
    case BO_DEVICE_COURIER_DOWN:
    default:
      format = _ ("The device is taken: %s has it since %s, for campaign %s of the study “%s”, which was "
                  "interrupted. Let "
                  "it go on with “bakeoff-cli attach”, or give it up with “bakeoff-cli stop”.");
      break;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_error_new (BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_TAKEN, format, courier->from, since,
                      courier->campaign, courier->study);
#pragma GCC diagnostic pop
}

/* One courier, and what is to be done with it. */
typedef struct
{
  BoDeviceCourier *courier;
  GPtrArray *argv; /* (nullable): of a command */
  gboolean force;
} Deed;

static Deed *
deed_new (const BoDeviceCourier *courier)
{
  Deed *deed = g_new0 (Deed, 1);

  deed->courier = courier != NULL ? bo_device_courier_copy (courier) : NULL;
  return deed;
}

static void
deed_free (Deed *deed)
{
  bo_device_courier_free (deed->courier);
  g_clear_pointer (&deed->argv, g_ptr_array_unref);
  g_free (deed);
}

static gboolean
find_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Deed *deed = data;

  return bo_device_find (job, &deed->courier, error);
}

void
bo_device_courier_find_async (BoEngine *engine,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (BO_IS_ENGINE (engine));

  bo_device_job_run (engine, bo_device_courier_find_async, find_job, deed_new (NULL),
                     (GDestroyNotify) deed_free, cancellable, callback, user_data);
}

/**
 * bo_device_courier_find_finish:
 * @courier: (out) (transfer full) (nullable): the courier, or %NULL when there is none
 *
 * %BO_DEVICE_COURIER_ERROR_TAKEN when somebody else's container has the courier's name.
 */
gboolean
bo_device_courier_find_finish (BoEngine *engine,
                               GAsyncResult *result,
                               BoDeviceCourier **courier,
                               GError **error)
{
  gpointer data = NULL;

  g_return_val_if_fail (courier != NULL, FALSE);

  *courier = NULL;
  if (!bo_device_job_finish (engine, result, &data, error))
    return FALSE;
  *courier = g_steal_pointer (&((Deed *) data)->courier);
  return TRUE;
}

static gboolean
command_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Deed *deed = data;
  g_autofree char *out
      = bo_device_job_exec (job, deed->courier->container, (const char *const *) deed->argv->pdata, error);

  return out != NULL;
}

static void
run_command (BoEngine *engine,
             gpointer tag,
             const BoDeviceCourier *courier,
             GPtrArray *argv,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  Deed *deed = deed_new (courier);

  deed->argv = argv;
  g_ptr_array_add (argv, NULL);
  bo_device_job_run (engine, tag, command_job, deed, (GDestroyNotify) deed_free, cancellable, callback,
                     user_data);
}

static GPtrArray *
make_argv (const char *command, const BoDeviceCourier *courier)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup (command));
  g_ptr_array_add (argv, g_strdup (BO_VOLUME_PATH));
  g_ptr_array_add (argv, g_strdup (courier->campaign));
  return argv;
}

void
bo_device_courier_stop_async (BoEngine *engine,
                              const BoDeviceCourier *courier,
                              gboolean now,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GPtrArray *argv;

  g_return_if_fail (BO_IS_ENGINE (engine) && courier != NULL);

  argv = make_argv ("command", courier);
  g_ptr_array_add (argv, g_strdup (now ? "stop-now" : "stop-after-trial"));
  run_command (engine, bo_device_courier_stop_async, courier, argv, cancellable, callback, user_data);
}

gboolean
bo_device_courier_stop_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_device_job_finish (engine, result, NULL, error);
}

/**
 * bo_device_courier_set_order_async:
 * @chains: (array zero-terminated=1): ids of the chains still to come, first first
 */
void
bo_device_courier_set_order_async (BoEngine *engine,
                                   const BoDeviceCourier *courier,
                                   const char *const *chains,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GPtrArray *argv;

  g_return_if_fail (BO_IS_ENGINE (engine) && courier != NULL && chains != NULL);

  argv = make_argv ("order", courier);
  for (; *chains != NULL; chains++)
    g_ptr_array_add (argv, g_strdup (*chains));
  run_command (engine, bo_device_courier_set_order_async, courier, argv, cancellable, callback, user_data);
}

gboolean
bo_device_courier_set_order_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_device_job_finish (engine, result, NULL, error);
}

static gboolean
start_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Deed *deed = data;

  bo_engine_start_container_async (job->engine, deed->courier->container, job->cancellable, bo_wait_cb,
                                   &job->wait);
  return bo_engine_start_container_finish (job->engine, bo_wait_for (&job->wait), error);
}

void
bo_device_courier_start_async (BoEngine *engine,
                               const BoDeviceCourier *courier,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (BO_IS_ENGINE (engine) && courier != NULL);

  bo_device_job_run (engine, bo_device_courier_start_async, start_job, deed_new (courier),
                     (GDestroyNotify) deed_free, cancellable, callback, user_data);
}

gboolean
bo_device_courier_start_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_device_job_finish (engine, result, NULL, error);
}

static gboolean
remove_job (BoDeviceJob *job, gpointer data, GError **error)
{
  Deed *deed = data;
  g_autoptr (GError) local = NULL;

  bo_engine_remove_container_async (job->engine, deed->courier->container, deed->force, FALSE,
                                    job->cancellable, bo_wait_cb, &job->wait);
  if (bo_engine_remove_container_finish (job->engine, bo_wait_for (&job->wait), &local)
      || g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * bo_device_courier_remove_async:
 * @force: also one that runs (it is killed, and cleans nothing up)
 *
 * One that is gone already is no error; one that runs is %BO_ENGINE_ERROR_CONFLICT without @force.
 */
void
bo_device_courier_remove_async (BoEngine *engine,
                                const BoDeviceCourier *courier,
                                gboolean force,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Deed *deed;

  g_return_if_fail (BO_IS_ENGINE (engine) && courier != NULL);

  deed = deed_new (courier);
  deed->force = force;
  bo_device_job_run (engine, bo_device_courier_remove_async, remove_job, deed, (GDestroyNotify) deed_free,
                     cancellable, callback, user_data);
}

gboolean
bo_device_courier_remove_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_device_job_finish (engine, result, NULL, error);
}
