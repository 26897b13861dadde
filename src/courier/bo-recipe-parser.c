/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-recipe-parser.h"

#include <string.h>

#include "bo-play-script.h"

enum
{
  STATE_FIRST,
  STATE_LENGTH,
  STATE_PIECE,
  STATE_LITERAL,
  STATE_LITERAL_END,
  STATE_END,
  STATE_BROKEN,
};

void
bo_recipe_parser_init (BoRecipeParser *parser)
{
  memset (parser, 0, sizeof *parser);
}

static BoRecipeEvent
broken (BoRecipeParser *parser, const char *problem)
{
  parser->state = STATE_BROKEN;
  parser->problem = problem;
  return BO_RECIPE_PARSER_BROKEN;
}

static bool
take_number (BoSpan text, uint64_t *number)
{
  return bo_span_to_number (text, INT64_MAX, number);
}

static bool
begins (BoSpan *line, const char *prefix)
{
  size_t length = strlen (prefix);

  if (line->length < length || memcmp (line->data, prefix, length) != 0)
    return false;
  line->data += length;
  line->length -= length;
  return true;
}

static bool
count (BoRecipeParser *parser, uint64_t bytes)
{
  if (bytes == 0 || bytes > parser->length - parser->so_far)
    return false;
  parser->so_far += bytes;
  return true;
}

/* One whole line; BO_RECIPE_PARSER_MORE when it has nothing to tell. */
static BoRecipeEvent
read_line (BoRecipeParser *parser, BoRecipePiece *piece)
{
  BoSpan line = { parser->line, parser->line_length };
  uint64_t number = 0;

  parser->line_length = 0;
  switch (parser->state)
    {
    case STATE_FIRST:
      if (!bo_span_equals (line, "bakeoff-recipe 1"))
        return broken (parser, "it is no recipe of a known version");
      parser->state = STATE_LENGTH;
      return BO_RECIPE_PARSER_MORE;

    case STATE_LENGTH:
      if (!begins (&line, "length ") || !take_number (line, &parser->length))
        return broken (parser, "its length is not possible");
      parser->state = STATE_PIECE;
      return BO_RECIPE_PARSER_LENGTH;

    case STATE_PIECE:
    default:
      break;
    }

  if (bo_span_equals (line, "end"))
    {
      if (parser->so_far != parser->length)
        return broken (parser, "its pieces are shorter than its length");
      parser->state = STATE_END;
      return BO_RECIPE_PARSER_MORE;
    }
  if (begins (&line, "literal "))
    {
      if (!take_number (line, &number) || number > BO_RECIPE_PARSER_LITERAL_MAX || !count (parser, number))
        return broken (parser, "the length of a literal is not possible");
      parser->literal_left = number;
      parser->state = STATE_LITERAL;
      return BO_RECIPE_PARSER_MORE;
    }
  if (begins (&line, "file ") && line.length > 65 && line.data[64] == ' ')
    {
      BoSpan length = { line.data + 65, line.length - 65 };

      for (size_t i = 0; i < 64; i++)
        {
          if (!((line.data[i] >= '0' && line.data[i] <= '9') || (line.data[i] >= 'a' && line.data[i] <= 'f')))
            return broken (parser, "the name of a file is not possible");
        }
      if (!take_number (length, &number) || !count (parser, number))
        return broken (parser, "the length of a file is not possible");
      memcpy (piece->sha256, line.data, 64);
      piece->sha256[64] = '\0';
      piece->file_length = number;
      return BO_RECIPE_PARSER_FILE;
    }
  return broken (parser, "a line is not known");
}

/*
 * Goes on with the bytes from *@data, which are moved past what was used. At
 * the end of the recipe call it once with no bytes: then BO_RECIPE_PARSER_END
 * says that it was whole, BO_RECIPE_PARSER_MORE that it was cut off.
 */
BoRecipeEvent
bo_recipe_parser_next (BoRecipeParser *parser, const char **data, size_t *length, BoRecipePiece *piece)
{
  if (parser->state == STATE_BROKEN)
    return BO_RECIPE_PARSER_BROKEN;
  if (*length == 0)
    return parser->state == STATE_END ? BO_RECIPE_PARSER_END : BO_RECIPE_PARSER_MORE;

  while (*length > 0)
    {
      BoRecipeEvent event = BO_RECIPE_PARSER_MORE;
      char c = **data;

      if (parser->state == STATE_END)
        return broken (parser, "something follows its end");
      if (parser->state == STATE_LITERAL)
        {
          size_t run = *length < parser->literal_left ? *length : (size_t) parser->literal_left;

          piece->literal = *data;
          piece->literal_length = run;
          *data += run;
          *length -= run;
          parser->literal_left -= run;
          if (parser->literal_left == 0)
            parser->state = STATE_LITERAL_END;
          return BO_RECIPE_PARSER_LITERAL;
        }

      (*data)++;
      (*length)--;
      if (parser->state == STATE_LITERAL_END)
        {
          if (c != '\n')
            return broken (parser, "a literal is longer than its length");
          parser->state = STATE_PIECE;
          continue;
        }
      if (c != '\n')
        {
          if (parser->line_length >= BO_RECIPE_PARSER_LINE_MAX - 1 || c == '\0')
            return broken (parser, "a line is too long");
          parser->line[parser->line_length++] = c;
          continue;
        }
      event = read_line (parser, piece);
      if (event != BO_RECIPE_PARSER_MORE)
        return event;
    }
  return BO_RECIPE_PARSER_MORE;
}
