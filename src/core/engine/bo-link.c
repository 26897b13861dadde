/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-link"

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-link-pulse.h"
#include "engine/bo-link-rules.h"
#include "engine/bo-link.h"
#include "engine/bo-private-folder.h"

/* An attempt that nobody watches is given up, for the next may find a better way. */
#define ATTEMPT_LIMIT_US (90 * G_USEC_PER_SEC)
/* Hints of the network come in bursts. */
#define ATTEMPT_APART_US (G_USEC_PER_SEC / 2)
/* Timers stand still while this computer sleeps, so they are never longer than this. */
#define TIMER_MAX_US (2 * G_USEC_PER_SEC)
#define POLL_US (20 * 1000)
/*
 * With the 20 seconds that a pulse takes at most to find the way dead, 30
 * seconds; ssh's own keep-alive takes 40.
 */
#define PULSE_APART_US (10 * G_USEC_PER_SEC)
#define PULSE_AGAIN_US (1 * G_USEC_PER_SEC)
#define PULSE_HINT_APART_US (2 * G_USEC_PER_SEC)

struct _BoLink
{
  GObject parent_instance;

  BoDeviceUrl *url;
  BoPrivateFolder *folder; /* (nullable) with the socket, for ssh and tcp */
  char *socket_path;
  GMainContext *context; /* (owned): of the opening */
  GNetworkMonitor *monitor;

  BoLinkState state;
  gint64 since_us;
  GError *error;            /* (nullable) */
  BoConnection *connection; /* (owned) (nullable); in RECONNECTING one whose end has no engine */
  BoConnection *leaving;    /* (owned) (nullable): closed, but its process may not be gone yet */
  BoEngine *engine;         /* (owned) (nullable) */
  BoLinkPulse *pulse;       /* (nullable): of the engine */

  GTask *opening;           /* (nullable) */
  GSource *cancelled;       /* (owned) (nullable): the opening is */
  GCancellable *attempting; /* (owned) (nullable): the attempt under way */
  gboolean attended;        /* the next attempt may ask a person */
  gboolean hurried;         /* the next attempt is not to wait */
  guint attempt;
  guint n_pauses; /* since the last hint that the network is another one */
  int last_code;
  guint n_same; /* attempts in a row that failed with last_code */

  /* By CLOCK_BOOTTIME, which goes on while this computer sleeps; 0: never. */
  gint64 begun_us;
  gint64 due_us;
  gint64 pulse_due_us;
  gint64 pulse_begun_us;
  gint64 seen_boot_us;
  gint64 seen_monotonic_us;
  GSource *timer; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BoLink, bo_link, G_TYPE_OBJECT)

enum
{
  SIGNAL_STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void arm (BoLink *self);
static void look_again (BoLink *self);
static void lost (BoLink *self, const GError *reason);

static gint64
boot_time_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
emit (BoLink *self)
{
  g_autoptr (BoLink) held = g_object_ref (self);

  g_signal_emit (held, signals[SIGNAL_STATE_CHANGED], 0);
}

static void
set_state (BoLink *self, BoLinkState state, const GError *error)
{
  g_autoptr (GError) copy = error == NULL ? NULL : g_error_copy (error);

  if (state != self->state)
    {
      self->state = state;
      self->since_us = g_get_monotonic_time ();
      g_debug ("%s: %s", bo_link_state_get_id (state), copy == NULL ? "" : copy->message);
    }
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&copy);
}

/* Forgets the attempt under way; its callback finds that out. */
static void
drop_attempt (BoLink *self)
{
  if (self->attempting != NULL)
    g_cancellable_cancel (self->attempting);
  g_clear_object (&self->attempting);
}

static void
drop_engine (BoLink *self)
{
  g_clear_pointer (&self->pulse, bo_link_pulse_free);
  g_clear_object (&self->engine);
}

