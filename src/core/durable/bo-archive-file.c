/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-archive-file"

#include "config.h"

#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n.h>

#include "durable/bo-archive-file.h"
#include "engine/bo-engine-error.h"

typedef struct archive Archive;

static void
free_archive (Archive *archive)
{
  archive_free (archive);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, free_archive)

static GBytes *
fail (GError **error, const char *name, const char *why)
{
  g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
               _ ("the engine's archive of “%s” cannot be read: %s"), name,
               why != NULL ? why : _ ("it is not a tar"));
  return NULL;
}

/**
 * bo_archive_file_extract:
 * @tar: the answer to GET /containers/ID/archive for one file
 * @name: the name of the file
 * @max_bytes: a file that is longer is an error
 *
 * An engine is not trusted: of a tar with anything but that one file nothing is taken.
 *
 * Returns: (transfer full) (nullable): what is in the file
 */
GBytes *
bo_archive_file_extract (GBytes *tar, const char *name, gsize max_bytes, GError **error)
{
  g_autoptr (Archive) archive = archive_read_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  struct archive_entry *entry;
  const char *found;
  gsize length;
  const void *data = g_bytes_get_data (tar, &length);
  char buffer[64 * 1024];
  la_ssize_t n;

  archive_read_support_format_tar (archive);
  if (archive_read_open_memory (archive, data != NULL ? data : "", length) != ARCHIVE_OK
      || archive_read_next_header (archive, &entry) != ARCHIVE_OK)
    return fail (error, name, archive_error_string (archive));
  found = archive_entry_pathname (entry);
  if (g_strcmp0 (found, name) != 0 || archive_entry_filetype (entry) != AE_IFREG
      || archive_entry_hardlink (entry) != NULL)
    return fail (error, name, _ ("something else is in it"));
  if (archive_entry_size (entry) < 0 || (guint64) archive_entry_size (entry) > max_bytes)
    return fail (error, name, _ ("the file is too long"));

  while ((n = archive_read_data (archive, buffer, sizeof buffer)) > 0)
    {
      if (bytes->len + (gsize) n > max_bytes)
        return fail (error, name, _ ("the file is too long"));
      g_byte_array_append (bytes, (const guint8 *) buffer, (guint) n);
    }
  if (n < 0 || (gint64) bytes->len != archive_entry_size (entry))
    return fail (error, name, archive_error_string (archive));
  if (archive_read_next_header (archive, &entry) != ARCHIVE_EOF)
    return fail (error, name, _ ("something else is in it"));
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
