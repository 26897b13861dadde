/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Takes an HTTP/1.1 answer apart as its bytes come. Strict: an answer whose
 * end is not marked by a length or by chunks has no end, since an engine that
 * is gone looks the same.
 */

#define BO_HTTP_HEAD_MAX (64u * 1024)

typedef enum
{
  BO_HTTP_HEAD,
  BO_HTTP_BODY,       /* counted by Content-Length */
  BO_HTTP_CHUNK_SIZE,
  BO_HTTP_CHUNK,
  BO_HTTP_CHUNK_END,
  BO_HTTP_TRAILER,
  BO_HTTP_ENDLESS,    /* no length: to the end of the connection, which proves nothing */
  BO_HTTP_WHOLE,
  BO_HTTP_BROKEN,
} BoHttpState;

typedef struct
{
  BoHttpState state;
  bool no_body;      /* the answer to HEAD */
  int status;        /* 0 before the head */
  char *head;        /* as it came */
  size_t head_length, head_room;
  uint64_t left;     /* bytes of the body or the chunk still to come */
  char line[256];    /* a chunk's size, or the begin of a trailer's line */
  size_t line_length;
  size_t trailer_length;
  unsigned n_interim;
  const char *problem; /* when broken */
} BoHttpAnswer;

void bo_http_answer_init (BoHttpAnswer *answer, bool no_body);
void bo_http_answer_clear (BoHttpAnswer *answer);

void bo_http_answer_feed (BoHttpAnswer *answer, char *data, size_t length, size_t *body_length);
