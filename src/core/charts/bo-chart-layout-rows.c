/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-layout"

#include "config.h"

#include <math.h>

#include "charts/bo-chart-layout-private.h"

/*
 * Rows of marks along one axis. With room enough the name stands before its
 * row and the value behind the marks; on a narrow surface both stand above.
 */

/* Narrower than this many ems, names have a line of their own. */
#define NARROW_EM 38
/* Marks that would lie upon one another are put side by side, across the bar. */
#define MAX_LANES 3

typedef struct
{
  BoChartLayout *layout;
  gboolean narrow;
  double left;
  double right;
  double plot_x;
  double plot_width;
  double bar_height;
  double mark_size;
} Rows;

static double
to_x (const Rows *rows, gint64 value)
{
  double share = (double) value / (double) MAX (rows->layout->chart->max, 1);

  return rows->plot_x + CLAMP (share, 0, 1) * rows->plot_width;
}

static gboolean
is_symbol (BoChartShape shape)
{
  return shape != BO_SHAPE_BAR && shape != BO_SHAPE_SEGMENT && shape != BO_SHAPE_MEDIAN;
}

static const BoChartLook *
get_look (const BoChart *chart, const BoChartMark *mark)
{
  return g_ptr_array_index (chart->looks, mark->look);
}

/* How far the marks of a row reach, as a share of the axis. */
static double
get_reach (const BoChart *chart, const BoChartRow *row)
{
  gint64 reach = 0;

  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);

      reach = MAX (reach, MAX (mark->from, mark->to));
    }
  return CLAMP ((double) reach / (double) MAX (chart->max, 1), 0, 1);
}

static BoChartWords
title_words (const BoChartRow *row, double width)
{
  return (BoChartWords) { row->title, 1, row->emphasis, BO_TONE_TEXT, FALSE, width, 1, TRUE };
}

static BoChartWords
detail_words (const BoChartRow *row, double width)
{
  return (BoChartWords) { row->detail, 0.85, FALSE, BO_TONE_DIM, FALSE, width, 1, TRUE };
}

static BoChartWords
note_words (const BoChartRow *row, double width)
{
  return (BoChartWords) { row->note, 0.95, FALSE, BO_TONE_DIM, FALSE, width, 1, FALSE };
}

/* How wide the names are, at most a third of the surface. */
static double
measure_names (BoChartLayout *layout, double available)
{
  double width = 0;

  for (guint i = 0; i < layout->chart->rows->len; i++)
    {
      const BoChartRow *row = g_ptr_array_index (layout->chart->rows, i);
      BoChartWords title = title_words (row, -1);
      BoChartWords detail = detail_words (row, -1);

      width = MAX (width, bo_chart_layout_measure (layout, &title, NULL));
      if (row->detail != NULL)
        width = MAX (width, bo_chart_layout_measure (layout, &detail, NULL));
    }
  return MIN (width, floor (available * 0.34));
}

/*
 * The axis is as long as the values behind the marks leave room for, but
 * has half of the space at least; what does not fit then is cut.
 */
static double
measure_plot (Rows *rows)
{
  double available = rows->right - rows->plot_x;
  double gap = rows->mark_size / 2 + rows->layout->em * 0.6;
  double width = available - rows->mark_size;

  if (rows->narrow)
    return width;
  for (guint i = 0; i < rows->layout->chart->rows->len; i++)
    {
      const BoChartRow *row = g_ptr_array_index (rows->layout->chart->rows, i);
      BoChartWords note = note_words (row, -1);
      double reach = get_reach (rows->layout->chart, row);

      if (row->note != NULL && reach > 0)
        width = MIN (width, (available - gap - bo_chart_layout_measure (rows->layout, &note, NULL)) / reach);
    }
  return MAX (width, available * 0.5);
}

