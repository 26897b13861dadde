/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-containers"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/bo-engine-call.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"
#include "study/bo-json.h"

void
bo_engine_container_free (BoEngineContainer *container)
{
  g_return_if_fail (container != NULL);

  g_free (container->id);
  g_free (container->name);
  g_free (container->image_id);
  g_free (container->status);
  g_free (container->error);
  g_free (container->started_at);
  g_free (container->finished_at);
  g_free (container->runtime);
  g_clear_pointer (&container->labels, g_hash_table_unref);
  g_free (container);
}

/* Names come with a '/' in front, from a time of linked containers. */
static char *
copy_name (const char *name)
{
  return g_strdup (name[0] == '/' ? name + 1 : name);
}

static char *
copy_unless_empty (const char *text)
{
  return text[0] == '\0' ? NULL : g_strdup (text);
}

/**
 * bo_engine_container_new_from_json:
 * @node: the answer to GET /containers/ID/json
 *
 * Returns: (transfer full): what it says
 */
BoEngineContainer *
bo_engine_container_new_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = bo_json_node_get_object (node);
  JsonObject *state = bo_json_get_object (object, "State");
  JsonObject *config = bo_json_get_object (object, "Config");
  const char *id = bo_json_get_string (object, "Id", NULL);
  BoEngineContainer *container;

  if (id == NULL || state == NULL)
    {
      g_set_error_literal (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                           _ ("the engine describes a container without id or state"));
      return NULL;
    }
  container = g_new0 (BoEngineContainer, 1);
  container->id = g_strdup (id);
  container->name = copy_name (bo_json_get_string (object, "Name", ""));
  container->image_id = g_strdup (bo_json_get_string (object, "Image", NULL));
  container->status = g_strdup (bo_json_get_string (state, "Status", ""));
  container->is_running = bo_json_get_boolean (state, "Running", FALSE);
  container->exit_code = (int) CLAMP (bo_json_get_int (state, "ExitCode", 0), G_MININT, G_MAXINT);
  container->oom_killed = bo_json_get_boolean (state, "OOMKilled", FALSE);
  container->error = copy_unless_empty (bo_json_get_string (state, "Error", ""));
  container->started_at = copy_unless_empty (bo_json_get_string (state, "StartedAt", ""));
  container->finished_at = copy_unless_empty (bo_json_get_string (state, "FinishedAt", ""));
  container->runtime
      = copy_unless_empty (bo_json_get_string (bo_json_get_object (object, "HostConfig"), "Runtime", ""));
  container->has_terminal = bo_json_get_boolean (config, "Tty", FALSE);
  container->labels = bo_engine_read_labels (bo_json_get_object (config, "Labels"));
  return container;
}

static gpointer
read_container (JsonNode *node, GError **error)
{
  return bo_engine_container_new_from_json (node, error);
}

static gpointer
read_id (JsonNode *node, GError **error)
{
  const char *id = bo_json_get_string (bo_json_node_get_object (node), "Id", "");

  if (id[0] == '\0')
    {
      g_set_error_literal (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                           _ ("the engine made a container without an id"));
      return NULL;
    }
  return g_strdup (id);
}

/**
 * bo_engine_create_container_async:
 * @name: (nullable): its name; %BO_ENGINE_ERROR_CONFLICT when it is taken
 * @config: (transfer none): the body: Image, Cmd, Env, Labels, HostConfig, ...
 *
 * An unknown runtime in HostConfig shows here (%BO_ENGINE_ERROR_UNKNOWN_RUNTIME),
 * devices that are not to be had only at the start.
 */
void
bo_engine_create_container_async (BoEngine *engine,
                                  const char *name,
                                  JsonNode *config,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && config != NULL);

  request = bo_engine_request_new ("POST", "/containers/create");
  bo_engine_request_add_query (request, "name", name);
  bo_engine_request_set_body_json (request, config);
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, read_id, g_free, bo_engine_create_container_async, cancellable,
                        callback, user_data);
}

/**
 * bo_engine_create_container_finish:
 *
 * Returns: (transfer full): its id
 */
char *
bo_engine_create_container_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}

static BoEngineRequest *
make_request (const char *method, const char *container, const char *what)
{
  g_autofree char *name = bo_engine_request_escape (container);

  return bo_engine_request_new (method, "/containers/%s%s", name, what);
}

/**
 * bo_engine_start_container_async:
 *
 * Starting one that runs already is no error.
 */
void
bo_engine_start_container_async (BoEngine *engine,
                                 const char *container,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && container != NULL);

  request = make_request ("POST", container, "/start");
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, NULL, NULL, bo_engine_start_container_async, cancellable, callback,
                        user_data);
}

gboolean
bo_engine_start_container_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish_boolean (engine, result, error);
}

static gpointer
read_exit_code (JsonNode *node, GError **error)
{
  JsonObject *object = bo_json_node_get_object (node);
  const char *message = bo_json_get_string (bo_json_get_object (object, "Error"), "Message", "");
  int *exit_code;

  if (message[0] != '\0')
    {
      g_set_error (error, BO_ENGINE_ERROR, (int) bo_engine_error_from_reply (0, message),
                   _ ("the engine cannot say how the container ended: %s"), message);
      return NULL;
    }
  if (object == NULL || !json_object_has_member (object, "StatusCode"))
    {
      g_set_error_literal (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
                           _ ("the engine stopped waiting for the container without saying how it ended"));
      return NULL;
    }
  exit_code = g_new (int, 1);
  *exit_code = (int) CLAMP (bo_json_get_int (object, "StatusCode", -1), G_MININT, G_MAXINT);
  return exit_code;
}

