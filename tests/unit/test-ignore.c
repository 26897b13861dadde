/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "context/bo-docker-rule.h"
#include "context/bo-go-path.h"
#include "context/bo-ignore.h"

static BoIgnore *
load (const char *text, BoIgnoreRule rule)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  BoIgnore *ignore = bo_ignore_new (bytes, ".dockerignore", rule, problems);

  g_assert_cmpuint (problems->items->len, ==, 0);
  return ignore;
}

/* Walks to @path from the top, folder by folder; whether it is sent. */
static gboolean
is_sent (BoIgnore *ignore, const char *path)
{
  g_autoptr (BoIgnoreState) state = NULL;

  for (const char *slash = strchr (path, '/');; slash = strchr (slash + 1, '/'))
    {
      g_autofree char *part = slash != NULL ? g_strndup (path, slash - path) : g_strdup (path);
      BoIgnoreState *next = NULL;
      BoIgnoreVerdict verdict = bo_ignore_walk (ignore, state, part, slash != NULL, &next, NULL);

      g_clear_pointer (&state, bo_ignore_state_free);
      state = next;
      if (slash == NULL)
        return verdict == BO_IGNORE_KEEP;
      if (verdict == BO_IGNORE_SKIP)
        return FALSE;
    }
}

typedef struct
{
  const char *text;
  const char *path;
  gboolean current; /* whether it is sent under the current rule */
  gboolean old;     /* and under that of 20.10 */
} Case;

/* Each was decided by the docker command lines themselves. */
static const Case cases[] = {
  { "", "a", TRUE, TRUE },
  { "a", "a", FALSE, FALSE },
  { "a", "a/b", FALSE, FALSE },
  { "a", "b/a", TRUE, TRUE },
  { "/a", "a", FALSE, FALSE },
  { "//a", "a", FALSE, FALSE },
  { "a/", "a", FALSE, FALSE },
  { "./x/../a", "a", FALSE, FALSE },
  { "# a\n #b", "#b", FALSE, FALSE },
  { "#a", "#a", TRUE, TRUE },
  { "\\#a", "#a", FALSE, FALSE },
  { "\xef\xbb\xbf"
    "a",
    "a", FALSE, FALSE },
  { "a\r\n!a\r\n", "a", TRUE, TRUE },
  { "a\n! a", "a", TRUE, TRUE },
  { "!a\na", "a", FALSE, FALSE },
  { "*.c", "x.c", FALSE, FALSE },
  { "*.c", "d/x.c", TRUE, TRUE },
  { "**/*.c", "d/e/x.c", FALSE, FALSE },
  { "**/*.c", "x.c", FALSE, FALSE },
  { "d/**", "d", TRUE, TRUE },
  { "d/**", "d/e/f", FALSE, FALSE },
  { "d/**/f", "d/f", FALSE, FALSE },
  { "d/**/f", "d/e/f", FALSE, FALSE },
  { "**foo", "xfoo", FALSE, TRUE },
  { "?.txt", "\xc3\xa9.txt", FALSE, FALSE },
  { "?.txt", "\xff.txt", FALSE, FALSE },
  { "?", "/", TRUE, TRUE },
  { "[a-c]x", "bx", FALSE, FALSE },
  { "[^a-c]x", "bx", TRUE, TRUE },
  { "[!a]", "!", FALSE, FALSE },
  { "a.b", "axb", TRUE, TRUE },
  { "a+b", "a+b", FALSE, TRUE },
  { "a+b", "aab", TRUE, FALSE },
  { "f(1)", "f(1)", FALSE, TRUE },
  { "d\n!d/x", "d/x", TRUE, TRUE },
  { "d\n!d/x", "d/y", FALSE, FALSE },
  { "d\n!**/x", "d/x", FALSE, FALSE },
  { "d\n!d/e/x", "d/e/x", TRUE, TRUE },
  { "d\n!d/e/x", "d/e/y", FALSE, FALSE },
  { "**/foo\n!foo/bar/x", "foo/a", FALSE, TRUE },
  { "*\n!**/*.c\nsrc/util\n!src/util/x.h", "src/util/x.c", TRUE, FALSE },
  { "*\n!**/*.c\nsrc/util\n!src/util/x.h", "src/util/x.h", TRUE, TRUE },
  { "*\n!**/*.c\nsrc/util\n!src/util/x.h", "lib/x.c", FALSE, FALSE },
};

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoIgnore) current = load (cases[i].text, BO_IGNORE_RULE_CURRENT);
      g_autoptr (BoIgnore) old = load (cases[i].text, BO_IGNORE_RULE_20_10);

      g_test_message ("%s: %s", cases[i].text, cases[i].path);
      g_assert_cmpint (is_sent (current, cases[i].path), ==, cases[i].current);
      g_assert_cmpint (is_sent (old, cases[i].path), ==, cases[i].old);
      if (cases[i].current != cases[i].old)
        g_assert_true (bo_ignore_rules_may_differ (current));
    }
}