static double
put_axis (Rows *rows, double top, double bottom)
{
  BoChartLayout *layout = rows->layout;
  BoChartLocale locale = bo_chart_get_locale (layout->chart);
  /* A mark needs room for its words: "10 min" and about as much again. */
  guint intervals = (guint) CLAMP (rows->plot_width / (layout->em * (rows->narrow ? 4.6 : 6)), 1, 8);
  g_autoptr (GPtrArray) ticks
      = bo_axis_make_ticks (layout->chart->axis, layout->chart->max, intervals, &locale);
  double height = 0;

  for (guint i = 0; i < ticks->len; i++)
    {
      const BoAxisTick *tick = g_ptr_array_index (ticks, i);
      BoChartWords words = { tick->label, 0.85, FALSE, BO_TONE_DIM, FALSE, -1, 1, FALSE };
      double x = to_x (rows, tick->value);
      double width = bo_chart_layout_measure (layout, &words, NULL);
      /* Neither the first nor the last may stick out. */
      double middle = CLAMP (x, rows->left + width / 2, rows->right - width / 2);

      bo_chart_layout_put_line (layout, x, top, x, bottom, BO_TONE_GRID, 1, FALSE);
      bo_chart_layout_put_text (layout, &words, middle, bottom + layout->em * 0.25, BO_ALIGN_CENTRE, &height);
    }
  return bottom + layout->em * 0.25 + height;
}

typedef struct
{
  guint index;
  double x;
} Placed;

static int
compare_placed (gconstpointer a, gconstpointer b)
{
  const Placed *first = a, *second = b;

  return first->x < second->x ? -1 : first->x > second->x ? 1 : first->index < second->index ? -1 : 1;
}

/* Marks that would lie upon one another are put on lanes: the middle, above, below, ... */
static void
put_symbols (Rows *rows, guint row_index, const BoChartRow *row, double middle)
{
  BoChartLayout *layout = rows->layout;
  g_autoptr (GArray) placed = g_array_new (FALSE, FALSE, sizeof (Placed));
  double ends[MAX_LANES];
  double lane_height = rows->mark_size * 0.95;
  g_autofree double *ys = g_new0 (double, row->marks->len + 1);

  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);
      Placed one = { i, to_x (rows, mark->to) };

      if (is_symbol (get_look (layout->chart, mark)->shape))
        g_array_append_val (placed, one);
    }
  g_array_sort (placed, compare_placed);
  for (guint i = 0; i < MAX_LANES; i++)
    ends[i] = -G_MAXDOUBLE;
  for (guint i = 0; i < placed->len; i++)
    {
      const Placed *one = &g_array_index (placed, Placed, i);
      guint lane = i % MAX_LANES;

      for (guint k = 0; k < MAX_LANES; k++)
        if (ends[k] <= one->x - rows->mark_size)
          {
            lane = k;
            break;
          }
      ends[lane] = one->x;
      ys[one->index] = middle + ((lane + 1) / 2) * lane_height * (lane % 2 == 1 ? -1 : 1);
    }
  /* In the order of the model, so that the keyboard goes from the first run to the last. */
  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);
      const BoChartLook *look = get_look (layout->chart, mark);
      double x = to_x (rows, mark->to);

      if (!is_symbol (look->shape))
        continue;
      /* A line to it says how far it got; a bar would say that it got there. */
      if (look->shape == BO_SHAPE_CROSS || look->shape == BO_SHAPE_ARROW)
        bo_chart_layout_put_line (layout, rows->plot_x, ys[i], x - rows->mark_size * 0.5, ys[i], look->tone,
                                  1.2, TRUE);
      bo_chart_layout_put_shape (layout, x, ys[i], rows->mark_size, look->shape, look->tone);
      bo_chart_layout_add_target (layout, x - rows->mark_size * 0.7, ys[i] - rows->mark_size * 0.7,
                                  rows->mark_size * 1.4, rows->mark_size * 1.4, row_index, (int) i,
                                  mark->text);
    }
}

