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

  GtkWindow *window; /* not owned: it owns us */
  BoOpenStudy *study;
  guint inhibit_id;
  gboolean closing;
};

G_DEFINE_FINAL_TYPE (BoRunGuard, bo_run_guard, G_TYPE_OBJECT)

static GtkApplication *
get_application (BoRunGuard *self)
{
  return gtk_window_get_application (self->window);
}

/* A campaign on the device needs nobody; one that is still being handed over needs us as much as one that is played here. */
static void
update_inhibit (BoRunGuard *self)
{
  gboolean needed = bo_open_study_is_running (self->study) && !bo_open_study_can_detach (self->study);
  GtkApplication *application = get_application (self);

  if (needed == (self->inhibit_id != 0) || application == NULL)
    return;
  if (needed)
    self->inhibit_id = gtk_application_inhibit (application, self->window, GTK_APPLICATION_INHIBIT_SUSPEND,
                                                _ ("A build that runs from this computer would be lost"));
  else
    {
      gtk_application_uninhibit (application, self->inhibit_id);
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
session_changed_cb (BoOpenStudy *study, gpointer user_data)
{
  update_inhibit (BO_RUN_GUARD (user_data));
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
      gtk_window_destroy (self->window);
      return;
    }
  if (gtk_window_is_active (self->window) || get_application (self) == NULL || !bo_settings_get_notify ())
    return;
  uri = g_file_get_uri (bo_open_study_get_file (study));
  notification = g_notification_new (gtk_window_get_title (self->window));
  g_notification_set_body (notification, text);
  g_notification_set_default_action_and_target (notification, "app.show-study", "s", uri);
  g_application_send_notification (G_APPLICATION (get_application (self)), uri, notification);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  BoRunGuard *self = BO_RUN_GUARD (user_data);

  if (g_str_equal (response, "leave"))
    {
      bo_open_study_detach (self->study);
      gtk_window_destroy (self->window);
    }
  else if (g_str_equal (response, "stop"))
    {
      self->closing = TRUE;
      gtk_widget_activate_action (GTK_WIDGET (self->window), "win.toast", "s",
                                  _ ("The window closes when the device has been cleaned up"));
      if (bo_open_study_is_running (self->study))
        bo_open_study_stop (self->study, TRUE);
      else
        gtk_window_destroy (self->window);
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
  else
    {
      dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
          self->window, _ ("A Campaign Is Running"),
          _ ("It runs from this window. If you close it, the build under way is cancelled; what has finished is kept.")));
      adw_message_dialog_add_responses (dialog, "cancel", _ ("_Keep Open"), "stop", _ ("_Stop and Close"), NULL);
      adw_message_dialog_set_default_response (dialog, "cancel");
    }
  adw_message_dialog_set_response_appearance (dialog, "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return FALSE;
}

static void
bo_run_guard_dispose (GObject *object)
{
  BoRunGuard *self = BO_RUN_GUARD (object);

  if (self->inhibit_id != 0 && get_application (self) != NULL)
    gtk_application_uninhibit (get_application (self), self->inhibit_id);
  self->inhibit_id = 0;
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
  self->study = g_object_ref (study);
  g_signal_connect_object (study, "session-changed", G_CALLBACK (session_changed_cb), self, 0);
  g_signal_connect_object (study, "session-ended", G_CALLBACK (session_ended_cb), self, 0);
  return self;
}
