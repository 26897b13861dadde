/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-queue"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "bench/bo-queue.h"
#include "bo-cli-commands.h"
#include "bo-cli-running.h"
#include "bo-cli.h"
#include "bo-table.h"
#include "study/bo-names.h"

typedef struct
{
  char **first;
  char **remove;
  gboolean json;
} Queue;

static void
print_json (const BoCampaign *campaign, GPtrArray *queue)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "campaign");
  json_builder_add_string_value (builder, campaign->id);
  json_builder_set_member_name (builder, "chains");
  json_builder_begin_array (builder);
  for (guint i = 0; i < queue->len; i++)
    {
      const BoQueueEntry *entry = g_ptr_array_index (queue, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "chain");
      json_builder_add_string_value (builder, entry->chain);
      json_builder_set_member_name (builder, "title");
      json_builder_add_string_value (builder, entry->title);
      json_builder_set_member_name (builder, "trials");
      json_builder_begin_array (builder);
      for (guint t = 0; t < entry->trials->len; t++)
        json_builder_add_string_value (builder, ((const BoPlannedTrial *) g_ptr_array_index (entry->trials, t))->id);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

static void
print_queue (const BoCampaign *campaign, GPtrArray *queue)
{
  g_autoptr (BoTable) table = bo_table_new (_ ("CHAIN"), _ ("WHAT"), _ ("TRIALS"), NULL);

  if (queue->len == 0)
    {
      g_print (_ ("Nothing of campaign %s is still to come.\n"), campaign->id);
      return;
    }
  g_print (_ ("Still to come of campaign %s, after the chain under way:\n\n"), campaign->id);
  for (guint i = 0; i < queue->len; i++)
    {
      const BoQueueEntry *entry = g_ptr_array_index (queue, i);
      g_autoptr (GString) trials = g_string_new (NULL);

      for (guint t = 0; t < entry->trials->len; t++)
        {
          const BoPlannedTrial *trial = g_ptr_array_index (entry->trials, t);

          g_string_append_printf (trials, "%s%s", t > 0 ? ", " : "",
                                  trial->kind == BO_TRIAL_PRIMING ? _ ("priming")
                                                                  : bo_condition_to_string (trial->cell->condition));
        }
      bo_table_add (table, entry->chain, entry->title, trials->str, NULL);
    }
  bo_table_print (table, "");
}

static int
change_cb (BoRunning *running, gpointer user_data)
{
  const Queue *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) queue = bo_running_list_queue (running, &error);
  gboolean changed = FALSE;

  if (queue == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INTERNAL;
    }
  for (guint i = 0; self->remove != NULL && self->remove[i] != NULL; i++)
    {
      if (!bo_queue_remove (queue, self->remove[i]))
        return bo_cli_usage ("queue", _ ("nothing that is still to come matches “%s”"), self->remove[i]);
      changed = TRUE;
    }
  for (guint i = self->first != NULL ? g_strv_length (self->first) : 0; i > 0; i--)
    {
      if (!bo_queue_move_first (queue, self->first[i - 1]))
        return bo_cli_usage ("queue", _ ("nothing that is still to come matches “%s”"), self->first[i - 1]);
      changed = TRUE;
    }
  if (changed)
    {
      g_auto (GStrv) chains = bo_queue_get_chains (queue);

      if (!bo_running_set_order (running, (const char *const *) chains, &error))
        {
          bo_cli_error (_ ("the order could not be changed: %s"), error->message);
          return BO_EXIT_DEVICE;
        }
    }
  if (self->json)
    print_json (running->campaign, queue);
  else
    print_queue (running->campaign, queue);
  return BO_EXIT_OK;
}

int
bo_cmd_queue (int argc, char **argv)
{
  Queue self = { 0 };
  g_autofree char *device = NULL;
  g_auto (GStrv) first = NULL;
  g_auto (GStrv) remove = NULL;
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING, &device, N_ ("Where the campaign runs: a saved device's name or a URL"), N_ ("DEVICE") },
    { "first", 0, 0, G_OPTION_ARG_STRING_ARRAY, &first, N_ ("Play these before all others"), N_ ("CHAIN") },
    { "remove", 0, 0, G_OPTION_ARG_STRING_ARRAY, &remove, N_ ("Do not play these"), N_ ("CHAIN") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, N_ ("Print JSON"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  int exit_code;

  g_option_context_set_summary (context, _ ("Shows, reorders and removes what is still to come of the campaign that runs on a device."));
  g_option_context_set_description (
      context, _ ("CHAIN is an id as listed (c3), or STRATEGY/BASE/BUILDER with * for any. The trials of a chain stay together.\n"
                  "What is removed is recorded as cancelled. A change takes effect when the chain under way has ended.\n\n"
                  "Examples:\n"
                  "  bakeoff-cli queue --device nano\n"
                  "  bakeoff-cli queue --device nano --first 'multi-stage/*' --remove c7"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("queue", "%s", error->message);
  if (argc > 1)
    return bo_cli_usage ("queue", _ ("“%s” is one argument too many"), argv[1]);
  self.first = first;
  self.remove = remove;
  exit_code = bo_cli_with_running ("queue", device, change_cb, &self);
  return exit_code;
}
