/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-watch"

#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "bench/bo-campaign-folder.h"
#include "bo-cli-device.h"
#include "bo-cli-watch.h"
#include "bo-cli.h"
#include "bo-progress.h"
#include "bo-table.h"
#include "engine/bo-engine-error.h"
#include "findings/bo-findings.h"
#include "insight/bo-duration.h"
#include "session/bo-session-words.h"
#include "session/bo-time-left.h"

#define REFRESH_MS 200
/* How long a first Ctrl+C waits for a second. */
#define SECOND_PRESS_S 5

typedef struct
{
  BoCliWatchOptions options;
  GMainLoop *loop;
  BoProgress *progress;
  BoStore *store;
  BoSession *session;
  GHashTable *estimates;
  GHashTable *told;
  gint64 begun_us;
  gint64 trial_begun_us;
  char *trial_shown;
  guint n_done;
  guint n_total;
  BoLinkState link_state;
  gboolean begun;
  gboolean by_signal;
  guint detach_id;
  int exit_code;
} Watch;

static BoStudy *
get_study (Watch *self)
{
  return bo_session_get_study (self->session);
}

static BoCampaign *
get_campaign (Watch *self)
{
  return bo_session_get_campaign (self->session);
}

static GPtrArray *
get_trials (Watch *self)
{
  return bo_recorder_get_trials (bo_session_get_recorder (self->session));
}

/* --- What a person sees ------------------------------------------------------ */

static const char *
get_strategy_title (Watch *self, const char *id)
{
  const BoStrategy *strategy = bo_study_get_strategy (get_study (self), id);

  return strategy != NULL ? strategy->title : id;
}

static char *
describe_trial (Watch *self, const BoTrial *trial)
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
tell_campaign (Watch *self, const char *event, const char *state)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!self->options.json)
    return;
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, event);
  json_builder_set_member_name (builder, "campaign");
  json_builder_add_string_value (builder, get_campaign (self)->id);
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
tell_trial (Watch *self, const BoTrial *trial, gboolean last_chance)
{
  gboolean waits = trial->outcome == BO_OUTCOME_SUCCEEDED && (trial->image == NULL || trial->image->size < 0);

  if (trial->outcome == BO_OUTCOME_PENDING || trial->outcome == BO_OUTCOME_RUNNING || (waits && !last_chance)
      || g_hash_table_contains (self->told, trial->id))
    return;

  g_hash_table_add (self->told, g_strdup (trial->id));
  self->n_done++;
  if (self->options.json)
    tell_record ("trial", trial);
  else
    {
      g_autofree char *title = describe_trial (self, trial);
      g_autofree char *result = describe_result (trial);

      bo_progress_line (self->progress, "%u/%u  %s  %s", self->n_done, self->n_total, title, result);
      for (guint i = 0; i < trial->flags->len; i++)
        {
          const char *flag = g_ptr_array_index (trial->flags, i);
          const char *evidence = bo_trial_get_evidence (trial, flag);

          bo_progress_line (self->progress, "      %s%s%s", flag, evidence != NULL ? ": " : "",
                            evidence != NULL ? evidence : "");
        }
    }
}

/* What is shown until the first trial. */
static void
refresh_before (Watch *self)
{
  const BoSessionProgress *progress = bo_session_get_progress (self->session);
  BoProgressState state = { .trial_us = -1, .left_us = -1 };
  g_autofree char *text = NULL;
  g_autofree char *link = bo_session_describe_link (self->session);

  text = bo_session_describe_stage (self->session);
  if (text == NULL)
    return;
  if (progress->total > 0)
    {
      g_autofree char *have = bo_size_format (progress->done);
      g_autofree char *all = bo_size_format (progress->total);
      g_autofree char *with_bytes = g_strdup_printf (_ ("%s (%s of %s)"), text, have, all);

      g_free (text);
      text = g_steal_pointer (&with_bytes);
    }
  state.title = text;
  state.phase = link;
  state.elapsed_us = g_get_monotonic_time () - self->begun_us;
  bo_progress_update (self->progress, &state);
}

