/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-recorder"

#include "config.h"

#include <string.h>

#include "journal/bo-json-lines.h"
#include "journal/bo-probe-reader.h"
#include "journal/bo-recorder.h"
#include "journal/bo-request-about.h"
#include "journal/bo-telemetry-tally.h"
#include "journal/bo-trial-recorder.h"
#include "study/bo-document-text.h"
#include "study/bo-json.h"

/* Answers that are looked at as a whole are small, but for the log of a probe. */
#define BODY_MAX (16u * 1024 * 1024)
#define PROBE_RUNS_MAX 1000

/* What others do is measured over so long, when nothing of ours runs, and is news for so long. */
#define QUIET_US (G_USEC_PER_SEC * 9 / 10)
#define QUIET_NEWS_US (10 * G_USEC_PER_SEC)
#define QUIET_SAMPLES_MAX 16

/* One trial and the containers of its probes. */
typedef struct
{
  BoRecorder *recorder;
  BoTrialRecorder *build;
  GPtrArray *probes; /* of each probe: GPtrArray of BoProbeReader by run, some NULL */
  BoMoment probes_begin;
  gboolean has_probes;
} Track;

/* What a number of the script stands for; kept after it has ended, for those that need it. */
typedef struct
{
  BoRole role;
  Track *track; /* (nullable) */
  guint probe;
  guint run;
  char *error; /* (nullable): of a base image */

  /* While it is under way */
  gboolean active;
  BoMoment begin;
  BoAnswerHead head;
  GByteArray *body;
} Item;

struct _BoRecorder
{
  BoCampaign *campaign;
  GPtrArray *tracks;
  GHashTable *by_id; /* trial id -> Track */
  GPtrArray *trials;
  GHashTable *items; /* number -> Item */

  BoRecorderFunc func;
  gpointer user_data;
  GDestroyNotify destroy;

  BoCampaignState state;
  char *end_reason;
  gboolean stop_asked;
  gboolean finished;
  char *base_error;

  BoMoment now;
  guint64 last_number;
  Track *current;
  BoPhaseKind phase;
  gint64 phase_since_us;
  gboolean has_phase;
  Track *last_built; /* who gets events that come after the build has ended */

  BoJsonLines watch;

  /* The machine */
  BoTelemetrySample *sample;
  gint64 sample_us;
  BoTelemetrySample *first_sample; /* of a courier: holds what is told once */
  GPtrArray *watched;              /* of Track: those whose builds wait for samples */
  Item *under_way;                 /* (nullable): the request that is not the watch */
  GPtrArray *quiet;                /* of BoTelemetrySample: since nothing of ours runs, the last ones */
  GArray *quiet_us;                /* when each was taken */
};

static void
item_free (Item *item)
{
  bo_answer_head_clear (&item->head);
  g_clear_pointer (&item->body, g_byte_array_unref);
  g_free (item->error);
  g_free (item);
}

static void
probe_reader_free_nullable (gpointer reader)
{
  bo_probe_reader_free (reader);
}

static void
track_free (Track *track)
{
  bo_trial_recorder_free (track->build);
  g_ptr_array_unref (track->probes);
  g_free (track);
}

static void
tell (BoRecorder *self, BoChangeKind kind, BoTrial *trial, guint index, const BoLogLine *line)
{
  BoChange change = {
    .kind = kind,
    .trial = trial,
    .index = index,
    .line = line,
    .wall_us = self->now.wall_us,
    .monotonic_us = self->now.mono_us,
  };

  if (self->func != NULL)
    self->func (self, &change, self->user_data);
}

static void
trial_changed_cb (BoTrialRecorder *build,
                  BoChangeKind kind,
                  guint index,
                  const BoLogLine *line,
                  gpointer user_data)
{
  Track *track = user_data;

  tell (track->recorder, kind, bo_trial_recorder_get_trial (build), index, line);
}

/**
 * bo_recorder_new:
 * @campaign: the campaign whose journal will be read
 *
 * Returns: (transfer full): a recorder; every planned trial has its record already, pending
 */
