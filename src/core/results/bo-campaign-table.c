/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-campaign-table"

#include "config.h"

#include <glib/gi18n.h>

#include "results/bo-campaign-table.h"
#include "results/bo-trial-table.h"

void
bo_study_summary_free (BoStudySummary *summary)
{
  if (summary == NULL)
    return;
  g_free (summary->id);
  g_free (summary->name);
  g_free (summary->file);
  g_free (summary->last_campaign);
  g_free (summary);
}

void
bo_campaign_summary_free (BoCampaignSummary *summary)
{
  if (summary == NULL)
    return;
  g_free (summary->id);
  g_free (summary->study_id);
  g_free (summary->study_name);
  g_free (summary->device_url);
  g_free (summary);
}

static gboolean
not_found (GError **error, const char *id)
{
  g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND, _ ("There is no campaign %s"), id);
  return FALSE;
}

/* --- writing --- */

/**
 * bo_campaign_table_add:
 * @database: the connection, in a transaction
 * @plan: the text of campaign.json
 * @error: return location
 *
 * Returns: whether the campaign was added, with all of its trials
 */
gboolean
bo_campaign_table_add (BoDatabase *database, const char *plan, GError **error)
{
  g_autoptr (BoCampaign) campaign = bo_campaign_from_json (plan, -1, error);
  sqlite3_stmt *statement;
  BoRow row;

  if (campaign == NULL)
    return FALSE;
  statement = bo_database_prepare (database, "SELECT 1 FROM campaigns WHERE id = ?", error);
  if (statement == NULL || !bo_database_bind (database, statement, error, "s", campaign->id))
    return FALSE;
  row = bo_database_step (database, statement, error);
  if (row == BO_ROW_ERROR)
    return FALSE;
  if (row == BO_ROW_DATA)
    {
      sqlite3_reset (statement);
      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_EXISTS, _ ("There is a campaign %s already"),
                   campaign->id);
      return FALSE;
    }

  if (!bo_database_run (database, error,
                        "INSERT INTO studies (id, name, file) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (id) DO UPDATE SET name = ?2, file = ?3",
                        "sss", campaign->study_id, campaign->study_name, campaign->study_file)
      || !bo_database_run (database, error,
                           "INSERT INTO campaigns (id, study_id, state, created_us, device_url, plan)"
                           " VALUES (?, ?, ?, ?, ?, ?)",
                           "sssiss", campaign->id, campaign->study_id,
                           bo_campaign_state_to_string (BO_CAMPAIGN_PLANNED), campaign->created_us,
                           campaign->device_url, plan))
    return FALSE;
  for (guint i = 0; i < campaign->trials->len; i++)
    {
      g_autoptr (BoTrial) trial
          = bo_planned_trial_make_record (g_ptr_array_index (campaign->trials, i), campaign->id);

      if (!bo_trial_table_insert (database, trial, i, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_final (BoCampaignState state)
{
  return state != BO_CAMPAIGN_PLANNED && state != BO_CAMPAIGN_RUNNING;
}

/**
 * bo_campaign_table_set_state:
 * @database: the connection, in a transaction
 * @id: id of a campaign
 * @state: how it stands now
 * @error: return location
 *
 * Returns: whether it was noted
 */
gboolean
bo_campaign_table_set_state (BoDatabase *database, const char *id, BoCampaignState state, GError **error)
{
  if (!bo_database_run (database, error, "UPDATE campaigns SET state = ?, ended_us = ? WHERE id = ?", "sis",
                        bo_campaign_state_to_string (state),
                        is_final (state) ? g_get_real_time () : (gint64) -1, id))
    return FALSE;
  return bo_database_get_changes (database) > 0 || not_found (error, id);
}

/**
 * bo_campaign_table_delete:
 * @database: the connection, in a transaction
 * @id: id of a campaign
 * @error: return location
 *
 * Deletes the campaign with its trials, and its study when it was the last one.
 *
 * Returns: whether it is gone
 */
gboolean
bo_campaign_table_delete (BoDatabase *database, const char *id, GError **error)
{
  if (!bo_database_run (database, error, "DELETE FROM campaigns WHERE id = ?", "s", id))
    return FALSE;
  if (bo_database_get_changes (database) == 0)
    return not_found (error, id);
  return bo_database_run (database, error,
                          "DELETE FROM studies WHERE id NOT IN (SELECT study_id FROM campaigns)", "");
}

/* --- reading --- */

/**
 * bo_campaign_table_get:
 * @database: the connection
 * @id: id of a campaign
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the campaign as planned, with its present state
 */
BoCampaign *
bo_campaign_table_get (BoDatabase *database, const char *id, GError **error)
{
  sqlite3_stmt *statement
      = bo_database_prepare (database, "SELECT plan, state FROM campaigns WHERE id = ?", error);
  g_autoptr (BoCampaign) campaign = NULL;
  BoRow row;

  if (statement == NULL || !bo_database_bind (database, statement, error, "s", id))
    return NULL;
  row = bo_database_step (database, statement, error);
  if (row != BO_ROW_DATA)
    {
      if (row == BO_ROW_DONE)
        not_found (error, id);
      return NULL;
    }
  campaign = bo_campaign_from_json ((const char *) sqlite3_column_text (statement, 0), -1, error);
  if (campaign != NULL
      && !bo_campaign_state_from_string ((const char *) sqlite3_column_text (statement, 1), &campaign->state))
    {
      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_DAMAGED,
                   _ ("The results in %s are damaged: a word in “%s” is not known"),
                   bo_database_get_path (database), "campaigns.state");
      g_clear_pointer (&campaign, bo_campaign_unref);
    }
  sqlite3_reset (statement);
  return g_steal_pointer (&campaign);
}

/**
 * bo_campaign_table_find_latest:
 * @database: the connection
 * @study_id: id of a study
 * @error: return location
 *
 * A campaign that was cut short counts, as soon as one of its trials says something.
 *
 * Returns: (transfer full) (nullable): id of the study's latest campaign that has ended and has results
 */
char *
bo_campaign_table_find_latest (BoDatabase *database, const char *study_id, GError **error)
{
  sqlite3_stmt *statement = bo_database_prepare (
      database,
      "SELECT c.id FROM campaigns AS c WHERE c.study_id = ? AND c.state NOT IN ('planned', 'running')"
      " AND EXISTS (SELECT 1 FROM trials AS t WHERE t.campaign_id = c.id"
      "  AND t.outcome IN ('succeeded', 'failed', 'timed-out', 'unsupported'))"
      " ORDER BY c.created_us DESC, c.id DESC LIMIT 1",
      error);
  g_autofree char *id = NULL;
  BoRow row;

  if (statement == NULL || !bo_database_bind (database, statement, error, "s", study_id))
    return NULL;
  row = bo_database_step (database, statement, error);
  if (row == BO_ROW_DATA)
    id = bo_database_dup_text (statement, 0);
  else if (row == BO_ROW_DONE)
    g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND,
                 _ ("No campaign of this study has results yet"));
  sqlite3_reset (statement);
  return g_steal_pointer (&id);
}

static gboolean
count_outcomes (BoDatabase *database, BoCampaignSummary *summary, GError **error)
{
  sqlite3_stmt *statement = bo_database_prepare (
      database, "SELECT outcome, count(*) FROM trials WHERE campaign_id = ? GROUP BY outcome", error);
  BoRow row;

  if (statement == NULL || !bo_database_bind (database, statement, error, "s", summary->id))
    return FALSE;
  while ((row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      BoOutcome outcome;
      guint n = sqlite3_column_int64 (statement, 1);

      summary->n_trials += n;
      if (bo_outcome_from_string ((const char *) sqlite3_column_text (statement, 0), &outcome))
        summary->n_outcomes[outcome] = n;
    }
  return row == BO_ROW_DONE;
}

/**
 * bo_campaign_table_list:
 * @database: the connection
 * @study_id: (nullable): only of this study
 * @only_unfinished: only those still planned or running
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type BoCampaignSummary): the latest first
 */
GPtrArray *
bo_campaign_table_list (BoDatabase *database, const char *study_id, gboolean only_unfinished, GError **error)
{
  sqlite3_stmt *statement = bo_database_prepare (
      database,
      "SELECT c.id, c.study_id, s.name, c.device_url, c.state, c.created_us, c.ended_us"
      " FROM campaigns AS c JOIN studies AS s ON s.id = c.study_id"
      " WHERE (?1 IS NULL OR c.study_id = ?1) AND (NOT ?2 OR c.state IN ('planned', 'running'))"
      " ORDER BY c.created_us DESC, c.id DESC",
      error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_summary_free);
  BoRow row;

  if (statement == NULL || !bo_database_bind (database, statement, error, "sd", study_id, only_unfinished))
    return NULL;
  while ((row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      BoCampaignSummary *summary = g_new0 (BoCampaignSummary, 1);

      g_ptr_array_add (list, summary);
      summary->id = bo_database_dup_text (statement, 0);
      summary->study_id = bo_database_dup_text (statement, 1);
      summary->study_name = bo_database_dup_text (statement, 2);
      summary->device_url = bo_database_dup_text (statement, 3);
      if (!bo_campaign_state_from_string ((const char *) sqlite3_column_text (statement, 4), &summary->state))
        {
          g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_DAMAGED,
                       _ ("The results in %s are damaged: a word in “%s” is not known"),
                       bo_database_get_path (database), "campaigns.state");
          return NULL;
        }
      summary->created_us = sqlite3_column_int64 (statement, 5);
      summary->ended_us = sqlite3_column_int64 (statement, 6);
    }
  if (row == BO_ROW_ERROR)
    return NULL;
  for (guint i = 0; i < list->len; i++)
    {
      if (!count_outcomes (database, g_ptr_array_index (list, i), error))
        return NULL;
    }
  return g_steal_pointer (&list);
}

/**
 * bo_campaign_table_list_studies:
 * @database: the connection
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type BoStudySummary): the latest used first
 */
GPtrArray *
bo_campaign_table_list_studies (BoDatabase *database, GError **error)
{
  /* SQLite takes the other columns of a group from the row that has the max(). */
  sqlite3_stmt *statement
      = bo_database_prepare (database,
                             "SELECT s.id, s.name, s.file, count(*), c.id, max(c.created_us),"
                             " (SELECT count(*) FROM trials AS t JOIN campaigns AS o ON o.id = t.campaign_id"
                             "  WHERE o.study_id = s.id AND t.kind = 'counted' AND t.outcome NOT IN ('pending', 'running'))"
                             " FROM studies AS s JOIN campaigns AS c ON c.study_id = s.id"
                             " GROUP BY s.id ORDER BY max(c.created_us) DESC, s.id",
                             error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_study_summary_free);
  BoRow row = BO_ROW_ERROR;

  while (statement != NULL && (row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      BoStudySummary *summary = g_new0 (BoStudySummary, 1);

      summary->id = bo_database_dup_text (statement, 0);
      summary->name = bo_database_dup_text (statement, 1);
      summary->file = bo_database_dup_text (statement, 2);
      summary->n_campaigns = sqlite3_column_int64 (statement, 3);
      summary->last_campaign = bo_database_dup_text (statement, 4);
      summary->last_us = sqlite3_column_int64 (statement, 5);
      summary->n_trials = sqlite3_column_int64 (statement, 6);
      g_ptr_array_add (list, summary);
    }
  return row == BO_ROW_DONE ? g_steal_pointer (&list) : NULL;
}

/* --- estimates --- */

/**
 * bo_estimate_get_key:
 * @trial: a planned trial
 *
 * A priming build is expected to take what the cold trial of its cell takes. A
 * prebuild is known by its name, since several strategies may need it.
 *
 * Returns: (transfer full): its key among the estimates
 */
char *
bo_estimate_get_key (const BoPlannedTrial *trial)
{
  g_return_val_if_fail (trial != NULL && trial->cell != NULL, NULL);

  if (trial->kind == BO_TRIAL_PREBUILD)
    return g_strdup_printf ("prebuild:%s/%s/%s", trial->prebuild, trial->cell->base,
                            bo_builder_to_string (trial->cell->builder));
  return bo_cell_get_key (trial->cell);
}

typedef struct
{
  GArray *succeeded;
  GArray *others;
  GArray *overheads;
  GArray *sizes;
} Samples;

static void
samples_free (Samples *samples)
{
  g_array_unref (samples->succeeded);
  g_array_unref (samples->others);
  g_array_unref (samples->overheads);
  g_array_unref (samples->sizes);
  g_free (samples);
}

static Samples *
samples_new (void)
{
  Samples *samples = g_new0 (Samples, 1);

  samples->succeeded = g_array_new (FALSE, FALSE, sizeof (gint64));
  samples->others = g_array_new (FALSE, FALSE, sizeof (gint64));
  samples->overheads = g_array_new (FALSE, FALSE, sizeof (gint64));
  samples->sizes = g_array_new (FALSE, FALSE, sizeof (gint64));
  return samples;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* The median, the mean of the middle two of an even number; -1 of none. */
static gint64
median (GArray *numbers)
{
  guint middle = numbers->len / 2;
  gint64 low;
  gint64 high;

  if (numbers->len == 0)
    return -1;
  g_array_sort (numbers, compare_numbers);
  high = g_array_index (numbers, gint64, middle);
  if (numbers->len % 2 == 1)
    return high;
  low = g_array_index (numbers, gint64, middle - 1);
  return low + (high - low) / 2;
}

static void
add_sample (Samples *samples, sqlite3_stmt *statement)
{
  BoOutcome outcome;
  gint64 build_us = sqlite3_column_int64 (statement, 7);
  gint64 elapsed_us = sqlite3_column_int64 (statement, 8);
  gint64 overhead_us = sqlite3_column_int64 (statement, 9);

  if (!bo_outcome_from_string ((const char *) sqlite3_column_text (statement, 6), &outcome))
    return;
  if (outcome == BO_OUTCOME_SUCCEEDED && build_us >= 0)
    {
      g_array_append_val (samples->succeeded, build_us);
      g_array_append_val (samples->overheads, overhead_us);
      if (sqlite3_column_type (statement, 10) == SQLITE_INTEGER && sqlite3_column_int64 (statement, 10) >= 0)
        {
          gint64 size = sqlite3_column_int64 (statement, 10);

          g_array_append_val (samples->sizes, size);
        }
    }
  else if ((outcome == BO_OUTCOME_FAILED || outcome == BO_OUTCOME_TIMED_OUT) && elapsed_us >= 0)
    g_array_append_val (samples->others, elapsed_us);
}

/**
 * bo_campaign_table_get_estimates:
 * @database: the connection
 * @study_id: id of a study
 * @device_url: (nullable): only what was measured there
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type utf8 BoEstimate): by bo_estimate_get_key()
 */
GHashTable *
bo_campaign_table_get_estimates (BoDatabase *database,
                                 const char *study_id,
                                 const char *device_url,
                                 GError **error)
{
  sqlite3_stmt *statement = bo_database_prepare (
      database,
      "SELECT t.kind, t.strategy, t.base, t.builder, t.condition, t.prebuild, t.outcome, t.build_us, "
      "t.elapsed_us,"
      " coalesce ((SELECT sum(p.duration_us) FROM phases AS p WHERE p.trial_id = t.id AND p.duration_us > 0"
      "  AND p.kind NOT IN ('build', 'pull', 'prebuild')), 0), i.size"
      " FROM trials AS t JOIN campaigns AS c ON c.id = t.campaign_id LEFT JOIN images AS i ON i.trial_id = "
      "t.id"
      " WHERE c.study_id = ?1 AND (?2 IS NULL OR c.device_url = ?2)",
      error);
  g_autoptr (GHashTable) samples
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) samples_free);
  g_autoptr (GHashTable) estimates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key;
  gpointer value;
  BoRow row;

  if (statement == NULL || !bo_database_bind (database, statement, error, "ss", study_id, device_url))
    return NULL;
  while ((row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    {
      BoCell cell = { 0 };
      BoPlannedTrial planned = { .cell = &cell };
      Samples *found;
      char *name;

      cell.strategy = (char *) sqlite3_column_text (statement, 1);
      cell.base = (char *) sqlite3_column_text (statement, 2);
      planned.prebuild = (char *) sqlite3_column_text (statement, 5);
      if (!bo_trial_kind_from_string ((const char *) sqlite3_column_text (statement, 0), &planned.kind)
          || !bo_builder_from_string ((const char *) sqlite3_column_text (statement, 3), &cell.builder)
          || !bo_condition_from_string ((const char *) sqlite3_column_text (statement, 4), &cell.condition))
        continue;
      name = bo_estimate_get_key (&planned);
      found = g_hash_table_lookup (samples, name);
      if (found == NULL)
        {
          found = samples_new ();
          g_hash_table_insert (samples, name, found);
        }
      else
        g_free (name);
      add_sample (found, statement);
    }
  if (row == BO_ROW_ERROR)
    return NULL;

  g_hash_table_iter_init (&iter, samples);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      Samples *found = value;
      BoEstimate *estimate;

      if (found->succeeded->len == 0 && found->others->len == 0)
        continue;
      estimate = g_new0 (BoEstimate, 1);
      estimate->n_succeeded = found->succeeded->len;
      estimate->n_failed = found->others->len;
      estimate->build_us = median (found->succeeded->len > 0 ? found->succeeded : found->others);
      estimate->overhead_us = MAX (median (found->overheads), 0);
      estimate->image_size = median (found->sizes);
      g_hash_table_insert (estimates, g_strdup (key), estimate);
    }
  return g_steal_pointer (&estimates);
}

/* --- notes --- */

/**
 * bo_campaign_table_set_note:
 * @database: the connection, in a transaction
 * @study_id: id of a study
 * @key: what the note is about
 * @text: (nullable): the note, or %NULL for none
 * @error: return location
 *
 * Returns: whether it was written
 */
gboolean
bo_campaign_table_set_note (BoDatabase *database,
                            const char *study_id,
                            const char *key,
                            const char *text,
                            GError **error)
{
  if (text == NULL)
    return bo_database_run (database, error, "DELETE FROM notes WHERE study_id = ? AND key = ?", "ss",
                            study_id, key);
  return bo_database_run (database, error,
                          "INSERT INTO notes (study_id, key, text) VALUES (?1, ?2, ?3)"
                          " ON CONFLICT (study_id, key) DO UPDATE SET text = ?3",
                          "sss", study_id, key, text);
}

/**
 * bo_campaign_table_get_notes:
 * @database: the connection
 * @study_id: id of a study
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): the study's notes by key
 */
GHashTable *
bo_campaign_table_get_notes (BoDatabase *database, const char *study_id, GError **error)
{
  sqlite3_stmt *statement
      = bo_database_prepare (database, "SELECT key, text FROM notes WHERE study_id = ?", error);
  g_autoptr (GHashTable) notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  BoRow row;

  if (statement == NULL || !bo_database_bind (database, statement, error, "s", study_id))
    return NULL;
  while ((row = bo_database_step (database, statement, error)) == BO_ROW_DATA)
    g_hash_table_insert (notes, bo_database_dup_text (statement, 0), bo_database_dup_text (statement, 1));
  return row == BO_ROW_DONE ? g_steal_pointer (&notes) : NULL;
}
