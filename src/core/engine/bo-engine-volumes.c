/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-volumes"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/bo-engine-call.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-volumes.h"
#include "study/bo-json.h"

void
bo_engine_volume_free (BoEngineVolume *volume)
{
  g_return_if_fail (volume != NULL);

  g_free (volume->name);
  g_free (volume->driver);
  g_free (volume->mountpoint);
  g_free (volume->created);
  g_clear_pointer (&volume->labels, g_hash_table_unref);
  g_free (volume);
}

static BoEngineVolume *
volume_new (JsonObject *object, GError **error)
{
  const char *name = bo_json_get_string (object, "Name", NULL);
  BoEngineVolume *volume;

  if (name == NULL)
    {
      g_set_error_literal (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                           _ ("the engine describes a volume without a name"));
      return NULL;
    }
  volume = g_new0 (BoEngineVolume, 1);
  volume->name = g_strdup (name);
  volume->driver = g_strdup (bo_json_get_string (object, "Driver", NULL));
  volume->mountpoint = g_strdup (bo_json_get_string (object, "Mountpoint", NULL));
  volume->created = g_strdup (bo_json_get_string (object, "CreatedAt", NULL));
  volume->labels = bo_engine_read_labels (bo_json_get_object (object, "Labels"));
  return volume;
}

static gpointer
read_volume (JsonNode *node, GError **error)
{
  return volume_new (bo_json_node_get_object (node), error);
}

static gpointer
read_list (JsonNode *node, GError **error)
{
  JsonArray *array = bo_json_get_array (bo_json_node_get_object (node), "Volumes");
  g_autoptr (GPtrArray) volumes = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_engine_volume_free);

  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    {
      BoEngineVolume *volume = volume_new (bo_json_array_get_object (array, i), NULL);

      if (volume != NULL)
        g_ptr_array_add (volumes, volume);
    }
  return g_steal_pointer (&volumes);
}

/**
 * bo_engine_create_volume_async:
 * @labels: (nullable) (element-type utf8 utf8): labels of a new one
 *
 * One that is there already is answered as it is, with its own labels.
 */
void
bo_engine_create_volume_async (BoEngine *engine,
                               const char *name,
                               GHashTable *labels,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) body = NULL;
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && name != NULL);

  json_object_set_string_member (object, "Name", name);
  if (labels != NULL)
    {
      JsonObject *members = json_object_new ();
      GHashTableIter iter;
      gpointer key, value;

      g_hash_table_iter_init (&iter, labels);
      while (g_hash_table_iter_next (&iter, &key, &value))
        json_object_set_string_member (members, key, value);
      json_object_set_object_member (object, "Labels", members);
    }
  body = json_node_init_object (json_node_alloc (), object);
  request = bo_engine_request_new ("POST", "/volumes/create");
  bo_engine_request_set_body_json (request, body);
  bo_engine_call_async (engine, request, read_volume, (GDestroyNotify) bo_engine_volume_free,
                        bo_engine_create_volume_async, cancellable, callback, user_data);
}

/**
 * bo_engine_create_volume_finish:
 *
 * Returns: (transfer full): the volume
 */
BoEngineVolume *
bo_engine_create_volume_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}

void
bo_engine_inspect_volume_async (BoEngine *engine,
                                const char *name,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (BO_IS_ENGINE (engine) && name != NULL);

  escaped = bo_engine_request_escape (name);
  bo_engine_call_async (engine, bo_engine_request_new ("GET", "/volumes/%s", escaped), read_volume,
                        (GDestroyNotify) bo_engine_volume_free, bo_engine_inspect_volume_async, cancellable,
                        callback, user_data);
}

/**
 * bo_engine_inspect_volume_finish:
 *
 * Returns: (transfer full): the volume
 */
BoEngineVolume *
bo_engine_inspect_volume_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}

/**
 * bo_engine_list_volumes_async:
 * @label: (nullable): "key" or "key=value" that they must have
 */
void
bo_engine_list_volumes_async (BoEngine *engine,
                              const char *label,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine));

  request = bo_engine_request_new ("GET", "/volumes");
  if (label != NULL)
    bo_engine_request_add_filter (request, "label", label);
  bo_engine_call_async (engine, request, read_list, (GDestroyNotify) g_ptr_array_unref,
                        bo_engine_list_volumes_async, cancellable, callback, user_data);
}

/**
 * bo_engine_list_volumes_finish:
 *
 * Returns: (transfer full) (element-type BoEngineVolume): the volumes
 */
GPtrArray *
bo_engine_list_volumes_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}

/**
 * bo_engine_remove_volume_async:
 * @force: one that is not there is no error
 *
 * %BO_ENGINE_ERROR_CONFLICT when a container uses it.
 */
void
bo_engine_remove_volume_async (BoEngine *engine,
                               const char *name,
                               gboolean force,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autofree char *escaped = NULL;
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && name != NULL);

  escaped = bo_engine_request_escape (name);
  request = bo_engine_request_new ("DELETE", "/volumes/%s", escaped);
  bo_engine_request_add_query (request, "force", force ? "1" : NULL);
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, NULL, NULL, bo_engine_remove_volume_async, cancellable, callback,
                        user_data);
}

gboolean
bo_engine_remove_volume_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish_boolean (engine, result, error);
}
