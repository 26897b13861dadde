/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-engine.h"
#include "engine/bo-ping.h"
#include "engine/bo-unix-socket.h"
#include "study/bo-json.h"

/* An engine that writes a large image to an SD card answers a question late, but it answers. */
#define QUERY_TIMEOUT_S 60
#define PING_TIMEOUT_S 20
/* libsoup's own limit is 2 for a host, so that two event streams would keep a ping waiting for ever. */
#define MAX_CONNECTIONS 64
#define ERROR_TEXT_MAX (256 * 1024)

struct _BoEngine
{
  GObject parent_instance;

  BoConnection *connection; /* (owned) (nullable) for a socket that was given */
  char *socket_path;
  SoupSession *queries;
  SoupSession *streams;
  char *engine_api;      /* what the engine can */
  char *api;             /* what is spoken */
  char *builder_version; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (BoEngine, bo_engine, G_TYPE_OBJECT)

static void
bo_engine_dispose (GObject *object)
{
  BoEngine *self = BO_ENGINE (object);

  g_clear_object (&self->queries);
  g_clear_object (&self->streams);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (bo_engine_parent_class)->dispose (object);
}

static void
bo_engine_finalize (GObject *object)
{
  BoEngine *self = BO_ENGINE (object);

  g_free (self->socket_path);
  g_free (self->engine_api);
  g_free (self->api);
  g_free (self->builder_version);

  G_OBJECT_CLASS (bo_engine_parent_class)->finalize (object);
}

static void
bo_engine_class_init (BoEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_engine_dispose;
  object_class->finalize = bo_engine_finalize;
}

static void
bo_engine_init (BoEngine *self)
{
}

static SoupSession *
make_session (const char *socket_path, guint timeout_s)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (socket_path);
  SoupSession *session;

  session = g_object_new (SOUP_TYPE_SESSION, "remote-connectable", address, "max-conns", MAX_CONNECTIONS,
                          "max-conns-per-host", MAX_CONNECTIONS, "timeout", timeout_s, "idle-timeout", 1,
                          "user-agent", "bakeoff/" PACKAGE_VERSION, NULL);
  soup_session_set_proxy_resolver (session, NULL);
  return session;
}

static BoEngine *
engine_new (BoConnection *connection, const char *socket_path)
{
  BoEngine *self = g_object_new (BO_TYPE_ENGINE, NULL);

  g_set_object (&self->connection, connection);
  self->socket_path = g_strdup (socket_path);
  self->queries = make_session (socket_path, QUERY_TIMEOUT_S);
  self->streams = make_session (socket_path, 0);
  return self;
}

/*
 * An error of GIO or libsoup becomes one of ours, with its words kept. When
 * the connection itself is known to be lost, that is the reason.
 */
static GError *
translate (BoEngine *self, const GError *error)
{
  const GError *lost = self->connection == NULL ? NULL : bo_connection_get_error (self->connection);
  GError *relay_error;

  if (error->domain == BO_ENGINE_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (lost != NULL)
    return g_error_copy (lost);
  /* A relay knows why its far end could not be had; from here it looks like an engine that hangs up. */
  relay_error = self->connection == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
                    ? NULL
                    : bo_connection_dup_relay_error (self->connection);
  if (relay_error != NULL)
    return relay_error;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_NO_ANSWER, _ ("the engine does not answer: %s"),
                        error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    {
      g_autoptr (GError) reason = NULL;

      /* The socket says it better. */
      if (!bo_unix_socket_check (self->socket_path, &reason))
        return g_steal_pointer (&reason);
      return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNREACHABLE,
                          _ ("the engine cannot be reached: %s"), error->message);
    }
  if (error->domain == SOUP_SESSION_ERROR && error->code == SOUP_SESSION_ERROR_PARSING)
    return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL, _ ("the engine's answer is not HTTP: %s"),
                        error->message);
  return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
                      _ ("the connection to the engine broke: %s"), error->message);
}

/* The words of an error body: JSON with a message, or, before API 1.24, plain text. */
static char *
message_of (const char *text, gsize length)
{
  g_autoptr (JsonNode) node = bo_json_parse (text, (gssize) length, NULL);
  const char *message = bo_json_get_string (bo_json_node_get_object (node), "message", NULL);
  char *words;

  words = message != NULL ? g_strdup (message) : g_utf8_make_valid (text, (gssize) length);
  return g_strstrip (words);
}

