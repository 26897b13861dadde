/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bo-campaign-player.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bo-clock.h"
#include "bo-journal-past.h"
#include "bo-memory.h"

#define ORDER_MAX (4u * 1024 * 1024)
/* How long an orphan may clean up. */
#define ORPHAN_US 30000000

/* Reads a whole file; NULL with errno when that cannot be done. */
static char *
read_file (int folder_fd, const char *name, size_t max, size_t *length)
{
  char *data = NULL;
  size_t room = 0;
  int fd = openat (folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  ssize_t n = 0;
  int code = 0;

  if (fd < 0)
    return NULL;
  *length = 0;
  for (;;)
    {
      data = bo_memory_grow (data, 1, *length, &room);
      n = read (fd, data + *length, room - *length);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0 || *length + (size_t) n > max)
        break;
      *length += (size_t) n;
    }
  code = n < 0 ? errno : EFBIG;
  close (fd);
  if (n == 0)
    return data;
  free (data);
  errno = code;
  return NULL;
}

/*
 * What an earlier courier left.
 */

typedef struct
{
  BoPlayer *player;
  long chain;    /* the one under way, or -1 */
  uint32_t list; /* number of the sweep-list whose answer is being taken in */
  BoJsonScanner scanner;
  bool other_campaign;
  bool any;
  bool over; /* it has ended, and not in a way that it can go on from */
} Past;

static bool
line_is (const BoJournalPastMessage *message, const char *key, BoSpan value)
{
  char *line = bo_memory_new (strlen (key) + value.length + 3);
  bool found = false;

  sprintf (line, "%s %.*s\n", key, (int) value.length, value.data);
  found = memmem (message->payload, message->length, line, strlen (line)) != NULL;
  free (line);
  return found;
}

static void
past_cb (const BoJournalPastMessage *message, void *user_data)
{
  Past *past = user_data;
  BoPlayer *player = past->player;
  BoSpan text = { message->payload, message->length };
  bool of_watch = message->request != 0 && message->request == player->watch.number;
  long index = bo_play_script_find (&player->script, message->request);
  BoItemState *item = index >= 0 ? &player->items[index] : NULL;

  past->any = true;
  past->over = bo_journal_past_is_final (message);
  switch (message->type)
    {
    case BO_JOURNAL_SEGMENT:
      if (player->script.campaign.data != NULL && !line_is (message, "campaign", player->script.campaign)
          && memmem (text.data, text.length, "campaign -\n", 11) == NULL)
        past->other_campaign = true;
      break;

    case BO_JOURNAL_CHAIN:
      past->chain = -1;
      for (size_t i = 0; i < player->script.n_chains; i++)
        {
          BoSpan id = player->script.chains[i].id;

          if (id.length == text.length && memcmp (id.data, text.data, id.length) == 0)
            past->chain = (long) i;
        }
      if (past->chain >= 0)
        player->chains[past->chain].begun = true;
      break;

    case BO_JOURNAL_CHAIN_END:
      if (past->chain >= 0)
        player->chains[past->chain].ended = true;
      past->chain = -1;
      break;

    case BO_JOURNAL_REQUEST:
      if (of_watch)
        bo_watch_past (&player->watch, NULL, 0);
      if (item == NULL)
        break;
      item->result = BO_RESULT_FAILED;
      if (item->tail != NULL)
        item->tail->length = 0;
      if (player->script.items[index].kind == BO_PLAY_SWEEP_LIST)
        {
          if (item->sweep == NULL)
            item->sweep = bo_memory_new (sizeof *item->sweep);
          bo_sweep_list_clear (&item->sweep->records);
          bo_sweep_list_collect (&item->sweep->records, &past->scanner);
          past->list = message->request;
        }
      break;

    case BO_JOURNAL_DATA:
      if (of_watch)
        bo_watch_past (&player->watch, text.data, text.length);
      else if (item != NULL && past->list == message->request)
        bo_json_scanner_feed (&past->scanner, text.data, text.length);
      break;

    case BO_JOURNAL_DONE:
      if (item == NULL)
        break;
      item->result = text.length >= 2 && memcmp (text.data, "ok", 2) == 0 ? BO_RESULT_WELL : BO_RESULT_FAILED;
      if (item->sweep != NULL)
        {
          item->sweep->n_foreign = player->watch.n_foreign;
          item->sweep->n_gaps = player->watch.n_gaps;
        }
      past->list = 0;
      break;

    case BO_JOURNAL_SKIPPED:
      if (item != NULL)
        item->result = BO_RESULT_SKIPPED;
      break;

    case BO_JOURNAL_START:
    case BO_JOURNAL_SENT:
    case BO_JOURNAL_HEAD:
    case BO_JOURNAL_NOTE:
    case BO_JOURNAL_SIGNAL:
    case BO_JOURNAL_COMMAND:
    case BO_JOURNAL_TELEMETRY:
    case BO_JOURNAL_END:
    default:
      break;
    }
}

