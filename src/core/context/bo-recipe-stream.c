/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-recipe-stream"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "context/bo-recipe-stream.h"

struct _BoRecipeStream
{
  GInputStream parent_instance;

  GPtrArray *recipes;
  BoContentStore *store;
  guint recipe;
  guint piece;    /* in the recipe */
  guint64 offset; /* in the piece */
  int fd;         /* of the piece's file, or -1 */
};

G_DEFINE_FINAL_TYPE (BoRecipeStream, bo_recipe_stream, G_TYPE_INPUT_STREAM)

static void
close_file (BoRecipeStream *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static gboolean
open_file (BoRecipeStream *self, const BoRecipePiece *piece, GError **error)
{
  g_autofree char *path = bo_content_store_get_path (self->store, piece->sha256);
  struct stat st;

  self->fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (self->fd >= 0 && fstat (self->fd, &st) == 0 && S_ISREG (st.st_mode) && (guint64) st.st_size == piece->length)
    return TRUE;

  close_file (self);
  g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_MISSING,
               _ ("A file of the build context is no longer kept in “%s” (%s)"),
               bo_content_store_get_folder (self->store), piece->sha256);
  return FALSE;
}

/* The piece that is next, in whichever recipe; NULL at the end. */
static const BoRecipePiece *
find_piece (BoRecipeStream *self)
{
  for (; self->recipe < self->recipes->len; self->recipe++, self->piece = 0)
    {
      GArray *pieces = bo_recipe_get_pieces (g_ptr_array_index (self->recipes, self->recipe));

      if (self->piece < pieces->len)
        return &g_array_index (pieces, BoRecipePiece, self->piece);
    }
  return NULL;
}

static gssize
bo_recipe_stream_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  BoRecipeStream *self = BO_RECIPE_STREAM (stream);
  const BoRecipePiece *piece;
  gsize wanted;
  ssize_t n;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  piece = find_piece (self);
  if (piece == NULL)
    return 0;

  wanted = MIN (count, piece->length - self->offset);
  if (piece->literal != NULL)
    {
      memcpy (buffer, piece->literal + self->offset, wanted);
      n = wanted;
    }
  else
    {
      if (self->fd < 0 && !open_file (self, piece, error))
        return -1;
      do
        n = read (self->fd, buffer, wanted);
      while (n < 0 && errno == EINTR);
      if (n <= 0)
        {
          g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_MISSING,
                       _ ("A kept file of the build context cannot be read (%s): %s"), piece->sha256,
                       n < 0 ? g_strerror (errno) : _ ("it has become shorter"));
          return -1;
        }
    }

  self->offset += n;
  if (self->offset == piece->length)
    {
      close_file (self);
      self->piece++;
      self->offset = 0;
    }
  return n;
}

static gboolean
bo_recipe_stream_close (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  close_file (BO_RECIPE_STREAM (stream));
  return TRUE;
}

static void
bo_recipe_stream_finalize (GObject *object)
{
  BoRecipeStream *self = BO_RECIPE_STREAM (object);

  close_file (self);
  g_clear_pointer (&self->recipes, g_ptr_array_unref);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (bo_recipe_stream_parent_class)->finalize (object);
}

static void
bo_recipe_stream_class_init (BoRecipeStreamClass *class)
{
  G_OBJECT_CLASS (class)->finalize = bo_recipe_stream_finalize;
  G_INPUT_STREAM_CLASS (class)->read_fn = bo_recipe_stream_read;
  G_INPUT_STREAM_CLASS (class)->close_fn = bo_recipe_stream_close;
}

static void
bo_recipe_stream_init (BoRecipeStream *self)
{
  self->fd = -1;
}

GInputStream *
bo_recipe_stream_new (GPtrArray *recipes, BoContentStore *store)
{
  BoRecipeStream *self = g_object_new (BO_TYPE_RECIPE_STREAM, NULL);

  self->recipes = g_ptr_array_ref (recipes);
  self->store = g_object_ref (store);
  return G_INPUT_STREAM (self);
}
