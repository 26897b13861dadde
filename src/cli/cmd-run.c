/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "cmd-run"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "bench/bo-campaign-folder.h"
#include "bench/bo-closing.h"
#include "bench/bo-preparation.h"
#include "bench/bo-recovery.h"
#include "bench/bo-runner.h"
#include "bo-cli-commands.h"
#include "bo-cli-device.h"
#include "bo-cli-selection.h"
#include "bo-cli-store.h"
#include "bo-cli.h"
#include "bo-progress.h"
#include "bo-table.h"
#include "device/bo-device-facts.h"
#include "engine/bo-engine.h"
#include "engine/bo-engine-error.h"
#include "findings/bo-report.h"
#include "insight/bo-duration.h"
#include "study/bo-names.h"

#define REFRESH_MS 200

typedef struct
{
  /* Options */
  BoCliSelection selection;
  char *device;
  gboolean json;
  gboolean quiet;

  /* In progress */
  GMainLoop *loop;
  GCancellable *cancellable;
  BoProgress *progress;
  BoStore *store;
  BoStudy *study;
  GPtrArray *cells;
  BoEngine *engine;
  char *url;
  char *facts;
  BoCampaign *campaign;
  BoRunner *runner;
  GHashTable *estimates;
  GHashTable *told;
  gint64 begun_us;
  gint64 trial_begun_us;
  char *trial_shown;
  guint n_done;
  guint n_total;
  int lock;
  gboolean stopping;
  int exit_code;
} Run;

static void
finish (Run *self, int exit_code)
{
  if (self->exit_code == BO_EXIT_OK)
    self->exit_code = exit_code;
  g_main_loop_quit (self->loop);
}

static void
fail (Run *self, int exit_code, const GError *error)
{
  bo_progress_clear (self->progress);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      bo_cli_error (_ ("stopped before anything was built"));
      finish (self, BO_EXIT_CANCELLED);
      return;
    }
  bo_cli_error ("%s", error->message);
  if (error->domain == BO_ENGINE_ERROR)
    bo_cli_print_remedy (error);
  finish (self, exit_code);
}

/* --- What a person sees ------------------------------------------------------ */

static const char *
get_strategy_title (Run *self, const char *id)
{
  const BoStrategy *strategy = bo_study_get_strategy (self->study, id);

  return strategy != NULL ? strategy->title : id;
}

static char *
describe_trial (Run *self, const BoTrial *trial)
{
  if (trial->kind == BO_TRIAL_PREBUILD)
    return g_strdup_printf (_ ("prebuild %s · %s · %s"), trial->prebuild, trial->cell->base,
                            bo_builder_to_string (trial->cell->builder));
  return g_strdup_printf ("%s · %s · %s · %s #%u%s", get_strategy_title (self, trial->cell->strategy),
                          trial->cell->base, bo_builder_to_string (trial->cell->builder),
                          bo_condition_to_string (trial->cell->condition), trial->repetition,
                          trial->kind == BO_TRIAL_PRIMING ? _ (" (priming)") : "");
}

static char *
describe_result (const BoTrial *trial)
{
  GString *text = g_string_new (bo_outcome_get_title (trial->outcome));

  if (trial->outcome == BO_OUTCOME_SUCCEEDED)
    {
      g_autofree char *time = bo_duration_format (trial->build_us);

      g_string_assign (text, time);
      if (trial->image != NULL && trial->image->size >= 0)
        {
          g_autofree char *size = bo_size_format (trial->image->size);

          g_string_append_printf (text, ", %s", size);
        }
    }
  else if (trial->reason != NULL)
    {
      g_autofree char *reason = bo_table_clean (trial->reason, 160);

      g_string_append_printf (text, ": %s", reason);
    }
  return g_string_free (text, FALSE);
}

static void
print_json_line (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);

  g_print ("%s\n", text);
}

static void
tell_campaign (Run *self, const char *event, const char *state)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!self->json)
    return;
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, event);
  json_builder_set_member_name (builder, "campaign");
  json_builder_add_string_value (builder, self->campaign->id);
  json_builder_set_member_name (builder, "trials");
  json_builder_add_int_value (builder, self->n_total);
  if (state != NULL)
    {
      json_builder_set_member_name (builder, "state");
      json_builder_add_string_value (builder, state);
    }
  json_builder_end_object (builder);
  print_json_line (builder);
}

