/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-log"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"

/* GET /containers/ID/logs. */

typedef struct
{
  char *container;
  BoEngineLogFlags flags;
  BoLogFramingFunc func;
  gpointer func_data;
  BoLogFraming *framing;
} Log;

static void
log_free (Log *log)
{
  g_free (log->container);
  g_clear_pointer (&log->framing, bo_log_framing_free);
  g_free (log);
}

static gboolean
data_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  Log *log = user_data;

  if ((log->flags & BO_ENGINE_LOG_RAW) == 0)
    return bo_log_framing_feed (log->framing, data, length, error);
  log->func (BO_LOG_STDOUT, data, length, log->func_data);
  return TRUE;
}

static void
inspected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoEngineContainer) container = NULL;
  g_autoptr (GError) error = NULL;

  container = bo_engine_inspect_container_finish (BO_ENGINE (source), result, &error);
  /* Removed meanwhile: then it had ended. */
  if (container == NULL && !g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (container != NULL && container->is_running)
    g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
                             _ ("the log of “%s” ended though it still runs"), container->name);
  else
    g_task_return_boolean (task, TRUE);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Log *log = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!bo_engine_reply_each_data_finish (BO_ENGINE_REPLY (source), result, &error)
      || ((log->flags & BO_ENGINE_LOG_RAW) == 0 && !bo_log_framing_end (log->framing, &error)))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if ((log->flags & BO_ENGINE_LOG_FOLLOW) == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  bo_engine_inspect_container_async (g_task_get_source_object (task), log->container,
                                     g_task_get_cancellable (task), inspected_cb, g_object_ref (task));
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoEngineReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = bo_engine_send_finish (BO_ENGINE (source), result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  bo_engine_reply_each_data_async (reply, data_cb, g_task_get_task_data (task), g_task_get_cancellable (task),
                                   read_cb, g_object_ref (task));
}

/**
 * bo_engine_read_log_async:
 * @func: (scope notified): called for each piece of output as it comes
 *
 * Reads a container's output. With %BO_ENGINE_LOG_FOLLOW its end is the
 * container's end, which is made sure of; but now and then the engine leaves
 * out a last line that has no line end (seen with 20.10.24 in one of ten), so
 * for all of it read again without after the end. The engine's own log is not
 * to be trusted with bytes that are no text, nor on a full disk.
 */
void
bo_engine_read_log_async (BoEngine *engine,
                          const char *container,
                          BoEngineLogFlags flags,
                          BoLogFramingFunc func,
                          gpointer func_data,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  g_autofree char *name = NULL;
  BoEngineRequest *request;
  Log *log;

  g_return_if_fail (BO_IS_ENGINE (engine) && container != NULL && func != NULL);

  g_task_set_source_tag (task, bo_engine_read_log_async);
  log = g_new0 (Log, 1);
  log->container = g_strdup (container);
  log->flags = flags;
  log->func = func;
  log->func_data = func_data;
  log->framing = bo_log_framing_new (func, func_data);
  g_task_set_task_data (task, log, (GDestroyNotify) log_free);

  name = bo_engine_request_escape (container);
  request = bo_engine_request_new ("GET", "/containers/%s/logs", name);
  bo_engine_request_add_query (request, "stdout", "1");
  bo_engine_request_add_query (request, "stderr", "1");
  bo_engine_request_add_query (request, "follow", flags & BO_ENGINE_LOG_FOLLOW ? "1" : NULL);
  bo_engine_request_add_query (request, "timestamps", flags & BO_ENGINE_LOG_TIMESTAMPS ? "1" : NULL);
  bo_engine_request_set_patient (request);
  bo_engine_send_async (engine, request, cancellable, sent_cb, g_steal_pointer (&task));
}

gboolean
bo_engine_read_log_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
