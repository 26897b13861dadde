/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bo-http-exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bo-clock.h"
#include "bo-memory.h"

#define OUT_SIZE (256u * 1024)
#define IN_SIZE (64u * 1024)
/* How much is written or read before the other direction gets its turn. */
#define TURN_SIZE (1024u * 1024)
/* A Unix socket whose queue is full says so at once; try again this long. */
#define CONNECT_US 10000000

/* The word of a DONE message. "status" is told apart by the caller. */
const char *
bo_exchange_end_word (BoExchangeEnd end)
{
  switch (end)
    {
    case BO_EXCHANGE_WHOLE:
      return "ok";
    case BO_EXCHANGE_LIMIT:
      return "limit";
    case BO_EXCHANGE_LOST:
      return "lost";
    case BO_EXCHANGE_UNREACHABLE:
      return "unreachable";
    case BO_EXCHANGE_STOPPED:
      return "stopped";
    case BO_EXCHANGE_SIGNAL:
      return "signal";
    case BO_EXCHANGE_ORPHANED:
      return "orphaned";
    case BO_EXCHANGE_BODY:
      return "body";
    case BO_EXCHANGE_OVERFLOW:
      return "overflow";
    case BO_EXCHANGE_DISK:
      return "disk";
    case BO_EXCHANGE_CLOSED:
      return "closed";
    case BO_EXCHANGE_RUNS:
    default:
      return "";
    }
}

/* Ends the exchange and closes its connection; the first end counts. */
void
bo_http_exchange_finish (BoHttpExchange *exchange, BoExchangeEnd end, const char *format, ...)
{
  va_list args;

  if (exchange->end != BO_EXCHANGE_RUNS)
    return;
  exchange->end = end;
  va_start (args, format);
  vsnprintf (exchange->detail, sizeof exchange->detail, format, args);
  va_end (args);
  if (exchange->fd >= 0)
    close (exchange->fd);
  exchange->fd = -1;
}

void
bo_http_exchange_clear (BoHttpExchange *exchange)
{
  if (exchange->fd >= 0)
    close (exchange->fd);
  exchange->fd = -1;
  free (exchange->out);
  free (exchange->socket_path);
  exchange->out = NULL;
  exchange->socket_path = NULL;
  bo_http_answer_clear (&exchange->answer);
}

