/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-matcher"

#include "config.h"

#include <string.h>

#include "journal/bo-log-matcher.h"

struct _BoLogMatcher
{
  char *bytes; /* lower case; (nullable): not when all is ASCII */
  gsize n_bytes;
  guchar lower[256];
  guchar first; /* of the first byte the two cases */
  guchar other;
  gunichar *characters; /* lower case; (nullable): not when it is not ASCII alone */
  glong n_characters;
};

/**
 * bo_log_matcher_new:
 * @words: what is looked for, valid UTF-8 and not empty
 *
 * Returns: (transfer full): what finds it
 */
BoLogMatcher *
bo_log_matcher_new (const char *words)
{
  BoLogMatcher *self;

  g_return_val_if_fail (words != NULL && *words != '\0', NULL);

  self = g_new0 (BoLogMatcher, 1);
  for (guint i = 0; i < 256; i++)
    self->lower[i] = (guchar) g_ascii_tolower ((char) i);
  if (g_str_is_ascii (words))
    {
      self->bytes = g_ascii_strdown (words, -1);
      self->n_bytes = strlen (words);
      self->first = (guchar) self->bytes[0];
      self->other = (guchar) g_ascii_toupper (self->bytes[0]);
    }
  else
    {
      self->characters = g_utf8_to_ucs4_fast (words, -1, &self->n_characters);
      for (glong i = 0; i < self->n_characters; i++)
        self->characters[i] = g_unichar_tolower (self->characters[i]);
    }
  return self;
}

void
bo_log_matcher_free (BoLogMatcher *self)
{
  if (self == NULL)
    return;
  g_free (self->bytes);
  g_free (self->characters);
  g_free (self);
}

static gboolean
find_bytes (const BoLogMatcher *self, const char *text, gsize length, gsize from, gsize *begin)
{
  const char *upper = NULL;
  const char *lower = NULL;
  const char *end = text + length;

  /* Where the first byte stands next in either case; each is looked for again only when it was passed. */
  for (const char *p = text + from; p + self->n_bytes <= end; p++)
    {
      if (lower != end && (lower == NULL || lower < p))
        {
          lower = memchr (p, self->first, (gsize) (end - p));
          lower = lower != NULL ? lower : end;
        }
      if (upper != end && (upper == NULL || upper < p))
        {
          upper = self->other != self->first ? memchr (p, self->other, (gsize) (end - p)) : NULL;
          upper = upper != NULL ? upper : end;
        }
      p = MIN (lower, upper);
      if (p + self->n_bytes > end)
        return FALSE;
      for (gsize i = 1;; i++)
        {
          if (i == self->n_bytes)
            {
              *begin = (gsize) (p - text);
              return TRUE;
            }
          if (self->lower[(guchar) p[i]] != (guchar) self->bytes[i])
            break;
        }
    }
  return FALSE;
}

static gboolean
find_characters (const BoLogMatcher *self, const char *text, gsize length, gsize from, gsize *begin, gsize *end)
{
  const char *stop = text + length;

  for (const char *p = text + from; p < stop; p = g_utf8_next_char (p))
    {
      const char *q = p;
      glong i = 0;

      while (i < self->n_characters && q < stop && g_unichar_tolower (g_utf8_get_char (q)) == self->characters[i])
        {
          q = g_utf8_next_char (q);
          i++;
        }
      if (i == self->n_characters)
        {
          *begin = (gsize) (p - text);
          *end = (gsize) (q - text);
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * bo_log_matcher_find:
 * @self: a matcher
 * @text: a line without escape sequences, valid UTF-8
 * @length: its bytes
 * @from: where to begin, between two characters
 * @begin: (out): first byte of what was found
 * @end: (out): the byte after its last
 *
 * Returns: whether it is in there
 */
gboolean
bo_log_matcher_find (const BoLogMatcher *self, const char *text, gsize length, gsize from, gsize *begin, gsize *end)
{
  g_return_val_if_fail (self != NULL && text != NULL && from <= length, FALSE);

  if (self->characters != NULL)
    return find_characters (self, text, length, from, begin, end);
  if (!find_bytes (self, text, length, from, begin))
    return FALSE;
  *end = *begin + self->n_bytes;
  return TRUE;
}
