/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-call"

#include "config.h"

#include "engine/bo-engine-call.h"
#include "study/bo-json.h"

typedef struct
{
  BoEngineReadFunc read;
  GDestroyNotify value_free;
} Call;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  gpointer value;

  node = bo_engine_request_finish (BO_ENGINE (source), result, &error);
  if (node == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (call->read == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  value = call->read (node, &error);
  if (value == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, value, call->value_free);
}

void
bo_engine_call_async (BoEngine *engine,
                      BoEngineRequest *request,
                      BoEngineReadFunc read,
                      GDestroyNotify value_free,
                      gpointer tag,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_source_tag (task, tag);
  call->read = read;
  call->value_free = value_free;
  g_task_set_task_data (task, call, g_free);
  bo_engine_request_async (engine, request, cancellable, answered_cb, g_steal_pointer (&task));
}

gpointer
bo_engine_call_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
bo_engine_call_finish_boolean (BoEngine *engine, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Labels, or the attributes of an event: an object of strings, which may be null. */
GHashTable *
bo_engine_read_labels (JsonObject *object)
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
