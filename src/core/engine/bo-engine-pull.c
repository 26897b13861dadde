/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-pull"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-image-ref.h"
#include "engine/bo-registry-auth.h"
#include "study/bo-json.h"

/* POST /images/create and POST /images/load, whose answers are lines of JSON. */

typedef struct
{
  /* input */
  char *reference;
  BoImageRef *ref;
  BoEnginePullFunc func;
  gpointer func_data;
  /* in progress */
  BoPullProgress *progress;
  GError *auth_error; /* (nullable): why there are no credentials */
  GError *error;      /* (nullable): what a line said */
  GPtrArray *loaded;
} Pull;

static void
pull_free (Pull *pull)
{
  g_free (pull->reference);
  g_clear_pointer (&pull->ref, bo_image_ref_free);
  g_clear_pointer (&pull->progress, bo_pull_progress_free);
  g_clear_error (&pull->auth_error);
  g_clear_error (&pull->error);
  g_clear_pointer (&pull->loaded, g_ptr_array_unref);
  g_free (pull);
}

/* A refusal for want of credentials that could not be read is about those. */
static GError *
explain (Pull *pull, const GError *error)
{
  if (pull->auth_error != NULL && g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNAUTHORIZED))
    return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS, "%s (%s)", error->message,
                        pull->auth_error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (error->domain == BO_ENGINE_ERROR)
    return g_error_new (error->domain, error->code, _ ("“%s” cannot be pulled: %s"), pull->reference,
                        error->message);
  return g_error_copy (error);
}

static void
line_cb (const char *line, gsize length, gpointer user_data)
{
  Pull *pull = user_data;

  if (pull->error != NULL)
    return;
  if (bo_pull_progress_take_line (pull->progress, line, length, &pull->error) && pull->func != NULL)
    pull->func (pull->progress, pull->func_data);
}

static void
inspected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Pull *pull = g_task_get_task_data (task);
  g_autoptr (BoEngineImage) image = NULL;
  g_autoptr (GError) error = NULL;

  image = bo_engine_inspect_image_finish (BO_ENGINE (source), result, &error);
  if (image == NULL)
    {
      if (g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_FOUND))
        g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
                                 _ ("the pull of “%s” ended without an image"), pull->reference);
      else
        g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_return_pointer (task, g_steal_pointer (&image), (GDestroyNotify) bo_engine_image_free);
}

static void
lines_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoEngine *engine = g_task_get_source_object (task);
  Pull *pull = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  const char *builder = bo_engine_get_builder_version (engine);

  if (!bo_engine_reply_each_line_finish (BO_ENGINE_REPLY (source), result, &error))
    {
      g_task_return_error (task, explain (pull, error));
      return;
    }
  if (pull->error != NULL)
    {
      g_task_return_error (task, explain (pull, pull->error));
      return;
    }
  /*
   * An older image of the same name may be there, so that looking for one says
   * nothing; the engine's last line does. Podman, which has no builder version,
   * writes none.
   */
  if (!bo_pull_progress_is_complete (pull->progress) && builder != NULL && builder[0] != '\0')
    {
      g_task_return_new_error (
          task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
          _ ("the pull of “%s” ended before it was complete; the engine's last words were “%s”"),
          pull->reference, bo_pull_progress_get_status (pull->progress));
      return;
    }
  bo_engine_inspect_image_async (engine, pull->reference, g_task_get_cancellable (task), inspected_cb,
                                 g_object_ref (task));
}

static void
pull_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Pull *pull = g_task_get_task_data (task);
  g_autoptr (BoEngineReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = bo_engine_send_finish (BO_ENGINE (source), result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, explain (pull, error));
      return;
    }
  bo_engine_reply_each_line_async (reply, line_cb, pull, g_task_get_cancellable (task), lines_cb,
                                   g_object_ref (task));
}

static void
auth_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Pull *pull = g_task_get_task_data (task);
  g_autofree char *header = NULL;
  g_autofree char *name = bo_image_ref_get_name (pull->ref);
  BoEngineRequest *request;

  header = bo_registry_auth_lookup_finish (result, &pull->auth_error);
  if (g_error_matches (pull->auth_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&pull->auth_error));
      return;
    }
  /* Most images are public: credentials that cannot be read matter only when they are asked for. */
  if (pull->auth_error != NULL)
    g_debug ("%s", pull->auth_error->message);

  request = bo_engine_request_new ("POST", "/images/create");
  bo_engine_request_add_query (request, "fromImage", name);
  /* A digest goes where the tag does. Without either the engine would pull all tags. */
  bo_engine_request_add_query (request, "tag",
                               pull->ref->digest != NULL ? pull->ref->digest : pull->ref->tag);
  if (header != NULL)
    bo_engine_request_add_header (request, "X-Registry-Auth", header);
  bo_engine_request_set_patient (request);
  bo_engine_send_async (g_task_get_source_object (task), request, g_task_get_cancellable (task), pull_sent_cb,
                        g_object_ref (task));
}

