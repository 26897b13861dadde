/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "results/bo-campaign.h"
#include "results/bo-record-json.h"
#include "sample-records.h"

static void
test_words (void)
{
  BoOutcome outcome;
  BoPhaseKind phase;
  BoVerdict verdict;
  BoTrialKind kind;
  BoCampaignState state;

  for (guint i = 0; i < BO_N_OUTCOMES; i++)
    {
      g_assert_true (bo_outcome_from_string (bo_outcome_to_string (i), &outcome));
      g_assert_cmpint (outcome, ==, i);
      g_assert_nonnull (bo_outcome_get_title (i));
    }
  for (guint i = 0; i < BO_N_PHASES; i++)
    {
      g_assert_true (bo_phase_kind_from_string (bo_phase_kind_to_string (i), &phase));
      g_assert_cmpint (phase, ==, i);
    }
  for (guint i = BO_VERDICT_NONE; i <= BO_VERDICT_UNSUPPORTED; i++)
    {
      g_assert_true (bo_verdict_from_string (bo_verdict_to_string (i), &verdict));
      g_assert_cmpint (verdict, ==, i);
    }
  for (guint i = BO_TRIAL_COUNTED; i <= BO_TRIAL_PREBUILD; i++)
    {
      g_assert_true (bo_trial_kind_from_string (bo_trial_kind_to_string (i), &kind));
      g_assert_cmpint (kind, ==, i);
    }
  for (guint i = BO_CAMPAIGN_PLANNED; i <= BO_CAMPAIGN_INTERRUPTED; i++)
    {
      g_assert_true (bo_campaign_state_from_string (bo_campaign_state_to_string (i), &state));
      g_assert_cmpint (state, ==, i);
    }
  g_assert_false (bo_outcome_from_string ("Failed", &outcome));
  g_assert_false (bo_outcome_from_string (NULL, &outcome));
  g_assert_cmpstr (bo_outcome_to_string (BO_OUTCOME_TIMED_OUT), ==, "timed-out");
}

static void
test_trial_json (void)
{
  g_autoptr (BoCampaign) campaign = sample_campaign ("20261124-1", 1);
  g_autoptr (BoTrial) trial = sample_trial (campaign, 0, BO_OUTCOME_FAILED, 500);
  g_autoptr (BoTrial) copy = bo_trial_copy (trial);
  g_autoptr (JsonNode) node = bo_trial_to_node (trial);
  g_autofree char *text = bo_trial_to_json (trial);
  g_autofree char *copy_text = bo_trial_to_json (copy);
  JsonObject *object = json_node_get_object (node);
  JsonObject *probe;

  g_assert_cmpstr (text, ==, copy_text);
  g_assert_true (json_object_get_null_member (object, "build_us"));
  g_assert_cmpint (json_object_get_int_member (object, "elapsed_us"), ==, 500);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (object, "cell"), "key"), ==,
                   "original/dusty/classic/cold");
  probe = json_array_get_object_element (json_object_get_array_member (object, "probes"), 0);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (probe, "facts"), "torch"), ==,
                   "2.6.0");
  g_assert_true (bo_trial_has_flag (trial, "other-load"));
  g_assert_false (bo_trial_has_flag (trial, "other"));
  g_assert_cmpint (bo_trial_get_phase (trial, BO_PHASE_UPLOAD)->bytes, ==, 33);
  g_assert_null (bo_trial_get_phase (trial, BO_PHASE_BUILD));
}

static void
test_campaign_round_trip (void)
{
  g_autoptr (BoCampaign) campaign = sample_campaign ("20261124-1", 3);
  g_autofree char *text = bo_campaign_to_json (campaign);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoCampaign) again = bo_campaign_from_json (text, -1, &error);
  g_autofree char *text_again = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (again);
  text_again = bo_campaign_to_json (again);
  g_assert_cmpstr (text, ==, text_again);
  g_assert_cmpuint (again->seed, ==, G_MAXUINT64 - 1);
  g_assert_cmpstr (bo_campaign_get_trial (again, "20261124-1.2")->tag, ==, "bakeoff-20261124-1:t2");
  g_assert_null (bo_campaign_get_trial (again, "20261124-1.4"));
  g_assert_cmpint (bo_campaign_get_base (again, "dusty")->size, ==, 1000);
  g_assert_true (bo_campaign_has_variables (again, campaign->variables));
  g_assert_false (bo_campaign_has_variables (again, NULL));
}

