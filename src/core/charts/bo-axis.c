/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-axis"

#include "config.h"

#include "charts/bo-axis.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

/* Marked in seconds below two minutes, in minutes below three hours. */
#define SECONDS_UNTIL (2 * MINUTE)
#define MINUTES_UNTIL (3 * HOUR)

static void
tick_free (BoAxisTick *tick)
{
  g_free (tick->label);
  g_free (tick);
}

static gboolean
fits (gint64 step, gint64 max, guint max_intervals)
{
  return max / step < (gint64) max_intervals || (max / step == (gint64) max_intervals && max % step == 0);
}

/* 1, 2 or 5 times a power of ten, from @from on; the last resort is @max itself. */
static gint64
decimal_step (gint64 from, gint64 max, guint max_intervals)
{
  static const gint64 factors[] = { 1, 2, 5 };

  for (gint64 power = from;; power *= 10)
    {
      for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
        if (power <= G_MAXINT64 / factors[i] && fits (power * factors[i], max, max_intervals))
          return power * factors[i];
      if (power > G_MAXINT64 / 10)
        break;
    }
  return MAX (max, 1);
}

static gint64
listed_step (const gint64 *steps, guint n_steps, gint64 unit, gint64 max, guint max_intervals)
{
  for (guint i = 0; i < n_steps; i++)
    if (fits (steps[i] * unit, max, max_intervals))
      return steps[i] * unit;
  return 0;
}

/**
 * bo_axis_get_step:
 * @kind: what is measured
 * @max: the largest value, microseconds or bytes
 * @max_intervals: how many intervals there is room for, at least 1
 *
 * Returns: the distance between two marks: the smallest round one with which there are no more intervals than
 * that
 */
gint64
bo_axis_get_step (BoAxisKind kind, gint64 max, guint max_intervals)
{
  static const gint64 seconds[] = { 10, 15, 20, 30, 60 };
  static const gint64 minutes[] = { 1, 2, 5, 10, 15, 20, 30, 60 };
  static const gint64 hours[] = { 1, 2, 3, 6, 12, 24, 48 };
  gint64 step = 0;

  max = MAX (max, 1);
  max_intervals = MAX (max_intervals, 1);
  if (kind == BO_AXIS_SIZE)
    return decimal_step (1, max, max_intervals);

  if (max < SECONDS_UNTIL)
    {
      step = decimal_step (1, max, max_intervals);
      /* From ten seconds on in parts of a minute. */
      if (step >= 10 * SECOND)
        step = listed_step (seconds, G_N_ELEMENTS (seconds), SECOND, max, max_intervals);
    }
  else if (max < MINUTES_UNTIL)
    step = listed_step (minutes, G_N_ELEMENTS (minutes), MINUTE, max, max_intervals);
  else
    step = listed_step (hours, G_N_ELEMENTS (hours), HOUR, max, max_intervals);
  /* More than that is counted in tens of hours, and too little room for any of them leaves the two ends. */
  return step > 0 ? step : max < MINUTES_UNTIL ? max : decimal_step (10 * HOUR, max, max_intervals);
}

static guint
count_decimals (gint64 step, gint64 unit)
{
  guint decimals = 0;

  while (decimals < 6 && step % unit != 0)
    {
      unit /= 10;
      decimals++;
    }
  return decimals;
}

static char *
make_label (BoAxisKind kind, gint64 value, gint64 step, gint64 max, const BoChartLocale *locale)
{
  static const char *const sizes[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
  const char *symbol;
  gint64 unit = 1;
  g_autofree char *number = NULL;

  if (value == 0)
    return g_strdup ("0");
  if (kind == BO_AXIS_SIZE)
    {
      guint index = 0;

      while (max / unit >= 1000 && index + 1 < G_N_ELEMENTS (sizes))
        {
          unit *= 1000;
          index++;
        }
      symbol = sizes[index];
    }
  else
    {
      unit = max < SECONDS_UNTIL ? SECOND : max < MINUTES_UNTIL ? MINUTE : HOUR;
      symbol = max < SECONDS_UNTIL ? "s" : max < MINUTES_UNTIL ? "min" : "h";
    }
  number
      = bo_chart_locale_format_number (locale, (double) value / (double) unit, count_decimals (step, unit));
  return g_strdup_printf ("%s %s", number, symbol);
}

/**
 * bo_axis_make_ticks:
 * @kind: what is measured
 * @max: the largest value that is shown, microseconds or bytes
 * @max_intervals: how many intervals there is room for
 * @locale: how numbers are written
 *
 * Returns: (transfer container) (element-type BoAxisTick): the marks from 0 to @max, each with its unit
 */
GPtrArray *
bo_axis_make_ticks (BoAxisKind kind, gint64 max, guint max_intervals, const BoChartLocale *locale)
{
  GPtrArray *ticks = g_ptr_array_new_with_free_func ((GDestroyNotify) tick_free);
  gint64 step;

  max = MAX (max, 1);
  step = bo_axis_get_step (kind, max, max_intervals);
  for (gint64 value = 0;; value += step)
    {
      BoAxisTick *tick = g_new0 (BoAxisTick, 1);

      tick->value = value;
      tick->label = make_label (kind, value, step, max, locale);
      g_ptr_array_add (ticks, tick);
      if (value > max - step)
        break;
    }
  return ticks;
}
