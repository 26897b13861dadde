/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include "findings/bo-report.h"

/*
 * A campaign of seven strategies in which everything happens once: success
 * with and without CUDA, a failure that pip explains, a time-out, a prebuild,
 * a disturbed trial, something unsupported, and a strategy that never ran.
 */

#define MINUTE (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define SAMPLE_CAMPAIGN "20261124-061200-3fa9"

static inline BoStudy *
sample_study (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", "findings-study.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (BoProblems) problems = bo_problems_new ();
  BoStudy *study;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  study = bo_study_load_from_data (text, -1, "/home/u/csm/bakeoff.json", NULL, problems);
  for (guint i = 0; i < problems->items->len; i++)
    g_test_message ("%s", bo_problems_get (problems, i)->message);
  g_assert_nonnull (study);
  return study;
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
  BoTrial *trial = bo_trial_new ();
  BoPlannedTrial *planned = bo_planned_trial_new ();

  trial->id = g_strdup_printf ("%s.%u", campaign->id, campaign->trials->len + 1);
  trial->campaign = g_strdup (campaign->id);
  trial->cell = bo_cell_new (strategy, base, BO_BUILDER_CLASSIC, condition);
  trial->chain = g_strdup_printf ("%s/%s/classic", strategy, base);
  trial->repetition = repetition;
  trial->outcome = outcome;
  trial->failed_step = -1;
  trial->started_us = campaign->created_us + campaign->trials->len * MINUTE;
  trial->build_us = outcome == BO_OUTCOME_SUCCEEDED ? time_us : -1;
  trial->elapsed_us = outcome == BO_OUTCOME_SUCCEEDED ? -1 : time_us;
  trial->context_bytes = 123456;
  trial->dockerfile_sha256 = g_strdup_printf ("%s0123456789abcdef", strategy);
  if (outcome == BO_OUTCOME_SUCCEEDED)
    {
      BoStep *step = bo_step_new ();

      trial->image = bo_image_new ();
      trial->image->id = g_strdup ("sha256:feed");
      trial->image->size = G_GINT64_CONSTANT (9700000000);
      trial->image->added_size = G_GINT64_CONSTANT (1300000000);
      step->number = 4;
      step->total = 9;
      step->instruction = g_strdup ("RUN pip install -r requirements.txt | tee log");
      step->start_us = 5;
      step->duration_us = time_us / 2;
      g_ptr_array_add (trial->steps, step);
      trial->n_steps = 9;
    }

  planned->id = g_strdup (trial->id);
  planned->cell = bo_cell_copy (trial->cell);
  planned->repetition = repetition;
  planned->context_bytes = trial->context_bytes;
  planned->dockerfile_sha256 = g_strdup (trial->dockerfile_sha256);
  g_ptr_array_add (campaign->trials, planned);
  if (!g_hash_table_contains (campaign->dockerfiles, trial->dockerfile_sha256))
    g_hash_table_insert (campaign->dockerfiles, g_strdup (trial->dockerfile_sha256),
                         g_strdup_printf ("FROM bakeoff-%s:base1\n# %s\n", campaign->id, strategy));
  g_ptr_array_add (trials, trial);
  return trial;
}

static inline BoProbeResult *
sample_probe (BoTrial *trial, guint index, BoProbeKind kind, BoVerdict verdict, const char *reason)
{
  BoProbeResult *probe = bo_probe_result_new (kind);

  probe->index = index;
  probe->required = kind == BO_PROBE_IMPORTS;
  probe->verdict = verdict;
  probe->reason = g_strdup (reason);
  g_ptr_array_add (trial->probes, probe);
  return probe;
}

static inline void
sample_runs (BoProbeResult *probe, gint64 first_us, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      BoProbeRun *run = g_new0 (BoProbeRun, 1);

      run->duration_us = first_us + i * 100000;
      g_ptr_array_add (probe->runs, run);
    }
}

