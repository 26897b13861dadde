/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-store.h"
#include "study/bo-study.h"

/* The audiobook sample with a campaign in which every state of a square happens. */

static inline char *
sample_get_file (void)
{
  return g_test_build_filename (G_TEST_DIST, "data", "samples", "audiobook", "bakeoff.json", NULL);
}

static inline BoTrial *
sample_add (BoCampaign *campaign,
            GPtrArray *trials,
            const char *strategy,
            const char *base,
            BoCondition condition,
            guint repetition,
            BoOutcome outcome,
            gint64 time_us)
{
  BoPlannedTrial *planned = bo_planned_trial_new ();
  BoTrial *trial = bo_trial_new ();

  trial->id = g_strdup_printf ("%s.%u", campaign->id, campaign->trials->len + 1);
  trial->campaign = g_strdup (campaign->id);
  trial->cell = bo_cell_new (strategy, base, BO_BUILDER_CLASSIC, condition);
  trial->chain = g_strdup_printf ("%s/%s/classic", strategy, base);
  trial->repetition = repetition;
  trial->outcome = outcome;
  trial->failed_step = -1;
  trial->started_us = campaign->created_us + (gint64) campaign->trials->len * 60 * G_USEC_PER_SEC;
  trial->build_us = outcome == BO_OUTCOME_SUCCEEDED ? time_us : -1;
  trial->elapsed_us = outcome == BO_OUTCOME_SUCCEEDED ? -1 : time_us;
  trial->context_bytes = 1000;
  if (outcome == BO_OUTCOME_SUCCEEDED)
    {
      BoProbeResult *cuda = bo_probe_result_new (BO_PROBE_CUDA);

      trial->image = bo_image_new ();
      trial->image->id = g_strdup ("sha256:feed");
      trial->image->size = 310 * 1000 * 1000;
      trial->image->added_size = 42 * 1000 * 1000;
      cuda->required = TRUE;
      cuda->simulated = TRUE;
      cuda->verdict = BO_VERDICT_YES;
      cuda->level = g_strdup ("kernel");
      g_ptr_array_add (trial->probes, cuda);
    }
  planned->id = g_strdup (trial->id);
  planned->cell = bo_cell_copy (trial->cell);
  planned->chain = g_strdup (trial->chain);
  planned->repetition = repetition;
  planned->context_bytes = trial->context_bytes;
  g_ptr_array_add (campaign->trials, planned);
  g_ptr_array_add (trials, trial);
  return trial;
}

static inline BoCampaign *
sample_campaign (GPtrArray *trials)
{
  g_autofree char *file = sample_get_file ();
  BoCampaign *campaign = bo_campaign_new ();
  const gint64 second = G_USEC_PER_SEC;
  BoTrial *trial;

  campaign->id = g_strdup ("20261124-061200-3fa9");
  campaign->study_id = g_strdup ("audiobook");
  campaign->study_name = g_strdup ("Audiobook generator");
  campaign->study_file = g_strdup (file);
  g_assert_true (g_file_get_contents (file, &campaign->study_text, NULL, NULL));
  campaign->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (campaign->variables, g_strdup ("INDEX"), g_strdup ("http://127.0.0.1:3141"));
  campaign->language = g_strdup ("en");
  campaign->repetitions = 3;
  campaign->created_us = G_GINT64_CONSTANT (1795500720000000);
  campaign->device_url = g_strdup ("ssh://baker@orin.local");
  campaign->device_facts = g_strdup ("{\"name\":\"orin\"}");
  campaign->state = BO_CAMPAIGN_FINISHED;

  for (guint r = 1; r <= 3; r++)
    {
      sample_add (campaign, trials, "original", "devel", BO_CONDITION_COLD, r, BO_OUTCOME_SUCCEEDED,
                  2832 * second + r * 11 * second);
      sample_add (campaign, trials, "original", "devel", BO_CONDITION_WARM, r, BO_OUTCOME_SUCCEEDED,
                  second * 3 + r * 41000);
      sample_add (campaign, trials, "original", "devel", BO_CONDITION_EDITED, r, BO_OUTCOME_SUCCEEDED,
                  1300 * second + r * 4 * second);
      sample_add (campaign, trials, "prebuilt", "devel", BO_CONDITION_COLD, r, BO_OUTCOME_SUCCEEDED,
                  408 * second + r * 4 * second);
      trial = sample_add (campaign, trials, "multi-stage", "devel", BO_CONDITION_COLD, r, BO_OUTCOME_SUCCEEDED,
                          1880 * second + r * 70 * second);
      if (r == 2)
        bo_trial_add_flag (trial, "other-load", "another container took 71 % of the processor");
    }
  trial = sample_add (campaign, trials, "pypi-wheels", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_FAILED, 112 * second);
  trial->reason = g_strdup ("The command returned a non-zero code: 1");
  {
    BoStep *step = bo_step_new ();

    step->number = 5;
    step->total = 9;
    step->instruction = g_strdup ("RUN pip install -r requirements.txt");
    step->failed = TRUE;
    step->exit_code = 1;
    g_ptr_array_add (trial->steps, step);
    trial->failed_step = 0;
  }
  trial = sample_add (campaign, trials, "pypi-wheels", "devel", BO_CONDITION_WARM, 1, BO_OUTCOME_SKIPPED, -1);
  trial->reason = g_strdup ("the cold build failed");
  trial = sample_add (campaign, trials, "minimal", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_INTERRUPTED, 60 * second);
  trial->reason = g_strdup ("the device was switched off");
  trial = sample_add (campaign, trials, "package", "ready", BO_CONDITION_COLD, 1, BO_OUTCOME_UNSUPPORTED, -1);
  trial->reason = g_strdup ("the engine does not know the runtime “nvidia”");
  trial = sample_add (campaign, trials, "jetson-wheels", "devel", BO_CONDITION_COLD, 1, BO_OUTCOME_CANCELLED, 9 * second);
  trial->reason = g_strdup ("stopped");
  return campaign;
}

/* Puts the campaign into the store that the program opens. */
static inline void
sample_fill_store (void)
{
  g_autofree char *path = bo_store_get_default_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (BoCampaign) campaign = sample_campaign (trials);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  store = bo_store_open_sync (path, &error);
  g_assert_no_error (error);
  g_assert_true (bo_store_add_campaign_sync (store, campaign, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < trials->len; i++)
    g_assert_true (bo_store_save_trial_sync (store, g_ptr_array_index (trials, i), &error));
  g_assert_true (bo_store_set_campaign_state_sync (store, campaign->id, BO_CAMPAIGN_FINISHED, &error));
  g_assert_no_error (error);
  bo_store_close_sync (store);
}
