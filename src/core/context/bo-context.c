/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-context"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-context-private.h"

G_DEFINE_QUARK (bo-context-error-quark, bo_context_error)

const char *
bo_context_type_to_string (BoContextType type)
{
  switch (type)
    {
    case BO_CONTEXT_FILE:
      return "file";
    case BO_CONTEXT_FOLDER:
      return "dir";
    case BO_CONTEXT_SYMLINK:
      return "symlink";
    case BO_CONTEXT_HARDLINK:
      return "hardlink";
    case BO_CONTEXT_FIFO:
      return "fifo";
    case BO_CONTEXT_CHAR_DEVICE:
      return "char-device";
    case BO_CONTEXT_BLOCK_DEVICE:
      return "block-device";
    default:
      g_return_val_if_reached (NULL);
    }
}

void
bo_context_entry_free (gpointer data)
{
  BoContextEntry *entry = data;

  g_free (entry->path);
  g_free (entry->link);
  g_free (entry->sha256);
  g_free (entry);
}

static void
ignored_free (gpointer data)
{
  BoContextIgnored *ignored = data;

  g_free (ignored->path);
  g_free (ignored);
}

static void
secret_free (gpointer data)
{
  BoContextSecret *secret = data;

  g_free (secret->path);
  g_free (secret->reason);
  g_free (secret);
}

BoContext *
bo_context_ref (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  g_atomic_ref_count_inc (&context->ref_count);
  return context;
}

void
bo_context_unref (BoContext *context)
{
  g_return_if_fail (context != NULL);

  if (!g_atomic_ref_count_dec (&context->ref_count))
    return;
  g_free (context->folder);
  g_free (context->dockerfile);
  g_clear_pointer (&context->dockerfile_bytes, g_bytes_unref);
  g_free (context->ignore_file);
  g_clear_pointer (&context->ignore_text, g_bytes_unref);
  g_clear_pointer (&context->ignore, bo_ignore_unref);
  g_clear_pointer (&context->ignore_as_read, bo_ignore_unref);
  g_hash_table_unref (context->by_path);
  g_ptr_array_unref (context->entries);
  g_ptr_array_unref (context->ignored);
  g_ptr_array_unref (context->skipped);
  g_ptr_array_unref (context->secrets);
  g_ptr_array_unref (context->build_files);
  bo_problems_free (context->problems);
  g_free (context);
}

