/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-reader"

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-names.h"
#include "study/bo-quantity.h"
#include "study/bo-study-reader.h"
#include "study/bo-variables.h"

/* The longest text that a problem quotes, in characters. */
#define QUOTE_MAX 60

/* Longer limits than this are a slip, and would come near the end of the clock's range. */
#define DURATION_MAX (365 * G_TIME_SPAN_DAY)

/**
 * bo_study_reader_error:
 * @reader: a reader
 * @path: JSON path of the value
 * @expected: (nullable): what should be there
 * @found: (nullable): what is there
 * @format: a sentence for people, translated
 */
void
bo_study_reader_error (BoStudyReader *reader,
                       const char *path,
                       const char *expected,
                       const char *found,
                       const char *format,
                       ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  bo_problems_add (reader->problems, BO_PROBLEM_ERROR, path, bo_json_map_get_line (reader->map, path),
                   expected, found, "%s", message);
}

/**
 * bo_study_reader_warning:
 * @reader: a reader
 * @path: JSON path of the value
 * @expected: (nullable): what should be there
 * @found: (nullable): what is there
 * @format: a sentence for people, translated
 */
void
bo_study_reader_warning (BoStudyReader *reader,
                         const char *path,
                         const char *expected,
                         const char *found,
                         const char *format,
                         ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  bo_problems_add (reader->problems, BO_PROBLEM_WARNING, path, bo_json_map_get_line (reader->map, path),
                   expected, found, "%s", message);
}

/**
 * bo_study_reader_quote:
 * @text: (nullable): any UTF-8
 *
 * Returns: (transfer full): @text in quotes, on one line and not too long
 */
char *
bo_study_reader_quote (const char *text)
{
  g_autofree char *shown = NULL;

  if (text == NULL)
    return g_strdup (_ ("nothing"));
  if (g_utf8_strlen (text, -1) > QUOTE_MAX)
    {
      g_autofree char *start = g_utf8_substring (text, 0, QUOTE_MAX);

      shown = g_strconcat (start, "…", NULL);
    }
  else
    shown = g_strdup (text);
  for (char *p = shown; *p != '\0'; p++)
    {
      /* Control characters, DEL among them, would let a file drive the terminal. */
      if ((guchar) *p < 0x20 || *p == 0x7f)
        *p = ' ';
    }
  return g_strdup_printf ("“%s”", shown);
}

/**
 * bo_study_reader_describe:
 * @node: (nullable): a value
 *
 * Returns: (transfer full): what it is, in words for "found"
 */
char *
bo_study_reader_describe (JsonNode *node)
{
  if (node == NULL)
    return g_strdup (_ ("nothing"));

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      return g_strdup (_ ("an object"));
    case JSON_NODE_ARRAY:
      return g_strdup (_ ("an array"));
    case JSON_NODE_NULL:
      return g_strdup ("null");
    case JSON_NODE_VALUE:
    default:
      break;
    }
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return bo_study_reader_quote (json_node_get_string (node));
    case G_TYPE_BOOLEAN:
      return g_strdup (json_node_get_boolean (node) ? "true" : "false");
    case G_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
    default:
      {
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        return g_strdup (g_ascii_dtostr (number, sizeof number, json_node_get_double (node)));
      }
    }
}

/**
 * bo_study_reader_check_keys:
 * @reader: a reader
 * @object: an object of the file
 * @path: its path
 * @kind: what kind of object it is
 *
 * Warns about keys that are not known; they are kept when the file is saved.
 */
void
bo_study_reader_check_keys (BoStudyReader *reader, JsonObject *object, const char *path, BoStudyObject kind)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *member = NULL;
      g_autofree char *found = NULL;
      const char *similar;

      if (g_strv_contains (bo_study_object_get_keys (kind), l->data))
        continue;

      member = bo_json_path_append_key (path, l->data);
      found = bo_study_reader_quote (l->data);
      similar = bo_study_object_find_similar_key (kind, l->data);
      if (similar != NULL)
        bo_study_reader_warning (reader, member, similar, found,
                                 _ ("this key is not known; did you mean “%s”?"), similar);
      else
        bo_study_reader_warning (reader, member, NULL, found, _ ("this key is not known and has no effect"));
    }
}

