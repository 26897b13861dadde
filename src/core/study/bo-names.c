/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-names"

#include "config.h"

#include "study/bo-names.h"

#define ID_MAX 64

/**
 * bo_name_is_id:
 * @text: a candidate
 *
 * An id of a strategy or a base becomes part of image tags, container names
 * and file names, so it is held to what all of those allow: lower-case
 * letters, digits, '-' and '_', beginning with a letter or digit, at most 64
 * characters. (Docker's image names allow lower case alone.)
 *
 * Returns: whether @text can be an id
 */
gboolean
bo_name_is_id (const char *text)
{
  gsize n = 0;

  g_return_val_if_fail (text != NULL, FALSE);

  for (; text[n] != '\0'; n++)
    {
      if (!g_ascii_islower (text[n]) && !g_ascii_isdigit (text[n]) && (n == 0 || (text[n] != '-' && text[n] != '_')))
        return FALSE;
    }
  return n > 0 && n <= ID_MAX;
}

/**
 * bo_name_slug:
 * @text: any text
 *
 * Makes an id out of a title: "Minimal + runtime" becomes "minimal-runtime".
 *
 * Returns: (transfer full): an id for which bo_name_is_id() holds
 */
char *
bo_name_slug (const char *text)
{
  GString *slug = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0' && slug->len < ID_MAX; p++)
    {
      if (g_ascii_isalnum (*p))
        g_string_append_c (slug, g_ascii_tolower (*p));
      else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
        g_string_append_c (slug, '-');
    }
  while (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  if (slug->len == 0)
    g_string_append (slug, "unnamed");
  return g_string_free (slug, FALSE);
}
