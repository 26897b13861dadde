/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-activity-state"

#include "config.h"

#include <langinfo.h>

#include <glib/gi18n.h>

#include "activity/bo-activity-state.h"
#include "bench/bo-queue.h"
#include "charts/bo-chart-locale.h"
#include "devices/bo-device-list.h"

BoActivityState *
bo_activity_state_new (void)
{
  return g_new0 (BoActivityState, 1);
}

void
bo_activity_state_free (BoActivityState *state)
{
  if (state == NULL)
    return;
  g_clear_pointer (&state->by_id, g_hash_table_unref);
  g_clear_pointer (&state->planned, g_hash_table_unref);
  g_clear_pointer (&state->study, bo_study_unref);
  g_clear_object (&state->store);
  g_clear_pointer (&state->campaign, bo_campaign_unref);
  g_clear_pointer (&state->trials, g_ptr_array_unref);
  g_clear_pointer (&state->estimates, g_hash_table_unref);
  g_clear_pointer (&state->failures, g_ptr_array_unref);
  g_clear_object (&state->session);
  g_free (state->order);
  g_free (state->device);
  g_free (state);
}

/**
 * bo_activity_state_set_campaign:
 * @state: the state, which has no campaign yet
 * @campaign: the campaign
 * @trials: (nullable) (element-type BoTrial): its records
 */
void
bo_activity_state_set_campaign (BoActivityState *state, BoCampaign *campaign, GPtrArray *trials)
{
  g_return_if_fail (state != NULL && campaign != NULL && state->campaign == NULL);

  state->campaign = bo_campaign_ref (campaign);
  state->planned = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < campaign->trials->len; i++)
    {
      BoPlannedTrial *planned = g_ptr_array_index (campaign->trials, i);

      g_hash_table_insert (state->planned, planned->id, planned);
    }
  state->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  if (trials == NULL)
    return;
  state->trials = g_ptr_array_ref (trials);
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);

      g_hash_table_insert (state->by_id, trial->id, trial);
    }
}

/* What a person calls the device at that URL. */
static char *
find_device_title (const char *url)
{
  BoDeviceItem *item = url != NULL ? bo_device_list_find (bo_device_list_get_default (), url) : NULL;

  if (item != NULL)
    return g_strdup (bo_device_item_get_title (item));
  return g_strdup (url);
}

static void
set_results (BoActivityState *state, BoOpenStudy *study)
{
  BoStudyResults *results = bo_open_study_get_results (study);
  GHashTable *estimates = bo_open_study_get_estimates (study);

  if (results == NULL)
    return;
  state->study = bo_study_ref (results->matrix->study);
  if (estimates != NULL)
    state->estimates = g_hash_table_ref (estimates);
  if (results->report != NULL)
    state->failures = g_ptr_array_ref (results->report->failures);
}

/**
 * bo_activity_state_new_for_campaign:
 * @study: a study that is open
 * @campaign: a campaign that is not its latest one
 * @trials: (element-type BoTrial): its records
 *
 * Returns: (transfer full): how that campaign stands
 */
BoActivityState *
bo_activity_state_new_for_campaign (BoOpenStudy *study, BoCampaign *campaign, GPtrArray *trials)
{
  BoActivityState *state;

  g_return_val_if_fail (BO_IS_OPEN_STUDY (study), NULL);
  g_return_val_if_fail (campaign != NULL && trials != NULL, NULL);

  state = bo_activity_state_new ();
  set_results (state, study);
  bo_activity_state_set_campaign (state, campaign, trials);
  g_set_object (&state->store, bo_open_study_get_store (study, NULL));
  state->device = find_device_title (campaign->device_url);
  return state;
}

/**
 * bo_activity_state_new_for_study:
 * @study: a study that is open
 *
 * Returns: (transfer full): how its campaign stands now
 */
