/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "insight/bo-claim.h"

/* Sample i of each group is of block i + 1, as a campaign makes them. */
static BoClaim *
make_claim (const double *values, gsize n, const double *baseline, gsize n_baseline, double noise)
{
  BoSample a[16], b[16];

  for (gsize i = 0; i < n; i++)
    a[i] = (BoSample) { values[i], i + 1 };
  for (gsize i = 0; i < n_baseline; i++)
    b[i] = (BoSample) { baseline[i], i + 1 };
  return bo_claim_new (a, n, b, n_baseline, noise);
}

typedef struct
{
  const char *name;
  double a[6];
  gsize n_a;
  double b[6];
  gsize n_b;
  double noise;
  BoClaimKind kind;
  const char *text;
} Case;

static const Case cases[] = {
  { "none", { 0 }, 0, { 100 }, 1, 0.02, BO_CLAIM_NOT_COMPARED, "not compared: no usable run of New" },
  { "no-baseline", { 90 }, 1, { 0 }, 0, 0.02, BO_CLAIM_NOT_COMPARED, "not compared: no usable run of Old" },
  /* However large the difference: one run each claims nothing. */
  { "one", { 10 }, 1, { 1000 }, 1, 0.02, BO_CLAIM_SINGLE, "1 run each; difference not established" },
  { "one-and-three", { 10 }, 1, { 100, 101, 102 }, 3, 0.02, BO_CLAIM_SINGLE,
    "New n=1, Old n=3; difference not established" },
  { "two-faster", { 80, 79 }, 2, { 100, 101 }, 2, 0.02, BO_CLAIM_PAIRS,
    "in all 2 interleaved pairs New was faster than Old (median −21 %, range −20…−22 %); too few runs for a "
    "test" },
  { "three-faster", { 83, 79, 76 }, 3, { 100, 100, 100 }, 3, 0.02, BO_CLAIM_PAIRS,
    "in all 3 interleaved pairs New was faster than Old (median −21 %, range −17…−24 %); too few runs for a "
    "test" },
  { "three-slower", { 120, 130, 150 }, 3, { 100, 100, 100 }, 3, 0.02, BO_CLAIM_PAIRS,
    "in all 3 interleaved pairs New was slower than Old (median +30 %, range +20…+50 %); too few runs for a "
    "test" },
  /* One pair disagrees: its spread would have hidden less than 20 / 80. */
  { "three-mixed", { 80, 100, 125 }, 3, { 100, 100, 100 }, 3, 0.02, BO_CLAIM_NOT_SHOWN,
    "no difference shown (could detect ≥ 25 %)" },
  /* All agree, but by less than the device's own noise. */
  { "three-noise", { 95, 94, 96 }, 3, { 100, 100, 100 }, 3, 0.08, BO_CLAIM_NOT_SHOWN,
    "no difference shown (could detect ≥ 8.0 %)" },
  { "three-below-floor", { 99, 99, 99 }, 3, { 100, 100, 100 }, 3, 0, BO_CLAIM_NOT_SHOWN,
    "no difference shown (could detect ≥ 2.0 %)" },
  { "three-equal", { 100, 100, 100 }, 3, { 100, 100, 100 }, 3, 0, BO_CLAIM_NOT_SHOWN,
    "no difference shown (could detect ≥ 2.0 %)" },
  { "four-faster", { 79, 78, 80, 79 }, 4, { 100, 99, 101, 100 }, 4, 0.02, BO_CLAIM_DIFFERENT,
    "New is 21 % faster than Old (median; n=4+4; Mann-Whitney p=0.029)" },
  { "five-slower", { 150, 151, 152, 149, 150 }, 5, { 100, 99, 101, 100, 98 }, 5, 0.02, BO_CLAIM_DIFFERENT,
    "New is 50 % slower than Old (median; n=5+5; Mann-Whitney p=0.008)" },
  /* p is small, the difference is not more than the noise. */
  { "four-noise", { 95, 95.1, 95.2, 95.3 }, 4, { 100, 100.1, 100.2, 100.3 }, 4, 0.06, BO_CLAIM_NOT_SHOWN,
    "no difference shown (could detect ≥ 6.0 %)" },
  /* 3 and 5 could reach 0.036, and are still too few for the test by the grammar. */
  { "three-and-five", { 50, 51, 52 }, 3, { 100, 99, 101, 100, 98 }, 5, 0.02, BO_CLAIM_PAIRS,
    "in all 3 interleaved pairs New was faster than Old (median −49 %, range −48…−50 %); too few runs for a "
    "test" },
};

static void
test_grammar (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (BoClaim) claim = make_claim (c->a, c->n_a, c->b, c->n_b, c->noise);
  g_autofree char *text = NULL;

  bo_claims_decide (&claim, 1);
  text = bo_claim_to_text (claim, "New", "Old", "en");
  g_assert_cmpstr (text, ==, c->text);
  g_assert_cmpint (claim->kind, ==, c->kind);
}

