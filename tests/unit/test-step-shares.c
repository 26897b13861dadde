/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "insight/bo-step-shares.h"

static BoTrial *
make_trial (gint64 build_us)
{
  BoTrial *trial = bo_trial_new ();

  trial->outcome = BO_OUTCOME_SUCCEEDED;
  trial->build_us = build_us;
  return trial;
}

static void
add (BoTrial *trial, const char *stage, const char *instruction, gint64 start_us, gint64 duration_us)
{
  BoStep *step = bo_step_new ();

  step->number = trial->steps->len + 1;
  step->stage = g_strdup (stage);
  step->instruction = g_strdup (instruction);
  step->start_us = start_us;
  step->duration_us = duration_us;
  g_ptr_array_add (trial->steps, step);
}

static void
check_shares (const BoTrial *trial, const gint64 *expected, gint64 expected_rest)
{
  gint64 rest;
  g_autofree gint64 *shares = bo_trial_share_steps (trial, &rest);

  for (guint i = 0; i < trial->steps->len; i++)
    g_assert_cmpint (shares[i], ==, expected[i]);
  g_assert_cmpint (rest, ==, expected_rest);
}

static void
test_shares (void)
{
  g_autoptr (BoTrial) sequence = make_trial (100);
  g_autoptr (BoTrial) beside = make_trial (100);
  g_autoptr (BoTrial) odd = make_trial (10);
  g_autoptr (BoTrial) mad = make_trial (100);
  g_autoptr (BoTrial) none = make_trial (100);

  /* One after the other, with a gap. */
  add (sequence, NULL, "A", 5, 40);
  add (sequence, NULL, "B", 45, 50);
  check_shares (sequence, (const gint64[]) { 40, 50 }, 10);
  /* Two beside one another from 20 to 60: half each. */
  add (beside, NULL, "A", 0, 60);
  add (beside, NULL, "B", 20, 80);
  check_shares (beside, (const gint64[]) { 40, 60 }, 0);
  /* Three share ten: what cannot be divided goes to the first. */
  add (odd, NULL, "A", 0, 10);
  add (odd, NULL, "B", 0, 10);
  add (odd, NULL, "C", 0, 10);
  check_shares (odd, (const gint64[]) { 4, 3, 3 }, 0);
  /* Longer than the build, never begun, never ended, after its end. */
  add (mad, NULL, "A", 50, G_MAXINT64);
  add (mad, NULL, "B", -1, 10);
  add (mad, NULL, "C", 3, -1);
  add (mad, NULL, "D", 200, 10);
  check_shares (mad, (const gint64[]) { 50, 0, 0, 0 }, 50);
  check_shares (none, NULL, 100);
}

static void
test_key (void)
{
  static const struct
  {
    const char *instruction;
    const char *key;
  } cases[] = {
    { "RUN make  -j4", "RUN make -j4" },
    { "RUN apt-get update && \\\n    apt-get install -y gcc",
      "RUN apt-get update && apt-get install -y gcc" },
    { "RUN a \\\r\n b", "RUN a b" },
    { "  RUN a\t", "RUN a" },
    { "RUN echo \\n", "RUN echo \\n" },
    { "FROM bakeoff-1:base AS x", "FROM" },
    { "FROMAGE", "FROMAGE" },
    { "", "" },
    { NULL, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BoStep) step = bo_step_new ();
      g_autofree char *key = NULL;

      step->number = 1;
      step->instruction = g_strdup (cases[i].instruction);
      key = bo_step_get_key (step);
      g_assert_cmpstr (key, ==, cases[i].key);
    }
}

static gint64
sum (GPtrArray *differences)
{
  gint64 total = 0;

  for (guint i = 0; i < differences->len; i++)
    {
      const BoStepDifference *difference = g_ptr_array_index (differences, i);

      total += difference->to_us - difference->from_us;
    }
  return total;
}

static void
check_difference (GPtrArray *differences,
                  guint i,
                  BoStepDifferenceKind kind,
                  const char *instruction,
                  gint64 from,
                  gint64 to)
{
  const BoStepDifference *difference = g_ptr_array_index (differences, i);

  g_assert_cmpint (difference->kind, ==, kind);
  g_assert_cmpstr (difference->instruction, ==, instruction);
  g_assert_cmpint (difference->from_us, ==, from);
  g_assert_cmpint (difference->to_us, ==, to);
}

