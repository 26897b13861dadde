/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bench/bo-plan-estimate.h"
#include "charts/bo-chart-locale.h"

G_BEGIN_DECLS

/**
 * BoMatrixForecast: what running a selection comes to, by what earlier campaigns took
 * @n_cells: cells of the selection
 * @n_trials: trials that would count
 * @n_builds: builds in all, with those that only prime and the prebuilds
 * @estimate: time and disk
 */
typedef struct
{
  guint n_cells;
  guint n_trials;
  guint n_builds;
  BoPlanEstimate estimate;
} BoMatrixForecast;

BoMatrixForecast bo_matrix_forecast (BoStudy *study,
                                     GPtrArray *cells,
                                     guint repetitions,
                                     const BoCampaign *earlier,
                                     GHashTable *estimates);
char *bo_matrix_forecast_describe (const BoMatrixForecast *forecast, const BoChartLocale *locale);

G_END_DECLS
