/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-layout"

#include "config.h"

#include <math.h>

#include "charts/bo-chart-layout-private.h"

/* Lines over columns. A row is a line: its medians are joined, single values stand around them. */

typedef struct
{
  BoChartLayout *layout;
  double left;
  double right;
  double top;
  double bottom;
} Trend;

static double
to_y (const Trend *trend, gint64 value)
{
  double share = (double) value / (double) MAX (trend->layout->chart->max, 1);

  return trend->bottom - CLAMP (share, 0, 1) * (trend->bottom - trend->top);
}

static double
to_x (const Trend *trend, guint column)
{
  guint n = MAX (trend->layout->chart->columns->len, 1);

  return trend->left + (column + 0.5) * (trend->right - trend->left) / n;
}

static void
put_axis (Trend *trend, GPtrArray *ticks)
{
  BoChartLayout *layout = trend->layout;

  for (guint i = 0; i < ticks->len; i++)
    {
      const BoAxisTick *tick = g_ptr_array_index (ticks, i);
      BoChartWords words = { tick->label, 0.85, FALSE, BO_TONE_DIM, FALSE, -1, 1, FALSE };
      double y = to_y (trend, tick->value);
      double height;

      bo_chart_layout_measure (layout, &words, &height);
      bo_chart_layout_put_line (layout, trend->left, y, trend->right, y, BO_TONE_GRID, 1, FALSE);
      bo_chart_layout_put_text (layout, &words, trend->left - layout->em * 0.5, y - height / 2, BO_ALIGN_END,
                                NULL);
    }
}

/* As many names of columns as there is room for, from the last one on, which is the newest. */
static double
put_columns (Trend *trend)
{
  BoChartLayout *layout = trend->layout;
  GPtrArray *columns = layout->chart->columns;
  /* Below the nought of the other axis, which stands across the line. */
  double y = trend->bottom + layout->em * 0.75;
  double left = layout->style.padding;
  double right = layout->width - layout->style.padding;
  double free_until = G_MAXDOUBLE;
  double tallest = 0;

  for (guint i = columns->len; i > 0; i--)
    {
      BoChartWords words
          = { g_ptr_array_index (columns, i - 1), 0.85, FALSE, BO_TONE_DIM, FALSE, -1, 1, FALSE };
      double height;
      double width = bo_chart_layout_measure (layout, &words, &height);
      double middle;

      if (width > right - left)
        {
          width = right - left;
          words.width = width;
        }
      middle = CLAMP (to_x (trend, i - 1), left + width / 2, right - width / 2);
      tallest = MAX (tallest, height);
      if (middle + width / 2 > free_until)
        continue;
      bo_chart_layout_put_text (layout, &words, middle, y, BO_ALIGN_CENTRE, NULL);
      free_until = middle - width / 2 - layout->em;
    }
  return y + tallest;
}

static void
put_line_of (Trend *trend, guint index)
{
  BoChartLayout *layout = trend->layout;
  const BoChartRow *row = g_ptr_array_index (layout->chart->rows, index);
  const BoChartMark *before = NULL;

  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);
      const BoChartLook *look = g_ptr_array_index (layout->chart->looks, mark->look);

      if (!mark->joined)
        continue;
      if (before != NULL)
        bo_chart_layout_put_line (layout, to_x (trend, before->column), to_y (trend, before->to),
                                  to_x (trend, mark->column), to_y (trend, mark->to), look->tone, 1.8,
                                  mark->dashed);
      before = mark;
    }
}

static void
put_marks_of (Trend *trend, guint index)
{
  BoChartLayout *layout = trend->layout;
  const BoChartRow *row = g_ptr_array_index (layout->chart->rows, index);

  bo_chart_layout_add_target (layout, trend->left, trend->top, trend->right - trend->left,
                              trend->bottom - trend->top, index, -1, row->text);
  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);
      const BoChartLook *look = g_ptr_array_index (layout->chart->looks, mark->look);
      double size = layout->em * (mark->joined ? 0.8 : 0.45);
      double x = to_x (trend, mark->column);
      double y = to_y (trend, mark->to);

      bo_chart_layout_put_shape (layout, x, y, size, look->shape, look->tone);
      bo_chart_layout_add_target (layout, x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6, index,
                                  (int) i, mark->text);
    }
}

double
bo_chart_layout_put_trend (BoChartLayout *layout, double y)
{
  BoChart *chart = layout->chart;
  Trend trend = { .layout = layout };
  BoChartLocale locale = bo_chart_get_locale (chart);
  double em = layout->em;
  double height = CLAMP (layout->width * 0.4, em * 13, em * 24);
  g_autoptr (GPtrArray) ticks
    = bo_axis_make_ticks (chart->axis, chart->max, (guint) CLAMP (height / (em * 3), 2, 6), &locale);
  double widest = 0;

  for (guint i = 0; i < ticks->len; i++)
    {
      const BoAxisTick *tick = g_ptr_array_index (ticks, i);
      BoChartWords words = { tick->label, 0.85, FALSE, BO_TONE_DIM, FALSE, -1, 1, FALSE };

      widest = MAX (widest, bo_chart_layout_measure (layout, &words, NULL));
    }
  trend.left = layout->style.padding + widest + em * 0.5;
  trend.right = layout->width - layout->style.padding;
  trend.top = y + em * 0.5;
  trend.bottom = trend.top + height;
  put_axis (&trend, ticks);
  y = put_columns (&trend);
  for (guint i = 0; i < chart->rows->len; i++)
    put_line_of (&trend, i);
  for (guint i = 0; i < chart->rows->len; i++)
    put_marks_of (&trend, i);
  return y + em * 0.8;
}
