/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "study/bo-study.h"

G_BEGIN_DECLS

#define BO_TYPE_STUDY_WATCH (bo_study_watch_get_type ())
G_DECLARE_FINAL_TYPE (BoStudyWatch, bo_study_watch, BO, STUDY_WATCH, GObject)

/*
 * Notices when a study's file or one of its Dockerfiles is changed on disk:
 * written, replaced by another file as editors do, removed, or made again.
 *
 * Signal "changed" (GStrv paths): once for changes that follow each other
 * closely, with the absolute paths of the files that are not what they were.
 * It is emitted in the main context in which the watch was made.
 */

BoStudyWatch *bo_study_watch_new (const char *file);
void bo_study_watch_set_study (BoStudyWatch *self, BoStudy *study);
void bo_study_watch_set_interval (BoStudyWatch *self, guint interval_ms);
gboolean bo_study_watch_is_settling (BoStudyWatch *self);

G_END_DECLS
