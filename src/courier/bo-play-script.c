/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-play-script.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bo-memory.h"

typedef struct
{
  BoPlayScript *script;
  const char *data;
  size_t length;
  size_t at;
  unsigned line;
  char *error;
  size_t error_size;

  BoPlayItem *item; /* the one being read, or NULL */
  uint32_t last_number;
  bool has_limit;
} Parser;

static bool __attribute__ ((format (printf, 2, 3)))
fail (Parser *parser, const char *format, ...)
{
  char text[200];
  va_list args;

  va_start (args, format);
  vsnprintf (text, sizeof text, format, args);
  va_end (args);
  snprintf (parser->error, parser->error_size, "line %u: %s", parser->line, text);
  return false;
}

bool
bo_span_equals (BoSpan span, const char *text)
{
  return strlen (text) == span.length && memcmp (span.data, text, span.length) == 0;
}

bool
bo_span_to_number (BoSpan span, uint64_t max, uint64_t *number)
{
  uint64_t value = 0;

  if (span.length == 0 || (span.length > 1 && span.data[0] == '0'))
    return false;
  for (size_t i = 0; i < span.length; i++)
    {
      unsigned digit = (unsigned) (span.data[i] - '0');

      if (digit > 9 || value > (UINT64_MAX - digit) / 10)
        return false;
      value = value * 10 + digit;
    }
  *number = value;
  return value <= max;
}

/* Takes the next word off @rest. */
static BoSpan
take_word (BoSpan *rest)
{
  BoSpan word = { rest->data, 0 };

  while (word.length < rest->length && rest->data[word.length] != ' ')
    word.length++;
  rest->data += word.length;
  rest->length -= word.length;
  if (rest->length > 0)
    {
      rest->data++;
      rest->length--;
    }
  return word;
}

static bool
is_word (BoSpan span)
{
  return span.length > 0 && memchr (span.data, ' ', span.length) == NULL && memchr (span.data, '\t', span.length) == NULL;
}

static bool
is_path (BoSpan span)
{
  if (span.length == 0 || span.length > BO_SCRIPT_PATH_MAX || span.data[0] != '/')
    return false;
  for (size_t i = 0; i < span.length; i++)
    {
      if (span.data[i] <= ' ' || span.data[i] > '~' || span.data[i] == '#')
        return false;
    }
  return true;
}

static bool
is_token (BoSpan span)
{
  static const char others[] = "!#$%&'*+-.^_`|~";

  for (size_t i = 0; i < span.length; i++)
    {
      char c = span.data[i];

      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || (c != '\0' && strchr (others, c) != NULL)))
        return false;
    }
  return span.length > 0;
}

/* "Name: value", and not one of those that the courier makes itself. */
static bool
is_header (BoSpan span)
{
  static const char *const own[] = { "host", "connection", "content-length", "transfer-encoding",
                                     "expect", "upgrade", "te", "trailer" };
  const char *colon = span.length > 0 ? memchr (span.data, ':', span.length) : NULL;
  BoSpan name = { span.data, 0 };

  if (colon == NULL)
    return false;
  name.length = (size_t) (colon - span.data);
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    {
      if (name.length == strlen (own[i]) && strncasecmp (name.data, own[i], name.length) == 0)
        return false;
    }
  return is_token (name);
}

static void
add_span (BoSpanList *list, BoSpan span)
{
  list->spans = bo_memory_grow (list->spans, sizeof *list->spans, list->length, &list->room);
  list->spans[list->length++] = span;
}

static void
add_number (BoNumberList *list, uint32_t number)
{
  list->numbers = bo_memory_grow (list->numbers, sizeof *list->numbers, list->length, &list->room);
  list->numbers[list->length++] = number;
}

