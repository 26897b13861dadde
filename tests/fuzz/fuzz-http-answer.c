/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The courier's reading of HTTP answers. However an answer is cut, state,
 * status, head and body are the same; the body is never longer than what came;
 * a broken answer has a reason.
 */

#include <stdlib.h>
#include <string.h>

#include "bo-fuzz.h"
#include "bo-http-answer.h"

typedef struct
{
  BoHttpAnswer answer;
  uint8_t *body;
  size_t length;
} Result;

static void
feed (Result *result, const uint8_t *data, size_t length)
{
  char *piece = malloc (length + 1);
  size_t body_length = 0;

  memcpy (piece, data, length);
  bo_http_answer_feed (&result->answer, piece, length, &body_length);
  BO_FUZZ_CHECK (body_length <= length);
  memcpy (result->body + result->length, piece, body_length);
  result->length += body_length;
  free (piece);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  bool no_body = (bo_fuzz_take (&data, &size) & 1) != 0;
  Result whole = { 0 };
  Result cut = { 0 };
  BoFuzzCuts cuts;

  whole.body = malloc (size + 1);
  bo_http_answer_init (&whole.answer, no_body);
  feed (&whole, data, size);

  cut.body = malloc (size + 1);
  bo_http_answer_init (&cut.answer, no_body);
  bo_fuzz_cuts_init (&cuts, data, size);
  for (size_t at = 0; at < size;)
    {
      size_t piece = bo_fuzz_cuts_next (&cuts, size - at);

      feed (&cut, data + at, piece);
      at += piece;
    }

  BO_FUZZ_CHECK (whole.answer.state == cut.answer.state);
  BO_FUZZ_CHECK (whole.answer.status == cut.answer.status);
  BO_FUZZ_CHECK (whole.answer.left == cut.answer.left);
  BO_FUZZ_CHECK (whole.answer.head_length == cut.answer.head_length);
  BO_FUZZ_CHECK (whole.answer.head_length == 0
                 || memcmp (whole.answer.head, cut.answer.head, whole.answer.head_length) == 0);
  BO_FUZZ_CHECK (whole.answer.head_length <= BO_HTTP_HEAD_MAX);
  BO_FUZZ_CHECK (whole.length == cut.length && memcmp (whole.body, cut.body, whole.length) == 0);
  BO_FUZZ_CHECK ((whole.answer.state == BO_HTTP_BROKEN) == (whole.answer.problem != NULL));
  BO_FUZZ_CHECK (whole.answer.state <= BO_HTTP_BODY || whole.answer.state == BO_HTTP_BROKEN
                 || (whole.answer.status >= 200 && whole.answer.status <= 999));
  BO_FUZZ_CHECK (!no_body || whole.length == 0);

  free (whole.body);
  free (cut.body);
  bo_http_answer_clear (&whole.answer);
  bo_http_answer_clear (&cut.answer);
  return 0;
}
