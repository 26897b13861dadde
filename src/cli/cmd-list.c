/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-list"

#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "bo-cli-commands.h"
#include "bo-cli-store.h"
#include "bo-cli.h"
#include "bo-table.h"
#include "insight/bo-duration.h"

static void
print_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);

  g_print ("%s\n", text);
}

static char *
describe_outcomes (const BoCampaignSummary *campaign)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < BO_N_OUTCOMES; i++)
    {
      if (campaign->n_outcomes[i] == 0)
        continue;
      g_string_append_printf (text, "%s%u %s", text->len > 0 ? ", " : "", campaign->n_outcomes[i],
                              bo_outcome_get_title (i));
    }
  return g_string_free (text, FALSE);
}

static int
list_campaigns (BoStore *store, const char *study, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) campaigns = bo_store_list_campaigns_sync (store, study, &error);
  g_autoptr (BoTable) table = NULL;

  if (campaigns == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INTERNAL;
    }

  if (json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_array (builder);
      for (guint i = 0; i < campaigns->len; i++)
        {
          const BoCampaignSummary *campaign = g_ptr_array_index (campaigns, i);

          json_builder_begin_object (builder);
          json_builder_set_member_name (builder, "id");
          json_builder_add_string_value (builder, campaign->id);
          json_builder_set_member_name (builder, "study");
          json_builder_add_string_value (builder, campaign->study_id);
          json_builder_set_member_name (builder, "name");
          json_builder_add_string_value (builder, campaign->study_name);
          json_builder_set_member_name (builder, "device");
          json_builder_add_string_value (builder, campaign->device_url);
          json_builder_set_member_name (builder, "state");
          json_builder_add_string_value (builder, bo_campaign_state_to_string (campaign->state));
          json_builder_set_member_name (builder, "createdUs");
          json_builder_add_int_value (builder, campaign->created_us);
          json_builder_set_member_name (builder, "outcomes");
          json_builder_begin_object (builder);
          for (guint o = 0; o < BO_N_OUTCOMES; o++)
            {
              json_builder_set_member_name (builder, bo_outcome_to_string (o));
              json_builder_add_int_value (builder, campaign->n_outcomes[o]);
            }
          json_builder_end_object (builder);
          json_builder_end_object (builder);
        }
      json_builder_end_array (builder);
      print_json (builder);
      return BO_EXIT_OK;
    }

  if (campaigns->len == 0)
    {
      g_print ("%s\n", _ ("There are no results yet. “bakeoff-cli run” makes some."));
      return BO_EXIT_OK;
    }
  table = bo_table_new (_ ("CAMPAIGN"), _ ("STUDY"), _ ("DEVICE"), _ ("STATE"), _ ("TRIALS"), NULL);
  for (guint i = 0; i < campaigns->len; i++)
    {
      const BoCampaignSummary *campaign = g_ptr_array_index (campaigns, i);
      g_autofree char *outcomes = describe_outcomes (campaign);

      bo_table_add (table, campaign->id, campaign->study_name, campaign->device_url,
                    bo_campaign_state_to_string (campaign->state), outcomes, NULL);
    }
  bo_table_print (table, "");
  return BO_EXIT_OK;
}

static const char *
describe_cuda (const BoTrial *trial)
{
  for (guint i = 0; i < trial->probes->len; i++)
    {
      const BoProbeResult *probe = g_ptr_array_index (trial->probes, i);

      if (probe->kind != BO_PROBE_CUDA)
        continue;
      if (probe->verdict == BO_VERDICT_YES)
        return probe->simulated ? _ ("yes (simulated)") : _ ("yes");
      return bo_verdict_to_string (probe->verdict);
    }
  return "";
}

static int
list_trials (BoStore *store, const char *word, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *campaign = bo_cli_find_campaign (store, word, &error);
  g_autoptr (GPtrArray) trials = NULL;
  g_autoptr (BoTable) table = NULL;

  if (campaign == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INPUT;
    }
  trials = bo_store_list_trials_sync (store, NULL, campaign, NULL, &error);
  if (trials == NULL)
    {
      bo_cli_error ("%s", error->message);
      return BO_EXIT_INTERNAL;
    }

  if (json)
    {
      g_print ("[");
      for (guint i = 0; i < trials->len; i++)
        {
          g_autofree char *text = bo_trial_to_json (g_ptr_array_index (trials, i));

          g_print ("%s\n%s", i > 0 ? "," : "", text);
        }
      g_print ("\n]\n");
      return BO_EXIT_OK;
    }

  table = bo_table_new (_ ("TRIAL"), _ ("CELL"), _ (">REP"), _ ("OUTCOME"), _ (">BUILD TIME"), _ (">IMAGE"), _ ("CUDA"),
                        NULL);
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);
      g_autofree char *key = bo_cell_get_key (trial->cell);
      g_autofree char *cell = trial->kind == BO_TRIAL_COUNTED
                                  ? g_strdup (key)
                                  : g_strdup_printf ("%s (%s)", key, bo_trial_kind_to_string (trial->kind));
      g_autofree char *repetition = g_strdup_printf ("%u", trial->repetition);
      g_autofree char *time = trial->build_us >= 0 ? bo_duration_format (trial->build_us) : g_strdup ("");
      g_autofree char *size = trial->image != NULL ? bo_size_format (trial->image->size) : g_strdup ("");

      bo_table_add (table, trial->id, cell, repetition, bo_outcome_get_title (trial->outcome), time, size,
                    describe_cuda (trial), NULL);
    }
  bo_table_print (table, "");
  return BO_EXIT_OK;
}

int
bo_cmd_list (int argc, char **argv)
{
  gboolean json = FALSE;
  g_autofree char *study = NULL;
  const GOptionEntry entries[] = {
    { "study", 0, 0, G_OPTION_ARG_STRING, &study, N_ ("Only campaigns of this study"), N_ ("ID") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[CAMPAIGN]"));
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = NULL;

  g_option_context_set_summary (context, _ ("Lists the campaigns that were run, or the trials of one."));
  g_option_context_set_description (context, _ ("Examples:\n"
                                                "  bakeoff-cli list\n"
                                                "  bakeoff-cli list latest\n"
                                                "  bakeoff-cli list 20261124-061200-3fa9 --json"));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("list", "%s", error->message);
  if (argc > 2)
    return bo_cli_usage ("list", _ ("“%s” is one argument too many"), argv[2]);

  store = bo_cli_open_store ();
  if (store == NULL)
    return BO_EXIT_INTERNAL;
  return argc == 2 ? list_trials (store, argv[1], json) : list_campaigns (store, study, json);
}
