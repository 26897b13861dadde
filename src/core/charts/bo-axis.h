/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-chart-locale.h"

G_BEGIN_DECLS

/*
 * Where the marks of an axis stand. Every axis begins at 0, since a bar that
 * begins elsewhere lies about how much longer it is.
 */

/**
 * BoAxisKind:
 * @BO_AXIS_DURATION: microseconds, marked in seconds, minutes or hours
 * @BO_AXIS_SIZE: bytes, marked in decimal units, as the tables of the findings and the docker command line
 * show them
 */
typedef enum
{
  BO_AXIS_DURATION,
  BO_AXIS_SIZE,
} BoAxisKind;

/**
 * BoAxisTick:
 * @value: microseconds or bytes
 * @label: "0", "10 min", "2.5 GB"
 */
typedef struct
{
  gint64 value;
  char *label;
} BoAxisTick;

gint64 bo_axis_get_step (BoAxisKind kind, gint64 max, guint max_intervals);
GPtrArray *bo_axis_make_ticks (BoAxisKind kind, gint64 max, guint max_intervals, const BoChartLocale *locale);

G_END_DECLS
