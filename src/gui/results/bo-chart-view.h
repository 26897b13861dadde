/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "charts/bo-chart.h"

G_BEGIN_DECLS

#define BO_TYPE_CHART_VIEW (bo_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (BoChartView, bo_chart_view, BO, CHART_VIEW, GtkWidget)

void bo_chart_view_set_chart (BoChartView *self, BoChart *chart);
gboolean bo_chart_view_is_ready (BoChartView *self);
guint bo_chart_view_get_n_marks (BoChartView *self);
int bo_chart_view_get_mark (BoChartView *self);
const char *bo_chart_view_get_mark_text (BoChartView *self);

G_END_DECLS
