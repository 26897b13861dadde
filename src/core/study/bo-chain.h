/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "study/bo-cell.h"

G_BEGIN_DECLS

/**
 * BoChain:
 * @strategy: id of the strategy
 * @base: id of the base image
 * @builder: the builder
 * @conditions: which conditions were selected, by BoCondition
 * @needs_priming: whether a build that is not counted must come first: something that starts
 *   from a warm cache was selected, and `cold`, which would fill it, was not
 *
 * The trials that must run together, in order: cold or a priming build,
 * cold-layers, warm, edited. One is run for each repetition.
 */
typedef struct
{
  char *strategy;
  char *base;
  BoBuilder builder;
  gboolean conditions[BO_N_CONDITIONS];
  gboolean needs_priming;
} BoChain;

void bo_chain_free (BoChain *chain);
char *bo_chain_get_key (const BoChain *chain);
GPtrArray *bo_chain_list_from_cells (GPtrArray *cells);

/**
 * BoChainTurn:
 * @chain: index of the chain
 * @repetition: from 1
 *
 * One run of a chain in a campaign.
 */
typedef struct
{
  guint chain;
  guint repetition;
} BoChainTurn;

GArray *bo_chain_shuffle (guint n_chains, guint repetitions, guint64 seed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoChain, bo_chain_free)

G_END_DECLS
