/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-statistics"

#include "config.h"

#include <math.h>
#include <string.h>

#include "insight/bo-statistics.h"

/*
 * Up to this many values in both groups together the distribution of the rank
 * sum is counted out exactly (a few million additions); above it the normal
 * approximation is good to more digits than are ever shown.
 */
#define EXACT_MAX 60

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double *
sorted_copy (const double *values, gsize n)
{
  double *copy = g_memdup2 (values, n * sizeof *values);

  qsort (copy, n, sizeof *copy, compare_doubles);
  return copy;
}

/* R's type 7, the default of R and NumPy: position (n - 1) * q, interpolated. */
static double
quantile_of_sorted (const double *sorted, gsize n, double q)
{
  double position = (double) (n - 1) * q;
  gsize below = (gsize) floor (position);
  double part = position - (double) below;

  if (below + 1 >= n)
    return sorted[n - 1];
  return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

/**
 * bo_statistics_spread:
 * @values: (array length=n): the values, in any order
 * @n: how many
 * @spread: (out): where they lie
 *
 * Returns: %FALSE when there is no value at all; @spread is zeroed then
 */
gboolean
bo_statistics_spread (const double *values, gsize n, BoSpread *spread)
{
  g_autofree double *sorted = NULL;

  g_return_val_if_fail (values != NULL || n == 0, FALSE);
  g_return_val_if_fail (spread != NULL, FALSE);

  memset (spread, 0, sizeof *spread);
  if (n == 0)
    return FALSE;

  sorted = sorted_copy (values, n);
  spread->n = n;
  spread->min = sorted[0];
  spread->q1 = quantile_of_sorted (sorted, n, 0.25);
  spread->median = quantile_of_sorted (sorted, n, 0.5);
  spread->q3 = quantile_of_sorted (sorted, n, 0.75);
  spread->max = sorted[n - 1];
  if (spread->median > 0)
    spread->relative_range = (spread->max - spread->min) / spread->median;
  return TRUE;
}

/**
 * bo_statistics_median:
 * @values: (array length=n): the values, in any order
 * @n: how many, at least one
 *
 * Returns: the median; for an even number the middle between the two middle values
 */
double
bo_statistics_median (const double *values, gsize n)
{
  BoSpread spread;

  g_return_val_if_fail (n > 0, 0);

  bo_statistics_spread (values, n, &spread);
  return spread.median;
}

/*
 * Ranks of the pooled values, doubled so that the middle rank of a tie is a
 * whole number. ranks[i] belongs to value i, group a first. Returns the sum
 * over all ties of t^3 - t, which the normal approximation needs.
 */
static double
doubled_ranks (const double *a, gsize n_a, const double *b, gsize n_b, guint *ranks)
{
  gsize n = n_a + n_b;
  g_autofree double *pool = g_new (double, n);
  g_autofree double *sorted = NULL;
  double ties = 0;

  if (n_a > 0)
    memcpy (pool, a, n_a * sizeof *pool);
  if (n_b > 0)
    memcpy (pool + n_a, b, n_b * sizeof *pool);
  sorted = sorted_copy (pool, n);

  for (gsize i = 0; i < n; i++)
    {
      gsize below = 0;
      gsize equal = 0;

      for (gsize j = 0; j < n; j++)
        {
          below += sorted[j] < pool[i];
          equal += sorted[j] == pool[i];
        }
      /* Ranks below+1 … below+equal, their mean doubled. */
      ranks[i] = (guint) (2 * below + equal + 1);
      /* Summed over the members of the tie this gives t * (t^2 - 1). */
      ties += (double) equal * (double) equal - 1;
    }
  return ties;
}

/*
 * How many of the ways to choose n_a of the ranks have each sum:
 * ways[sum], sum up to n * (n + 1). The counts reach 1e17, so doubles lose
 * the last digits of the largest, far below what is shown.
 */
static double *
count_rank_sums (const guint *ranks, gsize n, gsize n_a, gsize *n_sums)
{
  gsize width = n * (n + 1) + 1;
  double *ways = g_new0 (double, (n_a + 1) * width);
  double *result;

  ways[0] = 1;
  for (gsize i = 0; i < n; i++)
    for (gsize k = MIN (i + 1, n_a); k > 0; k--)
      for (gsize sum = width; sum-- > ranks[i];)
        ways[k * width + sum] += ways[(k - 1) * width + sum - ranks[i]];

  result = g_memdup2 (ways + n_a * width, width * sizeof *ways);
  g_free (ways);
  *n_sums = width;
  return result;
}

/* The counts for ranks without ties, which the sizes of the groups decide alone. */
typedef struct
{
  double *ways;
  gsize n_sums;
} Untied;

/* More sizes than any report has side by side; then it begins anew. */
#define MAX_UNTIED 64

static GMutex untied_lock;
static GHashTable *untied_counts;

static void
untied_free (gpointer data)
{
  Untied *untied = data;

  g_free (untied->ways);
  g_free (untied);
}

/*
 * As count_rank_sums(), for the ranks 1…n. A report of a thousand cells asks a
 * hundred times for each, and nearly always for the same few sizes.
 */
static double *
count_untied_rank_sums (gsize n, gsize n_a, gsize *n_sums)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&untied_lock);
  gpointer key = GSIZE_TO_POINTER (n_a * (EXACT_MAX + 1) + n);
  Untied *untied;

  if (untied_counts == NULL)
    untied_counts = g_hash_table_new_full (NULL, NULL, NULL, untied_free);
  untied = g_hash_table_lookup (untied_counts, key);
  if (untied == NULL)
    {
      g_autofree guint *ranks = g_new (guint, n);

      for (gsize i = 0; i < n; i++)
        ranks[i] = (guint) (2 * (i + 1));
      untied = g_new0 (Untied, 1);
      untied->ways = count_rank_sums (ranks, n, n_a, &untied->n_sums);
      if (g_hash_table_size (untied_counts) >= MAX_UNTIED)
        g_hash_table_remove_all (untied_counts);
      g_hash_table_insert (untied_counts, key, untied);
    }
  *n_sums = untied->n_sums;
  return g_memdup2 (untied->ways, untied->n_sums * sizeof *untied->ways);
}

