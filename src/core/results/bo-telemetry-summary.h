/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * What the machine was like while one build ran. -1 means "not known"; shares are
 * thousandths.
 */

/**
 * BoPressureKind: what processes wait for
 */
typedef enum
{
  BO_PRESSURE_CPU,
  BO_PRESSURE_MEMORY,
  BO_PRESSURE_IO,
} BoPressureKind;

#define BO_N_PRESSURES 3

const char *bo_pressure_kind_to_string (BoPressureKind kind);

/**
 * BoZonePeak:
 * @name: the sensor
 * @max_mc: its highest temperature, thousandths of a degree Celsius
 * @trip_mc: from where on the kernel slows something down for it, or -1
 */
typedef struct
{
  char *name;
  gint64 max_mc;
  gint64 trip_mc;
} BoZonePeak;

/**
 * BoThrottleCount:
 * @name: whose counter: "oc3" of a Jetson's over-current logic, "core" of the processors
 * @events: how often it counted
 * @time_us: how long that was, of all processors together, or -1
 */
typedef struct
{
  char *name;
  gint64 events;
  gint64 time_us;
} BoThrottleCount;

/**
 * BoCoolingRise: a cooling device that went further than it was at the start
 * @name: its type
 * @start: its state then
 * @max: its highest state
 * @limit: its greatest possible state
 * @n_raised: in how many samples it was above @start
 */
typedef struct
{
  char *name;
  gint64 start;
  gint64 max;
  gint64 limit;
  guint n_raised;
} BoCoolingRise;

/**
 * BoFrequencyShare: the clock of a processor, or of the GPU ("gpu")
 * @name: whose
 * @limit_khz: what it may be at most, at the start
 * @min_share, @mean_share: of the clock in @limit_khz
 * @n_lowered: in how many samples the limit itself was lower than at the start
 * @n_busy: in how many samples the machine was so busy that the clock should be at its limit
 * @n_high: in how many of these it was
 * @n_low: in how many of these it was clearly below
 */
typedef struct
{
  char *name;
  gint64 limit_khz;
  gint64 min_share;
  gint64 mean_share;
  guint n_lowered;
  guint n_busy;
  guint n_high;
  guint n_low;
} BoFrequencyShare;

/**
 * BoTelemetrySummary:
 * @n_samples: samples that were taken during the build
 * @span_us: what the differences of counters are over: a little more than the build
 * @n_cpus: processors, or 0
 * @memory_total: bytes
 * @memory_low: bytes: the least that was available
 * @swap_total: bytes
 * @swap_growth: bytes: by how much more was in use than at the start, at most
 * @pages_in, @pages_out: pages swapped in and out
 * @oom_kills: processes that the kernel killed for want of memory
 * @cpu_mean, @cpu_max: share of the processors' time in use
 * @cpu_before: the same in a second shortly before the build when Bakeoff did nothing
 * @load_start: load of the minute before, thousandths
 * @pressure: share of the time in which some process had to wait, by #BoPressureKind
 * @gpu_max: highest load of the GPU
 * @disk_low: bytes: the least that was free on the disk of the engine's data
 * @energy_mj: thousandths of a joule that the whole board used
 * @has_turbo: a clock below its limit says nothing about this machine
 * @zones: (element-type BoZonePeak)
 * @throttles: (element-type BoThrottleCount)
 * @coolings: (element-type BoCoolingRise): those that rose
 * @frequencies: (element-type BoFrequencyShare)
 */
typedef struct
{
  guint n_samples;
  gint64 span_us;
  guint n_cpus;
  gint64 memory_total;
  gint64 memory_low;
  gint64 swap_total;
  gint64 swap_growth;
  gint64 pages_in;
  gint64 pages_out;
  gint64 oom_kills;
  gint64 cpu_mean;
  gint64 cpu_max;
  gint64 cpu_before;
  gint64 load_start;
  gint64 pressure[BO_N_PRESSURES];
  gint64 gpu_max;
  gint64 disk_low;
  gint64 energy_mj;
  gboolean has_turbo;
  GPtrArray *zones;
  GPtrArray *throttles;
  GPtrArray *coolings;
  GPtrArray *frequencies;
} BoTelemetrySummary;

BoTelemetrySummary *bo_telemetry_summary_new (void);
BoTelemetrySummary *bo_telemetry_summary_copy (const BoTelemetrySummary *summary);
void bo_telemetry_summary_free (BoTelemetrySummary *summary);

BoZonePeak *bo_telemetry_summary_add_zone (BoTelemetrySummary *summary, const char *name);
BoThrottleCount *bo_telemetry_summary_add_throttle (BoTelemetrySummary *summary, const char *name);
BoCoolingRise *bo_telemetry_summary_add_cooling (BoTelemetrySummary *summary, const char *name);
BoFrequencyShare *bo_telemetry_summary_add_frequency (BoTelemetrySummary *summary, const char *name);

const BoZonePeak *bo_telemetry_summary_get_hottest (const BoTelemetrySummary *summary);

JsonNode *bo_telemetry_summary_to_node (const BoTelemetrySummary *summary);
BoTelemetrySummary *bo_telemetry_summary_from_node (JsonNode *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoTelemetrySummary, bo_telemetry_summary_free)

G_END_DECLS