static void
refresh (Watch *self)
{
  BoRecorder *recorder;
  BoTrial *running;
  BoProgressState state = { .trial_us = -1, .left_us = -1 };
  BoPhaseKind phase;
  gint64 since;
  g_autofree char *title = NULL;
  g_autofree char *step = NULL;
  g_autofree char *link = NULL;
  g_autofree char *stage = NULL;
  g_autofree char *order = NULL;

  recorder = bo_session_get_recorder (self->session);
  if (!bo_progress_is_live (self->progress) || bo_session_get_stage (self->session) == BO_SESSION_ENDED)
    return;
  if (recorder == NULL)
    {
      refresh_before (self);
      return;
    }

  running = bo_recorder_get_running (recorder);
  state.n_done = self->n_done;
  state.n_total = self->n_total;
  state.elapsed_us = g_get_monotonic_time () - self->begun_us;
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
            state.step = step = bo_session_describe_step (running);
        }
    }
  order = bo_session_get_order (self->session);
  state.left_us = bo_time_left_estimate (get_campaign (self), get_trials (self), self->estimates, order,
                                         g_get_monotonic_time () - self->trial_begun_us);
  stage = bo_session_describe_stage (self->session);
  if (stage != NULL)
    state.phase = stage;
  link = bo_session_describe_link (self->session);
  if (link != NULL)
    state.phase = link;
  bo_progress_update (self->progress, &state);
}

