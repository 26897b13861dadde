/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sched.h>
#include <sys/mount.h>

#include "bo-sha256.h"

#include "volume-fixture.h"

/*
 * What lies in a volume, right and wrong, and what the courier's commands make of it.
 */

static void
test_sha256 (void)
{
  g_autofree guint8 *data = g_malloc (200000);

  for (gsize i = 0; i < 200000; i++)
    data[i] = (guint8) (i * 31 + (i >> 8));
  for (gsize length = 0; length < 200000; length = length < 300 ? length + 1 : length * 3)
    {
      g_autofree char *expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, length);
      char text[65];
      guint8 hash[32];
      guint8 again[32];
      BoSha256 sum;

      bo_sha256_init (&sum);
      for (gsize at = 0, step = 1; at < length; at += step, step = step * 2 + 1)
        bo_sha256_feed (&sum, data + at, MIN (step, length - at));
      bo_sha256_finish (&sum, hash);
      bo_sha256_to_text (hash, text);
      g_assert_cmpstr (text, ==, expected);
      g_assert_true (bo_sha256_from_text (text, 64, again));
      g_assert_cmpmem (hash, 32, again, 32);
    }
  g_assert_false (
      bo_sha256_from_text ("0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", 64, data));
  g_assert_false (
      bo_sha256_from_text ("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde", 63, data));
}

static void
set_use (const Fixture *f, const char *name, gint64 seconds)
{
  g_autofree char *path = path_of (f, name);
  struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), ==, 0);
}

static gint64
get_use (const Fixture *f, const char *name)
{
  g_autofree char *path = path_of (f, name);
  struct stat info;

  g_assert_cmpint (lstat (path, &info), ==, 0);
  return info.st_mtim.tv_sec;
}

static void
put_content (const Fixture *f, const char *text)
{
  g_autofree char *path = content_of (text);

  put (f, path, text, -1);
}

static void
put_incoming (const Fixture *f, const char *text)
{
  g_autofree char *hash = hash_of (text);
  g_autofree char *path = g_strdup_printf ("incoming/%s.%zu", hash, strlen (text));

  put (f, path, text, -1);
}

static char *
line_of (const char *text)
{
  g_autofree char *hash = hash_of (text);

  return g_strdup_printf ("%s %zu\n", hash, strlen (text));
}