BoRecorder *
bo_recorder_new (BoCampaign *campaign)
{
  BoRecorder *self;

  g_return_val_if_fail (campaign != NULL, NULL);

  self = g_new0 (BoRecorder, 1);
  self->campaign = bo_campaign_ref (campaign);
  self->tracks = g_ptr_array_new_with_free_func ((GDestroyNotify) track_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  self->items = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) item_free);
  bo_json_lines_init (&self->watch);
  self->watched = g_ptr_array_new ();
  self->quiet = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_telemetry_sample_free);
  self->quiet_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < campaign->trials->len; i++)
    {
      const BoPlannedTrial *planned = g_ptr_array_index (campaign->trials, i);
      BoTrial *trial = bo_planned_trial_make_record (planned, campaign->id);
      const BoBaseImage *base
          = planned->cell != NULL ? bo_campaign_get_base (campaign, planned->cell->base) : NULL;
      Track *track = g_new0 (Track, 1);

      track->recorder = self;
      track->build = bo_trial_recorder_new (trial, planned, base, campaign->language, BO_RECORDER_KEEP_LINES,
                                            trial_changed_cb, track);
      track->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
      for (guint k = 0; k < trial->probes->len; k++)
        g_ptr_array_add (track->probes, g_ptr_array_new_with_free_func (probe_reader_free_nullable));
      g_ptr_array_add (self->tracks, track);
      g_hash_table_insert (self->by_id, trial->id, track);
      g_ptr_array_add (self->trials, trial);
    }
  return self;
}

void
bo_recorder_free (BoRecorder *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->items);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->tracks);
  g_ptr_array_unref (self->trials);
  bo_json_lines_clear (&self->watch);
  bo_telemetry_sample_free (self->sample);
  bo_telemetry_sample_free (self->first_sample);
  g_ptr_array_unref (self->watched);
  g_ptr_array_unref (self->quiet);
  g_array_unref (self->quiet_us);
  g_free (self->end_reason);
  g_free (self->base_error);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  bo_campaign_unref (self->campaign);
  g_free (self);
}

/**
 * bo_recorder_set_func:
 * @self: a recorder
 * @func: (nullable): called for each change, during bo_recorder_feed()
 * @user_data: for @func
 * @destroy: (nullable): for @user_data
 */
void
bo_recorder_set_func (BoRecorder *self, BoRecorderFunc func, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (self != NULL);

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
}

/**
 * bo_recorder_set_keep_lines:
 * @self: a recorder that was fed nothing yet
 * @lines: how many lines of each step's log stay in memory: %G_MAXUINT for all
 *
 * All lines are told to the function of bo_recorder_set_func() anyhow.
 */
void
bo_recorder_set_keep_lines (BoRecorder *self, guint lines)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->tracks->len; i++)
    bo_trial_recorder_set_keep_lines (((Track *) g_ptr_array_index (self->tracks, i))->build, lines);
}

/* --- requests --- */

static void
parse_about (BoRecorder *self, const char *text, gsize length, Item *item)
{
  g_auto (BoRequestAbout) about = { 0 };

  bo_request_about_parse (&about, text, length);
  item->role = about.role;
  item->track = about.trial != NULL ? g_hash_table_lookup (self->by_id, about.trial) : NULL;
  item->probe = about.probe;
  item->run = about.run;
  /* What is asked about a trial needs one; the rest is preparing and cleaning up. */
  if (item->track == NULL && item->role != BO_ROLE_WATCH && item->role != BO_ROLE_BASE
      && item->role != BO_ROLE_BASE_IMAGE && item->role != BO_ROLE_CLEANUP)
    item->role = BO_ROLE_OTHER;
}

static Item *
ensure_item (BoRecorder *self, guint32 number)
{
  Item *item = g_hash_table_lookup (self->items, GUINT_TO_POINTER (number));

  if (item == NULL)
    {
      item = g_new0 (Item, 1);
      g_hash_table_insert (self->items, GUINT_TO_POINTER (number), item);
    }
  return item;
}

static gboolean
is_probe_role (BoRole role)
{
  return role >= BO_ROLE_PROBE_CREATE && role <= BO_ROLE_PROBE_REMOVE;
}