/*
 * Playing.
 */

static void
skip (BoPlayer *player, const BoPlayItem *item, const char *reason)
{
  char *text = NULL;
  size_t size = 0;

  player->items[item - player->script.items].result = BO_RESULT_SKIPPED;
  /* Nothing else in the journal says what this request would have been. */
  size = strlen (reason) + 1 + item->about.length;
  text = bo_memory_new (size);
  memcpy (text, reason, strlen (reason));
  text[strlen (reason)] = '\n';
  if (item->about.length > 0)
    memcpy (text + strlen (reason) + 1, item->about.data, item->about.length);
  bo_journal_writer_add (&player->journal, BO_JOURNAL_SKIPPED, item->number, text, size);
  free (text);
}

/* Takes in what has happened meanwhile. */
static void
look_around (BoPlayer *player)
{
  bo_player_turn (player, NULL, 0);
  if (player->attention.parent_gone && player->orphan_until_us == 0)
    player->orphan_until_us = bo_clock_boot_us () + ORPHAN_US;
  if (player->orphan_until_us != 0 || player->attention.stop_now || player->journal.problem != 0)
    player->stopping = true;
}

/* Why @item is not to be made, or NULL. */
static const char *
find_obstacle (const BoPlayer *player, const BoPlayItem *item, char *text, size_t size)
{
  if (player->stopping && !item->always)
    return "stopping";
  if (player->cut != NULL && !item->always)
    return "cut";
  for (size_t i = 0; i < item->needs.length; i++)
    {
      if (player->items[bo_play_script_find (&player->script, item->needs.numbers[i])].result != BO_RESULT_WELL)
        {
          snprintf (text, size, "needs %u", item->needs.numbers[i]);
          return text;
        }
    }
  for (size_t i = 0; i < item->unless.length; i++)
    {
      if (player->items[bo_play_script_find (&player->script, item->unless.numbers[i])].result == BO_RESULT_FAILED)
        {
          snprintf (text, size, "unless %u", item->unless.numbers[i]);
          return text;
        }
    }
  return NULL;
}

/* Plays what is not done yet of a chain. Does not end it when the courier itself must end. */
static void
play_chain (BoPlayer *player, size_t index)
{
  const BoPlayChain *chain = &player->script.chains[index];
  BoChainState *state = &player->chains[index];
  bool stopped = false;

  if (!state->begun)
    bo_journal_writer_add (&player->journal, BO_JOURNAL_CHAIN, 0, chain->id.data, chain->id.length);
  state->begun = true;

  for (size_t i = chain->first_item; i < chain->first_item + chain->n_items; i++)
    {
      const BoPlayItem *item = &player->script.items[i];
      const char *obstacle = NULL;
      char text[32];

      look_around (player);
      if (player->attention.signal != 0)
        return;
      if (player->items[i].result != BO_RESULT_NONE)
        continue;
      obstacle = bo_player_must_end (player) ? "engine" : find_obstacle (player, item, text, sizeof text);
      if (obstacle == NULL && !bo_player_wait_for_engine (player))
        {
          if (player->attention.signal != 0)
            return;
          obstacle = "engine";
        }
      if (obstacle != NULL)
        {
          stopped = stopped || player->stopping;
          player->stopped_short = player->stopped_short || player->stopping;
          skip (player, item, obstacle);
        }
      else
        player->items[i].result = bo_player_play_item (player, item);
      if (player->attention.signal != 0)
        return;
      if (item->trial_end && player->attention.stop_after_trial)
        player->stopping = true;
    }

  look_around (player);
  if (player->cut != NULL)
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_CHAIN_END, 0, "cut %s", player->cut);
  else if (player->engine_lost)
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_CHAIN_END, 0, "cut engine");
  else if (stopped)
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_CHAIN_END, 0, "cut stopping");
  else
    bo_journal_writer_printf (&player->journal, BO_JOURNAL_CHAIN_END, 0, "done");
  bo_journal_writer_sync (&player->journal);
  state->ended = true;
  player->cut = NULL;
}

