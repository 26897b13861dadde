/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-player.h"

#include <stdio.h>
#include <string.h>

#include "bo-clock.h"

/* Draws the conclusions of an end that is not the item's own. */
void
bo_player_note_end (BoPlayer *player, const BoPlayItem *item, BoExchangeEnd end)
{
  if (end != BO_EXCHANGE_LOST && end != BO_EXCHANGE_UNREACHABLE)
    return;
  player->engine_gone = true;
  if (player->cut == NULL)
    player->cut = "engine";
}

static bool
is_expected (const BoPlayItem *item, int status)
{
  if (item->expect.length == 0)
    return status >= 200 && status <= 299;
  for (size_t i = 0; i < item->expect.length; i++)
    {
      if (item->expect.numbers[i] == (uint32_t) status)
        return true;
    }
  return false;
}

/* A build, most likely, so that it is worth a sample right before and after it. */
static bool
has_recipe (const BoPlayItem *item)
{
  for (size_t i = 0; i < item->n_pieces; i++)
    {
      if (item->pieces[i].recipe[0] != '\0')
        return true;
    }
  return false;
}

static BoItemResult
play_request (BoPlayer *player, const BoPlayItem *item)
{
  BoItemState *state = &player->items[item - player->script.items];
  BoHttpRequest request = { item->method, item->path, item->headers.spans, item->headers.length };
  int64_t until_us = item->limit_us > 0 ? bo_clock_boot_us () + item->limit_us : 0;
  BoAnswerTaker taker = { .tail = state->tail };
  BoRequestBody body = { 0 };
  BoExchangeEnd end = BO_EXCHANGE_RUNS;
  bool well = false;
  char detail[320];
  int status = 0;

  if (state->tail != NULL)
    state->tail->length = 0;
  if (item->n_pieces > 0
      && !bo_request_body_open (&body, item->pieces, item->n_pieces, &player->secrets, player->folder_fd, player->files_fd))
    {
      bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "body %s", body.problem);
      bo_request_body_clear (&body);
      return BO_RESULT_FAILED;
    }

  if (has_recipe (item))
    bo_player_sample_now (player);
  end = bo_player_request (player, item, &request, item->n_pieces > 0 ? &body : NULL, until_us, &taker, &status, detail,
                           sizeof detail);
  if (has_recipe (item))
    bo_player_sample_now (player);
  if (item->n_pieces > 0)
    bo_request_body_clear (&body);

  well = end == BO_EXCHANGE_WHOLE && is_expected (item, status);
  if (end == BO_EXCHANGE_WHOLE)
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "%s %d", well ? "ok" : "status", status);
  else
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "%s %s", bo_exchange_end_word (end), detail);
  bo_player_note_end (player, item, end);
  return well ? BO_RESULT_WELL : BO_RESULT_FAILED;
}

/* Makes an item, from REQUEST to DONE. */
BoItemResult
bo_player_play_item (BoPlayer *player, const BoPlayItem *item)
{
  bo_journal_writer_add (&player->journal, BO_JOURNAL_REQUEST, item->number,
                         item->about.data != NULL ? item->about.data : "", item->about.length);
  switch (item->kind)
    {
    case BO_PLAY_SETTLE:
      return bo_player_settle (player, item);
    case BO_PLAY_WAIT_EMPTY:
      return bo_player_wait_empty (player, item);
    case BO_PLAY_SWEEP_LIST:
      return bo_player_sweep_list (player, item);
    case BO_PLAY_SWEEP_PRUNE:
      return bo_player_sweep_prune (player, item);
    case BO_PLAY_REQUEST:
    default:
      return play_request (player, item);
    }
}
