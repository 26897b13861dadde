/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-connection"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/bo-connection.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-ping.h"
#include "engine/bo-private-folder.h"
#include "engine/bo-ssh-words.h"
#include "engine/bo-tls-relay.h"
#include "engine/bo-tunnel.h"
#include "engine/bo-unix-socket.h"

/* An engine under load may take seconds to answer; a dead one never does. */
#define PING_TIMEOUT_S 20

struct _BoConnection
{
  GObject parent_instance;

  BoDeviceUrl *url;
  char *socket_path;
  BoConnectionState state;
  GError *error;           /* (nullable) why it was lost */
  BoPrivateFolder *folder; /* (nullable) with our sockets, for ssh and tcp */
  BoTunnel *tunnel;        /* (nullable) for ssh */
  BoRelay *relay;          /* (nullable) for tcp */
  GThread *thread;         /* that opens it */
  gulong cancelled_id;     /* while it is being opened */
};

G_DEFINE_FINAL_TYPE (BoConnection, bo_connection, G_TYPE_OBJECT)

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
release (BoConnection *self)
{
  if (self->tunnel != NULL)
    bo_tunnel_close (self->tunnel);
  g_clear_pointer (&self->relay, bo_relay_free);
  g_clear_pointer (&self->folder, bo_private_folder_free);
}

static void
bo_connection_dispose (GObject *object)
{
  BoConnection *self = BO_CONNECTION (object);

  release (self);
  g_clear_object (&self->tunnel);

  G_OBJECT_CLASS (bo_connection_parent_class)->dispose (object);
}

