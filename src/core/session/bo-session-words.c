/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-session-words"

#include "config.h"

#include <glib/gi18n.h>

#include "insight/bo-duration.h"
#include "session/bo-session-words.h"

/**
 * bo_session_describe_preparation:
 * @progress: what is under way in %BO_SESSION_PREPARING
 *
 * Returns: (transfer full): part of a sentence
 */
char *
bo_session_describe_preparation (const BoSessionProgress *progress)
{
  g_return_val_if_fail (progress != NULL, NULL);

  switch (progress->preparation)
    {
    case BO_PREPARATION_SOURCES:
      return g_strdup (_ ("reading the build context"));
    case BO_PREPARATION_IMAGES:
      return g_strdup_printf (_ ("pulling %s"), progress->what != NULL ? progress->what : "…");
    case BO_PREPARATION_WRITING:
      return g_strdup (_ ("writing the script"));
    case BO_PREPARATION_ENGINE:
    default:
      return g_strdup (_ ("asking the engine"));
    }
}

/**
 * bo_session_describe_stage:
 * @session: a session
 *
 * Returns: (transfer full) (nullable): what is done before the first trial or after the last one, as a
 *   part of a sentence without the bytes; %NULL while trials are played
 */
char *
bo_session_describe_stage (BoSession *session)
{
  g_return_val_if_fail (BO_IS_SESSION (session), NULL);

  switch (bo_session_get_stage (session))
    {
    case BO_SESSION_CONNECTING:
      return g_strdup (_ ("connecting to the device"));
    case BO_SESSION_SETTLING:
      return g_strdup (_ ("looking at what earlier campaigns left"));
    case BO_SESSION_PREPARING:
      return bo_session_describe_preparation (bo_session_get_progress (session));
    case BO_SESSION_HANDING_OVER:
      return g_strdup (_ ("sending what the device does not have yet"));
    case BO_SESSION_PLAYING:
      return bo_session_is_stopping (session) ? g_strdup (_ ("stopping and cleaning up")) : NULL;
    case BO_SESSION_CLOSING:
      return g_strdup (bo_session_is_stopping (session) ? _ ("stopping and cleaning up") : _ ("cleaning up"));
    case BO_SESSION_ENDED:
    default:
      return NULL;
    }
}

/**
 * bo_link_describe:
 * @state: of a link
 * @error: (nullable): what it says with it
 * @since_us: when the link came into this state
 * @next_us: when the next attempt is made
 * @now_us: the time now; all three on the monotonic clock
 *
 * Returns: (transfer full) (nullable): what is wrong with the link, as a part of a sentence; %NULL when
 *   it stands, or there is none to speak of
 */
char *
bo_link_describe (BoLinkState state, const GError *error, gint64 since_us, gint64 next_us, gint64 now_us)
{
  g_autofree char *since = NULL;
  gint64 wait_us = next_us - now_us;

  if (state == BO_LINK_CONNECTED && error != NULL)
    return g_strdup (_ ("the engine has not answered for a while"));
  if (state != BO_LINK_RECONNECTING)
    return NULL;
  since = bo_duration_format (MAX (0, now_us - since_us));
  if (wait_us < G_USEC_PER_SEC)
    return g_strdup_printf (_ ("no connection since %s, connecting"), since);
  return g_strdup_printf (_ ("no connection since %s, next attempt in %d s"), since, (int) (wait_us / G_USEC_PER_SEC));
}

/**
 * bo_session_describe_link:
 * @session: a session
 *
 * Returns: (transfer full) (nullable): bo_link_describe() of its link, now
 */
char *
bo_session_describe_link (BoSession *session)
{
  BoLink *link;

  g_return_val_if_fail (BO_IS_SESSION (session), NULL);

  link = bo_session_get_link (session);
  return bo_link_describe (bo_link_get_state (link), bo_link_get_error (link), bo_link_get_since_us (link),
                           bo_link_get_next_attempt_us (link), g_get_monotonic_time ());
}

/**
 * bo_session_describe_consequence:
 * @session: a session whose connection is lost
 *
 * Returns: (nullable): what that means for the campaign, in a sentence; %NULL when nothing is played
 */
const char *
bo_session_describe_consequence (BoSession *session)
{
  g_return_val_if_fail (BO_IS_SESSION (session), NULL);

  if (bo_session_get_stage (session) != BO_SESSION_PLAYING)
    return NULL;
  if (bo_session_get_place (session) == BO_PLACE_DEVICE)
    return _ ("The campaign goes on there; it is followed again as soon as there is a connection.");
  return _ ("The build under way is lost with it. The rest goes on if the connection is back within two minutes.");
}

/**
 * bo_session_describe_step:
 * @trial: a trial that is built
 *
 * Returns: (transfer full) (nullable): the instruction that began last
 */
char *
bo_session_describe_step (const BoTrial *trial)
{
  g_return_val_if_fail (trial != NULL, NULL);

  for (guint i = trial->steps->len; i > 0; i--)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i - 1);

      if (step->start_us < 0 || step->number == 0)
        continue;
      return g_strdup_printf (_ ("step %u of %u  %s"), step->number, step->total, step->instruction);
    }
  return NULL;
}

/**
 * bo_phase_kind_get_title:
 * @kind: a phase
 *
 * Returns: its name for people, translated
 */
const char *
bo_phase_kind_get_title (BoPhaseKind kind)
{
  switch (kind)
    {
    case BO_PHASE_PULL:
      return C_ ("phase", "Pull");
    case BO_PHASE_UPLOAD:
      return C_ ("phase", "Upload");
    case BO_PHASE_PREBUILD:
      return C_ ("phase", "Prebuild");
    case BO_PHASE_BUILD:
      return C_ ("phase", "Build");
    case BO_PHASE_INSPECT:
      return C_ ("phase", "Inspect");
    case BO_PHASE_PROBES:
      return C_ ("phase", "Probes");
    case BO_PHASE_CLEANUP:
    default:
      return C_ ("phase", "Clean Up");
    }
}
