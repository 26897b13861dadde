/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <elf.h>
#include <sched.h>

#include "volume-fixture.h"

/*
 * "play" on a device, up to where it plays: waiting for the script, and the exit
 * statuses by which the engine decides whether to start it again.
 */

static pid_t
start_play (Fixture *f, const char *place, const char *seconds)
{
  g_autofree char *socket = path_of (f, "nobody.sock");
  g_autofree char *files = path_of (f, "files");

  if (seconds == NULL)
    return START (f, NULL, "play", f->campaign, "--socket", socket, "--place", place);
  return START (f, NULL, "play", f->campaign, "--socket", socket, "--files", files, "--place", place,
                "--wait", seconds);
}

static void
wait_until_locked (const Fixture *f)
{
  g_autofree char *path = g_build_filename (f->campaign, "lock", NULL);

  for (int i = 0; i < 1000; i++)
    {
      int fd = open (path, O_RDWR | O_CLOEXEC);
      int locked = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0;

      if (fd >= 0)
        close (fd);
      if (locked)
        return;
      g_usleep (10000);
    }
  g_error ("no courier has taken the lock");
}

static void
touch_lease (const Fixture *f)
{
  g_autofree char *path = g_build_filename (f->campaign, "lease", NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (futimens (fd, NULL), ==, 0);
  close (fd);
}

static void
test_gives_up (Fixture *f, gconstpointer data)
{
  g_autofree char *campaigns = path_of (f, "campaigns");
  gint64 before = g_get_monotonic_time ();
  gint64 took = 0;
  pid_t pid = 0;

  /* It makes its own folders; the lease's own time says nothing, since clocks jump. */
  remove_tree (campaigns);
  pid = start_play (f, "device", "1");
  g_assert_cmpint (wait_for (pid, 20), ==, 0);
  took = g_get_monotonic_time () - before;
  g_assert_cmpint (took, >=, 990000);
  g_assert_true (exists (f, "files"));
  g_assert_true (exists (f, "campaigns/" ID "/lock"));
  g_assert_false (exists (f, "campaigns/" ID "/journal"));

  /* As long as somebody is there it waits on. */
  pid = start_play (f, "device", "1");
  for (int i = 0; i < 12; i++)
    {
      touch_lease (f);
      g_usleep (200000);
    }
  g_assert_cmpint (waitpid (pid, NULL, WNOHANG), ==, 0);
  g_assert_cmpint (wait_for (pid, 20), ==, 0);
  g_assert_false (exists (f, "campaigns/" ID "/journal"));
}

static void
test_signal (Fixture *f, gconstpointer data)
{
  pid_t pid = start_play (f, "device", "600");

  wait_until_locked (f);
  kill (pid, SIGTERM);
  g_assert_cmpint (wait_for (pid, 20), ==, 128 + SIGTERM);
  g_assert_false (exists (f, "campaigns/" ID "/journal"));
}

static void
test_stopped (Fixture *f, gconstpointer data)
{
  pid_t pid = start_play (f, "device", "600");

  wait_until_locked (f);
  g_assert_cmpint (RUN (f, "command", f->volume, ID, "stop-after-trial"), ==, 0);
  g_assert_cmpint (wait_for (pid, 20), ==, 0);
  g_assert_false (exists (f, "campaigns/" ID "/journal"));
}

/* The payload of the last message, after those of the ones before. */
typedef struct
{
  GString *text;
} Told;

static void
told_cb (const BoJournalPastMessage *message, void *user_data)
{
  Told *told = user_data;

  if (message->type != BO_JOURNAL_SEGMENT)
    g_string_append_printf (told->text, "%d %.*s\n", message->type, (int) message->length, message->payload);
}

static void
assert_journal (const Fixture *f, const char *expected)
{
  g_autofree char *path = g_build_filename (f->campaign, "journal", NULL);
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_autoptr (GString) text = g_string_new (NULL);
  Told told = { text };
  unsigned segment = 0;
  uint64_t next = 0;
  char error[320] = "";

  bo_journal_past_read (fd, &segment, &next, told_cb, &told, error, sizeof error);
  close (fd);
  g_assert_cmpstr (text->str, ==, expected);
}

#define BAD "bad-script line 3: this line is not known"

static void
test_begins (Fixture *f, gconstpointer data)
{
  pid_t pid = start_play (f, "device", "600");
  g_autofree char *path = g_build_filename (f->campaign, "script", NULL);
  g_autofree char *part = g_build_filename (f->campaign, "script.new", NULL);

  wait_until_locked (f);
  /* A link is no script. */
  g_assert_cmpint (symlink ("/etc/passwd", path), ==, 0);
  g_usleep (300000);
  put_campaign (f, "script.new", "bakeoff-script 1\ncampaign " ID "\nwhat\n");
  g_assert_cmpint (waitpid (pid, NULL, WNOHANG), ==, 0);
  g_assert_cmpint (g_rename (part, path), ==, 0);
  g_assert_cmpint (wait_for (pid, 20), ==, 0);
  assert_journal (f, "2 begin\n15 " BAD "\n");

  /* Over is over. */
  g_assert_cmpint (wait_for (start_play (f, "device", "600"), 20), ==, 0);
  assert_journal (f, "2 begin\n15 " BAD "\n");
  /* On a computer it is tried again. */
  g_assert_cmpint (wait_for (start_play (f, "local", NULL), 20), ==, 3);
  assert_journal (f, "2 begin\n15 " BAD "\n2 resume\n15 " BAD "\n");
}

static void
test_over (Fixture *f, gconstpointer data)
{
  static const char *const ends[][2] = {
    { "finished", "" },
    { "stopped", "" },
    { "disk-full", "" },
    { "bad-script line 1: x", "" },
    { "signal TERM", "2 resume\n15 " BAD "\n" },
    { "engine-lost", "2 resume\n15 " BAD "\n" },
    { "disk-error x", "2 resume\n15 " BAD "\n" },
    { NULL, "2 resume\n15 " BAD "\n" },
  };
  g_autofree char *journal = g_build_filename (f->campaign, "journal", NULL);

  put_campaign (f, "script", "bakeoff-script 1\ncampaign " ID "\nwhat\n");
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *end = ends[i][0] != NULL ? g_strdup_printf ("15 %s\n", ends[i][0]) : g_strdup ("");
      g_autofree char *expected = g_strconcat ("2 begin\n", end, ends[i][1], NULL);
      BoJournalWriter writer;

      remove_tree (journal);
      open_journal (f, &writer, 1, 1);
      bo_journal_writer_printf (&writer, BO_JOURNAL_START, 0, "begin");
      if (ends[i][0] != NULL)
        bo_journal_writer_printf (&writer, BO_JOURNAL_END, 0, "%s", ends[i][0]);
      close_journal (&writer);
      g_assert_cmpint (wait_for (start_play (f, "device", "600"), 20), ==, 0);
      assert_journal (f, expected);
    }
}

