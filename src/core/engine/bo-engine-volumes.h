/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"

G_BEGIN_DECLS

/**
 * BoEngineVolume:
 * @name: its name
 * @driver: (nullable): "local"
 * @mountpoint: (nullable): path on the device
 * @created: (nullable): RFC 3339
 * @labels: (element-type utf8 utf8)
 */
typedef struct
{
  char *name;
  char *driver;
  char *mountpoint;
  char *created;
  GHashTable *labels;
} BoEngineVolume;

void bo_engine_volume_free (BoEngineVolume *volume);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEngineVolume, bo_engine_volume_free)

void bo_engine_create_volume_async (BoEngine *engine,
                                    const char *name,
                                    GHashTable *labels,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
BoEngineVolume *bo_engine_create_volume_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_inspect_volume_async (BoEngine *engine,
                                     const char *name,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
BoEngineVolume *bo_engine_inspect_volume_finish (BoEngine *engine, GAsyncResult *result, GError **error);

/* (element-type BoEngineVolume) */
void bo_engine_list_volumes_async (BoEngine *engine,
                                   const char *label,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *bo_engine_list_volumes_finish (BoEngine *engine, GAsyncResult *result, GError **error);

void bo_engine_remove_volume_async (BoEngine *engine,
                                    const char *name,
                                    gboolean force,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean bo_engine_remove_volume_finish (BoEngine *engine, GAsyncResult *result, GError **error);

G_END_DECLS
