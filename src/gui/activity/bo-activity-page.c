/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-activity-page"

#include "config.h"

#include <glib/gi18n.h>

#include "activity/bo-activity-page.h"
#include "activity/bo-earlier-campaign.h"
#include "bench/bo-queue.h"
#include "session/bo-session-words.h"
#include "shell/bo-run-guard.h"
#include "shell/bo-split-view.h"

#define REFRESH_MS 100

struct _BoActivityPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *stack;
  GtkWidget *earlier_bar;
  GtkLabel *earlier_label;
  BoSplitView *split;
  GtkWidget *back;
  BoQueueView *queue;
  GtkWidget *to_queue;
  GtkLabel *progress;
  GtkStack *detail;
  BoStageView *stages;
  BoTrialView *trial;

  /* Owned references */
  BoOpenStudy *study;
  BoActivityState *state;

  /* The journal's clock is the monotonic one of whoever writes it; it is as late as what comes the quickest. */
  gint64 clock_offset_us;
  gboolean has_clock;
  guint tick_id;
  guint refresh_id;
  char *wanted;  /* id of the trial that is to be shown as soon as it is there */

  BoEarlierCampaign *earlier; /* (nullable): what is shown instead of the latest one */
  GCancellable *loading;
  gboolean was_running;
};

G_DEFINE_FINAL_TYPE (BoActivityPage, bo_activity_page, GTK_TYPE_WIDGET)

static gint64
get_journal_time (BoActivityPage *self)
{
  return self->has_clock ? g_get_monotonic_time () - self->clock_offset_us : -1;
}

/* --- Showing --------------------------------------------------------------------------- */

static void
show_stages (BoActivityPage *self)
{
  const BoActivityState *state = self->state;
  BoStageFacts facts = { .stage = state->stage, .end = state->end, .on_device = state->on_device,
                         .is_stopping = state->is_stopping, .device = state->device };
  g_autofree char *what = NULL;
  g_autofree char *outcome = NULL;

  if (state->session != NULL)
    {
      const BoSessionProgress *progress = bo_session_get_progress (state->session);

      what = bo_session_describe_stage (state->session);
      facts.what = what;
      facts.done = progress->done;
      facts.total = progress->total;
      facts.error = bo_session_get_error (state->session);
      if (state->end != BO_SESSION_END_NONE)
        outcome = bo_run_guard_describe_end (state->session);
      facts.outcome = outcome;
    }
  bo_stage_view_set_facts (self->stages, &facts);
}

static void
tick (BoActivityPage *self)
{
  const BoActivityState *state = self->state;
  const BoTrial *running = state != NULL ? bo_activity_state_get_running (state) : NULL;
  gint64 journal_us = get_journal_time (self);
  gint64 running_us = running != NULL ? bo_trial_view_find_elapsed (state, running, journal_us) : 0;
  const char *progress;

  if (state == NULL)
    return;
  bo_queue_view_tick (self->queue, state, running_us);
  progress = bo_queue_view_get_heading (self->queue);
  gtk_label_set_text (self->progress, progress != NULL ? progress : "");
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->detail), "trial") == 0)
    bo_trial_view_tick (self->trial, state, journal_us);
}

static gboolean
tick_cb (gpointer user_data)
{
  tick (user_data);
  return G_SOURCE_CONTINUE;
}

static void
update_detail (BoActivityPage *self)
{
  BoQueueItem *item = bo_queue_view_get_selected (self->queue);

  if (item == NULL)
    gtk_stack_set_visible_child_name (self->detail, "none");
  else if (bo_queue_item_get_kind (item) == BO_QUEUE_SESSION)
    gtk_stack_set_visible_child_name (self->detail, "stages");
  else if (bo_queue_item_get_trial (item) != NULL)
    {
      bo_trial_view_show (self->trial, self->state, bo_queue_item_get_trial (item));
      gtk_stack_set_visible_child_name (self->detail, "trial");
    }
}

static void
selected_cb (BoQueueView *queue, gpointer user_data)
{
  BoActivityPage *self = BO_ACTIVITY_PAGE (user_data);

  if (self->state == NULL)
    return;
  update_detail (self);
  tick (self);
}

