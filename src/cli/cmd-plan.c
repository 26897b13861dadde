/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-plan"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "bench/bo-docker-command.h"
#include "bench/bo-plan-estimate.h"
#include "bench/bo-preparation.h"
#include "bo-cli-commands.h"
#include "bo-cli-device.h"
#include "bo-cli-selection.h"
#include "bo-cli-store.h"
#include "bo-cli.h"
#include "bo-table.h"
#include "device/bo-device-facts.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-engine.h"
#include "insight/bo-duration.h"

typedef struct
{
  BoCliSelection selection;
  char *device;
  gboolean offline;
  gboolean json;
  gboolean docker;

  GMainLoop *loop;
  BoStore *store;
  BoStudy *study;
  GPtrArray *cells;
  BoEngine *engine;
  char *url;
  BoDeviceFacts *facts;
  GHashTable *estimates;
  int exit_code;
} Plan;

static char *
describe_conditions (const BoPlannedChain *chain)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < chain->trials->len; i++)
    {
      const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, i);

      if (text->len > 0)
        g_string_append (text, " → ");
      if (trial->kind == BO_TRIAL_PRIMING)
        g_string_append (text, _ ("priming (not counted)"));
      else
        g_string_append (text, bo_condition_to_string (trial->cell->condition));
    }
  return g_string_free (text, FALSE);
}

static char *
describe_time (Plan *self, const BoPlannedChain *chain)
{
  gint64 total = 0;

  for (guint i = 0; i < chain->trials->len; i++)
    {
      g_autofree char *key = bo_estimate_get_key (g_ptr_array_index (chain->trials, i));
      const BoEstimate *estimate = g_hash_table_lookup (self->estimates, key);

      if (estimate == NULL)
        return g_strdup ("?");
      total += MAX (0, estimate->build_us) + MAX (0, estimate->overhead_us);
    }
  return bo_duration_format (total);
}

static void
print_order (Plan *self, const BoPlan *plan)
{
  g_autoptr (BoTable) table
      = bo_table_new (_ (">#"), _ (">BLOCK"), _ ("STRATEGY"), _ ("BASE"), _ ("BUILDER"), _ ("BUILDS"), _ (">ABOUT"), NULL);

  for (guint i = 0; i < plan->prebuilds->len; i++)
    {
      const BoPlannedPrebuild *prebuild = g_ptr_array_index (plan->prebuilds, i);
      g_autofree char *key = bo_estimate_get_key (prebuild->trial);
      const BoEstimate *estimate = g_hash_table_lookup (self->estimates, key);
      g_autofree char *time = estimate != NULL ? bo_duration_format (estimate->build_us) : g_strdup ("?");
      g_autofree char *name = g_strdup_printf (_ ("prebuild “%s”"), prebuild->prebuild->as);

      bo_table_add (table, "", _ ("first"), name, prebuild->base, bo_builder_to_string (prebuild->builder), "cold", time,
                    NULL);
    }
  for (guint i = 0; i < plan->chains->len; i++)
    {
      const BoPlannedChain *chain = g_ptr_array_index (plan->chains, i);
      const BoPlannedTrial *first = g_ptr_array_index (chain->trials, 0);
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      g_autofree char *block = g_strdup_printf ("%u", chain->repetition);
      g_autofree char *builds = first->unsupported != NULL ? g_strdup_printf (_ ("unsupported here: %s"), first->unsupported)
                                                           : describe_conditions (chain);
      g_autofree char *time = first->unsupported != NULL ? g_strdup ("") : describe_time (self, chain);

      bo_table_add (table, number, block, chain->strategy->title, chain->base, bo_builder_to_string (chain->builder),
                    builds, time, NULL);
    }
  bo_table_print (table, "  ");
}

static void
print_bases (Plan *self, const BoPlan *plan)
{
  for (guint i = 0; i < plan->campaign->bases->len; i++)
    {
      const BoBaseImage *base = g_ptr_array_index (plan->campaign->bases, i);
      g_autofree char *size = base->size > 0 ? bo_size_format (base->size) : NULL;

      if (self->engine == NULL)
        g_print ("  %s\n", base->image);
      else if (base->image_id != NULL)
        g_print (_ ("  %s  is there, %s\n"), base->image, size != NULL ? size : "?");
      else
        g_print (_ ("  %s  will be pulled first\n"), base->image);
    }
}

