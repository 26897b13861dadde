/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-trial-recorder"

#include "config.h"

#include <string.h>

#include "journal/bo-build-answer.h"
#include "journal/bo-disturbance.h"
#include "journal/bo-image-reader.h"
#include "journal/bo-log-text.h"
#include "journal/bo-telemetry-tally.h"
#include "journal/bo-trial-recorder.h"
#include "study/bo-document-text.h"

#define ANSWER_MAX (256 * 1024)
#define REASON_MAX 2000

typedef enum
{
  VERDICT_NONE,    /* the build has not ended */
  VERDICT_FAILING, /* the engine said no, and has not been seen since */
  VERDICT_BUILT,   /* an image is said to be there */
  VERDICT_GIVEN,   /* the outcome is known */
} Verdict;

struct _BoTrialRecorder
{
  BoTrial *trial;
  const BoPlannedTrial *planned;
  const BoBaseImage *base;
  const char
      *language; /* (nullable): the study's, so that the same journal makes the same record for every user */
  guint keep_lines;
  BoTrialRecorderFunc func;
  gpointer user_data;

  /* The build */
  BoBuildLog *log;
  BoBuildAnswer *answer;
  BoEngineEvents *events;
  BoMoment begin;
  gint64 sent_us;
  gint64 first_data_us;
  gint64 end_us;
  gint64 wall_offset_us; /* wall - monotonic */
  GByteArray *refusal;   /* body of an answer that says no */
  gboolean building;
  gboolean signalled;
  Verdict verdict;

  /* The best line for why it failed, so far */
  const BoStep *error_step; /* not its index, which may change */
  char *error_line;
  char *conflict_line;
  char *memory_line;

  GPtrArray *diff_ids;

  /* The machine, until all is known of it */
  BoTelemetryTally *tally;
  gint64 cpu_before;
};

static void
changed (BoTrialRecorder *self, BoChangeKind kind, guint index)
{
  self->func (self, kind, index, NULL, self->user_data);
}

BoTrialRecorder *
bo_trial_recorder_new (BoTrial *trial,
                       const BoPlannedTrial *planned,
                       const BoBaseImage *base,
                       const char *language,
                       guint keep_lines,
                       BoTrialRecorderFunc func,
                       gpointer user_data)
{
  BoTrialRecorder *self = g_new0 (BoTrialRecorder, 1);

  self->trial = bo_trial_ref (trial);
  self->planned = planned;
  self->base = base;
  self->language = language;
  self->keep_lines = keep_lines;
  self->func = func;
  self->user_data = user_data;
  self->sent_us = self->first_data_us = self->end_us = -1;
  self->refusal = g_byte_array_new ();
  self->diff_ids = g_ptr_array_new_with_free_func (g_free);
  if (trial->outcome == BO_OUTCOME_UNSUPPORTED)
    self->verdict = VERDICT_GIVEN;
  return self;
}

void
bo_trial_recorder_free (BoTrialRecorder *self)
{
  if (self == NULL)
    return;
  bo_build_answer_free (self->answer);
  bo_build_log_free (self->log);
  bo_engine_events_free (self->events);
  bo_telemetry_tally_free (self->tally);
  g_byte_array_unref (self->refusal);
  g_ptr_array_unref (self->diff_ids);
  g_free (self->error_line);
  g_free (self->conflict_line);
  g_free (self->memory_line);
  bo_trial_unref (self->trial);
  g_free (self);
}

/**
 * bo_trial_recorder_get_language:
 * @self: a recorder
 *
 * Returns: (nullable) (transfer none): the language of what a record says in words
 */
const char *
bo_trial_recorder_get_language (BoTrialRecorder *self)
{
  return self->language;
}

BoTrial *
bo_trial_recorder_get_trial (BoTrialRecorder *self)
{
  return self->trial;
}

void
bo_trial_recorder_set_keep_lines (BoTrialRecorder *self, guint lines)
{
  self->keep_lines = lines;
}

gboolean
bo_trial_recorder_is_building (BoTrialRecorder *self)
{
  return self->building;
}

gboolean
bo_trial_recorder_is_ended (BoTrialRecorder *self)
{
  return self->verdict == VERDICT_GIVEN;
}

