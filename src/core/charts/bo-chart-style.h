/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-chart.h"

G_BEGIN_DECLS

/**
 * BoChartScheme: for which surroundings the colours are
 */
typedef enum
{
  BO_SCHEME_LIGHT,
  BO_SCHEME_DARK,
  BO_SCHEME_LIGHT_CONTRAST,
  BO_SCHEME_DARK_CONTRAST,
  BO_N_SCHEMES,
} BoChartScheme;

/**
 * BoChartStyle: how a chart is drawn
 * @scheme: its colours
 * @font_family: (nullable): NULL is the system's sans-serif
 * @font_size: in pixels
 * @padding: free space around, in pixels
 * @background: whether the background is painted; a window has one of its own
 * @with_title: whether title and subtitle are drawn; a window may show them as widgets
 * @patterns: whether areas of different meaning also have different patterns; always so with high contrast
 * @rtl: whether it is mirrored, for languages that are written from right to left
 */
typedef struct
{
  BoChartScheme scheme;
  const char *font_family;
  double font_size;
  double padding;
  gboolean background;
  gboolean with_title;
  gboolean patterns;
  gboolean rtl;
} BoChartStyle;

/**
 * BoChartColour: red, green and blue, 0 to 1
 */
typedef struct
{
  double red;
  double green;
  double blue;
} BoChartColour;

BoChartStyle bo_chart_style_for_files (void);
gboolean bo_chart_style_is_contrast (const BoChartStyle *style);
BoChartColour bo_chart_style_get_colour (const BoChartStyle *style, BoChartTone tone);
BoChartColour bo_chart_style_get_edge (const BoChartStyle *style, BoChartTone tone);
BoChartColour bo_chart_style_get_ink (const BoChartStyle *style, BoChartTone tone);
double bo_chart_colour_contrast (BoChartColour a, BoChartColour b);
BoChartColour bo_chart_colour_mix (BoChartColour a, BoChartColour b, double share);

G_END_DECLS
