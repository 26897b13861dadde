/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-probe-container"

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "bench/bo-probe-container.h"
#include "bo-probes-resource.h"
#include "study/bo-names.h"
#include "study/bo-variables.h"

/*
 * Runs the Python probe with whichever Python the image has, else the weaker
 * shell probe. The programs are arguments, not files: nothing is added to the
 * image and nothing has to be copied into the container.
 */
#define CUDA_LAUNCHER                                                        \
  "for p in python3 python; do "                                             \
  "command -v $p >/dev/null 2>&1 && exec $p -c \"$1\"; done; exec sh -c \"$2\""
#define IMPORTS_LAUNCHER                                                     \
  "p=$1; shift; for i in python3 python; do "                                \
  "command -v $i >/dev/null 2>&1 && exec $i -c \"$p\" \"$@\"; done; "        \
  "echo 'bakeoff-probe {\"end\": true, \"probe\": \"imports\", \"verdict\": \"no\", " \
  "\"reason\": \"There is no Python in the image.\"}'"

static const char *
lookup (const char *name)
{
  g_autofree char *path = g_strconcat ("/io/github/bakeoff/probes/", name, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (bo_probes_get_resource (), path, 0, NULL);

  /* The data of a resource that is linked in lives as long as the program. */
  g_assert (bytes != NULL);
  return g_bytes_get_data (bytes, NULL);
}

/**
 * bo_probe_scripts_get_builtin:
 *
 * Returns: the programs that Bakeoff ships; valid as long as the program runs
 */
BoProbeScripts
bo_probe_scripts_get_builtin (void)
{
  BoProbeScripts scripts = {
    .cuda_python = lookup ("cuda.py"),
    .cuda_shell = lookup ("cuda.sh"),
    .imports_python = lookup ("imports.py"),
  };

  return scripts;
}

static void
add_string_array (JsonBuilder *builder, const char *name, const char *const *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; *values != NULL; values++)
    json_builder_add_string_value (builder, *values);
  json_builder_end_array (builder);
}

