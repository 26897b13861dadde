/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-content-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/fs.h>
#include <sys/ioctl.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>

#include "context/bo-content-store.h"
#include "context/bo-file-identities.h"

#define HASH_BYTES 32
#define HASH_LENGTH (2 * HASH_BYTES)
#define BUFFER_BYTES (256 * 1024)
/* Holes are looked for in blocks of this size, which every file system can leave out. */
#define BLOCK_BYTES 4096
/* How often a file that changes while it is read is read again, and the pause before. */
#define MAX_READS 4
#define READ_PAUSE_US (150 * G_TIME_SPAN_MILLISECOND)
/* Left-overs of a process that was killed while it wrote. */
#define STALE_US G_TIME_SPAN_HOUR

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

struct _BoContentStore
{
  GObject parent_instance;

  char *folder;
  BoFileIdentities *identities; /* (nullable): before it is open */
};

G_DEFINE_FINAL_TYPE (BoContentStore, bo_content_store, G_TYPE_OBJECT)

G_DEFINE_QUARK (bo-content-store-error-quark, bo_content_store_error)

static void
bo_content_store_finalize (GObject *object)
{
  BoContentStore *self = BO_CONTENT_STORE (object);

  g_free (self->folder);
  g_clear_pointer (&self->identities, bo_file_identities_free);

  G_OBJECT_CLASS (bo_content_store_parent_class)->finalize (object);
}

static void
bo_content_store_class_init (BoContentStoreClass *class)
{
  G_OBJECT_CLASS (class)->finalize = bo_content_store_finalize;
}

static void
bo_content_store_init (BoContentStore *self)
{
}

/**
 * bo_content_is_hash:
 * @text: a text
 *
 * Returns: whether it is a SHA-256 as contents are named by
 */
gboolean
bo_content_is_hash (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  for (guint i = 0; i < HASH_LENGTH; i++)
    {
      if (!g_ascii_isdigit (text[i]) && !(text[i] >= 'a' && text[i] <= 'f'))
        return FALSE;
    }
  return text[HASH_LENGTH] == '\0';
}

static void
set_write_error (BoContentStore *self, GError **error)
{
  int code = errno;

  g_set_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_WRITE,
               _ ("Cannot keep a copy of the build context in “%s”: %s"), self->folder, g_strerror (code));
}

/**
 * bo_content_store_new:
 * @folder: absolute path of the store; made when it is missing
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the store, or NULL when @folder cannot be written
 */
BoContentStore *
bo_content_store_new (const char *folder, GError **error)
{
  g_autoptr (BoContentStore) self = NULL;
  g_autofree char *tmp = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (BO_TYPE_CONTENT_STORE, NULL);
  self->folder = g_strdup (folder);
  tmp = g_build_filename (folder, "tmp", NULL);
  if (g_mkdir_with_parents (tmp, 0700) < 0 || g_access (tmp, W_OK | X_OK) < 0)
    {
      set_write_error (self, error);
      return NULL;
    }
  self->identities = bo_file_identities_new (folder);
  return g_steal_pointer (&self);
}

const char *
bo_content_store_get_folder (BoContentStore *self)
{
  g_return_val_if_fail (BO_IS_CONTENT_STORE (self), NULL);

  return self->folder;
}

/**
 * bo_content_store_get_path:
 * @self: a store
 * @sha256: 64 lower-case hexadecimal digits
 *
 * Returns: (transfer full): where the content with this hash is or would be
 */
char *
bo_content_store_get_path (BoContentStore *self, const char *sha256)
{
  char prefix[3] = { 0 };

  g_return_val_if_fail (BO_IS_CONTENT_STORE (self), NULL);
  g_return_val_if_fail (sha256 != NULL && strlen (sha256) == HASH_LENGTH, NULL);

  memcpy (prefix, sha256, 2);
  return g_build_filename (self->folder, prefix, sha256, NULL);
}

