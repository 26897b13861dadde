/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-attach"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-cli-commands.h"
#include "bo-cli-device.h"
#include "bo-cli-running.h"
#include "bo-cli-store.h"
#include "bo-cli-watch.h"
#include "bo-cli.h"

/* "attach" and "stop": both find the campaign that runs on a device and follow it to its end. */

static int
find_and_watch (const char *device, const char *campaign, const BoCliWatchOptions *options, const char *command)
{
  g_autoptr (BoDeviceUrl) url = NULL;
  g_autoptr (BoStore) store = NULL;
  g_autoptr (BoSession) session = NULL;
  int exit_code = bo_cli_find_device (command, device, &url);

  if (exit_code == BO_EXIT_OK && (store = bo_cli_open_store ()) == NULL)
    exit_code = BO_EXIT_INTERNAL;
  if (exit_code != BO_EXIT_OK)
    return exit_code;

  session = bo_session_new (store, url);
  bo_session_attach (session, campaign);
  exit_code = bo_cli_watch (store, session, options);
  g_clear_object (&session);
  bo_store_close_sync (store);
  return exit_code;
}

int
bo_cmd_attach (int argc, char **argv)
{
  BoCliWatchOptions options = { 0 };
  g_autofree char *device = NULL;
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING, &device, N_ ("Where the campaign runs: a saved device's name or a URL"), N_ ("DEVICE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object a line for each thing that happens"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, N_ ("Print no progress"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[CAMPAIGN]"));
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, _ ("Follows the campaign that runs on a device, and records what happened meanwhile."));
  g_option_context_set_description (
      context, _ ("Nothing is lost between: the device keeps what the engine answered, with its own times. A campaign that\n"
                  "has ended since is recorded as if it had been watched. One that another computer began can be followed, too.\n"
                  "Ctrl+C leaves it; a second Ctrl+C within 5 s cancels it.\n\n"
                  "Examples:\n"
                  "  bakeoff-cli attach --device nano\n"
                  "  bakeoff-cli attach --device ssh://me@jetson.local 20261124-061200-3fa9"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("attach", "%s", error->message);
  if (argc > 2)
    return bo_cli_usage ("attach", _ ("“%s” is one argument too many"), argv[2]);
  return find_and_watch (device, argc == 2 ? argv[1] : NULL, &options, "attach");
}

typedef struct
{
  BoCliWatchOptions options;
  const char *campaign;
} Stop;

/* One that a program follows is told, and that program shows its end; any other is followed to its end by us. */
static int
stop_followed_cb (BoRunning *running, gpointer user_data)
{
  const Stop *stop = user_data;
  const BoCliWatchOptions *options = &stop->options;
  g_autoptr (GError) error = NULL;

  if (stop->campaign != NULL && !g_str_equal (stop->campaign, running->campaign->id))
    {
      bo_cli_error (_ ("campaign %s does not run there; campaign %s does"), stop->campaign, running->campaign->id);
      return BO_EXIT_FAILED;
    }
  if (!running->is_followed)
    return -1;
  if (!bo_running_stop (running, !options->stop_after_trial, &error))
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_DEVICE;
    }
  if (!options->json)
    g_print (_ ("Campaign %s is told to stop; the program that follows it shows its end.\n"), running->campaign->id);
  return BO_EXIT_OK;
}

int
bo_cmd_stop (int argc, char **argv)
{
  Stop stop = { .options.stop = TRUE };
  g_autofree char *device = NULL;
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING, &device, N_ ("Where the campaign runs: a saved device's name or a URL"), N_ ("DEVICE") },
    { "after-trial", 0, 0, G_OPTION_ARG_NONE, &stop.options.stop_after_trial, N_ ("Let the trial under way finish"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &stop.options.json, N_ ("Print one JSON object a line for each thing that happens"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &stop.options.quiet, N_ ("Print no progress"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[CAMPAIGN]"));
  g_autoptr (GError) error = NULL;
  int exit_code;

  g_option_context_set_summary (context, _ ("Ends the campaign that runs on a device; what has finished is kept."));
  g_option_context_set_description (
      context, _ ("The build under way is cancelled on the engine, or, with --after-trial, finished first. Then the device\n"
                  "cleans up, and what there is to record is recorded.\n\n"
                  "Examples:\n"
                  "  bakeoff-cli stop --device nano\n"
                  "  bakeoff-cli stop --device nano --after-trial"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("stop", "%s", error->message);
  if (argc > 2)
    return bo_cli_usage ("stop", _ ("“%s” is one argument too many"), argv[2]);
  stop.campaign = argc == 2 ? argv[1] : NULL;
  exit_code = bo_cli_with_running ("stop", device, stop_followed_cb, &stop);
  if (exit_code >= 0)
    return exit_code;
  return find_and_watch (device, stop.campaign, &stop.options, "stop");
}
