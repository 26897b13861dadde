/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "bo-journal-past.h"
#include "bo-journal-writer.h"
#include "journal/bo-journal-follow.h"
#include "journal/bo-journal-reader.h"

typedef struct
{
  char *folder;
  int fd;
  BoJournalWriter writer;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("bakeoff-journal.XXXXXX", NULL);
  f->fd = open (f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (f->fd, >=, 0);
  g_assert_true (bo_journal_writer_open (&f->writer, f->fd, 1, 1, "boot b\ncampaign c\n"));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name = NULL;

  bo_journal_writer_close (&f->writer);
  close (f->fd);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
}

/* Begins a new segment as a courier does that goes on. */
static void
go_on (Fixture *f)
{
  guint64 next = f->writer.next;
  guint segment = f->writer.segment + 1;

  bo_journal_writer_close (&f->writer);
  g_assert_true (bo_journal_writer_open (&f->writer, f->fd, segment, next, "boot b\ncampaign c\n"));
}

static char *
segment_path (Fixture *f, guint segment)
{
  return g_strdup_printf ("%s/%08u.bj", f->folder, segment);
}

static void
change (Fixture *f, guint segment, gssize offset, char mask)
{
  g_autofree char *path = segment_path (f, segment);
  g_autofree char *data = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  data[offset >= 0 ? offset : (gssize) length + offset] ^= mask;
  g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
}

static void
cut (Fixture *f, guint segment, gsize bytes)
{
  g_autofree char *path = segment_path (f, segment);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (truncate (path, info.st_size - (off_t) bytes), ==, 0);
}

/* Reads to the end so far; returns how many, or -1 with an error. */
static int
read_all (BoJournalReader *reader, GError **error)
{
  BoJournalMessage message;
  int n = 0;

  for (;;)
    {
      switch (bo_journal_reader_next (reader, &message, error))
        {
        case BO_JOURNAL_NEXT_MESSAGE:
          n++;
          break;
        case BO_JOURNAL_NEXT_END:
          return n;
        case BO_JOURNAL_NEXT_ERROR:
        default:
          return -1;
        }
    }
}

static void
test_crc (void)
{
  g_assert_cmphex (bo_journal_crc32 (0, "", 0), ==, 0);
  g_assert_cmphex (bo_journal_crc32 (0, "123456789", 9), ==, 0xcbf43926);
  g_assert_cmphex (bo_journal_crc32 (bo_journal_crc32 (0, "1234", 4), "56789", 5), ==, 0xcbf43926);
  g_assert_cmphex (bo_journal_crc32 (0, "\xff\xff\xff\xff", 4), ==, 0xffffffff);
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (f->folder);
  g_autofree char *large = g_malloc0 (BO_JOURNAL_PAYLOAD_MAX);
  g_autofree char *text = NULL;
  BoJournalMessage message = { 0 };
  gint64 before = g_get_real_time ();

  g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_MESSAGE);
  g_assert_cmpint (message.type, ==, BO_JOURNAL_SEGMENT);
  g_assert_cmpstr (message.payload, ==, "boot b\ncampaign c\n");
  g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_END);
  g_assert_false (bo_journal_reader_has_more (reader));

  large[BO_JOURNAL_PAYLOAD_MAX - 1] = 'z';
  g_assert_true (bo_journal_writer_printf (&f->writer, BO_JOURNAL_DONE, 7, "ok %d", 200));
  g_assert_true (bo_journal_writer_add (&f->writer, BO_JOURNAL_DATA, 8, "a\0\xff", 3));
  g_assert_true (bo_journal_writer_add (&f->writer, BO_JOURNAL_DATA, 9, "", 0));
  g_assert_true (bo_journal_writer_add (&f->writer, BO_JOURNAL_DATA, 10, large, BO_JOURNAL_PAYLOAD_MAX));
  g_assert_true (bo_journal_reader_has_more (reader));

  g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_MESSAGE);
  g_assert_cmpint (message.type, ==, BO_JOURNAL_DONE);
  g_assert_cmpuint (message.number, ==, 2);
  g_assert_cmpuint (message.request, ==, 7);
  g_assert_cmpstr (message.payload, ==, "ok 200");
  g_assert_cmpint (message.wall_us, >=, before);
  g_assert_cmpint (message.wall_us, <=, g_get_real_time ());
  g_assert_cmpint (message.monotonic_us, >, 0);
  g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_MESSAGE);
  g_assert_cmpmem (message.payload, message.length, "a\0\xff", 3);
  text = bo_journal_message_text (&message);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_MESSAGE);
  g_assert_cmpuint (message.length, ==, 0);
  g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_MESSAGE);
  g_assert_cmpmem (message.payload, message.length, large, BO_JOURNAL_PAYLOAD_MAX);
  g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_END);
}

