/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-facts"

#include "config.h"

#include <string.h>
#include <sys/statvfs.h>

#include <glib/gi18n.h>

#include "device/bo-device-facts.h"
#include "device/bo-device.h"
#include "study/bo-json.h"

void
bo_device_facts_free (BoDeviceFacts *facts)
{
  g_return_if_fail (facts != NULL);

  g_free (facts->url);
  g_free (facts->engine_id);
  g_free (facts->name);
  g_free (facts->engine_version);
  g_free (facts->api_version);
  g_free (facts->os);
  g_free (facts->kernel);
  g_free (facts->arch);
  g_free (facts->storage_driver);
  g_free (facts->image_store);
  g_free (facts->default_runtime);
  g_clear_pointer (&facts->runtimes, g_ptr_array_unref);
  g_free (facts->root_dir);
  g_free (facts->cgroup_version);
  g_clear_pointer (&facts->warnings, g_ptr_array_unref);
  g_free (facts);
}

static gpointer
copy_string_cb (gconstpointer text, gpointer user_data)
{
  return g_strdup (text);
}

static GPtrArray *
copy_strings (GPtrArray *strings)
{
  GPtrArray *copy = g_ptr_array_copy (strings, copy_string_cb, NULL);

  g_ptr_array_set_free_func (copy, g_free);
  return copy;
}

/**
 * bo_device_facts_new_from_info:
 *
 * Returns: (transfer full): the facts in what an engine says of itself;
 * without the URL and the free disk, which it does not know
 */
BoDeviceFacts *
bo_device_facts_new_from_info (const BoEngineInfo *info)
{
  BoDeviceFacts *facts = g_new0 (BoDeviceFacts, 1);

  g_return_val_if_fail (info != NULL, NULL);

  facts->engine_id = g_strdup (info->id);
  facts->name = g_strdup (info->name);
  facts->engine_version = g_strdup (info->version);
  facts->api_version = g_strdup (info->api_version);
  facts->os = g_strdup (info->os);
  facts->kernel = g_strdup (info->kernel);
  facts->arch = g_strdup (info->arch);
  facts->n_cpus = info->n_cpus;
  facts->memory = info->memory;
  facts->storage_driver = g_strdup (info->driver);
  facts->image_store = g_strdup (info->is_containerd_store ? "containerd" : "graphdriver");
  facts->default_runtime = g_strdup (info->default_runtime);
  facts->runtimes = copy_strings (info->runtimes);
  facts->root_dir = g_strdup (info->root_dir);
  facts->free_disk = -1;
  facts->cgroup_version = g_strdup (info->cgroup_version);
  facts->is_podman = info->is_podman;
  facts->warnings = copy_strings (info->warnings);
  return facts;
}

/* The members that are plain text, in the order in which they are written. */
static const struct
{
  const char *name;
  gsize offset;
} texts[] = {
  { "url", G_STRUCT_OFFSET (BoDeviceFacts, url) },
  { "engine_id", G_STRUCT_OFFSET (BoDeviceFacts, engine_id) },
  { "name", G_STRUCT_OFFSET (BoDeviceFacts, name) },
  { "engine_version", G_STRUCT_OFFSET (BoDeviceFacts, engine_version) },
  { "api_version", G_STRUCT_OFFSET (BoDeviceFacts, api_version) },
  { "os", G_STRUCT_OFFSET (BoDeviceFacts, os) },
  { "kernel", G_STRUCT_OFFSET (BoDeviceFacts, kernel) },
  { "arch", G_STRUCT_OFFSET (BoDeviceFacts, arch) },
  { "storage_driver", G_STRUCT_OFFSET (BoDeviceFacts, storage_driver) },
  { "image_store", G_STRUCT_OFFSET (BoDeviceFacts, image_store) },
  { "default_runtime", G_STRUCT_OFFSET (BoDeviceFacts, default_runtime) },
  { "root_dir", G_STRUCT_OFFSET (BoDeviceFacts, root_dir) },
  { "cgroup_version", G_STRUCT_OFFSET (BoDeviceFacts, cgroup_version) },
};

static void
set_strings (JsonObject *object, const char *member, GPtrArray *strings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < strings->len; i++)
    json_array_add_string_element (array, strings->pdata[i]);
  json_object_set_array_member (object, member, array);
}

/**
 * bo_device_facts_to_json:
 *
 * Returns: (transfer full): an object; what is not known is null
 */
JsonNode *
bo_device_facts_to_json (const BoDeviceFacts *facts)
{
  g_autoptr (JsonObject) object = json_object_new ();

  g_return_val_if_fail (facts != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = G_STRUCT_MEMBER (const char *, facts, texts[i].offset);

      if (text == NULL)
        json_object_set_null_member (object, texts[i].name);
      else
        json_object_set_string_member (object, texts[i].name, text);
    }
  json_object_set_int_member (object, "n_cpus", facts->n_cpus);
  json_object_set_int_member (object, "memory", facts->memory);
  set_strings (object, "runtimes", facts->runtimes);
  if (facts->free_disk < 0)
    json_object_set_null_member (object, "free_disk");
  else
    json_object_set_int_member (object, "free_disk", facts->free_disk);
  json_object_set_boolean_member (object, "is_podman", facts->is_podman);
  set_strings (object, "warnings", facts->warnings);
  return json_node_init_object (json_node_alloc (), object);
}

