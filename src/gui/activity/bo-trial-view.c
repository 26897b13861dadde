/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-trial-view"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "activity/bo-phase-bar.h"
#include "activity/bo-trial-view.h"
#include "insight/bo-diagnosis.h"
#include "session/bo-time-left.h"
#include "study/bo-document-text.h"

struct _BoTrialView
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *box;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *clock;
  GtkWidget *problem;
  GtkLabel *reason;
  GtkLabel *words;
  GtkLabel *remedy;
  GtkLabel *flags;
  BoPhaseBar *phases;
  GtkWidget *parts;
  GtkToggleButton *log_part;
  GtkToggleButton *steps_part;
  GtkToggleButton *machine_part;
  GtkWidget *steps_bin;
  BoStepList *steps;
  GtkWidget *log_bin;
  BoLogView *log;
  GtkLabel *waiting;
  GtkWidget *machine_bin;
  BoMachineView *machine;

  char *trial;
  BoOutcome outcome;
  gboolean has_outcome;
  gboolean has_log;
  gboolean live; /* samples come as they are taken */
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (BoTrialView, bo_trial_view, GTK_TYPE_WIDGET)

static void
update_parts (BoTrialView *self)
{
  gboolean waits = gtk_widget_get_visible (GTK_WIDGET (self->waiting));
  gboolean has_machine = bo_machine_view_count_cards (self->machine) > 0;

  if (!has_machine && gtk_toggle_button_get_active (self->machine_part))
    gtk_toggle_button_set_active (self->log_part, TRUE);
  gtk_widget_set_visible (self->parts, self->narrow && !waits);
  gtk_widget_set_visible (GTK_WIDGET (self->machine_part), has_machine);
  gtk_widget_set_visible (self->log_bin, !waits && (!self->narrow || gtk_toggle_button_get_active (self->log_part)));
  gtk_widget_set_visible (self->steps_bin, !self->narrow || waits || gtk_toggle_button_get_active (self->steps_part));
  gtk_widget_set_visible (self->machine_bin,
                          has_machine && (!self->narrow || gtk_toggle_button_get_active (self->machine_part)));
  bo_step_list_set_tall (self->steps, self->narrow);
}

static void
part_cb (GtkToggleButton *button, gpointer user_data)
{
  update_parts (BO_TRIAL_VIEW (user_data));
}

static void
step_cb (BoStepList *steps, guint index, gpointer user_data)
{
  BoTrialView *self = BO_TRIAL_VIEW (user_data);

  gtk_toggle_button_set_active (self->log_part, TRUE);
  bo_log_view_show_step (self->log, index);
}

/* --- What it is ------------------------------------------------------------------------ */

