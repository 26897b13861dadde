/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "findings/bo-report.h"
#include "results/bo-chart-card.h"
#include "results/bo-chooser.h"
#include "results/bo-results-content.h"

G_BEGIN_DECLS

#define BO_TYPE_RESULTS_PAGE (bo_results_page_get_type ())
G_DECLARE_FINAL_TYPE (BoResultsPage, bo_results_page, BO, RESULTS_PAGE, GtkWidget)

/*
 * Actions: "results.condition", "results.base", "results.builder" with what is chosen ("cold", an id, "classic"; ""
 * for all), "results.compare" with the keys of two cells, "results.parts" with the key of one, or "".
 */
void bo_results_page_set_report (BoResultsPage *self, BoReport *report);
gboolean bo_results_page_is_ready (BoResultsPage *self);
const BoResultsContent *bo_results_page_get_content (BoResultsPage *self);
BoChartCard *bo_results_page_get_card (BoResultsPage *self, BoResultsCard card);

G_END_DECLS
