/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-search"

#include "config.h"

#include <string.h>

#include "journal/bo-ansi-text.h"
#include "journal/bo-log-matcher.h"
#include "journal/bo-log-news.h"
#include "journal/bo-log-search.h"

#define AHEAD (256 * 1024)
/* So many lines are looked at before what was found is told. */
#define BATCH 20000

typedef struct
{
  gatomicrefcount ref_count;
  BoLogSpool *spool;
  BoLogMatcher *matcher;
  BoLogNews *news;

  GMutex lock;
  GCond cond;
  gboolean stop;
  gboolean again;
  gboolean busy;
  GPtrArray *found; /* (nullable) by id of the step: GArray of guint, the lines, in order */
  guint64 n_found;
} Shared;

struct _BoLogSearch
{
  GObject parent_instance;

  char *words;
  Shared *shared; /* (owned) */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoLogSearch, bo_log_search, G_TYPE_OBJECT)

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;
  bo_log_spool_unref (shared->spool);
  bo_log_matcher_free (shared->matcher);
  bo_log_news_unref (shared->news);
  g_ptr_array_unref (shared->found);
  g_cond_clear (&shared->cond);
  g_mutex_clear (&shared->lock);
  g_free (shared);
}

static void
unref_lines (gpointer lines)
{
  g_clear_pointer (&lines, g_array_unref);
}

static gboolean
matches (Shared *shared, const BoLogEntry *entry, GByteArray *plain)
{
  const char *text = entry->text;
  gsize length = entry->length;
  gsize begin, end;

  if (memchr (text, '\033', length) != NULL)
    {
      g_byte_array_set_size (plain, (guint) length);
      length = bo_ansi_text_strip (text, length, (char *) plain->data);
      text = (const char *) plain->data;
    }
  return bo_log_matcher_find (shared->matcher, text, length, 0, &begin, &end);
}

/* Adds the lines that were found to what all see, by step. */
static void
publish (Shared *shared, GArray *hits)
{
  g_mutex_lock (&shared->lock);
  for (guint i = 0; i + 1 < hits->len; i += 2)
    {
      guint id = g_array_index (hits, guint, i);
      guint line = g_array_index (hits, guint, i + 1);

      if (id >= shared->found->len)
        g_ptr_array_set_size (shared->found, (int) id + 1);
      if (shared->found->pdata[id] == NULL)
        shared->found->pdata[id] = g_array_new (FALSE, FALSE, sizeof (guint));
      g_array_append_val (shared->found->pdata[id], line);
      shared->n_found++;
    }
  g_mutex_unlock (&shared->lock);
  if (hits->len > 0)
    bo_log_news_tell (shared->news);
  g_array_set_size (hits, 0);
}

/* Until there is no line more so far. Returns whether to wait for more. */
static gboolean
look (Shared *shared, BoLogCursor *cursor, GByteArray *plain, GArray *hits)
{
  g_autoptr (GError) error = NULL;
  BoLogEntry entry;
  guint n = 0;

  while (bo_log_cursor_next (cursor, &entry, &error))
    {
      if (matches (shared, &entry, plain))
        {
          g_array_append_val (hits, entry.step);
          g_array_append_val (hits, entry.line);
        }
      if (++n % BATCH == 0)
        {
          gboolean stop;

          publish (shared, hits);
          g_mutex_lock (&shared->lock);
          stop = shared->stop;
          g_mutex_unlock (&shared->lock);
          if (stop)
            return FALSE;
        }
    }
  publish (shared, hits);
  if (error != NULL)
    g_warning ("%s", error->message);
  return error == NULL;
}

static gpointer
thread_main (gpointer user_data)
{
  Shared *shared = user_data;
  g_autoptr (BoLogCursor) cursor = bo_log_cursor_new (shared->spool, AHEAD);
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean go_on = TRUE;

  while (go_on)
    {
      go_on = look (shared, cursor, plain, hits);
      g_mutex_lock (&shared->lock);
      if (!shared->again)
        {
          shared->busy = FALSE;
          bo_log_news_tell (shared->news);
        }
      while (go_on && !shared->again && !shared->stop)
        g_cond_wait (&shared->cond, &shared->lock);
      shared->again = FALSE;
      go_on = go_on && !shared->stop;
      g_mutex_unlock (&shared->lock);
    }
  g_clear_pointer (&cursor, bo_log_cursor_free);
  shared_unref (shared);
  return NULL;
}

static void
news_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[CHANGED], 0);
}

static void
bo_log_search_dispose (GObject *object)
{
  BoLogSearch *self = BO_LOG_SEARCH (object);

  /* Nobody waits for the thread: it ends soon. */
  if (self->shared != NULL)
    {
      bo_log_news_stop (self->shared->news);
      g_mutex_lock (&self->shared->lock);
      self->shared->stop = TRUE;
      g_cond_signal (&self->shared->cond);
      g_mutex_unlock (&self->shared->lock);
    }
  g_clear_pointer (&self->shared, shared_unref);
  g_clear_pointer (&self->words, g_free);

  G_OBJECT_CLASS (bo_log_search_parent_class)->dispose (object);
}