static void
append (GString *text, const char *part)
{
  if (part != NULL && *part != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
}

static void
show_title (BoTrialView *self, const BoActivityState *state, const BoTrial *trial, const BoPlannedTrial *planned)
{
  g_autofree char *strategy = bo_activity_describe_strategy (state, planned);
  g_autofree char *base = bo_activity_describe_base (state, planned->cell);
  /* TRANSLATORS: a strategy, and the base image that it is built on: "Multi-stage on NVIDIA L4T PyTorch" */
  g_autofree char *title = g_strdup_printf (_ ("%s on %s"), strategy, base);
  g_autoptr (GString) text = g_string_new (NULL);

  append (text, bo_activity_describe_builder (planned->cell->builder));
  if (planned->kind != BO_TRIAL_PREBUILD)
    {
      g_autofree char *condition = bo_activity_describe_condition (planned);

      append (text, condition);
    }
  if (state->campaign->repetitions > 1 && planned->kind != BO_TRIAL_PREBUILD)
    {
      g_autofree char *run = g_strdup_printf (_ ("run %u of %u"), planned->repetition, state->campaign->repetitions);

      append (text, run);
    }
  if (trial != NULL && trial->started_us >= 0)
    {
      g_autofree char *time = bo_activity_format_time (trial->started_us);
      /* TRANSLATORS: when, and on which device: "started 14:02 on orin-nano" */
      g_autofree char *started = state->device != NULL ? g_strdup_printf (_ ("started %s on %s"), time, state->device)
                                                       : g_strdup_printf (_ ("started %s"), time);

      append (text, started);
    }
  if (trial != NULL && trial == bo_activity_state_get_running (state))
    append (text, state->on_device ? _ ("keeps running when this computer sleeps") : _ ("runs from this computer"));
  if (trial != NULL && trial->image != NULL && trial->image->size >= 0)
    {
      g_autofree char *size = bo_activity_format_size (trial->image->size);
      g_autofree char *image = g_strdup_printf (_ ("image %s"), size);

      append (text, image);
    }
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->subtitle, text->str);
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* What the report says of it, which has read the log. */
static const BoReportFailure *
find_failure (const BoActivityState *state, const char *trial_id)
{
  for (guint i = 0; state->failures != NULL && i < state->failures->len; i++)
    {
      const BoReportFailure *failure = g_ptr_array_index (state->failures, i);

      if (g_ptr_array_find_with_equal_func (failure->trials, trial_id, g_str_equal, NULL))
        return failure;
    }
  return NULL;
}

static char *
capitalize (const char *text)
{
  char start[7] = "";

  if (*text == '\0')
    return g_strdup (text);
  start[g_unichar_to_utf8 (g_unichar_totitle (g_utf8_get_char (text)), start)] = '\0';
  return g_strconcat (start, g_utf8_next_char (text), NULL);
}

/* What a known message means, and what to do. */
static char *
find_remedy (const BoActivityState *state, const BoTrial *trial)
{
  const BoReportFailure *failure = find_failure (state, trial->id);
  g_autoptr (BoDiagnosis) diagnosis = bo_diagnose_evidence (trial);
  const char *language = g_get_language_names ()[0];

  if (failure != NULL && failure->advice != NULL)
    {
      g_autofree char *cause = failure->cause != NULL ? capitalize (failure->cause) : NULL;

      return cause != NULL ? g_strdup_printf ("%s. %s", cause, failure->advice) : g_strdup (failure->advice);
    }
  if (diagnosis == NULL)
    {
      g_autoptr (BoDiagnoser) diagnoser = bo_diagnoser_new (bo_signatures_get_known ());

      bo_diagnoser_feed_errors (diagnoser, trial);
      diagnosis = bo_diagnoser_finish (diagnoser);
    }
  return diagnosis != NULL ? g_strdup (bo_document_text (language, diagnosis->signature->advice)) : NULL;
}

static void
show_problem (BoTrialView *self, const BoActivityState *state, const BoTrial *trial)
{
  gboolean bad = trial->outcome != BO_OUTCOME_SUCCEEDED && trial->outcome != BO_OUTCOME_PENDING
                 && trial->outcome != BO_OUTCOME_RUNNING;
  gboolean failed = trial->outcome == BO_OUTCOME_FAILED || trial->outcome == BO_OUTCOME_TIMED_OUT;
  const char *title = bo_outcome_get_title (trial->outcome);
  g_autofree char *how = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *remedy = NULL;
  g_autofree char *words = trial->error != NULL ? g_strstrip (g_strdup (trial->error)) : NULL;

  gtk_widget_set_visible (self->problem, bad);
  if (!bad)
    return;
  if (trial->outcome == BO_OUTCOME_FAILED && trial->failed_step >= 0 && (guint) trial->failed_step < trial->steps->len
      && ((const BoStep *) g_ptr_array_index (trial->steps, trial->failed_step))->number > 0)
    how = g_strdup_printf (_ ("Failed at step %u"),
                           ((const BoStep *) g_ptr_array_index (trial->steps, trial->failed_step))->number);
  else
    how = g_strdup (title);
  reason = trial->reason != NULL ? g_strdup_printf ("%s: %s", how, trial->reason) : g_strdup (how);
  if (trial->outcome == BO_OUTCOME_FAILED)
    remedy = find_remedy (state, trial);
  set_text (self->reason, reason);
  /* The reason is often the error's only line. */
  set_text (self->words, words != NULL && (trial->reason == NULL || strstr (trial->reason, words) == NULL) ? words : NULL);
  set_text (self->remedy, remedy);
  if (failed)
    gtk_widget_add_css_class (self->problem, "failed");
  else
    gtk_widget_remove_css_class (self->problem, "failed");
}

static void
show_flags (BoTrialView *self, const BoTrial *trial)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < trial->flags->len; i++)
    {
      const char *flag = g_ptr_array_index (trial->flags, i);
      const char *evidence = bo_trial_get_evidence (trial, flag);

      g_string_append_printf (text, "%s⚠ %s%s%s", i > 0 ? "\n" : "", flag, evidence != NULL ? ": " : "",
                              evidence != NULL ? evidence : "");
    }
  set_text (self->flags, text->str);
  bo_machine_view_set_flags (self->machine, trial);
}

