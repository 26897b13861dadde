/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "findings/bo-report-charts.h"
#include "findings/bo-report-insights.h"
#include "sample-findings.h"

static const BoChartLocale locale = { "en", NULL };

static GPtrArray *
select_kind (GPtrArray *insights, BoInsightKind kind)
{
  GPtrArray *selected = g_ptr_array_new ();

  for (guint i = 0; i < insights->len; i++)
    {
      BoReportInsight *insight = g_ptr_array_index (insights, i);

      if (insight->kind == kind)
        g_ptr_array_add (selected, insight);
    }
  return selected;
}

static void
test_comparisons (void)
{
  g_autoptr (BoReport) report = sample_report ();
  const BoReportScope cold = { .one_condition = TRUE, .condition = BO_CONDITION_COLD };
  const BoReportScope elsewhere = { .one_condition = TRUE, .condition = BO_CONDITION_COLD, .base = "cuda" };
  g_autoptr (GPtrArray) insights = bo_report_get_insights (report, &cold, &locale);
  g_autoptr (GPtrArray) compared = select_kind (insights, BO_INSIGHT_COMPARISON);
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (GPtrArray) all_others = NULL;
  const BoReportInsight *first;
  g_autofree char *says = NULL;

  /* What saves most first, of those that hold alike; what takes longer last. */
  g_assert_cmpuint (compared->len, ==, 3);
  first = g_ptr_array_index (compared, 0);
  g_assert_cmpstr (first->subject, ==, "Pre-built cache");
  g_assert_cmpint (first->certainty, ==, BO_CERTAINTY_PAIRS);
  g_assert_true (first->better);
  g_assert_cmpstr (first->headline, ==, "−87 %");
  g_assert_false (((const BoReportInsight *) g_ptr_array_index (compared, 2))->better);

  says = bo_report_say_build_time (report, &cold);
  g_assert_true (g_str_has_prefix (says, "In all 3 interleaved pairs Pre-built cache was faster than Original"));
  g_assert_true (g_str_has_suffix (says, "."));

  all_others = bo_report_get_insights (report, &elsewhere, &locale);
  others = select_kind (all_others, BO_INSIGHT_COMPARISON);
  g_assert_cmpuint (others->len, ==, 1);
  g_assert_cmpstr (((const BoReportInsight *) g_ptr_array_index (others, 0))->subject, ==, "Original · nvidia/cuda");
}

static void
test_failures (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) insights = bo_report_get_insights (report, NULL, &locale);
  g_autoptr (GPtrArray) failures = select_kind (insights, BO_INSIGHT_FAILURE);
  const BoReportScope elsewhere = { .base = "cuda" };
  g_autoptr (GPtrArray) few = bo_report_get_insights (report, &elsewhere, &locale);
  g_autoptr (GPtrArray) other_failures = select_kind (few, BO_INSIGHT_FAILURE);
  const BoReportInsight *first;

  g_assert_cmpuint (failures->len, ==, report->failures->len);
  g_assert_cmpuint (failures->len, >, 0);
  first = g_ptr_array_index (failures, 0);
  g_assert_nonnull (first->headline);
  g_assert_nonnull (first->advice);
  g_assert_nonnull (first->trial);
  g_assert_cmpuint (other_failures->len, <, failures->len);
}

static BoTrial *
add_build (BoCampaign *campaign, GPtrArray *trials, BoCondition condition, gint64 build_us)
{
  BoTrial *trial
    = sample_add (campaign, trials, "original", "dusty", condition, 1, BO_OUTCOME_SUCCEEDED, build_us);

  g_ptr_array_set_size (trial->steps, 0);
  return trial;
}

static void
add_step (BoTrial *trial,
          const char *stage,
          const char *instruction,
          guint line,
          gboolean cached,
          gint64 start_us,
          gint64 duration_us)
{
  BoStep *step = bo_step_new ();

  step->number = trial->steps->len + 1;
  step->stage = g_strdup (stage);
  step->instruction = g_strdup (instruction);
  step->user_line = line;
  step->cached = cached;
  step->start_us = start_us;
  step->duration_us = duration_us;
  g_ptr_array_add (trial->steps, step);
}

static BoReport *
make_report (BoCampaign *campaign, GPtrArray *trials)
{
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new ();
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };

  g_ptr_array_add (campaigns, campaign);
  return bo_report_new (&input);
}

static BoCampaign *
make_campaign (void)
{
  BoCampaign *campaign = bo_campaign_new ();

  campaign->id = g_strdup (SAMPLE_CAMPAIGN);
  campaign->created_us = G_GINT64_CONSTANT (1795500720000000);
  return campaign;
}

