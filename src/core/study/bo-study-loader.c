/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-loader"

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "study/bo-names.h"
#include "study/bo-study-private.h"
#include "study/bo-variables.h"

/* A study that is larger is something else. */
#define FILE_SIZE_MAX (4 * 1024 * 1024)

#define BUILD_LIMIT_US (6 * G_TIME_SPAN_HOUR)

static void
load_format (BoStudyReader *reader, JsonObject *root)
{
  JsonNode *node = json_object_get_member (root, "format");
  g_autofree char *expected = g_strdup_printf ("%d", BO_STUDY_FORMAT);
  g_autofree char *found = bo_study_reader_describe (node);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    {
      gint64 format = json_node_get_int (node);

      if (format == BO_STUDY_FORMAT)
        return;
      if (format > BO_STUDY_FORMAT)
        {
          bo_study_reader_error (reader, "$.format", expected, found,
                                 _ ("the file was made for a newer version of Bakeoff"));
          return;
        }
    }
  bo_study_reader_error (reader, "$.format", expected, found,
                         node == NULL ? _ ("“format” is missing") : _ ("there is no such format"));
}

static void
load_variables (BoStudyReader *reader, JsonObject *root)
{
  JsonObject *object = bo_study_reader_get_object (reader, root, "$", "variables");
  g_autoptr (GList) members = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *name = l->data;
      g_autofree char *member = bo_json_path_append_key ("$.variables", name);
      g_autofree char *found = bo_study_reader_quote (name);
      char *value = bo_study_reader_scalar_to_text (reader, json_object_get_member (object, name), member,
                                                    BO_STUDY_READER_NONE);

      if (strcmp (name, BO_VARIABLE_BASE_IMAGE) == 0 || strcmp (name, BO_VARIABLE_TRIAL) == 0)
        bo_study_reader_error (reader, member, _ ("another name"), found,
                               _ ("Bakeoff itself sets this variable"));
      else if (!bo_variables_is_name (name))
        bo_study_reader_error (reader, member, _ ("letters, digits and “_”, no digit first"), found,
                               _ ("this cannot be the name of a variable"));
      if (value != NULL)
        g_hash_table_replace (reader->defaults, g_strdup (name), value);
    }
}

/* An image reference has no blanks and begins with a letter or digit; the engine knows the rest. */
static gboolean
is_image_reference (const char *text)
{
  if (!g_ascii_isalnum (text[0]))
    return FALSE;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isalnum (*text) && strchr ("._-/:@", *text) == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
load_bases (BoStudyReader *reader, JsonObject *root, BoStudy *study, GPtrArray *ids)
{
  JsonArray *array = bo_study_reader_get_array (reader, root, "$", "bases", BO_STUDY_READER_REQUIRED);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *path = bo_json_path_append_index ("$.bases", i);
      JsonObject *object = bo_study_reader_as_object (reader, json_array_get_element (array, i), path);
      g_autoptr (BoBase) base = bo_base_new ();
      g_autofree char *found = NULL;
      g_autofree char *member = NULL;

      if (object == NULL)
        continue;
      bo_study_reader_check_keys (reader, object, path, BO_STUDY_OBJECT_BASE);
      base->id = bo_study_reader_get_id (reader, object, path, "id", BO_STUDY_READER_REQUIRED);
      base->title = bo_study_reader_get_string (reader, object, path, "title", BO_STUDY_READER_NONE);
      base->image = bo_study_reader_get_string (reader, object, path, "image",
                                                BO_STUDY_READER_REQUIRED | BO_STUDY_READER_EXPAND);
      if (base->image != NULL && !is_image_reference (base->image))
        {
          member = bo_json_path_append_key (path, "image");
          found = bo_study_reader_quote (base->image);
          bo_study_reader_error (reader, member, _ ("a reference as “dustynv/pytorch:2.6-r36.4.0”"), found,
                                 _ ("this is not the name of an image"));
        }
      if (base->id == NULL)
        continue;
      if (g_ptr_array_find_with_equal_func (ids, base->id, g_str_equal, NULL))
        {
          g_clear_pointer (&found, g_free);
          g_clear_pointer (&member, g_free);
          member = bo_json_path_append_key (path, "id");
          found = bo_study_reader_quote (base->id);
          bo_study_reader_error (reader, member, _ ("an id of its own"), found,
                                 _ ("two bases have the same id"));
          continue;
        }
      g_ptr_array_add (ids, g_strdup (base->id));
      if (base->title == NULL)
        base->title = g_strdup (base->image);
      if (base->image != NULL)
        g_ptr_array_add (study->bases, g_steal_pointer (&base));
    }
}

