/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>

#include "bo-journal-writer.h"

/*
 * Samples of the machine, one a second, for the journal. They are taken in a
 * thread of their own: a sensor behind a slow bus must not keep the engine waiting, whose
 * answer is read by the thread that everything else happens in.
 */

typedef struct
{
  bool wanted;
  const char *proc_path; /* NULL: /proc */
  const char *sys_path;  /* NULL: /sys */
  const char *disk_path; /* NULL: no disk is watched */
} BoTelemetryOptions;

/* All zeros: not started. */
typedef struct
{
  /*< private >*/
  struct BoSampler *sampler;
  int fd;

  /* What is looked at here of the last samples. */
  unsigned n_samples;
  long long cpu_busy, cpu_total; /* of the last; 0: not known */
} BoTelemetry;

void bo_telemetry_start (BoTelemetry *telemetry, const BoTelemetryOptions *options);
int bo_telemetry_fd (const BoTelemetry *telemetry);
void bo_telemetry_ask (BoTelemetry *telemetry);
void bo_telemetry_turn (BoTelemetry *telemetry, short revents, BoJournalWriter *journal);
void bo_telemetry_stop (BoTelemetry *telemetry);