/**
 * bo_engine_pull_image_async:
 * @reference: name of an image; an id cannot be pulled
 * @progress_func: (nullable) (scope notified): called after each line of the engine's
 *
 * Pulls an image with the credentials that the user has for its registry.
 */
void
bo_engine_pull_image_async (BoEngine *engine,
                            const char *reference,
                            BoEnginePullFunc progress_func,
                            gpointer progress_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  Pull *pull;

  g_return_if_fail (BO_IS_ENGINE (engine) && reference != NULL);

  g_task_set_source_tag (task, bo_engine_pull_image_async);
  pull = g_new0 (Pull, 1);
  g_task_set_task_data (task, pull, (GDestroyNotify) pull_free);
  pull->reference = g_strdup (reference);
  pull->func = progress_func;
  pull->func_data = progress_data;
  pull->progress = bo_pull_progress_new ();
  pull->ref = bo_image_ref_parse (reference, &error);
  if (pull->ref == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  bo_registry_auth_lookup_async (bo_image_ref_get_auth_key (pull->ref), cancellable, auth_cb,
                                 g_steal_pointer (&task));
}

/**
 * bo_engine_pull_image_finish:
 *
 * Returns: (transfer full): the image that the name stands for now
 */
BoEngineImage *
bo_engine_pull_image_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
load_line_cb (const char *line, gsize length, gpointer user_data)
{
  static const char *const prefixes[] = { "Loaded image: ", "Loaded image ID: " };
  Pull *pull = user_data;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (pull->error != NULL || !bo_pull_progress_take_line (pull->progress, line, length, &pull->error))
    return;
  node = bo_json_parse (line, (gssize) length, NULL);
  text = g_strchomp (g_strdup (bo_json_get_string (bo_json_node_get_object (node), "stream", "")));
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      if (g_str_has_prefix (text, prefixes[i]))
        g_ptr_array_add (pull->loaded, g_strdup (text + strlen (prefixes[i])));
    }
}

static void
load_lines_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Pull *pull = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!bo_engine_reply_each_line_finish (BO_ENGINE_REPLY (source), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (pull->error != NULL)
    g_task_return_error (task, g_steal_pointer (&pull->error));
  else if (pull->loaded->len == 0)
    g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
                             _ ("the engine did not say which image it loaded"));
  else
    g_task_return_pointer (task, g_steal_pointer (&pull->loaded), (GDestroyNotify) g_ptr_array_unref);
}

static void
load_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoEngineReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = bo_engine_send_finish (BO_ENGINE (source), result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  bo_engine_reply_each_line_async (reply, load_line_cb, g_task_get_task_data (task),
                                   g_task_get_cancellable (task), load_lines_cb, g_object_ref (task));
}

/**
 * bo_engine_load_images_async:
 * @tar: what "docker save" writes
 * @length: its bytes, or -1 when not known
 */
void
bo_engine_load_images_async (BoEngine *engine,
                             GInputStream *tar,
                             gssize length,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  BoEngineRequest *request;
  Pull *pull;

  g_return_if_fail (BO_IS_ENGINE (engine) && G_IS_INPUT_STREAM (tar));

  g_task_set_source_tag (task, bo_engine_load_images_async);
  pull = g_new0 (Pull, 1);
  pull->progress = bo_pull_progress_new ();
  pull->loaded = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, pull, (GDestroyNotify) pull_free);
  request = bo_engine_request_new ("POST", "/images/load");
  bo_engine_request_add_query (request, "quiet", "1");
  bo_engine_request_set_body_stream (request, "application/x-tar", tar, length);
  bo_engine_send_async (engine, request, cancellable, load_sent_cb, g_steal_pointer (&task));
}

/**
 * bo_engine_load_images_finish:
 *
 * Returns: (transfer full) (element-type utf8): what was loaded
 */
GPtrArray *
bo_engine_load_images_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
