/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-recipe"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n.h>

#include "context/bo-recipe-stream.h"
#include "context/bo-recipe.h"
#include "context/bo-tar-header.h"

#define HEAD_FORMAT "bakeoff-recipe %d\n"
#define HASH_LENGTH 64
#define IGNORE_NAME ".dockerignore"
/* Type bits are in the mode as docker's client sends it. */
#define DOCKERFILE_MODE (S_IFREG | 0644)

struct _BoRecipe
{
  gatomicrefcount ref_count;
  GBytes *text;
  char *id;
  char *dockerfile_name; /* (nullable): unknown of a recipe that was read */
  guint64 length;
  GArray *pieces;
};

G_DEFINE_QUARK (bo-recipe-error-quark, bo_recipe_error)

BoRecipe *
bo_recipe_ref (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  g_atomic_ref_count_inc (&recipe->ref_count);
  return recipe;
}

void
bo_recipe_unref (BoRecipe *recipe)
{
  g_return_if_fail (recipe != NULL);

  if (!g_atomic_ref_count_dec (&recipe->ref_count))
    return;
  g_bytes_unref (recipe->text);
  g_free (recipe->id);
  g_free (recipe->dockerfile_name);
  g_array_unref (recipe->pieces);
  g_free (recipe);
}

/* Reading the text */

typedef struct
{
  const char *p;
  const char *end;
} Reader;

/* One line without its end, into @line; FALSE when there is none that is short enough. */
static gboolean
read_line (Reader *reader, char line[BO_RECIPE_LINE_MAX])
{
  const char *newline = memchr (reader->p, '\n', MIN (reader->end - reader->p, BO_RECIPE_LINE_MAX));

  if (newline == NULL)
    return FALSE;
  memcpy (line, reader->p, newline - reader->p);
  line[newline - reader->p] = '\0';
  if (strlen (line) != (gsize) (newline - reader->p))
    return FALSE;
  reader->p = newline + 1;
  return TRUE;
}

/* A decimal number without sign, blanks or leading zeros, up to 2^63-1, that is all of @text. */
static gboolean
parse_number (const char *text, guint64 *number)
{
  guint64 value = 0;

  if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isdigit (*p))
        return FALSE;
      if (value > (G_MAXINT64 - (guint64) (*p - '0')) / 10)
        return FALSE;
      value = value * 10 + (*p - '0');
    }
  *number = value;
  return TRUE;
}

static gboolean
parse_hash (const char *text)
{
  for (guint i = 0; i < HASH_LENGTH; i++)
    {
      if (!g_ascii_isdigit (text[i]) && !(text[i] >= 'a' && text[i] <= 'f'))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_piece (Reader *reader, const char *line, BoRecipePiece *piece)
{
  const char *argument;

  if (g_str_has_prefix (line, "literal "))
    {
      if (!parse_number (line + strlen ("literal "), &piece->length))
        return FALSE;
      if (piece->length < 1 || piece->length > BO_RECIPE_LITERAL_MAX ||
          (guint64) (reader->end - reader->p) < piece->length + 1 || reader->p[piece->length] != '\n')
        return FALSE;
      piece->literal = (const guint8 *) reader->p;
      reader->p += piece->length + 1;
      return TRUE;
    }
  if (g_str_has_prefix (line, "file "))
    {
      argument = line + strlen ("file ");
      if (strlen (argument) < HASH_LENGTH + 2 || !parse_hash (argument) || argument[HASH_LENGTH] != ' ')
        return FALSE;
      memcpy (piece->sha256, argument, HASH_LENGTH);
      return parse_number (argument + HASH_LENGTH + 1, &piece->length) && piece->length >= 1;
    }
  return FALSE;
}

/**
 * bo_recipe_new_from_bytes:
 * @text: a recipe as text
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the recipe, or NULL with %BO_RECIPE_ERROR_FORMAT
 */
BoRecipe *
bo_recipe_new_from_bytes (GBytes *text, GError **error)
{
  g_autoptr (GArray) pieces = NULL;
  char line[BO_RECIPE_LINE_MAX];
  char head[BO_RECIPE_LINE_MAX];
  guint64 length = 0, sum = 0;
  gboolean ended = FALSE;
  BoRecipe *self;
  Reader reader;
  gsize size;

  g_return_val_if_fail (text != NULL, NULL);

  pieces = g_array_new (FALSE, TRUE, sizeof (BoRecipePiece));
  reader.p = g_bytes_get_data (text, &size);
  reader.end = reader.p + size;
  g_snprintf (head, sizeof head, HEAD_FORMAT, BO_RECIPE_VERSION);
  head[strlen (head) - 1] = '\0';

  if (size == 0 || !read_line (&reader, line) || strcmp (line, head) != 0 || !read_line (&reader, line) ||
      !g_str_has_prefix (line, "length ") || !parse_number (line + strlen ("length "), &length))
    {
      g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT, _ ("This is not a recipe of version %d"),
                   BO_RECIPE_VERSION);
      return NULL;
    }
  while (!ended)
    {
      BoRecipePiece piece = { 0 };

      if (!read_line (&reader, line))
        {
          g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT, _ ("The recipe is cut off after piece %u"),
                       pieces->len);
          return NULL;
        }
      if (strcmp (line, "end") == 0)
        {
          ended = TRUE;
          continue;
        }
      if (!parse_piece (&reader, line, &piece) || piece.length > length - sum)
        {
          g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT, _ ("The recipe is wrong at piece %u"),
                       pieces->len + 1);
          return NULL;
        }
      sum += piece.length;
      g_array_append_val (pieces, piece);
    }
  if (sum != length || reader.p != reader.end)
    {
      g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_FORMAT,
                   _ ("The recipe's pieces do not add up to its length, or something follows its end"));
      return NULL;
    }

  self = g_new0 (BoRecipe, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_bytes_ref (text);
  self->id = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, text);
  self->length = length;
  self->pieces = g_steal_pointer (&pieces);
  return self;
}

