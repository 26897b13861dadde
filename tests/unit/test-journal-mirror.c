/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-journal-mirror"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "bo-journal-format.h"
#include "journal/bo-journal-mirror.h"
#include "journal/bo-journal-reader.h"

typedef struct
{
  char *folder;
  GByteArray *stream;  /* a whole journal, as tail prints it */
  GArray *starts;      /* (element-type gsize): where each message begins in it */
  GPtrArray *segments; /* (element-type GBytes) */
} Fixture;

static void
put (guint8 *p, guint64 value, int bytes)
{
  for (int i = 0; i < bytes; i++)
    p[i] = (guint8) (value >> (8 * i));
}

static void
append_message (GByteArray *to, guint type, guint64 number, const char *payload, gsize length)
{
  guint8 header[BO_JOURNAL_HEADER_SIZE] = { 0 };
  guint32 crc;

  memcpy (header, BO_JOURNAL_MAGIC, 4);
  put (header + 4, type, 2);
  put (header + 8, number, 8);
  put (header + 16, 1700000000000000 + number, 8);
  put (header + 36, length, 4);
  crc = bo_journal_crc32 (0, header, sizeof header);
  crc = bo_journal_crc32 (crc, payload, length);
  put (header + 40, crc, 4);
  g_byte_array_append (to, header, sizeof header);
  g_byte_array_append (to, (const guint8 *) payload, (guint) length);
}

/* Three segments of twenty messages, the last one an END. Payloads hold magics, NULs and all bytes. */
static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint64 number = 0;

  f->folder = g_dir_make_tmp ("mirror-XXXXXX", NULL);
  f->stream = g_byte_array_new ();
  f->starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  f->segments = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (int s = 0; s < 3; s++)
    {
      gsize begin = f->stream->len;

      for (int i = 0; i < 20; i++)
        {
          char payload[400];
          gsize length = i == 7 ? 0 : (gsize) g_rand_int_range (rand, 1, sizeof payload);
          gsize start = f->stream->len;

          for (gsize k = 0; k < length; k++)
            payload[k] = (char) g_rand_int_range (rand, 0, 256);
          if (length > 100)
            memcpy (payload + 50, "BJ01", 4);
          number++;
          g_array_append_val (f->starts, start);
          append_message (f->stream,
                          i == 0              ? BO_JOURNAL_SEGMENT
                          : s == 2 && i == 19 ? BO_JOURNAL_END
                                              : BO_JOURNAL_DATA,
                          number, payload, length);
        }
      g_ptr_array_add (f->segments, g_bytes_new (f->stream->data + begin, f->stream->len - begin));
    }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  g_byte_array_unref (f->stream);
  g_array_unref (f->starts);
  g_ptr_array_unref (f->segments);
}

static BoJournalMirror *
open_mirror (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  BoJournalMirror *mirror = bo_journal_mirror_new (f->folder, &error);

  g_assert_no_error (error);
  return mirror;
}

static gsize
start_of (Fixture *f, guint64 number)
{
  return number > f->starts->len ? f->stream->len : g_array_index (f->starts, gsize, number - 1);
}

/* The copy is the original, segment by segment, and nothing else is there. */
static void
assert_equal (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  guint n = 0;

  for (guint i = 0; i < f->segments->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%08u.bj", i + 1);
      g_autofree char *path = g_build_filename (f->folder, name, NULL);
      g_autofree char *text = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      g_assert_cmpmem (text, length, g_bytes_get_data (f->segments->pdata[i], NULL),
                       g_bytes_get_size (f->segments->pdata[i]));
    }
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpuint (n, ==, f->segments->len);
}

static guint64
count_readable (Fixture *f)
{
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (f->folder);
  BoJournalMessage message;
  guint64 n = 0;

  while (bo_journal_reader_next (reader, &message, NULL) == BO_JOURNAL_NEXT_MESSAGE)
    n++;
  return n;
}

static void
feed (BoJournalMirror *mirror, const guint8 *data, gsize length, gsize piece)
{
  for (gsize done = 0; done < length; done += piece)
    {
      g_autoptr (GError) error = NULL;

      bo_journal_mirror_feed (mirror, data + done, MIN (piece, length - done), &error);
      g_assert_no_error (error);
    }
}

/* However the stream is cut into pieces. */
static void
test_pieces (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalMirror) mirror = open_mirror (f);

  g_assert_cmpuint (bo_journal_mirror_get_last_number (mirror), ==, 0);
  feed (mirror, f->stream->data, f->stream->len, GPOINTER_TO_SIZE (data));
  g_assert_cmpuint (bo_journal_mirror_get_last_number (mirror), ==, 60);
  g_assert_cmpuint (bo_journal_mirror_get_segment (mirror), ==, 3);
  g_assert_true (bo_journal_mirror_has_end (mirror));
  g_assert_true (bo_journal_mirror_flush (mirror, NULL));
  assert_equal (f);
  g_assert_cmpuint (count_readable (f), ==, 60);
}

