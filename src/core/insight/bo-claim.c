/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-claim"

#include "config.h"

#include <math.h>

#include "insight/bo-claim.h"
#include "study/bo-decimal-point.h"
#include "study/bo-document-text.h"
#include "insight/bo-duration.h"

/* A growth by more than this is not looked for: "could detect ≥ 10000 %" is the same as nothing. */
#define DETECTABLE_MAX 100.0

/**
 * bo_claim_kind_to_string:
 * @kind: a kind
 *
 * Returns: the word of the JSON documents
 */
const char *
bo_claim_kind_to_string (BoClaimKind kind)
{
  switch (kind)
    {
    case BO_CLAIM_NOT_COMPARED:
      return "not-compared";
    case BO_CLAIM_SINGLE:
      return "not-established";
    case BO_CLAIM_PAIRS:
      return "all-pairs-agree";
    case BO_CLAIM_DIFFERENT:
      return "different";
    case BO_CLAIM_NOT_SHOWN:
      return "not-shown";
    default:
      g_return_val_if_reached (NULL);
    }
}

static double *
values_of (const BoSample *samples, gsize n)
{
  double *values = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    values[i] = samples[i].value;
  return values;
}

/*
 * Pairs runs of the same block. A block holds each group once, so a second
 * run with the same number (which would be somebody's mistake) stays unpaired.
 */
static double *
pair_ratios (const BoSample *samples, gsize n, const BoSample *baseline, gsize n_baseline, guint *n_pairs)
{
  double *ratios = g_new (double, MAX (n, 1));
  g_autofree gboolean *used = g_new0 (gboolean, MAX (n_baseline, 1));
  guint found = 0;

  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n_baseline; j++)
      if (!used[j] && samples[i].block == baseline[j].block)
        {
          used[j] = TRUE;
          ratios[found++] = samples[i].value / baseline[j].value;
          break;
        }
  *n_pairs = found;
  return ratios;
}

/* Whether the test would speak if the new values were @factor times what makes the medians equal. */
static gboolean
would_show (const BoClaim *claim, double factor, double level)
{
  g_autofree double *moved = g_new (double, claim->n_new);

  for (gsize i = 0; i < claim->n_new; i++)
    moved[i] = claim->new_values[i] / claim->ratio * factor;
  return bo_statistics_mann_whitney (moved, claim->n_new, claim->old_values, claim->n_old) < level;
}

/* The smallest change, in one direction, that would have been shown. */
static double
find_detectable (const BoClaim *claim, gboolean faster, double level)
{
  double low = 0;
  double high = faster ? 0.999 : DETECTABLE_MAX;

  if (!would_show (claim, faster ? 1 - high : 1 + high, level))
    return INFINITY;

  /* Past equal medians the test only gets surer with distance, so halving finds the edge. */
  for (int i = 0; i < 50; i++)
    {
      double middle = (low + high) / 2;

      if (would_show (claim, faster ? 1 - middle : 1 + middle, level))
        high = middle;
      else
        low = middle;
    }
  return high;
}

/**
 * bo_claim_new:
 * @samples: (array length=n): undisturbed successful runs of what is new
 * @n: how many
 * @baseline: (array length=n_baseline): the same of what it is compared with
 * @n_baseline: how many
 * @noise: the noise floor, as a fraction, from bo_statistics_noise_floor()
 *
 * Measures; what may be said is decided by bo_claims_decide(), since it
 * depends on how many comparisons are made.
 *
 * Returns: (transfer full): the comparison
 */
