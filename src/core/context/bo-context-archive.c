/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-context-archive"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n.h>

#include "context/bo-context-archive.h"
#include "context/bo-recipe-writer.h"
#include "context/bo-tar-header.h"

#define IGNORE_NAME ".dockerignore"
/* Type bits are in the mode as docker's client sends it. */
#define DOCKERFILE_MODE (S_IFREG | 0644)

struct _BoContextArchive
{
  BoContext *context;
  char *edit_path; /* (nullable) */

  /* Entries of the context, borrowed. */
  const BoContextEntry *ignore; /* (nullable) */
  const BoContextEntry *edited; /* (nullable) */
  GPtrArray *first;             /* the Dockerfile that is sent first may be among them */
  GPtrArray *last;
  GHashTable *apart; /* both */
};

G_DEFINE_QUARK (bo-context-archive-error-quark, bo_context_archive_error)

void
bo_context_archive_free (BoContextArchive *archive)
{
  g_return_if_fail (archive != NULL);

  bo_context_unref (archive->context);
  g_free (archive->edit_path);
  g_ptr_array_unref (archive->first);
  g_ptr_array_unref (archive->last);
  g_hash_table_unref (archive->apart);
  g_free (archive);
}

static const BoContextEntry *
find_file (BoContext *context, const char *path)
{
  const BoContextEntry *entry = path != NULL ? bo_context_find (context, path) : NULL;

  return entry != NULL && entry->type == BO_CONTEXT_FILE ? entry : NULL;
}

/* The entry whose content an edit of @path changes: for a hard link, the file that it is a name of. */
static const BoContextEntry *
find_edited (BoContext *context, const char *path)
{
  const BoContextEntry *entry = path != NULL ? bo_context_find (context, path) : NULL;

  if (entry != NULL && entry->type == BO_CONTEXT_HARDLINK)
    path = entry->link;
  return find_file (context, path);
}

static void
set_apart (BoContextArchive *self, GPtrArray *part, const BoContextEntry *entry)
{
  if (g_hash_table_add (self->apart, (gpointer) entry))
    g_ptr_array_add (part, (gpointer) entry);
}

/**
 * bo_context_archive_new:
 * @context: a context whose files were read (bo_context_store())
 * @edit_path: (nullable): the file of the study that is edited in some build; it need not be in @context
 * @dockerfiles: (nullable) (array zero-terminated=1): paths in the context of the study's Dockerfiles, links resolved
 *   (bo_context_resolve()); any that is not a file of the context is passed over
 * @error: return location
 *
 * Contexts with the same files have the same shared part if @edit_path and
 * @dockerfiles are the same for all of them.
 *
 * Returns: (transfer full) (nullable): the archive, or NULL with %BO_CONTEXT_ARCHIVE_ERROR_NOT_STORED
 */
BoContextArchive *
bo_context_archive_new (BoContext *context, const char *edit_path, const char *const *dockerfiles, GError **error)
{
  g_autoptr (GHashTable) names = NULL;
  BoContextArchive *self;

  g_return_val_if_fail (context != NULL, NULL);

  if (!bo_context_is_stored (context))
    {
      g_set_error_literal (error, BO_CONTEXT_ARCHIVE_ERROR, BO_CONTEXT_ARCHIVE_ERROR_NOT_STORED,
                           _ ("The files of the build context have not been read yet"));
      return NULL;
    }

  self = g_new0 (BoContextArchive, 1);
  self->context = bo_context_ref (context);
  self->edit_path = g_strdup (edit_path);
  self->first = g_ptr_array_new ();
  self->last = g_ptr_array_new ();
  self->apart = g_hash_table_new (NULL, NULL);
  self->ignore = bo_context_find (context, IGNORE_NAME);
  self->edited = find_edited (context, edit_path);

  names = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_add (names, (gpointer) IGNORE_NAME);
  if (bo_context_get_dockerfile (context) != NULL)
    g_hash_table_add (names, (gpointer) bo_context_get_dockerfile (context));
  for (guint i = 0; dockerfiles != NULL && dockerfiles[i] != NULL; i++)
    g_hash_table_add (names, (gpointer) dockerfiles[i]);

  /* A `.dockerignore` stays with the Dockerfile, which may add to it, even if it is the file that is edited. */
  if (self->edited != NULL && self->edited != self->ignore)
    set_apart (self, self->last, self->edited);
  for (guint i = 0; i < bo_context_get_n_entries (context); i++)
    {
      const BoContextEntry *entry = bo_context_get_entry (context, i);

      if (entry->type == BO_CONTEXT_FILE && g_hash_table_contains (names, entry->path))
        set_apart (self, self->first, entry);
      else if (self->last->len > 0 && entry->type == BO_CONTEXT_HARDLINK
               && strcmp (entry->link, self->edited->path) == 0)
        set_apart (self, self->last, entry);
    }
  return self;
}

