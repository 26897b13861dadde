/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-locale"

#include "config.h"

#include "charts/bo-chart-locale.h"
#include "insight/bo-duration.h"
#include "study/bo-decimal-point.h"

static const char *
get_point (const BoChartLocale *locale)
{
  return locale != NULL && locale->decimal_point != NULL ? locale->decimal_point : ".";
}

char *
bo_chart_locale_format_number (const BoChartLocale *locale, double value, guint decimals)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point = bo_decimal_point_begin (get_point (locale));
  char format[8];

  g_snprintf (format, sizeof format, "%%.%uf", MIN (decimals, 9));
  return bo_decimal_format (value, format);
}

char *
bo_chart_locale_format_duration (const BoChartLocale *locale, gint64 duration_us)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point = bo_decimal_point_begin (get_point (locale));

  return bo_duration_format (duration_us);
}

/**
 * bo_chart_locale_format_difference:
 * @locale: (nullable): how numbers are written
 * @difference_us: microseconds, more or less
 *
 * Returns: (transfer full): "−23 min 10 s", "+0.84 s", "0 s"
 */
char *
bo_chart_locale_format_difference (const BoChartLocale *locale, gint64 difference_us)
{
  g_autofree char *text = NULL;

  if (difference_us == 0)
    return g_strdup ("0 s");
  text = bo_chart_locale_format_duration (locale,
                                          difference_us < -G_MAXINT64 ? G_MAXINT64 : ABS (difference_us));
  return g_strconcat (difference_us < 0 ? "−" : "+", text, NULL);
}

char *
bo_chart_locale_format_size (const BoChartLocale *locale, gint64 bytes)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point = bo_decimal_point_begin (get_point (locale));

  return bo_size_format (bytes);
}
