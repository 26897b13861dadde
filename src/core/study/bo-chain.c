/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chain"

#include "config.h"

#include <string.h>

#include "study/bo-chain.h"

void
bo_chain_free (BoChain *chain)
{
  if (chain == NULL)
    return;
  g_free (chain->strategy);
  g_free (chain->base);
  g_free (chain);
}

/**
 * bo_chain_get_key:
 * @chain: a chain
 *
 * Returns: (transfer full): "strategy/base/builder"
 */
char *
bo_chain_get_key (const BoChain *chain)
{
  g_return_val_if_fail (chain != NULL, NULL);

  return g_strjoin ("/", chain->strategy, chain->base, bo_builder_to_string (chain->builder), NULL);
}

/**
 * bo_chain_list_from_cells:
 * @cells: (element-type BoCell): the selected cells; one that is there twice counts once
 *
 * Returns: (transfer full) (element-type BoChain): the chains that they come
 *   to, in the order in which they first appear
 */
GPtrArray *
bo_chain_list_from_cells (GPtrArray *cells)
{
  GPtrArray *chains = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_chain_free);

  g_return_val_if_fail (cells != NULL, chains);

  for (guint i = 0; i < cells->len; i++)
    {
      const BoCell *cell = g_ptr_array_index (cells, i);
      BoChain *chain = NULL;

      for (guint j = 0; j < chains->len && chain == NULL; j++)
        {
          BoChain *other = g_ptr_array_index (chains, j);

          if (other->builder == cell->builder && strcmp (other->strategy, cell->strategy) == 0
              && strcmp (other->base, cell->base) == 0)
            chain = other;
        }
      if (chain == NULL)
        {
          chain = g_new0 (BoChain, 1);
          chain->strategy = g_strdup (cell->strategy);
          chain->base = g_strdup (cell->base);
          chain->builder = cell->builder;
          g_ptr_array_add (chains, chain);
        }
      chain->conditions[cell->condition] = TRUE;
      chain->needs_priming = !chain->conditions[BO_CONDITION_COLD];
    }
  return chains;
}

/*
 * SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
 * generators", 2014). Written out here, and not GRand, so that a seed in an
 * old record gives the same order for ever.
 */
static guint64
next_random (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9E3779B97F4A7C15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* A number below @n, each equally likely: values from the incomplete last round are thrown away. */
static guint64
random_below (guint64 *state, guint64 n)
{
  guint64 reject_below = -n % n;
  guint64 value;

  do
    value = next_random (state);
  while (value < reject_below);
  return value % n;
}

/**
 * bo_chain_shuffle:
 * @n_chains: number of chains
 * @repetitions: how often each runs
 * @seed: any number; the same seed gives the same order for ever
 *
 * The order of a campaign: @repetitions blocks, each with every chain once, in
 * an order drawn anew for each block (Fisher-Yates). So what drifts during a
 * night (heat, network) touches all strategies alike, and a campaign that is
 * stopped early has nearly the same number of runs of each.
 *
 * Returns: (transfer full) (element-type BoChainTurn): the turns in order
 */
GArray *
bo_chain_shuffle (guint n_chains, guint repetitions, guint64 seed)
{
  GArray *turns = g_array_new (FALSE, FALSE, sizeof (BoChainTurn));
  guint64 state = seed;

  for (guint repetition = 1; repetition <= repetitions; repetition++)
    {
      guint start = turns->len;

      for (guint chain = 0; chain < n_chains; chain++)
        {
          BoChainTurn turn = { chain, repetition };

          g_array_append_val (turns, turn);
        }
      for (guint i = n_chains; i > 1; i--)
        {
          BoChainTurn *a = &g_array_index (turns, BoChainTurn, start + i - 1);
          BoChainTurn *b = &g_array_index (turns, BoChainTurn, start + random_below (&state, i));
          BoChainTurn turn = *a;

          *a = *b;
          *b = turn;
        }
    }
  return turns;
}