static void
tell_record (const char *event, const BoTrial *trial)
{
  g_autoptr (JsonNode) node = bo_trial_to_node (trial);
  g_autofree char *text = json_to_string (node, FALSE);

  g_print ("{\"event\":\"%s\",\"trial\":%s}\n", event, text);
}

/*
 * A trial's line is printed once, when its build is over and its image's size is
 * known; its probes come with the summary, and for a program with the "record" at
 * the end of the campaign.
 */
static void
tell_trial (Run *self, const BoTrial *trial, gboolean last_chance)
{
  gboolean waits = trial->outcome == BO_OUTCOME_SUCCEEDED && (trial->image == NULL || trial->image->size < 0);

  if (trial->outcome == BO_OUTCOME_PENDING || trial->outcome == BO_OUTCOME_RUNNING || (waits && !last_chance)
      || g_hash_table_contains (self->told, trial->id))
    return;

  g_hash_table_add (self->told, g_strdup (trial->id));
  self->n_done++;
  if (self->json)
    tell_record ("trial", trial);
  else
    {
      g_autofree char *title = describe_trial (self, trial);
      g_autofree char *result = describe_result (trial);

      bo_progress_line (self->progress, "%u/%u  %s  %s", self->n_done, self->n_total, title, result);
    }
}

static gint64
estimate_left (Run *self)
{
  GPtrArray *trials = bo_recorder_get_trials (bo_runner_get_recorder (self->runner));
  gint64 left = 0;

  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);
      const BoPlannedTrial *planned = bo_campaign_get_trial (self->campaign, trial->id);
      g_autofree char *key = NULL;
      const BoEstimate *estimate;

      if (trial->outcome != BO_OUTCOME_PENDING && trial->outcome != BO_OUTCOME_RUNNING)
        continue;
      key = bo_estimate_get_key (planned);
      estimate = g_hash_table_lookup (self->estimates, key);
      /* A guess for a part of it would be a wrong number for the whole. */
      if (estimate == NULL)
        return -1;
      left += estimate->build_us + estimate->overhead_us;
      if (trial->outcome == BO_OUTCOME_RUNNING)
        left -= MIN (g_get_monotonic_time () - self->trial_begun_us, estimate->build_us + estimate->overhead_us);
    }
  return left;
}

static char *
describe_step (const BoTrial *trial)
{
  for (guint i = trial->steps->len; i > 0; i--)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, i - 1);

      if (step->start_us < 0 || step->number == 0)
        continue;
      return g_strdup_printf (_ ("step %u of %u  %s"), step->number, step->total, step->instruction);
    }
  return NULL;
}

static void
refresh (Run *self)
{
  BoRecorder *recorder;
  BoTrial *running;
  BoProgressState state = { .trial_us = -1, .left_us = -1 };
  BoPhaseKind phase;
  gint64 since;
  g_autofree char *title = NULL;
  g_autofree char *step = NULL;

  if (self->runner == NULL || !bo_progress_is_live (self->progress))
    return;

  recorder = bo_runner_get_recorder (self->runner);
  running = bo_recorder_get_running (recorder);
  state.n_done = self->n_done;
  state.n_total = self->n_total;
  state.elapsed_us = g_get_monotonic_time () - self->begun_us;
  state.left_us = estimate_left (self);
  if (running != NULL)
    {
      if (g_strcmp0 (self->trial_shown, running->id) != 0)
        {
          g_free (self->trial_shown);
          self->trial_shown = g_strdup (running->id);
          self->trial_begun_us = g_get_monotonic_time ();
        }
      state.title = title = describe_trial (self, running);
      state.trial_us = g_get_monotonic_time () - self->trial_begun_us;
      if (bo_recorder_get_phase (recorder, &phase, &since))
        {
          state.phase = bo_phase_kind_to_string (phase);
          if (phase == BO_PHASE_BUILD)
            state.step = step = describe_step (running);
        }
    }
  if (self->stopping)
    state.phase = _ ("stopping and cleaning up");
  bo_progress_update (self->progress, &state);
}