/* What the first versions wrote has no variables in it. */
static void
test_campaign_without_variables (void)
{
  g_autoptr (BoCampaign) campaign = sample_campaign ("20261124-1", 1);
  g_autofree char *text = bo_campaign_to_json (campaign);
  g_autoptr (GString) old = g_string_new (text);
  g_autoptr (BoCampaign) read = NULL;
  g_autoptr (BoCampaign) none = NULL;
  g_autofree char *none_text = NULL;

  g_assert_cmpuint (g_string_replace (old, "\"variables\"", "\"other\"", 1), ==, 1);
  read = bo_campaign_from_json (old->str, -1, NULL);
  g_assert_nonnull (read);
  g_assert_null (read->variables);
  g_assert_false (bo_campaign_has_variables (read, campaign->variables));
  none_text = bo_campaign_to_json (read);
  none = bo_campaign_from_json (none_text, -1, NULL);
  g_assert_null (none->variables);
}

/* Each change to a good campaign.json must be refused, with the path of what is wrong. */
static void
test_campaign_strict (void)
{
  static const struct
  {
    const char *from;
    const char *to;
    const char *words;
  } cases[] = {
    { "\"format\" : 1", "\"format\" : 2", "later version" },
    { "\"seed\" : \"18446744073709551614\"", "\"seed\" : \"18446744073709551616\"", "$.seed" },
    { "\"seed\" : \"18446744073709551614\"", "\"seed\" : 1", "$.seed" },
    { "\"id\" : \"20261124-1\"", "\"id\" : null", "$.id" },
    { "\"kind\" : \"counted\"", "\"kind\" : \"count\"", "$.trials[0].kind" },
    { "\"cell\" : \"original/dusty/classic/cold\"", "\"cell\" : \"original/dusty/classic\"", "$.trials[0].cell" },
    { "\"repetition\" : 2", "\"repetition\" : -2", "$.trials[1].repetition" },
    { "\"repetition\" : 2", "\"repetition\" : 2.5", "$.trials[1].repetition" },
    { "\"id\" : \"20261124-1.2\"", "\"id\" : \"20261124-1.1\"", "$.trials[1].id" },
    { "\"number\" : 1", "\"number\" : \"1\"", "$.trials[0].steps[0].number" },
    { "\"kind\" : \"imports\"", "\"kind\" : \"import\"", "$.trials[0].probes[0].kind" },
    { "\"pulled\" : true", "\"pulled\" : 1", "$.bases[0].pulled" },
    { "\"sha256:d1\"", "5", "$.bases[0].diff_ids" },
    { "\"aa11\" : \"FROM", "\"aa11\" : 4, \"b\" : \"FROM", "$.dockerfiles.aa11" },
    { "\"variables\" : {", "\"variables\" : [], \"x\" : {", "$.variables" },
    { "\"TORCH\" : \"", "\"A\" : 1, \"TORCH\" : \"", "$.variables.A" },
    { "\"device_facts\" : {", "\"device_facts\" : [], \"x\" : {", "$.device_facts" },
  };
  g_autoptr (BoCampaign) campaign = sample_campaign ("20261124-1", 2);
  g_autofree char *text = bo_campaign_to_json (campaign);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) changed = g_string_new (text);
      g_autoptr (GError) error = NULL;
      g_autoptr (BoCampaign) result = NULL;

      g_assert_cmpuint (g_string_replace (changed, cases[i].from, cases[i].to, 1), ==, 1);
      result = bo_campaign_from_json (changed->str, changed->len, &error);
      g_test_message ("%s: %s", cases[i].to, error != NULL ? error->message : "read");
      g_assert_null (result);
      g_assert_true (error->domain == BO_RECORD_ERROR);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
  for (gsize length = 0; length + 2 < strlen (text); length += 97)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bo_campaign_from_json (text, length, &error));
      g_assert_error (error, BO_RECORD_ERROR, BO_RECORD_ERROR_SYNTAX);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/records/words", test_words);
  g_test_add_func ("/records/trial-json", test_trial_json);
  g_test_add_func ("/records/campaign-round-trip", test_campaign_round_trip);
  g_test_add_func ("/records/campaign-without-variables", test_campaign_without_variables);
  g_test_add_func ("/records/campaign-strict", test_campaign_strict);
  return g_test_run ();
}
