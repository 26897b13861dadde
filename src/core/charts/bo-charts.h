/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-chart.h"
#include "insight/bo-cell-summary.h"
#include "results/bo-campaign.h"
#include "results/bo-trial.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * The charts that there are. Each is made from records by a pure function;
 * one that has nothing to show says so.
 */

/**
 * BoChartInput: what charts are made from
 * @study: the study
 * @cells: (element-type BoCellSummary): its cells, in its order
 * @trials: (element-type BoTrial): the trials that may be put together, of all kinds
 * @campaigns: (element-type BoCampaign): newest first
 * @left_out: (nullable) (element-type utf8 utf8): trial id -> why it may not be put together with the others
 * @all_trials: (element-type BoTrial): those and the ones left out, for the trend
 * @best: (nullable): the cell that is best
 * @base: (nullable): the base of the trend, which has one line for each strategy; %NULL for the first of each
 * @builder: the builder of the trend, or -1 for the study's usual one
 * @locale: words and numbers of the charts
 */
typedef struct
{
  BoStudy *study;
  GPtrArray *cells;
  GPtrArray *trials;
  GPtrArray *campaigns;
  GHashTable *left_out;
  GPtrArray *all_trials;
  const BoCell *best;
  const char *base;
  int builder;
  BoChartLocale locale;
} BoChartInput;

BoChart *bo_chart_new_build_time (const BoChartInput *input, BoCondition condition);
BoChart *bo_chart_new_run_time (const BoChartInput *input);
BoChart *bo_chart_new_phases (const BoChartInput *input, BoCondition condition);
BoChart *bo_chart_new_steps (const BoChartInput *input, const BoCellSummary *cell);
BoChart *bo_chart_new_image_size (const BoChartInput *input);
BoChart *bo_chart_new_cuda (const BoChartInput *input);
BoChart *bo_chart_new_trend (const BoChartInput *input, BoCondition condition);
BoChart *
bo_chart_new_comparison (const BoChartInput *input, const BoCellSummary *from, const BoCellSummary *to);

G_END_DECLS