static void
activated_cb (BoQueueView *queue, gpointer user_data)
{
  bo_split_view_set_show_sidebar (BO_ACTIVITY_PAGE (user_data)->split, FALSE);
}

static void
folded_cb (BoSplitView *split, GParamSpec *pspec, gpointer user_data)
{
  BoActivityPage *self = BO_ACTIVITY_PAGE (user_data);
  gboolean folded = bo_split_view_get_folded (split);

  gtk_widget_set_visible (self->back, folded);
  gtk_widget_set_visible (self->to_queue, folded);
  bo_trial_view_set_narrow (self->trial, folded);
}

/**
 * bo_activity_page_set_state:
 * @self: the page
 * @state: (transfer full): how the campaign stands now
 */
void
bo_activity_page_set_state (BoActivityPage *self, BoActivityState *state)
{
  g_autoptr (BoActivityState) old = NULL;
  gboolean empty;

  g_return_if_fail (BO_IS_ACTIVITY_PAGE (self) && state != NULL);

  old = g_steal_pointer (&self->state);
  self->state = state;
  if (old != NULL && (old->session != state->session || old->recorder != state->recorder))
    self->has_clock = FALSE;
  empty = state->campaign == NULL && !state->is_running && state->end == BO_SESSION_END_NONE;
  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "campaign");
  bo_queue_view_set_state (self->queue, state);
  show_stages (self);
  if (self->wanted != NULL && bo_queue_view_select_trial (self->queue, self->wanted))
    g_clear_pointer (&self->wanted, g_free);
  update_detail (self);
  tick (self);
  if (state->is_running && self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
  else if (!state->is_running)
    g_clear_handle_id (&self->tick_id, g_source_remove);
}

/**
 * bo_activity_page_take_change:
 * @self: the page
 * @change: what became different
 *
 * There may be 50 000 of them a second.
 */
void
bo_activity_page_take_change (BoActivityPage *self, const BoChange *change)
{
  gint64 offset_us = g_get_monotonic_time () - change->monotonic_us;

  g_return_if_fail (BO_IS_ACTIVITY_PAGE (self));

  /* After a restart of the device its clock begins again. */
  if (!self->has_clock || change->kind == BO_CHANGE_CAMPAIGN || offset_us < self->clock_offset_us)
    self->clock_offset_us = offset_us;
  self->has_clock = TRUE;
  if (change->kind == BO_CHANGE_TELEMETRY && self->state != NULL)
    {
      const BoTrial *running = bo_activity_state_get_running (self->state);

      if (running != NULL && g_strcmp0 (running->id, bo_trial_view_get_trial (self->trial)) == 0)
        bo_trial_view_take_sample (self->trial, change->sample);
    }
}

static void
cancel_loading (BoActivityPage *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

static void
set_earlier (BoActivityPage *self, BoEarlierCampaign *earlier)
{
  cancel_loading (self);
  g_clear_pointer (&self->earlier, bo_earlier_campaign_free);
  self->earlier = earlier;
  if (earlier != NULL)
    {
      g_autofree char *time = bo_activity_format_time (earlier->campaign->created_us);
      /* TRANSLATORS: when it began, "24 November, 14:02" */
      g_autofree char *text = g_strdup_printf (_ ("An earlier campaign: %s"), time);

      gtk_label_set_text (self->earlier_label, text);
    }
  gtk_widget_set_visible (self->earlier_bar, earlier != NULL);
}

static void
refresh (BoActivityPage *self)
{
  gboolean running = bo_open_study_is_running (self->study);

  /* What begins is what one wants to see. */
  if (running && !self->was_running)
    set_earlier (self, NULL);
  self->was_running = running;
  bo_activity_page_set_state (self, self->earlier != NULL
                                      ? bo_activity_state_new_for_campaign (self->study, self->earlier->campaign,
                                                                            self->earlier->trials)
                                      : bo_activity_state_new_for_study (self->study));
}

static void
earlier_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoEarlierCampaign) earlier = bo_earlier_campaign_load_finish (result, &error);
  BoActivityPage *self;

  /* Then the page may be gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = BO_ACTIVITY_PAGE (user_data);
  g_clear_object (&self->loading);
  if (earlier == NULL)
    {
      g_clear_pointer (&self->wanted, g_free);
      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
      return;
    }
  set_earlier (self, g_steal_pointer (&earlier));
  refresh (self);
}

static void
show_latest_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoActivityPage *self = BO_ACTIVITY_PAGE (widget);

  if (self->study == NULL)
    return;
  set_earlier (self, NULL);
  refresh (self);
  gtk_widget_child_focus (GTK_WIDGET (self->split), GTK_DIR_TAB_FORWARD);
}

static void
refresh_cb (BoOpenStudy *study, gpointer user_data)
{
  BoActivityPage *self = BO_ACTIVITY_PAGE (user_data);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  refresh (self);
}

static gboolean
refresh_later_cb (gpointer user_data)
{
  BoActivityPage *self = BO_ACTIVITY_PAGE (user_data);

  self->refresh_id = 0;
  refresh (self);
  return G_SOURCE_REMOVE;
}

/* The bytes of a large image come in many small steps. */
static void
session_changed_cb (BoOpenStudy *study, gpointer user_data)
{
  BoActivityPage *self = BO_ACTIVITY_PAGE (user_data);

  if (self->refresh_id == 0)
    self->refresh_id = g_timeout_add (REFRESH_MS, refresh_later_cb, self);
}

