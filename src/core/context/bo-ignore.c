/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-ignore"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-go-path.h"
#include "context/bo-ignore.h"

/* Docker reads an ignore file by lines of at most this many bytes. */
#define LINE_MAX_BYTES (64 * 1024)

typedef enum
{
  MATCH_EXACT,
  MATCH_PREFIX,
  MATCH_SUFFIX,
  MATCH_REGEX,
  MATCH_BAD,
} MatchType;

/*
 * One pattern. What is called an exclusion here, as in docker, is an exception
 * (`!`): it takes a path out of what is ignored.
 */
typedef struct
{
  char *cleaned;
  guint n_parts;
  gboolean exclusion;
  guint line;
  MatchType type;
  GRegex *regex;
} Pattern;

struct _BoIgnore
{
  gatomicrefcount ref_count;
  BoIgnoreRule rule;
  gboolean exclusions;
  gboolean special_signs;
  GPtrArray *patterns;
};

struct _BoIgnoreState
{
  guint n;
  guint8 matched[];
};

static void
pattern_free (gpointer data)
{
  Pattern *pattern = data;

  g_free (pattern->cleaned);
  g_clear_pointer (&pattern->regex, g_regex_unref);
  g_free (pattern);
}

/*
 * Adds what a backslash and @c mean in a regular expression of Go. Signs stand
 * for themselves; a letter or digit is an escape there, and an unknown one is
 * an error. PCRE knows other ones, so the few that are shared are listed.
 */
static gboolean
append_escaped (GString *regex, gunichar c)
{
  if (c >= 0x80)
    return FALSE;
  if (!g_ascii_isalnum ((char) c))
    {
      g_string_append_printf (regex, "\\%c", (char) c);
      return TRUE;
    }
  if (c == 'v')
    {
      g_string_append (regex, "\\x0b");
      return TRUE;
    }
  if (strchr ("afnrtdDwWAbBz", (char) c) == NULL)
    return FALSE;
  g_string_append_printf (regex, "\\%c", (char) c);
  return TRUE;
}

/*
 * Turns the pattern into what it is matched by. Docker's current rule knows
 * three shapes that need no regular expression, and they do not mean quite
 * the same ("**foo" is any path that ends in "foo"); its old rule has the
 * regular expression alone, and leaves some signs unescaped.
 */
static gboolean
pattern_compile (Pattern *pattern, BoIgnoreRule rule)
{
  g_autoptr (GString) regex = g_string_new ("^");
  g_autofree char *valid = g_utf8_make_valid (pattern->cleaned, -1);
  const char *escape = rule == BO_IGNORE_RULE_20_10 ? ".$" : ".+()|{}$";
  const char *p = valid;

  pattern->type = MATCH_EXACT;
  if (g_str_has_prefix (p, "\xef\xbb\xbf"))
    p += 3;

  for (guint i = 0; *p != '\0'; i++)
    {
      gunichar c = g_utf8_get_char (p);

      p = g_utf8_next_char (p);
      if (c == '*' && *p == '*')
        {
          p++;
          if (*p == '/')
            p++;
          if (*p == '\0')
            {
              if (pattern->type == MATCH_EXACT)
                pattern->type = MATCH_PREFIX;
              else
                pattern->type = MATCH_REGEX;
              g_string_append (regex, ".*");
            }
          else
            {
              g_string_append (regex, "(.*/)?");
              pattern->type = MATCH_REGEX;
            }
          if (i == 0)
            pattern->type = MATCH_SUFFIX;
        }
      else if (c == '*')
        {
          g_string_append (regex, "[^/]*");
          pattern->type = MATCH_REGEX;
        }
      else if (c == '?')
        {
          g_string_append (regex, "[^/]");
          pattern->type = MATCH_REGEX;
        }
      else if (c < 0x80 && strchr (escape, (char) c) != NULL)
        g_string_append_printf (regex, "\\%c", (char) c);
      else if (c == '\\')
        {
          if (*p == '\0' || !append_escaped (regex, g_utf8_get_char (p)))
            return FALSE;
          p = g_utf8_next_char (p);
          pattern->type = MATCH_REGEX;
        }
      else
        {
          if (c == '[' || c == ']')
            pattern->type = MATCH_REGEX;
          /* Go has no possessive quantifiers: it refuses a second one. */
          if (rule == BO_IGNORE_RULE_20_10 && c == '+' && strchr ("*+}", regex->str[regex->len - 1]) != NULL &&
              !g_str_has_suffix (regex->str, "\\}"))
            return FALSE;
          g_string_append_unichar (regex, c);
        }
    }

  if (rule == BO_IGNORE_RULE_20_10)
    pattern->type = MATCH_REGEX;
  if (pattern->type != MATCH_REGEX)
    return TRUE;

  g_string_append_c (regex, '$');
  pattern->regex = g_regex_new (regex->str, G_REGEX_DOLLAR_ENDONLY | G_REGEX_NEWLINE_LF | G_REGEX_NO_AUTO_CAPTURE, 0,
                                NULL);
  return pattern->regex != NULL;
}