/**
 * bo_content_store_has:
 * @self: a store
 * @sha256: a hash
 * @size: (out) (optional): bytes
 *
 * Returns: whether the content is in the store
 */
gboolean
bo_content_store_has (BoContentStore *self, const char *sha256, guint64 *size)
{
  g_autofree char *path = NULL;
  struct stat st;

  g_return_val_if_fail (BO_IS_CONTENT_STORE (self), FALSE);
  g_return_val_if_fail (sha256 != NULL, FALSE);

  if (!bo_content_is_hash (sha256))
    return FALSE;
  path = bo_content_store_get_path (self, sha256);
  if (lstat (path, &st) < 0 || !S_ISREG (st.st_mode))
    return FALSE;
  if (size != NULL)
    *size = st.st_size;
  return TRUE;
}

static gboolean
write_all (int fd, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      ssize_t n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= n;
    }
  return TRUE;
}

static gboolean
is_zero (const guint8 *data, gsize length)
{
  return length > 0 && data[0] == 0 && memcmp (data, data + 1, length - 1) == 0;
}

/* Writes @data, leaving out blocks of zeros, so that a hole in the source stays one. */
static gboolean
write_sparse (int fd, const guint8 *data, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      gboolean zero = is_zero (data + done, MIN (BLOCK_BYTES, length - done));
      gsize end = done;

      while (end < length && is_zero (data + end, MIN (BLOCK_BYTES, length - end)) == zero)
        end += MIN (BLOCK_BYTES, length - end);
      if (zero)
        {
          if (lseek (fd, end - done, SEEK_CUR) < 0)
            return FALSE;
        }
      else if (!write_all (fd, data + done, end - done))
        return FALSE;
      done = end;
    }
  return TRUE;
}

static void
hash_to_hex (const guint8 *digest, char *hex)
{
  for (guint i = 0; i < HASH_BYTES; i++)
    g_snprintf (hex + 2 * i, 3, "%02x", digest[i]);
}

/*
 * Opens a new temporary file of the store. @path is freed and set; its name is
 * never that of a content, so what is cut off is never taken for one.
 */
static int
open_temporary (BoContentStore *self, char **path, GError **error)
{
  int fd;

  *path = g_build_filename (self->folder, "tmp", "XXXXXX", NULL);
  fd = g_mkstemp_full (*path, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      set_write_error (self, error);
      g_clear_pointer (path, g_free);
    }
  return fd;
}

/* Closes @fd and moves the finished temporary file to the place of its hash. */
static gboolean
adopt_temporary (BoContentStore *self, int fd, const char *temporary, const char *hex, GError **error)
{
  g_autofree char *path = bo_content_store_get_path (self, hex);
  g_autofree char *folder = g_path_get_dirname (path);
  gboolean ok = fchmod (fd, 0400) == 0;

  if (close (fd) < 0)
    ok = FALSE;
  ok = ok && (g_mkdir (folder, 0700) == 0 || errno == EEXIST) && g_rename (temporary, path) == 0;
  if (!ok)
    {
      set_write_error (self, error);
      g_unlink (temporary);
    }
  return ok;
}

typedef enum
{
  READ_OK,
  READ_CHANGED,
  READ_FAILED,
} ReadResult;

