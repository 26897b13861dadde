/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-charts.h"
#include "study/bo-document-text.h"

G_BEGIN_DECLS

/*
 * How cells and trials are called in charts. For the files of this folder.
 */

const char *bo_chart_get_strategy_title (const BoChartInput *input, const char *id);
const char *bo_chart_get_base_title (const BoChartInput *input, const char *id);
const char *bo_chart_get_condition_title (const BoChartInput *input, BoCondition condition);
char *bo_chart_describe_variant (const BoChartInput *input, const BoCell *cell);
gboolean bo_chart_is_best (const BoChartInput *input, const BoCell *cell);
void bo_chart_explain_variants (const BoChartInput *input, BoChart *chart);
char *bo_chart_describe_repetition (const BoChartInput *input, const BoTrial *trial);
char *bo_chart_describe_end (const BoChartInput *input, const BoTrial *trial);
char *bo_chart_describe_flags (const BoTrial *trial);
char *bo_chart_one_line (const char *text, gsize max);
GPtrArray *bo_chart_select_cells (const BoChartInput *input, BoCondition condition);
GPtrArray *bo_chart_select_images (const BoChartInput *input);
gboolean bo_chart_trial_has_time (const BoTrial *trial);
void bo_chart_describe_rows (BoChart *chart, const char *sentence);

G_END_DECLS
