/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-json"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-json.h"

/* json-glib reads nested values by recursion, so depth is a matter of stack. */
#define DEPTH_MAX 256

static gboolean
refuse_character (char c,
                  gsize offset,
                  GError **error)
{
  if (g_ascii_isprint (c))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("there is a “%c” at byte %zu, where JSON has none"), c, offset);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("there is a byte 0x%02x at byte %zu, where JSON has none"), (guchar) c, offset);
  return FALSE;
}

/*
 * What json-glib is not to be given. It follows nesting by recursion, so depth is
 * counted first; for that to count what json-glib will see, its extensions (comments, strings
 * in single quotes, "var x =") are refused, which can hide brackets, or a quotation
 * mark after which all brackets seem to be in a string. Of two values behind each other it
 * loses the first one's memory (1.6).
 */
static gboolean
check_shape (const char *text,
             gsize length,
             GError **error)
{
  guint depth = 0;
  gboolean in_string = FALSE;
  gboolean in_word = FALSE; /* a number or word that is the whole text */
  gboolean closed = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (in_string)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            {
              in_string = FALSE;
              closed = depth == 0;
            }
          continue;
        }
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        {
          closed = closed || in_word;
          continue;
        }
      if (closed || (in_word && strchr ("[{\"", c) != NULL))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                               _ ("there is more behind the end of the JSON value"));
          return FALSE;
        }
      if (c == '"')
        in_string = TRUE;
      else if (c == '[' || c == '{')
        {
          if (++depth > DEPTH_MAX)
            {
              g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("JSON is nested more than %d deep"), DEPTH_MAX);
              return FALSE;
            }
        }
      else if ((c == ']' || c == '}') && depth > 0)
        closed = --depth == 0;
      else if (g_ascii_isalnum (c) || c == '-' || c == '+' || c == '.')
        in_word = depth == 0;
      else if (c != ',' && c != ':')
        return refuse_character (c, i, error);
    }
  return TRUE;
}

static int
hex4 (const char *text,
      gsize length)
{
  int value = 0;

  if (length < 4)
    return -1;
  for (gsize i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

/*
 * json-glib cuts a string at \u0000, and makes invalid UTF-8 of half a
 * surrogate pair (or refuses the whole text). Both are valid JSON and come
 * from programs whose output is not text, so they become U+FFFD.
 * Answers NULL when there is nothing of that kind.
 */
static char *
replace_bad_escapes (const char *text,
                     gsize length)
{
  char *copy = NULL;

  for (gsize i = 0; i + 1 < length; i++)
    {
      int unit;

      if (text[i] != '\\')
        continue;
      if (text[i + 1] != 'u' || (unit = hex4 (text + i + 2, length - i - 2)) < 0)
        {
          i++;
          continue;
        }
      if (unit >= 0xd800 && unit < 0xdc00 && i + 7 < length && text[i + 6] == '\\' && text[i + 7] == 'u')
        {
          int low = hex4 (text + i + 8, length - i - 8);

          if (low >= 0xdc00 && low < 0xe000)
            {
              i += 11;
              continue;
            }
        }
      if (unit == 0 || (unit >= 0xd800 && unit < 0xe000))
        {
          if (copy == NULL)
            {
              copy = g_malloc (length + 1);
              memcpy (copy, text, length);
              copy[length] = '\0';
            }
          memcpy (copy + i + 2, "fffd", 4);
        }
      i += 5;
    }
  return copy;
}

/**
 * bo_json_parse:
 * @text: JSON text, not trusted
 * @length: its length in bytes, or -1 when it ends with NUL
 *
 * Reads one JSON text of at most %BO_JSON_MAX_BYTES bytes, nested at most 256
 * deep. What is not valid UTF-8 in it is replaced first (an engine passes on
 * the bytes of a build's output), and so are escaped NULs and halves of surrogate pairs.
 *
 * Returns: (transfer full): its root
 */
JsonNode *
bo_json_parse (const char *text,
               gssize length,
               GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autofree char *valid = NULL;
  g_autofree char *escaped = NULL;
  JsonNode *root;
  gsize n_bytes;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (text == NULL)
    text = "";
  n_bytes = length < 0 ? strlen (text) : (gsize) length;
  if (n_bytes > BO_JSON_MAX_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, _ ("JSON of %zu bytes is too large"),
                   n_bytes);
      return NULL;
    }
  if (!check_shape (text, n_bytes, error))
    return NULL;
  if (!g_utf8_validate_len (text, n_bytes, NULL))
    {
      valid = g_utf8_make_valid (text, (gssize) n_bytes);
      text = valid;
      n_bytes = strlen (valid);
    }
  escaped = replace_bad_escapes (text, n_bytes);
  if (escaped != NULL)
    text = escaped;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize) n_bytes, error))
    return NULL;
  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("there is no JSON value"));
  return root;
}

