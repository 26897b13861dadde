/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-chart.h"
#include "findings/bo-report-scope.h"

G_BEGIN_DECLS

/*
 * What the numbers say, one statement at a time, for a reader who looks at a
 * part of a report. Times are compared by the claims of the report alone; the
 * others tell what was measured, and what would follow from it.
 */

/**
 * BoInsightKind:
 * @BO_INSIGHT_COMPARISON: a cell against the baseline
 * @BO_INSIGHT_SLOW_STEP: a step that takes much of its build
 * @BO_INSIGHT_CACHE: time that the build cache does not save, though it could
 * @BO_INSIGHT_FAILURE: why builds did not succeed
 */
typedef enum
{
  BO_INSIGHT_COMPARISON,
  BO_INSIGHT_SLOW_STEP,
  BO_INSIGHT_CACHE,
  BO_INSIGHT_FAILURE,
} BoInsightKind;

#define BO_N_INSIGHT_KINDS 4

/**
 * BoCertainty: how much a comparison holds
 * @BO_CERTAINTY_MEASURED: nothing is compared; it was measured
 * @BO_CERTAINTY_TOO_FEW: too few runs to say anything
 * @BO_CERTAINTY_NOT_SHOWN: these runs show no difference
 * @BO_CERTAINTY_PAIRS: all interleaved pairs agree; too few runs for a test
 * @BO_CERTAINTY_TESTED: a test shows it
 */
typedef enum
{
  BO_CERTAINTY_MEASURED,
  BO_CERTAINTY_TOO_FEW,
  BO_CERTAINTY_NOT_SHOWN,
  BO_CERTAINTY_PAIRS,
  BO_CERTAINTY_TESTED,
} BoCertainty;

const char *bo_certainty_get_title (BoCertainty certainty, const char *language);

/**
 * BoReportInsight:
 * @subject: what it is about: a strategy, with what tells the cell from others
 * @headline: a few words: a time, or what happened
 * @text: a sentence or more, without an end stop
 * @detail: (nullable): an instruction, or a line of a log
 * @advice: (nullable): what to do
 * @trial: (nullable): id of the trial that it was read from
 * @user_line: line in the user's Dockerfile, or 0
 * @time_us: how long the step takes, or how much could be saved; -1
 * @better: for a comparison: whether it takes less time than the baseline
 */
typedef struct
{
  BoInsightKind kind;
  BoCertainty certainty;
  char *subject;
  char *headline;
  char *text;
  char *detail;
  char *advice;
  char *trial;
  guint user_line;
  gint64 time_us;
  gboolean better;
} BoReportInsight;

char *bo_report_get_cell_title (const BoReport *report, const BoCell *cell);
GPtrArray *
bo_report_get_insights (const BoReport *report, const BoReportScope *scope, const BoChartLocale *locale);
char *bo_report_say_build_time (const BoReport *report, const BoReportScope *scope);
char *bo_report_say_image_size (const BoReport *report, const BoReportScope *scope, const BoChartLocale *locale);
char *bo_report_say_cuda (const BoReport *report, const BoReportScope *scope);
char *bo_report_say_comparison (const BoReport *report, const BoCell *from, const BoCell *to, const BoChart *chart);

G_END_DECLS
