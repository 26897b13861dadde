/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-study"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-cli-study.h"
#include "context/bo-study-files.h"
#include "study/bo-variables.h"

/**
 * bo_cli_parse_set:
 * @assignments: (nullable) (array zero-terminated=1): what came with --set
 * @error: return location; its message is for bo_cli_usage()
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): the variables, or %NULL when one is no
 * NAME=VALUE
 */
GHashTable *
bo_cli_parse_set (char **assignments, GError **error)
{
  g_autoptr (GHashTable) variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (; assignments != NULL && *assignments != NULL; assignments++)
    {
      const char *equals = strchr (*assignments, '=');
      g_autofree char *name = equals != NULL ? g_strndup (*assignments, equals - *assignments) : NULL;

      if (name == NULL || !bo_variables_is_name (name) || !g_utf8_validate (*assignments, -1, NULL))
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _ ("--set takes NAME=VALUE, not “%s”"), *assignments);
          return NULL;
        }
      if (strcmp (name, BO_VARIABLE_BASE_IMAGE) == 0 || strcmp (name, BO_VARIABLE_TRIAL) == 0)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("%s is set by Bakeoff itself"),
                       name);
          return NULL;
        }
      g_hash_table_replace (variables, g_steal_pointer (&name), g_strdup (equals + 1));
    }
  return g_steal_pointer (&variables);
}

/**
 * bo_cli_load_study:
 * @path: a bakeoff.json, or its folder
 * @variables: (nullable): what bo_cli_parse_set() gave
 *
 * Loads a study and checks its files, with every problem on standard error.
 *
 * Returns: (transfer full) (nullable): the study, or %NULL when it cannot be used (%BO_EXIT_INPUT)
 */
BoStudy *
bo_cli_load_study (const char *path, GHashTable *variables)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load (path, variables, problems);

  if (study != NULL)
    bo_study_check_files (study, NULL, problems);
  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *text = bo_problem_to_string (bo_problems_get (problems, i));

      g_printerr ("%s\n", text);
    }
  return problems->n_errors == 0 ? g_steal_pointer (&study) : NULL;
}
