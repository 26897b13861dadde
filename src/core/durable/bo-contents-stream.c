/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-contents-stream"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "context/bo-tar-header.h"
#include "durable/bo-contents-stream.h"

struct _BoContentsStream
{
  GInputStream parent_instance;

  BoContentStore *store;
  BoMissingContent *contents;
  gsize n_contents;

  gsize next;        /* the content whose head comes next */
  GByteArray *bytes; /* what is given next, that is not a content */
  gsize bytes_done;
  int fd;       /* of the content that is given, or -1 */
  guint64 left; /* bytes of it */
  gboolean is_ended;

  GMutex lock; /* libsoup reads in threads of its own */
  guint64 n_read;
  guint64 n_of_contents;
};

G_DEFINE_FINAL_TYPE (BoContentsStream, bo_contents_stream, G_TYPE_INPUT_STREAM)

static void
close_file (BoContentsStream *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static gboolean
fail (const BoMissingContent *content, const char *why, GError **error)
{
  g_set_error (error, BO_CONTENT_STORE_ERROR, BO_CONTENT_STORE_ERROR_UNREADABLE,
               _ ("A kept file of the build context cannot be read (%s): %s"), content->sha256, why);
  return FALSE;
}

static void
append_head (GByteArray *tar, const BoMissingContent *content)
{
  g_autofree char *path = g_strdup_printf ("incoming/%s.%" G_GUINT64_FORMAT, content->sha256, content->size);
  BoTarMember member = { .path = path, .type = '0', .mode = S_IFREG | 0600, .size = content->size };

  bo_tar_append_header (tar, &member);
}

/* Prepares what comes next: a head, with the padding of the content before, or the end. */
static gboolean
go_on (BoContentsStream *self, GError **error)
{
  const BoMissingContent *content;
  g_autofree char *path = NULL;
  struct stat st;

  g_byte_array_set_size (self->bytes, 0);
  self->bytes_done = 0;
  if (self->next > 0)
    bo_tar_append_padding (self->bytes, self->contents[self->next - 1].size);
  if (self->next == self->n_contents)
    {
      bo_tar_append_end (self->bytes);
      self->is_ended = TRUE;
      return TRUE;
    }
  content = &self->contents[self->next++];
  path = bo_content_store_get_path (self->store, content->sha256);
  self->fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (self->fd < 0 || fstat (self->fd, &st) != 0)
    return fail (content, g_strerror (errno), error);
  if (!S_ISREG (st.st_mode) || (guint64) st.st_size != content->size)
    return fail (content, _ ("it has another length now"), error);
  append_head (self->bytes, content);
  self->left = content->size;
  return TRUE;
}

static gssize
bo_contents_stream_read (GInputStream *stream,
                         void *buffer,
                         gsize count,
                         GCancellable *cancellable,
                         GError **error)
{
  BoContentsStream *self = BO_CONTENTS_STREAM (stream);
  gboolean of_content = FALSE;
  gssize n;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (self->bytes_done == self->bytes->len && self->left == 0)
    {
      close_file (self);
      if (self->is_ended)
        return 0;
      if (!go_on (self, error))
        return -1;
    }
  if (self->bytes_done < self->bytes->len)
    {
      n = (gssize) MIN (count, self->bytes->len - self->bytes_done);
      memcpy (buffer, self->bytes->data + self->bytes_done, (gsize) n);
      self->bytes_done += (gsize) n;
    }
  else
    {
      do
        n = read (self->fd, buffer, MIN (count, self->left));
      while (n < 0 && errno == EINTR);
      if (n <= 0)
        {
          fail (&self->contents[self->next - 1], n < 0 ? g_strerror (errno) : _ ("it has become shorter"),
                error);
          return -1;
        }
      self->left -= (guint64) n;
      of_content = TRUE;
    }
  g_mutex_lock (&self->lock);
  self->n_read += (guint64) n;
  if (of_content)
    self->n_of_contents += (guint64) n;
  g_mutex_unlock (&self->lock);
  return n;
}

static gboolean
bo_contents_stream_close (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  close_file (BO_CONTENTS_STREAM (stream));
  return TRUE;
}

static void
bo_contents_stream_finalize (GObject *object)
{
  BoContentsStream *self = BO_CONTENTS_STREAM (object);

  close_file (self);
  g_clear_object (&self->store);
  g_free (self->contents);
  g_byte_array_unref (self->bytes);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (bo_contents_stream_parent_class)->finalize (object);
}

static void
bo_contents_stream_class_init (BoContentsStreamClass *class)
{
  G_OBJECT_CLASS (class)->finalize = bo_contents_stream_finalize;
  G_INPUT_STREAM_CLASS (class)->read_fn = bo_contents_stream_read;
  G_INPUT_STREAM_CLASS (class)->close_fn = bo_contents_stream_close;
}

static void
bo_contents_stream_init (BoContentsStream *self)
{
  self->fd = -1;
  self->bytes = g_byte_array_new ();
  g_mutex_init (&self->lock);
}

/**
 * bo_contents_stream_new:
 * @store: where the contents are
 * @contents: (array length=n_contents): which of them; copied
 *
 * Returns: (transfer full): their tar. It never ends early without an error.
 */
BoContentsStream *
bo_contents_stream_new (BoContentStore *store, const BoMissingContent *contents, gsize n_contents)
{
  BoContentsStream *self;

  g_return_val_if_fail (BO_IS_CONTENT_STORE (store), NULL);

  self = g_object_new (BO_TYPE_CONTENTS_STREAM, NULL);
  self->store = g_object_ref (store);
  self->contents = g_memdup2 (contents, n_contents * sizeof *contents);
  self->n_contents = n_contents;
  return self;
}

/**
 * bo_contents_stream_get_length:
 *
 * Returns: bytes of the whole tar
 */
guint64
bo_contents_stream_get_length (BoContentsStream *self)
{
  guint64 length = 2 * BO_TAR_BLOCK;

  g_return_val_if_fail (BO_IS_CONTENTS_STREAM (self), 0);

  for (gsize i = 0; i < self->n_contents; i++)
    {
      g_autoptr (GByteArray) head = g_byte_array_new ();

      append_head (head, &self->contents[i]);
      length += head->len + (self->contents[i].size + BO_TAR_BLOCK - 1) / BO_TAR_BLOCK * BO_TAR_BLOCK;
    }
  return length;
}

/**
 * bo_contents_stream_get_read:
 * @of_contents: (out) (optional): how many of them were bytes of contents
 *
 * May be called from any thread.
 *
 * Returns: bytes that were read so far
 */
guint64
bo_contents_stream_get_read (BoContentsStream *self, guint64 *of_contents)
{
  guint64 n_read;

  g_return_val_if_fail (BO_IS_CONTENTS_STREAM (self), 0);

  g_mutex_lock (&self->lock);
  n_read = self->n_read;
  if (of_contents != NULL)
    *of_contents = self->n_of_contents;
  g_mutex_unlock (&self->lock);
  return n_read;
}