static void
test_compare (void)
{
  g_autoptr (BoTrial) from = make_trial (1000);
  g_autoptr (BoTrial) to = make_trial (300);
  g_autoptr (GPtrArray) differences = NULL;

  add (from, NULL, "FROM one:1", 0, 10);
  add (from, NULL, "RUN apt-get  install gcc", 10, 190);
  add (from, NULL, "RUN make", 200, 700);
  add (from, NULL, "RUN make", 900, 50);
  add (to, NULL, "FROM two:2", 0, 20);
  add (to, "build", "RUN apt-get install gcc", 20, 150);
  add (to, NULL, "COPY wheels .", 170, 80);
  add (to, NULL, "RUN make", 250, 40);
  differences = bo_trial_compare_steps (from, to);
  g_assert_cmpuint (differences->len, ==, 6);
  check_difference (differences, 0, BO_STEP_BOTH, "FROM one:1", 10, 20);
  /* The stage has another name; the instruction is the same. */
  check_difference (differences, 1, BO_STEP_BOTH, "RUN apt-get  install gcc", 190, 150);
  /* The first of two equal ones has the match. */
  check_difference (differences, 2, BO_STEP_BOTH, "RUN make", 700, 40);
  check_difference (differences, 3, BO_STEP_ONLY_FROM, "RUN make", 50, 0);
  check_difference (differences, 4, BO_STEP_ONLY_TO, "COPY wheels .", 0, 80);
  check_difference (differences, 5, BO_STEP_REST, NULL, 50, 10);
  g_assert_cmpint (sum (differences), ==, -700);
}

/* The same stage comes first, although the other one stands before it. */
static void
test_stage_first (void)
{
  g_autoptr (BoTrial) from = make_trial (100);
  g_autoptr (BoTrial) to = make_trial (100);
  g_autoptr (GPtrArray) differences = NULL;

  add (from, "b", "RUN make", 0, 60);
  add (to, "a", "RUN make", 0, 10);
  add (to, "b", "RUN make", 10, 50);
  differences = bo_trial_compare_steps (from, to);
  check_difference (differences, 0, BO_STEP_BOTH, "RUN make", 60, 50);
  check_difference (differences, 1, BO_STEP_ONLY_TO, "RUN make", 0, 10);
}

/* Whatever the steps: to the microsecond. */
static void
test_exact (void)
{
  static const char *const names[] = { "RUN a", "RUN b", "RUN c", "COPY d .", "FROM e" };
  static const char *const stages[] = { NULL, "x", "y" };

  for (guint round = 0; round < 400; round++)
    {
      BoTrial *trials[2];
      g_autoptr (GPtrArray) differences = NULL;

      for (guint i = 0; i < 2; i++)
        {
          guint n = (guint) g_test_rand_int_range (0, 20);

          trials[i] = make_trial (g_test_rand_int_range (1, 1000000));
          for (guint k = 0; k < n; k++)
            add (trials[i], stages[g_test_rand_int_range (0, 3)], names[g_test_rand_int_range (0, 5)],
                 g_test_rand_int_range (-2, 1000000), g_test_rand_int_range (-2, 1000000));
        }
      differences = bo_trial_compare_steps (trials[0], trials[1]);
      g_assert_cmpint (sum (differences), ==, trials[1]->build_us - trials[0]->build_us);
      for (guint i = 0; i < differences->len; i++)
        {
          const BoStepDifference *difference = g_ptr_array_index (differences, i);

          g_assert_cmpint (difference->from_us, >=, 0);
          g_assert_cmpint (difference->to_us, >=, 0);
        }
      bo_trial_unref (trials[0]);
      bo_trial_unref (trials[1]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/step-shares/shares", test_shares);
  g_test_add_func ("/step-shares/key", test_key);
  g_test_add_func ("/step-shares/compare", test_compare);
  g_test_add_func ("/step-shares/stage-first", test_stage_first);
  g_test_add_func ("/step-shares/exact", test_exact);
  return g_test_run ();
}