/* Cut anywhere and gone on with from the next message, in the same mirror or in another one. */
static void
test_resume (Fixture *f, gconstpointer data)
{
  gboolean anew = GPOINTER_TO_INT (data);
  g_autoptr (BoJournalMirror) mirror = open_mirror (f);
  guint64 last = 0;

  for (gsize cut = 0; cut < f->stream->len;)
    {
      gsize begin = start_of (f, last + 1);
      gsize end = MIN (begin + 613, f->stream->len);

      feed (mirror, f->stream->data + begin, end - begin, 100);
      last = bo_journal_mirror_get_last_number (mirror);
      g_assert_cmpuint (start_of (f, last + 1), <=, end);
      g_assert_cmpuint (count_readable (f), ==, last);
      if (anew)
        {
          g_clear_pointer (&mirror, bo_journal_mirror_free);
          mirror = open_mirror (f);
          g_assert_cmpuint (bo_journal_mirror_get_last_number (mirror), ==, last);
        }
      else
        bo_journal_mirror_restart (mirror);
      cut = end;
    }
  g_assert_true (bo_journal_mirror_has_end (mirror));
  assert_equal (f);
}

/* What is here already may come again, from anywhere. */
static void
test_again (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalMirror) mirror = open_mirror (f);
  gsize at = start_of (f, 33);

  feed (mirror, f->stream->data, at, 1000);
  bo_journal_mirror_restart (mirror);
  feed (mirror, f->stream->data + start_of (f, 5), start_of (f, 30) - start_of (f, 5), 1000);
  g_assert_cmpuint (bo_journal_mirror_get_last_number (mirror), ==, 32);
  bo_journal_mirror_restart (mirror);
  feed (mirror, f->stream->data, f->stream->len, 1000);
  assert_equal (f);
}

/* Our own torn end, left by a crash, and a segment that was torn at once, go when the next message comes. */
static void
test_torn_copy (Fixture *f, gconstpointer data)
{
  static const guint8 zeros[20000];

  for (gsize torn = 0; torn < 200; torn += 7)
    {
      g_autoptr (BoJournalMirror) mirror = open_mirror (f);
      g_autofree char *second = g_build_filename (f->folder, "00000002.bj", NULL);
      g_autofree char *third = g_build_filename (f->folder, "00000003.bj", NULL);
      g_autoptr (GByteArray) file = g_byte_array_new ();
      gsize begin = start_of (f, 21);
      struct stat before, after;

      feed (mirror, f->stream->data, start_of (f, 30), 1000);
      g_clear_pointer (&mirror, bo_journal_mirror_free);
      /* Half a message; or zeros where a file had grown and its data not come, more than what is still to
       * come. */
      g_byte_array_append (file, f->stream->data + begin, (guint) (start_of (f, 30) - begin + torn % 50));
      if (torn % 3 == 0)
        g_byte_array_append (file, zeros, sizeof zeros);
      g_assert_true (g_file_set_contents (second, (char *) file->data, file->len, NULL));
      if (torn % 2 == 0)
        g_assert_true (
            g_file_set_contents (third, "BJ01 and then nothing of use", (gssize) (torn % 25), NULL));

      g_assert_cmpint (stat (second, &before), ==, 0);
      mirror = open_mirror (f);
      g_assert_cmpint (stat (second, &after), ==, 0);
      g_assert_cmpint (before.st_size, ==, after.st_size);
      g_assert_cmpuint (bo_journal_mirror_get_last_number (mirror), ==, 29);
      feed (mirror, f->stream->data + start_of (f, 30), f->stream->len - start_of (f, 30), 64);
      assert_equal (f);
      g_clear_pointer (&mirror, bo_journal_mirror_free);
      for (guint i = 1; i <= 3; i++)
        {
          g_autofree char *path = g_strdup_printf ("%s/%08u.bj", f->folder, i);

          g_remove (path);
        }
    }
}

typedef enum
{
  GAP,
  WRONG_SUM,
  WRONG_MAGIC,
  LONG,
  NUMBER_0,
  NUMBER_MAX,
  NO_SEGMENT,
} Damage;