static gboolean
refresh_cb (gpointer user_data)
{
  refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static BoReport *
make_report (Run *self)
{
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new ();
  BoReportInput input = {
    .study = self->study,
    .campaigns = campaigns,
    .trials = bo_recorder_get_trials (bo_runner_get_recorder (self->runner)),
  };

  g_ptr_array_add (campaigns, self->campaign);
  return bo_report_new (&input);
}

static void
print_summary (Run *self)
{
  g_autoptr (BoReport) report = make_report (self);
  g_autoptr (BoTable) table = bo_table_new (_ ("APPROACH"), _ (">BUILD TIME"), _ (">RUN TIME"), _ ("NOTES"), NULL);
  g_autofree char *elapsed = bo_duration_format (g_get_monotonic_time () - self->begun_us);

  for (guint i = 0; i < report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);
      g_autofree char *notes = bo_table_clean (row->outcome, 70);

      bo_table_add (table, row->title, row->build_time, row->run_time, notes, NULL);
    }
  g_print ("\n");
  bo_table_print (table, "");
  if (report->best != NULL)
    g_print ("\n%s\n", report->best);
  g_print (_ ("\nCampaign %s took %s. “bakeoff-cli findings” writes the document.\n"), self->campaign->id, elapsed);
}

/* --- The run, in order ---------------------------------------------------------- */

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;
  g_autoptr (GError) error = NULL;
  BoCampaignState state = bo_recorder_get_state (bo_runner_get_recorder (self->runner));
  GPtrArray *trials = bo_recorder_get_trials (bo_runner_get_recorder (self->runner));
  const GError *run_error = bo_runner_get_error (self->runner);

  bo_progress_clear (self->progress);
  if (!bo_closing_run_finish (result, &error))
    bo_cli_error (_ ("the device could not be cleaned up: %s\nThe next run on it tries again."), error->message);
  tell_campaign (self, "ended", bo_campaign_state_to_string (state));
  if (!self->json && !self->quiet)
    print_summary (self);

  if (run_error != NULL)
    {
      bo_cli_error ("%s", run_error->message);
      finish (self, g_error_matches (run_error, BO_RUNNER_ERROR, BO_RUNNER_ERROR_STORE) ? BO_EXIT_INTERNAL
                                                                                        : BO_EXIT_FAILED);
      return;
    }
  if (self->stopping)
    {
      finish (self, BO_EXIT_CANCELLED);
      return;
    }
  if (state != BO_CAMPAIGN_FINISHED)
    {
      const char *reason = bo_recorder_get_end_reason (bo_runner_get_recorder (self->runner));

      bo_cli_error (_ ("the campaign did not get to its end (%s)"), reason != NULL ? reason : _ ("no reason known"));
      finish (self, BO_EXIT_DEVICE);
      return;
    }
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);

      if (trial->kind == BO_TRIAL_COUNTED && trial->outcome != BO_OUTCOME_SUCCEEDED)
        {
          finish (self, BO_EXIT_FAILED);
          return;
        }
    }
  finish (self, BO_EXIT_OK);
}

static void
runner_changed_cb (BoRunner *runner, gpointer change_pointer, gpointer user_data)
{
  Run *self = user_data;
  const BoChange *change = change_pointer;

  if (change->kind == BO_CHANGE_TRIAL)
    tell_trial (self, change->trial, FALSE);
}

static gboolean
is_best (const BoReport *report, const BoCell *cell)
{
  for (guint i = 0; i < report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);

      if (row->best)
        return row->cell != NULL && bo_cell_equal (row->cell, cell);
    }
  return FALSE;
}

