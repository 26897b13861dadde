/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-player.h"

#include <stdio.h>
#include <string.h>

#include "bo-clock.h"

/* A request that is silent for so long, while the watch ... */
#define SILENT_US 15000000
/* ... is away and cannot be opened again for so long, is lost. */
#define AWAY_US 60000000

#define TURN_MS 200
#define CONNECT_MS 20

void
bo_player_turn (BoPlayer *player, BoHttpExchange *exchange, int timeout_ms)
{
  struct pollfd polls[BO_ATTENTION_POLLS + 3];
  struct pollfd *watch = &polls[BO_ATTENTION_POLLS];
  struct pollfd *own = &polls[BO_ATTENTION_POLLS + 1];
  struct pollfd *telemetry = &polls[BO_ATTENTION_POLLS + 2];

  bo_attention_polls (&player->attention, polls);
  memset (watch, 0, 3 * sizeof *watch);
  watch->fd = own->fd = -1;
  telemetry->fd = bo_telemetry_fd (&player->telemetry);
  telemetry->events = POLLIN;
  if (timeout_ms > TURN_MS)
    timeout_ms = TURN_MS;
  if (player->watch.running)
    {
      watch->fd = player->watch.exchange.fd;
      watch->events = bo_http_exchange_events (&player->watch.exchange);
      if (watch->events == 0)
        {
          watch->fd = -1;
          timeout_ms = timeout_ms < CONNECT_MS ? timeout_ms : CONNECT_MS;
        }
    }
  if (exchange != NULL && exchange->end == BO_EXCHANGE_RUNS)
    {
      own->fd = exchange->fd;
      own->events = bo_http_exchange_events (exchange);
      if (own->events == 0)
        {
          own->fd = -1;
          timeout_ms = timeout_ms < CONNECT_MS ? timeout_ms : CONNECT_MS;
        }
    }

  if (poll (polls, BO_ATTENTION_POLLS + 3, timeout_ms) < 0)
    {
      for (int i = 0; i < BO_ATTENTION_POLLS + 3; i++)
        polls[i].revents = 0;
    }
  /* The events first: what they say happened before the answer that may end now. */
  bo_watch_turn (&player->watch, watch->revents);
  if (exchange != NULL && exchange->end == BO_EXCHANGE_RUNS)
    bo_http_exchange_turn (exchange, own->revents);
  bo_telemetry_turn (&player->telemetry, telemetry->revents, &player->journal);
  bo_attention_turn (&player->attention, polls, &player->journal);
}

bool
bo_player_must_end (const BoPlayer *player)
{
  return player->attention.signal != 0 || player->engine_lost
         || (player->orphan_until_us != 0 && bo_clock_boot_us () >= player->orphan_until_us);
}

/* Ends @exchange when something says that it must not go on. */
static void
check (BoPlayer *player, const BoPlayItem *item, BoHttpExchange *exchange, int64_t until_us)
{
  int64_t now = bo_clock_boot_us ();
  const BoWatch *watch = &player->watch;

  if (player->attention.signal != 0)
    bo_http_exchange_finish (exchange, BO_EXCHANGE_SIGNAL, "%s", bo_attention_signal_name (&player->attention));
  else if (bo_player_must_end (player) || (player->attention.parent_gone && !item->always))
    bo_http_exchange_finish (exchange, BO_EXCHANGE_ORPHANED, "the program that started the courier is gone");
  else if (player->journal.problem != 0 && !item->always)
    bo_http_exchange_finish (exchange, BO_EXCHANGE_DISK, "%s", strerror (player->journal.problem));
  else if (player->attention.stop_now && !item->always)
    bo_http_exchange_finish (exchange, BO_EXCHANGE_STOPPED, "stop-now");
  else if (until_us != 0 && now >= until_us)
    bo_http_exchange_finish (exchange, BO_EXCHANGE_LIMIT, "%lld", (long long) item->limit_us);
  else if (watch->number != 0 && !watch->refused && !watch->up && watch->down_since_us != 0
           && now - watch->down_since_us >= AWAY_US && now - exchange->progress_us >= SILENT_US)
    bo_http_exchange_finish (exchange, BO_EXCHANGE_LOST, "silent, and the engine's events are away for %lld s",
                             (long long) ((now - watch->down_since_us) / 1000000));
}

