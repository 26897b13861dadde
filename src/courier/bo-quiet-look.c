/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-player.h"

#include "bo-clock.h"

#define LOOK_US 1000000
/* A second that is busier than half of the machine can be chance, or the engine tidying up: then the next one tells. */
#define LOOKS_MAX 3
/* For a sample that was asked for. A machine that swaps takes its time. */
#define ANSWER_US 500000
#define ANSWER_SOON_US 50000
/* What looking may cost: a hundredth of the time. The first look is always taken. */
#define COST_SHARE 100

static bool
can_go_on (const BoPlayer *player)
{
  return !bo_player_must_end (player) && !player->attention.stop_now && !player->attention.stop_after_trial
         && !player->attention.parent_gone && bo_telemetry_fd (&player->telemetry) >= 0;
}

/* Asks for a sample and waits for it. */
static bool
take_sample (BoPlayer *player, int64_t limit_us)
{
  unsigned n_samples = player->telemetry.n_samples;
  int64_t until_us = bo_clock_boot_us () + limit_us;

  bo_telemetry_ask (&player->telemetry);
  while (player->telemetry.n_samples == n_samples)
    {
      if (!can_go_on (player) || bo_clock_boot_us () >= until_us)
        return false;
      bo_player_turn (player, NULL, (int) ((until_us - bo_clock_boot_us ()) / 1000) + 1);
    }
  return true;
}

void
bo_player_sample_now (BoPlayer *player)
{
  if (bo_telemetry_fd (&player->telemetry) >= 0)
    take_sample (player, ANSWER_SOON_US);
}

/*
 * Looks, before a chain begins, what the machine does when Bakeoff does nothing:
 * two samples a second apart. While a build runs, nobody can tell its load from that of others.
 */
void
bo_player_look_quietly (BoPlayer *player)
{
  int64_t begin_us = bo_clock_boot_us ();

  if (!can_go_on (player)
      || (player->looked_us > 0 && (player->looked_us + LOOK_US) * COST_SHARE > begin_us - player->begun_us))
    return;
  if (player->begun_us == 0)
    player->begun_us = begin_us;
  for (int i = 0; i < LOOKS_MAX && take_sample (player, ANSWER_US); i++)
    {
      long long busy = player->telemetry.cpu_busy;
      long long total = player->telemetry.cpu_total;
      int64_t until_us = bo_clock_boot_us () + LOOK_US;

      while (can_go_on (player) && bo_clock_boot_us () < until_us)
        bo_player_turn (player, NULL, (int) ((until_us - bo_clock_boot_us ()) / 1000) + 1);
      if (!can_go_on (player) || !take_sample (player, ANSWER_US))
        break;
      busy = player->telemetry.cpu_busy - busy;
      total = player->telemetry.cpu_total - total;
      if (total <= 0 || busy * 2 <= total)
        break;
    }
  player->looked_us += bo_clock_boot_us () - begin_us;
  bo_journal_writer_printf (&player->journal, BO_JOURNAL_NOTE, 0, "quiet %lld",
                            (long long) (bo_clock_boot_us () - begin_us));
}
