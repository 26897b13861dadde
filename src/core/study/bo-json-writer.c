/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-json-writer"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "study/bo-json-writer.h"

/* What is shorter than this goes on one line, as people write it. */
#define LINE_MAX_CHARS 100

static void write_node (GString *out, JsonNode *node, guint indent, guint column, gboolean one_line);

static void
write_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      switch (*text)
        {
        case '"':
          g_string_append (out, "\\\"");
          break;
        case '\\':
          g_string_append (out, "\\\\");
          break;
        case '\n':
          g_string_append (out, "\\n");
          break;
        case '\r':
          g_string_append (out, "\\r");
          break;
        case '\t':
          g_string_append (out, "\\t");
          break;
        default:
          if ((guchar) *text < 0x20 || *text == 0x7f)
            g_string_append_printf (out, "\\u%04x", (guchar) *text);
          else
            g_string_append_c (out, *text);
        }
    }
  g_string_append_c (out, '"');
}

/* The shortest digits that give the same number again; json-glib would write 0.1 as 0.10000000000000001. */
static void
write_double (GString *out, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  for (int precision = 15; precision <= 17; precision++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", precision);

      g_ascii_formatd (digits, sizeof digits, format, value);
      if (g_ascii_strtod (digits, NULL) == value)
        break;
    }
  g_string_append (out, digits);
  if (strpbrk (digits, ".e") == NULL)
    g_string_append (out, ".0");
}

static void
write_break (GString *out, guint indent, gboolean one_line)
{
  if (one_line)
    g_string_append_c (out, ' ');
  else
    g_string_append_printf (out, "\n%*s", (int) indent, "");
}

static void
write_object (GString *out, JsonObject *object, guint indent, gboolean one_line)
{
  g_autoptr (GList) members = json_object_get_members (object);

  if (members == NULL)
    {
      g_string_append (out, "{}");
      return;
    }
  g_string_append_c (out, '{');
  for (GList *l = members; l != NULL; l = l->next)
    {
      gsize start;

      if (l != members)
        g_string_append_c (out, ',');
      write_break (out, indent + 2, one_line);
      start = out->len;
      write_string (out, l->data);
      g_string_append (out, ": ");
      write_node (out, json_object_get_member (object, l->data), indent + 2, indent + 2 + (out->len - start),
                  one_line);
    }
  write_break (out, indent, one_line);
  g_string_append_c (out, '}');
}

static void
write_array (GString *out, JsonArray *array, guint indent, gboolean one_line)
{
  guint n = json_array_get_length (array);

  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      if (!one_line)
        write_break (out, indent + 2, FALSE);
      else if (i > 0)
        g_string_append_c (out, ' ');
      write_node (out, json_array_get_element (array, i), indent + 2, indent + 2, one_line);
    }
  if (!one_line && n > 0)
    write_break (out, indent, FALSE);
  g_string_append_c (out, ']');
}

static gboolean
is_plain (JsonNode *node)
{
  return !JSON_NODE_HOLDS_OBJECT (node) && !JSON_NODE_HOLDS_ARRAY (node);
}

/* One line is for lists of plain values, and for small objects of plain values and such lists. */
static gboolean
may_be_one_line (JsonNode *node, guint depth)
{
  if (is_plain (node))
    return TRUE;
  if (depth == 2)
    return FALSE;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          if (!is_plain (json_array_get_element (array, i)))
            return FALSE;
        }
      return TRUE;
    }
  else
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr (GList) members = json_object_get_members (object);

      for (GList *l = members; l != NULL; l = l->next)
        {
          if (!may_be_one_line (json_object_get_member (object, l->data), depth + 1))
            return FALSE;
        }
      return TRUE;
    }
}

static void
write_node (GString *out, JsonNode *node, guint indent, guint column, gboolean one_line)
{
  if (!one_line && !is_plain (node) && indent > 0 && may_be_one_line (node, 0))
    {
      g_autoptr (GString) line = g_string_new (NULL);

      write_node (line, node, 0, 0, TRUE);
      if (column + g_utf8_strlen (line->str, line->len) <= LINE_MAX_CHARS)
        {
          g_string_append_len (out, line->str, line->len);
          return;
        }
    }

  if (JSON_NODE_HOLDS_OBJECT (node))
    write_object (out, json_node_get_object (node), indent, one_line);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    write_array (out, json_node_get_array (node), indent, one_line);
  else if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (out, "null");
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    write_string (out, json_node_get_string (node));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (json_node_get_value_type (node) == G_TYPE_INT64)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else
    write_double (out, json_node_get_double (node));
}

/**
 * bo_json_write_pretty:
 * @node: JSON
 *
 * Writes JSON for people: two spaces a level, keys in their order, and what
 * is short and not nested on one line.
 *
 * Returns: (transfer full): the text, with a line end
 */
char *
bo_json_write_pretty (JsonNode *node)
{
  GString *out = g_string_new (NULL);

  write_node (out, node, 0, 0, FALSE);
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}
