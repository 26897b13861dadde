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
 */
typedef enum
{
  BO_STUDY_RESULTS_ERROR_STUDY,
} BoStudyResultsError;

#define BO_STUDY_RESULTS_ERROR (bo_study_results_error_quark ())
GQuark bo_study_results_error_quark (void);

/**
 * BoStudyResults:
 * @matrix: the matrix; it holds the study
 * @charts: (element-type BoChart): those that have something to show
 * @device: (nullable): where the latest campaign ran
 * @created_us: when that was planned, wall clock, or -1
 * @remark: (nullable): why there are no results though there may be some
 */
typedef struct
{
  BoMatrix *matrix;
  GPtrArray *charts;
  char *device;
  gint64 created_us;
  char *remark;
} BoStudyResults;

void bo_study_results_free (BoStudyResults *results);
void bo_study_results_load_async (GFile *file,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
BoStudyResults *bo_study_results_load_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudyResults, bo_study_results_free)

G_END_DECLS
