/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "charts/bo-chart.h"

G_BEGIN_DECLS

#define BO_TYPE_CHART_VIEW (bo_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (BoChartView, bo_chart_view, BO, CHART_VIEW, GtkWidget)

void bo_chart_view_set_chart (BoChartView *self, BoChart *chart);

G_END_DECLS
