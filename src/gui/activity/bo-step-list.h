/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "activity/bo-step-item.h"

G_BEGIN_DECLS

#define BO_TYPE_STEP_LIST (bo_step_list_get_type ())
G_DECLARE_FINAL_TYPE (BoStepList, bo_step_list, BO, STEP_LIST, GtkWidget)

/*
 * The steps of a build under each other, with what they took as bars on one
 * timeline. It scrolls to the one that runs.
 *
 * Signal "step" (guint index): a step was picked; an index in the steps of the record.
 */
void bo_step_list_set_trial (BoStepList *self,
                             const BoTrial *trial,
                             const BoPlannedTrial *planned,
                             gint64 now_us,
                             gint64 expected_us);
void bo_step_list_set_tall (BoStepList *self, gboolean tall);
GListModel *bo_step_list_get_model (BoStepList *self);

G_END_DECLS
