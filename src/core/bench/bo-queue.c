/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-queue"

#include "config.h"

#include <string.h>

#include "bench/bo-queue.h"
#include "results/bo-trial.h"

void
bo_queue_entry_free (BoQueueEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->chain);
  g_free (entry->title);
  g_ptr_array_unref (entry->trials);
  g_free (entry);
}

static BoQueueEntry *
add_entry (GPtrArray *queue, const BoPlannedTrial *planned)
{
  BoQueueEntry *entry = g_new0 (BoQueueEntry, 1);

  entry->chain = g_strdup (planned->chain);
  entry->title = g_strdup_printf ("%s/%s/%s #%u", planned->cell->strategy, planned->cell->base,
                                  bo_builder_to_string (planned->cell->builder), planned->repetition);
  entry->trials = g_ptr_array_new ();
  g_ptr_array_add (queue, entry);
  return entry;
}

/**
 * bo_queue_list:
 * @campaign: a campaign
 * @trials: (nullable) (element-type BoTrial): its records so far
 * @order: (nullable): text of its `order` file (src/courier/bo-script-format.h); %NULL for the order of the script
 *
 * Prebuilds are not among them: they come first whatever the order says.
 *
 * Returns: (transfer full) (element-type BoQueueEntry): the chains of which nothing has begun, the next one first
 */
GPtrArray *
bo_queue_list (const BoCampaign *campaign, GPtrArray *trials, const char *order)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_queue_entry_free);
  g_autoptr (GPtrArray) queue = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_queue_entry_free);
  g_autoptr (GHashTable) begun = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) records = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) entries = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (campaign != NULL, NULL);

  for (guint i = 0; trials != NULL && i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);

      g_hash_table_insert (records, trial->id, trial);
    }
  for (guint i = 0; i < campaign->trials->len; i++)
    {
      const BoPlannedTrial *planned = g_ptr_array_index (campaign->trials, i);
      const BoTrial *record = g_hash_table_lookup (records, planned->id);
      BoQueueEntry *entry;

      /* What the engine cannot do has no chain in the script. */
      if (planned->kind == BO_TRIAL_PREBUILD || planned->unsupported != NULL)
        continue;
      entry = g_hash_table_lookup (entries, planned->chain);
      if (entry == NULL)
        {
          entry = add_entry (all, planned);
          g_hash_table_insert (entries, entry->chain, entry);
        }
      g_ptr_array_add (entry->trials, (gpointer) planned);
      if (record != NULL && record->outcome != BO_OUTCOME_PENDING)
        g_hash_table_add (begun, entry->chain);
    }

  if (order == NULL)
    {
      g_autoptr (GPtrArray) begun_entries = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_queue_entry_free);

      for (guint i = 0; i < all->len; i++)
        {
          BoQueueEntry *entry = g_ptr_array_index (all, i);

          g_ptr_array_add (g_hash_table_contains (begun, entry->chain) ? begun_entries : queue, entry);
        }
      g_ptr_array_set_free_func (all, NULL);
      return g_steal_pointer (&queue);
    }
  for (const char *line = order; *line != '\0';)
    {
      gsize length = strcspn (line, "\n");
      g_autofree char *chain = g_strndup (line, length);
      BoQueueEntry *entry = g_hash_table_lookup (entries, chain);

      /* Named twice, it is played once. */
      if (entry != NULL && !g_hash_table_contains (begun, chain))
        {
          guint index;

          g_hash_table_remove (entries, chain);
          if (g_ptr_array_find (all, entry, &index))
            g_ptr_array_add (queue, g_ptr_array_steal_index_fast (all, index));
        }
      line += length + (line[length] == '\n' ? 1 : 0);
    }
  return g_steal_pointer (&queue);
}

static gboolean
matches (const BoQueueEntry *entry, const char *pattern)
{
  g_autofree char *with_rest = g_strconcat (pattern, " #*", NULL);
  g_autofree char *with_more = g_strconcat (pattern, "/*", NULL);

  return g_str_equal (entry->chain, pattern) || g_pattern_match_simple (pattern, entry->title)
         || g_pattern_match_simple (with_rest, entry->title) || g_pattern_match_simple (with_more, entry->title);
}

/**
 * bo_queue_move_first:
 * @queue: (element-type BoQueueEntry): from bo_queue_list()
 * @pattern: id of a chain, or "STRATEGY/BASE/BUILDER" with * for any, as `--only` takes it
 *
 * Moves what matches to the front; among itself it keeps its order.
 *
 * Returns: whether anything matches
 */
gboolean
bo_queue_move_first (GPtrArray *queue, const char *pattern)
{
  guint n_moved = 0;

  for (guint i = 0; i < queue->len; i++)
    {
      if (matches (g_ptr_array_index (queue, i), pattern))
        g_ptr_array_insert (queue, (int) n_moved++, g_ptr_array_steal_index (queue, i));
    }
  return n_moved > 0;
}

/**
 * bo_queue_move:
 * @queue: (element-type BoQueueEntry): from bo_queue_list()
 * @chain: id of one of its chains
 * @position: where it is to be then; behind the last one is the last one
 *
 * Returns: whether the order is another one now
 */
gboolean
bo_queue_move (GPtrArray *queue, const char *chain, guint position)
{
  g_return_val_if_fail (queue != NULL && chain != NULL, FALSE);

  position = MIN (position, queue->len > 0 ? queue->len - 1 : 0);
  for (guint i = 0; i < queue->len; i++)
    {
      const BoQueueEntry *entry = g_ptr_array_index (queue, i);

      if (!g_str_equal (entry->chain, chain))
        continue;
      if (i == position)
        return FALSE;
      g_ptr_array_insert (queue, (int) position, g_ptr_array_steal_index (queue, i));
      return TRUE;
    }
  return FALSE;
}

/**
 * bo_queue_remove:
 * @queue: (element-type BoQueueEntry): from bo_queue_list()
 * @pattern: as in bo_queue_move_first()
 *
 * Returns: whether anything matches
 */
gboolean
bo_queue_remove (GPtrArray *queue, const char *pattern)
{
  gboolean any = FALSE;

  for (guint i = 0; i < queue->len;)
    {
      if (!matches (g_ptr_array_index (queue, i), pattern))
        {
          i++;
          continue;
        }
      g_ptr_array_remove_index (queue, i);
      any = TRUE;
    }
  return any;
}

/**
 * bo_queue_get_chains:
 * @queue: (element-type BoQueueEntry): chains
 *
 * Returns: (transfer full): their ids in order, for an `order` file
 */
GStrv
bo_queue_get_chains (GPtrArray *queue)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < queue->len; i++)
    {
      const BoQueueEntry *entry = g_ptr_array_index (queue, i);

      g_strv_builder_add (builder, entry->chain);
    }
  return g_strv_builder_end (builder);
}
