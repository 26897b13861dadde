/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "bench/bo-queue.h"
#include "results/bo-trial.h"

/* Chains c1 to c4 of strategies a to d, each cold and warm, after a prebuild. */
static BoCampaign *
make_campaign (void)
{
  BoCampaign *campaign = bo_campaign_new ();
  guint number = 1;

  campaign->id = g_strdup ("20261124-000000-test");
  for (guint chain = 0; chain <= 4; chain++)
    {
      for (guint i = 0; i < (chain == 0 ? 1u : 2u); i++)
        {
          BoPlannedTrial *planned = bo_planned_trial_new ();
          const char strategy[] = { chain == 0 ? 'a' : (char) ('a' + chain - 1), '\0' };

          planned->id = g_strdup_printf ("%s.%u", campaign->id, number++);
          planned->kind = chain == 0 ? BO_TRIAL_PREBUILD : BO_TRIAL_COUNTED;
          planned->cell
              = bo_cell_new (strategy, "tiny", BO_BUILDER_CLASSIC, i == 0 ? BO_CONDITION_COLD : BO_CONDITION_WARM);
          planned->chain = chain == 0 ? g_strdup ("pre1") : g_strdup_printf ("c%u", chain);
          planned->repetition = 1;
          if (chain == 4)
            planned->unsupported = g_strdup ("not here");
          g_ptr_array_add (campaign->trials, planned);
        }
    }
  return campaign;
}

static char *
describe (GPtrArray *queue)
{
  g_auto (GStrv) chains = bo_queue_get_chains (queue);

  return g_strjoinv (" ", chains);
}

#define assert_queue(queue, expected) \
  G_STMT_START { g_autofree char *text_ = describe (queue); g_assert_cmpstr (text_, ==, expected); } G_STMT_END

static void
test_order (void)
{
  g_autoptr (BoCampaign) campaign = make_campaign ();
  const struct
  {
    const char *order;
    const char *expected;
  } rows[] = {
    { NULL, "c1 c2 c3" },
    { "c3\nc1\n", "c3 c1" },
    { "c3\nc1", "c3 c1" },
    { "c3\nc3\nc9\n\npre1\nc4\nc2\n", "c3 c2" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) queue = bo_queue_list (campaign, NULL, rows[i].order);

      assert_queue (queue, rows[i].expected);
    }
}

static void
test_begun (void)
{
  g_autoptr (BoCampaign) campaign = make_campaign ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (GPtrArray) queue = NULL;
  const BoQueueEntry *entry;

  for (guint i = 0; i < campaign->trials->len; i++)
    {
      BoTrial *record = bo_planned_trial_make_record (g_ptr_array_index (campaign->trials, i), campaign->id);

      record->outcome = i <= 1 ? BO_OUTCOME_SUCCEEDED : BO_OUTCOME_PENDING;
      g_ptr_array_add (trials, record);
    }
  queue = bo_queue_list (campaign, trials, "c2\nc1\nc3\n");
  assert_queue (queue, "c2 c3");
  entry = g_ptr_array_index (queue, 0);
  g_assert_cmpstr (entry->title, ==, "b/tiny/classic #1");
  g_assert_cmpuint (entry->trials->len, ==, 2);
}

static void
test_change (void)
{
  g_autoptr (BoCampaign) campaign = make_campaign ();
  g_autoptr (GPtrArray) queue = bo_queue_list (campaign, NULL, NULL);

  g_assert_true (bo_queue_move_first (queue, "c3"));
  assert_queue (queue, "c3 c1 c2");
  g_assert_true (bo_queue_move_first (queue, "b"));
  assert_queue (queue, "c2 c3 c1");
  g_assert_true (bo_queue_move_first (queue, "*/tiny/classic"));
  assert_queue (queue, "c2 c3 c1");
  g_assert_false (bo_queue_move_first (queue, "tiny"));
  g_assert_false (bo_queue_remove (queue, "c9"));
  g_assert_true (bo_queue_remove (queue, "c/tiny"));
  assert_queue (queue, "c2 c1");
  g_assert_true (bo_queue_remove (queue, "*"));
  assert_queue (queue, "");
}

static void
test_move (void)
{
  g_autoptr (BoCampaign) campaign = make_campaign ();
  g_autoptr (GPtrArray) queue = bo_queue_list (campaign, NULL, NULL);

  g_assert_true (bo_queue_move (queue, "c1", 1));
  assert_queue (queue, "c2 c1 c3");
  g_assert_true (bo_queue_move (queue, "c3", 0));
  assert_queue (queue, "c3 c2 c1");
  g_assert_true (bo_queue_move (queue, "c3", 99));
  assert_queue (queue, "c2 c1 c3");
  g_assert_false (bo_queue_move (queue, "c3", 2));
  g_assert_false (bo_queue_move (queue, "c9", 0));
  assert_queue (queue, "c2 c1 c3");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queue/order", test_order);
  g_test_add_func ("/queue/begun", test_begun);
  g_test_add_func ("/queue/change", test_change);
  g_test_add_func ("/queue/move", test_move);
  return g_test_run ();
}
