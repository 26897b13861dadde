/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-replay"

#include "config.h"

#include <sys/stat.h>

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "journal/bo-log-news.h"
#include "journal/bo-log-replay.h"
#include "journal/bo-recorder.h"
#include "journal/bo-request-about.h"

/* How soon what came is seen. */
#define POLL_MS 50
/* While a journal is read, what was read is shown so often. */
#define SHOW_US (100 * G_TIME_SPAN_MILLISECOND)

/* What the thread and the main loop share. */
typedef struct
{
  gatomicrefcount ref_count;
  char *journal;
  BoCampaign *campaign;
  char *trial;
  BoLogSpool *spool;

  GMutex lock;
  GCond cond;
  gboolean stop;
  gboolean live;
  BoLogNews *news;
} Shared;

/* What only the thread knows. */
typedef struct
{
  Shared *shared;
  BoRecorder *recorder;
  BoTrial *trial;      /* (unowned) */
  GHashTable *ids;     /* BoStep -> id + 1 */
  GHashTable *foreign; /* numbers of requests that build other trials */
  GArray *order;       /* of guint */
  gboolean dirty;      /* something was told to the spool since the last flush */
  guint32 request;     /* number of the request that builds the trial, or 0 */
  gboolean ended;      /* no line can come any more */
  gint64 shown_us;
  GError *error;
} Reading;

struct _BoLogReplay
{
  GObject parent_instance;

  Shared *shared; /* (owned) */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoLogReplay, bo_log_replay, G_TYPE_OBJECT)

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;
  g_free (shared->journal);
  g_free (shared->trial);
  bo_campaign_unref (shared->campaign);
  bo_log_spool_unref (shared->spool);
  bo_log_news_unref (shared->news);
  g_cond_clear (&shared->cond);
  g_mutex_clear (&shared->lock);
  g_free (shared);
}

/* --- reading --- */

static gboolean
is_stopped (Shared *shared)
{
  gboolean stop;

  g_mutex_lock (&shared->lock);
  stop = shared->stop;
  g_mutex_unlock (&shared->lock);
  return stop;
}

static guint
find_step (Reading *reading, const BoStep *step)
{
  gpointer value = g_hash_table_lookup (reading->ids, step);
  guint id;

  if (value != NULL)
    return GPOINTER_TO_UINT (value) - 1;
  id = bo_log_spool_add_step (reading->shared->spool, step);
  g_hash_table_insert (reading->ids, (gpointer) step, GUINT_TO_POINTER (id + 1));
  g_array_append_val (reading->order, id);
  return id;
}

/* The recorder may give the steps another order when the build has ended. */
static void
take_order (Reading *reading)
{
  GPtrArray *steps = reading->trial->steps;
  gboolean same = steps->len == reading->order->len;

  for (guint i = 0; i < steps->len; i++)
    {
      guint id = find_step (reading, g_ptr_array_index (steps, i));

      bo_log_spool_set_step (reading->shared->spool, id, g_ptr_array_index (steps, i));
      same = same && g_array_index (reading->order, guint, i) == id;
    }
  if (same)
    return;
  for (guint i = 0; i < steps->len; i++)
    g_array_index (reading->order, guint, i) = find_step (reading, g_ptr_array_index (steps, i));
  bo_log_spool_set_order (reading->shared->spool, (const guint *) reading->order->data, reading->order->len);
}

static void
changed_cb (BoRecorder *recorder, const BoChange *change, gpointer user_data)
{
  Reading *reading = user_data;
  const BoStep *step;

  if (change->trial != reading->trial || reading->error != NULL)
    return;
  switch (change->kind)
    {
    case BO_CHANGE_LOG:
      step = g_ptr_array_index (change->trial->steps, change->index);
      reading->dirty = TRUE;
      bo_log_spool_add_line (reading->shared->spool, find_step (reading, step), change->line, &reading->error);
      break;
    case BO_CHANGE_STEP:
      step = g_ptr_array_index (change->trial->steps, change->index);
      reading->dirty = TRUE;
      bo_log_spool_set_step (reading->shared->spool, find_step (reading, step), step);
      break;
    case BO_CHANGE_TRIAL:
      reading->dirty = TRUE;
      reading->ended = change->trial->outcome != BO_OUTCOME_PENDING && change->trial->outcome != BO_OUTCOME_RUNNING;
      break;
    case BO_CHANGE_CAMPAIGN:
    case BO_CHANGE_PROBE:
    case BO_CHANGE_TELEMETRY:
    default:
      break;
    }
}