/* Tags of the images that stay, and the name that each gets: "bakeoff-STUDY:STRATEGY.BASE.BUILDER". */
static GHashTable *
choose_kept (Run *self, GPtrArray *trials)
{
  GHashTable *keep = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (BoReport) report = make_report (self);

  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);
      const BoPlannedTrial *planned = bo_campaign_get_trial (self->campaign, trial->id);

      if (self->study->keep == BO_KEEP_NONE || trial->kind != BO_TRIAL_COUNTED || trial->repetition != 1
          || trial->outcome != BO_OUTCOME_SUCCEEDED || trial->cell->condition != BO_CONDITION_COLD
          || (self->study->keep == BO_KEEP_BEST && !is_best (report, trial->cell)))
        continue;
      g_hash_table_insert (keep, g_strdup (planned->tag),
                           g_strdup_printf (BO_NAME_PREFIX "%s:%s.%s.%s", self->study->id, trial->cell->strategy,
                                            trial->cell->base, bo_builder_to_string (trial->cell->builder)));
    }
  return keep;
}

static void
runner_ended_cb (BoRunner *runner, gpointer user_data)
{
  Run *self = user_data;
  GPtrArray *trials = bo_recorder_get_trials (bo_runner_get_recorder (runner));
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) keep = choose_kept (self, trials);

  for (guint i = 0; i < trials->len; i++)
    tell_trial (self, g_ptr_array_index (trials, i), TRUE);
  for (guint i = 0; self->json && i < trials->len; i++)
    tell_record ("record", g_ptr_array_index (trials, i));
  g_ptr_array_add (ids, g_strdup (self->campaign->id));
  bo_closing_run_async (ids, keep, bo_engine_get_socket_path (self->engine), NULL, closed_cb, self);
}

static void
prepared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *contents = NULL;

  self->campaign = bo_preparation_run_finish (result, &error);
  if (self->campaign == NULL)
    {
      fail (self, error->domain == BO_ENGINE_ERROR ? BO_EXIT_DEVICE : BO_EXIT_INPUT, error);
      return;
    }

  self->n_total = self->campaign->trials->len;
  self->begun_us = g_get_monotonic_time ();
  folder = bo_store_get_campaign_folder (self->store, self->campaign->id);
  contents = bo_campaign_folder_get_contents_path ();
  self->runner = bo_runner_new (self->store, self->campaign, folder, contents,
                                bo_engine_get_socket_path (self->engine));
  g_signal_connect (self->runner, "changed", G_CALLBACK (runner_changed_cb), self);
  g_signal_connect (self->runner, "ended", G_CALLBACK (runner_ended_cb), self);
  if (!bo_runner_start (self->runner, &error))
    {
      bo_store_set_campaign_state_sync (self->store, self->campaign->id, BO_CAMPAIGN_INTERRUPTED, NULL);
      fail (self, BO_EXIT_INTERNAL, error);
      return;
    }
  bo_progress_line (self->progress, _ ("Campaign %s: %u builds, seed %" G_GUINT64_FORMAT), self->campaign->id,
                    self->n_total, self->campaign->seed);
  tell_campaign (self, "begun", NULL);
}

static void
preparation_progress_cb (BoPreparationStage stage, const char *what, guint64 done, guint64 total, gpointer user_data)
{
  Run *self = user_data;
  g_autofree char *text = NULL;
  BoProgressState state = { .trial_us = -1, .left_us = -1 };

  switch (stage)
    {
    case BO_PREPARATION_ENGINE:
      text = g_strdup (_ ("asking the engine"));
      break;
    case BO_PREPARATION_SOURCES:
      text = g_strdup (_ ("reading the build context"));
      break;
    case BO_PREPARATION_IMAGES:
      text = g_strdup_printf (_ ("pulling %s"), what);
      break;
    case BO_PREPARATION_WRITING:
      text = g_strdup (_ ("writing the script"));
      break;
    default:
      g_assert_not_reached ();
    }
  if (total > 0)
    {
      g_autofree char *have = bo_size_format (done);
      g_autofree char *all = bo_size_format (total);
      g_autofree char *with_bytes = g_strdup_printf (_ ("%s (%s of %s)"), text, have, all);

      g_free (text);
      text = g_steal_pointer (&with_bytes);
    }
  state.title = text;
  state.elapsed_us = g_get_monotonic_time () - self->begun_us;
  bo_progress_update (self->progress, &state);
}

