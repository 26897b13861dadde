/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-device"

#include "config.h"

#include <string.h>

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "bo-cli.h"
#include "bo-cli-commands.h"
#include "bo-cli-device-clean.h"
#include "device/bo-device-facts.h"
#include "device/bo-device.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine.h"
#include "study/bo-json.h"
#include "study/bo-quantity.h"

static int
report (const GError *error)
{
  const char *remedy = bo_engine_error_get_remedy (error);

  bo_cli_error ("%s", error->message);
  if (remedy != NULL)
    g_printerr ("%s\n", remedy);
  if (g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_URL) || error->domain != BO_DEVICE_ERROR)
    return BO_EXIT_USAGE;
  return error->code == BO_DEVICE_ERROR_FILE ? BO_EXIT_INTERNAL : BO_EXIT_USAGE;
}

static void
print_json (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = bo_json_node_to_text (node, TRUE);

  g_print ("%s\n", text);
}

static int
list (gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDevices) devices = bo_devices_load (NULL, &error);
  g_autoptr (JsonObject) object = NULL;
  JsonArray *array;
  guint width = 0;

  if (devices == NULL)
    return report (error);

  if (json)
    {
      object = json_object_new ();
      array = json_array_new ();
      for (guint i = 0; i < bo_devices_get_length (devices); i++)
        {
          const BoDevice *device = bo_devices_get (devices, i);
          JsonObject *member = json_object_new ();

          json_object_set_string_member (member, "name", device->name);
          json_object_set_string_member (member, "url", device->url);
          json_array_add_object_element (array, member);
        }
      json_object_set_array_member (object, "devices", array);
      print_json (object);
      return BO_EXIT_OK;
    }

  for (guint i = 0; i < bo_devices_get_length (devices); i++)
    width = MAX (width, (guint) g_utf8_strlen (bo_devices_get (devices, i)->name, -1));
  for (guint i = 0; i < bo_devices_get_length (devices); i++)
    {
      const BoDevice *device = bo_devices_get (devices, i);

      g_print ("%s%*s  %s\n", device->name, (int) (width - (guint) g_utf8_strlen (device->name, -1)), "",
               device->url);
    }
  if (bo_devices_get_length (devices) == 0)
    g_printerr ("%s\n",
                _ ("No device is saved yet. Save one with “bakeoff-cli device add NAME ssh://USER@HOST”."));
  return BO_EXIT_OK;
}

static int
add (const char *name, const char *url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDevices) devices = bo_devices_load (NULL, &error);

  if (devices == NULL || !bo_devices_add (devices, name, url, &error) || !bo_devices_save (devices, &error))
    return report (error);
  return BO_EXIT_OK;
}

/* @new_name or @new_url is NULL. */
static int
change (const char *name, const char *new_name, const char *new_url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDevices) devices = bo_devices_load (NULL, &error);

  if (devices == NULL || !bo_devices_change (devices, name, new_name, new_url, &error)
      || !bo_devices_save (devices, &error))
    return report (error);
  return BO_EXIT_OK;
}

static int
remove_device (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDevices) devices = bo_devices_load (NULL, &error);

  if (devices == NULL || !bo_devices_remove (devices, name, &error) || !bo_devices_save (devices, &error))
    return report (error);
  return BO_EXIT_OK;
}

/* "test": one line a stage. */

typedef enum
{
  STAGE_OK,
  STAGE_WARNING,
  STAGE_UNKNOWN,
  STAGE_FAILED,
} StageStatus;

static const char *const status_ids[] = { "ok", "warning", "unknown", "failed" };
static const char *const status_titles[] = { N_ ("ok"), N_ ("warning"), N_ ("unknown"), N_ ("failed") };

typedef struct
{
  const char *name;
  BoDeviceUrl *url;
  GCancellable *cancellable;
  GMainLoop *loop;
  gboolean json;
  JsonArray *stages;
  BoEngine *engine;
  BoDeviceFacts *facts;
  int exit_code;
} Test;

