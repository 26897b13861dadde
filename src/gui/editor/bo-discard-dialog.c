/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-discard-dialog"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "editor/bo-discard-dialog.h"

static gboolean
discard_cb (gpointer user_data)
{
  gtk_window_destroy (GTK_WINDOW (user_data));
  return G_SOURCE_REMOVE;
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  /* The dialog, which goes with the editor, has not done with the answer yet. */
  if (g_str_equal (response, "discard"))
    g_idle_add_full (G_PRIORITY_DEFAULT, discard_cb, g_object_ref (user_data), g_object_unref);
}

/**
 * bo_discard_dialog_show:
 * @editor: a window that was asked to close, with changes that are not saved
 *
 * Asks whether they are to be lost, and closes the window then.
 *
 * Returns: (transfer none): the dialog
 */
GtkWindow *
bo_discard_dialog_show (GtkWindow *editor)
{
  AdwMessageDialog *dialog;

  g_return_val_if_fail (GTK_IS_WINDOW (editor), NULL);

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (editor, _ ("Discard Changes?"),
                                                       _ ("What was changed here has not been saved.")));
  adw_message_dialog_add_responses (dialog, "keep", _ ("_Keep Editing"), "discard", _ ("_Discard"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "keep");
  adw_message_dialog_set_close_response (dialog, "keep");
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), editor, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return GTK_WINDOW (dialog);
}
