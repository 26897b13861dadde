/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bo-clock.h"
#include "bo-memory.h"

#define PAUSE_FIRST_US 100000
#define PAUSE_MAX_US 2000000
/* The engine keeps its last 256 events for one who asks "since"; more than this may have been too many. */
#define REPLAY_MAX 200
#define REPLAY_US 3000000

/* Whether an image's name is one of ours; some engines put their default registry before it. */
static bool
is_own_name (const char *name)
{
  static const char *const defaults[] = { "docker.io/library/", "localhost/" };

  for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
    {
      if (strncmp (name, defaults[i], strlen (defaults[i])) == 0)
        name += strlen (defaults[i]);
    }
  return strncmp (name, "bakeoff-", 8) == 0;
}

static void
copy_text (char *to, size_t size, const char *text)
{
  snprintf (to, size, "%s", text);
}

/* One value of an event, or its end. */
static void
event_cb (const char *path, const char *text, void *user_data)
{
  BoWatch *watch = user_data;

  if (text == NULL)
    {
      if (*path != '\0')
        return;
      watch->n_replayed++;
      if (strcmp (watch->type, "image") == 0 && strcmp (watch->action, "tag") == 0 && watch->name[0] != '\0'
          && !is_own_name (watch->name))
        {
          watch->n_foreign++;
          copy_text (watch->foreign, sizeof watch->foreign, watch->name);
        }
      watch->type[0] = watch->action[0] = watch->name[0] = '\0';
      return;
    }
  if (strcmp (path, "Type/") == 0)
    copy_text (watch->type, sizeof watch->type, text);
  else if (strcmp (path, "Action/") == 0)
    copy_text (watch->action, sizeof watch->action, text);
  else if (strcmp (path, "Actor/Attributes/name/") == 0)
    copy_text (watch->name, sizeof watch->name, text);
  else if (strcmp (path, "timeNano/") == 0)
    {
      BoSpan span = { text, strlen (text) };
      uint64_t number = 0;

      if (bo_span_to_number (span, INT64_MAX, &number))
        watch->last_event_ns = number;
    }
}

static void
sent_cb (void *user_data, uint64_t body_bytes)
{
}

static void
head_cb (void *user_data, const char *head, size_t length)
{
  BoWatch *watch = user_data;
  BoRedactor redactor;
  size_t out_length = 0;
  const char *out = NULL;

  bo_journal_writer_printf (watch->journal, BO_JOURNAL_REQUEST, watch->number, "watch");
  bo_redactor_init (&redactor, watch->secrets);
  out = bo_redactor_feed (&redactor, head, length, true, &out_length);
  bo_journal_writer_add (watch->journal, BO_JOURNAL_HEAD, watch->number, out, out_length);
  bo_redactor_clear (&redactor);

  if (watch->exchange.answer.status != 200)
    return;
  watch->up = true;
  watch->up_since_us = bo_clock_boot_us ();
  watch->pause_us = PAUSE_FIRST_US;
  watch->n_replayed = 0;
  /* Nothing to go on from: what happened while it was away is not known. */
  if (watch->seen_any && watch->last_event_ns == 0)
    watch->n_gaps++;
  watch->seen_any = true;
  bo_json_scanner_init (&watch->scanner, event_cb, watch);
}

static void
data_cb (void *user_data, const char *data, size_t length)
{
  BoWatch *watch = user_data;
  size_t out_length = 0;
  const char *out = bo_redactor_feed (&watch->redactor, data, length, false, &out_length);

  if (out_length > 0)
    bo_journal_writer_add (watch->journal, BO_JOURNAL_DATA, watch->number, out, out_length);
  bo_redactor_taken (&watch->redactor, out_length);

  if (!watch->up)
    return;
  bo_json_scanner_feed (&watch->scanner, data, length);
  if (watch->n_ends > 0 && watch->n_replayed > REPLAY_MAX && bo_clock_boot_us () - watch->up_since_us < REPLAY_US)
    {
      watch->n_gaps++;
      watch->n_replayed = 0;
    }
}

static const BoExchangeHandler handler = { sent_cb, head_cb, data_cb };

