/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

#include "charts/bo-chart.h"

G_BEGIN_DECLS

/* Charts as files and in the clipboard: the same pictures that the documents have, made in a thread. */

/**
 * BoChartFormat:
 * @BO_CHART_FORMAT_SVG: stays sharp at every size
 * @BO_CHART_FORMAT_PNG: for programs that take no SVG; with twice as many pixels
 */
typedef enum
{
  BO_CHART_FORMAT_SVG,
  BO_CHART_FORMAT_PNG,
} BoChartFormat;

/* Of a picture's pixels to those of the layout, in files and in the clipboard. */
#define BO_CHART_PNG_SCALE 2

char *bo_chart_export_get_name (const BoChart *chart, BoChartFormat format);
void bo_chart_export_save_async (BoChart *chart,
                                 BoChartFormat format,
                                 GFile *file,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean bo_chart_export_save_finish (GAsyncResult *result, GError **error);
void bo_chart_export_make_content_async (BoChart *chart,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
GdkContentProvider *bo_chart_export_make_content_finish (GAsyncResult *result, GError **error);

G_END_DECLS