static gboolean
pattern_match (const Pattern *pattern, const char *path)
{
  gsize length;

  switch (pattern->type)
    {
    case MATCH_EXACT:
      return strcmp (path, pattern->cleaned) == 0;
    case MATCH_PREFIX:
      length = strlen (pattern->cleaned);
      return strncmp (path, pattern->cleaned, length - 2) == 0;
    case MATCH_SUFFIX:
      if (g_str_has_suffix (path, pattern->cleaned + 2))
        return TRUE;
      return pattern->cleaned[2] == '/' && strcmp (path, pattern->cleaned + 3) == 0;
    case MATCH_REGEX:
      if (g_utf8_validate (path, -1, NULL))
        return g_regex_match (pattern->regex, path, 0, NULL);
      else
        {
          /* Go takes each byte that is not UTF-8 for one U+FFFD, and so does GLib here. */
          g_autofree char *valid = g_utf8_make_valid (path, -1);

          return g_regex_match (pattern->regex, valid, 0, NULL);
        }
    case MATCH_BAD:
      return FALSE;
    default:
      g_assert_not_reached ();
    }
}

/* As docker's matcher takes a pattern; @text begins with '!' for an exception. */
static gboolean
add_pattern (BoIgnore *self, const char *text, guint line, const char **reason)
{
  g_autofree char *trimmed = bo_go_trim_space (text);
  g_autofree char *cleaned = NULL;
  Pattern *pattern;

  if (trimmed[0] == '\0')
    return TRUE;

  cleaned = bo_go_path_clean (trimmed);
  if (strcmp (cleaned, "!") == 0)
    {
      *reason = _ ("a lone “!” takes nothing back; write the path behind it, or remove the line");
      return FALSE;
    }

  pattern = g_new0 (Pattern, 1);
  pattern->exclusion = cleaned[0] == '!';
  pattern->cleaned = g_strdup (cleaned + (pattern->exclusion ? 1 : 0));
  pattern->n_parts = 1;
  for (const char *p = pattern->cleaned; *p != '\0'; p++)
    pattern->n_parts += *p == '/';

  if (!bo_go_path_pattern_is_valid (pattern->cleaned))
    {
      *reason = _ ("the pattern is malformed: a “[” is not closed, or a “\\” ends it");
      pattern_free (pattern);
      return FALSE;
    }
  if (!pattern_compile (pattern, self->rule))
    {
      /* Docker notices only when it compares a path with it. The old rule does so for each
       * path, the current one may never come to it, and then it sends the context. */
      if (self->rule == BO_IGNORE_RULE_20_10)
        {
          *reason = _ ("docker 20.10 cannot read the pattern: it takes “+ ( ) | { }” for signs of a regular "
                       "expression");
          pattern_free (pattern);
          return FALSE;
        }
      pattern->type = MATCH_BAD;
      self->special_signs = TRUE;
    }

  if (strpbrk (pattern->cleaned, "+()|{}") != NULL || strstr (pattern->cleaned, "**") != NULL)
    self->special_signs = TRUE;
  pattern->line = line;
  self->exclusions |= pattern->exclusion;
  g_ptr_array_add (self->patterns, pattern);
  return TRUE;
}

