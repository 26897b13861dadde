/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-style"

#include "config.h"

#include <math.h>

#include "charts/bo-chart-style.h"

/*
 * The colours of series are those of Okabe and Ito (Color Universal Design,
 * 2008), which people with any of the usual kinds of colour blindness tell
 * apart, made lighter where the background is dark. Good is their bluish
 * green and bad their vermillion, never plain green and red.
 */
static const guint32 colours[BO_N_SCHEMES][BO_N_TONES] = {
  [BO_SCHEME_LIGHT] = {
    [BO_TONE_TEXT] = 0x2e2e33, [BO_TONE_DIM] = 0x66656c, [BO_TONE_GRID] = 0xe3e2e6, [BO_TONE_BACKGROUND] = 0xffffff,
    [BO_TONE_MUTED] = 0xd0cfd4, [BO_TONE_NEUTRAL] = 0x77767b, [BO_TONE_ACCENT] = 0x0072b2, [BO_TONE_GOOD] = 0x008f68, [BO_TONE_BAD] = 0xc85300,
    [BO_TONE_SERIES_0] = 0x0072b2, [BO_TONE_SERIES_1] = 0xe69f00, [BO_TONE_SERIES_2] = 0x009e73,
    [BO_TONE_SERIES_3] = 0xcc79a7, [BO_TONE_SERIES_4] = 0x56b4e9, [BO_TONE_SERIES_5] = 0xd55e00,
    [BO_TONE_SERIES_6] = 0xf0e442,
  },
  [BO_SCHEME_DARK] = {
    [BO_TONE_TEXT] = 0xf4f4f6, [BO_TONE_DIM] = 0xb4b3ba, [BO_TONE_GRID] = 0x46464c, [BO_TONE_BACKGROUND] = 0x28282c,
    [BO_TONE_MUTED] = 0x5a5960, [BO_TONE_NEUTRAL] = 0xa3a2a8, [BO_TONE_ACCENT] = 0x5bb8ee, [BO_TONE_GOOD] = 0x2cc497, [BO_TONE_BAD] = 0xff8b3d,
    [BO_TONE_SERIES_0] = 0x4aa5dd, [BO_TONE_SERIES_1] = 0xf0b02c, [BO_TONE_SERIES_2] = 0x21bd8e,
    [BO_TONE_SERIES_3] = 0xdb96bd, [BO_TONE_SERIES_4] = 0x9bd5f7, [BO_TONE_SERIES_5] = 0xf5803a,
    [BO_TONE_SERIES_6] = 0xf3ea6b,
  },
  [BO_SCHEME_LIGHT_CONTRAST] = {
    [BO_TONE_TEXT] = 0x000000, [BO_TONE_DIM] = 0x1e1e22, [BO_TONE_GRID] = 0x8a8a90, [BO_TONE_BACKGROUND] = 0xffffff,
    [BO_TONE_MUTED] = 0xe0e0e4, [BO_TONE_NEUTRAL] = 0x505055, [BO_TONE_ACCENT] = 0x004f80, [BO_TONE_GOOD] = 0x006146, [BO_TONE_BAD] = 0x8f3a00,
    [BO_TONE_SERIES_0] = 0x0072b2, [BO_TONE_SERIES_1] = 0xe69f00, [BO_TONE_SERIES_2] = 0x009e73,
    [BO_TONE_SERIES_3] = 0xcc79a7, [BO_TONE_SERIES_4] = 0x56b4e9, [BO_TONE_SERIES_5] = 0xd55e00,
    [BO_TONE_SERIES_6] = 0xf0e442,
  },
  [BO_SCHEME_DARK_CONTRAST] = {
    [BO_TONE_TEXT] = 0xffffff, [BO_TONE_DIM] = 0xe8e8ec, [BO_TONE_GRID] = 0x8e8e96, [BO_TONE_BACKGROUND] = 0x101012,
    [BO_TONE_MUTED] = 0x3a3a40, [BO_TONE_NEUTRAL] = 0xc8c7cd, [BO_TONE_ACCENT] = 0x8fd0f7, [BO_TONE_GOOD] = 0x66e0bd, [BO_TONE_BAD] = 0xffb27d,
    [BO_TONE_SERIES_0] = 0x4aa5dd, [BO_TONE_SERIES_1] = 0xf0b02c, [BO_TONE_SERIES_2] = 0x21bd8e,
    [BO_TONE_SERIES_3] = 0xdb96bd, [BO_TONE_SERIES_4] = 0x9bd5f7, [BO_TONE_SERIES_5] = 0xf5803a,
    [BO_TONE_SERIES_6] = 0xf3ea6b,
  },
};

