/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-volume-usage"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "durable/bo-contents-stream.h"
#include "durable/bo-device-courier.h"
#include "durable/bo-volume-usage.h"

static gboolean
not_understood (GError **error, const char *line)
{
  g_autofree char *shown = g_strdup_printf ("%.200s", line);
  g_autofree char *valid = g_utf8_make_valid (shown, -1);

  g_set_error (error, BO_DEVICE_COURIER_ERROR, BO_DEVICE_COURIER_ERROR_COMMAND,
               _ ("What the courier on the device said cannot be understood: “%s”"), valid);
  return FALSE;
}

static gboolean
parse_number (const char *word, guint64 *number)
{
  return word != NULL && g_ascii_string_to_unsigned (word, 10, 0, G_MAXINT64, number, NULL);
}

/**
 * bo_volume_parse_count:
 * @text: a line "WORD N BYTES", or a line "WORD N BYTES" among others
 * @word: the word
 * @n: (out) (optional)
 * @bytes: (out) (optional)
 *
 * Returns: whether there was such a line
 */
gboolean
bo_volume_parse_count (const char *text, const char *word, guint64 *n, guint64 *bytes, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) words = g_strsplit (*line, " ", 4);
      guint64 found_n, found_bytes;

      if (words[0] == NULL || !g_str_equal (words[0], word))
        continue;
      if (g_strv_length (words) != 3 || !parse_number (words[1], &found_n)
          || !parse_number (words[2], &found_bytes))
        return not_understood (error, *line);
      if (n != NULL)
        *n = found_n;
      if (bytes != NULL)
        *bytes = found_bytes;
      return TRUE;
    }
  return not_understood (error, text);
}

void
bo_volume_usage_free (BoVolumeUsage *usage)
{
  if (usage == NULL)
    return;
  g_hash_table_unref (usage->campaigns);
  g_free (usage);
}

/**
 * bo_volume_usage_parse:
 * @text: what "usage" printed
 *
 * Returns: (transfer full) (nullable): what it says
 */
BoVolumeUsage *
bo_volume_usage_parse (const char *text, GError **error)
{
  g_autoptr (BoVolumeUsage) usage = g_new0 (BoVolumeUsage, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  usage->campaigns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!bo_volume_parse_count (text, "contents", &usage->n_contents, &usage->contents_bytes, error)
      || !bo_volume_parse_count (text, "incoming", &usage->n_incoming, &usage->incoming_bytes, error))
    return NULL;
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) words = NULL;
      guint64 bytes;

      if (!g_str_has_prefix (*line, "campaign "))
        continue;
      words = g_strsplit (*line, " ", 5);
      if (g_strv_length (words) != 4 || words[1][0] == '\0' || !parse_number (words[2], &bytes))
        {
          not_understood (error, *line);
          return NULL;
        }
      usage->campaigns_bytes += bytes;
      g_hash_table_insert (usage->campaigns, g_strdup (words[1]), g_strdup (words[3]));
    }
  return g_steal_pointer (&usage);
}

/**
 * bo_volume_parse_missing:
 * @text: what "missing" printed: lines "HEX SIZE"
 *
 * Returns: (transfer full) (element-type BoMissingContent) (nullable): what it says
 */
GArray *
bo_volume_parse_missing (const char *text, GError **error)
{
  g_autoptr (GArray) contents = g_array_new (FALSE, TRUE, sizeof (BoMissingContent));
  const char *line = text;

  while (*line != '\0')
    {
      const char *end = strchr (line, '\n');
      g_autofree char *size = NULL;
      BoMissingContent content = { 0 };

      if (end == NULL || end - line < 66 || strspn (line, "0123456789abcdef") != 64 || line[64] != ' ')
        {
          not_understood (error, line);
          return NULL;
        }
      memcpy (content.sha256, line, 64);
      size = g_strndup (line + 65, (gsize) (end - line - 65));
      if (!parse_number (size, &content.size))
        {
          not_understood (error, line);
          return NULL;
        }
      g_array_append_val (contents, content);
      line = end + 1;
    }
  return g_steal_pointer (&contents);
}
