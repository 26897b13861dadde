/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "matrix/bo-matrix.h"

G_BEGIN_DECLS

/*
 * All that a study's window shows, read from the study file and the store in a
 * thread.
 */

/**
 * BoStudyResultsError:
 * @BO_STUDY_RESULTS_ERROR_STUDY: the study cannot be used; the message has every problem, a line each
 * @BO_STUDY_RESULTS_ERROR_BUSY: a campaign of it runs already
 */
typedef enum
{
  BO_STUDY_RESULTS_ERROR_STUDY,
  BO_STUDY_RESULTS_ERROR_BUSY,
} BoStudyResultsError;

#define BO_STUDY_RESULTS_ERROR (bo_study_results_error_quark ())
GQuark bo_study_results_error_quark (void);

/**
 * BoStudyResults:
 * @matrix: the matrix; it holds the study
 * @report: (nullable): what the results say, in the study's language, or %NULL when nothing has ended yet: of the
 *   newest campaign that has results on the device, or else (@measured_on) on any device
 * @campaign: (nullable): the latest campaign that has not ended, on the device if there is one there, or else the
 *   latest
 * @campaign_trials: (nullable) (element-type BoTrial): its records, in the order of its script
 * @unfinished: (nullable): id of @campaign when it has not ended as far as is known here
 * @missing: (element-type BoCell): cells without an undisturbed success on the device (bo_cells_find_missing())
 * @estimates: (element-type utf8 BoEstimate): what builds take on the device, by bo_estimate_get_key()
 * @estimates_device: (nullable): URL of the device that @estimates are of
 * @campaign_estimates: (nullable) (element-type utf8 BoEstimate): the same on the device of the session, or else of
 *   @campaign
 * @campaign_estimates_device: (nullable): URL of the device that @campaign_estimates are of
 * @notes: (element-type utf8 utf8): the user's notes, as the store has them
 * @device: (nullable): URL of the device that @campaign ran on
 * @measured_on: (nullable): URL of the device that @report is of, when that is not the device
 * @remark: (nullable): why there are no results though there may be some
 */
typedef struct
{
  BoMatrix *matrix;
  BoReport *report;
  BoCampaign *campaign;
  GPtrArray *campaign_trials;
  char *unfinished;
  GPtrArray *missing;
  GHashTable *estimates;
  char *estimates_device;
  GHashTable *campaign_estimates;
  char *campaign_estimates_device;
  GHashTable *notes;
  char *device;
  char *measured_on;
  char *remark;
} BoStudyResults;

void bo_study_results_free (BoStudyResults *results);
void bo_study_results_load_async (GFile *file,
                                  const char *device,
                                  const char *session_device,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
BoStudyResults *bo_study_results_load_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudyResults, bo_study_results_free)

G_END_DECLS