BoClaim *
bo_claim_new (const BoSample *samples, gsize n, const BoSample *baseline, gsize n_baseline, double noise)
{
  BoClaim *claim = g_new0 (BoClaim, 1);
  g_autofree double *ratios = NULL;
  BoSpread spread;

  g_return_val_if_fail (samples != NULL || n == 0, claim);
  g_return_val_if_fail (baseline != NULL || n_baseline == 0, claim);

  claim->kind = BO_CLAIM_NOT_COMPARED;
  claim->n_new = n;
  claim->n_old = n_baseline;
  claim->noise = MAX (noise, BO_NOISE_MINIMUM);
  claim->p = -1;
  claim->p_adjusted = -1;
  claim->detectable = INFINITY;
  claim->new_values = values_of (samples, n);
  claim->old_values = values_of (baseline, n_baseline);
  if (n == 0 || n_baseline == 0)
    return claim;

  claim->ratio = bo_statistics_median (claim->new_values, n)
                 / bo_statistics_median (claim->old_values, n_baseline);

  ratios = pair_ratios (samples, n, baseline, n_baseline, &claim->n_pairs);
  if (bo_statistics_spread (ratios, claim->n_pairs, &spread))
    {
      claim->pair_median = spread.median - 1;
      claim->pair_min = spread.min - 1;
      claim->pair_max = spread.max - 1;
      for (guint i = 0; i < claim->n_pairs; i++)
        {
          claim->n_faster += ratios[i] < 1;
          claim->n_slower += ratios[i] > 1;
        }
    }

  if (MIN (n, n_baseline) >= BO_CLAIM_TEST_MINIMUM)
    {
      claim->p = bo_statistics_mann_whitney (claim->new_values, n, claim->old_values, n_baseline);
      bo_statistics_ratio_interval (claim->new_values, n, claim->old_values, n_baseline, 1 - BO_CLAIM_LEVEL,
                                    &claim->interval);
    }
  return claim;
}

void
bo_claim_free (BoClaim *claim)
{
  if (claim == NULL)
    return;
  g_free (claim->new_values);
  g_free (claim->old_values);
  g_free (claim);
}

static void
decide_pairs (BoClaim *claim)
{
  double lowest = 1 + claim->pair_min;
  double middle = 1 + claim->pair_median;
  double highest = 1 + claim->pair_max;
  gboolean agree = claim->n_faster == claim->n_pairs || claim->n_slower == claim->n_pairs;

  if (claim->n_pairs < 2)
    {
      claim->kind = BO_CLAIM_SINGLE;
      return;
    }
  if (agree && fabs (claim->pair_median) > claim->noise)
    {
      claim->kind = BO_CLAIM_PAIRS;
      return;
    }

  /* All pairs would have agreed had the median been this far off, with the spread that they have. */
  claim->kind = BO_CLAIM_NOT_SHOWN;
  claim->detectable = MAX (claim->noise, MAX (1 - middle / highest, middle / lowest - 1));
}

static void
decide_tested (BoClaim *claim)
{
  double level = BO_CLAIM_LEVEL / claim->n_tests;

  if (claim->p_adjusted < BO_CLAIM_LEVEL && fabs (claim->ratio - 1) > claim->noise)
    {
      claim->kind = BO_CLAIM_DIFFERENT;
      return;
    }

  claim->kind = BO_CLAIM_NOT_SHOWN;
  if (bo_statistics_mann_whitney_floor (claim->n_new, claim->n_old) >= level)
    return;
  claim->detectable = MAX (claim->noise, MAX (find_detectable (claim, TRUE, level),
                                              find_detectable (claim, FALSE, level)));
}

/**
 * bo_claims_decide:
 * @claims: (array length=n): all comparisons that are made against the one baseline
 * @n: how many
 *
 * Adjusts the tests among @claims for their number (Holm) and settles the
 * kind of each.
 */
void
bo_claims_decide (BoClaim *const *claims, gsize n)
{
  g_autofree double *p = g_new (double, MAX (n, 1));
  gsize n_tests = 0;
  gsize test = 0;

  g_return_if_fail (claims != NULL || n == 0);

  for (gsize i = 0; i < n; i++)
    if (claims[i]->p >= 0)
      p[n_tests++] = claims[i]->p;
  bo_statistics_holm (p, n_tests);

  for (gsize i = 0; i < n; i++)
    {
      BoClaim *claim = claims[i];
      gsize fewer = MIN (claim->n_new, claim->n_old);

      claim->n_tests = (guint) n_tests;
      if (claim->p >= 0)
        {
          claim->p_adjusted = p[test++];
          decide_tested (claim);
        }
      else if (fewer == 0)
        claim->kind = BO_CLAIM_NOT_COMPARED;
      else if (fewer == 1)
        claim->kind = BO_CLAIM_SINGLE;
      else
        decide_pairs (claim);
    }
}