/* Journals one answer as it comes. */
typedef struct
{
  BoPlayer *player;
  uint32_t number;
  BoRedactor redactor;
  const BoAnswerTaker *taker;
} Journaler;

static void
sent_cb (void *user_data, uint64_t body_bytes)
{
  Journaler *journaler = user_data;

  bo_journal_writer_printf (&journaler->player->journal, BO_JOURNAL_SENT, journaler->number, "%llu",
                            (unsigned long long) body_bytes);
}

static void
head_cb (void *user_data, const char *head, size_t length)
{
  Journaler *journaler = user_data;
  BoRedactor redactor;
  size_t out_length = 0;
  const char *out = NULL;

  bo_redactor_init (&redactor, &journaler->player->secrets);
  out = bo_redactor_feed (&redactor, head, length, true, &out_length);
  bo_journal_writer_add (&journaler->player->journal, BO_JOURNAL_HEAD, journaler->number, out, out_length);
  bo_redactor_clear (&redactor);
}

static void
add_tail (BoAnswerTail *tail, const char *data, size_t length)
{
  if (length > BO_TAIL_SIZE)
    {
      tail->length += length - BO_TAIL_SIZE;
      data += length - BO_TAIL_SIZE;
      length = BO_TAIL_SIZE;
    }
  for (size_t i = 0; i < length; i++)
    tail->bytes[tail->length++ % BO_TAIL_SIZE] = data[i];
}

static void
journal_data (Journaler *journaler, const char *data, size_t length, bool last)
{
  size_t out_length = 0;
  const char *out = bo_redactor_feed (&journaler->redactor, data, length, last, &out_length);

  if (out_length > 0)
    bo_journal_writer_add (&journaler->player->journal, BO_JOURNAL_DATA, journaler->number, out, out_length);
  bo_redactor_taken (&journaler->redactor, out_length);
}

static void
data_cb (void *user_data, const char *data, size_t length)
{
  Journaler *journaler = user_data;

  journal_data (journaler, data, length, false);
  if (journaler->taker != NULL && journaler->taker->tail != NULL)
    add_tail (journaler->taker->tail, data, length);
  if (journaler->taker != NULL && journaler->taker->scanner != NULL)
    bo_json_scanner_feed (journaler->taker->scanner, data, length);
}

static const BoExchangeHandler journal_handler = { sent_cb, head_cb, data_cb };

BoExchangeEnd
bo_player_request (BoPlayer *player,
                   const BoPlayItem *item,
                   const BoHttpRequest *request,
                   BoRequestBody *body,
                   int64_t until_us,
                   const BoAnswerTaker *taker,
                   int *status,
                   char *detail,
                   size_t detail_size)
{
  BoHttpExchange exchange;
  Journaler journaler = { .player = player, .number = item->number, .taker = taker };
  BoExchangeEnd end = BO_EXCHANGE_RUNS;

  bo_redactor_init (&journaler.redactor, &player->secrets);
  bo_http_exchange_start (&exchange, player->socket_path, request, body, &journal_handler, &journaler);
  while (exchange.end == BO_EXCHANGE_RUNS)
    {
      check (player, item, &exchange, until_us);
      if (exchange.end == BO_EXCHANGE_RUNS)
        bo_player_turn (player, &exchange, TURN_MS);
    }
  journal_data (&journaler, "", 0, true);
  bo_redactor_clear (&journaler.redactor);

  end = exchange.end;
  *status = end == BO_EXCHANGE_WHOLE ? exchange.answer.status : 0;
  snprintf (detail, detail_size, "%s", exchange.detail);
  bo_http_exchange_clear (&exchange);
  return end;
}

