/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-strategy-fields"

#include "config.h"

#include <string.h>

#include "study/bo-json-fields.h"
#include "study/bo-json.h"
#include "study/bo-strategy-fields.h"
#include "study/bo-study-private.h"

static BoPrebuildFields *
prebuild_fields_new (const char *dockerfile, const char *as, const char *target, int origin)
{
  BoPrebuildFields *fields = g_new0 (BoPrebuildFields, 1);

  fields->dockerfile = g_strdup (dockerfile);
  fields->as = g_strdup (as);
  fields->target = g_strdup (target);
  fields->origin = origin;
  return fields;
}

static void
prebuild_fields_free (gpointer data)
{
  BoPrebuildFields *fields = data;

  g_free (fields->dockerfile);
  g_free (fields->as);
  g_free (fields->target);
  g_free (fields);
}

/**
 * bo_strategy_fields_new:
 *
 * Returns: (transfer full): a strategy of which nothing is said
 */
BoStrategyFields *
bo_strategy_fields_new (void)
{
  g_autoptr (JsonObject) nothing = json_object_new ();

  return bo_strategy_fields_read (nothing);
}

void
bo_strategy_fields_free (BoStrategyFields *fields)
{
  if (fields == NULL)
    return;
  g_free (fields->id);
  g_free (fields->title);
  g_free (fields->notes);
  g_free (fields->dockerfile);
  g_free (fields->target);
  g_free (fields->timeout);
  g_free (fields->workload);
  g_ptr_array_unref (fields->bases);
  g_array_unref (fields->builders);
  g_ptr_array_unref (fields->build_args);
  g_ptr_array_unref (fields->prebuilds);
  g_free (fields);
}

static void
add_builder (GArray *builders, JsonNode *node)
{
  BoBuilder builder;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING
      || !bo_builder_from_string (json_node_get_string (node), &builder))
    return;
  g_array_append_val (builders, builder);
}

/* "builder" and "builders" say the same, and both take a text or an array. */
static GArray *
read_builders (JsonObject *strategy)
{
  GArray *builders = g_array_new (FALSE, FALSE, sizeof (BoBuilder));
  JsonNode *node = json_object_get_member (strategy, "builder");

  if (node == NULL)
    node = json_object_get_member (strategy, "builders");
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      add_builder (builders, json_array_get_element (json_node_get_array (node), i));
  else
    add_builder (builders, node);
  return builders;
}

static char *
read_workload (JsonObject *strategy)
{
  JsonArray *array = bo_json_get_array (strategy, "workload");
  GString *text;

  if (array == NULL)
    return g_strdup (bo_json_get_string (strategy, "workload", ""));
  text = g_string_new (NULL);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *word = bo_json_array_get_string (array, i);
      g_autofree char *quoted = NULL;
      gboolean plain = word != NULL && word[0] != '\0';

      for (const char *p = word; plain && *p != '\0'; p++)
        plain = g_ascii_isalnum (*p) || strchr ("-_./:=,+@%", *p) != NULL;
      quoted = plain ? g_strdup (word) : g_shell_quote (word != NULL ? word : "");
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", quoted);
    }
  return g_string_free (text, FALSE);
}

static GPtrArray *
read_build_args (JsonObject *strategy)
{
  GPtrArray *args = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_build_arg_free);
  JsonObject *object = bo_json_get_object (strategy, "build_args");
  g_autoptr (GList) names = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *value = bo_json_field_read (object, l->data);

      g_ptr_array_add (args, bo_build_arg_new (l->data, value));
    }
  return args;
}

static GPtrArray *
read_prebuilds (JsonObject *strategy)
{
  GPtrArray *prebuilds = g_ptr_array_new_with_free_func (prebuild_fields_free);
  JsonArray *array = bo_json_get_array (strategy, "prebuild");

  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    {
      JsonObject *object = bo_json_array_get_object (array, i);

      g_ptr_array_add (prebuilds,
                       prebuild_fields_new (bo_json_get_string (object, "build", ""),
                                            bo_json_get_string (object, "as", ""),
                                            bo_json_get_string (object, "target", ""), i));
    }
  return prebuilds;
}

