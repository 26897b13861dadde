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

/* A step of a strategy: thousandths of a cold build, and after what it runs again: an edit, or not at all. */
typedef struct
{
  const char *strategy;
  const char *instruction;
  guint user_line;
  guint share;
  gboolean edited;
} SampleStep;

static const SampleStep sample_steps[] = {
  { "original", "FROM ${BASE_IMAGE}", 4, 1, FALSE },
  { "original", "RUN apt-get update && apt-get install --yes git ffmpeg libsndfile1", 6, 61, FALSE },
  { "original", "WORKDIR /app", 7, 1, FALSE },
  { "original", "COPY . /app", 8, 3, TRUE },
  { "original", "RUN pip install --no-cache-dir torch==2.6.0 torchaudio==2.6.0", 9, 171, TRUE },
  { "original", "RUN git clone --depth 1 https://github.example/torchao && cd torchao && python3 setup.py install", 10, 512,
    TRUE },
  { "original", "RUN pip install --no-cache-dir -r requirements.txt", 11, 243, TRUE },
  { "prebuilt", "FROM ${BASE_IMAGE}", 3, 6, FALSE },
  { "prebuilt", "RUN apt-get update && apt-get install --yes git ffmpeg libsndfile1", 4, 404, FALSE },
  { "prebuilt", "COPY --from=dsp-builder /wheels /wheels", 5, 78, FALSE },
  { "prebuilt", "RUN pip install --no-cache-dir --no-index --find-links /wheels -r /tmp/requirements.txt", 6, 500, FALSE },
  { "prebuilt", "COPY src /app/src", 7, 7, TRUE },
  { "multi-stage", "FROM ${BASE_IMAGE} AS builder", 5, 2, FALSE },
  { "multi-stage", "COPY requirements.txt /tmp/", 8, 2, FALSE },
  { "multi-stage", "RUN pip install --no-cache-dir torch==2.6.0 torchaudio==2.6.0", 9, 255, FALSE },
  { "multi-stage", "RUN pip --python /opt/venv/bin/python install --no-cache-dir -r /tmp/requirements.txt", 10, 690, FALSE },
  { "multi-stage", "FROM ${RUNTIME_IMAGE} AS runtime", 12, 1, FALSE },
  { "multi-stage", "COPY --from=builder /opt/venv /opt/venv", 14, 45, FALSE },
  { "multi-stage", "COPY src /app/src", 15, 4, TRUE },
};

/* The steps of a build, one after another, with a little time between them. */
static inline void
sample_add_steps (BoTrial *trial)
{
  guint n = 0, total = 0, whole = 0;
  gint64 now = 20000;

  for (guint i = 0; i < G_N_ELEMENTS (sample_steps); i++)
    if (g_str_equal (sample_steps[i].strategy, trial->cell->strategy))
      {
        total++;
        if (trial->cell->condition == BO_CONDITION_COLD || sample_steps[i].edited)
          whole += sample_steps[i].share;
      }
  for (guint i = 0; i < G_N_ELEMENTS (sample_steps); i++)
    {
      const SampleStep *from = &sample_steps[i];
      BoStep *step;
      gboolean runs = trial->cell->condition == BO_CONDITION_COLD
                      || (trial->cell->condition == BO_CONDITION_EDITED && from->edited);

      if (!g_str_equal (from->strategy, trial->cell->strategy))
        continue;
      step = bo_step_new ();
      step->number = ++n;
      step->total = total;
      step->instruction = g_strdup (from->instruction);
      step->user_line = from->user_line;
      step->cached = !runs && n > 1;
      step->start_us = now;
      /* 97 hundredths of it; the rest is between the steps. */
      step->duration_us = runs ? trial->build_us / 100 * 97 / MAX (whole, 1) * from->share : 30000;
      now += step->duration_us + 10000;
      g_ptr_array_add (trial->steps, step);
    }
  trial->n_steps = total;
}

static inline void
sample_add_phases (BoTrial *trial)
{
  const struct
  {
    BoPhaseKind kind;
    gint64 duration_us;
  } phases[] = {
    { BO_PHASE_UPLOAD, 4 * G_USEC_PER_SEC },   { BO_PHASE_BUILD, trial->build_us },
    { BO_PHASE_INSPECT, G_USEC_PER_SEC / 3 },  { BO_PHASE_PROBES, 95 * G_USEC_PER_SEC },
    { BO_PHASE_CLEANUP, 6 * G_USEC_PER_SEC },
  };
  gint64 now = trial->started_us;

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      BoPhase *phase = bo_phase_new (phases[i].kind);

      phase->start_us = now;
      phase->duration_us = phases[i].duration_us;
      now += phase->duration_us;
      g_ptr_array_add (trial->phases, phase);
    }
}