static void
no_sent_cb (void *user_data, uint64_t body_bytes)
{
}

static void
no_bytes_cb (void *user_data, const char *data, size_t length)
{
}

static const BoExchangeHandler silent_handler = { no_sent_cb, no_bytes_cb, no_bytes_cb };

bool
bo_player_ping (BoPlayer *player, int64_t limit_us, BoExchangeEnd *end)
{
  static const BoHttpRequest request = { .method = { "GET", 3 }, .path = { "/_ping", 6 } };
  BoHttpExchange exchange;
  int64_t until_us = bo_clock_boot_us () + limit_us;
  bool well = false;

  bo_http_exchange_start (&exchange, player->socket_path, &request, NULL, &silent_handler, NULL);
  while (exchange.end == BO_EXCHANGE_RUNS)
    {
      if (bo_player_must_end (player))
        bo_http_exchange_finish (&exchange, BO_EXCHANGE_STOPPED, "%s", "");
      else if (bo_clock_boot_us () >= until_us)
        bo_http_exchange_finish (&exchange, BO_EXCHANGE_LIMIT, "%s", "");
      else
        bo_player_turn (player, &exchange, TURN_MS);
    }
  well = exchange.end == BO_EXCHANGE_WHOLE && exchange.answer.status == 200;
  if (end != NULL)
    *end = exchange.end;
  bo_http_exchange_clear (&exchange);
  return well;
}

/* Lets the event loop run for some time. */
static void
rest (BoPlayer *player, int64_t time_us)
{
  int64_t until_us = bo_clock_boot_us () + time_us;

  while (!bo_player_must_end (player) && bo_clock_boot_us () < until_us)
    bo_player_turn (player, NULL, (int) ((until_us - bo_clock_boot_us ()) / 1000) + 1);
}

/*
 * Waits until the engine answers again, and then for the watch, so that no
 * event of the next request is missed. Returns false when it is to be given up.
 */
bool
bo_player_wait_for_engine (BoPlayer *player)
{
  int64_t start_us = bo_clock_boot_us ();
  int64_t pause_us = 100000;

  if (!player->engine_gone)
    return true;
  bo_journal_writer_printf (&player->journal, BO_JOURNAL_NOTE, 0, "wait engine");
  for (;;)
    {
      int64_t patience_us = (int64_t) BO_SCRIPT_ENGINE_WAIT * 1000000;

      if (bo_player_ping (player, 5000000, NULL))
        break;
      /* A user who said stop shall not wait that long for a clean-up that may not be possible, and
       * the program that is gone has taken the way to the engine with it, when that was a tunnel. */
      if (player->attention.stop_now || player->attention.stop_after_trial || player->attention.parent_gone)
        patience_us = 10000000;
      if (bo_player_must_end (player) || bo_clock_boot_us () - start_us + pause_us >= patience_us)
        {
          player->engine_lost = player->attention.signal == 0 && player->orphan_until_us == 0;
          bo_journal_writer_printf (&player->journal, BO_JOURNAL_NOTE, 0, "engine away %lld",
                                    (long long) (bo_clock_boot_us () - start_us));
          return false;
        }
      rest (player, pause_us);
      pause_us = pause_us * 2 < 5000000 ? pause_us * 2 : 5000000;
    }
  for (int64_t until_us = bo_clock_boot_us () + 5000000;
       player->watch.number != 0 && !player->watch.refused && !player->watch.up && !bo_player_must_end (player)
       && bo_clock_boot_us () < until_us;)
    bo_player_turn (player, NULL, TURN_MS);
  player->engine_gone = false;
  bo_journal_writer_printf (&player->journal, BO_JOURNAL_NOTE, 0, "engine back %lld",
                            (long long) (bo_clock_boot_us () - start_us));
  return true;
}