static void
change_cb (BoOpenStudy *study, gpointer change, gpointer user_data)
{
  bo_activity_page_take_change (BO_ACTIVITY_PAGE (user_data), change);
}

/* --- The order -------------------------------------------------------------------------- */

typedef struct
{
  BoActivityPage *page;
  char *chain;
  guint position;
} Undo;

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  g_clear_weak_pointer (&undo->page);
  g_free (undo->chain);
  g_free (undo);
}

static void
undo_cb (AdwToast *toast, gpointer user_data)
{
  Undo *undo = user_data;

  if (undo->page != NULL)
    bo_queue_view_restore (undo->page->queue, undo->chain, undo->position);
}

static void
offer_undo (BoActivityPage *self, const char *chain, guint position)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  AdwToast *toast;
  Undo *undo;

  if (overlay == NULL)
    return;
  undo = g_new0 (Undo, 1);
  g_set_weak_pointer (&undo->page, self);
  undo->chain = g_strdup (chain);
  undo->position = position;
  toast = adw_toast_new (_ ("Taken out of the queue"));
  adw_toast_set_button_label (toast, _ ("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), undo, undo_free, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

/* Where it was: the state still has the order before. */
static guint
find_old_position (BoActivityPage *self, const char *chain)
{
  g_autoptr (GPtrArray) queue = bo_queue_list (self->state->campaign, self->state->trials, self->state->order);

  for (guint i = 0; i < queue->len; i++)
    if (g_str_equal (((const BoQueueEntry *) g_ptr_array_index (queue, i))->chain, chain))
      return i;
  return G_MAXUINT;
}

static void
order_cb (BoQueueView *queue, GStrv chains, const char *removed, gpointer user_data)
{
  BoActivityPage *self = BO_ACTIVITY_PAGE (user_data);
  guint position;
  gboolean asked = FALSE;

  if (self->state == NULL || self->state->campaign == NULL)
    return;
  position = removed != NULL ? find_old_position (self, removed) : 0;
  if (self->state->session != NULL && bo_activity_state_can_order (self->state))
    asked = bo_session_set_order (self->state->session, (const char *const *) chains);
  if (asked && removed != NULL)
    offer_undo (self, removed, position);
  if (self->study != NULL)
    refresh (self);
}

/* --- The page ----------------------------------------------------------------------------- */

static void
show_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BoActivityPage *self = BO_ACTIVITY_PAGE (widget);

  bo_split_view_set_show_sidebar (self->split, g_str_equal (name, "activity.show-queue"));
  gtk_widget_child_focus (GTK_WIDGET (self->split), GTK_DIR_TAB_FORWARD);
}

static void
bo_activity_page_dispose (GObject *object)
{
  BoActivityPage *self = BO_ACTIVITY_PAGE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  /* Nothing is selected any more when the queue goes, and nobody is to be told. */
  g_clear_pointer (&self->state, bo_activity_state_free);
  cancel_loading (self);
  g_clear_pointer (&self->earlier, bo_earlier_campaign_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_ACTIVITY_PAGE);
  if (self->study != NULL)
    g_signal_handlers_disconnect_by_data (self->study, self);
  g_clear_object (&self->study);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (bo_activity_page_parent_class)->dispose (object);
}

static void
bo_activity_page_class_init (BoActivityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_activity_page_dispose;
  g_type_ensure (BO_TYPE_SPLIT_VIEW);
  g_type_ensure (BO_TYPE_QUEUE_VIEW);
  g_type_ensure (BO_TYPE_STAGE_VIEW);
  g_type_ensure (BO_TYPE_TRIAL_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-activity-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, earlier_bar);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, earlier_label);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, split);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, back);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, queue);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, to_queue);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, progress);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, detail);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, stages);
  gtk_widget_class_bind_template_child (widget_class, BoActivityPage, trial);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, order_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "activity.show-queue", NULL, show_cb);
  gtk_widget_class_install_action (widget_class, "activity.show-trial", NULL, show_cb);
  gtk_widget_class_install_action (widget_class, "activity.show-latest", NULL, show_latest_cb);
}