static void
show_waiting (BoTrialView *self, const BoActivityState *state, const BoTrial *trial, const BoPlannedTrial *planned)
{
  gint64 expected_us = state->estimates != NULL ? bo_time_left_get_expected (planned, state->estimates) : -1;
  gboolean waits = trial == NULL || trial->outcome == BO_OUTCOME_PENDING;
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->waiting), waits);
  if (!waits)
    return;
  if (!state->is_unfinished)
    text = g_strdup (_ ("It was not built."));
  else if (trial != NULL && bo_activity_state_is_removed (state, planned))
    text = g_strdup (_ ("It was taken out of the queue, and is not built unless you put it back."));
  else if (expected_us > 0)
    {
      time = bo_activity_format_duration (expected_us);
      text = g_strdup_printf (_ ("It waits for its turn. Earlier builds of this kind took about %s."), time);
    }
  else
    text = g_strdup (_ ("It waits for its turn. Nothing like it was built before, so nobody knows how long it takes."));
  gtk_label_set_text (self->waiting, text);
}

/* --- Time ------------------------------------------------------------------------------- */

/**
 * bo_trial_view_find_elapsed:
 * @state: the campaign
 * @trial: one of its trials
 * @journal_us: the time now on the journal's clock, or -1
 *
 * Returns: how long its build took, or takes up to now; 0 before the build has begun
 */
gint64
bo_trial_view_find_elapsed (const BoActivityState *state, const BoTrial *trial, gint64 journal_us)
{
  BoRecorder *recorder = bo_activity_state_get_recorder (state);
  gint64 start_us, end_us;

  if (trial->outcome == BO_OUTCOME_SUCCEEDED && trial->build_us >= 0)
    return trial->build_us;
  if (trial->outcome != BO_OUTCOME_RUNNING && trial->outcome != BO_OUTCOME_PENDING)
    return MAX (trial->elapsed_us, 0);
  if (recorder == NULL || !bo_recorder_get_build_span (recorder, trial->id, &start_us, &end_us))
    return 0;
  if (end_us >= 0)
    return MAX (end_us - start_us, 0);
  return journal_us >= 0 ? MAX (journal_us - start_us, 0) : 0;
}

/**
 * bo_trial_view_tick:
 * @self: the view
 * @state: the campaign
 * @journal_us: the time now on the journal's clock, or -1
 */
void
bo_trial_view_tick (BoTrialView *self, const BoActivityState *state, gint64 journal_us)
{
  const BoTrial *trial;
  const BoPlannedTrial *planned;
  gint64 elapsed_us, expected_us = -1, left_us = -1, since_us = 0;
  BoPhaseKind phase = BO_PHASE_BUILD;
  gboolean is_current;
  g_autofree char *clock = NULL;

  g_return_if_fail (BO_IS_TRIAL_VIEW (self));

  trial = bo_activity_state_get_trial (state, self->trial);
  planned = bo_activity_state_get_planned (state, self->trial);
  if (planned == NULL)
    return;
  if (trial == NULL)
    {
      bo_step_list_set_trial (self->steps, NULL, planned, 0, -1);
      return;
    }
  elapsed_us = bo_trial_view_find_elapsed (state, trial, journal_us);
  is_current = trial == bo_activity_state_get_running (state)
               && bo_recorder_get_phase (bo_activity_state_get_recorder (state), &phase, &since_us);
  if (state->estimates != NULL)
    expected_us = bo_time_left_get_expected (planned, state->estimates);
  if (is_current && expected_us > 0 && trial->outcome == BO_OUTCOME_RUNNING)
    left_us = expected_us - elapsed_us;
  if (trial->outcome == BO_OUTCOME_RUNNING)
    clock = bo_activity_format_clock (elapsed_us);
  else if (trial->outcome == BO_OUTCOME_SUCCEEDED || elapsed_us > 0)
    clock = bo_activity_format_duration (elapsed_us);
  set_text (self->clock, clock);
  bo_phase_bar_set_phases (self->phases, trial->phases, is_current, phase,
                           is_current && journal_us >= 0 ? MAX (journal_us - since_us, 0) : 0, left_us);
  bo_step_list_set_trial (self->steps, trial, planned, elapsed_us, expected_us);
}

/**
 * bo_trial_view_show:
 * @self: the view
 * @state: the campaign
 * @trial_id: one of its trials
 *
 * To be called again when something has changed.
 */