static gboolean
same_file (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
         a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/*
 * If @fd, at @done, is in a hole, how many bytes of it can be passed over; a
 * model file of gigabytes may be little but holes.
 */
static guint64
measure_hole (int fd, guint64 done, guint64 expected)
{
  off_t next = lseek (fd, done, SEEK_DATA);

  if (next < 0)
    next = errno == ENXIO ? (off_t) expected : (off_t) done;
  lseek (fd, MAX (next, (off_t) done), SEEK_SET);
  return MAX (next, (off_t) done) - done;
}

/* Takes @length zeros into the digest, and leaves a hole in @copy. */
static gboolean
hash_hole (EVP_MD_CTX *digest, int copy, guint8 *buffer, guint64 length, GCancellable *cancellable)
{
  memset (buffer, 0, BUFFER_BYTES);
  if (copy >= 0 && lseek (copy, length, SEEK_CUR) < 0)
    return FALSE;
  for (guint64 left = length; left > 0 && !g_cancellable_is_cancelled (cancellable);)
    {
      gsize n = MIN (left, BUFFER_BYTES);

      EVP_DigestUpdate (digest, buffer, n);
      left -= n;
    }
  return TRUE;
}

/*
 * Reads @fd to its end, into a digest and into @copy (unless that is a clone
 * of it already). The descriptor is at the start.
 */
static ReadResult
hash_and_copy (BoContentStore *self,
               const char *path,
               int fd,
               int copy,
               guint64 expected,
               gboolean sparse,
               char *hex,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER_BYTES);
  g_autoptr (EVP_MD_CTX) digest = EVP_MD_CTX_new ();
  guint8 result[HASH_BYTES];
  guint64 total = 0;

  EVP_DigestInit_ex (digest, EVP_sha256 (), NULL);
  while (TRUE)
    {
      guint64 hole;
      ssize_t n;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return READ_FAILED;
      hole = sparse ? measure_hole (fd, total, expected) : 0;
      if (hole > 0)
        {
          total += hole;
          if (total > expected)
            return READ_CHANGED;
          if (!hash_hole (digest, copy, buffer, hole, cancellable))
            {
              set_write_error (self, error);
              return READ_FAILED;
            }
          continue;
        }
      n = read (fd, buffer, BUFFER_BYTES);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          int code = errno;
          g_autofree char *shown = g_filename_display_name (path);

          g_set_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_UNREADABLE,
                       _ ("Cannot read “%s”: %s"), shown, g_strerror (code));
          return READ_FAILED;
        }
      if (n == 0)
        break;
      total += n;
      if (total > expected)
        return READ_CHANGED;
      EVP_DigestUpdate (digest, buffer, n);
      if (copy >= 0 && !write_sparse (copy, buffer, n))
        {
          set_write_error (self, error);
          return READ_FAILED;
        }
    }
  if (total != expected)
    return READ_CHANGED;
  if (copy >= 0 && ftruncate (copy, total) < 0)
    {
      set_write_error (self, error);
      return READ_FAILED;
    }
  EVP_DigestFinal_ex (digest, result, NULL);
  hash_to_hex (result, hex);
  return READ_OK;
}

/* One attempt: the file is the same one, with the same stamps, before and after. */
static ReadResult
read_once (BoContentStore *self,
           const char *path,
           int fd,
           const struct stat *before,
           char *hex,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *temporary = NULL;
  struct stat after, named;
  ReadResult result;
  gboolean cloned;
  int copy;

  copy = open_temporary (self, &temporary, error);
  if (copy < 0)
    return READ_FAILED;

  /* A clone, where the file system can make one, takes no room and is of one instant. */
  cloned = ioctl (copy, FICLONE, fd) == 0;
  result = hash_and_copy (self, path, cloned ? copy : fd, cloned ? -1 : copy, before->st_size,
                          before->st_blocks < before->st_size / 512, hex, cancellable, error);
  if (result == READ_OK &&
      (fstat (fd, &after) < 0 || lstat (path, &named) < 0 || !same_file (before, &after) || !same_file (before, &named)))
    result = READ_CHANGED;

  if (result != READ_OK)
    {
      close (copy);
      g_unlink (temporary);
      return result;
    }
  return adopt_temporary (self, copy, temporary, hex, error) ? READ_OK : READ_FAILED;
}

/* The hash of a file that was read before, if its content is still here. */
static char *
look_up_known (BoContentStore *self, const struct stat *st)
{
  g_autofree char *hex = bo_file_identities_look_up (self->identities, st);
  guint64 size;

  if (hex == NULL || !bo_content_store_has (self, hex, &size) || size != (guint64) st->st_size)
    return NULL;
  return g_steal_pointer (&hex);
}