/* Whether the disk will do, as far as that can be said; FALSE when it will not. */
static gboolean
print_disk (Plan *self, const BoPlanEstimate *estimate)
{
  g_autofree char *peak = bo_size_format (estimate->peak_bytes);
  g_autofree char *free_text = NULL;

  if (estimate->n_unknown_sizes > 0 || estimate->n_missing_bases > 0)
    g_print (_ ("Disk: at least %s more at its peak (%u image sizes and %u base images are not known yet)\n"), peak,
             estimate->n_unknown_sizes, estimate->n_missing_bases);
  else
    g_print (_ ("Disk: %s more at its peak\n"), peak);
  if (self->facts == NULL || self->facts->free_disk < 0)
    {
      g_print ("%s\n", _ ("Free on the device: unknown"));
      return TRUE;
    }
  free_text = bo_size_format (self->facts->free_disk);
  g_print (_ ("Free on the device: %s in %s\n"), free_text, self->facts->root_dir);
  if (estimate->peak_bytes <= self->facts->free_disk)
    return TRUE;
  g_print ("%s\n", _ ("THE DISK WILL NOT DO. Make room, select fewer cells with --only, or set \"keep\" to \"none\"."));
  return FALSE;
}

static void
print_text (Plan *self, const BoOutlook *outlook, const BoPlanEstimate *estimate)
{
  const BoPlan *plan = outlook->plan;
  g_autofree char *context = bo_size_format (outlook->sources->context_bytes);
  g_autofree char *known = bo_duration_format (estimate->known_us);

  g_print (_ ("%s on %s\n"), plan->study->name, self->url != NULL ? self->url : _ ("no device (--offline)"));
  g_print (_ ("%u trials in %u chains, %u priming builds, %u prebuilds; seed %" PRIu64 "\n"), plan->n_counted,
           plan->chains->len, plan->n_priming, plan->prebuilds->len, plan->campaign->seed);
  g_print (_ ("Context: %s in %u entries\n\n"), context, outlook->sources->n_context_files);
  g_print ("%s\n", _ ("Base images:"));
  print_bases (self, plan);
  g_print ("\n%s\n", _ ("Order:"));
  print_order (self, plan);
  g_print ("\n");
  if (estimate->n_unknown == 0)
    g_print (_ ("Time: about %s\n"), known);
  else if (estimate->n_known > 0)
    g_print (_ ("Time: about %s for %u builds that ran before; %u never ran\n"), known, estimate->n_known,
             estimate->n_unknown);
  else
    g_print ("%s\n", _ ("Time: not known, as none of these builds ran before"));
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
print_json (Plan *self, const BoOutlook *outlook, const BoPlanEstimate *estimate)
{
  const BoPlan *plan = outlook->plan;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  add_string (builder, "study", plan->study->id);
  add_string (builder, "device", self->url);
  /* As text: a seed may be larger than what JSON readers keep exactly. */
  json_builder_set_member_name (builder, "seed");
  {
    g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, plan->campaign->seed);

    json_builder_add_string_value (builder, seed);
  }
  add_int (builder, "counted", plan->n_counted);
  add_int (builder, "priming", plan->n_priming);
  add_int (builder, "contextBytes", outlook->sources->context_bytes);
  json_builder_set_member_name (builder, "bases");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->campaign->bases->len; i++)
    {
      const BoBaseImage *base = g_ptr_array_index (plan->campaign->bases, i);

      json_builder_begin_object (builder);
      add_string (builder, "image", base->image);
      add_string (builder, "id", base->image_id);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "prebuilds");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->prebuilds->len; i++)
    {
      const BoPlannedPrebuild *prebuild = g_ptr_array_index (plan->prebuilds, i);

      json_builder_begin_object (builder);
      add_string (builder, "as", prebuild->prebuild->as);
      add_string (builder, "base", prebuild->base);
      add_string (builder, "builder", bo_builder_to_string (prebuild->builder));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "chains");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->chains->len; i++)
    {
      const BoPlannedChain *chain = g_ptr_array_index (plan->chains, i);
      const BoPlannedTrial *first = g_ptr_array_index (chain->trials, 0);

      json_builder_begin_object (builder);
      add_string (builder, "strategy", chain->strategy->id);
      add_string (builder, "base", chain->base);
      add_string (builder, "builder", bo_builder_to_string (chain->builder));
      add_int (builder, "repetition", chain->repetition);
      add_string (builder, "unsupported", first->unsupported);
      json_builder_set_member_name (builder, "builds");
      json_builder_begin_array (builder);
      for (guint t = 0; t < chain->trials->len; t++)
        {
          const BoPlannedTrial *trial = g_ptr_array_index (chain->trials, t);

          json_builder_add_string_value (builder, trial->kind == BO_TRIAL_PRIMING
                                                      ? "priming"
                                                      : bo_condition_to_string (trial->cell->condition));
        }
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "estimate");
  json_builder_begin_object (builder);
  add_int (builder, "knownUs", estimate->known_us);
  add_int (builder, "known", estimate->n_known);
  add_int (builder, "unknown", estimate->n_unknown);
  add_int (builder, "peakBytes", estimate->peak_bytes);
  add_int (builder, "unknownSizes", estimate->n_unknown_sizes);
  add_int (builder, "missingBases", estimate->n_missing_bases);
  json_builder_set_member_name (builder, "freeBytes");
  if (self->facts != NULL && self->facts->free_disk >= 0)
    json_builder_add_int_value (builder, self->facts->free_disk);
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

