/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "results/bo-database.h"
#include "results/bo-store.h"
#include "sample-records.h"

static const char *program;

/* --- a folder for each test --- */

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bakeoff-store-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->path = g_build_filename (fixture->folder, "data", "bakeoff.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static BoStore *
open_store (const char *path)
{
  g_autoptr (GError) error = NULL;
  BoStore *store = bo_store_open_sync (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (store);
  return store;
}

static void
add_campaign (BoStore *store, const BoCampaign *campaign)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bo_store_add_campaign_sync (store, campaign, &error));
  g_assert_no_error (error);
}

static void
save_trial (BoStore *store, const BoTrial *trial)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bo_store_save_trial_sync (store, trial, &error));
  g_assert_no_error (error);
}

/* --- what is put in comes out --- */

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoStore) store = open_store (fixture->path);
  g_autoptr (BoCampaign) campaign = sample_campaign ("20261124-1", 3);
  g_autoptr (BoTrial) failed = sample_trial (campaign, 1, BO_OUTCOME_FAILED, 900);
  g_autoptr (BoTrial) good = sample_trial (campaign, 2, BO_OUTCOME_SUCCEEDED, 700);
  g_autoptr (BoTrial) loaded = NULL;
  g_autoptr (BoTrial) loaded_good = NULL;
  g_autoptr (BoTrial) planned = NULL;
  g_autoptr (BoTrial) pending = NULL;
  g_autoptr (BoCampaign) loaded_campaign = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) of_cell = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = bo_campaign_to_json (campaign);
  g_autofree char *loaded_text = NULL;
  g_autofree char *a = bo_trial_to_json (failed);
  g_autofree char *b = NULL;
  g_autofree char *c = bo_trial_to_json (good);
  g_autofree char *d = NULL;
  g_autofree char *e = NULL;
  g_autofree char *f = NULL;
  g_autoptr (BoCell) cell = bo_cell_new ("original", "dusty", BO_BUILDER_BUILDKIT, BO_CONDITION_COLD);
  struct stat info;

  add_campaign (store, campaign);
  save_trial (store, failed);
  {
    /* A record that cannot be written leaves the one before as it was. */
    g_autoptr (BoTrial) broken = bo_trial_copy (failed);
    BoStep *step = g_ptr_array_index (broken->steps, 0);

    broken->outcome = BO_OUTCOME_CANCELLED;
    g_ptr_array_add (step->log, bo_log_line_new (1, 1, NULL));
    g_assert_false (bo_store_save_trial_sync (store, broken, &error));
    g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_FAILED);
    g_clear_error (&error);
  }
  /* Saved twice on the way: the second replaces the first. */
  good->outcome = BO_OUTCOME_RUNNING;
  save_trial (store, good);
  good->outcome = BO_OUTCOME_SUCCEEDED;
  save_trial (store, good);
  bo_store_close_sync (store);
  g_clear_object (&store);

  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  store = open_store (fixture->path);
  loaded = bo_store_get_trial_sync (store, failed->id, &error);
  g_assert_no_error (error);
  b = bo_trial_to_json (loaded);
  g_assert_cmpstr (a, ==, b);
  loaded_good = bo_store_get_trial_sync (store, good->id, &error);
  g_assert_no_error (error);
  d = bo_trial_to_json (loaded_good);
  g_assert_cmpstr (c, ==, d);
  pending = bo_store_get_trial_sync (store, "20261124-1.1", &error);
  g_assert_no_error (error);
  planned = bo_planned_trial_make_record (g_ptr_array_index (campaign->trials, 0), campaign->id);
  e = bo_trial_to_json (pending);
  f = bo_trial_to_json (planned);
  g_assert_cmpstr (e, ==, f);

  loaded_campaign = bo_store_get_campaign_sync (store, campaign->id, &error);
  g_assert_no_error (error);
  loaded_text = bo_campaign_to_json (loaded_campaign);
  g_assert_cmpstr (text, ==, loaded_text);

  all = bo_store_list_trials_sync (store, NULL, campaign->id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 3);
  g_assert_cmpstr (((BoTrial *) g_ptr_array_index (all, 1))->id, ==, failed->id);
  of_cell = bo_store_list_trials_sync (store, "study-1", NULL, cell, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (of_cell->len, ==, 0);
  g_clear_pointer (&of_cell, g_ptr_array_unref);
  cell->builder = BO_BUILDER_CLASSIC;
  of_cell = bo_store_list_trials_sync (store, "study-1", NULL, cell, &error);
  g_assert_cmpuint (of_cell->len, ==, 3);
  bo_store_close_sync (store);
}