static void
test_damaged (Fixture *f, gconstpointer data)
{
  BoJournalWriter writer;
  g_autofree char *journal = g_build_filename (f->campaign, "journal", NULL);

  put_campaign (f, "script", "bakeoff-script 1\ncampaign " ID "\n");
  open_journal (f, &writer, 1, 1);
  close_journal (&writer);
  open_journal (f, &writer, 2, 7);
  close_journal (&writer);
  g_assert_cmpint (wait_for (start_play (f, "device", "600"), 20), ==, 0);
  g_assert_cmpint (wait_for (start_play (f, "local", NULL), 20), ==, 3);
  g_assert_false (exists (f, "campaigns/" ID "/journal/00000003.bj"));

  /* Another campaign's. */
  remove_tree (journal);
  open_journal (f, &writer, 1, 1);
  close_journal (&writer);
  put_campaign (f, "script", "bakeoff-script 1\ncampaign another\n");
  g_assert_cmpint (wait_for (start_play (f, "device", "600"), 20), ==, 0);
  g_assert_false (exists (f, "campaigns/" ID "/journal/00000002.bj"));

  /* What may heal: it cannot be read now. */
  remove_tree (journal);
  put_campaign (f, "journal/00000001.bj/x", "x");
  g_assert_cmpint (wait_for (start_play (f, "device", "600"), 20), ==, 3);
  remove_tree (journal);
  put_campaign (f, "journal", "x");
  g_assert_cmpint (wait_for (start_play (f, "device", "600"), 20), ==, 3);
}