static void
load_defaults (BoStudyReader *reader,
               JsonObject *root,
               BoStudy *study,
               GArray *study_builders,
               BoRunOptions *run,
               gint64 *timeout_us)
{
  JsonObject *object = bo_study_reader_get_object (reader, root, "$", "defaults");
  g_autoptr (GArray) builder = NULL;
  g_autofree char *keep = NULL;
  gboolean known = FALSE;

  study->default_builder = BO_BUILDER_CLASSIC;
  if (study_builders != NULL && study_builders->len > 0)
    study->default_builder = g_array_index (study_builders, BoBuilder, 0);
  *timeout_us = BUILD_LIMIT_US;
  if (object == NULL)
    return;

  bo_study_reader_check_keys (reader, object, "$.defaults", BO_STUDY_OBJECT_DEFAULTS);
  run->runtime = bo_study_reader_get_string (reader, object, "$.defaults", "runtime", BO_STUDY_READER_EXPAND);
  run->network = bo_study_reader_get_string (reader, object, "$.defaults", "network", BO_STUDY_READER_EXPAND);
  study->repetitions = bo_study_reader_get_integer (reader, object, "$.defaults", "repetitions", 1, 100, 1);
  study->retry_failed = bo_study_reader_get_boolean (reader, object, "$.defaults", "retry_failed", FALSE);
  *timeout_us = bo_study_reader_get_duration (reader, object, "$.defaults", "timeout", BUILD_LIMIT_US);

  keep = bo_study_reader_get_string (reader, object, "$.defaults", "keep", BO_STUDY_READER_NONE);
  for (guint i = 0; keep != NULL && i < BO_N_KEEPS; i++)
    {
      if (strcmp (keep, bo_keep_to_string (i)) == 0)
        {
          study->keep = i;
          known = TRUE;
        }
    }
  if (keep != NULL && !known)
    {
      g_autofree char *found = bo_study_reader_quote (keep);

      bo_study_reader_error (reader, "$.defaults.keep", _ ("“none”, “best” or “all”"), found,
                             _ ("this does not say which images stay"));
    }

  builder = bo_study_load_builders (reader, object, "$.defaults", "builder");
  if (builder == NULL || builder->len == 0)
    return;
  study->default_builder = g_array_index (builder, BoBuilder, 0);
  if (builder->len > 1)
    bo_study_reader_error (reader, "$.defaults.builder", _ ("one builder"), _ ("an array"),
                           _ ("there is one default builder; list columns under “builders”"));
  for (guint i = 0; study_builders != NULL; i++)
    {
      if (i == study_builders->len)
        {
          bo_study_reader_error (reader, "$.defaults.builder", _ ("one of the study's “builders”"),
                                 bo_builder_to_string (study->default_builder),
                                 _ ("the default builder is not among the builders"));
          break;
        }
      if (g_array_index (study_builders, BoBuilder, i) == study->default_builder)
        break;
    }
}

