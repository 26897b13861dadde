/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "charts/bo-chart-layout.h"

G_BEGIN_DECLS

/*
 * A chart laid out and drawn for one width, in a thread of its own, since
 * finding the places of a few hundred words takes longer than a frame of the
 * screen may. What is left for the main thread is to show it.
 */

typedef struct _BoChartPicture BoChartPicture;

void bo_chart_picture_free (BoChartPicture *picture);
int bo_chart_picture_get_width (const BoChartPicture *picture);
int bo_chart_picture_get_height (const BoChartPicture *picture);
void bo_chart_picture_snapshot (const BoChartPicture *picture, GtkSnapshot *snapshot);
guint bo_chart_picture_get_n_targets (const BoChartPicture *picture);
const BoChartTarget *bo_chart_picture_get_target (const BoChartPicture *picture, guint index);
int bo_chart_picture_find_target (const BoChartPicture *picture, double x, double y);

void bo_chart_picture_make_async (BoChart *chart,
                                  const BoChartStyle *style,
                                  int width,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
BoChartPicture *bo_chart_picture_make_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoChartPicture, bo_chart_picture_free)

G_END_DECLS
