/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-trial"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "results/bo-trial.h"

static const char *const outcome_names[BO_N_OUTCOMES] = {
  "pending", "running",   "succeeded",   "failed",      "timed-out",
  "skipped", "cancelled", "interrupted", "unsupported",
};

static const char *const outcome_titles[BO_N_OUTCOMES] = {
  N_ ("Waiting"), N_ ("Running"),   N_ ("Succeeded"),   N_ ("Failed"),        N_ ("Timed out"),
  N_ ("Skipped"), N_ ("Cancelled"), N_ ("Interrupted"), N_ ("Not supported"),
};

static const char *const trial_kind_names[] = { "counted", "priming", "prebuild" };

static const char *const phase_names[BO_N_PHASES] = {
  "pull", "upload", "prebuild", "build", "inspect", "probes", "cleanup",
};

static const char *const verdict_names[] = { "none", "yes", "no", "unsupported" };

static gboolean
find_name (const char *const *names, guint n_names, const char *text, guint *index)
{
  for (guint i = 0; i < n_names; i++)
    {
      if (g_strcmp0 (text, names[i]) == 0)
        {
          *index = i;
          return TRUE;
        }
    }
  return FALSE;
}

const char *
bo_outcome_to_string (BoOutcome outcome)
{
  g_return_val_if_fail (outcome < BO_N_OUTCOMES, NULL);

  return outcome_names[outcome];
}

/**
 * bo_outcome_from_string:
 * @text: (nullable): a word
 * @outcome: (out): the outcome that it names
 *
 * Returns: whether @text names an outcome; @outcome is set only then
 */
gboolean
bo_outcome_from_string (const char *text, BoOutcome *outcome)
{
  guint index;

  g_return_val_if_fail (outcome != NULL, FALSE);

  if (!find_name (outcome_names, G_N_ELEMENTS (outcome_names), text, &index))
    return FALSE;
  *outcome = index;
  return TRUE;
}

const char *
bo_outcome_get_title (BoOutcome outcome)
{
  g_return_val_if_fail (outcome < BO_N_OUTCOMES, NULL);

  return _ (outcome_titles[outcome]);
}

const char *
bo_trial_kind_to_string (BoTrialKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (trial_kind_names), NULL);

  return trial_kind_names[kind];
}

/**
 * bo_trial_kind_from_string:
 * @text: (nullable): a word
 * @kind: (out): the kind that it names
 *
 * Returns: whether @text names a kind; @kind is set only then
 */
gboolean
bo_trial_kind_from_string (const char *text, BoTrialKind *kind)
{
  guint index;

  g_return_val_if_fail (kind != NULL, FALSE);

  if (!find_name (trial_kind_names, G_N_ELEMENTS (trial_kind_names), text, &index))
    return FALSE;
  *kind = index;
  return TRUE;
}

const char *
bo_phase_kind_to_string (BoPhaseKind kind)
{
  g_return_val_if_fail (kind < BO_N_PHASES, NULL);

  return phase_names[kind];
}

/**
 * bo_phase_kind_from_string:
 * @text: (nullable): a word
 * @kind: (out): the phase that it names
 *
 * Returns: whether @text names a phase; @kind is set only then
 */
gboolean
bo_phase_kind_from_string (const char *text, BoPhaseKind *kind)
{
  guint index;

  g_return_val_if_fail (kind != NULL, FALSE);

  if (!find_name (phase_names, G_N_ELEMENTS (phase_names), text, &index))
    return FALSE;
  *kind = index;
  return TRUE;
}

const char *
bo_verdict_to_string (BoVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (verdict_names), NULL);

  return verdict_names[verdict];
}

/**
 * bo_verdict_from_string:
 * @text: (nullable): a word
 * @verdict: (out): the verdict that it names
 *
 * Returns: whether @text names a verdict; @verdict is set only then
 */
gboolean
bo_verdict_from_string (const char *text, BoVerdict *verdict)
{
  guint index;

  g_return_val_if_fail (verdict != NULL, FALSE);

  if (!find_name (verdict_names, G_N_ELEMENTS (verdict_names), text, &index))
    return FALSE;
  *verdict = index;
  return TRUE;
}

/* --- parts --- */

BoPhase *
bo_phase_new (BoPhaseKind kind)
{
  BoPhase *phase = g_new0 (BoPhase, 1);

  phase->kind = kind;
  phase->start_us = -1;
  phase->duration_us = -1;
  phase->bytes = -1;
  return phase;
}

BoLogLine *
bo_log_line_new (gint64 time_us, guint8 stream, const char *text)
{
  BoLogLine *line = g_new0 (BoLogLine, 1);

  line->time_us = time_us;
  line->stream = stream;
  line->text = g_strdup (text);
  return line;
}

void
bo_log_line_free (BoLogLine *line)
{
  if (line == NULL)
    return;
  g_free (line->text);
  g_free (line);
}

BoStep *
bo_step_new (void)
{
  BoStep *step = g_new0 (BoStep, 1);

  step->start_us = -1;
  step->duration_us = -1;
  step->exit_code = -1;
  return step;
}