BoActivityState *
bo_activity_state_new_for_study (BoOpenStudy *study)
{
  BoActivityState *state;
  BoStudyResults *results;
  BoSession *session;
  BoCampaign *campaign;

  g_return_val_if_fail (BO_IS_OPEN_STUDY (study), NULL);

  state = bo_activity_state_new ();
  results = bo_open_study_get_results (study);
  session = bo_open_study_get_session (study);
  campaign = bo_open_study_get_campaign (study);
  set_results (state, study);
  if (session != NULL)
    {
      state->session = g_object_ref (session);
      state->stage = bo_session_get_stage (session);
      state->end = bo_session_get_end (session);
      state->is_running = bo_open_study_is_running (study);
      state->is_stopping = bo_session_is_stopping (session);
      state->on_device = bo_session_get_place (session) == BO_PLACE_DEVICE;
      state->device = find_device_title (bo_session_get_device_url (session));
    }
  if (campaign == NULL)
    return state;

  bo_activity_state_set_campaign (state, campaign, bo_open_study_get_trials (study));
  /* There is a store when there is a campaign. */
  g_set_object (&state->store, bo_open_study_get_store (study, NULL));
  if (session != NULL && campaign == bo_session_get_campaign (session))
    {
      if (bo_session_get_study (session) != NULL)
        {
          g_clear_pointer (&state->study, bo_study_unref);
          state->study = bo_study_ref (bo_session_get_study (session));
        }
      state->order = bo_session_get_order (session);
      state->is_unfinished = state->is_running || state->end == BO_SESSION_END_DETACHED;
    }
  else
    {
      state->is_unfinished = results != NULL && results->unfinished != NULL;
      g_free (state->device);
      state->device = find_device_title (campaign->device_url);
    }
  return state;
}

/**
 * bo_activity_state_get_trial:
 *
 * Returns: (transfer none) (nullable): the record of that trial
 */
BoTrial *
bo_activity_state_get_trial (const BoActivityState *state, const char *id)
{
  return state->by_id != NULL && id != NULL ? g_hash_table_lookup (state->by_id, id) : NULL;
}

const BoPlannedTrial *
bo_activity_state_get_planned (const BoActivityState *state, const char *id)
{
  return state->planned != NULL && id != NULL ? g_hash_table_lookup (state->planned, id) : NULL;
}

/**
 * bo_activity_state_get_recorder:
 *
 * A session makes another one when the records begin again, so it is asked each time.
 *
 * Returns: (transfer none) (nullable): what says what is under way
 */
BoRecorder *
bo_activity_state_get_recorder (const BoActivityState *state)
{
  if (state->session == NULL)
    return state->recorder;
  return state->campaign != NULL && bo_session_get_campaign (state->session) == state->campaign
             ? bo_session_get_recorder (state->session)
             : NULL;
}

/**
 * bo_activity_state_can_order:
 *
 * Returns: whether what is still to come can be put into another order now
 */
gboolean
bo_activity_state_can_order (const BoActivityState *state)
{
  BoSessionStage stage = state->session != NULL ? bo_session_get_stage (state->session) : state->stage;

  return state->campaign != NULL && state->is_running && stage == BO_SESSION_PLAYING
         && (state->session == NULL || bo_session_get_campaign (state->session) == state->campaign);
}

/**
 * bo_activity_state_get_running:
 *
 * Returns: (transfer none) (nullable): the trial that is built, probed or cleaned up now
 */
BoTrial *
bo_activity_state_get_running (const BoActivityState *state)
{
  BoRecorder *recorder = bo_activity_state_get_recorder (state);

  return recorder != NULL && state->is_running ? bo_recorder_get_running (recorder) : NULL;
}

/**
 * bo_activity_state_is_removed:
 *
 * Returns: whether the trial is still to come by the script, but its chain was taken out of the queue
 */
