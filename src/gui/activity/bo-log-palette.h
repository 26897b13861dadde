/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gdk/gdk.h>

#include "journal/bo-ansi-text.h"

G_BEGIN_DECLS

/**
 * BoLogPalette: the colours of a log
 * @background: behind all
 * @text: of lines
 * @dim: of times and remarks
 * @error: of lines that call themselves errors
 * @warning: of those that call themselves warnings
 * @selection: behind what is selected
 * @match: behind what was found
 * @current: behind what was found and is gone to
 * @ansi: the 16 colours of a terminal, readable on @background
 */
typedef struct
{
  GdkRGBA background;
  GdkRGBA text;
  GdkRGBA dim;
  GdkRGBA error;
  GdkRGBA warning;
  GdkRGBA selection;
  GdkRGBA match;
  GdkRGBA current;
  GdkRGBA ansi[16];
} BoLogPalette;

void bo_log_palette_init (BoLogPalette *palette, gboolean dark, gboolean high_contrast);
gboolean bo_log_palette_resolve (const BoLogPalette *palette,
                                 const BoAnsiSpan *span,
                                 GdkRGBA *foreground,
                                 GdkRGBA *background);
double bo_log_palette_contrast (const GdkRGBA *a, const GdkRGBA *b);

G_END_DECLS
