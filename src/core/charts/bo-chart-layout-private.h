/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <pango/pangocairo.h>

#include "charts/bo-chart-layout.h"

G_BEGIN_DECLS

/*
 * A layout is a list of things to draw, each with its place: what makes the
 * places (one file for each kind of chart) and what draws them know nothing of
 * each other. For the files of this folder and their test.
 *
 * Places are given from the start of the line: in a mirrored chart x is
 * turned around as the item is added, and nowhere else.
 */

typedef enum
{
  BO_ITEM_AREA,
  BO_ITEM_LINE,
  BO_ITEM_SHAPE,
  BO_ITEM_TEXT,
} BoChartItemKind;

/**
 * BoChartItem:
 * @x, @y, @width, @height: its box; a line goes from one corner to the other, downwards unless @rises
 * @opacity: of an area
 * @edge: whether an area has an edge
 * @radius: of an area's corners
 * @text: (nullable): for text
 * @ink: whether a text stands on an area of @tone
 */
typedef struct
{
  BoChartItemKind kind;
  double x;
  double y;
  double width;
  double height;
  BoChartTone tone;
  BoChartPattern pattern;
  BoChartShape shape;
  double opacity;
  double radius;
  double thickness;
  gboolean edge;
  gboolean rises;
  gboolean dashed;
  gboolean ink;
  PangoLayout *text;
} BoChartItem;

typedef enum
{
  BO_ALIGN_START,
  BO_ALIGN_CENTRE,
  BO_ALIGN_END,
} BoChartAlign;

/**
 * BoChartWords: text to be placed
 * @scale: of the style's font size
 * @width: how wide it may be, or -1
 * @lines: how many lines it may have; with more than one it is wrapped
 * @middle: whether its middle is left out when it is too long, not its end
 */
typedef struct
{
  const char *text;
  double scale;
  gboolean bold;
  BoChartTone tone;
  gboolean ink;
  double width;
  int lines;
  gboolean middle;
} BoChartWords;

struct _BoChartLayout
{
  BoChart *chart;
  BoChartStyle style;
  char *font_family;
  double width;
  double height;
  double em;
  PangoContext *context;
  GArray *items;
  GPtrArray *targets;
};

/* Each puts its kind of chart below @y and returns where it ends. */
double bo_chart_layout_put_rows (BoChartLayout *layout, double y);
double bo_chart_layout_put_grid (BoChartLayout *layout, double y);
double bo_chart_layout_put_trend (BoChartLayout *layout, double y);

double bo_chart_layout_measure (BoChartLayout *layout, const BoChartWords *words, double *height);
double bo_chart_layout_put_text (BoChartLayout *layout,
                                 const BoChartWords *words,
                                 double x,
                                 double y,
                                 BoChartAlign align,
                                 double *height);
void bo_chart_layout_put_area (BoChartLayout *layout,
                               double x,
                               double y,
                               double width,
                               double height,
                               BoChartTone tone,
                               BoChartPattern pattern,
                               double opacity,
                               gboolean edge);
void bo_chart_layout_put_line (BoChartLayout *layout,
                               double x1,
                               double y1,
                               double x2,
                               double y2,
                               BoChartTone tone,
                               double thickness,
                               gboolean dashed);
void bo_chart_layout_put_shape (BoChartLayout *layout,
                                double x,
                                double y,
                                double size,
                                BoChartShape shape,
                                BoChartTone tone);
void bo_chart_layout_add_target (BoChartLayout *layout,
                                 double x,
                                 double y,
                                 double width,
                                 double height,
                                 guint row,
                                 int mark,
                                 const char *text);

void bo_chart_item_draw (const BoChartItem *item, cairo_t *cr, const BoChartStyle *style);

G_END_DECLS
