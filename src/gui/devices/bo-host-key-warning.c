/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-host-key-warning"

#include "config.h"

#include <glib/gi18n.h>

#include "devices/bo-copy-row.h"
#include "devices/bo-host-key-warning.h"
#include "devices/bo-ssh-questions.h"
#include "engine/bo-changed-host-key.h"
#include "engine/bo-engine-error.h"

static void
add (GtkListBox *list, const char *title, const char *text)
{
  gtk_list_box_append (list, bo_copy_row_new (title, text));
}

/**
 * bo_host_key_warning_present:
 * @parent: (nullable): over which window
 * @device: what a person calls the device
 * @error: why there is no connection to it
 *
 * Returns: whether @error is one to warn of
 */
gboolean
bo_host_key_warning_present (GtkWindow *parent, const char *device, const GError *error)
{
  g_autoptr (BoChangedHostKey) changed = NULL;
  g_autofree char *body = NULL;
  g_autofree char *now = NULL;
  g_autofree char *place = NULL;
  GtkWidget *dialog, *list;

  g_return_val_if_fail (device != NULL && error != NULL, FALSE);

  if (!g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_HOST_KEY_CHANGED))
    return FALSE;
  changed = bo_changed_host_key_new (error->message);
  body = g_strdup_printf (_ ("“%s” shows another key than the one that you confirmed before. Either it was set up anew, or "
                             "another computer answers in its place and could read and change all that is sent. Bakeoff "
                             "does not connect.\n\nIf you know that it was set up anew, remove the old key in a "
                             "terminal, connect again, and compare the new fingerprint with the device's own."),
                          device);
  dialog = adw_message_dialog_new (parent, _ ("The Device’s Key Has Changed"), body);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");

  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  if (changed == NULL)
    add (GTK_LIST_BOX (list), _ ("What ssh says"), error->message);
  else
    {
      add (GTK_LIST_BOX (list), _ ("Fingerprint until now"),
           changed->old_fingerprint != NULL ? changed->old_fingerprint : _ ("It cannot be read."));
      now = changed->key_type != NULL ? g_strdup_printf (_ ("Fingerprint now (%s)"), changed->key_type)
                                      : g_strdup (_ ("Fingerprint now"));
      add (GTK_LIST_BOX (list), now, changed->new_fingerprint);
      if (changed->file != NULL)
        {
          place = g_strdup_printf ("%s:%u", changed->file, changed->line);
          add (GTK_LIST_BOX (list), _ ("The old key, file and line"), place);
        }
      add (GTK_LIST_BOX (list), _ ("Removes the old key"), changed->command);
    }
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), list);
  bo_ssh_dialog_focus_default (GTK_WINDOW (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}