static BoProbeReader *
ensure_probe (Item *item)
{
  GPtrArray *runs;

  if (item->probe >= item->track->probes->len || item->run >= PROBE_RUNS_MAX)
    return NULL;
  runs = g_ptr_array_index (item->track->probes, item->probe);
  if (item->run >= runs->len)
    g_ptr_array_set_size (runs, (int) item->run + 1);
  if (g_ptr_array_index (runs, item->run) == NULL)
    g_ptr_array_index (runs, item->run) = bo_probe_reader_new ();
  return g_ptr_array_index (runs, item->run);
}

static void
set_phase (BoRecorder *self, Track *track, BoPhaseKind phase)
{
  if (self->has_phase && self->current == track && self->phase == phase)
    return;
  self->current = track;
  self->phase = phase;
  self->phase_since_us = self->now.mono_us;
  self->has_phase = TRUE;
  if (track != NULL)
    tell (self, BO_CHANGE_TRIAL, bo_trial_recorder_get_trial (track->build), 0, NULL);
}

/* --- the machine --- */

static void
forget_quiet (BoRecorder *self)
{
  g_ptr_array_set_size (self->quiet, 0);
  g_array_set_size (self->quiet_us, 0);
}

/* A courier began: nothing that was counted before can be compared with what it counts. */
static void
forget_machine (BoRecorder *self)
{
  for (guint i = 0; i < self->watched->len; i++)
    bo_trial_recorder_conclude (((Track *) g_ptr_array_index (self->watched, i))->build);
  g_ptr_array_set_size (self->watched, 0);
  g_clear_pointer (&self->sample, bo_telemetry_sample_free);
  g_clear_pointer (&self->first_sample, bo_telemetry_sample_free);
  self->under_way = NULL;
  forget_quiet (self);
}

/* What others used of the processors a moment ago, or -1. */
static gint64
get_others_share (BoRecorder *self)
{
  guint last = self->quiet->len;
  gint64 last_us;

  if (last-- < 2)
    return -1;
  last_us = g_array_index (self->quiet_us, gint64, last);
  if (self->now.mono_us - last_us > QUIET_NEWS_US)
    return -1;
  for (guint i = last; i-- > 0;)
    {
      if (last_us - g_array_index (self->quiet_us, gint64, i) >= QUIET_US)
        return bo_telemetry_busy_share (g_ptr_array_index (self->quiet, i), g_ptr_array_index (self->quiet, last));
    }
  return -1;
}

static void
take_telemetry (BoRecorder *self, const BoJournalMessage *message)
{
  BoChange change = {
    .kind = BO_CHANGE_TELEMETRY,
    .wall_us = self->now.wall_us,
    .monotonic_us = self->now.mono_us,
  };

  bo_telemetry_sample_free (self->sample);
  self->sample = bo_telemetry_sample_parse (message->payload, message->length);
  self->sample_us = self->now.mono_us;
  if (self->first_sample == NULL)
    self->first_sample = bo_telemetry_sample_copy (self->sample);

  for (guint i = 0; i < self->watched->len;)
    {
      Track *track = g_ptr_array_index (self->watched, i);

      bo_trial_recorder_sample (track->build, self->now, self->sample);
      if (bo_trial_recorder_is_watched (track->build))
        i++;
      else
        g_ptr_array_remove_index (self->watched, i);
    }
  if (self->under_way == NULL)
    {
      if (self->quiet->len >= QUIET_SAMPLES_MAX)
        {
          g_ptr_array_remove_index (self->quiet, 0);
          g_array_remove_index (self->quiet_us, 0);
        }
      g_ptr_array_add (self->quiet, bo_telemetry_sample_copy (self->sample));
      g_array_append_val (self->quiet_us, self->sample_us);
    }
  change.sample = self->sample;
  if (self->func != NULL)
    self->func (self, &change, self->user_data);
}

static void
watch_build (BoRecorder *self, Track *track)
{
  bo_trial_recorder_watch (track->build, self->first_sample, self->sample, self->sample_us, get_others_share (self));
  if (bo_trial_recorder_is_watched (track->build) && !g_ptr_array_find (self->watched, track, NULL))
    g_ptr_array_add (self->watched, track);
}

