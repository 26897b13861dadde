/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-images"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/bo-engine-call.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-image-ref.h"
#include "study/bo-json.h"

void
bo_engine_image_free (BoEngineImage *image)
{
  g_return_if_fail (image != NULL);

  g_free (image->id);
  g_free (image->created);
  g_free (image->arch);
  g_free (image->os);
  g_clear_pointer (&image->tags, g_ptr_array_unref);
  g_clear_pointer (&image->digests, g_ptr_array_unref);
  g_clear_pointer (&image->layers, g_ptr_array_unref);
  g_clear_pointer (&image->env, g_ptr_array_unref);
  g_clear_pointer (&image->labels, g_hash_table_unref);
  g_free (image);
}

/**
 * bo_engine_image_new_from_json:
 * @node: the answer to GET /images/NAME/json
 *
 * Returns: (transfer full): what it says
 */
BoEngineImage *
bo_engine_image_new_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = bo_json_node_get_object (node);
  JsonObject *config = bo_json_get_object (object, "Config");
  const char *id = bo_json_get_string (object, "Id", NULL);
  BoEngineImage *image;

  if (id == NULL || id[0] == '\0')
    {
      g_set_error_literal (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                           _ ("the engine describes an image without an id"));
      return NULL;
    }

  image = g_new0 (BoEngineImage, 1);
  image->id = g_strdup (id);
  image->size = MAX (bo_json_get_int (object, "Size", 0), 0);
  image->created = g_strdup (bo_json_get_string (object, "Created", NULL));
  image->arch = g_strdup (bo_json_get_string (object, "Architecture", NULL));
  image->os = g_strdup (bo_json_get_string (object, "Os", NULL));
  image->tags = bo_json_get_strings (object, "RepoTags");
  image->digests = bo_json_get_strings (object, "RepoDigests");
  image->layers = bo_json_get_strings (bo_json_get_object (object, "RootFS"), "Layers");
  image->env = bo_json_get_strings (config, "Env");
  image->labels = bo_engine_read_labels (bo_json_get_object (config, "Labels"));
  return image;
}

static gpointer
read_image (JsonNode *node, GError **error)
{
  return bo_engine_image_new_from_json (node, error);
}

static void
entry_free (gpointer data)
{
  BoEngineImageEntry *entry = data;

  g_free (entry->id);
  g_free (entry->parent);
  g_ptr_array_unref (entry->tags);
  g_hash_table_unref (entry->labels);
  g_free (entry);
}

static gpointer
read_list (JsonNode *node, GError **error)
{
  JsonArray *array = bo_json_node_get_array (node);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);

  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    {
      JsonObject *object = bo_json_array_get_object (array, i);
      const char *id = bo_json_get_string (object, "Id", NULL);
      const char *parent = bo_json_get_string (object, "ParentId", "");
      BoEngineImageEntry *entry;

      if (id == NULL)
        continue;
      entry = g_new0 (BoEngineImageEntry, 1);
      entry->id = g_strdup (id);
      entry->parent = parent[0] == '\0' ? NULL : g_strdup (parent);
      entry->tags = bo_json_get_strings (object, "RepoTags");
      entry->size = MAX (bo_json_get_int (object, "Size", 0), 0);
      entry->created = bo_json_get_int (object, "Created", 0);
      entry->labels = bo_engine_read_labels (bo_json_get_object (object, "Labels"));
      g_ptr_array_add (entries, entry);
    }
  return g_steal_pointer (&entries);
}

static void
history_entry_free (gpointer data)
{
  BoEngineHistoryEntry *entry = data;

  g_free (entry->id);
  g_free (entry->created_by);
  g_free (entry->comment);
  g_ptr_array_unref (entry->tags);
  g_free (entry);
}

static gpointer
read_history (JsonNode *node, GError **error)
{
  JsonArray *array = bo_json_node_get_array (node);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (history_entry_free);

  for (guint i = 0; i < bo_json_array_get_length (array); i++)
    {
      JsonObject *object = bo_json_array_get_object (array, i);
      const char *id = bo_json_get_string (object, "Id", "");
      const char *comment = bo_json_get_string (object, "Comment", "");
      BoEngineHistoryEntry *entry = g_new0 (BoEngineHistoryEntry, 1);

      entry->id = g_str_has_prefix (id, "sha256:") ? g_strdup (id) : NULL;
      entry->created = bo_json_get_int (object, "Created", 0);
      entry->created_by = g_strdup (bo_json_get_string (object, "CreatedBy", ""));
      entry->size = MAX (bo_json_get_int (object, "Size", 0), 0);
      entry->comment = comment[0] == '\0' ? NULL : g_strdup (comment);
      entry->tags = bo_json_get_strings (object, "Tags");
      g_ptr_array_add (entries, entry);
    }
  return g_steal_pointer (&entries);
}

/**
 * bo_engine_inspect_image_async:
 * @reference: a tag, digest or id
 *
 * %BO_ENGINE_ERROR_NOT_FOUND when the engine has no such image.
 */
void
bo_engine_inspect_image_async (BoEngine *engine,
                               const char *reference,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autofree char *name = NULL;

  g_return_if_fail (BO_IS_ENGINE (engine) && reference != NULL);

  name = bo_engine_request_escape (reference);
  bo_engine_call_async (engine, bo_engine_request_new ("GET", "/images/%s/json", name), read_image,
                        (GDestroyNotify) bo_engine_image_free, bo_engine_inspect_image_async, cancellable,
                        callback, user_data);
}

