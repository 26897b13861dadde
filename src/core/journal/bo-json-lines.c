/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-json-lines"

#include "config.h"

#include <string.h>

#include "journal/bo-json-lines.h"
#include "study/bo-json.h"

void
bo_json_lines_init (BoJsonLines *lines)
{
  lines->line = g_byte_array_new ();
  lines->in_long_line = FALSE;
}

void
bo_json_lines_clear (BoJsonLines *lines)
{
  g_clear_pointer (&lines->line, g_byte_array_unref);
}

static void
take_line (const char *bytes, gsize length, BoJsonLineFunc func, gpointer user_data)
{
  g_autoptr (JsonNode) node = NULL;

  while (length > 0 && (bytes[length - 1] == '\r' || bytes[length - 1] == ' '))
    length--;
  if (length == 0)
    return;
  if (bytes[0] == '{')
    node = bo_json_parse (bytes, (gssize) length, NULL);
  func (bo_json_node_get_object (node), bytes, length, user_data);
}

/**
 * bo_json_lines_feed:
 * @lines: the state between calls
 * @bytes: the next bytes
 * @length: how many
 * @func: called for each line that is complete
 * @user_data: for @func
 *
 * A line that is no JSON object is handed over as text, and so are the pieces
 * of one that is too long to be one.
 */
void
bo_json_lines_feed (BoJsonLines *lines,
                    const char *bytes,
                    gsize length,
                    BoJsonLineFunc func,
                    gpointer user_data)
{
  while (length > 0)
    {
      const char *end = memchr (bytes, '\n', length);
      gsize n = end != NULL ? (gsize) (end - bytes) : length;

      if (lines->in_long_line || lines->line->len + n > BO_JSON_LINE_MAX)
        {
          if (lines->line->len > 0)
            func (NULL, (const char *) lines->line->data, lines->line->len, user_data);
          g_byte_array_set_size (lines->line, 0);
          if (n > 0)
            func (NULL, bytes, n, user_data);
          lines->in_long_line = end == NULL;
        }
      else if (end == NULL)
        g_byte_array_append (lines->line, (const guint8 *) bytes, (guint) n);
      else if (lines->line->len == 0)
        take_line (bytes, n, func, user_data);
      else
        {
          g_byte_array_append (lines->line, (const guint8 *) bytes, (guint) n);
          take_line ((const char *) lines->line->data, lines->line->len, func, user_data);
          g_byte_array_set_size (lines->line, 0);
        }
      if (end == NULL)
        return;
      length -= n + 1;
      bytes = end + 1;
    }
}

/**
 * bo_json_lines_flush:
 * @lines: the state between calls
 * @func: called for the last line, when it has no end
 * @user_data: for @func
 */
void
bo_json_lines_flush (BoJsonLines *lines, BoJsonLineFunc func, gpointer user_data)
{
  if (lines->line->len > 0)
    take_line ((const char *) lines->line->data, lines->line->len, func, user_data);
  g_byte_array_set_size (lines->line, 0);
  lines->in_long_line = FALSE;
}