static void
bo_activity_page_init (BoActivityPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bo_activity_page_set_open_study:
 * @self: the page
 * @study: the study whose campaign is shown
 */
void
bo_activity_page_set_open_study (BoActivityPage *self, BoOpenStudy *study)
{
  g_return_if_fail (BO_IS_ACTIVITY_PAGE (self));
  g_return_if_fail (BO_IS_OPEN_STUDY (study) && self->study == NULL);

  self->study = g_object_ref (study);
  g_signal_connect (study, "loaded", G_CALLBACK (refresh_cb), self);
  g_signal_connect (study, "session-changed", G_CALLBACK (session_changed_cb), self);
  g_signal_connect (study, "records-changed", G_CALLBACK (refresh_cb), self);
  g_signal_connect (study, "change", G_CALLBACK (change_cb), self);
  refresh (self);
}

/**
 * bo_activity_page_show_trial:
 * @self: the page
 * @trial_id: id of a trial, of the latest campaign or of an earlier one, which is read then
 */
void
bo_activity_page_show_trial (BoActivityPage *self, const char *trial_id)
{
  g_return_if_fail (BO_IS_ACTIVITY_PAGE (self));
  g_return_if_fail (trial_id != NULL);

  bo_split_view_set_show_sidebar (self->split, FALSE);
  g_free (self->wanted);
  self->wanted = g_strdup (trial_id);
  cancel_loading (self);
  if (self->study != NULL && (self->state == NULL || bo_activity_state_get_planned (self->state, trial_id) == NULL))
    {
      BoCampaign *latest = bo_open_study_get_campaign (self->study);

      if (latest == NULL || bo_campaign_get_trial (latest, trial_id) == NULL)
        {
          self->loading = g_cancellable_new ();
          bo_earlier_campaign_load_async (trial_id, self->loading, earlier_cb, self);
          return;
        }
      set_earlier (self, NULL);
      refresh (self);
      return;
    }
  if (bo_queue_view_select_trial (self->queue, trial_id))
    g_clear_pointer (&self->wanted, g_free);
}

/**
 * bo_activity_page_is_loading:
 *
 * Returns: whether an earlier campaign is being read
 */
gboolean
bo_activity_page_is_loading (BoActivityPage *self)
{
  g_return_val_if_fail (BO_IS_ACTIVITY_PAGE (self), FALSE);

  return self->loading != NULL;
}

const BoActivityState *
bo_activity_page_get_state (BoActivityPage *self)
{
  g_return_val_if_fail (BO_IS_ACTIVITY_PAGE (self), NULL);

  return self->state;
}

BoQueueView *
bo_activity_page_get_queue (BoActivityPage *self)
{
  g_return_val_if_fail (BO_IS_ACTIVITY_PAGE (self), NULL);

  return self->queue;
}

BoTrialView *
bo_activity_page_get_trial_view (BoActivityPage *self)
{
  g_return_val_if_fail (BO_IS_ACTIVITY_PAGE (self), NULL);

  return self->trial;
}

BoStageView *
bo_activity_page_get_stage_view (BoActivityPage *self)
{
  g_return_val_if_fail (BO_IS_ACTIVITY_PAGE (self), NULL);

  return self->stages;
}