/**
 * bo_trial_recorder_add_phase:
 * @self: the recorder
 * @kind: which phase
 * @begin: when a part of it began; with @with_pauses when the first did
 * @end_us: when that ended, on the journal's clock
 * @with_pauses: whether what lies between its parts belongs to it
 */
void
bo_trial_recorder_add_phase (BoTrialRecorder *self,
                             BoPhaseKind kind,
                             BoMoment begin,
                             gint64 end_us,
                             gboolean with_pauses)
{
  BoPhase *phase = (BoPhase *) bo_trial_get_phase (self->trial, kind);
  gint64 duration_us = MAX (end_us - begin.mono_us, 0);

  if (phase == NULL)
    {
      guint position = 0;

      phase = bo_phase_new (kind);
      phase->start_us = begin.wall_us;
      phase->duration_us = duration_us;
      while (position < self->trial->phases->len
             && ((BoPhase *) g_ptr_array_index (self->trial->phases, position))->kind < kind)
        position++;
      g_ptr_array_insert (self->trial->phases, (int) position, phase);
    }
  else if (with_pauses)
    phase->duration_us = MAX (duration_us, phase->duration_us);
  else
    phase->duration_us += duration_us;
  changed (self, BO_CHANGE_TRIAL, 0);
}

/* --- lines --- */

static char *
strip_colours (const char *line)
{
  GString *text = g_string_new (NULL);

  for (const char *p = line; *p != '\0';)
    {
      if (p[0] == '\033' && p[1] == '[')
        {
          p += 2;
          while (*p != '\0' && !g_ascii_isalpha (*p))
            p++;
          if (*p != '\0')
            p++;
          continue;
        }
      g_string_append_c (text, *p++);
    }
  return g_strstrip (g_string_free (text, FALSE));
}

static char *
shorten (const char *text)
{
  g_autofree char *clean = strip_colours (text);
  char *end;

  if (strlen (clean) <= REASON_MAX)
    return g_steal_pointer (&clean);
  end = g_utf8_find_prev_char (clean, clean + REASON_MAX);
  return g_strdup_printf ("%.*s…", (int) (end - clean), clean);
}

/*
 * The line that says why. pip ends with advice and links, so its sentence about a
 * conflict counts before all others; else it is the last that calls itself an error.
 */
static void
note_line (BoTrialRecorder *self, guint index, const char *text)
{
  const BoStep *step = g_ptr_array_index (self->trial->steps, index);

  if (step != self->error_step)
    {
      self->error_step = step;
      g_clear_pointer (&self->error_line, g_free);
      g_clear_pointer (&self->conflict_line, g_free);
      g_clear_pointer (&self->memory_line, g_free);
    }
  if (strstr (text, "ERROR: Cannot install") != NULL)
    {
      g_free (self->conflict_line);
      self->conflict_line = shorten (text);
    }
  else if (strstr (text, "Out of memory: Killed process") != NULL || strstr (text, "oom-kill:") != NULL)
    {
      g_free (self->memory_line);
      self->memory_line = shorten (text);
    }
  else if (strcasestr (text, "error: ") != NULL)
    {
      g_free (self->error_line);
      self->error_line = shorten (text);
    }
}

static void
log_cb (BoBuildLogEvent event, guint index, const BoLogLine *line, gpointer user_data)
{
  BoTrialRecorder *self = user_data;

  if (event == BO_BUILD_LOG_LINE)
    {
      note_line (self, index, line->text);
      self->func (self, BO_CHANGE_LOG, index, line, self->user_data);
    }
  else
    changed (self, BO_CHANGE_STEP, index);
}

/* --- outcomes --- */

static gboolean
is_ours_cb (const char *id, gpointer user_data)
{
  BoTrialRecorder *self = user_data;

  return bo_build_answer_has_container (self->answer, id);
}

