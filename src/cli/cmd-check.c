/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-check"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "bo-cli-advice.h"
#include "bo-cli-commands.h"
#include "bo-cli-device.h"
#include "bo-cli-study.h"
#include "bo-cli.h"
#include "context/bo-study-files.h"
#include "study/bo-chain.h"
#include "study/bo-json-writer.h"
#include "study/bo-study-secrets.h"

/* What a study comes to. */
typedef struct
{
  guint n_cells;
  guint n_chains;
} Size;

static Size
measure (BoStudy *study)
{
  g_autoptr (GPtrArray) cells = bo_study_get_cells (study);
  g_autoptr (GPtrArray) chains = bo_chain_list_from_cells (cells);

  return (Size){ cells->len, chains->len };
}

/* A macro, so that the compiler and xgettext see the literal formats. */
#define COUNT(one, many, n) g_strdup_printf (ngettext (one, many, n), n)

static void
print_summary (BoStudy *study)
{
  Size size = measure (study);
  g_autofree char *strategies = COUNT ("%u strategy", "%u strategies", study->strategies->len);
  g_autofree char *bases = COUNT ("%u base image", "%u base images", study->bases->len);
  g_autofree char *builders = COUNT ("%u builder", "%u builders", study->builders->len);
  g_autofree char *conditions = COUNT ("%u condition", "%u conditions", study->conditions->len);
  g_autofree char *cells = COUNT ("%u cell", "%u cells", size.n_cells);
  g_autofree char *chains = COUNT ("%u chain", "%u chains", size.n_chains);
  g_autofree char *repetitions = COUNT ("%u repetition", "%u repetitions", study->repetitions);

  g_print ("%s\n", study->name);
  g_print (_ ("%s, %s, %s, %s: %s in %s, %s\n"), strategies, bases, builders, conditions, cells, chains,
           repetitions);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_problem (JsonBuilder *builder, const BoProblem *problem)
{
  json_builder_begin_object (builder);
  add_string (builder, "level", problem->level == BO_PROBLEM_ERROR ? "error" : "warning");
  add_string (builder, "path", problem->path);
  json_builder_set_member_name (builder, "line");
  if (problem->line > 0)
    json_builder_add_int_value (builder, problem->line);
  else
    json_builder_add_null_value (builder);
  add_string (builder, "expected", problem->expected);
  add_string (builder, "found", problem->found);
  add_string (builder, "message", problem->message);
  json_builder_end_object (builder);
}

static void
print_json (BoStudy *study, BoProblems *problems, const BoCliPreflight *preflight)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, problems->n_errors == 0);
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < problems->items->len; i++)
    add_problem (builder, bo_problems_get (problems, i));
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "study");
  if (study == NULL)
    json_builder_add_null_value (builder);
  else
    {
      g_autoptr (GPtrArray) cells = bo_study_get_cells (study);

      json_builder_begin_object (builder);
      add_string (builder, "id", study->id);
      add_string (builder, "name", study->name);
      add_string (builder, "file", study->file);
      add_string (builder, "context", study->context);
      add_int (builder, "strategies", study->strategies->len);
      add_int (builder, "bases", study->bases->len);
      add_int (builder, "builders", study->builders->len);
      add_int (builder, "conditions", study->conditions->len);
      add_int (builder, "repetitions", study->repetitions);
      add_int (builder, "chains", measure (study).n_chains);
      json_builder_set_member_name (builder, "cells");
      json_builder_begin_array (builder);
      for (guint i = 0; i < cells->len; i++)
        {
          g_autofree char *key = bo_cell_get_key (g_ptr_array_index (cells, i));

          json_builder_add_string_value (builder, key);
        }
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_set_member_name (builder, "device");
  if (preflight != NULL)
    json_builder_add_value (builder, bo_cli_preflight_to_node (preflight));
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  text = bo_json_write_pretty (root);
  fputs (text, stdout);
}