/* A campaign with two recipes, whose contents are "aaa", "bb" and "c"; returns the lines of all three. */
static char *
hand_over (const Fixture *f)
{
  g_autofree char *one = put_recipe (f, (const char *const[]){ "aaa", "bb", "aaa", NULL });
  g_autofree char *two = put_recipe (f, (const char *const[]){ "bb", "c", NULL });
  g_autofree char *script = make_script (ID, (const char *const[]){ one, two, one, NULL });
  g_autofree char *a = line_of ("aaa");
  g_autofree char *b = line_of ("bb");
  g_autofree char *c = line_of ("c");

  put_campaign (f, "script.new", script);
  return strcmp (one, two) < 0 ? g_strconcat (a, b, c, NULL) : g_strconcat (b, c, a, NULL);
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  g_autofree char *all = hand_over (f);
  g_autofree char *a = content_of ("aaa");
  g_autofree char *b = content_of ("bb");
  g_autofree char *c = content_of ("c");
  g_autofree char *line = line_of ("bb");
  g_autofree char *path = path_of (f, c);
  g_autofree char *other = path_of (f, "other");
  gint64 lease = 0;

  g_assert_cmpint (RUN (f, "missing", f->volume, ID), ==, 0);
  g_assert_cmpstr (f->out, ==, all);
  g_assert_cmpstr (f->problem, ==, "");
  g_assert_true (exists (f, "campaigns/" ID "/lease"));

  put_content (f, "aaa");
  put (f, b, "b", -1);
  put_content (f, "c");
  set_use (f, a, 1000);
  set_use (f, b, 1000);
  set_use (f, "campaigns/" ID "/lease", 1000);
  lease = g_get_real_time () / G_USEC_PER_SEC - 5;
  g_assert_cmpint (RUN (f, "missing", f->volume, ID), ==, 0);
  g_assert_cmpstr (f->out, ==, line);
  g_assert_cmpint (get_use (f, a), >=, lease);
  g_assert_cmpint (get_use (f, b), ==, 1000);
  g_assert_cmpint (get_use (f, "campaigns/" ID "/lease"), >=, lease);

  /* A link to a file of the right length is not ours. */
  put (f, b, "bb", -1);
  put (f, "other", "c", -1);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (symlink (other, path), ==, 0);
  set_use (f, "other", 1000);
  g_free (line);
  line = line_of ("c");
  g_assert_cmpint (RUN (f, "missing", f->volume, ID), ==, 0);
  g_assert_cmpstr (f->out, ==, line);
  g_assert_cmpint (get_use (f, "other"), ==, 1000);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (symlink ("x", path), ==, 0);
  g_assert_cmpint (RUN (f, "missing", f->volume, ID), ==, 0);
  g_assert_cmpstr (f->out, ==, line);

  /* A script that has been begun is looked at, too. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  put_content (f, "c");
  g_assert_cmpint (RUN (f, "begin", f->volume, ID), ==, 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (RUN (f, "missing", f->volume, ID), ==, 0);
  g_assert_cmpstr (f->out, ==, line);
}

static void
assert_refused (Fixture *f, const char *const *words, int status, const char *problem)
{
  g_assert_cmpint (run (f, words), ==, status);
  g_assert_cmpstr (f->out, ==, "");
  if (strstr (f->problem, problem) == NULL)
    g_error ("“%s” where “%s” was expected", f->problem, problem);
}

#define REFUSED(f, status, problem, ...)                                                                     \
  assert_refused (f, (const char *const[]){ __VA_ARGS__, NULL }, status, problem)

static void
test_missing_broken (Fixture *f, gconstpointer data)
{
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autofree char *script = NULL;
  g_autofree char *text = NULL;
  g_autofree char *cut = NULL;
  g_autofree char *script_path = g_build_filename (f->campaign, "script.new", NULL);
  gsize length = 0;

  REFUSED (f, 3, "script: No such file", "missing", f->volume, ID);
  REFUSED (f, 3, "script: No such file", "begin", f->volume, ID);
  put_campaign (f, "script.new", "what is this\n");
  REFUSED (f, 3, "script.new: line 1: ", "missing", f->volume, ID);
  put_campaign (f, "script.new", "bakeoff-script 1\ncampaign another\n");
  REFUSED (f, 3, "that of campaign another", "begin", f->volume, ID);

  name = put_recipe (f, (const char *const[]){ "aaa", NULL });
  script = make_script (ID, (const char *const[]){ name, NULL });
  put_campaign (f, "script.new", script);
  path = g_strdup_printf ("%s/recipes/%s", f->campaign, name);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));

  cut = g_strndup (text, length - 1);
  g_assert_true (g_file_set_contents (path, cut, -1, NULL));
  REFUSED (f, 3, "it is cut off", "missing", f->volume, ID);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  REFUSED (f, 3, "it is cut off", "begin", f->volume, ID);
  g_assert_false (exists (f, "campaigns/" ID "/script"));

  /* Right in itself, but another one. */
  text[length - strlen ("abc\nend\n")] = 'x';
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  REFUSED (f, 3, "its text is not the one that its name says", "missing", f->volume, ID);
  g_assert_true (g_file_set_contents (path, "bakeoff-recipe 1\nlength -1\n", -1, NULL));
  REFUSED (f, 3, "its length is not possible", "missing", f->volume, ID);

  g_assert_cmpint (g_unlink (path), ==, 0);
  REFUSED (f, 3, "No such file", "missing", f->volume, ID);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  REFUSED (f, 3, "it is no regular file", "missing", f->volume, ID);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (symlink ("/etc/passwd", path), ==, 0);
  REFUSED (f, 3, "it is no regular file", "missing", f->volume, ID);

  g_assert_cmpint (g_unlink (script_path), ==, 0);
  g_assert_cmpint (symlink ("/etc/passwd", script_path), ==, 0);
  REFUSED (f, 3, "script.new: ", "missing", f->volume, ID);
}

