/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "study/bo-problem.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

void bo_study_check_secrets (BoStudy *study, BoProblems *problems);

G_END_DECLS