static gboolean
refresh_cb (gpointer user_data)
{
  refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static BoReport *
make_report (Watch *self)
{
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new ();
  BoReportInput input = {
    .study = get_study (self),
    .campaigns = campaigns,
    .trials = get_trials (self),
  };

  g_ptr_array_add (campaigns, get_campaign (self));
  return bo_report_new (&input);
}

static void
print_report (const BoReport *report)
{
  g_autoptr (BoTable) table = bo_table_new (_ ("APPROACH"), _ (">BUILD TIME"), _ (">RUN TIME"), _ ("NOTES"), NULL);

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
}

static void
print_summary (Watch *self)
{
  g_autoptr (BoReport) report = make_report (self);
  g_autofree char *elapsed = bo_duration_format (g_get_monotonic_time () - self->begun_us);

  print_report (report);
  g_print (_ ("\nCampaign %s took %s. “bakeoff-cli findings” writes the document.\n"), get_campaign (self)->id, elapsed);
}

/* A campaign that ended while nobody looked: what its records say. */
static void
print_recovered (Watch *self)
{
  GPtrArray *recovered = bo_session_get_recovered (self->session);

  for (guint i = 0; recovered != NULL && i < recovered->len; i++)
    {
      const BoCampaignSummary *summary = g_ptr_array_index (recovered, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (BoCampaign) campaign = bo_store_get_campaign_sync (self->store, summary->id, &error);
      g_autoptr (BoReport) report = campaign != NULL ? bo_findings_load (self->store, summary->id, FALSE, &error) : NULL;

      if (report == NULL)
        {
          bo_cli_error ("%s", error->message);
          self->exit_code = BO_EXIT_INTERNAL;
          continue;
        }
      if (self->options.json)
        {
          g_print ("{\"event\":\"recovered\",\"campaign\":\"%s\",\"state\":\"%s\"}\n", campaign->id,
                   bo_campaign_state_to_string (campaign->state));
          continue;
        }
      g_print (_ ("Campaign %s has ended (%s) and is recorded.\n"), campaign->id,
               bo_campaign_state_to_string (campaign->state));
      if (!self->options.quiet)
        print_report (report);
    }
}

/* --- What happens ---------------------------------------------------------------- */

static void
changed_cb (BoSession *session, gpointer change_pointer, gpointer user_data)
{
  Watch *self = user_data;
  const BoChange *change = change_pointer;

  if (change->kind == BO_CHANGE_TRIAL)
    tell_trial (self, change->trial, FALSE);
}

static void
notice_cb (BoSession *session, const char *text, gpointer user_data)
{
  Watch *self = user_data;

  bo_progress_clear (self->progress);
  g_printerr ("%s\n", text);
}

/* The campaign exists now. */
static void
tell_begin (Watch *self)
{
  BoCampaign *campaign = get_campaign (self);
  g_autoptr (GError) error = NULL;

  self->begun = TRUE;
  self->begun_us = g_get_monotonic_time ();
  self->n_total = campaign->trials->len;
  self->estimates = bo_store_get_estimates_sync (self->store, campaign->study_id, campaign->device_url, &error);
  if (self->estimates == NULL)
    {
      bo_cli_error ("%s", error->message);
      self->estimates = g_hash_table_new (g_str_hash, g_str_equal);
    }
  if (bo_session_is_mine (self->session))
    bo_progress_line (self->progress, _ ("Campaign %s: %u builds, seed %" PRIu64 "%s"), campaign->id,
                      self->n_total, campaign->seed,
                      bo_session_get_place (self->session) == BO_PLACE_DEVICE ? _ (", played on the device") : "");
  else
    bo_progress_line (self->progress, _ ("Campaign %s of %s: %u builds, played on the device"), campaign->id,
                      bo_session_get_owner_name (self->session), self->n_total);
  tell_campaign (self, "begun", NULL);
}

static void
tell_link (Watch *self)
{
  BoLink *link = bo_session_get_link (self->session);
  BoLinkState state = bo_link_get_state (link);
  const GError *error = bo_link_get_error (link);
  const char *consequence = bo_session_describe_consequence (self->session);

  if (state == self->link_state)
    return;
  if (state == BO_LINK_RECONNECTING && self->link_state == BO_LINK_CONNECTED)
    {
      bo_progress_line (self->progress, _ ("The connection to the device is lost: %s"),
                        error != NULL ? error->message : _ ("no reason known"));
      if (consequence != NULL)
        bo_progress_line (self->progress, "%s", consequence);
    }
  else if (state == BO_LINK_CONNECTED && self->link_state == BO_LINK_RECONNECTING)
    bo_progress_line (self->progress, _ ("Connected again."));

  /* A first connection that fails ends the session, which tells why. */
  if (state == BO_LINK_LOST && self->link_state != BO_LINK_OPENING)
    {
      bo_progress_clear (self->progress);
      bo_cli_error ("%s", error != NULL ? error->message : _ ("the connection is lost"));
      if (error != NULL)
        bo_cli_print_remedy (error);
      self->exit_code = BO_EXIT_DEVICE;
      bo_session_detach (self->session);
    }
  self->link_state = state;
}

static void
progress_cb (BoSession *session, gpointer user_data)
{
  Watch *self = user_data;

  if (bo_session_get_stage (session) == BO_SESSION_PLAYING && !self->begun)
    {
      tell_begin (self);
      if (self->options.stop)
        bo_session_stop (session, !self->options.stop_after_trial);
      else if (self->options.detach)
        bo_session_detach (session);
    }
  tell_link (self);
}

static int
find_exit_code (Watch *self, BoCampaignState state)
{
  GPtrArray *trials = get_trials (self);
  const GError *error = bo_session_get_error (self->session);

  if (error != NULL)
    {
      bo_cli_error ("%s", error->message);
      return g_error_matches (error, BO_RUNNER_ERROR, BO_RUNNER_ERROR_STORE) ? BO_EXIT_INTERNAL : BO_EXIT_FAILED;
    }
  if (self->options.stop)
    return BO_EXIT_OK;
  if (bo_session_is_stopping (self->session))
    return BO_EXIT_CANCELLED;
  if (state != BO_CAMPAIGN_FINISHED)
    {
      const char *reason = bo_recorder_get_end_reason (bo_session_get_recorder (self->session));

      bo_cli_error (_ ("the campaign did not get to its end (%s)"), reason != NULL ? reason : _ ("no reason known"));
      return BO_EXIT_DEVICE;
    }
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);

      if (trial->kind == BO_TRIAL_COUNTED && trial->outcome != BO_OUTCOME_SUCCEEDED)
        return BO_EXIT_FAILED;
    }
  return BO_EXIT_OK;
}