static void
test_names (Fixture *f, gconstpointer data)
{
  static const char *const bad[]
      = { "", ".", "..", "../" ID, ID "/", ".gone-x", "-x", "a b", "a\nb", "\303\244" };
  g_autofree char *longest = g_strnfill (BO_SCRIPT_ID_MAX + 1, 'a');
  g_autofree char *link = g_build_filename (f->volume, "campaigns", "link", NULL);
  g_autofree char *nowhere = g_build_filename (f->volume, "nowhere", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      REFUSED (f, 3, "is no id of a campaign", "missing", f->volume, bad[i]);
      REFUSED (f, 3, "is no id of a campaign", "begin", f->volume, bad[i]);
      REFUSED (f, 3, "is no id of a campaign", "command", f->volume, bad[i], "stop-now");
      REFUSED (f, 3, "is no id of a campaign", "order", f->volume, bad[i]);
      REFUSED (f, 3, "is no id of a campaign", "tail", f->volume, bad[i], "1", "--for", "1");
      REFUSED (f, 3, "is no id of a campaign", "forget", f->volume, bad[i]);
    }
  REFUSED (f, 3, "is no id of a campaign", "missing", f->volume, longest);
  longest[BO_SCRIPT_ID_MAX] = '\0';
  REFUSED (f, 3, "No such file", "missing", f->volume, longest);
  g_assert_cmpint (symlink (f->campaign, link), ==, 0);
  REFUSED (f, 3, "campaigns/link: ", "missing", f->volume, "link");
  REFUSED (f, 3, "campaigns/link: ", "command", f->volume, "link", "stop-now");
  REFUSED (f, 3, "campaigns/link: ", "forget", f->volume, "link");
  REFUSED (f, 3, "nowhere", "usage", nowhere);
  REFUSED (f, 3, "nowhere", "adopt", nowhere);
  REFUSED (f, 3, "nowhere", "forget", nowhere, ID);

  REFUSED (f, 2, "a command is needed", NULL);
  REFUSED (f, 2, "not known: what", "what");
  REFUSED (f, 2, "wrong number", "missing", f->volume);
  REFUSED (f, 2, "wrong number", "adopt", f->volume, ID);
  REFUSED (f, 2, "stop-now or stop-after-trial", "command", f->volume, ID, "stop");
  REFUSED (f, 2, "no number of bytes", "trim", f->volume, "-1");
  REFUSED (f, 2, "tail VOLUME", "tail", f->volume, ID, "0", "--for", "1");
  REFUSED (f, 2, "tail VOLUME", "tail", f->volume, ID, "1", "--for", "0");
  REFUSED (f, 2, "tail VOLUME", "tail", f->volume, ID, "1", "--for", "99999999999999999999");
  REFUSED (f, 2, "tail VOLUME", "tail", f->volume, ID, "2", "--for", "1", "--after", "0123456G");
}

static void
test_begin (Fixture *f, gconstpointer data)
{
  g_autofree char *all = hand_over (f);
  g_autofree char *text = NULL;
  g_autofree char *path = g_build_filename (f->campaign, "script", NULL);
  g_autofree char *new_path = g_build_filename (f->campaign, "script.new", NULL);

  g_assert_cmpint (RUN (f, "begin", f->volume, ID), ==, 3);
  g_assert_cmpstr (f->out, ==, all);
  g_assert_false (exists (f, "campaigns/" ID "/script"));

  put_content (f, "aaa");
  put_content (f, "bb");
  put_content (f, "c");
  g_assert_true (g_file_get_contents (new_path, &text, NULL, NULL));
  for (int i = 0; i < 2; i++)
    {
      g_assert_cmpint (RUN (f, "begin", f->volume, ID), ==, 0);
      g_assert_cmpstr (f->out, ==, "begun\n");
      g_assert_false (exists (f, "campaigns/" ID "/script.new"));
      assert_text (f->campaign, "script", text);
    }

  g_assert_cmpint (g_rename (path, new_path), ==, 0);
  g_assert_cmpint (symlink (new_path, path), ==, 0);
  REFUSED (f, 3, "script: it is no regular file", "begin", f->volume, ID);
}