gboolean
bo_activity_state_is_removed (const BoActivityState *state, const BoPlannedTrial *planned)
{
  g_autoptr (GPtrArray) queue = NULL;

  if (state->order == NULL || planned->kind == BO_TRIAL_PREBUILD)
    return FALSE;
  for (guint i = 0; i < state->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (state->trials, i);

      if (trial->outcome != BO_OUTCOME_PENDING && g_strcmp0 (trial->chain, planned->chain) == 0)
        return FALSE;
    }
  queue = bo_queue_list (state->campaign, state->trials, state->order);
  for (guint i = 0; i < queue->len; i++)
    if (g_str_equal (((const BoQueueEntry *) g_ptr_array_index (queue, i))->chain, planned->chain))
      return FALSE;
  return TRUE;
}

/**
 * bo_activity_state_is_done:
 *
 * Returns: whether the trial will not change any more: one whose image is probed has been built, but is not done
 */
gboolean
bo_activity_state_is_done (const BoActivityState *state, const BoTrial *trial)
{
  return trial->outcome != BO_OUTCOME_PENDING && trial->outcome != BO_OUTCOME_RUNNING
         && trial != bo_activity_state_get_running (state);
}

guint
bo_activity_state_count_done (const BoActivityState *state)
{
  guint n = 0;

  for (guint i = 0; state->trials != NULL && i < state->trials->len; i++)
    n += bo_activity_state_is_done (state, g_ptr_array_index (state->trials, i));
  return n;
}

/* --- Words ------------------------------------------------------------------------ */

static BoChartLocale
get_locale (void)
{
  return (BoChartLocale) { .language = NULL, .decimal_point = nl_langinfo (RADIXCHAR) };
}

char *
bo_activity_format_duration (gint64 duration_us)
{
  const BoChartLocale locale = get_locale ();

  return bo_chart_locale_format_duration (&locale, duration_us);
}

char *
bo_activity_format_size (gint64 bytes)
{
  const BoChartLocale locale = get_locale ();

  return bo_chart_locale_format_size (&locale, bytes);
}

char *
bo_activity_format_number (double value, guint decimals)
{
  const BoChartLocale locale = get_locale ();

  return bo_chart_locale_format_number (&locale, value, decimals);
}

/**
 * bo_activity_format_clock:
 * @duration_us: microseconds
 *
 * Returns: (transfer full): "0:07", "12:40", "1:02:33": what runs does not get wider with every second
 */
char *
bo_activity_format_clock (gint64 duration_us)
{
  gint64 seconds = MAX (duration_us, 0) / G_USEC_PER_SEC;

  if (seconds < 3600)
    return g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600, (int) (seconds / 60 % 60),
                          (int) (seconds % 60));
}

/**
 * bo_activity_format_time:
 * @wall_us: wall clock, microseconds since 1970
 *
 * Returns: (transfer full): the time of the day, and the day when it is not today
 */
char *
bo_activity_format_time (gint64 wall_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) then = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (then == NULL || now == NULL)
    return g_strdup ("–");
  if (g_date_time_get_year (then) == g_date_time_get_year (now)
      && g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now))
    /* TRANSLATORS: a time of the day, as g_date_time_format() writes it */
    return g_date_time_format (then, C_ ("time", "%H:%M"));
  /* TRANSLATORS: a day and a time of the day, as g_date_time_format() writes it */
  return g_date_time_format (then, C_ ("time", "%-d %B, %H:%M"));
}

/**
 * bo_activity_describe_strategy:
 *
 * Returns: (transfer full): what is built, in a word or two
 */
char *
bo_activity_describe_strategy (const BoActivityState *state, const BoPlannedTrial *planned)
{
  const BoStrategy *strategy;

  if (planned->kind == BO_TRIAL_PREBUILD)
    /* TRANSLATORS: a build that others need first, and its name */
    return g_strdup_printf (_ ("Prebuild %s"), planned->prebuild);
  strategy = state->study != NULL ? bo_study_get_strategy (state->study, planned->cell->strategy) : NULL;
  return g_strdup (strategy != NULL ? strategy->title : planned->cell->strategy);
}