static void
add_command (JsonBuilder *builder, const BoProbe *probe, const char *base_image, const BoProbeScripts *scripts)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);

  switch (probe->kind)
    {
    case BO_PROBE_CUDA:
      add_string_array (builder, "Entrypoint",
                        (const char *[]){ "sh", "-c", CUDA_LAUNCHER, "bakeoff-probe", scripts->cuda_python,
                                          scripts->cuda_shell, NULL });
      return;
    case BO_PROBE_IMPORTS:
      g_ptr_array_add (argv, g_strdup ("sh"));
      g_ptr_array_add (argv, g_strdup ("-c"));
      g_ptr_array_add (argv, g_strdup (IMPORTS_LAUNCHER));
      g_ptr_array_add (argv, g_strdup ("bakeoff-probe"));
      g_ptr_array_add (argv, g_strdup (scripts->imports_python));
      for (guint i = 0; i < probe->modules->len; i++)
        g_ptr_array_add (argv, g_strdup (g_ptr_array_index (probe->modules, i)));
      g_ptr_array_add (argv, NULL);
      add_string_array (builder, "Entrypoint", (const char *const *) argv->pdata);
      return;
    case BO_PROBE_WORKLOAD:
      /* As in `docker run IMAGE COMMAND`: the image's entry point stays. */
      for (guint i = 0; i < probe->command->len; i++)
        g_ptr_array_add (argv, bo_variables_replace (g_ptr_array_index (probe->command, i), BO_VARIABLE_BASE_IMAGE, base_image));
      g_ptr_array_add (argv, NULL);
      add_string_array (builder, "Cmd", (const char *const *) argv->pdata);
      return;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
has_variable (GPtrArray *env, const char *name)
{
  gsize n = strlen (name);

  for (guint i = 0; i < env->len; i++)
    {
      const char *entry = g_ptr_array_index (env, i);

      if (strncmp (entry, name, n) == 0 && entry[n] == '=')
        return TRUE;
    }
  return FALSE;
}

static void
add_environment (JsonBuilder *builder, const BoRunOptions *run, const char *base_image)
{
  json_builder_set_member_name (builder, "Env");
  json_builder_begin_array (builder);
  for (guint i = 0; i < run->env->len; i++)
    {
      g_autofree char *entry = bo_variables_replace (g_ptr_array_index (run->env, i), BO_VARIABLE_BASE_IMAGE, base_image);

      json_builder_add_string_value (builder, entry);
    }
  /* Without these the NVIDIA runtime injects nothing into an image that was
   * not made for it. The study's own words win. */
  if (run->runtime != NULL && strstr (run->runtime, "nvidia") != NULL)
    {
      if (!has_variable (run->env, "NVIDIA_VISIBLE_DEVICES"))
        json_builder_add_string_value (builder, "NVIDIA_VISIBLE_DEVICES=all");
      if (!has_variable (run->env, "NVIDIA_DRIVER_CAPABILITIES"))
        json_builder_add_string_value (builder, "NVIDIA_DRIVER_CAPABILITIES=all");
    }
  /* The courier puts the value in as it sends; it is never in a file. */
  for (guint i = 0; i < run->secrets->len; i++)
    {
      const char *name = g_ptr_array_index (run->secrets, i);
      g_autofree char *entry = g_strdup_printf ("%s=${bakeoff-secret:%s}", name, name);

      json_builder_add_string_value (builder, entry);
    }
  json_builder_end_array (builder);
}

static void
add_mounts (JsonBuilder *builder, const BoRunOptions *run, const char *campaign_id)
{
  json_builder_set_member_name (builder, "Mounts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < run->mounts->len; i++)
    {
      const BoMount *mount = g_ptr_array_index (run->mounts, i);

      if (mount->copy != NULL)
        continue;

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "Type");
      json_builder_add_string_value (builder, mount->volume != NULL ? "volume" : "bind");
      json_builder_set_member_name (builder, "Source");
      json_builder_add_string_value (builder, mount->volume != NULL ? mount->volume : mount->bind);
      json_builder_set_member_name (builder, "Target");
      json_builder_add_string_value (builder, mount->to);
      json_builder_set_member_name (builder, "ReadOnly");
      json_builder_add_boolean_value (builder, mount->read_only);
      if (mount->volume != NULL)
        {
          /* Only a volume that is not there yet gets these. */
          json_builder_set_member_name (builder, "VolumeOptions");
          json_builder_begin_object (builder);
          json_builder_set_member_name (builder, "Labels");
          json_builder_begin_object (builder);
          json_builder_set_member_name (builder, BO_LABEL_CAMPAIGN);
          json_builder_add_string_value (builder, campaign_id);
          json_builder_end_object (builder);
          json_builder_end_object (builder);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_devices (JsonBuilder *builder, const BoRunOptions *run)
{
  json_builder_set_member_name (builder, "Devices");
  json_builder_begin_array (builder);
  for (guint i = 0; i < run->devices->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (g_ptr_array_index (run->devices, i), ":", 3);
      guint n = g_strv_length (parts);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "PathOnHost");
      json_builder_add_string_value (builder, parts[0]);
      json_builder_set_member_name (builder, "PathInContainer");
      json_builder_add_string_value (builder, n > 1 ? parts[1] : parts[0]);
      json_builder_set_member_name (builder, "CgroupPermissions");
      json_builder_add_string_value (builder, n > 2 ? parts[2] : "rwm");
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_host_config (JsonBuilder *builder, const BoRunOptions *run, const char *campaign_id)
{
  json_builder_set_member_name (builder, "HostConfig");
  json_builder_begin_object (builder);
  if (run->runtime != NULL)
    {
      json_builder_set_member_name (builder, "Runtime");
      json_builder_add_string_value (builder, run->runtime);
    }
  if (run->network != NULL)
    {
      json_builder_set_member_name (builder, "NetworkMode");
      json_builder_add_string_value (builder, run->network);
    }
  if (run->ipc != NULL)
    {
      json_builder_set_member_name (builder, "IpcMode");
      json_builder_add_string_value (builder, run->ipc);
    }
  if (run->shm_size >= 0)
    {
      json_builder_set_member_name (builder, "ShmSize");
      json_builder_add_int_value (builder, run->shm_size);
    }
  add_mounts (builder, run, campaign_id);
  add_devices (builder, run);
  json_builder_end_object (builder);
}

/**
 * bo_probe_container_to_json:
 * @probe: what to ask
 * @run: how the container is run
 * @image: tag of the image
 * @base_image: what ${BASE_IMAGE} stands for
 * @campaign_id: for the label
 * @trial_id: for the label
 * @scripts: the probes' own programs
 *
 * The container is never made with AutoRemove: its inspect after the end is
 * what tells an out-of-memory kill from any other 137.
 *
 * Returns: (transfer full): the body of POST /containers/create
 */
char *
bo_probe_container_to_json (const BoProbe *probe,
                            const BoRunOptions *run,
                            const char *image,
                            const char *base_image,
                            const char *campaign_id,
                            const char *trial_id,
                            const BoProbeScripts *scripts)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (probe != NULL && run != NULL && image != NULL, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "Image");
  json_builder_add_string_value (builder, image);
  add_command (builder, probe, base_image, scripts);
  add_environment (builder, run, base_image);
  json_builder_set_member_name (builder, "Tty");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_set_member_name (builder, "Labels");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, BO_LABEL_CAMPAIGN);
  json_builder_add_string_value (builder, campaign_id);
  json_builder_set_member_name (builder, BO_LABEL_TRIAL);
  json_builder_add_string_value (builder, trial_id);
  json_builder_set_member_name (builder, BO_LABEL_ROLE);
  json_builder_add_string_value (builder, "probe");
  json_builder_end_object (builder);
  add_host_config (builder, run, campaign_id);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
