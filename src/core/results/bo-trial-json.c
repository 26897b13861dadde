/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-trial"

#include "config.h"

#include "results/bo-trial.h"

/* A number that is not known is null for a machine, so that nobody adds a -1 to a sum. */
static void
add_known (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  if (value < 0)
    json_builder_add_null_value (builder);
  else
    json_builder_add_int_value (builder, value);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value == NULL)
    json_builder_add_null_value (builder);
  else
    json_builder_add_string_value (builder, value);
}

/* Facts are kept as text; inside a document they are what they are, an object. */
static void
add_object_text (JsonBuilder *builder, const char *name, const char *text)
{
  JsonNode *node = text != NULL ? json_from_string (text, NULL) : NULL;

  json_builder_set_member_name (builder, name);
  json_builder_add_value (builder, node != NULL ? node : json_node_new (JSON_NODE_NULL));
}

static void
add_step (JsonBuilder *builder, const BoStep *step)
{
  json_builder_begin_object (builder);
  add_int (builder, "number", step->number);
  add_int (builder, "total", step->total);
  add_string (builder, "stage", step->stage);
  add_string (builder, "instruction", step->instruction);
  add_int (builder, "user_line", step->user_line);
  add_known (builder, "start_us", step->start_us);
  add_known (builder, "duration_us", step->duration_us);
  add_boolean (builder, "cached", step->cached);
  add_boolean (builder, "clipped", step->clipped);
  add_boolean (builder, "failed", step->failed);
  add_string (builder, "error", step->error);
  add_known (builder, "exit_code", step->exit_code);
  add_int (builder, "n_log_lines", step->n_log_lines);
  if (step->log != NULL)
    {
      json_builder_set_member_name (builder, "log");
      json_builder_begin_array (builder);
      for (guint i = 0; i < step->log->len; i++)
        {
          const BoLogLine *line = g_ptr_array_index (step->log, i);

          json_builder_begin_object (builder);
          add_known (builder, "time_us", line->time_us);
          add_int (builder, "stream", line->stream);
          add_string (builder, "text", line->text);
          json_builder_end_object (builder);
        }
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
}

static void
add_image (JsonBuilder *builder, const BoImage *image)
{
  json_builder_set_member_name (builder, "image");
  if (image == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  add_string (builder, "id", image->id);
  add_known (builder, "size", image->size);
  add_known (builder, "engine_size", image->engine_size);
  add_known (builder, "added_size", image->added_size);
  add_string (builder, "architecture", image->architecture);
  json_builder_set_member_name (builder, "layers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < image->layers->len; i++)
    {
      const BoLayer *layer = g_ptr_array_index (image->layers, i);

      json_builder_begin_object (builder);
      add_string (builder, "created_by", layer->created_by);
      add_int (builder, "size", layer->size);
      add_string (builder, "diff_id", layer->diff_id);
      add_boolean (builder, "from_base", layer->from_base);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_probe (JsonBuilder *builder, const BoProbeResult *probe)
{
  json_builder_begin_object (builder);
  add_int (builder, "index", probe->index);
  add_string (builder, "kind", bo_probe_kind_to_string (probe->kind));
  add_boolean (builder, "required", probe->required);
  add_string (builder, "verdict", bo_verdict_to_string (probe->verdict));
  add_string (builder, "level", probe->level);
  add_boolean (builder, "simulated", probe->simulated);
  add_string (builder, "reason", probe->reason);
  add_string (builder, "raw", probe->raw);
  add_object_text (builder, "facts", probe->facts);
  json_builder_set_member_name (builder, "runs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < probe->runs->len; i++)
    {
      const BoProbeRun *run = g_ptr_array_index (probe->runs, i);

      json_builder_begin_object (builder);
      add_known (builder, "duration_us", run->duration_us);
      add_known (builder, "exit_code", run->exit_code);
      add_boolean (builder, "oom_killed", run->oom_killed);
      add_boolean (builder, "timed_out", run->timed_out);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_string (builder, "tail", probe->tail);
  json_builder_end_object (builder);
}

/**
 * bo_trial_to_node:
 * @trial: a trial
 *
 * Members are called as the fields of the record, times in microseconds and
 * sizes in bytes; what is not known is null. The cell has its key besides its parts.
 *
 * Returns: (transfer full): the record as a JSON object
 */
JsonNode *
bo_trial_to_node (const BoTrial *trial)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (trial != NULL, NULL);

  json_builder_begin_object (builder);
  add_string (builder, "id", trial->id);
  add_string (builder, "campaign", trial->campaign);
  add_string (builder, "kind", bo_trial_kind_to_string (trial->kind));
  json_builder_set_member_name (builder, "cell");
  if (trial->cell != NULL)
    {
      g_autofree char *key = bo_cell_get_key (trial->cell);

      json_builder_begin_object (builder);
      add_string (builder, "key", key);
      add_string (builder, "strategy", trial->cell->strategy);
      add_string (builder, "base", trial->cell->base);
      add_string (builder, "builder", bo_builder_to_string (trial->cell->builder));
      add_string (builder, "condition", bo_condition_to_string (trial->cell->condition));
      json_builder_end_object (builder);
    }
  else
    json_builder_add_null_value (builder);
  add_string (builder, "prebuild", trial->prebuild);
  add_string (builder, "chain", trial->chain);
  add_int (builder, "repetition", trial->repetition);
  add_string (builder, "outcome", bo_outcome_to_string (trial->outcome));
  add_string (builder, "reason", trial->reason);
  add_string (builder, "error", trial->error);
  add_known (builder, "failed_step", trial->failed_step);
  add_known (builder, "started_us", trial->started_us);
  add_known (builder, "build_us", trial->build_us);
  add_known (builder, "elapsed_us", trial->elapsed_us);
  json_builder_set_member_name (builder, "phases");
  json_builder_begin_array (builder);
  for (guint i = 0; i < trial->phases->len; i++)
    {
      const BoPhase *phase = g_ptr_array_index (trial->phases, i);

      json_builder_begin_object (builder);
      add_string (builder, "kind", bo_phase_kind_to_string (phase->kind));
      add_known (builder, "start_us", phase->start_us);
      add_known (builder, "duration_us", phase->duration_us);
      add_known (builder, "bytes", phase->bytes);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_int (builder, "n_steps", trial->n_steps);
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < trial->steps->len; i++)
    add_step (builder, g_ptr_array_index (trial->steps, i));
  json_builder_end_array (builder);
  add_image (builder, trial->image);
  json_builder_set_member_name (builder, "probes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < trial->probes->len; i++)
    add_probe (builder, g_ptr_array_index (trial->probes, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "flags");
  json_builder_begin_array (builder);
  for (guint i = 0; i < trial->flags->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (trial->flags, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "flag_evidence");
  json_builder_begin_object (builder);
  for (guint i = 0; i < trial->flags->len; i++)
    {
      const char *flag = g_ptr_array_index (trial->flags, i);
      const char *evidence = bo_trial_get_evidence (trial, flag);

      if (evidence != NULL)
        add_string (builder, flag, evidence);
    }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "telemetry");
  if (trial->telemetry != NULL)
    json_builder_add_value (builder, bo_telemetry_summary_to_node (trial->telemetry));
  else
    json_builder_add_null_value (builder);
  add_string (builder, "dockerfile_sha256", trial->dockerfile_sha256);
  add_known (builder, "context_bytes", trial->context_bytes);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/**
 * bo_trial_to_json:
 * @trial: a trial
 *
 * Returns: (transfer full): what bo_trial_to_node() makes, as text
 */
char *
bo_trial_to_json (const BoTrial *trial)
{
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (trial != NULL, NULL);

  node = bo_trial_to_node (trial);
  return json_to_string (node, TRUE);
}