static inline void
sample_add_layer (BoTrial *trial, const char *created_by, gint64 megabytes, gboolean from_base)
{
  BoLayer *layer = bo_layer_new ();

  layer->created_by = g_strdup (created_by);
  layer->size = megabytes * 1000 * 1000;
  layer->diff_id = g_strdup_printf ("sha256:%08x%08x", g_str_hash (created_by), (guint) megabytes);
  layer->from_base = from_base;
  g_ptr_array_add (trial->image->layers, layer);
  trial->image->size += layer->size;
  if (!from_base)
    trial->image->added_size += layer->size;
}

static inline void
sample_add_image (BoTrial *trial)
{
  const char *strategy = trial->cell->strategy;
  g_autofree char *id = g_strdup_printf ("sha256:%08x", g_str_hash (strategy));

  trial->image = bo_image_new ();
  trial->image->id = g_steal_pointer (&id);
  trial->image->architecture = g_strdup ("arm64");
  trial->image->size = 0;
  trial->image->added_size = 0;
  if (g_str_equal (strategy, "multi-stage"))
    {
      sample_add_layer (trial, "/bin/sh -c #(nop) ADD file:debian-slim", 2310, TRUE);
      sample_add_layer (trial, "COPY --from=builder /opt/venv /opt/venv", 3480, FALSE);
      sample_add_layer (trial, "COPY src /app/src", 2, FALSE);
      return;
    }
  sample_add_layer (trial, "/bin/sh -c #(nop) ADD file:debian-devel", 5120, TRUE);
  /* The same layer in both. */
  sample_add_layer (trial, "RUN apt-get update && apt-get install --yes git ffmpeg libsndfile1", 640, FALSE);
  if (g_str_equal (strategy, "prebuilt"))
    {
      sample_add_layer (trial, "COPY --from=dsp-builder /wheels /wheels", 890, FALSE);
      sample_add_layer (trial, "RUN pip install --no-cache-dir --no-index --find-links /wheels", 1420, FALSE);
      return;
    }
  sample_add_layer (trial, "COPY . /app", 14, FALSE);
  sample_add_layer (trial, "RUN pip install --no-cache-dir torch==2.6.0 torchaudio==2.6.0", 2630, FALSE);
  sample_add_layer (trial, "RUN git clone --depth 1 https://github.example/torchao", 812, FALSE);
  sample_add_layer (trial, "RUN pip install --no-cache-dir -r requirements.txt", 610, FALSE);
}

static inline BoProbeResult *
sample_add_probe (BoTrial *trial, guint index, BoProbeKind kind, BoVerdict verdict, const char *reason)
{
  BoProbeResult *result = bo_probe_result_new (kind);

  result->index = index;
  result->verdict = verdict;
  result->reason = g_strdup (reason);
  g_ptr_array_add (trial->probes, result);
  return result;
}

