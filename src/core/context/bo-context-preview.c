/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-context-preview"

#include "config.h"

#include <string.h>

#include "context/bo-context-preview.h"
#include "context/bo-tar-header.h"

static int
compare_sizes (gconstpointer a, gconstpointer b)
{
  const BoContextEntry *first = *(const BoContextEntry *const *) a;
  const BoContextEntry *second = *(const BoContextEntry *const *) b;

  if (first->size != second->size)
    return first->size > second->size ? -1 : 1;
  return strcmp (first->path, second->path);
}

/* Bytes that a member takes in the tar, with its head and padding. */
static guint64
measure_member (const char *path, BoContextType type, const char *link, guint64 size)
{
  g_autoptr (GByteArray) head = g_byte_array_new ();
  BoTarMember member = { .path = path, .type = '0', .size = size };

  if (type == BO_CONTEXT_FOLDER)
    member.type = '5';
  else if (type != BO_CONTEXT_FILE)
    {
      member.type = '2';
      member.link = link;
    }
  bo_tar_append_header (head, &member);
  return head->len + (size + BO_TAR_BLOCK - 1) / BO_TAR_BLOCK * BO_TAR_BLOCK;
}

/**
 * bo_context_preview_new:
 * @context: a context, scanned with %BO_CONTEXT_COUNT_IGNORED and %BO_CONTEXT_FIND_SECRETS
 *
 * Returns: (transfer full): its preview
 */
BoContextPreview *
bo_context_preview_new (BoContext *context)
{
  g_autoptr (GPtrArray) files = NULL;
  BoContextPreview *self;
  GBytes *dockerfile;
  GPtrArray *ignored;

  g_return_val_if_fail (context != NULL, NULL);

  self = g_new0 (BoContextPreview, 1);
  self->context = bo_context_ref (context);
  self->bytes = bo_context_get_size (context);
  self->tar_bytes = 2 * BO_TAR_BLOCK;
  files = g_ptr_array_new ();
  for (guint i = 0; i < bo_context_get_n_entries (context); i++)
    {
      const BoContextEntry *entry = bo_context_get_entry (context, i);

      self->tar_bytes += measure_member (entry->path, entry->type, entry->link, entry->size);
      switch (entry->type)
        {
        case BO_CONTEXT_FILE:
          self->n_files++;
          g_ptr_array_add (files, (gpointer) entry);
          break;
        case BO_CONTEXT_FOLDER:
          self->n_folders++;
          break;
        case BO_CONTEXT_SYMLINK:
        case BO_CONTEXT_HARDLINK:
          self->n_links++;
          break;
        case BO_CONTEXT_FIFO:
        case BO_CONTEXT_CHAR_DEVICE:
        case BO_CONTEXT_BLOCK_DEVICE:
          self->n_others++;
          break;
        default:
          g_assert_not_reached ();
        }
    }

  /* One that is ignored, or lies outside, is sent under a name of its own. */
  dockerfile = bo_context_get_dockerfile_bytes (context);
  if (dockerfile != NULL && (bo_context_get_dockerfile (context) == NULL ||
                             bo_context_find (context, bo_context_get_dockerfile (context)) == NULL))
    self->tar_bytes += measure_member ("Dockerfile", BO_CONTEXT_FILE, NULL, g_bytes_get_size (dockerfile));

  ignored = bo_context_get_ignored (context);
  for (guint i = 0; i < ignored->len; i++)
    {
      const BoContextIgnored *item = g_ptr_array_index (ignored, i);

      self->n_ignored += item->n_files;
      self->ignored_bytes += item->size;
    }

  g_ptr_array_sort (files, compare_sizes);
  g_ptr_array_set_size (files, MIN (files->len, BO_CONTEXT_PREVIEW_LARGEST));
  self->largest = g_steal_pointer (&files);
  return self;
}

void
bo_context_preview_free (BoContextPreview *preview)
{
  g_return_if_fail (preview != NULL);

  g_ptr_array_unref (preview->largest);
  bo_context_unref (preview->context);
  g_free (preview);
}

