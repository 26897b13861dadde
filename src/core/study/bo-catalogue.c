/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-catalogue"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "study/bo-catalogue.h"

/*
 * The format is in the gettext manual, "The Format of GNU MO Files": a header
 * of seven 32-bit numbers, then two tables of (length, offset), one of the
 * sorted originals, one of the translations; each string ends with a NUL that
 * its length leaves out. Either byte order.
 */
#define MO_MAGIC 0x950412deu
#define MO_MAGIC_SWAPPED 0xde120495u

struct _BoCatalogue
{
  GBytes *bytes;
  const guint8 *data;
  gsize size;
  gboolean swapped;
  guint32 n_strings;
  guint32 originals;
  guint32 translations;
};

static guint32
read_number (const BoCatalogue *self, gsize offset)
{
  guint32 number;

  memcpy (&number, self->data + offset, sizeof number);
  return self->swapped ? GUINT32_SWAP_LE_BE (number) : number;
}

/* The string of a table's row; checked when the file was opened. */
static const char *
read_string (const BoCatalogue *self, guint32 table, guint32 row)
{
  return (const char *) self->data + read_number (self, table + (gsize) row * 8 + 4);
}

static gboolean
check_table (const BoCatalogue *self, guint32 table)
{
  if (table > self->size || (self->size - table) / 8 < self->n_strings)
    return FALSE;
  for (guint32 row = 0; row < self->n_strings; row++)
    {
      gsize length = read_number (self, table + (gsize) row * 8);
      gsize offset = read_number (self, table + (gsize) row * 8 + 4);

      if (offset >= self->size || length >= self->size - offset || self->data[offset + length] != '\0')
        return FALSE;
    }
  return TRUE;
}

/**
 * bo_catalogue_new_from_bytes:
 * @bytes: a .mo file
 * @error: return location for an error
 *
 * Returns: (transfer full): the catalogue, or %NULL with %G_FILE_ERROR_INVAL when it is none
 */
BoCatalogue *
bo_catalogue_new_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (BoCatalogue) self = g_new0 (BoCatalogue, 1);
  guint32 magic = 0;

  g_return_val_if_fail (bytes != NULL, NULL);

  self->bytes = g_bytes_ref (bytes);
  self->data = g_bytes_get_data (bytes, &self->size);
  if (self->size >= 28)
    magic = read_number (self, 0);
  self->swapped = magic == MO_MAGIC_SWAPPED;
  if (magic == MO_MAGIC || magic == MO_MAGIC_SWAPPED)
    {
      self->n_strings = read_number (self, 8);
      self->originals = read_number (self, 12);
      self->translations = read_number (self, 16);
      if (check_table (self, self->originals) && check_table (self, self->translations))
        return g_steal_pointer (&self);
    }

  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, _ ("This is not a compiled message catalogue"));
  return NULL;
}

/**
 * bo_catalogue_new_from_file:
 * @file: path of a .mo file
 * @error: return location for an error
 *
 * Returns: (transfer full): the catalogue, or %NULL with a #GFileError
 */
BoCatalogue *
bo_catalogue_new_from_file (const char *file, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  char *data;
  gsize size;

  g_return_val_if_fail (file != NULL, NULL);

  if (!g_file_get_contents (file, &data, &size, error))
    return NULL;
  bytes = g_bytes_new_take (data, size);
  return bo_catalogue_new_from_bytes (bytes, error);
}

void
bo_catalogue_free (BoCatalogue *catalogue)
{
  if (catalogue == NULL)
    return;
  g_bytes_unref (catalogue->bytes);
  g_free (catalogue);
}

/**
 * bo_catalogue_lookup:
 * @catalogue: a catalogue
 * @text: the original
 *
 * Returns: (nullable) (transfer none): the translation, valid as long as @catalogue
 */
const char *
bo_catalogue_lookup (const BoCatalogue *catalogue, const char *text)
{
  guint32 low = 0;
  guint32 high;

  g_return_val_if_fail (catalogue != NULL && text != NULL, NULL);

  /* The empty original is the header, not a text. */
  if (text[0] == '\0')
    return NULL;

  high = catalogue->n_strings;
  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;
      int order = strcmp (text, read_string (catalogue, catalogue->originals, middle));

      if (order == 0)
        {
          const char *found = read_string (catalogue, catalogue->translations, middle);

          return found[0] != '\0' ? found : NULL;
        }
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}
