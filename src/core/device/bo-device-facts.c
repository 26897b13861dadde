/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-facts"

#include "config.h"

#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>

#include <glib/gi18n.h>

#include "device/bo-device-facts.h"
#include "device/bo-device-script.h"
#include "device/bo-device.h"
#include "study/bo-json.h"

#define LOCAL_LIMIT_S 30

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
  { "model", G_STRUCT_OFFSET (BoDeviceFacts, model) },
  { "soc", G_STRUCT_OFFSET (BoDeviceFacts, soc) },
  { "l4t", G_STRUCT_OFFSET (BoDeviceFacts, l4t) },
  { "jetpack", G_STRUCT_OFFSET (BoDeviceFacts, jetpack) },
  { "power_mode", G_STRUCT_OFFSET (BoDeviceFacts, power_mode) },
  { "cpu_governor", G_STRUCT_OFFSET (BoDeviceFacts, cpu_governor) },
  { "disk_kind", G_STRUCT_OFFSET (BoDeviceFacts, disk_kind) },
  { "cuda", G_STRUCT_OFFSET (BoDeviceFacts, cuda) },
  { "nvidia_ctk", G_STRUCT_OFFSET (BoDeviceFacts, nvidia_ctk) },
  { "nvidia_ctk_mode", G_STRUCT_OFFSET (BoDeviceFacts, nvidia_ctk_mode) },
};

/* Numbers of which -1 is not known. */
static const struct
{
  const char *name;
  gsize offset;
} numbers[] = {
  { "cpu_min_khz", G_STRUCT_OFFSET (BoDeviceFacts, cpu_min_khz) },
  { "cpu_max_khz", G_STRUCT_OFFSET (BoDeviceFacts, cpu_max_khz) },
  { "cpu_chip_khz", G_STRUCT_OFFSET (BoDeviceFacts, cpu_chip_khz) },
  { "gpu_min_khz", G_STRUCT_OFFSET (BoDeviceFacts, gpu_min_khz) },
  { "gpu_max_khz", G_STRUCT_OFFSET (BoDeviceFacts, gpu_max_khz) },
  { "swap_bytes", G_STRUCT_OFFSET (BoDeviceFacts, swap) },
  { "zram_swap_bytes", G_STRUCT_OFFSET (BoDeviceFacts, zram_swap) },
  { "disk_bytes", G_STRUCT_OFFSET (BoDeviceFacts, disk_size) },
  { "time_s", G_STRUCT_OFFSET (BoDeviceFacts, time_s) },
  { "asked_s", G_STRUCT_OFFSET (BoDeviceFacts, asked_s) },
};

/* Yes, no or not known. */
static const struct
{
  const char *name;
  gsize offset;
} answers[] = {
  { "clocks_locked", G_STRUCT_OFFSET (BoDeviceFacts, clocks_locked) },
  { "has_iptables_raw", G_STRUCT_OFFSET (BoDeviceFacts, has_iptables_raw) },
  { "clock_synced", G_STRUCT_OFFSET (BoDeviceFacts, clock_synced) },
  { "has_desktop", G_STRUCT_OFFSET (BoDeviceFacts, has_desktop) },
};

/**
 * bo_device_facts_new:
 *
 * Returns: (transfer full): facts of which none is known
 */
BoDeviceFacts *
bo_device_facts_new (void)
{
  BoDeviceFacts *facts = g_new0 (BoDeviceFacts, 1);

  facts->runtimes = g_ptr_array_new_with_free_func (g_free);
  facts->warnings = g_ptr_array_new_with_free_func (g_free);
  facts->power_modes = g_ptr_array_new_with_free_func (g_free);
  facts->free_disk = -1;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    G_STRUCT_MEMBER (gint64, facts, numbers[i].offset) = -1;
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    G_STRUCT_MEMBER (int, facts, answers[i].offset) = -1;
  return facts;
}