static void
test_adopt (Fixture *f, gconstpointer data)
{
  g_autofree char *a = content_of ("aaa");
  g_autofree char *b = content_of ("bb");
  g_autofree char *wrong = NULL;
  g_autofree char *folder = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC - 5;

  g_assert_cmpint (RUN (f, "adopt", f->volume), ==, 0);
  g_assert_cmpstr (f->out, ==, "adopted 0 0\ndropped 0 0\n");

  /* As the archive leaves it: with the time that the sender chose. */
  put_incoming (f, "aaa");
  wrong = hash_of ("aaa");
  folder = g_strdup_printf ("incoming/%s.3", wrong);
  set_use (f, folder, 1000);
  put_incoming (f, "bb");
  g_assert_cmpint (RUN (f, "adopt", f->volume), ==, 0);
  g_assert_cmpstr (f->out, ==, "adopted 2 5\ndropped 0 0\n");
  assert_text (f->volume, a, "aaa");
  assert_text (f->volume, b, "bb");
  g_assert_cmpint (get_use (f, a), >=, now);

  /* One that is there already but was spoilt is replaced, whatever it is now. */
  put (f, a, "a", -1);
  g_free (folder);
  folder = path_of (f, b);
  g_assert_cmpint (g_unlink (folder), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  put_incoming (f, "aaa");
  put_incoming (f, "bb");
  g_assert_cmpint (RUN (f, "adopt", f->volume), ==, 0);
  g_assert_cmpstr (f->out, ==, "adopted 2 5\ndropped 0 0\n");
  assert_text (f->volume, a, "aaa");
  assert_text (f->volume, b, "bb");
}

static void
test_adopt_many (Fixture *f, gconstpointer data)
{
  gsize bytes = 0;
  g_autofree char *expected = NULL;

  for (int i = 0; i < 300; i++)
    {
      g_autofree char *text = g_strdup_printf ("content %d", i);

      put_incoming (f, text);
      bytes += strlen (text);
    }
  expected = g_strdup_printf ("adopted 300 %zu\ndropped 0 0\n", bytes);
  g_assert_cmpint (RUN (f, "adopt", f->volume), ==, 0);
  g_assert_cmpstr (f->out, ==, expected);
  for (int i = 0; i < 300; i++)
    {
      g_autofree char *text = g_strdup_printf ("content %d", i);
      g_autofree char *path = content_of (text);

      assert_text (f->volume, path, text);
    }
}

static void
test_adopt_hostile (Fixture *f, gconstpointer data)
{
  g_autofree char *hash = hash_of ("aaa");
  g_autofree char *upper = g_ascii_strup (hash, -1);
  g_autofree char *link = g_strdup_printf ("%s/incoming/%s.3", f->volume, hash);
  g_autofree char *outside = path_of (f, "outside");
  g_autofree char *fifo = path_of (f, "incoming/fifo");
  const char *const names[][2] = {
    { "%s.4", "aaa" },  { "%s.2", "aaa" },  { "%s.03", "aaa" },
    { "%s.", "aaa" },   { "%s", "aaa" },    { "%s.3.4", "aaa" },
    { "%s.-3", "aaa" }, { "x%s.3", "aaa" }, { "%s.18446744073709551615", "aaa" },
  };

  put (f, "outside", "aaa", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (GStrv) parts = g_strsplit (names[i][0], "%s", 2);
      g_autofree char *path = g_strconcat ("incoming/", parts[0], hash, parts[1], NULL);

      put (f, path, names[i][1], -1);
    }
  g_free (upper);
  upper = g_strdup_printf ("incoming/A%s.3", hash + 1);
  put (f, upper, "aaa", -1);
  put (f, "incoming/a/deep/folder/file", "12345", -1);
  put (f, "incoming/.hidden", "1", -1);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink (outside, link), ==, 0);
  g_assert_cmpint (RUN (f, "adopt", f->volume), ==, 0);
  g_assert_cmpstr (f->out, ==, "adopted 0 0\ndropped 14 36\n");
  assert_text (f->volume, "outside", "aaa");
  g_assert_false (exists (f, "files/aa"));

  /* The right size, and other bytes. */
  put (f, link + strlen (f->volume) + 1, "aab", -1);
  g_assert_cmpint (RUN (f, "adopt", f->volume), ==, 0);
  g_assert_cmpstr (f->out, ==, "adopted 0 0\ndropped 1 3\n");
  g_assert_nonnull (strstr (f->problem, "its bytes are not those that its name says"));

  /* A second name of another file. */
  g_assert_cmpint (linkat (AT_FDCWD, outside, AT_FDCWD, link, 0), ==, 0);
  g_assert_cmpint (RUN (f, "adopt", f->volume), ==, 0);
  g_assert_cmpstr (f->out, ==, "adopted 0 0\ndropped 1 3\n");
  assert_text (f->volume, "outside", "aaa");

  /* Links where folders should be lead nowhere. */
  {
    g_autofree char *elsewhere = path_of (f, "elsewhere");
    g_autofree char *folder = g_strdup_printf ("%s/files/%.2s", f->volume, hash);
    g_autofree char *files = path_of (f, "files");
    g_autofree char *incoming = path_of (f, "incoming");

    g_assert_cmpint (g_mkdir (elsewhere, 0700), ==, 0);
    put_incoming (f, "aaa");
    g_assert_cmpint (symlink (elsewhere, folder), ==, 0);
    g_assert_cmpint (RUN (f, "adopt", f->volume), ==, 1);
    g_assert_cmpstr (f->out, ==, "adopted 0 0\ndropped 0 0\n");
    g_assert_cmpint (g_rmdir (elsewhere), ==, 0);
    remove_tree (files);
    g_assert_cmpint (symlink (f->campaign, files), ==, 0);
    REFUSED (f, 1, "files: ", "adopt", f->volume);
    g_assert_cmpint (g_rename (incoming, elsewhere), ==, 0);
    g_assert_cmpint (symlink (elsewhere, incoming), ==, 0);
    REFUSED (f, 3, "incoming: ", "adopt", f->volume);
    REFUSED (f, 1, "files: ", "usage", f->volume);
    REFUSED (f, 3, "x", "forget", f->volume, "../x");
  }
}

