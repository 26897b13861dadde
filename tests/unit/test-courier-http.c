/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "bo-http-answer.h"

typedef struct
{
  const char *name;
  const char *text;
  int status;
  BoHttpState state;
  const char *body;
} Case;

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

static const Case cases[] = {
  { "length", OK "Content-Length: 5\r\n\r\nhello", 200, BO_HTTP_WHOLE, "hello" },
  { "no-bytes", OK "Content-Length: 0\r\n\r\n", 200, BO_HTTP_WHOLE, "" },
  { "no-reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", 200, BO_HTTP_WHOLE, "x" },
  { "same-length-twice", OK "Content-Length: 1\r\ncontent-length:1\t\r\n\r\nx", 200, BO_HTTP_WHOLE, "x" },
  { "204", "HTTP/1.1 204 No Content\r\n\r\n", 204, BO_HTTP_WHOLE, "" },
  { "304", "HTTP/1.1 304 Not Modified\r\n\r\n", 304, BO_HTTP_WHOLE, "" },
  { "chunks", CHUNKED "5\r\nhello\r\n6 ; a=b\r\n world\r\n0\r\n\r\n", 200, BO_HTTP_WHOLE, "hello world" },
  { "chunks-in-capitals", OK "TRANSFER-ENCODING: Chunked\r\n\r\n00A\r\n0123456789\r\n0\r\nX: y\r\n\r\n", 200, BO_HTTP_WHOLE,
    "0123456789" },
  { "behind-the-end", OK "Content-Length: 2\r\n\r\nokHTTP/1.1 500 X\r\n\r\n", 200, BO_HTTP_WHOLE, "ok" },
  { "continue", "HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 1\r\n\r\nx", 200, BO_HTTP_WHOLE, "x" },
  { "interim-with-headers", "HTTP/1.1 103 Early\r\nLink: x\r\nContent-Length: 9\r\n\r\n" OK "Content-Length: 1\r\n\r\nx", 200,
    BO_HTTP_WHOLE, "x" },
  { "endless", OK "\r\nbytes", 200, BO_HTTP_ENDLESS, "bytes" },
  { "short", OK "Content-Length: 6\r\n\r\nhello", 200, BO_HTTP_BODY, "hello" },
  { "no-last-chunk", CHUNKED "5\r\nhello\r\n", 200, BO_HTTP_CHUNK_SIZE, "hello" },
  { "no-end-of-chunk", CHUNKED "5\r\nhello", 200, BO_HTTP_CHUNK_END, "hello" },
  { "no-end-of-trailer", CHUNKED "0\r\n", 200, BO_HTTP_TRAILER, "" },
  { "head-only-begins", OK "Content-Length: 6\r\n", 0, BO_HTTP_HEAD, "" },

  { "not-http", "SSH-2.0-x\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "empty-head", "\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "http-2", "HTTP/2.0 200 OK\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "status-of-letters", "HTTP/1.1 2x0 OK\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "status-of-four", "HTTP/1.1 2000 OK\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "bare-line-end", OK "A: b\nC: d\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "no-colon", OK "Header\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "folded", OK "A: b\r\n c\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "blank-before-colon", OK "Content-Length : 1\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "plus", OK "Content-Length: +1\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "two-lengths", OK "Content-Length: 1, 1\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "huge-length", OK "Content-Length: 99999999999999999999\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "both", OK "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "chunked-twice", OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "gzip", OK "Transfer-Encoding: gzip, chunked\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "switch", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 0, BO_HTTP_BROKEN, "" },
  { "empty-size", CHUNKED "\r\n", 0, BO_HTTP_BROKEN, "" },
  { "size-with-sign", CHUNKED "-5\r\n", 0, BO_HTTP_BROKEN, "" },
  { "size-with-0x", CHUNKED "0x5\r\nhello\r\n", 0, BO_HTTP_BROKEN, "" },
  { "size-too-large", CHUNKED "8000000000000000\r\n", 0, BO_HTTP_BROKEN, "" },
  { "size-too-long", CHUNKED "00000000000000005\r\n", 0, BO_HTTP_BROKEN, "" },
  { "size-bare-line-end", CHUNKED "5\nhello\r\n", 0, BO_HTTP_BROKEN, "" },
  { "chunk-too-long", CHUNKED "5\r\nhello!\r\n", 0, BO_HTTP_BROKEN, "hello" },
};

/* Feeds @text in pieces of @step bytes. */
static void
feed (const Case *c, gsize step)
{
  BoHttpAnswer answer;
  g_autoptr (GString) body = g_string_new (NULL);
  gsize length = strlen (c->text);

  bo_http_answer_init (&answer, FALSE);
  for (gsize at = 0; at < length; at += step)
    {
      gsize n = MIN (step, length - at);
      g_autofree char *piece = g_memdup2 (c->text + at, n);
      gsize got = 0;

      bo_http_answer_feed (&answer, piece, n, &got);
      g_string_append_len (body, piece, (gssize) got);
    }
  g_assert_cmpint (answer.state, ==, c->state);
  g_assert_cmpstr (body->str, ==, c->body);
  if (c->state != BO_HTTP_BROKEN)
    g_assert_cmpint (answer.status, ==, c->status);
  else
    g_assert_nonnull (answer.problem);
  bo_http_answer_clear (&answer);
}

static void
test_case (gconstpointer data)
{
  for (gsize step = 1; step <= strlen (((const Case *) data)->text); step++)
    feed (data, step);
}

static void
test_head_request (void)
{
  BoHttpAnswer answer;
  char text[] = OK "Content-Length: 5\r\n\r\n";
  gsize got = 0;

  bo_http_answer_init (&answer, TRUE);
  bo_http_answer_feed (&answer, text, strlen (text), &got);
  g_assert_cmpint (answer.state, ==, BO_HTTP_WHOLE);
  g_assert_cmpmem (answer.head, answer.head_length, OK "Content-Length: 5\r\n\r\n", strlen (OK) + 21);
  bo_http_answer_clear (&answer);
}

static void
test_bounds (void)
{
  static const char *const begins[] = { OK, CHUNKED "0\r\n", CHUNKED "5;" };

  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    {
      BoHttpAnswer answer;
      g_autofree char *begin = g_strdup (begins[i]);
      gsize got = 0;

      bo_http_answer_init (&answer, FALSE);
      bo_http_answer_feed (&answer, begin, strlen (begin), &got);
      for (int k = 0; k < 20000; k++)
        {
          char line[] = "Header: x\r\n";

          bo_http_answer_feed (&answer, line, i == 2 ? 9 : 11, &got);
        }
      g_assert_cmpint (answer.state, ==, BO_HTTP_BROKEN);
      g_assert_cmpuint (answer.head_length, <=, BO_HTTP_HEAD_MAX);
      bo_http_answer_clear (&answer);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/courier-http/answer/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/courier-http/head-request", test_head_request);
  g_test_add_func ("/courier-http/bounds", test_bounds);
  return g_test_run ();
}