static void
test_overlap (void)
{
  static const double a[] = { 90, 100, 105, 110 };
  static const double b[] = { 95, 101, 104, 108 };
  g_autoptr (BoClaim) claim = make_claim (a, 4, b, 4, 0.02);
  double shifted[4];
  double ratio = claim->ratio;

  bo_claims_decide (&claim, 1);
  g_assert_cmpint (claim->kind, ==, BO_CLAIM_NOT_SHOWN);
  g_assert_true (isfinite (claim->detectable));

  /*
   * What it says it could detect, it does detect: the same runs, moved by a
   * little more than that in either direction, make a claim.
   */
  for (guint i = 0; i < 4; i++)
    shifted[i] = a[i] / ratio * (1 - claim->detectable - 0.001);
  {
    g_autoptr (BoClaim) moved = make_claim (shifted, 4, b, 4, 0.02);

    bo_claims_decide (&moved, 1);
    g_assert_cmpint (moved->kind, ==, BO_CLAIM_DIFFERENT);
  }
  for (guint i = 0; i < 4; i++)
    shifted[i] = a[i] / ratio * (1 + claim->detectable + 0.001);
  {
    g_autoptr (BoClaim) moved = make_claim (shifted, 4, b, 4, 0.02);

    bo_claims_decide (&moved, 1);
    g_assert_cmpint (moved->kind, ==, BO_CLAIM_DIFFERENT);
  }
}

/* Four and four reach p = 0.029 once; among three comparisons that is 0.086, and no claim. */
static void
test_holm (void)
{
  static const double fast[] = { 79, 78, 80, 79.5 };
  static const double slow[] = { 100, 99, 101, 100.5 };
  static const double six_fast[] = { 79, 78, 80, 79.5, 77, 81 };
  static const double six_slow[] = { 100, 99, 101, 100.5, 98, 102 };
  BoClaim *claims[3];
  g_autofree char *text = NULL;

  for (guint i = 0; i < 3; i++)
    claims[i] = make_claim (fast, 4, slow, 4, 0.02);
  bo_claims_decide (claims, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (claims[i]->kind, ==, BO_CLAIM_NOT_SHOWN);
      g_assert_cmpfloat_with_epsilon (claims[i]->p, 2.0 / 70, 1e-9);
      g_assert_cmpfloat_with_epsilon (claims[i]->p_adjusted, 6.0 / 70, 1e-9);
      g_assert_cmpuint (claims[i]->n_tests, ==, 3);
    }
  text = bo_claim_to_text (claims[0], "New", "Old", NULL);
  g_assert_cmpstr (text, ==, "no difference shown (n=4+4 cannot show one)");
  g_clear_pointer (&text, g_free);
  for (guint i = 0; i < 3; i++)
    bo_claim_free (claims[i]);

  for (guint i = 0; i < 3; i++)
    claims[i] = make_claim (six_fast, 6, six_slow, 6, 0.02);
  bo_claims_decide (claims, 3);
  text = bo_claim_to_text (claims[2], "New", "Old", NULL);
  g_assert_cmpstr (text, ==, "New is 21 % faster than Old (median; n=6+6; Mann-Whitney p=0.006, Holm-adjusted)");
  for (guint i = 0; i < 3; i++)
    bo_claim_free (claims[i]);
}

/* A run that was left out breaks its pair: pairs are by block, not by position. */
static void
test_blocks (void)
{
  static const BoSample a[] = { { 80, 1 }, { 81, 3 } };
  static const BoSample b[] = { { 100, 2 }, { 90, 3 } };
  static const BoSample c[] = { { 100, 7 }, { 90, 8 } };
  g_autoptr (BoClaim) one_pair = bo_claim_new (a, 2, b, 2, 0.02);
  g_autoptr (BoClaim) no_pair = bo_claim_new (a, 2, c, 2, 0.02);
  g_autofree char *text = NULL;

  bo_claims_decide (&one_pair, 1);
  bo_claims_decide (&no_pair, 1);
  g_assert_cmpuint (one_pair->n_pairs, ==, 1);
  g_assert_cmpfloat_with_epsilon (one_pair->pair_median, -0.1, 1e-9);
  g_assert_cmpint (one_pair->kind, ==, BO_CLAIM_SINGLE);
  g_assert_cmpint (no_pair->kind, ==, BO_CLAIM_SINGLE);
  text = bo_claim_to_text (one_pair, "New", "Old", "en");
  g_assert_cmpstr (text, ==, "interleaved pairs: 1; difference not established");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/claim/grammar/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_grammar);
    }
  g_test_add_func ("/claim/overlap", test_overlap);
  g_test_add_func ("/claim/holm", test_holm);
  g_test_add_func ("/claim/blocks", test_blocks);
  return g_test_run ();
}