static void
drop_connection (BoLink *self)
{
  drop_engine (self);
  if (self->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  bo_connection_close (self->connection);
  g_set_object (&self->leaving, self->connection);
  g_clear_object (&self->connection);
}

static void
shut (BoLink *self)
{
  drop_attempt (self);
  drop_connection (self);
  g_clear_object (&self->leaving);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_clear_pointer (&self->folder, bo_private_folder_free);
  self->due_us = 0;
}

static void
bo_link_dispose (GObject *object)
{
  shut (BO_LINK (object));

  G_OBJECT_CLASS (bo_link_parent_class)->dispose (object);
}

static void
bo_link_finalize (GObject *object)
{
  BoLink *self = BO_LINK (object);

  g_clear_pointer (&self->url, bo_device_url_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_error (&self->error);
  g_free (self->socket_path);

  G_OBJECT_CLASS (bo_link_parent_class)->finalize (object);
}

static void
bo_link_class_init (BoLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_link_dispose;
  object_class->finalize = bo_link_finalize;

  signals[SIGNAL_STATE_CHANGED] = g_signal_new ("state-changed", BO_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                                NULL, G_TYPE_NONE, 0);
}

static void
bo_link_init (BoLink *self)
{
  self->since_us = g_get_monotonic_time ();
}

/**
 * bo_link_new:
 * @url: where the engine is
 *
 * Returns: (transfer full): a link that is still to be opened
 */
BoLink *
bo_link_new (const BoDeviceUrl *url)
{
  BoLink *self;

  g_return_val_if_fail (url != NULL, NULL);

  self = g_object_new (BO_TYPE_LINK, NULL);
  self->url = bo_device_url_copy (url);
  return self;
}

/* Points the path that stays at the socket of this connection. */
static gboolean
point_path (BoLink *self, GError **error)
{
  g_autofree char *fresh = NULL;

  if (self->folder == NULL)
    return TRUE;
  fresh = bo_private_folder_get_file (self->folder, "new");
  if (symlink (bo_connection_get_socket_path (self->connection), fresh) != 0 || rename (fresh, self->socket_path) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("cannot make “%s”: %s"), self->socket_path,
                   g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

static void
finish_opening (BoLink *self, const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->opening);

  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
  if (task == NULL)
    return;
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

/* One attempt; which of its calls is under way does not matter. */
typedef struct
{
  BoLink *link;              /* (owned) */
  GCancellable *cancellable; /* (owned): is link->attempting, or the attempt is over */
} Attempt;

static void
attempt_free (Attempt *attempt)
{
  g_object_unref (attempt->link);
  g_object_unref (attempt->cancellable);
  g_free (attempt);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Attempt, attempt_free)

static void
attempt_failed (BoLink *self, const GError *error)
{
  g_clear_object (&self->attempting);
  if (self->state == BO_LINK_OPENING)
    {
      drop_connection (self);
      set_state (self, BO_LINK_LOST, error);
      finish_opening (self, error);
      emit (self);
      return;
    }

  self->n_same = error->domain == BO_ENGINE_ERROR && error->code == self->last_code ? self->n_same + 1 : 1;
  self->last_code = error->domain == BO_ENGINE_ERROR ? error->code : -1;
  if (bo_link_rule_is_lasting (error, self->n_same))
    {
      drop_connection (self);
      self->due_us = 0;
      set_state (self, BO_LINK_LOST, error);
    }
  else
    {
      self->due_us = boot_time_us ()
                     + (self->hurried ? ATTEMPT_APART_US
                                      : bo_link_rule_get_pause_us (++self->n_pauses, g_random_double ()));
      set_state (self, BO_LINK_RECONNECTING, error);
    }
  arm (self);
  emit (self);
}

static void
connection_closed_cb (BoConnection *connection, gpointer user_data)
{
  BoLink *self = user_data;
  const GError *error = bo_connection_get_error (connection);

  if (error != NULL)
    lost (self, error);
}

/* The engine has left the end of a connection that stands, which is kept: it may not be had again without a person. */
static void
engine_gone (BoLink *self, const GError *reason)
{
  drop_engine (self);
  self->due_us = boot_time_us () + bo_link_rule_get_pause_us (0, g_random_double ());
  set_state (self, BO_LINK_RECONNECTING, reason);
  arm (self);
  emit (self);
}

static void
pulse_cb (BoLinkVerdict verdict, const GError *reason, gpointer user_data)
{
  g_autoptr (BoLink) self = g_object_ref (BO_LINK (user_data));
  g_autoptr (GError) old = NULL;

  self->pulse_due_us
      = boot_time_us () + (verdict == BO_LINK_VERDICT_AGAIN ? PULSE_AGAIN_US : PULSE_APART_US);
  switch (verdict)
    {
    case BO_LINK_VERDICT_DEAD:
      bo_connection_give_up (self->connection, reason);
      return;
    case BO_LINK_VERDICT_GONE:
      engine_gone (self, reason);
      return;
    case BO_LINK_VERDICT_WELL:
    case BO_LINK_VERDICT_SLOW:
      arm (self);
      if (g_strcmp0 (self->error == NULL ? NULL : self->error->message, reason == NULL ? NULL : reason->message) == 0)
        return;
      set_state (self, BO_LINK_CONNECTED, reason);
      emit (self);
      return;
    case BO_LINK_VERDICT_AGAIN:
      arm (self);
      return;
    case BO_LINK_VERDICT_WAIT:
    default:
      g_assert_not_reached ();
    }
}

static void
begin_pulse (BoLink *self, gboolean suspicious)
{
  self->pulse_due_us = 0;
  self->pulse_begun_us = boot_time_us ();
  bo_link_pulse_begin (self->pulse, suspicious);
}

static void
engine_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Attempt) attempt = user_data;
  BoLink *self = attempt->link;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoEngine) engine = bo_engine_open_connection_finish (result, &error);

  if (attempt->cancellable != self->attempting)
    return;
  if (engine == NULL || !point_path (self, &error))
    {
      g_autoptr (GError) reason = bo_link_pulse_explain (self->connection, error);

      attempt_failed (self, reason);
      return;
    }
  g_clear_object (&self->attempting);
  g_set_object (&self->engine, engine);
  self->pulse = bo_link_pulse_new (engine, pulse_cb, self);
  self->pulse_due_us = boot_time_us () + PULSE_APART_US;
  self->attempt = 0;
  self->n_pauses = 0;
  self->n_same = 0;
  self->due_us = 0;
  set_state (self, BO_LINK_CONNECTED, NULL);
  arm (self);
  finish_opening (self, NULL);
  emit (self);
}

static void
open_engine (BoLink *self, Attempt *attempt)
{
  bo_engine_open_connection_async (self->connection, attempt->cancellable, engine_cb, attempt);
}

static void
connection_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Attempt) attempt = user_data;
  BoLink *self = attempt->link;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoConnection) connection = bo_connection_open_finish (result, &error);

  if (attempt->cancellable != self->attempting)
    {
      if (connection != NULL)
        bo_connection_close (connection);
      return;
    }
  if (connection != NULL && bo_connection_get_error (connection) != NULL)
    {
      /* It was lost before anybody could hear of it. */
      error = g_error_copy (bo_connection_get_error (connection));
      g_clear_object (&connection);
    }
  if (connection == NULL)
    {
      attempt_failed (self, error);
      return;
    }
  self->connection = g_steal_pointer (&connection);
  g_signal_connect (self->connection, "closed", G_CALLBACK (connection_closed_cb), self);
  open_engine (self, g_steal_pointer (&attempt));
}

