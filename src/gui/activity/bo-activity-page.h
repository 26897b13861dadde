/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "activity/bo-queue-view.h"
#include "activity/bo-stage-view.h"
#include "activity/bo-trial-view.h"
#include "bo-open-study.h"

G_BEGIN_DECLS

#define BO_TYPE_ACTIVITY_PAGE (bo_activity_page_get_type ())
G_DECLARE_FINAL_TYPE (BoActivityPage, bo_activity_page, BO, ACTIVITY_PAGE, GtkWidget)

/*
 * The campaign that runs, or the latest one: its queue, and one of its trials. An earlier one is shown when one of
 * its trials is asked for, until a campaign begins or "activity.show-latest" is activated.
 *
 * Actions "activity.show-queue" and "activity.show-trial": which of the two is seen where there is room for one.
 */
void bo_activity_page_set_open_study (BoActivityPage *self, BoOpenStudy *study);
void bo_activity_page_show_trial (BoActivityPage *self, const char *trial_id);

/* What bo_activity_page_set_open_study() does with what the study tells. */
void bo_activity_page_set_state (BoActivityPage *self, BoActivityState *state);
void bo_activity_page_take_change (BoActivityPage *self, const BoChange *change);

gboolean bo_activity_page_is_loading (BoActivityPage *self);
const BoActivityState *bo_activity_page_get_state (BoActivityPage *self);
BoQueueView *bo_activity_page_get_queue (BoActivityPage *self);
BoTrialView *bo_activity_page_get_trial_view (BoActivityPage *self);
BoStageView *bo_activity_page_get_stage_view (BoActivityPage *self);

G_END_DECLS
