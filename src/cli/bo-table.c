/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-table"

#include "config.h"

#include <string.h>

#include "bo-table.h"

#define GAP 2

struct _BoTable
{
  guint n_columns;
  GPtrArray *cells;
  GArray *right;
};

static guint
character_width (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

static guint
text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += character_width (g_utf8_get_char (p));
  return width;
}

/**
 * bo_table_clean:
 * @text: (nullable): text from anywhere, also from a build's log
 * @max_width: columns that it may take, or 0 for any number
 *
 * Returns: (transfer full): valid UTF-8 on one line without control
 *   characters, cut with "…" where it is too long
 */
char *
bo_table_clean (const char *text, guint max_width)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_new (NULL);
  guint width = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      guint w;

      /* An ANSI sequence means a colour, not a text. */
      if (c == 0x1b && p[1] == '[')
        {
          const char *q = p + 2;

          while (*q != '\0' && ((guchar) *q < 0x40 || (guchar) *q > 0x7e))
            q++;
          if (*q == '\0')
            break;
          p = q;
          continue;
        }
      if (g_unichar_iscntrl (c))
        c = ' ';
      w = character_width (c);
      if (max_width > 0 && width + w > max_width - (*g_utf8_next_char (p) != '\0' ? 1 : 0))
        {
          g_string_append (clean, "…");
          break;
        }
      width += w;
      g_string_append_unichar (clean, c);
    }
  return g_string_free (clean, FALSE);
}

static void
add_row (BoTable *table, const char *first, va_list args)
{
  const char *cell = first;

  for (guint i = 0; i < table->n_columns; i++)
    {
      g_ptr_array_add (table->cells, bo_table_clean (cell, 0));
      if (i + 1 < table->n_columns)
        cell = va_arg (args, const char *);
    }
}

BoTable *
bo_table_new (const char *header, ...)
{
  BoTable *table = g_new0 (BoTable, 1);
  va_list args;

  table->cells = g_ptr_array_new_with_free_func (g_free);
  table->right = g_array_new (FALSE, FALSE, sizeof (gboolean));

  va_start (args, header);
  for (const char *h = header; h != NULL; h = va_arg (args, const char *))
    {
      gboolean right = h[0] == '>';

      g_array_append_val (table->right, right);
      g_ptr_array_add (table->cells, g_strdup (right ? h + 1 : h));
      table->n_columns++;
    }
  va_end (args);
  return table;
}

void
bo_table_free (BoTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->cells);
  g_array_unref (table->right);
  g_free (table);
}

/**
 * bo_table_add:
 * @table: a table
 * @cell: its row's first cell; one more for each further column, then %NULL
 */
void
bo_table_add (BoTable *table, const char *cell, ...)
{
  va_list args;

  va_start (args, cell);
  add_row (table, cell, args);
  va_end (args);
}

/**
 * bo_table_print:
 * @table: a table
 * @indent: what each line begins with
 *
 * Prints it to standard output.
 */
void
bo_table_print (BoTable *table, const char *indent)
{
  guint n_rows = table->cells->len / table->n_columns;
  g_autofree guint *widths = g_new0 (guint, table->n_columns);

  for (guint i = 0; i < table->cells->len; i++)
    widths[i % table->n_columns]
        = MAX (widths[i % table->n_columns], text_width (g_ptr_array_index (table->cells, i)));

  for (guint r = 0; r < n_rows; r++)
    {
      g_autoptr (GString) line = g_string_new (indent);

      for (guint c = 0; c < table->n_columns; c++)
        {
          const char *cell = g_ptr_array_index (table->cells, r * table->n_columns + c);
          int padding = (int) (widths[c] - text_width (cell));

          if (g_array_index (table->right, gboolean, c))
            g_string_append_printf (line, "%*s%s", padding, "", cell);
          else
            g_string_append_printf (line, "%s%*s", cell, padding, "");
          g_string_append_printf (line, "%*s", GAP, "");
        }
      while (line->len > 0 && line->str[line->len - 1] == ' ')
        g_string_truncate (line, line->len - 1);
      g_print ("%s\n", line->str);
    }
}
