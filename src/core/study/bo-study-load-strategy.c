/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-load-strategy"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-study-private.h"

static gboolean
contains_string (GPtrArray *strings, const char *text)
{
  for (guint i = 0; i < strings->len; i++)
    {
      if (g_strcmp0 (g_ptr_array_index (strings, i), text) == 0)
        return TRUE;
    }
  return FALSE;
}

static char *
join_ids (GPtrArray *ids)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s“%s”", i > 0 ? ", " : "", (const char *) g_ptr_array_index (ids, i));
  return g_string_free (text, FALSE);
}

static gboolean
contains_builder (GArray *builders, BoBuilder builder)
{
  for (guint i = 0; i < builders->len; i++)
    {
      if (g_array_index (builders, BoBuilder, i) == builder)
        return TRUE;
    }
  return FALSE;
}

static void
load_builder (BoStudyReader *reader, JsonNode *node, const char *path, GArray *builders)
{
  g_autofree char *text = bo_study_reader_as_string (reader, node, path, BO_STUDY_READER_NONE);
  g_autofree char *found = NULL;
  BoBuilder builder;

  if (text == NULL)
    return;
  found = bo_study_reader_quote (text);
  if (!bo_builder_from_string (text, &builder))
    bo_study_reader_error (reader, path, _ ("“classic” or “buildkit”"), found,
                           _ ("there is no such builder"));
  else if (contains_builder (builders, builder))
    bo_study_reader_error (reader, path, _ ("each builder once"), found, _ ("this builder is named twice"));
  else
    g_array_append_val (builders, builder);
}

/**
 * bo_study_load_builders:
 * @reader: a reader
 * @object: an object
 * @path: its path
 * @key: a key whose value names one builder or an array of them
 *
 * Returns: (transfer full) (nullable): the builders, or %NULL when there is no such key
 */
GArray *
bo_study_load_builders (BoStudyReader *reader, JsonObject *object, const char *path, const char *key)
{
  g_autofree char *member = bo_json_path_append_key (path, key);
  JsonNode *node = json_object_get_member (object, key);
  GArray *builders;
  JsonArray *array;

  if (node == NULL)
    return NULL;

  builders = g_array_new (FALSE, FALSE, sizeof (BoBuilder));
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      load_builder (reader, node, member, builders);
      return builders;
    }
  array = bo_study_reader_get_array (reader, object, path, key, BO_STUDY_READER_REQUIRED);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *element = bo_json_path_append_index (member, i);

      load_builder (reader, json_array_get_element (array, i), element, builders);
    }
  return builders;
}

/* Both builders compare stage names in lower case and take these characters. */
static gboolean
is_stage_name (const char *text)
{
  if (!g_ascii_isalpha (text[0]))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isalnum (*text) && strchr ("-_.", *text) == NULL)
        return FALSE;
    }
  return TRUE;
}

static BoPrebuild *
load_prebuild (BoStudyReader *reader, JsonNode *node, const char *path, GPtrArray *study_args)
{
  JsonObject *object = bo_study_reader_as_object (reader, node, path);
  g_autoptr (BoPrebuild) prebuild = NULL;

  if (object == NULL)
    return NULL;

  bo_study_reader_check_keys (reader, object, path, BO_STUDY_OBJECT_PREBUILD);
  prebuild = bo_prebuild_new ();
  prebuild->dockerfile = bo_study_reader_get_path (reader, object, path, "build", BO_STUDY_READER_REQUIRED);
  prebuild->as = bo_study_reader_get_string (reader, object, path, "as", BO_STUDY_READER_REQUIRED);
  prebuild->target = bo_study_reader_get_string (reader, object, path, "target", BO_STUDY_READER_NONE);
  g_ptr_array_unref (prebuild->build_args);
  prebuild->build_args = bo_study_load_build_args (reader, object, path, study_args);
  if (prebuild->as != NULL && !is_stage_name (prebuild->as))
    {
      g_autofree char *member = bo_json_path_append_key (path, "as");
      g_autofree char *found = bo_study_reader_quote (prebuild->as);

      bo_study_reader_error (reader, member, _ ("letters, digits, “-”, “_” and “.”, a letter first"), found,
                             _ ("this cannot be the name of a stage"));
    }
  if (prebuild->dockerfile == NULL || prebuild->as == NULL)
    return NULL;
  return g_steal_pointer (&prebuild);
}

