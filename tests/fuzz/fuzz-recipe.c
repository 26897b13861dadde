/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The two readers of recipes, the courier's and the core's. Both take and
 * refuse the same texts and read the same pieces; the courier's does not care
 * where its text is cut.
 */

#include <string.h>

#include <glib.h>

#include "bo-fuzz.h"
#include "bo-recipe-parser.h"
#include "context/bo-recipe.h"

typedef struct
{
  BoRecipeParser parser;
  BoRecipeEvent last;
  GString *told; /* the pieces, literal ones joined */
  guint64 sum;
} Reading;

static void
feed (Reading *reading, const char *data, size_t length)
{
  const char *end = data + length;

  while (reading->last != BO_RECIPE_PARSER_BROKEN)
    {
      BoRecipePiece piece = { 0 };
      size_t left = (size_t) (end - data);
      const char *before = data;

      reading->last = bo_recipe_parser_next (&reading->parser, &data, &left, &piece);
      BO_FUZZ_CHECK (data >= before && data + left == end);
      if (reading->last == BO_RECIPE_PARSER_LITERAL)
        {
          BO_FUZZ_CHECK (piece.literal >= before && piece.literal + piece.literal_length <= end);
          g_string_append_len (reading->told, piece.literal, (gssize) piece.literal_length);
          reading->sum += piece.literal_length;
        }
      else if (reading->last == BO_RECIPE_PARSER_FILE)
        {
          BO_FUZZ_CHECK (strlen (piece.sha256) == 64);
          g_string_append_printf (reading->told, "<%s %" G_GUINT64_FORMAT ">", piece.sha256,
                                  piece.file_length);
          reading->sum += piece.file_length;
        }
      else if (reading->last != BO_RECIPE_PARSER_LENGTH)
        break;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoRecipe) recipe = NULL;
  Reading whole = { 0 };
  Reading cut = { 0 };
  BoFuzzCuts cuts;

  bo_recipe_parser_init (&whole.parser);
  whole.told = g_string_new (NULL);
  if (size > 0)
    feed (&whole, text, size);
  feed (&whole, text, 0);

  bo_recipe_parser_init (&cut.parser);
  cut.told = g_string_new (NULL);
  bo_fuzz_cuts_init (&cuts, data, size);
  for (size_t at = 0; at < size;)
    {
      size_t piece = bo_fuzz_cuts_next (&cuts, size - at);

      feed (&cut, text + at, piece);
      at += piece;
    }
  feed (&cut, text, 0);

  BO_FUZZ_CHECK (whole.last == cut.last);
  BO_FUZZ_CHECK (g_string_equal (whole.told, cut.told));
  BO_FUZZ_CHECK (whole.last == BO_RECIPE_PARSER_END || whole.last == BO_RECIPE_PARSER_MORE
                 || whole.last == BO_RECIPE_PARSER_BROKEN);
  BO_FUZZ_CHECK ((whole.last == BO_RECIPE_PARSER_BROKEN) == (whole.parser.problem != NULL));

  recipe = bo_recipe_new_from_bytes (bytes, &error);
  BO_FUZZ_CHECK ((recipe != NULL) == (whole.last == BO_RECIPE_PARSER_END));
  BO_FUZZ_CHECK ((recipe != NULL) == (error == NULL));
  BO_FUZZ_CHECK (error == NULL || error->message[0] != '\0');
  if (recipe != NULL)
    {
      g_autoptr (GBytes) again = bo_recipe_to_bytes (recipe);

      BO_FUZZ_CHECK (bo_recipe_get_length (recipe) == whole.sum);
      BO_FUZZ_CHECK (whole.sum == whole.parser.length);
      BO_FUZZ_CHECK (g_bytes_equal (bytes, again));
    }
  g_string_free (whole.told, TRUE);
  g_string_free (cut.told, TRUE);
  return 0;
}