/* Once more when the last events have come, which the engine sends a moment after its answer. */
static void
correct (BoTrialRecorder *self)
{
  g_autofree char *what = NULL;

  if (self->answer == NULL)
    return;
  bo_build_answer_correct (self->answer, self->events);
  if (bo_engine_events_saw_others (self->events, is_ours_cb, self, &what))
    bo_trial_add_flag (self->trial, BO_FLAG_OTHER_LOAD, what);
  for (guint i = 0; i < self->trial->steps->len; i++)
    {
      if (((BoStep *) g_ptr_array_index (self->trial->steps, i))->clipped)
        bo_trial_add_flag (self->trial, BO_FLAG_CLIPPED_LOG, NULL);
    }
}

/**
 * bo_trial_recorder_end:
 * @self: the recorder
 * @outcome: how the trial ended
 * @reason: (nullable): one line
 * @error: (nullable): all of the engine's words
 *
 * The first word counts; what comes later changes nothing.
 */
void
bo_trial_recorder_end (BoTrialRecorder *self, BoOutcome outcome, const char *reason, const char *error)
{
  BoTrial *trial = self->trial;

  if (self->verdict == VERDICT_GIVEN)
    return;
  self->verdict = VERDICT_GIVEN;
  self->building = FALSE;
  correct (self);

  trial->outcome = outcome;
  g_free (trial->reason);
  trial->reason = reason != NULL ? shorten (reason) : NULL;
  g_free (trial->error);
  trial->error = g_strdup (error);
  if (self->log != NULL)
    {
      gint64 start_us = bo_build_log_get_start (self->log);
      gint64 result_us = bo_build_answer_get_result_time (self->answer);

      if (result_us < 0)
        result_us = self->end_us;
      if (start_us >= 0 && result_us >= 0)
        {
          gint64 took_us = MAX (result_us - start_us, 0);

          if (outcome == BO_OUTCOME_SUCCEEDED)
            trial->build_us = took_us;
          else
            trial->elapsed_us = took_us;
        }
    }
  changed (self, BO_CHANGE_TRIAL, 0);
}

static char *
choose_reason (BoTrialRecorder *self, const char *error)
{
  g_auto (GStrv) lines = NULL;
  const char *best = NULL;

  if (self->trial->failed_step >= 0
      && g_ptr_array_index (self->trial->steps, self->trial->failed_step) == self->error_step)
    best = self->memory_line != NULL     ? self->memory_line
           : self->conflict_line != NULL ? self->conflict_line
                                         : self->error_line;
  if (best != NULL)
    return g_strdup (best);
  lines = g_strsplit (error, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_strstrip (lines[i])[0] != '\0')
        return g_strdup (lines[i]);
    }
  return g_strdup (D_ (self->language, "the engine gave no reason"));
}

static void
end_failed (BoTrialRecorder *self, const char *error)
{
  g_autofree char *reason = choose_reason (self, error);

  bo_trial_recorder_end (self, BO_OUTCOME_FAILED, reason, error);
}

/* --- the build --- */

void
bo_trial_recorder_begin (BoTrialRecorder *self, BoMoment now)
{
  if (self->verdict == VERDICT_GIVEN || self->answer != NULL)
    return;
  self->begin = now;
  self->wall_offset_us = now.wall_us - now.mono_us;
  self->building = TRUE;
  self->log = bo_build_log_new (self->trial, self->planned, self->keep_lines, log_cb, self);
  self->answer = bo_build_answer_new (self->log, now.mono_us);
  self->events = bo_engine_events_new (self->language);
  self->trial->started_us = now.wall_us;
  self->trial->outcome = BO_OUTCOME_RUNNING;
  changed (self, BO_CHANGE_TRIAL, 0);
}

/* The build's clock begins when its body is there whole and the engine has said something. */
static void
update_start (BoTrialRecorder *self)
{
  gint64 start_us = MAX (self->sent_us, self->first_data_us);

  if (self->first_data_us < 0 || start_us == bo_build_log_get_start (self->log))
    return;
  bo_build_log_set_start (self->log, start_us);
  if (self->tally != NULL)
    bo_telemetry_tally_begin (self->tally, start_us);
}

/* --- the machine --- */

/**
 * bo_trial_recorder_watch:
 * @self: the recorder, whose build has just begun
 * @traits: (nullable): the sample that tells what is told once: trip points, turbo
 * @sample: (nullable): the last sample before
 * @time_us: when it was taken
 * @cpu_before: thousandths of the processors that others used shortly before, or -1
 */