static void
bo_connection_finalize (GObject *object)
{
  BoConnection *self = BO_CONNECTION (object);

  g_clear_pointer (&self->url, bo_device_url_free);
  g_clear_pointer (&self->socket_path, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (bo_connection_parent_class)->finalize (object);
}

static void
bo_connection_class_init (BoConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_connection_dispose;
  object_class->finalize = bo_connection_finalize;

  signals[SIGNAL_CLOSED]
      = g_signal_new ("closed", BO_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bo_connection_init (BoConnection *self)
{
}

/* An error of the first ping, with a code that a caller can branch on. */
static GError *
translate (BoConnection *self, const GError *error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *place = bo_device_url_get_place (self->url);

  if (error->domain == BO_ENGINE_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (self->relay != NULL && (reason = bo_relay_dup_error (self->relay)) != NULL)
    return g_steal_pointer (&reason);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_NO_ANSWER,
                        _ ("the engine at %s does not answer: %s"), place, error->message);
  return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNREACHABLE,
                      _ ("the engine at %s cannot be reached: %s"), place, error->message);
}

/*
 * The opening ends when the main loop comes to it; a program that is about to
 * end has none any more, and is not to leave its folder behind. ssh ends with the program.
 */
static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  BoConnection *self = user_data;

  if (g_thread_self () == self->thread)
    g_clear_pointer (&self->folder, bo_private_folder_free);
}

static void
end_opening (BoConnection *self, GTask *task)
{
  if (self->cancelled_id != 0)
    g_cancellable_disconnect (g_task_get_cancellable (task), self->cancelled_id);
  self->cancelled_id = 0;
}

static void
pinged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoConnection *self = g_task_get_task_data (task);
  g_autoptr (BoPing) ping = NULL;
  g_autoptr (GError) error = NULL;

  end_opening (self, task);
  ping = bo_ping_finish (result, &error);
  if (ping == NULL)
    {
      g_task_return_error (task, translate (self, error));
      return;
    }
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void
lost_cb (BoTunnel *tunnel, const GError *reason, gpointer user_data)
{
  bo_connection_give_up (user_data, reason);
}

static void
tunnel_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoConnection *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  end_opening (self, task);
  self->tunnel = bo_tunnel_open_finish (result, &error);
  if (self->tunnel == NULL)
    {
      g_task_return_error (task, translate (self, error));
      return;
    }
  if (bo_tunnel_get_error (self->tunnel) != NULL)
    {
      g_task_return_error (task, g_error_copy (bo_tunnel_get_error (self->tunnel)));
      return;
    }
  g_signal_connect_object (self->tunnel, "lost", G_CALLBACK (lost_cb), self, 0);
  self->socket_path = g_strdup (bo_tunnel_get_socket_path (self->tunnel));
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static gboolean
open_unix (BoConnection *self, GTask *task, GError **error)
{
  self->socket_path = g_strdup (self->url->path);
  if (!bo_unix_socket_check (self->socket_path, error))
    return FALSE;
  bo_ping_async (self->socket_path, PING_TIMEOUT_S, g_task_get_cancellable (task), pinged_cb,
                 g_object_ref (task));
  return TRUE;
}

static gboolean
open_tcp (BoConnection *self, GTask *task, GError **error)
{
  self->folder = bo_private_folder_new (error);
  if (self->folder == NULL)
    return FALSE;
  self->socket_path = bo_private_folder_get_file (self->folder, "engine");
  self->relay = bo_tls_relay_new (self->url, self->socket_path, error);
  if (self->relay == NULL)
    return FALSE;
  bo_ping_async (self->socket_path, PING_TIMEOUT_S, g_task_get_cancellable (task), pinged_cb,
                 g_object_ref (task));
  return TRUE;
}

static gboolean
open_ssh (BoConnection *self,
          gboolean unattended,
          BoConnectionLoginFunc login_func,
          gpointer login_data,
          GTask *task,
          GError **error)
{
  self->folder = bo_private_folder_new (error);
  if (self->folder == NULL)
    return FALSE;
  bo_tunnel_open_async (self->url, bo_private_folder_get_path (self->folder), unattended, login_func, login_data,
                        g_task_get_cancellable (task), tunnel_opened_cb, g_object_ref (task));
  return TRUE;
}

static void
begin (GTask *task, const BoDeviceUrl *url, gboolean unattended, BoConnectionLoginFunc login_func, gpointer login_data)
{
  BoConnection *self;
  GError *error = NULL;
  gboolean ok = FALSE;

  self = g_object_new (BO_TYPE_CONNECTION, NULL);
  self->url = bo_device_url_copy (url);
  self->thread = g_thread_self ();
  g_task_set_task_data (task, self, g_object_unref);

  switch (url->scheme)
    {
    case BO_DEVICE_UNIX:
      ok = open_unix (self, task, &error);
      break;
    case BO_DEVICE_SSH:
      ok = open_ssh (self, unattended, login_func, login_data, task, &error);
      break;
    case BO_DEVICE_TCP:
      ok = open_tcp (self, task, &error);
      break;
    default:
      g_assert_not_reached ();
    }
  if (!ok)
    g_task_return_error (task, error);
  else if (g_task_get_cancellable (task) != NULL)
    self->cancelled_id
        = g_cancellable_connect (g_task_get_cancellable (task), G_CALLBACK (cancelled_cb), self, NULL);
}

/**
 * bo_connection_open_async:
 * @url: where the engine is
 *
 * Opens a way to the engine and waits until the engine answers through it.
 * Over ssh that may wait for a person who is asked for a passphrase.
 */
void
bo_connection_open_async (const BoDeviceUrl *url,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (url != NULL);

  g_task_set_source_tag (task, bo_connection_open_async);
  begin (task, url, FALSE, NULL, NULL);
}

/**
 * bo_connection_open_watched_async:
 * @url: where the engine is
 * @login_func: called once, over ssh, when the host has let us in; never when it does not
 * @login_data: for @login_func
 *
 * bo_connection_open_async() for somebody who wants to see how far it comes. Ends with
 * bo_connection_open_finish().
 */
void
bo_connection_open_watched_async (const BoDeviceUrl *url,
                                  BoConnectionLoginFunc login_func,
                                  gpointer login_data,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (url != NULL && login_func != NULL);

  g_task_set_source_tag (task, bo_connection_open_watched_async);
  begin (task, url, FALSE, login_func, login_data);
}

/**
 * bo_connection_reopen_async:
 * @url: where the engine is
 *
 * The same without anybody there: over ssh no question is asked, so what would
 * need an answer fails. Ends with bo_connection_open_finish().
 */
void
bo_connection_reopen_async (const BoDeviceUrl *url,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (url != NULL);

  g_task_set_source_tag (task, bo_connection_reopen_async);
  begin (task, url, TRUE, NULL, NULL);
}

/**
 * bo_connection_open_finish:
 *
 * Returns: (transfer full): an open connection
 */
BoConnection *
bo_connection_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

const BoDeviceUrl *
bo_connection_get_url (BoConnection *self)
{
  g_return_val_if_fail (BO_IS_CONNECTION (self), NULL);

  return self->url;
}

/**
 * bo_connection_get_socket_path:
 *
 * Returns: (transfer none): the Unix socket on this computer that leads to the engine
 */
const char *
bo_connection_get_socket_path (BoConnection *self)
{
  g_return_val_if_fail (BO_IS_CONNECTION (self), NULL);

  return self->socket_path;
}

BoConnectionState
bo_connection_get_state (BoConnection *self)
{
  g_return_val_if_fail (BO_IS_CONNECTION (self), BO_CONNECTION_CLOSED);

  return self->state;
}

/**
 * bo_connection_get_error:
 *
 * Returns: (transfer none) (nullable): why the connection was lost
 */
const GError *
bo_connection_get_error (BoConnection *self)
{
  g_return_val_if_fail (BO_IS_CONNECTION (self), NULL);

  return self->error;
}

/**
 * bo_connection_get_remote_socket_path:
 *
 * Returns: (transfer none) (nullable): the engine's socket on the device, for
 * a container there to mount; %NULL when it is behind tcp://
 */
const char *
bo_connection_get_remote_socket_path (BoConnection *self)
{
  g_return_val_if_fail (BO_IS_CONNECTION (self), NULL);

  if (self->url->scheme == BO_DEVICE_UNIX)
    return self->url->path;
  return self->tunnel == NULL ? NULL : bo_tunnel_get_remote_path (self->tunnel);
}

/**
 * bo_connection_is_relayed:
 *
 * Returns: whether the host forwards no sockets, so that a process on the
 * device stands in for each HTTP connection (slower to begin, and counted by
 * the host's limit of sessions)
 */
gboolean
bo_connection_is_relayed (BoConnection *self)
{
  g_return_val_if_fail (BO_IS_CONNECTION (self), FALSE);

  return self->tunnel != NULL && bo_tunnel_is_relayed (self->tunnel);
}

/**
 * bo_connection_can_run:
 *
 * Returns: whether bo_connection_run_async() can be used: over ssh
 */
gboolean
bo_connection_can_run (BoConnection *self)
{
  g_return_val_if_fail (BO_IS_CONNECTION (self), FALSE);

  return self->tunnel != NULL && self->state == BO_CONNECTION_CONNECTED;
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoSshOutput) output = NULL;
  g_autoptr (GError) error = NULL;

  output = bo_ssh_run_finish (BO_SSH (source), result, &error);
  if (output == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (output->exit_status != 0)
    {
      g_autofree char *tidy = bo_ssh_words_tidy (output->words);
      BoEngineError code = BO_ENGINE_ERROR_UNREACHABLE;

      bo_ssh_words_classify (output->words, &code);
      g_task_return_new_error (task, BO_ENGINE_ERROR, (int) code,
                               _ ("the command on the device ended with status %d: %s"), output->exit_status,
                               tidy);
    }
  else
    g_task_return_pointer (task, g_steal_pointer (&output->output), g_free);
}

/**
 * bo_connection_run_async:
 * @script: what the device's sh is to run
 *
 * Runs a short script on the device, over the ssh connection that is there.
 */
void
bo_connection_run_async (BoConnection *self,
                         const char *script,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (BO_IS_CONNECTION (self) && script != NULL);
  g_return_if_fail (bo_connection_can_run (self));

  g_task_set_source_tag (task, bo_connection_run_async);
  bo_ssh_run_async (bo_tunnel_get_ssh (self->tunnel), "sh -s", script, cancellable, ran_cb,
                    g_steal_pointer (&task));
}

/**
 * bo_connection_run_finish:
 *
 * Returns: (transfer full): what it wrote to its standard output; a status other than 0 is an error
 */
char *
bo_connection_run_finish (BoConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ssh_probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (bo_ssh_probe_finish (BO_SSH (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
tcp_probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoConnection *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) tcp = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  g_autofree char *place = bo_device_url_get_place (self->url);

  /* A refusal is the host's answer too. */
  if (tcp != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_task_return_boolean (task, TRUE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNREACHABLE, _ ("%s cannot be reached: %s"), place,
                             error->message);
}

/**
 * bo_connection_probe_async:
 * @cancellable: (nullable): ends the waiting; a host that is gone never answers
 *
 * Asks whether the way to the device lives, without the engine. For a socket on
 * this computer there is no way that could be dead.
 */
void
bo_connection_probe_async (BoConnection *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (BO_IS_CONNECTION (self));

  g_task_set_source_tag (task, bo_connection_probe_async);
  if (self->url->scheme == BO_DEVICE_UNIX)
    g_task_return_boolean (task, TRUE);
  else if (self->state != BO_CONNECTION_CONNECTED)
    g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNREACHABLE, _ ("the connection was closed"));
  else if (self->tunnel != NULL)
    bo_ssh_probe_async (bo_tunnel_get_ssh (self->tunnel), cancellable, ssh_probed_cb, g_steal_pointer (&task));
  else
    {
      g_autoptr (GSocketClient) client = g_socket_client_new ();
      g_autoptr (GSocketConnectable) address
          = g_network_address_new (self->url->host, self->url->port == 0 ? BO_TLS_DEFAULT_PORT : self->url->port);

      g_socket_client_set_enable_proxy (client, FALSE);
      g_socket_client_connect_async (client, address, cancellable, tcp_probed_cb, g_steal_pointer (&task));
    }
}

/**
 * bo_connection_probe_finish:
 *
 * Returns: whether the device answers
 */
gboolean
bo_connection_probe_finish (BoConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * bo_connection_dup_relay_error:
 *
 * Returns: (transfer full) (nullable): where requests go through a relay (tcp://,
 * or a host that forwards no sockets), why the last of them came to nothing, if it did
 */
GError *
bo_connection_dup_relay_error (BoConnection *self)
{
  g_return_val_if_fail (BO_IS_CONNECTION (self), NULL);

  if (self->tunnel != NULL)
    return bo_tunnel_dup_relay_error (self->tunnel);
  return self->relay == NULL ? NULL : bo_relay_dup_error (self->relay);
}

/**
 * bo_connection_close:
 *
 * Ends the connection and everything that was started for it. Safe to call twice.
 */
void
bo_connection_close (BoConnection *self)
{
  g_return_if_fail (BO_IS_CONNECTION (self));

  if (self->state != BO_CONNECTION_CONNECTED)
    return;
  self->state = BO_CONNECTION_CLOSED;
  release (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/**
 * bo_connection_give_up:
 * @reason: how it is known
 *
 * Ends a connection that is dead though nothing has said so: it is lost.
 */
void
bo_connection_give_up (BoConnection *self, const GError *reason)
{
  g_return_if_fail (BO_IS_CONNECTION (self) && reason != NULL);

  if (self->state != BO_CONNECTION_CONNECTED)
    return;
  self->state = BO_CONNECTION_LOST;
  self->error = g_error_copy (reason);
  release (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/**
 * bo_connection_is_gone:
 *
 * Returns: whether the process of a connection that was closed or lost has
 * really ended, so that another can be opened beside none
 */
gboolean
bo_connection_is_gone (BoConnection *self)
{
  g_return_val_if_fail (BO_IS_CONNECTION (self), TRUE);

  return self->tunnel == NULL || bo_ssh_is_gone (bo_tunnel_get_ssh (self->tunnel));
}
