/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <poll.h>

#include "volume-fixture.h"

/*
 * The tail of a journal: every message once, whole, whatever its writer does meanwhile.
 */

/* Reads until that many bytes are there or the end of the stream; at most @seconds. */
static GByteArray *
read_bytes (int fd, gsize wanted, double seconds)
{
  GByteArray *bytes = g_byte_array_new ();
  gint64 until = g_get_monotonic_time () + (gint64) (seconds * 1e6);

  while (bytes->len < wanted && g_get_monotonic_time () < until)
    {
      struct pollfd in = { .fd = fd, .events = POLLIN };
      guint8 buffer[65536];
      ssize_t n = 0;

      if (poll (&in, 1, 50) <= 0)
        continue;
      n = read (fd, buffer, MIN (sizeof buffer, wanted - bytes->len));
      if (n <= 0)
        break;
      g_byte_array_append (bytes, buffer, (guint) n);
    }
  return bytes;
}

/* All that a tail prints, to its end; its exit status must be @status. */
static GByteArray *
take_all (pid_t pid, int fd, int status, double seconds)
{
  GByteArray *bytes = read_bytes (fd, G_MAXUINT, seconds);

  close (fd);
  g_assert_cmpint (wait_for (pid, seconds), ==, status);
  return bytes;
}

/* Where the message of that number begins in a segment, and the checksum in its header. */
static gsize
find (const char *data, gsize length, guint64 number, guint32 *sum)
{
  gsize at = 0;

  for (;;)
    {
      BoJournalPastMessage message = { 0 };
      gsize size = bo_journal_past_check (data + at, length - at, at == 0, &message);

      g_assert_cmpuint (size, >, 0);
      if (sum != NULL)
        *sum = message.sum;
      if (message.number == number)
        return at;
      at += size;
    }
}

/* Adds messages with as many bytes as that. */
static void
add (BoJournalWriter *writer, gsize length, int n)
{
  g_autofree char *payload = g_strnfill (length, 'x');

  for (int i = 0; i < n; i++)
    {
      payload[0] = (char) ('a' + writer->next % 26);
      g_assert_true (bo_journal_writer_add (writer, BO_JOURNAL_DATA, 1, payload, length));
    }
}

static void
end_journal (BoJournalWriter *writer)
{
  bo_journal_writer_printf (writer, BO_JOURNAL_END, 0, "finished");
  close_journal (writer);
}

static void
assert_equal (const GByteArray *bytes, const char *data, gsize length)
{
  g_assert_cmpuint (bytes->len, ==, length);
  g_assert_true (memcmp (bytes->data, data, length) == 0);
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  BoJournalWriter writer;
  g_autoptr (GString) all = g_string_new (NULL);
  gsize places[100] = { 0 };
  guint32 sums[100] = { 0 };
  guint64 next = 1;
  gint64 before = g_get_monotonic_time ();

  open_journal (f, &writer, 1, 1);
  add (&writer, 200000, 45);
  end_journal (&writer);
  for (unsigned i = 1; i <= 3; i++)
    {
      gsize length = 0;
      g_autofree char *segment = read_segment (f, i, &length);

      for (gsize at = 0; at < length; next++)
        {
          BoJournalPastMessage message = { 0 };
          gsize size = bo_journal_past_check (segment + at, length - at, at == 0, &message);

          g_assert_cmpuint (size, >, 0);
          g_assert_cmpuint (message.number, ==, next);
          places[next] = all->len + at;
          sums[next] = message.sum;
          at += size;
        }
      g_string_append_len (all, segment, (gssize) length);
    }
  g_assert_cmpuint (next, ==, writer.next);

  /* From any message on, also from the first and the last of a segment; none was before 1. */
  for (guint64 from = 1; from < next; from++)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, from);
      g_autofree char *sum = g_strdup_printf ("%08x", sums[from - 1]);
      g_autoptr (GByteArray) bytes = NULL;
      int fd = -1;
      pid_t pid = 0;

      if (from % 2 == 0)
        pid = START (f, &fd, "tail", f->volume, ID, number, "--for", "60", "--after", sum);
      else
        pid = START (f, &fd, "tail", f->volume, ID, number, "--for", "60");
      bytes = take_all (pid, fd, 0, 20);
      assert_equal (bytes, all->str + places[from], all->len - places[from]);
    }
  /* Ended, and nobody holds the lock: none of them waited. */
  g_assert_cmpint (g_get_monotonic_time () - before, <, 50 * G_USEC_PER_SEC);
}

