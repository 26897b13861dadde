/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-kept-images"

#include "config.h"

#include "findings/bo-report.h"
#include "session/bo-kept-images.h"
#include "study/bo-names.h"

static gboolean
is_best (const BoReport *report, const BoCell *cell)
{
  for (guint i = 0; i < report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);

      if (row->best)
        return row->cell != NULL && bo_cell_equal (row->cell, cell);
    }
  return FALSE;
}

/**
 * bo_kept_images_choose:
 * @study: the study as it was when the campaign began
 * @campaign: a campaign
 * @trials: (element-type BoTrial): its records
 *
 * Which images stay by the study's `keep`: of the best strategy as the report
 * calls it, of all cold builds, or none.
 *
 * Returns: (transfer full) (element-type utf8 utf8): tags of the images that stay, and the
 *   name that each gets: "bakeoff-STUDY:STRATEGY.BASE.BUILDER"
 */
GHashTable *
bo_kept_images_choose (BoStudy *study, BoCampaign *campaign, GPtrArray *trials)
{
  GHashTable *keep = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new ();
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };
  g_autoptr (BoReport) report = NULL;

  g_return_val_if_fail (study != NULL && campaign != NULL && trials != NULL, keep);

  if (study->keep == BO_KEEP_NONE)
    return keep;
  g_ptr_array_add (campaigns, campaign);
  report = bo_report_new (&input);
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);
      const BoPlannedTrial *planned = bo_campaign_get_trial (campaign, trial->id);

      if (planned == NULL || trial->kind != BO_TRIAL_COUNTED || trial->repetition != 1
          || trial->outcome != BO_OUTCOME_SUCCEEDED || trial->cell->condition != BO_CONDITION_COLD
          || (study->keep == BO_KEEP_BEST && !is_best (report, trial->cell)))
        continue;
      g_hash_table_insert (keep, g_strdup (planned->tag),
                           g_strdup_printf (BO_NAME_PREFIX "%s:%s.%s.%s", study->id, trial->cell->strategy,
                                            trial->cell->base, bo_builder_to_string (trial->cell->builder)));
    }
  return keep;
}
