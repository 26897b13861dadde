/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-ansi-text"

#include "config.h"

#include <string.h>

#include "journal/bo-ansi-text.h"

/* More numbers in one sequence are no colours of anybody. */
#define NUMBERS_MAX 32

typedef struct
{
  BoAnsiColour foreground;
  BoAnsiColour background;
  guint flags;
} Style;

static gboolean
is_plain (const Style *style)
{
  return style->foreground.kind == BO_ANSI_DEFAULT && style->background.kind == BO_ANSI_DEFAULT && style->flags == 0;
}

static gboolean
is_same (const Style *style, const BoAnsiSpan *span)
{
  return memcmp (&style->foreground, &span->foreground, sizeof (BoAnsiColour)) == 0
         && memcmp (&style->background, &span->background, sizeof (BoAnsiColour)) == 0 && style->flags == span->flags;
}

/*
 * The escape sequence at @text, which begins with ESC: its length, at least 1.
 * @final is its last byte when it is a control sequence, else 0. One without an end is all that is left.
 */
static gsize
measure (const char *text, gsize length, char *final)
{
  gsize i = 2;

  *final = 0;
  if (length < 2)
    return length;
  if (text[1] == '[')
    {
      while (i < length && (guchar) text[i] >= 0x20 && (guchar) text[i] <= 0x3f)
        i++;
      if (i < length && (guchar) text[i] >= 0x40 && (guchar) text[i] <= 0x7e)
        *final = text[i++];
      return i;
    }
  if (text[1] == ']')
    {
      for (; i < length; i++)
        {
          if (text[i] == '\a')
            return i + 1;
          if (text[i] == '\033' && i + 1 < length && text[i + 1] == '\\')
            return i + 2;
        }
      return length;
    }
  return (guchar) text[1] >= 0x20 && (guchar) text[1] <= 0x7e ? 2 : 1;
}

/* Parameters of a control sequence: numbers between ';' or ':'. A missing one is 0. Returns how many. */
static guint
read_numbers (const char *text, gsize length, guint numbers[NUMBERS_MAX])
{
  guint n = 0;
  guint value = 0;

  for (gsize i = 0; i < length && n < NUMBERS_MAX; i++)
    {
      if (g_ascii_isdigit (text[i]))
        value = MIN (value * 10 + (guint) (text[i] - '0'), 100000);
      else if (text[i] == ';' || text[i] == ':')
        {
          numbers[n++] = value;
          value = 0;
        }
      else
        return 0; /* private, as "ESC [ > 4 m" */
    }
  if (n < NUMBERS_MAX)
    numbers[n++] = value;
  return n;
}

/* "38;5;INDEX" or "38;2;R;G;B", without its first number. Returns how many numbers it took. */
static guint
read_colour (const guint *numbers, guint n, BoAnsiColour *colour)
{
  if (n >= 2 && numbers[0] == 5)
    {
      if (numbers[1] <= 255)
        *colour = (BoAnsiColour) { BO_ANSI_INDEXED, (guint8) numbers[1], 0, 0 };
      return 2;
    }
  if (n >= 4 && numbers[0] == 2)
    {
      if (numbers[1] <= 255 && numbers[2] <= 255 && numbers[3] <= 255)
        *colour = (BoAnsiColour) { BO_ANSI_RGB, (guint8) numbers[1], (guint8) numbers[2], (guint8) numbers[3] };
      return 4;
    }
  return n;
}

static void
apply (Style *style, const guint *numbers, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      guint number = numbers[i];

      switch (number)
        {
        case 0:
          memset (style, 0, sizeof *style);
          break;
        case 1:
          style->flags |= BO_ANSI_BOLD;
          break;
        case 2:
          style->flags |= BO_ANSI_DIM;
          break;
        case 3:
          style->flags |= BO_ANSI_ITALIC;
          break;
        case 4:
        case 21:
          style->flags |= BO_ANSI_UNDERLINE;
          break;
        case 7:
          style->flags |= BO_ANSI_INVERSE;
          break;
        case 9:
          style->flags |= BO_ANSI_STRIKE;
          break;
        case 22:
          style->flags &= ~(guint) (BO_ANSI_BOLD | BO_ANSI_DIM);
          break;
        case 23:
          style->flags &= ~(guint) BO_ANSI_ITALIC;
          break;
        case 24:
          style->flags &= ~(guint) BO_ANSI_UNDERLINE;
          break;
        case 27:
          style->flags &= ~(guint) BO_ANSI_INVERSE;
          break;
        case 29:
          style->flags &= ~(guint) BO_ANSI_STRIKE;
          break;
        case 38:
          i += read_colour (numbers + i + 1, n - i - 1, &style->foreground);
          break;
        case 48:
          i += read_colour (numbers + i + 1, n - i - 1, &style->background);
          break;
        case 39:
          style->foreground = (BoAnsiColour) { 0 };
          break;
        case 49:
          style->background = (BoAnsiColour) { 0 };
          break;
        default:
          if (number >= 30 && number <= 37)
            style->foreground = (BoAnsiColour) { BO_ANSI_INDEXED, (guint8) (number - 30), 0, 0 };
          else if (number >= 90 && number <= 97)
            style->foreground = (BoAnsiColour) { BO_ANSI_INDEXED, (guint8) (number - 90 + 8), 0, 0 };
          else if (number >= 40 && number <= 47)
            style->background = (BoAnsiColour) { BO_ANSI_INDEXED, (guint8) (number - 40), 0, 0 };
          else if (number >= 100 && number <= 107)
            style->background = (BoAnsiColour) { BO_ANSI_INDEXED, (guint8) (number - 100 + 8), 0, 0 };
          break;
        }
    }
}

