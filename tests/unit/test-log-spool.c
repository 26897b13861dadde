/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "journal/bo-log-replay.h"
#include "journal/bo-journal-reader.h"
#include "journal/bo-log-spool.h"
#include "journal/bo-log-writer.h"
#include "own-folders.h"
#include "written-log.h"

static gboolean
late_cb (gpointer user_data)
{
  g_assert_not_reached ();
  return G_SOURCE_REMOVE;
}

#define WAIT_FOR(condition)                                   \
  G_STMT_START                                                \
  {                                                           \
    guint late_id = g_timeout_add_seconds (20, late_cb, NULL); \
                                                              \
    while (!(condition))                                      \
      g_main_context_iteration (NULL, TRUE);                  \
    g_source_remove (late_id);                                \
  }                                                           \
  G_STMT_END

static BoStep *
make_step (guint number, const char *instruction)
{
  BoStep *step = bo_step_new ();

  step->number = number;
  step->total = 3;
  step->instruction = g_strdup (instruction);
  return step;
}

static void
add (BoLogSpool *spool, guint id, const char *text)
{
  BoLogLine line = { .time_us = 1500000, .stream = 2, .text = (char *) text };
  g_autoptr (GError) error = NULL;

  g_assert_true (bo_log_spool_add_line (spool, id, &line, &error));
  g_assert_no_error (error);
}

static char *
read_line (BoLogSpool *spool, guint id, guint line, gsize limit)
{
  g_autoptr (BoLogCursor) cursor = bo_log_cursor_new (spool, 64);
  BoLogEntry entry;

  if (!bo_log_cursor_read (cursor, id, line, limit, &entry, NULL))
    return NULL;
  g_assert_cmpuint (entry.step, ==, id);
  g_assert_cmpuint (entry.line, ==, line);
  g_assert_cmpint (entry.time_us, ==, 1500000);
  g_assert_cmpuint (entry.stream, ==, 2);
  return g_strdup (entry.text);
}

#define assert_line(spool, id, line, limit, expected)                    \
  G_STMT_START                                                           \
  {                                                                      \
    g_autofree char *got = read_line (spool, id, line, limit);           \
    g_assert_cmpstr (got, ==, expected);                                 \
  }                                                                      \
  G_STMT_END

static void
test_lines (void)
{
  g_autoptr (BoLogSpool) spool = bo_log_spool_new (NULL);
  g_autoptr (BoStep) first = make_step (1, "FROM tiny");
  g_autoptr (BoStep) second = make_step (2, "RUN make");
  g_auto (BoLogShape) shape = { 0 };
  g_autofree char *huge = g_strnfill (1024 * 1024, 'x');
  guint a, b;
  const BoLogPart *part;

  g_assert_nonnull (spool);
  a = bo_log_spool_add_step (spool, first);
  b = bo_log_spool_add_step (spool, second);
  add (spool, a, "one");
  add (spool, b, "");
  add (spool, a, "zwölf");
  add (spool, b, "three");
  /* Nothing is there before it can be read. */
  bo_log_spool_get_shape (spool, &shape);
  g_assert_cmpuint (shape.n_lines, ==, 0);
  bo_log_shape_clear (&shape);

  g_assert_true (bo_log_spool_flush (spool, NULL));
  bo_log_spool_get_shape (spool, &shape);
  g_assert_cmpuint (shape.n_lines, ==, 4);
  g_assert_cmpuint (shape.newest, ==, b);
  g_assert_cmpuint (shape.parts->len, ==, 2);
  part = &g_array_index (shape.parts, BoLogPart, 0);
  g_assert_cmpuint (part->id, ==, a);
  g_assert_cmpuint (part->n_lines, ==, 2);
  g_assert_cmpstr (part->step->instruction, ==, "FROM tiny");
  assert_line (spool, a, 0, G_MAXSIZE, "one");
  assert_line (spool, a, 1, G_MAXSIZE, "zwölf");
  assert_line (spool, b, 0, G_MAXSIZE, "");
  assert_line (spool, b, 1, G_MAXSIZE, "three");
  assert_line (spool, b, 2, G_MAXSIZE, NULL);
  assert_line (spool, 7, 0, G_MAXSIZE, NULL);
  /* Cut, but not in the middle of a letter. */
  assert_line (spool, a, 1, 2, "zw");
  assert_line (spool, a, 1, 3, "zw");
  assert_line (spool, a, 1, 4, "zw");
  assert_line (spool, a, 1, 5, "zwöl");

  add (spool, b, huge);
  assert_line (spool, b, 2, G_MAXSIZE, huge);
}

