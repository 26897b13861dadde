/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bench/bo-plan.h"
#include "results/bo-store.h"

G_BEGIN_DECLS

/**
 * BoPlanEstimate: what a plan will cost, from what earlier trials cost
 * @known_us: time of the builds that there is something to estimate from, microseconds
 * @n_known: how many these are
 * @n_unknown: builds of which nothing is known yet
 * @peak_bytes: disk that is needed at the worst moment beyond what is used now; a lower
 *   bound when @n_unknown_sizes is not 0
 * @n_unknown_sizes: builds whose image size is not known yet
 * @n_missing_bases: base images that have to be pulled first, whose size is not known
 */
typedef struct
{
  gint64 known_us;
  guint n_known;
  guint n_unknown;
  gint64 peak_bytes;
  guint n_unknown_sizes;
  guint n_missing_bases;
} BoPlanEstimate;

BoPlanEstimate bo_plan_estimate (const BoPlan *plan, GHashTable *estimates);

G_END_DECLS