void
bo_device_facts_free (BoDeviceFacts *facts)
{
  g_return_if_fail (facts != NULL);

  g_free (facts->model);
  g_free (facts->soc);
  g_free (facts->l4t);
  g_free (facts->jetpack);
  g_free (facts->power_mode);
  g_clear_pointer (&facts->power_modes, g_ptr_array_unref);
  g_free (facts->cpu_governor);
  g_free (facts->disk_kind);
  g_free (facts->cuda);
  g_free (facts->nvidia_ctk);
  g_free (facts->nvidia_ctk_mode);
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
  BoDeviceFacts *facts;

  g_return_val_if_fail (info != NULL, NULL);

  facts = bo_device_facts_new ();

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
  g_ptr_array_unref (facts->runtimes);
  facts->runtimes = copy_strings (info->runtimes);
  facts->root_dir = g_strdup (info->root_dir);
  facts->cgroup_version = g_strdup (info->cgroup_version);
  facts->is_podman = info->is_podman;
  g_ptr_array_unref (facts->warnings);
  facts->warnings = copy_strings (info->warnings);
  return facts;
}

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
  set_strings (object, "power_modes", facts->power_modes);
  json_object_set_boolean_member (object, "skips_iptables_raw", facts->skips_iptables_raw);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      gint64 number = G_STRUCT_MEMBER (gint64, facts, numbers[i].offset);

      if (number < 0)
        json_object_set_null_member (object, numbers[i].name);
      else
        json_object_set_int_member (object, numbers[i].name, number);
    }
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      int known = G_STRUCT_MEMBER (int, facts, answers[i].offset);

      if (known < 0)
        json_object_set_null_member (object, answers[i].name);
      else
        json_object_set_boolean_member (object, answers[i].name, known > 0);
    }
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
  facts = bo_device_facts_new ();
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    G_STRUCT_MEMBER (gint64, facts, numbers[i].offset) = MAX (bo_json_get_int (object, numbers[i].name, -1), -1);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      JsonNode *answer = json_object_get_member (object, answers[i].name);

      if (answer != NULL && JSON_NODE_HOLDS_VALUE (answer) && json_node_get_value_type (answer) == G_TYPE_BOOLEAN)
        G_STRUCT_MEMBER (int, facts, answers[i].offset) = json_node_get_boolean (answer);
    }
  facts->skips_iptables_raw = bo_json_get_boolean (object, "skips_iptables_raw", FALSE);
  g_ptr_array_unref (facts->power_modes);
  facts->power_modes = bo_json_get_strings (object, "power_modes");
  g_ptr_array_unref (facts->runtimes);
  g_ptr_array_unref (facts->warnings);
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
 * Free bytes for a user without privileges at @path on this computer.
 */
static gint64
local_free_disk (const char *path)
{
  struct statvfs info;

  if (path == NULL || statvfs (path, &info) != 0)
    return -1;
  return (gint64) MIN ((guint64) info.f_bavail * info.f_frsize, G_MAXINT64);
}

/**
 * bo_device_facts_is_here:
 * @facts: facts about a device
 *
 * Whether an engine behind a local socket runs on this computer: it may be in
 * a virtual machine, which has a kernel of its own, or be a forward made by hand.
 *
 * Returns: whether this computer is the device
 */
gboolean
bo_device_facts_is_here (const BoDeviceFacts *facts)
{
  g_autoptr (BoDeviceUrl) url = NULL;
  struct utsname names;

  g_return_val_if_fail (facts != NULL, FALSE);

  url = facts->url != NULL ? bo_device_url_parse (facts->url, NULL) : NULL;
  if (url == NULL || url->scheme != BO_DEVICE_UNIX || uname (&names) != 0)
    return FALSE;
  return facts->kernel == NULL || g_str_equal (facts->kernel, names.release);
}

static void
take_output (GTask *task, const char *output)
{
  BoDeviceFacts *facts = g_task_get_task_data (task);

  facts->asked_s = g_get_real_time () / G_USEC_PER_SEC;
  bo_device_script_parse (output, facts);
}

