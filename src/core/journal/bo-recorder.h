/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "journal/bo-journal-reader.h"
#include "journal/bo-telemetry.h"
#include "results/bo-campaign.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

/*
 * The recorder reads a journal's messages in order and makes the records of
 * them. It keeps no clock and asks nobody, so the same messages give the same
 * records, now and in ten years.
 */

/* How many lines of a step's log stay in memory, unless told otherwise. */
#define BO_RECORDER_KEEP_LINES 40

/**
 * BoChangeKind: what became different
 * @BO_CHANGE_CAMPAIGN: the state of the campaign
 * @BO_CHANGE_TRIAL: outcome, phase or image of a trial
 * @BO_CHANGE_STEP: a step began, ended or turned out to be cached
 * @BO_CHANGE_LOG: a step has a line more
 * @BO_CHANGE_PROBE: a probe has an answer, or a run more
 * @BO_CHANGE_TELEMETRY: there is another sample of the machine
 */
typedef enum
{
  BO_CHANGE_CAMPAIGN,
  BO_CHANGE_TRIAL,
  BO_CHANGE_STEP,
  BO_CHANGE_LOG,
  BO_CHANGE_PROBE,
  BO_CHANGE_TELEMETRY,
} BoChangeKind;

/**
 * BoChange: one thing that became different
 * @kind: what
 * @trial: (nullable): the trial; NULL for @BO_CHANGE_CAMPAIGN and @BO_CHANGE_TELEMETRY
 * @index: of the step or the probe in @trial; for @BO_CHANGE_LOG the step
 * @line: (nullable): the new line, for @BO_CHANGE_LOG; valid during the call
 * @sample: (nullable): for @BO_CHANGE_TELEMETRY; valid during the call
 * @wall_us: wall clock of the journal's message
 * @monotonic_us: its monotonic clock
 */
typedef struct
{
  BoChangeKind kind;
  BoTrial *trial;
  guint index;
  const BoLogLine *line;
  const BoTelemetrySample *sample;
  gint64 wall_us;
  gint64 monotonic_us;
} BoChange;

typedef struct _BoRecorder BoRecorder;

typedef void (*BoRecorderFunc) (BoRecorder *recorder, const BoChange *change, gpointer user_data);

BoRecorder *bo_recorder_new (BoCampaign *campaign);
void bo_recorder_free (BoRecorder *recorder);

void bo_recorder_set_func (BoRecorder *recorder, BoRecorderFunc func, gpointer user_data, GDestroyNotify destroy);
void bo_recorder_set_keep_lines (BoRecorder *recorder, guint lines);

void bo_recorder_feed (BoRecorder *recorder, const BoJournalMessage *message);
void bo_recorder_finish (BoRecorder *recorder);

BoCampaign *bo_recorder_get_campaign (BoRecorder *recorder);
BoCampaignState bo_recorder_get_state (BoRecorder *recorder);
const char *bo_recorder_get_end_reason (BoRecorder *recorder);
GPtrArray *bo_recorder_get_trials (BoRecorder *recorder);
BoTrial *bo_recorder_get_trial (BoRecorder *recorder, const char *id);
BoTrial *bo_recorder_get_running (BoRecorder *recorder);
gboolean bo_recorder_get_phase (BoRecorder *recorder, BoPhaseKind *phase, gint64 *since_monotonic_us);
guint64 bo_recorder_get_last_number (BoRecorder *recorder);
const BoTelemetrySample *bo_recorder_get_sample (BoRecorder *recorder);
gboolean bo_recorder_get_build_span (BoRecorder *recorder, const char *id, gint64 *start_us, gint64 *end_us);

GPtrArray *bo_journal_read_trials (const char *folder, BoCampaign *campaign, BoCampaignState *state, GError **error);
GPtrArray *bo_journal_read_running (const char *folder, BoCampaign *campaign, GError **error);

/**
 * BoLogFunc:
 * @step: the step that the line belongs to
 * @line: the line
 *
 * Returns: whether to go on
 */
typedef gboolean (*BoLogFunc) (const BoStep *step, const BoLogLine *line, gpointer user_data);

gboolean bo_journal_read_log (const char *folder,
                              BoCampaign *campaign,
                              const char *trial,
                              BoLogFunc func,
                              gpointer user_data,
                              GError **error);

GPtrArray *bo_journal_read_telemetry (const char *folder, BoCampaign *campaign, const char *trial, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoRecorder, bo_recorder_free)

G_END_DECLS