static void
begin_attempt (BoLink *self)
{
  Attempt *attempt = g_new0 (Attempt, 1);
  gboolean attended = self->attended;

  self->attended = FALSE;
  self->hurried = FALSE;
  self->due_us = 0;
  self->begun_us = boot_time_us ();
  self->attempt++;
  self->attempting = g_cancellable_new ();
  attempt->link = g_object_ref (self);
  attempt->cancellable = g_object_ref (self->attempting);
  g_clear_object (&self->leaving);
  if (self->connection != NULL)
    open_engine (self, attempt);
  else if (attended)
    {
      self->begun_us = 0; /* a person may take as long as they like */
      bo_connection_open_async (self->url, self->attempting, connection_cb, attempt);
    }
  else
    bo_connection_reopen_async (self->url, self->attempting, connection_cb, attempt);
}

/* The connection, or the engine at its end, is no longer there. */
static void
lost (BoLink *self, const GError *reason)
{
  gboolean was_connected = self->state == BO_LINK_CONNECTED;
  g_autoptr (GError) copy = g_error_copy (reason);

  drop_connection (self);
  if (self->attempting != NULL)
    {
      /* It was with this connection that an attempt was made. */
      drop_attempt (self);
      attempt_failed (self, copy);
      return;
    }
  self->attempt = 0;
  self->n_pauses = 0;
  self->n_same = 0;
  self->hurried = FALSE;
  self->due_us = boot_time_us () + bo_link_rule_get_pause_us (0, g_random_double ());
  if (was_connected || self->state == BO_LINK_RECONNECTING)
    set_state (self, BO_LINK_RECONNECTING, copy);
  arm (self);
  emit (self);
}