static void
test_edit (void)
{
  g_autoptr (BoCampaign) campaign = make_campaign ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoTrial *trial = add_build (campaign, trials, BO_CONDITION_EDITED, 20 * MINUTE);
  const gint64 second = G_USEC_PER_SEC;
  g_autoptr (BoReport) report = NULL;
  g_autoptr (GPtrArray) insights = NULL;
  g_autoptr (GPtrArray) advice = NULL;
  const BoReportInsight *insight;

  add_step (trial, NULL, "FROM base", 1, FALSE, 0, second / 10);
  add_step (trial, NULL, "RUN apt-get install -y git", 2, TRUE, second, second / 10);
  /* From another stage: it takes no file of the project. */
  add_step (trial, NULL, "COPY --from=wheels /wheels /wheels", 3, FALSE, 2 * second, second);
  add_step (trial, NULL, "RUN echo before", 4, FALSE, 3 * second, 20 * second);
  add_step (trial, NULL, "COPY . /app", 5, FALSE, 23 * second, second);
  add_step (trial, NULL, "RUN pip install -r requirements.txt", 6, FALSE, 24 * second, 10 * MINUTE);
  add_step (trial, NULL, "RUN python3 setup.py install", 7, FALSE, 24 * second + 10 * MINUTE, 2 * MINUTE);
  add_step (trial, NULL, "FROM other", 8, FALSE, 13 * MINUTE, second);
  add_step (trial, NULL, "RUN make", 9, FALSE, 14 * MINUTE, 3 * MINUTE);
  report = make_report (campaign, trials);
  insights = bo_report_get_insights (report, NULL, &locale);
  advice = select_kind (insights, BO_INSIGHT_CACHE);
  g_assert_cmpuint (advice->len, ==, 1);
  insight = g_ptr_array_index (advice, 0);
  /* The two below it in its stage. */
  g_assert_cmpint (insight->time_us, ==, 12 * MINUTE);
  g_assert_cmpstr (insight->headline, ==, "up to 12 min 00 s");
  g_assert_cmpstr (insight->detail, ==, "RUN pip install -r requirements.txt");
  g_assert_cmpuint (insight->user_line, ==, 6);
  g_assert_nonnull (strstr (insight->text, "line 5"));
  g_assert_nonnull (insight->advice);
}

/* BuildKit's stages may run between one another. */
static void
test_edit_stages (void)
{
  g_autoptr (BoCampaign) campaign = make_campaign ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoTrial *trial = add_build (campaign, trials, BO_CONDITION_EDITED, 10 * MINUTE);
  g_autoptr (BoReport) report = NULL;
  g_autoptr (GPtrArray) insights = NULL;
  g_autoptr (GPtrArray) advice = NULL;

  add_step (trial, "builder", "COPY src /src", 3, FALSE, 0, 1000);
  add_step (trial, "runtime", "RUN apt-get update", 9, FALSE, 1000, MINUTE);
  add_step (trial, "builder", "RUN make", 4, FALSE, MINUTE + 1000, 5 * MINUTE);
  report = make_report (campaign, trials);
  insights = bo_report_get_insights (report, NULL, &locale);
  advice = select_kind (insights, BO_INSIGHT_CACHE);
  g_assert_cmpuint (advice->len, ==, 1);
  g_assert_cmpint (((const BoReportInsight *) g_ptr_array_index (advice, 0))->time_us, ==, 5 * MINUTE);
}

static void
test_warm (void)
{
  g_autoptr (BoCampaign) campaign = make_campaign ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoTrial *trial = add_build (campaign, trials, BO_CONDITION_WARM, 5 * MINUTE);
  const gint64 second = G_USEC_PER_SEC;
  g_autoptr (BoReport) report = NULL;
  g_autoptr (GPtrArray) insights = NULL;
  g_autoptr (GPtrArray) advice = NULL;
  const BoReportInsight *insight;

  add_step (trial, NULL, "RUN apt-get install -y git", 2, TRUE, 0, second / 10);
  /* Not worth a word. */
  add_step (trial, NULL, "RUN true", 3, FALSE, second, second / 2);
  add_step (trial, NULL, "RUN make VERSION=$(date)", 4, FALSE, 2 * second, 3 * MINUTE);
  add_step (trial, NULL, "RUN make check", 5, FALSE, 2 * second + 3 * MINUTE, MINUTE);
  report = make_report (campaign, trials);
  insights = bo_report_get_insights (report, NULL, &locale);
  advice = select_kind (insights, BO_INSIGHT_CACHE);
  g_assert_cmpuint (advice->len, ==, 1);
  insight = g_ptr_array_index (advice, 0);
  g_assert_cmpuint (insight->user_line, ==, 4);
  g_assert_cmpint (insight->time_us, ==, 3 * MINUTE);
}

