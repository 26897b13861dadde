/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "charts/bo-chart.h"

G_BEGIN_DECLS

#define BO_TYPE_CHART_NUMBERS (bo_chart_numbers_get_type ())
G_DECLARE_FINAL_TYPE (BoChartNumbers, bo_chart_numbers, BO, CHART_NUMBERS, GtkWidget)

void bo_chart_numbers_set_chart (BoChartNumbers *self, BoChart *chart);
GtkColumnView *bo_chart_numbers_get_view (BoChartNumbers *self);
char *bo_chart_numbers_to_tsv (BoChartNumbers *self);

G_END_DECLS
