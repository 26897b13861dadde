/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "insight/bo-statistics.h"

G_BEGIN_DECLS

/*
 * What may be said about two groups of measured times. Every sentence that
 * compares comes from here, in the window as in the documents, and there are
 * no others: with one run each nothing is claimed, with two or three only
 * what all interleaved pairs agree on, from four on what an exact test shows
 * and the noise of the device does not explain.
 */

/* Runs in each group from which on a test is made. */
#define BO_CLAIM_TEST_MINIMUM 4
/* The chance of any false claim among all comparisons of a report. */
#define BO_CLAIM_LEVEL 0.05

/**
 * BoClaimKind:
 * @BO_CLAIM_NOT_COMPARED: one side has no run that may be used
 * @BO_CLAIM_SINGLE: one run on either side, or fewer than two pairs: nothing is established
 * @BO_CLAIM_PAIRS: two or three runs, and all interleaved pairs agree, by more than the noise
 * @BO_CLAIM_DIFFERENT: a test shows it, and it is more than the noise
 * @BO_CLAIM_NOT_SHOWN: there may be a difference, but these runs do not show one
 */
typedef enum
{
  BO_CLAIM_NOT_COMPARED,
  BO_CLAIM_SINGLE,
  BO_CLAIM_PAIRS,
  BO_CLAIM_DIFFERENT,
  BO_CLAIM_NOT_SHOWN,
} BoClaimKind;

const char *bo_claim_kind_to_string (BoClaimKind kind);

/**
 * BoSample: one measured time
 * @value: above 0, in any unit that both groups share
 * @block: the block of the campaign that it ran in. Runs of two groups in the same block
 *   ran close to each other in time, so they form a pair
 */
typedef struct
{
  double value;
  guint64 block;
} BoSample;

/**
 * BoClaim: what two groups of times say
 * @kind: what may be said; final after bo_claims_decide()
 * @n_new, @n_old: runs on either side
 * @ratio: median of the new over median of the old, 0 when there is none
 * @n_pairs: interleaved pairs
 * @n_faster, @n_slower: pairs in which the new one was faster, or slower
 * @pair_median, @pair_min, @pair_max: the ratios of the pairs, less 1: -0.21 is 21 % less time
 * @noise: the noise floor that was held against it, as a fraction
 * @p: of the Mann-Whitney test, or -1 when none was made
 * @p_adjusted: after Holm's adjustment for @n_tests tests, or -1
 * @n_tests: tests made against the same baseline
 * @interval: ratio and interval after Hodges and Lehmann; its coverage is 0 when there is none
 * @detectable: the smallest relative difference that these runs, with their own spread, would
 *   have shown, or infinity when no difference could have been shown
 */
typedef struct
{
  BoClaimKind kind;
  gsize n_new;
  gsize n_old;
  double ratio;
  guint n_pairs;
  guint n_faster;
  guint n_slower;
  double pair_median;
  double pair_min;
  double pair_max;
  double noise;
  double p;
  double p_adjusted;
  guint n_tests;
  BoRatioInterval interval;
  double detectable;

  /*< private >*/
  double *new_values;
  double *old_values;
} BoClaim;

BoClaim *bo_claim_new (const BoSample *samples,
                       gsize n,
                       const BoSample *baseline,
                       gsize n_baseline,
                       double noise);
void bo_claim_free (BoClaim *claim);
void bo_claims_decide (BoClaim *const *claims, gsize n);
char *bo_claim_to_text (const BoClaim *claim,
                        const char *title,
                        const char *baseline_title,
                        const char *language);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoClaim, bo_claim_free)

G_END_DECLS
