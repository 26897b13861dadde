/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "charts/bo-chart.h"
#include "findings/bo-report-insights.h"

G_BEGIN_DECLS

/* What the page of results shows, made in a thread. */

/**
 * BoResultsCard: what there is a card for, in the order in which they stand
 */
typedef enum
{
  BO_RESULTS_BUILD_TIME,
  BO_RESULTS_COMPARISON,
  BO_RESULTS_PARTS,
  BO_RESULTS_IMAGE_SIZE,
  BO_RESULTS_CUDA,
  BO_RESULTS_RUN_TIME,
  BO_RESULTS_TREND,
  BO_N_RESULTS_CARDS,
} BoResultsCard;

/**
 * BoResultsChoice: a cell that can be chosen
 * @key: bo_cell_get_key()
 * @title: for people
 * @has_time: whether a build of it succeeded
 */
typedef struct
{
  char *key;
  char *title;
  gboolean has_time;
} BoResultsChoice;

/**
 * BoResultsRequest: what is looked at
 * @condition, @builder: or -1 for what is usual, or all
 * @base: (nullable): id, or %NULL for all
 * @from, @to: (nullable): keys of the cells to compare, or %NULL for the baseline and the best
 * @parts: (nullable): key of the cell whose steps are shown, or %NULL for the phases of all
 */
typedef struct
{
  int condition;
  char *base;
  int builder;
  char *from;
  char *to;
  char *parts;
} BoResultsRequest;

/**
 * BoResultsContent:
 * @report: in the user's language
 * @request: what was looked at; what was not said there is filled in
 * @charts: by #BoResultsCard; %NULL where there is nothing to show
 * @says: by #BoResultsCard: (nullable): what the chart says
 * @conditions, @builders: (element-type int): those that anything was tried with
 * @bases: (element-type utf8): ids of those
 * @choices: (element-type BoResultsChoice): cells that were tried
 * @insights: (element-type BoReportInsight): what the numbers say
 */
typedef struct
{
  BoReport *report;
  BoResultsRequest request;
  BoChart *charts[BO_N_RESULTS_CARDS];
  char *says[BO_N_RESULTS_CARDS];
  GArray *conditions;
  GArray *builders;
  GPtrArray *bases;
  GPtrArray *choices;
  GPtrArray *insights;
} BoResultsContent;

void bo_results_request_clear (BoResultsRequest *request);
void bo_results_content_free (BoResultsContent *content);
const char *bo_results_content_get_base_title (const BoResultsContent *content, const char *base);
void bo_results_content_make_async (BoReport *report,
                                    const BoResultsRequest *request,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
BoResultsContent *bo_results_content_make_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoResultsContent, bo_results_content_free)

G_END_DECLS