static void
add_span (GArray *spans, const Style *style, guint begin, guint end)
{
  BoAnsiSpan span = { begin, end, style->foreground, style->background, style->flags };

  if (begin == end || is_plain (style))
    return;
  if (spans->len > 0)
    {
      BoAnsiSpan *last = &g_array_index (spans, BoAnsiSpan, spans->len - 1);

      if (last->end == begin && is_same (style, last))
        {
          last->end = end;
          return;
        }
    }
  g_array_append_val (spans, span);
}

/**
 * bo_ansi_text_parse:
 * @text: a line
 * @length: its bytes
 * @spans: (out) (transfer full) (nullable) (element-type BoAnsiSpan): what is not written as the rest, in order;
 *   %NULL for nothing
 *
 * Each line stands for itself: a colour that an earlier one did not end does not go on.
 *
 * Returns: (transfer full): its text, without any escape sequence
 */
char *
bo_ansi_text_parse (const char *text, gsize length, GArray **spans)
{
  Style style = { 0 };
  GString *plain;
  guint begin = 0;

  g_return_val_if_fail ((text != NULL || length == 0) && spans != NULL, NULL);

  *spans = NULL;
  if (length == 0 || memchr (text, '\033', length) == NULL)
    return g_strndup (text, length);

  plain = g_string_sized_new (length);
  *spans = g_array_new (FALSE, FALSE, sizeof (BoAnsiSpan));
  for (gsize i = 0; i < length;)
    {
      const char *escape = memchr (text + i, '\033', length - i);
      gsize stop = escape != NULL ? (gsize) (escape - text) : length;
      char final;
      gsize n;

      g_string_append_len (plain, text + i, (gssize) (stop - i));
      if (escape == NULL)
        break;
      n = measure (escape, length - stop, &final);
      if (final == 'm')
        {
          guint numbers[NUMBERS_MAX];

          add_span (*spans, &style, begin, (guint) plain->len);
          begin = (guint) plain->len;
          apply (&style, numbers, read_numbers (escape + 2, n - 3, numbers));
        }
      i = stop + n;
    }
  add_span (*spans, &style, begin, (guint) plain->len);
  if ((*spans)->len == 0)
    g_clear_pointer (spans, g_array_unref);
  return g_string_free (plain, FALSE);
}

/**
 * bo_ansi_text_strip:
 * @text: a line
 * @length: its bytes
 * @plain: (out caller-allocates): as many bytes, for its text without escape sequences
 *
 * Returns: bytes in @plain
 */
gsize
bo_ansi_text_strip (const char *text, gsize length, char *plain)
{
  gsize used = 0;

  for (gsize i = 0; i < length;)
    {
      const char *escape = memchr (text + i, '\033', length - i);
      gsize stop = escape != NULL ? (gsize) (escape - text) : length;
      char final;

      memmove (plain + used, text + i, stop - i);
      used += stop - i;
      i = stop;
      if (escape != NULL)
        i += measure (escape, length - stop, &final);
    }
  return used;
}

/**
 * bo_ansi_colour_get_rgb:
 * @index: of one of the 256 colours, from 16
 * @rgb: (out caller-allocates): red, green and blue
 *
 * Those after the first 16, which are the user's, are a cube of 6 x 6 x 6 and 24 greys, as in xterm.
 */
void
bo_ansi_colour_get_rgb (guint index, guint8 rgb[3])
{
  static const guint8 levels[] = { 0, 95, 135, 175, 215, 255 };

  g_return_if_fail (index >= 16 && index <= 255);

  if (index >= 232)
    rgb[0] = rgb[1] = rgb[2] = (guint8) (8 + 10 * (index - 232));
  else
    {
      rgb[0] = levels[(index - 16) / 36];
      rgb[1] = levels[(index - 16) / 6 % 6];
      rgb[2] = levels[(index - 16) % 6];
    }
}