static void
begin_item (BoRecorder *self, Item *item)
{
  switch (item->role)
    {
    case BO_ROLE_WATCH:
      bo_json_lines_clear (&self->watch);
      bo_json_lines_init (&self->watch);
      break;
    case BO_ROLE_BUILD:
      self->last_built = item->track;
      set_phase (self, item->track, BO_PHASE_UPLOAD);
      bo_trial_recorder_begin (item->track->build, self->now);
      watch_build (self, item->track);
      break;
    case BO_ROLE_IMAGE:
    case BO_ROLE_HISTORY:
      set_phase (self, item->track, BO_PHASE_INSPECT);
      break;
    case BO_ROLE_PROBE_CREATE:
    case BO_ROLE_PROBE_COPY:
    case BO_ROLE_PROBE_START:
    case BO_ROLE_PROBE_WAIT:
    case BO_ROLE_PROBE_KILL:
    case BO_ROLE_PROBE_LOGS:
    case BO_ROLE_PROBE_INSPECT:
    case BO_ROLE_PROBE_REMOVE:
      if (!item->track->has_probes)
        item->track->probes_begin = self->now;
      item->track->has_probes = TRUE;
      set_phase (self, item->track, BO_PHASE_PROBES);
      break;
    case BO_ROLE_CLEANUP:
      if (item->track != NULL)
        set_phase (self, item->track, BO_PHASE_CLEANUP);
      break;
    case BO_ROLE_BASE:
      g_clear_pointer (&self->base_error, g_free);
      break;
    case BO_ROLE_BASE_IMAGE:
    case BO_ROLE_SETTLE:
    case BO_ROLE_OTHER:
      break;
    }
}

static void
take_request (BoRecorder *self, const BoJournalMessage *message)
{
  Item *item = ensure_item (self, message->request);

  bo_answer_head_clear (&item->head);
  g_clear_pointer (&item->body, g_byte_array_unref);
  item->body = g_byte_array_new ();
  item->active = TRUE;
  item->begin = self->now;
  parse_about (self, message->payload, message->length, item);
  begin_item (self, item);
  if (item->role != BO_ROLE_WATCH)
    {
      self->under_way = item;
      forget_quiet (self);
    }
}

static void
take_event (JsonObject *object, const char *text, gsize length, gpointer user_data)
{
  BoRecorder *self = user_data;

  if (object != NULL && self->last_built != NULL)
    bo_trial_recorder_event (self->last_built->build, self->now, object);
}

static void
take_data (BoRecorder *self, Item *item, const BoJournalMessage *message)
{
  if (item->role == BO_ROLE_WATCH)
    bo_json_lines_feed (&self->watch, message->payload, message->length, take_event, self);
  else if (item->role == BO_ROLE_BUILD)
    {
      if (self->phase == BO_PHASE_UPLOAD && item->head.status < 400)
        set_phase (self, item->track, BO_PHASE_BUILD);
      bo_trial_recorder_data (item->track->build, self->now, item->head.status, message->payload,
                              message->length);
    }
  else if (item->body->len < BODY_MAX)
    g_byte_array_append (item->body, (const guint8 *) message->payload,
                         (guint) MIN (message->length, BODY_MAX - item->body->len));
}

static void
conclude_probe (BoRecorder *self, Item *item)
{
  BoTrial *trial = bo_trial_recorder_get_trial (item->track->build);

  if (item->probe >= trial->probes->len)
    return;
  bo_probe_reader_conclude (g_ptr_array_index (item->track->probes, item->probe), self->campaign->language,
                            g_ptr_array_index (trial->probes, item->probe));
  tell (self, BO_CHANGE_PROBE, trial, item->probe, NULL);
}

