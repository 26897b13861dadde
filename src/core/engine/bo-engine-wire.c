/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-wire"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/bo-engine-wire.h"

/* No engine's refusal is longer. */
#define ANSWER_MAX (1024 * 1024)

struct _BoEngineWire
{
  SoupMessage *message; /* (owned) */
  gulong handler;
  int fd; /* or -1 */
};

static void
network_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer user_data)
{
  BoEngineWire *wire = user_data;
  GSocket *socket;

  if (event != G_SOCKET_CLIENT_CONNECTED || !G_IS_SOCKET_CONNECTION (stream))
    return;
  bo_engine_wire_close (wire);
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));
  wire->fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);
}

/**
 * bo_engine_wire_new:
 * @message: a message that was not sent yet; gets a connection of its own
 *
 * Returns: (transfer full): what watches its socket
 */
BoEngineWire *
bo_engine_wire_new (SoupMessage *message)
{
  BoEngineWire *wire = g_new0 (BoEngineWire, 1);

  g_return_val_if_fail (SOUP_IS_MESSAGE (message), NULL);

  wire->message = g_object_ref (message);
  wire->fd = -1;
  /* On a connection that is used again there would be no event to learn its socket from. */
  soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  wire->handler = g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), wire);
  return wire;
}

void
bo_engine_wire_close (BoEngineWire *wire)
{
  g_return_if_fail (wire != NULL);

  if (wire->fd >= 0)
    close (wire->fd);
  wire->fd = -1;
}

void
bo_engine_wire_free (BoEngineWire *wire)
{
  g_return_if_fail (wire != NULL);

  bo_engine_wire_close (wire);
  g_clear_signal_handler (&wire->handler, wire->message);
  g_clear_object (&wire->message);
  g_free (wire);
}

/**
 * bo_engine_wire_was_cut:
 *
 * To be called when the body has ended. Only a chunked body has an end of its
 * own to miss; a body that is as long as its connection (a hijacked exec) just
 * ends, and one with a length is checked by libsoup.
 *
 * Returns: whether the other side went away before it had finished
 */
gboolean
bo_engine_wire_was_cut (BoEngineWire *wire)
{
  SoupMessageHeaders *headers;
  char byte;
  ssize_t n;

  g_return_val_if_fail (wire != NULL, FALSE);

  headers = soup_message_get_response_headers (wire->message);
  if (wire->fd < 0 || soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CHUNKED
      || soup_message_headers_header_contains (headers, "Connection", "close"))
    return FALSE;
  do
    n = recv (wire->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

/* The body behind the head of an answer, which may be chunked. NUL follows @length bytes. */
static char *
decode_body (SoupMessageHeaders *headers, const char *body, gsize length)
{
  GString *text;

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CHUNKED)
    return g_strndup (body, length);

  text = g_string_new (NULL);
  while (length > 0)
    {
      const char *line_end = memchr (body, '\n', length);
      char *digits_end;
      guint64 size;
      gsize head;

      if (line_end == NULL)
        break;
      size = g_ascii_strtoull (body, &digits_end, 16);
      head = (gsize) (line_end - body) + 1;
      if (digits_end == body || digits_end > line_end || size == 0)
        break;
      body += head;
      length -= head;
      size = MIN (size, length);
      g_string_append_len (text, body, (gssize) size);
      body += size;
      length -= size;
      /* The line end behind the chunk. */
      while (length > 0 && (*body == '\r' || *body == '\n'))
        {
          body++;
          length--;
        }
    }
  return g_string_free (text, FALSE);
}

/**
 * bo_engine_wire_take_answer:
 * @status: (out): HTTP status of the answer
 *
 * After sending failed: reads what the other side had answered meanwhile.
 *
 * Returns: (transfer full) (nullable): the body of its answer, or %NULL if there is none
 */
char *
bo_engine_wire_take_answer (BoEngineWire *wire, guint *status)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (SoupMessageHeaders) headers = NULL;
  const char *text, *end;
  guint8 buffer[4096];
  gsize length;
  int head_length;

  g_return_val_if_fail (wire != NULL && status != NULL, NULL);

  if (wire->fd < 0)
    return NULL;
  while (bytes->len < ANSWER_MAX)
    {
      ssize_t n = recv (wire->fd, buffer, sizeof buffer, MSG_DONTWAIT);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      g_byte_array_append (bytes, buffer, (guint) n);
    }
  bo_engine_wire_close (wire);

  length = bytes->len;
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  text = (const char *) bytes->data;
  end = g_strstr_len (text, (gssize) length, "\r\n\r\n");
  if (end == NULL)
    return NULL;
  /* soup_headers_parse_response() wants the head with the first of the two line ends. */
  head_length = (int) (end - text) + 2;
  headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  if (!soup_headers_parse_response (text, head_length, headers, NULL, status, NULL))
    return NULL;
  return decode_body (headers, end + 4, length - (gsize) (end + 4 - text));
}
