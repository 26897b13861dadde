/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-record-json"

#include "config.h"

#include <glib/gi18n.h>

#include "results/bo-record-json.h"

G_DEFINE_QUARK (bo - record - error - quark, bo_record_error)

/**
 * bo_record_json_wrong:
 * @error: (nullable): return location
 * @path: where the object stands
 * @member: the member that is wrong
 * @expected: what should be there, in words
 *
 * Returns: %FALSE, so that a reader can return it
 */
gboolean
bo_record_json_wrong (GError **error, const char *path, const char *member, const char *expected)
{
  g_set_error (error, BO_RECORD_ERROR, BO_RECORD_ERROR_VALUE,
               /* Translators: a path into a JSON file, then what should be there. */
               _ ("%s.%s is missing or not valid: expected %s"), path, member, expected);
  return FALSE;
}

static gboolean
member_is (JsonObject *object, const char *member, GType type)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/**
 * bo_record_json_string:
 * @object: an object
 * @path: where it stands
 * @member: name of the member
 * @nullable: whether null, or no such member, is allowed
 * @value: (out) (transfer full) (nullable): its value; what was there before is freed
 * @error: return location
 *
 * Returns: whether the member is a string (or null, if allowed)
 */
gboolean
bo_record_json_string (JsonObject *object,
                       const char *path,
                       const char *member,
                       gboolean nullable,
                       char **value,
                       GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  g_clear_pointer (value, g_free);
  if (nullable && (node == NULL || JSON_NODE_HOLDS_NULL (node)))
    return TRUE;
  if (!member_is (object, member, G_TYPE_STRING))
    return bo_record_json_wrong (error, path, member, _ ("a string"));
  *value = json_node_dup_string (node);
  return TRUE;
}

/**
 * bo_record_json_int:
 * @object: an object
 * @path: where it stands
 * @member: name of the member
 * @minimum: least value allowed
 * @maximum: greatest value allowed
 * @value: (out): its value
 * @error: return location
 *
 * Returns: whether the member is a whole number within the bounds
 */
gboolean
bo_record_json_int (JsonObject *object,
                    const char *path,
                    const char *member,
                    gint64 minimum,
                    gint64 maximum,
                    gint64 *value,
                    GError **error)
{
  gint64 number;

  if (!member_is (object, member, G_TYPE_INT64))
    return bo_record_json_wrong (error, path, member, _ ("a whole number"));
  number = json_object_get_int_member (object, member);
  if (number < minimum || number > maximum)
    return bo_record_json_wrong (error, path, member, _ ("a number within its bounds"));
  *value = number;
  return TRUE;
}

/**
 * bo_record_json_boolean:
 * @object: an object
 * @path: where it stands
 * @member: name of the member
 * @value: (out): its value
 * @error: return location
 *
 * Returns: whether the member is true or false
 */
gboolean
bo_record_json_boolean (JsonObject *object,
                        const char *path,
                        const char *member,
                        gboolean *value,
                        GError **error)
{
  if (!member_is (object, member, G_TYPE_BOOLEAN))
    return bo_record_json_wrong (error, path, member, _ ("true or false"));
  *value = json_object_get_boolean_member (object, member);
  return TRUE;
}

/**
 * bo_record_json_array:
 * @object: an object
 * @path: where it stands
 * @member: name of the member
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the array, or %NULL with @error set
 */
JsonArray *
bo_record_json_array (JsonObject *object, const char *path, const char *member, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    {
      bo_record_json_wrong (error, path, member, _ ("a list"));
      return NULL;
    }
  return json_node_get_array (node);
}

/**
 * bo_record_json_element:
 * @array: an array
 * @index: of the element
 * @path: where the element stands
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the element, or %NULL with @error set when it is no object
 */
JsonObject *
bo_record_json_element (JsonArray *array, guint index, const char *path, GError **error)
{
  JsonNode *node = json_array_get_element (array, index);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, BO_RECORD_ERROR, BO_RECORD_ERROR_VALUE, _ ("%s is not valid: expected an object"),
                   path);
      return NULL;
    }
  return json_node_get_object (node);
}

/**
 * bo_record_json_strings:
 * @object: an object
 * @path: where it stands
 * @member: name of the member
 * @values: (element-type utf8): where copies of the strings are added
 * @error: return location
 *
 * Returns: whether the member is a list of strings
 */
gboolean
bo_record_json_strings (JsonObject *object,
                        const char *path,
                        const char *member,
                        GPtrArray *values,
                        GError **error)
{
  JsonArray *array = bo_record_json_array (object, path, member, error);

  if (array == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return bo_record_json_wrong (error, path, member, _ ("a list of strings"));
      g_ptr_array_add (values, json_node_dup_string (node));
    }
  return TRUE;
}
