/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-selection"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-cli-selection.h"
#include "bo-cli-study.h"
#include "bo-cli.h"
#include "insight/bo-missing-cells.h"
#include "study/bo-cell-selection.h"

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

/**
 * bo_cli_selection_add_missing_option:
 *
 * For a command that calls bo_cli_selection_keep_missing().
 */
void
bo_cli_selection_add_missing_option (BoCliSelection *selection, GOptionContext *context)
{
  GOptionEntry entries[] = {
    { "missing", 'm', 0, G_OPTION_ARG_NONE, &selection->missing,
      N_ ("Only cells that have no undisturbed success on this device yet, with these values of variables; one that "
          "failed is missing too"),
      NULL },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
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
  g_autoptr (GHashTable) variables = NULL;

  if (selection->repetitions < 0 || selection->repetitions > 1000)
    return bo_cli_usage (command, _ ("--repetitions is a number from 1 to 1000"));
  if (selection->seed_text == NULL)
    selection->seed = ((guint64) g_random_int () << 21) ^ g_random_int ();
  else if (!g_ascii_string_to_unsigned (selection->seed_text, 10, 0, G_MAXINT64, &selection->seed, NULL))
    return bo_cli_usage (command, _ ("“--seed %s” is not a number"), selection->seed_text);

  variables = bo_cli_parse_set (selection->variables, &error);
  if (variables == NULL)
    return bo_cli_usage (command, "%s", error->message);
  *study = bo_cli_load_study (path != NULL ? path : ".", variables);
  if (*study == NULL)
    return BO_EXIT_INPUT;

  *cells = bo_cells_select (*study, (const char *const *) selection->only, &error);
  if (*cells == NULL)
    return bo_cli_usage (command, "%s", error->message);
  if (selection->first_look)
    {
      g_autoptr (GPtrArray) all = *cells;

      *cells = bo_cells_keep_cold (all);
      selection->repetitions = 1;
    }
  if ((*cells)->len == 0)
    return bo_cli_usage (command, _ ("no cell is selected"));
  return BO_EXIT_OK;
}

/* The study's campaigns on any device, and their trials. */
static gboolean
load_results (BoStore *store, const char *study_id, GPtrArray *campaigns, GPtrArray **trials, GError **error)
{
  g_autoptr (GPtrArray) summaries = bo_store_list_campaigns_sync (store, study_id, error);

  if (summaries == NULL)
    return FALSE;
  for (guint i = 0; i < summaries->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (summaries, i);
      BoCampaign *campaign = bo_store_get_campaign_sync (store, summary->id, error);

      if (campaign == NULL)
        return FALSE;
      g_ptr_array_add (campaigns, campaign);
    }
  *trials = bo_store_list_trials_sync (store, study_id, NULL, NULL, error);
  return *trials != NULL;
}

/**
 * bo_cli_selection_keep_missing:
 * @selection: what was typed
 * @store: the results
 * @url: the device
 * @study: the study
 * @cells: (element-type BoCell): the cells that were selected; with --missing, those that have a result on the
 *   device (bo_cells_find_missing()) are taken out
 *
 * When nothing is left, a message says so and there is nothing more to do, which is no mistake.
 *
 * Returns: BO_EXIT_OK, or another code after a message was printed
 */
int
bo_cli_selection_keep_missing (const BoCliSelection *selection,
                               BoStore *store,
                               const BoDeviceUrl *url,
                               BoStudy *study,
                               GPtrArray *cells)
{
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = NULL;
  g_autoptr (GPtrArray) missing = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL;
  guint n_selected = cells->len;

  if (!selection->missing)
    return BO_EXIT_OK;
  if (!load_results (store, study->id, campaigns, &trials, &error))
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INTERNAL;
    }
  device = bo_device_url_to_string (url);
  missing = bo_cells_find_missing (cells, campaigns, trials, device, study->variables);
  g_ptr_array_set_size (cells, 0);
  g_ptr_array_extend_and_steal (cells, g_steal_pointer (&missing));
  if (cells->len == 0)
    g_printerr (ngettext ("Nothing is missing: the %u cell that is selected has succeeded on %s.\n",
                          "Nothing is missing: all %u cells that are selected have succeeded on %s.\n", n_selected),
                n_selected, device);
  return BO_EXIT_OK;
}

void
bo_cli_selection_clear (BoCliSelection *selection)
{
  g_clear_pointer (&selection->only, g_strfreev);
  g_clear_pointer (&selection->variables, g_strfreev);
  g_clear_pointer (&selection->seed_text, g_free);
}