static void
test_order (void)
{
  g_autoptr (BoLogSpool) spool = bo_log_spool_new (NULL);
  g_autoptr (BoStep) first = make_step (1, "FROM tiny");
  g_autoptr (BoStep) second = make_step (2, "RUN make");
  g_auto (BoLogShape) before = { 0 };
  g_auto (BoLogShape) after = { 0 };
  guint ids[2];

  ids[1] = bo_log_spool_add_step (spool, second);
  ids[0] = bo_log_spool_add_step (spool, first);
  add (spool, ids[1], "made");
  bo_log_spool_flush (spool, NULL);
  bo_log_spool_get_shape (spool, &before);
  second->failed = TRUE;
  bo_log_spool_set_step (spool, ids[1], second);
  bo_log_spool_set_order (spool, ids, 2);
  bo_log_spool_get_shape (spool, &after);
  /* What was asked before stays what it was. */
  g_assert_cmpuint (g_array_index (before.parts, BoLogPart, 0).id, ==, ids[1]);
  g_assert_false (g_array_index (before.parts, BoLogPart, 0).step->failed);
  g_assert_cmpuint (g_array_index (after.parts, BoLogPart, 1).id, ==, ids[1]);
  g_assert_true (g_array_index (after.parts, BoLogPart, 1).step->failed);
  assert_line (spool, ids[1], 0, G_MAXSIZE, "made");
}

static void
test_restart (void)
{
  g_autoptr (BoLogSpool) spool = bo_log_spool_new (NULL);
  g_autoptr (BoStep) step = make_step (1, "RUN make");
  g_autoptr (BoLogCursor) old = NULL;
  g_autoptr (BoLogCursor) young = NULL;
  g_auto (BoLogShape) shape = { 0 };
  BoLogEntry entry;

  add (spool, bo_log_spool_add_step (spool, step), "lost");
  bo_log_spool_flush (spool, NULL);
  old = bo_log_cursor_new (spool, 64);
  add (spool, 0, "never seen");
  bo_log_spool_restart (spool);
  bo_log_spool_get_shape (spool, &shape);
  g_assert_cmpuint (shape.n_lines, ==, 0);
  g_assert_cmpuint (shape.parts->len, ==, 0);
  g_assert_cmpuint (shape.generation, ==, 1);

  add (spool, bo_log_spool_add_step (spool, step), "anew");
  bo_log_spool_flush (spool, NULL);
  assert_line (spool, 0, 0, G_MAXSIZE, "anew");
  assert_line (spool, 0, 1, G_MAXSIZE, NULL);
  g_assert_false (bo_log_cursor_next (old, &entry, NULL));
  young = bo_log_cursor_new (spool, 64);
  g_assert_true (bo_log_cursor_next (young, &entry, NULL));
  g_assert_cmpstr (entry.text, ==, "anew");
  g_assert_false (bo_log_cursor_next (young, &entry, NULL));
}

/* One thread adds while another reads: each line is whole and in its place. */
static gpointer
add_many (gpointer user_data)
{
  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *text = g_strdup_printf ("line %u of step %u", i / 2, i % 2);

      add (user_data, i % 2, text);
    }
  g_assert_true (bo_log_spool_flush (user_data, NULL));
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (BoLogSpool) spool = bo_log_spool_new (NULL);
  g_autoptr (BoStep) step = make_step (1, "RUN make");
  g_autoptr (BoLogCursor) cursor = bo_log_cursor_new (spool, 4096);
  g_autoptr (BoLogCursor) jumping = bo_log_cursor_new (spool, 4096);
  GThread *thread;
  guint n = 0;

  bo_log_spool_add_step (spool, step);
  bo_log_spool_add_step (spool, step);
  thread = g_thread_new ("add", add_many, spool);
  while (n < 100000)
    {
      g_autofree char *expected = NULL;
      BoLogEntry entry;

      if (!bo_log_cursor_next (cursor, &entry, NULL))
        {
          g_thread_yield ();
          continue;
        }
      expected = g_strdup_printf ("line %u of step %u", n / 2, n % 2);
      g_assert_cmpstr (entry.text, ==, expected);
      if (n % 97 == 0)
        {
          g_assert_true (bo_log_cursor_read (jumping, n % 2, n / 2, G_MAXSIZE, &entry, NULL));
          g_assert_cmpstr (entry.text, ==, expected);
        }
      n++;
    }
  g_thread_join (thread);
}

