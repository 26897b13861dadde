/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-link-pulse"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-link-pulse.h"

/* How late a ping is before the way is probed. */
#define SUSPICION_MS (5 * 1000)
/* How long the way may take; a lost packet is sent again for the sixth time after 12.6 seconds. */
#define WAY_LIMIT_MS (15 * 1000)
/* ssh's own end is known a moment later, with better words. */
#define END_PATIENCE_MS 500

struct _BoLinkPulse
{
  BoEngine *engine;
  BoLinkPulseFunc func;
  gpointer user_data;
  GMainContext *context;

  /* The round. */
  GCancellable *asking;  /* (owned) (nullable): the ping under way */
  GCancellable *probing; /* (owned) (nullable): the probe under way */
  GSource *suspicion;    /* (owned) (nullable) */
  GSource *limit;        /* (owned) (nullable) */
  gboolean is_busy;
  BoLinkAnswer engine_answer;
  BoLinkAnswer way_answer;
  guint n_refusals;
  GError *engine_error; /* (nullable) */
  GError *way_error;    /* (nullable) */
};

/* Who asked; the pulse may be gone when the answer comes. */
typedef struct
{
  BoLinkPulse *pulse;
  GCancellable *cancellable; /* (owned): not cancelled, so the pulse is there */
} Question;

static void begin_probe (BoLinkPulse *pulse);

static Question *
question_new (BoLinkPulse *pulse, GCancellable *cancellable)
{
  Question *question = g_new0 (Question, 1);

  question->pulse = pulse;
  question->cancellable = g_object_ref (cancellable);
  return question;
}

/* Returns: whether somebody still wants the answer */
static gboolean
question_end (Question *question)
{
  gboolean wanted = !g_cancellable_is_cancelled (question->cancellable);

  g_object_unref (question->cancellable);
  g_free (question);
  return wanted;
}

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
drop_question (GCancellable **cancellable)
{
  if (*cancellable != NULL)
    g_cancellable_cancel (*cancellable);
  g_clear_object (cancellable);
}

static void
end_round (BoLinkPulse *pulse)
{
  drop_question (&pulse->asking);
  drop_question (&pulse->probing);
  drop_source (&pulse->suspicion);
  drop_source (&pulse->limit);
  pulse->is_busy = FALSE;
}

static GSource *
add_timeout (BoLinkPulse *pulse, guint interval_ms, GSourceFunc func)
{
  GSource *source = g_timeout_source_new (interval_ms);

  g_source_set_callback (source, func, pulse, NULL);
  g_source_attach (source, pulse->context);
  return source;
}

/**
 * bo_link_pulse_explain:
 * @error: what came of asking the engine
 *
 * A socket on this computer and a relay say exactly what is wrong. A forwarded
 * socket does not: the connection just ends.
 *
 * Returns: (transfer full): @error, or what it means
 */
GError *
bo_link_pulse_explain (BoConnection *connection, const GError *error)
{
  const BoDeviceUrl *url = bo_connection_get_url (connection);
  g_autofree char *place = bo_device_url_get_place (url);

  if (url->scheme != BO_DEVICE_SSH || bo_connection_is_relayed (connection)
      || !(g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED)
           || g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNREACHABLE)))
    return g_error_copy (error);
  return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_MISSING,
                      _ ("the connection to %s stands, but no engine answers at its socket “%s” (%s)"), place,
                      bo_connection_get_remote_socket_path (connection), error->message);
}

/* What a verdict is told with. */
static GError *
make_reason (BoLinkPulse *pulse, BoLinkVerdict verdict)
{
  BoConnection *connection = bo_engine_get_connection (pulse->engine);
  g_autofree char *place = bo_device_url_get_place (bo_connection_get_url (connection));

  if (verdict == BO_LINK_VERDICT_DEAD)
    return pulse->way_error != NULL
               ? g_error_copy (pulse->way_error)
               : g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_TIMED_OUT, _ ("there is no sign of life from %s"), place);
  return pulse->engine_error == NULL ? NULL : bo_link_pulse_explain (connection, pulse->engine_error);
}

static void
judge (BoLinkPulse *pulse)
{
  BoLinkVerdict verdict = bo_link_rule_judge (pulse->engine_answer, pulse->way_answer, pulse->n_refusals);
  g_autoptr (GError) reason = NULL;

  if (verdict == BO_LINK_VERDICT_WAIT)
    return;
  end_round (pulse);
  if (verdict != BO_LINK_VERDICT_WELL)
    reason = make_reason (pulse, verdict);
  g_debug ("verdict %d: %s", verdict, reason == NULL ? "" : reason->message);
  pulse->func (verdict, reason, pulse->user_data);
}

static BoLinkAnswer
read_answer (const GError *error)
{
  if (error == NULL)
    return BO_LINK_ANSWER_YES;
  if (error->domain != BO_ENGINE_ERROR)
    return BO_LINK_ANSWER_NO;
  /* Whatever else it says, it is there: it may be unwell, or the host has no session to spare for a ping. */
  return error->code == BO_ENGINE_ERROR_UNREACHABLE || error->code == BO_ENGINE_ERROR_REFUSED
                 || error->code == BO_ENGINE_ERROR_INTERRUPTED || error->code == BO_ENGINE_ERROR_SOCKET_MISSING
                 || error->code == BO_ENGINE_ERROR_SOCKET_DENIED
             ? BO_LINK_ANSWER_NO
             : BO_LINK_ANSWER_SILENCE;
}

