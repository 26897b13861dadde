/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-campaign.h"

/* Records with something in every field, for the tests of what keeps and shows them. */

static inline BoCampaign *
sample_campaign (const char *id, guint n_trials)
{
  BoCampaign *campaign = bo_campaign_new ();
  BoBaseImage *base = bo_base_image_new ();

  campaign->id = g_strdup (id);
  campaign->study_id = g_strdup ("study-1");
  campaign->study_name = g_strdup ("Sesame “CSM” audiobook");
  campaign->study_file = g_strdup ("/home/u/csm/bakeoff.json");
  campaign->study_text = g_strdup ("{ \"format\": 1 }\n");
  campaign->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (campaign->variables, g_strdup ("TORCH"), g_strdup ("2.6.0 “x”"));
  campaign->language = g_strdup ("en");
  campaign->seed = G_MAXUINT64 - 1;
  campaign->repetitions = 2;
  campaign->created_us = G_GINT64_CONSTANT (1764000000000000);
  campaign->device_url = g_strdup ("ssh://baker@orin");
  campaign->device_facts = g_strdup ("{\"l4t\":\"36.4.0\",\"cores\":12}");
  g_hash_table_insert (campaign->dockerfiles, g_strdup ("aa11"), g_strdup ("FROM x\nRUN make\n"));

  base->base = g_strdup ("dusty");
  base->image = g_strdup ("dustynv/pytorch:2.6");
  base->image_id = g_strdup ("sha256:beef");
  base->digest = g_strdup ("dustynv/pytorch@sha256:cafe");
  base->size = 1000;
  base->twin = g_strdup ("bakeoff-twin:1");
  base->pulled = TRUE;
  base->pull_us = 77;
  g_ptr_array_add (base->diff_ids, g_strdup ("sha256:d1"));
  g_ptr_array_add (campaign->bases, base);

  for (guint i = 0; i < n_trials; i++)
    {
      BoPlannedTrial *trial = bo_planned_trial_new ();
      BoProbe *probe = bo_probe_new (BO_PROBE_IMPORTS);
      BoStepMap *map = bo_step_map_new ();

      trial->id = g_strdup_printf ("%s.%u", id, i + 1);
      trial->cell = bo_cell_new ("original", "dusty", BO_BUILDER_CLASSIC, BO_CONDITION_COLD);
      trial->chain = g_strdup ("c1");
      trial->repetition = i + 1;
      trial->tag = g_strdup_printf ("bakeoff-%s:t%u", id, i + 1);
      trial->dockerfile_sha256 = g_strdup ("aa11");
      trial->context_bytes = 4096;
      g_ptr_array_add (trial->needs_prebuilds, g_strdup ("x.9"));
      probe->required = TRUE;
      probe->limit_us = 60 * G_USEC_PER_SEC;
      g_ptr_array_add (probe->modules, g_strdup ("torch"));
      g_ptr_array_add (trial->probes, probe);
      map->number = 1;
      map->stage = g_strdup ("builder");
      map->stage_number = 1;
      map->user_line = 3;
      map->instruction = g_strdup ("FROM ${BASE_IMAGE} AS builder");
      g_ptr_array_add (trial->steps, map);
      g_ptr_array_add (campaign->trials, trial);
    }
  return campaign;
}

static inline BoTrial *
sample_trial (const BoCampaign *campaign, guint index, BoOutcome outcome, gint64 build_us)
{
  BoTrial *trial = bo_planned_trial_make_record (g_ptr_array_index (campaign->trials, index), campaign->id);
  BoPhase *phase = bo_phase_new (BO_PHASE_UPLOAD);
  BoStep *step = bo_step_new ();
  BoProbeResult *probe = g_ptr_array_index (trial->probes, 0);
  BoProbeRun *run = g_new0 (BoProbeRun, 1);
  BoLayer *layer = bo_layer_new ();

  trial->outcome = outcome;
  trial->reason = g_strdup ("failed at step 7");
  trial->error = g_strdup ("The command '/bin/sh -c x' returned a non-zero code: 7\nmore");
  trial->failed_step = outcome == BO_OUTCOME_FAILED ? 0 : -1;
  trial->started_us = campaign->created_us + 5;
  trial->build_us = outcome == BO_OUTCOME_SUCCEEDED ? build_us : -1;
  trial->elapsed_us = outcome == BO_OUTCOME_SUCCEEDED ? -1 : build_us;
  trial->n_steps = 12;
  g_ptr_array_add (trial->flags, g_strdup ("clipped-log"));
  bo_trial_add_flag (trial, "other-load", "somebody built “cake” meanwhile");
  trial->telemetry = bo_telemetry_summary_new ();
  trial->telemetry->n_samples = 12;
  trial->telemetry->memory_low = 1234;
  bo_telemetry_summary_add_zone (trial->telemetry, "tj")->max_mc = 51000;

  phase->start_us = 11;
  phase->duration_us = 22;
  phase->bytes = 33;
  g_ptr_array_add (trial->phases, phase);

  step->number = 7;
  step->total = 12;
  step->stage = g_strdup ("builder");
  step->instruction = g_strdup ("RUN pip install “torch”");
  step->user_line = 9;
  step->start_us = 100;
  step->duration_us = 200;
  step->cached = TRUE;
  step->clipped = TRUE;
  step->failed = outcome == BO_OUTCOME_FAILED;
  step->error = g_strdup ("no");
  step->exit_code = 7;
  step->n_log_lines = 3;
  if (step->failed)
    {
      step->log = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_log_line_free);
      g_ptr_array_add (step->log, bo_log_line_new (150, 1, "one \033[91mred\033[0m"));
      g_ptr_array_add (step->log, bo_log_line_new (160, 2, ""));
    }
  g_ptr_array_add (trial->steps, step);

  trial->image = bo_image_new ();
  trial->image->id = g_strdup ("sha256:abcd");
  trial->image->size = 5000;
  trial->image->engine_size = 5001;
  trial->image->added_size = 4000;
  trial->image->architecture = g_strdup ("arm64");
  layer->created_by = g_strdup ("/bin/sh -c make");
  layer->size = 4000;
  layer->diff_id = g_strdup ("sha256:d2");
  layer->from_base = TRUE;
  g_ptr_array_add (trial->image->layers, layer);

  probe->verdict = BO_VERDICT_NO;
  probe->level = g_strdup ("driver");
  probe->simulated = TRUE;
  probe->reason = g_strdup ("no device");
  probe->raw = g_strdup ("cuInit: 100");
  probe->facts = g_strdup ("{\"torch\":\"2.6.0\"}");
  probe->tail = g_strdup ("last\nlines");
  run->duration_us = 44;
  run->exit_code = 1;
  run->oom_killed = TRUE;
  run->timed_out = TRUE;
  g_ptr_array_add (probe->runs, run);
  return trial;
}
