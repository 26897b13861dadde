/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "bo-journal-past.h"
#include "bo-journal-writer.h"
#include "bo-script-format.h"
#include "bo-volume-format.h"
#include "durable/bo-courier-program.h"

/*
 * A volume in a temporary folder, and the courier's program, which is started
 * as the engine would start it there.
 */

#define ID "20260101-120000-0a1b2c3d"

typedef struct
{
  char *courier;
  char *volume;
  char *campaign;
  char *out;
  gsize out_length;
  char *problem;
} Fixture;

static inline void
remove_tree (const char *path)
{
  const char *argv[] = { "rm", "-rf", "--", path, NULL };

  g_assert_true (
      g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

static inline void
fixture_set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->courier = bo_courier_find_program (&error);
  g_assert_no_error (error);
  f->volume = g_dir_make_tmp ("bakeoff-volume.XXXXXX", &error);
  g_assert_no_error (error);
  f->campaign = g_build_filename (f->volume, "campaigns", ID, NULL);
  g_assert_cmpint (g_mkdir_with_parents (f->campaign, 0700), ==, 0);
}

static inline void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  remove_tree (f->volume);
  g_free (f->courier);
  g_free (f->volume);
  g_free (f->campaign);
  g_free (f->out);
  g_free (f->problem);
}

/* Runs a command to its end; what it printed is in `out` and `problem`. Returns the exit status, 128 + N
 * after a signal. */
static inline int
run (Fixture *f, const char *const *words)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) environment = g_new0 (char *, 1);
  int status = 0;

  g_clear_pointer (&f->out, g_free);
  g_clear_pointer (&f->problem, g_free);
  g_ptr_array_add (argv, f->courier);
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, (gpointer) *words);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync ("/", (char **) argv->pdata, environment, G_SPAWN_DEFAULT, NULL, NULL, &f->out, &f->problem,
                &status, &error);
  g_assert_no_error (error);
  f->out_length = strlen (f->out);
  return WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
}

#define RUN(f, ...) run (f, (const char *const[]){ __VA_ARGS__, NULL })

/* Starts a command; its standard output comes from *@out (nullable). */
static inline pid_t
start (Fixture *f, int *out, const char *const *words)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GPid pid = 0;

  g_ptr_array_add (argv, f->courier);
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, (gpointer) *words);
  g_ptr_array_add (argv, NULL);
  g_spawn_async_with_pipes ("/", (char **) argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, out, NULL, &error);
  g_assert_no_error (error);
  return pid;
}

#define START(f, out, ...) start (f, out, (const char *const[]){ __VA_ARGS__, NULL })

/* Waits for its end, for @seconds at most; -1 when it has to be killed. */
static inline int
wait_for (pid_t pid, double seconds)
{
  gint64 until = g_get_monotonic_time () + (gint64) (seconds * 1e6);
  int status = 0;
  pid_t ended = 0;

  while ((ended = waitpid (pid, &status, WNOHANG)) == 0 && g_get_monotonic_time () < until)
    g_usleep (5000);
  if (ended == 0)
    {
      kill (pid, SIGKILL);
      waitpid (pid, &status, 0);
      return -1;
    }
  return WIFSIGNALED (status) ? 128 + WTERMSIG (status) : WEXITSTATUS (status);
}

static inline char *
path_of (const Fixture *f, const char *name)
{
  return g_build_filename (f->volume, name, NULL);
}

/* Writes a file in the volume; @length -1: a text. */
static inline void
put (const Fixture *f, const char *name, const void *data, gssize length)
{
  g_autofree char *path = path_of (f, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
}

static inline void
put_campaign (const Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename ("campaigns", ID, name, NULL);

  put (f, path, text, -1);
}

static inline gboolean
exists (const Fixture *f, const char *name)
{
  g_autofree char *path = path_of (f, name);
  struct stat info;

  return lstat (path, &info) == 0;
}

static inline void
assert_text (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &found, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, text);
}

static inline char *
hash_of (const char *text)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* Where a content is; free it. */
static inline char *
content_of (const char *text)
{
  g_autofree char *hash = hash_of (text);

  return g_strdup_printf ("files/%.2s/%s", hash, hash);
}

/* A recipe of those contents; returns its name. Its text is put into the campaign. */
static inline char *
put_recipe (const Fixture *f, const char *const *contents)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  gsize total = 3;

  for (gsize i = 0; contents[i] != NULL; i++)
    {
      g_autofree char *hash = hash_of (contents[i]);

      total += strlen (contents[i]);
      g_string_append_printf (text, "file %s %zu\n", hash, strlen (contents[i]));
    }
  g_string_append (text, "literal 3\nabc\nend\n");
  path = g_strdup_printf ("bakeoff-recipe 1\nlength %zu\n", total);
  g_string_prepend (text, path);
  name = hash_of (text->str);
  g_free (path);
  path = g_strdup_printf ("recipes/%s", name);
  put_campaign (f, path, text->str);
  return g_steal_pointer (&name);
}

/* The text of a script with a request for each recipe. */
static inline char *
make_script (const char *id, const char *const *recipes)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "bakeoff-script 1\ncampaign %s\nchain one trials\n", id);
  for (gsize i = 0; recipes[i] != NULL; i++)
    g_string_append_printf (text, "item %zu\nkind request\nmethod POST\npath /build\nbody-recipe %s\nend\n",
                            i + 1, recipes[i]);
  g_string_append (text, "chain two trials\nchain three trials\n");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Holds the campaign's lock as a courier does; close it. */
static inline int
hold_lock (const Fixture *f)
{
  g_autofree char *path = g_build_filename (f->campaign, "lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  return fd;
}

/* A journal as the courier writes it, beginning with that segment and message. */
static inline void
open_journal (const Fixture *f, BoJournalWriter *writer, unsigned segment, guint64 next)
{
  g_autofree char *path = g_build_filename (f->campaign, "journal", NULL);
  int fd = -1;

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  g_assert_true (
      bo_journal_writer_open (writer, fd, segment, next, "boot b\ncampaign " ID "\nplace device\n"));
}

static inline void
close_journal (BoJournalWriter *writer)
{
  bo_journal_writer_close (writer);
  close (writer->folder_fd);
}

static inline char *
read_segment (const Fixture *f, unsigned segment, gsize *length)
{
  g_autofree char *path = g_strdup_printf ("%s/journal/%08u.bj", f->campaign, segment);
  char *data = NULL;

  g_assert_true (g_file_get_contents (path, &data, length, NULL));
  return data;
}