static GError *
error_from_reply (BoEngineRequest *request, guint status, const char *text, gsize length)
{
  g_autofree char *message = message_of (text, length);
  BoEngineError code = bo_engine_error_from_reply (status, message);

  if (message[0] == '\0')
    return g_error_new (BO_ENGINE_ERROR, (int) code,
                        _ ("the engine answered with status %u and without a reason"), status);
  g_debug ("%s: status %u: %s", bo_engine_request_get_method (request), status, message);
  return g_error_new_literal (BO_ENGINE_ERROR, (int) code, message);
}

/* One request under way. */
typedef struct
{
  BoEngineRequest *request;
  SoupMessage *message;
  BoEngineWire *wire;
  BoEngineReply *reply;
} Sending;

static void
sending_free (Sending *sending)
{
  bo_engine_request_free (sending->request);
  g_clear_object (&sending->message);
  g_clear_pointer (&sending->wire, bo_engine_wire_free);
  g_clear_object (&sending->reply);
  g_free (sending);
}

static void
refusal_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  guint status = bo_engine_reply_get_status (sending->reply);
  const char *text;
  gsize length;

  bytes = bo_engine_reply_read_all_finish (sending->reply, result, &error);
  if (bytes == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_task_return_error (task, g_steal_pointer (&error));
      else
        g_task_return_error (task, error_from_reply (sending->request, status, "", 0));
      return;
    }
  text = g_bytes_get_data (bytes, &length);
  g_task_return_error (task, error_from_reply (sending->request, status, text == NULL ? "" : text, length));
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoEngine *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);
  g_autoptr (GInputStream) body = NULL;
  g_autoptr (GError) error = NULL;

  body = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (body == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          guint status;
          g_autofree char *answer = bo_engine_wire_take_answer (sending->wire, &status);

          if (answer != NULL && status >= 400)
            {
              g_task_return_error (task,
                                   error_from_reply (sending->request, status, answer, strlen (answer)));
              return;
            }
        }
      bo_engine_wire_close (sending->wire);
      g_task_return_error (task, translate (self, error));
      return;
    }

  sending->reply = bo_engine_reply_new (sending->message, body, g_steal_pointer (&sending->wire));
  /* 304 is an answer too: a container that runs already is started again. */
  if (soup_message_get_status (sending->message) >= 400)
    {
      bo_engine_reply_read_all_async (sending->reply, ERROR_TEXT_MAX, g_task_get_cancellable (task),
                                      refusal_read_cb, g_object_ref (task));
      return;
    }
  g_task_return_pointer (task, g_steal_pointer (&sending->reply), g_object_unref);
}

static void
append_header_cb (gpointer data, gpointer user_data)
{
  const char *header = data;
  const char *colon = strchr (header, ':');
  g_autofree char *name = g_strndup (header, (gsize) (colon - header));

  soup_message_headers_append (user_data, name, colon + 2);
}

/**
 * bo_engine_send_async:
 * @request: (transfer full): the request
 *
 * Sends a request and waits for the head of its answer. A status from 400 is
 * an error, with the engine's own text. Cancelling closes the connection, by
 * which an engine knows that nobody waits any more.
 */
void
bo_engine_send_async (BoEngine *self,
                      BoEngineRequest *request,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *target = NULL;
  g_autofree char *uri = NULL;
  Sending *sending;
  GInputStream *body;
  const char *content_type;
  gssize length;

  g_return_if_fail (BO_IS_ENGINE (self) && request != NULL);

  g_task_set_source_tag (task, bo_engine_send_async);
  sending = g_new0 (Sending, 1);
  sending->request = request;
  g_task_set_task_data (task, sending, (GDestroyNotify) sending_free);

  target = bo_engine_request_make_target (request, self->api);
  uri = g_strconcat ("http://docker", target, NULL);
  sending->message = soup_message_new (bo_engine_request_get_method (request), uri);
  if (sending->message == NULL)
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_BAD_REQUEST,
                               _ ("“%s” cannot be asked for"), target);
      return;
    }
  soup_message_add_flags (sending->message, SOUP_MESSAGE_NO_REDIRECT);
  bo_engine_request_foreach_header (request, append_header_cb,
                                    soup_message_get_request_headers (sending->message));
  body = bo_engine_request_get_body (request, &content_type, &length);
  if (body != NULL)
    soup_message_set_request_body (sending->message, content_type, body, length);
  sending->wire = bo_engine_wire_new (sending->message);

  soup_session_send_async (bo_engine_request_is_patient (request) ? self->streams : self->queries,
                           sending->message, G_PRIORITY_DEFAULT, cancellable, sent_cb,
                           g_steal_pointer (&task));
}