static void
add_literal_file (BoRecipeWriter *writer, const char *path, guint32 mode, GBytes *content)
{
  GByteArray *literal = bo_recipe_writer_get_literal (writer);
  BoTarMember member = {
    .path = path,
    .type = '0',
    .mode = mode,
    .size = g_bytes_get_size (content),
    .mtime = BO_CONTEXT_ARCHIVE_MTIME,
  };

  bo_tar_append_header (literal, &member);
  bo_recipe_writer_add_bytes (writer, content);
  bo_tar_append_padding (literal, member.size);
}

static void
add_entry (BoRecipeWriter *writer, const BoContextEntry *entry, GBytes *append, gint64 mtime)
{
  GByteArray *literal = bo_recipe_writer_get_literal (writer);
  BoTarMember member = { .path = entry->path, .mtime = mtime };

  switch (entry->type)
    {
    case BO_CONTEXT_FILE:
      member.type = '0';
      member.mode = S_IFREG;
      member.size = entry->size + (append != NULL ? g_bytes_get_size (append) : 0);
      break;
    case BO_CONTEXT_HARDLINK:
      member.type = '1';
      member.mode = S_IFREG;
      member.link = entry->link;
      break;
    case BO_CONTEXT_SYMLINK:
      member.type = '2';
      member.mode = S_IFLNK;
      member.link = entry->link;
      break;
    case BO_CONTEXT_CHAR_DEVICE:
      member.type = '3';
      member.mode = S_IFCHR;
      break;
    case BO_CONTEXT_BLOCK_DEVICE:
      member.type = '4';
      member.mode = S_IFBLK;
      break;
    case BO_CONTEXT_FOLDER:
      member.type = '5';
      member.mode = S_IFDIR;
      break;
    case BO_CONTEXT_FIFO:
      member.type = '6';
      member.mode = S_IFIFO;
      break;
    default:
      g_assert_not_reached ();
    }
  member.mode |= entry->mode;
  member.major = entry->major;
  member.minor = entry->minor;

  bo_tar_append_header (literal, &member);
  if (entry->type != BO_CONTEXT_FILE)
    return;
  bo_recipe_writer_add_file (writer, entry->sha256, entry->size);
  if (append != NULL)
    bo_recipe_writer_add_bytes (writer, append);
  bo_tar_append_padding (literal, member.size);
}

/* A name for the Dockerfile as sent that nothing in the context has. */
static char *
choose_name (BoContext *context)
{
  g_autofree char *name = g_strdup (".bakeoff.Dockerfile");

  for (guint i = 1; bo_context_find (context, name) != NULL; i++)
    {
      g_free (name);
      name = g_strdup_printf (".bakeoff-%u.Dockerfile", i);
    }
  return g_steal_pointer (&name);
}

/*
 * Whether the classic builder takes the user's Dockerfile out of the context
 * by itself, because the user's `.dockerignore`, which is sent, names it. Then
 * the Dockerfile as sent can have its name, whatever is in it.
 */
static gboolean
is_taken_out (BoContext *context)
{
  const char *path = bo_context_get_dockerfile (context);
  const BoContextEntry *ignore = bo_context_find (context, IGNORE_NAME);
  g_autofree char *general = g_build_filename (bo_context_get_folder (context), IGNORE_NAME, NULL);

  return path != NULL && ignore != NULL && ignore->type == BO_CONTEXT_FILE &&
         g_strcmp0 (bo_context_get_ignore_file (context), general) == 0 && bo_tar_path_is_plain (path, FALSE) &&
         g_ptr_array_find_with_equal_func (bo_context_get_build_files (context), path, g_str_equal, NULL);
}

/*
 * The user's own Dockerfile as an entry, when it can be sent as the first
 * member under its own name: unchanged, part of the context, with no second name.
 */
