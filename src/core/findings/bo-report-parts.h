/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "findings/bo-report.h"
#include "study/bo-document-text.h"

G_BEGIN_DECLS

/*
 * The parts that bo_report_new() puts a report together from, in this order.
 * Each adds its own fields and reads those of the parts before it. For the
 * files of this folder alone.
 */

typedef struct
{
  BoReport *report;
  const BoReportInput *input;
  BoStudy *study;
  const char *language;
  /* (element-type BoTrial): the trials that are comparable; those that are not became exclusions */
  GPtrArray *trials;
} BoReportMaker;

void bo_report_add_trials (BoReportMaker *maker);
void bo_report_add_cells (BoReportMaker *maker);
void bo_report_add_rows (BoReportMaker *maker);
void bo_report_add_prebuilds (BoReportMaker *maker);
void bo_report_add_points (BoReportMaker *maker);
void bo_report_add_failures (BoReportMaker *maker);
void bo_report_add_exclusions (BoReportMaker *maker);
void bo_report_add_environment (BoReportMaker *maker);
void bo_report_add_method (BoReportMaker *maker);
void bo_report_add_dockerfiles (BoReportMaker *maker);

/* What several parts need. */
const BoStrategy *bo_report_find_strategy (const BoReportMaker *maker, const char *id);
const char *bo_report_get_strategy_title (const BoReportMaker *maker, const char *id);
const char *bo_report_get_base_title (const BoReportMaker *maker, const char *id);
const BoReportCell *bo_report_find_cell (const BoReportMaker *maker, const BoCell *cell);
const BoPlannedTrial *bo_report_find_planned (const BoReportMaker *maker, const BoCell *cell);
const BoTrial *bo_report_find_trial (const BoReportMaker *maker, const char *id);
GPtrArray *bo_report_get_prebuild_trials (const BoReportMaker *maker, const BoCell *cell);
char *bo_report_describe_cell (const BoReportMaker *maker, const BoCell *cell);
char *bo_report_describe_trial (const BoReportMaker *maker, const BoTrial *trial);
char *bo_report_describe_stop (const BoReportMaker *maker, const BoTrial *trial);
char *bo_report_describe_reason (const BoReportMaker *maker, const BoTrial *trial, gsize max);
char *bo_report_describe_cuda (const BoReportMaker *maker, const BoProbeSummary *probe, gboolean with_reason);
BoDiagnosis *bo_report_diagnose (const BoReportMaker *maker, const BoTrial *trial, gboolean *owned);
char *bo_report_shorten (const char *text, gsize max);
void bo_report_append_part (GString *text, const char *part);

G_END_DECLS