/**
 * bo_engine_send_finish:
 *
 * Returns: (transfer full): the answer, its body not yet read
 */
BoEngineReply *
bo_engine_send_finish (BoEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
json_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoEngine *self = g_task_get_source_object (task);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  const char *text;
  gsize length;

  bytes = bo_engine_reply_read_all_finish (BO_ENGINE_REPLY (source), result, &error);
  if (bytes == NULL)
    {
      g_task_return_error (task, translate (self, error));
      return;
    }
  text = g_bytes_get_data (bytes, &length);
  if (length == 0)
    node = json_node_new (JSON_NODE_NULL);
  else
    node = bo_json_parse (text, (gssize) length, &error);
  if (node == NULL)
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                               _ ("the engine's answer is not JSON: %s"), error->message);
      return;
    }
  g_task_return_pointer (task, g_steal_pointer (&node), (GDestroyNotify) json_node_unref);
}

static void
json_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoEngineReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = bo_engine_send_finish (BO_ENGINE (source), result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  bo_engine_reply_read_all_async (reply, BO_JSON_MAX_BYTES, g_task_get_cancellable (task), json_read_cb,
                                  g_object_ref (task));
}

/**
 * bo_engine_request_async:
 * @request: (transfer full): the request
 *
 * Sends a request whose answer is one JSON value of at most 64 MiB.
 */
void
bo_engine_request_async (BoEngine *self,
                         BoEngineRequest *request,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (BO_IS_ENGINE (self));

  g_task_set_source_tag (task, bo_engine_request_async);
  bo_engine_send_async (self, request, cancellable, json_sent_cb, g_steal_pointer (&task));
}

/**
 * bo_engine_request_finish:
 *
 * Returns: (transfer full): the answer; a JSON null when it was empty (204)
 */
JsonNode *
bo_engine_request_finish (BoEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
parse_version (const char *text, guint *major, guint *minor)
{
  return sscanf (text, "%u.%u", major, minor) == 2;
}

static int
compare_versions (const char *a, const char *b)
{
  guint a_major = 0, a_minor = 0, b_major = 0, b_minor = 0;

  parse_version (a, &a_major, &a_minor);
  parse_version (b, &b_major, &b_minor);
  if (a_major != b_major)
    return a_major < b_major ? -1 : 1;
  return a_minor < b_minor ? -1 : (a_minor > b_minor ? 1 : 0);
}

static void
negotiated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoEngine *self = g_task_get_task_data (task);
  g_autoptr (BoPing) ping = NULL;
  g_autoptr (GError) error = NULL;

  ping = bo_ping_finish (result, &error);
  if (ping == NULL)
    {
      g_task_return_error (task, translate (self, error));
      return;
    }
  if (compare_versions (ping->api_version, BO_ENGINE_API_MIN) < 0)
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_TOO_OLD,
                               _ ("the engine speaks API %s; Bakeoff needs %s (Docker 19.03) or later"),
                               ping->api_version, BO_ENGINE_API_MIN);
      return;
    }
  if (ping->os != NULL && g_ascii_strcasecmp (ping->os, "linux") != 0)
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_AN_ENGINE,
                               _ ("the engine runs %s containers, not Linux ones"), ping->os);
      return;
    }
  self->engine_api = g_strdup (ping->api_version);
  self->api = g_strdup (compare_versions (ping->api_version, BO_ENGINE_API_MAX) < 0 ? ping->api_version
                                                                                    : BO_ENGINE_API_MAX);
  self->builder_version = g_strdup (ping->builder_version);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void
