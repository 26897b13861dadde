/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-attention.h"
#include "bo-sweep-list.h"
#include "bo-telemetry.h"
#include "bo-watch.h"

/*
 * Plays a script: all that the courier knows while it does.
 */

typedef enum
{
  BO_RESULT_NONE,    /* not tried yet */
  BO_RESULT_WELL,
  BO_RESULT_FAILED,  /* tried, and did not end well */
  BO_RESULT_SKIPPED,
} BoItemResult;

#define BO_TAIL_SIZE 4096

/* The end of an answer, for settle. */
typedef struct
{
  char bytes[BO_TAIL_SIZE];
  size_t length; /* of the answer; the tail is what fits of it, in a ring */
} BoAnswerTail;

/* What a sweep-list found, and what the watch had seen then. */
typedef struct
{
  BoSweepList records;
  unsigned n_foreign;
  unsigned n_gaps;
} BoSweep;

typedef struct
{
  BoItemResult result;
  BoAnswerTail *tail;    /* of a request that a settle asks for */
  BoSweep *sweep;        /* of a sweep-list */
} BoItemState;

typedef struct
{
  bool begun;
  bool ended;
} BoChainState;

typedef struct
{
  const char *socket_path;
  int folder_fd, files_fd;
  BoPlayScript script;
  BoSecrets secrets;
  BoJournalWriter journal;
  BoAttention attention;
  BoWatch watch;
  BoTelemetry telemetry;

  BoItemState *items;   /* as in script.items */
  BoChainState *chains; /* as in script.chains */

  bool engine_gone;          /* the last request found no engine; to be waited for */
  bool engine_lost;          /* it was waited for in vain */
  const char *cut;           /* why the chain under way is cut, or NULL */
  bool stopping;             /* only what is `always` is made any more */
  bool stopped_short;        /* and something was left out for that */
  int64_t orphan_until_us;   /* 0: not orphaned */
  int64_t begun_us;          /* when the machine was first looked at */
  int64_t looked_us;         /* how long, all in all */
} BoPlayer;

/* One pass of the event loop; @exchange may be NULL. */
void bo_player_turn (BoPlayer *player, BoHttpExchange *exchange, int timeout_ms);

/* Whether the campaign must end without another request. */
bool bo_player_must_end (const BoPlayer *player);

/* What to do with an answer beside journaling it. */
typedef struct
{
  BoAnswerTail *tail;
  BoJsonScanner *scanner;
} BoAnswerTaker;

/*
 * Makes one request for @item and journals the answer (not REQUEST and DONE).
 * Fills @detail for the DONE message. @until_us: boot time, 0 for no limit.
 */
BoExchangeEnd bo_player_request (BoPlayer *player,
                                 const BoPlayItem *item,
                                 const BoHttpRequest *request,
                                 BoRequestBody *body,
                                 int64_t until_us,
                                 const BoAnswerTaker *taker,
                                 int *status,
                                 char *detail,
                                 size_t detail_size);

/* Asks GET /_ping once. */
bool bo_player_ping (BoPlayer *player, int64_t limit_us, BoExchangeEnd *end);
bool bo_player_wait_for_engine (BoPlayer *player);

/* Asks for a sample of the machine and waits for it, as long as that takes milliseconds. */
void bo_player_sample_now (BoPlayer *player);

/* Notes what the machine does when nothing of ours runs, if that is affordable. */
void bo_player_look_quietly (BoPlayer *player);

BoItemResult bo_player_play_item (BoPlayer *player, const BoPlayItem *item);
BoItemResult bo_player_settle (BoPlayer *player, const BoPlayItem *item);
BoItemResult bo_player_wait_empty (BoPlayer *player, const BoPlayItem *item);
BoItemResult bo_player_sweep_list (BoPlayer *player, const BoPlayItem *item);
BoItemResult bo_player_sweep_prune (BoPlayer *player, const BoPlayItem *item);
void bo_player_note_end (BoPlayer *player, const BoPlayItem *item, BoExchangeEnd end);

