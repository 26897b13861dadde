/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "study/bo-chain.h"

static GPtrArray *
parse_cells (const char *const *keys)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_cell_free);

  for (; *keys != NULL; keys++)
    {
      BoCell *cell = bo_cell_parse_key (*keys);

      g_assert_nonnull (cell);
      g_ptr_array_add (cells, cell);
    }
  return cells;
}

static void
test_from_cells (void)
{
  static const char *const keys[] = {
    "a/x/classic/warm",  "a/x/classic/cold",         "b/x/classic/edited", "a/x/buildkit/cold-layers",
    "a/y/buildkit/cold", "a/y/buildkit/cold-layers", "a/x/classic/warm",   NULL,
  };
  static const struct
  {
    const char *key;
    gboolean conditions[BO_N_CONDITIONS];
    gboolean needs_priming;
  } expected[] = {
    { "a/x/classic", { TRUE, FALSE, TRUE, FALSE }, FALSE },
    { "b/x/classic", { FALSE, FALSE, FALSE, TRUE }, TRUE },
    { "a/x/buildkit", { FALSE, TRUE, FALSE, FALSE }, TRUE },
    { "a/y/buildkit", { TRUE, TRUE, FALSE, FALSE }, FALSE },
  };
  g_autoptr (GPtrArray) cells = parse_cells (keys);
  g_autoptr (GPtrArray) chains = bo_chain_list_from_cells (cells);

  g_assert_cmpuint (chains->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < chains->len; i++)
    {
      const BoChain *chain = g_ptr_array_index (chains, i);
      g_autofree char *key = bo_chain_get_key (chain);

      g_assert_cmpstr (key, ==, expected[i].key);
      g_assert_cmpmem (chain->conditions, sizeof chain->conditions, expected[i].conditions,
                       sizeof expected[i].conditions);
      g_assert_cmpint (chain->needs_priming, ==, expected[i].needs_priming);
    }
}

static char *
shuffle_to_text (guint n_chains, guint repetitions, guint64 seed)
{
  g_autoptr (GArray) turns = bo_chain_shuffle (n_chains, repetitions, seed);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < turns->len; i++)
    {
      BoChainTurn turn = g_array_index (turns, BoChainTurn, i);

      g_string_append_printf (text, "%s%u.%u", i > 0 ? " " : "", turn.chain, turn.repetition);
    }
  return g_string_free (text, FALSE);
}

/* These orders are in people's records: they must never change. */
static void
test_shuffle_for_ever (void)
{
  static const struct
  {
    guint n_chains;
    guint repetitions;
    guint64 seed;
    const char *order;
  } cases[] = {
    { 0, 3, 1, "" },
    { 1, 3, 1, "0.1 0.2 0.3" },
    { 5, 2, 0, "2.1 3.1 1.1 4.1 0.1 1.2 0.2 3.2 4.2 2.2" },
    { 5, 2, 1, "2.1 1.1 4.1 3.1 0.1 2.2 4.2 3.2 0.2 1.2" },
    { 4, 3, G_MAXUINT64, "2.1 1.1 3.1 0.1 3.2 1.2 0.2 2.2 3.3 0.3 2.3 1.3" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *order = shuffle_to_text (cases[i].n_chains, cases[i].repetitions, cases[i].seed);

      g_assert_cmpstr (order, ==, cases[i].order);
    }
}

static void
test_shuffle_blocks (void)
{
  for (guint64 seed = 0; seed < 200; seed++)
    {
      const guint n = 1 + seed % 9;
      g_autoptr (GArray) turns = bo_chain_shuffle (n, 4, seed);

      g_assert_cmpuint (turns->len, ==, 4 * n);
      for (guint block = 0; block < 4; block++)
        {
          gboolean seen[9] = { FALSE };

          for (guint i = 0; i < n; i++)
            {
              BoChainTurn turn = g_array_index (turns, BoChainTurn, block * n + i);

              g_assert_cmpuint (turn.repetition, ==, block + 1);
              g_assert_cmpuint (turn.chain, <, n);
              g_assert_false (seen[turn.chain]);
              seen[turn.chain] = TRUE;
            }
        }
    }
}

/* Each chain is at each place about equally often, within one block and between neighbours. */
static void
test_shuffle_fair (void)
{
  const guint n = 4, draws = 8000;
  guint first[4] = { 0 };

  for (guint64 seed = 0; seed < draws; seed++)
    {
      g_autoptr (GArray) turns = bo_chain_shuffle (n, 2, seed);

      first[g_array_index (turns, BoChainTurn, n).chain]++;
    }
  /* Expected 2000 each with a deviation of 39; 200 is five of them. */
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (ABS ((int) first[i] - 2000), <, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chain/from-cells", test_from_cells);
  g_test_add_func ("/chain/shuffle/for-ever", test_shuffle_for_ever);
  g_test_add_func ("/chain/shuffle/blocks", test_shuffle_blocks);
  g_test_add_func ("/chain/shuffle/fair", test_shuffle_fair);
  return g_test_run ();
}