/* Writing it */

typedef struct
{
  GByteArray *body;
  GByteArray *literal;
  guint64 length;
} Builder;

static void
flush_literal (Builder *builder)
{
  gsize done = 0;

  while (done < builder->literal->len)
    {
      gsize n = MIN (builder->literal->len - done, BO_RECIPE_LITERAL_MAX);
      g_autofree char *line = g_strdup_printf ("literal %" G_GSIZE_FORMAT "\n", n);

      g_byte_array_append (builder->body, (const guint8 *) line, strlen (line));
      g_byte_array_append (builder->body, builder->literal->data + done, n);
      g_byte_array_append (builder->body, (const guint8 *) "\n", 1);
      done += n;
    }
  builder->length += builder->literal->len;
  g_byte_array_set_size (builder->literal, 0);
}

static void
add_file (Builder *builder, const char *sha256, guint64 size)
{
  g_autofree char *line = NULL;

  if (size == 0)
    return;
  flush_literal (builder);
  line = g_strdup_printf ("file %s %" G_GUINT64_FORMAT "\n", sha256, size);
  g_byte_array_append (builder->body, (const guint8 *) line, strlen (line));
  builder->length += size;
}

static void
add_bytes (Builder *builder, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_byte_array_append (builder->literal, data, size);
}

static void
add_literal_file (Builder *builder, const char *path, guint32 mode, GBytes *content)
{
  BoTarMember member = {
    .path = path, .type = '0', .mode = mode, .size = g_bytes_get_size (content), .mtime = BO_RECIPE_MTIME
  };

  bo_tar_append_header (builder->literal, &member);
  add_bytes (builder, content);
  bo_tar_append_padding (builder->literal, member.size);
}

