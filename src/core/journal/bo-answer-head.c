/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-answer-head"

#include "config.h"

#include <string.h>

#include "journal/bo-answer-head.h"
#include "journal/bo-log-text.h"
#include "study/bo-json.h"

void
bo_answer_head_clear (BoAnswerHead *head)
{
  head->status = 0;
  g_clear_pointer (&head->content_type, g_free);
}

/**
 * bo_answer_head_parse:
 * @head: what is filled in; what was there is given up
 * @bytes: status line and headers as they came
 * @length: how many bytes
 */
void
bo_answer_head_parse (BoAnswerHead *head, const char *bytes, gsize length)
{
  g_autofree char *text = g_strndup (bytes, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 256);

  bo_answer_head_clear (head);
  if (lines[0] == NULL || !g_str_has_prefix (lines[0], "HTTP/1.") || strlen (lines[0]) < 12)
    return;
  for (guint i = 9; i < 12; i++)
    {
      if (!g_ascii_isdigit (lines[0][i]))
        return;
    }
  /* As the courier reads it: three digits, and then the reason or nothing. */
  if (lines[0][9] == '0' || strchr (" \r", lines[0][12]) == NULL)
    return;
  head->status = (guint) (lines[0][9] - '0') * 100 + (guint) (lines[0][10] - '0') * 10 + (guint) (lines[0][11] - '0');
  for (guint i = 1; lines[i] != NULL; i++)
    {
      const char *name = "content-type:";

      if (g_ascii_strncasecmp (lines[i], name, strlen (name)) == 0)
        {
          const char *value = lines[i] + strlen (name);
          g_autofree char *type = g_strndup (value, strcspn (value, ";"));

          g_free (head->content_type);
          head->content_type = g_ascii_strdown (g_strstrip (type), -1);
        }
    }
}

/**
 * bo_answer_get_message:
 * @body: the body of an answer that says no
 * @length: how many bytes
 *
 * The engine answers {"message": …}; some of its parts, and proxies, answer
 * plain text.
 *
 * Returns: (transfer full) (nullable): its words, without a line end; %NULL when there are none
 */
char *
bo_answer_get_message (const char *body, gsize length)
{
  g_autoptr (JsonNode) node = length > 0 ? bo_json_parse (body, (gssize) length, NULL) : NULL;
  const char *message = bo_json_get_string (bo_json_node_get_object (node), "message", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  if (message != NULL)
    lines = g_strsplit (message, "\n", -1);
  else
    {
      g_autofree char *copy = g_utf8_make_valid (body != NULL ? body : "", (gssize) MIN (length, 4096));

      lines = g_strsplit (copy, "\n", -1);
    }
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = bo_log_text_clean (lines[i], strlen (g_strchomp (lines[i])));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
    }
  g_strchomp (text->str);
  return text->str[0] != '\0' ? g_strdup (text->str) : NULL;
}