long
bo_play_script_find (const BoPlayScript *script, uint32_t number)
{
  size_t low = 0, high = script->n_items;

  while (low < high)
    {
      size_t middle = low + (high - low) / 2;

      if (script->items[middle].number < number)
        low = middle + 1;
      else
        high = middle;
    }
  return low < script->n_items && script->items[low].number == number ? (long) low : -1;
}

/* Takes the next line, without its end. */
static bool
take_line (Parser *parser, BoSpan *line)
{
  const char *start = parser->data + parser->at;
  size_t left = parser->length - parser->at;
  const char *end = memchr (start, '\n', left < BO_SCRIPT_LINE_MAX ? left : BO_SCRIPT_LINE_MAX);

  parser->line++;
  if (end == NULL)
    return fail (parser, left < BO_SCRIPT_LINE_MAX ? "the line has no end" : "the line is too long");
  line->data = start;
  line->length = (size_t) (end - start);
  parser->at += line->length + 1;
  for (size_t i = 0; i < line->length; i++)
    {
      unsigned char c = (unsigned char) start[i];

      if ((c < ' ' && c != '\t') || c == 127)
        return fail (parser, "a control character in the line");
    }
  return true;
}

/* Reads @rest as a number that a later item may have, so a new one. */
static bool
take_new_number (Parser *parser, BoSpan word, uint32_t *number)
{
  uint64_t value = 0;

  if (!bo_span_to_number (word, UINT32_MAX, &value) || value <= parser->last_number)
    return fail (parser, "a number greater than %u was expected", parser->last_number);
  *number = parser->last_number = (uint32_t) value;
  return true;
}

/* Reads the numbers of earlier items. */
static bool
take_earlier (Parser *parser, BoSpan rest, BoNumberList *list)
{
  if (rest.length == 0)
    return fail (parser, "a number of an item was expected");
  while (rest.length > 0)
    {
      uint64_t value = 0;
      long index = -1;

      if (bo_span_to_number (take_word (&rest), UINT32_MAX, &value) && value < parser->item->number)
        index = bo_play_script_find (parser->script, (uint32_t) value);
      if (index < 0)
        return fail (parser, "that is no number of an item before this one");
      add_number (list, (uint32_t) value);
    }
  return true;
}

static bool
take_expect (Parser *parser, BoSpan rest)
{
  if (rest.length == 0)
    return fail (parser, "a status was expected");
  while (rest.length > 0)
    {
      uint64_t value = 0;

      if (!bo_span_to_number (take_word (&rest), 599, &value) || value < 200)
        return fail (parser, "a status from 200 to 599 was expected");
      add_number (&parser->item->expect, (uint32_t) value);
    }
  return true;
}

static BoPlayPiece *
add_piece (BoPlayItem *item)
{
  BoPlayPiece *piece = NULL;

  item->pieces = bo_memory_grow (item->pieces, sizeof *item->pieces, item->n_pieces, &item->pieces_room);
  piece = &item->pieces[item->n_pieces++];
  memset (piece, 0, sizeof *piece);
  return piece;
}

static bool
take_literal (Parser *parser, BoSpan rest)
{
  uint64_t length = 0;
  BoPlayPiece *piece = NULL;

  if (!bo_span_to_number (rest, BO_SCRIPT_SIZE_MAX, &length))
    return fail (parser, "a number of bytes was expected");
  if (length >= parser->length - parser->at || parser->data[parser->at + length] != '\n')
    return fail (parser, "the bytes are not followed by a line end");

  piece = add_piece (parser->item);
  piece->literal.data = parser->data + parser->at;
  piece->literal.length = (size_t) length;
  for (size_t i = 0; i <= length; i++)
    parser->line += piece->literal.data[i] == '\n';
  parser->at += (size_t) length + 1;
  return true;
}