static void
test_segments_and_seek (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (f->folder);
  g_autoptr (GError) error = NULL;
  BoJournalMessage message = { 0 };
  g_autofree char *payload = g_malloc0 (60000);
  guint64 last = 0;

  for (int i = 0; i < 300; i++)
    g_assert_true (bo_journal_writer_add (&f->writer, BO_JOURNAL_DATA, (guint32) i, payload, 60000));
  last = f->writer.next - 1;
  g_assert_cmpuint (f->writer.segment, ==, 5);
  g_assert_cmpint (read_all (reader, NULL), ==, (int) last);

  for (guint64 number = 1; number <= last; number += 7)
    {
      g_assert_true (bo_journal_reader_seek (reader, number, &error));
      g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_MESSAGE);
      g_assert_cmpuint (message.number, ==, number);
    }
  g_assert_true (bo_journal_reader_seek (reader, last + 1, &error));
  g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_END);
  g_assert_false (bo_journal_reader_seek (reader, last + 2, &error));
  g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_NOT_FOUND);
}

static void
test_no_journal (void)
{
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new ("/nonexistent/journal");
  BoJournalMessage message;

  g_assert_cmpint (bo_journal_reader_next (reader, &message, NULL), ==, BO_JOURNAL_NEXT_END);
  g_assert_false (bo_journal_reader_has_more (reader));
}

/* At every length: what is whole is read, the torn rest is not there yet, and comes when the bytes do. */
static void
test_torn_tail (Fixture *f, gconstpointer data)
{
  g_autofree char *path = segment_path (f, 1);
  g_autofree char *whole = NULL;
  gsize length = 0;

  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "one");
  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "two and more");
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  for (gsize keep = 0; keep <= length; keep++)
    {
      g_autoptr (BoJournalReader) reader = bo_journal_reader_new (f->folder);
      g_autoptr (GError) error = NULL;
      int n = 0;

      g_assert_true (g_file_set_contents (path, whole, (gssize) keep, NULL));
      n = read_all (reader, &error);
      g_assert_no_error (error);
      g_assert_cmpint (n, <=, 3);
      g_assert_cmpint (n == 3, ==, keep == length);
      /* The same file grows, as a writer makes it. */
      g_assert_cmpint (truncate (path, 0), ==, 0);
      {
        int fd = open (path, O_WRONLY | O_CLOEXEC);

        g_assert_cmpint (write (fd, whole, length), ==, (gssize) length);
        close (fd);
      }
      g_assert_cmpint (n + read_all (reader, &error), ==, 3);
      g_assert_no_error (error);
    }
}