/**
 * bo_engine_inspect_image_finish:
 *
 * Returns: (transfer full): the image
 */
BoEngineImage *
bo_engine_inspect_image_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}

/**
 * bo_engine_list_images_async:
 * @label: (nullable): "key" or "key=value" that they must have
 * @all: whether intermediate images of the classic builder are wanted too
 */
void
bo_engine_list_images_async (BoEngine *engine,
                             const char *label,
                             gboolean all,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  BoEngineRequest *request = bo_engine_request_new ("GET", "/images/json");

  g_return_if_fail (BO_IS_ENGINE (engine));

  if (label != NULL)
    bo_engine_request_add_filter (request, "label", label);
  if (all)
    bo_engine_request_add_query (request, "all", "1");
  bo_engine_call_async (engine, request, read_list, (GDestroyNotify) g_ptr_array_unref,
                        bo_engine_list_images_async, cancellable, callback, user_data);
}

/**
 * bo_engine_list_images_finish:
 *
 * Returns: (transfer full) (element-type BoEngineImageEntry): the images
 */
GPtrArray *
bo_engine_list_images_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}

void
bo_engine_image_history_async (BoEngine *engine,
                               const char *reference,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autofree char *name = NULL;

  g_return_if_fail (BO_IS_ENGINE (engine) && reference != NULL);

  name = bo_engine_request_escape (reference);
  bo_engine_call_async (engine, bo_engine_request_new ("GET", "/images/%s/history", name), read_history,
                        (GDestroyNotify) g_ptr_array_unref, bo_engine_image_history_async, cancellable,
                        callback, user_data);
}

/**
 * bo_engine_image_history_finish:
 *
 * Returns: (transfer full) (element-type BoEngineHistoryEntry): its instructions, newest first
 */
GPtrArray *
bo_engine_image_history_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish (engine, result, error);
}

/**
 * bo_engine_tag_image_async:
 * @reference: a tag, digest or id
 * @new_name: the tag that it gets as well; taken from another image if that has it
 */
void
bo_engine_tag_image_async (BoEngine *engine,
                           const char *reference,
                           const char *new_name,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (BoImageRef) ref = NULL;
  g_autofree char *name = NULL;
  g_autofree char *repository = NULL;
  g_autoptr (GError) error = NULL;
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && reference != NULL && new_name != NULL);

  ref = bo_image_ref_parse (new_name, &error);
  if (ref == NULL)
    {
      g_task_report_error (engine, callback, user_data, bo_engine_tag_image_async, g_steal_pointer (&error));
      return;
    }
  name = bo_engine_request_escape (reference);
  repository = bo_image_ref_get_name (ref);
  request = bo_engine_request_new ("POST", "/images/%s/tag", name);
  bo_engine_request_add_query (request, "repo", repository);
  bo_engine_request_add_query (request, "tag", ref->tag == NULL ? "latest" : ref->tag);
  bo_engine_call_async (engine, request, NULL, NULL, bo_engine_tag_image_async, cancellable, callback,
                        user_data);
}

gboolean
bo_engine_tag_image_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish_boolean (engine, result, error);
}

/**
 * bo_engine_remove_image_async:
 * @force: also when stopped containers use it, or when it has several tags and @reference is its id
 * @noprune: keep its untagged parents, which are the classic builder's cache
 */
void
bo_engine_remove_image_async (BoEngine *engine,
                              const char *reference,
                              gboolean force,
                              gboolean noprune,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autofree char *name = NULL;
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && reference != NULL);

  name = bo_engine_request_escape (reference);
  request = bo_engine_request_new ("DELETE", "/images/%s", name);
  bo_engine_request_add_query (request, "force", force ? "1" : NULL);
  bo_engine_request_add_query (request, "noprune", noprune ? "1" : NULL);
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, NULL, NULL, bo_engine_remove_image_async, cancellable, callback,
                        user_data);
}

gboolean
bo_engine_remove_image_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish_boolean (engine, result, error);
}

static gpointer
read_freed (JsonNode *node, GError **error)
{
  gint64 *freed = g_new (gint64, 1);

  *freed = MAX (bo_json_get_int (bo_json_node_get_object (node), "SpaceReclaimed", 0), 0);
  return freed;
}

/**
 * bo_engine_prune_images_async:
 * @label: "key" or "key=value" that they must have; there is no pruning without
 * @dangling: only untagged ones; else all that no container uses
 */
void
bo_engine_prune_images_async (BoEngine *engine,
                              const char *label,
                              gboolean dangling,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine));
  /* An unfiltered prune would take the user's own images. */
  g_return_if_fail (label != NULL && label[0] != '\0');

  request = bo_engine_request_new ("POST", "/images/prune");
  bo_engine_request_add_filter (request, "label", label);
  bo_engine_request_add_filter (request, "dangling", dangling ? "true" : "false");
  bo_engine_request_set_patient (request);
  bo_engine_call_async (engine, request, read_freed, g_free, bo_engine_prune_images_async, cancellable,
                        callback, user_data);
}

gboolean
bo_engine_prune_images_finish (BoEngine *engine, GAsyncResult *result, gint64 *freed_bytes, GError **error)
{
  g_autofree gint64 *freed = bo_engine_call_finish (engine, result, error);

  if (freed != NULL && freed_bytes != NULL)
    *freed_bytes = *freed;
  return freed != NULL;
}