static bool
take_recipe (Parser *parser, BoSpan rest)
{
  BoPlayPiece *piece = NULL;

  if (rest.length != 64)
    return fail (parser, "a recipe's name of 64 hexadecimal digits was expected");
  for (size_t i = 0; i < 64; i++)
    {
      if (!((rest.data[i] >= '0' && rest.data[i] <= '9') || (rest.data[i] >= 'a' && rest.data[i] <= 'f')))
        return fail (parser, "a recipe's name of 64 hexadecimal digits was expected");
    }
  piece = add_piece (parser->item);
  memcpy (piece->recipe, rest.data, 64);
  return true;
}

static bool
set_once (Parser *parser, BoSpan *where, BoSpan value, const char *key)
{
  if (where->data != NULL)
    return fail (parser, "a second “%s”", key);
  *where = value;
  return true;
}

static bool
set_kind (Parser *parser, BoSpan value)
{
  static const char *const names[] = { "request", "settle", "sweep-list", "sweep-prune", "wait-empty" };

  if (parser->item->kind != 0)
    return fail (parser, "a second “kind”");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
      if (bo_span_equals (value, names[i]))
        {
          parser->item->kind = (BoPlayKind) (i + 1);
          return true;
        }
    }
  return fail (parser, "this kind of item is not known");
}

/* What an item must have, and must not have, once it is whole. */
static bool
check_item (Parser *parser)
{
  const BoPlayItem *item = parser->item;
  BoPlayKind of_kind = 0;
  bool plain = item->kind == BO_PLAY_REQUEST;

  if (item->kind == 0)
    return fail (parser, "the item has no kind");
  if ((item->method.data != NULL) != plain)
    return fail (parser, plain ? "the request has no method" : "only a request has a method");
  if (!plain && (item->headers.length > 0 || item->n_pieces > 0 || item->expect.length > 0))
    return fail (parser, "only a request has headers, a body and expected statuses");
  if ((item->path.data != NULL) != (item->kind != BO_PLAY_SETTLE))
    return fail (parser, item->kind == BO_PLAY_SETTLE ? "settle has no path" : "the item has no path");
  if ((item->prune_path.data != NULL) != (item->kind == BO_PLAY_SWEEP_PRUNE))
    return fail (parser, "sweep-prune, and it alone, has a prune-path");
  if (item->needles.length > 0 && item->kind != BO_PLAY_SETTLE)
    return fail (parser, "only settle has needles");

  if (item->kind == BO_PLAY_SETTLE)
    of_kind = BO_PLAY_REQUEST;
  else if (item->kind == BO_PLAY_SWEEP_PRUNE)
    of_kind = BO_PLAY_SWEEP_LIST;
  if ((item->of != 0) != (of_kind != 0))
    return fail (parser, of_kind != 0 ? "the item has no “of”" : "only settle and sweep-prune have “of”");
  if (of_kind != 0 && parser->script->items[bo_play_script_find (parser->script, item->of)].kind != of_kind)
    return fail (parser, "“of” names an item of another kind");
  if ((item->kind == BO_PLAY_SETTLE || item->kind == BO_PLAY_WAIT_EMPTY) && item->limit_us == 0)
    return fail (parser, "settle has no limit");
  return true;
}