static void
test_damage (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalMirror) mirror = open_mirror (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize at = start_of (f, 28);

  g_byte_array_append (bytes, f->stream->data, (guint) f->stream->len);
  switch ((Damage) GPOINTER_TO_INT (data))
    {
    case GAP:
      g_byte_array_remove_range (bytes, (guint) at, (guint) (start_of (f, 29) - at));
      break;
    case WRONG_SUM:
      bytes->data[at + 20] ^= 1;
      break;
    case WRONG_MAGIC:
      bytes->data[at + 1] ^= 1;
      break;
    case LONG:
      put (bytes->data + at + 36, BO_JOURNAL_PAYLOAD_MAX + 1, 4);
      break;
    case NUMBER_0:
    case NUMBER_MAX:
      g_byte_array_set_size (bytes, (guint) at);
      append_message (bytes, BO_JOURNAL_DATA, GPOINTER_TO_INT (data) == NUMBER_0 ? 0 : G_MAXUINT64, "x", 1);
      break;
    case NO_SEGMENT:
      g_byte_array_set_size (bytes, 0);
      append_message (bytes, BO_JOURNAL_DATA, 1, "x", 1);
      break;
    }
  g_assert_false (bo_journal_mirror_feed (mirror, bytes->data, bytes->len, &error));
  g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, f->folder));
  /* What came before it is there, and nothing more is taken. */
  g_assert_cmpuint (count_readable (f), ==, GPOINTER_TO_INT (data) == NO_SEGMENT ? 0 : 27);
  g_assert_false (bo_journal_mirror_feed (mirror, f->stream->data + at, f->stream->len - at, &again));
  g_assert_error (again, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED);
  if (GPOINTER_TO_INT (data) == NO_SEGMENT)
    return;

  /* Another mirror goes on from there. */
  g_clear_pointer (&mirror, bo_journal_mirror_free);
  mirror = open_mirror (f);
  feed (mirror, f->stream->data, f->stream->len, 4096);
  assert_equal (f);
}

/* No segment grows beyond what a segment may have, whatever the other side sends. */
static void
test_long_segment (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalMirror) mirror = open_mirror (f);
  g_autoptr (GError) error = NULL;
  g_autofree char *payload = g_malloc0 (BO_JOURNAL_PAYLOAD_MAX);
  guint64 number = 1;

  do
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      append_message (bytes, number == 1 ? BO_JOURNAL_SEGMENT : BO_JOURNAL_DATA, number, payload,
                      BO_JOURNAL_PAYLOAD_MAX);
      number++;
      bo_journal_mirror_feed (mirror, bytes->data, bytes->len, &error);
    }
  while (error == NULL && number < 100);
  g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED);
  g_assert_cmpuint (number, ==, 17);
}

/* Whole segment files, one torn by a courier that died; then the next one tells whether it was. */
static void
test_segments (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalMirror) mirror = open_mirror (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) torn = g_byte_array_new ();
  static const guint8 zeros[100];

  g_byte_array_append (torn, g_bytes_get_data (f->segments->pdata[0], NULL),
                       (guint) g_bytes_get_size (f->segments->pdata[0]));
  g_byte_array_append (torn, zeros, sizeof zeros);
  g_assert_true (bo_journal_mirror_feed_segment (mirror, torn->data, torn->len, &error));
  g_assert_true (bo_journal_mirror_feed_segment (mirror, (const guint8 *) "BJ0", 3, &error));
  for (guint i = 1; i < 3; i++)
    {
      gsize length;
      const guint8 *bytes = g_bytes_get_data (f->segments->pdata[i], &length);

      g_assert_true (bo_journal_mirror_feed_segment (mirror, bytes, length, &error));
    }
  g_assert_no_error (error);
  assert_equal (f);
  g_clear_pointer (&mirror, bo_journal_mirror_free);
  tear_down (f, NULL);

  set_up (f, NULL);
  mirror = open_mirror (f);
  torn->data[start_of (f, 9) + 48] ^= 1;
  g_assert_true (bo_journal_mirror_feed_segment (mirror, torn->data, torn->len, &error));
  g_assert_cmpuint (bo_journal_mirror_get_last_number (mirror), ==, 8);
  g_assert_false (bo_journal_mirror_feed_segment (mirror, g_bytes_get_data (f->segments->pdata[1], NULL),
                                                  g_bytes_get_size (f->segments->pdata[1]), &error));
  g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DAMAGED);
}

static void
test_busy (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalMirror) mirror = open_mirror (f);
  g_autoptr (GError) error = NULL;

  g_assert_null (bo_journal_mirror_new (f->folder, &error));
  g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_BUSY);
  g_clear_pointer (&mirror, bo_journal_mirror_free);
  mirror = open_mirror (f);
}