static void
add_stage (Test *test,
           const char *stage,
           StageStatus status,
           const char *detail,
           const char *error_id,
           const char *remedy)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "stage", stage);
  json_object_set_string_member (object, "status", status_ids[status]);
  json_object_set_string_member (object, "detail", detail);
  if (error_id != NULL)
    json_object_set_string_member (object, "error", error_id);
  if (remedy != NULL)
    json_object_set_string_member (object, "remedy", remedy);
  json_array_add_object_element (test->stages, object);

  if (test->json)
    return;
  g_print ("  %-8s %-8s %s\n", stage, _ (status_titles[status]), detail);
  if (remedy != NULL)
    g_print ("  %-17s %s\n", "", remedy);
}

/* Which stage an error stopped. */
static const char *
stage_of (Test *test, const GError *error)
{
  if (error->domain != BO_ENGINE_ERROR)
    return "socket";
  switch ((BoEngineError) error->code)
    {
    case BO_ENGINE_ERROR_SOCKET_MISSING:
    case BO_ENGINE_ERROR_SOCKET_DENIED:
    case BO_ENGINE_ERROR_FORWARDING_REFUSED:
      return "socket";
    case BO_ENGINE_ERROR_NOT_AN_ENGINE:
    case BO_ENGINE_ERROR_NO_ANSWER:
    case BO_ENGINE_ERROR_SERVER:
      return "engine";
    case BO_ENGINE_ERROR_TOO_OLD:
    case BO_ENGINE_ERROR_TOO_NEW:
      return "api";
    case BO_ENGINE_ERROR_URL:
    case BO_ENGINE_ERROR_SSH_MISSING:
    case BO_ENGINE_ERROR_NAME_RESOLUTION:
    case BO_ENGINE_ERROR_UNREACHABLE:
    case BO_ENGINE_ERROR_REFUSED:
    case BO_ENGINE_ERROR_TIMED_OUT:
    case BO_ENGINE_ERROR_HOST_KEY_UNKNOWN:
    case BO_ENGINE_ERROR_HOST_KEY_CHANGED:
    case BO_ENGINE_ERROR_AUTHENTICATION:
    case BO_ENGINE_ERROR_PASSPHRASE:
    case BO_ENGINE_ERROR_TOO_MANY_SESSIONS:
    case BO_ENGINE_ERROR_CERTIFICATE:
    case BO_ENGINE_ERROR_NOT_FOUND:
    case BO_ENGINE_ERROR_CONFLICT:
    case BO_ENGINE_ERROR_BAD_REQUEST:
    case BO_ENGINE_ERROR_UNAUTHORIZED:
    case BO_ENGINE_ERROR_REGISTRY:
    case BO_ENGINE_ERROR_DISK_FULL:
    case BO_ENGINE_ERROR_UNKNOWN_RUNTIME:
    case BO_ENGINE_ERROR_NO_DEVICE_DRIVER:
    case BO_ENGINE_ERROR_PROTOCOL:
    case BO_ENGINE_ERROR_INTERRUPTED:
    case BO_ENGINE_ERROR_CREDENTIALS:
    case BO_ENGINE_ERROR_REFERENCE:
    default:
      break;
    }
  if (test->engine != NULL)
    return "engine";
  switch (test->url->scheme)
    {
    case BO_DEVICE_SSH:
      return "ssh";
    case BO_DEVICE_TCP:
      return "tls";
    case BO_DEVICE_UNIX:
    default:
      return "socket";
    }
}

static void
fail (Test *test, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      test->exit_code = BO_EXIT_CANCELLED;
    }
  else
    {
      const char *stage = stage_of (test, error);

      /* What it got past. */
      if (test->engine == NULL && test->url->scheme == BO_DEVICE_SSH && strcmp (stage, "ssh") != 0)
        add_stage (test, "ssh", STAGE_OK, _ ("connected"), NULL, NULL);
      add_stage (test, stage, STAGE_FAILED, error->message,
                 error->domain == BO_ENGINE_ERROR ? bo_engine_error_get_id ((BoEngineError) error->code)
                                                  : "other",
                 bo_engine_error_get_remedy (error));
      test->exit_code = BO_EXIT_DEVICE;
    }
  g_main_loop_quit (test->loop);
}