static void
test_campaigns (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoStore) store = open_store (fixture->path);
  g_autoptr (BoCampaign) first = sample_campaign ("20261124-1", 2);
  g_autoptr (BoCampaign) second = sample_campaign ("20261124-2", 1);
  g_autoptr (BoTrial) trial = sample_trial (first, 0, BO_OUTCOME_SUCCEEDED, 10);
  g_autoptr (BoCampaign) latest = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) studies = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = bo_store_get_campaign_folder (store, first->id);
  g_autofree char *inner = g_build_filename (folder, "journal", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  g_autofree char *bystander = g_build_filename (fixture->folder, "bystander", NULL);
  BoCampaignSummary *summary;
  BoStudySummary *study;

  second->created_us += 10;
  g_free (second->study_name);
  second->study_name = g_strdup ("Renamed");
  add_campaign (store, first);
  add_campaign (store, second);
  g_assert_false (bo_store_add_campaign_sync (store, first, &error));
  g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_EXISTS);
  g_clear_error (&error);

  latest = bo_store_get_latest_campaign_sync (store, "study-1", &error);
  g_assert_null (latest);
  g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);

  save_trial (store, trial);
  g_assert_true (bo_store_set_campaign_state_sync (store, first->id, BO_CAMPAIGN_RUNNING, &error));
  list = bo_store_list_unfinished_sync (store, &error);
  g_assert_cmpuint (list->len, ==, 2);
  g_clear_pointer (&list, g_ptr_array_unref);
  g_assert_true (bo_store_set_campaign_state_sync (store, first->id, BO_CAMPAIGN_INTERRUPTED, &error));
  list = bo_store_list_unfinished_sync (store, &error);
  g_assert_cmpuint (list->len, ==, 1);
  g_clear_pointer (&list, g_ptr_array_unref);
  g_assert_false (bo_store_set_campaign_state_sync (store, "nobody", BO_CAMPAIGN_RUNNING, &error));
  g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* The second has no results, so the first is still the latest that says anything. */
  g_assert_true (bo_store_set_campaign_state_sync (store, second->id, BO_CAMPAIGN_STOPPED, &error));
  latest = bo_store_get_latest_campaign_sync (store, "study-1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (latest->id, ==, first->id);
  g_assert_cmpint (latest->state, ==, BO_CAMPAIGN_INTERRUPTED);

  list = bo_store_list_campaigns_sync (store, "study-1", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  summary = g_ptr_array_index (list, 1);
  g_assert_cmpstr (summary->id, ==, first->id);
  g_assert_cmpuint (summary->n_trials, ==, 2);
  g_assert_cmpuint (summary->n_outcomes[BO_OUTCOME_SUCCEEDED], ==, 1);
  g_assert_cmpuint (summary->n_outcomes[BO_OUTCOME_PENDING], ==, 1);
  g_assert_cmpint (summary->ended_us, >, 0);

  studies = bo_store_list_studies_sync (store, &error);
  g_assert_cmpuint (studies->len, ==, 1);
  study = g_ptr_array_index (studies, 0);
  g_assert_cmpstr (study->name, ==, "Renamed");
  g_assert_cmpuint (study->n_campaigns, ==, 2);
  g_assert_cmpuint (study->n_trials, ==, 1);
  g_assert_cmpstr (study->last_campaign, ==, second->id);

  /* Deleting takes the folder too, but follows no link out of it. */
  g_assert_cmpint (g_mkdir_with_parents (inner, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (bystander, 0700), ==, 0);
  g_assert_cmpint (symlink (bystander, link), ==, 0);
  g_assert_true (bo_store_set_campaign_state_sync (store, first->id, BO_CAMPAIGN_RUNNING, &error));
  g_assert_false (bo_store_delete_campaign_sync (store, first->id, &error));
  g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (g_file_test (inner, G_FILE_TEST_IS_DIR));
  g_assert_true (bo_store_set_campaign_state_sync (store, first->id, BO_CAMPAIGN_STOPPED, &error));
  g_assert_true (bo_store_delete_campaign_sync (store, first->id, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (bystander, G_FILE_TEST_IS_DIR));
  g_assert_null (bo_store_get_trial_sync (store, trial->id, &error));
  g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (bo_store_save_trial_sync (store, trial, &error));
  g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (bo_store_get_campaign_folder (store, "../../etc"));
  bo_store_close_sync (store);
}

static void
test_estimates_and_notes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoStore) store = open_store (":memory:");
  g_autoptr (BoCampaign) campaign = sample_campaign ("20261124-1", 5);
  g_autoptr (GHashTable) estimates = NULL;
  g_autoptr (GHashTable) elsewhere = NULL;
  g_autoptr (GHashTable) notes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = bo_estimate_get_key (g_ptr_array_index (campaign->trials, 0));
  const BoEstimate *estimate;
  static const gint64 times[] = { 400, 100, 300, 1000 };

  add_campaign (store, campaign);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (BoTrial) trial = sample_trial (campaign, i, BO_OUTCOME_SUCCEEDED, times[i]);

      save_trial (store, trial);
    }
  {
    g_autoptr (BoTrial) trial = sample_trial (campaign, 4, BO_OUTCOME_TIMED_OUT, 9999);

    save_trial (store, trial);
  }
  estimates = bo_store_get_estimates_sync (store, "study-1", "ssh://baker@orin", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (estimates), ==, 1);
  estimate = g_hash_table_lookup (estimates, key);
  g_assert_cmpint (estimate->build_us, ==, 350);
  g_assert_cmpint (estimate->overhead_us, ==, 22);
  g_assert_cmpint (estimate->image_size, ==, 5000);
  g_assert_cmpuint (estimate->n_succeeded, ==, 4);
  g_assert_cmpuint (estimate->n_failed, ==, 1);
  elsewhere = bo_store_get_estimates_sync (store, "study-1", "unix:///x", &error);
  g_assert_cmpuint (g_hash_table_size (elsewhere), ==, 0);

  g_assert_true (bo_store_set_note_sync (store, "study-1", "strategy:original", "Slow, but “right”\n", &error));
  g_assert_true (bo_store_set_note_sync (store, "study-1", "strategy:original", "Better", &error));
  g_assert_true (bo_store_set_note_sync (store, "study-1", "finding:x", "y", &error));
  g_assert_true (bo_store_set_note_sync (store, "study-1", "finding:x", NULL, &error));
  notes = bo_store_get_notes_sync (store, "study-1", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (notes), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (notes, "strategy:original"), ==, "Better");

  bo_store_close_sync (store);
  g_assert_null (bo_store_get_notes_sync (store, "study-1", &error));
  g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_CLOSED);
}