static void
print_text (BoStudy *study, BoProblems *problems)
{
  guint n_warnings = problems->items->len - problems->n_errors;

  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *text = bo_problem_to_string (bo_problems_get (problems, i));

      g_print ("%s\n", text);
    }
  if (problems->items->len > 0)
    {
      g_autofree char *errors = COUNT ("%u error", "%u errors", problems->n_errors);
      g_autofree char *warnings = COUNT ("%u warning", "%u warnings", n_warnings);

      g_print (_ ("%s, %s\n"), errors, warnings);
    }
  if (study != NULL)
    print_summary (study);
}

int
bo_cmd_check (int argc, char **argv)
{
  g_auto (GStrv) set = NULL;
  g_auto (GStrv) rest = NULL;
  gboolean json = FALSE;
  g_autofree char *device = NULL;
  g_autoptr (BoDeviceUrl) url = NULL;
  g_autoptr (BoCliPreflight) preflight = NULL;
  int code = BO_EXIT_OK;
  g_autoptr (GOptionContext) parser = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) variables = NULL;
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = NULL;
  const GOptionEntry entries[] = {
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &set,
      N_ ("Give ${NAME} in the study this value; can be repeated"), N_ ("NAME=VALUE") },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &device,
      N_ ("Say what could be better about this device, too: a saved device's name or a URL"), N_ ("DEVICE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print problems and cells as JSON"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    { NULL },
  };

  parser = g_option_context_new (_ ("[FILE|DIR]"));
  g_option_context_set_summary (parser,
                                _ ("Checks a study and the files that it names, and says what it comes to. "
                                   "FILE is a bakeoff.json\n(default: the one in this folder)."));
  g_option_context_set_description (
      parser,
      _ ("Examples:\n"
         "  bakeoff-cli check\n"
         "  bakeoff-cli check ../audiobook --set TORCH=2.6.0\n"
         "  bakeoff-cli check --device orin\n"
         "  bakeoff-cli check --json | jq -r '.problems[] | \"\\(.line): \\(.message)\"'\n\n"
         "Nothing is built, and without --device no engine is asked. With it the device is asked what it is "
         "like: its power mode,\nclocks, swap, disk, runtime and engine. The advice names commands; Bakeoff "
         "never runs them.\n\n"
         "Exit codes: 0 the study can be used, perhaps with warnings; 1 something about the device will make "
         "builds or probes\nfail; 2 the command line is wrong; 3 the study has errors; 4 the device cannot be "
         "reached; 5 the results' file cannot be read."));
  g_option_context_add_main_entries (parser, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (parser, &argc, &argv, &error))
    return bo_cli_usage ("check", "%s", error->message);
  if (rest != NULL && rest[0] != NULL && rest[1] != NULL)
    return bo_cli_usage ("check", _ ("one study is enough, but “%s” follows"), rest[1]);
  variables = bo_cli_parse_set (set, &error);
  if (variables == NULL)
    return bo_cli_usage ("check", "%s", error->message);

  study = bo_study_load (rest != NULL && rest[0] != NULL ? rest[0] : ".", variables, problems);
  if (study != NULL)
    {
      bo_study_check_files (study, NULL, problems);
      bo_study_check_secrets (study, problems);
    }
  if (problems->n_errors > 0)
    g_clear_pointer (&study, bo_study_unref);
  if (!json)
    print_text (study, problems);
  if (device != NULL && study != NULL)
    {
      code = bo_cli_find_device ("check", device, &url);
      if (code == BO_EXIT_OK)
        code = bo_cli_preflight_run (url, study, &preflight);
      if (code != BO_EXIT_OK)
        return code;
    }
  if (json)
    print_json (study, problems, preflight);
  else if (preflight != NULL)
    bo_cli_preflight_print (preflight);
  if (problems->n_errors > 0)
    return BO_EXIT_INPUT;
  return preflight != NULL && bo_cli_preflight_count_problems (preflight) > 0 ? BO_EXIT_FAILED : BO_EXIT_OK;
}
