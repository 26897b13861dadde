/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "study/bo-problem.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * Whether the files that a study names are there and fit it: what a study's
 * text alone does not tell, since it takes the Dockerfile's parser and the
 * rule of what is sent.
 */

void bo_study_check_files (BoStudy *study, GCancellable *cancellable, BoProblems *problems);

G_END_DECLS
