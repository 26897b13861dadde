/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-run-guard"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bo-settings.h"
#include "shell/bo-run-guard.h"

struct _BoRunGuard
{
  GObject parent_instance;

  GtkWindow *window;           /* not owned: it owns us */
  GtkApplication *application; /* (nullable): a window that is destroyed has none any more */
  BoOpenStudy *study;
  AdwMessageDialog *dialog; /* (nullable), weak */
  guint inhibit_id;
  gboolean closing;      /* the window is destroyed when the session has ended */
  gboolean close_stopped; /* because it was stopped, not because it is over */
};

G_DEFINE_FINAL_TYPE (BoRunGuard, bo_run_guard, G_TYPE_OBJECT)

/* A campaign on the device needs nobody; one that is still being handed over needs us as much as one that is played here. */
static void
update_inhibit (BoRunGuard *self)
{
  BoSession *session = bo_open_study_get_session (self->study);
  gboolean needed = bo_open_study_is_running (self->study)
                    && (bo_session_get_stage (session) != BO_SESSION_PLAYING
                        || bo_session_get_place (session) != BO_PLACE_DEVICE);

  if (needed == (self->inhibit_id != 0) || self->application == NULL)
    return;
  if (needed)
    self->inhibit_id = gtk_application_inhibit (self->application, self->window,
                                                GTK_APPLICATION_INHIBIT_SUSPEND | GTK_APPLICATION_INHIBIT_LOGOUT,
                                                _ ("A build that runs from this computer would be lost"));
  else
    {
      gtk_application_uninhibit (self->application, self->inhibit_id);
      self->inhibit_id = 0;
    }
}

/**
 * bo_run_guard_describe_end:
 * @session: a session that has ended
 *
 * Returns: (transfer full): how it ended, in a sentence
 */
char *
bo_run_guard_describe_end (BoSession *session)
{
  const GError *error = bo_session_get_error (session);
  BoRecorder *recorder = bo_session_get_recorder (session);
  guint n[BO_N_OUTCOMES] = { 0 };
  guint n_all = 0;
  GPtrArray *trials;

  switch (bo_session_get_end (session))
    {
    case BO_SESSION_END_DETACHED:
      return g_strdup_printf (_ ("The campaign goes on on %s."), bo_session_get_device_url (session));
    case BO_SESSION_END_NOTHING:
      if (bo_session_get_recovered (session)->len > 0)
        return g_strdup (_ ("The campaign had ended already; all of it is recorded now."));
      return g_strdup_printf (_ ("No campaign runs on %s."), bo_session_get_device_url (session));
    case BO_SESSION_END_FAILED:
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return g_strdup (_ ("Stopped before anything was built."));
      return g_strdup (error->message);
    case BO_SESSION_END_OVER:
    case BO_SESSION_END_NONE:
    default:
      break;
    }
  if (error != NULL)
    return g_strdup (error->message);
  trials = bo_recorder_get_trials (recorder);
  for (guint i = 0; i < trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (trials, i);

      if (trial->kind != BO_TRIAL_COUNTED)
        continue;
      n[trial->outcome]++;
      n_all++;
    }
  if (bo_recorder_get_state (recorder) == BO_CAMPAIGN_FINISHED)
    return g_strdup_printf (ngettext ("The campaign is over: %u of %u trial succeeded.",
                                      "The campaign is over: %u of %u trials succeeded.", n_all),
                            n[BO_OUTCOME_SUCCEEDED], n_all);
  if (bo_session_is_stopping (session))
    return g_strdup_printf (ngettext ("The campaign was stopped: %u of %u trial had succeeded.",
                                      "The campaign was stopped: %u of %u trials had succeeded.", n_all),
                            n[BO_OUTCOME_SUCCEEDED], n_all);
  return g_strdup_printf (_ ("The campaign did not get to its end: %s"),
                          bo_recorder_get_end_reason (recorder) != NULL ? bo_recorder_get_end_reason (recorder)
                                                                         : _ ("no reason known"));
}

static void
toast (BoRunGuard *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.toast", "s", text);
}

static void
session_changed_cb (BoOpenStudy *study, gpointer user_data)
{
  BoRunGuard *self = BO_RUN_GUARD (user_data);

  update_inhibit (self);
  /* Why it could not be stopped was a notice of the session. */
  if (self->closing && self->close_stopped && bo_open_study_is_running (study)
      && bo_session_get_stage (bo_open_study_get_session (study)) < BO_SESSION_CLOSING
      && !bo_session_is_stopping_now (bo_open_study_get_session (study)))
    {
      self->closing = FALSE;
      toast (self, _ ("The campaign runs on, and the window stays open"));
    }
}

/* While it still has its application: what the guard holds of that is let go of. */
static void
destroy_window (BoRunGuard *self)
{
  update_inhibit (self);
  gtk_window_destroy (self->window);
}