/* --- from a journal --- */

static void
get_shape (BoLogReplay *replay, BoLogShape *shape)
{
  bo_log_shape_clear (shape);
  bo_log_spool_get_shape (bo_log_replay_get_spool (replay), shape);
}

static gboolean
is_state (BoLogReplay *replay, BoLogState state, guint64 n_lines)
{
  g_auto (BoLogShape) shape = { 0 };

  get_shape (replay, &shape);
  return shape.state == state && shape.n_lines == n_lines;
}

static char *
get_text (BoLogReplay *replay, guint position, guint line)
{
  g_auto (BoLogShape) shape = { 0 };
  g_autoptr (BoLogCursor) cursor = bo_log_cursor_new (bo_log_replay_get_spool (replay), 64);
  BoLogEntry entry;

  get_shape (replay, &shape);
  g_assert_true (bo_log_cursor_read (cursor, g_array_index (shape.parts, BoLogPart, position).id, line, G_MAXSIZE,
                                     &entry, NULL));
  return g_strdup (entry.text);
}

#define assert_text(replay, position, line, expected)                    \
  G_STMT_START                                                           \
  {                                                                      \
    g_autofree char *got = get_text (replay, position, line);            \
    g_assert_cmpstr (got, ==, expected);                                 \
  }                                                                      \
  G_STMT_END

