/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-http-exchange.h"
#include "bo-journal-writer.h"
#include "bo-json-scanner.h"

/*
 * The engine's events, followed for the whole campaign on a connection of
 * their own. They are journaled, they tell whether the engine is there, and they tell whether
 * somebody else builds.
 */

typedef struct
{
  uint32_t number; /* 0: the script has no watch */
  BoSpan path;
  const char *socket_path;
  BoJournalWriter *journal;
  const BoSecrets *secrets;

  bool running;  /* there is an exchange */
  bool up;       /* its answer has begun */
  bool refused;  /* the engine does not have such a stream */
  unsigned n_ends;
  int64_t down_since_us; /* when it was not up any more; 0: never was */

  /* Builds of others: how many, and the name of the last. */
  unsigned n_foreign;
  char foreign[128];
  /* How often events may have been missed. */
  unsigned n_gaps;

  /*< private >*/
  BoHttpExchange exchange;
  BoRedactor redactor;
  int64_t next_try_us, pause_us, up_since_us;
  unsigned n_replayed;
  BoJsonScanner scanner;
  char type[16], action[32], name[128];
  uint64_t last_event_ns;
  bool seen_any;
  char *full_path;
} BoWatch;

void bo_watch_init (BoWatch *watch,
                    const BoPlayScript *script,
                    const char *socket_path,
                    const BoSecrets *secrets,
                    BoJournalWriter *journal);
void bo_watch_past (BoWatch *watch, const char *data, size_t length);
void bo_watch_turn (BoWatch *watch, short revents);
void bo_watch_close (BoWatch *watch);