/* Whoever looks at the window sees it there. */
static void
session_ended_cb (BoOpenStudy *study, gpointer user_data)
{
  BoRunGuard *self = BO_RUN_GUARD (user_data);
  BoSession *session = bo_open_study_get_session (study);
  g_autofree char *text = bo_run_guard_describe_end (session);
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *uri = NULL;

  if (self->closing)
    {
      destroy_window (self);
      return;
    }
  if (gtk_window_is_active (self->window) || self->application == NULL || !bo_settings_get_notify ())
    return;
  uri = g_file_get_uri (bo_open_study_get_file (study));
  notification = g_notification_new (gtk_window_get_title (self->window));
  g_notification_set_body (notification, text);
  g_notification_set_default_action_and_target (notification, "app.show-study", "s", uri);
  g_application_send_notification (G_APPLICATION (self->application), uri, notification);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  BoRunGuard *self = BO_RUN_GUARD (user_data);

  /* The campaign may have come further, or to its end, while the question was asked. */
  if (g_str_equal (response, "cancel"))
    self->closing = FALSE;
  else if (!bo_open_study_is_running (self->study))
    destroy_window (self);
  else if (g_str_equal (response, "leave"))
    {
      if (bo_open_study_detach (self->study))
        destroy_window (self);
      else
        toast (self, _ ("The campaign cannot be left now; the window stays open"));
    }
  else
    {
      self->closing = TRUE;
      self->close_stopped = g_str_equal (response, "stop");
      toast (self, _ ("The window closes when the device has been cleaned up"));
      if (self->close_stopped)
        bo_open_study_stop (self->study, TRUE);
    }
}

/**
 * bo_run_guard_may_close:
 * @self: the guard
 *
 * Asks the user when a campaign runs.
 *
 * Returns: whether the window may close now; if not, it is closed when the answer has come
 */
gboolean
bo_run_guard_may_close (BoRunGuard *self)
{
  AdwMessageDialog *dialog;

  g_return_val_if_fail (BO_IS_RUN_GUARD (self), TRUE);

  if (!bo_open_study_is_running (self->study))
    return TRUE;
  if (self->dialog != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->dialog));
      return FALSE;
    }
  if (bo_open_study_can_detach (self->study) && !bo_settings_get_ask_before_quitting ())
    return TRUE;
  if (bo_open_study_can_detach (self->study))
    {
      dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (self->window, _ ("A Campaign Is Running"), NULL));
      adw_message_dialog_format_body (dialog,
                                      _ ("It goes on on %s without this window, also when this computer sleeps. Open "
                                         "the study again to follow it; nothing is lost meanwhile."),
                                      bo_session_get_device_url (bo_open_study_get_session (self->study)));
      adw_message_dialog_add_responses (dialog, "cancel", _ ("_Keep Open"), "stop", _ ("_Stop Campaign"), "leave",
                                        _ ("_Leave Running"), NULL);
      adw_message_dialog_set_response_appearance (dialog, "leave", ADW_RESPONSE_SUGGESTED);
      adw_message_dialog_set_default_response (dialog, "leave");
    }
  else if (bo_session_get_stage (bo_open_study_get_session (self->study)) == BO_SESSION_CLOSING)
    {
      dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
          self->window, _ ("The Device Is Being Cleaned Up"),
          _ ("The campaign is over, and all of it is recorded. The window closes by itself when the device has been "
             "cleaned up, which takes moments.")));
      adw_message_dialog_add_responses (dialog, "cancel", _ ("_Keep Open"), "wait", _ ("_Close When Done"), NULL);
      adw_message_dialog_set_response_appearance (dialog, "wait", ADW_RESPONSE_SUGGESTED);
      adw_message_dialog_set_default_response (dialog, "wait");
    }
  else
    {
      dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
          self->window, _ ("A Campaign Is Running"),
          _ ("It runs from this window. If you close it, the build under way is cancelled; what has finished is kept.")));
      adw_message_dialog_add_responses (dialog, "cancel", _ ("_Keep Open"), "stop", _ ("_Stop and Close"), NULL);
      adw_message_dialog_set_default_response (dialog, "cancel");
    }
  if (adw_message_dialog_has_response (dialog, "stop"))
    adw_message_dialog_set_response_appearance (dialog, "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  g_set_weak_pointer (&self->dialog, dialog);
  gtk_window_present (GTK_WINDOW (dialog));
  return FALSE;
}

static void
bo_run_guard_dispose (GObject *object)
{
  BoRunGuard *self = BO_RUN_GUARD (object);

  if (self->inhibit_id != 0)
    gtk_application_uninhibit (self->application, self->inhibit_id);
  self->inhibit_id = 0;
  g_clear_weak_pointer (&self->dialog);
  g_clear_object (&self->application);
  g_clear_object (&self->study);

  G_OBJECT_CLASS (bo_run_guard_parent_class)->dispose (object);
}

static void
bo_run_guard_class_init (BoRunGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bo_run_guard_dispose;
}

static void
bo_run_guard_init (BoRunGuard *self)
{
}

/**
 * bo_run_guard_new:
 * @window: the study's window, which must own the guard
 * @study: the study
 *
 * Returns: (transfer full): the guard
 */
BoRunGuard *
bo_run_guard_new (GtkWindow *window, BoOpenStudy *study)
{
  BoRunGuard *self;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);
  g_return_val_if_fail (BO_IS_OPEN_STUDY (study), NULL);

  self = g_object_new (BO_TYPE_RUN_GUARD, NULL);
  self->window = window;
  g_set_object (&self->application, gtk_window_get_application (window));
  self->study = g_object_ref (study);
  g_signal_connect_object (study, "session-changed", G_CALLBACK (session_changed_cb), self, 0);
  g_signal_connect_object (study, "session-ended", G_CALLBACK (session_ended_cb), self, 0);
  return self;
}
