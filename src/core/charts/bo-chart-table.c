/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-table"

#include "config.h"

#include <string.h>

#include "charts/bo-chart-table.h"
#include "insight/bo-duration.h"

typedef struct
{
  BoChartColumnKind kind;
  char *title;
} Column;

typedef struct
{
  char *text;
  gint64 number;
} Cell;

struct _BoChartTable
{
  GPtrArray *columns;
  GPtrArray *cells;
  guint n_rows;
};

static void
column_free (Column *column)
{
  g_free (column->title);
  g_free (column);
}

static void
cell_free (Cell *cell)
{
  g_free (cell->text);
  g_free (cell);
}

BoChartTable *
bo_chart_table_new (void)
{
  BoChartTable *table = g_new0 (BoChartTable, 1);

  table->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) column_free);
  table->cells = g_ptr_array_new_with_free_func ((GDestroyNotify) cell_free);
  return table;
}

void
bo_chart_table_free (BoChartTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->columns);
  g_ptr_array_unref (table->cells);
  g_free (table);
}

/* All columns are added before the first row. */
void
bo_chart_table_add_column (BoChartTable *table, BoChartColumnKind kind, const char *title)
{
  Column *column = g_new0 (Column, 1);

  g_return_if_fail (table->n_rows == 0);

  column->kind = kind;
  column->title = g_strdup (title);
  g_ptr_array_add (table->columns, column);
}

void
bo_chart_table_begin_row (BoChartTable *table)
{
  g_return_if_fail (table->cells->len == table->n_rows * table->columns->len);

  table->n_rows++;
}

static void
add_cell (BoChartTable *table, const char *text, gint64 number)
{
  Cell *cell = g_new0 (Cell, 1);

  cell->text = g_strdup (text);
  cell->number = number;
  g_ptr_array_add (table->cells, cell);
}

/* The next cell of the row; NULL leaves it empty. */
void
bo_chart_table_add_text (BoChartTable *table, const char *text)
{
  add_cell (table, text, BO_CHART_NO_NUMBER);
}

/* The next cell of the row; %BO_CHART_NO_NUMBER leaves it empty. */
void
bo_chart_table_add_number (BoChartTable *table, gint64 number)
{
  add_cell (table, NULL, number);
}

guint
bo_chart_table_get_n_columns (const BoChartTable *table)
{
  return table->columns->len;
}

guint
bo_chart_table_get_n_rows (const BoChartTable *table)
{
  return table->n_rows;
}

const char *
bo_chart_table_get_title (const BoChartTable *table, guint column)
{
  g_return_val_if_fail (column < table->columns->len, NULL);

  return ((const Column *) g_ptr_array_index (table->columns, column))->title;
}

BoChartColumnKind
bo_chart_table_get_kind (const BoChartTable *table, guint column)
{
  g_return_val_if_fail (column < table->columns->len, BO_COLUMN_TEXT);

  return ((const Column *) g_ptr_array_index (table->columns, column))->kind;
}

static const Cell *
get_cell (const BoChartTable *table, guint row, guint column)
{
  guint index = row * table->columns->len + column;

  return column < table->columns->len && index < table->cells->len ? g_ptr_array_index (table->cells, index)
                                                                   : NULL;
}

/**
 * bo_chart_table_get_number:
 *
 * Returns: microseconds, bytes or a count; %BO_CHART_NO_NUMBER for words and where there is none
 */
gint64
bo_chart_table_get_number (const BoChartTable *table, guint row, guint column)
{
  const Cell *cell = get_cell (table, row, column);

  return cell != NULL ? cell->number : BO_CHART_NO_NUMBER;
}

/**
 * bo_chart_table_get_text:
 *
 * Returns: (transfer full): what is shown there; "" where there is nothing
 */
char *
bo_chart_table_get_text (const BoChartTable *table, guint row, guint column, const BoChartLocale *locale)
{
  const Cell *cell = get_cell (table, row, column);

  if (cell == NULL)
    return g_strdup ("");
  if (cell->number == BO_CHART_NO_NUMBER)
    return g_strdup (cell->text != NULL ? cell->text : "");
  switch (bo_chart_table_get_kind (table, column))
    {
    case BO_COLUMN_DURATION:
      return bo_chart_locale_format_duration (locale, cell->number);
    case BO_COLUMN_DIFFERENCE:
      return bo_chart_locale_format_difference (locale, cell->number);
    case BO_COLUMN_SIZE:
      return bo_chart_locale_format_size (locale, cell->number);
    case BO_COLUMN_TEXT:
    case BO_COLUMN_COUNT:
    default:
      return g_strdup_printf ("%" G_GINT64_FORMAT, cell->number);
    }
}

/* RFC 4180 with "\n" line ends, as in the findings: what has quotes, commas or line ends in it is quoted. */
static void
append_field (GString *text, const char *field)
{
  if (strpbrk (field, "\",\r\n") == NULL)
    {
      /* A spreadsheet takes text that begins so for a formula. */
      if (field[0] != '\0' && strchr ("=+-@\t", field[0]) != NULL)
        g_string_append_c (text, '\'');
      g_string_append (text, field);
      return;
    }
  g_string_append_c (text, '"');
  if (strchr ("=+-@\t", field[0]) != NULL)
    g_string_append_c (text, '\'');
  for (const char *p = field; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, *p);
    }
  g_string_append_c (text, '"');
}

