/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "journal/bo-build-log.h"
#include "journal/bo-engine-events.h"

G_BEGIN_DECLS

/*
 * The answer of POST /build, of either builder: what is in it decides, not
 * what was asked for, since an engine may give a classic answer to both.
 */
typedef struct _BoBuildAnswer BoBuildAnswer;

BoBuildAnswer *bo_build_answer_new (BoBuildLog *log, gint64 floor_us);
void bo_build_answer_free (BoBuildAnswer *answer);

void bo_build_answer_feed (BoBuildAnswer *answer, const char *bytes, gsize length, gint64 time_us);
void bo_build_answer_finish (BoBuildAnswer *answer, gint64 time_us);
void bo_build_answer_correct (BoBuildAnswer *answer, BoEngineEvents *events);

const char *bo_build_answer_get_image (BoBuildAnswer *answer);
const char *bo_build_answer_get_error (BoBuildAnswer *answer);
gint64 bo_build_answer_get_result_time (BoBuildAnswer *answer);
gboolean bo_build_answer_has_container (BoBuildAnswer *answer, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoBuildAnswer, bo_build_answer_free)

G_END_DECLS
