/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-open-study.h"

G_BEGIN_DECLS

/**
 * BoActivityState: the campaign that the page shows, and how it stands
 * @study: (nullable): whose titles are shown
 * @store: (nullable): where the campaign's folder is
 * @session: (nullable): the session that plays it, or played it
 * @campaign: (nullable): the campaign; %NULL before there is one
 * @trials: (nullable) (element-type BoTrial): its records, in the order of its script
 * @recorder: (nullable): of a campaign without a session; see bo_activity_state_get_recorder()
 * @estimates: (nullable) (element-type utf8 BoEstimate): what such builds take
 * @failures: (nullable) (element-type BoReportFailure): what is known of builds that failed
 * @order: (nullable): what is still to come, for bo_queue_list()
 * @device: (nullable): the device's name
 * @is_running: whether the session is under way
 * @is_unfinished: whether the campaign has not ended, as far as is known here
 * @on_device: whether it goes on without this computer
 * @is_stopping: whether it is to stop
 * @stage: of the session
 * @end: of the session
 *
 * What it holds are references, so that it can be made anew whenever something has changed.
 */
typedef struct
{
  BoStudy *study;
  BoStore *store;
  BoSession *session;
  BoCampaign *campaign;
  GPtrArray *trials;
  BoRecorder *recorder;
  GHashTable *estimates;
  GPtrArray *failures;
  char *order;
  char *device;
  gboolean is_running;
  gboolean is_unfinished;
  gboolean on_device;
  gboolean is_stopping;
  BoSessionStage stage;
  BoSessionEnd end;

  /*< private >*/
  GHashTable *by_id;
  GHashTable *planned;
} BoActivityState;

BoActivityState *bo_activity_state_new (void);
BoActivityState *bo_activity_state_new_for_study (BoOpenStudy *study);
BoActivityState *bo_activity_state_new_for_campaign (BoOpenStudy *study, BoCampaign *campaign, GPtrArray *trials);
void bo_activity_state_free (BoActivityState *state);

BoRecorder *bo_activity_state_get_recorder (const BoActivityState *state);
gboolean bo_activity_state_can_order (const BoActivityState *state);
void bo_activity_state_set_campaign (BoActivityState *state, BoCampaign *campaign, GPtrArray *trials);
BoTrial *bo_activity_state_get_trial (const BoActivityState *state, const char *id);
const BoPlannedTrial *bo_activity_state_get_planned (const BoActivityState *state, const char *id);
BoTrial *bo_activity_state_get_running (const BoActivityState *state);
gboolean bo_activity_state_is_removed (const BoActivityState *state, const BoPlannedTrial *planned);
gboolean bo_activity_state_is_done (const BoActivityState *state, const BoTrial *trial);
guint bo_activity_state_count_done (const BoActivityState *state);

char *bo_activity_describe_strategy (const BoActivityState *state, const BoPlannedTrial *planned);
char *bo_activity_describe_base (const BoActivityState *state, const BoCell *cell);
char *bo_activity_describe_condition (const BoPlannedTrial *planned);
const char *bo_activity_describe_builder (BoBuilder builder);
char *bo_activity_describe_result (const BoTrial *trial);
const char *bo_outcome_get_icon (const BoTrial *trial);
const char *bo_outcome_get_css_class (const BoTrial *trial);

char *bo_activity_format_duration (gint64 duration_us);
char *bo_activity_format_size (gint64 bytes);
char *bo_activity_format_number (double value, guint decimals);
char *bo_activity_format_clock (gint64 duration_us);
char *bo_activity_format_time (gint64 wall_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoActivityState, bo_activity_state_free)

G_END_DECLS