static void
test_command (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->campaign, "command", NULL);
  g_autofree char *part = g_build_filename (f->campaign, "command.part", NULL);
  g_autofree char *outside = path_of (f, "outside");

  put (f, "outside", "mine", -1);
  g_assert_cmpint (symlink (outside, part), ==, 0);
  g_assert_cmpint (symlink (outside, path), ==, 0);
  g_assert_cmpint (RUN (f, "command", f->volume, ID, "stop-after-trial"), ==, 0);
  assert_text (f->campaign, "command", "stop-after-trial\n");
  assert_text (f->volume, "outside", "mine");
  g_assert_cmpint (RUN (f, "command", f->volume, ID, "stop-now"), ==, 0);
  assert_text (f->campaign, "command", "stop-now\n");
  g_assert_cmpint (RUN (f, "command", f->volume, ID, "stop-after-trial"), ==, 0);
  assert_text (f->campaign, "command", "stop-now\n");
  g_assert_false (exists (f, "campaigns/" ID "/command.part"));
}

static void
test_order (Fixture *f, gconstpointer data)
{
  g_autofree char *all = hand_over (f);
  g_autofree char *path = g_build_filename (f->campaign, "script", NULL);
  g_autofree char *new_path = g_build_filename (f->campaign, "script.new", NULL);

  REFUSED (f, 3, "script: ", "order", f->volume, ID, "one");
  g_assert_cmpint (g_rename (new_path, path), ==, 0);
  g_assert_cmpint (RUN (f, "order", f->volume, ID, "three", "one"), ==, 0);
  assert_text (f->campaign, "order", "three\none\n");
  REFUSED (f, 3, "has no chain “on”", "order", f->volume, ID, "three", "on");
  REFUSED (f, 3, "has no chain “one\n”", "order", f->volume, ID, "one\n");
  assert_text (f->campaign, "order", "three\none\n");
  g_assert_cmpint (RUN (f, "order", f->volume, ID), ==, 0);
  assert_text (f->campaign, "order", "");
}

/* Ends a campaign's journal with that END, or leaves it without one. */
static void
write_journal (const Fixture *f, const char *end)
{
  BoJournalWriter writer;

  open_journal (f, &writer, 1, 1);
  bo_journal_writer_printf (&writer, BO_JOURNAL_START, 0, "begin");
  if (end != NULL)
    bo_journal_writer_printf (&writer, BO_JOURNAL_END, 0, "%s", end);
  close_journal (&writer);
}