static void
swept_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;
  g_autoptr (GError) error = NULL;
  BoPreparationOptions options = {
    .study = self->study,
    .cells = self->cells,
    .repetitions = self->selection.repetitions > 0 ? (guint) self->selection.repetitions : self->study->repetitions,
    .seed = self->selection.seed,
    .device_url = self->url,
    .device_facts = self->facts,
    .socket_path = bo_engine_get_socket_path (self->engine),
    .store = self->store,
  };

  if (!bo_closing_run_finish (result, &error))
    {
      fail (self, BO_EXIT_DEVICE, error);
      return;
    }
  bo_preparation_run_async (&options, preparation_progress_cb, self, self->cancellable, prepared_cb, self);
}

/*
 * What earlier campaigns left: their records first, then their things on the
 * device. Any of them may have left some: one that ended while the device could
 * not be reached, or whose program was killed while it cleaned up.
 */
static void
recover (Run *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) recovered = bo_recovery_run (self->store, self->url, &error);
  g_autoptr (GPtrArray) campaigns = recovered != NULL ? bo_store_list_campaigns_sync (self->store, NULL, &error) : NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  if (campaigns == NULL)
    {
      fail (self, BO_EXIT_INTERNAL, error);
      return;
    }
  for (guint i = 0; i < recovered->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (recovered, i);

      bo_progress_line (self->progress, _ ("Campaign %s was cut off; what had finished is kept."), summary->id);
    }
  for (guint i = 0; i < campaigns->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (campaigns, i);
      g_autofree char *folder = bo_store_get_campaign_folder (self->store, summary->id);

      if (g_strcmp0 (summary->device_url, self->url) == 0 && !bo_campaign_folder_is_played (folder))
        g_ptr_array_add (ids, g_strdup (summary->id));
    }
  bo_closing_run_async (ids, NULL, bo_engine_get_socket_path (self->engine), self->cancellable, swept_cb, self);
}

static void
facts_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceFacts) facts = bo_device_facts_read_finish (BO_ENGINE (object), result, &error);
  g_autoptr (JsonNode) node = NULL;

  if (facts == NULL)
    {
      fail (self, BO_EXIT_DEVICE, error);
      return;
    }
  node = bo_device_facts_to_json (facts);
  self->facts = json_to_string (node, FALSE);

  self->estimates = bo_store_get_estimates_sync (self->store, self->study->id, self->url, &error);
  if (self->estimates == NULL)
    {
      fail (self, BO_EXIT_INTERNAL, error);
      return;
    }
  recover (self);
}

/* In attached mode a build dies with its link; the engine cancels it. */
static void
connection_closed_cb (BoConnection *connection, gpointer user_data)
{
  Run *self = user_data;
  const GError *error = bo_connection_get_error (connection);

  if (self->runner == NULL || bo_runner_has_ended (self->runner)
      || bo_connection_get_state (connection) != BO_CONNECTION_LOST)
    return;
  bo_progress_line (self->progress, _ ("The connection to the device is lost: %s"),
                    error != NULL ? error->message : _ ("no reason known"));
  bo_runner_abandon (self->runner);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *self = user_data;
  g_autoptr (GError) error = NULL;

  self->engine = bo_engine_open_finish (result, &error);
  if (self->engine == NULL)
    {
      fail (self, BO_EXIT_DEVICE, error);
      return;
    }
  g_signal_connect (bo_engine_get_connection (self->engine), "closed", G_CALLBACK (connection_closed_cb), self);
  self->url = bo_device_url_to_string (bo_connection_get_url (bo_engine_get_connection (self->engine)));
  self->lock = bo_campaign_folder_lock_device (self->url, &error);
  if (self->lock < 0)
    {
      fail (self, BO_EXIT_DEVICE, error);
      return;
    }
  bo_device_facts_read_async (self->engine, self->cancellable, facts_cb, self);
}

static gboolean
signal_cb (gpointer user_data)
{
  Run *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->runner == NULL)
    {
      g_cancellable_cancel (self->cancellable);
      return G_SOURCE_CONTINUE;
    }
  if (self->stopping)
    {
      bo_progress_line (self->progress, _ ("Still cleaning up on the device; this takes a moment."));
      return G_SOURCE_CONTINUE;
    }
  self->stopping = TRUE;
  bo_progress_line (self->progress, _ ("Stopping: the build under way is cancelled, what has finished is kept."));
  if (!bo_runner_stop (self->runner, TRUE, &error))
    bo_cli_error ("%s", error->message);
  return G_SOURCE_CONTINUE;
}