static void
test_went_on_after_torn (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (f->folder);
  g_autoptr (GError) error = NULL;

  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "one");
  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "torn");
  cut (f, 1, 2);
  g_assert_cmpint (read_all (reader, NULL), ==, 2);
  f->writer.next = 3;
  go_on (f);
  bo_journal_writer_printf (&f->writer, BO_JOURNAL_START, 0, "resume");
  g_assert_cmpint (read_all (reader, &error), ==, 2);
  g_assert_no_error (error);
  /* And a courier that died as soon as it had made its segment. */
  {
    g_autofree char *path = segment_path (f, 3);

    g_assert_true (g_file_set_contents (path, "BJ0", 3, NULL));
    g_assert_cmpint (read_all (reader, &error), ==, 0);
    g_assert_no_error (error);
    f->writer.segment = 3;
    go_on (f);
    g_assert_cmpint (read_all (reader, &error), ==, 1);
    g_assert_no_error (error);
    g_assert_true (bo_journal_reader_seek (reader, 5, &error));
    g_assert_cmpint (read_all (reader, &error), ==, 1);
  }
}

/* A flipped bit anywhere but in the last message is damage, and says where. */
static void
test_damage (Fixture *f, gconstpointer data)
{
  g_autofree char *path = segment_path (f, 1);
  g_autofree char *whole = NULL;
  gsize length = 0;
  const gsize last = BO_JOURNAL_HEADER_SIZE + 4;

  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "one");
  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "last");
  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  for (gsize at = 0; at < length; at++)
    {
      g_autoptr (BoJournalReader) reader = bo_journal_reader_new (f->folder);
      g_autoptr (GError) error = NULL;
      int n = 0;

      change (f, 1, (gssize) at, 0x10);
      n = read_all (reader, &error);
      if (at < length - last)
        {
          g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED);
          g_assert_nonnull (strstr (error->message, "00000001.bj"));
          g_assert_cmpint (n, ==, -1);
          g_clear_error (&error);
          g_assert_cmpint (read_all (reader, &error), ==, -1);
        }
      else
        {
          g_assert_no_error (error);
          g_assert_cmpint (n, ==, 2);
        }
      g_assert_true (g_file_set_contents (path, whole, (gssize) length, NULL));
    }
}

static void
test_damage_before_a_segment (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (f->folder);
  g_autoptr (GError) error = NULL;

  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "one");
  go_on (f);
  change (f, 1, -1, 1);
  g_assert_cmpint (read_all (reader, &error), ==, -1);
  g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED);
}

static void
count_cb (const BoJournalPastMessage *message, void *user_data)
{
  (*(int *) user_data)++;
}

static void
test_past (Fixture *f, gconstpointer data)
{
  char problem[200] = "";
  unsigned segment = 0;
  guint64 next = 0;
  int n = 0;

  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "one");
  go_on (f);
  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "torn");
  cut (f, 2, 1);
  g_assert_true (bo_journal_past_read (f->fd, &segment, (uint64_t *) &next, count_cb, &n, problem, sizeof problem));
  g_assert_cmpuint (segment, ==, 3);
  g_assert_cmpuint (next, ==, 4);
  g_assert_cmpint (n, ==, 3);
  change (f, 1, -1, 1);
  g_assert_false (bo_journal_past_read (f->fd, &segment, (uint64_t *) &next, count_cb, &n, problem, sizeof problem));
  g_assert_nonnull (strstr (problem, "00000002.bj"));
}

typedef struct
{
  GMainLoop *loop;
  guint messages, batches;
  guint64 last;
  GError *error;
} Seen;

static void
follow_cb (BoJournalFollow *follow, const BoJournalMessage *message, const GError *error, gpointer user_data)
{
  Seen *seen = user_data;

  if (error != NULL)
    {
      seen->error = g_error_copy (error);
      g_main_loop_quit (seen->loop);
    }
  else if (message == NULL)
    seen->batches++;
  else
    {
      seen->messages++;
      seen->last = message->number;
      if (message->type == BO_JOURNAL_END)
        g_main_loop_quit (seen->loop);
    }
}

static gboolean
write_more_cb (gpointer user_data)
{
  Fixture *f = user_data;

  for (int i = 0; i < 20000; i++)
    bo_journal_writer_printf (&f->writer, BO_JOURNAL_DATA, 1, "{\"stream\":\"line %d of some usual length of a log\"}\r\n", i);
  bo_journal_writer_printf (&f->writer, BO_JOURNAL_END, 0, "finished");
  return G_SOURCE_REMOVE;
}

