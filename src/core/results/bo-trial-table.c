/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-trial-table"

#include "config.h"

#include <glib/gi18n.h>

#include "results/bo-trial-table.h"

/* --- writing --- */

static gboolean
insert_step (BoDatabase *database, const BoTrial *trial, guint position, GError **error)
{
  const BoStep *step = g_ptr_array_index (trial->steps, position);

  if (!bo_database_run (
          database, error,
          "INSERT INTO steps (trial_id, position, number, total, stage, instruction, user_line, start_us,"
          " duration_us, cached, clipped, failed, error, exit_code, n_log_lines)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "siiissiiidddsdi", trial->id, (gint64) position, (gint64) step->number, (gint64) step->total,
          step->stage, step->instruction, (gint64) step->user_line, step->start_us, step->duration_us,
          step->cached, step->clipped, step->failed, step->error, step->exit_code,
          (gint64) step->n_log_lines))
    return FALSE;
  for (guint i = 0; step->failed && step->log != NULL && i < step->log->len; i++)
    {
      const BoLogLine *line = g_ptr_array_index (step->log, i);

      if (!bo_database_run (database, error,
                            "INSERT INTO log_lines (trial_id, step, position, time_us, stream, text)"
                            " VALUES (?, ?, ?, ?, ?, ?)",
                            "siiids", trial->id, (gint64) position, (gint64) i, line->time_us,
                            (int) line->stream, line->text))
        return FALSE;
    }
  return TRUE;
}

static gboolean
insert_image (BoDatabase *database, const BoTrial *trial, GError **error)
{
  const BoImage *image = trial->image;

  if (!bo_database_run (database, error,
                        "INSERT INTO images (trial_id, image_id, size, engine_size, added_size, architecture)"
                        " VALUES (?, ?, ?, ?, ?, ?)",
                        "ssiiis", trial->id, image->id, image->size, image->engine_size, image->added_size,
                        image->architecture))
    return FALSE;
  for (guint i = 0; i < image->layers->len; i++)
    {
      const BoLayer *layer = g_ptr_array_index (image->layers, i);

      if (!bo_database_run (database, error,
                            "INSERT INTO layers (trial_id, position, created_by, size, diff_id, from_base)"
                            " VALUES (?, ?, ?, ?, ?, ?)",
                            "sisisd", trial->id, (gint64) i, layer->created_by, layer->size, layer->diff_id,
                            layer->from_base))
        return FALSE;
    }
  return TRUE;
}

static gboolean
insert_probe (BoDatabase *database, const BoTrial *trial, guint position, GError **error)
{
  const BoProbeResult *probe = g_ptr_array_index (trial->probes, position);

  if (!bo_database_run (
          database, error,
          "INSERT INTO probe_results (trial_id, position, probe_index, kind, required, verdict, level,"
          " simulated, reason, raw, facts, tail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "siisdssdssss", trial->id, (gint64) position, (gint64) probe->index,
          bo_probe_kind_to_string (probe->kind), probe->required, bo_verdict_to_string (probe->verdict),
          probe->level, probe->simulated, probe->reason, probe->raw, probe->facts, probe->tail))
    return FALSE;
  for (guint i = 0; i < probe->runs->len; i++)
    {
      const BoProbeRun *run = g_ptr_array_index (probe->runs, i);

      if (!bo_database_run (
              database, error,
              "INSERT INTO probe_runs (trial_id, probe, position, duration_us, exit_code, oom_killed,"
              " timed_out) VALUES (?, ?, ?, ?, ?, ?, ?)",
              "siiiddd", trial->id, (gint64) position, (gint64) i, run->duration_us, run->exit_code,
              run->oom_killed, run->timed_out))
        return FALSE;
    }
  return TRUE;
}

/* As one text: nobody searches in it, and what it holds differs from machine to machine. */
static char *
write_telemetry (const BoTrial *trial)
{
  g_autoptr (JsonNode) node = NULL;

  if (trial->telemetry == NULL)
    return NULL;
  node = bo_telemetry_summary_to_node (trial->telemetry);
  return json_to_string (node, FALSE);
}

static BoTelemetrySummary *
read_telemetry (const char *text)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  return bo_telemetry_summary_from_node (node);
}

/**
 * bo_trial_table_insert:
 * @database: the connection, in a transaction
 * @trial: a trial that is not there yet
 * @position: its place in the campaign, from 0
 * @error: return location
 *
 * Returns: whether the trial and all of its parts were written
 */
