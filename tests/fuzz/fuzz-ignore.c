/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * `.dockerignore`. Any file is read, and what is wrong in it has a line and
 * words. Patterns without classes and escapes match exactly what a plain matcher below says.
 * Without exceptions, the walk and the pattern rule agree on every path.
 *
 * Input: a byte for the rule, the file, a NUL, and paths, one a line.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "context/bo-go-path.h"
#include "context/bo-ignore.h"

#define N_PATTERNS_MAX 40
#define N_PATHS_MAX 20
#define PATH_MAX_BYTES 60

/* Whether pattern[i..] matches text[k..]; what was asked before is in @known. */
static gboolean
match_rest (const char *pattern, gsize i, const char *text, gsize k, gint8 *known)
{
  gsize n = strlen (text);
  gint8 *answer = &known[i * (n + 1) + k];
  gboolean found = FALSE;

  if (*answer != 0)
    return *answer > 0;
  if (pattern[i] == '\0')
    found = k == n;
  else if (pattern[i] == '*' && pattern[i + 1] == '*')
    {
      gsize next = i + 2;

      if (pattern[next] == '/')
        next++;
      if (pattern[next] == '\0')
        /* All that is left, but Go's "." is no line end. */
        found = strchr (text + k, '\n') == NULL;
      else
        {
          /* Nothing, or whole folders: anything that ends in "/". */
          found = match_rest (pattern, next, text, k, known);
          for (gsize end = k; !found && end < n && text[end] != '\n'; end++)
            found = text[end] == '/' && match_rest (pattern, next, text, end + 1, known);
        }
    }
  else if (pattern[i] == '*')
    {
      found = match_rest (pattern, i + 1, text, k, known);
      for (gsize end = k; !found && end < n && text[end] != '/'; end++)
        found = match_rest (pattern, i + 1, text, end + 1, known);
    }
  else if (pattern[i] == '?')
    found = k < n && text[k] != '/' && match_rest (pattern, i + 1, text, k + 1, known);
  else
    found = k < n && text[k] == pattern[i] && match_rest (pattern, i + 1, text, k + 1, known);
  *answer = found ? 1 : -1;
  return found;
}

static gboolean
match_one (const char *pattern, const char *text, BoIgnoreRule rule)
{
  g_autofree gint8 *known = g_new0 (gint8, (strlen (pattern) + 1) * (strlen (text) + 1));

  if (rule == BO_IGNORE_RULE_CURRENT)
    {
      /* The two shapes that docker's current rule compares as text, which is not quite the same. */
      const char *stars = strstr (pattern, "**");
      gsize length = strlen (pattern);

      if (strpbrk (pattern, "*?") == NULL)
        return strcmp (pattern, text) == 0;
      if (stars == pattern && strpbrk (pattern + 2, "*?") == NULL)
        return g_str_has_suffix (text, pattern + 2) || (pattern[2] == '/' && strcmp (text, pattern + 3) == 0);
      if (stars != NULL && stars == pattern + length - 2 && strpbrk (pattern, "*?") == stars)
        return strncmp (text, pattern, length - 2) == 0;
    }
  return match_rest (pattern, 0, text, 0, known);
}

/* The pattern itself, or one that names a folder above. */
static gboolean
match_with_parents (const char *pattern, const char *path, BoIgnoreRule rule)
{
  guint n_parts = 1, n_parents = 0, part = 0;

  for (const char *p = pattern; *p != '\0'; p++)
    n_parts += *p == '/';
  for (const char *p = path; *p != '\0'; p++)
    n_parents += *p == '/';
  if (match_one (pattern, path, rule))
    return TRUE;
  for (const char *p = path; *p != '\0'; p++)
    {
      g_autofree char *parent = NULL;

      if (*p != '/')
        continue;
      part++;
      /* The old rule looks at one folder alone, as deep as the pattern is. */
      if (rule == BO_IGNORE_RULE_20_10 && part != n_parts)
        continue;
      parent = g_strndup (path, (gsize) (p - path));
      if (match_one (pattern, parent, rule))
        return TRUE;
    }
  return FALSE;
}

/* The patterns, exceptions with their "!", when all of them are plain ones; else NULL. */
static char **
take_plain_patterns (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) patterns = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *bare = lines[i][0] == '!' ? lines[i] + 1 : lines[i];
      g_autofree char *clean = bo_go_path_clean (bare);

      if (lines[i][0] == '\0')
        continue;
      if (bare[0] == '\0' || strcmp (clean, bare) != 0 || bare[0] == '/' || bare[0] == '!'
          || lines[i][0] == '#'
          || strspn (bare, "abcdefghijklmnopqrstuvwxyzABC0123456789.*?/_-") != strlen (bare)
          || strlen (bare) > 200)
        return NULL;
      g_ptr_array_add (patterns, g_strdup (lines[i]));
    }
  g_ptr_array_add (patterns, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&patterns), FALSE);
}

static gboolean
expect_match (char **patterns, const char *path, BoIgnoreRule rule)
{
  gboolean matched = FALSE;

  for (guint i = 0; patterns[i] != NULL; i++)
    {
      gboolean exception = patterns[i][0] == '!';

      if (exception == matched && match_with_parents (patterns[i] + (exception ? 1 : 0), path, rule))
        matched = !exception;
    }
  return matched;
}

