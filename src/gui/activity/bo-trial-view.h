/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "activity/bo-activity-state.h"
#include "activity/bo-log-view.h"
#include "activity/bo-machine-view.h"
#include "activity/bo-step-list.h"

G_BEGIN_DECLS

#define BO_TYPE_TRIAL_VIEW (bo_trial_view_get_type ())
G_DECLARE_FINAL_TYPE (BoTrialView, bo_trial_view, BO, TRIAL_VIEW, GtkWidget)

/*
 * One trial: what it is, its phases and steps, its log, and what the machine
 * was like. Property "narrow": whether there is room for one of these at a time.
 */
void bo_trial_view_show (BoTrialView *self, const BoActivityState *state, const char *trial_id);
void bo_trial_view_tick (BoTrialView *self, const BoActivityState *state, gint64 journal_us);
void bo_trial_view_take_sample (BoTrialView *self, const BoTelemetrySample *sample);
void bo_trial_view_set_narrow (BoTrialView *self, gboolean narrow);

const char *bo_trial_view_get_trial (BoTrialView *self);
BoStepList *bo_trial_view_get_steps (BoTrialView *self);
BoMachineView *bo_trial_view_get_machine (BoTrialView *self);

gint64 bo_trial_view_find_elapsed (const BoActivityState *state, const BoTrial *trial, gint64 journal_us);

G_END_DECLS