static const BoContextEntry *
find_own_dockerfile (BoContextArchive *self, GBytes *dockerfile)
{
  BoContext *context = self->context;
  const char *path = bo_context_get_dockerfile (context);
  GBytes *own = bo_context_get_dockerfile_bytes (context);
  const BoContextEntry *entry = path != NULL ? bo_context_find (context, path) : NULL;
  g_autofree char *hash = NULL;

  if (entry == NULL || entry->type != BO_CONTEXT_FILE || own == NULL || !g_bytes_equal (own, dockerfile) ||
      entry == self->edited || !bo_tar_path_is_plain (path, FALSE))
    return NULL;

  /* It may have been written between the scan and the reading of the files. */
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, own);
  if (strcmp (hash, entry->sha256) != 0)
    return NULL;

  for (guint i = 0; i < bo_context_get_n_entries (context); i++)
    {
      const BoContextEntry *other = bo_context_get_entry (context, i);

      if (other->type == BO_CONTEXT_HARDLINK && strcmp (other->link, path) == 0)
        return NULL;
    }
  return entry;
}

/* An entry that is not in the shared part, with what this build adds to it. */
static void
add_apart (BoContextArchive *self,
           BoRecipeWriter *writer,
           const BoContextEntry *entry,
           GBytes *edit_append,
           GBytes *ignore_line)
{
  g_autoptr (GByteArray) append = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  gboolean edited = entry == self->edited && edit_append != NULL;

  if (edited)
    g_byte_array_append (append, g_bytes_get_data (edit_append, NULL), g_bytes_get_size (edit_append));
  if (entry == self->ignore && ignore_line != NULL)
    g_byte_array_append (append, g_bytes_get_data (ignore_line, NULL), g_bytes_get_size (ignore_line));
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&append));
  add_entry (writer, entry, g_bytes_get_size (bytes) > 0 ? bytes : NULL,
             edited ? BO_CONTEXT_ARCHIVE_EDITED_MTIME : BO_CONTEXT_ARCHIVE_MTIME);
}

/**
 * bo_context_archive_make_first:
 * @archive: an archive
 * @options: what to send
 * @dockerfile_name: (out) (transfer full): name of the first member, for the `dockerfile` parameter of the build
 *
 * The first member is the Dockerfile as sent, in a plain ustar header, since
 * BuildKit takes anything else for a Dockerfile that came without a context:
 *
 * - If the Dockerfile as sent is the user's, and is part of the context, it
 *   has its own name, and the tar holds exactly what `docker build` sends.
 * - If it is ignored, the classic builder gets it under its own name too, and
 *   takes it out of the context again, as `.dockerignore` tells it.
 * - Else it is sent under a name that the context does not have, beside the
 *   user's own. BuildKit keeps that one file more than docker's in what `COPY . .` copies.
 *   The classic builder takes the Dockerfile out of the context when the
 *   `.dockerignore` in the tar names it. So for this builder a `.dockerignore` is
 *   sent that names itself and the Dockerfile, if the context has none; if it
 *   has one, it gets one line more, as docker does itself for a Dockerfile that
 *   lies outside of the context.
 *
 * Otherwise an ignored Dockerfile or `.dockerignore` of the user's is not sent at all, so
 * that what can be copied is what docker gives for both builders.
 *
 * Returns: (transfer full): the recipe
 */
BoRecipe *
bo_context_archive_make_first (BoContextArchive *archive,
                               const BoContextArchiveOptions *options,
                               char **dockerfile_name)
{
  BoRecipeWriter *writer;
  g_autoptr (GBytes) ignore_line = NULL;
  g_autofree char *name = NULL;
  const BoContextEntry *own;
  gboolean taken_out;

  g_return_val_if_fail (archive != NULL, NULL);
  g_return_val_if_fail (options != NULL && options->dockerfile != NULL, NULL);
  g_return_val_if_fail (dockerfile_name != NULL, NULL);

  writer = bo_recipe_writer_new ();
  own = find_own_dockerfile (archive, options->dockerfile);
  taken_out = own == NULL && options->for_classic && is_taken_out (archive->context);
  if (own != NULL)
    {
      name = g_strdup (own->path);
      add_entry (writer, own, NULL, BO_CONTEXT_ARCHIVE_MTIME);
    }
  else
    {
      name = taken_out ? g_strdup (bo_context_get_dockerfile (archive->context)) : choose_name (archive->context);
      add_literal_file (writer, name, DOCKERFILE_MODE, options->dockerfile);
    }

  if (own == NULL && options->for_classic && !taken_out)
    {
      g_autofree char *line = g_strdup_printf ("%s\n%s\n", archive->ignore == NULL ? IGNORE_NAME : "", name);

      ignore_line = g_bytes_new (line, strlen (line));
      if (archive->ignore == NULL)
        add_literal_file (writer, IGNORE_NAME, DOCKERFILE_MODE, ignore_line);
    }
  for (guint i = 0; i < archive->first->len; i++)
    {
      const BoContextEntry *entry = g_ptr_array_index (archive->first, i);

      if (entry != own)
        add_apart (archive, writer, entry, options->edit_append, ignore_line);
    }
  *dockerfile_name = g_steal_pointer (&name);
  return bo_recipe_writer_finish (writer);
}

