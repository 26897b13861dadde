/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-palette"

#include "config.h"

#include <math.h>

#include "activity/bo-log-palette.h"

/* What programs choose is made readable up to this contrast (WCAG 2.1 asks for it in text, 1.4.3). */
#define CONTRAST_MIN 4.5

/* Black, red, green, yellow, blue, magenta, cyan, white, and bright, each at least 4.5 to 1 on its background. */
static const guint32 light[16] = {
  0x241f31, 0xa51d2d, 0x1a6e38, 0x8a5200, 0x1a5fb4, 0x813d9c, 0x0b6b78, 0x5e5c64,
  0x3d3846, 0xc01c28, 0x1f7a3f, 0x905500, 0x1c71d8, 0x9141ac, 0x0e7182, 0x6b6873,
};
static const guint32 dark[16] = {
  0x9a9996, 0xf66151, 0x57e389, 0xf8e45c, 0x78aeed, 0xdc8add, 0x5bc8d6, 0xdeddda,
  0xb0afac, 0xff7b6b, 0x8ff0a4, 0xf9f06b, 0x99c1f1, 0xe6a6e7, 0x93ddc2, 0xffffff,
};

static GdkRGBA
from_hex (guint32 hex, float alpha)
{
  return (GdkRGBA) { (float) (hex >> 16 & 0xff) / 255, (float) (hex >> 8 & 0xff) / 255, (float) (hex & 0xff) / 255,
                     alpha };
}

/**
 * bo_log_palette_init:
 * @palette: (out caller-allocates): the palette
 * @is_dark: whether letters are light on dark
 * @high_contrast: whether more contrast is wanted
 */
void
bo_log_palette_init (BoLogPalette *palette, gboolean is_dark, gboolean high_contrast)
{
  g_return_if_fail (palette != NULL);

  palette->background = from_hex (is_dark ? 0x1e1e1e : 0xffffff, 1);
  palette->text = is_dark ? from_hex (high_contrast ? 0xffffff : 0xe9e8e6, 1)
                          : from_hex (high_contrast ? 0x000000 : 0x2e2b36, 1);
  palette->dim = is_dark ? from_hex (high_contrast ? 0xdeddda : 0x9a9996, 1)
                         : from_hex (high_contrast ? 0x3d3846 : 0x6b6873, 1);
  palette->error = from_hex (is_dark ? 0xff8a7a : 0xb5161f, 1);
  palette->warning = from_hex (is_dark ? 0xf8d95c : 0x8a5200, 1);
  palette->selection = from_hex (0x3584e4, is_dark ? 0.45f : 0.3f);
  palette->match = is_dark ? from_hex (0xe5a50a, 0.35f) : from_hex (0xf6d32d, 0.5f);
  palette->current = is_dark ? from_hex (0xff7800, 0.65f) : from_hex (0xff9d3c, 0.9f);
  for (guint i = 0; i < 16; i++)
    palette->ansi[i] = from_hex (is_dark ? dark[i] : light[i], 1);
}

static double
linear (double value)
{
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
luminance (const GdkRGBA *colour)
{
  return 0.2126 * linear (colour->red) + 0.7152 * linear (colour->green) + 0.0722 * linear (colour->blue);
}

/**
 * bo_log_palette_contrast:
 * @a: a colour, all of it there
 * @b: another
 *
 * Returns: their contrast by WCAG 2.1, from 1 to 21
 */
double
bo_log_palette_contrast (const GdkRGBA *a, const GdkRGBA *b)
{
  double x = luminance (a);
  double y = luminance (b);

  return (MAX (x, y) + 0.05) / (MIN (x, y) + 0.05);
}

static GdkRGBA
mix (const GdkRGBA *from, const GdkRGBA *to, float part)
{
  return (GdkRGBA) { from->red + (to->red - from->red) * part, from->green + (to->green - from->green) * part,
                     from->blue + (to->blue - from->blue) * part, 1 };
}

static GdkRGBA
make_readable (const GdkRGBA *colour, const GdkRGBA *background)
{
  GdkRGBA end = luminance (background) > 0.18 ? (GdkRGBA) { 0, 0, 0, 1 } : (GdkRGBA) { 1, 1, 1, 1 };
  GdkRGBA made = *colour;

  for (float part = 0.1f; part < 1.05f && bo_log_palette_contrast (&made, background) < CONTRAST_MIN; part += 0.1f)
    made = mix (colour, &end, MIN (part, 1.0f));
  return made;
}

static GdkRGBA
get_colour (const BoLogPalette *palette, const BoAnsiColour *colour, const GdkRGBA *otherwise)
{
  guint8 rgb[3];

  switch (colour->kind)
    {
    case BO_ANSI_INDEXED:
      if (colour->red < 16)
        return palette->ansi[colour->red];
      bo_ansi_colour_get_rgb (colour->red, rgb);
      return from_hex ((guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2], 1);
    case BO_ANSI_RGB:
      return from_hex ((guint32) colour->red << 16 | (guint32) colour->green << 8 | colour->blue, 1);
    case BO_ANSI_DEFAULT:
    default:
      return *otherwise;
    }
}

/**
 * bo_log_palette_resolve:
 * @palette: a palette
 * @span: how something is written
 * @foreground: (out): the colour of its letters, readable on what is behind them
 * @background: (out): what is behind them
 *
 * Returns: whether @background is another one than the palette's
 */
gboolean
bo_log_palette_resolve (const BoLogPalette *palette, const BoAnsiSpan *span, GdkRGBA *foreground, GdkRGBA *background)
{
  GdkRGBA front = get_colour (palette, &span->foreground, &palette->text);
  GdkRGBA back = get_colour (palette, &span->background, &palette->background);
  gboolean inverse = (span->flags & BO_ANSI_INVERSE) != 0;

  *background = inverse ? front : back;
  *foreground = inverse ? back : front;
  if ((span->flags & BO_ANSI_DIM) != 0)
    *foreground = mix (foreground, background, 0.35f);
  *foreground = make_readable (foreground, background);
  return inverse || span->background.kind != BO_ANSI_DEFAULT;
}
