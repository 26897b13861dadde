/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-chart.h"

G_BEGIN_DECLS

/*
 * Rows of runs: each run a mark, and a bar to their median. For the files of
 * this folder.
 */

/**
 * BoChartRunKind: how a run ended
 */
typedef enum
{
  BO_CHART_RUN_OK,
  BO_CHART_RUN_DISTURBED,
  BO_CHART_RUN_FAILED,
  BO_CHART_RUN_TIMED_OUT,
} BoChartRunKind;

void bo_chart_add_run_looks (BoChart *chart);
void bo_chart_add_run (BoChart *chart,
                       BoChartRow *row,
                       BoChartRunKind kind,
                       gboolean baseline,
                       gint64 time_us,
                       char *text);
void bo_chart_add_median (BoChart *chart,
                          BoChartRow *row,
                          gboolean baseline,
                          gint64 median_us,
                          guint n,
                          const char *name);
void bo_chart_fit_runs (BoChart *chart, gint64 longest_us, gint64 stopped_us);

G_END_DECLS