static void
test_growing (Fixture *f, gconstpointer data)
{
  BoJournalWriter writer;
  int lock = hold_lock (f);
  int fd = -1;
  pid_t pid = START (f, &fd, "tail", f->volume, ID, "1", "--for", "60");
  gsize length = 0;
  gsize had = 0;

  g_usleep (200000);
  open_journal (f, &writer, 1, 1);
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *segment = NULL;
      g_autoptr (GByteArray) bytes = NULL;

      add (&writer, 1000, i + 1);
      segment = read_segment (f, 1, &length);
      bytes = read_bytes (fd, length - had, 10);
      assert_equal (bytes, segment + had, length - had);
      had = length;
    }

  /* An END is not the end while a courier has the lock, as when it is started again. */
  bo_journal_writer_printf (&writer, BO_JOURNAL_END, 0, "signal TERM");
  close_journal (&writer);
  g_usleep (400000);
  open_journal (f, &writer, 2, writer.next);
  bo_journal_writer_printf (&writer, BO_JOURNAL_START, 0, "resume");
  end_journal (&writer);
  {
    g_autofree char *one = read_segment (f, 1, &length);
    g_autofree char *two = NULL;
    gsize more = 0;
    g_autoptr (GByteArray) bytes = NULL;
    g_autoptr (GByteArray) expected = g_byte_array_new ();

    two = read_segment (f, 2, &more);
    g_byte_array_append (expected, (guint8 *) one + had, (guint) (length - had));
    g_byte_array_append (expected, (guint8 *) two, (guint) more);
    bytes = read_bytes (fd, expected->len, 10);
    assert_equal (bytes, (char *) expected->data, expected->len);
    g_assert_cmpint (waitpid (pid, NULL, WNOHANG), ==, 0);
    close (lock);
    g_byte_array_unref (g_steal_pointer (&bytes));
    bytes = take_all (pid, fd, 0, 5);
    g_assert_cmpuint (bytes->len, ==, 0);
  }
}

static void
append (const Fixture *f, unsigned segment, const char *data, gsize length)
{
  g_autofree char *path = g_strdup_printf ("%s/journal/%08u.bj", f->campaign, segment);
  int fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (write (fd, data, length), ==, (gssize) length);
  close (fd);
}

/* A message byte by byte, one that is taken back, and one that is torn for good. */
static void
test_torn (Fixture *f, gconstpointer data)
{
  BoJournalWriter writer;
  g_autofree char *whole = NULL;
  g_autofree char *path = g_build_filename (f->campaign, "journal", "00000001.bj", NULL);
  g_autofree char *second = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GByteArray) expected = g_byte_array_new ();
  gsize length = 0;
  gsize three = 0;
  int lock = hold_lock (f);
  int fd = -1;
  pid_t pid = 0;

  open_journal (f, &writer, 1, 1);
  add (&writer, 300, 3);
  close_journal (&writer);
  whole = read_segment (f, 1, &length);
  three = find (whole, length, 3, NULL);
  g_assert_cmpint (truncate (path, 0), ==, 0);

  pid = START (f, &fd, "tail", f->volume, ID, "1", "--for", "60");
  g_usleep (250000);
  append (f, 1, whole, 20);
  g_usleep (250000);
  append (f, 1, whole + 20, 40);
  g_usleep (250000);
  append (f, 1, whole + 60, three + 40 - 60);
  bytes = read_bytes (fd, three, 10);
  assert_equal (bytes, whole, three);
  g_byte_array_append (expected, (guint8 *) whole, (guint) three);
  g_usleep (250000);
  g_assert_cmpint (truncate (path, (off_t) three), ==, 0);
  g_usleep (250000);

  /* Another third message, then half of a fourth: the courier was killed, and a new one goes on. */
  append (f, 1, whole + three, length - three - 100);
  g_usleep (250000);
  open_journal (f, &writer, 2, 4);
  add (&writer, 10, 2);
  end_journal (&writer);
  second = read_segment (f, 2, &length);
  {
    g_autofree char *again = read_segment (f, 1, &length);
    g_autoptr (GByteArray) more = NULL;
    gsize four = 0;

    while (four < length)
      {
        BoJournalPastMessage message = { 0 };
        gsize size = bo_journal_past_check (again + four, length - four, four == 0, &message);

        if (size == 0)
          break;
        four += size;
      }
    g_assert_cmpuint (four, <, length);
    g_byte_array_append (expected, (guint8 *) again + three, (guint) (four - three));
    g_free (second);
    second = read_segment (f, 2, &length);
    g_byte_array_append (expected, (guint8 *) second, (guint) length);
    close (lock);
    more = take_all (pid, fd, 0, 10);
    g_byte_array_append (bytes, more->data, more->len);
    assert_equal (bytes, (char *) expected->data, expected->len);
  }
}

