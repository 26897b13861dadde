/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart"

#include "config.h"

#include "charts/bo-chart.h"

static void
look_free (BoChartLook *look)
{
  g_free (look->title);
  g_free (look);
}

static void
mark_free (BoChartMark *mark)
{
  g_free (mark->label);
  g_free (mark->text);
  g_free (mark);
}

static void
row_free (BoChartRow *row)
{
  g_free (row->title);
  g_free (row->detail);
  g_free (row->note);
  g_free (row->text);
  g_ptr_array_unref (row->marks);
  g_free (row);
}

/**
 * bo_chart_new:
 * @kind: its kind
 * @id: its id
 * @locale: (nullable): its words and numbers
 *
 * Returns: (transfer full): a chart with nothing in it yet
 */
BoChart *
bo_chart_new (BoChartKind kind, const char *id, const BoChartLocale *locale)
{
  BoChart *chart;

  g_return_val_if_fail (id != NULL, NULL);

  chart = g_new0 (BoChart, 1);
  g_atomic_ref_count_init (&chart->ref_count);
  chart->kind = kind;
  chart->id = g_strdup (id);
  chart->looks = g_ptr_array_new_with_free_func ((GDestroyNotify) look_free);
  chart->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  chart->columns = g_ptr_array_new_with_free_func (g_free);
  chart->remarks = g_ptr_array_new_with_free_func (g_free);
  chart->table = bo_chart_table_new ();
  if (locale != NULL)
    {
      chart->language = g_strdup (locale->language);
      chart->decimal_point = g_strdup (locale->decimal_point);
    }
  return chart;
}

BoChart *
bo_chart_ref (BoChart *chart)
{
  g_return_val_if_fail (chart != NULL, NULL);

  g_atomic_ref_count_inc (&chart->ref_count);
  return chart;
}

void
bo_chart_unref (BoChart *chart)
{
  if (chart == NULL || !g_atomic_ref_count_dec (&chart->ref_count))
    return;
  g_free (chart->id);
  g_free (chart->title);
  g_free (chart->subtitle);
  g_free (chart->description);
  g_free (chart->empty);
  g_ptr_array_unref (chart->looks);
  g_ptr_array_unref (chart->rows);
  g_ptr_array_unref (chart->columns);
  g_ptr_array_unref (chart->remarks);
  bo_chart_table_free (chart->table);
  g_free (chart->language);
  g_free (chart->decimal_point);
  g_free (chart);
}

/**
 * bo_chart_get_locale:
 * @chart: a chart
 *
 * Returns: its words and numbers, for as long as @chart lives
 */
BoChartLocale
bo_chart_get_locale (const BoChart *chart)
{
  return (BoChartLocale) { chart->language, chart->decimal_point };
}

/**
 * bo_chart_add_look:
 * @chart: a chart in the making
 * @title: what marks that look so mean
 *
 * Returns: its index; the same one when there is such a look already
 */
guint
bo_chart_add_look (BoChart *chart,
                   BoChartShape shape,
                   BoChartTone tone,
                   BoChartPattern pattern,
                   const char *title)
{
  BoChartLook *look;

  for (guint i = 0; i < chart->looks->len; i++)
    {
      look = g_ptr_array_index (chart->looks, i);
      if (look->shape == shape && look->tone == tone && look->pattern == pattern
          && g_strcmp0 (look->title, title) == 0)
        return i;
    }
  look = g_new0 (BoChartLook, 1);
  look->shape = shape;
  look->tone = tone;
  look->pattern = pattern;
  look->title = g_strdup (title);
  g_ptr_array_add (chart->looks, look);
  return chart->looks->len - 1;
}

/**
 * bo_chart_add_row:
 * @chart: a chart in the making
 * @title: its name
 * @detail: (nullable): what tells it from others of the same name
 *
 * Returns: (transfer none): the row
 */
BoChartRow *
bo_chart_add_row (BoChart *chart, const char *title, const char *detail)
{
  BoChartRow *row = g_new0 (BoChartRow, 1);

  /* Titles come from a file of somebody's; a toolkit stops at what is not UTF-8. */
  row->title = g_utf8_make_valid (title, -1);
  row->detail = detail != NULL ? g_utf8_make_valid (detail, -1) : NULL;
  row->link = -1;
  row->marks = g_ptr_array_new_with_free_func ((GDestroyNotify) mark_free);
  g_ptr_array_add (chart->rows, row);
  return row;
}

/**
 * bo_chart_row_add_mark:
 * @row: a row in the making
 * @look: how it looks
 * @from: where it begins
 * @to: where it ends or stands
 * @text: (transfer full): what it is, in full
 *
 * Returns: (transfer none): the mark
 */
BoChartMark *
bo_chart_row_add_mark (BoChartRow *row, guint look, gint64 from, gint64 to, char *text)
{
  BoChartMark *mark = g_new0 (BoChartMark, 1);

  mark->look = look;
  mark->from = from;
  mark->to = to;
  mark->text = text;
  g_ptr_array_add (row->marks, mark);
  return mark;
}