void
bo_watch_init (BoWatch *watch,
               const BoPlayScript *script,
               const char *socket_path,
               const BoSecrets *secrets,
               BoJournalWriter *journal)
{
  memset (watch, 0, sizeof *watch);
  watch->number = script->watch_number;
  watch->path = script->watch_path;
  watch->socket_path = socket_path;
  watch->secrets = secrets;
  watch->journal = journal;
  watch->pause_us = PAUSE_FIRST_US;
  watch->exchange.fd = -1;
  bo_json_scanner_init (&watch->scanner, event_cb, watch);
}

/* Takes in events that an earlier courier journaled; with @data NULL, a stream of them begins. */
void
bo_watch_past (BoWatch *watch, const char *data, size_t length)
{
  watch->seen_any = true;
  if (data == NULL)
    bo_json_scanner_init (&watch->scanner, event_cb, watch);
  bo_json_scanner_feed (&watch->scanner, data, length);
}

/* Asks again from the last event on, so that a lost connection loses no event. */
static void
begin (BoWatch *watch)
{
  BoHttpRequest request = { .method = { "GET", 3 } };
  size_t room = watch->path.length + 64;
  const char *joint = memchr (watch->path.data, '?', watch->path.length) != NULL ? "&" : "?";

  free (watch->full_path);
  watch->full_path = bo_memory_new (room);
  if (watch->last_event_ns == 0)
    snprintf (watch->full_path, room, "%.*s", (int) watch->path.length, watch->path.data);
  else
    {
      uint64_t since = watch->last_event_ns + 1;

      snprintf (watch->full_path, room, "%.*s%ssince=%llu.%09llu", (int) watch->path.length, watch->path.data, joint,
                (unsigned long long) (since / 1000000000), (unsigned long long) (since % 1000000000));
    }
  request.path.data = watch->full_path;
  request.path.length = strlen (watch->full_path);
  watch->running = true;
  bo_redactor_init (&watch->redactor, watch->secrets);
  bo_http_exchange_start (&watch->exchange, watch->socket_path, &request, NULL, &handler, watch);
}

/* The exchange has ended: tells so, and when to try again. */
static void
end (BoWatch *watch)
{
  BoExchangeEnd how = watch->exchange.end;
  bool told = watch->exchange.head_told;
  size_t out_length = 0;
  const char *out = bo_redactor_feed (&watch->redactor, "", 0, true, &out_length);

  if (out_length > 0)
    bo_journal_writer_add (watch->journal, BO_JOURNAL_DATA, watch->number, out, out_length);
  bo_redactor_clear (&watch->redactor);

  if (told && how == BO_EXCHANGE_WHOLE && watch->exchange.answer.status != 200)
    {
      bo_journal_writer_printf (watch->journal, BO_JOURNAL_DONE, watch->number, "status %d", watch->exchange.answer.status);
      /* 5xx: an engine that starts or stops; 4xx: it will not be otherwise the next time. */
      watch->refused = watch->exchange.answer.status < 500;
    }
  else if (told)
    bo_journal_writer_printf (watch->journal, BO_JOURNAL_DONE, watch->number, "%s %s", bo_exchange_end_word (how),
                              watch->exchange.detail);

  if (watch->up || watch->down_since_us == 0)
    watch->down_since_us = bo_clock_boot_us ();
  if (watch->up)
    watch->n_ends++;
  watch->up = watch->running = false;
  bo_http_exchange_clear (&watch->exchange);
  watch->next_try_us = bo_clock_boot_us () + watch->pause_us;
  watch->pause_us = watch->pause_us * 2 < PAUSE_MAX_US ? watch->pause_us * 2 : PAUSE_MAX_US;
}

/* Keeps the watch open. Poll `exchange.fd` when it runs, and call often. */
void
bo_watch_turn (BoWatch *watch, short revents)
{
  if (watch->number == 0 || watch->refused)
    return;
  if (!watch->running && bo_clock_boot_us () >= watch->next_try_us)
    begin (watch);
  else if (watch->running)
    bo_http_exchange_turn (&watch->exchange, revents);
  if (watch->running && watch->exchange.end != BO_EXCHANGE_RUNS)
    end (watch);
}

/* Ends the watch for good. */
void
bo_watch_close (BoWatch *watch)
{
  if (watch->running)
    {
      bo_http_exchange_finish (&watch->exchange, BO_EXCHANGE_CLOSED, "the courier ends");
      end (watch);
    }
  watch->refused = true;
  free (watch->full_path);
  watch->full_path = NULL;
}