/* Segments that were begun and lost: empty ones, one that is removed and made again, and a torn first
 * message. */
static void
test_segments (Fixture *f, gconstpointer data)
{
  BoJournalWriter writer;
  g_autofree char *path = g_build_filename (f->campaign, "journal", "00000001.bj", NULL);
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  gsize length = 0;
  gsize more = 0;
  int lock = hold_lock (f);
  int fd = -1;
  pid_t pid = 0;

  open_journal (f, &writer, 1, 1);
  close_journal (&writer);
  g_assert_cmpint (truncate (path, 0), ==, 0);
  pid = START (f, &fd, "tail", f->volume, ID, "1", "--for", "60");
  g_usleep (250000);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_usleep (250000);
  open_journal (f, &writer, 1, 1);
  add (&writer, 10, 1);
  close_journal (&writer);
  append (f, 2, "", 0);
  append (f, 3, "BJ01 and what is left of a message", 20);
  open_journal (f, &writer, 4, 3);
  end_journal (&writer);
  close (lock);
  bytes = take_all (pid, fd, 0, 10);
  first = read_segment (f, 1, &length);
  last = read_segment (f, 4, &more);
  g_assert_cmpuint (bytes->len, ==, length + more);
  g_assert_true (memcmp (bytes->data, first, length) == 0);
  g_assert_true (memcmp (bytes->data + length, last, more) == 0);

  /* And so it is found from there on. */
  g_assert_cmpint (RUN (f, "tail", f->volume, ID, "3", "--for", "60"), ==, 0);
  g_assert_true (memcmp (f->out, last, 4) == 0);
  g_assert_cmpint (f->out[8], ==, 3);
}

static void
expect (Fixture *f, const char *const *words, int status, const char *problem)
{
  g_assert_cmpint (run (f, words), ==, status);
  if (strstr (f->problem, problem) == NULL)
    g_error ("“%s” where “%s” was expected", f->problem, problem);
}

#define EXPECT(f, status, problem, ...)                                                                      \
  expect (f, (const char *const[]){ "tail", f->volume, ID, __VA_ARGS__, NULL }, status, problem)

static void
test_damaged (Fixture *f, gconstpointer data)
{
  BoJournalWriter writer;
  g_autofree char *path = g_build_filename (f->campaign, "journal", "00000001.bj", NULL);
  g_autofree char *journal = g_build_filename (f->campaign, "journal", NULL);
  g_autofree char *other = path_of (f, "other");
  g_autofree char *segment = NULL;
  g_autofree char *sum = NULL;
  gsize length = 0;
  guint32 crc = 0;
  int lock = hold_lock (f);

  /* What was read is not there: the device lost power. */
  EXPECT (f, 3, "has no message 4, which was read before", "5", "--for", "60");
  open_journal (f, &writer, 1, 1);
  add (&writer, 100, 3);
  EXPECT (f, 3, "has no message 5, which was read before", "6", "--for", "60");
  EXPECT (f, 0, "", "5", "--for", "1");
  g_assert_cmpstr (f->out, ==, "");
  segment = read_segment (f, 1, &length);
  find (segment, length, 3, &crc);
  sum = g_strdup_printf ("%08x", crc);
  EXPECT (f, 0, "", "4", "--for", "1", "--after", sum);
  sum[0] = sum[0] == '0' ? '1' : '0';
  EXPECT (f, 3, "message 3 is another one", "4", "--for", "60", "--after", sum);
  close_journal (&writer);

  /* One byte is wrong, and a segment follows. */
  open_journal (f, &writer, 2, 5);
  close_journal (&writer);
  g_free (segment);
  segment = read_segment (f, 1, &length);
  segment[find (segment, length, 3, NULL) + 60] ^= 1;
  g_assert_true (g_file_set_contents (path, segment, (gssize) length, NULL));
  EXPECT (f, 3, "message 5 where 3 should be: the journal is damaged", "1", "--for", "60");
  EXPECT (f, 3, "message 5 where 3 should be: the journal is damaged", "2", "--for", "60");
  EXPECT (f, 3, "message 5 where 3 should be: the journal is damaged", "5", "--for", "60");

  g_assert_cmpint (g_rename (path, other), ==, 0);
  EXPECT (f, 3, "begins with message 5: it is damaged", "1", "--for", "60");
  g_assert_cmpint (symlink (other, path), ==, 0);
  EXPECT (f, 3, "00000001.bj: ", "1", "--for", "60");
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  EXPECT (f, 3, "00000001.bj: ", "1", "--for", "60");
  remove_tree (journal);
  g_assert_cmpint (symlink (f->volume, journal), ==, 0);
  EXPECT (f, 3, "journal: ", "1", "--for", "60");
  close (lock);
}

