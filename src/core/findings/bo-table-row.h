/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoTableRow: a line of a Markdown table, cut into cells
 * @before: what stands before the first cell: indentation and, if there is one, the first "|"
 * @cells: (element-type utf8): each cell with the blanks around it
 * @after: what stands after the last cell: the last "|", if there is one, and blanks
 *
 * Put together again it is the same line, byte for byte.
 */
typedef struct
{
  char *before;
  GPtrArray *cells;
  char *after;
} BoTableRow;

BoTableRow *bo_table_row_parse (const char *line);
void bo_table_row_free (BoTableRow *row);
char *bo_table_row_get (const BoTableRow *row, guint index);
void bo_table_row_set (BoTableRow *row, guint index, const char *text);
char *bo_table_row_write (const BoTableRow *row);
gboolean bo_table_row_is_delimiter (const char *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoTableRow, bo_table_row_free)

G_END_DECLS
