/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "study/bo-study-watch.h"

/* A folder with a study, and how often it was told to have changed. */
typedef struct
{
  char *folder;
  char *file;
  char *dockerfile;
  guint n;
  char *paths;
} Fixture;

static void
changed_cb (BoStudyWatch *watch, GStrv paths, Fixture *fixture)
{
  fixture->n++;
  g_free (fixture->paths);
  fixture->paths = g_strjoinv (" ", paths);
}

static void
write_text (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, &error));
  g_assert_no_error (error);
}

static gboolean
late_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_ms (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, late_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* Waits until @n changes were told, at most ten seconds. */
static void
wait_for (Fixture *fixture, guint n)
{
  gboolean late = FALSE;
  guint source = g_timeout_add_seconds (10, late_cb, &late);

  while (fixture->n < n && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n, ==, n);
  g_assert_false (late);
  g_source_remove (source);
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->folder = g_dir_make_tmp ("bakeoff-watch-XXXXXX", NULL);
  fixture->file = g_build_filename (fixture->folder, "bakeoff.json", NULL);
  fixture->dockerfile = g_build_filename (fixture->folder, "Dockerfile", NULL);
  write_text (fixture->file, "{ \"format\": 1, \"bases\": [{ \"id\": \"b\", \"image\": \"b\" }], "
                             "\"strategies\": [{ \"id\": \"a\", \"dockerfile\": \"Dockerfile\" }] }");
  write_text (fixture->dockerfile, "FROM b\n");
  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  g_remove (fixture->file);
  g_remove (fixture->dockerfile);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->file);
  g_free (fixture->dockerfile);
  g_free (fixture->paths);
  g_free (fixture);
}

static BoStudyWatch *
watch_new (Fixture *fixture)
{
  BoStudyWatch *watch = bo_study_watch_new (fixture->file);

  g_signal_connect (watch, "changed", G_CALLBACK (changed_cb), fixture);
  wait_ms (100);
  return watch;
}

/* Replaced (as g_file_set_contents() does), written in place, removed, made again. */
static void
test_study (void)
{
  Fixture *fixture = fixture_new ();
  g_autoptr (BoStudyWatch) watch = watch_new (fixture);

  g_assert_false (bo_study_watch_is_settling (watch));
  write_text (fixture->file, "{}");
  /* From when the system tells it. */
  for (guint i = 0; i < 200 && !bo_study_watch_is_settling (watch); i++)
    wait_ms (10);
  g_assert_true (bo_study_watch_is_settling (watch));
  g_assert_cmpuint (fixture->n, ==, 0);
  wait_for (fixture, 1);
  g_assert_false (bo_study_watch_is_settling (watch));
  g_assert_cmpstr (fixture->paths, ==, fixture->file);
  {
    FILE *in_place = g_fopen (fixture->file, "a");

    g_assert_nonnull (in_place);
    fputs ("\n", in_place);
    fclose (in_place);
  }
  wait_for (fixture, 2);
  g_remove (fixture->file);
  wait_for (fixture, 3);
  write_text (fixture->file, "{}");
  wait_for (fixture, 4);
  /* Several at once are one. */
  for (guint i = 0; i < 5; i++)
    write_text (fixture->file, "{ }");
  wait_for (fixture, 5);
  wait_ms (600);
  g_assert_cmpuint (fixture->n, ==, 5);
  fixture_free (fixture);
}

static void
test_dockerfile (void)
{
  Fixture *fixture = fixture_new ();
  g_autoptr (BoStudyWatch) watch = watch_new (fixture);
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load (fixture->file, NULL, problems);

  g_assert_nonnull (study);
  write_text (fixture->dockerfile, "FROM c\n");
  wait_ms (600);
  g_assert_cmpuint (fixture->n, ==, 0);
  bo_study_watch_set_study (watch, study);
  wait_ms (100);
  write_text (fixture->dockerfile, "FROM d\n");
  wait_for (fixture, 1);
  g_assert_cmpstr (fixture->paths, ==, fixture->dockerfile);
  bo_study_watch_set_study (watch, NULL);
  write_text (fixture->dockerfile, "FROM e\n");
  wait_ms (600);
  g_assert_cmpuint (fixture->n, ==, 1);
  fixture_free (fixture);
}

/* Without a monitor, as on a network where another computer writes: only looking finds it. */
static void
test_poll (void)
{
  Fixture *fixture = fixture_new ();
  g_autofree char *hidden = g_build_filename (fixture->folder, "sub", NULL);
  g_autofree char *other = g_build_filename (hidden, "bakeoff.json", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (link);
  g_autoptr (BoStudyWatch) watch = NULL;

  g_assert_cmpint (g_mkdir (hidden, 0700), ==, 0);
  write_text (other, "{}");
  /* A monitor sees the link, and nothing of what happens where it leads to. */
  g_assert_true (g_file_make_symbolic_link (file, "sub/bakeoff.json", NULL, NULL));
  watch = bo_study_watch_new (link);
  g_signal_connect (watch, "changed", G_CALLBACK (changed_cb), fixture);
  bo_study_watch_set_interval (watch, 100);
  wait_ms (100);
  write_text (other, "{ }");
  wait_for (fixture, 1);
  g_remove (other);
  wait_for (fixture, 2);
  g_remove (link);
  g_rmdir (hidden);
  fixture_free (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study-watch/study", test_study);
  g_test_add_func ("/study-watch/dockerfile", test_dockerfile);
  g_test_add_func ("/study-watch/poll", test_poll);
  return g_test_run ();
}