static inline void
sample_probes (BoTrial *trial, BoVerdict cuda, gboolean simulated, const char *reason, gint64 run_us)
{
  BoProbeResult *probe = sample_probe (trial, 0, BO_PROBE_CUDA, cuda, reason);

  probe->simulated = simulated;
  probe->level = g_strdup (cuda == BO_VERDICT_YES ? "kernel" : "none");
  if (cuda == BO_VERDICT_YES)
    probe->facts = g_strdup ("{\"driver_version\":\"12.6\",\"device_name\":\"Orin (stand-in)\"}");
  sample_probe (trial, 1, BO_PROBE_IMPORTS, BO_VERDICT_YES, NULL);
  sample_runs (sample_probe (trial, 2, BO_PROBE_WORKLOAD, BO_VERDICT_YES, NULL), run_us, 3);
}

static inline void
sample_fail (BoTrial *trial, guint number, guint total, const char *instruction, guint line, const char *log)
{
  BoStep *step = bo_step_new ();
  g_auto (GStrv) lines = g_strsplit (log, "\n", -1);

  step->number = number;
  step->total = total;
  step->instruction = g_strdup (instruction);
  step->user_line = line;
  step->failed = TRUE;
  step->exit_code = 1;
  step->log = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_log_line_free);
  for (guint i = 0; lines[i] != NULL; i++)
    g_ptr_array_add (step->log, bo_log_line_new (i, 1, lines[i]));
  g_ptr_array_add (trial->steps, step);
  trial->failed_step = (int) trial->steps->len - 1;
  trial->n_steps = total;
}

#define SAMPLE_PIP_LOG \
  "Collecting torch==2.6.0\n" \
  "\033[31mERROR: Cannot install torch==2.6.0 and torchvision==0.17.0 because these package versions have " \
  "conflicting dependencies.\033[0m\n" \
  "\n" \
  "The conflict is caused by:\n" \
  "    The user requested torch==2.6.0\n" \
  "    torchvision 0.17.0 depends on torch==2.2.0\n" \
  "``` | <b>not</b> ````\n" \
  "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/"