static gboolean
is_type (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/**
 * bo_study_reader_as_object:
 * @reader: a reader
 * @node: a value
 * @path: its path
 *
 * Returns: (transfer none) (nullable): the object, or %NULL when it is something else, which is a problem
 */
JsonObject *
bo_study_reader_as_object (BoStudyReader *reader, JsonNode *node, const char *path)
{
  g_autofree char *found = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  found = bo_study_reader_describe (node);
  bo_study_reader_error (reader, path, _ ("an object"), found, _ ("this has the wrong type"));
  return NULL;
}

/* The value of @key, or NULL; a required one that is missing is a problem. */
static JsonNode *
get_member (BoStudyReader *reader,
            JsonObject *object,
            const char *member_path,
            const char *key,
            const char *expected,
            BoStudyReaderFlags flags)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL && (flags & BO_STUDY_READER_REQUIRED) != 0)
    bo_study_reader_error (reader, member_path, expected, _ ("nothing"), _ ("“%s” is missing"), key);
  return node;
}

/**
 * bo_study_reader_get_object:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 *
 * Returns: (transfer none) (nullable): the object at @key; %NULL when there is none or it is something else
 */
JsonObject *
bo_study_reader_get_object (BoStudyReader *reader, JsonObject *object, const char *path, const char *key)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL ? bo_study_reader_as_object (reader, node, member) : NULL;
}

/**
 * bo_study_reader_get_array:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 * @flags: %BO_STUDY_READER_REQUIRED: it must be there and not be empty
 *
 * Returns: (transfer none) (nullable): the array at @key; %NULL when there is none or it is something else
 */
JsonArray *
bo_study_reader_get_array (BoStudyReader *reader,
                           JsonObject *object,
                           const char *path,
                           const char *key,
                           BoStudyReaderFlags flags)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  g_autofree char *found = NULL;
  JsonNode *node = get_member (reader, object, member, key, _ ("an array"), flags);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      found = bo_study_reader_describe (node);
      bo_study_reader_error (reader, member, _ ("an array"), found, _ ("this has the wrong type"));
      return NULL;
    }
  if ((flags & BO_STUDY_READER_REQUIRED) != 0 && json_array_get_length (json_node_get_array (node)) == 0)
    bo_study_reader_error (reader, member, _ ("at least one element"), _ ("an empty array"),
                           _ ("this is empty"));
  return json_node_get_array (node);
}

/* Replaces variables as @flags say; NULL after a problem. */
static char *
expand (BoStudyReader *reader, const char *text, const char *path, BoStudyReaderFlags flags)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;
  char *expanded;

  if ((flags & BO_STUDY_READER_EXPAND) == 0)
    return g_strdup (text);

  expanded = bo_variables_expand (text, reader->given, reader->defaults,
                                  (flags & BO_STUDY_READER_KEEP_BASE_IMAGE) != 0, reader->used, &error);
  if (expanded == NULL)
    {
      found = bo_study_reader_quote (text);
      bo_study_reader_error (reader, path, NULL, found, "%s", error->message);
    }
  return expanded;
}

/**
 * bo_study_reader_as_string:
 * @reader: a reader
 * @node: a value
 * @path: its path
 * @flags: how to read it
 *
 * Returns: (transfer full) (nullable): the text, or %NULL after a problem
 */
char *
bo_study_reader_as_string (BoStudyReader *reader, JsonNode *node, const char *path, BoStudyReaderFlags flags)
{
  g_autofree char *found = NULL;
  g_autofree char *text = NULL;

  if (!is_type (node, G_TYPE_STRING))
    {
      found = bo_study_reader_describe (node);
      bo_study_reader_error (reader, path, _ ("a text in quotes"), found, _ ("this has the wrong type"));
      return NULL;
    }
  text = expand (reader, json_node_get_string (node), path, flags);
  if (text != NULL && text[0] == '\0' && (flags & BO_STUDY_READER_ALLOW_EMPTY) == 0)
    {
      found = bo_study_reader_describe (node);
      bo_study_reader_error (reader, path, _ ("a text that is not empty"), found, _ ("this is empty"));
      return NULL;
    }
  return g_steal_pointer (&text);
}

/**
 * bo_study_reader_get_string:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 * @flags: how to read it
 *
 * Returns: (transfer full) (nullable): the text at @key; %NULL when there is none or after a problem
 */
char *
bo_study_reader_get_string (BoStudyReader *reader,
                            JsonObject *object,
                            const char *path,
                            const char *key,
                            BoStudyReaderFlags flags)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  JsonNode *node = get_member (reader, object, member, key, _ ("a text in quotes"), flags);

  return node != NULL ? bo_study_reader_as_string (reader, node, member, flags) : NULL;
}