/* Whether no further trial is to be begun. */
static bool
is_over (BoPlayer *player)
{
  look_around (player);
  if (player->attention.stop_after_trial)
    player->stopping = true;
  return player->stopping || bo_player_must_end (player);
}

/* Whether the trials still to come may begin: not when their surroundings were torn down before. */
static bool
is_torn_down (const BoPlayer *player)
{
  for (size_t i = 0; i < player->script.n_chains; i++)
    {
      if (player->script.chains[i].kind == BO_PLAY_TEARDOWN && player->chains[i].begun)
        return true;
    }
  return false;
}

static bool
is_to_come (const BoPlayer *player, size_t index)
{
  return player->script.chains[index].kind == BO_PLAY_TRIALS && !player->chains[index].begun;
}

static bool
has_trials_to_come (const BoPlayer *player)
{
  for (size_t i = 0; i < player->script.n_chains; i++)
    {
      if (is_to_come (player, i))
        return true;
    }
  return false;
}

/* The next chain of trials by the order file, or by the script without one; -1 when there is none. */
static long
find_next (BoPlayer *player)
{
  size_t length = 0;
  char *order = read_file (player->folder_fd, "order", ORDER_MAX, &length);
  long found = -1;

  if (order == NULL)
    {
      if (errno != ENOENT)
        bo_journal_writer_printf (&player->journal, BO_JOURNAL_NOTE, 0, "order %s", strerror (errno));
      for (size_t i = 0; i < player->script.n_chains; i++)
        {
          if (is_to_come (player, i))
            return (long) i;
        }
      return -1;
    }
  for (size_t at = 0; at < length && found < 0;)
    {
      const char *stop = memchr (order + at, '\n', length - at);
      BoSpan id = { order + at, stop != NULL ? (size_t) (stop - order) - at : length - at };

      for (size_t i = 0; i < player->script.n_chains && found < 0; i++)
        {
          BoSpan other = player->script.chains[i].id;

          if (is_to_come (player, i) && other.length == id.length && memcmp (other.data, id.data, id.length) == 0)
            found = (long) i;
        }
      at += id.length + 1;
    }
  free (order);
  return found;
}

/* Tells of the chains that the order file does not name any more. */
static void
tell_removed (BoPlayer *player)
{
  for (size_t i = 0; i < player->script.n_chains; i++)
    {
      const BoPlayChain *chain = &player->script.chains[i];

      if (!is_to_come (player, i))
        continue;
      bo_journal_writer_add (&player->journal, BO_JOURNAL_CHAIN, 0, chain->id.data, chain->id.length);
      for (size_t k = chain->first_item; k < chain->first_item + chain->n_items; k++)
        skip (player, &player->script.items[k], "removed");
      bo_journal_writer_printf (&player->journal, BO_JOURNAL_CHAIN_END, 0, "removed");
      player->chains[i].begun = player->chains[i].ended = true;
    }
}

static void
play_kind (BoPlayer *player, BoPlayChainKind kind)
{
  for (size_t i = 0; i < player->script.n_chains && player->attention.signal == 0; i++)
    {
      if (player->script.chains[i].kind != kind || player->chains[i].begun)
        continue;
      if (kind == BO_PLAY_SETUP && is_over (player))
        return;
      play_chain (player, i);
    }
}