static void
load_prebuilds (BoStudyReader *reader,
                JsonObject *object,
                const char *path,
                GPtrArray *study_args,
                GPtrArray *prebuilds)
{
  g_autofree char *member = bo_json_path_append_key (path, "prebuild");
  JsonArray *array = bo_study_reader_get_array (reader, object, path, "prebuild", BO_STUDY_READER_NONE);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *element = bo_json_path_append_index (member, i);
      g_autoptr (BoPrebuild) prebuild
          = load_prebuild (reader, json_array_get_element (array, i), element, study_args);
      gboolean twice = FALSE;

      if (prebuild == NULL)
        continue;
      for (guint j = 0; j < prebuilds->len && !twice; j++)
        twice = g_ascii_strcasecmp (((BoPrebuild *) g_ptr_array_index (prebuilds, j))->as, prebuild->as) == 0;
      if (twice)
        {
          g_autofree char *as = bo_json_path_append_key (element, "as");
          g_autofree char *found = bo_study_reader_quote (prebuild->as);

          bo_study_reader_error (reader, as, _ ("a name of its own"), found,
                                 _ ("two prebuilds have the same name"));
        }
      else
        g_ptr_array_add (prebuilds, g_steal_pointer (&prebuild));
    }
}

/* Fills in the bases that the strategy names, or all, in the study's order. */
static void
load_bases (BoStudyReader *reader,
            JsonObject *object,
            const char *path,
            BoStudy *study,
            GPtrArray *base_ids,
            GPtrArray *bases)
{
  g_autofree char *member = bo_json_path_append_key (path, "bases");
  gboolean all = !json_object_has_member (object, "bases");
  g_autoptr (GPtrArray) named
      = bo_study_reader_get_strings (reader, object, path, "bases", all ? 0 : BO_STUDY_READER_REQUIRED);

  for (guint i = 0; i < named->len; i++)
    {
      const char *id = g_ptr_array_index (named, i);
      g_autofree char *element = bo_json_path_append_index (member, i);
      g_autofree char *found = bo_study_reader_quote (id);
      g_autofree char *known = NULL;
      guint first = 0;

      if (id == NULL)
        continue;
      if (!contains_string (base_ids, id))
        {
          known = join_ids (base_ids);
          bo_study_reader_error (reader, element, known, found, _ ("there is no base image with this id"));
        }
      while (g_strcmp0 (g_ptr_array_index (named, first), id) != 0)
        first++;
      if (first < i)
        bo_study_reader_error (reader, element, _ ("each base once"), found, _ ("this base is named twice"));
    }
  for (guint i = 0; i < study->bases->len; i++)
    {
      const BoBase *base = g_ptr_array_index (study->bases, i);

      if (all || contains_string (named, base->id))
        g_ptr_array_add (bases, g_strdup (base->id));
    }
}

static void
load_strategy_builders (BoStudyReader *reader,
                        JsonObject *object,
                        const char *path,
                        BoStudy *study,
                        GArray *study_builders,
                        BoStrategy *strategy)
{
  gboolean both = json_object_has_member (object, "builder") && json_object_has_member (object, "builders");
  const char *key = json_object_has_member (object, "builder") ? "builder" : "builders";
  g_autofree char *member = bo_json_path_append_key (path, key);
  g_autoptr (GArray) named = bo_study_load_builders (reader, object, path, key);

  if (both)
    bo_study_reader_error (reader, member, _ ("one of “builder” and “builders”"), _ ("both"),
                           _ ("“builder” and “builders” say the same thing"));
  if (named == NULL)
    {
      if (study_builders != NULL)
        g_array_append_vals (strategy->builders, study_builders->data, study_builders->len);
      else
        g_array_append_val (strategy->builders, study->default_builder);
      return;
    }
  for (guint i = 0; i < named->len; i++)
    {
      BoBuilder builder = g_array_index (named, BoBuilder, i);
      const char *found = bo_builder_to_string (builder);

      if (study_builders != NULL && !contains_builder (study_builders, builder))
        bo_study_reader_error (reader, member, _ ("one of the study's “builders”"), found,
                               _ ("the study does not have the builder “%s”"), found);
    }
  /* In the study's order where it has one, else in that of the builders themselves. */
  for (guint i = 0; study_builders != NULL && i < study_builders->len; i++)
    {
      if (contains_builder (named, g_array_index (study_builders, BoBuilder, i)))
        g_array_append_val (strategy->builders, g_array_index (study_builders, BoBuilder, i));
    }
  for (BoBuilder builder = 0; study_builders == NULL && builder < BO_N_BUILDERS; builder++)
    {
      if (contains_builder (named, builder))
        g_array_append_val (strategy->builders, builder);
    }
}