static void
append_cell (GString *text, const Cell *cell, BoChartColumnKind kind)
{
  if (cell->number == BO_CHART_NO_NUMBER)
    append_field (text, cell->text != NULL ? cell->text : "");
  else if (kind == BO_COLUMN_DURATION || kind == BO_COLUMN_DIFFERENCE)
    {
      guint64 magnitude = cell->number < 0 ? -(guint64) cell->number : (guint64) cell->number;

      /* Exact, and with a point in every locale. */
      g_string_append_printf (text, "%s%" G_GUINT64_FORMAT ".%06" G_GUINT64_FORMAT,
                              cell->number < 0 ? "-" : "", magnitude / 1000000, magnitude % 1000000);
    }
  else
    g_string_append_printf (text, "%" G_GINT64_FORMAT, cell->number);
}

static const char *
get_unit (BoChartColumnKind kind)
{
  switch (kind)
    {
    case BO_COLUMN_DURATION:
    case BO_COLUMN_DIFFERENCE:
      return " (s)";
    case BO_COLUMN_SIZE:
      return " (B)";
    case BO_COLUMN_TEXT:
    case BO_COLUMN_COUNT:
    default:
      return "";
    }
}

/**
 * bo_chart_table_to_csv:
 * @table: the numbers of a chart
 *
 * Returns: (transfer full): the table for machines: a header with units, durations in seconds and sizes in
 * bytes
 */
char *
bo_chart_table_to_csv (const BoChartTable *table)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < table->columns->len; i++)
    {
      const Column *column = g_ptr_array_index (table->columns, i);
      g_autofree char *title = g_strconcat (column->title, get_unit (column->kind), NULL);

      if (i > 0)
        g_string_append_c (text, ',');
      append_field (text, title);
    }
  g_string_append (text, "\n");
  for (guint row = 0; row < table->n_rows; row++)
    {
      for (guint i = 0; i < table->columns->len; i++)
        {
          if (i > 0)
            g_string_append_c (text, ',');
          append_cell (text, get_cell (table, row, i), bo_chart_table_get_kind (table, i));
        }
      g_string_append (text, "\n");
    }
  return g_string_free (text, FALSE);
}

/**
 * bo_chart_table_compare:
 * @table: the numbers of a chart
 * @column: by which column
 * @a, @b: two rows
 *
 * Numbers go by their size, words by the alphabet of the user's locale; what is not there stands behind what
 * is. Rows that are alike keep their order.
 *
 * Returns: below 0, 0, or above 0
 */
int
bo_chart_table_compare (const BoChartTable *table, guint column, guint a, guint b)
{
  const Cell *first = get_cell (table, a, column);
  const Cell *second = get_cell (table, b, column);
  int order = 0;

  g_return_val_if_fail (first != NULL && second != NULL, 0);

  if (bo_chart_table_get_kind (table, column) == BO_COLUMN_TEXT)
    order = g_utf8_collate (first->text != NULL ? first->text : "", second->text != NULL ? second->text : "");
  else if (first->number == BO_CHART_NO_NUMBER || second->number == BO_CHART_NO_NUMBER)
    order = (first->number == BO_CHART_NO_NUMBER) - (second->number == BO_CHART_NO_NUMBER);
  else if (first->number != second->number)
    order = first->number < second->number ? -1 : 1;
  return order != 0 ? order : a < b ? -1 : a > b;
}

/* A tab or a line end would begin another cell. */
static void
append_tsv_text (GString *text, const char *field)
{
  /* As in append_field(). */
  if (field[0] != '\0' && strchr ("=+-@", field[0]) != NULL)
    g_string_append_c (text, '\'');
  for (const char *p = field; *p != '\0'; p++)
    g_string_append_c (text, *p == '\t' || *p == '\n' || *p == '\r' ? ' ' : *p);
}

static void
append_tsv_cell (GString *text, const Cell *cell, BoChartColumnKind kind, const char *decimal_point)
{
  g_autoptr (GString) number = NULL;

  if (cell->number == BO_CHART_NO_NUMBER)
    {
      append_tsv_text (text, cell->text != NULL ? cell->text : "");
      return;
    }
  number = g_string_new (NULL);
  append_cell (number, cell, kind);
  for (const char *p = number->str; *p != '\0'; p++)
    if (*p == '.')
      g_string_append (text, decimal_point);
    else
      g_string_append_c (text, *p);
}

/**
 * bo_chart_table_to_tsv:
 * @table: the numbers of a chart
 * @rows: (nullable) (array length=n_rows): which rows, in which order; %NULL for all, as they are
 * @n_rows: how many
 * @locale: (nullable): of the numbers
 *
 * Returns: (transfer full): what a spreadsheet takes when it is pasted: a header with units, durations in
 *   seconds and sizes in bytes, with the decimal point of @locale, cells divided by tabs
 */
char *
bo_chart_table_to_tsv (const BoChartTable *table, const guint *rows, guint n_rows, const BoChartLocale *locale)
{
  const char *decimal_point = locale != NULL && locale->decimal_point != NULL ? locale->decimal_point : ".";
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < table->columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, '\t');
      append_tsv_text (text, bo_chart_table_get_title (table, i));
      g_string_append (text, get_unit (bo_chart_table_get_kind (table, i)));
    }
  g_string_append_c (text, '\n');
  for (guint k = 0; k < (rows != NULL ? n_rows : table->n_rows); k++)
    {
      guint row = rows != NULL ? rows[k] : k;

      if (row >= table->n_rows)
        continue;
      for (guint i = 0; i < table->columns->len; i++)
        {
          if (i > 0)
            g_string_append_c (text, '\t');
          append_tsv_cell (text, get_cell (table, row, i), bo_chart_table_get_kind (table, i), decimal_point);
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