/**
 * bo_engine_wait_container_async:
 *
 * Waits until a container that was started does not run (any more). This is
 * right also when its start failed; the other conditions of the engine hang or
 * return at once in some of these cases.
 */
void
bo_engine_wait_container_async (BoEngine *engine,
                                const char *container,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && container != NULL);

  request = make_request ("POST", container, "/wait");
  bo_engine_request_add_query (request, "condition", "not-running");
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, read_exit_code, g_free, bo_engine_wait_container_async, cancellable,
                        callback, user_data);
}

gboolean
bo_engine_wait_container_finish (BoEngine *engine, GAsyncResult *result, int *exit_code, GError **error)
{
  g_autofree int *code = bo_engine_call_finish (engine, result, error);

  if (code != NULL && exit_code != NULL)
    *exit_code = *code;
  return code != NULL;
}

void
bo_engine_inspect_container_async (BoEngine *engine,
                                   const char *container,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (BO_IS_ENGINE (engine) && container != NULL);

  bo_engine_call_async (engine, make_request ("GET", container, "/json"), read_container,
                        (GDestroyNotify) bo_engine_container_free, bo_engine_inspect_container_async,
                        cancellable, callback, user_data);
}

/**
 * bo_engine_inspect_container_finish:
 *
 * Returns: (transfer full): the container
 */
BoEngineContainer *
bo_engine_inspect_container_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}

/**
 * bo_engine_kill_container_async:
 * @signal: (nullable): "SIGTERM"; %NULL is SIGKILL
 *
 * %BO_ENGINE_ERROR_CONFLICT when it does not run.
 */
void
bo_engine_kill_container_async (BoEngine *engine,
                                const char *container,
                                const char *signal,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && container != NULL);

  request = make_request ("POST", container, "/kill");
  bo_engine_request_add_query (request, "signal", signal);
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, NULL, NULL, bo_engine_kill_container_async, cancellable, callback,
                        user_data);
}

gboolean
bo_engine_kill_container_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish_boolean (engine, result, error);
}

/**
 * bo_engine_remove_container_async:
 * @force: kill it first if it runs
 * @volumes: its anonymous volumes too
 */
void
bo_engine_remove_container_async (BoEngine *engine,
                                  const char *container,
                                  gboolean force,
                                  gboolean volumes,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && container != NULL);

  request = make_request ("DELETE", container, "");
  bo_engine_request_add_query (request, "force", force ? "1" : NULL);
  bo_engine_request_add_query (request, "v", volumes ? "1" : NULL);
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, NULL, NULL, bo_engine_remove_container_async, cancellable, callback,
                        user_data);
}

gboolean
bo_engine_remove_container_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish_boolean (engine, result, error);
}

static void
entry_free (gpointer data)
{
  BoEngineContainerEntry *entry = data;

  g_free (entry->id);
  g_ptr_array_unref (entry->names);
  g_free (entry->image);
  g_free (entry->state);
  g_hash_table_unref (entry->labels);
  g_free (entry);
}

static gpointer
read_list (JsonNode *node, GError **error)
{
  JsonArray *array = bo_json_node_get_array (node);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);

  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    {
      JsonObject *object = bo_json_array_get_object (array, i);
      const char *id = bo_json_get_string (object, "Id", NULL);
      g_autoptr (GPtrArray) names = NULL;
      BoEngineContainerEntry *entry;

      if (id == NULL)
        continue;
      names = bo_json_get_strings (object, "Names");
      entry = g_new0 (BoEngineContainerEntry, 1);
      entry->id = g_strdup (id);
      entry->names = g_ptr_array_new_with_free_func (g_free);
      for (guint k = 0; k < names->len; k++)
        g_ptr_array_add (entry->names, copy_name (names->pdata[k]));
      entry->image = g_strdup (bo_json_get_string (object, "Image", ""));
      entry->state = g_strdup (bo_json_get_string (object, "State", ""));
      entry->created = bo_json_get_int (object, "Created", 0);
      entry->labels = bo_engine_read_labels (bo_json_get_object (object, "Labels"));
      g_ptr_array_add (entries, entry);
    }
  return g_steal_pointer (&entries);
}

/**
 * bo_engine_list_containers_async:
 * @label: (nullable): "key" or "key=value" that they must have
 */
void
bo_engine_list_containers_async (BoEngine *engine,
                                 const char *label,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine));

  request = bo_engine_request_new ("GET", "/containers/json");
  bo_engine_request_add_query (request, "all", "1");
  if (label != NULL)
    bo_engine_request_add_filter (request, "label", label);
  bo_engine_call_async (engine, request, read_list, (GDestroyNotify) g_ptr_array_unref,
                        bo_engine_list_containers_async, cancellable, callback, user_data);
}

/**
 * bo_engine_list_containers_finish:
 *
 * Returns: (transfer full) (element-type BoEngineContainerEntry): running and stopped ones
 */
GPtrArray *
bo_engine_list_containers_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}