/* --- files that are refused --- */

static void
assert_refused (const char *path, BoStoreError code)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize length_before;
  gsize length_after;

  g_assert_true (g_file_get_contents (path, &before, &length_before, NULL));
  g_assert_null (bo_store_open_sync (path, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, BO_STORE_ERROR, (int) code);
  g_assert_true (g_file_get_contents (path, &after, &length_after, NULL));
  g_assert_cmpmem (before, length_before, after, length_after);
}

static void
execute (const char *path, const char *sql)
{
  sqlite3 *connection;

  g_assert_cmpint (sqlite3_open (path, &connection), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (connection, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (connection);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other.db", NULL);
  g_autofree char *text = g_build_filename (fixture->folder, "text.db", NULL);
  g_autofree char *below = g_build_filename (text, "below.db", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  {
    g_autoptr (BoStore) store = open_store (fixture->path);
    g_autoptr (BoCampaign) campaign = sample_campaign ("20261124-1", 40);

    add_campaign (store, campaign);
    bo_store_close_sync (store);
  }
  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));

  execute (fixture->path, "PRAGMA user_version = 999");
  assert_refused (fixture->path, BO_STORE_ERROR_NEWER);

  /* Holes in the middle. */
  memset (contents + length / 2, 0x5a, 8192);
  g_assert_true (g_file_set_contents (fixture->path, contents, length, NULL));
  assert_refused (fixture->path, BO_STORE_ERROR_DAMAGED);
  /* Cut short. */
  g_assert_true (g_file_set_contents (fixture->path, contents, length / 3, NULL));
  assert_refused (fixture->path, BO_STORE_ERROR_DAMAGED);

  execute (other, "CREATE TABLE mails (text); PRAGMA user_version = 1");
  assert_refused (other, BO_STORE_ERROR_DAMAGED);
  g_assert_true (g_file_set_contents (text, "This is my diary, and not a database.\n", -1, NULL));
  assert_refused (text, BO_STORE_ERROR_DAMAGED);

  g_assert_null (bo_store_open_sync (below, &error));
  g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_OPEN);
}

