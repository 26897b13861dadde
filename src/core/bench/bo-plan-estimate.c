/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-plan-estimate"

#include "config.h"

#include <string.h>

#include "bench/bo-plan-estimate.h"

static const BoEstimate *
lookup (GHashTable *estimates, const BoPlannedTrial *trial)
{
  g_autofree char *key = bo_estimate_get_key (trial);

  return g_hash_table_lookup (estimates, key);
}

static void
add_time (BoPlanEstimate *total, const BoEstimate *estimate)
{
  if (estimate == NULL)
    {
      total->n_unknown++;
      return;
    }
  total->n_known++;
  total->known_us += MAX (0, estimate->build_us) + MAX (0, estimate->overhead_us);
}

/* What a build's image adds to the disk: all but its base, which is there already. */
static gint64
added_bytes (const BoPlan *plan, const BoPlannedTrial *trial, const BoEstimate *estimate, BoPlanEstimate *total)
{
  const BoBaseImage *base = bo_campaign_get_base (plan->campaign, trial->cell->base);

  if (estimate == NULL || estimate->image_size < 0)
    {
      /* What never gave an image will hardly give one now. */
      if (estimate == NULL || estimate->n_succeeded > 0)
        total->n_unknown_sizes++;
      return 0;
    }
  if (base != NULL && base->size > 0 && base->size < estimate->image_size)
    return estimate->image_size - base->size;
  return estimate->image_size;
}

/**
 * bo_plan_estimate:
 * @plan: a plan whose contexts' sizes are known
 * @estimates: (element-type utf8 BoEstimate): from the store
 *
 * The peak: prebuild images stay for the whole campaign, kept images pile up,
 * and the chain under way has an image of each of its builds but `warm`, whose
 * layers are those of the build before. BuildKit holds a context twice while it
 * builds (as a file and unpacked), so that is counted for both builders.
 *
 * Returns: the estimate
 */
BoPlanEstimate
bo_plan_estimate (const BoPlan *plan, GHashTable *estimates)
{
  BoPlanEstimate total = { 0 };
  gint64 staying = 0;

  g_return_val_if_fail (plan != NULL && estimates != NULL, total);

  for (guint i = 0; i < plan->campaign->bases->len; i++)
    {
      const BoBaseImage *base = g_ptr_array_index (plan->campaign->bases, i);

      if (base->image_id == NULL)
        total.n_missing_bases++;
    }

  for (guint i = 0; i < plan->prebuilds->len; i++)
    {
      const BoPlannedPrebuild *prebuild = g_ptr_array_index (plan->prebuilds, i);
      const BoEstimate *estimate = lookup (estimates, prebuild->trial);

      add_time (&total, estimate);
      staying += added_bytes (plan, prebuild->trial, estimate, &total);
    }
  total.peak_bytes = staying;

  for (guint c = 0; c < plan->chains->len; c++)
    {
      const BoPlannedChain *chain = g_ptr_array_index (plan->chains, c);
      gint64 chain_bytes = 0;
      gint64 first_bytes = 0;
      gint64 context_bytes = 0;

      for (guint t = 0; t < chain->trials->len; t++)
        {
          const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, t);
          const BoEstimate *estimate = lookup (estimates, trial);
          gint64 bytes;

          if (trial->unsupported != NULL)
            continue;
          add_time (&total, estimate);
          context_bytes = MAX (context_bytes, 2 * trial->context_bytes);
          if (trial->cell->condition == BO_CONDITION_WARM)
            continue;
          bytes = added_bytes (plan, trial, estimate, &total);
          if (first_bytes == 0)
            first_bytes = bytes;
          chain_bytes += bytes;
        }
      total.peak_bytes = MAX (total.peak_bytes, staying + chain_bytes + context_bytes);
      if (plan->study->keep != BO_KEEP_NONE && chain->repetition == 1)
        staying += first_bytes;
    }
  return total;
}