/**
 * bo_strategy_fields_read:
 * @strategy: a strategy's object, which may be wrong in any way
 *
 * Returns: (transfer full): its fields
 */
BoStrategyFields *
bo_strategy_fields_read (JsonObject *strategy)
{
  BoStrategyFields *fields = g_new0 (BoStrategyFields, 1);

  g_return_val_if_fail (strategy != NULL, fields);

  fields->id = bo_json_field_read (strategy, "id");
  fields->title = bo_json_field_read (strategy, "title");
  fields->notes = bo_json_field_read (strategy, "notes");
  fields->dockerfile = bo_json_field_read (strategy, "dockerfile");
  fields->target = bo_json_field_read (strategy, "target");
  fields->timeout = bo_json_field_read (strategy, "timeout");
  fields->workload = read_workload (strategy);
  fields->all_bases = !json_object_has_member (strategy, "bases");
  fields->bases = bo_json_get_strings (strategy, "bases");
  fields->builders = read_builders (strategy);
  fields->build_args = read_build_args (strategy);
  fields->prebuilds = read_prebuilds (strategy);
  return fields;
}

void
bo_strategy_fields_add_build_arg (BoStrategyFields *fields, const char *name, const char *value)
{
  g_return_if_fail (fields != NULL && name != NULL && value != NULL);

  g_ptr_array_add (fields->build_args, bo_build_arg_new (name, value));
}

void
bo_strategy_fields_add_prebuild (BoStrategyFields *fields,
                                 const char *dockerfile,
                                 const char *as,
                                 const char *target,
                                 int origin)
{
  g_return_if_fail (fields != NULL && dockerfile != NULL && as != NULL && target != NULL);

  g_ptr_array_add (fields->prebuilds, prebuild_fields_new (dockerfile, as, target, origin));
}

static gboolean
same_strings (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (g_strcmp0 (a->pdata[i], b->pdata[i]) != 0)
      return FALSE;
  return TRUE;
}

static void
write_bases (const BoStrategyFields *fields, const BoStrategyFields *before, JsonObject *strategy)
{
  JsonArray *array;

  if (fields->all_bases == before->all_bases && (fields->all_bases || same_strings (fields->bases, before->bases)))
    return;
  if (fields->all_bases)
    {
      json_object_remove_member (strategy, "bases");
      return;
    }
  array = json_array_new ();
  for (guint i = 0; i < fields->bases->len; i++)
    json_array_add_string_element (array, fields->bases->pdata[i]);
  json_object_set_array_member (strategy, "bases", array);
}

static void
write_builders (const BoStrategyFields *fields, const BoStrategyFields *before, JsonObject *strategy)
{
  gboolean plural = json_object_has_member (strategy, "builders");
  JsonArray *array;

  if (fields->builders->len == before->builders->len
      && (fields->builders->len == 0
          || memcmp (fields->builders->data, before->builders->data, fields->builders->len * sizeof (BoBuilder)) == 0))
    return;
  if (fields->builders->len == 1 && !plural)
    {
      json_object_set_string_member (strategy, "builder",
                                     bo_builder_to_string (g_array_index (fields->builders, BoBuilder, 0)));
      return;
    }
  if (json_object_has_member (strategy, "builder"))
    json_object_remove_member (strategy, "builder");
  if (fields->builders->len == 0)
    {
      if (plural)
        json_object_remove_member (strategy, "builders");
      return;
    }
  array = json_array_new ();
  for (guint i = 0; i < fields->builders->len; i++)
    json_array_add_string_element (array, bo_builder_to_string (g_array_index (fields->builders, BoBuilder, i)));
  json_object_set_array_member (strategy, "builders", array);
}