static void
add_number (JsonBuilder *builder, const char *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/* A file's name may be any bytes, and JSON is Unicode: one that is not comes as base64 too. */
static void
add_path (JsonBuilder *builder, const char *name, const char *path)
{
  g_autofree char *valid = NULL;
  g_autofree char *member = NULL;
  g_autofree char *encoded = NULL;

  if (path == NULL || g_utf8_validate (path, -1, NULL))
    {
      add_string (builder, name, path);
      return;
    }
  valid = g_utf8_make_valid (path, -1);
  add_string (builder, name, valid);
  member = g_strconcat (name, "_base64", NULL);
  encoded = g_base64_encode ((const guchar *) path, strlen (path));
  add_string (builder, member, encoded);
}

static void
add_paths (JsonBuilder *builder, const char *name, GPtrArray *paths)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < paths->len; i++)
    {
      json_builder_begin_object (builder);
      add_path (builder, "path", g_ptr_array_index (paths, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_entries (JsonBuilder *builder, BoContext *context)
{
  json_builder_set_member_name (builder, "entries");
  json_builder_begin_array (builder);
  for (guint i = 0; i < bo_context_get_n_entries (context); i++)
    {
      const BoContextEntry *entry = bo_context_get_entry (context, i);

      json_builder_begin_object (builder);
      add_path (builder, "path", entry->path);
      add_string (builder, "type", bo_context_type_to_string (entry->type));
      add_number (builder, "size", entry->size);
      if (entry->link != NULL)
        add_path (builder, "target", entry->link);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_ignored (JsonBuilder *builder, GPtrArray *ignored)
{
  json_builder_set_member_name (builder, "ignored");
  json_builder_begin_array (builder);
  for (guint i = 0; i < ignored->len; i++)
    {
      const BoContextIgnored *item = g_ptr_array_index (ignored, i);

      json_builder_begin_object (builder);
      add_path (builder, "path", item->path);
      add_string (builder, "type", item->is_folder ? "dir" : "file");
      add_number (builder, "files", item->n_files);
      add_number (builder, "bytes", item->size);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_messages (JsonBuilder *builder, BoContext *context)
{
  GPtrArray *secrets = bo_context_get_secrets (context);
  BoProblems *problems = bo_context_get_problems (context);

  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < secrets->len; i++)
    {
      const BoContextSecret *secret = g_ptr_array_index (secrets, i);

      json_builder_begin_object (builder);
      add_string (builder, "kind", "secret");
      add_path (builder, "path", secret->path);
      add_string (builder, "message", secret->reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < problems->items->len; i++)
    {
      const BoProblem *problem = bo_problems_get (problems, i);

      json_builder_begin_object (builder);
      add_string (builder, "path", problem->path);
      add_number (builder, "line", problem->line);
      add_string (builder, "message", problem->message);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * bo_context_preview_to_json:
 * @preview: a preview
 *
 * The form that `bakeoff-cli context --json` prints.
 *
 * Returns: (transfer full): an object
 */
JsonNode *
bo_context_preview_to_json (const BoContextPreview *preview)
{
  g_autoptr (JsonBuilder) builder = NULL;
  BoContext *context;

  g_return_val_if_fail (preview != NULL, NULL);

  context = preview->context;
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_path (builder, "context", bo_context_get_folder (context));
  add_path (builder, "dockerfile", bo_context_get_dockerfile (context));
  add_path (builder, "ignore_file", bo_context_get_ignore_file (context));
  add_string (builder, "rule", bo_ignore_rule_to_string (bo_context_get_rule (context)));

  json_builder_set_member_name (builder, "total");
  json_builder_begin_object (builder);
  add_number (builder, "entries", bo_context_get_n_entries (context));
  add_number (builder, "files", preview->n_files);
  add_number (builder, "dirs", preview->n_folders);
  add_number (builder, "links", preview->n_links);
  add_number (builder, "others", preview->n_others);
  add_number (builder, "bytes", preview->bytes);
  add_number (builder, "tar_bytes", preview->tar_bytes);
  add_number (builder, "ignored_files", preview->n_ignored);
  add_number (builder, "ignored_bytes", preview->ignored_bytes);
  json_builder_end_object (builder);

  add_entries (builder, context);
  json_builder_set_member_name (builder, "largest");
  json_builder_begin_array (builder);
  for (guint i = 0; i < preview->largest->len; i++)
    {
      const BoContextEntry *entry = g_ptr_array_index (preview->largest, i);

      json_builder_begin_object (builder);
      add_path (builder, "path", entry->path);
      add_number (builder, "size", entry->size);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_ignored (builder, bo_context_get_ignored (context));
  add_paths (builder, "build_files", bo_context_get_build_files (context));
  add_paths (builder, "skipped", bo_context_get_skipped (context));
  add_messages (builder, context);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
