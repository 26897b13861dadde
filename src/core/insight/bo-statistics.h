/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The few statistics that measurements which take hours allow: medians and
 * ranges, and exact tests for handfuls of values. No means, no standard
 * deviations, no bootstrap: with three values each of those pretends to know
 * more than it does. Pure functions.
 */

/* No comparison is believed below this, whatever the runs look like. */
#define BO_NOISE_MINIMUM 0.02

/**
 * BoSpread: where a handful of values lies
 * @n: how many values
 * @min, @q1, @median, @q3, @max: in the unit of the values; quartiles are
 *   interpolated between neighbours (R's type 7)
 * @relative_range: (max - min) / median, 0 for a single value or a median of 0
 */
typedef struct
{
  gsize n;
  double min;
  double q1;
  double median;
  double q3;
  double max;
  double relative_range;
} BoSpread;

gboolean bo_statistics_spread (const double *values, gsize n, BoSpread *spread);
double bo_statistics_median (const double *values, gsize n);

double bo_statistics_mann_whitney (const double *a, gsize n_a, const double *b, gsize n_b);
double bo_statistics_mann_whitney_floor (gsize n_a, gsize n_b);

/**
 * BoRatioInterval: how many times as large one group is as another
 * @ratio: the Hodges-Lehmann estimate: the median of all ratios of one value of each group
 * @low, @high: interval of the ratio
 * @coverage: how often such an interval holds the true ratio: what it really
 *   is, not what was asked for (few values allow few levels)
 */
typedef struct
{
  double ratio;
  double low;
  double high;
  double coverage;
} BoRatioInterval;

gboolean bo_statistics_ratio_interval (const double *a,
                                       gsize n_a,
                                       const double *b,
                                       gsize n_b,
                                       double level,
                                       BoRatioInterval *interval);

double bo_statistics_noise_floor (const double *relative_ranges, gsize n);
void bo_statistics_holm (double *p, gsize n);

G_END_DECLS