static void
add_entry (Builder *builder, const BoContextEntry *entry, GBytes *append, gint64 mtime)
{
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

  bo_tar_append_header (builder->literal, &member);
  if (entry->type != BO_CONTEXT_FILE)
    return;
  add_file (builder, entry->sha256, entry->size);
  if (append != NULL)
    add_bytes (builder, append);
  bo_tar_append_padding (builder->literal, member.size);
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
find_own_dockerfile (BoContext *context, const BoRecipeOptions *options)
{
  const char *path = bo_context_get_dockerfile (context);
  GBytes *own = bo_context_get_dockerfile_bytes (context);
  const BoContextEntry *entry = path != NULL ? bo_context_find (context, path) : NULL;
  g_autofree char *hash = NULL;

  if (entry == NULL || entry->type != BO_CONTEXT_FILE || own == NULL || !g_bytes_equal (own, options->dockerfile) ||
      g_strcmp0 (path, options->edit_path) == 0 || !bo_tar_path_is_plain (path, FALSE))
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

/* The entry whose content an edit of @path changes: for a hard link, the file that it is a name of. */
static const BoContextEntry *
find_edited (BoContext *context, const char *path, GError **error)
{
  const BoContextEntry *entry = bo_context_find (context, path);

  if (entry != NULL && entry->type == BO_CONTEXT_HARDLINK)
    entry = bo_context_find (context, entry->link);
  if (entry != NULL && entry->type == BO_CONTEXT_FILE)
    return entry;

  if (entry == NULL)
    g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_EDIT,
                 _ ("The file to edit, “%s”, is not in the build context: it is missing or ignored"), path);
  else
    g_set_error (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_EDIT, _ ("What is to be edited, “%s”, is a %s, not a file"),
                 path, bo_context_type_to_string (entry->type));
  return NULL;
}

/**
 * bo_recipe_new:
 * @context: a context whose files were read (bo_context_store())
 * @options: what to send with it
 * @error: return location
 *
 * Makes the recipe of a tar. Its first member is the Dockerfile as sent, in a
 * plain ustar header, since BuildKit takes anything else for a Dockerfile that
 * came without a context. bo_recipe_get_dockerfile_name() says its name, for
 * the `dockerfile` parameter of the build:
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
 * Returns: (transfer full) (nullable): the recipe
 */
BoRecipe *
bo_recipe_new (BoContext *context, const BoRecipeOptions *options, GError **error)
{
  g_autoptr (GByteArray) body = NULL;
  g_autoptr (GByteArray) literal = NULL;
  g_autoptr (GByteArray) whole = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) ignore_line = NULL;
  g_autofree char *name = NULL;
  g_autofree char *head = NULL;
  const BoContextEntry *own, *edited = NULL, *ignore;
  gboolean taken_out;
  BoRecipe *self;
  Builder builder;

  g_return_val_if_fail (context != NULL, NULL);
  g_return_val_if_fail (options != NULL && options->dockerfile != NULL, NULL);
  g_return_val_if_fail (options->edit_path == NULL || options->edit_append != NULL, NULL);

  if (!bo_context_is_stored (context))
    {
      g_set_error_literal (error, BO_RECIPE_ERROR, BO_RECIPE_ERROR_NOT_STORED,
                           _ ("The files of the build context have not been read yet"));
      return NULL;
    }
  if (options->edit_path != NULL)
    {
      edited = find_edited (context, options->edit_path, error);
      if (edited == NULL)
        return NULL;
    }

  body = g_byte_array_new ();
  literal = g_byte_array_new ();
  builder = (Builder){ .body = body, .literal = literal };
  own = find_own_dockerfile (context, options);
  taken_out = own == NULL && options->for_classic && is_taken_out (context);
  if (own != NULL)
    {
      name = g_strdup (own->path);
      add_entry (&builder, own, NULL, BO_RECIPE_MTIME);
    }
  else
    {
      name = taken_out ? g_strdup (bo_context_get_dockerfile (context)) : choose_name (context);
      add_literal_file (&builder, name, DOCKERFILE_MODE, options->dockerfile);
    }

  ignore = bo_context_find (context, IGNORE_NAME);
  if (own == NULL && options->for_classic && !taken_out)
    {
      g_autofree char *line = g_strdup_printf ("%s\n%s\n", ignore == NULL ? IGNORE_NAME : "", name);

      ignore_line = g_bytes_new (line, strlen (line));
      if (ignore == NULL)
        add_literal_file (&builder, IGNORE_NAME, DOCKERFILE_MODE, ignore_line);
    }

  for (guint i = 0; i < bo_context_get_n_entries (context); i++)
    {
      const BoContextEntry *entry = bo_context_get_entry (context, i);
      g_autoptr (GByteArray) append = NULL;
      g_autoptr (GBytes) append_bytes = NULL;

      if (entry == own)
        continue;
      append = g_byte_array_new ();
      if (entry == edited)
        g_byte_array_append (append, g_bytes_get_data (options->edit_append, NULL),
                             g_bytes_get_size (options->edit_append));
      if (entry == ignore && ignore_line != NULL && entry->type == BO_CONTEXT_FILE)
        g_byte_array_append (append, g_bytes_get_data (ignore_line, NULL), g_bytes_get_size (ignore_line));
      append_bytes = g_byte_array_free_to_bytes (g_steal_pointer (&append));
      add_entry (&builder, entry, g_bytes_get_size (append_bytes) > 0 ? append_bytes : NULL,
                 entry == edited ? BO_RECIPE_EDITED_MTIME : BO_RECIPE_MTIME);
    }
  bo_tar_append_end (builder.literal);
  flush_literal (&builder);
  g_byte_array_append (body, (const guint8 *) "end\n", 4);

  head = g_strdup_printf (HEAD_FORMAT "length %" G_GUINT64_FORMAT "\n", BO_RECIPE_VERSION, builder.length);
  whole = g_byte_array_sized_new (strlen (head) + body->len);
  g_byte_array_append (whole, (const guint8 *) head, strlen (head));
  g_byte_array_append (whole, body->data, body->len);
  text = g_byte_array_free_to_bytes (g_steal_pointer (&whole));

  self = bo_recipe_new_from_bytes (text, error);
  if (self != NULL)
    self->dockerfile_name = g_steal_pointer (&name);
  return self;
}