void
bo_trial_recorder_watch (BoTrialRecorder *self,
                         const BoTelemetrySample *traits,
                         const BoTelemetrySample *sample,
                         gint64 time_us,
                         gint64 cpu_before)
{
  if (!self->building || self->tally != NULL)
    return;
  self->tally = bo_telemetry_tally_new ();
  self->cpu_before = cpu_before;
  if (traits != NULL)
    bo_telemetry_tally_set_traits (self->tally, traits);
  if (sample != NULL)
    bo_telemetry_tally_add (self->tally, sample, time_us);
}

/**
 * bo_trial_recorder_is_watched:
 * @self: a recorder
 *
 * Returns: whether it waits for samples
 */
gboolean
bo_trial_recorder_is_watched (BoTrialRecorder *self)
{
  return self->tally != NULL;
}

/**
 * bo_trial_recorder_conclude:
 * @self: a recorder
 *
 * No sample will come any more that belongs to the build.
 */
void
bo_trial_recorder_conclude (BoTrialRecorder *self)
{
  g_autoptr (BoTelemetryTally) tally = g_steal_pointer (&self->tally);
  g_autoptr (BoTelemetrySummary) summary = tally != NULL ? bo_telemetry_tally_summarize (tally) : NULL;
  g_autoptr (GPtrArray) found = NULL;

  if (summary == NULL)
    return;
  summary->cpu_before = self->cpu_before;
  found = bo_disturbance_find (summary, self->language);
  for (guint i = 0; i < found->len; i++)
    {
      const BoDisturbance *disturbance = g_ptr_array_index (found, i);

      bo_trial_add_flag (self->trial, disturbance->flag, disturbance->evidence);
    }
  bo_telemetry_summary_free (self->trial->telemetry);
  self->trial->telemetry = g_steal_pointer (&summary);
  changed (self, BO_CHANGE_TRIAL, 0);
}

void
bo_trial_recorder_sample (BoTrialRecorder *self, BoMoment now, const BoTelemetrySample *sample)
{
  if (self->tally == NULL)
    return;
  bo_telemetry_tally_add (self->tally, sample, now.mono_us);
  if (bo_telemetry_tally_is_complete (self->tally))
    bo_trial_recorder_conclude (self);
}

/**
 * bo_trial_recorder_get_span:
 * @self: a recorder
 * @start_us: (out): when its build began, on the journal's clock
 * @end_us: (out): when its request ended, or -1
 *
 * Returns: whether its build has begun
 */
gboolean
bo_trial_recorder_get_span (BoTrialRecorder *self, gint64 *start_us, gint64 *end_us)
{
  *start_us = self->log != NULL ? bo_build_log_get_start (self->log) : -1;
  *end_us = self->end_us;
  return *start_us >= 0;
}

void
bo_trial_recorder_sent (BoTrialRecorder *self, BoMoment now, gint64 bytes)
{
  if (!self->building)
    return;
  self->sent_us = now.mono_us;
  update_start (self);
  self->trial->context_bytes = bytes >= 0 ? bytes : self->trial->context_bytes;
}

void
bo_trial_recorder_data (BoTrialRecorder *self, BoMoment now, guint status, const char *bytes, gsize length)
{
  if (!self->building || length == 0)
    return;
  if (self->first_data_us < 0)
    {
      self->first_data_us = now.mono_us;
      update_start (self);
    }
  if (status >= 400)
    {
      if (self->refusal->len < ANSWER_MAX)
        g_byte_array_append (self->refusal, (const guint8 *) bytes, (guint) MIN (length, ANSWER_MAX));
      return;
    }
  bo_build_answer_feed (self->answer, bytes, length, now.mono_us);
}

static void
add_build_phases (BoTrialRecorder *self)
{
  gint64 start_us = bo_build_log_get_start (self->log);
  gint64 result_us = bo_build_answer_get_result_time (self->answer);
  BoMoment start;

  if (start_us < 0)
    start_us = self->end_us;
  bo_trial_recorder_add_phase (self, BO_PHASE_UPLOAD, self->begin, start_us, FALSE);
  ((BoPhase *) bo_trial_get_phase (self->trial, BO_PHASE_UPLOAD))->bytes
      = self->sent_us >= 0 ? self->trial->context_bytes : -1;
  if (bo_build_log_get_start (self->log) < 0)
    return;
  start.mono_us = start_us;
  start.wall_us = start_us + self->wall_offset_us;
  bo_trial_recorder_add_phase (self, BO_PHASE_BUILD, start, result_us >= 0 ? result_us : self->end_us, FALSE);
}

