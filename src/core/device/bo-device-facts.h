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
 * @model: (nullable): "NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super"
 * @soc: (nullable): "tegra234", of a Jetson
 * @l4t: (nullable): "36.4.3", of a Jetson
 * @jetpack: (nullable): "6.2"; "unknown" when L4T is known and what it came with is not
 * @power_mode: (nullable): "MAXN_SUPER", as nvpmodel calls it
 * @power_modes: (element-type utf8): those that the board has: "0 15W"
 * @cpu_governor: (nullable): "schedutil"
 * @cpu_min_khz, @cpu_max_khz: limits of the processors' clocks as they are set; the widest of several; or -1
 * @cpu_chip_khz: what the processors can do at most, or -1
 * @gpu_min_khz, @gpu_max_khz: limits of the integrated GPU's clock, or -1
 * @clocks_locked: 1 when all clocks are held at one frequency, as jetson_clocks does; 0 when not; or -1
 * @swap: bytes of swap, or -1
 * @zram_swap: bytes of it that are compressed memory, or -1
 * @disk_kind: (nullable): of @root_dir's: "nvme", "ssd", "hdd", "emmc", "sd" or "usb"
 * @disk_size: bytes, or -1
 * @cuda: (nullable): version of CUDA on the host
 * @nvidia_ctk: (nullable): version of the NVIDIA Container Toolkit
 * @nvidia_ctk_mode: (nullable): "auto", "csv", "cdi", "legacy"
 * @has_iptables_raw: whether the kernel has the table that Docker 28 fills (CONFIG_IP_NF_RAW): 1, 0 or -1
 * @skips_iptables_raw: the engine is told to do without it
 * @clock_synced: whether its clock is set by the network: 1, 0 or -1
 * @has_desktop: whether a desktop runs: 1, 0 or -1
 * @time_s: seconds since 1970 by its clock when it was asked, or -1
 * @asked_s: the same by this computer's clock
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

  char *model;
  char *soc;
  char *l4t;
  char *jetpack;
  char *power_mode;
  GPtrArray *power_modes;
  char *cpu_governor;
  gint64 cpu_min_khz;
  gint64 cpu_max_khz;
  gint64 cpu_chip_khz;
  gint64 gpu_min_khz;
  gint64 gpu_max_khz;
  int clocks_locked;
  gint64 swap;
  gint64 zram_swap;
  char *disk_kind;
  gint64 disk_size;
  char *cuda;
  char *nvidia_ctk;
  char *nvidia_ctk_mode;
  int has_iptables_raw;
  gboolean skips_iptables_raw;
  int clock_synced;
  int has_desktop;
  gint64 time_s;
  gint64 asked_s;
} BoDeviceFacts;

BoDeviceFacts *bo_device_facts_new (void);

void bo_device_facts_read_async (BoEngine *engine,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
BoDeviceFacts *bo_device_facts_read_finish (BoEngine *engine, GAsyncResult *result, GError **error);
BoDeviceFacts *bo_device_facts_new_from_info (const BoEngineInfo *info);
BoDeviceFacts *bo_device_facts_new_from_json (JsonNode *node, GError **error);
gboolean bo_device_facts_is_here (const BoDeviceFacts *facts);
JsonNode *bo_device_facts_to_json (const BoDeviceFacts *facts);
void bo_device_facts_free (BoDeviceFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDeviceFacts, bo_device_facts_free)

G_END_DECLS