static guint64
measure (const Fixture *f)
{
  g_autofree char *path = g_build_filename (f->campaign, "journal", "00000001.bj", NULL);
  struct stat info;

  return lstat (path, &info) == 0 ? (guint64) info.st_size : 0;
}

static void
assert_usage (Fixture *f, const char *contents, const char *incoming, const char *state, guint64 more)
{
  g_autofree char *expected
      = g_strdup_printf ("contents %s\nincoming %s\ncampaign " ID " %" G_GUINT64_FORMAT " %s\n", contents,
                         incoming, measure (f) + more, state);

  g_assert_cmpint (RUN (f, "usage", f->volume), ==, 0);
  g_assert_cmpstr (f->out, ==, expected);
}

static void
test_usage (Fixture *f, gconstpointer data)
{
  static const char *const ends[][2] = {
    { "finished", "ended" },          { "stopped", "ended" },          { "disk-full", "ended" },
    { "bad-script x", "ended" },      { "signal TERM", "unfinished" }, { "engine-lost", "unfinished" },
    { "disk-error x", "unfinished" }, { "finishedly", "unfinished" },
  };
  g_autofree char *journal = g_build_filename (f->campaign, "journal", NULL);
  g_autofree char *gone = g_build_filename (f->volume, "campaigns", ".gone-x", NULL);
  g_autofree char *link = g_build_filename (f->volume, "campaigns", "link", NULL);
  int lock = -1;

  assert_usage (f, "0 0", "0 0", "waiting", 0);
  put_content (f, "aaa");
  put_content (f, "bb");
  put (f, "files/00/foreign", "x", -1);
  put (f, "files/x", "x", -1);
  put_incoming (f, "12345");
  put_campaign (f, "script", "1234567");
  put_campaign (f, "recipes/x", "12");
  g_assert_cmpint (g_mkdir (gone, 0700), ==, 0);
  g_assert_cmpint (symlink (f->campaign, link), ==, 0);
  assert_usage (f, "2 5", "1 5", "waiting", 9);
  lock = hold_lock (f);
  assert_usage (f, "2 5", "1 5", "waiting", 9);
  write_journal (f, NULL);
  assert_usage (f, "2 5", "1 5", "playing", 9);
  close (lock);
  assert_usage (f, "2 5", "1 5", "unfinished", 9);
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      remove_tree (journal);
      write_journal (f, ends[i][0]);
      assert_usage (f, "2 5", "1 5", ends[i][1], 9);
    }
}

/* Whether there is a content for each of the letters. */
static void
assert_left (const Fixture *f, const char *letters)
{
  for (char c = 'a'; c <= 'h'; c++)
    {
      g_autofree char *text = g_strnfill (10, c);
      g_autofree char *path = content_of (text);

      if (exists (f, path) != (strchr (letters, c) != NULL))
        g_error ("%c is %sthere", c, exists (f, path) ? "" : "not ");
    }
}

static void
test_trim (Fixture *f, gconstpointer data)
{
  g_autofree char *recipe = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autofree char *outside = path_of (f, "outside");
  g_autofree char *hash = hash_of ("outside");
  g_autofree char *link = g_strdup_printf ("%s/files/%.2s/%s", f->volume, hash, hash);
  g_autofree char *folder = g_path_get_dirname (link);
  gsize length = 0;

  g_assert_cmpint (RUN (f, "trim", f->volume, "0"), ==, 0);
  g_assert_cmpstr (f->out, ==, "trimmed 0 0\n");

  for (char c = 'a'; c <= 'h'; c++)
    {
      g_autofree char *content = g_strnfill (10, c);
      g_autofree char *name = content_of (content);

      put_content (f, content);
      set_use (f, name, 1000 + (c == 'c' ? 100 : c));
    }
  put (f, "outside", "outside", -1);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (outside, link), ==, 0);
  put (f, "files/00/foreign", "foreign", -1);

  /* The longest unused are a, b, d, and so on; c was used between d and e, and then it is the campaign's. */
  recipe = put_recipe (f, (const char *const[]){ "aaaaaaaaaa", "eeeeeeeeee", NULL });
  g_assert_cmpint (RUN (f, "trim", f->volume, "80"), ==, 0);
  g_assert_cmpstr (f->out, ==, "trimmed 0 0\n");
  g_assert_cmpint (RUN (f, "trim", f->volume, "79"), ==, 0);
  g_assert_cmpstr (f->out, ==, "trimmed 1 10\n");
  assert_left (f, "acdefgh");
  g_assert_cmpint (RUN (f, "trim", f->volume, "50"), ==, 0);
  g_assert_cmpstr (f->out, ==, "trimmed 2 20\n");
  assert_left (f, "aefgh");

  /* Half a recipe, which is on its way, counts as far as it is there: its first file. */
  path = g_strdup_printf ("%s/recipes/%s", f->campaign, recipe);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  *strchr (strstr (text, "file "), '\n') = '\0';
  strcat (text, "\nfile 1");
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (RUN (f, "trim", f->volume, "0"), ==, 0);
  g_assert_cmpstr (f->out, ==, "trimmed 4 40\n");
  assert_left (f, "a");

  write_journal (f, "engine-lost");
  g_assert_cmpint (RUN (f, "trim", f->volume, "0"), ==, 0);
  assert_left (f, "a");
  {
    g_autofree char *journal = g_build_filename (f->campaign, "journal", NULL);

    remove_tree (journal);
  }
  write_journal (f, "finished");
  g_assert_cmpint (RUN (f, "trim", f->volume, "0"), ==, 0);
  g_assert_cmpstr (f->out, ==, "trimmed 1 10\n");
  assert_left (f, "");
  assert_text (f->volume, "outside", "outside");
  g_assert_true (exists (f, "files/00/foreign"));
}