gboolean
bo_trial_table_insert (BoDatabase *database, const BoTrial *trial, guint position, GError **error)
{
  g_autofree char *telemetry = write_telemetry (trial);

  if (!bo_database_run (
          database, error,
          "INSERT INTO trials (id, campaign_id, position, kind, strategy, base, builder, condition,"
          " prebuild, chain, repetition, outcome, reason, error, failed_step, started_us, build_us,"
          " elapsed_us, n_steps, dockerfile_sha256, context_bytes, telemetry)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "ssisssssssisssdiiiisis", trial->id, trial->campaign, (gint64) position,
          bo_trial_kind_to_string (trial->kind), trial->cell->strategy, trial->cell->base,
          bo_builder_to_string (trial->cell->builder), bo_condition_to_string (trial->cell->condition),
          trial->prebuild, trial->chain, (gint64) trial->repetition, bo_outcome_to_string (trial->outcome),
          trial->reason, trial->error, trial->failed_step, trial->started_us, trial->build_us,
          trial->elapsed_us, (gint64) trial->n_steps, trial->dockerfile_sha256, trial->context_bytes,
          telemetry))
    return FALSE;
  for (guint i = 0; i < trial->flags->len; i++)
    {
      const char *flag = g_ptr_array_index (trial->flags, i);

      if (!bo_database_run (database, error,
                            "INSERT INTO trial_flags (trial_id, position, flag, evidence) VALUES (?, ?, ?, ?)",
                            "siss", trial->id, (gint64) i, flag, bo_trial_get_evidence (trial, flag)))
        return FALSE;
    }
  for (guint i = 0; i < trial->phases->len; i++)
    {
      const BoPhase *phase = g_ptr_array_index (trial->phases, i);

      if (!bo_database_run (database, error,
                            "INSERT INTO phases (trial_id, position, kind, start_us, duration_us, bytes)"
                            " VALUES (?, ?, ?, ?, ?, ?)",
                            "sisiii", trial->id, (gint64) i, bo_phase_kind_to_string (phase->kind),
                            phase->start_us, phase->duration_us, phase->bytes))
        return FALSE;
    }
  for (guint i = 0; i < trial->steps->len; i++)
    {
      if (!insert_step (database, trial, i, error))
        return FALSE;
    }
  if (trial->image != NULL && !insert_image (database, trial, error))
    return FALSE;
  for (guint i = 0; i < trial->probes->len; i++)
    {
      if (!insert_probe (database, trial, i, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * bo_trial_table_replace:
 * @database: the connection, in a transaction
 * @trial: a trial of a campaign that is there
 * @error: return location
 *
 * Puts the record in the place of what was known of the trial.
 *
 * Returns: whether the trial and all of its parts were written
 */
gboolean
bo_trial_table_replace (BoDatabase *database, const BoTrial *trial, GError **error)
{
  sqlite3_stmt *statement
      = bo_database_prepare (database, "SELECT position FROM trials WHERE id = ? AND campaign_id = ?", error);
  guint position = 0;
  BoRow row;

  if (statement == NULL || !bo_database_bind (database, statement, error, "ss", trial->id, trial->campaign))
    return FALSE;
  row = bo_database_step (database, statement, error);
  if (row == BO_ROW_ERROR)
    return FALSE;
  if (row == BO_ROW_DONE)
    {
      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND, _ ("There is no trial %s in campaign %s"),
                   trial->id, trial->campaign);
      return FALSE;
    }
  position = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);

  return bo_database_run (database, error, "DELETE FROM trials WHERE id = ?", "s", trial->id)
         && bo_trial_table_insert (database, trial, position, error);
}

/* --- reading --- */

static gboolean
wrong_word (BoDatabase *database, const char *column, GError **error)
{
  g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_DAMAGED,
               _ ("The results in %s are damaged: a word in “%s” is not known"),
               bo_database_get_path (database), column);
  return FALSE;
}

static const char *
column_text (sqlite3_stmt *statement, int column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

/* Prepares @sql for the parts of one trial. */
static sqlite3_stmt *
select_parts (BoDatabase *database, const char *sql, const BoTrial *trial, GError **error)
{
  sqlite3_stmt *statement = bo_database_prepare (database, sql, error);

  if (statement == NULL || !bo_database_bind (database, statement, error, "s", trial->id))
    return NULL;
  return statement;
}

static gboolean
read_flags (BoDatabase *database, BoTrial *trial, GError **error)
{
  sqlite3_stmt *statement = select_parts (
      database, "SELECT flag, evidence FROM trial_flags WHERE trial_id = ? ORDER BY position", trial, error);
  BoRow row = BO_ROW_ERROR;

  while (statement != NULL && (row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    bo_trial_add_flag (trial, column_text (statement, 0), column_text (statement, 1));
  return row == BO_ROW_DONE;
}

static gboolean
read_phases (BoDatabase *database, BoTrial *trial, GError **error)
{
  sqlite3_stmt *statement = select_parts (
      database, "SELECT kind, start_us, duration_us, bytes FROM phases WHERE trial_id = ? ORDER BY position",
      trial, error);
  BoRow row = BO_ROW_ERROR;

  while (statement != NULL && (row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      BoPhase *phase = bo_phase_new (BO_PHASE_BUILD);

      g_ptr_array_add (trial->phases, phase);
      if (!bo_phase_kind_from_string (column_text (statement, 0), &phase->kind))
        return wrong_word (database, "phases.kind", error);
      phase->start_us = sqlite3_column_int64 (statement, 1);
      phase->duration_us = sqlite3_column_int64 (statement, 2);
      phase->bytes = sqlite3_column_int64 (statement, 3);
    }
  return row == BO_ROW_DONE;
}

static gboolean
read_steps (BoDatabase *database, BoTrial *trial, GError **error)
{
  sqlite3_stmt *statement
      = select_parts (database,
                      "SELECT number, total, stage, instruction, user_line, start_us, duration_us, cached, "
                      "clipped, failed, error,"
                      " exit_code, n_log_lines FROM steps WHERE trial_id = ? ORDER BY position",
                      trial, error);
  BoRow row = BO_ROW_ERROR;

  while (statement != NULL && (row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      BoStep *step = bo_step_new ();

      g_ptr_array_add (trial->steps, step);
      step->number = sqlite3_column_int64 (statement, 0);
      step->total = sqlite3_column_int64 (statement, 1);
      step->stage = bo_database_dup_text (statement, 2);
      step->instruction = bo_database_dup_text (statement, 3);
      step->user_line = sqlite3_column_int64 (statement, 4);
      step->start_us = sqlite3_column_int64 (statement, 5);
      step->duration_us = sqlite3_column_int64 (statement, 6);
      step->cached = sqlite3_column_int (statement, 7) != 0;
      step->clipped = sqlite3_column_int (statement, 8) != 0;
      step->failed = sqlite3_column_int (statement, 9) != 0;
      step->error = bo_database_dup_text (statement, 10);
      step->exit_code = sqlite3_column_int (statement, 11);
      step->n_log_lines = sqlite3_column_int64 (statement, 12);
    }
  if (row != BO_ROW_DONE)
    return FALSE;

  row = BO_ROW_ERROR;
  statement = select_parts (
      database,
      "SELECT step, time_us, stream, text FROM log_lines WHERE trial_id = ? ORDER BY step, position", trial,
      error);
  while (statement != NULL && (row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      gint64 index = sqlite3_column_int64 (statement, 0);
      BoStep *step;

      if (index < 0 || index >= trial->steps->len)
        continue;
      step = g_ptr_array_index (trial->steps, index);
      if (step->log == NULL)
        step->log = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_log_line_free);
      g_ptr_array_add (step->log,
                       bo_log_line_new (sqlite3_column_int64 (statement, 1),
                                        sqlite3_column_int (statement, 2), column_text (statement, 3)));
    }
  return row == BO_ROW_DONE;
}

static gboolean
read_image (BoDatabase *database, BoTrial *trial, GError **error)
{
  sqlite3_stmt *statement = select_parts (
      database, "SELECT image_id, size, engine_size, added_size, architecture FROM images WHERE trial_id = ?",
      trial, error);
  BoRow row;

  if (statement == NULL)
    return FALSE;
  row = bo_database_step (database, statement, error);
  if (row != BO_ROW_DATA)
    return row == BO_ROW_DONE;
  trial->image = bo_image_new ();
  trial->image->id = bo_database_dup_text (statement, 0);
  trial->image->size = sqlite3_column_int64 (statement, 1);
  trial->image->engine_size = sqlite3_column_int64 (statement, 2);
  trial->image->added_size = sqlite3_column_int64 (statement, 3);
  trial->image->architecture = bo_database_dup_text (statement, 4);
  sqlite3_reset (statement);

  row = BO_ROW_ERROR;
  statement = select_parts (
      database,
      "SELECT created_by, size, diff_id, from_base FROM layers WHERE trial_id = ? ORDER BY position", trial,
      error);
  while (statement != NULL && (row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      BoLayer *layer = bo_layer_new ();

      g_ptr_array_add (trial->image->layers, layer);
      layer->created_by = bo_database_dup_text (statement, 0);
      layer->size = sqlite3_column_int64 (statement, 1);
      layer->diff_id = bo_database_dup_text (statement, 2);
      layer->from_base = sqlite3_column_int (statement, 3) != 0;
    }
  return row == BO_ROW_DONE;
}

static gboolean
read_probes (BoDatabase *database, BoTrial *trial, GError **error)
{
  sqlite3_stmt *statement = select_parts (database,
                                          "SELECT probe_index, kind, required, verdict, level, simulated, "
                                          "reason, raw, facts, tail FROM probe_results"
                                          " WHERE trial_id = ? ORDER BY position",
                                          trial, error);
  BoRow row = BO_ROW_ERROR;

  while (statement != NULL && (row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      BoProbeResult *probe = bo_probe_result_new (BO_PROBE_CUDA);

      g_ptr_array_add (trial->probes, probe);
      probe->index = sqlite3_column_int64 (statement, 0);
      if (!bo_probe_kind_from_string (column_text (statement, 1), &probe->kind))
        return wrong_word (database, "probe_results.kind", error);
      probe->required = sqlite3_column_int (statement, 2) != 0;
      if (!bo_verdict_from_string (column_text (statement, 3), &probe->verdict))
        return wrong_word (database, "probe_results.verdict", error);
      probe->level = bo_database_dup_text (statement, 4);
      probe->simulated = sqlite3_column_int (statement, 5) != 0;
      probe->reason = bo_database_dup_text (statement, 6);
      probe->raw = bo_database_dup_text (statement, 7);
      probe->facts = bo_database_dup_text (statement, 8);
      probe->tail = bo_database_dup_text (statement, 9);
    }
  if (row != BO_ROW_DONE)
    return FALSE;

  row = BO_ROW_ERROR;
  statement = select_parts (database,
                            "SELECT probe, duration_us, exit_code, oom_killed, timed_out FROM probe_runs"
                            " WHERE trial_id = ? ORDER BY probe, position",
                            trial, error);
  while (statement != NULL && (row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      gint64 index = sqlite3_column_int64 (statement, 0);
      BoProbeResult *probe;
      BoProbeRun *run;

      if (index < 0 || index >= trial->probes->len)
        continue;
      probe = g_ptr_array_index (trial->probes, index);
      run = g_new0 (BoProbeRun, 1);
      run->duration_us = sqlite3_column_int64 (statement, 1);
      run->exit_code = sqlite3_column_int (statement, 2);
      run->oom_killed = sqlite3_column_int (statement, 3) != 0;
      run->timed_out = sqlite3_column_int (statement, 4) != 0;
      g_ptr_array_add (probe->runs, run);
    }
  return row == BO_ROW_DONE;
}

static gboolean
read_parts (BoDatabase *database, BoTrial *trial, GError **error)
{
  return read_flags (database, trial, error) && read_phases (database, trial, error)
         && read_steps (database, trial, error) && read_image (database, trial, error)
         && read_probes (database, trial, error);
}

#define TRIAL_COLUMNS                                                                                        \
  "t.id, t.campaign_id, t.kind, t.strategy, t.base, t.builder, t.condition, t.prebuild, t.chain, "           \
  "t.repetition,"                                                                                            \
  " t.outcome, t.reason, t.error, t.failed_step, t.started_us, t.build_us, t.elapsed_us, t.n_steps,"         \
  " t.dockerfile_sha256, t.context_bytes, t.telemetry"

static gboolean
read_trial (BoDatabase *database, sqlite3_stmt *statement, BoTrial *trial, GError **error)
{
  BoBuilder builder;
  BoCondition condition;

  trial->id = bo_database_dup_text (statement, 0);
  trial->campaign = bo_database_dup_text (statement, 1);
  if (!bo_trial_kind_from_string (column_text (statement, 2), &trial->kind))
    return wrong_word (database, "trials.kind", error);
  if (!bo_builder_from_string (column_text (statement, 5), &builder))
    return wrong_word (database, "trials.builder", error);
  if (!bo_condition_from_string (column_text (statement, 6), &condition))
    return wrong_word (database, "trials.condition", error);
  trial->cell = bo_cell_new (column_text (statement, 3), column_text (statement, 4), builder, condition);
  trial->prebuild = bo_database_dup_text (statement, 7);
  trial->chain = bo_database_dup_text (statement, 8);
  trial->repetition = sqlite3_column_int64 (statement, 9);
  if (!bo_outcome_from_string (column_text (statement, 10), &trial->outcome))
    return wrong_word (database, "trials.outcome", error);
  trial->reason = bo_database_dup_text (statement, 11);
  trial->error = bo_database_dup_text (statement, 12);
  trial->failed_step = sqlite3_column_int (statement, 13);
  trial->started_us = sqlite3_column_int64 (statement, 14);
  trial->build_us = sqlite3_column_int64 (statement, 15);
  trial->elapsed_us = sqlite3_column_int64 (statement, 16);
  trial->n_steps = sqlite3_column_int64 (statement, 17);
  trial->dockerfile_sha256 = bo_database_dup_text (statement, 18);
  trial->context_bytes = sqlite3_column_int64 (statement, 19);
  trial->telemetry = read_telemetry (column_text (statement, 20));
  return TRUE;
}

/* Reads all rows of a bound statement, then the parts of each. */
static GPtrArray *
read_trials (BoDatabase *database, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoRow row;

  while ((row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      BoTrial *trial = bo_trial_new ();

      g_ptr_array_add (trials, trial);
      if (!read_trial (database, statement, trial, error))
        {
          sqlite3_reset (statement);
          return NULL;
        }
    }
  if (row == BO_ROW_ERROR)
    return NULL;
  for (guint i = 0; i < trials->len; i++)
    {
      if (!read_parts (database, g_ptr_array_index (trials, i), error))
        return NULL;
    }
  return g_steal_pointer (&trials);
}

/**
 * bo_trial_table_get:
 * @database: the connection
 * @trial_id: id of a trial
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the trial
 */
BoTrial *
bo_trial_table_get (BoDatabase *database, const char *trial_id, GError **error)
{
  sqlite3_stmt *statement
      = bo_database_prepare (database, "SELECT " TRIAL_COLUMNS " FROM trials AS t WHERE t.id = ?", error);
  g_autoptr (GPtrArray) trials = NULL;

  if (statement == NULL || !bo_database_bind (database, statement, error, "s", trial_id))
    return NULL;
  trials = read_trials (database, statement, error);
  if (trials == NULL)
    return NULL;
  if (trials->len == 0)
    {
      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND, _ ("There is no trial %s"), trial_id);
      return NULL;
    }
  return bo_trial_ref (g_ptr_array_index (trials, 0));
}

/**
 * bo_trial_table_list:
 * @database: the connection
 * @study_id: (nullable): only of this study
 * @campaign_id: (nullable): only of this campaign
 * @cell: (nullable): only of this cell
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type BoTrial): by campaign, then as in the script
 */
GPtrArray *
bo_trial_table_list (BoDatabase *database,
                     const char *study_id,
                     const char *campaign_id,
                     const BoCell *cell,
                     GError **error)
{
  sqlite3_stmt *statement = bo_database_prepare (
      database,
      "SELECT " TRIAL_COLUMNS " FROM trials AS t JOIN campaigns AS c ON c.id = t.campaign_id"
      " WHERE (?1 IS NULL OR c.study_id = ?1) AND (?2 IS NULL OR t.campaign_id = ?2)"
      " AND (?3 IS NULL OR (t.strategy = ?3 AND t.base = ?4 AND t.builder = ?5 AND t.condition = ?6))"
      " ORDER BY c.created_us, c.id, t.position",
      error);

  if (statement == NULL
      || !bo_database_bind (database, statement, error, "ssssss", study_id, campaign_id,
                            cell != NULL ? cell->strategy : NULL, cell != NULL ? cell->base : NULL,
                            cell != NULL ? bo_builder_to_string (cell->builder) : NULL,
                            cell != NULL ? bo_condition_to_string (cell->condition) : NULL))
    return NULL;
  return read_trials (database, statement, error);
}
