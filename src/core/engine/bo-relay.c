/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-relay"

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-relay.h"

/* TLS records are 16 KiB and pipes hold 64; beyond that it only saves wake-ups. */
#define BUFFER_BYTES (256 * 1024)
#define STDERR_MAX 4096

/* What the relay and the threads of its connections share. */
typedef struct
{
  BoRelayOpenFunc open_func;
  gpointer user_data;
  GDestroyNotify destroy;
  GCancellable *cancellable; /* the relay's end */
  GMutex mutex;
  GError *error; /* (nullable): why the last connection failed */
} Shared;

struct _BoRelay
{
  char *path;
  GSocket *listener;
  GThread *acceptor;
  Shared *shared; /* (atomic) */
};

/* One connection: two directions, each in a thread. */
typedef struct
{
  Shared *shared;
  GIOStream *near_stream;
  GIOStream *far_stream;
  gboolean has_process; /* the far end is one's pipes */
  GCancellable *cancellable; /* cancelled when either direction fails */
} Joint;

static void
shared_clear (gpointer data)
{
  Shared *shared = data;

  if (shared->destroy != NULL)
    shared->destroy (shared->user_data);
  g_clear_object (&shared->cancellable);
  g_clear_error (&shared->error);
  g_mutex_clear (&shared->mutex);
}

static void
set_error (Shared *shared, GError *error)
{
  g_mutex_lock (&shared->mutex);
  g_clear_error (&shared->error);
  shared->error = error;
  g_mutex_unlock (&shared->mutex);
}

/*
 * Says to @stream that nothing more will come. A TLS stream sends its closing
 * alert, a pipe is closed, a socket is shut down in this direction only.
 */
static void
end_output (GIOStream *stream, GCancellable *cancellable)
{
  if (G_IS_SOCKET_CONNECTION (stream))
    g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)), FALSE, TRUE, NULL);
  else
    g_output_stream_close (g_io_stream_get_output_stream (stream), cancellable, NULL);
}

/* Copies until the end of @from. Returns the number of bytes, or -1 after a failure. */
static gint64
pump (Joint *joint, GIOStream *from, GIOStream *to)
{
  GInputStream *in = g_io_stream_get_input_stream (from);
  GOutputStream *out = g_io_stream_get_output_stream (to);
  g_autofree char *buffer = g_malloc (BUFFER_BYTES);
  gint64 total = 0;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      gssize n = g_input_stream_read (in, buffer, BUFFER_BYTES, joint->cancellable, &error);

      if (n == 0)
        {
          /* A process that said nothing says why as it ends; that is to be known before anybody hears of its end. */
          if (!(joint->has_process && to == joint->near_stream && total == 0))
            end_output (to, joint->cancellable);
          return total;
        }
      if (n < 0 || !g_output_stream_write_all (out, buffer, (gsize) n, NULL, joint->cancellable, &error))
        {
          g_debug ("after %" G_GINT64_FORMAT " bytes: %s", total, error->message);
          g_cancellable_cancel (joint->cancellable);
          return -1;
        }
      total += n;
    }
}

static gpointer
upstream_thread (gpointer data)
{
  Joint *joint = data;

  pump (joint, joint->near_stream, joint->far_stream);
  return NULL;
}

/* The words of a process that answered nothing are the reason. */
static void
note_process_end (Shared *shared, GSubprocess *process)
{
  GInputStream *pipe = g_subprocess_get_stderr_pipe (process);
  char words[STDERR_MAX + 1];
  gsize n = 0;

  g_subprocess_wait (process, NULL, NULL);
  if (pipe != NULL)
    g_input_stream_read_all (pipe, words, STDERR_MAX, &n, NULL, NULL);
  words[n] = '\0';
  if (!g_subprocess_get_successful (process))
    {
      g_autofree char *valid = g_strstrip (g_utf8_make_valid (words, (gssize) n));

      set_error (shared, g_error_new_literal (BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNREACHABLE, valid));
    }
}