static void
pinged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  BoLinkPulse *pulse = question->pulse;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) relay_error = NULL;

  bo_engine_ping_finish (BO_ENGINE (source), result, &error);
  if (!question_end (question))
    return;
  g_clear_object (&pulse->asking);
  drop_source (&pulse->suspicion);
  if (error != NULL && !g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NO_ANSWER)
      && (relay_error = bo_connection_dup_relay_error (bo_engine_get_connection (pulse->engine))) != NULL)
    {
      g_clear_error (&error);
      error = g_steal_pointer (&relay_error);
    }
  pulse->engine_answer = read_answer (error);
  pulse->n_refusals = pulse->engine_answer == BO_LINK_ANSWER_NO ? pulse->n_refusals + 1 : 0;
  g_clear_error (&pulse->engine_error);
  pulse->engine_error = g_steal_pointer (&error);
  if (pulse->engine_answer != BO_LINK_ANSWER_YES && pulse->probing == NULL)
    {
      /* What the way said a while ago is old. */
      pulse->way_answer = BO_LINK_ANSWER_PENDING;
      begin_probe (pulse);
    }
  judge (pulse);
}

static gboolean
limit_cb (gpointer user_data)
{
  BoLinkPulse *pulse = user_data;

  drop_source (&pulse->limit);
  drop_question (&pulse->probing);
  pulse->way_answer = BO_LINK_ANSWER_SILENCE;
  judge (pulse);
  return G_SOURCE_REMOVE;
}

static gboolean
refused_cb (gpointer user_data)
{
  BoLinkPulse *pulse = user_data;

  drop_source (&pulse->limit);
  pulse->way_answer = BO_LINK_ANSWER_NO;
  judge (pulse);
  return G_SOURCE_REMOVE;
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  BoLinkPulse *pulse = question->pulse;
  g_autoptr (GError) error = NULL;
  gboolean answers = bo_connection_probe_finish (BO_CONNECTION (source), result, &error);

  if (!question_end (question))
    return;
  g_clear_object (&pulse->probing);
  drop_source (&pulse->limit);
  if (!answers)
    {
      pulse->way_error = g_steal_pointer (&error);
      pulse->limit = add_timeout (pulse, END_PATIENCE_MS, refused_cb);
      return;
    }
  pulse->way_answer = BO_LINK_ANSWER_YES;
  judge (pulse);
}

static void
begin_probe (BoLinkPulse *pulse)
{
  drop_source (&pulse->limit);
  g_clear_error (&pulse->way_error);
  pulse->probing = g_cancellable_new ();
  pulse->limit = add_timeout (pulse, WAY_LIMIT_MS, limit_cb);
  bo_connection_probe_async (bo_engine_get_connection (pulse->engine), pulse->probing, probed_cb,
                             question_new (pulse, pulse->probing));
}

static gboolean
suspicion_cb (gpointer user_data)
{
  BoLinkPulse *pulse = user_data;

  drop_source (&pulse->suspicion);
  begin_probe (pulse);
  return G_SOURCE_REMOVE;
}

/**
 * bo_link_pulse_new:
 * @engine: an engine that was opened with a connection
 *
 * Returns: (transfer full): a pulse without a round
 */
BoLinkPulse *
bo_link_pulse_new (BoEngine *engine, BoLinkPulseFunc func, gpointer user_data)
{
  BoLinkPulse *pulse;

  g_return_val_if_fail (BO_IS_ENGINE (engine) && bo_engine_get_connection (engine) != NULL && func != NULL, NULL);

  pulse = g_new0 (BoLinkPulse, 1);
  pulse->engine = g_object_ref (engine);
  pulse->func = func;
  pulse->user_data = user_data;
  pulse->context = g_main_context_ref_thread_default ();
  return pulse;
}

/**
 * bo_link_pulse_begin:
 * @suspicious: there is a reason to think that the way is dead, so it is probed at once
 *
 * Begins a round, unless one is under way; a suspicion is for that one then. A
 * dead way is known after 15 seconds, or 20 without a suspicion.
 */
void
bo_link_pulse_begin (BoLinkPulse *pulse, gboolean suspicious)
{
  g_return_if_fail (pulse != NULL);

  if (pulse->is_busy)
    {
      if (suspicious && pulse->probing == NULL)
        {
          drop_source (&pulse->suspicion);
          pulse->way_answer = BO_LINK_ANSWER_PENDING;
          begin_probe (pulse);
        }
      return;
    }
  g_clear_error (&pulse->engine_error);
  pulse->is_busy = TRUE;
  pulse->engine_answer = BO_LINK_ANSWER_PENDING;
  pulse->way_answer = BO_LINK_ANSWER_PENDING;
  pulse->asking = g_cancellable_new ();
  bo_engine_ping_async (pulse->engine, pulse->asking, pinged_cb, question_new (pulse, pulse->asking));
  if (suspicious)
    begin_probe (pulse);
  else
    pulse->suspicion = add_timeout (pulse, SUSPICION_MS, suspicion_cb);
}

void
bo_link_pulse_free (BoLinkPulse *pulse)
{
  g_return_if_fail (pulse != NULL);

  end_round (pulse);
  g_clear_object (&pulse->engine);
  g_clear_error (&pulse->engine_error);
  g_clear_error (&pulse->way_error);
  g_main_context_unref (pulse->context);
  g_free (pulse);
}
