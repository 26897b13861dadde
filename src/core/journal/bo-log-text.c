/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-text"

#include "config.h"

#include <string.h>

#include "journal/bo-log-text.h"

#define REPLACEMENT "\357\277\275"

static gboolean
is_plain (const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if ((bytes[i] < 0x20 || bytes[i] >= 0x7f) && bytes[i] != '\t')
        return FALSE;
    }
  return TRUE;
}

/*
 * The length of the escape sequence at @text, or 0 when it is none: "ESC [ parameters
 * intermediates final" (ECMA-48), "ESC ] ... BEL or ESC \" (window titles, links), or ESC and one letter.
 */
static gsize
measure_escape (const char *text, gboolean *is_colour)
{
  gsize i = 2;

  *is_colour = FALSE;
  if (text[1] == '[')
    {
      while (text[i] >= 0x30 && text[i] <= 0x3f)
        i++;
      while (text[i] >= 0x20 && text[i] <= 0x2f)
        i++;
      if (text[i] < 0x40 || text[i] > 0x7e)
        return 0;
      *is_colour = text[i] == 'm';
      return i + 1;
    }
  if (text[1] == ']')
    {
      for (; text[i] != '\0'; i++)
        {
          if (text[i] == '\a')
            return i + 1;
          if (text[i] == '\033' && text[i + 1] == '\\')
            return i + 2;
        }
      return 0;
    }
  return text[1] >= 0x40 && text[1] <= 0x7e ? 2 : 0;
}

/**
 * bo_log_text_clean:
 * @bytes: one line, whatever a program wrote
 * @length: number of bytes
 *
 * Makes valid UTF-8. What is not, NUL and other control characters become
 * U+FFFD. Of escape sequences those that set colours stay; the others (moving
 * the cursor, erasing, titles) mean nothing in a log and go.
 *
 * Returns: (transfer full): the line
 */
char *
bo_log_text_clean (const char *bytes, gsize length)
{
  g_autofree char *valid = NULL;
  GString *text;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  if (is_plain (bytes, length))
    return g_strndup (bytes, length);

  valid = g_utf8_make_valid (bytes, (gssize) length);
  text = g_string_sized_new (length);
  for (const char *p = valid; *p != '\0';)
    {
      const char *next = g_utf8_next_char (p);
      guchar c = (guchar) *p;

      if (c == '\033')
        {
          gboolean is_colour;
          gsize escape = measure_escape (p, &is_colour);

          if (escape == 0)
            g_string_append (text, REPLACEMENT);
          else if (is_colour)
            g_string_append_len (text, p, (gssize) escape);
          p += MAX (escape, 1);
          continue;
        }
      /* 0xc2 0x80 to 0xc2 0x9f are the control characters above ASCII. */
      if ((c < 0x20 && c != '\t') || c == 0x7f || (c == 0xc2 && (guchar) p[1] < 0xa0))
        g_string_append (text, REPLACEMENT);
      else
        g_string_append_len (text, p, next - p);
      p = next;
    }
  return g_string_free (text, FALSE);
}

void
bo_line_splitter_init (BoLineSplitter *splitter)
{
  splitter->line = g_string_new (NULL);
  splitter->returned = FALSE;
}

void
bo_line_splitter_clear (BoLineSplitter *splitter)
{
  if (splitter->line != NULL)
    g_string_free (splitter->line, TRUE);
  splitter->line = NULL;
}

static void
emit (BoLineSplitter *splitter, BoLineFunc func, gpointer user_data)
{
  g_autofree char *line = bo_log_text_clean (splitter->line->str, splitter->line->len);

  g_string_truncate (splitter->line, 0);
  splitter->returned = FALSE;
  func (line, user_data);
}

/**
 * bo_line_splitter_feed:
 * @splitter: a splitter
 * @bytes: the next bytes
 * @length: how many
 * @func: called for each line that is complete
 * @user_data: for @func
 */
void
bo_line_splitter_feed (BoLineSplitter *splitter,
                       const char *bytes,
                       gsize length,
                       BoLineFunc func,
                       gpointer user_data)
{
  gsize i = 0;

  while (i < length)
    {
      gsize begin = i;

      if (bytes[i] == '\n')
        {
          emit (splitter, func, user_data);
          i++;
          continue;
        }
      if (bytes[i] == '\r')
        {
          splitter->returned = TRUE;
          i++;
          continue;
        }
      if (splitter->returned)
        {
          g_string_truncate (splitter->line, 0);
          splitter->returned = FALSE;
        }
      while (i < length && bytes[i] != '\n' && bytes[i] != '\r' && i - begin < BO_LOG_LINE_MAX)
        i++;
      g_string_append_len (splitter->line, bytes + begin, (gssize) (i - begin));
      if (splitter->line->len >= BO_LOG_LINE_MAX)
        emit (splitter, func, user_data);
    }
}

/**
 * bo_line_splitter_flush:
 * @splitter: a splitter
 * @func: called for the last line, when it has no end
 * @user_data: for @func
 */
void
bo_line_splitter_flush (BoLineSplitter *splitter, BoLineFunc func, gpointer user_data)
{
  if (splitter->line->len > 0)
    emit (splitter, func, user_data);
  splitter->returned = FALSE;
}