static void
changed_cb (BoLogReplay *replay, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_replay (void)
{
  WrittenLog log;
  g_autoptr (BoLogReplay) replay = NULL;
  g_autoptr (BoLogReplay) other = NULL;
  g_autoptr (BoLogReplay) none = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (BoLogShape) shape = { 0 };
  guint n_changed = 0;

  written_log_init (&log, NULL, 2, BO_BUILDER_CLASSIC);
  for (guint trial = 1; trial <= 2; trial++)
    {
      g_autofree char *line = g_strdup_printf ("of trial %u\n", trial);

      written_log_begin_build (&log, trial);
      written_log_step (&log, 1, 2, "FROM tiny");
      written_log_step (&log, 2, 2, "RUN make");
      written_log_say (&log, line);
      written_log_say (&log, "last\n");
      written_log_end_build (&log, trial == 2 ? "The command returned a non-zero code: 2" : NULL);
    }
  written_log_end (&log);

  replay = bo_log_replay_new (log.folder, log.campaign, "c.2", FALSE, &error);
  g_assert_no_error (error);
  g_signal_connect (replay, "changed", G_CALLBACK (changed_cb), &n_changed);
  WAIT_FOR (is_state (replay, BO_LOG_COMPLETE, 2) && n_changed > 0);
  assert_text (replay, 1, 0, "of trial 2");
  assert_text (replay, 1, 1, "last");
  get_shape (replay, &shape);
  g_assert_cmpuint (shape.parts->len, ==, 2);
  g_assert_true (g_array_index (shape.parts, BoLogPart, 1).step->failed);

  other = bo_log_replay_new (log.folder, log.campaign, "c.1", FALSE, &error);
  WAIT_FOR (is_state (other, BO_LOG_COMPLETE, 2));
  assert_text (other, 1, 0, "of trial 1");
  get_shape (other, &shape);
  g_assert_false (g_array_index (shape.parts, BoLogPart, 1).step->failed);

  none = bo_log_replay_new (log.folder, log.campaign, "c.9", FALSE, &error);
  WAIT_FOR (is_state (none, BO_LOG_FAILED, 0));
  error = bo_log_spool_get_error (bo_log_replay_get_spool (none));
  g_assert_nonnull (error);
  written_log_clear (&log);
}

/* Shown in the middle of a build: what was before, then what comes, nothing twice, nothing missing. */
static void
test_live (void)
{
  WrittenLog log;
  g_autoptr (BoLogReplay) replay = NULL;
  guint64 n = 0;

  written_log_init (&log, NULL, 1, BO_BUILDER_CLASSIC);
  written_log_begin_build (&log, 1);
  written_log_step (&log, 1, 1, "RUN make");
  written_log_say (&log, "line 0\n");
  replay = bo_log_replay_new (log.folder, log.campaign, "c.1", TRUE, NULL);
  WAIT_FOR (is_state (replay, BO_LOG_LIVE, 1));
  for (n = 1; n < 500; n++)
    {
      g_autofree char *text = g_strdup_printf ("line %u\n", (guint) n);

      written_log_say (&log, text);
      if (n % 50 == 0)
        WAIT_FOR (is_state (replay, BO_LOG_LIVE, n + 1));
    }
  /* What was written before the end is read after it. */
  written_log_say (&log, "line 500\n");
  bo_log_replay_end_live (replay);
  WAIT_FOR (is_state (replay, BO_LOG_COMPLETE, 501));
  for (guint i = 0; i <= 500; i++)
    {
      g_autofree char *expected = g_strdup_printf ("line %u", i);

      assert_text (replay, 0, i, expected);
    }
  written_log_clear (&log);
}

/* The end of the build is the end of its log, though the campaign goes on. */
static void
test_live_end (void)
{
  WrittenLog log;
  g_autoptr (BoLogReplay) replay = NULL;

  written_log_init (&log, NULL, 1, BO_BUILDER_CLASSIC);
  replay = bo_log_replay_new (log.folder, log.campaign, "c.1", TRUE, NULL);
  WAIT_FOR (is_state (replay, BO_LOG_LIVE, 0));
  written_log_begin_build (&log, 1);
  written_log_step (&log, 1, 1, "RUN make");
  written_log_say (&log, "made\n");
  written_log_end_build (&log, NULL);
  WAIT_FOR (is_state (replay, BO_LOG_COMPLETE, 1));
  written_log_clear (&log);
}

/* A device that lost power goes on from earlier: the copy of its journal is another one from then on. */
static void
test_diverged (void)
{
  WrittenLog log;
  g_autoptr (BoLogReplay) replay = NULL;
  g_autofree char *journal = NULL;
  g_autofree char *aside = NULL;
  g_auto (BoLogShape) shape = { 0 };

  written_log_init (&log, NULL, 1, BO_BUILDER_CLASSIC);
  written_log_begin_build (&log, 1);
  written_log_step (&log, 1, 1, "RUN make");
  written_log_say (&log, "lost\n");
  written_log_say (&log, "lost too\n");
  replay = bo_log_replay_new (log.folder, log.campaign, "c.1", TRUE, NULL);
  WAIT_FOR (is_state (replay, BO_LOG_LIVE, 2));

  journal = g_build_filename (log.folder, "journal", NULL);
  aside = g_strdup_printf ("%s.lost-1", journal);
  g_assert_cmpint (g_rename (journal, aside), ==, 0);
  bo_journal_writer_close (&log.writer);
  close (log.fd);
  bo_campaign_unref (log.campaign);
  {
    g_autofree char *folder = g_steal_pointer (&log.folder);

    written_log_init (&log, folder, 1, BO_BUILDER_CLASSIC);
  }
  written_log_begin_build (&log, 1);
  written_log_step (&log, 1, 1, "RUN make");
  written_log_say (&log, "anew\n");
  WAIT_FOR (is_state (replay, BO_LOG_LIVE, 1));
  assert_text (replay, 0, 0, "anew");
  get_shape (replay, &shape);
  g_assert_cmpuint (shape.generation, ==, 1);
  written_log_clear (&log);
}

static void
test_damaged (void)
{
  WrittenLog log;
  g_autoptr (BoLogReplay) replay = NULL;
  g_autofree char *segment = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  char *at;

  written_log_init (&log, NULL, 1, BO_BUILDER_CLASSIC);
  written_log_begin_build (&log, 1);
  written_log_step (&log, 1, 1, "RUN make");
  written_log_say (&log, "before\n");
  written_log_say (&log, "DAMAGED\n");
  written_log_say (&log, "after\n");
  written_log_end_build (&log, NULL);
  segment = g_build_filename (log.folder, "journal", "00000001.bj", NULL);
  g_assert_true (g_file_get_contents (segment, &contents, &length, NULL));
  at = memmem (contents, length, "DAMAGED", 7);
  g_assert_nonnull (at);
  *at = '?';
  g_assert_true (g_file_set_contents (segment, contents, (gssize) length, NULL));

  replay = bo_log_replay_new (log.folder, log.campaign, "c.1", FALSE, NULL);
  WAIT_FOR (is_state (replay, BO_LOG_FAILED, 1));
  assert_text (replay, 0, 0, "before");
  error = bo_log_spool_get_error (bo_log_replay_get_spool (replay));
  g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED);
  written_log_clear (&log);
}

