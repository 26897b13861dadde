/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "results/bo-campaign.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

/**
 * BoStepState: how a step stands
 * @BO_STEP_TO_COME: it has not begun
 * @BO_STEP_RUNNING: it is under way
 * @BO_STEP_DONE: it has ended
 * @BO_STEP_SLOWEST: it has ended, and none took longer
 * @BO_STEP_CACHED: the engine took it from its cache
 * @BO_STEP_FAILED: the build ended here
 */
typedef enum
{
  BO_STEP_TO_COME,
  BO_STEP_RUNNING,
  BO_STEP_DONE,
  BO_STEP_SLOWEST,
  BO_STEP_CACHED,
  BO_STEP_FAILED,
} BoStepState;

#define BO_TYPE_STEP_ITEM (bo_step_item_get_type ())
G_DECLARE_FINAL_TYPE (BoStepItem, bo_step_item, BO, STEP_ITEM, GObject)

/*
 * A step of a build on the timeline.
 *
 * Signal "changed" (no arguments)
 */
BoStepItem *bo_step_item_new (int index, guint number, const char *instruction);
void bo_step_item_update (BoStepItem *self,
                          BoStepState state,
                          const BoStep *step,
                          gint64 now_us,
                          gint64 axis_us);

int bo_step_item_get_index (BoStepItem *self);
guint bo_step_item_get_number (BoStepItem *self);
const char *bo_step_item_get_instruction (BoStepItem *self);
BoStepState bo_step_item_get_state (BoStepItem *self);
const char *bo_step_item_get_time (BoStepItem *self);
char *bo_step_item_describe (BoStepItem *self);
void bo_step_item_get_span (BoStepItem *self, double *start, double *end);

G_END_DECLS