static gboolean
same_args (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const BoBuildArg *first = a->pdata[i], *second = b->pdata[i];

      if (g_strcmp0 (first->name, second->name) != 0 || g_strcmp0 (first->value, second->value) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
write_build_args (const BoStrategyFields *fields, const BoStrategyFields *before, JsonObject *strategy)
{
  JsonObject *old = bo_json_get_object (strategy, "build_args");
  JsonObject *object;

  if (same_args (fields->build_args, before->build_args))
    return;
  object = json_object_new ();
  for (guint i = 0; i < fields->build_args->len; i++)
    {
      const BoBuildArg *arg = fields->build_args->pdata[i];
      g_autofree char *there = old != NULL ? bo_json_field_read (old, arg->name) : NULL;

      /* A number stays a number. */
      if (there != NULL && json_object_has_member (old, arg->name) && strcmp (there, arg->value) == 0)
        json_object_set_member (object, arg->name, json_node_copy (json_object_get_member (old, arg->name)));
      else
        json_object_set_string_member (object, arg->name, arg->value);
    }
  if (json_object_get_size (object) > 0)
    json_object_set_object_member (strategy, "build_args", object);
  else
    {
      json_object_remove_member (strategy, "build_args");
      json_object_unref (object);
    }
}

static gboolean
same_prebuilds (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const BoPrebuildFields *first = a->pdata[i], *second = b->pdata[i];

      if (first->origin != second->origin || strcmp (first->dockerfile, second->dockerfile) != 0
          || strcmp (first->as, second->as) != 0 || strcmp (first->target, second->target) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
write_prebuilds (const BoStrategyFields *fields, const BoStrategyFields *before, JsonObject *strategy)
{
  JsonArray *old = bo_json_get_array (strategy, "prebuild");
  JsonArray *array;

  if (same_prebuilds (fields->prebuilds, before->prebuilds))
    return;
  if (fields->prebuilds->len == 0)
    {
      json_object_remove_member (strategy, "prebuild");
      return;
    }
  array = json_array_new ();
  for (guint i = 0; i < fields->prebuilds->len; i++)
    {
      const BoPrebuildFields *prebuild = fields->prebuilds->pdata[i];
      g_autoptr (JsonNode) node = NULL;

      if (prebuild->origin >= 0 && bo_json_array_get_object (old, prebuild->origin) != NULL)
        node = bo_json_node_copy (json_array_get_element (old, prebuild->origin));
      else
        {
          node = json_node_new (JSON_NODE_OBJECT);
          json_node_take_object (node, json_object_new ());
        }
      bo_json_field_write (json_node_get_object (node), "build", prebuild->dockerfile);
      bo_json_field_write (json_node_get_object (node), "as", prebuild->as);
      bo_json_field_write (json_node_get_object (node), "target", prebuild->target);
      json_array_add_element (array, g_steal_pointer (&node));
    }
  json_object_set_array_member (strategy, "prebuild", array);
}

/* What was argv stays argv, if it can be taken apart. */
static void
write_workload (const BoStrategyFields *fields, const BoStrategyFields *before, JsonObject *strategy)
{
  g_auto (GStrv) words = NULL;
  JsonArray *array;

  if (strcmp (fields->workload, before->workload) == 0)
    return;
  if (fields->workload[0] == '\0')
    {
      json_object_remove_member (strategy, "workload");
      return;
    }
  if (bo_json_get_array (strategy, "workload") == NULL
      || !g_shell_parse_argv (fields->workload, NULL, &words, NULL))
    {
      bo_json_field_write (strategy, "workload", fields->workload);
      return;
    }
  array = json_array_new ();
  for (char **word = words; *word != NULL; word++)
    json_array_add_string_element (array, *word);
  json_object_set_array_member (strategy, "workload", array);
}

/**
 * bo_strategy_fields_write:
 * @fields: what the strategy is to be
 * @strategy: its object
 *
 * Changes those members alone whose field is another one than the object has.
 */
void
bo_strategy_fields_write (const BoStrategyFields *fields, JsonObject *strategy)
{
  g_autoptr (BoStrategyFields) before = NULL;

  g_return_if_fail (fields != NULL && strategy != NULL);

  before = bo_strategy_fields_read (strategy);
  bo_json_field_write (strategy, "id", fields->id);
  bo_json_field_write (strategy, "title", fields->title);
  bo_json_field_write (strategy, "notes", fields->notes);
  bo_json_field_write (strategy, "dockerfile", fields->dockerfile);
  bo_json_field_write (strategy, "target", fields->target);
  write_bases (fields, before, strategy);
  write_builders (fields, before, strategy);
  write_build_args (fields, before, strategy);
  write_prebuilds (fields, before, strategy);
  write_workload (fields, before, strategy);
  bo_json_field_write (strategy, "timeout", fields->timeout);
}
