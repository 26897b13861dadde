/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-locale"

#include "config.h"

#include <string.h>

#include "charts/bo-chart-locale.h"
#include "insight/bo-duration.h"

/* The numbers of insight/bo-duration.c, which have a point, with the sign that is wanted. */
static char *
localize (const BoChartLocale *locale, char *text)
{
  g_autofree char *owned = text;
  GString *changed;

  if (locale == NULL || locale->decimal_point == NULL || g_str_equal (locale->decimal_point, "."))
    return g_steal_pointer (&owned);
  changed = g_string_new (NULL);
  for (const char *p = owned; *p != '\0'; p++)
    if (*p == '.' && p > owned && g_ascii_isdigit (p[-1]) && g_ascii_isdigit (p[1]))
      g_string_append (changed, locale->decimal_point);
    else
      g_string_append_c (changed, *p);
  return g_string_free (changed, FALSE);
}

char *
bo_chart_locale_format_number (const BoChartLocale *locale, double value, guint decimals)
{
  char format[8];
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 320];

  g_snprintf (format, sizeof format, "%%.%uf", MIN (decimals, 9));
  return localize (locale, g_strdup (g_ascii_formatd (buffer, sizeof buffer, format, value)));
}

char *
bo_chart_locale_format_duration (const BoChartLocale *locale, gint64 duration_us)
{
  return localize (locale, bo_duration_format (duration_us));
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
  return localize (locale, bo_size_format (bytes));
}