static void
play_all (BoPlayer *player, bool resume)
{
  long next = -1;

  /* Also makes sure that the watch is there before the first request. */
  player->engine_gone = true;
  look_around (player);
  if (!bo_player_wait_for_engine (player) && !resume)
    return;

  for (size_t i = 0; i < player->script.n_chains && player->attention.signal == 0; i++)
    {
      if (!player->chains[i].begun || player->chains[i].ended)
        continue;
      player->cut = "resumed";
      play_chain (player, i);
    }

  if (!is_torn_down (player))
    {
      play_kind (player, BO_PLAY_SETUP);
      while (!is_over (player) && has_trials_to_come (player))
        {
          bo_player_look_quietly (player);
          next = is_over (player) ? -1 : find_next (player);
          if (next < 0)
            break;
          play_chain (player, (size_t) next);
        }
      if (!is_over (player))
        tell_removed (player);
    }
  /* The trials of an engine that is away may go on later, so they keep what they stand on. */
  if (!player->engine_lost)
    play_kind (player, BO_PLAY_TEARDOWN);
}

/* Whether anything was left out because of a stop. */
static bool
is_incomplete (const BoPlayer *player)
{
  for (size_t i = 0; i < player->script.n_chains; i++)
    {
      if (!player->chains[i].ended)
        return true;
    }
  return false;
}

/* The last message, and the exit status. */
static int
tell_end (BoPlayer *player, bool on_device, bool stopped_short)
{
  int code = player->journal.problem;
  bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;

  if (player->attention.signal != 0)
    {
      bo_journal_writer_printf (&player->journal, BO_JOURNAL_END, 0, "signal %s",
                                bo_attention_signal_name (&player->attention));
      return 128 + player->attention.signal;
    }
  if (code != 0)
    {
      bool told = full ? bo_journal_writer_printf (&player->journal, BO_JOURNAL_END, 0, "disk-full")
                       : bo_journal_writer_printf (&player->journal, BO_JOURNAL_END, 0, "disk-error %s", strerror (code));

      fprintf (stderr, "bakeoff-courier: the journal cannot be written: %s\n", strerror (code));
      /* The record is true and whole; started again, it would fill the disk again. */
      return full && told && on_device ? BO_COURIER_EXIT_OK : BO_COURIER_EXIT_FAILED;
    }
  if (player->orphan_until_us != 0)
    {
      bo_journal_writer_printf (&player->journal, BO_JOURNAL_END, 0, "orphaned");
      return BO_COURIER_EXIT_FAILED;
    }
  if (player->engine_lost)
    {
      bo_journal_writer_printf (&player->journal, BO_JOURNAL_END, 0, "engine-lost");
      return BO_COURIER_EXIT_FAILED;
    }
  bo_journal_writer_printf (&player->journal, BO_JOURNAL_END, 0, stopped_short ? "stopped" : "finished");
  return BO_COURIER_EXIT_OK;
}