/* The original went on from an earlier message: another one has the number of our last. */
static void
test_diverged (Fixture *f, gconstpointer data)
{
  g_autoptr (BoJournalMirror) mirror = open_mirror (f);
  g_autoptr (GByteArray) other = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = g_strconcat (f->folder, ".lost-1", NULL);
  gsize at = start_of (f, 28);

  feed (mirror, f->stream->data, start_of (f, 30), 1000);
  g_clear_pointer (&mirror, bo_journal_mirror_free);
  mirror = open_mirror (f);
  g_assert_cmpuint (bo_journal_mirror_get_last_number (mirror), ==, 29);
  g_assert_cmpuint (
      bo_journal_mirror_get_last_sum (mirror), ==,
      *(guint32 *) (gpointer) memcpy (g_alloca (4), f->stream->data + start_of (f, 29) + 40, 4));
  g_assert_cmpuint (bo_journal_mirror_get_seen_number (mirror), ==, 0);

  g_byte_array_append (other, f->stream->data, (guint) at);
  append_message (other, BO_JOURNAL_SEGMENT, 28, "x", 1);
  g_assert_true (bo_journal_mirror_feed (mirror, other->data, other->len, NULL));
  g_assert_cmpuint (bo_journal_mirror_get_seen_number (mirror), ==, 28);
  g_byte_array_set_size (other, 0);
  append_message (other, BO_JOURNAL_START, 29, "resume", 6);
  g_assert_false (bo_journal_mirror_feed (mirror, other->data, other->len, &error));
  g_assert_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DIVERGED);
  g_assert_cmpuint (count_readable (f), ==, 29);

  g_clear_pointer (&mirror, bo_journal_mirror_free);
  g_assert_true (bo_journal_mirror_set_aside (f->folder, NULL));
  g_assert_cmpuint (count_readable (f), ==, 0);
  mirror = open_mirror (f);
  feed (mirror, f->stream->data, f->stream->len, 1000);
  assert_equal (f);
  g_clear_pointer (&mirror, bo_journal_mirror_free);
  tear_down (f, NULL);
  set_up (f, NULL);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  f->folder = g_steal_pointer (&aside);
}

/* Random damage of one byte: an error or nothing more, never a wrong message in the copy. */
static void
test_random (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (99);

  for (int i = 0; i < 300; i++)
    {
      g_autoptr (BoJournalMirror) mirror = open_mirror (f);
      g_autofree guint8 *bytes = g_memdup2 (f->stream->data, f->stream->len);
      gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) f->stream->len);
      guint64 broken = 1;

      bytes[at] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      while (start_of (f, broken + 1) <= at)
        broken++;
      bo_journal_mirror_feed (mirror, bytes, f->stream->len, NULL);
      g_assert_cmpuint (bo_journal_mirror_get_last_number (mirror), ==, broken - 1);
      g_assert_cmpuint (count_readable (f), ==, broken - 1);
      g_clear_pointer (&mirror, bo_journal_mirror_free);
      for (guint k = 1; k <= 3; k++)
        {
          g_autofree char *path = g_strdup_printf ("%s/%08u.bj", f->folder, k);

          g_remove (path);
        }
    }
}

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/mirror/pieces/1", GSIZE_TO_POINTER (1), test_pieces);
  ADD ("/mirror/pieces/47", GSIZE_TO_POINTER (47), test_pieces);
  ADD ("/mirror/pieces/48", GSIZE_TO_POINTER (48), test_pieces);
  ADD ("/mirror/pieces/1000", GSIZE_TO_POINTER (1000), test_pieces);
  ADD ("/mirror/pieces/all", GSIZE_TO_POINTER (1000000), test_pieces);
  ADD ("/mirror/resume/same", GINT_TO_POINTER (FALSE), test_resume);
  ADD ("/mirror/resume/anew", GINT_TO_POINTER (TRUE), test_resume);
  ADD ("/mirror/again", NULL, test_again);
  ADD ("/mirror/torn-copy", NULL, test_torn_copy);
  ADD ("/mirror/damage/gap", GINT_TO_POINTER (GAP), test_damage);
  ADD ("/mirror/damage/sum", GINT_TO_POINTER (WRONG_SUM), test_damage);
  ADD ("/mirror/damage/magic", GINT_TO_POINTER (WRONG_MAGIC), test_damage);
  ADD ("/mirror/damage/length", GINT_TO_POINTER (LONG), test_damage);
  ADD ("/mirror/damage/number-0", GINT_TO_POINTER (NUMBER_0), test_damage);
  ADD ("/mirror/damage/number-max", GINT_TO_POINTER (NUMBER_MAX), test_damage);
  ADD ("/mirror/damage/no-segment", GINT_TO_POINTER (NO_SEGMENT), test_damage);
  ADD ("/mirror/long-segment", NULL, test_long_segment);
  ADD ("/mirror/segments", NULL, test_segments);
  ADD ("/mirror/busy", NULL, test_busy);
  ADD ("/mirror/diverged", NULL, test_diverged);
  ADD ("/mirror/random", NULL, test_random);
  return g_test_run ();
}
