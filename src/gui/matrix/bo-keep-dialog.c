/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-keep-dialog"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "engine/bo-engine.h"
#include "matrix/bo-keep-dialog.h"
#include "session/bo-image-keeping.h"
#include "shell/bo-unfinished-work.h"

/*
 * Asks for the name under which the image of a trial stays, and gives it that name in the background.
 * What belongs to it is the dialog's until it is answered, and then that of the callback: widgets and
 * the connection are never given up in the thread.
 */

typedef struct
{
  GtkWidget *widget; /* (owned): says how it went; it may have left its window by then */
  BoTrial *trial;
  BoCampaignState state;
  char *device_url;
  char *name;
  BoEngine *engine;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *self = data;

  if (self->engine != NULL)
    bo_connection_close (bo_engine_get_connection (self->engine));
  g_clear_object (&self->engine);
  g_object_unref (self->widget);
  bo_trial_unref (self->trial);
  g_free (self->device_url);
  g_free (self->name);
  g_free (self);
}

static void
keep_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Keeping *self = task_data;
  g_autoptr (GError) error = NULL;
  char *name = bo_image_keep (self->trial, self->state, self->name, bo_engine_get_socket_path (self->engine), &error);

  if (name == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, name, g_free);
}

static void
kept_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Keeping *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *text = NULL;

  text = name != NULL ? g_strdup_printf (_ ("The image stays on %s as “%s”"), self->device_url, name)
                      : g_strdup (error->message);
  gtk_widget_activate_action (self->widget, "win.toast", "s", text);
  keeping_free (self);
  bo_unfinished_work_end ();
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Keeping *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) task = NULL;

  self->engine = bo_engine_open_finish (result, &error);
  if (self->engine == NULL)
    {
      gtk_widget_activate_action (self->widget, "win.toast", "s", error->message);
      keeping_free (self);
      bo_unfinished_work_end ();
      return;
    }
  /* In a thread, since a relayed connection needs this main loop to go on. */
  task = g_task_new (NULL, NULL, kept_cb, self);
  g_task_set_source_tag (task, opened_cb);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, keep_thread);
}

static void
entry_changed_cb (GtkEditable *editable, gpointer user_data)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (user_data);
  const char *text = gtk_editable_get_text (editable);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = text[0] != '\0' ? bo_image_keeping_check_name (text, &error) : NULL;

  adw_message_dialog_set_response_enabled (dialog, "keep", name != NULL);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (editable), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (editable), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (editable), error != NULL ? error->message : NULL);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Keeping *self;
  GtkEditable *entry = GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog));
  g_autoptr (BoDeviceUrl) url = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (response, "keep"))
    return;
  self = g_object_steal_data (G_OBJECT (dialog), "keeping");
  if (self == NULL)
    return;
  self->name = g_strdup (gtk_editable_get_text (entry));
  url = bo_device_url_parse (self->device_url, &error);
  if (url == NULL)
    {
      gtk_widget_activate_action (self->widget, "win.toast", "s", error->message);
      keeping_free (self);
      return;
    }
  bo_unfinished_work_begin ();
  bo_engine_open_async (url, NULL, opened_cb, self);
}

/**
 * bo_keep_dialog_show:
 * @widget: in the window that asks
 * @trial: the trial whose image is to stay
 * @campaign: its campaign
 *
 * Returns: (transfer none): the dialog
 */
GtkWindow *
bo_keep_dialog_show (GtkWidget *widget, const BoTrial *trial, const BoCampaign *campaign)
{
  GtkWidget *dialog;
  GtkWidget *entry = gtk_entry_new ();
  Keeping *self;
  g_autofree char *name = NULL;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);
  g_return_val_if_fail (trial != NULL && campaign != NULL, NULL);

  self = g_new0 (Keeping, 1);
  self->widget = g_object_ref (widget);
  self->trial = bo_trial_ref ((BoTrial *) trial);
  self->state = campaign->state;
  self->device_url = g_strdup (campaign->device_url);

  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), _ ("Keep Image As"), NULL);
  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog), _ ("The image of trial %s gets this name on %s, and stays there."),
                                  trial->id, campaign->device_url);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "keep", _ ("_Keep"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "keep", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  g_signal_connect_object (entry, "changed", G_CALLBACK (entry_changed_cb), dialog, 0);
  name = g_strdup_printf ("%s:%s", campaign->study_id, trial->cell->strategy);
  gtk_editable_set_text (GTK_EDITABLE (entry), name);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Name of the image"), -1);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  g_object_set_data_full (G_OBJECT (dialog), "keeping", self, keeping_free);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
  return GTK_WINDOW (dialog);
}
