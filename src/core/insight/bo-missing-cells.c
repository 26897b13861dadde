/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-missing-cells"

#include "config.h"

#include "insight/bo-cell-summary.h"
#include "insight/bo-missing-cells.h"

/**
 * bo_cells_find_missing:
 * @cells: (element-type BoCell): the cells that are wanted
 * @campaigns: (element-type BoCampaign): campaigns of the study
 * @trials: (element-type BoTrial): their trials, in any order
 * @device_url: the device
 * @variables: (nullable) (element-type utf8 utf8): values of the study's variables, as of now
 *
 * Which cells are still worth a run: those without a trial that says how long
 * they take (bo_trial_is_usable()) on this device with these values. A cell that
 * failed, or was disturbed or cut off each time, is missing; one good trial is enough, however
 * many repetitions are wanted.
 *
 * Returns: (transfer full) (element-type BoCell): the missing ones, in the order of @cells
 */
GPtrArray *
bo_cells_find_missing (GPtrArray *cells,
                       GPtrArray *campaigns,
                       GPtrArray *trials,
                       const char *device_url,
                       GHashTable *variables)
{
  g_autoptr (GHashTable) here = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *missing;

  g_return_val_if_fail (cells != NULL && campaigns != NULL && trials != NULL, NULL);
  g_return_val_if_fail (device_url != NULL, NULL);

  for (guint i = 0; i < campaigns->len; i++)
    {
      const BoCampaign *campaign = g_ptr_array_index (campaigns, i);

      if (g_strcmp0 (campaign->device_url, device_url) == 0 && bo_campaign_has_variables (campaign, variables))
        g_hash_table_add (here, campaign->id);
    }
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);

      if (trial->cell != NULL && g_hash_table_contains (here, trial->campaign) && bo_trial_is_usable (trial))
        g_hash_table_add (known, bo_cell_get_key (trial->cell));
    }

  missing = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);
  for (guint i = 0; i < cells->len; i++)
    {
      const BoCell *cell = g_ptr_array_index (cells, i);
      g_autofree char *key = bo_cell_get_key (cell);

      if (!g_hash_table_contains (known, key))
        g_ptr_array_add (missing, bo_cell_copy (cell));
    }
  return missing;
}