static void
put_segment (Rows *rows, guint row_index, guint mark_index, const BoChartMark *mark, double top)
{
  BoChartLayout *layout = rows->layout;
  const BoChartLook *look = get_look (layout->chart, mark);
  double from = to_x (rows, MIN (mark->from, mark->to));
  double to = to_x (rows, MAX (mark->from, mark->to));
  gboolean pale = look->shape == BO_SHAPE_BAR;
  /* What took any time at all is there to be seen. */
  double width = MAX (to - from, 1);

  bo_chart_layout_put_area (layout, from, top, width, rows->bar_height, look->tone, look->pattern,
                            pale ? 0.22 : 1, !pale);
  if (!pale || mark->text != NULL)
    bo_chart_layout_add_target (layout, from, top, MAX (width, 3), rows->bar_height, row_index,
                                (int) mark_index, mark->text);
  if (mark->label != NULL)
    {
      BoChartWords words = { mark->label, 0.8, FALSE, look->tone, TRUE, -1, 1, FALSE };
      double height;
      double label_width = bo_chart_layout_measure (layout, &words, &height);

      if (label_width + layout->em * 0.6 > width)
        return;
      /* Not upon the lines of a pattern. */
      if (look->pattern != BO_PATTERN_SOLID)
        bo_chart_layout_put_area (layout, from + (width - label_width) / 2 - 2,
                                  top + (rows->bar_height - height) / 2, label_width + 4, height, look->tone,
                                  BO_PATTERN_SOLID, 1, FALSE);
      bo_chart_layout_put_text (layout, &words, from + width / 2, top + (rows->bar_height - height) / 2,
                                BO_ALIGN_CENTRE, NULL);
    }
}

static void
put_marks (Rows *rows, guint row_index, const BoChartRow *row, double top)
{
  BoChartLayout *layout = rows->layout;

  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);
      const BoChartLook *look = get_look (layout->chart, mark);

      if (look->shape == BO_SHAPE_BAR || look->shape == BO_SHAPE_SEGMENT)
        put_segment (rows, row_index, i, mark, top);
    }
  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);
      const BoChartLook *look = get_look (layout->chart, mark);
      double x = to_x (rows, mark->to);
      double over = layout->em * 0.4;

      if (look->shape != BO_SHAPE_MEDIAN)
        continue;
      bo_chart_layout_put_line (layout, x, top - over, x, top + rows->bar_height + over, look->tone, 2.5,
                                FALSE);
      bo_chart_layout_add_target (layout, x - 4, top - over, 8, rows->bar_height + 2 * over, row_index,
                                  (int) i, mark->text);
    }
  put_symbols (rows, row_index, row, top + rows->bar_height / 2);
}

/* Text on the background, so that no line of the axis goes through it. */
static double
put_patched (Rows *rows, const BoChartWords *words, double x, double y, BoChartAlign align)
{
  double height;
  double width = bo_chart_layout_measure (rows->layout, words, &height);

  bo_chart_layout_put_area (rows->layout, align == BO_ALIGN_END ? x - width - 3 : x - 3, y, width + 6, height,
                            BO_TONE_BACKGROUND, BO_PATTERN_SOLID, 1, FALSE);
  bo_chart_layout_put_text (rows->layout, words, x, y, align, NULL);
  return height;
}

/* The value behind the marks. */
static void
put_note (Rows *rows, const BoChartRow *row, double middle)
{
  BoChartLayout *layout = rows->layout;
  double x = rows->plot_x + get_reach (layout->chart, row) * rows->plot_width + layout->em * 0.6;
  BoChartWords words;
  double height;

  if (row->note == NULL)
    return;
  if (row->marks->len > 0)
    x += rows->mark_size / 2;
  words = note_words (row, rows->right - x);
  bo_chart_layout_measure (layout, &words, &height);
  put_patched (rows, &words, x, middle - height / 2, BO_ALIGN_START);
}

static double
put_wide_row (Rows *rows, guint index, const BoChartRow *row, double y, double height)
{
  BoChartLayout *layout = rows->layout;
  double name_width = rows->plot_x - rows->left - layout->em * 0.8;
  BoChartWords title = title_words (row, name_width);
  double title_height, detail_height = 0;
  double top;

  bo_chart_layout_add_target (layout, rows->left, y, rows->right - rows->left, height, index, -1, row->text);
  bo_chart_layout_measure (layout, &title, &title_height);
  if (row->detail != NULL)
    {
      BoChartWords detail = detail_words (row, name_width);

      bo_chart_layout_measure (layout, &detail, &detail_height);
      bo_chart_layout_put_text (layout, &detail, rows->plot_x - layout->em * 0.8,
                                y + (height - title_height - detail_height) / 2 + title_height, BO_ALIGN_END,
                                NULL);
    }
  bo_chart_layout_put_text (layout, &title, rows->plot_x - layout->em * 0.8,
                            y + (height - title_height - detail_height) / 2, BO_ALIGN_END, NULL);
  top = y + (height - rows->bar_height) / 2;
  put_note (rows, row, y + height / 2);
  put_marks (rows, index, row, top);
  return top;
}

