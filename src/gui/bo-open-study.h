/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-study-results.h"
#include "session/bo-session.h"

G_BEGIN_DECLS

#define BO_TYPE_OPEN_STUDY (bo_open_study_get_type ())
G_DECLARE_FINAL_TYPE (BoOpenStudy, bo_open_study, BO, OPEN_STUDY, GObject)

/*
 * The study that a window has open: the file as it is now, its results, the
 * device that it is built on, and the campaign that runs now. The pages show
 * what this says and ask it for what is to happen; they do not know each other.
 * To be used in the main thread.
 *
 * Signal "loaded" (no arguments): bo_open_study_get_results() are other ones, or
 *   bo_open_study_get_error() says why the study cannot be used; then the results are the last ones that could.
 * Signal "device-changed" (no arguments): bo_open_study_get_device() is another one.
 * Signal "session-changed" (no arguments): there is a session, or none any more, or its stage, its progress
 *   or the state of its link is another one.
 * Signal "change" (gpointer change): a BoChange of the session's records, at once, valid during the call; for a log
 *   there may be 50 000 a second.
 * Signal "records-changed" (no arguments): records of the session's campaign are other ones; at most
 *   four times a second, and once more when the session has ended.
 * Signal "notice" (const char *text): something that a person should know, in plain words.
 * Signal "session-ended" (no arguments): the session is still there and says how it went; afterwards the results
 *   are loaded anew.
 */
BoOpenStudy *bo_open_study_new (GFile *file);
void bo_open_study_close (BoOpenStudy *self);

GFile *bo_open_study_get_file (BoOpenStudy *self);
void bo_open_study_load (BoOpenStudy *self);
gboolean bo_open_study_is_loading (BoOpenStudy *self);
BoStudyResults *bo_open_study_get_results (BoOpenStudy *self);
const GError *bo_open_study_get_error (BoOpenStudy *self);
GHashTable *bo_open_study_get_estimates (BoOpenStudy *self);
BoStore *bo_open_study_get_store (BoOpenStudy *self, GError **error);

const char *bo_open_study_get_device (BoOpenStudy *self);
void bo_open_study_set_device (BoOpenStudy *self, const char *device);

BoSession *bo_open_study_get_session (BoOpenStudy *self);
gboolean bo_open_study_is_running (BoOpenStudy *self);
gboolean bo_open_study_can_detach (BoOpenStudy *self);
BoCampaign *bo_open_study_get_campaign (BoOpenStudy *self);
GPtrArray *bo_open_study_get_trials (BoOpenStudy *self);
gboolean bo_open_study_run (BoOpenStudy *self, GPtrArray *cells, guint repetitions, BoPlace place, GError **error);
gboolean bo_open_study_attach (BoOpenStudy *self, const char *campaign_id, GError **error);
void bo_open_study_stop (BoOpenStudy *self, gboolean now);
gboolean bo_open_study_detach (BoOpenStudy *self);

G_END_DECLS
