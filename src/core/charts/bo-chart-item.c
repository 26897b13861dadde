/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-item"

#include "config.h"

#include <math.h>

#include "charts/bo-chart-layout-private.h"

/* Drawing what a layout has placed. */

static void
set_colour (cairo_t *cr, BoChartColour colour, double opacity)
{
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, opacity);
}

static void
trace_box (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  radius = MIN (radius, MIN (width, height) / 2);
  if (radius <= 0.3)
    {
      cairo_rectangle (cr, x, y, width, height);
      return;
    }
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

/* A pattern is lines in the colour of the text on it, thin enough not to be in its way. */
static void
draw_pattern (const BoChartItem *item, cairo_t *cr, const BoChartStyle *style)
{
  const double step = 6;

  cairo_save (cr);
  trace_box (cr, item->x, item->y, item->width, item->height, item->radius);
  cairo_clip (cr);
  set_colour (cr, bo_chart_style_get_ink (style, item->tone), 0.55);
  cairo_set_line_width (cr, 1);
  if (item->pattern == BO_PATTERN_DOTTED)
    {
      for (double y = item->y + step / 2; y < item->y + item->height; y += step)
        for (double x = item->x + step / 2; x < item->x + item->width; x += step)
          {
            cairo_new_sub_path (cr);
            cairo_arc (cr, x, y, 1, 0, 2 * G_PI);
          }
      cairo_fill (cr);
    }
  else
    {
      for (double x = item->x - item->height; x < item->x + item->width; x += step)
        {
          if (item->pattern != BO_PATTERN_FALLING)
            {
              cairo_move_to (cr, x, item->y + item->height);
              cairo_line_to (cr, x + item->height, item->y);
            }
          if (item->pattern != BO_PATTERN_RISING)
            {
              cairo_move_to (cr, x, item->y);
              cairo_line_to (cr, x + item->height, item->y + item->height);
            }
        }
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

static void
draw_area (const BoChartItem *item, cairo_t *cr, const BoChartStyle *style)
{
  gboolean patterned = style->patterns || bo_chart_style_is_contrast (style);

  if (item->width <= 0 || item->height <= 0)
    return;
  trace_box (cr, item->x, item->y, item->width, item->height, item->radius);
  set_colour (cr, bo_chart_style_get_colour (style, item->tone), item->opacity);
  cairo_fill (cr);
  if (patterned && item->pattern != BO_PATTERN_SOLID)
    draw_pattern (item, cr, style);
  if ((item->edge || (item->opacity < 1 && bo_chart_style_is_contrast (style))) && item->width > 2)
    {
      trace_box (cr, item->x + 0.5, item->y + 0.5, item->width - 1, item->height - 1, item->radius);
      set_colour (cr, bo_chart_style_get_edge (style, item->tone), item->opacity < 1 ? 0.55 : 1);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
}

static void
draw_line (const BoChartItem *item, cairo_t *cr, const BoChartStyle *style)
{
  static const double dashes[] = { 4, 3 };

  cairo_save (cr);
  if (item->dashed)
    cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_set_line_width (cr, item->thickness);
  set_colour (cr,
              item->tone == BO_TONE_GRID ? bo_chart_style_get_colour (style, BO_TONE_GRID)
                                         : bo_chart_style_get_edge (style, item->tone),
              1);
  cairo_move_to (cr, item->x, item->y + (item->rises ? item->height : 0));
  cairo_line_to (cr, item->x + item->width, item->y + (item->rises ? 0 : item->height));
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* Marks that have a colour of their own are filled with it and have an edge that can be seen. */
static void
fill_and_edge (cairo_t *cr, const BoChartItem *item, const BoChartStyle *style, double line)
{
  set_colour (cr, bo_chart_style_get_colour (style, item->tone), 1);
  cairo_fill_preserve (cr);
  set_colour (cr, bo_chart_style_get_edge (style, item->tone), 1);
  cairo_set_line_width (cr, line / 2);
  cairo_stroke (cr);
}

static void
stroke_edge (cairo_t *cr, const BoChartItem *item, const BoChartStyle *style, double line)
{
  set_colour (cr, bo_chart_style_get_edge (style, item->tone), 1);
  cairo_set_line_width (cr, line);
  cairo_stroke (cr);
}

static void
draw_shape (const BoChartItem *item, cairo_t *cr, const BoChartStyle *style)
{
  double x = item->x + item->width / 2;
  double y = item->y + item->height / 2;
  double r = item->width / 2;
  double line = MAX (item->width * 0.2, 1.4);
  /* Arrows point to where the axis goes on. */
  double onward = style->rtl ? -1 : 1;

  cairo_save (cr);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_new_path (cr);
  switch (item->shape)
    {
    case BO_SHAPE_RING:
      cairo_arc (cr, x, y, r - line / 2, 0, 2 * G_PI);
      set_colour (cr, bo_chart_style_get_colour (style, BO_TONE_BACKGROUND), 1);
      cairo_fill_preserve (cr);
      stroke_edge (cr, item, style, line);
      break;
    case BO_SHAPE_CROSS:
      cairo_move_to (cr, x - r * 0.7, y - r * 0.7);
      cairo_line_to (cr, x + r * 0.7, y + r * 0.7);
      cairo_move_to (cr, x - r * 0.7, y + r * 0.7);
      cairo_line_to (cr, x + r * 0.7, y - r * 0.7);
      stroke_edge (cr, item, style, line * 1.2);
      break;
    case BO_SHAPE_ARROW:
      cairo_move_to (cr, x - onward * r * 0.9, y);
      cairo_line_to (cr, x + onward * r * 0.9, y);
      cairo_move_to (cr, x + onward * r * 0.1, y - r * 0.75);
      cairo_line_to (cr, x + onward * r * 0.9, y);
      cairo_line_to (cr, x + onward * r * 0.1, y + r * 0.75);
      stroke_edge (cr, item, style, line);
      break;
    case BO_SHAPE_MEDIAN:
      cairo_move_to (cr, x, y - r);
      cairo_line_to (cr, x, y + r);
      cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
      stroke_edge (cr, item, style, MAX (line, 2));
      break;
    case BO_SHAPE_SQUARE:
      cairo_rectangle (cr, x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
      fill_and_edge (cr, item, style, line);
      break;
    case BO_SHAPE_TRIANGLE:
      cairo_move_to (cr, x, y - r);
      cairo_line_to (cr, x + r, y + r * 0.8);
      cairo_line_to (cr, x - r, y + r * 0.8);
      cairo_close_path (cr);
      fill_and_edge (cr, item, style, line);
      break;
    case BO_SHAPE_DIAMOND:
      cairo_move_to (cr, x, y - r);
      cairo_line_to (cr, x + r, y);
      cairo_line_to (cr, x, y + r);
      cairo_line_to (cr, x - r, y);
      cairo_close_path (cr);
      fill_and_edge (cr, item, style, line);
      break;
    case BO_SHAPE_CHECK:
      cairo_move_to (cr, x - r * 0.8, y + r * 0.05);
      cairo_line_to (cr, x - r * 0.2, y + r * 0.65);
      cairo_line_to (cr, x + r * 0.85, y - r * 0.6);
      stroke_edge (cr, item, style, line * 1.2);
      break;
    case BO_SHAPE_DASH:
      cairo_move_to (cr, x - r * 0.5, y);
      cairo_line_to (cr, x + r * 0.5, y);
      stroke_edge (cr, item, style, line);
      break;
    case BO_SHAPE_BAR:
    case BO_SHAPE_SEGMENT:
    case BO_SHAPE_DOT:
    default:
      /* A rim of the background keeps it apart from its neighbours. */
      cairo_arc (cr, x, y, r, 0, 2 * G_PI);
      set_colour (cr, bo_chart_style_get_colour (style, BO_TONE_BACKGROUND), 1);
      cairo_fill (cr);
      cairo_arc (cr, x, y, r - 0.8, 0, 2 * G_PI);
      set_colour (cr, bo_chart_style_get_edge (style, item->tone), 1);
      cairo_fill (cr);
    }
  cairo_restore (cr);
}

static void
draw_text (const BoChartItem *item, cairo_t *cr, const BoChartStyle *style)
{
  set_colour (cr,
              item->ink ? bo_chart_style_get_ink (style, item->tone)
                        : bo_chart_style_get_colour (style, item->tone),
              1);
  cairo_move_to (cr, item->x, item->y);
  pango_cairo_show_layout (cr, item->text);
}

void
bo_chart_item_draw (const BoChartItem *item, cairo_t *cr, const BoChartStyle *style)
{
  switch (item->kind)
    {
    case BO_ITEM_AREA:
      draw_area (item, cr, style);
      break;
    case BO_ITEM_LINE:
      draw_line (item, cr, style);
      break;
    case BO_ITEM_SHAPE:
      draw_shape (item, cr, style);
      break;
    case BO_ITEM_TEXT:
    default:
      draw_text (item, cr, style);
    }
}
