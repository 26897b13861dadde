/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-go-path"

#include "config.h"

#include <string.h>

#include "context/bo-go-path.h"

/* The characters of Unicode's White_Space property, which GLib's own test does not quite cover. */
static gboolean
is_space (gunichar c)
{
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/**
 * bo_go_trim_space:
 * @text: any bytes
 *
 * As strings.TrimSpace().
 *
 * Returns: (transfer full): @text without the white space around it
 */
char *
bo_go_trim_space (const char *text)
{
  const char *start = text;
  const char *end = text + strlen (text);

  g_return_val_if_fail (text != NULL, NULL);

  while (start < end)
    {
      gunichar c = g_utf8_get_char_validated (start, end - start);

      if (c == (gunichar) -1 || c == (gunichar) -2 || !is_space (c))
        break;
      start = g_utf8_next_char (start);
    }
  while (end > start)
    {
      const char *last = g_utf8_find_prev_char (start, end);
      gunichar c;

      if (last == NULL)
        break;
      c = g_utf8_get_char_validated (last, end - last);
      if (c == (gunichar) -1 || c == (gunichar) -2 || !is_space (c) || g_utf8_next_char (last) != end)
        break;
      end = last;
    }
  return g_strndup (start, end - start);
}

/**
 * bo_go_path_clean:
 * @path: a path with '/' between parts
 *
 * As filepath.Clean(): no empty and no "." parts, and ".." takes the part
 * before it away, by the text alone.
 *
 * Returns: (transfer full): the shortest path that means the same; "." for ""
 */
char *
bo_go_path_clean (const char *path)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  g_autofree char *joined = NULL;
  gboolean rooted;

  g_return_val_if_fail (path != NULL, NULL);

  rooted = path[0] == '/';
  parts = g_strsplit (path, "/", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (parts[i][0] == '\0' || strcmp (parts[i], ".") == 0)
        continue;
      if (strcmp (parts[i], "..") == 0)
        {
          if (kept->len > 0 && strcmp (g_ptr_array_index (kept, kept->len - 1), "..") != 0)
            {
              g_ptr_array_set_size (kept, kept->len - 1);
              continue;
            }
          if (rooted)
            continue;
        }
      g_ptr_array_add (kept, parts[i]);
    }
  g_ptr_array_add (kept, NULL);

  joined = g_strjoinv ("/", (char **) kept->pdata);
  if (rooted)
    return g_strconcat ("/", joined, NULL);
  return joined[0] != '\0' ? g_steal_pointer (&joined) : g_strdup (".");
}

/* One character of a character class; NULL when the class is malformed there. */
static const char *
skip_class_character (const char *p, const char *end)
{
  gunichar c;

  if (p == end || *p == '-' || *p == ']')
    return NULL;
  if (*p == '\\' && ++p == end)
    return NULL;
  c = g_utf8_get_char_validated (p, end - p);
  if (c == (gunichar) -1 || c == (gunichar) -2)
    return NULL;
  p = g_utf8_next_char (p);
  return p < end ? p : NULL;
}

/* @start to @end has no '*' outside of a class. */
static gboolean
chunk_is_valid (const char *start, const char *end)
{
  const char *p = start;

  while (p < end)
    {
      if (*p == '\\')
        {
          if (++p == end)
            return FALSE;
          p++;
        }
      else if (*p == '[')
        {
          gboolean any = FALSE;

          p++;
          if (p < end && *p == '^')
            p++;
          while (!(any && p < end && *p == ']'))
            {
              p = skip_class_character (p, end);
              if (p != NULL && *p == '-')
                p = skip_class_character (p + 1, end);
              if (p == NULL)
                return FALSE;
              any = TRUE;
            }
          p++;
        }
      else
        p++;
    }
  return TRUE;
}

/**
 * bo_go_path_pattern_is_valid:
 * @pattern: a shell pattern
 *
 * The syntax check of filepath.Match() (Go 1.16 and later), by which docker
 * accepts a pattern before it makes a regular expression of it.
 *
 * Returns: whether @pattern is well-formed
 */
gboolean
bo_go_path_pattern_is_valid (const char *pattern)
{
  const char *p = pattern;

  g_return_val_if_fail (pattern != NULL, FALSE);

  while (*p != '\0')
    {
      const char *start;
      gboolean in_class = FALSE;

      while (*p == '*')
        p++;
      for (start = p; *p != '\0' && (in_class || *p != '*'); p++)
        {
          if (*p == '\\' && p[1] != '\0')
            p++;
          else if (*p == '[')
            in_class = TRUE;
          else if (*p == ']')
            in_class = FALSE;
        }
      if (!chunk_is_valid (start, p))
        return FALSE;
    }
  return TRUE;
}
