/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-quantity"

#include "config.h"

#include <string.h>

#include "study/bo-quantity.h"

/* Reads decimal digits at @text; FALSE when there are none or they do not fit. */
static gboolean
parse_digits (const char **text, gint64 *value)
{
  const char *p = *text;

  *value = 0;
  for (; g_ascii_isdigit (*p); p++)
    {
      if (*value > (G_MAXINT64 - 9) / 10)
        return FALSE;
      *value = *value * 10 + (*p - '0');
    }
  if (p == *text)
    return FALSE;
  *text = p;
  return TRUE;
}

/**
 * bo_quantity_parse_duration:
 * @text: "6h", "90m", "1h30m", "45s", "1d", "500ms", or seconds as a plain number
 * @duration_us: (out): microseconds
 *
 * Units go from large to small, each at most once.
 *
 * Returns: whether @text is a duration; @duration_us is set only then
 */
gboolean
bo_quantity_parse_duration (const char *text, gint64 *duration_us)
{
  static const struct
  {
    const char *unit;
    gint64 us;
  } units[] = {
    { "d", 24 * G_TIME_SPAN_HOUR }, { "h", G_TIME_SPAN_HOUR },         { "m", G_TIME_SPAN_MINUTE },
    { "s", G_TIME_SPAN_SECOND },    { "ms", G_TIME_SPAN_MILLISECOND },
  };
  gint64 total = 0, value, part;
  guint next = 0;

  g_return_val_if_fail (text != NULL && duration_us != NULL, FALSE);

  do
    {
      gsize n = 0;
      guint i;

      if (!parse_digits (&text, &value))
        return FALSE;
      while (g_ascii_isalpha (text[n]))
        n++;
      if (n == 0)
        {
          if (*text != '\0' || next != 0 || __builtin_mul_overflow (value, G_TIME_SPAN_SECOND, &part))
            return FALSE;
          *duration_us = part;
          return TRUE;
        }
      for (i = next; i < G_N_ELEMENTS (units); i++)
        {
          if (strlen (units[i].unit) == n && g_ascii_strncasecmp (text, units[i].unit, n) == 0)
            break;
        }
      if (i == G_N_ELEMENTS (units) || __builtin_mul_overflow (value, units[i].us, &part)
          || __builtin_add_overflow (total, part, &total))
        return FALSE;
      next = i + 1;
      text += n;
    }
  while (*text != '\0');

  *duration_us = total;
  return TRUE;
}

/**
 * bo_quantity_parse_size:
 * @text: "2g", "512m", "64k", "1t", "1024b", or bytes as a plain number; units are powers of 1024 as
 *   docker takes them ("2GB" and "2GiB" are the same)
 * @bytes: (out): bytes
 *
 * Returns: whether @text is a size; @bytes is set only then
 */
gboolean
bo_quantity_parse_size (const char *text, gint64 *bytes)
{
  static const char prefixes[] = "kmgtp";
  gint64 value, factor = 1;

  g_return_val_if_fail (text != NULL && bytes != NULL, FALSE);

  if (!parse_digits (&text, &value))
    return FALSE;
  if (text[0] == ' ' && text[1] != '\0')
    text++;
  if (*text != '\0')
    {
      const char *prefix = strchr (prefixes, g_ascii_tolower (*text));

      if (prefix != NULL)
        {
          for (const char *p = prefixes; p <= prefix; p++)
            factor *= 1024;
          text++;
          if (g_ascii_tolower (*text) == 'i' && g_ascii_tolower (text[1]) == 'b')
            text++;
        }
      if (g_ascii_tolower (*text) == 'b')
        text++;
    }
  if (*text != '\0')
    return FALSE;
  return !__builtin_mul_overflow (value, factor, bytes);
}
