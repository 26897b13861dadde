/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-info"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-engine-info.h"
#include "study/bo-json.h"

void
bo_engine_info_free (BoEngineInfo *info)
{
  g_return_if_fail (info != NULL);

  g_free (info->id);
  g_free (info->name);
  g_free (info->version);
  g_free (info->api_version);
  g_free (info->builder_version);
  g_free (info->os);
  g_free (info->kernel);
  g_free (info->arch);
  g_free (info->driver);
  g_clear_pointer (&info->driver_status, g_ptr_array_unref);
  g_free (info->default_runtime);
  g_clear_pointer (&info->runtimes, g_ptr_array_unref);
  g_free (info->root_dir);
  g_free (info->cgroup_version);
  g_free (info->cgroup_driver);
  g_clear_pointer (&info->security_options, g_ptr_array_unref);
  g_clear_pointer (&info->warnings, g_ptr_array_unref);
  g_clear_pointer (&info->cdi_devices, g_ptr_array_unref);
  g_free (info);
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
read_runtimes (JsonObject *object)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  JsonObject *runtimes = bo_json_get_object (object, "Runtimes");
  g_autoptr (GList) members = runtimes == NULL ? NULL : json_object_get_members (runtimes);

  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (names, g_strdup (l->data));
  g_ptr_array_sort (names, compare_cb);
  return names;
}

/* DriverStatus is a list of pairs. */
static GPtrArray *
read_driver_status (JsonObject *object, gboolean *is_containerd_store)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  JsonArray *pairs = bo_json_get_array (object, "DriverStatus");

  for (guint i = 0; i < bo_json_array_get_length (pairs); i++)
    {
      JsonArray *pair = bo_json_node_get_array (json_array_get_element (pairs, i));
      const char *name = bo_json_array_get_string (pair, 0);
      const char *value = bo_json_array_get_string (pair, 1);

      if (name == NULL || value == NULL)
        continue;
      /* moby's daemon/containerd: [["driver-type", "io.containerd.snapshotter.v1"]]. */
      if (g_str_equal (name, "driver-type") && g_str_has_prefix (value, "io.containerd.snapshotter"))
        *is_containerd_store = TRUE;
      g_ptr_array_add (lines, g_strdup_printf ("%s: %s", name, value));
    }
  return lines;
}

static GPtrArray *
read_cdi_devices (JsonObject *object)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  JsonArray *devices = bo_json_get_array (object, "DiscoveredDevices");

  for (guint i = 0; i < bo_json_array_get_length (devices); i++)
    {
      const char *id = bo_json_get_string (bo_json_array_get_object (devices, i), "ID", NULL);

      if (id != NULL)
        g_ptr_array_add (ids, g_strdup (id));
    }
  return ids;
}

/**
 * bo_engine_info_new_from_json:
 * @node: the answer to GET /info
 *
 * @api_version and @builder_version are in the answer to a ping, not here.
 *
 * Returns: (transfer full): the facts in it
 */
BoEngineInfo *
bo_engine_info_new_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = bo_json_node_get_object (node);
  BoEngineInfo *info;

  if (object == NULL)
    {
      g_set_error_literal (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                           _ ("the engine's description of itself is not a JSON object"));
      return NULL;
    }

  info = g_new0 (BoEngineInfo, 1);
  info->id = g_strdup (bo_json_get_string (object, "ID", NULL));
  info->name = g_strdup (bo_json_get_string (object, "Name", NULL));
  info->version = g_strdup (bo_json_get_string (object, "ServerVersion", NULL));
  info->os = g_strdup (bo_json_get_string (object, "OperatingSystem", NULL));
  info->kernel = g_strdup (bo_json_get_string (object, "KernelVersion", NULL));
  info->arch = g_strdup (bo_json_get_string (object, "Architecture", NULL));
  info->n_cpus = (guint) CLAMP (bo_json_get_int (object, "NCPU", 0), 0, G_MAXINT);
  info->memory = MAX (bo_json_get_int (object, "MemTotal", 0), 0);
  info->driver = g_strdup (bo_json_get_string (object, "Driver", NULL));
  info->driver_status = read_driver_status (object, &info->is_containerd_store);
  info->default_runtime = g_strdup (bo_json_get_string (object, "DefaultRuntime", NULL));
  info->runtimes = read_runtimes (object);
  info->root_dir = g_strdup (bo_json_get_string (object, "DockerRootDir", NULL));
  info->cgroup_version = g_strdup (bo_json_get_string (object, "CgroupVersion", NULL));
  info->cgroup_driver = g_strdup (bo_json_get_string (object, "CgroupDriver", NULL));
  info->security_options = bo_json_get_strings (object, "SecurityOptions");
  info->warnings = bo_json_get_strings (object, "Warnings");
  info->cdi_devices = read_cdi_devices (object);
  info->n_containers_running = bo_json_get_int (object, "ContainersRunning", 0);
  info->n_images = bo_json_get_int (object, "Images", 0);
  return info;
}

gboolean
bo_engine_info_has_runtime (const BoEngineInfo *info, const char *name)
{
  g_return_val_if_fail (info != NULL && name != NULL, FALSE);

  return g_ptr_array_find_with_equal_func (info->runtimes, name, g_str_equal, NULL);
}

/* Podman names itself in the components of GET /version, and nowhere else. */
static gboolean
is_podman (JsonNode *node)
{
  JsonArray *components = bo_json_get_array (bo_json_node_get_object (node), "Components");

  for (guint i = 0; i < bo_json_array_get_length (components); i++)
    {
      const char *name = bo_json_get_string (bo_json_array_get_object (components, i), "Name", "");

      if (g_str_has_prefix (name, "Podman"))
        return TRUE;
    }
  return FALSE;
}

static void
version_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoEngineInfo) info = g_task_get_task_data (task);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  /* From here on it belongs to this function. */
  g_task_set_task_data (task, NULL, NULL);
  node = bo_engine_request_finish (BO_ENGINE (source), result, &error);
  if (node == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  info->is_podman = is_podman (node);
  g_task_return_pointer (task, g_steal_pointer (&info), (GDestroyNotify) bo_engine_info_free);
}

static void
info_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoEngine *engine = BO_ENGINE (source);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  BoEngineInfo *info = NULL;

  node = bo_engine_request_finish (engine, result, &error);
  if (node != NULL)
    info = bo_engine_info_new_from_json (node, &error);
  if (info == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  info->api_version = g_strdup (bo_engine_get_engine_api_version (engine));
  info->builder_version = g_strdup (bo_engine_get_builder_version (engine));
  g_task_set_task_data (task, info, NULL);
  bo_engine_request_async (engine, bo_engine_request_new ("GET", "/version"), g_task_get_cancellable (task),
                           version_cb, g_object_ref (task));
}

/**
 * bo_engine_info_async:
 *
 * Asks the engine about itself and the device it runs on.
 */
void
bo_engine_info_async (BoEngine *engine,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);

  g_return_if_fail (BO_IS_ENGINE (engine));

  g_task_set_source_tag (task, bo_engine_info_async);
  bo_engine_request_async (engine, bo_engine_request_new ("GET", "/info"), cancellable, info_cb,
                           g_steal_pointer (&task));
}

/**
 * bo_engine_info_finish:
 *
 * Returns: (transfer full): what it said
 */
BoEngineInfo *
bo_engine_info_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