static void
cancel_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static gpointer
connection_thread (gpointer data)
{
  Joint *joint = data;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  gulong handler;

  handler = g_cancellable_connect (joint->shared->cancellable, G_CALLBACK (cancel_cb),
                                   g_object_ref (joint->cancellable), g_object_unref);
  joint->far_stream
      = joint->shared->open_func (joint->shared->user_data, &process, joint->cancellable, &error);
  if (joint->far_stream == NULL)
    {
      g_debug ("cannot open the far end: %s", error->message);
      set_error (joint->shared, g_steal_pointer (&error));
    }
  else
    {
      GThread *upstream;
      gint64 received;

      joint->has_process = process != NULL;
      upstream = g_thread_new ("bo-relay-up", upstream_thread, joint);
      received = pump (joint, joint->far_stream, joint->near_stream);

      /* A process that is gone cannot be written to; nothing else tells the other thread. */
      if (received > 0)
        set_error (joint->shared, NULL);
      if (process != NULL && received <= 0)
        g_cancellable_cancel (joint->cancellable);
      g_thread_join (upstream);
      if (process != NULL)
        {
          /* It closed its output, so it is about to end. */
          g_io_stream_close (joint->far_stream, NULL, NULL);
          if (received == 0)
            note_process_end (joint->shared, process);
          g_subprocess_force_exit (process);
        }
    }
  /* First the one that somebody waits for: to say good-bye to a host that is gone takes minutes. */
  g_io_stream_close (joint->near_stream, NULL, NULL);
  if (joint->far_stream != NULL)
    g_io_stream_close (joint->far_stream, NULL, NULL);
  g_cancellable_disconnect (joint->shared->cancellable, handler);

  g_clear_object (&joint->near_stream);
  g_clear_object (&joint->far_stream);
  g_clear_object (&joint->cancellable);
  g_atomic_rc_box_release_full (joint->shared, shared_clear);
  g_free (joint);
  return NULL;
}

typedef struct
{
  GSocket *listener;
  Shared *shared;
} Acceptor;

static gpointer
acceptor_thread (gpointer data)
{
  Acceptor *acceptor = data;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) socket = NULL;
      g_autoptr (GThread) thread = NULL;
      Joint *joint;

      socket = g_socket_accept (acceptor->listener, acceptor->shared->cancellable, &error);
      if (socket == NULL)
        {
          if (g_cancellable_is_cancelled (acceptor->shared->cancellable)
              || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
            break;
          /* Out of descriptors, for one: it passes. */
          g_warning ("cannot accept a connection: %s", error->message);
          g_usleep (100 * 1000);
          continue;
        }
      joint = g_new0 (Joint, 1);
      joint->shared = g_atomic_rc_box_acquire (acceptor->shared);
      joint->near_stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
      joint->cancellable = g_cancellable_new ();
      thread = g_thread_new ("bo-relay", connection_thread, joint);
    }

  g_clear_object (&acceptor->listener);
  g_atomic_rc_box_release_full (acceptor->shared, shared_clear);
  g_free (acceptor);
  return NULL;
}

/**
 * bo_relay_new:
 * @path: where its socket is made; its folder must be private (mode 0700)
 * @open_func: makes the far ends
 *
 * Returns: (transfer full): a relay that accepts connections
 */
BoRelay *
bo_relay_new (const char *path,
              BoRelayOpenFunc open_func,
              gpointer user_data,
              GDestroyNotify destroy,
              GError **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;
  BoRelay *relay;
  Acceptor *acceptor;
  Shared *shared;

  g_return_val_if_fail (path != NULL && open_func != NULL, NULL);

  shared = g_atomic_rc_box_new0 (Shared);
  shared->open_func = open_func;
  shared->user_data = user_data;
  shared->destroy = destroy;
  shared->cancellable = g_cancellable_new ();
  g_mutex_init (&shared->mutex);

  address = g_unix_socket_address_new (path);
  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket != NULL)
    g_socket_set_listen_backlog (socket, 128);
  if (socket == NULL || !g_socket_bind (socket, address, FALSE, error) || !g_socket_listen (socket, error))
    {
      g_prefix_error (error, _ ("cannot listen at “%s”: "), path);
      g_atomic_rc_box_release_full (shared, shared_clear);
      return NULL;
    }

  relay = g_new0 (BoRelay, 1);
  relay->path = g_strdup (path);
  relay->listener = g_object_ref (socket);
  relay->shared = shared;
  acceptor = g_new0 (Acceptor, 1);
  acceptor->listener = g_object_ref (socket);
  acceptor->shared = g_atomic_rc_box_acquire (shared);
  relay->acceptor = g_thread_new ("bo-relay-accept", acceptor_thread, acceptor);
  return relay;
}

/**
 * bo_relay_dup_error:
 *
 * Returns: (transfer full) (nullable): why the last connection that failed did
 */
GError *
bo_relay_dup_error (BoRelay *relay)
{
  GError *error;

  g_return_val_if_fail (relay != NULL, NULL);

  g_mutex_lock (&relay->shared->mutex);
  error = relay->shared->error == NULL ? NULL : g_error_copy (relay->shared->error);
  g_mutex_unlock (&relay->shared->mutex);
  return error;
}

/**
 * bo_relay_free:
 *
 * Closes all connections and removes the socket. The threads end by themselves.
 */
void
bo_relay_free (BoRelay *relay)
{
  g_return_if_fail (relay != NULL);

  g_cancellable_cancel (relay->shared->cancellable);
  g_thread_join (relay->acceptor);
  g_socket_close (relay->listener, NULL);
  g_clear_object (&relay->listener);
  g_unlink (relay->path);
  g_free (relay->path);
  g_atomic_rc_box_release_full (relay->shared, shared_clear);
  g_free (relay);
}
