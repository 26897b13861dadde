/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-run"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-cli-commands.h"
#include "bo-cli-device.h"
#include "bo-cli-selection.h"
#include "bo-cli-store.h"
#include "bo-cli-watch.h"
#include "bo-cli.h"

int
bo_cmd_run (int argc, char **argv)
{
  BoCliSelection selection = { 0 };
  BoCliWatchOptions options = { 0 };
  g_autofree char *device = NULL;
  gboolean attached = FALSE;
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING, &device, N_ ("Where to build: a saved device's name or a URL"), N_ ("DEVICE") },
    { "detach", 0, 0, G_OPTION_ARG_NONE, &options.detach, N_ ("Leave as soon as the campaign is on the device"), NULL },
    { "attached", 0, 0, G_OPTION_ARG_NONE, &attached, N_ ("Play the campaign from this computer, which must stay awake and connected"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object a line for each thing that happens"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, N_ ("Print no progress"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[STUDY]"));
  g_autoptr (BoDeviceUrl) url = NULL;
  g_autoptr (BoStore) store = NULL;
  g_autoptr (BoSession) session = NULL;
  g_autoptr (BoStudy) study = NULL;
  g_autoptr (GPtrArray) cells = NULL;
  g_autoptr (GError) error = NULL;
  int exit_code;

  g_option_context_set_summary (context, _ ("Builds what the study asks for on a device, measures it and keeps the results."));
  g_option_context_set_description (
      context, _ ("STUDY is a bakeoff.json or a folder that has one; the current folder if it is left out.\n"
                  "\n"
                  "On a device that is reached over ssh:// or tcp:// the campaign is handed over: a small program there\n"
                  "plays it to its end, also when this computer sleeps, loses the connection or is switched off.\n"
                  "“bakeoff-cli attach” follows it again and records what happened meanwhile. With --attached, and on\n"
                  "this computer's own engine, a build ends with this program; --detach hands over there as well.\n"
                  "\n"
                  "Ctrl+C leaves a campaign that is on the device; a second Ctrl+C within 5 s cancels it. Otherwise Ctrl+C\n"
                  "cancels the build on the engine. Cleaning up is part of it, and what has finished is kept.\n\n"
                  "Examples:\n"
                  "  bakeoff-cli run\n"
                  "  bakeoff-cli run --device ssh://me@jetson.local --first-look\n"
                  "  bakeoff-cli run --device nano --detach\n"
                  "  bakeoff-cli run --missing\n"
                  "  bakeoff-cli run --only original --only 'multi-stage/*/buildkit' --repetitions 4\n"
                  "  bakeoff-cli run --seed 42 --json > run.jsonl"));
  bo_cli_selection_add_options (&selection, context);
  bo_cli_selection_add_missing_option (&selection, context);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    exit_code = bo_cli_usage ("run", "%s", error->message);
  else if (argc > 2)
    exit_code = bo_cli_usage ("run", _ ("“%s” is one argument too many"), argv[2]);
  else if (options.detach && attached)
    exit_code = bo_cli_usage ("run", _ ("--detach and --attached exclude each other"));
  else
    exit_code = bo_cli_selection_load (&selection, "run", argc == 2 ? argv[1] : NULL, &study, &cells);

  if (exit_code == BO_EXIT_OK)
    exit_code = bo_cli_find_device ("run", device, &url);
  if (exit_code == BO_EXIT_OK && (store = bo_cli_open_store ()) == NULL)
    exit_code = BO_EXIT_INTERNAL;
  if (exit_code == BO_EXIT_OK)
    exit_code = bo_cli_selection_keep_missing (&selection, store, url, study, cells);
  if (exit_code == BO_EXIT_OK && cells->len > 0)
    {
      BoSessionRequest request = {
        .study = study,
        .cells = cells,
        .repetitions = selection.repetitions > 0 ? (guint) selection.repetitions : study->repetitions,
        .seed = selection.seed,
        .place = attached ? BO_PLACE_HERE : options.detach ? BO_PLACE_DEVICE : BO_PLACE_AUTO,
      };

      session = bo_session_new (store, url);
      bo_session_begin (session, &request);
      exit_code = bo_cli_watch (store, session, &options);
      g_clear_object (&session);
    }
  if (store != NULL)
    bo_store_close_sync (store);
  bo_cli_selection_clear (&selection);
  return exit_code;
}
