/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "insight/bo-missing-cells.h"

#define HERE "ssh://me@nano"

static GHashTable *
parse_variables (const char *text)
{
  GHashTable *variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals != NULL)
        g_hash_table_insert (variables, g_strndup (parts[i], equals - parts[i]), g_strdup (equals + 1));
    }
  return variables;
}

static BoCell *
make_cell (const char *strategy, BoCondition condition)
{
  return bo_cell_new (strategy, "slim", BO_BUILDER_CLASSIC, condition);
}

static void
test_table (void)
{
  /* One trial of the cell a/slim/classic/cold; the cell b/slim/classic/cold was never run. */
  static const struct
  {
    const char *what;
    const char *device;
    const char *variables; /* of its campaign; NULL: not kept */
    const char *wanted;    /* as of now */
    BoTrialKind kind;
    BoCondition condition;
    BoOutcome outcome;
    const char *flag;
    gboolean missing;
  } cases[] = {
    { "succeeded", HERE, "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, FALSE },
    { "clipped", HERE, "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, "clipped-log", FALSE },
    { "disturbed", HERE, "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, "other-load", TRUE },
    { "failed", HERE, "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_FAILED, NULL, TRUE },
    { "timed out", HERE, "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_TIMED_OUT, NULL, TRUE },
    { "skipped", HERE, "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SKIPPED, NULL, TRUE },
    { "interrupted", HERE, "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_INTERRUPTED, NULL, TRUE },
    { "unsupported", HERE, "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_UNSUPPORTED, NULL, TRUE },
    { "priming", HERE, "", "", BO_TRIAL_PRIMING, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, TRUE },
    { "another condition", HERE, "", "", BO_TRIAL_COUNTED, BO_CONDITION_WARM, BO_OUTCOME_SUCCEEDED, NULL, TRUE },
    { "another device", "ssh://me@xavier", "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, TRUE },
    { "no device", NULL, "", "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, TRUE },
    { "the same values", HERE, "A=1 B=2", "B=2 A=1", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, FALSE },
    { "another value", HERE, "A=1 B=2", "A=1 B=3", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, TRUE },
    { "one value more", HERE, "A=1", "A=1 B=2", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, TRUE },
    { "another name", HERE, "A=1", "B=1", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, TRUE },
    { "values not kept", HERE, NULL, "A=1", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, TRUE },
    { "no values to keep", HERE, NULL, "", BO_TRIAL_COUNTED, BO_CONDITION_COLD, BO_OUTCOME_SUCCEEDED, NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);
      g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
      g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
      g_autoptr (GHashTable) wanted = parse_variables (cases[i].wanted);
      g_autoptr (GPtrArray) missing = NULL;
      BoCampaign *campaign = bo_campaign_new ();
      BoTrial *trial = bo_trial_new ();

      g_test_message ("%s", cases[i].what);
      g_ptr_array_add (cells, make_cell ("b", BO_CONDITION_COLD));
      g_ptr_array_add (cells, make_cell ("a", BO_CONDITION_COLD));
      campaign->id = g_strdup ("one");
      campaign->device_url = g_strdup (cases[i].device);
      campaign->variables = cases[i].variables != NULL ? parse_variables (cases[i].variables) : NULL;
      g_ptr_array_add (campaigns, campaign);
      trial->id = g_strdup ("one.1");
      trial->campaign = g_strdup ("one");
      trial->kind = cases[i].kind;
      trial->cell = make_cell ("a", cases[i].condition);
      trial->outcome = cases[i].outcome;
      trial->build_us = cases[i].outcome == BO_OUTCOME_SUCCEEDED ? 1000 : -1;
      if (cases[i].flag != NULL)
        g_ptr_array_add (trial->flags, g_strdup (cases[i].flag));
      g_ptr_array_add (trials, trial);

      missing = bo_cells_find_missing (cells, campaigns, trials, HERE, wanted);
      g_assert_cmpuint (missing->len, ==, cases[i].missing ? 2 : 1);
      g_assert_cmpstr (((BoCell *) g_ptr_array_index (missing, 0))->strategy, ==, "b");
    }
}

/* One good trial is enough, whatever the others say. */
static void
test_several (void)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (GPtrArray) missing = NULL;
  g_autoptr (GPtrArray) missing_elsewhere = NULL;

  g_ptr_array_add (cells, make_cell ("a", BO_CONDITION_COLD));
  for (guint i = 0; i < 3; i++)
    {
      BoCampaign *campaign = bo_campaign_new ();
      BoTrial *trial = bo_trial_new ();

      campaign->id = g_strdup_printf ("c%u", i);
      campaign->device_url = g_strdup (HERE);
      g_ptr_array_add (campaigns, campaign);
      trial->campaign = g_strdup (campaign->id);
      trial->cell = make_cell ("a", BO_CONDITION_COLD);
      trial->outcome = i == 1 ? BO_OUTCOME_SUCCEEDED : BO_OUTCOME_FAILED;
      trial->build_us = i == 1 ? 0 : -1;
      g_ptr_array_add (trials, trial);
    }
  missing = bo_cells_find_missing (cells, campaigns, trials, HERE, NULL);
  g_assert_cmpuint (missing->len, ==, 0);
  missing_elsewhere = bo_cells_find_missing (cells, campaigns, trials, "unix:///x", NULL);
  g_assert_cmpuint (missing_elsewhere->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/missing-cells/table", test_table);
  g_test_add_func ("/missing-cells/several", test_several);
  return g_test_run ();
}