/**
 * bo_statistics_mann_whitney:
 * @a: (array length=n_a): one group
 * @n_a: how many
 * @b: (array length=n_b): the other group
 * @n_b: how many
 *
 * The two-sided Mann-Whitney U test (Wilcoxon rank sum): how likely a rank
 * sum at least as far from its expectation is when both groups come from the
 * same distribution. Exact, also with ties: every way to deal the ranks that
 * occur (middle ranks for ties) is counted. Above 60 values together, the
 * normal approximation with tie and continuity correction.
 *
 * Returns: p, in 0…1; 1 when a group is empty
 */
double
bo_statistics_mann_whitney (const double *a, gsize n_a, const double *b, gsize n_b)
{
  gsize n = n_a + n_b;
  g_autofree guint *ranks = NULL;
  double ties;
  double sum = 0;
  double expected;
  double distance;

  g_return_val_if_fail (a != NULL || n_a == 0, 1);
  g_return_val_if_fail (b != NULL || n_b == 0, 1);

  if (n_a == 0 || n_b == 0)
    return 1;

  ranks = g_new (guint, n);
  ties = doubled_ranks (a, n_a, b, n_b, ranks);
  for (gsize i = 0; i < n_a; i++)
    sum += ranks[i];
  expected = (double) n_a * (double) (n + 1);
  distance = fabs (sum - expected);

  if (n <= EXACT_MAX)
    {
      gsize n_sums;
      g_autofree double *ways = ties > 0 ? count_rank_sums (ranks, n, n_a, &n_sums)
                                         : count_untied_rank_sums (n, n_a, &n_sums);
      double all = 0;
      double far = 0;

      for (gsize s = 0; s < n_sums; s++)
        {
          all += ways[s];
          if (fabs ((double) s - expected) >= distance)
            far += ways[s];
        }
      return MIN (far / all, 1.0);
    }
  else
    {
      double size = (double) n;
      double variance = (double) n_a * (double) n_b / 12.0 * (size + 1 - ties / (size * (size - 1)));
      double u_distance = MAX (distance / 2 - 0.5, 0);

      if (variance <= 0)
        return 1;
      return MIN (erfc (u_distance / sqrt (2 * variance)), 1.0);
    }
}

static double
n_choose_k (gsize n, gsize k)
{
  double result = 1;

  for (gsize i = 1; i <= k; i++)
    result = result * (double) (n - k + i) / (double) i;
  return result;
}

/**
 * bo_statistics_mann_whitney_floor:
 * @n_a: values in one group
 * @n_b: values in the other
 *
 * Returns: the smallest p that groups of these sizes can reach, when every
 *   value of one is below every value of the other: 0.333 for 2 and 2, 0.10
 *   for 3 and 3, 0.029 for 4 and 4
 */
double
bo_statistics_mann_whitney_floor (gsize n_a, gsize n_b)
{
  if (n_a == 0 || n_b == 0)
    return 1;
  return MIN (2.0 / n_choose_k (n_a + n_b, n_a), 1.0);
}

/*
 * ways[u]: in how many ways the U of two groups without ties comes to u. The
 * classic recursion N(u; m, n) = N(u - n; m - 1, n) + N(u; m, n - 1) is the
 * same count as that of the rank sums 1…m+n.
 */
