/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"

G_BEGIN_DECLS

/**
 * BoEngineEvent:
 * @type: "container", "image", "volume", ...
 * @action: "create", "start", "die", "destroy", "pull", ...
 * @id: id or name of the thing
 * @attributes: (element-type utf8 utf8): name, image, exitCode, labels, ...
 * @time_us: microseconds since 1970 by the device's clock
 */
typedef struct
{
  const char *type;
  const char *action;
  const char *id;
  GHashTable *attributes;
  gint64 time_us;
} BoEngineEvent;

typedef void (*BoEngineEventFunc) (const BoEngineEvent *event, gpointer user_data);

void bo_engine_events_async (BoEngine *engine,
                             const char *label,
                             gint64 since_us,
                             gint64 until_us,
                             BoEngineEventFunc func,
                             gpointer func_data,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean bo_engine_events_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/**
 * BoEngineCacheRecord: one record of BuildKit's cache
 * @id: its id
 * @type: "regular", "exec.cachemount", "source.local", ...
 * @description: (nullable): the instruction that made it
 * @size: bytes
 * @in_use: a build uses it now
 * @shared: another record shares its data
 * @created_at: (nullable): RFC 3339
 * @last_used_at: (nullable): RFC 3339
 * @usage_count: how often it was used
 */
typedef struct
{
  char *id;
  char *type;
  char *description;
  gint64 size;
  gboolean in_use;
  gboolean shared;
  char *created_at;
  char *last_used_at;
  gint64 usage_count;
} BoEngineCacheRecord;

/**
 * BoEngineDiskUsage:
 * @images_size: bytes of all images' layers, each counted once
 * @containers_size: bytes written by containers
 * @volumes_size: bytes in volumes
 * @cache_size: bytes of BuildKit's cache, shared data not counted
 * @unique_sizes: (element-type utf8 gint64): id of an image -> bytes that it shares with no other
 * @cache: (element-type BoEngineCacheRecord)
 */
typedef struct
{
  gint64 images_size;
  gint64 containers_size;
  gint64 volumes_size;
  gint64 cache_size;
  GHashTable *unique_sizes;
  GPtrArray *cache;
} BoEngineDiskUsage;

BoEngineDiskUsage *bo_engine_disk_usage_new_from_json (JsonNode *node, GError **error);
void bo_engine_disk_usage_free (BoEngineDiskUsage *usage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEngineDiskUsage, bo_engine_disk_usage_free)

void bo_engine_disk_usage_async (BoEngine *engine,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
BoEngineDiskUsage *bo_engine_disk_usage_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_cancel_build_async (BoEngine *engine,
                                   const char *build_id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean bo_engine_cancel_build_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_prune_cache_async (BoEngine *engine,
                                  const char *const *ids,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean
bo_engine_prune_cache_finish (BoEngine *engine, GAsyncResult *result, gint64 *freed_bytes, GError **error);

G_END_DECLS