static void
test_verdicts (void)
{
  g_autoptr (BoIgnore) ignore = load ("a\n!a/b/c\nz\n", BO_IGNORE_RULE_CURRENT);
  g_autoptr (BoIgnoreState) state = NULL;

  g_assert_cmpint (bo_ignore_walk (ignore, NULL, "a", TRUE, &state, NULL), ==, BO_IGNORE_DESCEND);
  g_assert_nonnull (state);
  g_assert_cmpint (bo_ignore_walk (ignore, state, "a/x", TRUE, NULL, NULL), ==, BO_IGNORE_SKIP);
  g_assert_cmpint (bo_ignore_walk (ignore, state, "a/b", TRUE, NULL, NULL), ==, BO_IGNORE_DESCEND);
  g_assert_cmpint (bo_ignore_walk (ignore, state, "a/b", FALSE, NULL, NULL), ==, BO_IGNORE_SKIP);
  g_assert_cmpint (bo_ignore_walk (ignore, NULL, "z", TRUE, NULL, NULL), ==, BO_IGNORE_SKIP);
  g_assert_cmpint (bo_ignore_walk (ignore, NULL, "ab", TRUE, NULL, NULL), ==, BO_IGNORE_KEEP);
}

static void
test_matches (void)
{
  g_autoptr (BoIgnore) current = load ("**/foo\n!foo/bar/x\n", BO_IGNORE_RULE_CURRENT);
  g_autoptr (BoIgnore) old = load ("**/foo\n!foo/bar/x\n", BO_IGNORE_RULE_20_10);

  g_assert_true (bo_ignore_matches (current, "foo/a/b"));
  g_assert_false (bo_ignore_matches (current, "foo/bar/x"));
  g_assert_false (bo_ignore_matches (old, "foo/a"));
  g_assert_false (bo_ignore_matches_build_file (current, "foo/a"));
}

static void
test_build_files (void)
{
  g_autoptr (BoIgnore) ignore = load ("*\n", BO_IGNORE_RULE_CURRENT);

  g_assert_false (is_sent (ignore, "Dockerfile"));
  bo_ignore_add_exception (ignore, "docker/Dockerfile");
  g_assert_true (is_sent (ignore, "docker/Dockerfile"));
  g_assert_false (is_sent (ignore, "docker/other"));
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    guint line;
  } wrong[] = {
    { "ok\n!\n", 2 }, { "!/\n", 1 },    { "a\n\n# x\n[\n", 4 }, { "[]a]\n", 1 }, { "a\\\n", 1 },
    { "[a-]\n", 1 },  { "ok\n!  \n", 2 }, { "[^\n", 1 },          { "x[\\\n", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (BoProblems) problems = bo_problems_new ();
      g_autoptr (GBytes) bytes = g_bytes_new (wrong[i].text, strlen (wrong[i].text));
      g_autoptr (BoIgnore) ignore = bo_ignore_new (bytes, "f", BO_IGNORE_RULE_CURRENT, problems);

      g_test_message ("%s", wrong[i].text);
      g_assert_nonnull (ignore);
      g_assert_cmpuint (problems->n_errors, ==, 1);
      g_assert_cmpuint (bo_problems_get (problems, 0)->line, ==, wrong[i].line);
    }
}

