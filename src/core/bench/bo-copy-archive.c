/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-copy-archive"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n.h>

#include "bench/bo-copy-archive.h"

typedef struct archive Archive;
typedef struct archive_entry ArchiveEntry;

static void
free_archive (Archive *archive)
{
  archive_free (archive);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, free_archive)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveEntry, archive_entry_free)

static gboolean
fail (GError **error, const char *path, const char *why)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("%s cannot be copied: %s"), path, why);
  return FALSE;
}

static gboolean
copy_content (Archive *out, const char *path, gint64 size, GError **error)
{
  char buffer[64 * 1024];
  gint64 left = size;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean ok = TRUE;

  if (fd < 0)
    return fail (error, path, g_strerror (errno));
  while (ok && left > 0)
    {
      ssize_t n = read (fd, buffer, MIN ((gint64) sizeof buffer, left));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        ok = fail (error, path, n < 0 ? g_strerror (errno) : _ ("it became shorter while it was read"));
      else if (archive_write_data (out, buffer, n) != n)
        ok = fail (error, path, archive_error_string (out));
      left -= MAX (n, 0);
    }
  close (fd);
  return ok;
}

/* A path in the archive: @to without its leading '/', and what follows @source. */
static char *
map_path (const char *path, const char *source, const char *to)
{
  const char *rest = path + strlen (source);
  GString *mapped;

  while (*to == '/')
    to++;
  mapped = g_string_new (to);
  while (mapped->len > 0 && mapped->str[mapped->len - 1] == '/')
    g_string_truncate (mapped, mapped->len - 1);
  while (*rest == '/')
    rest++;
  if (*rest != '\0')
    {
      if (mapped->len > 0)
        g_string_append_c (mapped, '/');
      g_string_append (mapped, rest);
    }
  return g_string_free (mapped, FALSE);
}

/**
 * bo_copy_archive_write:
 * @source: absolute path of a file or folder on this computer
 * @to: absolute path that it shall have in a container; a file goes into @to when that ends with '/'
 * @tar: path of the tar to write, for PUT /containers/ID/archive?path=/
 *
 * Owners and times are not kept: the same files give the same bytes.
 *
 * Returns: whether @tar is whole
 */
gboolean
bo_copy_archive_write (const char *source, const char *to, const char *tar, GError **error)
{
  g_autoptr (Archive) disk = archive_read_disk_new ();
  g_autoptr (Archive) out = archive_write_new ();
  g_autofree char *file_target = NULL;
  struct stat st;

  if (stat (source, &st) != 0)
    return fail (error, source, g_strerror (errno));
  if (S_ISREG (st.st_mode) && g_str_has_suffix (to, "/"))
    {
      g_autofree char *name = g_path_get_basename (source);

      file_target = g_strconcat (to, name, NULL);
      to = file_target;
    }

  archive_read_disk_set_symlink_physical (disk);
  archive_write_set_format_pax_restricted (out);
  if (archive_write_open_filename (out, tar) != ARCHIVE_OK)
    return fail (error, tar, archive_error_string (out));
  if (archive_read_disk_open (disk, source) != ARCHIVE_OK)
    return fail (error, source, archive_error_string (disk));

  for (;;)
    {
      g_autoptr (ArchiveEntry) found = archive_entry_new ();
      g_autoptr (ArchiveEntry) entry = archive_entry_new ();
      g_autofree char *path = NULL;
      g_autofree char *mapped = NULL;
      int status = archive_read_next_header2 (disk, found);

      if (status == ARCHIVE_EOF)
        break;
      if (status != ARCHIVE_OK)
        return fail (error, source, archive_error_string (disk));
      archive_read_disk_descend (disk);

      path = g_strdup (archive_entry_sourcepath (found));
      if (archive_entry_filetype (found) != AE_IFREG && archive_entry_filetype (found) != AE_IFDIR
          && archive_entry_filetype (found) != AE_IFLNK)
        continue;
      mapped = map_path (path, source, to);
      if (mapped[0] == '\0')
        continue;

      archive_entry_set_pathname (entry, mapped);
      archive_entry_set_filetype (entry, archive_entry_filetype (found));
      archive_entry_set_perm (entry, archive_entry_perm (found));
      archive_entry_set_mtime (entry, 0, 0);
      if (archive_entry_filetype (found) == AE_IFREG)
        archive_entry_set_size (entry, archive_entry_size (found));
      if (archive_entry_filetype (found) == AE_IFLNK)
        archive_entry_set_symlink (entry, archive_entry_symlink (found));
      if (archive_write_header (out, entry) != ARCHIVE_OK)
        return fail (error, path, archive_error_string (out));
      if (archive_entry_filetype (found) == AE_IFREG
          && !copy_content (out, path, archive_entry_size (found), error))
        return FALSE;
    }

  if (archive_write_close (out) != ARCHIVE_OK)
    return fail (error, tar, archive_error_string (out));
  return TRUE;
}