static void
end_refused (BoTrialRecorder *self, guint status)
{
  g_autofree char *words = bo_answer_get_message ((const char *) self->refusal->data, self->refusal->len);
  g_autofree char *lower = NULL;

  if (words == NULL)
    words = g_strdup_printf (D_ (self->language, "the engine answered with status %u"), status);
  lower = g_utf8_strdown (words, -1);
  if (strstr (lower, "buildkit") != NULL && strstr (lower, "--mount") == NULL
      && (strstr (lower, "not supported") != NULL || strstr (lower, "not enabled") != NULL))
    bo_trial_recorder_end (self, BO_OUTCOME_UNSUPPORTED, words, words);
  else
    self->verdict = VERDICT_FAILING;
}

static const char *
explain_interruption (const BoTrialRecorder *self, const char *word)
{
  if (g_str_equal (word, "lost"))
    return D_ (self->language, "the connection to the engine was lost");
  if (g_str_equal (word, "unreachable"))
    return D_ (self->language, "the engine could not be reached");
  if (g_str_equal (word, "signal"))
    return D_ (self->language, "the program that runs the builds was told to end");
  if (g_str_equal (word, "orphaned"))
    return D_ (self->language, "the program that started it was gone");
  if (g_str_equal (word, "body"))
    return D_ (self->language, "a file of the build context could not be read");
  if (g_str_equal (word, "overflow"))
    return D_ (self->language, "the engine's answer was not valid");
  return D_ (self->language, "the engine's answer ended without a result");
}

static void
end_interrupted (BoTrialRecorder *self, const char *word, const char *detail)
{
  const char *words = explain_interruption (self, word);
  /* That the program is gone says it all. */
  gboolean more = detail != NULL && detail[0] != '\0' && !g_str_equal (word, "orphaned");
  g_autofree char *reason = more ? g_strdup_printf ("%s: %s", words, detail) : g_strdup (words);

  bo_trial_recorder_end (self, BO_OUTCOME_INTERRUPTED, reason, bo_build_answer_get_error (self->answer));
}

/**
 * bo_trial_recorder_done:
 * @self: the recorder
 * @now: when the request of the build ended
 * @status: HTTP status, or 0
 * @word: how it ended: a word of a DONE message
 * @detail: (nullable): what else it says
 */
void
bo_trial_recorder_done (BoTrialRecorder *self,
                        BoMoment now,
                        guint status,
                        const char *word,
                        const char *detail)
{
  const char *error;

  if (!self->building)
    return;
  self->end_us = now.mono_us;
  bo_build_answer_finish (self->answer, now.mono_us);
  self->building = FALSE;
  add_build_phases (self);
  correct (self);
  if (self->tally != NULL)
    {
      gint64 result_us = bo_build_answer_get_result_time (self->answer);

      bo_telemetry_tally_end (self->tally, result_us >= 0 ? result_us : self->end_us);
      if (bo_telemetry_tally_is_complete (self->tally))
        bo_trial_recorder_conclude (self);
    }

  error = bo_build_answer_get_error (self->answer);
  if (g_str_equal (word, "stopped"))
    bo_trial_recorder_end (self, BO_OUTCOME_CANCELLED, D_ (self->language, "stopped by the user"), error);
  else if (g_str_equal (word, "limit"))
    bo_trial_recorder_end (self, BO_OUTCOME_TIMED_OUT, D_ (self->language, "its time limit passed"), error);
  else if (!g_str_equal (word, "ok") && !g_str_equal (word, "status"))
    end_interrupted (self, word, detail);
  else if (error != NULL)
    self->verdict = VERDICT_FAILING;
  else if (status >= 400)
    end_refused (self, status);
  else if (bo_build_answer_get_image (self->answer) != NULL)
    self->verdict = VERDICT_BUILT;
  else
    end_interrupted (self, "", NULL);
}