/* --- files of earlier versions --- */

static void
test_migration (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoStore) store = open_store (fixture->path);
  g_autoptr (BoCampaign) campaign = sample_campaign ("20261124-1", 4);
  g_autoptr (BoTrial) trial = NULL;
  g_autoptr (GError) error = NULL;
  const char *id = ((BoPlannedTrial *) g_ptr_array_index (campaign->trials, 0))->id;

  add_campaign (store, campaign);
  trial = bo_store_get_trial_sync (store, id, &error);
  g_assert_no_error (error);
  bo_trial_add_flag (trial, "throttled", "oc1 went up by 7");
  trial->telemetry = bo_telemetry_summary_new ();
  trial->telemetry->n_samples = 3;
  g_assert_true (bo_store_save_trial_sync (store, trial, &error));
  g_clear_pointer (&trial, bo_trial_unref);
  trial = bo_store_get_trial_sync (store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bo_trial_get_evidence (trial, "throttled"), ==, "oc1 went up by 7");
  g_assert_cmpuint (trial->telemetry->n_samples, ==, 3);
  g_clear_pointer (&trial, bo_trial_unref);
  bo_store_close_sync (store);
  g_clear_object (&store);

  /* As version 1 left it. */
  execute (fixture->path, "ALTER TABLE trials DROP COLUMN telemetry; ALTER TABLE trial_flags DROP COLUMN evidence;"
                          "PRAGMA user_version = 1");
  store = open_store (fixture->path);
  trial = bo_store_get_trial_sync (store, id, &error);
  g_assert_no_error (error);
  g_assert_true (bo_trial_has_flag (trial, "throttled"));
  g_assert_null (bo_trial_get_evidence (trial, "throttled"));
  g_assert_null (trial->telemetry);
  trial->telemetry = bo_telemetry_summary_new ();
  g_assert_true (bo_store_save_trial_sync (store, trial, &error));
  bo_store_close_sync (store);
}

/* --- async --- */

static void
store_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  g_assert_true (g_main_context_is_owner (g_main_context_default ()));
  *slot = g_object_ref (result);
}