static void
read_boot_id (char *boot, size_t size)
{
  int fd = open ("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? read (fd, boot, size - 1) : -1;

  if (fd >= 0)
    close (fd);
  boot[n > 0 ? n : 0] = '\0';
  boot[strcspn (boot, "\n")] = '\0';
}

static void
prepare_states (BoPlayer *player)
{
  player->items = bo_memory_new (player->script.n_items * sizeof *player->items);
  player->chains = bo_memory_new (player->script.n_chains * sizeof *player->chains);
  for (size_t i = 0; i < player->script.n_items; i++)
    {
      const BoPlayItem *item = &player->script.items[i];

      if (item->kind == BO_PLAY_SETTLE)
        {
          BoItemState *of = &player->items[bo_play_script_find (&player->script, item->of)];

          if (of->tail == NULL)
            of->tail = bo_memory_new (sizeof *of->tail);
        }
    }
}

static void
clear (BoPlayer *player)
{
  for (size_t i = 0; i < player->script.n_items; i++)
    {
      free (player->items[i].tail);
      if (player->items[i].sweep != NULL)
        bo_sweep_list_clear (&player->items[i].sweep->records);
      free (player->items[i].sweep);
    }
  free (player->items);
  free (player->chains);
  bo_secrets_clear (&player->secrets);
  bo_play_script_clear (&player->script);
}

static const char *
lookup_variable (const char *name)
{
  return getenv (name);
}

/*
 * Plays the campaign in the folder, or goes on with it, and returns the exit
 * status. The folder must be locked.
 */
int
bo_campaign_play (const BoPlayOptions *options)
{
  BoPlayer player = { .socket_path = options->socket_path, .folder_fd = options->folder_fd, .files_fd = options->files_fd };
  Past past = { .player = &player, .chain = -1 };
  size_t length = 0;
  char *script = NULL;
  char bad[400] = "";
  char problem[320] = "";
  char about[900];
  char boot[64];
  unsigned segment = 1;
  uint64_t next = 1;
  int journal_fd = -1;
  int status = BO_COURIER_EXIT_INPUT;
  bool on_device = strcmp (options->place, "device") == 0;

  if (mkdirat (options->folder_fd, "journal", 0700) != 0 && errno != EEXIST)
    {
      fprintf (stderr, "bakeoff-courier: journal: %s\n", strerror (errno));
      return BO_COURIER_EXIT_INPUT;
    }
  journal_fd = openat (options->folder_fd, "journal", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (journal_fd < 0)
    {
      fprintf (stderr, "bakeoff-courier: journal: %s\n", strerror (errno));
      return BO_COURIER_EXIT_INPUT;
    }

  script = read_file (options->folder_fd, "script", BO_SCRIPT_SIZE_MAX, &length);
  if (script == NULL)
    snprintf (bad, sizeof bad, "script: %s", strerror (errno));
  else if (bo_play_script_parse (&player.script, script, length, bad, sizeof bad))
    bo_secrets_load (&player.secrets, &player.script.secrets, lookup_variable, bad, sizeof bad);

  prepare_states (&player);
  bo_watch_init (&player.watch, &player.script, options->socket_path, &player.secrets, &player.journal);
  if (!bo_journal_past_read (journal_fd, &segment, &next, past_cb, &past, problem, sizeof problem))
    {
      /* The engine starts a courier again that has failed; damage does not go away by that. */
      if (on_device && errno == EBADMSG)
        status = BO_COURIER_EXIT_OK;
      goto out;
    }
  if (past.other_campaign)
    {
      snprintf (problem, sizeof problem, "journal: it belongs to another campaign");
      if (on_device)
        status = BO_COURIER_EXIT_OK;
      goto out;
    }
  if (on_device && past.over)
    {
      status = BO_COURIER_EXIT_OK;
      goto out;
    }

  read_boot_id (boot, sizeof boot);
  snprintf (about, sizeof about, "boot %s\ncourier %s\ncampaign %.*s\nplace %s\npid %ld\n", boot, PACKAGE_VERSION,
            player.script.campaign.data != NULL ? (int) player.script.campaign.length : 1,
            player.script.campaign.data != NULL ? player.script.campaign.data : "-", options->place, (long) getpid ());
  if (!bo_attention_init (&player.attention, options->folder_fd, options->parent_fd))
    {
      snprintf (problem, sizeof problem, "signals: %s", strerror (errno));
      goto out;
    }
  if (!bo_journal_writer_open (&player.journal, journal_fd, segment, next, about))
    {
      snprintf (problem, sizeof problem, "journal: %s", strerror (player.journal.problem));
      goto out;
    }

  bo_journal_writer_printf (&player.journal, BO_JOURNAL_START, 0, past.any ? "resume" : "begin");
  if (bad[0] != '\0')
    {
      bo_journal_writer_printf (&player.journal, BO_JOURNAL_END, 0, "bad-script %s", bad);
      fprintf (stderr, "bakeoff-courier: bad script: %s\n", bad);
      status = on_device ? BO_COURIER_EXIT_OK : BO_COURIER_EXIT_INPUT;
    }
  else
    {
      bo_telemetry_start (&player.telemetry, &options->telemetry);
      play_all (&player, past.any);
      bo_watch_close (&player.watch);
      bo_telemetry_stop (&player.telemetry);
      status = tell_end (&player, on_device, player.stopping && (is_incomplete (&player) || player.stopped_short));
    }
  bo_journal_writer_close (&player.journal);

out:
  if (problem[0] != '\0')
    fprintf (stderr, "bakeoff-courier: %s\n", problem);
  clear (&player);
  free (script);
  close (journal_fd);
  return status;
}