static JsonNode *
get_member (JsonObject *object,
            const char *member)
{
  g_return_val_if_fail (member != NULL, NULL);

  return object == NULL ? NULL : json_object_get_member (object, member);
}

static const char *
node_get_string (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

/**
 * bo_json_get_string:
 * @object: (nullable): an object
 * @fallback: (nullable): the answer when there is no such string
 *
 * Returns: (transfer none) (nullable): the string @member of @object
 */
const char *
bo_json_get_string (JsonObject *object,
                    const char *member,
                    const char *fallback)
{
  const char *string = node_get_string (get_member (object, member));

  return string == NULL ? fallback : string;
}

/**
 * bo_json_get_int:
 *
 * Returns: the whole number @member of @object. A number with a fraction is
 * cut, and one that does not fit is @fallback, as is anything else.
 */
gint64
bo_json_get_int (JsonObject *object,
                 const char *member,
                 gint64 fallback)
{
  JsonNode *node = get_member (object, member);
  GType type;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_INT64)
    return json_node_get_int (node);
  if (type == G_TYPE_DOUBLE)
    {
      double value = json_node_get_double (node);

      /* 2^63 is the first double that a gint64 cannot hold. NaN fails both. */
      if (value > -9223372036854775808.0 && value < 9223372036854775808.0)
        return (gint64) value;
    }
  return fallback;
}

gboolean
bo_json_get_boolean (JsonObject *object,
                     const char *member,
                     gboolean fallback)
{
  JsonNode *node = get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fallback;
  return json_node_get_boolean (node);
}

/**
 * bo_json_node_get_object:
 * @node: (nullable): a node
 *
 * Returns: (transfer none) (nullable): its object, if that is what it is
 */
JsonObject *
bo_json_node_get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
bo_json_node_get_array (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
bo_json_get_object (JsonObject *object,
                    const char *member)
{
  return bo_json_node_get_object (get_member (object, member));
}

JsonArray *
bo_json_get_array (JsonObject *object,
                   const char *member)
{
  return bo_json_node_get_array (get_member (object, member));
}

/**
 * bo_json_array_get_length:
 * @array: (nullable): an array
 *
 * Returns: its number of elements; 0 for %NULL
 */
guint
bo_json_array_get_length (JsonArray *array)
{
  return array == NULL ? 0 : json_array_get_length (array);
}

JsonObject *
bo_json_array_get_object (JsonArray *array,
                          guint index)
{
  return index < bo_json_array_get_length (array) ? bo_json_node_get_object (json_array_get_element (array, index))
                                                  : NULL;
}

const char *
bo_json_array_get_string (JsonArray *array,
                          guint index)
{
  return index < bo_json_array_get_length (array) ? node_get_string (json_array_get_element (array, index)) : NULL;
}

/**
 * bo_json_get_strings:
 *
 * Returns: (transfer full) (element-type utf8): the strings of the array
 * @member, without elements of another type; empty when there is none
 */
GPtrArray *
bo_json_get_strings (JsonObject *object,
                     const char *member)
{
  GPtrArray *strings = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array = bo_json_get_array (object, member);

  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    {
      const char *string = bo_json_array_get_string (array, i);

      if (string != NULL)
        g_ptr_array_add (strings, g_strdup (string));
    }
  return strings;
}

/**
 * bo_json_node_copy:
 * @node: a value
 *
 * json-glib's own copy shares objects and arrays with what it is a copy of.
 *
 * Returns: (transfer full): a copy that shares nothing
 */
JsonNode *
bo_json_node_copy (JsonNode *node)
{
  g_autoptr (GList) members = NULL;
  JsonObject *object;
  JsonArray *array;
  JsonNode *copy;

  g_return_val_if_fail (node != NULL, NULL);

  copy = json_node_new (json_node_get_node_type (node));
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      object = json_object_new ();
      members = json_object_get_members (json_node_get_object (node));
      for (GList *l = members; l != NULL; l = l->next)
        json_object_set_member (object, l->data,
                                bo_json_node_copy (json_object_get_member (json_node_get_object (node), l->data)));
      json_node_take_object (copy, object);
      break;
    case JSON_NODE_ARRAY:
      array = json_array_new ();
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        json_array_add_element (array, bo_json_node_copy (json_array_get_element (json_node_get_array (node), i)));
      json_node_take_array (copy, array);
      break;
    case JSON_NODE_VALUE:
      {
        g_auto (GValue) value = G_VALUE_INIT;

        json_node_get_value (node, &value);
        json_node_set_value (copy, &value);
        break;
      }
    case JSON_NODE_NULL:
    default:
      break;
    }
  return copy;
}

/**
 * bo_json_node_to_text:
 * @node: a value
 * @pretty: whether in lines, indented by two spaces
 *
 * Returns: (transfer full): @node as JSON text without a final newline
 */
char *
bo_json_node_to_text (JsonNode *node,
                      gboolean pretty)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  g_return_val_if_fail (node != NULL, NULL);

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, pretty);
  return json_generator_to_data (generator, NULL);
}