static void
test_lock (Fixture *f, gconstpointer data)
{
  pid_t pid = 0;
  int lock = hold_lock (f);

  put_campaign (f, "script", "what\n");
  g_assert_cmpint (wait_for (start_play (f, "device", "600"), 20), ==, 4);
  g_assert_cmpint (wait_for (start_play (f, "local", NULL), 20), ==, 4);

  /* Somebody who only looked. */
  pid = start_play (f, "device", "600");
  g_usleep (300000);
  close (lock);
  g_assert_cmpint (wait_for (pid, 20), ==, 0);
  g_assert_cmpint (wait_for (start_play (f, "local", "600"), 20), ==, 2);
  g_assert_cmpint (wait_for (start_play (f, "device", "-1"), 20), ==, 2);
  g_assert_cmpint (wait_for (start_play (f, "moon", NULL), 20), ==, 2);
}

/* The first process of a container from which everything else is missing. */
static int
play_alone (Fixture *f)
{
  const char *folder = "/campaigns/" ID;
  const char *argv[] = { "/courier", "play",    folder,   "--socket", "/engine.sock", "--files",
                         "/files",   "--place", "device", "--wait",   "600",          NULL };
  const char *envp[] = { NULL };
  pid_t pid = 0;

  if (unshare (CLONE_NEWPID) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWPID) != 0)
    return 77;
  pid = fork ();
  if (pid == 0)
    {
      if (chroot (f->volume) != 0 || chdir ("/") != 0)
        _exit (77);
      execve (argv[0], (char **) argv, (char **) envp);
      _exit (77);
    }
  wait_until_locked (f);
  /* It holds signals back before it takes the lock. */
  kill (pid, SIGTERM);
  return wait_for (pid, 20);
}

/* Whether a program needs others to be started. */
static gboolean
is_dynamic (const char *bytes, gsize length)
{
  Elf64_Ehdr header;
  Elf64_Phdr part;

  g_assert_cmpuint (length, >, sizeof header);
  memcpy (&header, bytes, sizeof header);
  for (guint i = 0; i < header.e_phnum; i++)
    {
      g_assert_cmpuint (header.e_phoff + (i + 1) * sizeof part, <=, length);
      memcpy (&part, bytes + header.e_phoff + i * sizeof part, sizeof part);
      if (part.p_type == PT_INTERP)
        return TRUE;
    }
  return FALSE;
}

static void
test_alone (Fixture *f, gconstpointer data)
{
  g_autofree char *program = path_of (f, "courier");
  g_autofree char *bytes = NULL;
  gsize length = 0;
  int status = 0;
  pid_t pid = 0;

  g_assert_true (g_file_get_contents (f->courier, &bytes, &length, NULL));
  if (is_dynamic (bytes, length))
    {
      g_test_skip ("this courier is not static");
      return;
    }
  put (f, "courier", bytes, (gssize) length);
  g_assert_cmpint (g_chmod (program, 0755), ==, 0);
  pid = fork ();
  if (pid == 0)
    _exit (play_alone (f));
  status = wait_for (pid, 60);
  if (status == 77)
    g_test_skip ("this process may not make a process namespace");
  else
    g_assert_cmpint (status, ==, 128 + SIGTERM);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/volume-play/gives-up", test_gives_up);
  ADD ("/volume-play/signal", test_signal);
  ADD ("/volume-play/stopped", test_stopped);
  ADD ("/volume-play/begins", test_begins);
  ADD ("/volume-play/over", test_over);
  ADD ("/volume-play/damaged", test_damaged);
  ADD ("/volume-play/lock", test_lock);
  ADD ("/volume-play/alone", test_alone);
  return g_test_run ();
}