static void
load_edit (BoStudyReader *reader, JsonObject *root, BoStudy *study)
{
  JsonObject *object = bo_study_reader_get_object (reader, root, "$", "edit");

  if (object == NULL)
    return;
  bo_study_reader_check_keys (reader, object, "$.edit", BO_STUDY_OBJECT_EDIT);
  study->edit_path = bo_study_reader_get_path (reader, object, "$.edit", "path", BO_STUDY_READER_REQUIRED);
  study->edit_append
      = bo_study_reader_get_string (reader, object, "$.edit", "append", BO_STUDY_READER_REQUIRED);
  if (g_strcmp0 (study->edit_path, ".") == 0)
    bo_study_reader_error (reader, "$.edit.path", _ ("a file"), _ ("the context folder"),
                           _ ("a folder cannot be edited"));
}

static void
load_conditions (BoStudyReader *reader, JsonObject *root, BoStudy *study)
{
  gboolean wanted[BO_N_CONDITIONS] = { FALSE };
  g_autoptr (GPtrArray) words = NULL;

  if (!json_object_has_member (root, "conditions"))
    wanted[BO_CONDITION_COLD] = TRUE;
  else
    words = bo_study_reader_get_strings (reader, root, "$", "conditions", BO_STUDY_READER_REQUIRED);

  for (guint i = 0; words != NULL && i < words->len; i++)
    {
      g_autofree char *path = bo_json_path_append_index ("$.conditions", i);
      g_autofree char *found = bo_study_reader_quote (g_ptr_array_index (words, i));
      BoCondition condition;

      if (g_ptr_array_index (words, i) == NULL)
        continue;
      if (!bo_condition_from_string (g_ptr_array_index (words, i), &condition))
        bo_study_reader_error (reader, path, _ ("“cold”, “cold-layers”, “warm” or “edited”"), found,
                               _ ("there is no such condition"));
      else if (wanted[condition])
        bo_study_reader_error (reader, path, _ ("each condition once"), found,
                               _ ("this condition is named twice"));
      else
        {
          wanted[condition] = TRUE;
          if (condition == BO_CONDITION_EDITED && !json_object_has_member (root, "edit"))
            bo_study_reader_error (reader, path, _ ("an “edit” in the study"), _ ("none"),
                                   _ ("“edited” needs to know which file changes"));
        }
    }
  for (BoCondition condition = 0; condition < BO_N_CONDITIONS; condition++)
    {
      if (wanted[condition])
        g_array_append_val (study->conditions, condition);
    }
}

/* Warns of conditions that no strategy can have. */
static void
check_cold_layers (BoStudyReader *reader, BoStudy *study)
{
  gboolean wanted = FALSE;

  for (guint i = 0; i < study->conditions->len; i++)
    wanted |= g_array_index (study->conditions, BoCondition, i) == BO_CONDITION_COLD_LAYERS;
  for (guint i = 0; wanted && i < study->builders->len; i++)
    {
      if (g_array_index (study->builders, BoBuilder, i) == BO_BUILDER_BUILDKIT)
        return;
    }
  if (wanted && study->builders->len > 0)
    bo_study_reader_warning (reader, "$.conditions", _ ("the builder “buildkit” in the study"), "classic",
                             _ ("“cold-layers” makes no cell: only BuildKit has cache mounts to keep"));
}

static gboolean
is_language (const char *text)
{
  gsize n = 0;

  while (g_ascii_isalpha (text[n]))
    n++;
  if (n < 2 || n > 3)
    return FALSE;
  for (text += n; *text != '\0'; text++)
    {
      if (!g_ascii_isalnum (*text) && *text != '-' && *text != '_')
        return FALSE;
    }
  return TRUE;
}

