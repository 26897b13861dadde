/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-comparability"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "insight/bo-comparability.h"
#include "study/bo-json.h"

/*
 * What decides how long a build takes, besides the build. A power mode alone
 * changes times by a third or more; an engine's version, its storage driver and the kernel below
 * them change how layers are written.
 */
static const struct
{
  const char *member;
  const char *reason;
} decisive[] = {
  { "power_mode", N_ ("another power mode") },
  { "clocks_locked", N_ ("clocks locked in one and not in the other") },
  { "engine_version", N_ ("another version of the engine") },
  { "storage_driver", N_ ("another storage driver") },
  { "image_store", N_ ("another image store") },
  { "kernel", N_ ("another kernel") },
  { "disk_kind", N_ ("another kind of disk") },
  { "model", N_ ("another device") },
  { "n_cpus", N_ ("another number of processors") },
};

static char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  return json_to_string (node, FALSE);
}

/**
 * bo_device_facts_find_difference:
 * @facts: (nullable): facts of one campaign, a JSON object as #BoCampaign has it
 * @other: (nullable): those of another
 *
 * What one of the two does not know is no difference: an earlier version
 * recorded less.
 *
 * Returns: (nullable): why their times are not to be put together, in English, for translation; %NULL
 *   when nothing speaks against it
 */
const char *
bo_device_facts_find_difference (const char *facts, const char *other)
{
  g_autoptr (JsonNode) node = facts != NULL ? bo_json_parse (facts, -1, NULL) : NULL;
  g_autoptr (JsonNode) other_node = other != NULL ? bo_json_parse (other, -1, NULL) : NULL;
  JsonObject *object = bo_json_node_get_object (node);
  JsonObject *other_object = bo_json_node_get_object (other_node);

  if (object == NULL || other_object == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (decisive); i++)
    {
      g_autofree char *text = get_text (object, decisive[i].member);
      g_autofree char *other_text = get_text (other_object, decisive[i].member);

      if (text != NULL && other_text != NULL && !g_str_equal (text, other_text))
        return decisive[i].reason;
    }
  return NULL;
}
