/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-recipe"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-recipe-stream.h"
#include "context/bo-recipe.h"

#define HEAD_FORMAT "bakeoff-recipe %d\n"
#define HASH_LENGTH 64

struct _BoRecipe
{
  gatomicrefcount ref_count;
  GBytes *text;
  char *id;
  guint64 length;
  GArray *pieces;
};

G_DEFINE_QUARK (bo-recipe-error-quark, bo_recipe_error)

BoRecipe *
bo_recipe_ref (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  g_atomic_ref_count_inc (&recipe->ref_count);
  return recipe;
}

void
bo_recipe_unref (BoRecipe *recipe)
{
  g_return_if_fail (recipe != NULL);

  if (!g_atomic_ref_count_dec (&recipe->ref_count))
    return;
  g_bytes_unref (recipe->text);
  g_free (recipe->id);
  g_array_unref (recipe->pieces);
  g_free (recipe);
}

/* Reading the text */

typedef struct
{
  const char *p;
  const char *end;
} Reader;

/* One line without its end, into @line; FALSE when there is none that is short enough. */
static gboolean
read_line (Reader *reader, char line[BO_RECIPE_LINE_MAX])
{
  const char *newline = memchr (reader->p, '\n', MIN (reader->end - reader->p, BO_RECIPE_LINE_MAX));

  if (newline == NULL)
    return FALSE;
  memcpy (line, reader->p, newline - reader->p);
  line[newline - reader->p] = '\0';
  if (strlen (line) != (gsize) (newline - reader->p))
    return FALSE;
  reader->p = newline + 1;
  return TRUE;
}

/* A decimal number without sign, blanks or leading zeros, up to 2^63-1, that is all of @text. */
static gboolean
parse_number (const char *text, guint64 *number)
{
  guint64 value = 0;

  if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isdigit (*p))
        return FALSE;
      if (value > (G_MAXINT64 - (guint64) (*p - '0')) / 10)
        return FALSE;
      value = value * 10 + (*p - '0');
    }
  *number = value;
  return TRUE;
}

static gboolean
parse_hash (const char *text)
{
  for (guint i = 0; i < HASH_LENGTH; i++)
    {
      if (!g_ascii_isdigit (text[i]) && !(text[i] >= 'a' && text[i] <= 'f'))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_piece (Reader *reader, const char *line, BoRecipePiece *piece)
{
  const char *argument;

  if (g_str_has_prefix (line, "literal "))
    {
      if (!parse_number (line + strlen ("literal "), &piece->length))
        return FALSE;
      if (piece->length < 1 || piece->length > BO_RECIPE_LITERAL_MAX ||
          (guint64) (reader->end - reader->p) < piece->length + 1 || reader->p[piece->length] != '\n')
        return FALSE;
      piece->literal = (const guint8 *) reader->p;
      reader->p += piece->length + 1;
      return TRUE;
    }
  if (g_str_has_prefix (line, "file "))
    {
      argument = line + strlen ("file ");
      if (strlen (argument) < HASH_LENGTH + 2 || !parse_hash (argument) || argument[HASH_LENGTH] != ' ')
        return FALSE;
      memcpy (piece->sha256, argument, HASH_LENGTH);
      return parse_number (argument + HASH_LENGTH + 1, &piece->length) && piece->length >= 1;
    }
  return FALSE;
}

/**
 * bo_recipe_new_from_bytes:
 * @text: a recipe as text
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the recipe, or NULL with %BO_RECIPE_ERROR_FORMAT
 */
BoRecipe *
bo_recipe_new_from_bytes (GBytes *text, GError **error)
{
  g_autoptr (GArray) pieces = NULL;
  char line[BO_RECIPE_LINE_MAX];
  char head[BO_RECIPE_LINE_MAX];
  guint64 length = 0, sum = 0;
  gboolean ended = FALSE;
  BoRecipe *self;
  Reader reader;
  gsize size;

  g_return_val_if_fail (text != NULL, NULL);

  pieces = g_array_new (FALSE, TRUE, sizeof (BoRecipePiece));
  reader.p = g_bytes_get_data (text, &size);
  /* The data of no bytes are NULL, to which nothing can be added, not even 0. */
  reader.end = size > 0 ? reader.p + size : reader.p;
  g_snprintf (head, sizeof head, HEAD_FORMAT, BO_RECIPE_VERSION);
  head[strlen (head) - 1] = '\0';

  if (size == 0 || !read_line (&reader, line) || strcmp (line, head) != 0 || !read_line (&reader, line) ||
      !g_str_has_prefix (line, "length ") || !parse_number (line + strlen ("length "), &length))
    {
      g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT, _ ("This is not a recipe of version %d"),
                   BO_RECIPE_VERSION);
      return NULL;
    }
  while (!ended)
    {
      BoRecipePiece piece = { 0 };

      if (!read_line (&reader, line))
        {
          g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT, _ ("The recipe is cut off after piece %u"),
                       pieces->len);
          return NULL;
        }
      if (strcmp (line, "end") == 0)
        {
          ended = TRUE;
          continue;
        }
      if (!parse_piece (&reader, line, &piece) || piece.length > length - sum)
        {
          g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT, _ ("The recipe is wrong at piece %u"),
                       pieces->len + 1);
          return NULL;
        }
      sum += piece.length;
      g_array_append_val (pieces, piece);
    }
  if (sum != length || reader.p != reader.end)
    {
      g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT,
                   _ ("The recipe's pieces do not add up to its length, or something follows its end"));
      return NULL;
    }

  self = g_new0 (BoRecipe, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_bytes_ref (text);
  self->id = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, text);
  self->length = length;
  self->pieces = g_steal_pointer (&pieces);
  return self;
}