static BoStrategy *
load_strategy (BoStudyReader *reader,
               JsonNode *node,
               const char *path,
               BoStudy *study,
               const BoStudyDefaults *defaults)
{
  JsonObject *object = bo_study_reader_as_object (reader, node, path);
  g_autoptr (BoStrategy) strategy = NULL;

  if (object == NULL)
    return NULL;

  bo_study_reader_check_keys (reader, object, path, BO_STUDY_OBJECT_STRATEGY);
  strategy = bo_strategy_new ();
  strategy->id = bo_study_reader_get_id (reader, object, path, "id", BO_STUDY_READER_REQUIRED);
  strategy->title = bo_study_reader_get_string (reader, object, path, "title", BO_STUDY_READER_NONE);
  strategy->notes = bo_study_reader_get_string (reader, object, path, "notes", BO_STUDY_READER_ALLOW_EMPTY);
  strategy->dockerfile
      = bo_study_reader_get_path (reader, object, path, "dockerfile", BO_STUDY_READER_REQUIRED);
  strategy->target = bo_study_reader_get_string (reader, object, path, "target", BO_STUDY_READER_NONE);
  load_bases (reader, object, path, study, defaults->base_ids, strategy->bases);
  load_strategy_builders (reader, object, path, study, defaults->builders, strategy);
  load_prebuilds (reader, object, path, defaults->build_args, strategy->prebuilds);
  strategy->timeout_us = bo_study_reader_get_duration (reader, object, path, "timeout", defaults->timeout_us);

  g_ptr_array_unref (strategy->build_args);
  strategy->build_args = bo_study_load_build_args (reader, object, path, defaults->build_args);
  bo_run_options_free (strategy->run);
  strategy->run = bo_study_load_run (reader, object, path, defaults->run);
  g_ptr_array_unref (strategy->probes);
  strategy->probes = bo_study_load_strategy_probes (reader, object, path, defaults->probes);

  if (strategy->title == NULL)
    strategy->title = g_strdup (strategy->id);
  return g_steal_pointer (&strategy);
}

static void
check_baseline (BoStudyReader *reader, JsonObject *root, BoStudy *study, GPtrArray *ids)
{
  g_autofree char *found = NULL;
  g_autofree char *known = NULL;

  study->baseline = bo_study_reader_get_string (reader, root, "$", "baseline", BO_STUDY_READER_NONE);
  if (study->baseline == NULL)
    {
      if (ids->len > 0)
        study->baseline = g_strdup (g_ptr_array_index (ids, 0));
      return;
    }
  if (contains_string (ids, study->baseline))
    return;
  found = bo_study_reader_quote (study->baseline);
  known = join_ids (ids);
  bo_study_reader_error (reader, "$.baseline", known, found, _ ("there is no strategy with this id"));
}

/* The study's builders are those that it lists, else those that its strategies use. */
static void
collect_builders (BoStudy *study, GArray *study_builders)
{
  if (study_builders != NULL)
    {
      g_array_append_vals (study->builders, study_builders->data, study_builders->len);
      return;
    }
  for (BoBuilder builder = 0; builder < BO_N_BUILDERS; builder++)
    {
      gboolean used = FALSE;

      for (guint i = 0; i < study->strategies->len && !used; i++)
        used
            = contains_builder (((BoStrategy *) g_ptr_array_index (study->strategies, i))->builders, builder);
      if (used)
        g_array_append_val (study->builders, builder);
    }
}

/**
 * bo_study_load_strategies:
 * @reader: a reader
 * @root: the file's outermost object
 * @study: a study that has its bases and its default builder; gets strategies, builders and baseline
 * @defaults: what strategies start from
 */
void
bo_study_load_strategies (BoStudyReader *reader,
                          JsonObject *root,
                          BoStudy *study,
                          const BoStudyDefaults *defaults)
{
  JsonArray *array = bo_study_reader_get_array (reader, root, "$", "strategies", BO_STUDY_READER_REQUIRED);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *element = bo_json_path_append_index ("$.strategies", i);
      g_autoptr (BoStrategy) strategy
          = load_strategy (reader, json_array_get_element (array, i), element, study, defaults);

      if (strategy == NULL || strategy->id == NULL)
        continue;
      if (contains_string (ids, strategy->id))
        {
          g_autofree char *member = bo_json_path_append_key (element, "id");
          g_autofree char *found = bo_study_reader_quote (strategy->id);

          bo_study_reader_error (reader, member, _ ("an id of its own"), found,
                                 _ ("two strategies have the same id"));
          continue;
        }
      g_ptr_array_add (ids, g_strdup (strategy->id));
      g_ptr_array_add (study->strategies, g_steal_pointer (&strategy));
    }
  check_baseline (reader, root, study, ids);
  collect_builders (study, defaults->builders);
}
