/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "insight/bo-statistics.h"

#define assert_near(a, b, tolerance) g_assert_cmpfloat_with_epsilon ((a), (b), (tolerance))

static void
test_spread (void)
{
  static const struct
  {
    double values[6];
    gsize n;
    double min, q1, median, q3, max, range;
  } cases[] = {
    { { 7 }, 1, 7, 7, 7, 7, 7, 0 },
    { { 3, 1 }, 2, 1, 1.5, 2, 2.5, 3, 1 },
    { { 3, 1, 2 }, 3, 1, 1.5, 2, 2.5, 3, 1 },
    { { 40, 10, 30, 20 }, 4, 10, 17.5, 25, 32.5, 40, 1.2 },
    { { 5, 5, 5 }, 3, 5, 5, 5, 5, 5, 0 },
    { { 0, 0 }, 2, 0, 0, 0, 0, 0, 0 },
  };
  BoSpread spread;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (bo_statistics_spread (cases[i].values, cases[i].n, &spread));
      g_assert_cmpuint (spread.n, ==, cases[i].n);
      assert_near (spread.min, cases[i].min, 1e-12);
      assert_near (spread.q1, cases[i].q1, 1e-12);
      assert_near (spread.median, cases[i].median, 1e-12);
      assert_near (spread.q3, cases[i].q3, 1e-12);
      assert_near (spread.max, cases[i].max, 1e-12);
      assert_near (spread.relative_range, cases[i].range, 1e-12);
    }
  g_assert_false (bo_statistics_spread (NULL, 0, &spread));
  g_assert_cmpuint (spread.n, ==, 0);
}

/* The smallest p that groups of each size can reach, as printed in any table of the U test. */
static void
test_mann_whitney_separated (void)
{
  static const struct
  {
    gsize n_a, n_b;
    double p;
  } cases[] = {
    { 1, 1, 1.0 },          { 2, 2, 2.0 / 6 },   { 3, 3, 2.0 / 20 },   { 3, 4, 2.0 / 35 },
    { 3, 5, 2.0 / 56 },     { 4, 4, 2.0 / 70 },  { 5, 5, 2.0 / 252 },  { 1, 9, 2.0 / 10 },
    { 10, 10, 2.0 / 184756 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double a[10], b[10];

      for (gsize k = 0; k < 10; k++)
        {
          a[k] = (double) (k + 1);
          b[k] = (double) (k + 101);
        }
      assert_near (bo_statistics_mann_whitney (a, cases[i].n_a, b, cases[i].n_b), cases[i].p, 1e-9);
      assert_near (bo_statistics_mann_whitney (b, cases[i].n_b, a, cases[i].n_a), cases[i].p, 1e-9);
      assert_near (bo_statistics_mann_whitney_floor (cases[i].n_a, cases[i].n_b), cases[i].p, 1e-9);
    }

  /* As the claim grammar quotes them. */
  assert_near (bo_statistics_mann_whitney_floor (2, 2), 0.333, 0.0005);
  assert_near (bo_statistics_mann_whitney_floor (3, 3), 0.10, 0.0005);
  assert_near (bo_statistics_mann_whitney_floor (3, 4), 0.057, 0.0005);
  assert_near (bo_statistics_mann_whitney_floor (3, 5), 0.036, 0.0005);
  assert_near (bo_statistics_mann_whitney_floor (4, 4), 0.029, 0.0005);
  assert_near (bo_statistics_mann_whitney_floor (5, 5), 0.008, 0.0005);
}

/* All ways to choose n_a of n values, by bit mask: slow, obvious, and not the code under test. */
static double
permutation_p (const double *pool, guint n, guint n_a)
{
  double ranks[16];
  double observed = 0;
  double expected = n_a * (n + 1) / 2.0;
  guint all = 0;
  guint far = 0;

  for (guint i = 0; i < n; i++)
    {
      ranks[i] = 0.5;
      for (guint j = 0; j < n; j++)
        ranks[i] += pool[j] < pool[i] ? 1 : pool[j] == pool[i] ? 0.5 : 0;
    }
  for (guint i = 0; i < n_a; i++)
    observed += ranks[i];
  for (guint mask = 0; mask < (1u << n); mask++)
    {
      double sum = 0;

      if ((guint) __builtin_popcount (mask) != n_a)
        continue;
      for (guint i = 0; i < n; i++)
        if (mask & (1u << i))
          sum += ranks[i];
      all++;
      far += fabs (sum - expected) >= fabs (observed - expected) - 1e-9;
    }
  return (double) far / all;
}

static void
test_mann_whitney_enumerated (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261124);

  for (guint round = 0; round < 300; round++)
    {
      guint n = (guint) g_rand_int_range (rand, 2, 13);
      guint n_a = (guint) g_rand_int_range (rand, 1, (gint32) n);
      /* Every other round with many ties. */
      gint32 top = round % 2 == 0 ? 4 : 1000;
      double pool[13];

      for (guint i = 0; i < n; i++)
        pool[i] = g_rand_int_range (rand, 1, top);
      assert_near (bo_statistics_mann_whitney (pool, n_a, pool + n_a, n - n_a), permutation_p (pool, n, n_a),
                   1e-9);
    }
}