/**
 * bo_step_copy:
 * @step: a step
 *
 * Returns: (transfer full): a copy of its own, log lines included
 */
BoStep *
bo_step_copy (const BoStep *step)
{
  BoStep *copy;

  g_return_val_if_fail (step != NULL, NULL);

  copy = g_memdup2 (step, sizeof *step);
  copy->stage = g_strdup (step->stage);
  copy->instruction = g_strdup (step->instruction);
  copy->error = g_strdup (step->error);
  if (step->log != NULL)
    {
      copy->log = g_ptr_array_new_full (step->log->len, (GDestroyNotify) bo_log_line_free);
      for (guint i = 0; i < step->log->len; i++)
        {
          const BoLogLine *line = g_ptr_array_index (step->log, i);

          g_ptr_array_add (copy->log, bo_log_line_new (line->time_us, line->stream, line->text));
        }
    }
  return copy;
}

void
bo_step_free (BoStep *step)
{
  if (step == NULL)
    return;
  g_free (step->stage);
  g_free (step->instruction);
  g_free (step->error);
  g_clear_pointer (&step->log, g_ptr_array_unref);
  g_free (step);
}

BoLayer *
bo_layer_new (void)
{
  return g_new0 (BoLayer, 1);
}

void
bo_layer_free (BoLayer *layer)
{
  if (layer == NULL)
    return;
  g_free (layer->created_by);
  g_free (layer->diff_id);
  g_free (layer);
}

BoImage *
bo_image_new (void)
{
  BoImage *image = g_new0 (BoImage, 1);

  image->size = -1;
  image->engine_size = -1;
  image->added_size = -1;
  image->layers = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_layer_free);
  return image;
}

/**
 * bo_image_copy:
 * @image: an image
 *
 * Returns: (transfer full): a copy of its own
 */
BoImage *
bo_image_copy (const BoImage *image)
{
  BoImage *copy;

  g_return_val_if_fail (image != NULL, NULL);

  copy = bo_image_new ();
  copy->id = g_strdup (image->id);
  copy->size = image->size;
  copy->engine_size = image->engine_size;
  copy->added_size = image->added_size;
  copy->architecture = g_strdup (image->architecture);
  for (guint i = 0; i < image->layers->len; i++)
    {
      const BoLayer *layer = g_ptr_array_index (image->layers, i);
      BoLayer *layer_copy = bo_layer_new ();

      layer_copy->created_by = g_strdup (layer->created_by);
      layer_copy->size = layer->size;
      layer_copy->diff_id = g_strdup (layer->diff_id);
      layer_copy->from_base = layer->from_base;
      g_ptr_array_add (copy->layers, layer_copy);
    }
  return copy;
}

void
bo_image_free (BoImage *image)
{
  if (image == NULL)
    return;
  g_free (image->id);
  g_free (image->architecture);
  g_ptr_array_unref (image->layers);
  g_free (image);
}

BoProbeResult *
bo_probe_result_new (BoProbeKind kind)
{
  BoProbeResult *result = g_new0 (BoProbeResult, 1);

  result->kind = kind;
  result->runs = g_ptr_array_new_with_free_func (g_free);
  return result;
}

/**
 * bo_probe_result_copy:
 * @result: a probe's result
 *
 * Returns: (transfer full): a copy of its own
 */
BoProbeResult *
bo_probe_result_copy (const BoProbeResult *result)
{
  BoProbeResult *copy;

  g_return_val_if_fail (result != NULL, NULL);

  copy = g_memdup2 (result, sizeof *result);
  copy->level = g_strdup (result->level);
  copy->reason = g_strdup (result->reason);
  copy->raw = g_strdup (result->raw);
  copy->facts = g_strdup (result->facts);
  copy->tail = g_strdup (result->tail);
  copy->runs = g_ptr_array_new_full (result->runs->len, g_free);
  for (guint i = 0; i < result->runs->len; i++)
    g_ptr_array_add (copy->runs, g_memdup2 (g_ptr_array_index (result->runs, i), sizeof (BoProbeRun)));
  return copy;
}

void
bo_probe_result_free (BoProbeResult *result)
{
  if (result == NULL)
    return;
  g_free (result->level);
  g_free (result->reason);
  g_free (result->raw);
  g_free (result->facts);
  g_free (result->tail);
  g_ptr_array_unref (result->runs);
  g_free (result);
}

/* --- the trial --- */

BoTrial *
bo_trial_new (void)
{
  BoTrial *trial = g_new0 (BoTrial, 1);

  g_atomic_ref_count_init (&trial->ref_count);
  trial->repetition = 1;
  trial->failed_step = -1;
  trial->started_us = -1;
  trial->build_us = -1;
  trial->elapsed_us = -1;
  trial->context_bytes = -1;
  trial->phases = g_ptr_array_new_with_free_func (g_free);
  trial->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_step_free);
  trial->probes = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_probe_result_free);
  trial->flags = g_ptr_array_new_with_free_func (g_free);
  trial->evidence = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return trial;
}

/**
 * bo_trial_copy:
 * @trial: a trial
 *
 * A trial under way changes as its journal is read. Who hands it to another
 * thread (the store does) hands over a copy.
 *
 * Returns: (transfer full): a copy that shares nothing with @trial
 */
