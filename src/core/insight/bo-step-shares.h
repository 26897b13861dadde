/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-trial.h"

G_BEGIN_DECLS

/*
 * How a build's time divides among its steps, so that the parts add up to the
 * whole, to the microsecond. BuildKit runs steps beside one another: their
 * durations add up to more than the build took, so each moment is divided
 * among the steps that were under way in it.
 */

gint64 *bo_trial_share_steps (const BoTrial *trial, gint64 *rest);

/**
 * BoStepDifferenceKind:
 * @BO_STEP_BOTH: the same step is in both builds
 * @BO_STEP_ONLY_FROM: it is in the first alone
 * @BO_STEP_ONLY_TO: it is in the second alone
 * @BO_STEP_REST: the time in which no step was under way
 */
typedef enum
{
  BO_STEP_BOTH,
  BO_STEP_ONLY_FROM,
  BO_STEP_ONLY_TO,
  BO_STEP_REST,
} BoStepDifferenceKind;

/**
 * BoStepDifference: one step of two builds
 * @kind: where it is
 * @instruction: (nullable): its text, NULL for the rest
 * @stage: (nullable): its stage
 * @from_us: its share of the first build, 0 when it is not in it
 * @to_us: its share of the second build, 0 when it is not in it
 */
typedef struct
{
  BoStepDifferenceKind kind;
  char *instruction;
  char *stage;
  gint64 from_us;
  gint64 to_us;
} BoStepDifference;

char *bo_step_get_key (const BoStep *step);
GPtrArray *bo_trial_compare_steps (const BoTrial *from, const BoTrial *to);

G_END_DECLS