/* Does what is due. */
static gboolean
timer_cb (gpointer user_data)
{
  g_autoptr (BoLink) self = g_object_ref (BO_LINK (user_data));
  gint64 boot_us = boot_time_us ();
  gint64 monotonic_us = g_get_monotonic_time ();
  gboolean slept
      = bo_link_rule_has_slept (self->seen_boot_us, self->seen_monotonic_us, boot_us, monotonic_us);

  self->seen_boot_us = boot_us;
  self->seen_monotonic_us = monotonic_us;
  g_clear_pointer (&self->timer, g_source_unref);

  if (slept)
    {
      g_debug ("this computer slept");
      look_again (self);
    }
  if (self->pulse != NULL && self->pulse_due_us != 0 && self->pulse_due_us <= boot_us)
    begin_pulse (self, FALSE);
  if (self->attempting != NULL && self->begun_us != 0 && boot_us - self->begun_us > ATTEMPT_LIMIT_US)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *place = bo_device_url_get_place (self->url);

      g_set_error (&error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_TIMED_OUT,
                   _ ("no connection to %s came about within %d seconds"), place,
                   (int) (ATTEMPT_LIMIT_US / G_USEC_PER_SEC));
      drop_attempt (self);
      drop_connection (self);
      attempt_failed (self, error);
      return G_SOURCE_REMOVE;
    }
  if (self->attempting == NULL && self->due_us != 0 && self->due_us <= boot_us)
    {
      if (self->leaving != NULL && !bo_connection_is_gone (self->leaving))
        self->due_us = boot_us + POLL_US;
      else
        {
          begin_attempt (self);
          arm (self);
          emit (self);
          return G_SOURCE_REMOVE;
        }
    }
  arm (self);
  return G_SOURCE_REMOVE;
}

/* Sets the timer to when something is due. */
static void
arm (BoLink *self)
{
  gint64 due_us = self->pulse != NULL ? self->pulse_due_us : self->due_us;
  gint64 wait_us = TIMER_MAX_US;

  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->state == BO_LINK_LOST || self->state == BO_LINK_CLOSED || self->state == BO_LINK_OPENING)
    return;
  if (due_us != 0)
    wait_us = CLAMP (due_us - boot_time_us (), 0, TIMER_MAX_US);
  self->timer = g_timeout_source_new ((guint) (wait_us / 1000) + 1);
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* The way may be another one than a moment ago: it is looked at or tried at once, unless that was just done. */
static void
look_again (BoLink *self)
{
  if (self->pulse != NULL && boot_time_us () - self->pulse_begun_us > PULSE_HINT_APART_US)
    begin_pulse (self, TRUE);
  if (self->state != BO_LINK_RECONNECTING)
    return;
  self->n_pauses = 0;
  if (self->attempting != NULL)
    {
      self->hurried = TRUE;
      return;
    }
  self->due_us = MIN (self->due_us, MAX (boot_time_us (), self->begun_us + ATTEMPT_APART_US));
  arm (self);
}

static gboolean
network_changed_here (gpointer user_data)
{
  look_again (user_data);
  return G_SOURCE_REMOVE;
}

/* Comes in the thread that asked for the monitor first. */
static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  BoLink *self = user_data;

  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, network_changed_here, g_object_ref (self),
                              g_object_unref);
}

static gboolean
make_path (BoLink *self, GError **error)
{
  if (self->url->scheme == BO_DEVICE_UNIX)
    {
      self->socket_path = g_strdup (self->url->path);
      return TRUE;
    }
  self->folder = bo_private_folder_new (error);
  if (self->folder == NULL)
    return FALSE;
  self->socket_path = bo_private_folder_get_file (self->folder, "engine");
  return TRUE;
}

static gboolean
opening_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  bo_link_close (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * bo_link_open_async:
 * @cancellable: (nullable): closes the link if it is cancelled before it is open
 *
 * Makes the first connection; to be called once. ssh may ask a person for a
 * passphrase, for as long as that takes. If the connection cannot be made, that is an error at
 * once, whatever the reason, and the state is %BO_LINK_LOST.
 */
void
bo_link_open_async (BoLink *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_return_if_fail (BO_IS_LINK (self));
  g_return_if_fail (self->state == BO_LINK_OPENING && self->context == NULL);

  g_task_set_source_tag (task, bo_link_open_async);
  self->context = g_main_context_ref_thread_default ();
  if (g_task_return_error_if_cancelled (task))
    {
      set_state (self, BO_LINK_CLOSED, NULL);
      return;
    }
  if (!make_path (self, &error))
    {
      set_state (self, BO_LINK_LOST, error);
      g_task_return_error (task, error);
      return;
    }
  self->seen_boot_us = boot_time_us ();
  self->seen_monotonic_us = g_get_monotonic_time ();
  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (network_changed_cb), self, 0);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (opening_cancelled_cb), self, NULL);
      g_source_attach (self->cancelled, self->context);
    }
  self->opening = g_steal_pointer (&task);
  self->attended = TRUE;
  begin_attempt (self);
}

/**
 * bo_link_open_finish:
 *
 * Returns: whether the link is connected
 */