static void
test_time (Fixture *f, gconstpointer data)
{
  BoJournalWriter writer;
  gint64 before = 0;
  gint64 took = 0;
  g_autofree char *lease = g_build_filename (f->campaign, "lease", NULL);
  struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
  struct stat info;
  int fd = -1;
  pid_t pid = 0;

  /* Nothing to tell: a second, and the lease is touched. */
  before = g_get_monotonic_time ();
  g_assert_cmpint (RUN (f, "tail", f->volume, ID, "1", "--for", "1"), ==, 0);
  took = g_get_monotonic_time () - before;
  g_assert_cmpint (took, >=, 990000);
  g_assert_cmpint (took, <, 10 * G_USEC_PER_SEC);
  g_assert_cmpint (stat (lease, &info), ==, 0);

  /* And touched again while it runs. */
  pid = START (f, &fd, "tail", f->volume, ID, "1", "--for", "30");
  g_usleep (1000000);
  g_assert_cmpint (utimensat (AT_FDCWD, lease, old, 0), ==, 0);
  before = g_get_monotonic_time ();
  do
    {
      g_usleep (50000);
      g_assert_cmpint (stat (lease, &info), ==, 0);
    }
  while (info.st_mtim.tv_sec == 1000 && g_get_monotonic_time () - before < 20 * G_USEC_PER_SEC);
  g_assert_cmpint (info.st_mtim.tv_sec, >, 1000);

  /* Who read has gone: it does not wait for its time. */
  before = g_get_monotonic_time ();
  close (fd);
  g_assert_cmpint (wait_for (pid, 20), ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);

  /* Nobody reads, and the pipe is full: it ends all the same. */
  open_journal (f, &writer, 1, 1);
  add (&writer, 200000, 5);
  close_journal (&writer);
  before = g_get_monotonic_time ();
  pid = START (f, &fd, "tail", f->volume, ID, "1", "--for", "1");
  g_assert_cmpint (wait_for (pid, 20), ==, 0);
  took = g_get_monotonic_time () - before;
  g_assert_cmpint (took, >=, 990000);
  g_assert_cmpint (took, <, 10 * G_USEC_PER_SEC);
  close (fd);
}

static void
test_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *campaigns = path_of (f, "campaigns");
  BoJournalWriter writer;
  int fd = -1;
  pid_t pid = 0;
  g_autoptr (GByteArray) bytes = NULL;

  remove_tree (campaigns);
  EXPECT (f, 3, "No such file", "1", "--for", "60");
  pid = START (f, &fd, "tail", f->volume, ID, "1", "--for", "60");
  g_usleep (300000);
  g_assert_cmpint (g_mkdir_with_parents (f->campaign, 0700), ==, 0);
  open_journal (f, &writer, 1, 1);
  end_journal (&writer);
  bytes = take_all (pid, fd, 0, 10);
  g_assert_cmpuint (bytes->len, >, 2 * BO_JOURNAL_HEADER_SIZE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/volume-tail/whole", test_whole);
  ADD ("/volume-tail/growing", test_growing);
  ADD ("/volume-tail/torn", test_torn);
  ADD ("/volume-tail/segments", test_segments);
  ADD ("/volume-tail/damaged", test_damaged);
  ADD ("/volume-tail/time", test_time);
  ADD ("/volume-tail/folder", test_folder);
  return g_test_run ();
}
