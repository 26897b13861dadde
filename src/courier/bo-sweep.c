/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bo-clock.h"
#include "bo-memory.h"

/* A record is in use by those made from it, so each pass takes the outermost away. */
#define PASSES_MAX 32
#define URL_MAX 7800
/* How long records of a build that was given up may still be held. */
#define SETTLE_US 500000
#define REST_US 250000
#define RESTS_MAX 12

/* Writes DONE for a request of a sweep that ended as @end. */
static BoItemResult
finish (BoPlayer *player, const BoPlayItem *item, BoExchangeEnd end, int status, const char *detail)
{
  if (end == BO_EXCHANGE_WHOLE && status == 200)
    {
      bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "ok 200");
      return BO_RESULT_WELL;
    }
  if (end == BO_EXCHANGE_WHOLE)
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "status %d", status);
  else
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "%s %s", bo_exchange_end_word (end), detail);
  bo_player_note_end (player, item, end);
  return BO_RESULT_FAILED;
}

/* Asks for the records there are now. */
static BoExchangeEnd
list_records (BoPlayer *player,
              const BoPlayItem *item,
              int64_t until_us,
              BoSweepList *list,
              int *status,
              char *detail,
              size_t detail_size)
{
  BoHttpRequest request = { .method = { "GET", 3 }, .path = item->path };
  BoJsonScanner *scanner = bo_memory_new (sizeof *scanner);
  BoAnswerTaker taker = { .scanner = scanner };
  BoExchangeEnd end = BO_EXCHANGE_RUNS;

  bo_sweep_list_clear (list);
  bo_sweep_list_collect (list, scanner);
  end = bo_player_request (player, item, &request, NULL, until_us, &taker, status, detail, detail_size);
  free (scanner);
  return end;
}

static int64_t
limit_of (const BoPlayItem *item)
{
  return item->limit_us > 0 ? bo_clock_boot_us () + item->limit_us : 0;
}

BoItemResult
bo_player_sweep_list (BoPlayer *player, const BoPlayItem *item)
{
  BoItemState *state = &player->items[item - player->script.items];
  char detail[320];
  int status = 0;
  BoExchangeEnd end = BO_EXCHANGE_RUNS;

  if (state->sweep == NULL)
    state->sweep = bo_memory_new (sizeof *state->sweep);
  end = list_records (player, item, limit_of (item), &state->sweep->records, &status, detail, sizeof detail);
  /* From here on somebody else's build counts. One that ran before and still does has made records before, too. */
  state->sweep->n_foreign = player->watch.n_foreign;
  state->sweep->n_gaps = player->watch.n_gaps;
  return finish (player, item, end, status, detail);
}

/*
 * Why the new records may be somebody else's, or NULL. A build of somebody
 * else tags its image, which the watch sees; when it does not, it has at least sent its
 * context over a session (the docker command does), and left a record of that.
 */
static const char *
find_doubt (const BoPlayer *player, const BoSweep *sweep, const BoSweepList *new_records)
{
  const BoWatch *watch = &player->watch;

  if (watch->number == 0 || watch->refused || !watch->up || watch->n_gaps != sweep->n_gaps)
    return "unwatched";
  if (watch->n_foreign != sweep->n_foreign)
    return "foreign";
  for (size_t i = 0; i < new_records->length; i++)
    {
      if (new_records->records[i].local)
        return "foreign";
    }
  return NULL;
}

/* Which of @list are in @other; with @without, which are not. */
static void
filter (const BoSweepList *list, BoSweepList *other, bool without, BoSweepList *result)
{
  for (size_t i = 0; i < list->length; i++)
    {
      if (bo_sweep_list_has (other, list->records[i].id) != without)
        bo_sweep_list_add (result, &list->records[i]);
    }
}