static bool
take_item_line (Parser *parser, BoSpan key, BoSpan rest)
{
  BoPlayItem *item = parser->item;
  uint64_t value = 0;

  if (bo_span_equals (key, "kind"))
    return set_kind (parser, rest);
  if (bo_span_equals (key, "about"))
    return set_once (parser, &item->about, rest, "about");
  if (bo_span_equals (key, "method"))
    {
      for (size_t i = 0; i < rest.length; i++)
        {
          if (rest.data[i] < 'A' || rest.data[i] > 'Z')
            return fail (parser, "a method is written in capital letters");
        }
      if (rest.length == 0 || rest.length > 16 || bo_span_equals (rest, "CONNECT"))
        return fail (parser, "this method is not possible");
      return set_once (parser, &item->method, rest, "method");
    }
  if (bo_span_equals (key, "path") || bo_span_equals (key, "prune-path"))
    {
      if (!is_path (rest))
        return fail (parser, "a path begins with / and holds neither blanks nor what must be encoded");
      if (key.length == 4)
        return set_once (parser, &item->path, rest, "path");
      return set_once (parser, &item->prune_path, rest, "prune-path");
    }
  if (bo_span_equals (key, "header"))
    {
      if (!is_header (rest))
        return fail (parser, "this header is not possible");
      add_span (&item->headers, rest);
      return true;
    }
  if (bo_span_equals (key, "body-literal"))
    return take_literal (parser, rest);
  if (bo_span_equals (key, "body-recipe"))
    return take_recipe (parser, rest);
  if (bo_span_equals (key, "needle"))
    {
      if (rest.length == 0 || rest.length > 1024)
        return fail (parser, "a needle has 1 to 1024 bytes");
      add_span (&item->needles, rest);
      return true;
    }
  if (bo_span_equals (key, "limit"))
    {
      if (parser->has_limit)
        return fail (parser, "a second “limit”");
      if (!bo_span_to_number (rest, INT64_MAX / 4, &value))
        return fail (parser, "a number of microseconds was expected");
      parser->has_limit = true;
      item->limit_us = (int64_t) value;
      return true;
    }
  if (bo_span_equals (key, "of"))
    {
      if (item->of != 0)
        return fail (parser, "a second “of”");
      if (!bo_span_to_number (rest, UINT32_MAX, &value) || value >= item->number
          || bo_play_script_find (parser->script, (uint32_t) value) < 0)
        return fail (parser, "that is no number of an item before this one");
      item->of = (uint32_t) value;
      return true;
    }
  if (bo_span_equals (key, "needs"))
    return take_earlier (parser, rest, &item->needs);
  if (bo_span_equals (key, "unless"))
    return take_earlier (parser, rest, &item->unless);
  if (bo_span_equals (key, "expect"))
    return take_expect (parser, rest);
  if (rest.length == 0 && bo_span_equals (key, "trial-end"))
    {
      item->trial_end = true;
      return true;
    }
  if (rest.length == 0 && bo_span_equals (key, "always"))
    {
      item->always = true;
      return true;
    }
  if (rest.length == 0 && bo_span_equals (key, "end"))
    {
      if (!check_item (parser))
        return false;
      parser->script->chains[parser->script->n_chains - 1].n_items++;
      parser->item = NULL;
      return true;
    }
  return fail (parser, "this line is not known in an item");
}

static bool
take_chain (Parser *parser, BoSpan rest)
{
  static const char *const kinds[] = { "setup", "trials", "teardown" };
  BoPlayScript *script = parser->script;
  BoPlayChain chain = { 0 };

  chain.id = take_word (&rest);
  chain.first_item = script->n_items;
  if (!is_word (chain.id) || chain.id.length > BO_SCRIPT_ID_MAX)
    return fail (parser, "a chain's id is a word of at most %d bytes", BO_SCRIPT_ID_MAX);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    {
      if (bo_span_equals (rest, kinds[i]))
        chain.kind = (BoPlayChainKind) (i + 1);
    }
  if (chain.kind == 0)
    return fail (parser, "a chain is setup, trials or teardown");
  if (script->n_chains >= BO_SCRIPT_CHAINS_MAX)
    return fail (parser, "too many chains");
  for (size_t i = 0; i < script->n_chains; i++)
    {
      if (script->chains[i].id.length == chain.id.length
          && memcmp (script->chains[i].id.data, chain.id.data, chain.id.length) == 0)
        return fail (parser, "a second chain with this id");
    }
  script->chains = bo_memory_grow (script->chains, sizeof *script->chains, script->n_chains, &script->chains_room);
  script->chains[script->n_chains++] = chain;
  return true;
}

