/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-player.h"

#include <stdio.h>
#include <string.h>

#include "bo-clock.h"

#define AGAIN_US 200000

/* Whether the whole answer was an empty list. */
static bool
is_empty_list (const BoAnswerTail *tail)
{
  char text[8];
  size_t n = 0;

  if (tail->length >= sizeof text)
    return false;
  for (size_t i = 0; i < tail->length; i++)
    {
      if (tail->bytes[i] != '\n' && tail->bytes[i] != '\r' && tail->bytes[i] != ' ')
        text[n++] = tail->bytes[i];
    }
  return n == 2 && memcmp (text, "[]", 2) == 0;
}

static void
rest (BoPlayer *player, int64_t until_us)
{
  while (!bo_player_must_end (player) && bo_clock_boot_us () < until_us)
    bo_player_turn (player, NULL, (int) ((until_us - bo_clock_boot_us ()) / 1000) + 1);
}

BoItemResult
bo_player_wait_empty (BoPlayer *player, const BoPlayItem *item)
{
  BoHttpRequest request = { .method = { "GET", 3 }, .path = item->path };
  int64_t until_us = bo_clock_boot_us () + item->limit_us;
  BoAnswerTail tail = { .length = 0 };
  BoAnswerTaker taker = { .tail = &tail };
  BoExchangeEnd end = BO_EXCHANGE_RUNS;
  char detail[320] = "";
  int status = 0;

  for (;;)
    {
      int64_t again_us = bo_clock_boot_us () + AGAIN_US;

      tail.length = 0;
      end = bo_player_request (player, item, &request, NULL, until_us, &taker, &status, detail, sizeof detail);
      if (end != BO_EXCHANGE_WHOLE || status != 200)
        break;
      if (is_empty_list (&tail))
        {
          bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "ok 200");
          return BO_RESULT_WELL;
        }
      if (again_us >= until_us || bo_player_must_end (player))
        {
          bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "limit not empty");
          return BO_RESULT_FAILED;
        }
      rest (player, again_us);
    }
  if (end == BO_EXCHANGE_WHOLE)
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "status %d", status);
  else
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "%s %s", bo_exchange_end_word (end), detail);
  bo_player_note_end (player, item, end);
  return BO_RESULT_FAILED;
}
