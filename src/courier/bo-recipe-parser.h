/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads the text of a recipe as its bytes come (src/core/context/bo-recipe.h
 * says what it looks like): literal bytes and files, one after the other.
 */

#define BO_RECIPE_PARSER_LINE_MAX 127
#define BO_RECIPE_PARSER_LITERAL_MAX (1024u * 1024)

typedef enum
{
  BO_RECIPE_PARSER_MORE,    /* all bytes are used up */
  BO_RECIPE_PARSER_LENGTH,  /* the length of the whole is known */
  BO_RECIPE_PARSER_LITERAL, /* some literal bytes */
  BO_RECIPE_PARSER_FILE,    /* a file */
  BO_RECIPE_PARSER_END,     /* the end, and all is right */
  BO_RECIPE_PARSER_BROKEN,
} BoRecipeEvent;

typedef struct
{
  int state;
  uint64_t length;      /* of the whole */
  uint64_t so_far;      /* sum of the pieces that began */
  uint64_t literal_left;
  char line[BO_RECIPE_PARSER_LINE_MAX + 1];
  size_t line_length;
  const char *problem;
} BoRecipeParser;

typedef struct
{
  const char *literal;
  size_t literal_length;
  char sha256[65];
  uint64_t file_length;
} BoRecipePiece;

void bo_recipe_parser_init (BoRecipeParser *parser);
BoRecipeEvent bo_recipe_parser_next (BoRecipeParser *parser, const char **data, size_t *length, BoRecipePiece *piece);
