/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "charts/bo-chart.h"

G_BEGIN_DECLS

#define BO_TYPE_CHART_CARD (bo_chart_card_get_type ())
G_DECLARE_FINAL_TYPE (BoChartCard, bo_chart_card, BO, CHART_CARD, GtkWidget)

BoChartCard *bo_chart_card_new (BoChart *chart);
void bo_chart_card_show_table (BoChartCard *self, gboolean table);

G_END_DECLS