static inline BoCampaign *
sample_campaign_called (const char *id, GPtrArray *trials, gint64 scale)
{
  BoCampaign *campaign = bo_campaign_new ();
  BoBaseImage *base = bo_base_image_new ();
  BoTrial *trial;
  BoTrial *prebuild;

  campaign->id = g_strdup (id);
  campaign->study_id = g_strdup ("study-1");
  campaign->study_name = g_strdup ("Sesame CSM | audiobook");
  campaign->study_file = g_strdup ("/home/u/csm/bakeoff.json");
  campaign->study_text = g_strdup ("{}");
  campaign->language = g_strdup ("en");
  campaign->seed = 4711;
  campaign->repetitions = 3;
  campaign->created_us = G_GINT64_CONSTANT (1795500720000000);
  campaign->device_url = g_strdup ("ssh://baker@orin.local:2222/run/docker.sock");
  campaign->device_facts = g_strdup ("{\"url\":\"ssh://baker@orin.local\",\"name\":\"orin\",\"engine_version\":\"27.5.1\","
                                     "\"memory\":8000000000,\"runtimes\":[\"runc\",\"nvidia\"],\"free_disk\":null,"
                                     "\"is_podman\":false,\"l4t\":\"36.4.0\"}");
  campaign->state = BO_CAMPAIGN_FINISHED;
  base->base = g_strdup ("dusty");
  base->image = g_strdup ("dustynv/pytorch:2.6-r36.4.0");
  base->image_id = g_strdup ("sha256:beef");
  base->digest = g_strdup ("dustynv/pytorch@sha256:cafe");
  base->size = G_GINT64_CONSTANT (8400000000);
  base->pulled = TRUE;
  base->pull_us = 754 * G_USEC_PER_SEC;
  g_ptr_array_add (campaign->bases, base);

  prebuild = sample_add (campaign, trials, "prebuilt", "dusty", BO_CONDITION_COLD, 1, BO_OUTCOME_SUCCEEDED, 41 * MINUTE);
  prebuild->kind = BO_TRIAL_PREBUILD;
  prebuild->prebuild = g_strdup ("torch-builder");
  ((BoPlannedTrial *) g_ptr_array_index (campaign->trials, 0))->kind = BO_TRIAL_PREBUILD;
  ((BoPlannedTrial *) g_ptr_array_index (campaign->trials, 0))->prebuild = g_strdup ("torch-builder");

  for (guint r = 1; r <= 3; r++)
    {
      gint64 jitter = r * 7 * G_USEC_PER_SEC;

      trial = sample_add (campaign, trials, "original", "dusty", BO_CONDITION_COLD, r, BO_OUTCOME_SUCCEEDED,
                          (47 * MINUTE + jitter) * scale);
      sample_probes (trial, BO_VERDICT_NO, FALSE, "libcuda.so.1 is not in the image", 118 * G_USEC_PER_SEC);
      sample_add (campaign, trials, "original", "dusty", BO_CONDITION_WARM, r, BO_OUTCOME_SUCCEEDED, 840000 + jitter / 700);
      sample_add (campaign, trials, "original", "cuda", BO_CONDITION_COLD, r, BO_OUTCOME_SUCCEEDED, 52 * MINUTE + jitter);

      trial = sample_add (campaign, trials, "pypi-wheels", "dusty", BO_CONDITION_COLD, r,
                          r == 1 ? BO_OUTCOME_FAILED : BO_OUTCOME_SKIPPED, 112 * G_USEC_PER_SEC);
      if (r == 1)
        {
          sample_fail (trial, 5, 9, "RUN pip install torch==2.6.0 torchvision==0.17.0", 12, SAMPLE_PIP_LOG);
          trial->reason = g_strdup ("The command returned a non-zero code: 1");
        }
      else
        trial->reason = g_strdup ("this cell failed in repetition 1");

      trial = sample_add (campaign, trials, "jetson-wheels", "dusty", BO_CONDITION_COLD, r, BO_OUTCOME_SUCCEEDED,
                          18 * MINUTE + jitter);
      sample_probes (trial, BO_VERDICT_YES, TRUE, NULL, 22400000);
      if (r == 2)
        g_ptr_array_add (trial->flags, g_strdup ("other-load"));

      trial = sample_add (campaign, trials, "prebuilt", "dusty", BO_CONDITION_COLD, r, BO_OUTCOME_SUCCEEDED,
                          6 * MINUTE + jitter / 2);
      g_ptr_array_add (((BoPlannedTrial *) g_ptr_array_index (campaign->trials, campaign->trials->len - 1))
                         ->needs_prebuilds,
                       g_strdup (prebuild->id));
      sample_probes (trial, BO_VERDICT_YES, TRUE, NULL, 22300000);
      g_ptr_array_add (trial->flags, g_strdup ("clipped-log"));
      trial->image->size = G_GINT64_CONSTANT (6100000000);
    }
  trial = sample_add (campaign, trials, "multi-stage", "dusty", BO_CONDITION_COLD, 1, BO_OUTCOME_TIMED_OUT, 360 * MINUTE);
  sample_fail (trial, 7, 9, "RUN make", 20, "[3363/6576] Building CXX object");
  trial->reason = g_strdup ("the time limit passed");
  trial = sample_add (campaign, trials, "minimal-runtime", "dusty", BO_CONDITION_COLD, 1, BO_OUTCOME_UNSUPPORTED, -1);
  trial->reason = g_strdup ("the engine does not know the runtime “nvidia”");
  return campaign;
}

static inline BoCampaign *
sample_campaign (GPtrArray *trials, gint64 scale)
{
  return sample_campaign_called (SAMPLE_CAMPAIGN, trials, scale);
}

static inline BoReport *
sample_report_full (gint64 scale, GHashTable *notes)
{
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials, .notes = notes };

  g_ptr_array_add (campaigns, sample_campaign (trials, scale));
  return bo_report_new (&input);
}

static inline BoReport *
sample_report (void)
{
  return sample_report_full (1, NULL);
}