static void
return_facts (GTask *task)
{
  BoDeviceFacts *facts = g_task_get_task_data (task);

  g_task_set_task_data (task, NULL, NULL);
  g_task_return_pointer (task, facts, (GDestroyNotify) bo_device_facts_free);
}

/* Gives the facts up when the user did; a fact that is not to be had is unknown, and no reason to give up the others. */
static gboolean
is_given_up (GTask *task, GError *error)
{
  g_autoptr (GError) owned = error;
  BoDeviceFacts *facts = g_task_get_task_data (task);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      g_debug ("facts about the device: %s", error->message);
      return FALSE;
    }
  g_task_set_task_data (task, NULL, NULL);
  bo_device_facts_free (facts);
  g_task_return_error (task, g_steal_pointer (&owned));
  return TRUE;
}

static void
remote_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *output = NULL;
  GError *error = NULL;

  output = bo_connection_run_finish (BO_CONNECTION (source), result, &error);
  if (output != NULL)
    take_output (task, output);
  else if (is_given_up (task, error))
    return;
  return_facts (task);
}

static gboolean
too_long_cb (gpointer user_data)
{
  g_subprocess_force_exit (user_data);
  return G_SOURCE_REMOVE;
}

typedef struct
{
  GTask *task;
  guint timeout_id;
} Local;

static void
local_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Local *local = user_data;
  g_autoptr (GTask) task = local->task;
  BoDeviceFacts *facts = g_task_get_task_data (task);
  g_autoptr (GBytes) output = NULL;
  GError *error = NULL;

  g_clear_handle_id (&local->timeout_id, g_source_remove);
  if (g_subprocess_communicate_finish (G_SUBPROCESS (source), result, &output, NULL, &error))
    {
      gsize length = 0;
      const char *bytes = g_bytes_get_data (output, &length);
      g_autofree char *text = g_strndup (bytes != NULL ? bytes : "", length);

      take_output (task, text);
    }
  else if (is_given_up (task, error))
    return;
  if (facts->free_disk < 0)
    facts->free_disk = local_free_disk (facts->root_dir);
  return_facts (task);
}

static void
run_locally (GTask *task, const char *script)
{
  BoDeviceFacts *facts = g_task_get_task_data (task);
  g_autoptr (GSubprocess) shell = NULL;
  g_autoptr (GError) error = NULL;
  Local *local;

  shell = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "sh", "-c", script,
                            NULL);
  if (shell == NULL)
    {
      g_debug ("facts about this computer: %s", error->message);
      facts->free_disk = local_free_disk (facts->root_dir);
      return_facts (task);
      return;
    }
  local = g_new0 (Local, 1);
  local->task = g_object_ref (task);
  local->timeout_id = g_timeout_add_seconds (LOCAL_LIMIT_S, too_long_cb, shell);
  g_subprocess_communicate_async (shell, NULL, g_task_get_cancellable (task), local_cb, local);
}

static void
info_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoEngine *engine = BO_ENGINE (source);
  BoConnection *connection = bo_engine_get_connection (engine);
  g_autoptr (BoEngineInfo) info = NULL;
  g_autofree char *script = NULL;
  BoDeviceFacts *facts;
  GError *error = NULL;

  info = bo_engine_info_finish (engine, result, &error);
  if (info == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  facts = bo_device_facts_new_from_info (info);
  g_task_set_task_data (task, facts, NULL);
  if (connection != NULL)
    facts->url = bo_device_url_to_string (bo_connection_get_url (connection));

  script = bo_device_script_make (facts->root_dir);
  if (connection != NULL && bo_connection_can_run (connection))
    bo_connection_run_async (connection, script, g_task_get_cancellable (task), remote_cb, g_object_ref (task));
  else if (bo_device_facts_is_here (facts))
    run_locally (task, script);
  else
    return_facts (task);
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