/* --- as text --- */

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static BoLogSpool *
make_spool (void)
{
  BoLogSpool *spool = bo_log_spool_new (NULL);
  g_autoptr (BoStep) first = make_step (1, "FROM tiny");
  g_autoptr (BoStep) second = make_step (2, "RUN a \\\n  && b");

  bo_log_spool_add_step (spool, first);
  bo_log_spool_add_step (spool, second);
  add (spool, 1, "\033[31mred\033[0m");
  add (spool, 1, "zwölf");
  add (spool, 1, "end");
  bo_log_spool_flush (spool, NULL);
  return spool;
}

static void
test_text (void)
{
  g_autoptr (BoLogSpool) spool = make_spool ();
  static const struct
  {
    BoLogRange ranges[2];
    const char *text;
  } cases[] = {
    { { { 1, TRUE, 0, 3, 0, G_MAXSIZE } }, "=== 2/3 RUN a \\   && b\nred\nzwölf\nend\n" },
    { { { 1, FALSE, 1, 1, 0, G_MAXSIZE } }, "zwölf\n" },
    { { { 1, FALSE, 0, 2, 1, 4 } }, "ed\nzwö" },
    { { { 1, FALSE, 1, 1, 2, 4 } }, "ö" },
    { { { 1, FALSE, 1, 1, 99, 99 } }, "" },
    { { { 0, TRUE, 0, 0, 0, G_MAXSIZE }, { 1, FALSE, 0, 1, 0, G_MAXSIZE } }, "=== 1/3 FROM tiny\nred\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BoLogRange));
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      g_array_append_vals (ranges, cases[i].ranges, cases[i].ranges[1].end != 0 ? 2 : 1);
      bo_log_get_text_async (spool, ranges, FALSE, NULL, result_cb, &result);
      WAIT_FOR (result != NULL);
      text = bo_log_get_text_finish (result, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_save (void)
{
  g_autoptr (BoLogSpool) spool = make_spool ();
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-save-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "log.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *text = NULL;
  g_autofree char *kept = NULL;

  for (guint cancelled = 0; cancelled < 2; cancelled++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      if (cancelled)
        {
          g_assert_true (g_file_set_contents (path, "before", -1, NULL));
          g_cancellable_cancel (cancellable);
        }
      bo_log_save_async (spool, file, TRUE, cancellable, result_cb, &result);
      WAIT_FOR (result != NULL);
      if (cancelled)
        {
          g_assert_false (bo_log_save_finish (result, &error));
          g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
          g_assert_cmpstr (kept, ==, "before");
        }
      else
        {
          g_assert_true (bo_log_save_finish (result, &error));
          g_assert_no_error (error);
          g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
          g_assert_cmpstr (text, ==, "=== 1/3 FROM tiny\n=== 2/3 RUN a \\   && b\n     1.500  red\n     1.500  zwölf\n"
                                     "     1.500  end\n");
        }
    }
  written_log_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = own_folders_make ();
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-spool/lines", test_lines);
  g_test_add_func ("/log-spool/order", test_order);
  g_test_add_func ("/log-spool/restart", test_restart);
  g_test_add_func ("/log-spool/threads", test_threads);
  g_test_add_func ("/log-replay/stored", test_replay);
  g_test_add_func ("/log-replay/live", test_live);
  g_test_add_func ("/log-replay/live-end", test_live_end);
  g_test_add_func ("/log-replay/diverged", test_diverged);
  g_test_add_func ("/log-replay/damaged", test_damaged);
  g_test_add_func ("/log-writer/text", test_text);
  g_test_add_func ("/log-writer/save", test_save);
  status = g_test_run ();
  own_folders_remove (folder);
  return status;
}