static void
end_probe_item (BoRecorder *self, Item *item, const char *word)
{
  BoProbeReader *reader = ensure_probe (item);
  const char *body = (const char *) item->body->data;
  gsize length = item->body->len;
  gboolean answered = g_str_equal (word, "ok") || g_str_equal (word, "status");

  if (reader == NULL)
    return;
  if (item->role == BO_ROLE_PROBE_CREATE && answered)
    bo_probe_reader_set_created (reader, item->head.status, body, length);
  else if ((item->role == BO_ROLE_PROBE_START || item->role == BO_ROLE_PROBE_COPY) && answered)
    bo_probe_reader_set_started (reader, item->head.status, body, length);
  else if (item->role == BO_ROLE_PROBE_WAIT && g_str_equal (word, "limit"))
    bo_probe_reader_set_timed_out (reader);
  else if (item->role == BO_ROLE_PROBE_WAIT && g_str_equal (word, "ok"))
    bo_probe_reader_set_waited (reader, body, length);
  else if (item->role == BO_ROLE_PROBE_LOGS && item->head.status == 200)
    bo_probe_reader_set_logs (reader, item->head.content_type, body, length);
  else if (item->role == BO_ROLE_PROBE_INSPECT && g_str_equal (word, "ok"))
    bo_probe_reader_set_inspected (reader, body, length);

  bo_trial_recorder_add_phase (item->track->build, BO_PHASE_PROBES, item->track->probes_begin,
                               self->now.mono_us, TRUE);
  if (item->role == BO_ROLE_PROBE_INSPECT || item->role == BO_ROLE_PROBE_REMOVE)
    conclude_probe (self, item);
}

static void
take_base_line (JsonObject *object, const char *text, gsize length, gpointer user_data)
{
  BoRecorder *self = user_data;
  const char *words = bo_json_get_string (bo_json_get_object (object, "errorDetail"), "message", NULL);

  if (words != NULL)
    {
      g_free (self->base_error);
      self->base_error = g_strdup (words);
    }
}

/* The build of a labelled twin of a base image, and then the look whether it is there. */
static void
end_base_item (BoRecorder *self, Item *item)
{
  BoJsonLines lines;

  if (item->head.status >= 400)
    {
      /* That the image is not there is no news after the reason why. */
      if (self->base_error == NULL)
        self->base_error = bo_answer_get_message ((const char *) item->body->data, item->body->len);
    }
  else if (item->role == BO_ROLE_BASE)
    {
      bo_json_lines_init (&lines);
      bo_json_lines_feed (&lines, (const char *) item->body->data, item->body->len, take_base_line, self);
      bo_json_lines_flush (&lines, take_base_line, self);
      bo_json_lines_clear (&lines);
    }
  if (item->role == BO_ROLE_BASE_IMAGE)
    {
      g_free (item->error);
      item->error = g_steal_pointer (&self->base_error);
    }
}

static void
take_done (BoRecorder *self, Item *item, const BoJournalMessage *message)
{
  g_autofree char *text = bo_journal_message_text (message);
  g_auto (GStrv) parts = g_strsplit (text, " ", 2);
  const char *word = parts[0] != NULL ? parts[0] : "";
  const char *detail = parts[0] != NULL ? parts[1] : NULL;

  if (!item->active)
    return;
  item->active = FALSE;
  if (self->under_way == item)
    self->under_way = NULL;
  if (self->last_built != NULL && item->role != BO_ROLE_WATCH && item->role != BO_ROLE_BUILD
      && item->role != BO_ROLE_SETTLE)
    bo_trial_recorder_engine (self->last_built->build,
                              g_str_equal (word, "ok") || g_str_equal (word, "status"));
  switch (item->role)
    {
    case BO_ROLE_BUILD:
      bo_trial_recorder_done (item->track->build, self->now, item->head.status, word, detail);
      break;
    case BO_ROLE_SETTLE:
      /* Its word is in a NOTE before; that the engine went is in this one too. */
      if (g_str_equal (word, "lost") || g_str_equal (word, "signal"))
        bo_trial_recorder_settled (item->track->build, "ended");
      break;
    case BO_ROLE_IMAGE:
      bo_trial_recorder_image (item->track->build, item->head.status, word, (const char *) item->body->data,
                               item->body->len);
      bo_trial_recorder_add_phase (item->track->build, BO_PHASE_INSPECT, item->begin, self->now.mono_us,
                                   FALSE);
      break;
    case BO_ROLE_HISTORY:
      if (g_str_equal (word, "ok"))
        bo_trial_recorder_history (item->track->build, (const char *) item->body->data, item->body->len);
      bo_trial_recorder_add_phase (item->track->build, BO_PHASE_INSPECT, item->begin, self->now.mono_us,
                                   FALSE);
      break;
    case BO_ROLE_PROBE_CREATE:
    case BO_ROLE_PROBE_COPY:
    case BO_ROLE_PROBE_START:
    case BO_ROLE_PROBE_WAIT:
    case BO_ROLE_PROBE_KILL:
    case BO_ROLE_PROBE_LOGS:
    case BO_ROLE_PROBE_INSPECT:
    case BO_ROLE_PROBE_REMOVE:
      end_probe_item (self, item, word);
      break;
    case BO_ROLE_CLEANUP:
      if (item->track != NULL)
        bo_trial_recorder_add_phase (item->track->build, BO_PHASE_CLEANUP, item->begin, self->now.mono_us,
                                     FALSE);
      break;
    case BO_ROLE_BASE:
    case BO_ROLE_BASE_IMAGE:
      end_base_item (self, item);
      break;
    case BO_ROLE_WATCH:
    case BO_ROLE_OTHER:
      break;
    }
  g_clear_pointer (&item->body, g_byte_array_unref);
}