negotiate (GTask *task, BoEngine *engine)
{
  g_task_set_task_data (task, g_object_ref (engine), g_object_unref);
  bo_ping_async (engine->socket_path, PING_TIMEOUT_S, g_task_get_cancellable (task), negotiated_cb,
                 g_object_ref (task));
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoConnection) connection = NULL;
  g_autoptr (BoEngine) engine = NULL;
  g_autoptr (GError) error = NULL;

  connection = bo_connection_open_finish (result, &error);
  if (connection == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  engine = engine_new (connection, bo_connection_get_socket_path (connection));
  negotiate (task, engine);
}

void
bo_engine_open_async (const BoDeviceUrl *url,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (url != NULL);

  g_task_set_source_tag (task, bo_engine_open_async);
  bo_connection_open_async (url, cancellable, connected_cb, g_steal_pointer (&task));
}

/**
 * bo_engine_open_finish:
 *
 * Returns: (transfer full): an engine that answers
 */
BoEngine *
bo_engine_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
bo_engine_open_connection_async (BoConnection *connection,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (BoEngine) engine = NULL;

  g_return_if_fail (BO_IS_CONNECTION (connection));

  g_task_set_source_tag (task, bo_engine_open_connection_async);
  engine = engine_new (connection, bo_connection_get_socket_path (connection));
  negotiate (task, engine);
}

/**
 * bo_engine_open_connection_finish:
 *
 * Returns: (transfer full): an engine that answers
 */
BoEngine *
bo_engine_open_connection_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
bo_engine_open_socket_async (const char *socket_path,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (BoEngine) engine = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (socket_path != NULL);

  g_task_set_source_tag (task, bo_engine_open_socket_async);
  if (!bo_unix_socket_check (socket_path, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  engine = engine_new (NULL, socket_path);
  negotiate (task, engine);
}

/**
 * bo_engine_open_socket_finish:
 *
 * Returns: (transfer full): an engine that answers
 */
BoEngine *
bo_engine_open_socket_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * bo_engine_get_connection:
 *
 * Returns: (transfer none) (nullable): the way to the engine
 */
BoConnection *
bo_engine_get_connection (BoEngine *self)
{
  g_return_val_if_fail (BO_IS_ENGINE (self), NULL);

  return self->connection;
}

const char *
bo_engine_get_socket_path (BoEngine *self)
{
  g_return_val_if_fail (BO_IS_ENGINE (self), NULL);

  return self->socket_path;
}

/**
 * bo_engine_get_api_version:
 *
 * Returns: (transfer none): the version that requests are sent with, "1.41"
 */
const char *
bo_engine_get_api_version (BoEngine *self)
{
  g_return_val_if_fail (BO_IS_ENGINE (self), NULL);

  return self->api;
}

/**
 * bo_engine_get_engine_api_version:
 *
 * Returns: (transfer none): the highest version that the engine offers
 */
const char *
bo_engine_get_engine_api_version (BoEngine *self)
{
  g_return_val_if_fail (BO_IS_ENGINE (self), NULL);

  return self->engine_api;
}

/**
 * bo_engine_get_builder_version:
 *
 * Returns: (transfer none) (nullable): "1" or "2", what the engine recommends; empty for Podman
 */
const char *
bo_engine_get_builder_version (BoEngine *self)
{
  g_return_val_if_fail (BO_IS_ENGINE (self), NULL);

  return self->builder_version;
}

/**
 * bo_engine_has_api:
 *
 * Returns: whether the version that is spoken is at least @major.@minor
 */
gboolean
bo_engine_has_api (BoEngine *self, guint major, guint minor)
{
  guint a = 0, b = 0;

  g_return_val_if_fail (BO_IS_ENGINE (self), FALSE);

  parse_version (self->api, &a, &b);
  return a > major || (a == major && b >= minor);
}

static void
pinged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoPing) ping = NULL;
  g_autoptr (GError) error = NULL;

  ping = bo_ping_finish (result, &error);
  if (ping == NULL)
    g_task_return_error (task, translate (g_task_get_source_object (task), error));
  else
    g_task_return_boolean (task, TRUE);
}

void
bo_engine_ping_async (BoEngine *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (BO_IS_ENGINE (self));

  g_task_set_source_tag (task, bo_engine_ping_async);
  bo_ping_async (self->socket_path, PING_TIMEOUT_S, cancellable, pinged_cb, g_steal_pointer (&task));
}

gboolean
bo_engine_ping_finish (BoEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