static void
fail (Plan *self, int exit_code, const GError *error)
{
  bo_cli_error ("%s", error->message);
  if (error->domain == BO_ENGINE_ERROR)
    {
      bo_cli_print_remedy (error);
      g_printerr ("%s\n", _ ("“--offline” plans without a device."));
    }
  self->exit_code = exit_code;
  g_main_loop_quit (self->loop);
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Plan *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoOutlook) outlook = bo_preparation_look_finish (result, &error);
  BoPlanEstimate estimate;

  if (outlook == NULL)
    {
      fail (self, error->domain == BO_ENGINE_ERROR ? BO_EXIT_DEVICE : BO_EXIT_INPUT, error);
      return;
    }

  self->estimates = bo_store_get_estimates_sync (self->store, self->study->id, self->url, &error);
  if (self->estimates == NULL)
    {
      fail (self, BO_EXIT_INTERNAL, error);
      return;
    }
  estimate = bo_plan_estimate (outlook->plan, self->estimates);
  if (self->json)
    {
      print_json (self, outlook, &estimate);
      if (self->facts != NULL && self->facts->free_disk >= 0 && estimate.peak_bytes > self->facts->free_disk)
        self->exit_code = BO_EXIT_FAILED;
    }
  else
    {
      print_text (self, outlook, &estimate);
      if (!print_disk (self, &estimate))
        self->exit_code = BO_EXIT_FAILED;
    }
  g_main_loop_quit (self->loop);
}

static void
look (Plan *self)
{
  BoPreparationOptions options = {
    .study = self->study,
    .cells = self->cells,
    .repetitions = self->selection.repetitions > 0 ? (guint) self->selection.repetitions : self->study->repetitions,
    .seed = self->selection.seed,
    .device_url = self->url,
    .socket_path = self->engine != NULL ? bo_engine_get_socket_path (self->engine) : NULL,
  };

  bo_preparation_look_async (&options, NULL, looked_cb, self);
}

static void
facts_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Plan *self = user_data;
  g_autoptr (GError) error = NULL;

  self->facts = bo_device_facts_read_finish (BO_ENGINE (object), result, &error);
  if (self->facts == NULL)
    fail (self, BO_EXIT_DEVICE, error);
  else
    look (self);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Plan *self = user_data;
  g_autoptr (GError) error = NULL;

  self->engine = bo_engine_open_finish (result, &error);
  if (self->engine == NULL)
    {
      fail (self, BO_EXIT_DEVICE, error);
      return;
    }
  self->url = bo_device_url_to_string (bo_connection_get_url (bo_engine_get_connection (self->engine)));
  bo_device_facts_read_async (self->engine, NULL, facts_cb, self);
}