/* What other builds wrote is most of a journal, and says nothing about this one. */
static gboolean
is_foreign (Reading *reading, const BoJournalMessage *message)
{
  gpointer number = GUINT_TO_POINTER (message->request);

  if (message->type == BO_JOURNAL_REQUEST)
    {
      g_auto (BoRequestAbout) about = { 0 };

      bo_request_about_parse (&about, message->payload, message->length);
      if (about.role == BO_ROLE_BUILD && g_strcmp0 (about.trial, reading->shared->trial) != 0)
        g_hash_table_add (reading->foreign, number);
      else
        {
          g_hash_table_remove (reading->foreign, number);
          if (about.role == BO_ROLE_BUILD)
            reading->request = message->request;
        }
      return FALSE;
    }
  return message->type == BO_JOURNAL_DATA && g_hash_table_contains (reading->foreign, number);
}

static gboolean
show (Reading *reading)
{
  if (reading->error == NULL && reading->dirty)
    {
      take_order (reading);
      bo_log_spool_flush (reading->shared->spool, &reading->error);
      reading->dirty = FALSE;
      bo_log_news_tell (reading->shared->news);
    }
  reading->shown_us = g_get_monotonic_time ();
  return reading->error == NULL;
}

static void
begin_reading (Reading *reading)
{
  g_clear_pointer (&reading->recorder, bo_recorder_free);
  g_hash_table_remove_all (reading->ids);
  g_hash_table_remove_all (reading->foreign);
  g_array_set_size (reading->order, 0);
  reading->recorder = bo_recorder_new (reading->shared->campaign);
  reading->trial = bo_recorder_get_trial (reading->recorder, reading->shared->trial);
  reading->ended = FALSE;
  reading->request = 0;
  bo_recorder_set_keep_lines (reading->recorder, 0);
  bo_recorder_set_func (reading->recorder, changed_cb, reading, NULL);
}

/* Until there is no more so far. */
static gboolean
read_on (Reading *reading, BoJournalReader *reader)
{
  BoJournalMessage message;
  BoJournalNext next;
  guint n = 0;

  while (!reading->ended
         && (next = bo_journal_reader_next (reader, &message, &reading->error)) == BO_JOURNAL_NEXT_MESSAGE)
    {
      if (!is_foreign (reading, &message))
        bo_recorder_feed (reading->recorder, &message);
      if (reading->error != NULL)
        return FALSE;
      /* What is read after the build (its image, its probes) is no log. */
      if (message.type == BO_JOURNAL_DONE && message.request != 0 && message.request == reading->request)
        reading->ended = TRUE;
      if (++n % 64 != 0)
        continue;
      if (is_stopped (reading->shared))
        return FALSE;
      if (g_get_monotonic_time () - reading->shown_us >= SHOW_US && !show (reading))
        return FALSE;
    }
  return reading->error == NULL && show (reading);
}

/* Which folder a path leads to; 0 for none. */
static guint64
identify (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 ? (guint64) info.st_ino : 0;
}

/* Whether there may be more to read; waits a moment. */
static gboolean
wait_for_more (Shared *shared)
{
  gboolean go_on;

  g_mutex_lock (&shared->lock);
  if (shared->live && !shared->stop)
    g_cond_wait_until (&shared->cond, &shared->lock, g_get_monotonic_time () + POLL_MS * G_TIME_SPAN_MILLISECOND);
  go_on = !shared->stop;
  g_mutex_unlock (&shared->lock);
  return go_on;
}

static gboolean
is_live (Shared *shared)
{
  gboolean live;

  g_mutex_lock (&shared->lock);
  live = shared->live;
  g_mutex_unlock (&shared->lock);
  return live;
}

static void
read_journal (Reading *reading)
{
  Shared *shared = reading->shared;
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (shared->journal);
  guint64 folder = identify (shared->journal);

  begin_reading (reading);
  if (reading->trial == NULL)
    {
      g_set_error (&reading->error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_NOT_FOUND, _ ("The campaign has no trial %s."),
                   shared->trial);
      return;
    }
  for (;;)
    {
      /* Asked before it is read: what is written before the end of the session is read after it. */
      gboolean live = is_live (shared);

      if (!read_on (reading, reader))
        return;
      if (reading->ended || !live)
        break;
      bo_log_spool_set_state (shared->spool, BO_LOG_LIVE, NULL);
      bo_log_news_tell (shared->news);
      do
        {
          if (!wait_for_more (shared))
            return;
        }
      while (is_live (shared) && !bo_journal_reader_has_more (reader) && identify (shared->journal) == folder);

      /* The device lost power and went on from earlier: its journal's copy is another one from here on. */
      if (folder != 0 && identify (shared->journal) != 0 && identify (shared->journal) != folder)
        {
          bo_journal_reader_free (g_steal_pointer (&reader));
          reader = bo_journal_reader_new (shared->journal);
          bo_log_spool_restart (shared->spool);
          begin_reading (reading);
        }
      folder = identify (shared->journal);
    }
  if (!reading->ended)
    bo_recorder_finish (reading->recorder);
  reading->dirty = TRUE;
  if (show (reading))
    bo_log_spool_set_state (shared->spool, BO_LOG_COMPLETE, NULL);
}