static bool
take_top_line (Parser *parser, BoSpan key, BoSpan rest)
{
  BoPlayScript *script = parser->script;

  if (bo_span_equals (key, "chain"))
    return take_chain (parser, rest);
  if (bo_span_equals (key, "item"))
    {
      BoPlayItem *item = NULL;
      uint32_t number = 0;

      if (script->n_chains == 0)
        return fail (parser, "an item before the first chain");
      if (script->n_items >= BO_SCRIPT_ITEMS_MAX)
        return fail (parser, "too many items");
      if (!take_new_number (parser, rest, &number))
        return false;
      script->items = bo_memory_grow (script->items, sizeof *script->items, script->n_items, &script->items_room);
      item = &script->items[script->n_items++];
      memset (item, 0, sizeof *item);
      item->number = number;
      parser->item = item;
      parser->has_limit = false;
      return true;
    }
  if (script->n_chains > 0)
    return fail (parser, "this line is not known after the first chain");
  if (bo_span_equals (key, "campaign"))
    {
      if (!is_word (rest) || rest.length > BO_SCRIPT_ID_MAX)
        return fail (parser, "a campaign's id is a word of at most %d bytes", BO_SCRIPT_ID_MAX);
      return set_once (parser, &script->campaign, rest, "campaign");
    }
  if (bo_span_equals (key, "secret"))
    {
      if (!is_word (rest) || rest.length > BO_SCRIPT_ID_MAX || memchr (rest.data, '=', rest.length) != NULL
          || memchr (rest.data, '}', rest.length) != NULL)
        return fail (parser, "a secret is the name of a variable");
      add_span (&script->secrets, rest);
      return true;
    }
  if (bo_span_equals (key, "watch"))
    {
      if (script->watch_number != 0)
        return fail (parser, "a second watch");
      if (!take_new_number (parser, take_word (&rest), &script->watch_number))
        return false;
      if (!is_path (rest))
        return fail (parser, "a path begins with / and holds neither blanks nor what must be encoded");
      script->watch_path = rest;
      return true;
    }
  return fail (parser, "this line is not known");
}

/*
 * Reads a script from @data, which must stay as long as @script. When false is
 * returned, @error says where and what, and @script is empty.
 */
bool
bo_play_script_parse (BoPlayScript *script, const char *data, size_t length, char *error, size_t error_size)
{
  Parser parser = { .script = script, .data = data, .length = length, .error = error, .error_size = error_size };
  BoSpan line = { 0 };
  bool good = false;
  char first[40];

  memset (script, 0, sizeof *script);
  snprintf (first, sizeof first, "bakeoff-script %d", BO_SCRIPT_VERSION);

  if (length > BO_SCRIPT_SIZE_MAX)
    fail (&parser, "the script is too large");
  else if (length == 0)
    fail (&parser, "the script is empty");
  else if (take_line (&parser, &line) && !bo_span_equals (line, first))
    fail (&parser, "“%s” was expected", first);
  else if (parser.at > 0)
    good = true;

  while (good && parser.at < parser.length)
    {
      BoSpan rest = { 0 };
      BoSpan key = { 0 };

      good = take_line (&parser, &line);
      if (!good)
        break;
      rest = line;
      key = take_word (&rest);
      good = parser.item != NULL ? take_item_line (&parser, key, rest) : take_top_line (&parser, key, rest);
    }
  if (good && parser.item != NULL)
    good = fail (&parser, "the last item has no end");
  if (good && script->campaign.data == NULL)
    good = fail (&parser, "the script names no campaign");
  if (!good)
    bo_play_script_clear (script);
  return good;
}

void
bo_play_script_clear (BoPlayScript *script)
{
  for (size_t i = 0; i < script->n_items; i++)
    {
      BoPlayItem *item = &script->items[i];

      free (item->headers.spans);
      free (item->needles.spans);
      free (item->needs.numbers);
      free (item->unless.numbers);
      free (item->expect.numbers);
      free (item->pieces);
    }
  free (script->items);
  free (script->chains);
  free (script->secrets.spans);
  memset (script, 0, sizeof *script);
}