static void
load_identity (BoStudyReader *reader, JsonObject *root, BoStudy *study)
{
  g_autofree char *folder = g_path_get_dirname (study->file);
  g_autofree char *context = NULL;

  study->name = bo_study_reader_get_string (reader, root, "$", "name", BO_STUDY_READER_NONE);
  if (study->name == NULL)
    study->name = g_filename_display_basename (folder);
  study->id = bo_study_reader_get_id (reader, root, "$", "id", BO_STUDY_READER_NONE);
  if (study->id == NULL)
    study->id = bo_name_slug (study->name);
  study->language = bo_study_reader_get_string (reader, root, "$", "language", BO_STUDY_READER_NONE);
  if (study->language == NULL)
    study->language = g_strdup ("en");
  else if (!is_language (study->language))
    {
      g_autofree char *found = bo_study_reader_quote (study->language);

      bo_study_reader_error (reader, "$.language", _ ("a code as “en” or “pt-BR”"), found,
                             _ ("this is not a language"));
    }

  context = bo_study_reader_get_string (reader, root, "$", "context", BO_STUDY_READER_NONE);
  study->context = g_canonicalize_filename (context != NULL ? context : ".", folder);
  if (context != NULL && context[0] == '/')
    bo_study_reader_warning (reader, "$.context", _ ("a path relative to this file"), context,
                             _ ("an absolute path holds on this computer only"));
}

static void
load_root (BoStudyReader *reader, JsonObject *root, BoStudy *study)
{
  g_autoptr (BoRunOptions) nothing = bo_run_options_new ();
  g_autoptr (BoRunOptions) run = NULL;
  g_autoptr (GPtrArray) base_ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) build_args = NULL;
  g_autoptr (GPtrArray) probes = NULL;
  g_autoptr (GArray) builders = NULL;
  BoStudyDefaults defaults = { 0 };

  bo_study_reader_check_keys (reader, root, "$", BO_STUDY_OBJECT_STUDY);
  load_format (reader, root);
  load_variables (reader, root);
  load_identity (reader, root, study);
  load_bases (reader, root, study, base_ids);
  builders = bo_study_load_builders (reader, root, "$", "builders");
  load_conditions (reader, root, study);
  load_edit (reader, root, study);
  load_defaults (reader, root, study, builders, nothing, &defaults.timeout_us);
  run = bo_study_load_run (reader, root, "$", nothing);
  build_args = bo_study_load_build_args (reader, root, "$", NULL);
  probes = bo_study_load_probes (reader, root, "$");

  defaults.run = run;
  defaults.build_args = build_args;
  defaults.probes = probes;
  defaults.base_ids = base_ids;
  defaults.builders = builders;
  bo_study_load_strategies (reader, root, study, &defaults);
  check_cold_layers (reader, study);
}

static void
warn_of_duplicates (BoStudyReader *reader)
{
  GPtrArray *duplicates = bo_json_map_get_duplicates (reader->map);

  for (guint i = 0; i < duplicates->len; i++)
    bo_study_reader_warning (reader, g_ptr_array_index (duplicates, i), NULL, NULL,
                             _ ("this key is there more than once; only the last one counts"));
}

static int
compare_lines (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const BoProblem *first = *(const BoProblem *const *) a;
  const BoProblem *second = *(const BoProblem *const *) b;

  return first->line < second->line ? -1 : first->line > second->line;
}

/* Puts what was found from @start on in the order of the file. */
static void
sort_by_line (BoProblems *problems, guint start)
{
  /* GLib's sort of arrays is stable since 2.32, so several problems of a line keep their order. */
  if (problems->items->len > start)
    g_qsort_with_data (problems->items->pdata + start, problems->items->len - start, sizeof (gpointer),
                       compare_lines, NULL);
}

/* Reads the text of @path; NULL after a problem. */
static char *
read_file (const char *path, gsize *length, BoProblems *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info
      = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                           G_FILE_QUERY_INFO_NONE, NULL, &error);
  g_autofree char *shown = g_filename_display_name (path);
  char *text = NULL;

  if (info == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        bo_problems_add (problems, BO_PROBLEM_ERROR, shown, 0, NULL, NULL,
                         _ ("there is no study here; “bakeoff-cli new” makes one"));
      else
        bo_problems_add (problems, BO_PROBLEM_ERROR, shown, 0, NULL, NULL, _ ("the study cannot be read: %s"),
                         error->message);
      return NULL;
    }
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      bo_problems_add (problems, BO_PROBLEM_ERROR, shown, 0, _ ("a regular file"), NULL,
                       _ ("this is not a file that can be read"));
      return NULL;
    }
  if (g_file_info_get_size (info) > FILE_SIZE_MAX)
    {
      g_autofree char *found = g_format_size (g_file_info_get_size (info));

      bo_problems_add (problems, BO_PROBLEM_ERROR, shown, 0, _ ("at most 4 MiB"), found,
                       _ ("the file is too large for a study"));
      return NULL;
    }
  if (!g_file_get_contents (path, &text, length, &error))
    bo_problems_add (problems, BO_PROBLEM_ERROR, shown, 0, NULL, NULL, _ ("the study cannot be read: %s"),
                     error->message);
  return text;
}