char *
bo_activity_describe_base (const BoActivityState *state, const BoCell *cell)
{
  const BoBase *base = state->study != NULL ? bo_study_get_base (state->study, cell->base) : NULL;

  return g_strdup (base != NULL ? base->title : cell->base);
}

const char *
bo_activity_describe_builder (BoBuilder builder)
{
  return builder == BO_BUILDER_CLASSIC ? C_ ("builder", "classic") : "BuildKit";
}

/**
 * bo_activity_describe_condition:
 *
 * Returns: (transfer full): the condition, in the middle of a sentence
 */
char *
bo_activity_describe_condition (const BoPlannedTrial *planned)
{
  const char *text;

  switch (planned->cell->condition)
    {
    case BO_CONDITION_COLD:
      text = C_ ("condition", "cold");
      break;
    case BO_CONDITION_COLD_LAYERS:
      text = C_ ("condition", "cold layers");
      break;
    case BO_CONDITION_WARM:
      text = C_ ("condition", "warm");
      break;
    case BO_CONDITION_EDITED:
    default:
      text = C_ ("condition", "edited");
      break;
    }
  /* TRANSLATORS: a build that only fills the cache for the next one */
  if (planned->kind == BO_TRIAL_PRIMING)
    return g_strdup_printf (_ ("priming for %s"), text);
  return g_strdup (text);
}

/**
 * bo_activity_describe_result:
 * @trial: a trial that has ended
 *
 * Returns: (transfer full): how it went, in a word or two
 */
char *
bo_activity_describe_result (const BoTrial *trial)
{
  if (trial->outcome == BO_OUTCOME_SUCCEEDED)
    return bo_activity_format_duration (trial->build_us);
  if (trial->outcome == BO_OUTCOME_FAILED && trial->failed_step >= 0
      && (guint) trial->failed_step < trial->steps->len)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, trial->failed_step);

      if (step->number > 0)
        return g_strdup_printf (_ ("failed at step %u"), step->number);
    }
  return g_strdup (bo_outcome_get_title (trial->outcome));
}

const char *
bo_outcome_get_icon (const BoTrial *trial)
{
  switch (trial->outcome)
    {
    case BO_OUTCOME_PENDING:
      return "content-loading-symbolic";
    case BO_OUTCOME_RUNNING:
      return "media-playback-start-symbolic";
    case BO_OUTCOME_SUCCEEDED:
      return trial->flags->len > 0 ? "dialog-warning-symbolic" : "object-select-symbolic";
    case BO_OUTCOME_SKIPPED:
      return "media-skip-forward-symbolic";
    case BO_OUTCOME_CANCELLED:
      return "media-playback-stop-symbolic";
    case BO_OUTCOME_INTERRUPTED:
      return "network-offline-symbolic";
    case BO_OUTCOME_UNSUPPORTED:
      return "action-unavailable-symbolic";
    case BO_OUTCOME_FAILED:
    case BO_OUTCOME_TIMED_OUT:
    default:
      return "dialog-error-symbolic";
    }
}

const char *
bo_outcome_get_css_class (const BoTrial *trial)
{
  switch (trial->outcome)
    {
    case BO_OUTCOME_SUCCEEDED:
      return trial->flags->len > 0 ? "warning" : "success";
    case BO_OUTCOME_FAILED:
    case BO_OUTCOME_TIMED_OUT:
      return "error";
    case BO_OUTCOME_INTERRUPTED:
      return "warning";
    case BO_OUTCOME_RUNNING:
      return "accent";
    case BO_OUTCOME_PENDING:
    case BO_OUTCOME_SKIPPED:
    case BO_OUTCOME_CANCELLED:
    case BO_OUTCOME_UNSUPPORTED:
    default:
      return "dim-label";
    }
}