/* Whether the walk from the root would send @path; *@gave_up when it meets a malformed pattern. */
static gboolean
walk_to (BoIgnore *ignore, const char *path, gboolean *gave_up)
{
  g_autoptr (BoIgnoreState) parent = NULL;
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr (GString) so_far = g_string_new (NULL);
  BoIgnoreVerdict verdict = BO_IGNORE_KEEP;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      gboolean is_folder = parts[i + 1] != NULL;
      BoIgnoreState *state = NULL;
      guint line = 0;

      g_string_append_printf (so_far, "%s%s", i > 0 ? "/" : "", parts[i]);
      verdict = bo_ignore_walk (ignore, parent, so_far->str, is_folder, &state, &line);
      g_clear_pointer (&parent, bo_ignore_state_free);
      parent = state;
      if (verdict == BO_IGNORE_WRONG)
        {
          BO_FUZZ_CHECK (line > 0);
          *gave_up = TRUE;
          return FALSE;
        }
      BO_FUZZ_CHECK (verdict != BO_IGNORE_DESCEND || is_folder);
      BO_FUZZ_CHECK ((state != NULL) == (is_folder && verdict != BO_IGNORE_SKIP));
      if (verdict == BO_IGNORE_SKIP)
        return FALSE;
    }
  return verdict == BO_IGNORE_KEEP;
}

static void
check_path (BoIgnore *ignore, char **patterns, gboolean plain, gboolean exceptions, const char *path)
{
  BoIgnoreRule rule = bo_ignore_get_rule (ignore);
  gboolean matches = bo_ignore_matches (ignore, path);
  gboolean gave_up = FALSE;
  gboolean sent = walk_to (ignore, path, &gave_up);

  bo_ignore_matches_build_file (ignore, path);
  /* The plain matcher works on bytes, but "?" is one character. */
  if (plain && g_str_is_ascii (path))
    BO_FUZZ_CHECK (matches == expect_match (patterns, path, rule));
  /* The old rule asks for one parent only, the walk for all of them, so it can hide more. */
  if (plain && !exceptions && rule == BO_IGNORE_RULE_CURRENT)
    BO_FUZZ_CHECK (!gave_up && sent == !matches);
  if (plain && !exceptions && matches)
    BO_FUZZ_CHECK (!sent);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  BoIgnoreRule rule = bo_fuzz_take (&data, &size) % 2 == 0 ? BO_IGNORE_RULE_CURRENT : BO_IGNORE_RULE_20_10;
  const uint8_t *nul = size > 0 ? memchr (data, '\0', size) : NULL;
  gsize length = nul != NULL ? (gsize) (nul - data) : size;
  g_autofree char *text = g_strndup ((const char *) data, length);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autofree char *rest
      = g_strndup (nul != NULL ? (const char *) nul + 1 : "", nul != NULL ? size - length - 1 : 0);
  g_auto (GStrv) paths = g_strsplit (rest, "\n", N_PATHS_MAX);
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoIgnore) ignore = bo_ignore_new (bytes, ".dockerignore", rule, problems);
  g_auto (GStrv) patterns = take_plain_patterns (text);
  gboolean plain = patterns != NULL && g_strv_length (patterns) <= N_PATTERNS_MAX;
  gboolean exceptions = strchr (text, '!') != NULL;

  for (guint i = 0; i < problems->items->len; i++)
    {
      const BoProblem *problem = bo_problems_get (problems, i);

      BO_FUZZ_CHECK (problem->line > 0 && problem->message[0] != '\0');
      BO_FUZZ_CHECK (g_utf8_validate (problem->message, -1, NULL));
    }
  if (plain)
    BO_FUZZ_CHECK (problems->n_errors == 0 && bo_ignore_get_n_patterns (ignore) == g_strv_length (patterns));
  if (plain && !bo_ignore_rules_may_differ (ignore))
    {
      g_autoptr (BoIgnore) other = bo_ignore_new (
          bytes, NULL, rule == BO_IGNORE_RULE_CURRENT ? BO_IGNORE_RULE_20_10 : BO_IGNORE_RULE_CURRENT,
          problems);

      for (guint i = 0; paths[i] != NULL; i++)
        {
          g_autofree char *clean = bo_go_path_clean (paths[i]);
          gboolean gave_up = FALSE;

          if (strcmp (clean, paths[i]) == 0 && clean[0] != '/' && clean[0] != '.'
              && strlen (clean) <= PATH_MAX_BYTES)
            BO_FUZZ_CHECK (walk_to (ignore, clean, &gave_up) == walk_to (other, clean, &gave_up));
        }
    }
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *clean = bo_go_path_clean (paths[i]);

      /* What a walk gives: parts that are not empty, nothing above the root. */
      if (strcmp (clean, paths[i]) != 0 || clean[0] == '/' || g_str_has_prefix (clean, "..")
          || strcmp (clean, ".") == 0 || strlen (clean) > PATH_MAX_BYTES)
        continue;
      check_path (ignore, patterns, plain, exceptions, clean);
    }
  return 0;
}