/* --- what was not made --- */

static void
skip_build (BoRecorder *self, BoTrialRecorder *build, const char *why)
{
  guint number = 0;

  if (g_str_has_prefix (why, "needs "))
    number = (guint) g_ascii_strtoull (why + strlen ("needs "), NULL, 10);
  else if (g_str_has_prefix (why, "unless "))
    number = (guint) g_ascii_strtoull (why + strlen ("unless "), NULL, 10);

  if (number != 0)
    {
      Item *needed = g_hash_table_lookup (self->items, GUINT_TO_POINTER (number));

      if (needed != NULL && needed->track != NULL)
        bo_trial_recorder_skip_after (build, bo_trial_recorder_get_trial (needed->track->build));
      else if (needed != NULL && (needed->role == BO_ROLE_BASE || needed->role == BO_ROLE_BASE_IMAGE))
        {
          const char *words = needed->error != NULL ? needed->error : why;
          g_autofree char *reason = g_strdup_printf (
              D_ (self->campaign->language, "its base image could not be prepared: %s"), words);

          bo_trial_recorder_end (build, self->stop_asked ? BO_OUTCOME_CANCELLED : BO_OUTCOME_SKIPPED, reason,
                                 needed->error);
        }
      else
        bo_trial_recorder_end (build, BO_OUTCOME_SKIPPED,
                               D_ (self->campaign->language, "what it needs failed"), why);
    }
  else
    bo_trial_recorder_skip (build, why);
}

static void
take_skipped (BoRecorder *self, const BoJournalMessage *message)
{
  Item *item = ensure_item (self, message->request);
  const char *end = memchr (message->payload, '\n', message->length);
  gsize length = end != NULL ? (gsize) (end - message->payload) : message->length;
  g_autofree char *why = g_strndup (message->payload, length);

  item->active = FALSE;
  if (end != NULL)
    parse_about (self, end + 1, message->length - length - 1, item);
  if (item->role == BO_ROLE_BASE_IMAGE)
    {
      g_free (item->error);
      item->error = g_steal_pointer (&self->base_error);
    }
  if (self->last_built != NULL && (g_str_equal (why, "cut") || g_str_equal (why, "engine")))
    bo_trial_recorder_engine (self->last_built->build, FALSE);
  if (item->track == NULL)
    return;
  if (item->role == BO_ROLE_BUILD)
    skip_build (self, item->track->build, why);
  else if (item->role == BO_ROLE_SETTLE)
    /* Nobody looked whether the engine was still there. */
    bo_trial_recorder_settled (item->track->build, "skipped");
  else if (item->role == BO_ROLE_IMAGE)
    bo_trial_recorder_image (item->track->build, 0, why, NULL, 0);
  else if (is_probe_role (item->role) && item->role == BO_ROLE_PROBE_REMOVE)
    conclude_probe (self, item);
}

/* --- everything else --- */

static void
set_state (BoRecorder *self, BoCampaignState state)
{
  if (self->state == state)
    return;
  self->state = state;
  tell (self, BO_CHANGE_CAMPAIGN, NULL, 0, NULL);
}