static gpointer
thread_main (gpointer user_data)
{
  Reading reading = { .shared = user_data };

  reading.ids = g_hash_table_new (NULL, NULL);
  reading.foreign = g_hash_table_new (NULL, NULL);
  reading.order = g_array_new (FALSE, FALSE, sizeof (guint));
  read_journal (&reading);
  if (reading.error != NULL)
    {
      g_debug ("not read on: %s", reading.error->message);
      bo_log_spool_flush (reading.shared->spool, NULL);
      bo_log_spool_set_state (reading.shared->spool, BO_LOG_FAILED, reading.error);
    }
  bo_log_news_tell (reading.shared->news);

  g_clear_pointer (&reading.recorder, bo_recorder_free);
  g_clear_error (&reading.error);
  g_hash_table_unref (reading.ids);
  g_hash_table_unref (reading.foreign);
  g_array_unref (reading.order);
  shared_unref (reading.shared);
  return NULL;
}

/* --- the object --- */

static void
news_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[CHANGED], 0);
}

static void
bo_log_replay_dispose (GObject *object)
{
  BoLogReplay *self = BO_LOG_REPLAY (object);

  /* Nobody waits for the thread: it ends soon, and what it needs is its own. */
  if (self->shared != NULL)
    {
      bo_log_news_stop (self->shared->news);
      g_mutex_lock (&self->shared->lock);
      self->shared->stop = TRUE;
      g_cond_signal (&self->shared->cond);
      g_mutex_unlock (&self->shared->lock);
    }
  g_clear_pointer (&self->shared, shared_unref);

  G_OBJECT_CLASS (bo_log_replay_parent_class)->dispose (object);
}

static void
bo_log_replay_class_init (BoLogReplayClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bo_log_replay_dispose;

  signals[CHANGED] = g_signal_new ("changed", BO_TYPE_LOG_REPLAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
bo_log_replay_init (BoLogReplay *self)
{
}

/**
 * bo_log_replay_new:
 * @folder: the campaign's folder
 * @campaign: the campaign
 * @trial: id of one of its trials
 * @live: whether the campaign is being played, so that more may come
 * @error: return location for an error (#GIOErrorEnum): no file can be made for the log
 *
 * Begins to read at once. Unref ends it.
 *
 * Returns: (transfer full) (nullable): the replay
 */
BoLogReplay *
bo_log_replay_new (const char *folder, BoCampaign *campaign, const char *trial, gboolean live, GError **error)
{
  BoLogReplay *self;
  BoLogSpool *spool;
  GThread *thread;
  Shared *shared;

  g_return_val_if_fail (folder != NULL && campaign != NULL && trial != NULL, NULL);

  spool = bo_log_spool_new (error);
  if (spool == NULL)
    return NULL;
  self = g_object_new (BO_TYPE_LOG_REPLAY, NULL);
  shared = self->shared = g_new0 (Shared, 1);
  g_atomic_ref_count_init (&shared->ref_count);
  g_mutex_init (&shared->lock);
  g_cond_init (&shared->cond);
  shared->journal = g_build_filename (folder, "journal", NULL);
  shared->campaign = bo_campaign_ref (campaign);
  shared->trial = g_strdup (trial);
  shared->spool = spool;
  shared->live = live;
  shared->news = bo_log_news_new (news_cb, self);

  g_atomic_ref_count_inc (&shared->ref_count);
  thread = g_thread_try_new ("log", thread_main, shared, error);
  if (thread == NULL)
    {
      shared_unref (shared);
      g_object_unref (self);
      return NULL;
    }
  g_thread_unref (thread);
  return self;
}

/**
 * bo_log_replay_get_spool:
 * @self: a replay
 *
 * Returns: (transfer none): what was read so far
 */
BoLogSpool *
bo_log_replay_get_spool (BoLogReplay *self)
{
  g_return_val_if_fail (BO_IS_LOG_REPLAY (self), NULL);

  return self->shared->spool;
}

/**
 * bo_log_replay_end_live:
 * @self: a replay
 *
 * The campaign is not played any more: what there is is the whole of it.
 */
void
bo_log_replay_end_live (BoLogReplay *self)
{
  g_return_if_fail (BO_IS_LOG_REPLAY (self));

  g_mutex_lock (&self->shared->lock);
  self->shared->live = FALSE;
  g_cond_signal (&self->shared->cond);
  g_mutex_unlock (&self->shared->lock);
}