static void
bo_log_search_class_init (BoLogSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bo_log_search_dispose;

  signals[CHANGED] = g_signal_new ("changed", BO_TYPE_LOG_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
bo_log_search_init (BoLogSearch *self)
{
}

/**
 * bo_log_search_new:
 * @spool: where to look
 * @words: what for, valid UTF-8 and not empty
 * @error: return location for an error: no thread can be made
 *
 * Begins at once. Unref ends it.
 *
 * Returns: (transfer full) (nullable): the search
 */
BoLogSearch *
bo_log_search_new (BoLogSpool *spool, const char *words, GError **error)
{
  BoLogSearch *self;
  GThread *thread;
  Shared *shared;

  g_return_val_if_fail (spool != NULL && words != NULL && *words != '\0', NULL);

  self = g_object_new (BO_TYPE_LOG_SEARCH, NULL);
  self->words = g_strdup (words);
  shared = self->shared = g_new0 (Shared, 1);
  g_atomic_ref_count_init (&shared->ref_count);
  g_mutex_init (&shared->lock);
  g_cond_init (&shared->cond);
  shared->spool = bo_log_spool_ref (spool);
  shared->matcher = bo_log_matcher_new (words);
  shared->news = bo_log_news_new (news_cb, self);
  shared->busy = TRUE;
  shared->found = g_ptr_array_new_with_free_func (unref_lines);

  g_atomic_ref_count_inc (&shared->ref_count);
  thread = g_thread_try_new ("search", thread_main, shared, error);
  if (thread == NULL)
    {
      shared_unref (shared);
      g_object_unref (self);
      return NULL;
    }
  g_thread_unref (thread);
  return self;
}

const char *
bo_log_search_get_words (BoLogSearch *self)
{
  g_return_val_if_fail (BO_IS_LOG_SEARCH (self), NULL);

  return self->words;
}

/**
 * bo_log_search_look_again:
 * @self: a search
 *
 * The log has more lines now.
 */
void
bo_log_search_look_again (BoLogSearch *self)
{
  g_return_if_fail (BO_IS_LOG_SEARCH (self));

  g_mutex_lock (&self->shared->lock);
  self->shared->again = self->shared->busy = TRUE;
  g_cond_signal (&self->shared->cond);
  g_mutex_unlock (&self->shared->lock);
}

/**
 * bo_log_search_get_n_found:
 * @self: a search
 * @busy: (out) (optional): whether there are lines that were not looked at yet
 *
 * Returns: how many lines have the words
 */
guint64
bo_log_search_get_n_found (BoLogSearch *self, gboolean *busy)
{
  guint64 n;

  g_return_val_if_fail (BO_IS_LOG_SEARCH (self), 0);

  g_mutex_lock (&self->shared->lock);
  n = self->shared->n_found;
  if (busy != NULL)
    *busy = self->shared->busy;
  g_mutex_unlock (&self->shared->lock);
  return n;
}

/* With the lock. The lines that were found in the step at @position, or NULL. */
static GArray *
get_lines (Shared *shared, const BoLogShape *shape, guint position)
{
  guint id = g_array_index (shape->parts, BoLogPart, position).id;

  return id < shared->found->len ? g_ptr_array_index (shared->found, id) : NULL;
}

/* How many of @lines are before @line. */
static guint
count_before (const GArray *lines, gint64 line)
{
  guint low = 0;
  guint high = lines != NULL ? lines->len : 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if ((gint64) g_array_index (lines, guint, middle) < line)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * bo_log_search_find:
 * @self: a search
 * @shape: the log's steps, in the order in which they are gone through
 * @position: in the parts of @shape
 * @line: in that step; -1 is before its first, and one after the last is fine
 * @forward: whether the next one is looked for, after @line; else the last one before it
 * @found_position: (out): where it is
 * @found_line: (out): and in which line
 *
 * After the last comes the first again, and the other way round.
 *
 * Returns: whether anything was found so far
 */
gboolean
bo_log_search_find (BoLogSearch *self,
                    const BoLogShape *shape,
                    guint position,
                    gint64 line,
                    gboolean forward,
                    guint *found_position,
                    guint *found_line)
{
  guint n = shape->parts->len;
  gboolean found = FALSE;

  g_return_val_if_fail (BO_IS_LOG_SEARCH (self), FALSE);

  if (n == 0)
    return FALSE;
  position = MIN (position, n - 1);
  g_mutex_lock (&self->shared->lock);
  /* All the way round, and the first step once more, for what is on the other side of the line. */
  for (guint k = 0; k <= n && !found; k++)
    {
      guint at = forward ? (position + k) % n : (position + n - k % n) % n;
      const GArray *lines = get_lines (self->shared, shape, at);
      guint n_lines = lines != NULL ? lines->len : 0;
      guint index;

      if (n_lines == 0)
        continue;
      if (forward)
        index = k == 0 ? count_before (lines, line + 1) : 0;
      else
        index = k == 0 ? count_before (lines, line) - 1 : n_lines - 1;
      if (index >= n_lines)
        continue;
      *found_position = at;
      *found_line = g_array_index (lines, guint, index);
      found = TRUE;
    }
  g_mutex_unlock (&self->shared->lock);
  return found;
}

/**
 * bo_log_search_get_rank:
 * @self: a search
 * @shape: the log's steps, in order
 * @position: in the parts of @shape
 * @line: in that step
 *
 * Returns: the how manieth of all that were found this line is, from 1; 0 when it is none
 */
guint64
bo_log_search_get_rank (BoLogSearch *self, const BoLogShape *shape, guint position, guint line)
{
  const GArray *lines;
  guint64 rank = 0;
  guint before;

  g_return_val_if_fail (BO_IS_LOG_SEARCH (self) && position < shape->parts->len, 0);

  g_mutex_lock (&self->shared->lock);
  for (guint i = 0; i < position; i++)
    {
      lines = get_lines (self->shared, shape, i);
      rank += lines != NULL ? lines->len : 0;
    }
  lines = get_lines (self->shared, shape, position);
  before = count_before (lines, line);
  if (lines == NULL || before >= lines->len || g_array_index (lines, guint, before) != line)
    rank = 0;
  else
    rank += before + 1;
  g_mutex_unlock (&self->shared->lock);
  return rank;
}