static void
take_note (Item *item, const BoJournalMessage *message)
{
  g_autofree char *text = bo_journal_message_text (message);

  if (item->role == BO_ROLE_SETTLE && g_str_has_prefix (text, "settle "))
    bo_trial_recorder_settled (item->track->build, g_strchomp (text + strlen ("settle ")));
}

static void
take_end (BoRecorder *self, const BoJournalMessage *message)
{
  g_free (self->end_reason);
  self->end_reason = bo_journal_message_text (message);
  if (g_str_has_prefix (self->end_reason, "finished"))
    set_state (self, BO_CAMPAIGN_FINISHED);
  else if (g_str_has_prefix (self->end_reason, "stopped"))
    set_state (self, BO_CAMPAIGN_STOPPED);
  else
    set_state (self, BO_CAMPAIGN_INTERRUPTED);
}

/**
 * bo_recorder_feed:
 * @self: a recorder
 * @message: the journal's next message
 *
 * What is unknown in a message is passed over.
 */
void
bo_recorder_feed (BoRecorder *self, const BoJournalMessage *message)
{
  Item *item;

  g_return_if_fail (self != NULL && message != NULL);

  self->now.wall_us = message->wall_us;
  self->now.mono_us = message->monotonic_us;
  self->last_number = message->number;
  item
      = message->request != 0 ? g_hash_table_lookup (self->items, GUINT_TO_POINTER (message->request)) : NULL;

  switch (message->type)
    {
    case BO_JOURNAL_START:
      g_clear_pointer (&self->end_reason, g_free);
      forget_machine (self);
      set_state (self, BO_CAMPAIGN_RUNNING);
      break;
    case BO_JOURNAL_REQUEST:
      if (message->request != 0)
        take_request (self, message);
      break;
    case BO_JOURNAL_SENT:
      if (item != NULL && item->active && item->role == BO_ROLE_BUILD)
        {
          g_autofree char *text = bo_journal_message_text (message);
          guint64 bytes;

          bo_trial_recorder_sent (
              item->track->build, self->now,
              g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &bytes, NULL) ? (gint64) bytes : -1);
        }
      break;
    case BO_JOURNAL_HEAD:
      if (item != NULL && item->active)
        bo_answer_head_parse (&item->head, message->payload, message->length);
      break;
    case BO_JOURNAL_DATA:
      if (item != NULL && item->active)
        take_data (self, item, message);
      break;
    case BO_JOURNAL_DONE:
      if (item != NULL)
        take_done (self, item, message);
      break;
    case BO_JOURNAL_SKIPPED:
      if (message->request != 0)
        take_skipped (self, message);
      break;
    case BO_JOURNAL_NOTE:
      if (item != NULL)
        take_note (item, message);
      break;
    case BO_JOURNAL_SIGNAL:
      if (self->last_built != NULL)
        bo_trial_recorder_signal (self->last_built->build);
      break;
    case BO_JOURNAL_COMMAND:
      self->stop_asked = TRUE;
      break;
    case BO_JOURNAL_TELEMETRY:
      take_telemetry (self, message);
      break;
    case BO_JOURNAL_END:
      take_end (self, message);
      break;
    case BO_JOURNAL_SEGMENT:
    case BO_JOURNAL_CHAIN:
    case BO_JOURNAL_CHAIN_END:
    default:
      break;
    }
}

/**
 * bo_recorder_finish:
 * @self: a recorder
 *
 * Nothing more will come. What is still open now will never be known: a trial
 * under way is interrupted, and so is a campaign without an end.
 */
