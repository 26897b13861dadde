/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-duration"

#include "config.h"

#include <math.h>

#include "insight/bo-duration.h"
#include "study/bo-decimal-point.h"

/* U+2212, which is as wide as a plus and is not taken for a hyphen or a list. */
#define MINUS "−"

static char *
format_decimal (double value, int decimals)
{
  char format[8];

  g_snprintf (format, sizeof format, "%%.%df", decimals);
  return bo_decimal_format (value, format);
}

/**
 * bo_duration_format:
 * @duration_us: microseconds
 *
 * About three significant digits, since the fourth is noise in any build:
 * "0.042 s", "0.84 s", "9.31 s", "12.3 s", "47 min 12 s", "1 h 02 min". The
 * unit is chosen after rounding, so there is no "60.0 s".
 *
 * Returns: (transfer full): the text, or "–" below 0, which means "not known"
 */
char *
bo_duration_format (gint64 duration_us)
{
  double seconds = (double) duration_us / 1e6;
  gint64 whole;

  if (duration_us < 0)
    return g_strdup (BO_NO_VALUE);
  if (duration_us == 0)
    return g_strdup ("0 s");
  if (duration_us < 500)
    return g_strconcat ("< 0", bo_decimal_point_get (), "001 s", NULL);

  if (seconds < 59.95)
    {
      int decimals = seconds < 0.0995 ? 3 : seconds < 9.995 ? 2 : 1;
      g_autofree char *number = format_decimal (seconds, decimals);

      return g_strdup_printf ("%s s", number);
    }

  whole = duration_us / G_USEC_PER_SEC + (duration_us % G_USEC_PER_SEC >= G_USEC_PER_SEC / 2);
  if (whole < 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT " min %02" G_GINT64_FORMAT " s", whole / 60, whole % 60);

  whole = (whole + 30) / 60;
  return g_strdup_printf ("%" G_GINT64_FORMAT " h %02" G_GINT64_FORMAT " min", whole / 60, whole % 60);
}

/**
 * bo_duration_format_limit:
 * @limit_us: microseconds, a limit that a person chose
 *
 * Returns: (transfer full): "6 h", "1 h 30 min", "90 s" as "1 min 30 s": parts that are 0 are left out
 */
char *
bo_duration_format_limit (gint64 limit_us)
{
  gint64 seconds = limit_us / G_USEC_PER_SEC;
  gint64 parts[] = { seconds / 3600, seconds / 60 % 60, seconds % 60 };
  static const char *const units[] = { "h", "min", "s" };
  GString *text;

  if (limit_us < 0)
    return g_strdup (BO_NO_VALUE);
  if (seconds < 1 || limit_us % G_USEC_PER_SEC != 0)
    return bo_duration_format (limit_us);

  text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] > 0)
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT " %s", text->len > 0 ? " " : "", parts[i], units[i]);
  return g_string_free (text, FALSE);
}

/**
 * bo_size_format:
 * @bytes: bytes
 *
 * Decimal units with three significant digits, as the docker command line
 * prints sizes: "999 B", "37.8 MB", "1.24 GB".
 *
 * Returns: (transfer full): the text, or "–" below 0, which means "not known"
 */
char *
bo_size_format (gint64 bytes)
{
  static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
  double value = (double) bytes;
  guint unit = 0;
  int decimals;
  g_autofree char *number = NULL;

  if (bytes < 0)
    return g_strdup (BO_NO_VALUE);
  if (bytes < 1000)
    return g_strdup_printf ("%" G_GINT64_FORMAT " B", bytes);

  while (value >= 999.5 && unit + 1 < G_N_ELEMENTS (units))
    {
      value /= 1000;
      unit++;
    }
  decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  number = format_decimal (value, decimals);
  return g_strdup_printf ("%s %s", number, units[unit]);
}

static char *
percent_number (double fraction)
{
  double percent = fabs (fraction) * 100;

  if (!isfinite (percent))
    return g_strdup ("∞");
  return format_decimal (percent, percent < 9.95 ? 1 : 0);
}

/* Whether it would be shown as nought, which has no sign. */
static gboolean
is_nought (double fraction)
{
  return fabs (fraction) < 0.0005;
}

/**
 * bo_percent_format:
 * @fraction: a share; its sign is not shown
 *
 * Returns: (transfer full): "21 %", below ten with one decimal: "2.4 %"
 */
char *
bo_percent_format (double fraction)
{
  g_autofree char *number = percent_number (fraction);

  return g_strdup_printf ("%s %%", number);
}

/**
 * bo_percent_format_signed:
 * @fraction: a change
 *
 * Returns: (transfer full): "−21 %", "+2.4 %", "0.0 %"
 */
char *
bo_percent_format_signed (double fraction)
{
  g_autofree char *number = percent_number (fraction);

  return g_strdup_printf ("%s%s %%", is_nought (fraction) ? "" : fraction < 0 ? MINUS : "+", number);
}

/**
 * bo_percent_format_range:
 * @from: one change
 * @to: another
 *
 * Returns: (transfer full): "−17…−24 %"
 */
char *
bo_percent_format_range (double from, double to)
{
  g_autofree char *first = percent_number (from);
  g_autofree char *second = percent_number (to);

  return g_strdup_printf ("%s%s…%s%s %%", is_nought (from) ? "" : from < 0 ? MINUS : "+", first,
                          is_nought (to) ? "" : to < 0 ? MINUS : "+", second);
}

/**
 * bo_time_format_utc:
 * @time_us: wall clock, microseconds since 1970
 *
 * Returns: (transfer full): "2026-11-24 06:12 UTC", or "–" below 0 and for what no calendar holds
 */
char *
bo_time_format_utc (gint64 time_us)
{
  g_autoptr (GDateTime) time = NULL;

  if (time_us >= 0)
    time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  if (time == NULL)
    return g_strdup (BO_NO_VALUE);
  return g_strdup_printf ("%04d-%02d-%02d %02d:%02d UTC", g_date_time_get_year (time),
                          g_date_time_get_month (time), g_date_time_get_day_of_month (time),
                          g_date_time_get_hour (time), g_date_time_get_minute (time));
}
