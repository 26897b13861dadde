/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-application.h"
#include "bo-open-study.h"
#include "findings/bo-findings-page.h"
#include "activity/bo-activity-page.h"
#include "matrix/bo-matrix-page.h"
#include "shell/bo-link-bar.h"

G_BEGIN_DECLS

#define BO_TYPE_STUDY_WINDOW (bo_study_window_get_type ())
G_DECLARE_FINAL_TYPE (BoStudyWindow, bo_study_window, BO, STUDY_WINDOW, AdwApplicationWindow)

BoStudyWindow *bo_study_window_new (BoApplication *application, GFile *file);
GFile *bo_study_window_get_file (BoStudyWindow *self);
BoOpenStudy *bo_study_window_get_open_study (BoStudyWindow *self);
BoFindingsPage *bo_study_window_get_findings_page (BoStudyWindow *self);
BoActivityPage *bo_study_window_get_activity_page (BoStudyWindow *self);
BoLinkBar *bo_study_window_get_link_bar (BoStudyWindow *self);
BoMatrixPage *bo_study_window_get_matrix_page (BoStudyWindow *self);
gboolean bo_study_window_is_loading (BoStudyWindow *self);

G_END_DECLS
