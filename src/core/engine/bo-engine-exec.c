/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-exec"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-engine-exec.h"
#include "study/bo-json.h"

typedef struct
{
  char *id;
  BoLogFraming *framing;
  int exit_code;
} Exec;

static void
exec_free (Exec *exec)
{
  g_free (exec->id);
  g_clear_pointer (&exec->framing, bo_log_framing_free);
  g_free (exec);
}

static void
inspected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exec *exec = g_task_get_task_data (task);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  node = bo_engine_request_finish (BO_ENGINE (source), result, &error);
  if (node == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  object = bo_json_node_get_object (node);
  /*
   * The output is as long as its connection, which has no end of its own to
   * tell a cut by. A command that still runs was cut off.
   */
  if (bo_json_get_boolean (object, "Running", TRUE))
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
                               _ ("the output of a command in the container ended though it still runs"));
      return;
    }
  exec->exit_code = (int) CLAMP (bo_json_get_int (object, "ExitCode", -1), G_MININT, G_MAXINT);
  g_task_return_boolean (task, TRUE);
}

static gboolean
data_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  Exec *exec = user_data;

  return bo_log_framing_feed (exec->framing, data, length, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exec *exec = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!bo_engine_reply_each_data_finish (BO_ENGINE_REPLY (source), result, &error)
      || !bo_log_framing_end (exec->framing, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  bo_engine_request_async (g_task_get_source_object (task),
                           bo_engine_request_new ("GET", "/exec/%s/json", exec->id),
                           g_task_get_cancellable (task), inspected_cb, g_object_ref (task));
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
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

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exec *exec = g_task_get_task_data (task);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) error = NULL;
  BoEngineRequest *request;
  const char *id;

  node = bo_engine_request_finish (BO_ENGINE (source), result, &error);
  if (node == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  id = bo_json_get_string (bo_json_node_get_object (node), "Id", "");
  if (id[0] == '\0')
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                               _ ("the engine made a command without an id"));
      return;
    }
  exec->id = bo_engine_request_escape (id);
  json_object_set_boolean_member (object, "Detach", FALSE);
  json_object_set_boolean_member (object, "Tty", FALSE);
  body = json_node_init_object (json_node_alloc (), object);
  request = bo_engine_request_new ("POST", "/exec/%s/start", exec->id);
  bo_engine_request_set_body_json (request, body);
  bo_engine_request_set_patient (request);
  bo_engine_send_async (BO_ENGINE (source), request, g_task_get_cancellable (task), started_cb,
                        g_object_ref (task));
}

/**
 * bo_engine_exec_async:
 * @argv: (array zero-terminated=1): the command; no shell is between
 * @func: (scope notified): called for each piece of output as it comes
 *
 * Runs a command in a container to its end.
 */
void
bo_engine_exec_async (BoEngine *engine,
                      const char *container,
                      const char *const *argv,
                      BoLogFramingFunc func,
                      gpointer func_data,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *name = NULL;
  BoEngineRequest *request;
  JsonArray *command;
  Exec *exec;

  g_return_if_fail (BO_IS_ENGINE (engine) && container != NULL && argv != NULL && func != NULL);

  g_task_set_source_tag (task, bo_engine_exec_async);
  exec = g_new0 (Exec, 1);
  exec->framing = bo_log_framing_new (func, func_data);
  g_task_set_task_data (task, exec, (GDestroyNotify) exec_free);

  command = json_array_new ();
  for (; *argv != NULL; argv++)
    json_array_add_string_element (command, *argv);
  json_object_set_array_member (object, "Cmd", command);
  json_object_set_boolean_member (object, "AttachStdout", TRUE);
  json_object_set_boolean_member (object, "AttachStderr", TRUE);
  body = json_node_init_object (json_node_alloc (), object);
  name = bo_engine_request_escape (container);
  request = bo_engine_request_new ("POST", "/containers/%s/exec", name);
  bo_engine_request_set_body_json (request, body);
  bo_engine_request_async (engine, request, cancellable, created_cb, g_steal_pointer (&task));
}

gboolean
bo_engine_exec_finish (BoEngine *engine, GAsyncResult *result, int *exit_code, GError **error)
{
  Exec *exec;

  g_return_val_if_fail (g_task_is_valid (result, engine), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  exec = g_task_get_task_data (G_TASK (result));
  if (exit_code != NULL)
    *exit_code = exec->exit_code;
  return TRUE;
}
