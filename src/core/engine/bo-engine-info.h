/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"

G_BEGIN_DECLS

/**
 * BoEngineInfo:
 * @id: (nullable): the engine's own id; stays the same over restarts
 * @name: (nullable): the device's host name
 * @version: (nullable): "20.10.24"
 * @api_version: what the engine can at most, "1.41"
 * @builder_version: (nullable): "1" or "2", what it recommends
 * @os: (nullable): "Debian GNU/Linux 12 (bookworm)"
 * @kernel: (nullable): "5.15.148-tegra"
 * @arch: (nullable): as the kernel says it, "aarch64"
 * @n_cpus: processors
 * @memory: bytes
 * @driver: (nullable): storage driver, "overlay2"
 * @driver_status: (element-type utf8): "name: value"
 * @is_containerd_store: images are kept by containerd, whose sizes mean something else
 * @default_runtime: (nullable): "runc"
 * @runtimes: (element-type utf8): names, sorted
 * @root_dir: (nullable): DockerRootDir, a path on the device
 * @cgroup_version: (nullable): "1" or "2"
 * @cgroup_driver: (nullable)
 * @security_options: (element-type utf8)
 * @warnings: (element-type utf8): the engine's own words
 * @cdi_devices: (element-type utf8): ids of devices found through CDI (API 1.50)
 * @n_containers_running: how many run now
 * @n_images: how many images it has
 * @is_podman: Podman's service, not a Docker engine
 *
 * What GET /info says, as far as somebody needs it.
 */
typedef struct
{
  char *id;
  char *name;
  char *version;
  char *api_version;
  char *builder_version;
  char *os;
  char *kernel;
  char *arch;
  guint n_cpus;
  gint64 memory;
  char *driver;
  GPtrArray *driver_status;
  gboolean is_containerd_store;
  char *default_runtime;
  GPtrArray *runtimes;
  char *root_dir;
  char *cgroup_version;
  char *cgroup_driver;
  GPtrArray *security_options;
  GPtrArray *warnings;
  GPtrArray *cdi_devices;
  gint64 n_containers_running;
  gint64 n_images;
  gboolean is_podman;
} BoEngineInfo;

void bo_engine_info_async (BoEngine *engine,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
BoEngineInfo *bo_engine_info_finish (BoEngine *engine, GAsyncResult *result, GError **error);
BoEngineInfo *bo_engine_info_new_from_json (JsonNode *node, GError **error);
gboolean bo_engine_info_has_runtime (const BoEngineInfo *info, const char *name);
void bo_engine_info_free (BoEngineInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEngineInfo, bo_engine_info_free)

G_END_DECLS
