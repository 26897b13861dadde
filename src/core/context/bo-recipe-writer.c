/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-recipe-writer"

#include "config.h"

#include <string.h>

#include "context/bo-recipe-writer.h"

struct _BoRecipeWriter
{
  GByteArray *text;    /* of the pieces that are whole */
  GByteArray *literal; /* bytes that are not in the text yet */
  guint64 length;
};

BoRecipeWriter *
bo_recipe_writer_new (void)
{
  BoRecipeWriter *self = g_new0 (BoRecipeWriter, 1);

  self->text = g_byte_array_new ();
  self->literal = g_byte_array_new ();
  return self;
}

void
bo_recipe_writer_free (BoRecipeWriter *writer)
{
  g_return_if_fail (writer != NULL);

  g_clear_pointer (&writer->text, g_byte_array_unref);
  g_byte_array_unref (writer->literal);
  g_free (writer);
}

static void
append_text (BoRecipeWriter *self, const char *text)
{
  g_byte_array_append (self->text, (const guint8 *) text, strlen (text));
}

static void
flush_literal (BoRecipeWriter *self)
{
  gsize done = 0;

  while (done < self->literal->len)
    {
      gsize n = MIN (self->literal->len - done, BO_RECIPE_LITERAL_MAX);
      g_autofree char *line = g_strdup_printf ("literal %" G_GSIZE_FORMAT "\n", n);

      append_text (self, line);
      g_byte_array_append (self->text, self->literal->data + done, n);
      append_text (self, "\n");
      done += n;
    }
  self->length += self->literal->len;
  g_byte_array_set_size (self->literal, 0);
}

/**
 * bo_recipe_writer_get_literal:
 *
 * Returns: (transfer none): where literal bytes are to be appended; what is in it is part of the recipe
 */
GByteArray *
bo_recipe_writer_get_literal (BoRecipeWriter *writer)
{
  g_return_val_if_fail (writer != NULL, NULL);

  return writer->literal;
}

void
bo_recipe_writer_add_bytes (BoRecipeWriter *writer, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_return_if_fail (writer != NULL);

  g_byte_array_append (writer->literal, data, size);
}

/**
 * bo_recipe_writer_add_file:
 * @writer: a writer
 * @sha256: hash of a content
 * @size: its bytes; of an empty file nothing is written
 */
void
bo_recipe_writer_add_file (BoRecipeWriter *writer, const char *sha256, guint64 size)
{
  g_autofree char *line = NULL;

  g_return_if_fail (writer != NULL);
  g_return_if_fail (sha256 != NULL || size == 0);

  if (size == 0)
    return;
  flush_literal (writer);
  line = g_strdup_printf ("file %s %" G_GUINT64_FORMAT "\n", sha256, size);
  append_text (writer, line);
  writer->length += size;
}

/**
 * bo_recipe_writer_finish:
 * @writer: (transfer full): a writer
 *
 * The same pieces always give the same text.
 *
 * Returns: (transfer full): the recipe
 */
BoRecipe *
bo_recipe_writer_finish (BoRecipeWriter *writer)
{
  g_autoptr (BoRecipeWriter) self = writer;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *head = NULL;
  BoRecipe *recipe;

  g_return_val_if_fail (writer != NULL, NULL);

  flush_literal (self);
  append_text (self, "end\n");
  /* Moved, not copied: of a large context the text alone is many megabytes. */
  head = g_strdup_printf ("bakeoff-recipe %d\nlength %" G_GUINT64_FORMAT "\n", BO_RECIPE_VERSION, self->length);
  g_byte_array_prepend (self->text, (const guint8 *) head, strlen (head));
  text = g_byte_array_free_to_bytes (g_steal_pointer (&self->text));

  recipe = bo_recipe_new_from_bytes (text, &error);
  if (recipe == NULL)
    g_error ("A recipe as written cannot be read: %s", error->message);
  return recipe;
}