static void
add_runtime_stage (Test *test)
{
  const BoDeviceFacts *facts = test->facts;
  const char *default_runtime = facts->default_runtime == NULL ? "?" : facts->default_runtime;
  gboolean has_nvidia = g_ptr_array_find_with_equal_func (facts->runtimes, "nvidia", g_str_equal, NULL);
  g_autofree char *detail = NULL;

  if (!has_nvidia)
    {
      detail = g_strdup_printf (_ ("there is no runtime “nvidia” (default: %s)"), default_runtime);
      add_stage (test, "runtime", STAGE_WARNING, detail, "unknown-runtime",
                 _ ("For containers that use the GPU install the NVIDIA Container Toolkit on the device and "
                    "run “sudo "
                    "nvidia-ctk runtime configure”."));
      return;
    }
  detail = g_strdup_printf (_ ("“nvidia” is there (default: %s)"), default_runtime);
  if (strcmp (default_runtime, "nvidia") == 0)
    add_stage (test, "runtime", STAGE_OK, detail, NULL, NULL);
  else if (facts->is_podman)
    add_stage (test, "runtime", STAGE_WARNING, detail, NULL,
               _ ("Podman's service gives every container its default, whatever the study's “runtime” says. For the GPU make "
                  "“nvidia” the default on the device, in /etc/containers/containers.conf: [engine] runtime = \"nvidia\"."));
  else
    add_stage (
        test, "runtime", STAGE_OK, detail, NULL,
        _ ("Containers get it by the study's “runtime”. Steps of a build see the GPU only if “nvidia” is the "
           "default, and only with the classic builder."));
}

static void
facts_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Test *test = user_data;
  BoEngine *engine = BO_ENGINE (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *memory = NULL;
  g_autofree char *summary = NULL;
  g_autofree char *api = NULL;
  g_autofree char *disk = NULL;
  const BoDeviceFacts *facts;

  facts = test->facts = bo_device_facts_read_finish (engine, result, &error);
  if (facts == NULL)
    {
      fail (test, error);
      return;
    }
  memory = g_format_size_full ((guint64) facts->memory, G_FORMAT_SIZE_IEC_UNITS);
  summary = g_strdup_printf (
      _ ("%s %s on %s: %s, kernel %s, %s, %u CPUs, %s"), facts->is_podman ? "Podman" : "Docker",
      facts->engine_version == NULL ? "?" : facts->engine_version, facts->name == NULL ? "?" : facts->name,
      facts->os == NULL ? "?" : facts->os, facts->kernel == NULL ? "?" : facts->kernel,
      facts->arch == NULL ? "?" : facts->arch, facts->n_cpus, memory);
  add_stage (test, "engine", STAGE_OK, summary, NULL, NULL);
  if (facts->is_podman)
    add_stage (test, "builders", STAGE_WARNING, _ ("Podman has its own builder in place of Docker's; there is no BuildKit"), NULL,
               _ ("Cells with the builder “classic” are built with it; those with “buildkit” are not supported here. A RUN "
                "that is stopped or has run out of time goes on until it ends by itself: Podman does not end it."));
  api = g_strdup_printf (_ ("version %s is spoken; the engine has up to %s"),
                         bo_engine_get_api_version (engine), facts->api_version);
  add_stage (test, "api", STAGE_OK, api, NULL, NULL);
  add_runtime_stage (test);
  if (facts->free_disk >= 0)
    {
      g_autofree char *size = g_format_size ((guint64) facts->free_disk);

      disk = g_strdup_printf (_ ("%s free at %s (storage driver %s)"), size, facts->root_dir,
                              facts->storage_driver == NULL ? "?" : facts->storage_driver);
      add_stage (test, "disk", STAGE_OK, disk, NULL, NULL);
    }
  else
    {
      disk = g_strdup_printf (_ ("how much is free at %s cannot be seen from here"),
                              facts->root_dir == NULL ? "?" : facts->root_dir);
      add_stage (test, "disk", STAGE_UNKNOWN, disk, NULL, NULL);
    }
  g_main_loop_quit (test->loop);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Test *test = user_data;
  g_autoptr (GError) error = NULL;
  BoConnection *connection;
  const char *remote;

  test->engine = bo_engine_open_finish (result, &error);
  if (test->engine == NULL)
    {
      fail (test, error);
      return;
    }
  connection = bo_engine_get_connection (test->engine);
  remote = bo_connection_get_remote_socket_path (connection);
  switch (test->url->scheme)
    {
    case BO_DEVICE_SSH:
      add_stage (test, "ssh", STAGE_OK, _ ("connected"), NULL, NULL);
      if (bo_connection_is_relayed (connection))
        add_stage (
            test, "socket", STAGE_WARNING,
            _ ("the device forwards no sockets; its docker command stands in (docker system dial-stdio)"),
            "forwarding-refused",
            _ ("For less delay set “AllowStreamLocalForwarding yes” in the device's /etc/ssh/sshd_config."));
      else
        add_stage (test, "socket", STAGE_OK, remote, NULL, NULL);
      break;
    case BO_DEVICE_TCP:
      add_stage (test, "tls", STAGE_OK, _ ("both certificates are accepted"), NULL, NULL);
      break;
    case BO_DEVICE_UNIX:
    default:
      add_stage (test, "socket", STAGE_OK, remote, NULL, NULL);
      break;
    }
  bo_device_facts_read_async (test->engine, test->cancellable, facts_cb, test);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

static void
print_test_json (Test *test)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = bo_device_url_to_string (test->url);

  if (test->name != NULL && strstr (test->name, "://") == NULL)
    json_object_set_string_member (object, "name", test->name);
  json_object_set_string_member (object, "url", text);
  json_object_set_boolean_member (object, "reachable", test->facts != NULL);
  if (test->engine != NULL)
    json_object_set_boolean_member (object, "relayed",
                                    bo_connection_is_relayed (bo_engine_get_connection (test->engine)));
  json_object_set_array_member (object, "stages", json_array_ref (test->stages));
  if (test->facts != NULL)
    json_object_set_member (object, "facts", bo_device_facts_to_json (test->facts));
  print_json (object);
}