static int
tell_over (Watch *self)
{
  BoCampaignState state = bo_recorder_get_state (bo_session_get_recorder (self->session));
  GPtrArray *trials = get_trials (self);

  for (guint i = 0; i < trials->len; i++)
    tell_trial (self, g_ptr_array_index (trials, i), TRUE);
  for (guint i = 0; self->options.json && i < trials->len; i++)
    tell_record ("record", g_ptr_array_index (trials, i));
  bo_progress_clear (self->progress);
  tell_campaign (self, "ended", bo_campaign_state_to_string (state));
  if (!self->options.json && !self->options.quiet)
    print_summary (self);
  return find_exit_code (self, state);
}

static int
tell_detached (Watch *self)
{
  tell_campaign (self, "detached", NULL);
  if (!self->options.json)
    g_print (_ ("Campaign %s goes on on the device. “bakeoff-cli attach --device %s” follows it.\n"),
             get_campaign (self)->id, bo_session_get_device_url (self->session));
  if (self->exit_code != BO_EXIT_OK)
    return self->exit_code;
  return self->by_signal ? BO_EXIT_CANCELLED : BO_EXIT_OK;
}

static int
tell_failed (Watch *self)
{
  const GError *error = bo_session_get_error (self->session);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      bo_cli_error (_ ("stopped before anything was built"));
      return BO_EXIT_CANCELLED;
    }
  bo_cli_error ("%s", error->message);
  if (error->domain == BO_ENGINE_ERROR)
    bo_cli_print_remedy (error);
  if (error->domain == BO_STORE_ERROR || error->domain == BO_JOURNAL_ERROR)
    return BO_EXIT_INTERNAL;
  if (error->domain == BO_ENGINE_ERROR || error->domain == BO_DEVICE_COURIER_ERROR
      || g_error_matches (error, BO_CAMPAIGN_FOLDER_ERROR, BO_CAMPAIGN_FOLDER_ERROR_TAKEN))
    return BO_EXIT_DEVICE;
  return error->domain == BO_RUNNER_ERROR ? BO_EXIT_INTERNAL : BO_EXIT_INPUT;
}

static void
ended_cb (BoSession *session, gpointer user_data)
{
  Watch *self = user_data;

  bo_progress_clear (self->progress);
  switch (bo_session_get_end (session))
    {
    case BO_SESSION_END_OVER:
      self->exit_code = tell_over (self);
      break;
    case BO_SESSION_END_DETACHED:
      self->exit_code = tell_detached (self);
      break;
    case BO_SESSION_END_NOTHING:
      print_recovered (self);
      if (bo_session_get_recovered (session)->len == 0)
        {
          bo_cli_error (_ ("no campaign runs on %s, and none of yours has ended there since you last looked"),
                        bo_session_get_device_url (session));
          self->exit_code = BO_EXIT_FAILED;
        }
      break;
    case BO_SESSION_END_FAILED:
      self->exit_code = tell_failed (self);
      break;
    case BO_SESSION_END_NONE:
    default:
      g_assert_not_reached ();
    }
  g_main_loop_quit (self->loop);
}

/* --- Signals ---------------------------------------------------------------------- */

static gboolean
can_detach (Watch *self)
{
  return bo_session_get_stage (self->session) == BO_SESSION_PLAYING
         && bo_session_get_place (self->session) == BO_PLACE_DEVICE;
}

