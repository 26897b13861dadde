/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-job"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-volume-format.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-device-job.h"
#include "engine/bo-connection.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-exec.h"

/* The longest list that a command prints: a line of some 80 bytes for each file of a context. */
#define OUTPUT_MAX (64 * 1024 * 1024)
#define WORDS_MAX 4096

typedef struct
{
  BoDeviceJob job;
  char *socket_path;
  BoDeviceJobFunc func;
  gpointer data;
  GDestroyNotify data_free;
} Running;

static void
running_free (Running *running)
{
  g_free (running->socket_path);
  if (running->data_free != NULL)
    running->data_free (running->data);
  g_free (running);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Running *running = task_data;
  BoDeviceJob *job = &running->job;
  GError *error = NULL;
  gboolean ok;

  job->cancellable = cancellable;
  bo_wait_begin (&job->wait);
  bo_engine_open_socket_async (running->socket_path, cancellable, bo_wait_cb, &job->wait);
  job->engine = bo_engine_open_socket_finish (bo_wait_for (&job->wait), &error);
  ok = job->engine != NULL && running->func (job, running->data, &error);
  g_clear_object (&job->engine);
  bo_wait_end (&job->wait);

  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * bo_device_job_run:
 * @engine: whose connection is used; kept until the job is done
 * @func: what to do, called in a thread
 * @data: (transfer full): for @func, and for bo_device_job_finish()
 */
void
bo_device_job_run (BoEngine *engine,
                   gpointer tag,
                   BoDeviceJobFunc func,
                   gpointer data,
                   GDestroyNotify data_free,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  Running *running = g_new0 (Running, 1);

  g_task_set_source_tag (task, tag);
  /* What was made on the device must be known, or cleaned up, also when the user no longer waits. */
  g_task_set_check_cancellable (task, FALSE);
  running->socket_path = g_strdup (bo_engine_get_socket_path (engine));
  running->func = func;
  running->data = data;
  running->data_free = data_free;
  g_task_set_task_data (task, running, (GDestroyNotify) running_free);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * bo_device_job_explain:
 * @engine: where something failed
 * @error: how
 *
 * Returns: (transfer full): the same, or why the connection is lost when that is the reason
 */
GError *
bo_device_job_explain (BoEngine *engine, const GError *error)
{
  BoConnection *connection = bo_engine_get_connection (engine);
  const GError *lost = connection == NULL ? NULL : bo_connection_get_error (connection);

  if (lost != NULL && error->domain == BO_ENGINE_ERROR
      && (error->code == BO_ENGINE_ERROR_INTERRUPTED || error->code == BO_ENGINE_ERROR_UNREACHABLE
          || error->code == BO_ENGINE_ERROR_NO_ANSWER || error->code == BO_ENGINE_ERROR_SOCKET_MISSING))
    return g_error_copy (lost);
  return g_error_copy (error);
}

/**
 * bo_device_job_finish:
 * @data: (out) (optional) (transfer none): what the job was given, valid as long as @result
 */
gboolean
bo_device_job_finish (BoEngine *engine, GAsyncResult *result, gpointer *data, GError **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (g_task_is_valid (result, engine), FALSE);

  if (data != NULL)
    *data = ((Running *) g_task_get_task_data (G_TASK (result)))->data;
  if (g_task_propagate_boolean (G_TASK (result), &local))
    return TRUE;
  g_propagate_error (error, bo_device_job_explain (engine, local));
  return FALSE;
}

typedef struct
{
  GString *out;
  GString *words;
  gboolean is_long;
} Output;

static void
output_cb (BoLogStream stream, const guint8 *data, gsize length, gpointer user_data)
{
  Output *output = user_data;
  GString *to = stream == BO_LOG_STDOUT ? output->out : output->words;
  gsize max = stream == BO_LOG_STDOUT ? OUTPUT_MAX : WORDS_MAX;

  if (to->len + length > max)
    {
      output->is_long = output->is_long || stream == BO_LOG_STDOUT;
      length = max - to->len;
    }
  g_string_append_len (to, (const char *) data, (gssize) length);
}

/**
 * bo_device_job_exec:
 * @container: a courier that runs
 * @argv: (array zero-terminated=1): what follows the program's name
 *
 * Returns: (transfer full) (nullable): what the courier's command printed; %NULL
 *   with %BO_DEVICE_COURIER_ERROR_COMMAND and its words when it failed
 */
char *
bo_device_job_exec (BoDeviceJob *job, const char *container, const char *const *argv, GError **error)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GError) local = NULL;
  Output output = { out, words, FALSE };
  int status = -1;

  g_ptr_array_add (command, (gpointer) BO_VOLUME_PROGRAM);
  for (const char *const *word = argv; *word != NULL; word++)
    g_ptr_array_add (command, (gpointer) *word);
  g_ptr_array_add (command, NULL);

  bo_engine_exec_async (job->engine, container, (const char *const *) command->pdata, output_cb, &output,
                        job->cancellable, bo_wait_cb, &job->wait);
  if (!bo_engine_exec_finish (job->engine, bo_wait_for (&job->wait), &status, &local))
    {
      if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CONFLICT))
        g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_DOWN,
                     _ ("The courier on the device does not run: %s"), local->message);
      else if (g_error_matches (local, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
        g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_GONE,
                     _ ("The courier is no longer on the device: %s"), local->message);
      else
        g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (status != 0 || output.is_long)
    {
      g_autofree char *text = g_utf8_make_valid (words->str, (gssize) words->len);

      g_strstrip (text);
      if (output.is_long)
        g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND,
                     _ ("The courier on the device printed too much for “%s”."), argv[0]);
      else if (text[0] == '\0')
        g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND,
                     _ ("The courier on the device did not do “%s” and ended with status %d."), argv[0],
                     status);
      else
        g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND,
                     _ ("The courier on the device did not do “%s”: %s"), argv[0], text);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * bo_device_job_put:
 * @tar: a tar, packed or not, with names below BO_VOLUME_PATH
 */
gboolean
bo_device_job_put (BoDeviceJob *job, const char *container, GBytes *tar, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (tar);

  bo_engine_put_archive_async (job->engine, container, BO_VOLUME_PATH, stream,
                               (gssize) g_bytes_get_size (tar), job->cancellable, bo_wait_cb, &job->wait);
  return bo_engine_put_archive_finish (job->engine, bo_wait_for (&job->wait), error);
}

/* Cleans up a container that this job made, also when it was cancelled. */
void
bo_device_job_remove (BoDeviceJob *job, const char *container)
{
  g_autoptr (GError) error = NULL;

  bo_engine_remove_container_async (job->engine, container, TRUE, TRUE, NULL, bo_wait_cb, &job->wait);
  if (!bo_engine_remove_container_finish (job->engine, bo_wait_for (&job->wait), &error))
    g_info ("%s could not be removed: %s", container, error->message);
}
