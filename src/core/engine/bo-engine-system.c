/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-system"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-call.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-system.h"
#include "study/bo-json.h"

typedef struct
{
  BoEngineEventFunc func;
  gpointer func_data;
  gboolean has_end;
} Events;

static void
event_line_cb (const char *line, gsize length, gpointer user_data)
{
  Events *events = user_data;
  g_autoptr (JsonNode) node = bo_json_parse (line, (gssize) length, NULL);
  JsonObject *object = bo_json_node_get_object (node);
  JsonObject *actor = bo_json_get_object (object, "Actor");
  g_autoptr (GHashTable) attributes = NULL;
  BoEngineEvent event;

  if (object == NULL)
    {
      g_warning ("an event is not a JSON object");
      return;
    }
  attributes = bo_engine_read_labels (bo_json_get_object (actor, "Attributes"));
  event.type = bo_json_get_string (object, "Type", "");
  event.action = bo_json_get_string (object, "Action", bo_json_get_string (object, "status", ""));
  event.id = bo_json_get_string (actor, "ID", bo_json_get_string (object, "id", ""));
  event.attributes = attributes;
  event.time_us = bo_json_get_int (object, "timeNano", 0) / 1000;
  if (event.time_us == 0)
    event.time_us
        = CLAMP (bo_json_get_int (object, "time", 0), 0, G_MAXINT64 / G_USEC_PER_SEC) * G_USEC_PER_SEC;
  events->func (&event, events->func_data);
}

static void
event_lines_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Events *events = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!bo_engine_reply_each_line_finish (BO_ENGINE_REPLY (source), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (!events->has_end)
    g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
                             _ ("the engine ended its stream of events; it is being shut down"));
  else
    g_task_return_boolean (task, TRUE);
}

static void
events_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
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
  bo_engine_reply_each_line_async (reply, event_line_cb, g_task_get_task_data (task),
                                   g_task_get_cancellable (task), event_lines_cb, g_object_ref (task));
}

static void
add_time (BoEngineRequest *request, const char *name, gint64 time_us)
{
  g_autofree char *text = NULL;

  if (time_us <= 0)
    return;
  text = g_strdup_printf ("%" G_GINT64_FORMAT ".%06d000", time_us / G_USEC_PER_SEC,
                          (int) (time_us % G_USEC_PER_SEC));
  bo_engine_request_add_query (request, name, text);
}

/**
 * bo_engine_events_async:
 * @label: (nullable): only events of things with this label
 * @since_us: from this time of the device's clock, in microseconds since 1970, or 0 for now;
 *   the engine keeps its last 256 events and no more
 * @until_us: to this time, or 0 for ever
 * @func: (scope notified): called for each event; what it points to is gone after the call
 *
 * Without an end it only ends by an error, cancellation among them.
 */
void
bo_engine_events_async (BoEngine *engine,
                        const char *label,
                        gint64 since_us,
                        gint64 until_us,
                        BoEngineEventFunc func,
                        gpointer func_data,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  BoEngineRequest *request;
  Events *events;

  g_return_if_fail (BO_IS_ENGINE (engine) && func != NULL);

  g_task_set_source_tag (task, bo_engine_events_async);
  events = g_new0 (Events, 1);
  events->func = func;
  events->func_data = func_data;
  events->has_end = until_us > 0;
  g_task_set_task_data (task, events, g_free);
  request = bo_engine_request_new ("GET", "/events");
  if (label != NULL)
    bo_engine_request_add_filter (request, "label", label);
  add_time (request, "since", since_us);
  add_time (request, "until", until_us);
  bo_engine_request_set_patient (request);
  bo_engine_send_async (engine, request, cancellable, events_sent_cb, g_steal_pointer (&task));
}

gboolean
bo_engine_events_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
cache_record_free (gpointer data)
{
  BoEngineCacheRecord *record = data;

  g_free (record->id);
  g_free (record->type);
  g_free (record->description);
  g_free (record->created_at);
  g_free (record->last_used_at);
  g_free (record);
}

void
bo_engine_disk_usage_free (BoEngineDiskUsage *usage)
{
  g_return_if_fail (usage != NULL);

  g_clear_pointer (&usage->unique_sizes, g_hash_table_unref);
  g_clear_pointer (&usage->cache, g_ptr_array_unref);
  g_free (usage);
}