BoContext *
bo_context_new (void)
{
  BoContext *self = g_new0 (BoContext, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->entries = g_ptr_array_new_with_free_func (bo_context_entry_free);
  self->by_path = g_hash_table_new (g_str_hash, g_str_equal);
  self->ignored = g_ptr_array_new_with_free_func (ignored_free);
  self->skipped = g_ptr_array_new_with_free_func (g_free);
  self->secrets = g_ptr_array_new_with_free_func (secret_free);
  self->build_files = g_ptr_array_new_with_free_func (g_free);
  self->problems = bo_problems_new ();
  return self;
}

static void
share_array (GPtrArray **own, GPtrArray *other)
{
  g_ptr_array_unref (*own);
  *own = g_ptr_array_ref (other);
}

/* Gives @self, which is empty, what the walk found for @other. */
void
bo_context_share_entries (BoContext *self, BoContext *other)
{
  share_array (&self->entries, other->entries);
  share_array (&self->ignored, other->ignored);
  share_array (&self->skipped, other->skipped);
  share_array (&self->secrets, other->secrets);
  share_array (&self->build_files, other->build_files);
  g_hash_table_unref (self->by_path);
  self->by_path = g_hash_table_ref (other->by_path);
  self->size = other->size;
  self->stored = other->stored;
}

/**
 * bo_context_store:
 * @context: a context that nobody else uses yet
 * @store: where its files are kept
 * @progress: (nullable) (scope call): told about the bytes done
 * @user_data: for @progress
 * @cancellable: (nullable): a cancellable
 * @error: return location
 *
 * Reads every file of the context once, into @store. From here on the context
 * is what it was now, whatever happens in the folder. It blocks: run it in a
 * thread. A second call does nothing. It is to be called before bo_context_scan_like().
 *
 * Returns: whether all of it was read; else an error of this module or of the store that names the file
 */
gboolean
bo_context_store (BoContext *context,
                  BoContentStore *store,
                  BoContextProgress progress,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error)
{
  guint64 expected, done = 0;

  g_return_val_if_fail (context != NULL, FALSE);
  g_return_val_if_fail (BO_IS_CONTENT_STORE (store), FALSE);

  if (context->stored)
    return TRUE;

  for (guint i = 0; i < context->problems->items->len; i++)
    {
      const BoProblem *problem = bo_problems_get (context->problems, i);

      if (problem->level != BO_PROBLEM_ERROR)
        continue;
      g_set_error (error, BO_CONTEXT_ERROR, BO_CONTEXT_ERROR_UNREADABLE, "“%s”: %s", problem->path,
                   problem->message);
      return FALSE;
    }

  expected = context->size;
  context->size = 0;
  for (guint i = 0; i < context->entries->len; i++)
    {
      BoContextEntry *entry = g_ptr_array_index (context->entries, i);
      g_autofree char *full = NULL;

      if (entry->type != BO_CONTEXT_FILE)
        continue;
      full = g_build_filename (context->folder, entry->path, NULL);
      g_clear_pointer (&entry->sha256, g_free);
      entry->sha256 = bo_content_store_put_file (store, full, &entry->size, cancellable, error);
      if (entry->sha256 == NULL)
        return FALSE;
      context->size += entry->size;
      done += entry->size;
      if (progress != NULL)
        progress (done, MAX (expected, done), user_data);
    }
  context->stored = TRUE;
  return TRUE;
}

gboolean
bo_context_is_stored (BoContext *context)
{
  g_return_val_if_fail (context != NULL, FALSE);

  return context->stored;
}

const char *
bo_context_get_folder (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  return context->folder;
}

/**
 * bo_context_get_dockerfile:
 *
 * Returns: (nullable): path of the Dockerfile in the context, links resolved; NULL
 *   when it is missing or lies outside
 */
const char *
bo_context_get_dockerfile (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  return context->dockerfile;
}

/**
 * bo_context_get_dockerfile_bytes:
 *
 * Returns: (nullable) (transfer none): the Dockerfile as it was at the scan; NULL when there is none
 */
GBytes *
bo_context_get_dockerfile_bytes (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  return context->dockerfile_bytes;
}

/**
 * bo_context_get_ignore_file:
 *
 * Returns: (nullable): absolute path of the ignore file that was followed
 */
const char *
bo_context_get_ignore_file (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  return context->ignore_file;
}

/**
 * bo_context_get_rule:
 *
 * Returns: the rule that was followed
 */
BoIgnoreRule
bo_context_get_rule (BoContext *context)
{
  g_return_val_if_fail (context != NULL, BO_IGNORE_RULE_CURRENT);

  return bo_ignore_get_rule (context->ignore);
}

gboolean
bo_context_rules_may_differ (BoContext *context)
{
  g_return_val_if_fail (context != NULL, FALSE);

  return bo_ignore_rules_may_differ (context->ignore);
}

guint
bo_context_get_n_entries (BoContext *context)
{
  g_return_val_if_fail (context != NULL, 0);

  return context->entries->len;
}

const BoContextEntry *
bo_context_get_entry (BoContext *context, guint index)
{
  g_return_val_if_fail (context != NULL, NULL);
  g_return_val_if_fail (index < context->entries->len, NULL);

  return g_ptr_array_index (context->entries, index);
}

/**
 * bo_context_find:
 * @context: a context
 * @path: relative path
 *
 * Returns: (nullable): the entry, or NULL when there is none: ignored, missing or outside
 */
const BoContextEntry *
bo_context_find (BoContext *context, const char *path)
{
  g_return_val_if_fail (context != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return g_hash_table_lookup (context->by_path, path);
}

/**
 * bo_context_get_size:
 *
 * Returns: bytes of all files, a hard link's counted once
 */
guint64
bo_context_get_size (BoContext *context)
{
  g_return_val_if_fail (context != NULL, 0);

  return context->size;
}

/**
 * bo_context_get_ignored:
 *
 * Returns: (transfer none) (element-type BoContextIgnored): what is not sent, in the order of the walk
 */
GPtrArray *
bo_context_get_ignored (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  return context->ignored;
}

/**
 * bo_context_get_skipped:
 *
 * Returns: (transfer none) (element-type filename): sockets, which no tar can hold
 */
GPtrArray *
bo_context_get_skipped (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  return context->skipped;
}

/**
 * bo_context_get_secrets:
 *
 * Returns: (transfer none) (element-type BoContextSecret): what looks like a secret and is sent
 */
GPtrArray *
bo_context_get_secrets (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  return context->secrets;
}

/**
 * bo_context_get_build_files:
 *
 * Docker sends the Dockerfile and `.dockerignore` even if they are ignored, since
 * the builder reads them, and the classic builder takes them out of the context
 * again. They are no entries.
 *
 * Returns: (transfer none) (element-type filename): those of them that are ignored
 */
GPtrArray *
bo_context_get_build_files (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  return context->build_files;
}

/**
 * bo_context_get_problems:
 *
 * Returns: (transfer none): what docker would refuse the context for
 */
BoProblems *
bo_context_get_problems (BoContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);

  return context->problems;
}

static void
update_checksum (GChecksum *checksum, const char *text)
{
  g_checksum_update (checksum, (const guchar *) text, strlen (text) + 1);
}

/**
 * bo_context_compute_hash:
 * @context: a context whose files were read (bo_context_store())
 *
 * Two contexts have the same hash when an image gets the same files from both:
 * paths, types, permissions, link targets and contents, whatever their times
 * and whatever Dockerfile is sent with them.
 *
 * Returns: (transfer full) (nullable): SHA-256; NULL before bo_context_store()
 */
char *
bo_context_compute_hash (BoContext *context)
{
  g_autoptr (GChecksum) checksum = NULL;

  g_return_val_if_fail (context != NULL, NULL);

  if (!context->stored)
    return NULL;
  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  update_checksum (checksum, "bakeoff-context 1");
  for (guint i = 0; i < context->entries->len; i++)
    {
      const BoContextEntry *entry = g_ptr_array_index (context->entries, i);
      g_autofree char *numbers = g_strdup_printf ("%s %o %u %u", bo_context_type_to_string (entry->type), entry->mode,
                                                  entry->major, entry->minor);

      update_checksum (checksum, numbers);
      update_checksum (checksum, entry->path);
      update_checksum (checksum, entry->link != NULL ? entry->link : "");
      update_checksum (checksum, entry->sha256 != NULL ? entry->sha256 : "");
    }
  return g_strdup (g_checksum_get_string (checksum));
}
