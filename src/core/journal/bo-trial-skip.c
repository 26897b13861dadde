/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-trial-skip"

#include "config.h"

#include "journal/bo-trial-recorder.h"
#include "study/bo-document-text.h"

/**
 * bo_trial_recorder_skip_after:
 * @self: the recorder of a trial that was not built
 * @other: the trial that it needs, or that decided for it
 *
 * A trial that waits for another that was cancelled or interrupted ends like that; else it is skipped.
 */
void
bo_trial_recorder_skip_after (BoTrialRecorder *self, BoTrial *other)
{
  BoTrial *trial = bo_trial_recorder_get_trial (self);
  const char *language = bo_trial_recorder_get_language (self);
  BoOutcome outcome = BO_OUTCOME_SKIPPED;
  const char *how = NULL;
  g_autofree char *reason = NULL;

  if (other->outcome == BO_OUTCOME_CANCELLED || other->outcome == BO_OUTCOME_INTERRUPTED)
    outcome = other->outcome;
  switch (other->outcome)
    {
    case BO_OUTCOME_TIMED_OUT:
      how = D_ (language, "timed out");
      break;
    case BO_OUTCOME_CANCELLED:
      how = D_ (language, "was cancelled");
      break;
    case BO_OUTCOME_INTERRUPTED:
      how = D_ (language, "was interrupted");
      break;
    case BO_OUTCOME_SKIPPED:
      how = D_ (language, "was skipped");
      break;
    case BO_OUTCOME_UNSUPPORTED:
      how = D_ (language, "is not supported");
      break;
    case BO_OUTCOME_PENDING:
    case BO_OUTCOME_RUNNING:
    case BO_OUTCOME_SUCCEEDED:
    case BO_OUTCOME_FAILED:
      how = D_ (language, "failed");
      break;
    }
  if (other->kind == BO_TRIAL_PREBUILD)
    /* TRANSLATORS: the name of a prebuild, then "failed" or the like. */
    reason = g_strdup_printf (D_ (language, "its prebuild %s %s"), other->prebuild, how);
  else if (g_strcmp0 (trial->chain, other->chain) != 0)
    /* TRANSLATORS: "failed" or the like, then a number. */
    reason = g_strdup_printf (D_ (language, "%s in repetition %u; not tried again"), how, other->repetition);
  else
    /* TRANSLATORS: "cold" or the like, then "failed" or the like. */
    reason = g_strdup_printf (D_ (language, "the %s build that it starts from %s"),
                              bo_condition_to_string (other->cell->condition), how);
  bo_trial_recorder_end (self, outcome, reason, NULL);
}

/**
 * bo_trial_recorder_skip:
 * @self: the recorder of a trial that was not built
 * @why: the courier's word
 */
void
bo_trial_recorder_skip (BoTrialRecorder *self, const char *why)
{
  const char *language = bo_trial_recorder_get_language (self);

  if (g_str_has_prefix (why, "stopping"))
    bo_trial_recorder_end (self, BO_OUTCOME_CANCELLED,
                           D_ (language, "the campaign was stopped before its turn"), NULL);
  else if (g_str_has_prefix (why, "removed"))
    bo_trial_recorder_end (self, BO_OUTCOME_CANCELLED, D_ (language, "taken out of the campaign"), NULL);
  else if (g_str_has_prefix (why, "engine"))
    bo_trial_recorder_end (self, BO_OUTCOME_INTERRUPTED, D_ (language, "the engine could not be reached"),
                           NULL);
  else
    bo_trial_recorder_end (self, BO_OUTCOME_INTERRUPTED,
                           D_ (language, "the connection to the engine was lost before its turn"), NULL);
}