/*
 * Up to API 1.51 four arrays and LayersSize; from 1.52 on an object for each
 * kind, whose Items are there only when asked for with verbose=1. moby's code
 * and its changelog do not agree in whether the kind is in the plural.
 */
static JsonObject *
get_usage (JsonObject *object, const char *singular, const char *plural)
{
  JsonObject *usage = bo_json_get_object (object, singular);

  return usage != NULL ? usage : bo_json_get_object (object, plural);
}

static gint64
add_size (gint64 a, gint64 b)
{
  return b <= 0 ? a : (a > G_MAXINT64 - b ? G_MAXINT64 : a + b);
}

static void
read_images (BoEngineDiskUsage *usage, JsonArray *images)
{
  for (guint i = 0; i < bo_json_array_get_length (images); i++)
    {
      JsonObject *image = bo_json_array_get_object (images, i);
      const char *id = bo_json_get_string (image, "Id", NULL);
      gint64 size = bo_json_get_int (image, "Size", -1);
      gint64 shared = bo_json_get_int (image, "SharedSize", -1);

      if (id != NULL && size >= 0 && shared >= 0 && shared <= size)
        {
          gint64 *unique = g_new (gint64, 1);

          *unique = size - shared;
          g_hash_table_insert (usage->unique_sizes, g_strdup (id), unique);
        }
    }
}

static void
read_cache (BoEngineDiskUsage *usage, JsonArray *records)
{
  for (guint i = 0; i < bo_json_array_get_length (records); i++)
    {
      JsonObject *object = bo_json_array_get_object (records, i);
      const char *id = bo_json_get_string (object, "ID", NULL);
      BoEngineCacheRecord *record;

      if (id == NULL)
        continue;
      record = g_new0 (BoEngineCacheRecord, 1);
      record->id = g_strdup (id);
      record->type = g_strdup (bo_json_get_string (object, "Type", ""));
      record->description = g_strdup (bo_json_get_string (object, "Description", NULL));
      record->size = MAX (bo_json_get_int (object, "Size", 0), 0);
      record->in_use = bo_json_get_boolean (object, "InUse", FALSE);
      record->shared = bo_json_get_boolean (object, "Shared", FALSE);
      record->created_at = g_strdup (bo_json_get_string (object, "CreatedAt", NULL));
      record->last_used_at = g_strdup (bo_json_get_string (object, "LastUsedAt", NULL));
      record->usage_count = bo_json_get_int (object, "UsageCount", 0);
      if (!record->shared)
        usage->cache_size = add_size (usage->cache_size, record->size);
      g_ptr_array_add (usage->cache, record);
    }
}

/**
 * bo_engine_disk_usage_new_from_json:
 * @node: the answer to GET /system/df, in its old or its new shape
 *
 * Returns: (transfer full): what it says
 */
BoEngineDiskUsage *
bo_engine_disk_usage_new_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = bo_json_node_get_object (node);
  BoEngineDiskUsage *usage;
  JsonObject *images, *containers, *volumes, *cache;
  JsonArray *array;

  if (object == NULL)
    {
      g_set_error_literal (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                           _ ("the engine's disk usage is not a JSON object"));
      return NULL;
    }

  usage = g_new0 (BoEngineDiskUsage, 1);
  usage->unique_sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  usage->cache = g_ptr_array_new_with_free_func (cache_record_free);
  images = get_usage (object, "ImageUsage", "ImagesUsage");
  containers = get_usage (object, "ContainerUsage", "ContainersUsage");
  volumes = get_usage (object, "VolumeUsage", "VolumesUsage");
  cache = get_usage (object, "BuildCacheUsage", "BuildCachesUsage");

  usage->images_size
      = MAX (bo_json_get_int (object, "LayersSize", bo_json_get_int (images, "TotalSize", 0)), 0);
  read_images (usage,
               images != NULL ? bo_json_get_array (images, "Items") : bo_json_get_array (object, "Images"));

  array = bo_json_get_array (object, "Containers");
  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    usage->containers_size = add_size (usage->containers_size,
                                       bo_json_get_int (bo_json_array_get_object (array, i), "SizeRw", 0));
  if (containers != NULL)
    usage->containers_size = MAX (bo_json_get_int (containers, "TotalSize", 0), 0);

  array = bo_json_get_array (object, "Volumes");
  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    {
      JsonObject *data = bo_json_get_object (bo_json_array_get_object (array, i), "UsageData");

      usage->volumes_size = add_size (usage->volumes_size, bo_json_get_int (data, "Size", 0));
    }
  if (volumes != NULL)
    usage->volumes_size = MAX (bo_json_get_int (volumes, "TotalSize", 0), 0);

  read_cache (usage,
              cache != NULL ? bo_json_get_array (cache, "Items") : bo_json_get_array (object, "BuildCache"));
  if (cache != NULL)
    usage->cache_size = MAX (bo_json_get_int (cache, "TotalSize", usage->cache_size), 0);
  return usage;
}

