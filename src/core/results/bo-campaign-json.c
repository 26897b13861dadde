/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-campaign"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n.h>

#include "results/bo-campaign.h"
#include "results/bo-record-json.h"

#define CAMPAIGN_FORMAT 1

/* --- writing --- */

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value == NULL)
    json_builder_add_null_value (builder);
  else
    json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_strings (JsonBuilder *builder, const char *name, GPtrArray *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < values->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (values, i));
  json_builder_end_array (builder);
}

static void
add_base (JsonBuilder *builder, const BoBaseImage *base)
{
  json_builder_begin_object (builder);
  add_string (builder, "base", base->base);
  add_string (builder, "image", base->image);
  add_string (builder, "image_id", base->image_id);
  add_string (builder, "digest", base->digest);
  add_int (builder, "size", base->size);
  add_strings (builder, "diff_ids", base->diff_ids);
  add_string (builder, "twin", base->twin);
  add_boolean (builder, "pulled", base->pulled);
  add_int (builder, "pull_us", base->pull_us);
  json_builder_end_object (builder);
}

static void
add_trial (JsonBuilder *builder, const BoPlannedTrial *trial)
{
  g_autofree char *cell = trial->cell != NULL ? bo_cell_get_key (trial->cell) : NULL;

  json_builder_begin_object (builder);
  add_string (builder, "id", trial->id);
  add_string (builder, "kind", bo_trial_kind_to_string (trial->kind));
  add_string (builder, "cell", cell);
  add_string (builder, "prebuild", trial->prebuild);
  add_string (builder, "chain", trial->chain);
  add_int (builder, "repetition", trial->repetition);
  add_string (builder, "tag", trial->tag);
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStepMap *map = g_ptr_array_index (trial->steps, i);

      json_builder_begin_object (builder);
      add_int (builder, "number", map->number);
      add_string (builder, "stage", map->stage);
      add_int (builder, "stage_number", map->stage_number);
      add_int (builder, "user_line", map->user_line);
      add_string (builder, "instruction", map->instruction);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "probes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < trial->probes->len; i++)
    {
      const BoProbe *probe = g_ptr_array_index (trial->probes, i);

      json_builder_begin_object (builder);
      add_string (builder, "kind", bo_probe_kind_to_string (probe->kind));
      add_boolean (builder, "required", probe->required);
      add_strings (builder, "modules", probe->modules);
      add_strings (builder, "command", probe->command);
      add_int (builder, "repeat", probe->repeat);
      add_int (builder, "limit_us", probe->limit_us);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_string (builder, "dockerfile_sha256", trial->dockerfile_sha256);
  add_int (builder, "context_bytes", trial->context_bytes);
  add_strings (builder, "needs_prebuilds", trial->needs_prebuilds);
  add_string (builder, "unsupported", trial->unsupported);
  json_builder_end_object (builder);
}

/* Texts by name, sorted by it, or null. */
static void
add_texts (JsonBuilder *builder, const char *member, GHashTable *texts)
{
  g_autoptr (GList) names = NULL;

  json_builder_set_member_name (builder, member);
  if (texts == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  names = g_list_sort (g_hash_table_get_keys (texts), (GCompareFunc) g_strcmp0);
  for (GList *l = names; l != NULL; l = l->next)
    add_string (builder, l->data, g_hash_table_lookup (texts, l->data));
  json_builder_end_object (builder);
}

/**
 * bo_campaign_to_json:
 * @campaign: a campaign
 *
 * The text of campaign.json. All of @campaign but its state, which changes
 * while this file does not.
 *
 * Returns: (transfer full): JSON
 */
char *
bo_campaign_to_json (const BoCampaign *campaign)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *seed = NULL;
  JsonNode *facts;

  g_return_val_if_fail (campaign != NULL, NULL);

  /* A seed uses all 64 bits, which the numbers of most JSON readers cannot hold. */
  seed = g_strdup_printf ("%" G_GUINT64_FORMAT, campaign->seed);
  facts = campaign->device_facts != NULL ? json_from_string (campaign->device_facts, NULL) : NULL;

  json_builder_begin_object (builder);
  add_int (builder, "format", CAMPAIGN_FORMAT);
  add_string (builder, "id", campaign->id);
  add_string (builder, "study_id", campaign->study_id);
  add_string (builder, "study_name", campaign->study_name);
  add_string (builder, "study_file", campaign->study_file);
  add_string (builder, "study_text", campaign->study_text);
  add_texts (builder, "variables", campaign->variables);
  add_string (builder, "language", campaign->language);
  add_string (builder, "seed", seed);
  add_int (builder, "repetitions", campaign->repetitions);
  add_int (builder, "created_us", campaign->created_us);
  add_string (builder, "device_url", campaign->device_url);
  json_builder_set_member_name (builder, "device_facts");
  json_builder_add_value (builder, facts != NULL ? facts : json_node_new (JSON_NODE_NULL));
  json_builder_set_member_name (builder, "bases");
  json_builder_begin_array (builder);
  for (guint i = 0; i < campaign->bases->len; i++)
    add_base (builder, g_ptr_array_index (campaign->bases, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "trials");
  json_builder_begin_array (builder);
  for (guint i = 0; i < campaign->trials->len; i++)
    add_trial (builder, g_ptr_array_index (campaign->trials, i));
  json_builder_end_array (builder);
  add_texts (builder, "dockerfiles", campaign->dockerfiles);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

/* --- reading --- */

static gboolean
read_uint (JsonObject *object, const char *path, const char *member, guint *value, GError **error)
{
  gint64 number;

  if (!bo_record_json_int (object, path, member, 0, G_MAXUINT, &number, error))
    return FALSE;
  *value = number;
  return TRUE;
}

static gboolean
read_steps (JsonObject *object, const char *path, GPtrArray *steps, GError **error)
{
  JsonArray *array = bo_record_json_array (object, path, "steps", error);

  if (array == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *here = g_strdup_printf ("%s.steps[%u]", path, i);
      JsonObject *element = bo_record_json_element (array, i, here, error);
      BoStepMap *map;

      if (element == NULL)
        return FALSE;
      map = bo_step_map_new ();
      g_ptr_array_add (steps, map);
      if (!read_uint (element, here, "number", &map->number, error)
          || !bo_record_json_string (element, here, "stage", TRUE, &map->stage, error)
          || !read_uint (element, here, "stage_number", &map->stage_number, error)
          || !read_uint (element, here, "user_line", &map->user_line, error)
          || !bo_record_json_string (element, here, "instruction", FALSE, &map->instruction, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_probes (JsonObject *object, const char *path, GPtrArray *probes, GError **error)
{
  JsonArray *array = bo_record_json_array (object, path, "probes", error);

  if (array == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *here = g_strdup_printf ("%s.probes[%u]", path, i);
      g_autofree char *kind = NULL;
      JsonObject *element = bo_record_json_element (array, i, here, error);
      BoProbe *probe;

      if (element == NULL)
        return FALSE;
      probe = bo_probe_new (BO_PROBE_CUDA);
      g_ptr_array_add (probes, probe);
      if (!bo_record_json_string (element, here, "kind", FALSE, &kind, error))
        return FALSE;
      if (!bo_probe_kind_from_string (kind, &probe->kind))
        return bo_record_json_wrong (error, here, "kind", _ ("a kind of probe"));
      if (!bo_record_json_boolean (element, here, "required", &probe->required, error)
          || !bo_record_json_strings (element, here, "modules", probe->modules, error)
          || !bo_record_json_strings (element, here, "command", probe->command, error)
          || !read_uint (element, here, "repeat", &probe->repeat, error)
          || !bo_record_json_int (element, here, "limit_us", G_MININT64, G_MAXINT64, &probe->limit_us, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_trial (JsonObject *object, const char *path, BoPlannedTrial *trial, GError **error)
{
  g_autofree char *kind = NULL;
  g_autofree char *cell = NULL;

  if (!bo_record_json_string (object, path, "id", FALSE, &trial->id, error)
      || !bo_record_json_string (object, path, "kind", FALSE, &kind, error)
      || !bo_record_json_string (object, path, "cell", FALSE, &cell, error)
      || !bo_record_json_string (object, path, "prebuild", TRUE, &trial->prebuild, error)
      || !bo_record_json_string (object, path, "chain", TRUE, &trial->chain, error)
      || !read_uint (object, path, "repetition", &trial->repetition, error)
      || !bo_record_json_string (object, path, "tag", TRUE, &trial->tag, error)
      || !read_steps (object, path, trial->steps, error) || !read_probes (object, path, trial->probes, error)
      || !bo_record_json_string (object, path, "dockerfile_sha256", TRUE, &trial->dockerfile_sha256, error)
      || !bo_record_json_int (object, path, "context_bytes", -1, G_MAXINT64, &trial->context_bytes, error)
      || !bo_record_json_strings (object, path, "needs_prebuilds", trial->needs_prebuilds, error)
      || !bo_record_json_string (object, path, "unsupported", TRUE, &trial->unsupported, error))
    return FALSE;
  if (!bo_trial_kind_from_string (kind, &trial->kind))
    return bo_record_json_wrong (error, path, "kind", _ ("a kind of trial"));
  trial->cell = bo_cell_parse_key (cell);
  if (trial->cell == NULL)
    return bo_record_json_wrong (error, path, "cell", _ ("strategy/base/builder/condition"));
  return TRUE;
}

static gboolean
read_base (JsonObject *object, const char *path, BoBaseImage *base, GError **error)
{
  return bo_record_json_string (object, path, "base", TRUE, &base->base, error)
         && bo_record_json_string (object, path, "image", FALSE, &base->image, error)
         && bo_record_json_string (object, path, "image_id", TRUE, &base->image_id, error)
         && bo_record_json_string (object, path, "digest", TRUE, &base->digest, error)
         && bo_record_json_int (object, path, "size", -1, G_MAXINT64, &base->size, error)
         && bo_record_json_strings (object, path, "diff_ids", base->diff_ids, error)
         && bo_record_json_string (object, path, "twin", TRUE, &base->twin, error)
         && bo_record_json_boolean (object, path, "pulled", &base->pulled, error)
         && bo_record_json_int (object, path, "pull_us", -1, G_MAXINT64, &base->pull_us, error);
}

static gboolean
read_lists (JsonObject *object, BoCampaign *campaign, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *array = bo_record_json_array (object, "$", "bases", error);

  if (array == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("$.bases[%u]", i);
      JsonObject *element = bo_record_json_element (array, i, path, error);

      if (element == NULL)
        return FALSE;
      g_ptr_array_add (campaign->bases, bo_base_image_new ());
      if (!read_base (element, path, g_ptr_array_index (campaign->bases, i), error))
        return FALSE;
    }

  array = bo_record_json_array (object, "$", "trials", error);
  if (array == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("$.trials[%u]", i);
      JsonObject *element = bo_record_json_element (array, i, path, error);
      BoPlannedTrial *trial;

      if (element == NULL)
        return FALSE;
      trial = bo_planned_trial_new ();
      g_ptr_array_add (campaign->trials, trial);
      if (!read_trial (element, path, trial, error))
        return FALSE;
      if (!g_hash_table_add (ids, trial->id))
        return bo_record_json_wrong (error, path, "id", _ ("an id that no other trial has"));
    }
  return TRUE;
}

static gboolean
read_texts (JsonObject *object, const char *member, GHashTable *texts, GError **error)
{
  g_autofree char *path = g_strconcat ("$.", member, NULL);
  JsonNode *node = json_object_get_member (object, member);
  JsonObject *members;
  JsonObjectIter iter;
  const char *name;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return bo_record_json_wrong (error, "$", member, _ ("an object"));
  members = json_node_get_object (node);
  json_object_iter_init (&iter, members);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      char *text = NULL;

      if (!bo_record_json_string (members, path, name, FALSE, &text, error))
        return FALSE;
      g_hash_table_replace (texts, g_strdup (name), text);
    }
  return TRUE;
}

/* They are missing in what the first versions wrote. */
static gboolean
read_variables (JsonObject *object, BoCampaign *campaign, GError **error)
{
  JsonNode *node = json_object_get_member (object, "variables");

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  campaign->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return read_texts (object, "variables", campaign->variables, error);
}

static gboolean
read_campaign (JsonObject *object, BoCampaign *campaign, GError **error)
{
  g_autofree char *seed = NULL;
  JsonNode *facts;
  gint64 format;

  if (!bo_record_json_int (object, "$", "format", 1, G_MAXINT64, &format, error))
    return FALSE;
  if (format > CAMPAIGN_FORMAT)
    {
      g_set_error (error, BO_RECORD_ERROR, BO_RECORD_ERROR_FORMAT,
                   _ ("This campaign was written by a later version of Bakeoff (format %" PRId64
                      ", this version reads up to %d)"),
                   format, CAMPAIGN_FORMAT);
      return FALSE;
    }
  if (!bo_record_json_string (object, "$", "id", FALSE, &campaign->id, error)
      || !bo_record_json_string (object, "$", "study_id", FALSE, &campaign->study_id, error)
      || !bo_record_json_string (object, "$", "study_name", FALSE, &campaign->study_name, error)
      || !bo_record_json_string (object, "$", "study_file", TRUE, &campaign->study_file, error)
      || !bo_record_json_string (object, "$", "study_text", TRUE, &campaign->study_text, error)
      || !bo_record_json_string (object, "$", "language", TRUE, &campaign->language, error)
      || !bo_record_json_string (object, "$", "seed", FALSE, &seed, error)
      || !read_uint (object, "$", "repetitions", &campaign->repetitions, error)
      || !bo_record_json_int (object, "$", "created_us", 0, G_MAXINT64, &campaign->created_us, error)
      || !bo_record_json_string (object, "$", "device_url", TRUE, &campaign->device_url, error))
    return FALSE;
  if (!g_ascii_string_to_unsigned (seed, 10, 0, G_MAXUINT64, &campaign->seed, NULL))
    return bo_record_json_wrong (error, "$", "seed", _ ("a whole number as a string"));

  facts = json_object_get_member (object, "device_facts");
  if (facts != NULL && JSON_NODE_HOLDS_OBJECT (facts))
    campaign->device_facts = json_to_string (facts, FALSE);
  else if (facts != NULL && !JSON_NODE_HOLDS_NULL (facts))
    return bo_record_json_wrong (error, "$", "device_facts", _ ("an object"));

  return read_lists (object, campaign, error) && read_texts (object, "dockerfiles", campaign->dockerfiles, error)
         && read_variables (object, campaign, error);
}

/**
 * bo_campaign_from_json:
 * @text: the text of a campaign.json
 * @length: its length in bytes, or -1
 * @error: return location for a #BoRecordError
 *
 * Members that this version does not know are passed over; what it knows must be right.
 *
 * Returns: (transfer full) (nullable): the campaign, its state %BO_CAMPAIGN_PLANNED
 */
BoCampaign *
bo_campaign_from_json (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (BoCampaign) campaign = NULL;
  g_autoptr (GError) local_error = NULL;
  JsonNode *root;

  g_return_val_if_fail (text != NULL, NULL);

  if (!json_parser_load_from_data (parser, text, length, &local_error))
    {
      g_set_error (error, BO_RECORD_ERROR, BO_RECORD_ERROR_SYNTAX, _ ("The campaign is not valid JSON: %s"),
                   local_error->message);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, BO_RECORD_ERROR, BO_RECORD_ERROR_SYNTAX, _ ("The campaign is not a JSON object"));
      return NULL;
    }
  campaign = bo_campaign_new ();
  if (!read_campaign (json_node_get_object (root), campaign, error))
    return NULL;
  return g_steal_pointer (&campaign);
}