/**
 * bo_device_facts_new_from_json:
 *
 * Returns: (transfer full): what bo_device_facts_to_json() wrote
 */
BoDeviceFacts *
bo_device_facts_new_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = bo_json_node_get_object (node);
  BoDeviceFacts *facts;

  if (object == NULL)
    {
      g_set_error_literal (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_FILE,
                           _ ("facts about a device are a JSON object"));
      return NULL;
    }
  facts = g_new0 (BoDeviceFacts, 1);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, facts, texts[i].offset)
        = g_strdup (bo_json_get_string (object, texts[i].name, NULL));
  facts->n_cpus = (guint) CLAMP (bo_json_get_int (object, "n_cpus", 0), 0, G_MAXINT);
  facts->memory = MAX (bo_json_get_int (object, "memory", 0), 0);
  facts->runtimes = bo_json_get_strings (object, "runtimes");
  facts->free_disk = MAX (bo_json_get_int (object, "free_disk", -1), -1);
  facts->is_podman = bo_json_get_boolean (object, "is_podman", FALSE);
  facts->warnings = bo_json_get_strings (object, "warnings");
  return facts;
}

/*
 * Free bytes for a user without privileges at @path on this computer. Whether
 * the engine behind a local socket runs here is a guess (it may be in a virtual
 * machine, or be a forward made by hand); one whose folder is not here does not.
 */
static gint64
local_free_disk (const char *path)
{
  struct statvfs info;

  if (path == NULL || statvfs (path, &info) != 0)
    return -1;
  return (gint64) MIN ((guint64) info.f_bavail * info.f_frsize, G_MAXINT64);
}

static void
free_disk_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoDeviceFacts) facts = g_task_get_task_data (task);
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_task_set_task_data (task, NULL, NULL);
  output = bo_connection_run_finish (BO_CONNECTION (source), result, &error);
  if (output == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
      /* A fact that is not to be had is unknown, and no reason to give up the others. */
      g_debug ("free disk: %s", error->message);
    }
  else
    {
      const char *mark = strstr (output, "bakeoff-free:");
      guint64 n_bytes;
      g_autofree char *number = NULL;

      if (mark != NULL)
        {
          number = g_strndup (mark + strlen ("bakeoff-free:"),
                              strcspn (mark + strlen ("bakeoff-free:"), "\r\n"));
          if (g_ascii_string_to_unsigned (g_strstrip (number), 10, 0, G_MAXINT64, &n_bytes, NULL))
            facts->free_disk = (gint64) n_bytes;
        }
    }
  g_task_return_pointer (task, g_steal_pointer (&facts), (GDestroyNotify) bo_device_facts_free);
}

/*
 * POSIX df counts in units of 1024 with -k; the fourth field of the last line
 * is what is available. The engine's folder is often closed to users, so the
 * nearest folder above it that can be seen is asked.
 */
static char *
make_free_disk_script (const char *root_dir)
{
  g_autofree char *quoted = g_shell_quote (root_dir);

  return g_strdup_printf (
      "d=%s\n"
      "while ! k=$(df -Pk \"$d\" 2>/dev/null | awk 'END {print $4}') || [ -z \"$k\" ]; do\n"
      "  [ \"$d\" = / ] && exit 1\n"
      "  d=$(dirname \"$d\")\n"
      "done\n"
      "echo \"bakeoff-free:$((k * 1024))\"\n",
      quoted);
}

static void
info_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoEngine *engine = BO_ENGINE (source);
  BoConnection *connection = bo_engine_get_connection (engine);
  g_autoptr (BoEngineInfo) info = NULL;
  g_autoptr (BoDeviceFacts) facts = NULL;
  g_autofree char *script = NULL;
  g_autoptr (GError) error = NULL;

  info = bo_engine_info_finish (engine, result, &error);
  if (info == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  facts = bo_device_facts_new_from_info (info);
  if (connection != NULL)
    facts->url = bo_device_url_to_string (bo_connection_get_url (connection));

  if (connection != NULL && bo_connection_can_run (connection) && facts->root_dir != NULL
      && facts->root_dir[0] == '/')
    {
      script = make_free_disk_script (facts->root_dir);
      g_task_set_task_data (task, g_steal_pointer (&facts), NULL);
      bo_connection_run_async (connection, script, g_task_get_cancellable (task), free_disk_cb,
                               g_object_ref (task));
      return;
    }
  if (connection == NULL || bo_connection_get_url (connection)->scheme == BO_DEVICE_UNIX)
    facts->free_disk = local_free_disk (facts->root_dir);
  g_task_return_pointer (task, g_steal_pointer (&facts), (GDestroyNotify) bo_device_facts_free);
}

/**
 * bo_device_facts_read_async:
 *
 * Asks a device what it is like.
 */
void
bo_device_facts_read_async (BoEngine *engine,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);

  g_return_if_fail (BO_IS_ENGINE (engine));

  g_task_set_source_tag (task, bo_device_facts_read_async);
  bo_engine_info_async (engine, cancellable, info_cb, g_steal_pointer (&task));
}

/**
 * bo_device_facts_read_finish:
 *
 * Returns: (transfer full): the facts
 */
BoDeviceFacts *
bo_device_facts_read_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
