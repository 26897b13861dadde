/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-chart.h"
#include "findings/bo-report-scope.h"

G_BEGIN_DECLS

GPtrArray *bo_report_make_charts (const BoReport *report);
GPtrArray *bo_report_make_charts_for (const BoReport *report, const BoChartLocale *locale);
GPtrArray *bo_report_make_charts_within (const BoReport *report,
                                         const BoReportScope *scope,
                                         const BoChartLocale *locale);
BoChart *bo_report_make_phases (const BoReport *report, const BoReportScope *scope, const BoChartLocale *locale);
BoChart *bo_report_make_steps (const BoReport *report, const BoCell *cell, const BoChartLocale *locale);
BoChart *bo_report_make_comparison (const BoReport *report,
                                    const BoCell *from,
                                    const BoCell *to,
                                    const BoChartLocale *locale);
gboolean bo_report_find_pair (const BoReport *report, const BoCell **from, const BoCell **to);

char *bo_report_get_charts_folder (const char *document);
char *bo_report_charts_to_markdown (GPtrArray *charts, const char *folder);
gboolean bo_report_charts_save (GPtrArray *charts, const char *folder, GError **error);

G_END_DECLS
