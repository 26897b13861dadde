/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-fuzz-journal"

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "bo-fuzz-journal.h"
#include "bo-fuzz.h"
#include "bo-journal-format.h"

static char *folder_path;

static void
remove_folder (void)
{
  bo_fuzz_journal_clear (folder_path);
  g_rmdir (folder_path);
}

const char *
bo_fuzz_journal_folder (void)
{
  if (folder_path == NULL)
    {
      /* build-aux/fuzz sets TMPDIR to a folder in memory, and removes it. */
      g_autofree char *template = g_build_filename (g_get_tmp_dir (), "bo-fuzz-XXXXXX", NULL);

      folder_path = g_strdup (g_mkdtemp (template));
      BO_FUZZ_CHECK (folder_path != NULL);
      atexit (remove_folder);
    }
  return folder_path;
}

void
bo_fuzz_journal_clear (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
}

void
bo_fuzz_journal_write (const char *folder, guint segment, const guint8 *bytes, gsize length)
{
  g_autofree char *name = g_strdup_printf ("%08u.bj", segment);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  /* Not g_file_set_contents(), which waits for the disk. */
  FILE *file = g_fopen (path, "wb");

  BO_FUZZ_CHECK (file != NULL);
  BO_FUZZ_CHECK (length == 0 || fwrite (bytes, 1, length, file) == length);
  BO_FUZZ_CHECK (fclose (file) == 0);
}

/*
 * No mutation guesses a checksum. So each message whose magic and length are
 * possible gets the sum that it should have, and with @number also the next number,
 * the first at 1; what comes behind the first that is not possible stays as it is.
 */
void
bo_fuzz_journal_seal (guint8 *bytes, gsize length, gboolean number)
{
  gsize at = 0;

  for (guint64 next = 1; length - at >= BO_JOURNAL_HEADER_SIZE; next++)
    {
      guint32 payload = 0;
      guint32 crc = 0;
      guint64 le = GUINT64_TO_LE (next);

      memcpy (&payload, bytes + at + 36, 4);
      payload = GUINT32_FROM_LE (payload);
      if (memcmp (bytes + at, BO_JOURNAL_MAGIC, 4) != 0 || payload > length - at - BO_JOURNAL_HEADER_SIZE)
        return;
      if (number)
        memcpy (bytes + at + 8, &le, 8);
      memset (bytes + at + 40, 0, 4);
      crc = bo_journal_crc32 (0, bytes + at, BO_JOURNAL_HEADER_SIZE + payload);
      crc = GUINT32_TO_LE (crc);
      memcpy (bytes + at + 40, &crc, 4);
      at += BO_JOURNAL_HEADER_SIZE + payload;
    }
}