/**
 * bo_recipe_get_dockerfile_name:
 *
 * Returns: (nullable): name of the first member, for the `dockerfile` parameter of the
 *   build; NULL for a recipe that was read from text
 */
const char *
bo_recipe_get_dockerfile_name (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  return recipe->dockerfile_name;
}

/**
 * bo_recipe_get_length:
 *
 * Returns: bytes of the tar
 */
guint64
bo_recipe_get_length (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, 0);

  return recipe->length;
}

/**
 * bo_recipe_get_id:
 *
 * The text is written in one way only, so this names the tar's bytes as well
 * as a hash of them would, without reading them.
 *
 * Returns: SHA-256 of the text, the name of its file in recipes/
 */
const char *
bo_recipe_get_id (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  return recipe->id;
}

/**
 * bo_recipe_to_bytes:
 *
 * Returns: (transfer full): the recipe as text
 */
GBytes *
bo_recipe_to_bytes (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  return g_bytes_ref (recipe->text);
}

GArray *
bo_recipe_get_pieces (BoRecipe *recipe)
{
  g_return_val_if_fail (recipe != NULL, NULL);

  return recipe->pieces;
}

/**
 * bo_recipe_list_files:
 *
 * Returns: (transfer container) (element-type utf8): hashes of the files that it needs, each once
 */
GPtrArray *
bo_recipe_list_files (BoRecipe *recipe)
{
  g_autoptr (GHashTable) seen = NULL;
  GPtrArray *files;

  g_return_val_if_fail (recipe != NULL, NULL);

  seen = g_hash_table_new (g_str_hash, g_str_equal);
  files = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < recipe->pieces->len; i++)
    {
      BoRecipePiece *piece = &g_array_index (recipe->pieces, BoRecipePiece, i);

      if (piece->literal == NULL && g_hash_table_add (seen, piece->sha256))
        g_ptr_array_add (files, g_strdup (piece->sha256));
    }
  return files;
}

/**
 * bo_recipe_open_stream:
 * @recipe: a recipe
 * @store: where its files are
 *
 * Returns: (transfer full): a stream of the tar's bytes. It fails with
 *   %BO_RECIPE_ERROR_MISSING at a file that is not in @store, and never ends early without an error
 */
GInputStream *
bo_recipe_open_stream (BoRecipe *recipe, BoContentStore *store)
{
  g_return_val_if_fail (recipe != NULL, NULL);
  g_return_val_if_fail (BO_IS_CONTENT_STORE (store), NULL);

  return bo_recipe_stream_new (recipe, store);
}

/**
 * bo_recipe_compute_tar_sha256:
 * @recipe: a recipe
 * @store: where its files are
 * @cancellable: (nullable): a cancellable
 * @error: return location
 *
 * Reads all files again; bo_recipe_get_id() tells recipes apart without.
 *
 * Returns: (transfer full) (nullable): SHA-256 of the tar's bytes
 */
char *
bo_recipe_compute_tar_sha256 (BoRecipe *recipe, BoContentStore *store, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autofree guchar *buffer = NULL;
  gssize n;

  g_return_val_if_fail (recipe != NULL, NULL);
  g_return_val_if_fail (BO_IS_CONTENT_STORE (store), NULL);

  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  stream = bo_recipe_open_stream (recipe, store);
  buffer = g_malloc (256 * 1024);
  while ((n = g_input_stream_read (stream, buffer, 256 * 1024, cancellable, error)) > 0)
    g_checksum_update (checksum, buffer, n);
  return n == 0 ? g_strdup (g_checksum_get_string (checksum)) : NULL;
}
