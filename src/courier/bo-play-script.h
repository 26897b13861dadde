/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bo-script-format.h"

/*
 * A script as it was read. All texts point into the script's bytes, which must
 * stay where they are.
 */

typedef struct
{
  const char *data;
  size_t length;
} BoSpan;

typedef enum
{
  BO_PLAY_REQUEST = 1,
  BO_PLAY_SETTLE,
  BO_PLAY_SWEEP_LIST,
  BO_PLAY_SWEEP_PRUNE,
  BO_PLAY_WAIT_EMPTY,
} BoPlayKind;

/* A part of a body: a recipe if `recipe` is not empty, else literal bytes. */
typedef struct
{
  char recipe[65];
  BoSpan literal;
} BoPlayPiece;

typedef struct
{
  BoSpan *spans;
  size_t length, room;
} BoSpanList;

typedef struct
{
  uint32_t *numbers;
  size_t length, room;
} BoNumberList;

typedef struct
{
  uint32_t number;
  BoPlayKind kind;
  BoSpan about;
  BoSpan method;
  BoSpan path;
  BoSpan prune_path;
  uint32_t of;
  int64_t limit_us;
  bool trial_end;
  bool always;
  BoSpanList headers;
  BoSpanList needles;
  BoNumberList needs;
  BoNumberList unless;
  BoNumberList expect;
  BoPlayPiece *pieces;
  size_t n_pieces, pieces_room;
} BoPlayItem;

typedef enum
{
  BO_PLAY_SETUP = 1,
  BO_PLAY_TRIALS,
  BO_PLAY_TEARDOWN,
} BoPlayChainKind;

typedef struct
{
  BoSpan id;
  BoPlayChainKind kind;
  size_t first_item, n_items;
} BoPlayChain;

typedef struct
{
  BoSpan campaign;
  BoSpanList secrets;
  uint32_t watch_number; /* 0: no watch */
  BoSpan watch_path;
  BoPlayChain *chains;
  size_t n_chains, chains_room;
  BoPlayItem *items; /* by rising number */
  size_t n_items, items_room;
} BoPlayScript;

bool bo_play_script_parse (BoPlayScript *script, const char *data, size_t length, char *error, size_t error_size);
void bo_play_script_clear (BoPlayScript *script);

/* The index of the item with this number, or -1. */
long bo_play_script_find (const BoPlayScript *script, uint32_t number);

bool bo_span_equals (BoSpan span, const char *text);

/* A decimal number without sign, blanks or leading zeros, up to @max. */
bool bo_span_to_number (BoSpan span, uint64_t max, uint64_t *number);