BoTrial *
bo_trial_copy (const BoTrial *trial)
{
  BoTrial *copy;

  g_return_val_if_fail (trial != NULL, NULL);

  copy = bo_trial_new ();
  copy->id = g_strdup (trial->id);
  copy->campaign = g_strdup (trial->campaign);
  copy->kind = trial->kind;
  copy->cell = trial->cell != NULL ? bo_cell_copy (trial->cell) : NULL;
  copy->prebuild = g_strdup (trial->prebuild);
  copy->chain = g_strdup (trial->chain);
  copy->repetition = trial->repetition;
  copy->outcome = trial->outcome;
  copy->reason = g_strdup (trial->reason);
  copy->error = g_strdup (trial->error);
  copy->failed_step = trial->failed_step;
  copy->started_us = trial->started_us;
  copy->build_us = trial->build_us;
  copy->elapsed_us = trial->elapsed_us;
  copy->n_steps = trial->n_steps;
  copy->image = trial->image != NULL ? bo_image_copy (trial->image) : NULL;
  copy->dockerfile_sha256 = g_strdup (trial->dockerfile_sha256);
  copy->context_bytes = trial->context_bytes;
  for (guint i = 0; i < trial->phases->len; i++)
    g_ptr_array_add (copy->phases, g_memdup2 (g_ptr_array_index (trial->phases, i), sizeof (BoPhase)));
  for (guint i = 0; i < trial->steps->len; i++)
    g_ptr_array_add (copy->steps, bo_step_copy (g_ptr_array_index (trial->steps, i)));
  for (guint i = 0; i < trial->probes->len; i++)
    g_ptr_array_add (copy->probes, bo_probe_result_copy (g_ptr_array_index (trial->probes, i)));
  for (guint i = 0; i < trial->flags->len; i++)
    {
      const char *flag = g_ptr_array_index (trial->flags, i);

      bo_trial_add_flag (copy, flag, bo_trial_get_evidence (trial, flag));
    }
  copy->telemetry = trial->telemetry != NULL ? bo_telemetry_summary_copy (trial->telemetry) : NULL;
  return copy;
}

BoTrial *
bo_trial_ref (BoTrial *trial)
{
  g_return_val_if_fail (trial != NULL, NULL);

  g_atomic_ref_count_inc (&trial->ref_count);
  return trial;
}

void
bo_trial_unref (BoTrial *trial)
{
  g_return_if_fail (trial != NULL);

  if (!g_atomic_ref_count_dec (&trial->ref_count))
    return;
  g_free (trial->id);
  g_free (trial->campaign);
  bo_cell_free (trial->cell);
  g_free (trial->prebuild);
  g_free (trial->chain);
  g_free (trial->reason);
  g_free (trial->error);
  g_ptr_array_unref (trial->phases);
  g_ptr_array_unref (trial->steps);
  bo_image_free (trial->image);
  g_ptr_array_unref (trial->probes);
  g_ptr_array_unref (trial->flags);
  g_hash_table_unref (trial->evidence);
  bo_telemetry_summary_free (trial->telemetry);
  g_free (trial->dockerfile_sha256);
  g_free (trial);
}

/**
 * bo_trial_get_phase:
 * @trial: a trial
 * @kind: which phase
 *
 * Returns: (transfer none) (nullable): the phase, or %NULL when the trial did not have it
 */
const BoPhase *
bo_trial_get_phase (const BoTrial *trial, BoPhaseKind kind)
{
  g_return_val_if_fail (trial != NULL, NULL);

  for (guint i = 0; i < trial->phases->len; i++)
    {
      const BoPhase *phase = g_ptr_array_index (trial->phases, i);

      if (phase->kind == kind)
        return phase;
    }
  return NULL;
}

/**
 * bo_trial_add_flag:
 * @trial: a trial
 * @flag: a flag
 * @evidence: (nullable): what it rests on, a sentence with numbers
 *
 * A flag is there once; the first evidence stays.
 */
void
bo_trial_add_flag (BoTrial *trial, const char *flag, const char *evidence)
{
  g_return_if_fail (trial != NULL && flag != NULL);

  if (!bo_trial_has_flag (trial, flag))
    g_ptr_array_add (trial->flags, g_strdup (flag));
  if (evidence != NULL && bo_trial_get_evidence (trial, flag) == NULL)
    g_hash_table_insert (trial->evidence, g_strdup (flag), g_strdup (evidence));
}

/**
 * bo_trial_get_evidence:
 * @trial: a trial
 * @flag: one of its flags
 *
 * Returns: (transfer none) (nullable): what the flag rests on
 */
const char *
bo_trial_get_evidence (const BoTrial *trial, const char *flag)
{
  g_return_val_if_fail (trial != NULL && flag != NULL, NULL);

  return g_hash_table_lookup (trial->evidence, flag);
}

gboolean
bo_trial_has_flag (const BoTrial *trial, const char *flag)
{
  g_return_val_if_fail (trial != NULL && flag != NULL, FALSE);

  return g_ptr_array_find_with_equal_func (trial->flags, flag, g_str_equal, NULL);
}