static gboolean
damage_cb (gpointer user_data)
{
  Fixture *f = user_data;
  const char *bad = "BJ01 and then something that is no message, as long as a header is";
  g_autofree char *path = segment_path (f, f->writer.segment);
  int fd = open (path, O_WRONLY | O_APPEND | O_CLOEXEC);

  g_assert_cmpint (write (fd, bad, strlen (bad)), >, 0);
  close (fd);
  bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "behind it");
  return G_SOURCE_REMOVE;
}

static void
test_follow (Fixture *f, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Seen seen = { .loop = loop };
  g_autoptr (BoJournalFollow) follow = NULL;
  guint guard = g_timeout_add_seconds (30, (GSourceFunc) g_main_loop_quit, loop);

  follow = bo_journal_follow_new (bo_journal_reader_new (f->folder), follow_cb, &seen, NULL);
  g_timeout_add (50, write_more_cb, f);
  g_main_loop_run (loop);
  g_assert_cmpuint (seen.messages, ==, (guint) f->writer.next - 1);
  g_assert_cmpuint (seen.last, ==, f->writer.next - 1);

  g_timeout_add (50, damage_cb, f);
  g_main_loop_run (loop);
  g_assert_error (seen.error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED);
  g_assert_cmpuint (seen.batches, >=, 2);
  g_clear_error (&seen.error);
  g_source_remove (guard);
}

#define N_RACED 50000

typedef struct
{
  char *path;
  char *data;
  gsize length;
} Race;

/* Ends of writes fall anywhere in messages, and there is no pause between them. */
static gpointer
race_thread (gpointer user_data)
{
  const Race *race = user_data;
  int fd = open (race->path, O_WRONLY | O_APPEND | O_CLOEXEC);
  gsize done = 0;

  g_assert_cmpint (fd, >=, 0);
  while (done < race->length)
    {
      gssize n = write (fd, race->data + done, MIN (race->length - done, 1 + done * 7919 % 701));

      g_assert_cmpint (n, >, 0);
      done += (gsize) n;
    }
  close (fd);
  return NULL;
}

/* Between two looks at a message that is half written, it and the ones behind it may have become whole. */
static void
test_race (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (f->folder);
  Race race = { .path = segment_path (f, 1) };
  g_autofree char *path = race.path;
  g_autofree char *all = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;
  gsize head;
  int n = 0;

  g_assert_cmpint (read_all (reader, &error), ==, 1);
  g_assert_true (g_file_get_contents (race.path, &all, &head, NULL));
  g_clear_pointer (&all, g_free);
  for (guint i = 0; i < N_RACED; i++)
    g_assert_true (bo_journal_writer_printf (&f->writer, BO_JOURNAL_NOTE, 0, "message %u", i));
  g_assert_true (g_file_get_contents (race.path, &all, &race.length, NULL));
  g_assert_cmpint (truncate (race.path, (off_t) head), ==, 0);
  race.data = all + head;
  race.length -= head;

  thread = g_thread_new ("writer", race_thread, &race);
  while (n < N_RACED)
    {
      int got = read_all (reader, &error);

      g_assert_no_error (error);
      n += got;
    }
  g_thread_join (thread);
  g_assert_cmpint (n, ==, N_RACED);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/crc", test_crc);
  g_test_add_func ("/journal/none", test_no_journal);
  ADD ("/journal/round-trip", test_round_trip);
  ADD ("/journal/segments-and-seek", test_segments_and_seek);
  ADD ("/journal/torn-tail", test_torn_tail);
  ADD ("/journal/race", test_race);
  ADD ("/journal/went-on-after-torn", test_went_on_after_torn);
  ADD ("/journal/damage", test_damage);
  ADD ("/journal/damage-before-a-segment", test_damage_before_a_segment);
  ADD ("/journal/past", test_past);
  ADD ("/journal/follow", test_follow);
  return g_test_run ();
}