static void
wait_for (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) added = NULL;
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (GAsyncResult) wrong = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (BoStore) store = NULL;
  g_autoptr (BoCampaign) campaign = sample_campaign ("20261124-1", 1);
  g_autoptr (BoTrial) trial = sample_trial (campaign, 0, BO_OUTCOME_SUCCEEDED, 10);
  g_autoptr (GPtrArray) trials = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = bo_trial_to_json (trial);
  g_autofree char *listed_text = NULL;

  bo_store_open_async ("/dev/null/x.db", NULL, store_result_cb, &wrong);
  wait_for (&wrong);
  g_assert_null (bo_store_open_finish (wrong, &error));
  g_assert_error (error, BO_STORE_ERROR, BO_STORE_ERROR_OPEN);
  g_clear_error (&error);

  bo_store_open_async (fixture->path, NULL, store_result_cb, &opened);
  wait_for (&opened);
  store = bo_store_open_finish (opened, &error);
  g_assert_no_error (error);

  /* Asked for at once, done in order; the trial may change as soon as it was handed over. */
  bo_store_add_campaign_async (store, campaign, NULL, store_result_cb, &added);
  bo_store_save_trial_async (store, trial, NULL, store_result_cb, &saved);
  trial->outcome = BO_OUTCOME_FAILED;
  bo_store_list_trials_async (store, NULL, NULL, NULL, NULL, store_result_cb, &listed);
  g_cancellable_cancel (cancellable);
  bo_store_list_studies_async (store, cancellable, store_result_cb, &cancelled);
  wait_for (&cancelled);
  g_assert_true (bo_store_add_campaign_finish (store, added, &error));
  g_assert_true (bo_store_save_trial_finish (store, saved, &error));
  trials = bo_store_list_trials_finish (store, listed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (trials->len, ==, 1);
  listed_text = bo_trial_to_json (g_ptr_array_index (trials, 0));
  g_assert_cmpstr (text, ==, listed_text);
  g_assert_null (bo_store_list_studies_finish (store, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  bo_store_close_sync (store);
}

/* --- other processes --- */

/* Writes trials until it is killed, and names each that was saved on its standard output. */
static int
write_until_killed (const char *path, const char *campaign_id)
{
  g_autoptr (BoStore) store = open_store (path);
  g_autoptr (BoCampaign) campaign = sample_campaign (campaign_id, 200);

  add_campaign (store, campaign);
  if (write (STDOUT_FILENO, "+\n", 2) != 2)
    return 1;
  for (guint i = 0; i < campaign->trials->len; i++)
    {
      g_autoptr (BoTrial) trial = sample_trial (campaign, i, BO_OUTCOME_FAILED, 10);
      g_autofree char *line = NULL;

      for (guint k = 0; k < 30; k++)
        {
          BoStep *step = bo_step_copy (g_ptr_array_index (trial->steps, 0));

          g_ptr_array_add (trial->steps, step);
        }
      save_trial (store, trial);
      line = g_strdup_printf ("%s\n", trial->id);
      if (write (STDOUT_FILENO, line, strlen (line)) < 0)
        return 1;
    }
  bo_store_close_sync (store);
  return 0;
}

static GPid
start_writer (const char *path, const char *campaign_id, int *output)
{
  const char *const argv[] = { program, "--write-until-killed", path, campaign_id, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, output,
                            NULL, &error);
  g_assert_no_error (error);
  return pid;
}

static void
assert_whole (const char *path)
{
  sqlite3 *connection;
  sqlite3_stmt *statement;

  g_assert_cmpint (sqlite3_open (path, &connection), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (connection, "PRAGMA integrity_check", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (statement, 0), ==, "ok");
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_prepare_v2 (connection, "PRAGMA foreign_key_check", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
  sqlite3_finalize (statement);
  sqlite3_close (connection);
}

/* The writer is killed at some moment; every trial that it had saved must be there, whole. */
static void
test_killed_writer (Fixture *fixture, gconstpointer data)
{
  guint n_saved = 0;

  for (guint round = 0; round < 12; round++)
    {
      g_autofree char *campaign_id = g_strdup_printf ("20261124-%u", round);
      g_autoptr (GString) output = g_string_new (NULL);
      g_autoptr (BoStore) store = NULL;
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) lines = NULL;
      char buffer[4096];
      gssize n;
      int fd;
      GPid pid = start_writer (fixture->path, campaign_id, &fd);

      /* Not before it has begun, and then after a time that differs from round to round. */
      g_assert_cmpint (read (fd, buffer, 1), ==, 1);
      g_usleep (round * 7001);
      g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
      while ((n = read (fd, buffer, sizeof buffer)) > 0)
        g_string_append_len (output, buffer, n);
      close (fd);

      store = open_store (fixture->path);
      lines = g_strsplit (output->str, "\n", -1);
      for (guint i = 1; lines[i] != NULL; i++)
        {
          g_autoptr (BoTrial) trial = NULL;

          /* The last name may be cut. */
          if (lines[i + 1] == NULL)
            break;
          trial = bo_store_get_trial_sync (store, lines[i], &error);
          g_assert_no_error (error);
          g_assert_cmpint (trial->outcome, ==, BO_OUTCOME_FAILED);
          g_assert_cmpuint (trial->steps->len, ==, 31);
          n_saved++;
        }
      {
        g_autoptr (GPtrArray) list = bo_store_list_unfinished_sync (store, &error);

        g_assert_no_error (error);
        g_assert_cmpuint (list->len, ==, round + 1);
      }
      bo_store_close_sync (store);
      assert_whole (fixture->path);
    }
  g_assert_cmpuint (n_saved, >, 10);
}

/* Two that begin at the same time on no file at all, and we read meanwhile. */
static void
test_two_processes (Fixture *fixture, gconstpointer data)
{
  int fds[2];
  GPid pids[2];
  g_autoptr (BoStore) store = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) trials = NULL;

  pids[0] = start_writer (fixture->path, "20261124-a", &fds[0]);
  pids[1] = start_writer (fixture->path, "20261124-b", &fds[1]);
  store = open_store (fixture->path);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GPtrArray) list = bo_store_list_campaigns_sync (store, NULL, &error);

      g_assert_no_error (error);
    }
  for (guint i = 0; i < 2; i++)
    {
      char buffer[4096];
      int status;

      while (read (fds[i], buffer, sizeof buffer) > 0)
        ;
      close (fds[i]);
      g_assert_cmpint (waitpid (pids[i], &status, 0), ==, pids[i]);
      g_assert_cmpint (status, ==, 0);
    }
  trials = bo_store_list_trials_sync (store, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (trials->len, ==, 400);
  for (guint i = 0; i < trials->len; i++)
    g_assert_cmpint (((BoTrial *) g_ptr_array_index (trials, i))->outcome, ==, BO_OUTCOME_FAILED);
  bo_store_close_sync (store);
  assert_whole (fixture->path);
}

int
main (int argc, char *argv[])
{
  program = argv[0];
  if (argc == 4 && g_str_equal (argv[1], "--write-until-killed"))
    return write_until_killed (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/store/campaigns", Fixture, NULL, set_up, test_campaigns, tear_down);
  g_test_add ("/store/estimates-and-notes", Fixture, NULL, set_up, test_estimates_and_notes, tear_down);
  g_test_add ("/store/migration", Fixture, NULL, set_up, test_migration, tear_down);
  g_test_add ("/store/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/store/async", Fixture, NULL, set_up, test_async, tear_down);
  g_test_add ("/store/killed-writer", Fixture, NULL, set_up, test_killed_writer, tear_down);
  g_test_add ("/store/two-processes", Fixture, NULL, set_up, test_two_processes, tear_down);
  return g_test_run ();
}