/* A range that runs backwards: docker 20.10 refuses it, the current one when a path comes to it. */
static void
test_late_errors (void)
{
  static const char text[] = "ok\n[z-a]\n";
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (BoIgnore) current = bo_ignore_new (bytes, "f", BO_IGNORE_RULE_CURRENT, problems);
  g_autoptr (BoIgnore) old = NULL;
  guint line = 0;

  g_assert_cmpuint (problems->n_errors, ==, 0);
  g_assert_true (bo_ignore_rules_may_differ (current));
  g_assert_cmpint (bo_ignore_walk (current, NULL, "ok", FALSE, NULL, &line), ==, BO_IGNORE_SKIP);
  g_assert_cmpint (bo_ignore_walk (current, NULL, "other", FALSE, NULL, &line), ==, BO_IGNORE_WRONG);
  g_assert_cmpuint (line, ==, 2);

  old = bo_ignore_new (bytes, "f", BO_IGNORE_RULE_20_10, problems);
  g_assert_cmpuint (problems->n_errors, ==, 1);
}

static void
test_hostile (void)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autofree char *longest = g_strnfill (70000, 'a');
  g_autoptr (GBytes) too_long = g_bytes_new (longest, 70000);
  g_autoptr (GBytes) nul = g_bytes_new_static ("a\0b\nc\n", 6);
  g_autoptr (BoIgnore) first = bo_ignore_new (too_long, "f", BO_IGNORE_RULE_CURRENT, problems);
  g_autoptr (BoIgnore) second = NULL;

  g_assert_cmpuint (problems->n_errors, ==, 1);
  second = bo_ignore_new (nul, "f", BO_IGNORE_RULE_CURRENT, problems);
  g_assert_cmpuint (problems->n_errors, ==, 2);
  g_assert_false (is_sent (second, "c"));
}

static void
test_versions (void)
{
  g_assert_cmpint (bo_docker_rule_from_version ("Docker version 20.10.24+dfsg1, build 297e128"), ==,
                   BO_IGNORE_RULE_20_10);
  g_assert_cmpint (bo_docker_rule_from_version ("Docker version 19.03.1"), ==, BO_IGNORE_RULE_20_10);
  g_assert_cmpint (bo_docker_rule_from_version ("Docker version 23.0.0, build x"), ==, BO_IGNORE_RULE_CURRENT);
  g_assert_cmpint (bo_docker_rule_from_version ("Docker version 28.2.2, build x"), ==, BO_IGNORE_RULE_CURRENT);
  g_assert_cmpint (bo_docker_rule_from_version ("podman version 4.3.1"), ==, BO_IGNORE_RULE_CURRENT);
  g_assert_cmpint (bo_docker_rule_from_version (""), ==, BO_IGNORE_RULE_CURRENT);
}

static void
test_go_paths (void)
{
  static const char *const clean[][2] = {
    { "", "." },          { ".", "." },       { "/", "/" },      { "a//b", "a/b" },   { "a/./b/", "a/b" },
    { "a/../b", "b" },    { "../a", "../a" }, { "a/../..", ".." }, { "/../a", "/a" }, { "a/..", "." },
    { "!a/../b", "b" },
  };
  static const char *const trim[][2] = {
    { "  a b\t", "a b" }, { "\xc2\xa0"
                            "a\xc2\xa0",
                            "a" },
    { "\xe3\x80\x80", "" }, { "\xff ", "\xff" }, { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (clean); i++)
    {
      g_autofree char *result = bo_go_path_clean (clean[i][0]);

      g_assert_cmpstr (result, ==, clean[i][1]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (trim); i++)
    {
      g_autofree char *result = bo_go_trim_space (trim[i][0]);

      g_assert_cmpstr (result, ==, trim[i][1]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ignore/table", test_table);
  g_test_add_func ("/ignore/verdicts", test_verdicts);
  g_test_add_func ("/ignore/matches", test_matches);
  g_test_add_func ("/ignore/build-files", test_build_files);
  g_test_add_func ("/ignore/errors", test_errors);
  g_test_add_func ("/ignore/late-errors", test_late_errors);
  g_test_add_func ("/ignore/hostile", test_hostile);
  g_test_add_func ("/ignore/docker-versions", test_versions);
  g_test_add_func ("/ignore/go-paths", test_go_paths);

  return g_test_run ();
}