static void
test_forget (Fixture *f, gconstpointer data)
{
  g_autofree char *link = g_build_filename (f->campaign, "recipes", NULL);
  g_autofree char *outside = path_of (f, "outside");
  g_autofree char *campaigns = path_of (f, "campaigns");
  int lock = -1;

  put (f, "outside/file", "mine", -1);
  put (f, "campaigns/.gone-other/journal/x", "x", -1);
  put (f, "campaigns/another/script", "x", -1);
  g_assert_cmpint (RUN (f, "forget", f->volume, "nobody"), ==, 0);
  g_assert_cmpstr (f->out, ==, "none\n");
  g_assert_false (exists (f, "campaigns/.gone-other"));

  write_journal (f, NULL);
  g_assert_cmpint (symlink (outside, link), ==, 0);
  lock = hold_lock (f);
  REFUSED (f, 4, "a courier plays this campaign", "forget", f->volume, ID);
  g_assert_true (exists (f, "campaigns/" ID "/journal/00000001.bj"));
  close (lock);
  g_assert_cmpint (RUN (f, "forget", f->volume, ID), ==, 0);
  g_assert_cmpstr (f->out, ==, "forgotten\n");
  g_assert_false (exists (f, "campaigns/" ID));
  g_assert_false (exists (f, "campaigns/.gone-" ID));
  assert_text (outside, "file", "mine");
  g_assert_true (exists (f, "campaigns/another/script"));
  g_assert_cmpint (RUN (f, "forget", f->volume, ID), ==, 0);
  g_assert_cmpstr (f->out, ==, "none\n");
  remove_tree (campaigns);
  g_assert_cmpint (RUN (f, "forget", f->volume, ID), ==, 0);
  g_assert_cmpstr (f->out, ==, "none\n");
}

/* What is printed is read by a program: a full pipe or disk there must not pass for nothing. */
static void
test_output_full (Fixture *f, gconstpointer data)
{
  static const char *const lines[] = {
    "missing \"$1\" " ID, "begin \"$1\" " ID, "usage \"$1\"",
    "adopt \"$1\"",       "trim \"$1\" 0",    "forget \"$1\" x",
  };
  g_autofree char *all = hand_over (f);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *line = g_strdup_printf ("exec \"$0\" %s >/dev/full", lines[i]);
      const char *argv[] = { "sh", "-c", line, f->courier, f->volume, NULL };
      int status = 0;
      g_autofree char *problem = NULL;

      g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                                   &problem, &status, NULL));
      g_assert_cmpint (WEXITSTATUS (status), ==, 1);
      g_assert_nonnull (strstr (problem, "No space left on device"));
    }
}

