/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-selection"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bo-cli-selection.h"
#include "bo-cli.h"
#include "context/bo-study-files.h"
#include "study/bo-cell-selection.h"
#include "study/bo-variables.h"

void
bo_cli_selection_add_options (BoCliSelection *selection, GOptionContext *context)
{
  GOptionEntry entries[] = {
    { "only", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &selection->only,
      N_ ("Only cells that fit: STRATEGY/BASE/BUILDER/CONDITION, * for any, shorter for all below; can be repeated"),
      N_ ("PATTERN") },
    { "repetitions", 'n', 0, G_OPTION_ARG_INT, &selection->repetitions, N_ ("How often each chain runs, instead of the study's number"),
      N_ ("N") },
    { "first-look", 0, 0, G_OPTION_ARG_NONE, &selection->first_look, N_ ("Cold builds alone, once each"), NULL },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &selection->seed_text, N_ ("Seed of the order, to run in the same order again"),
      N_ ("NUMBER") },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &selection->variables, N_ ("Value of a variable of the study; can be repeated"),
      N_ ("NAME=VALUE") },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

static GHashTable *
parse_variables (const char *command, char **variables)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (char **v = variables; v != NULL && *v != NULL; v++)
    {
      const char *equal = strchr (*v, '=');
      g_autofree char *name = equal != NULL ? g_strndup (*v, equal - *v) : NULL;

      if (name == NULL || !bo_variables_is_name (name))
        {
          bo_cli_usage (command, _ ("“--set %s” is not of the form NAME=VALUE"), *v);
          g_hash_table_unref (table);
          return NULL;
        }
      g_hash_table_insert (table, g_steal_pointer (&name), g_strdup (equal + 1));
    }
  return table;
}

static void
print_problems (BoProblems *problems)
{
  for (guint i = 0; i < problems->items->len; i++)
    {
      g_autofree char *text = bo_problem_to_string (bo_problems_get (problems, i));

      g_printerr ("%s\n", text);
    }
}

/**
 * bo_cli_load_study:
 * @command: the command that asks, for its messages
 * @path: (nullable): a bakeoff.json or a folder that has one; %NULL for the current folder
 * @variables: (nullable): "NAME=VALUE"
 * @exit_code: (out): why it is %NULL
 *
 * Prints all that is wrong with it, and with the files that it names, at once.
 *
 * Returns: (transfer full) (nullable): the study
 */
BoStudy *
bo_cli_load_study (const char *command, const char *path, char **variables, int *exit_code)
{
  g_autoptr (GHashTable) table = parse_variables (command, variables);
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = NULL;
  g_autofree char *file = NULL;

  if (table == NULL)
    {
      *exit_code = BO_EXIT_USAGE;
      return NULL;
    }
  if (path == NULL || g_file_test (path, G_FILE_TEST_IS_DIR))
    file = g_build_filename (path != NULL ? path : ".", BO_STUDY_FILE_NAME, NULL);
  else
    file = g_strdup (path);

  study = bo_study_load (file, table, problems);
  if (study != NULL)
    bo_study_check_files (study, problems);
  print_problems (problems);
  if (study != NULL && problems->n_errors == 0)
    return g_steal_pointer (&study);

  bo_cli_error (ngettext ("%s has %u mistake; nothing was started", "%s has %u mistakes; nothing was started",
                          problems->n_errors),
                file, problems->n_errors);
  *exit_code = BO_EXIT_INPUT;
  return NULL;
}

static GPtrArray *
keep_cold (GPtrArray *cells)
{
  GPtrArray *cold = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);

  for (guint i = 0; i < cells->len; i++)
    {
      const BoCell *cell = g_ptr_array_index (cells, i);

      if (cell->condition == BO_CONDITION_COLD)
        g_ptr_array_add (cold, bo_cell_copy (cell));
    }
  g_ptr_array_unref (cells);
  return cold;
}

/**
 * bo_cli_selection_load:
 * @selection: what was typed
 * @command: the command, for its messages
 * @path: (nullable): of the study
 * @study: (out) (transfer full): the study
 * @cells: (out) (transfer full) (element-type BoCell): the cells that were selected
 *
 * Returns: BO_EXIT_OK, or another code after a message was printed
 */
int
bo_cli_selection_load (BoCliSelection *selection,
                       const char *command,
                       const char *path,
                       BoStudy **study,
                       GPtrArray **cells)
{
  g_autoptr (GError) error = NULL;
  int exit_code = BO_EXIT_OK;

  if (selection->repetitions < 0 || selection->repetitions > 1000)
    return bo_cli_usage (command, _ ("--repetitions is a number from 1 to 1000"));
  if (selection->seed_text == NULL)
    selection->seed = ((guint64) g_random_int () << 21) ^ g_random_int ();
  else if (!g_ascii_string_to_unsigned (selection->seed_text, 10, 0, G_MAXINT64, &selection->seed, NULL))
    return bo_cli_usage (command, _ ("“--seed %s” is not a number"), selection->seed_text);

  *study = bo_cli_load_study (command, path, selection->variables, &exit_code);
  if (*study == NULL)
    return exit_code;

  *cells = bo_cells_select (*study, (const char *const *) selection->only, &error);
  if (*cells == NULL)
    return bo_cli_usage (command, "%s", error->message);
  if (selection->first_look)
    {
      *cells = keep_cold (*cells);
      selection->repetitions = 1;
    }
  if ((*cells)->len == 0)
    return bo_cli_usage (command, _ ("no cell is selected"));
  return BO_EXIT_OK;
}

void
bo_cli_selection_clear (BoCliSelection *selection)
{
  g_clear_pointer (&selection->only, g_strfreev);
  g_clear_pointer (&selection->variables, g_strfreev);
  g_clear_pointer (&selection->seed_text, g_free);
}
