/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-telemetry-summary.h"

G_BEGIN_DECLS

/*
 * When a trial counts as disturbed. The rules are fixed here, before any
 * measurement, and each rests on what the machine itself told. What took less than two
 * hundredths of a build's time cannot be told from noise, since no comparison claims less
 * (BO_NOISE_MINIMUM); so that is the measure of most of them.
 */

#define BO_FLAG_THROTTLED "throttled"
#define BO_FLAG_SWAPPING "swapping"
#define BO_FLAG_OTHER_LOAD "other-load"
#define BO_FLAG_OUT_OF_MEMORY "out-of-memory"
#define BO_FLAG_CLIPPED_LOG "clipped-log"

/* Of the time, thousandths: what is worth a flag. */
#define BO_DISTURBANCE_SHARE 20

/* What a page costs that is swapped, at least: a random read of 4 KiB from a solid-state disk. eMMC and SD cards take
 * five to ten times as long; zram is quicker, but takes the processors' time instead. */
#define BO_SWAPPED_PAGE_US 100
/* One MiB: an idle program or two that had to go. */
#define BO_SWAPPED_PAGES_MIN 256

/* Of the processors, thousandths: an engine that builds gets what others leave it, and half a machine in use is what a
 * benchmark should not be begun on. Desktops at rest use less than a tenth. */
#define BO_OTHER_LOAD_SHARE 500

/* How many samples a clock must have been low in, and which share of those in which it should have been high (thousandths). */
#define BO_LOW_CLOCK_SAMPLES 5
#define BO_LOW_CLOCK_SHARE 100

/**
 * BoDisturbance:
 * @flag: the flag
 * @evidence: what it rests on, a sentence with numbers
 */
typedef struct
{
  const char *flag;
  char *evidence;
} BoDisturbance;

void bo_disturbance_free (BoDisturbance *disturbance);
GPtrArray *bo_disturbance_find (const BoTelemetrySummary *summary, const char *language);

G_END_DECLS