/* All from the cache: nothing to advise, and nothing slow. */
static void
test_quiet (void)
{
  g_autoptr (BoCampaign) campaign = make_campaign ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoTrial *trial = add_build (campaign, trials, BO_CONDITION_WARM, G_USEC_PER_SEC);
  g_autoptr (BoReport) report = NULL;
  g_autoptr (GPtrArray) insights = NULL;
  g_autofree char *build_time = NULL;
  g_autofree char *size = NULL;
  g_autofree char *cuda = NULL;

  add_step (trial, NULL, "RUN apt-get install -y git", 2, TRUE, 0, 1000);
  report = make_report (campaign, trials);
  insights = bo_report_get_insights (report, NULL, &locale);
  g_assert_cmpuint (insights->len, ==, 0);
  build_time = bo_report_say_build_time (report, NULL);
  size = bo_report_say_image_size (report, NULL, &locale);
  cuda = bo_report_say_cuda (report, NULL);
  g_assert_null (build_time);
  g_assert_null (size);
  g_assert_null (cuda);
}

static void
test_slow_steps (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) insights = bo_report_get_insights (report, NULL, &locale);
  g_autoptr (GPtrArray) steps = select_kind (insights, BO_INSIGHT_SLOW_STEP);
  gint64 before = G_MAXINT64;

  g_assert_cmpuint (steps->len, >, 2);
  g_assert_cmpuint (steps->len, <=, 8);
  for (guint i = 0; i < steps->len; i++)
    {
      const BoReportInsight *insight = g_ptr_array_index (steps, i);

      g_assert_cmpint (insight->time_us, <=, before);
      g_assert_nonnull (insight->detail);
      before = insight->time_us;
    }
  g_assert_cmpstr (((const BoReportInsight *) g_ptr_array_index (steps, 0))->subject, ==, "Original · nvidia/cuda");
}

static void
test_scope (void)
{
  const BoReportScope scope
    = { .one_condition = TRUE, .condition = BO_CONDITION_COLD, .base = "dusty", .one_builder = TRUE,
        .builder = BO_BUILDER_CLASSIC };
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) all = bo_report_make_charts_for (report, &locale);
  g_autoptr (GPtrArray) some = bo_report_make_charts_within (report, &scope, &locale);
  BoChart *every = NULL, *few = NULL;

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (((BoChart *) g_ptr_array_index (all, i))->id, "build-time-cold"))
      every = g_ptr_array_index (all, i);
  for (guint i = 0; i < some->len; i++)
    {
      BoChart *chart = g_ptr_array_index (some, i);

      if (g_str_equal (chart->id, "build-time-cold"))
        few = chart;
      g_assert_false (g_str_equal (chart->id, "build-time-warm"));
    }
  g_assert_nonnull (every);
  g_assert_nonnull (few);
  g_assert_cmpuint (few->rows->len, <, every->rows->len);
  for (guint i = 0; i < few->rows->len; i++)
    g_assert_null (((const BoChartRow *) g_ptr_array_index (few->rows, i))->detail);
}

static void
test_comparison_says (void)
{
  g_autoptr (BoReport) report = sample_report ();
  const BoCell *from, *to;
  g_autoptr (BoChart) chart = NULL;
  g_autofree char *says = NULL;

  g_assert_true (bo_report_find_pair (report, &from, &to));
  chart = bo_report_make_comparison (report, from, to, &locale);
  says = bo_report_say_comparison (report, from, to, chart);
  g_assert_true (g_str_has_prefix (says, "The differences add up to −41 min 07 s. Over all runs: in all 3"));
}

static void
test_translate (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (BoReport) same = bo_report_translate (report, report->language);
  g_autoptr (BoReport) other = bo_report_translate (report, "de");

  g_assert_true (same == report);
  g_assert_true (other != report);
  g_assert_cmpstr (other->language, ==, "de");
  g_assert_cmpuint (other->cells->len, ==, report->cells->len);
  g_assert_cmpuint (other->failures->len, ==, report->failures->len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-insights/comparisons", test_comparisons);
  g_test_add_func ("/report-insights/failures", test_failures);
  g_test_add_func ("/report-insights/edit", test_edit);
  g_test_add_func ("/report-insights/edit-stages", test_edit_stages);
  g_test_add_func ("/report-insights/warm", test_warm);
  g_test_add_func ("/report-insights/quiet", test_quiet);
  g_test_add_func ("/report-insights/slow-steps", test_slow_steps);
  g_test_add_func ("/report-insights/scope", test_scope);
  g_test_add_func ("/report-insights/comparison-says", test_comparison_says);
  g_test_add_func ("/report-insights/translate", test_translate);
  return g_test_run ();
}