/**
 * bo_recipe_get_length:
 *
 * Returns: bytes that it makes
 */
guint64
bo_recipe_get_length (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, 0);

  return recipe->length;
}

/**
 * bo_recipe_get_id:
 *
 * The text is written in one way only, so this names the bytes as well as a
 * hash of them would, without reading them.
 *
 * Returns: SHA-256 of the text, the name of its file in recipes/
 */
const char *
bo_recipe_get_id (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  return recipe->id;
}

/**
 * bo_recipe_to_bytes:
 *
 * Returns: (transfer full): the recipe as text
 */
GBytes *
bo_recipe_to_bytes (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  return g_bytes_ref (recipe->text);
}

GArray *
bo_recipe_get_pieces (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  return recipe->pieces;
}

/**
 * bo_recipe_list_files:
 *
 * Returns: (transfer container) (element-type utf8): hashes of the files that it needs, each once
 */
GPtrArray *
bo_recipe_list_files (BoRecipe *recipe)
{
  g_autoptr (GHashTable) seen = NULL;
  GPtrArray *files;

  g_return_val_if_fail (recipe != NULL, NULL);

  seen = g_hash_table_new (g_str_hash, g_str_equal);
  files = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < recipe->pieces->len; i++)
    {
      BoRecipePiece *piece = &g_array_index (recipe->pieces, BoRecipePiece, i);

      if (piece->literal == NULL && g_hash_table_add (seen, piece->sha256))
        g_ptr_array_add (files, g_strdup (piece->sha256));
    }
  return files;
}

/**
 * bo_recipe_open_stream:
 * @recipes: (element-type BoRecipe): recipes, one after the other; kept, and not to be changed any more
 * @store: where their files are
 *
 * Returns: (transfer full): a stream of the bytes that they make. It fails with
 *   %BO_RECIPE_ERROR_MISSING at a file that is not in @store, and never ends early without an error
 */
GInputStream *
bo_recipe_open_stream (GPtrArray *recipes, BoContentStore *store)
{
  g_return_val_if_fail (recipes != NULL, NULL);
  g_return_val_if_fail (BO_IS_CONTENT_STORE (store), NULL);

  return bo_recipe_stream_new (recipes, store);
}