/**
 * bo_study_reader_get_strings:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 * @flags: how to read the array and each of its elements
 *
 * Returns: (transfer full) (element-type utf8): the texts, with %NULL in the place of each that was
 *   a problem, so that places are those of the file; empty when there is no such array
 */
GPtrArray *
bo_study_reader_get_strings (BoStudyReader *reader,
                             JsonObject *object,
                             const char *path,
                             const char *key,
                             BoStudyReaderFlags flags)
{
  GPtrArray *strings = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array = bo_study_reader_get_array (reader, object, path, key, flags);
  g_autofree char *member = bo_json_path_append_key (path, key);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *element = bo_json_path_append_index (member, i);

      g_ptr_array_add (strings,
                       bo_study_reader_as_string (reader, json_array_get_element (array, i), element, flags));
    }
  return strings;
}

/**
 * bo_study_reader_get_boolean:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 * @fallback: what to give when there is none
 *
 * Returns: the value, or @fallback
 */
gboolean
bo_study_reader_get_boolean (BoStudyReader *reader,
                             JsonObject *object,
                             const char *path,
                             const char *key,
                             gboolean fallback)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  g_autofree char *found = NULL;
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL)
    return fallback;
  if (is_type (node, G_TYPE_BOOLEAN))
    return json_node_get_boolean (node);
  found = bo_study_reader_describe (node);
  bo_study_reader_error (reader, member, _ ("true or false"), found, _ ("this has the wrong type"));
  return fallback;
}

/**
 * bo_study_reader_get_integer:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 * @min: smallest value that is taken
 * @max: largest value that is taken
 * @fallback: what to give when there is none
 *
 * Returns: the value, or @fallback
 */
gint64
bo_study_reader_get_integer (BoStudyReader *reader,
                             JsonObject *object,
                             const char *path,
                             const char *key,
                             gint64 min,
                             gint64 max,
                             gint64 fallback)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL)
    return fallback;
  if (is_type (node, G_TYPE_INT64) && json_node_get_int (node) >= min && json_node_get_int (node) <= max)
    return json_node_get_int (node);

  expected = g_strdup_printf (_ ("a whole number from %" PRId64 " to %" PRId64), min, max);
  found = bo_study_reader_describe (node);
  bo_study_reader_error (reader, member, expected, found,
                         is_type (node, G_TYPE_INT64) ? _ ("this is out of range")
                                                      : _ ("this has the wrong type"));
  return fallback;
}

/**
 * bo_study_reader_get_duration:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 * @fallback_us: what to give when there is none, microseconds
 *
 * Returns: microseconds, more than 0
 */
gint64
bo_study_reader_get_duration (BoStudyReader *reader,
                              JsonObject *object,
                              const char *path,
                              const char *key,
                              gint64 fallback_us)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  g_autofree char *found = NULL;
  JsonNode *node = json_object_get_member (object, key);
  gint64 us = 0;
  gboolean ok = FALSE;

  if (node == NULL)
    return fallback_us;
  if (is_type (node, G_TYPE_INT64))
    ok = !__builtin_mul_overflow (json_node_get_int (node), (gint64) G_TIME_SPAN_SECOND, &us);
  else if (is_type (node, G_TYPE_STRING))
    ok = bo_quantity_parse_duration (json_node_get_string (node), &us);
  if (ok && us > 0 && us <= DURATION_MAX)
    return us;

  found = bo_study_reader_describe (node);
  bo_study_reader_error (reader, member,
                         _ ("a time as “6h”, “90m”, “1h30m”, “45s” or seconds, at most a year"), found,
                         _ ("this is not a time limit"));
  return fallback_us;
}

/**
 * bo_study_reader_get_size:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 * @fallback_bytes: what to give when there is none
 *
 * Returns: bytes, more than 0, or @fallback_bytes
 */