/* Prunes all of @list, in as many requests as it takes. */
static BoExchangeEnd
prune (BoPlayer *player,
       const BoPlayItem *item,
       int64_t until_us,
       const BoSweepList *list,
       int *status,
       char *detail,
       size_t detail_size)
{
  size_t size = item->prune_path.length + URL_MAX;
  char *path = bo_memory_new (size);
  size_t at = 0;
  BoExchangeEnd end = BO_EXCHANGE_WHOLE;

  *status = 200;
  while (end == BO_EXCHANGE_WHOLE && *status == 200
         && bo_sweep_list_next_path (list, &at, item->prune_path.data, item->prune_path.length, path, size))
    {
      BoHttpRequest request = { .method = { "POST", 4 }, .path = { path, strlen (path) } };

      end = bo_player_request (player, item, &request, NULL, until_us, NULL, status, detail, detail_size);
    }
  free (path);
  return end;
}

/*
 * Whether a request between the listing and the sweep did not end well. A build
 * that was given up holds its records for some tenths of a second more, and
 * then lets go of them under other ids [tried on 20.10].
 */
static bool
was_given_up (const BoPlayer *player, const BoPlayItem *of, const BoPlayItem *item)
{
  for (const BoPlayItem *i = of + 1; i < item; i++)
    {
      if (player->items[i - player->script.items].result == BO_RESULT_FAILED)
        return true;
    }
  return false;
}

static void
rest (BoPlayer *player, int64_t time_us)
{
  int64_t until_us = bo_clock_boot_us () + time_us;

  while (!bo_player_must_end (player) && bo_clock_boot_us () < until_us)
    bo_player_turn (player, NULL, (int) ((until_us - bo_clock_boot_us ()) / 1000) + 1);
}

BoItemResult
bo_player_sweep_prune (BoPlayer *player, const BoPlayItem *item)
{
  size_t of_index = bo_play_script_find (&player->script, item->of);
  BoItemState *of = &player->items[of_index];
  BoSweepList now = { 0 };
  BoSweepList left = { 0 };
  int64_t until_us = limit_of (item);
  char detail[320] = "";
  const char *reason = NULL;
  size_t n_removed = 0;
  int n_rests = 0;
  bool named = false;
  int status = 0;
  BoExchangeEnd end = BO_EXCHANGE_RUNS;

  if (of->sweep == NULL || of->result != BO_RESULT_WELL)
    {
      bo_journal_writer_printf (&player->journal, BO_JOURNAL_NOTE, item->number, "sweep 0 0 unlisted");
      bo_journal_writer_printf (&player->journal, BO_JOURNAL_DONE, item->number, "ok unlisted");
      return BO_RESULT_WELL;
    }

  if (was_given_up (player, &player->script.items[of_index], item))
    {
      n_rests = RESTS_MAX;
      rest (player, SETTLE_US);
    }
  for (int pass = 0;; pass++)
    {
      BoSweepList gone = { 0 };
      size_t n_gone = 0;

      end = list_records (player, item, until_us, &now, &status, detail, sizeof detail);
      if (end != BO_EXCHANGE_WHOLE || status != 200)
        break;
      filter (&left, &now, true, &gone);
      n_gone = gone.length;
      n_removed += n_gone;
      bo_sweep_list_clear (&gone);
      bo_sweep_list_clear (&left);
      filter (&now, &of->sweep->records, true, &left);
      if (left.length == 0)
        break;

      /* Events that have come meanwhile, before each pass. */
      bo_player_turn (player, NULL, 0);
      reason = find_doubt (player, of->sweep, &left);
      if (reason != NULL)
        break;
      if (pass > 0 && n_gone == 0 && n_rests-- > 0)
        rest (player, REST_US);
      else if (pass >= PASSES_MAX || (pass > 0 && n_gone == 0))
        {
          reason = "in-use";
          break;
        }
      end = prune (player, item, until_us, &left, &status, detail, sizeof detail);
      if (end != BO_EXCHANGE_WHOLE || status != 200)
        break;
    }

  if (end != BO_EXCHANGE_WHOLE || status != 200)
    reason = "error";
  else if (reason == NULL)
    reason = "done";
  named = strcmp (reason, "foreign") == 0 && player->watch.n_foreign != of->sweep->n_foreign;
  bo_journal_writer_printf (&player->journal, BO_JOURNAL_NOTE, item->number, "sweep %zu %zu %s%s%s", n_removed,
                            left.length, reason, named ? " " : "", named ? player->watch.foreign : "");
  bo_sweep_list_clear (&now);
  bo_sweep_list_clear (&left);
  return finish (player, item, end, status, detail);
}
