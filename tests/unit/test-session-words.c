/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "engine/bo-engine-error.h"
#include "results/bo-store.h"
#include "session/bo-session-words.h"
#include "session/bo-time-left.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* Chains c1 to c3, each cold and warm, after a prebuild. */
static BoCampaign *
make_campaign (GPtrArray *trials)
{
  BoCampaign *campaign = bo_campaign_new ();

  campaign->id = g_strdup ("20261124-000000-test");
  for (guint i = 0; i < 7; i++)
    {
      BoPlannedTrial *planned = bo_planned_trial_new ();

      planned->id = g_strdup_printf ("%s.%u", campaign->id, i + 1);
      planned->kind = i == 0 ? BO_TRIAL_PREBUILD : BO_TRIAL_COUNTED;
      planned->prebuild = i == 0 ? g_strdup ("wheels") : NULL;
      planned->cell = bo_cell_new (i < 3 ? "a" : i < 5 ? "b" : "c", "tiny", BO_BUILDER_CLASSIC,
                                   i % 2 == 1 ? BO_CONDITION_COLD : BO_CONDITION_WARM);
      planned->chain = i == 0 ? g_strdup ("pre1") : g_strdup_printf ("c%u", (i + 1) / 2);
      planned->repetition = 1;
      g_ptr_array_add (campaign->trials, planned);
      g_ptr_array_add (trials, bo_planned_trial_make_record (planned, campaign->id));
    }
  return campaign;
}

static void
add_estimate (GHashTable *estimates, const BoCampaign *campaign, guint index, gint64 build_us, gint64 overhead_us)
{
  BoEstimate *estimate = g_new0 (BoEstimate, 1);

  estimate->build_us = build_us;
  estimate->overhead_us = overhead_us;
  g_hash_table_replace (estimates, bo_estimate_get_key (g_ptr_array_index (campaign->trials, index)), estimate);
}

static void
test_time_left (void)
{
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (BoCampaign) campaign = make_campaign (trials);
  g_autoptr (GHashTable) estimates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < 6; i++)
    add_estimate (estimates, campaign, i, (i + 1) * 100 * SECOND, 10 * SECOND);
  g_assert_cmpint (bo_time_left_get_expected (g_ptr_array_index (campaign->trials, 1), estimates), ==, 210 * SECOND);
  g_assert_cmpint (bo_time_left_get_expected (g_ptr_array_index (campaign->trials, 6), estimates), ==, -1);
  /* One of which nothing is known. */
  g_assert_cmpint (bo_time_left_estimate (campaign, trials, estimates, NULL, 0), ==, -1);
  /* It was taken out of the queue. */
  g_assert_cmpint (bo_time_left_estimate (campaign, trials, estimates, "c2\nc1\n", 0), ==, 1550 * SECOND);
  add_estimate (estimates, campaign, 6, 700 * SECOND, 10 * SECOND);
  g_assert_cmpint (bo_time_left_estimate (campaign, trials, estimates, NULL, 0), ==, 2870 * SECOND);

  ((BoTrial *) g_ptr_array_index (trials, 0))->outcome = BO_OUTCOME_SUCCEEDED;
  ((BoTrial *) g_ptr_array_index (trials, 1))->outcome = BO_OUTCOME_RUNNING;
  g_assert_cmpint (bo_time_left_estimate (campaign, trials, estimates, NULL, 10 * SECOND), ==, 2750 * SECOND);
  /* One that takes longer than thought is over any moment. */
  g_assert_cmpint (bo_time_left_estimate (campaign, trials, estimates, NULL, 1000 * SECOND), ==, 2550 * SECOND);
  /* What has begun counts, whatever the order says. */
  g_assert_cmpint (bo_time_left_estimate (campaign, trials, estimates, "", 10 * SECOND), ==, 510 * SECOND);
}

static void
test_link (void)
{
  g_autoptr (GError) late = g_error_new_literal (BO_ENGINE_ERROR, BO_ENGINE_ERROR_NO_ANSWER, "late");
  const gint64 now_us = 1000 * SECOND;
  g_autofree char *none = bo_link_describe (BO_LINK_CONNECTED, NULL, 0, 0, now_us);
  g_autofree char *lost = bo_link_describe (BO_LINK_LOST, late, 0, 0, now_us);
  g_autofree char *slow = bo_link_describe (BO_LINK_CONNECTED, late, 0, 0, now_us);
  g_autofree char *waiting
      = bo_link_describe (BO_LINK_RECONNECTING, late, now_us - 65 * SECOND, now_us + 7 * SECOND, now_us);
  g_autofree char *trying = bo_link_describe (BO_LINK_RECONNECTING, late, now_us - 2 * SECOND, now_us, now_us);

  g_assert_null (none);
  g_assert_null (lost);
  g_assert_cmpstr (slow, ==, "the engine has not answered for a while");
  g_assert_cmpstr (waiting, ==, "no connection since 1 min 05 s, next attempt in 7 s");
  g_assert_cmpstr (trying, ==, "no connection since 2.00 s, connecting");
}

static void
test_step (void)
{
  g_autoptr (BoTrial) trial = bo_trial_new ();
  g_autofree char *none = bo_session_describe_step (trial);
  g_autofree char *text = NULL;

  g_assert_null (none);
  for (guint i = 0; i < 4; i++)
    {
      BoStep *step = bo_step_new ();

      /* The last but one has begun; internal work has no number. */
      step->number = i == 2 ? 0 : i + 1;
      step->total = 9;
      step->start_us = i == 3 ? -1 : (gint64) i;
      step->instruction = g_strdup_printf ("RUN %u", i);
      g_ptr_array_add (trial->steps, step);
    }
  text = bo_session_describe_step (trial);
  g_assert_cmpstr (text, ==, "step 2 of 9  RUN 1");
}

static void
test_preparation (void)
{
  const BoSessionProgress pulling = { .preparation = BO_PREPARATION_IMAGES, .what = "tiny:1" };
  const BoSessionProgress reading = { .preparation = BO_PREPARATION_SOURCES };
  g_autofree char *one = bo_session_describe_preparation (&pulling);
  g_autofree char *two = bo_session_describe_preparation (&reading);

  g_assert_cmpstr (one, ==, "pulling tiny:1");
  g_assert_cmpstr (two, ==, "reading the build context");
  for (guint i = 0; i < BO_N_PHASES; i++)
    for (guint k = 0; k < i; k++)
      g_assert_cmpstr (bo_phase_kind_get_title (i), !=, bo_phase_kind_get_title (k));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session-words/time-left", test_time_left);
  g_test_add_func ("/session-words/link", test_link);
  g_test_add_func ("/session-words/step", test_step);
  g_test_add_func ("/session-words/preparation", test_preparation);
  return g_test_run ();
}
