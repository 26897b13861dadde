/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "engine/bo-engine-info.h"

G_BEGIN_DECLS

/**
 * BoDeviceFacts:
 * @url: (nullable): where it was reached
 * @engine_id: (nullable): id of the engine, the same over restarts
 * @name: (nullable): host name
 * @engine_version: (nullable): "20.10.24"
 * @api_version: (nullable): the highest that the engine offers
 * @os: (nullable): "Ubuntu 22.04.5 LTS"
 * @kernel: (nullable): "5.15.148-tegra"
 * @arch: (nullable): "aarch64"
 * @n_cpus: processors; 0 when unknown
 * @memory: bytes; 0 when unknown
 * @storage_driver: (nullable): "overlay2"
 * @image_store: (nullable): "graphdriver" or "containerd"; sizes of images mean different things with the two
 * @default_runtime: (nullable): "runc", "nvidia"
 * @runtimes: (element-type utf8): names, sorted
 * @root_dir: (nullable): where the engine keeps its data, on the device
 * @free_disk: free bytes of @root_dir's disk, or -1 when unknown
 * @cgroup_version: (nullable): "1" or "2"
 * @is_podman: it is Podman's service
 * @warnings: (element-type utf8): the engine's own
 *
 * What a device was like when it was asked, for the record of a campaign.
 */
typedef struct
{
  char *url;
  char *engine_id;
  char *name;
  char *engine_version;
  char *api_version;
  char *os;
  char *kernel;
  char *arch;
  guint n_cpus;
  gint64 memory;
  char *storage_driver;
  char *image_store;
  char *default_runtime;
  GPtrArray *runtimes;
  char *root_dir;
  gint64 free_disk;
  char *cgroup_version;
  gboolean is_podman;
  GPtrArray *warnings;
} BoDeviceFacts;

void bo_device_facts_read_async (BoEngine *engine,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
BoDeviceFacts *bo_device_facts_read_finish (BoEngine *engine, GAsyncResult *result, GError **error);
BoDeviceFacts *bo_device_facts_new_from_info (const BoEngineInfo *info);
BoDeviceFacts *bo_device_facts_new_from_json (JsonNode *node, GError **error);
JsonNode *bo_device_facts_to_json (const BoDeviceFacts *facts);
void bo_device_facts_free (BoDeviceFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDeviceFacts, bo_device_facts_free)

G_END_DECLS