void
bo_trial_view_show (BoTrialView *self, const BoActivityState *state, const char *trial_id)
{
  const BoTrial *trial = bo_activity_state_get_trial (state, trial_id);
  const BoPlannedTrial *planned = bo_activity_state_get_planned (state, trial_id);
  gboolean other = g_strcmp0 (self->trial, trial_id) != 0;
  gboolean begun;

  g_return_if_fail (BO_IS_TRIAL_VIEW (self));

  if (planned == NULL)
    return;
  if (other)
    {
      g_free (self->trial);
      self->trial = g_strdup (trial_id);
      self->has_log = FALSE;
      self->has_outcome = FALSE;
      self->live = FALSE;
      bo_log_view_clear (self->log);
      bo_machine_view_clear (self->machine);
    }
  show_title (self, state, trial, planned);
  show_waiting (self, state, trial, planned);
  begun = trial != NULL && trial->outcome != BO_OUTCOME_PENDING;
  if (begun && !self->has_log && state->store != NULL)
    {
      self->has_log = TRUE;
      bo_log_view_show_trial (self->log, state->store, state->campaign, trial_id,
                              state->is_running ? state->session : NULL);
    }
  if (begun && trial == bo_activity_state_get_running (state))
    self->live = TRUE;
  else if (begun && !self->live && other && state->store != NULL)
    {
      g_autofree char *folder = bo_store_get_campaign_folder (state->store, state->campaign->id);

      bo_machine_view_load (self->machine, folder, state->campaign, trial_id);
    }
  if (trial != NULL && (other || !self->has_outcome || self->outcome != trial->outcome))
    {
      self->has_outcome = TRUE;
      self->outcome = trial->outcome;
      show_problem (self, state, trial);
    }
  if (trial != NULL)
    show_flags (self, trial);
  else
    {
      gtk_widget_set_visible (self->problem, FALSE);
      set_text (self->flags, NULL);
    }
  update_parts (self);
}

/**
 * bo_trial_view_take_sample:
 * @self: the view
 * @sample: what the machine is like now
 */
void
bo_trial_view_take_sample (BoTrialView *self, const BoTelemetrySample *sample)
{
  gboolean first;

  g_return_if_fail (BO_IS_TRIAL_VIEW (self) && sample != NULL);

  if (!self->live)
    return;
  first = bo_machine_view_count_cards (self->machine) == 0;
  bo_machine_view_add (self->machine, sample);
  if (first)
    update_parts (self);
}

void
bo_trial_view_set_narrow (BoTrialView *self, gboolean narrow)
{
  g_return_if_fail (BO_IS_TRIAL_VIEW (self));

  self->narrow = narrow;
  update_parts (self);
}

const char *
bo_trial_view_get_trial (BoTrialView *self)
{
  g_return_val_if_fail (BO_IS_TRIAL_VIEW (self), NULL);

  return self->trial;
}

BoStepList *
bo_trial_view_get_steps (BoTrialView *self)
{
  g_return_val_if_fail (BO_IS_TRIAL_VIEW (self), NULL);

  return self->steps;
}

BoMachineView *
bo_trial_view_get_machine (BoTrialView *self)
{
  g_return_val_if_fail (BO_IS_TRIAL_VIEW (self), NULL);

  return self->machine;
}

static void
machine_shown_cb (GObject *machine, GParamSpec *pspec, gpointer user_data)
{
  update_parts (BO_TRIAL_VIEW (user_data));
}

static void
bo_trial_view_dispose (GObject *object)
{
  BoTrialView *self = BO_TRIAL_VIEW (object);
  GtkWidget *child;

  if (self->machine != NULL)
    g_signal_handlers_disconnect_by_data (self->machine, self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_TRIAL_VIEW);
  g_clear_pointer (&self->trial, g_free);

  G_OBJECT_CLASS (bo_trial_view_parent_class)->dispose (object);
}

static void
bo_trial_view_class_init (BoTrialViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_trial_view_dispose;
  g_type_ensure (BO_TYPE_PHASE_BAR);
  g_type_ensure (BO_TYPE_STEP_LIST);
  g_type_ensure (BO_TYPE_LOG_VIEW);
  g_type_ensure (BO_TYPE_MACHINE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-trial-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, box);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, title);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, subtitle);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, clock);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, problem);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, reason);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, words);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, remedy);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, flags);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, phases);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, parts);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, log_part);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, steps_part);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, machine_part);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, steps_bin);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, steps);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, log_bin);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, log);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, waiting);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, machine_bin);
  gtk_widget_class_bind_template_child (widget_class, BoTrialView, machine);
  gtk_widget_class_bind_template_callback (widget_class, part_cb);
  gtk_widget_class_bind_template_callback (widget_class, step_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_trial_view_init (BoTrialView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self->machine, "notify::visible", G_CALLBACK (machine_shown_cb), self);
}