/**
 * bo_ignore_new:
 * @text: (nullable): content of the ignore file; NULL ignores nothing
 * @file: (nullable): its name, for problems
 * @rule: whose rule
 * @problems: where to report what is wrong, with line numbers
 *
 * Reads an ignore file. (Format: the reader of docker's build client. A line
 * that begins with '#' is a comment, at column 0 alone; white space around a
 * pattern goes; the path is cleaned, and one '/' in front is dropped.)
 *
 * Returns: (transfer full): the patterns without the wrong ones; docker
 *   refuses to build when there is one
 */
BoIgnore *
bo_ignore_new (GBytes *text, const char *file, BoIgnoreRule rule, BoProblems *problems)
{
  BoIgnore *self;
  const char *p = NULL;
  gsize left = 0;
  guint line = 0;

  g_return_val_if_fail (rule != BO_IGNORE_RULE_LIKE_DOCKER, NULL);
  g_return_val_if_fail (problems != NULL, NULL);

  self = g_new0 (BoIgnore, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->rule = rule;
  self->patterns = g_ptr_array_new_with_free_func (pattern_free);

  if (text != NULL)
    p = g_bytes_get_data (text, &left);

  while (left > 0)
    {
      const char *newline = memchr (p, '\n', left);
      gsize length = newline != NULL ? (gsize) (newline - p) : left;
      gsize used = newline != NULL ? length + 1 : length;
      g_autofree char *raw = NULL;
      g_autofree char *pattern = NULL;
      g_autofree char *full = NULL;
      const char *start = p;
      const char *reason = NULL;
      gboolean invert;

      p += used;
      left -= used;
      line++;
      if (length >= LINE_MAX_BYTES)
        {
          bo_problems_add (problems, BO_PROBLEM_ERROR, file, line, NULL, NULL,
                           _ ("the line is longer than docker reads (65535 bytes)"));
          break;
        }
      if (length > 0 && start[length - 1] == '\r')
        length--;
      if (line == 1 && length >= 3 && memcmp (start, "\xef\xbb\xbf", 3) == 0)
        {
          start += 3;
          length -= 3;
        }
      if (length > 0 && start[0] == '#')
        continue;
      if (memchr (start, '\0', length) != NULL)
        {
          bo_problems_add (problems, BO_PROBLEM_ERROR, file, line, NULL, NULL,
                           _ ("the line has a NUL byte, which no path has; is this a text file in UTF-8?"));
          continue;
        }

      raw = g_strndup (start, length);
      pattern = bo_go_trim_space (raw);
      if (pattern[0] == '\0')
        continue;

      invert = pattern[0] == '!';
      if (invert)
        {
          char *rest = bo_go_trim_space (pattern + 1);

          g_free (pattern);
          pattern = rest;
        }
      if (pattern[0] != '\0')
        {
          char *cleaned = bo_go_path_clean (pattern);

          g_free (pattern);
          pattern = cleaned;
          if (pattern[0] == '/' && pattern[1] != '\0')
            memmove (pattern, pattern + 1, strlen (pattern));
        }
      full = g_strconcat (invert ? "!" : "", pattern, NULL);
      if (!add_pattern (self, full, line, &reason))
        {
          g_autofree char *shown = g_utf8_make_valid (raw, -1);

          bo_problems_add (problems, BO_PROBLEM_ERROR, file, line, NULL, shown, "%s", reason);
        }
    }

  return self;
}

BoIgnore *
bo_ignore_ref (BoIgnore *ignore)
{
  g_return_val_if_fail (ignore != NULL, NULL);

  g_atomic_ref_count_inc (&ignore->ref_count);
  return ignore;
}

void
bo_ignore_unref (BoIgnore *ignore)
{
  g_return_if_fail (ignore != NULL);

  if (g_atomic_ref_count_dec (&ignore->ref_count))
    {
      g_ptr_array_unref (ignore->patterns);
      g_free (ignore);
    }
}

const char *
bo_ignore_rule_to_string (BoIgnoreRule rule)
{
  switch (rule)
    {
    case BO_IGNORE_RULE_CURRENT:
      return "current";
    case BO_IGNORE_RULE_20_10:
      return "20.10";
    case BO_IGNORE_RULE_LIKE_DOCKER:
      return "like-docker";
    default:
      g_return_val_if_reached (NULL);
    }
}

BoIgnoreRule
bo_ignore_get_rule (BoIgnore *ignore)
{
  g_return_val_if_fail (ignore != NULL, BO_IGNORE_RULE_CURRENT);

  return ignore->rule;
}

guint
bo_ignore_get_n_patterns (BoIgnore *ignore)
{
  g_return_val_if_fail (ignore != NULL, 0);

  return ignore->patterns->len;
}

/**
 * bo_ignore_rules_may_differ:
 * @ignore: an ignore file
 *
 * Returns: whether docker 20.10 and current docker could decide differently on
 *   some path; FALSE for most files (no exceptions, no `**`, no `+()|{}`)
 */
gboolean
bo_ignore_rules_may_differ (BoIgnore *ignore)
{
  g_return_val_if_fail (ignore != NULL, FALSE);

  return ignore->exclusions || ignore->special_signs;
}

/* Whether @pattern matches the first @n_parts parts of @path. */
static gboolean
match_parent (const Pattern *pattern, const char *path, guint n_parts)
{
  g_autofree char *parent = NULL;
  const char *end = path;

  for (guint i = 0; i < n_parts; i++)
    {
      end = strchr (i == 0 ? end : end + 1, '/');
      if (end == NULL)
        return FALSE;
    }
  parent = g_strndup (path, end - path);
  return pattern_match (pattern, parent);
}

static guint
count_parents (const char *path)
{
  guint n = 0;

  for (const char *p = path; *p != '\0'; p++)
    n += *p == '/';
  return n;
}

static gboolean
match_one_parent (BoIgnore *self, const char *path)
{
  guint n_parents = count_parents (path);
  gboolean matched = FALSE;

  for (guint i = 0; i < self->patterns->len; i++)
    {
      const Pattern *pattern = g_ptr_array_index (self->patterns, i);

      if (pattern->exclusion != matched)
        continue;
      if (pattern->type == MATCH_BAD)
        return FALSE;
      if (pattern_match (pattern, path) ||
          (n_parents > 0 && pattern->n_parts <= n_parents && match_parent (pattern, path, pattern->n_parts)))
        matched = !pattern->exclusion;
    }
  return matched;
}

/**
 * bo_ignore_matches:
 * @ignore: an ignore file
 * @path: relative path with '/' between parts
 *
 * Asks the pattern rule alone: last match wins, and a match of a parent folder
 * counts. What is sent is decided by the walk (bo_ignore_walk()), which can
 * differ.
 *
 * Returns: whether @path is ignored
 */
gboolean
bo_ignore_matches (BoIgnore *ignore, const char *path)
{
  gboolean matched = FALSE;
  guint n_parents;

  g_return_val_if_fail (ignore != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (ignore->rule == BO_IGNORE_RULE_20_10)
    return match_one_parent (ignore, path);

  n_parents = count_parents (path);
  for (guint i = 0; i < ignore->patterns->len; i++)
    {
      const Pattern *pattern = g_ptr_array_index (ignore->patterns, i);
      gboolean match;

      if (pattern->exclusion != matched)
        continue;
      match = pattern_match (pattern, path);
      for (guint n = 1; !match && n <= n_parents; n++)
        match = match_parent (pattern, path, n);
      if (match)
        matched = !pattern->exclusion;
    }
  return matched;
}

/**
 * bo_ignore_matches_build_file:
 * @ignore: an ignore file
 * @path: path of the Dockerfile or `.dockerignore` in the context
 *
 * The rule by which docker's client decides that it must send a build file
 * although it is ignored, and by which the classic builder removes it from the
 * context again. All versions look at one parent folder here.
 *
 * Returns: whether @path is ignored
 */
gboolean
bo_ignore_matches_build_file (BoIgnore *ignore, const char *path)
{
  g_return_val_if_fail (ignore != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  return match_one_parent (ignore, path);
}

/**
 * bo_ignore_add_exception:
 * @ignore: an ignore file that nobody else uses yet
 * @path: path of a build file
 *
 * Appends `!path`, as docker's client does for a build file that is ignored.
 * This is a pattern like any other, so it can also change which folders are
 * walked.
 */
void
bo_ignore_add_exception (BoIgnore *ignore, const char *path)
{
  g_autofree char *pattern = NULL;
  const char *reason = NULL;

  g_return_if_fail (ignore != NULL);
  g_return_if_fail (path != NULL);

  pattern = g_strconcat ("!", path, NULL);
  if (!add_pattern (ignore, pattern, 0, &reason))
    g_debug ("%s cannot be an exception: %s", path, reason);
}

void
bo_ignore_state_free (BoIgnoreState *state)
{
  g_free (state);
}

/* The walk of docker 23 and later: what matched the parent is handed down for each pattern. */
static gboolean
walk_current (BoIgnore *self, const BoIgnoreState *parent, const char *path, BoIgnoreState *state, guint *bad_line)
{
  gboolean matched = FALSE;

  for (guint i = 0; i < self->patterns->len; i++)
    {
      const Pattern *pattern = g_ptr_array_index (self->patterns, i);
      gboolean match = parent != NULL && parent->matched[i];

      if (!match)
        {
          /* A pattern that is passed over here counts as not matching below
           * this folder either. That is docker's surprise, and kept. */
          if (pattern->exclusion != matched)
            continue;
          if (pattern->type == MATCH_BAD)
            {
              *bad_line = pattern->line;
              return FALSE;
            }
          match = pattern_match (pattern, path);
        }
      state->matched[i] = match;
      if (match)
        matched = !pattern->exclusion;
    }
  return matched;
}

/**
 * bo_ignore_walk:
 * @ignore: an ignore file
 * @parent: (nullable): state of the folder that @path is in, from an earlier call; NULL at the top
 * @path: relative path with '/' between parts
 * @is_folder: whether it is a folder (a symbolic link is not)
 * @state: (out) (optional) (transfer full) (nullable): for a folder that is walked, what to hand down
 * @wrong_line: (out) (optional): for %BO_IGNORE_WRONG, the pattern's line
 *
 * Decides on one entry of the walk, as docker's client does: an ignored folder
 * is walked all the same when an exception begins with its path, compared as
 * text, so that an exception that begins with stars opens no ignored folder.
 *
 * Returns: what to do with @path
 */
BoIgnoreVerdict
bo_ignore_walk (BoIgnore *ignore,
                const BoIgnoreState *parent,
                const char *path,
                gboolean is_folder,
                BoIgnoreState **state,
                guint *wrong_line)
{
  g_autoptr (BoIgnoreState) own = NULL;
  BoIgnoreVerdict verdict = BO_IGNORE_KEEP;
  guint bad_line = 0;
  gboolean matched;

  g_return_val_if_fail (ignore != NULL, BO_IGNORE_KEEP);
  g_return_val_if_fail (path != NULL, BO_IGNORE_KEEP);
  g_return_val_if_fail (parent == NULL || parent->n == ignore->patterns->len, BO_IGNORE_KEEP);

  if (state != NULL)
    *state = NULL;

  own = g_malloc0 (sizeof (BoIgnoreState) + ignore->patterns->len);
  own->n = ignore->patterns->len;
  if (ignore->rule == BO_IGNORE_RULE_20_10)
    matched = match_one_parent (ignore, path);
  else
    matched = walk_current (ignore, parent, path, own, &bad_line);
  if (bad_line > 0)
    {
      if (wrong_line != NULL)
        *wrong_line = bad_line;
      return BO_IGNORE_WRONG;
    }

  if (matched)
    {
      verdict = BO_IGNORE_SKIP;
      for (guint i = 0; is_folder && i < ignore->patterns->len; i++)
        {
          const Pattern *pattern = g_ptr_array_index (ignore->patterns, i);
          gsize length = strlen (path);

          if (pattern->exclusion && strncmp (pattern->cleaned, path, length) == 0 &&
              (pattern->cleaned[length] == '/' || pattern->cleaned[length] == '\0'))
            verdict = BO_IGNORE_DESCEND;
        }
    }

  if (is_folder && verdict != BO_IGNORE_SKIP && state != NULL)
    *state = g_steal_pointer (&own);
  return verdict;
}