static double
put_narrow_row (Rows *rows, guint index, const BoChartRow *row, double y, double height)
{
  BoChartLayout *layout = rows->layout;
  double em = layout->em;
  double available = rows->right - rows->left;
  BoChartWords title = title_words (row, -1);
  BoChartWords note = note_words (row, -1);
  double title_width = bo_chart_layout_measure (layout, &title, NULL);
  double note_width = row->note != NULL ? bo_chart_layout_measure (layout, &note, NULL) : 0;
  double top = y + em * 0.35;

  bo_chart_layout_add_target (layout, rows->left, y, available, height, index, -1, row->text);
  /* Where both do not fit, the name keeps two fifths, or what it needs of that. */
  if (title_width + em * 0.8 + note_width > available)
    {
      note_width = MIN (note_width, MAX (available - em * 0.8 - title_width, available * 0.6));
      title_width = MIN (title_width, available - em * 0.8 - note_width);
    }
  title.width = title_width + 1;
  note.width = note_width + 1;
  if (row->note != NULL)
    put_patched (rows, &note, rows->right, top, BO_ALIGN_END);
  top += put_patched (rows, &title, rows->left, top, BO_ALIGN_START);
  if (row->detail != NULL)
    {
      BoChartWords detail = detail_words (row, available);

      top += put_patched (rows, &detail, rows->left, top, BO_ALIGN_START);
    }
  top += em * 0.3;
  put_marks (rows, index, row, top);
  return top;
}

static double
get_row_height (const Rows *rows, const BoChartRow *row)
{
  double em = rows->layout->em;

  if (rows->narrow)
    return (row->detail != NULL ? em * 3.1 : em * 2) + (row->marks->len > 0 ? em * 1.7 : 0);
  return row->detail != NULL ? em * 3.1 : em * 2.5;
}

double
bo_chart_layout_put_rows (BoChartLayout *layout, double y)
{
  BoChart *chart = layout->chart;
  Rows rows = { .layout = layout };
  double em = layout->em;
  double height = 0;
  double row_y = y;
  double last_top = 0;

  rows.left = layout->style.padding;
  rows.right = layout->width - layout->style.padding;
  rows.narrow = rows.right - rows.left < NARROW_EM * em;
  rows.mark_size = em * 0.62;
  rows.bar_height = rows.narrow ? em * 1.25 : em * 1.45;
  rows.plot_x = rows.left;
  if (!rows.narrow)
    rows.plot_x += measure_names (layout, rows.right - rows.left) + em * 0.8;
  rows.plot_width = floor (measure_plot (&rows));

  for (guint i = 0; i < chart->rows->len; i++)
    height += get_row_height (&rows, g_ptr_array_index (chart->rows, i));
  y = put_axis (&rows, y, y + height);
  for (guint i = 0; i < chart->rows->len; i++)
    {
      const BoChartRow *row = g_ptr_array_index (chart->rows, i);
      const BoChartRow *before = i > 0 ? g_ptr_array_index (chart->rows, i - 1) : NULL;
      double row_height = get_row_height (&rows, row);
      double bar_top = rows.narrow ? put_narrow_row (&rows, i, row, row_y, row_height)
                                   : put_wide_row (&rows, i, row, row_y, row_height);

      if (before != NULL && before->link >= 0 && !rows.narrow)
        {
          double x = to_x (&rows, before->link);

          bo_chart_layout_put_line (layout, x, last_top + rows.bar_height, x, bar_top, BO_TONE_DIM, 1, FALSE);
        }
      last_top = bar_top;
      row_y += row_height;
    }
  return y + em * 0.8;
}