static char *
format_p (double p)
{
  g_autofree char *number = bo_decimal_format (MAX (p, 0.001), "%.3f");

  return g_strconcat (p < 0.001 ? "p<" : "p=", number, NULL);
}

static char *
single_to_text (const BoClaim *claim, const char *title, const char *baseline_title, const char *language)
{
  if (claim->n_new == 1 && claim->n_old == 1)
    return g_strdup (D_ (language, "1 run each; difference not established"));
  if (MIN (claim->n_new, claim->n_old) == 1)
    return g_strdup_printf (D_ (language, "%s n=%u, %s n=%u; difference not established"),
                            title, (guint) claim->n_new, baseline_title, (guint) claim->n_old);
  return g_strdup_printf (D_ (language, "interleaved pairs: %u; difference not established"),
                          claim->n_pairs);
}

static char *
pairs_to_text (const BoClaim *claim, const char *title, const char *baseline_title, const char *language)
{
  gboolean faster = claim->n_faster > 0;
  g_autofree char *median = bo_percent_format_signed (claim->pair_median);
  /* From the smaller effect to the larger. */
  g_autofree char *range = faster ? bo_percent_format_range (claim->pair_max, claim->pair_min)
                                  : bo_percent_format_range (claim->pair_min, claim->pair_max);

  return g_strdup_printf (
    faster ? D_ (language, "in all %u interleaved pairs %s was faster than %s (median %s, range "
                                             "%s); too few runs for a test")
           : D_ (language, "in all %u interleaved pairs %s was slower than %s (median %s, range "
                                             "%s); too few runs for a test"),
    claim->n_pairs, title, baseline_title, median, range);
}

static char *
different_to_text (const BoClaim *claim, const char *title, const char *baseline_title, const char *language)
{
  g_autofree char *percent = bo_percent_format (claim->ratio - 1);
  g_autofree char *p = format_p (claim->p_adjusted);

  if (claim->n_tests > 1)
    {
      g_autofree char *plain = g_steal_pointer (&p);

      p = g_strdup_printf (D_ (language, "%s, Holm-adjusted"), plain);
    }
  return g_strdup_printf (
    claim->ratio < 1
      ? D_ (language, "%s is %s faster than %s (median; n=%u+%u; Mann-Whitney %s)")
      : D_ (language, "%s is %s slower than %s (median; n=%u+%u; Mann-Whitney %s)"),
    title, percent, baseline_title, (guint) claim->n_new, (guint) claim->n_old, p);
}

/**
 * bo_claim_to_text:
 * @claim: a comparison that was decided
 * @title: of what is new
 * @baseline_title: of what it is compared with
 * @language: of the document
 *
 * The claim grammar. A share is always of time, against the baseline ("21 %
 * faster" is 21 % less time); "times as fast" is never mixed in.
 *
 * Returns: (transfer full): one sentence without an end stop
 */
char *
bo_claim_to_text (const BoClaim *claim, const char *title, const char *baseline_title, const char *language)
{
  g_autofree char *percent = NULL;

  g_return_val_if_fail (claim != NULL && title != NULL && baseline_title != NULL, NULL);

  switch (claim->kind)
    {
    case BO_CLAIM_NOT_COMPARED:
      return g_strdup_printf (D_ (language, "not compared: no usable run of %s"),
                              claim->n_new == 0 ? title : baseline_title);
    case BO_CLAIM_SINGLE:
      return single_to_text (claim, title, baseline_title, language);
    case BO_CLAIM_PAIRS:
      return pairs_to_text (claim, title, baseline_title, language);
    case BO_CLAIM_DIFFERENT:
      return different_to_text (claim, title, baseline_title, language);
    case BO_CLAIM_NOT_SHOWN:
      if (!isfinite (claim->detectable))
        return g_strdup_printf (D_ (language, "no difference shown (n=%u+%u cannot show one)"),
                                (guint) claim->n_new, (guint) claim->n_old);
      percent = bo_percent_format (claim->detectable);
      return g_strdup_printf (D_ (language, "no difference shown (could detect ≥ %s)"),
                              percent);
    default:
      g_return_val_if_reached (NULL);
    }
}