static gpointer
read_disk_usage (JsonNode *node, GError **error)
{
  return bo_engine_disk_usage_new_from_json (node, error);
}

/**
 * bo_engine_disk_usage_async:
 *
 * The engine walks through all it has for this, which takes long; never during a timed build.
 */
void
bo_engine_disk_usage_async (BoEngine *engine,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine));

  request = bo_engine_request_new ("GET", "/system/df");
  if (bo_engine_has_api (engine, 1, 52))
    bo_engine_request_add_query (request, "verbose", "1");
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, read_disk_usage, (GDestroyNotify) bo_engine_disk_usage_free,
                        bo_engine_disk_usage_async, cancellable, callback, user_data);
}

/**
 * bo_engine_disk_usage_finish:
 *
 * Returns: (transfer full): what is used
 */
BoEngineDiskUsage *
bo_engine_disk_usage_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}

/**
 * bo_engine_cancel_build_async:
 * @build_id: the "buildid" that the build was sent with
 *
 * Cancels a build of BuildKit's. For the classic builder the engine answers
 * well and does nothing: its build ends with its connection.
 */
void
bo_engine_cancel_build_async (BoEngine *engine,
                              const char *build_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && build_id != NULL);

  request = bo_engine_request_new ("POST", "/build/cancel");
  bo_engine_request_add_query (request, "id", build_id);
  bo_engine_call_async (engine, request, NULL, NULL, bo_engine_cancel_build_async, cancellable, callback,
                        user_data);
}

gboolean
bo_engine_cancel_build_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish_boolean (engine, result, error);
}

static gpointer
read_freed (JsonNode *node, GError **error)
{
  gint64 *freed = g_new (gint64, 1);

  *freed = MAX (bo_json_get_int (bo_json_node_get_object (node), "SpaceReclaimed", 0), 0);
  return freed;
}

/**
 * bo_engine_prune_cache_async:
 * @ids: (array zero-terminated=1): ids of cache records, at least one
 *
 * Removes exactly these records, in one call. The engine takes its filter for
 * a regular expression, so an id that is not letters and digits is refused.
 */
void
bo_engine_prune_cache_async (BoEngine *engine,
                             const char *const *ids,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autofree char *list = NULL;
  g_autofree char *pattern = NULL;
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine));
  g_return_if_fail (ids != NULL && ids[0] != NULL);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      gsize n = strlen (ids[i]);

      if (n == 0 || strspn (ids[i], "abcdefghijklmnopqrstuvwxyz0123456789") != n)
        {
          g_task_report_new_error (engine, callback, user_data, bo_engine_prune_cache_async, BO_ENGINE_ERROR,
                                   BO_ENGINE_ERROR_BAD_REQUEST, _ ("“%s” is not the id of a cache record"),
                                   ids[i]);
          return;
        }
    }
  list = g_strjoinv ("|", (char **) ids);
  pattern = g_strdup_printf ("^(%s)$", list);
  request = bo_engine_request_new ("POST", "/build/prune");
  bo_engine_request_add_query (request, "all", "1");
  bo_engine_request_add_filter (request, "id", pattern);
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, read_freed, g_free, bo_engine_prune_cache_async, cancellable,
                        callback, user_data);
}

gboolean
bo_engine_prune_cache_finish (BoEngine *engine, GAsyncResult *result, gint64 *freed_bytes, GError **error)
{
  g_autofree gint64 *freed = bo_engine_call_finish (engine, result, error);

  if (freed != NULL && freed_bytes != NULL)
    *freed_bytes = *freed;
  return freed != NULL;
}