/* In a process of its own: a file system without room. Returns what went wrong, 77 when it cannot be had. */
static int
play_disk_full (Fixture *f)
{
  g_autofree char *filler = path_of (f, "filler");
  g_autofree char *a = NULL;
  g_autofree char *order = NULL;
  char block[4096] = "";
  int fd = -1;

  if (unshare (CLONE_NEWNS) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return 77;
  if (mount ("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("full", f->volume, "tmpfs", 0, "size=256k,nr_inodes=64") != 0)
    return 77;
  if (g_mkdir_with_parents (f->campaign, 0700) != 0)
    return 2;
  g_free (hand_over (f));
  put_content (f, "aaa");
  put_content (f, "bb");
  put_content (f, "c");
  if (RUN (f, "begin", f->volume, ID) != 0 || RUN (f, "order", f->volume, ID, "two") != 0)
    return 3;
  put_incoming (f, "ddd");
  fd = open (filler, O_WRONLY | O_CREAT, 0600);
  while (write (fd, block, sizeof block) > 0)
    ;
  close (fd);
  if (errno != ENOSPC)
    return 4;

  if (RUN (f, "order", f->volume, ID, "three") != 1 || strstr (f->problem, "No space left") == NULL)
    return 5;
  assert_text (f->campaign, "order", "two\n");
  if (exists (f, "campaigns/" ID "/order.part"))
    return 6;
  if (RUN (f, "command", f->volume, ID, "stop-now") != 1 || exists (f, "campaigns/" ID "/command"))
    return 7;
  /* A rename needs no room, but a folder does. */
  for (int i = 0; i < 64; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/inode-%d", f->volume, i);

      fd = open (path, O_WRONLY | O_CREAT, 0600);
      if (fd >= 0)
        close (fd);
    }
  if (RUN (f, "adopt", f->volume) != 1 || strcmp (f->out, "adopted 0 0\ndropped 0 0\n") != 0
      || strstr (f->problem, "No space left") == NULL)
    return 8;
  a = content_of ("ddd");
  if (exists (f, a))
    return 9;
  if (g_unlink (filler) != 0 || RUN (f, "adopt", f->volume) != 0)
    return 10;
  assert_text (f->volume, a, "ddd");
  return 0;
}

static void
test_disk_full (Fixture *f, gconstpointer data)
{
  pid_t pid = fork ();
  int status = 0;

  if (pid == 0)
    _exit (play_disk_full (f));
  status = wait_for (pid, 60);
  if (status == 77)
    g_test_skip ("this process may not mount a file system");
  else
    g_assert_cmpint (status, ==, 0);
}

/* As many files as a large context has: all of it takes well under a second. */
static void
test_many (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("bakeoff-recipe 1\nlength 100000\n");
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autofree char *script = NULL;
  gint64 before = 0;

  for (int i = 0; i < 100000; i++)
    g_string_append_printf (text, "file %060x%04x 1\n", i / 3, i % 3);
  g_string_append (text, "end\n");
  name = hash_of (text->str);
  path = g_strdup_printf ("recipes/%s", name);
  put_campaign (f, path, text->str);
  script = make_script (ID, (const char *const[]){ name, name, NULL });
  put_campaign (f, "script.new", script);
  before = g_get_monotonic_time ();
  g_assert_cmpint (RUN (f, "missing", f->volume, ID), ==, 0);
  g_test_message ("%" G_GINT64_FORMAT " us", g_get_monotonic_time () - before);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 30 * G_USEC_PER_SEC);
  g_assert_cmpuint (f->out_length, ==, 100000 * 67);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/volume/sha256", test_sha256);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/volume/missing", test_missing);
  ADD ("/volume/missing/broken", test_missing_broken);
  ADD ("/volume/missing/many", test_many);
  ADD ("/volume/names", test_names);
  ADD ("/volume/begin", test_begin);
  ADD ("/volume/adopt", test_adopt);
  ADD ("/volume/adopt/many", test_adopt_many);
  ADD ("/volume/adopt/hostile", test_adopt_hostile);
  ADD ("/volume/command", test_command);
  ADD ("/volume/order", test_order);
  ADD ("/volume/usage", test_usage);
  ADD ("/volume/trim", test_trim);
  ADD ("/volume/forget", test_forget);
  ADD ("/volume/output-full", test_output_full);
  ADD ("/volume/disk-full", test_disk_full);
  return g_test_run ();
}
