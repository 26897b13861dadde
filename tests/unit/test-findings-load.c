/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "findings/bo-findings.h"

#include "sample-findings.h"

typedef struct
{
  char *folder;
  BoStore *store;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->folder = g_dir_make_tmp ("bakeoff-findings-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->folder, "store.db", NULL);
  fixture->store = bo_store_open_sync (path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  bo_store_close_sync (fixture->store);
  g_clear_object (&fixture->store);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

/* A campaign of the sample in the store, with another id and time; changed by @change. */
static void
add_campaign (BoStore *store, const char *id, gint64 created_us, const char *change)
{
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (BoCampaign) campaign = sample_campaign_called (id, trials, 1);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", "findings-study.json", NULL);
  g_autoptr (GError) error = NULL;

  g_free (campaign->study_text);
  g_assert_true (g_file_get_contents (path, &campaign->study_text, NULL, NULL));
  if (g_strcmp0 (change, "study") == 0)
    {
      char *text = g_strconcat (campaign->study_text, "\n", NULL);

      g_free (campaign->study_text);
      campaign->study_text = text;
    }
  if (g_strcmp0 (change, "variable") == 0 || g_strcmp0 (change, "known variable") == 0)
    {
      GString *text = g_string_new (campaign->study_text);

      g_string_replace (text, "nvidia/cuda:12.8.0", "${REGISTRY}/cuda:${TAG}", 0);
      g_free (campaign->study_text);
      campaign->study_text = g_string_free (text, FALSE);
    }
  campaign->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (g_strcmp0 (change, "variables") == 0)
    g_hash_table_insert (campaign->variables, g_strdup ("TORCH"), g_strdup ("2.5"));
  else if (g_strcmp0 (change, "variable") == 0)
    g_clear_pointer (&campaign->variables, g_hash_table_unref);
  else if (g_strcmp0 (change, "known variable") == 0)
    {
      g_hash_table_insert (campaign->variables, g_strdup ("REGISTRY"), g_strdup ("nvidia"));
      g_hash_table_insert (campaign->variables, g_strdup ("TAG"), g_strdup ("12.8.0"));
    }
  if (g_strcmp0 (change, "broken") == 0)
    memcpy (campaign->study_text, "[[[[", 4);
  if (g_strcmp0 (change, "device") == 0)
    {
      g_free (campaign->device_url);
      campaign->device_url = g_strdup ("unix:///elsewhere.sock");
    }
  if (g_strcmp0 (change, "engine") == 0)
    {
      g_free (campaign->device_facts);
      campaign->device_facts = g_strdup ("{\"engine_version\":\"20.10.24\"}");
    }
  campaign->created_us = created_us;
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);

      if (g_strcmp0 (change, "context") == 0 && g_str_equal (trial->cell->strategy, "original"))
        trial->context_bytes++;
      if (g_strcmp0 (change, "dockerfile") == 0 && g_str_equal (trial->cell->strategy, "original"))
        {
          char **hash = &trial->dockerfile_sha256;

          g_free (*hash);
          *hash = g_strdup ("other");
        }
    }
  if (g_strcmp0 (change, "dockerfile") == 0)
    g_hash_table_insert (campaign->dockerfiles, g_strdup ("other"),
                         g_strdup_printf ("FROM bakeoff-%s:base1\n# original\nRUN more\n", id));
  g_assert_true (bo_store_add_campaign_sync (store, campaign, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < trials->len; i++)
    {
      bo_store_save_trial_sync (store, g_ptr_array_index (trials, i), &error);
      g_assert_no_error (error);
    }
  bo_store_set_campaign_state_sync (store, id, BO_CAMPAIGN_FINISHED, &error);
  g_assert_no_error (error);
}

/* What went through the store says the same as what did not. */
static void
test_same (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoReport) loaded = NULL;
  g_autoptr (BoReport) direct = sample_report ();

  add_campaign (fixture->store, SAMPLE_CAMPAIGN, G_GINT64_CONSTANT (1795500720000000), NULL);
  loaded = bo_findings_load (fixture->store, SAMPLE_CAMPAIGN, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (loaded->rows->len, ==, direct->rows->len);
  for (guint i = 0; i < direct->rows->len; i++)
    {
      const BoReportRow *a = g_ptr_array_index (loaded->rows, i);
      const BoReportRow *b = g_ptr_array_index (direct->rows, i);

      g_assert_cmpstr (a->build_time, ==, b->build_time);
      g_assert_cmpstr (a->run_time, ==, b->run_time);
      g_assert_cmpstr (a->outcome, ==, b->outcome);
    }
  g_assert_cmpuint (loaded->failures->len, ==, direct->failures->len);
  for (guint i = 0; i < direct->failures->len; i++)
    {
      const BoReportFailure *a = g_ptr_array_index (loaded->failures, i);
      const BoReportFailure *b = g_ptr_array_index (direct->failures, i);

      g_assert_cmpstr (a->tail, ==, b->tail);
      g_assert_cmpstr (a->evidence, ==, b->evidence);
    }
}

static void
test_notes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoReport) report = NULL;

  /* Variables whose values nobody knows any more do not keep the results from being read. */
  add_campaign (fixture->store, SAMPLE_CAMPAIGN, G_GINT64_CONSTANT (1795500720000000), "variable");
  g_assert_true (bo_store_set_note_sync (fixture->store, "study-1", BO_NOTE_STRATEGY_PREFIX "package", "later", NULL));
  report = bo_findings_load (fixture->store, SAMPLE_CAMPAIGN, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((BoReportRow *) g_ptr_array_index (report->rows, 6))->notes, ==, "later");
}

