/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-player.h"

#include <stdio.h>
#include <string.h>

#include "bo-clock.h"

#define PING_EVERY_US 500000

/* Whether the answer ended in one of the needles, within the tail that was kept of it. */
static bool
has_needle (const BoAnswerTail *tail, const BoPlayItem *item)
{
  char bytes[BO_TAIL_SIZE];
  size_t length = tail->length < BO_TAIL_SIZE ? tail->length : BO_TAIL_SIZE;

  for (size_t i = 0; i < length; i++)
    bytes[i] = tail->bytes[(tail->length - length + i) % BO_TAIL_SIZE];
  for (size_t i = 0; i < item->needles.length; i++)
    {
      if (memmem (bytes, length, item->needles.spans[i].data, item->needles.spans[i].length) != NULL)
        return true;
    }
  return false;
}

/*
 * Finds out whether the engine goes away: the watch ends, or nobody listens
 * at its socket any more. A ping that is merely slow says nothing.
 */
static const char *
wait_for_end (BoPlayer *player, const BoPlayItem *item)
{
  int64_t until_us = bo_clock_boot_us () + item->limit_us;
  int64_t next_ping_us = 0;
  unsigned n_ends = player->watch.n_ends;

  while (bo_clock_boot_us () < until_us)
    {
      int64_t left_us = until_us - bo_clock_boot_us ();

      if (player->attention.signal != 0)
        return "ended";
      if (bo_player_must_end (player) || (!item->always && (player->attention.stop_now || player->attention.parent_gone)))
        return "held";
      if (player->watch.n_ends != n_ends)
        return "ended";
      if (bo_clock_boot_us () >= next_ping_us)
        {
          BoExchangeEnd end = BO_EXCHANGE_RUNS;

          if (!bo_player_ping (player, left_us < 1000000 ? left_us : 1000000, &end)
              && (end == BO_EXCHANGE_UNREACHABLE || end == BO_EXCHANGE_LOST))
            return "ended";
          next_ping_us = bo_clock_boot_us () + PING_EVERY_US;
        }
      bo_player_turn (player, NULL, 100);
    }
  return player->watch.n_ends != n_ends ? "ended" : "held";
}

BoItemResult
bo_player_settle (BoPlayer *player, const BoPlayItem *item)
{
  const BoItemState *of = &player->items[bo_play_script_find (&player->script, item->of)];
  const char *word = "quiet";

  if (of->tail != NULL && (of->result == BO_RESULT_WELL || of->result == BO_RESULT_FAILED) && has_needle (of->tail, item))
    word = wait_for_end (player, item);
  bo_journal_writer_printf (&player->journal, BO_JOURNAL_NOTE, item->number, "settle %s", word);
  if (strcmp (word, "ended") == 0)
    {
      bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "lost the engine went away");
      bo_player_note_end (player, item, BO_EXCHANGE_LOST);
      return BO_RESULT_FAILED;
    }
  bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "ok %s", word);
  return BO_RESULT_WELL;
}