static void
stop (Watch *self)
{
  if (bo_session_is_stopping (self->session) && can_detach (self)
      && bo_link_get_state (bo_session_get_link (self->session)) != BO_LINK_CONNECTED)
    {
      bo_progress_line (self->progress, "%s",
                        _ ("The device cannot be reached and may not know yet that it is to stop; “bakeoff-cli stop” tells it."));
      bo_session_detach (self->session);
      return;
    }
  if (bo_session_is_stopping (self->session))
    {
      bo_progress_line (self->progress, _ ("Still cleaning up on the device; this takes a moment."));
      return;
    }
  if (bo_session_get_stage (self->session) >= BO_SESSION_PLAYING)
    bo_progress_line (self->progress, _ ("Stopping: the build under way is cancelled, what has finished is kept."));
  bo_session_stop (self->session, TRUE);
}

static gboolean
detach_cb (gpointer user_data)
{
  Watch *self = user_data;

  self->detach_id = 0;
  bo_session_detach (self->session);
  return G_SOURCE_REMOVE;
}

/* Three hours of a build are not to be lost by one key press. */
static gboolean
interrupt_cb (gpointer user_data)
{
  Watch *self = user_data;

  self->by_signal = TRUE;
  if (!can_detach (self) || (bo_session_is_stopping (self->session) && self->detach_id == 0))
    {
      stop (self);
      return G_SOURCE_CONTINUE;
    }
  if (self->detach_id != 0)
    {
      g_clear_handle_id (&self->detach_id, g_source_remove);
      stop (self);
      return G_SOURCE_CONTINUE;
    }
  bo_progress_line (self->progress,
                    _ ("The campaign goes on on the device without this program, which ends in %d s.\n"
                       "Ctrl+C once more cancels the campaign."),
                    SECOND_PRESS_S);
  self->detach_id = g_timeout_add_seconds (SECOND_PRESS_S, detach_cb, self);
  return G_SOURCE_CONTINUE;
}

static gboolean
terminate_cb (gpointer user_data)
{
  Watch *self = user_data;

  self->by_signal = TRUE;
  if (!bo_session_detach (self->session))
    stop (self);
  return G_SOURCE_CONTINUE;
}

/* Under nohup a closed terminal means nothing. */
static gboolean
is_ignored (int number)
{
  struct sigaction action;

  return sigaction (number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/**
 * bo_cli_watch:
 * @store: the store
 * @session: a session that has begun
 * @options: how it is shown
 *
 * Shows a session until it has ended, and acts on signals: Ctrl+C stops it, or,
 * when the campaign is on the device, leaves it, and stops it at the second
 * press; SIGTERM and a closed terminal leave a campaign on the device alone.
 *
 * Returns: the exit code
 */
int
bo_cli_watch (BoStore *store, BoSession *session, const BoCliWatchOptions *options)
{
  Watch self = { .options = *options, .store = store, .session = session };
  guint ids[4] = { 0 };

  self.loop = g_main_loop_new (NULL, FALSE);
  self.progress = bo_progress_new (options->quiet || options->json);
  self.told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.begun_us = g_get_monotonic_time ();
  self.link_state = BO_LINK_OPENING;
  g_signal_connect (session, "changed", G_CALLBACK (changed_cb), &self);
  g_signal_connect (session, "notice", G_CALLBACK (notice_cb), &self);
  g_signal_connect (session, "progress", G_CALLBACK (progress_cb), &self);
  g_signal_connect (session, "ended", G_CALLBACK (ended_cb), &self);

  ids[0] = g_timeout_add (REFRESH_MS, refresh_cb, &self);
  ids[1] = g_unix_signal_add (SIGINT, interrupt_cb, &self);
  ids[2] = g_unix_signal_add (SIGTERM, terminate_cb, &self);
  if (!is_ignored (SIGHUP))
    ids[3] = g_unix_signal_add (SIGHUP, terminate_cb, &self);
  g_main_loop_run (self.loop);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_clear_handle_id (&ids[i], g_source_remove);
  g_clear_handle_id (&self.detach_id, g_source_remove);

  g_signal_handlers_disconnect_by_data (session, &self);
  g_clear_pointer (&self.estimates, g_hash_table_unref);
  g_hash_table_unref (self.told);
  bo_progress_free (self.progress);
  g_main_loop_unref (self.loop);
  g_free (self.trial_shown);
  return self.exit_code;
}
