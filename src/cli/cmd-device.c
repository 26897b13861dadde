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
#include "device/bo-device-check.h"
#include "device/bo-device.h"
#include "engine/bo-engine-error.h"
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

typedef struct
{
  GMainLoop *loop;
  guint n_printed;
  int exit_code;
} Test;

static gboolean
was_looked_at (const BoDeviceStage *stage)
{
  return stage->state == BO_STAGE_OK || stage->state == BO_STAGE_WARNING || stage->state == BO_STAGE_UNKNOWN
         || stage->state == BO_STAGE_FAILED;
}

/* Each stage as soon as it is known, in their order. */
static void
changed_cb (BoDeviceCheck *check, guint index, gpointer user_data)
{
  Test *test = user_data;

  while (test->n_printed < bo_device_check_get_n_stages (check))
    {
      const BoDeviceStage *stage = bo_device_check_get_stage (check, test->n_printed);

      if (!was_looked_at (stage))
        return;
      g_print ("  %-8s %-8s %s\n", stage->id, bo_stage_state_get_title (stage->state), stage->detail);
      if (stage->remedy != NULL)
        g_print ("  %-17s %s\n", "", stage->remedy);
      test->n_printed++;
    }
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Test *test = user_data;
  g_autoptr (GError) error = NULL;

  if (!bo_device_check_run_finish (BO_DEVICE_CHECK (source), result, &error))
    test->exit_code
        = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? BO_EXIT_CANCELLED : BO_EXIT_DEVICE;
  g_main_loop_quit (test->loop);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

static JsonArray *
make_stages (BoDeviceCheck *check)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < bo_device_check_get_n_stages (check); i++)
    {
      const BoDeviceStage *stage = bo_device_check_get_stage (check, i);
      JsonObject *object;

      if (!was_looked_at (stage))
        continue;
      object = json_object_new ();
      json_object_set_string_member (object, "stage", stage->id);
      json_object_set_string_member (object, "status", bo_stage_state_get_id (stage->state));
      json_object_set_string_member (object, "detail", stage->detail);
      if (stage->error_id != NULL)
        json_object_set_string_member (object, "error", stage->error_id);
      if (stage->remedy != NULL)
        json_object_set_string_member (object, "remedy", stage->remedy);
      json_array_add_object_element (array, object);
    }
  return array;
}

static void
print_test_json (BoDeviceCheck *check, const char *name, const BoDeviceUrl *url)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = bo_device_url_to_string (url);
  const BoDeviceFacts *facts = bo_device_check_get_facts (check);

  if (name != NULL && strstr (name, "://") == NULL)
    json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "url", text);
  json_object_set_boolean_member (object, "reachable", facts != NULL);
  if (bo_device_check_has_engine (check))
    json_object_set_boolean_member (object, "relayed", bo_device_check_is_relayed (check));
  json_object_set_array_member (object, "stages", make_stages (check));
  if (facts != NULL)
    json_object_set_member (object, "facts", bo_device_facts_to_json (facts));
  print_json (object);
}

static int
test_device (const char *name, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceUrl) url = bo_device_resolve (name, &error);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (BoDeviceCheck) check = NULL;
  Test test = { .loop = loop };
  guint interrupt_id, terminate_id;

  if (url == NULL)
    return report (error);

  interrupt_id = g_unix_signal_add (SIGINT, cancel_cb, cancellable);
  terminate_id = g_unix_signal_add (SIGTERM, cancel_cb, cancellable);
  check = bo_device_check_new (url);
  if (!json)
    {
      g_autofree char *text = bo_device_url_to_string (url);

      g_print ("%s\n", text);
      g_signal_connect (check, "changed", G_CALLBACK (changed_cb), &test);
    }
  bo_device_check_run_async (check, cancellable, checked_cb, &test);
  g_main_loop_run (loop);
  if (json && test.exit_code != BO_EXIT_CANCELLED)
    print_test_json (check, name, url);

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
