/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "charts/bo-chart-style.h"
#include "charts/bo-chart.h"

G_BEGIN_DECLS

/*
 * Charts as files. The same chart makes the same bytes, every time.
 */

/**
 * BoChartFileError:
 * @BO_CHART_FILE_ERROR_DRAW: the drawing library's own words: no memory, or larger than a picture may be
 */
typedef enum
{
  BO_CHART_FILE_ERROR_DRAW,
} BoChartFileError;

#define BO_CHART_FILE_ERROR (bo_chart_file_error_quark ())
GQuark bo_chart_file_error_quark (void);

/* How wide a chart in a document is, in pixels: what a page of text shows without shrinking it. */
#define BO_CHART_DOCUMENT_WIDTH 800

char *bo_chart_to_svg (BoChart *chart, const BoChartStyle *style, double width, GError **error);
GBytes *
bo_chart_to_png (BoChart *chart, const BoChartStyle *style, double width, double scale, GError **error);
gboolean bo_chart_save_svg (BoChart *chart,
                            const BoChartStyle *style,
                            double width,
                            const char *path,
                            GError **error);
gboolean bo_chart_save_png (BoChart *chart,
                            const BoChartStyle *style,
                            double width,
                            double scale,
                            const char *path,
                            GError **error);

G_END_DECLS