static void
test_mann_whitney_known (void)
{
  /* No difference at all. */
  static const double same[] = { 5, 5, 5, 5 };
  /* Overlapping by one place: U = 1, 4 and 4: p = 4/70. */
  static const double low[] = { 1, 2, 3, 5 };
  static const double high[] = { 4, 6, 7, 8 };
  double many_a[40], many_b[40];
  double p;

  assert_near (bo_statistics_mann_whitney (same, 4, same, 4), 1, 1e-12);
  assert_near (bo_statistics_mann_whitney (low, 4, high, 4), 4.0 / 70, 1e-9);
  g_assert_cmpfloat (bo_statistics_mann_whitney (low, 0, high, 4), ==, 1);

  /* The approximation above 60 values joins the exact count: U of 30 + 31 interleaved values. */
  for (guint i = 0; i < 40; i++)
    {
      many_a[i] = i;
      many_b[i] = i + 8.5;
    }
  p = bo_statistics_mann_whitney (many_a, 30, many_b, 30);
  assert_near (bo_statistics_mann_whitney (many_a, 31, many_b, 31), p, 0.003);
  g_assert_cmpfloat (p, <, 0.01);
}

static void
test_ratio_interval (void)
{
  static const double fast[] = { 79, 80, 81, 82 };
  static const double slow[] = { 100, 101, 99, 102 };
  static const double five_a[] = { 10, 11, 12, 13, 14 };
  static const double five_b[] = { 20, 22, 24, 26, 28 };
  static const double zero[] = { 0, 1 };
  BoRatioInterval interval;

  /* 4 and 4: k = 1, coverage 1 - 2/70. */
  g_assert_true (bo_statistics_ratio_interval (fast, 4, slow, 4, 0.95, &interval));
  assert_near (interval.ratio, 0.801, 0.002);
  assert_near (interval.low, 79.0 / 102, 1e-9);
  assert_near (interval.high, 82.0 / 99, 1e-9);
  assert_near (interval.coverage, 1 - 2.0 / 70, 1e-9);

  /* 5 and 5: P(U <= 2) = 4/252, so k = 3 and the coverage is 1 - 8/252; k = 4 would be 1 - 14/252. */
  g_assert_true (bo_statistics_ratio_interval (five_a, 5, five_b, 5, 0.95, &interval));
  assert_near (interval.coverage, 1 - 8.0 / 252, 1e-9);
  assert_near (interval.ratio, 0.5, 0.01);

  /* 2 and 2 reach 67 % at the most, and say so. */
  g_assert_true (bo_statistics_ratio_interval (fast, 2, slow, 2, 0.95, &interval));
  assert_near (interval.coverage, 1 - 2.0 / 6, 1e-9);

  g_assert_false (bo_statistics_ratio_interval (zero, 2, slow, 4, 0.95, &interval));
  g_assert_false (bo_statistics_ratio_interval (fast, 0, slow, 4, 0.95, &interval));
}

static void
test_noise (void)
{
  static const double quiet[] = { 0, 0.004, 0.011 };
  static const double loud[] = { 0.004, 0.09, 0.03 };

  g_assert_cmpfloat (bo_statistics_noise_floor (NULL, 0), ==, 0.02);
  g_assert_cmpfloat (bo_statistics_noise_floor (quiet, 3), ==, 0.02);
  g_assert_cmpfloat (bo_statistics_noise_floor (loud, 3), ==, 0.09);
}

static void
test_holm (void)
{
  /* R: p.adjust (c (0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02. */
  double p[] = { 0.01, 0.04, 0.03, 0.005 };
  static const double adjusted[] = { 0.03, 0.06, 0.06, 0.02 };
  double one[] = { 0.029 };
  double large[] = { 0.9, 0.8 };

  bo_statistics_holm (p, 4);
  for (guint i = 0; i < 4; i++)
    assert_near (p[i], adjusted[i], 1e-12);
  bo_statistics_holm (one, 1);
  assert_near (one[0], 0.029, 1e-12);
  bo_statistics_holm (large, 2);
  assert_near (large[0], 1, 1e-12);
  assert_near (large[1], 1, 1e-12);
  bo_statistics_holm (NULL, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/spread", test_spread);
  g_test_add_func ("/statistics/mann-whitney/separated", test_mann_whitney_separated);
  g_test_add_func ("/statistics/mann-whitney/enumerated", test_mann_whitney_enumerated);
  g_test_add_func ("/statistics/mann-whitney/known", test_mann_whitney_known);
  g_test_add_func ("/statistics/ratio-interval", test_ratio_interval);
  g_test_add_func ("/statistics/noise", test_noise);
  g_test_add_func ("/statistics/holm", test_holm);
  return g_test_run ();
}
