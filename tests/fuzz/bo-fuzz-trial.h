/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "journal/bo-build-log.h"
#include "results/bo-trial.h"

/* What the targets that make records of trials check in each of them. */

#define BO_FUZZ_KEEP_LINES 5
/* Stands between a record and its log in bo_fuzz_trial_to_text(). */
#define BO_FUZZ_LOG_MARK "\nlog:"

void bo_fuzz_trial_check (const BoTrial *trial);
char *bo_fuzz_trial_to_text (const BoTrial *trial);
void bo_fuzz_trial_line_cb (BoBuildLogEvent event, guint index, const BoLogLine *line, gpointer user_data);