/**
 * bo_content_store_put_file:
 * @self: a store
 * @path: a regular file (a symbolic link is refused)
 * @size: (out) (optional): its bytes
 * @cancellable: (nullable): a cancellable
 * @error: return location
 *
 * Keeps the content of a file as it is now. The file is read once, unless its
 * stamps are those of a file that was read before and had not been written in
 * the two seconds before that. A file that is being written is read again, up
 * to four times. Safe to call from several threads.
 *
 * Returns: (transfer full) (nullable): the SHA-256
 */
char *
bo_content_store_put_file (BoContentStore *self,
                           const char *path,
                           guint64 *size,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (BO_IS_CONTENT_STORE (self), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  for (guint attempt = 0; attempt < MAX_READS; attempt++)
    {
      char hex[HASH_LENGTH + 1];
      g_autofree char *known = NULL;
      gint64 started_us;
      ReadResult result;
      struct stat st;
      int fd;

      if (attempt > 0)
        g_usleep (READ_PAUSE_US);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;

      /* Not blocking: what was a file a moment ago may be a FIFO by now. */
      fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
      if (fd < 0 || fstat (fd, &st) < 0)
        {
          int code = errno;

          if (fd >= 0)
            close (fd);
          shown = g_filename_display_name (path);
          g_set_error (error, BO_CONTENT_STORE_ERROR,
                       code == ELOOP ? BO_CONTENT_STORE_ERROR_NOT_REGULAR : BO_CONTENT_STORE_ERROR_UNREADABLE,
                       _ ("Cannot open “%s”: %s"), shown, g_strerror (code));
          return NULL;
        }
      if (!S_ISREG (st.st_mode))
        {
          close (fd);
          shown = g_filename_display_name (path);
          g_set_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_NOT_REGULAR,
                       _ ("“%s” is not a regular file any more"), shown);
          return NULL;
        }

      known = look_up_known (self, &st);
      if (known != NULL)
        {
          g_autofree char *kept = bo_content_store_get_path (self, known);

          /* The stamp of a content is when it was last wanted; trimming goes by it. */
          utimensat (AT_FDCWD, kept, NULL, AT_SYMLINK_NOFOLLOW);
          close (fd);
          if (size != NULL)
            *size = st.st_size;
          return g_steal_pointer (&known);
        }

      posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
      started_us = g_get_real_time ();
      result = read_once (self, path, fd, &st, hex, cancellable, error);
      close (fd);
      if (result == READ_FAILED)
        return NULL;
      if (result == READ_OK)
        {
          bo_file_identities_remember (self->identities, &st, started_us, hex);
          if (size != NULL)
            *size = st.st_size;
          return g_strdup (hex);
        }
    }

  shown = g_filename_display_name (path);
  g_set_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_CHANGING,
               _ ("“%s” changes while it is read (tried %d times); stop what is writing it, or ignore it"), shown,
               MAX_READS);
  return NULL;
}

/**
 * bo_content_store_put_bytes:
 * @self: a store
 * @bytes: a content
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the SHA-256
 */
char *
bo_content_store_put_bytes (BoContentStore *self, GBytes *bytes, GError **error)
{
  g_autofree char *temporary = NULL;
  guint8 digest[HASH_BYTES];
  char hex[HASH_LENGTH + 1];
  const guint8 *data;
  gsize length;
  int fd;

  g_return_val_if_fail (BO_IS_CONTENT_STORE (self), NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &length);
  EVP_Digest (data, length, digest, NULL, EVP_sha256 (), NULL);
  hash_to_hex (digest, hex);

  fd = open_temporary (self, &temporary, error);
  if (fd < 0)
    return NULL;
  if (!write_all (fd, data, length))
    {
      set_write_error (self, error);
      close (fd);
      g_unlink (temporary);
      return NULL;
    }
  if (!adopt_temporary (self, fd, temporary, hex, error))
    return NULL;
  return g_strdup (hex);
}