static void
print_docker (Plan *self, const BoDeviceUrl *url)
{
  g_autofree char *device = url != NULL ? bo_device_url_to_string (url) : NULL;

  for (guint i = 0; i < self->cells->len; i++)
    {
      const BoCell *cell = g_ptr_array_index (self->cells, i);
      g_autofree char *key = bo_cell_get_key (cell);
      g_autofree char *command = bo_docker_command_new (self->study, cell, device);

      g_print ("%s# %s\n%s", i > 0 ? "\n" : "", key, command);
    }
}

int
bo_cmd_plan (int argc, char **argv)
{
  Plan self = { 0 };
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING, &self.device, N_ ("Where it would run: a saved device's name or a URL"), N_ ("DEVICE") },
    { "offline", 0, 0, G_OPTION_ARG_NONE, &self.offline, N_ ("Ask no device"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, N_ ("Print JSON"), NULL },
    { "docker", 0, 0, G_OPTION_ARG_NONE, &self.docker, N_ ("Print the docker build that comes nearest to each cell, and ask no device"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[STUDY]"));
  g_autoptr (BoDeviceUrl) url = NULL;
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, _ ("Shows what “run” would do: the chains, their order, the time and the disk. Starts nothing."));
  g_option_context_set_description (context, _ ("Exits with 1 when the disk of the device will not do.\n\n"
                                                "Examples:\n"
                                                "  bakeoff-cli plan\n"
                                                "  bakeoff-cli plan --device ssh://me@jetson.local --repetitions 4 --seed 42\n"
                                                "  bakeoff-cli plan --missing\n"
                                                "  bakeoff-cli plan --docker --only 'original/*/classic/cold'\n"
                                                "  bakeoff-cli plan --offline --only '*/dusty'"));
  bo_cli_selection_add_options (&self.selection, context);
  bo_cli_selection_add_missing_option (&self.selection, context);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("plan", "%s", error->message);
  if (argc > 2)
    return bo_cli_usage ("plan", _ ("“%s” is one argument too many"), argv[2]);

  self.exit_code = bo_cli_selection_load (&self.selection, "plan", argc == 2 ? argv[1] : NULL, &self.study, &self.cells);
  /* What is missing is missing on a device, though it need not be asked. */
  if (self.exit_code == BO_EXIT_OK && (!self.offline || self.selection.missing))
    self.exit_code = bo_cli_find_device ("plan", self.device, &url);
  if (self.exit_code == BO_EXIT_OK && (self.store = bo_cli_open_store ()) == NULL)
    self.exit_code = BO_EXIT_INTERNAL;
  if (self.exit_code == BO_EXIT_OK)
    self.exit_code = bo_cli_selection_keep_missing (&self.selection, self.store, url, self.study, self.cells);
  if (self.exit_code == BO_EXIT_OK && self.docker)
    print_docker (&self, self.device != NULL ? url : NULL);
  else if (self.exit_code == BO_EXIT_OK && (self.cells->len > 0 || self.json))
    {
      self.loop = g_main_loop_new (NULL, FALSE);
      if (self.offline)
        look (&self);
      else
        bo_engine_open_async (url, NULL, opened_cb, &self);
      g_main_loop_run (self.loop);
    }

  if (self.engine != NULL)
    bo_connection_close (bo_engine_get_connection (self.engine));
  g_clear_object (&self.engine);
  if (self.store != NULL)
    bo_store_close_sync (self.store);
  g_clear_object (&self.store);
  g_clear_pointer (&self.facts, bo_device_facts_free);
  g_clear_pointer (&self.estimates, g_hash_table_unref);
  g_clear_pointer (&self.cells, g_ptr_array_unref);
  g_clear_pointer (&self.study, bo_study_unref);
  g_clear_pointer (&self.loop, g_main_loop_unref);
  bo_cli_selection_clear (&self.selection);
  g_free (self.device);
  g_free (self.url);
  return self.exit_code;
}