/**
 * bo_study_load:
 * @path: path of a bakeoff.json, or of the folder that it is in
 * @variables: (nullable) (element-type utf8 utf8): values for ${NAME}, before all other sources
 * @problems: gets everything that is wrong with the file; errors mean that there is no study
 *
 * Reads a study. What its files are like (Dockerfiles, the edited file) is
 * bo_study_check_files()'s part.
 *
 * Returns: (transfer full) (nullable): the study, or %NULL when there were errors
 */
BoStudy *
bo_study_load (const char *path, GHashTable *variables, BoProblems *problems)
{
  g_autofree char *file = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  g_return_val_if_fail (path != NULL && problems != NULL, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    file = g_build_filename (path, BO_STUDY_FILE_NAME, NULL);
  else
    file = g_strdup (path);
  text = read_file (file, &length, problems);
  if (text == NULL)
    return NULL;
  return bo_study_load_from_data (text, length, file, variables, problems);
}

/**
 * bo_study_load_from_data:
 * @text: the text of a study
 * @length: bytes, or -1 when it ends with NUL
 * @file: the path that it has or will have; paths in it are relative to that folder
 * @variables: (nullable) (element-type utf8 utf8): values for ${NAME}, before all other sources
 * @problems: gets everything that is wrong with the text, in the order of its lines
 *
 * Returns: (transfer full) (nullable): the study, or %NULL when there were errors
 */
BoStudy *
bo_study_load_from_data (const char *text,
                         gssize length,
                         const char *file,
                         GHashTable *variables,
                         BoProblems *problems)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (BoJsonMap) map = NULL;
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *shown = NULL;
  BoStudyReader reader = { 0 };
  JsonObject *root;
  guint line = 0, column = 0;
  guint n_before, start;

  g_return_val_if_fail (text != NULL && file != NULL && problems != NULL, NULL);

  n_before = problems->n_errors;
  start = problems->items->len;
  shown = g_filename_display_name (file);
  if (length < 0)
    length = strlen (text);
  map = bo_json_map_new (text, length, &line, &column, &error);
  if (map == NULL)
    {
      bo_problems_add (problems, BO_PROBLEM_ERROR, shown, line, NULL, NULL,
                       _ ("this is not a JSON text: %s (column %u)"), error->message, column);
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, length, &error))
    {
      bo_problems_add (problems, BO_PROBLEM_ERROR, shown, json_parser_get_current_line (parser), NULL, NULL,
                       _ ("this is not a JSON text: %s (column %u)"), error->message,
                       json_parser_get_current_pos (parser));
      return NULL;
    }

  study = bo_study_new ();
  study->file = g_canonicalize_filename (file, NULL);
  study->text = g_strndup (text, length);
  reader.problems = problems;
  reader.map = map;
  reader.given = variables;
  reader.defaults = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reader.used = study->variables;
  warn_of_duplicates (&reader);
  root = bo_study_reader_as_object (&reader, json_parser_get_root (parser), "$");
  if (root != NULL)
    load_root (&reader, root, study);
  g_hash_table_unref (reader.defaults);
  sort_by_line (problems, start);

  if (problems->n_errors > n_before)
    return NULL;
  return g_steal_pointer (&study);
}
