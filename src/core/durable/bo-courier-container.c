/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-courier-container"

#include "config.h"

#include "bo-volume-format.h"
#include "durable/bo-courier-container.h"
#include "study/bo-names.h"

/* 1000 less would make it immune, so that a leak of its own could take the machine down. */
#define OOM_SCORE (-999)
/* Enough for an engine that comes and goes all night, and an end for a courier that crashes each time. */
#define MAX_RESTARTS 100

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_strings (JsonBuilder *builder, const char *name, const char *const *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; *values != NULL; values++)
    json_builder_add_string_value (builder, *values);
  json_builder_end_array (builder);
}

static void
add_mount (JsonBuilder *builder, const char *type, const char *source, const char *target, gboolean read_only)
{
  json_builder_begin_object (builder);
  add_string (builder, "Type", type);
  add_string (builder, "Source", source);
  add_string (builder, "Target", target);
  if (read_only)
    {
      json_builder_set_member_name (builder, "ReadOnly");
      json_builder_add_boolean_value (builder, TRUE);
      /* What is mounted below it would not be read-only: leave that out. */
      json_builder_set_member_name (builder, "BindOptions");
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "NonRecursive");
      json_builder_add_boolean_value (builder, TRUE);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

/*
 * What both kinds have: no network, a root that cannot be written, no
 * capabilities. SELinux would keep the courier from the engine's socket, and
 * with user namespaces its root would be nobody to that socket.
 */
static void
add_host_config (JsonBuilder *builder, const char *log_driver)
{
  static const char *const all[] = { "ALL", NULL };
  static const char *const security[] = { "label=disable", "no-new-privileges", NULL };

  add_string (builder, "NetworkMode", "none");
  add_string (builder, "UsernsMode", "host");
  json_builder_set_member_name (builder, "ReadonlyRootfs");
  json_builder_add_boolean_value (builder, TRUE);
  json_builder_set_member_name (builder, "Init");
  json_builder_add_boolean_value (builder, FALSE);
  add_strings (builder, "CapDrop", all);
  add_strings (builder, "SecurityOpt", security);
  json_builder_set_member_name (builder, "LogConfig");
  json_builder_begin_object (builder);
  add_string (builder, "Type", log_driver);
  json_builder_end_object (builder);
}

static void
begin_config (JsonBuilder *builder, const char *image, const char *const *command)
{
  static const char *const entrypoint[] = { BO_VOLUME_PROGRAM, NULL };

  json_builder_begin_object (builder);
  add_string (builder, "Image", image);
  add_strings (builder, "Entrypoint", entrypoint);
  add_strings (builder, "Cmd", command);
  add_string (builder, "WorkingDir", "/");
}

static JsonNode *
end_config (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* Values of variables are seen by whoever may inspect containers, as those of the probes' containers are. */
static void
add_environment (JsonBuilder *builder, const char *const *names)
{
  json_builder_set_member_name (builder, "Env");
  json_builder_begin_array (builder);
  for (; names != NULL && *names != NULL; names++)
    {
      const char *value = g_getenv (*names);
      g_autofree char *text = g_strdup_printf ("%s=%s", *names, value != NULL ? value : "");

      json_builder_add_string_value (builder, text);
    }
  json_builder_end_array (builder);
}

/**
 * bo_courier_container_make:
 * @options: what is asked for
 * @image: the courier's
 * @volume: the study's
 * @flags: what the engine gives
 *
 * The mounts are `Mounts`, since a source that is missing is an error there; with
 * `Binds` it becomes a folder on the device.
 *
 * Returns: (transfer full): the body that makes the courier's container
 */
JsonNode *
bo_courier_container_make (const BoDeviceCourierOptions *options,
                           const char *image,
                           const char *volume,
                           BoCourierContainerFlags flags)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *folder = g_strdup_printf ("%s/campaigns/%s", BO_VOLUME_PATH, options->campaign);
  g_autofree char *seconds = g_strdup_printf ("%d", BO_VOLUME_WAIT_SECONDS);
  const char *command[] = { "play",
                            folder,
                            "--socket",
                            BO_VOLUME_SOCKET,
                            "--files",
                            BO_VOLUME_PATH "/files",
                            "--place",
                            "device",
                            "--wait",
                            seconds,
                            "--telemetry-disk",
                            BO_VOLUME_PATH,
                            flags & BO_COURIER_CONTAINER_SYS ? "--telemetry-sys" : NULL,
                            BO_VOLUME_SYS,
                            NULL };

  begin_config (builder, image, command);
  add_environment (builder, options->secrets);
  json_builder_set_member_name (builder, "Labels");
  json_builder_begin_object (builder);
  add_string (builder, BO_LABEL_ROLE, "courier");
  add_string (builder, BO_LABEL_COURIER, options->campaign);
  add_string (builder, BO_LABEL_COURIER_STUDY, options->study);
  add_string (builder, BO_LABEL_COURIER_OWNER, bo_computer_get_id ());
  add_string (builder, BO_LABEL_COURIER_FROM, bo_computer_get_name ());
  json_builder_end_object (builder);

  json_builder_set_member_name (builder, "HostConfig");
  json_builder_begin_object (builder);
  add_host_config (builder, "none");
  json_builder_set_member_name (builder, "RestartPolicy");
  json_builder_begin_object (builder);
  add_string (builder, "Name", "on-failure");
  json_builder_set_member_name (builder, "MaximumRetryCount");
  json_builder_add_int_value (builder, MAX_RESTARTS);
  json_builder_end_object (builder);
  if (flags & BO_COURIER_CONTAINER_OOM)
    {
      json_builder_set_member_name (builder, "OomScoreAdj");
      json_builder_add_int_value (builder, OOM_SCORE);
    }
  json_builder_set_member_name (builder, "Mounts");
  json_builder_begin_array (builder);
  add_mount (builder, "volume", volume, BO_VOLUME_PATH, FALSE);
  add_mount (builder, "bind", options->engine_socket, BO_VOLUME_SOCKET, FALSE);
  if (flags & BO_COURIER_CONTAINER_SYS)
    add_mount (builder, "bind", "/sys", BO_VOLUME_SYS, TRUE);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return end_config (builder);
}

/**
 * bo_courier_container_make_keeper:
 * @image: a courier's
 * @volume: what it is for
 * @argv: (nullable) (array zero-terminated=1): what follows the program's name
 *
 * Its output is read from its log, since there is nobody to attach to one that ends at once.
 *
 * Returns: (transfer full): the body that makes the container
 */
JsonNode *
bo_courier_container_make_keeper (const char *image, const char *volume, const char *const *argv)
{
  static const char *const version[] = { "--version", NULL };
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  begin_config (builder, image, argv != NULL ? argv : version);
  json_builder_set_member_name (builder, "Labels");
  json_builder_begin_object (builder);
  add_string (builder, BO_LABEL_ROLE, BO_ROLE_KEEPER);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "HostConfig");
  json_builder_begin_object (builder);
  add_host_config (builder, argv != NULL ? "json-file" : "none");
  json_builder_set_member_name (builder, "Mounts");
  json_builder_begin_array (builder);
  add_mount (builder, "volume", volume, BO_VOLUME_PATH, FALSE);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return end_config (builder);
}