/**
 * bo_chart_style_for_files:
 *
 * Returns: how charts in files and documents look: a page does not know its reader's colours, so a light
 *   one with a background of its own
 */
BoChartStyle
bo_chart_style_for_files (void)
{
  return (BoChartStyle) {
    .scheme = BO_SCHEME_LIGHT, .font_size = 13, .padding = 16, .background = TRUE, .with_title = TRUE,
  };
}

gboolean
bo_chart_style_is_contrast (const BoChartStyle *style)
{
  return style->scheme == BO_SCHEME_LIGHT_CONTRAST || style->scheme == BO_SCHEME_DARK_CONTRAST;
}

BoChartColour
bo_chart_style_get_colour (const BoChartStyle *style, BoChartTone tone)
{
  guint32 value = colours[style->scheme][tone];

  return (BoChartColour) { (value >> 16 & 0xff) / 255.0, (value >> 8 & 0xff) / 255.0, (value & 0xff) / 255.0 };
}

BoChartColour
bo_chart_colour_mix (BoChartColour a, BoChartColour b, double share)
{
  return (BoChartColour) {
    a.red + (b.red - a.red) * share,
    a.green + (b.green - a.green) * share,
    a.blue + (b.blue - a.blue) * share,
  };
}

static double
get_luminance (BoChartColour colour)
{
  const double parts[] = { colour.red, colour.green, colour.blue };
  static const double weights[] = { 0.2126, 0.7152, 0.0722 };
  double sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    sum += weights[i] * (parts[i] <= 0.04045 ? parts[i] / 12.92 : pow ((parts[i] + 0.055) / 1.055, 2.4));
  return sum;
}

/**
 * bo_chart_colour_contrast:
 *
 * Returns: the contrast of two colours, 1 to 21, after WCAG 2.1
 */
double
bo_chart_colour_contrast (BoChartColour a, BoChartColour b)
{
  double first = get_luminance (a);
  double second = get_luminance (b);

  return (MAX (first, second) + 0.05) / (MIN (first, second) + 0.05);
}

/**
 * bo_chart_style_get_edge:
 * @style: a style
 * @tone: what an area or a mark is filled with
 *
 * Yellow on white can hardly be seen, and it is one of the eight; so every
 * area has an edge that can.
 *
 * Returns: the colour of its edge
 */
BoChartColour
bo_chart_style_get_edge (const BoChartStyle *style, BoChartTone tone)
{
  BoChartColour colour = bo_chart_style_get_colour (style, tone);
  BoChartColour background = bo_chart_style_get_colour (style, BO_TONE_BACKGROUND);
  BoChartColour text = bo_chart_style_get_colour (style, BO_TONE_TEXT);

  if (bo_chart_style_is_contrast (style))
    return bo_chart_colour_contrast (colour, background) >= 4.5 ? colour : text;
  for (guint i = 1; i <= 10 && bo_chart_colour_contrast (colour, background) < 3; i++)
    colour = bo_chart_colour_mix (bo_chart_style_get_colour (style, tone), text, i / 10.0);
  return colour;
}

/**
 * bo_chart_style_get_ink:
 *
 * Returns: the colour of text on an area of @tone: black or white, whichever is easier to read
 */
BoChartColour
bo_chart_style_get_ink (const BoChartStyle *style, BoChartTone tone)
{
  static const BoChartColour black = { 0, 0, 0 }, white = { 1, 1, 1 };
  BoChartColour colour = bo_chart_style_get_colour (style, tone);

  return bo_chart_colour_contrast (colour, black) >= bo_chart_colour_contrast (colour, white) ? black : white;
}
