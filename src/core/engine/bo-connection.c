/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-connection"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/bo-connection.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-ping.h"
#include "engine/bo-unix-socket.h"

/* An engine under load may take seconds to answer; a dead one never does. */
#define PING_TIMEOUT_S 20

struct _BoConnection
{
  GObject parent_instance;

  BoDeviceUrl *url;
  char *socket_path;
  BoConnectionState state;
  GError *error; /* (nullable) why it was lost */
};

G_DEFINE_FINAL_TYPE (BoConnection, bo_connection, G_TYPE_OBJECT)

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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

  object_class->finalize = bo_connection_finalize;

  signals[SIGNAL_CLOSED] = g_signal_new ("closed", BO_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
bo_connection_init (BoConnection *self)
{
}

static void
pinged_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoConnection *self = g_task_get_task_data (task);
  g_autoptr (BoPing) ping = NULL;
  g_autoptr (GError) error = NULL;

  ping = bo_ping_finish (result, &error);
  if (ping == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

/**
 * bo_connection_open_async:
 * @url: where the engine is
 *
 * Opens a way to the engine and waits until the engine answers through it.
 */
void
bo_connection_open_async (const BoDeviceUrl *url,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (BoConnection) self = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (url != NULL);

  g_task_set_source_tag (task, bo_connection_open_async);
  self = g_object_new (BO_TYPE_CONNECTION, NULL);
  self->url = bo_device_url_copy (url);
  g_task_set_task_data (task, g_object_ref (self), g_object_unref);

  if (url->scheme != BO_DEVICE_UNIX)
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_URL, "not connected yet");
      return;
    }
  self->socket_path = g_strdup (url->path);
  if (!bo_unix_socket_check (self->socket_path, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  bo_ping_async (self->socket_path, PING_TIMEOUT_S, cancellable, pinged_cb, g_steal_pointer (&task));
}

/**
 * bo_connection_open_finish:
 *
 * Returns: (transfer full): an open connection
 */
BoConnection *
bo_connection_open_finish (GAsyncResult *result,
                           GError **error)
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
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}
