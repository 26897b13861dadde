/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-time-left"

#include "config.h"

#include "bench/bo-queue.h"
#include "results/bo-store.h"
#include "session/bo-time-left.h"

/**
 * bo_time_left_get_expected:
 * @planned: a trial
 * @estimates: (element-type utf8 BoEstimate): from bo_store_get_estimates_sync()
 *
 * Returns: how long it takes in all, microseconds, or -1 when nothing is known of its like
 */
gint64
bo_time_left_get_expected (const BoPlannedTrial *planned, GHashTable *estimates)
{
  g_autofree char *key = NULL;
  const BoEstimate *estimate;

  g_return_val_if_fail (planned != NULL && estimates != NULL, -1);

  key = bo_estimate_get_key (planned);
  estimate = g_hash_table_lookup (estimates, key);
  return estimate != NULL ? estimate->build_us + estimate->overhead_us : -1;
}

/* The chains that have begun, or wait for their turn; what is in neither was taken out of the queue. */
static GHashTable *
find_wanted_chains (const BoCampaign *campaign, GPtrArray *trials, const char *order)
{
  g_autoptr (GPtrArray) queue = bo_queue_list (campaign, trials, order);
  GHashTable *wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < queue->len; i++)
    g_hash_table_add (wanted, g_strdup (((const BoQueueEntry *) g_ptr_array_index (queue, i))->chain));
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);

      if (trial->chain != NULL && (trial->outcome != BO_OUTCOME_PENDING || trial->kind == BO_TRIAL_PREBUILD))
        g_hash_table_add (wanted, g_strdup (trial->chain));
    }
  return wanted;
}

/**
 * bo_time_left_estimate:
 * @campaign: a campaign that runs
 * @trials: (element-type BoTrial): its records so far
 * @estimates: (element-type utf8 BoEstimate): from bo_store_get_estimates_sync()
 * @order: (nullable): text of its `order` file; what was taken out of the queue does not count
 * @running_us: how long ago the trial began that is under way
 *
 * Returns: microseconds, or -1 when nothing is known of a trial that is still to come: a
 *   guess for a part of it would be a wrong number for the whole
 */
gint64
bo_time_left_estimate (const BoCampaign *campaign,
                       GPtrArray *trials,
                       GHashTable *estimates,
                       const char *order,
                       gint64 running_us)
{
  g_autoptr (GHashTable) planned = NULL;
  g_autoptr (GHashTable) wanted = NULL;
  gint64 left_us = 0;

  g_return_val_if_fail (campaign != NULL && trials != NULL && estimates != NULL, -1);

  planned = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < campaign->trials->len; i++)
    {
      BoPlannedTrial *trial = g_ptr_array_index (campaign->trials, i);

      g_hash_table_insert (planned, trial->id, trial);
    }
  if (order != NULL)
    wanted = find_wanted_chains (campaign, trials, order);
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);
      const BoPlannedTrial *plan = g_hash_table_lookup (planned, trial->id);
      gint64 expected_us;

      if (plan == NULL || (trial->outcome != BO_OUTCOME_PENDING && trial->outcome != BO_OUTCOME_RUNNING))
        continue;
      if (wanted != NULL && trial->chain != NULL && !g_hash_table_contains (wanted, trial->chain))
        continue;
      expected_us = bo_time_left_get_expected (plan, estimates);
      if (expected_us < 0)
        return -1;
      left_us += expected_us;
      if (trial->outcome == BO_OUTCOME_RUNNING)
        left_us -= CLAMP (running_us, 0, expected_us);
    }
  return left_us;
}