static double *
count_u (gsize n_a, gsize n_b, gsize *n_values)
{
  g_autofree double *sums = NULL;
  gsize n_sums;
  double *ways = g_new0 (double, n_a * n_b + 1);

  sums = count_untied_rank_sums (n_a + n_b, n_a, &n_sums);
  for (gsize u = 0; u <= n_a * n_b; u++)
    ways[u] = sums[2 * u + n_a * (n_a + 1)];
  *n_values = n_a * n_b + 1;
  return ways;
}

/**
 * bo_statistics_ratio_interval:
 * @a: (array length=n_a): values above 0
 * @n_a: how many
 * @b: (array length=n_b): values above 0, what @a is divided by
 * @n_b: how many
 * @level: the coverage asked for, 0.95 say
 * @interval: (out): the estimate and its interval
 *
 * The Hodges-Lehmann estimate of a/b on the scale of logarithms, and the
 * interval that the exact U distribution gives: from the k-th smallest to the
 * k-th largest of all ratios, with the largest k whose coverage reaches
 * @level, or k = 1, the widest that there is, when none does. The true
 * coverage is returned with it.
 *
 * Returns: %FALSE when a group is empty, holds a value that is not above 0,
 *   or both together are too many to count out (more than 60)
 */
gboolean
bo_statistics_ratio_interval (const double *a,
                              gsize n_a,
                              const double *b,
                              gsize n_b,
                              double level,
                              BoRatioInterval *interval)
{
  gsize n_ratios = n_a * n_b;
  gsize n_values;
  gsize k = 1;
  g_autofree double *logs = NULL;
  g_autofree double *ways = NULL;
  double all;
  double below = 0;

  g_return_val_if_fail (interval != NULL, FALSE);

  memset (interval, 0, sizeof *interval);
  if (n_a == 0 || n_b == 0 || n_a + n_b > EXACT_MAX)
    return FALSE;

  logs = g_new (double, n_ratios);
  for (gsize i = 0; i < n_a; i++)
    for (gsize j = 0; j < n_b; j++)
      {
        if (a[i] <= 0 || b[j] <= 0)
          return FALSE;
        logs[i * n_b + j] = log (a[i]) - log (b[j]);
      }
  qsort (logs, n_ratios, sizeof *logs, compare_doubles);

  ways = count_u (n_a, n_b, &n_values);
  all = n_choose_k (n_a + n_b, n_a);

  /* Coverage with k is 1 - 2 P(U <= k - 1). */
  below = ways[0];
  while (k < (n_ratios + 1) / 2 && 1 - 2 * (below + ways[k]) / all >= level)
    below += ways[k++];

  interval->ratio = exp (quantile_of_sorted (logs, n_ratios, 0.5));
  interval->low = exp (logs[k - 1]);
  interval->high = exp (logs[n_ratios - k]);
  interval->coverage = MAX (1 - 2 * below / all, 0);
  return TRUE;
}

/**
 * bo_statistics_noise_floor:
 * @relative_ranges: (array length=n): (max - min) / median of each cell that was repeated
 * @n: how many
 *
 * What identical builds differ by on this device is what no comparison may
 * claim as a difference.
 *
 * Returns: the larger of 2 % and the largest of @relative_ranges, as a fraction
 */
double
bo_statistics_noise_floor (const double *relative_ranges, gsize n)
{
  double floor_ = BO_NOISE_MINIMUM;

  g_return_val_if_fail (relative_ranges != NULL || n == 0, floor_);

  for (gsize i = 0; i < n; i++)
    floor_ = MAX (floor_, relative_ranges[i]);
  return floor_;
}

/**
 * bo_statistics_holm:
 * @p: (inout) (array length=n): p values, replaced by the adjusted ones
 * @n: how many
 *
 * Holm's step-down adjustment: the smallest p times n, the next times n - 1,
 * and so on, never smaller than one before it and never above 1. Holds the
 * chance of any false claim among them at the level, without assuming that
 * they are independent (they share a baseline, so they are not).
 */
void
bo_statistics_holm (double *p, gsize n)
{
  g_autofree gboolean *done = g_new0 (gboolean, n);
  double last = 0;

  g_return_if_fail (p != NULL || n == 0);

  for (gsize step = 0; step < n; step++)
    {
      gsize smallest = n;

      for (gsize i = 0; i < n; i++)
        if (!done[i] && (smallest == n || p[i] < p[smallest]))
          smallest = i;
      done[smallest] = TRUE;
      last = MAX (last, MIN (p[smallest] * (double) (n - step), 1.0));
      p[smallest] = last;
    }
}
