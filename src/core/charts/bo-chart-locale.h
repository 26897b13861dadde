/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoChartLocale: whose words and numbers a chart has
 * @language: (nullable): of its words, as for bo_document_text(); NULL is English
 * @decimal_point: (nullable): between whole and fraction; NULL is "."
 *
 * A chart in a document has the study's language and its decimal sign, whatever
 * the user's locale is; one on the screen has the window's.
 */
typedef struct
{
  const char *language;
  const char *decimal_point;
} BoChartLocale;

char *bo_chart_locale_format_number (const BoChartLocale *locale, double value, guint decimals);
char *bo_chart_locale_format_duration (const BoChartLocale *locale, gint64 duration_us);
char *bo_chart_locale_format_difference (const BoChartLocale *locale, gint64 difference_us);
char *bo_chart_locale_format_size (const BoChartLocale *locale, gint64 bytes);

G_END_DECLS