static void
run_free (Run *self)
{
  g_clear_object (&self->runner);
  if (self->engine != NULL)
    {
      g_signal_handlers_disconnect_by_data (bo_engine_get_connection (self->engine), self);
      bo_connection_close (bo_engine_get_connection (self->engine));
    }
  g_clear_object (&self->engine);
  if (self->lock >= 0)
    close (self->lock);
  g_clear_pointer (&self->campaign, bo_campaign_unref);
  g_clear_pointer (&self->estimates, g_hash_table_unref);
  g_clear_pointer (&self->told, g_hash_table_unref);
  g_clear_pointer (&self->cells, g_ptr_array_unref);
  g_clear_pointer (&self->study, bo_study_unref);
  if (self->store != NULL)
    bo_store_close_sync (self->store);
  g_clear_object (&self->store);
  g_clear_pointer (&self->progress, bo_progress_free);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  bo_cli_selection_clear (&self->selection);
  g_free (self->trial_shown);
  g_free (self->device);
  g_free (self->url);
  g_free (self->facts);
}

int
bo_cmd_run (int argc, char **argv)
{
  Run self = { .lock = -1 };
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING, &self.device, N_ ("Where to build: a saved device's name or a URL"), N_ ("DEVICE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.json, N_ ("Print one JSON object a line for each thing that happens"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &self.quiet, N_ ("Print no progress"), NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[STUDY]"));
  g_autoptr (BoDeviceUrl) url = NULL;
  g_autoptr (GError) error = NULL;
  guint refresh_id;
  guint int_id;
  guint term_id;
  int exit_code;

  g_option_context_set_summary (context, _ ("Builds what the study asks for on a device, measures it and keeps the results."));
  g_option_context_set_description (
      context, _ ("STUDY is a bakeoff.json or a folder that has one; the current folder if it is left out.\n"
                  "Ctrl+C cancels the build on the engine, cleans up and keeps what has finished.\n\n"
                  "Examples:\n"
                  "  bakeoff-cli run\n"
                  "  bakeoff-cli run --device ssh://me@jetson.local --first-look\n"
                  "  bakeoff-cli run --only original --only 'multi-stage/*/buildkit' --repetitions 4\n"
                  "  bakeoff-cli run --seed 42 --json > run.jsonl"));
  bo_cli_selection_add_options (&self.selection, context);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return bo_cli_usage ("run", "%s", error->message);
  if (argc > 2)
    return bo_cli_usage ("run", _ ("“%s” is one argument too many"), argv[2]);

  exit_code = bo_cli_selection_load (&self.selection, "run", argc == 2 ? argv[1] : NULL, &self.study, &self.cells);
  if (exit_code == BO_EXIT_OK)
    exit_code = bo_cli_find_device ("run", self.device, &url);
  if (exit_code == BO_EXIT_OK && (self.store = bo_cli_open_store ()) == NULL)
    exit_code = BO_EXIT_INTERNAL;
  if (exit_code != BO_EXIT_OK)
    {
      run_free (&self);
      return exit_code;
    }

  self.loop = g_main_loop_new (NULL, FALSE);
  self.cancellable = g_cancellable_new ();
  self.progress = bo_progress_new (self.quiet || self.json);
  self.told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.begun_us = g_get_monotonic_time ();

  int_id = g_unix_signal_add (SIGINT, signal_cb, &self);
  term_id = g_unix_signal_add (SIGTERM, signal_cb, &self);
  refresh_id = g_timeout_add (REFRESH_MS, refresh_cb, &self);
  bo_engine_open_async (url, self.cancellable, opened_cb, &self);
  g_main_loop_run (self.loop);
  g_source_remove (refresh_id);
  g_source_remove (int_id);
  g_source_remove (term_id);

  exit_code = self.exit_code;
  run_free (&self);
  return exit_code;
}
