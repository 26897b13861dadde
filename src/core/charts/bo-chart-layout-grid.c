/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-layout"

#include "config.h"

#include <math.h>

#include "charts/bo-chart-layout-private.h"

/* Rows and columns of marks. What a row has to say about itself stands below its marks, in words. */

#define NARROW_EM 38

typedef struct
{
  BoChartLayout *layout;
  gboolean narrow;
  double left;
  double right;
  double first_x;
  double column_width;
} Grid;

static double
get_middle (const Grid *grid, guint column)
{
  return grid->first_x + (column + 0.5) * grid->column_width;
}

static double
put_header (const Grid *grid, double y)
{
  GPtrArray *columns = grid->layout->chart->columns;
  double tallest = 0;

  for (guint i = 0; i < columns->len; i++)
    {
      BoChartWords words = { g_ptr_array_index (columns, i),
                             grid->narrow ? 0.78 : 0.85,
                             !grid->narrow,
                             BO_TONE_DIM,
                             FALSE,
                             grid->column_width - 2,
                             2,
                             FALSE };
      double height;

      bo_chart_layout_put_text (grid->layout, &words, get_middle (grid, i), y, BO_ALIGN_CENTRE, &height);
      tallest = MAX (tallest, height);
    }
  return y + tallest + grid->layout->em * 0.5;
}

static double
put_row (const Grid *grid, guint index, double y)
{
  BoChartLayout *layout = grid->layout;
  double em = layout->em;
  const BoChartRow *row = g_ptr_array_index (layout->chart->rows, index);
  g_autofree char *name = row->detail != NULL ? g_strdup_printf ("%s · %s", row->title, row->detail)
                                              : g_strdup (row->title);
  BoChartWords title = { name, 1, row->emphasis, BO_TONE_TEXT, FALSE,
                         (grid->narrow ? grid->right : grid->first_x) - grid->left - em * 0.5, 1, TRUE };
  BoChartWords note
      = { row->note, 0.88, FALSE, BO_TONE_DIM, FALSE, grid->right - grid->left, grid->narrow ? 3 : 2, FALSE };
  double top = y;
  double target = layout->targets->len;
  double height, middle;

  bo_chart_layout_add_target (layout, grid->left, y, grid->right - grid->left, 0, index, -1, row->text);
  y += em * 0.45;
  bo_chart_layout_put_text (layout, &title, grid->left, y, BO_ALIGN_START, &height);
  middle = y + height / 2;
  y += height;
  if (grid->narrow)
    {
      middle = y + em * 0.75;
      y += em * 1.5;
    }
  for (guint i = 0; i < row->marks->len; i++)
    {
      const BoChartMark *mark = g_ptr_array_index (row->marks, i);
      const BoChartLook *look = g_ptr_array_index (layout->chart->looks, mark->look);
      double x = get_middle (grid, mark->column);

      bo_chart_layout_put_shape (layout, x, middle, em * 0.85, look->shape, look->tone);
      bo_chart_layout_add_target (layout, x - grid->column_width / 2, middle - em, grid->column_width, 2 * em,
                                  index, (int) i, mark->text);
    }
  if (row->note != NULL)
    {
      y += em * 0.15;
      bo_chart_layout_put_text (layout, &note, grid->left, y, BO_ALIGN_START, &height);
      y += height;
    }
  y += em * 0.45;
  ((BoChartTarget *) g_ptr_array_index (layout->targets, (guint) target))->height = y - top;
  return y;
}

/* How wide the longest word above a column is; one that is broken reads badly. */
static double
measure_header (BoChartLayout *layout)
{
  double widest = 0;

  for (guint i = 0; i < layout->chart->columns->len; i++)
    {
      g_auto (GStrv) words = g_strsplit (g_ptr_array_index (layout->chart->columns, i), " ", -1);

      for (guint k = 0; words[k] != NULL; k++)
        {
          BoChartWords word = { words[k], 0.85, TRUE, BO_TONE_DIM, FALSE, -1, 1, FALSE };

          widest = MAX (widest, bo_chart_layout_measure (layout, &word, NULL));
        }
    }
  return widest;
}

double
bo_chart_layout_put_grid (BoChartLayout *layout, double y)
{
  const BoChart *chart = layout->chart;
  Grid grid = { .layout = layout };
  double em = layout->em;
  double available, name_width = 0;
  guint n_columns = MAX (chart->columns->len, 1);

  grid.left = layout->style.padding;
  grid.right = layout->width - layout->style.padding;
  available = grid.right - grid.left;
  grid.narrow = available < NARROW_EM * em;
  if (grid.narrow)
    {
      grid.first_x = grid.left;
      grid.column_width = available / n_columns;
    }
  else
    {
      for (guint i = 0; i < chart->rows->len; i++)
        {
          const BoChartRow *row = g_ptr_array_index (chart->rows, i);
          g_autofree char *name = row->detail != NULL ? g_strdup_printf ("%s · %s", row->title, row->detail)
                                                      : g_strdup (row->title);
          BoChartWords title = { name, 1, row->emphasis, BO_TONE_TEXT, FALSE, -1, 1, FALSE };

          name_width = MAX (name_width, bo_chart_layout_measure (layout, &title, NULL));
        }
      name_width = MIN (name_width + em, available * 0.42);
      /* Names may be cut where that keeps the words above the columns whole, but not to nothing. */
      name_width = MIN (name_width, MAX (available - n_columns * (measure_header (layout) + em * 0.5), available * 0.3));
      grid.column_width = MIN ((available - name_width) / n_columns, em * 8);
      grid.first_x = grid.left + name_width;
    }
  y = put_header (&grid, y);
  for (guint i = 0; i < chart->rows->len; i++)
    {
      bo_chart_layout_put_line (layout, grid.left, y, grid.right, y, BO_TONE_GRID, 1, FALSE);
      y = put_row (&grid, i, y);
    }
  bo_chart_layout_put_line (layout, grid.left, y, grid.right, y, BO_TONE_GRID, 1, FALSE);
  return y + em * 0.8;
}
