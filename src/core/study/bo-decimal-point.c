/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-decimal-point"

#include "config.h"

#include <string.h>

#include "study/bo-decimal-point.h"

/*
 * A document has the sign of its language, the window and the terminal that of
 * their user, and both are written by one process, in several threads. So the
 * sign is never the C library's: it is the program's, or the one that a thread
 * has asked for while it writes.
 */
static const char *default_point = ".";
static GPrivate current;

/**
 * bo_decimal_point_set_default:
 * @point: "." or what the user's locale has; kept, not copied when it is one of the usual ones
 *
 * For the program's start, before there are threads.
 */
void
bo_decimal_point_set_default (const char *point)
{
  g_return_if_fail (point != NULL);

  default_point = *point != '\0' ? g_intern_string (point) : ".";
}

const char *
bo_decimal_point_get (void)
{
  const char *point = g_private_get (&current);

  return point != NULL ? point : default_point;
}

/**
 * bo_decimal_point_of:
 * @language: (nullable): of a document; %NULL is English
 *
 * Only languages with a catalogue: a document in another one is in English words, and has English numbers.
 *
 * Returns: (transfer none): the sign between whole and fraction
 */
const char *
bo_decimal_point_of (const char *language)
{
  return language != NULL && g_str_has_prefix (language, "de") && !g_ascii_isalpha (language[2]) ? "," : ".";
}

/**
 * bo_decimal_point_begin:
 * @point: (nullable): a sign that lives longer than this; %NULL is "."
 *
 * Returns: what has to be cleared by the same thread: g_auto (BoDecimalPoint)
 */
BoDecimalPoint
bo_decimal_point_begin (const char *point)
{
  BoDecimalPoint self = { .before = g_private_get (&current) };

  g_private_set (&current, (gpointer) (point != NULL ? point : "."));
  return self;
}

void
bo_decimal_point_clear (BoDecimalPoint *point)
{
  g_private_set (&current, (gpointer) point->before);
}

/**
 * bo_decimal_format:
 * @value: a number
 * @format: as for g_ascii_formatd(), "%.3f"
 *
 * Returns: (transfer full): the number with this thread's sign
 */
char *
bo_decimal_format (double value, const char *format)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 320];
  const char *point = bo_decimal_point_get ();
  const char *found;

  g_ascii_formatd (buffer, sizeof buffer, format, value);
  found = strchr (buffer, '.');
  if (found == NULL || g_str_equal (point, "."))
    return g_strdup (buffer);
  return g_strdup_printf ("%.*s%s%s", (int) (found - buffer), buffer, point, found + 1);
}
