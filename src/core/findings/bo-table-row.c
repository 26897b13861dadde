/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-table-row"

#include "config.h"

#include <string.h>

#include "findings/bo-table-row.h"

/**
 * bo_table_row_parse:
 * @line: a line without its end, of any bytes
 *
 * Cells are cut at each "|" that has no backslash before it, also inside
 * code spans, as GitHub-flavoured Markdown does.
 *
 * Returns: (nullable) (transfer full): the row, or %NULL when no "|" is in @line
 */
BoTableRow *
bo_table_row_parse (const char *line)
{
  BoTableRow *row;
  GString *cell;
  const char *p = line;
  gboolean any = FALSE;

  g_return_val_if_fail (line != NULL, NULL);

  for (const char *q = line; *q != '\0'; q++)
    {
      if (*q == '\\' && q[1] != '\0')
        q++;
      else if (*q == '|')
        any = TRUE;
    }
  if (!any)
    return NULL;

  row = g_new0 (BoTableRow, 1);
  row->cells = g_ptr_array_new_with_free_func (g_free);
  p += strspn (p, " \t");
  if (*p == '|')
    p++;
  row->before = g_strndup (line, p - line);

  cell = g_string_new (NULL);
  for (; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        {
          g_string_append_len (cell, p, 2);
          p++;
        }
      else if (*p == '|')
        {
          g_ptr_array_add (row->cells, g_strdup (cell->str));
          g_string_truncate (cell, 0);
          if (p[1 + strspn (p + 1, " \t")] == '\0')
            {
              row->after = g_strdup (p);
              break;
            }
        }
      else
        g_string_append_c (cell, *p);
    }
  if (row->after == NULL)
    {
      g_ptr_array_add (row->cells, g_strdup (cell->str));
      row->after = g_strdup ("");
    }
  g_string_free (cell, TRUE);
  return row;
}

void
bo_table_row_free (BoTableRow *row)
{
  if (row == NULL)
    return;
  g_free (row->before);
  g_ptr_array_unref (row->cells);
  g_free (row->after);
  g_free (row);
}

/**
 * bo_table_row_get:
 * @row: a row
 * @index: of a cell
 *
 * Returns: (transfer full): its text without the blanks around it; empty when the row is shorter
 */
char *
bo_table_row_get (const BoTableRow *row, guint index)
{
  if (index >= row->cells->len)
    return g_strdup ("");
  return g_strstrip (g_strdup (g_ptr_array_index (row->cells, index)));
}

/**
 * bo_table_row_set:
 * @row: a row
 * @index: of a cell; missing ones before it are made
 * @text: what stands there instead, escaped
 *
 * A cell that holds @text already stays as it is, with its blanks.
 */
void
bo_table_row_set (BoTableRow *row, guint index, const char *text)
{
  g_autofree char *old = bo_table_row_get (row, index);

  if (index < row->cells->len && g_str_equal (old, text))
    return;
  while (row->cells->len <= index)
    g_ptr_array_add (row->cells, g_strdup (" "));
  g_free (g_ptr_array_index (row->cells, index));
  g_ptr_array_index (row->cells, index) = g_strconcat (text[0] != '\0' ? " " : "", text, " ", NULL);
}

/**
 * bo_table_row_write:
 * @row: a row
 *
 * Returns: (transfer full): the line
 */
char *
bo_table_row_write (const BoTableRow *row)
{
  GString *line = g_string_new (row->before);

  for (guint i = 0; i < row->cells->len; i++)
    g_string_append_printf (line, "%s%s", i > 0 ? "|" : "", (const char *) g_ptr_array_index (row->cells, i));
  g_string_append (line, row->after);
  return g_string_free (line, FALSE);
}

/**
 * bo_table_row_is_delimiter:
 * @line: a line
 *
 * Returns: whether it is the second line of a table: "|---|:-:|"
 */
gboolean
bo_table_row_is_delimiter (const char *line)
{
  g_autoptr (BoTableRow) row = bo_table_row_parse (line);

  if (row == NULL)
    return FALSE;
  for (guint i = 0; i < row->cells->len; i++)
    {
      g_autofree char *cell = bo_table_row_get (row, i);
      const char *p = cell;
      gsize dashes;

      p += *p == ':';
      dashes = strspn (p, "-");
      p += dashes;
      p += *p == ':';
      if (dashes == 0 || *p != '\0')
        return FALSE;
    }
  return TRUE;
}
