/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-log"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "bo-cli-commands.h"
#include "bo-cli-store.h"
#include "bo-cli.h"
#include "bo-table.h"
#include "journal/bo-recorder.h"

typedef struct
{
  gint step;
  gboolean times;
  gboolean color;
  const BoStep *last;
} LogPrinter;

static gboolean
print_line_cb (const BoStep *step, const BoLogLine *line, gpointer user_data)
{
  LogPrinter *printer = user_data;
  g_autofree char *clean = NULL;

  if (printer->step >= 0 && (int) step->number != printer->step)
    return TRUE;

  if (step != printer->last)
    {
      g_autofree char *instruction = bo_table_clean (step->instruction, 0);

      if (step->number > 0 && step->stage != NULL)
        g_print ("=== %s %u/%u %s\n", step->stage, step->number, step->total, instruction);
      else if (step->number > 0)
        g_print ("=== %u/%u %s\n", step->number, step->total, instruction);
      else
        g_print ("=== %s\n", instruction);
      printer->last = step;
    }

  /* Colours are for a terminal; a file or another program gets the text. */
  clean = printer->color ? g_strdup (line->text) : bo_table_clean (line->text, 0);
  if (printer->times)
    g_print ("%10.3f  %s\n", line->time_us / 1e6, clean);
  else
    g_print ("%s\n", clean);
  return TRUE;
}

int
bo_cmd_log (int argc, char **argv)
{
  LogPrinter printer = { .step = -1 };
  const GOptionEntry entries[] = {
    { "step", 0, 0, G_OPTION_ARG_INT, &printer.step, N_ ("Only this step of the Dockerfile"), N_ ("NUMBER") },
    { "times", 't', 0, G_OPTION_ARG_NONE, &printer.times, N_ ("Begin each line with seconds since the build began"), NULL },
    { "color", 0, 0, G_OPTION_ARG_NONE, &printer.color, N_ ("Keep the build's own colours"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("TRIAL"));
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = NULL;
  g_autoptr (BoTrial) trial = NULL;
  g_autoptr (BoCampaign) campaign = NULL;
  g_autofree char *id = NULL;
  g_autofree char *folder = NULL;

  g_option_context_set_summary (context, _ ("Prints the whole log of a trial's build, step by step, from its journal."));
  g_option_context_set_description (context, _ ("Examples:\n"
                                                "  bakeoff-cli log 3\n"
                                                "  bakeoff-cli log 20261124-061200-3fa9.3 --step 5 --times"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("log", "%s", error->message);
  if (argc != 2)
    return bo_cli_usage ("log", "%s", _ ("name one trial"));

  store = bo_cli_open_store ();
  if (store == NULL)
    return BO_EXIT_INTERNAL;
  id = bo_cli_find_trial (store, argv[1], &error);
  if (id != NULL)
    trial = bo_store_get_trial_sync (store, id, &error);
  if (trial != NULL)
    campaign = bo_store_get_campaign_sync (store, trial->campaign, &error);
  if (campaign == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INPUT;
    }

  folder = bo_store_get_campaign_folder (store, campaign->id);
  if (!bo_journal_read_log (folder, campaign, id, print_line_cb, &printer, &error))
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INPUT;
    }
  if (printer.last == NULL)
    {
      if (printer.step >= 0)
        bo_cli_error (_ ("step %d of trial %s wrote nothing"), printer.step, id);
      else
        bo_cli_error (_ ("trial %s has no log: %s"), id, bo_outcome_get_title (trial->outcome));
      return BO_EXIT_FAILED;
    }
  return BO_EXIT_OK;
}