void
bo_trial_recorder_event (BoTrialRecorder *self, BoMoment now, JsonObject *event)
{
  if (self->events != NULL && self->verdict != VERDICT_GIVEN)
    bo_engine_events_add (self->events, event, now.mono_us);
}

/* A signal means that this computer, or the engine with it, goes down. */
void
bo_trial_recorder_signal (BoTrialRecorder *self)
{
  self->signalled = TRUE;
}

static const char *
get_words (BoTrialRecorder *self, char **owned)
{
  const char *error = bo_build_answer_get_error (self->answer);

  if (error != NULL)
    return error;
  *owned = bo_answer_get_message ((const char *) self->refusal->data, self->refusal->len);
  return *owned != NULL ? *owned : "";
}

/*
 * An engine that is shut down ends the build in progress in many ways: code 137 or 143,
 * "context canceled", the exit code of a program that was asked to end, or an
 * error of its own while it saves the layer. So a failure is one only when
 * the same engine answers something right afterwards.
 */
static void
resolve_failure (BoTrialRecorder *self, gboolean still_there)
{
  g_autofree char *owned = NULL;
  const char *error = get_words (self, &owned);

  if (self->signalled)
    bo_trial_recorder_end (
        self, BO_OUTCOME_INTERRUPTED,
        D_ (self->language, "the program that runs the builds was told to end during the build"), error);
  else if (still_there)
    end_failed (self, error);
  else
    bo_trial_recorder_end (self, BO_OUTCOME_INTERRUPTED,
                           D_ (self->language, "the engine went away during the build"), error);
}

/**
 * bo_trial_recorder_settled:
 * @self: the recorder
 * @word: what the courier found when it waited for the engine to go away: "held" when it
 *   did not, "ended" when it did, "quiet" when there was no reason to wait
 */
void
bo_trial_recorder_settled (BoTrialRecorder *self, const char *word)
{
  if (self->verdict == VERDICT_FAILING && !g_str_equal (word, "quiet"))
    resolve_failure (self, g_str_equal (word, "held"));
  else if (self->verdict == VERDICT_BUILT)
    correct (self);
}

/**
 * bo_trial_recorder_engine:
 * @self: the recorder
 * @answered: whether the engine answered the first request after the build
 */
void
bo_trial_recorder_engine (BoTrialRecorder *self, gboolean answered)
{
  if (self->verdict == VERDICT_FAILING)
    resolve_failure (self, answered);
}

/* --- the image --- */

void
bo_trial_recorder_image (BoTrialRecorder *self,
                         guint status,
                         const char *word,
                         const char *body,
                         gsize length)
{
  g_autoptr (BoImage) image = NULL;
  g_autofree char *reason = NULL;

  if (self->verdict != VERDICT_BUILT)
    return;
  if (status == 200 && g_str_equal (word, "ok"))
    {
      g_ptr_array_set_size (self->diff_ids, 0);
      image = bo_image_read (body, length, self->diff_ids);
    }
  if (image != NULL && bo_image_id_equal (image->id, bo_build_answer_get_image (self->answer)))
    {
      self->trial->image = g_steal_pointer (&image);
      bo_trial_recorder_end (self, BO_OUTCOME_SUCCEEDED, NULL, NULL);
      return;
    }
  if (image != NULL)
    reason = g_strdup_printf (
        D_ (self->language, "the engine has another image by its name (%s) than it said it built (%s)"),
        image->id, bo_build_answer_get_image (self->answer));
  else
    {
      g_autofree char *words = bo_answer_get_message (body, length);

      reason = g_strdup_printf (
          D_ (self->language, "the engine said that it built the image, but does not have it: %s"),
          words != NULL ? words : word);
    }
  bo_trial_recorder_end (self, BO_OUTCOME_INTERRUPTED, reason, NULL);
}

void
bo_trial_recorder_history (BoTrialRecorder *self, const char *body, gsize length)
{
  if (self->trial->image == NULL)
    return;
  bo_image_read_history (self->trial->image, body, length, self->diff_ids, self->base);
  changed (self, BO_CHANGE_TRIAL, 0);
}
