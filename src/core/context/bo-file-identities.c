/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-file-identities"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "context/bo-content-store.h"
#include "context/bo-file-identities.h"

#define NAME "identities"
#define HEAD "bakeoff-identities 1\n"
#define MAX_IDENTITIES 500000
/* A file that was written this shortly before it was read may be written again within the
 * same tick of the file system's clock, which no stamp would show. */
#define SETTLED_US (2 * G_TIME_SPAN_SECOND)

struct _BoFileIdentities
{
  char *folder;
  GMutex mutex;
  GHashTable *hashes; /* "dev ino size mtime ctime" -> hash; under mutex */
  gboolean changed;
};

/**
 * bo_file_identities_new:
 * @folder: folder of the content store
 *
 * Identities of an earlier run save reading, no more: a file of them that is damaged is left aside.
 *
 * Returns: (transfer full): the identities
 */
BoFileIdentities *
bo_file_identities_new (const char *folder)
{
  BoFileIdentities *self = g_new0 (BoFileIdentities, 1);
  g_autofree char *path = g_build_filename (folder, NAME, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  self->folder = g_strdup (folder);
  g_mutex_init (&self->mutex);
  self->hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_str_has_prefix (text, HEAD))
    return self;

  lines = g_strsplit (text + strlen (HEAD), "\n", MAX_IDENTITIES);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *blank = strchr (lines[i], ' ');

      if (blank == NULL || lines[i + 1] == NULL)
        continue;
      *blank = '\0';
      if (bo_content_is_hash (lines[i]))
        g_hash_table_replace (self->hashes, g_strdup (blank + 1), g_strdup (lines[i]));
    }
  return self;
}

void
bo_file_identities_free (BoFileIdentities *identities)
{
  g_return_if_fail (identities != NULL);

  g_free (identities->folder);
  g_hash_table_unref (identities->hashes);
  g_mutex_clear (&identities->mutex);
  g_free (identities);
}

static char *
identity_of (const struct stat *st)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          ".%09ld %" G_GINT64_FORMAT ".%09ld",
                          (guint64) st->st_dev, (guint64) st->st_ino, (gint64) st->st_size, (gint64) st->st_mtim.tv_sec,
                          (long) st->st_mtim.tv_nsec, (gint64) st->st_ctim.tv_sec, (long) st->st_ctim.tv_nsec);
}

/**
 * bo_file_identities_look_up:
 * @identities: identities
 * @st: of a file as it is now
 *
 * Returns: (transfer full) (nullable): the hash that it had when it was read, or %NULL when it is to be read
 */
char *
bo_file_identities_look_up (BoFileIdentities *identities, const struct stat *st)
{
  g_autofree char *identity = identity_of (st);
  char *hex = NULL;

  g_mutex_lock (&identities->mutex);
  hex = g_strdup (g_hash_table_lookup (identities->hashes, identity));
  g_mutex_unlock (&identities->mutex);
  return hex;
}

/**
 * bo_file_identities_remember:
 * @identities: identities
 * @st: of a file, the same before and after it was read
 * @started_us: when the reading began, wall clock
 * @sha256: its hash
 *
 * Remembers it, unless it was written so shortly before that it may have been written again unseen.
 */
void
bo_file_identities_remember (BoFileIdentities *identities,
                             const struct stat *st,
                             gint64 started_us,
                             const char *sha256)
{
  gint64 mtime_us = st->st_mtim.tv_sec * G_USEC_PER_SEC + st->st_mtim.tv_nsec / 1000;
  gint64 ctime_us = st->st_ctim.tv_sec * G_USEC_PER_SEC + st->st_ctim.tv_nsec / 1000;

  if (MAX (mtime_us, ctime_us) + SETTLED_US > started_us)
    return;

  g_mutex_lock (&identities->mutex);
  g_hash_table_replace (identities->hashes, identity_of (st), g_strdup (sha256));
  identities->changed = TRUE;
  g_mutex_unlock (&identities->mutex);
}

static gboolean
is_removed (gpointer identity, gpointer hex, gpointer removed)
{
  return g_hash_table_contains (removed, hex);
}

/**
 * bo_file_identities_forget:
 * @identities: identities
 * @removed: (element-type utf8 utf8): set of hashes whose contents are gone
 */
void
bo_file_identities_forget (BoFileIdentities *identities, GHashTable *removed)
{
  g_mutex_lock (&identities->mutex);
  if (g_hash_table_foreach_remove (identities->hashes, is_removed, removed) > 0)
    identities->changed = TRUE;
  g_mutex_unlock (&identities->mutex);
}

/**
 * bo_file_identities_save:
 * @identities: identities
 * @error: return location for a #BoContentStoreError or G_FILE_ERROR
 *
 * What the store holds is made sure to be on disk before they are written: a power cut
 * must not leave an identity that points at an empty file.
 *
 * Returns: whether it was done
 */
gboolean
bo_file_identities_save (BoFileIdentities *identities, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GString) text = NULL;
  GHashTableIter iter;
  gpointer identity, hex;
  int fd;

  g_mutex_lock (&identities->mutex);
  if (!identities->changed)
    {
      g_mutex_unlock (&identities->mutex);
      return TRUE;
    }
  text = g_string_new (HEAD);
  g_hash_table_iter_init (&iter, identities->hashes);
  for (guint i = 0; i < MAX_IDENTITIES && g_hash_table_iter_next (&iter, &identity, &hex); i++)
    g_string_append_printf (text, "%s %s\n", (const char *) hex, (const char *) identity);
  identities->changed = FALSE;
  g_mutex_unlock (&identities->mutex);

  fd = open (identities->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || syncfs (fd) < 0)
    {
      int code = errno;

      g_set_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_WRITE,
                   _ ("Cannot keep a copy of the build context in “%s”: %s"), identities->folder, g_strerror (code));
      if (fd >= 0)
        close (fd);
      return FALSE;
    }
  close (fd);

  path = g_build_filename (identities->folder, NAME, NULL);
  return g_file_set_contents_full (path, text->str, text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