static int
test_device (const char *name, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceUrl) url = bo_device_resolve (name, &error);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Test test = { .name = name, .url = url, .cancellable = cancellable, .loop = loop, .json = json };
  guint interrupt_id, terminate_id;

  if (url == NULL)
    return report (error);

  interrupt_id = g_unix_signal_add (SIGINT, cancel_cb, cancellable);
  terminate_id = g_unix_signal_add (SIGTERM, cancel_cb, cancellable);
  test.stages = json_array_new ();
  if (!json)
    {
      g_autofree char *text = bo_device_url_to_string (url);

      g_print ("%s\n", text);
    }
  bo_engine_open_async (url, cancellable, opened_cb, &test);
  g_main_loop_run (loop);
  if (json && test.exit_code != BO_EXIT_CANCELLED)
    print_test_json (&test);

  if (test.engine != NULL)
    bo_connection_close (bo_engine_get_connection (test.engine));
  g_clear_object (&test.engine);
  g_clear_pointer (&test.facts, bo_device_facts_free);
  json_array_unref (test.stages);
  g_source_remove (interrupt_id);
  g_source_remove (terminate_id);
  return test.exit_code;
}

int
bo_cmd_device (int argc, char **argv)
{
  gboolean json = FALSE;
  g_auto (GStrv) rest = NULL;
  g_autoptr (GOptionContext) parser = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *keep = NULL;
  BoCliDeviceClean clean = { .keep = -1 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON (list, test and clean)"), NULL },
    { "keep", 0, 0, G_OPTION_ARG_STRING, &keep, N_ ("clean: keep the volumes, and up to SIZE of files in each"), N_ ("SIZE") },
    { "all", 0, 0, G_OPTION_ARG_NONE, &clean.all, N_ ("clean: also campaigns that nobody has read, and the courier's image"), NULL },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &clean.yes, N_ ("clean: do not ask"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &rest, NULL, NULL },
    { NULL },
  };
  const char *verb;
  guint n;

  parser = g_option_context_new (_ ("list | add NAME URL | rename NAME NEW-NAME | edit NAME URL | remove NAME | "
                                      "test [NAME|URL] | clean [NAME|URL]"));
  g_option_context_set_summary (
      parser, _ ("Keeps the devices that are built on, and tests the way to their engine."));
  g_option_context_set_description (
      parser,
      _ ("A URL is one of\n"
         "  ssh://[USER@]HOST[:PORT][/PATH/TO/SOCKET]   through the ssh command, with your configuration of "
         "it\n"
         "  unix:///PATH/TO/SOCKET                      an engine on this computer\n"
         "  tcp://HOST[:PORT]                           TLS with ca.pem, cert.pem and key.pem of "
         "DOCKER_CERT_PATH or ~/.docker\n"
         "Without NAME and URL, “test” and “clean” take the engine in DOCKER_HOST, or the local one.\n\n"
         "“clean” shows what Bakeoff keeps on a device so that a campaign sends only what has changed, and removes\n"
         "it when you say yes. It looks at nothing that is not Bakeoff's.\n\n"
         "Examples:\n"
         "  bakeoff-cli device add orin ssh://nvidia@192.168.55.1\n"
         "  bakeoff-cli device rename orin orin-nano\n"
         "  bakeoff-cli device edit orin-nano ssh://nvidia@jetson.local\n"
         "  bakeoff-cli device test orin-nano\n"
         "  bakeoff-cli device test ssh://nvidia@jetson.local --json | jq .facts\n"
         "  bakeoff-cli device clean orin-nano --keep 2g\n\n"
         "Environment: BAKEOFF_SSH names another ssh program.\n\n"
         "Exit codes: 0 done; 2 the command line, a name or a URL is wrong; 4 the device or its engine "
         "cannot be "
         "reached; 5 the\nfile of saved devices cannot be read or written; 130 stopped by a signal."));
  g_option_context_add_main_entries (parser, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (parser, &argc, &argv, &error))
    return bo_cli_usage ("device", "%s", error->message);

  if (rest == NULL || rest[0] == NULL)
    return bo_cli_usage ("device", "%s", _ ("say what to do: list, add, rename, edit, remove, test or clean"));
  verb = rest[0];
  n = g_strv_length (rest) - 1;
  if (strcmp (verb, "list") == 0)
    return n == 0 ? list (json) : bo_cli_usage ("device", "%s", _ ("“list” takes nothing more"));
  if (strcmp (verb, "add") == 0)
    return n == 2 ? add (rest[1], rest[2])
                  : bo_cli_usage ("device", "%s", _ ("“add” takes a name and a URL"));
  if (strcmp (verb, "rename") == 0)
    return n == 2 ? change (rest[1], rest[2], NULL)
                  : bo_cli_usage ("device", "%s", _ ("“rename” takes a name and the new name"));
  if (strcmp (verb, "edit") == 0)
    return n == 2 ? change (rest[1], NULL, rest[2])
                  : bo_cli_usage ("device", "%s", _ ("“edit” takes a name and the new URL"));
  if (strcmp (verb, "remove") == 0)
    return n == 1 ? remove_device (rest[1]) : bo_cli_usage ("device", "%s", _ ("“remove” takes one name"));
  if (strcmp (verb, "test") == 0)
    return n <= 1 ? test_device (rest[1], json)
                  : bo_cli_usage ("device", "%s", _ ("“test” takes one name or URL, or nothing"));
  if (strcmp (verb, "clean") == 0)
    {
      if (n > 1)
        return bo_cli_usage ("device", "%s", _ ("“clean” takes one name or URL, or nothing"));
      if (keep != NULL && !bo_quantity_parse_size (keep, &clean.keep))
        return bo_cli_usage ("device", _ ("--keep takes a size as 500m or 2g, not “%s”"), keep);
      clean.json = json;
      return bo_cli_device_clean (rest[1], &clean);
    }
  return bo_cli_usage ("device", _ ("there is no “%s”; there are list, add, rename, edit, remove, test and clean"), verb);
}
