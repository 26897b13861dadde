/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-http-answer.h"
#include "bo-request-body.h"

/*
 * One request and its answer on a connection of its own. It reads while it
 * writes, so an engine that refuses early is heard. It never blocks: the
 * caller polls `fd` for bo_http_exchange_events() and calls bo_http_exchange_turn().
 */

/* How it ended: the words of a DONE message. */
typedef enum
{
  BO_EXCHANGE_RUNS,
  BO_EXCHANGE_WHOLE, /* the whole answer came; see `answer.status` */
  BO_EXCHANGE_LIMIT,
  BO_EXCHANGE_LOST,
  BO_EXCHANGE_UNREACHABLE,
  BO_EXCHANGE_STOPPED,
  BO_EXCHANGE_SIGNAL,
  BO_EXCHANGE_ORPHANED,
  BO_EXCHANGE_BODY,
  BO_EXCHANGE_OVERFLOW,
  BO_EXCHANGE_DISK,
  BO_EXCHANGE_CLOSED,
} BoExchangeEnd;

typedef struct
{
  /* The request line and headers were written, and then the whole body. */
  void (*sent) (void *user_data, uint64_t body_bytes);
  /* The head of the answer is whole. */
  void (*head) (void *user_data, const char *head, size_t length);
  /* Bytes of the answer's body. */
  void (*data) (void *user_data, const char *data, size_t length);
} BoExchangeHandler;

typedef struct
{
  int fd; /* -1 before there is a connection, and after the end */
  BoExchangeEnd end;
  char detail[320];
  BoHttpAnswer answer;
  uint64_t received; /* bytes of the body */
  int64_t progress_us; /* when bytes last went either way */

  /*< private >*/
  char *socket_path;
  int64_t connect_until_us;
  bool connected;
  BoRequestBody *body;
  char *out;
  size_t out_at, out_length;
  bool sent, deaf;
  const BoExchangeHandler *handler;
  void *user_data;
  bool head_told;
} BoHttpExchange;

/* What a request is made of, beside its body. */
typedef struct
{
  BoSpan method;
  BoSpan path;
  const BoSpan *headers;
  size_t n_headers;
} BoHttpRequest;

void bo_http_exchange_start (BoHttpExchange *exchange,
                             const char *socket_path,
                             const BoHttpRequest *request,
                             BoRequestBody *body,
                             const BoExchangeHandler *handler,
                             void *user_data);
short bo_http_exchange_events (const BoHttpExchange *exchange);
void bo_http_exchange_turn (BoHttpExchange *exchange, short revents);
void bo_http_exchange_finish (BoHttpExchange *exchange,
                              BoExchangeEnd end,
                              const char *format, ...) __attribute__ ((format (printf, 3, 4)));
void bo_http_exchange_clear (BoHttpExchange *exchange);

const char *bo_exchange_end_word (BoExchangeEnd end);