gint64
bo_study_reader_get_size (BoStudyReader *reader,
                          JsonObject *object,
                          const char *path,
                          const char *key,
                          gint64 fallback_bytes)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  g_autofree char *found = NULL;
  JsonNode *node = json_object_get_member (object, key);
  gint64 bytes = 0;

  if (node == NULL)
    return fallback_bytes;
  if (is_type (node, G_TYPE_INT64))
    bytes = json_node_get_int (node);
  else if (!is_type (node, G_TYPE_STRING) || !bo_quantity_parse_size (json_node_get_string (node), &bytes))
    bytes = 0;
  if (bytes > 0)
    return bytes;

  found = bo_study_reader_describe (node);
  bo_study_reader_error (reader, member, _ ("a size as “2g”, “512m” or bytes"), found,
                         _ ("this is not a size"));
  return fallback_bytes;
}

/**
 * bo_study_reader_get_path:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 * @flags: how to read it
 *
 * Reads the path of a file in the context. It is made canonical ("./a//b"
 * becomes "a/b"); one that is absolute or leads out of the context is a
 * problem. Where symbolic links lead is not seen here.
 *
 * Returns: (transfer full) (nullable): the path relative to the context, "." for the context itself
 */
char *
bo_study_reader_get_path (BoStudyReader *reader,
                          JsonObject *object,
                          const char *path,
                          const char *key,
                          BoStudyReaderFlags flags)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  g_autofree char *text = bo_study_reader_get_string (reader, object, path, key, flags);
  g_autofree char *found = NULL;
  g_autoptr (GPtrArray) parts = NULL;
  g_auto (GStrv) split = NULL;

  if (text == NULL)
    return NULL;

  found = bo_study_reader_quote (text);
  if (text[0] == '/')
    {
      bo_study_reader_error (reader, member, _ ("a path relative to the context folder"), found,
                             _ ("this path is absolute"));
      return NULL;
    }
  parts = g_ptr_array_new ();
  split = g_strsplit (text, "/", -1);
  for (char **part = split; *part != NULL; part++)
    {
      if (strcmp (*part, "..") == 0)
        {
          if (parts->len == 0)
            {
              bo_study_reader_error (reader, member, _ ("a path within the context folder"), found,
                                     _ ("this path leads out of the context"));
              return NULL;
            }
          g_ptr_array_remove_index (parts, parts->len - 1);
        }
      else if (**part != '\0' && strcmp (*part, ".") != 0)
        g_ptr_array_add (parts, *part);
    }
  if (parts->len == 0)
    return g_strdup (".");
  g_ptr_array_add (parts, NULL);
  return g_strjoinv ("/", (char **) parts->pdata);
}

/**
 * bo_study_reader_get_id:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key
 * @flags: how to read it
 *
 * Returns: (transfer full) (nullable): an id for which bo_name_is_id() holds
 */
char *
bo_study_reader_get_id (BoStudyReader *reader,
                        JsonObject *object,
                        const char *path,
                        const char *key,
                        BoStudyReaderFlags flags)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  g_autofree char *id = bo_study_reader_get_string (reader, object, path, key, flags);
  g_autofree char *found = NULL;
  g_autofree char *slug = NULL;

  if (id == NULL || bo_name_is_id (id))
    return g_steal_pointer (&id);

  found = bo_study_reader_quote (id);
  slug = bo_name_slug (id);
  bo_study_reader_error (
      reader, member, _ ("lower-case letters, digits, “-” and “_”, a letter or digit first, at most 64"),
      found, _ ("this cannot be an id, since it becomes part of image names; “%s” would do"), slug);
  return NULL;
}

/**
 * bo_study_reader_scalar_to_text:
 * @reader: a reader
 * @node: the value of a build argument or variable
 * @path: its path
 * @flags: how to read it
 *
 * Takes a text, a whole number or a boolean. A number with a point is
 * refused: a version written 2.10 would arrive as 2.1.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL after a problem
 */
char *
bo_study_reader_scalar_to_text (BoStudyReader *reader,
                                JsonNode *node,
                                const char *path,
                                BoStudyReaderFlags flags)
{
  g_autofree char *found = NULL;

  if (is_type (node, G_TYPE_INT64) || is_type (node, G_TYPE_BOOLEAN))
    return bo_study_reader_describe (node);
  if (is_type (node, G_TYPE_STRING))
    return bo_study_reader_as_string (reader, node, path, flags | BO_STUDY_READER_ALLOW_EMPTY);

  found = bo_study_reader_describe (node);
  bo_study_reader_error (reader, path, _ ("a text in quotes"), found,
                         is_type (node, G_TYPE_DOUBLE)
                             ? _ ("a number with a point must be put in quotes to keep its digits")
                             : _ ("this has the wrong type"));
  return NULL;
}
