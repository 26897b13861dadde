/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A line with the escape sequences of a terminal, taken apart into its text and
 * how it is written (ECMA-48 "select graphic rendition", with the 256 colours and true colours of xterm).
 */

/**
 * BoAnsiColourKind:
 * @BO_ANSI_DEFAULT: the one of the text around it
 * @BO_ANSI_INDEXED: one of the 256 of a terminal, of which the first 16 are the user's
 * @BO_ANSI_RGB: this one
 */
typedef enum
{
  BO_ANSI_DEFAULT,
  BO_ANSI_INDEXED,
  BO_ANSI_RGB,
} BoAnsiColourKind;

typedef struct
{
  guint8 kind; /* BoAnsiColourKind */
  guint8 red;  /* or the index */
  guint8 green;
  guint8 blue;
} BoAnsiColour;

typedef enum
{
  BO_ANSI_BOLD = 1 << 0,
  BO_ANSI_DIM = 1 << 1,
  BO_ANSI_ITALIC = 1 << 2,
  BO_ANSI_UNDERLINE = 1 << 3,
  BO_ANSI_INVERSE = 1 << 4,
  BO_ANSI_STRIKE = 1 << 5,
} BoAnsiFlags;

/**
 * BoAnsiSpan: bytes of the text that are not written as the rest
 * @begin: the first
 * @end: the one after the last
 * @foreground: colour of the letters
 * @background: what is behind them
 * @flags: #BoAnsiFlags
 */
typedef struct
{
  guint begin;
  guint end;
  BoAnsiColour foreground;
  BoAnsiColour background;
  guint flags;
} BoAnsiSpan;

char *bo_ansi_text_parse (const char *text, gsize length, GArray **spans);
gsize bo_ansi_text_strip (const char *text, gsize length, char *plain);
void bo_ansi_colour_get_rgb (guint index, guint8 rgb[3]);

G_END_DECLS