gboolean
bo_link_open_finish (BoLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

const BoDeviceUrl *
bo_link_get_url (BoLink *self)
{
  g_return_val_if_fail (BO_IS_LINK (self), NULL);

  return self->url;
}

BoLinkState
bo_link_get_state (BoLink *self)
{
  g_return_val_if_fail (BO_IS_LINK (self), BO_LINK_CLOSED);

  return self->state;
}

/**
 * bo_link_state_get_id:
 *
 * Returns: (transfer none): "opening", "connected", "reconnecting", "lost" or "closed", for machines
 */
const char *
bo_link_state_get_id (BoLinkState state)
{
  static const char *const ids[] = { "opening", "connected", "reconnecting", "lost", "closed" };

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (ids), NULL);

  return ids[state];
}

/**
 * bo_link_get_engine:
 *
 * Returns: (transfer none) (nullable): the engine, while connected
 */
BoEngine *
bo_link_get_engine (BoLink *self)
{
  g_return_val_if_fail (BO_IS_LINK (self), NULL);

  return self->state == BO_LINK_CONNECTED ? self->engine : NULL;
}

/**
 * bo_link_get_socket_path:
 *
 * The socket on this computer that leads to the engine, through whichever
 * connection there is. While there is none, connecting to it fails.
 *
 * Returns: (transfer none) (nullable): a path that stays the same until the
 * link is closed; %NULL before it is opened
 */
const char *
bo_link_get_socket_path (BoLink *self)
{
  g_return_val_if_fail (BO_IS_LINK (self), NULL);

  return self->socket_path;
}

/**
 * bo_link_get_since_us:
 *
 * Returns: since when the state is what it is, by g_get_monotonic_time()
 */
gint64
bo_link_get_since_us (BoLink *self)
{
  g_return_val_if_fail (BO_IS_LINK (self), 0);

  return self->since_us;
}

/**
 * bo_link_get_attempt:
 *
 * Returns: how many attempts have been begun since the link was lost
 */
guint
bo_link_get_attempt (BoLink *self)
{
  g_return_val_if_fail (BO_IS_LINK (self), 0);

  return self->attempt;
}

/**
 * bo_link_get_next_attempt_us:
 *
 * Returns: when the next attempt begins, by g_get_monotonic_time(); 0
 * if one is under way or none will come
 */
gint64
bo_link_get_next_attempt_us (BoLink *self)
{
  g_return_val_if_fail (BO_IS_LINK (self), 0);

  return self->due_us == 0 ? 0 : g_get_monotonic_time () + MAX (self->due_us - boot_time_us (), 0);
}

/**
 * bo_link_get_error:
 *
 * Why the link is lost, or why the last attempt failed, in plain words and in
 * ssh's own; bo_engine_error_get_remedy() says what to do about it.
 *
 * Returns: (transfer none) (nullable): %NULL while all is well
 */
const GError *
bo_link_get_error (BoLink *self)
{
  g_return_val_if_fail (BO_IS_LINK (self), NULL);

  return self->error;
}

/**
 * bo_link_retry:
 *
 * Tries at once, because a person asks for it: so ssh may ask them for a
 * passphrase. A link that was lost for good is tried again and again from now on.
 * While connected, it is looked at once whether the engine still answers; so that this may
 * also be called when a request has failed. Does nothing while opening or closed.
 */
void
bo_link_retry (BoLink *self)
{
  g_return_if_fail (BO_IS_LINK (self));

  if (self->pulse != NULL)
    {
      begin_pulse (self, TRUE);
      return;
    }
  if (self->state != BO_LINK_RECONNECTING && self->state != BO_LINK_LOST)
    return;
  if (self->socket_path == NULL)
    return; /* not even a folder for it could be made */
  if (self->state == BO_LINK_LOST)
    {
      g_autoptr (GError) error = g_steal_pointer (&self->error);

      set_state (self, BO_LINK_RECONNECTING, error);
      self->attempt = 0;
    }
  /* An attempt under way asks nobody; this one may. */
  drop_attempt (self);
  drop_connection (self);
  self->n_pauses = 0;
  self->n_same = 0;
  self->attended = TRUE;
  self->due_us = boot_time_us ();
  arm (self);
  emit (self);
}

/**
 * bo_link_close:
 *
 * Ends the link and everything that was started for it. Safe to call twice.
 */
void
bo_link_close (BoLink *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (BO_IS_LINK (self));

  if (self->state == BO_LINK_CLOSED)
    return;
  shut (self);
  set_state (self, BO_LINK_CLOSED, NULL);
  g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("the connection was closed"));
  finish_opening (self, error);
  emit (self);
}
