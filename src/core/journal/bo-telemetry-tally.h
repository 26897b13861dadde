/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "journal/bo-telemetry.h"

G_BEGIN_DECLS

/*
 * Adds up the samples of one build. Counters are compared with the last sample
 * before the build's start, and the first one after its end still belongs to it: what
 * ended the build may have been counted in between.
 */
typedef struct _BoTelemetryTally BoTelemetryTally;

BoTelemetryTally *bo_telemetry_tally_new (void);
void bo_telemetry_tally_free (BoTelemetryTally *tally);

void bo_telemetry_tally_set_traits (BoTelemetryTally *tally, const BoTelemetrySample *sample);
void bo_telemetry_tally_begin (BoTelemetryTally *tally, gint64 start_us);
void bo_telemetry_tally_add (BoTelemetryTally *tally, const BoTelemetrySample *sample, gint64 time_us);
void bo_telemetry_tally_end (BoTelemetryTally *tally, gint64 end_us);
gboolean bo_telemetry_tally_is_complete (const BoTelemetryTally *tally);
BoTelemetrySummary *bo_telemetry_tally_summarize (const BoTelemetryTally *tally);

gint64 bo_telemetry_busy_share (const BoTelemetrySample *before, const BoTelemetrySample *after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoTelemetryTally, bo_telemetry_tally_free)

G_END_DECLS