static inline void
sample_add_probes (BoTrial *trial)
{
  gboolean compiled = g_str_equal (trial->cell->strategy, "original");
  BoProbeResult *cuda = sample_add_probe (trial, 0, BO_PROBE_CUDA, BO_VERDICT_YES, NULL);
  BoProbeResult *workload;

  cuda->required = TRUE;
  cuda->simulated = TRUE;
  cuda->level = g_strdup ("kernel");
  if (g_str_equal (trial->cell->strategy, "multi-stage"))
    sample_add_probe (trial, 1, BO_PROBE_IMPORTS, BO_VERDICT_NO, "formant_audio: libsndfile.so.1 cannot be opened");
  else
    sample_add_probe (trial, 1, BO_PROBE_IMPORTS, BO_VERDICT_YES, NULL);
  workload = sample_add_probe (trial, 2, BO_PROBE_WORKLOAD, BO_VERDICT_YES, NULL);
  for (guint i = 0; i < 3; i++)
    {
      BoProbeRun *run = g_new0 (BoProbeRun, 1);

      run->duration_us = (compiled ? 118 : 22) * G_USEC_PER_SEC + (gint64) i * 700000 + trial->repetition * 130000;
      g_ptr_array_add (workload->runs, run);
    }
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
      sample_add_steps (trial);
      sample_add_phases (trial);
      sample_add_image (trial);
      if (condition == BO_CONDITION_COLD)
        sample_add_probes (trial);
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
sample_campaign_new (const char *id, gint64 created_us)
{
  g_autofree char *file = sample_get_file ();
  BoCampaign *campaign = bo_campaign_new ();

  campaign->id = g_strdup (id);
  campaign->study_id = g_strdup ("audiobook");
  campaign->study_name = g_strdup ("Audiobook generator");
  campaign->study_file = g_strdup (file);
  g_assert_true (g_file_get_contents (file, &campaign->study_text, NULL, NULL));
  campaign->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (campaign->variables, g_strdup ("INDEX"), g_strdup ("http://127.0.0.1:3141"));
  campaign->language = g_strdup ("en");
  campaign->repetitions = 3;
  campaign->created_us = created_us;
  campaign->device_url = g_strdup ("ssh://baker@orin.local");
  campaign->device_facts = g_strdup ("{\"name\":\"orin\"}");
  campaign->state = BO_CAMPAIGN_FINISHED;
  return campaign;
}

/* What ran three weeks before, with another context: for the trend alone. */
static inline BoCampaign *
sample_older_campaign (GPtrArray *trials)
{
  BoCampaign *campaign = sample_campaign_new ("20261103-190500-77b0", G_GINT64_CONSTANT (1793732700000000));
  const gint64 second = G_USEC_PER_SEC;

  for (guint r = 1; r <= 2; r++)
    {
      sample_add (campaign, trials, "original", "devel", BO_CONDITION_COLD, r, BO_OUTCOME_SUCCEEDED,
                  3105 * second + r * 17 * second);
      sample_add (campaign, trials, "prebuilt", "devel", BO_CONDITION_COLD, r, BO_OUTCOME_SUCCEEDED,
                  472 * second + r * 6 * second);
    }
  for (guint i = 0; i < campaign->trials->len; i++)
    {
      ((BoPlannedTrial *) g_ptr_array_index (campaign->trials, i))->context_bytes = 900;
      ((BoTrial *) g_ptr_array_index (trials, trials->len - 1 - i))->context_bytes = 900;
    }
  return campaign;
}

static inline BoCampaign *
sample_campaign (GPtrArray *trials)
{
  BoCampaign *campaign = sample_campaign_new ("20261124-061200-3fa9", G_GINT64_CONSTANT (1795500720000000));
  const gint64 second = G_USEC_PER_SEC;
  BoTrial *trial;

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
    step->user_line = 8;
    step->start_us = 3 * second;
    step->duration_us = 109 * second;
    step->failed = TRUE;
    step->exit_code = 1;
    step->error = g_strdup ("The command '/bin/sh -c pip install -r requirements.txt' returned a non-zero code: 1");
    step->log = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_log_line_free);
    g_ptr_array_add (step->log, bo_log_line_new (109 * second, 2, "ERROR: Cannot install formant-dsp==2.3.0 and "
                                                                  "formant-voices==0.17.0 because these package versions "
                                                                  "have conflicting dependencies."));
    g_ptr_array_add (step->log, bo_log_line_new (109 * second, 2, "ERROR: ResolutionImpossible: for help visit the "
                                                                  "documentation of pip"));
    step->n_log_lines = 2;
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

/* Puts the campaigns into the store that the program opens. */
static inline void
sample_fill_store (void)
{
  g_autofree char *path = bo_store_get_default_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (BoCampaign) older = sample_older_campaign (trials);
  g_autoptr (BoCampaign) campaign = sample_campaign (trials);
  BoCampaign *campaigns[] = { older, campaign };
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  store = bo_store_open_sync (path, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (campaigns); i++)
    {
      g_assert_true (bo_store_add_campaign_sync (store, campaigns[i], &error));
      g_assert_no_error (error);
    }
  for (guint i = 0; i < trials->len; i++)
    g_assert_true (bo_store_save_trial_sync (store, g_ptr_array_index (trials, i), &error));
  for (guint i = 0; i < G_N_ELEMENTS (campaigns); i++)
    g_assert_true (bo_store_set_campaign_state_sync (store, campaigns[i]->id, BO_CAMPAIGN_FINISHED, &error));
  g_assert_no_error (error);
  bo_store_close_sync (store);
}
