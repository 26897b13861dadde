/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-images"

#include "config.h"

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-engine-images.h"
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

static GHashTable *
read_labels (JsonObject *object)
{
  GHashTable *labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GList) members = object == NULL ? NULL : json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *value = bo_json_get_string (object, l->data, NULL);

      if (value != NULL)
        g_hash_table_insert (labels, g_strdup (l->data), g_strdup (value));
    }
  return labels;
}

/**
 * bo_engine_image_new_from_json:
 * @node: the answer to GET /images/NAME/json
 *
 * Returns: (transfer full): what it says
 */
BoEngineImage *
bo_engine_image_new_from_json (JsonNode *node,
                        GError **error)
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
  image->labels = read_labels (bo_json_get_object (config, "Labels"));
  return image;
}

static void
inspected_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  BoEngineImage *image = NULL;

  node = bo_engine_request_finish (BO_ENGINE (source), result, &error);
  if (node != NULL)
    image = bo_engine_image_new_from_json (node, &error);
  if (image == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, image, (GDestroyNotify) bo_engine_image_free);
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
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  g_autofree char *name = NULL;

  g_return_if_fail (BO_IS_ENGINE (engine) && reference != NULL);

  g_task_set_source_tag (task, bo_engine_inspect_image_async);
  name = bo_engine_request_escape (reference);
  bo_engine_request_async (engine, bo_engine_request_new ("GET", "/images/%s/json", name), cancellable, inspected_cb,
                           g_steal_pointer (&task));
}

/**
 * bo_engine_inspect_image_finish:
 *
 * Returns: (transfer full): the image
 */
BoEngineImage *
bo_engine_inspect_image_finish (BoEngine *engine,
                                GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