/* Connects @fd to a socket whose path may be longer than an address holds. */
static int
connect_to (int fd, const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const char *name = NULL;
  char *folder = NULL;
  int folder_fd = -1;
  int result = -1;
  int code = 0;

  if (strlen (path) < sizeof address.sun_path)
    {
      strcpy (address.sun_path, path);
      return connect (fd, (struct sockaddr *) &address, sizeof address);
    }

  name = strrchr (path, '/');
  if (name == NULL || strlen (name) > 64)
    {
      errno = ENAMETOOLONG;
      return -1;
    }
  folder = strndup (path, name == path ? 1 : (size_t) (name - path));
  if (folder == NULL)
    return -1;
  folder_fd = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  free (folder);
  if (folder_fd < 0)
    return -1;
  snprintf (address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d%s", folder_fd, name);
  result = connect (fd, (struct sockaddr *) &address, sizeof address);
  code = errno;
  close (folder_fd);
  errno = code;
  return result;
}

/* One attempt; true when there is a connection or another attempt makes sense. */
static void
try_connect (BoHttpExchange *exchange)
{
  int room = 1024 * 1024;

  if (exchange->fd < 0)
    {
      exchange->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      if (exchange->fd < 0)
        return bo_http_exchange_finish (exchange, BO_EXCHANGE_UNREACHABLE, "socket: %s", strerror (errno));
      /* As large as the system allows; fewer turns for a large upload. */
      setsockopt (exchange->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    }
  if (connect_to (exchange->fd, exchange->socket_path) == 0 || errno == EISCONN)
    {
      exchange->connected = true;
      return;
    }
  if ((errno == EAGAIN || errno == EINTR) && bo_clock_boot_us () < exchange->connect_until_us)
    return;
  bo_http_exchange_finish (exchange, BO_EXCHANGE_UNREACHABLE, "%s: %s", exchange->socket_path, strerror (errno));
}

static void
append (BoHttpExchange *exchange, size_t *room, const char *data, size_t length)
{
  while (*room - exchange->out_length < length)
    {
      char *more = bo_memory_new (*room * 2);

      memcpy (more, exchange->out, exchange->out_length);
      free (exchange->out);
      exchange->out = more;
      *room *= 2;
    }
  memcpy (exchange->out + exchange->out_length, data, length);
  exchange->out_length += length;
}

static void
append_text (BoHttpExchange *exchange, size_t *room, const char *text)
{
  append (exchange, room, text, strlen (text));
}

/*
 * Begins an exchange. @body (may be NULL) and @handler stay the caller's and
 * must last as long.
 *
 * Each exchange has a connection of its own, but there is no "Connection: close":
 * an engine that was told so (seen with 20.10.24) does not look for the end of the
 * connection while it builds, and a build that is given up runs on to its end.
 */
void
bo_http_exchange_start (BoHttpExchange *exchange,
                        const char *socket_path,
                        const BoHttpRequest *request,
                        BoRequestBody *body,
                        const BoExchangeHandler *handler,
                        void *user_data)
{
  size_t room = OUT_SIZE;

  memset (exchange, 0, sizeof *exchange);
  exchange->fd = -1;
  exchange->body = body;
  exchange->handler = handler;
  exchange->user_data = user_data;
  exchange->progress_us = bo_clock_boot_us ();
  exchange->connect_until_us = exchange->progress_us + CONNECT_US;
  exchange->socket_path = strdup (socket_path);
  bo_http_answer_init (&exchange->answer, bo_span_equals (request->method, "HEAD"));

  exchange->out = bo_memory_new (room);
  append (exchange, &room, request->method.data, request->method.length);
  append_text (exchange, &room, " ");
  append (exchange, &room, request->path.data, request->path.length);
  append_text (exchange, &room, " HTTP/1.1\r\nHost: docker\r\nUser-Agent: bakeoff-courier/" PACKAGE_VERSION
                                "\r\n");
  for (size_t i = 0; i < request->n_headers; i++)
    {
      append (exchange, &room, request->headers[i].data, request->headers[i].length);
      append_text (exchange, &room, "\r\n");
    }
  if (body != NULL || bo_span_equals (request->method, "POST") || bo_span_equals (request->method, "PUT"))
    {
      char line[64];

      snprintf (line, sizeof line, "Content-Length: %llu\r\n", (unsigned long long) (body != NULL ? body->total : 0));
      append_text (exchange, &room, line);
    }
  append_text (exchange, &room, "\r\n");
  try_connect (exchange);
}

/* What to poll `fd` for; 0 when the caller should just call again in a moment. */
short
bo_http_exchange_events (const BoHttpExchange *exchange)
{
  if (exchange->fd < 0 || !exchange->connected)
    return 0;
  return exchange->sent || exchange->deaf ? POLLIN : POLLIN | POLLOUT;
}

/* The engine does not take what we send any more; its answer tells why, if one comes. */
static void
become_deaf (BoHttpExchange *exchange)
{
  exchange->deaf = true;
  if (exchange->body != NULL)
    bo_request_body_clear (exchange->body);
}

/* Sends what the socket takes, up to some amount. */
static void
write_some (BoHttpExchange *exchange)
{
  size_t turn = 0;

  while (!exchange->sent && !exchange->deaf && turn < TURN_SIZE)
    {
      ssize_t n = 0;
      bool from_file = false;

      if (exchange->out_at == exchange->out_length)
        {
          BoBodyPart part = BO_BODY_END;

          exchange->out_at = exchange->out_length = 0;
          if (exchange->body != NULL)
            part = bo_request_body_next (exchange->body, exchange->out, OUT_SIZE, &exchange->out_length);
          if (part == BO_BODY_BROKEN)
            return bo_http_exchange_finish (exchange, BO_EXCHANGE_BODY, "%s", exchange->body->problem);
          if (part == BO_BODY_END)
            {
              exchange->sent = true;
              exchange->handler->sent (exchange->user_data, exchange->body != NULL ? exchange->body->total : 0);
              return;
            }
          from_file = part == BO_BODY_FILE;
        }

      if (from_file)
        {
          size_t want = exchange->body->file_left < TURN_SIZE ? (size_t) exchange->body->file_left : TURN_SIZE;

          n = sendfile (exchange->fd, exchange->body->file_fd, NULL, want);
        }
      else
        n = send (exchange->fd, exchange->out + exchange->out_at, exchange->out_length - exchange->out_at, MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && errno == EAGAIN)
        return;
      if (n < 0 && from_file && errno != EPIPE && errno != ECONNRESET)
        return bo_http_exchange_finish (exchange, BO_EXCHANGE_BODY, "file %s: %s", exchange->body->file_name,
                                        strerror (errno));
      if (n < 0)
        return become_deaf (exchange);

      if (!from_file)
        exchange->out_at += (size_t) n;
      else if (bo_request_body_took (exchange->body, (size_t) n) == BO_BODY_BROKEN)
        return bo_http_exchange_finish (exchange, BO_EXCHANGE_BODY, "%s", exchange->body->problem);
      turn += (size_t) n;
      exchange->progress_us = bo_clock_boot_us ();
    }
}

/* What is missing when the connection ends now. */
static void
finish_early (BoHttpExchange *exchange, const char *how)
{
  switch (exchange->answer.state)
    {
    case BO_HTTP_HEAD:
      if (exchange->answer.head_length == 0)
        return bo_http_exchange_finish (exchange, BO_EXCHANGE_LOST, "%s before an answer", how);
      return bo_http_exchange_finish (exchange, BO_EXCHANGE_LOST, "%s inside the headers", how);
    case BO_HTTP_BODY:
      return bo_http_exchange_finish (exchange, BO_EXCHANGE_LOST, "%s %llu bytes before the end of the answer", how,
                                      (unsigned long long) exchange->answer.left);
    case BO_HTTP_CHUNK:
    case BO_HTTP_CHUNK_END:
      return bo_http_exchange_finish (exchange, BO_EXCHANGE_LOST, "%s inside a chunk", how);
    case BO_HTTP_CHUNK_SIZE:
    case BO_HTTP_TRAILER:
      return bo_http_exchange_finish (exchange, BO_EXCHANGE_LOST, "%s before the last chunk", how);
    case BO_HTTP_ENDLESS:
      return bo_http_exchange_finish (exchange, BO_EXCHANGE_LOST, "%s, and the answer has no length to tell its end by",
                                      how);
    case BO_HTTP_WHOLE:
    case BO_HTTP_BROKEN:
    default:
      return;
    }
}

/* Reads what has come, up to some amount. */
static void
read_some (BoHttpExchange *exchange)
{
  char buffer[IN_SIZE];

  for (size_t turn = 0; turn < TURN_SIZE && exchange->end == BO_EXCHANGE_RUNS;)
    {
      ssize_t n = recv (exchange->fd, buffer, sizeof buffer, 0);
      size_t body_length = 0;

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && errno == EAGAIN)
        return;
      if (n < 0)
        return finish_early (exchange, strerror (errno));
      if (n == 0)
        return finish_early (exchange, "the connection ended");

      turn += (size_t) n;
      exchange->progress_us = bo_clock_boot_us ();
      bo_http_answer_feed (&exchange->answer, buffer, (size_t) n, &body_length);
      if (!exchange->head_told && exchange->answer.state != BO_HTTP_HEAD && exchange->answer.state != BO_HTTP_BROKEN)
        {
          exchange->head_told = true;
          exchange->handler->head (exchange->user_data, exchange->answer.head, exchange->answer.head_length);
        }
      if (body_length > 0)
        {
          exchange->received += body_length;
          exchange->handler->data (exchange->user_data, buffer, body_length);
        }
      if (exchange->answer.state == BO_HTTP_WHOLE)
        return bo_http_exchange_finish (exchange, BO_EXCHANGE_WHOLE, "%d", exchange->answer.status);
      if (exchange->answer.state == BO_HTTP_BROKEN)
        return bo_http_exchange_finish (exchange, BO_EXCHANGE_OVERFLOW, "%s", exchange->answer.problem);
    }
}

/* Does what can be done now without waiting. */
void
bo_http_exchange_turn (BoHttpExchange *exchange, short revents)
{
  if (exchange->end != BO_EXCHANGE_RUNS)
    return;
  if (!exchange->connected)
    {
      try_connect (exchange);
      return;
    }
  if (revents & (POLLIN | POLLHUP | POLLERR))
    read_some (exchange);
  if (exchange->end == BO_EXCHANGE_RUNS && (revents & POLLOUT))
    write_some (exchange);
}
