/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "journal/bo-answer-head.h"
#include "journal/bo-recorder.h"

G_BEGIN_DECLS

/*
 * Makes the record of one trial from the requests that belong to it. Which
 * requests these are, and in which order they come, is the BoRecorder's affair.
 */
typedef struct _BoTrialRecorder BoTrialRecorder;

/**
 * BoMoment: when a message was written
 * @wall_us: wall clock, microseconds since 1970
 * @mono_us: the journal's monotonic clock
 */
typedef struct
{
  gint64 wall_us;
  gint64 mono_us;
} BoMoment;

typedef void (*BoTrialRecorderFunc) (BoTrialRecorder *recorder,
                                     BoChangeKind kind,
                                     guint index,
                                     const BoLogLine *line,
                                     gpointer user_data);

BoTrialRecorder *bo_trial_recorder_new (BoTrial *trial,
                                        const BoPlannedTrial *planned,
                                        const BoBaseImage *base,
                                        const char *language,
                                        guint keep_lines,
                                        BoTrialRecorderFunc func,
                                        gpointer user_data);
void bo_trial_recorder_free (BoTrialRecorder *recorder);
BoTrial *bo_trial_recorder_get_trial (BoTrialRecorder *recorder);
const char *bo_trial_recorder_get_language (BoTrialRecorder *recorder);
void bo_trial_recorder_set_keep_lines (BoTrialRecorder *recorder, guint lines);
gboolean bo_trial_recorder_is_building (BoTrialRecorder *recorder);
gboolean bo_trial_recorder_is_ended (BoTrialRecorder *recorder);

/* POST /build */
void bo_trial_recorder_begin (BoTrialRecorder *recorder, BoMoment now);
void bo_trial_recorder_sent (BoTrialRecorder *recorder, BoMoment now, gint64 bytes);
void bo_trial_recorder_data (BoTrialRecorder *recorder,
                             BoMoment now,
                             guint status,
                             const char *bytes,
                             gsize length);
void bo_trial_recorder_done (BoTrialRecorder *recorder,
                             BoMoment now,
                             guint status,
                             const char *word,
                             const char *detail);

/* What is told while it runs, and shortly after. */
void bo_trial_recorder_event (BoTrialRecorder *recorder, BoMoment now, JsonObject *event);
void bo_trial_recorder_signal (BoTrialRecorder *recorder);
void bo_trial_recorder_settled (BoTrialRecorder *recorder, const char *word);
void bo_trial_recorder_engine (BoTrialRecorder *recorder, gboolean answered);

/* Samples of the machine: the last before the build began, with what others did then, and those that follow. */
void bo_trial_recorder_watch (BoTrialRecorder *recorder,
                              const BoTelemetrySample *traits,
                              const BoTelemetrySample *sample,
                              gint64 time_us,
                              gint64 cpu_before);
void bo_trial_recorder_sample (BoTrialRecorder *recorder, BoMoment now, const BoTelemetrySample *sample);
void bo_trial_recorder_conclude (BoTrialRecorder *recorder);
gboolean bo_trial_recorder_is_watched (BoTrialRecorder *recorder);
gboolean bo_trial_recorder_get_span (BoTrialRecorder *recorder, gint64 *start_us, gint64 *end_us);

/* GET /images/… */
void bo_trial_recorder_image (BoTrialRecorder *recorder,
                              guint status,
                              const char *word,
                              const char *body,
                              gsize length);
void bo_trial_recorder_history (BoTrialRecorder *recorder, const char *body, gsize length);

void
bo_trial_recorder_end (BoTrialRecorder *recorder, BoOutcome outcome, const char *reason, const char *error);
/* What was not made at all */
void bo_trial_recorder_skip_after (BoTrialRecorder *recorder, BoTrial *other);
void bo_trial_recorder_skip (BoTrialRecorder *recorder, const char *why);

void bo_trial_recorder_add_phase (BoTrialRecorder *recorder,
                                  BoPhaseKind kind,
                                  BoMoment begin,
                                  gint64 end_us,
                                  gboolean with_pauses);

G_END_DECLS