/* Their values are those of then, whatever the environment says now. */
static void
test_variables (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoCampaign) campaign = NULL;
  g_autoptr (BoStudy) study = NULL;
  gboolean found = FALSE;

  add_campaign (fixture->store, SAMPLE_CAMPAIGN, G_GINT64_CONSTANT (1795500720000000), "known variable");
  campaign = bo_store_get_campaign_sync (fixture->store, SAMPLE_CAMPAIGN, &error);
  g_assert_no_error (error);
  g_setenv ("TAG", "of now", TRUE);
  study = bo_findings_read_study (campaign, &error);
  g_unsetenv ("TAG");
  g_assert_no_error (error);
  for (guint i = 0; i < study->bases->len; i++)
    found |= g_str_has_prefix (((BoBase *) g_ptr_array_index (study->bases, i))->image, "nvidia/cuda:12.8.0");
  g_assert_true (found);
}

static void
test_all_campaigns (Fixture *fixture, gconstpointer data)
{
  const char *change = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoReport) report = NULL;
  const BoReportRow *original;
  const BoReportRow *prebuilt;
  gint64 now = G_GINT64_CONSTANT (1795500720000000);

  add_campaign (fixture->store, "20261124-061200-bbbb", now, NULL);
  add_campaign (fixture->store, "20261123-061200-aaaa", now - G_TIME_SPAN_DAY, change);
  /* One that came after the campaign that was asked for is not its past. */
  add_campaign (fixture->store, "20261125-061200-cccc", now + G_TIME_SPAN_DAY, NULL);
  report = bo_findings_load (fixture->store, "20261124-061200-bbbb", TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->campaigns->len, ==, 2);
  original = g_ptr_array_index (report->rows, 0);
  prebuilt = g_ptr_array_index (report->rows, 3);
  g_assert_cmpuint (original->n_build, ==, change == NULL ? 6 : 3);
  g_assert_cmpuint (prebuilt->n_build, ==,
                    g_strcmp0 (change, "device") == 0 || g_strcmp0 (change, "engine") == 0
                            || g_strcmp0 (change, "study") == 0
                            || g_strcmp0 (change, "variables") == 0
                        ? 3
                        : 6);
  /* With six on either side there is a test. */
  g_assert_cmpuint (report->n_tests > 0, ==, change == NULL);
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) broken = NULL;

  g_assert_null (bo_findings_load (fixture->store, "none", FALSE, &missing));
  g_assert_error (missing, BO_STORE_ERROR, BO_STORE_ERROR_NOT_FOUND);
  add_campaign (fixture->store, SAMPLE_CAMPAIGN, 1, "broken");
  g_assert_null (bo_findings_load (fixture->store, SAMPLE_CAMPAIGN, FALSE, &broken));
  g_assert_error (broken, BO_FINDINGS_ERROR, BO_FINDINGS_ERROR_STUDY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/findings-load/same", Fixture, NULL, set_up, test_same, tear_down);
  g_test_add ("/findings-load/notes", Fixture, NULL, set_up, test_notes, tear_down);
  g_test_add ("/findings-load/all-campaigns/same", Fixture, NULL, set_up, test_all_campaigns, tear_down);
  g_test_add ("/findings-load/all-campaigns/device", Fixture, "device", set_up, test_all_campaigns, tear_down);
  g_test_add ("/findings-load/all-campaigns/engine", Fixture, "engine", set_up, test_all_campaigns, tear_down);
  g_test_add ("/findings-load/all-campaigns/dockerfile", Fixture, "dockerfile", set_up, test_all_campaigns, tear_down);
  g_test_add ("/findings-load/all-campaigns/context", Fixture, "context", set_up, test_all_campaigns, tear_down);
  g_test_add ("/findings-load/all-campaigns/study", Fixture, "study", set_up, test_all_campaigns, tear_down);
  g_test_add ("/findings-load/all-campaigns/variables", Fixture, "variables", set_up, test_all_campaigns, tear_down);
  g_test_add ("/findings-load/variables", Fixture, NULL, set_up, test_variables, tear_down);
  g_test_add ("/findings-load/errors", Fixture, NULL, set_up, test_errors, tear_down);
  return g_test_run ();
}