/**
 * bo_content_store_save_identities:
 * @self: a store
 * @error: return location
 *
 * Writes down which files were read, so that the next run need not read them
 * again. What the store holds is made sure to be on disk first: a power cut
 * must not leave an identity that points at an empty file.
 *
 * Returns: whether it was done
 */
gboolean
bo_content_store_save_identities (BoContentStore *self, GError **error)
{
  g_return_val_if_fail (BO_IS_CONTENT_STORE (self), FALSE);

  return bo_file_identities_save (self->identities, error);
}

/* One content in the store, for trimming. */
typedef struct
{
  char *path;
  char *hex;
  guint64 size;
  gint64 used_us;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->path);
  g_free (kept->hex);
  g_free (kept);
}

static int
compare_used (gconstpointer a, gconstpointer b)
{
  const Kept *first = *(Kept *const *) a;
  const Kept *second = *(Kept *const *) b;

  if (first->used_us != second->used_us)
    return first->used_us < second->used_us ? -1 : 1;
  return strcmp (first->hex, second->hex);
}

static void
remove_stale_temporaries (BoContentStore *self)
{
  g_autofree char *folder = g_build_filename (self->folder, "tmp", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct stat st;

      if (lstat (path, &st) == 0 && st.st_mtim.tv_sec * G_USEC_PER_SEC + STALE_US < g_get_real_time ())
        g_unlink (path);
    }
}

/* Fills @all with the contents of the store; returns their bytes together. */
static guint64
list_kept (BoContentStore *self, GPtrArray *all)
{
  guint64 total = 0;

  for (guint i = 0; i < 256; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("%02x", i);
      g_autofree char *folder = g_build_filename (self->folder, prefix, NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);
          struct stat st;
          Kept *kept;

          if (!bo_content_is_hash (name) || lstat (path, &st) < 0)
            continue;
          kept = g_new0 (Kept, 1);
          kept->path = g_steal_pointer (&path);
          kept->hex = g_strdup (name);
          /* What it takes on disk: a hole takes nothing. */
          kept->size = (guint64) st.st_blocks * 512;
          kept->used_us = st.st_mtim.tv_sec * G_USEC_PER_SEC + st.st_mtim.tv_nsec / 1000;
          total += kept->size;
          g_ptr_array_add (all, kept);
        }
    }
  return total;
}

/**
 * bo_content_store_trim:
 * @self: a store
 * @max_bytes: what it may take on disk
 * @keep: (nullable) (element-type utf8 utf8): set of hashes that stay whatever their size
 * @freed_bytes: (out) (optional): what was freed
 * @cancellable: (nullable): a cancellable
 * @error: return location
 *
 * Removes contents, the longest unused ones first, until the rest fits.
 *
 * Returns: whether it was done; a rest that is still larger, as all of it is
 *   in @keep, is no error
 */
gboolean
bo_content_store_trim (BoContentStore *self,
                       guint64 max_bytes,
                       GHashTable *keep,
                       guint64 *freed_bytes,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (kept_free);
  g_autoptr (GHashTable) removed = g_hash_table_new (g_str_hash, g_str_equal);
  guint64 total, freed = 0;
  gboolean ok = TRUE;

  g_return_val_if_fail (BO_IS_CONTENT_STORE (self), FALSE);

  remove_stale_temporaries (self);
  total = list_kept (self, all);
  g_ptr_array_sort (all, compare_used);
  for (guint i = 0; ok && i < all->len && total - freed > max_bytes; i++)
    {
      const Kept *kept = g_ptr_array_index (all, i);

      if (keep != NULL && g_hash_table_contains (keep, kept->hex))
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        ok = FALSE;
      else if (g_unlink (kept->path) < 0)
        {
          set_write_error (self, error);
          ok = FALSE;
        }
      else
        {
          freed += kept->size;
          g_hash_table_add (removed, kept->hex);
        }
    }

  bo_file_identities_forget (self->identities, removed);
  if (freed_bytes != NULL)
    *freed_bytes = freed;
  return ok;
}
