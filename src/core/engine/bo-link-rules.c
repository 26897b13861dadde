/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-link-rules"

#include "config.h"

#include "engine/bo-engine-error.h"
#include "engine/bo-link-rules.h"

#define PAUSE_MAX_US (30 * G_USEC_PER_SEC)
/* Two clocks are not read in the same instant. */
#define SLEEP_MIN_US (2 * G_USEC_PER_SEC)
/* An engine that is asked in the moment of its start may refuse once. */
#define REFUSALS 2

/*
 * What waiting does not heal, and how many times in a row it has to be said.
 * Twice for what a device may say for a moment while it or its engine starts: its user's keys
 * may not be mounted yet, and the engine makes its socket before it sets its group.
 */
static const struct
{
  BoEngineError code;
  guint n_times;
} lasting[] = {
  { BO_ENGINE_ERROR_URL, 1 },
  { BO_ENGINE_ERROR_SSH_MISSING, 1 },
  { BO_ENGINE_ERROR_HOST_KEY_UNKNOWN, 1 },
  { BO_ENGINE_ERROR_HOST_KEY_CHANGED, 1 },
  { BO_ENGINE_ERROR_AUTHENTICATION, 2 },
  { BO_ENGINE_ERROR_PASSPHRASE, 1 },
  { BO_ENGINE_ERROR_CERTIFICATE, 1 },
  { BO_ENGINE_ERROR_FORWARDING_REFUSED, 2 },
  { BO_ENGINE_ERROR_SOCKET_DENIED, 2 },
  { BO_ENGINE_ERROR_TOO_OLD, 1 },
  { BO_ENGINE_ERROR_TOO_NEW, 1 },
};

/**
 * bo_link_rule_judge:
 * @engine: what came of the engine's ping
 * @way: what came of the probe of the way to the device, which the engine has no part in
 * @n_refusals: how many pings in a row were refused, this one included
 *
 * Whether a link is dead. Only the way decides that: an engine under load is
 * late by minutes, and giving the link up would cancel its builds. An engine
 * that refuses is gone, while the way may stay as it is.
 */
BoLinkVerdict
bo_link_rule_judge (BoLinkAnswer engine, BoLinkAnswer way, guint n_refusals)
{
  if (engine == BO_LINK_ANSWER_YES)
    return BO_LINK_VERDICT_WELL;
  if (way == BO_LINK_ANSWER_NO || way == BO_LINK_ANSWER_SILENCE)
    return BO_LINK_VERDICT_DEAD;
  if (way == BO_LINK_ANSWER_PENDING || engine == BO_LINK_ANSWER_PENDING)
    return BO_LINK_VERDICT_WAIT;
  if (engine == BO_LINK_ANSWER_SILENCE)
    return BO_LINK_VERDICT_SLOW;
  return n_refusals < REFUSALS ? BO_LINK_VERDICT_AGAIN : BO_LINK_VERDICT_GONE;
}

/**
 * bo_link_rule_get_pause_us:
 * @n_failed: attempts that have failed since the link was lost
 * @random: from 0 to 1
 *
 * Returns: microseconds to wait before the next attempt: 1, 2, 4, 8, 16 and then
 * 30 seconds, up to a tenth less by @random, so that many that were cut off
 * together do not come back together
 */
gint64
bo_link_rule_get_pause_us (guint n_failed, double random)
{
  gint64 pause_us = n_failed >= 5 ? PAUSE_MAX_US : (gint64) G_USEC_PER_SEC << n_failed;

  return pause_us - (gint64) ((double) pause_us / 10 * CLAMP (random, 0, 1));
}

/**
 * bo_link_rule_is_lasting:
 * @error: why an attempt failed
 * @n_times: how many attempts in a row failed for this reason, this one included
 *
 * Returns: whether waiting does not heal it, so that a person has to do
 * something and the link is lost for good
 */
gboolean
bo_link_rule_is_lasting (const GError *error, guint n_times)
{
  g_return_val_if_fail (error != NULL, FALSE);

  if (error->domain != BO_ENGINE_ERROR)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (lasting); i++)
    {
      if (error->code == (int) lasting[i].code)
        return n_times >= lasting[i].n_times;
    }
  return FALSE;
}

/**
 * bo_link_rule_has_slept:
 * @boot_us: CLOCK_BOOTTIME at an earlier time
 * @monotonic_us: CLOCK_MONOTONIC at the same time
 * @boot_now_us: CLOCK_BOOTTIME now
 * @monotonic_now_us: CLOCK_MONOTONIC now
 *
 * Returns: whether this computer was suspended in between, while only the first of the two goes on
 */
gboolean
bo_link_rule_has_slept (gint64 boot_us, gint64 monotonic_us, gint64 boot_now_us, gint64 monotonic_now_us)
{
  return boot_now_us - boot_us > monotonic_now_us - monotonic_us + SLEEP_MIN_US;
}
