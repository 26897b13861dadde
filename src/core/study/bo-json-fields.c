/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-json-fields"

#include "config.h"

#include <string.h>

#include "study/bo-json-fields.h"
#include "study/bo-json.h"

/**
 * bo_json_field_read:
 * @object: an object
 * @member: a member that should be a text, a number or true or false
 *
 * Returns: (transfer full): it as a text; "" when it is not there, or something else
 */
char *
bo_json_field_read (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return g_strdup ("");
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  return bo_json_node_to_text (node, FALSE);
}

/**
 * bo_json_field_write:
 * @object: an object
 * @member: name of a member
 * @text: what it is to be; "" removes it
 *
 * Leaves a member alone that bo_json_field_read() reads as @text already.
 */
void
bo_json_field_write (JsonObject *object, const char *member, const char *text)
{
  g_autofree char *there = bo_json_field_read (object, member);

  if (strcmp (there, text) == 0)
    return;
  if (text[0] == '\0')
    json_object_remove_member (object, member);
  else
    json_object_set_string_member (object, member, text);
}
