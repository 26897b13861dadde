/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-telemetry-summary.h"

G_BEGIN_DECLS

/*
 * One sample of the machine, as a courier journaled it (bo-telemetry-format.h).
 */

/**
 * BoTelemetryKind: what there may be any number of, told apart by name
 * @BO_TELEMETRY_TEMPERATURE: thousandths of a degree
 * @BO_TELEMETRY_TRIP: thousandths of a degree
 * @BO_TELEMETRY_THROTTLE: events since the boot
 * @BO_TELEMETRY_THROTTLED: milliseconds since the boot
 * @BO_TELEMETRY_COOLING: a state, and the greatest possible
 * @BO_TELEMETRY_FREQUENCY: kHz, and the limit
 * @BO_TELEMETRY_POWER: milliwatts
 */
typedef enum
{
  BO_TELEMETRY_TEMPERATURE,
  BO_TELEMETRY_TRIP,
  BO_TELEMETRY_THROTTLE,
  BO_TELEMETRY_THROTTLED,
  BO_TELEMETRY_COOLING,
  BO_TELEMETRY_FREQUENCY,
  BO_TELEMETRY_POWER,
} BoTelemetryKind;

/**
 * BoTelemetryValue:
 * @kind: what
 * @name: whose
 * @value: how much
 * @limit: of @BO_TELEMETRY_COOLING and @BO_TELEMETRY_FREQUENCY, else 0
 */
typedef struct
{
  BoTelemetryKind kind;
  char name[64];
  gint64 value;
  gint64 limit;
} BoTelemetryValue;

/**
 * BoTelemetrySample:
 *
 * Bytes; counters since the boot; -1 where the machine does not tell. @load,
 * @gpu: thousandths. @pressure_some, @pressure_full: microseconds since the boot, by #BoPressureKind.
 * @cpu_busy, @cpu_total, @own_busy: jiffies since the boot.
 */
typedef struct
{
  gint64 memory_total, memory_available;
  gint64 swap_total, swap_free;
  gint64 zram_size, zram_used;
  gint64 pages_in, pages_out;
  gint64 oom_kills;
  gint64 load;
  gint64 cpu_busy, cpu_total, n_cpus;
  gint64 own_busy;
  gint64 pressure_some[BO_N_PRESSURES], pressure_full[BO_N_PRESSURES];
  gint64 gpu;
  gint64 disk_total, disk_free;
  gint64 turbo;
  GArray *values; /* of BoTelemetryValue */
} BoTelemetrySample;

BoTelemetrySample *bo_telemetry_sample_parse (const char *text, gsize length);
BoTelemetrySample *bo_telemetry_sample_copy (const BoTelemetrySample *sample);
void bo_telemetry_sample_free (BoTelemetrySample *sample);
const BoTelemetryValue *
bo_telemetry_sample_find (const BoTelemetrySample *sample, BoTelemetryKind kind, const char *name);
gint64 bo_telemetry_sample_get_board_power (const BoTelemetrySample *sample);

/**
 * BoTelemetryPoint: a sample with its time
 * @time_us: after the build's start, as in #BoStep; before it in the sample right before
 * @wall_us: wall clock, microseconds since 1970
 * @sample: the sample
 */
typedef struct
{
  gint64 time_us;
  gint64 wall_us;
  BoTelemetrySample *sample;
} BoTelemetryPoint;

void bo_telemetry_point_free (BoTelemetryPoint *point);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoTelemetrySample, bo_telemetry_sample_free)

G_END_DECLS
