/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "results/bo-chart-export.h"
#include "results/bo-chart-numbers.h"
#include "results/bo-chart-view.h"

G_BEGIN_DECLS

#define BO_TYPE_CHART_CARD (bo_chart_card_get_type ())
G_DECLARE_FINAL_TYPE (BoChartCard, bo_chart_card, BO, CHART_CARD, GtkWidget)

/*
 * Actions: "chart.show-table", "chart.save" with "svg" or "png", "chart.copy-picture", "chart.copy-numbers".
 */
BoChartCard *bo_chart_card_new (BoChart *chart);
void bo_chart_card_set_chart (BoChartCard *self, BoChart *chart);
BoChart *bo_chart_card_get_chart (BoChartCard *self);
void bo_chart_card_set_says (BoChartCard *self, const char *text);
void bo_chart_card_add_control (BoChartCard *self, GtkWidget *control);
void bo_chart_card_show_table (BoChartCard *self, gboolean table);
BoChartView *bo_chart_card_get_view (BoChartCard *self);
BoChartNumbers *bo_chart_card_get_numbers (BoChartCard *self);
void bo_chart_card_save (BoChartCard *self, BoChartFormat format, GFile *file);

G_END_DECLS
