/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-ping"

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-ping.h"

void
bo_ping_free (BoPing *ping)
{
  g_return_if_fail (ping != NULL);

  g_free (ping->api_version);
  g_free (ping->builder_version);
  g_free (ping->os);
  g_free (ping);
}

/* "1.41": digits, a dot, digits, and not long. */
static gboolean
is_version (const char *text)
{
  g_auto (GStrv) parts = text == NULL ? NULL : g_strsplit (text, ".", -1);
  guint64 number;

  return parts != NULL && g_strv_length (parts) == 2
         && g_ascii_string_to_unsigned (parts[0], 10, 0, 9999, &number, NULL)
         && g_ascii_string_to_unsigned (parts[1], 10, 0, 9999, &number, NULL);
}

static void
pinged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SoupMessage *msg = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (msg);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  const char *api;
  BoPing *ping;

  body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  if (body == NULL)
    {
      if (error->domain == SOUP_SESSION_ERROR && error->code == SOUP_SESSION_ERROR_PARSING)
        g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_AN_ENGINE,
                                 _ ("what answers there does not speak HTTP: %s"), error->message);
      else
        g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  api = soup_message_headers_get_one (headers, "Api-Version");
  if (soup_message_get_status (msg) >= 500 && api != NULL)
    {
      gsize length;
      const char *text = g_bytes_get_data (body, &length);
      g_autofree char *words = g_utf8_make_valid (text == NULL ? "" : text, (gssize) MIN (length, 500));

      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SERVER,
                               _ ("the engine is not well: %s"), words);
      return;
    }
  if (soup_message_get_status (msg) != 200 || !is_version (api))
    {
      g_task_return_new_error (
          task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_AN_ENGINE,
          _ ("what answers there is not a Docker engine (it answers “%u %s” to GET /_ping)"),
          soup_message_get_status (msg), soup_message_get_reason_phrase (msg));
      return;
    }

  ping = g_new0 (BoPing, 1);
  ping->api_version = g_strdup (api);
  ping->builder_version = g_strdup (soup_message_headers_get_one (headers, "Builder-Version"));
  ping->os = g_strdup (soup_message_headers_get_one (headers, "OSType"));
  g_task_return_pointer (task, ping, (GDestroyNotify) bo_ping_free);
}

/**
 * bo_ping_async:
 * @socket_path: a socket on this computer
 * @timeout_s: seconds to wait for each byte of the answer
 *
 * Asks whether a Docker engine answers behind a socket, with a connection of
 * its own. Errors of the transport stay those of GIO.
 */
void
bo_ping_async (const char *socket_path,
               guint timeout_s,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (SoupSession) session = NULL;
  g_autoptr (SoupMessage) msg = soup_message_new ("GET", "http://docker/_ping");

  g_return_if_fail (socket_path != NULL);

  g_task_set_source_tag (task, bo_ping_async);
  address = g_unix_socket_address_new (socket_path);
  session = g_object_new (SOUP_TYPE_SESSION, "remote-connectable", address, "timeout", timeout_s, NULL);
  /* GET, not HEAD: engines before API 1.40 know no HEAD. */
  soup_message_headers_append (soup_message_get_request_headers (msg), "Connection", "close");
  g_task_set_task_data (task, g_object_ref (msg), g_object_unref);
  soup_session_send_and_read_async (session, msg, G_PRIORITY_DEFAULT, cancellable, pinged_cb,
                                    g_steal_pointer (&task));
}

/**
 * bo_ping_finish:
 *
 * Returns: (transfer full): what the engine says of itself
 */
BoPing *
bo_ping_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
