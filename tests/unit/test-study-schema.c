/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "study/bo-cell.h"
#include "study/bo-study-keys.h"
#include "study/bo-study.h"

static JsonObject *
load_schema (JsonParser *parser)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "..", "data", "bakeoff-study.schema.json", NULL);
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

/* Loader and schema know the same keys, and the schema explains each. */
static void
test_keys (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *schema = load_schema (parser);
  JsonObject *definitions = json_object_get_object_member (schema, "definitions");

  for (BoStudyObject kind = 0; kind < BO_N_STUDY_OBJECTS; kind++)
    {
      const char *name = bo_study_object_get_name (kind);
      const char *const *keys = bo_study_object_get_keys (kind);
      JsonObject *definition
          = kind == BO_STUDY_OBJECT_STUDY ? schema : json_object_get_object_member (definitions, name);
      JsonObject *properties = json_object_get_object_member (definition, "properties");
      g_autoptr (GList) members = json_object_get_members (properties);

      g_test_message ("%s", name);
      for (guint i = 0; keys[i] != NULL; i++)
        {
          if (!json_object_has_member (properties, keys[i]))
            g_error ("The schema of “%s” lacks “%s”", name, keys[i]);
        }
      for (GList *l = members; l != NULL; l = l->next)
        {
          if (!g_strv_contains (keys, l->data))
            g_error ("The loader of “%s” lacks “%s”", name, (char *) l->data);
          if (kind != BO_STUDY_OBJECT_STUDY || strcmp (l->data, "defaults") != 0)
            g_assert_true (
                json_object_has_member (json_object_get_object_member (properties, l->data), "description"));
        }
      g_assert_false (json_object_get_boolean_member (definition, "additionalProperties"));
    }
}

static void
check_enum (JsonArray *words, guint n, const char *(*to_string) (guint))
{
  g_assert_cmpuint (json_array_get_length (words), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (json_array_get_string_element (words, i), ==, to_string (i));
}

static const char *
builder_word (guint i)
{
  return bo_builder_to_string (i);
}

static const char *
condition_word (guint i)
{
  return bo_condition_to_string (i);
}

static const char *
keep_word (guint i)
{
  return bo_keep_to_string (i);
}

static const char *
kind_word (guint i)
{
  return bo_probe_kind_to_string (i);
}

static JsonObject *
get_property (JsonObject *definitions, const char *definition, const char *property)
{
  return json_object_get_object_member (
      json_object_get_object_member (json_object_get_object_member (definitions, definition), "properties"),
      property);
}

static void
test_words (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *definitions = json_object_get_object_member (load_schema (parser), "definitions");

  check_enum (json_object_get_array_member (json_object_get_object_member (definitions, "builder"), "enum"),
              BO_N_BUILDERS, builder_word);
  check_enum (json_object_get_array_member (json_object_get_object_member (definitions, "condition"), "enum"),
              BO_N_CONDITIONS, condition_word);
  check_enum (json_object_get_array_member (get_property (definitions, "defaults", "keep"), "enum"),
              BO_N_KEEPS, keep_word);
  check_enum (json_object_get_array_member (get_property (definitions, "probe", "kind"), "enum"),
              BO_N_PROBE_KINDS, kind_word);
}

/* Every $ref of the schema leads somewhere. */
static void
check_refs (JsonNode *node, JsonObject *definitions)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        check_refs (json_array_get_element (array, i), definitions);
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr (GList) members = json_object_get_members (object);

      for (GList *l = members; l != NULL; l = l->next)
        {
          JsonNode *member = json_object_get_member (object, l->data);

          if (strcmp (l->data, "$ref") == 0)
            {
              const char *ref = json_node_get_string (member);

              g_assert_true (g_str_has_prefix (ref, "#/definitions/"));
              g_assert_true (json_object_has_member (definitions, ref + strlen ("#/definitions/")));
            }
          else
            check_refs (member, definitions);
        }
    }
}

static void
test_refs (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *schema = load_schema (parser);

  check_refs (json_parser_get_root (parser), json_object_get_object_member (schema, "definitions"));
}

static void
test_similar (void)
{
  static const char *const cases[][2] = {
    { "dockerfiles", "dockerfile" },
    { "docker_file", "dockerfile" },
    { "Dockerfile", "dockerfile" },
    { "buildArgs", "build_args" },
    { "prebuilds", "prebuild" },
    { "worklaod", "workload" },
    { "colour", NULL },
    { "x", NULL },
    { "run_", "run" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (bo_study_object_find_similar_key (BO_STUDY_OBJECT_STRATEGY, cases[i][0]), ==,
                     cases[i][1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study-schema/keys", test_keys);
  g_test_add_func ("/study-schema/words", test_words);
  g_test_add_func ("/study-schema/refs", test_refs);
  g_test_add_func ("/study-schema/similar", test_similar);
  return g_test_run ();
}