/**
 * bo_context_archive_make_shared:
 * @archive: an archive
 *
 * It is large when the context has many files: make it once, and let it go when it is written down.
 *
 * Returns: (transfer full): the recipe of what is the same for all builds
 */
BoRecipe *
bo_context_archive_make_shared (BoContextArchive *archive)
{
  BoRecipeWriter *writer;

  g_return_val_if_fail (archive != NULL, NULL);

  writer = bo_recipe_writer_new ();
  for (guint i = 0; i < bo_context_get_n_entries (archive->context); i++)
    {
      const BoContextEntry *entry = bo_context_get_entry (archive->context, i);

      if (!g_hash_table_contains (archive->apart, entry))
        add_entry (writer, entry, NULL, BO_CONTEXT_ARCHIVE_MTIME);
    }
  return bo_recipe_writer_finish (writer);
}

static void
set_edit_error (BoContextArchive *self, GError **error)
{
  const BoContextEntry *entry = self->edit_path != NULL ? bo_context_find (self->context, self->edit_path) : NULL;

  if (entry == NULL)
    g_set_error (error, BO_CONTEXT_ARCHIVE_ERROR, BO_CONTEXT_ARCHIVE_ERROR_EDIT,
                 _ ("The file to edit, “%s”, is not in the build context: it is missing or ignored"),
                 self->edit_path != NULL ? self->edit_path : "");
  else
    g_set_error (error, BO_CONTEXT_ARCHIVE_ERROR, BO_CONTEXT_ARCHIVE_ERROR_EDIT,
                 _ ("What is to be edited, “%s”, is not a file (%s)"), self->edit_path,
                 bo_context_type_to_string (entry->type));
}

/**
 * bo_context_archive_make_last:
 * @archive: an archive
 * @options: what to send
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the recipe of the edited file and the tar's end, or NULL with
 *   %BO_CONTEXT_ARCHIVE_ERROR_EDIT when there is something to append and nothing to append it to
 */
BoRecipe *
bo_context_archive_make_last (BoContextArchive *archive, const BoContextArchiveOptions *options, GError **error)
{
  BoRecipeWriter *writer;

  g_return_val_if_fail (archive != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  if (options->edit_append != NULL && archive->edited == NULL)
    {
      set_edit_error (archive, error);
      return NULL;
    }
  writer = bo_recipe_writer_new ();
  for (guint i = 0; i < archive->last->len; i++)
    add_apart (archive, writer, g_ptr_array_index (archive->last, i), options->edit_append, NULL);
  bo_tar_append_end (bo_recipe_writer_get_literal (writer));
  return bo_recipe_writer_finish (writer);
}

/**
 * bo_context_archive_make_all:
 * @archive: an archive
 * @options: what to send
 * @dockerfile_name: (out) (transfer full): as in bo_context_archive_make_first()
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type BoRecipe): all of the tar, for bo_recipe_open_stream()
 */
GPtrArray *
bo_context_archive_make_all (BoContextArchive *archive,
                             const BoContextArchiveOptions *options,
                             char **dockerfile_name,
                             GError **error)
{
  g_autoptr (GPtrArray) parts = NULL;
  BoRecipe *last = bo_context_archive_make_last (archive, options, error);

  if (last == NULL)
    return NULL;
  parts = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_recipe_unref);
  g_ptr_array_add (parts, bo_context_archive_make_first (archive, options, dockerfile_name));
  g_ptr_array_add (parts, bo_context_archive_make_shared (archive));
  g_ptr_array_add (parts, last);
  return g_steal_pointer (&parts);
}