void
bo_recorder_finish (BoRecorder *self)
{
  g_return_if_fail (self != NULL);

  if (self->finished)
    return;
  self->finished = TRUE;
  forget_machine (self);
  self->has_phase = FALSE;
  self->current = NULL;
  if (self->end_reason == NULL)
    set_state (self, BO_CAMPAIGN_INTERRUPTED);
  for (guint i = 0; i < self->tracks->len; i++)
    {
      Track *track = g_ptr_array_index (self->tracks, i);

      if (bo_trial_recorder_is_ended (track->build))
        continue;
      if (bo_trial_recorder_is_building (track->build))
        bo_trial_recorder_done (track->build, self->now, 0, "lost",
                                D_ (self->campaign->language, "the journal ends during the build"));
      else if (bo_trial_recorder_get_trial (track->build)->outcome == BO_OUTCOME_RUNNING)
        bo_trial_recorder_settled (track->build, "unknown");
      if (bo_trial_recorder_is_ended (track->build))
        continue;
      if (bo_trial_recorder_get_trial (track->build)->outcome == BO_OUTCOME_RUNNING)
        bo_trial_recorder_end (
            track->build, BO_OUTCOME_INTERRUPTED,
            D_ (self->campaign->language, "the journal ends before its result was checked"), NULL);
      else if (self->stop_asked || self->state == BO_CAMPAIGN_STOPPED)
        bo_trial_recorder_end (track->build, BO_OUTCOME_CANCELLED,
                               D_ (self->campaign->language, "the campaign was stopped before its turn"),
                               NULL);
      else
        bo_trial_recorder_end (track->build, BO_OUTCOME_INTERRUPTED,
                               D_ (self->campaign->language, "the campaign ended before its turn"), NULL);
    }
}

/* --- looking --- */

BoCampaign *
bo_recorder_get_campaign (BoRecorder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->campaign;
}

BoCampaignState
bo_recorder_get_state (BoRecorder *self)
{
  g_return_val_if_fail (self != NULL, BO_CAMPAIGN_PLANNED);

  return self->state;
}

/**
 * bo_recorder_get_end_reason:
 * @self: a recorder
 *
 * Returns: (transfer none) (nullable): the word of the journal's END message, %NULL before
 */
const char *
bo_recorder_get_end_reason (BoRecorder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->end_reason;
}

/**
 * bo_recorder_get_trials:
 * @self: a recorder
 *
 * Returns: (transfer none) (element-type BoTrial): one for each planned trial, in the order of the campaign
 */
GPtrArray *
bo_recorder_get_trials (BoRecorder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->trials;
}

BoTrial *
bo_recorder_get_trial (BoRecorder *self, const char *id)
{
  Track *track;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  track = g_hash_table_lookup (self->by_id, id);
  return track != NULL ? bo_trial_recorder_get_trial (track->build) : NULL;
}

/**
 * bo_recorder_get_running:
 * @self: a recorder
 *
 * Returns: (transfer none) (nullable): the trial that is being built, probed or cleaned up
 */
BoTrial *
bo_recorder_get_running (BoRecorder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->current != NULL && self->state == BO_CAMPAIGN_RUNNING
             ? bo_trial_recorder_get_trial (self->current->build)
             : NULL;
}

/**
 * bo_recorder_get_phase:
 * @self: a recorder
 * @phase: (out): what is done with the running trial
 * @since_monotonic_us: (out): since when, on the journal's clock
 *
 * Returns: whether a trial is under way
 */
gboolean
bo_recorder_get_phase (BoRecorder *self, BoPhaseKind *phase, gint64 *since_monotonic_us)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!self->has_phase || self->state != BO_CAMPAIGN_RUNNING)
    return FALSE;
  *phase = self->phase;
  *since_monotonic_us = self->phase_since_us;
  return TRUE;
}

guint64
bo_recorder_get_last_number (BoRecorder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->last_number;
}

/**
 * bo_recorder_get_sample:
 * @self: a recorder
 *
 * Returns: (transfer none) (nullable): the last sample of the machine; valid until the next
 *   message is fed, and %NULL where nobody watches it
 */
const BoTelemetrySample *
bo_recorder_get_sample (BoRecorder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sample;
}

/**
 * bo_recorder_get_build_span:
 * @self: a recorder
 * @id: id of a trial
 * @start_us: (out): when its build began, on the journal's monotonic clock
 * @end_us: (out): when it ended, or -1
 *
 * Returns: whether its build has begun; nothing is set otherwise
 */
gboolean
bo_recorder_get_build_span (BoRecorder *self, const char *id, gint64 *start_us, gint64 *end_us)
{
  Track *track;

  g_return_val_if_fail (self != NULL && id != NULL && start_us != NULL && end_us != NULL, FALSE);

  track = g_hash_table_lookup (self->by_id, id);
  return track != NULL && bo_trial_recorder_get_span (track->build, start_us, end_us);
}
