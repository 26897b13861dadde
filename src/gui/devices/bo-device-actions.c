/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "devices/bo-device-actions.h"
#include "devices/bo-device-manager.h"
#include "devices/bo-device-test.h"

static GtkWindow *
get_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

/**
 * bo_device_actions_add:
 *
 * Returns: (transfer none): the dialog, which is shown
 */
BoDeviceDialog *
bo_device_actions_add (GtkWidget *widget)
{
  BoDeviceDialog *dialog = bo_device_dialog_new (get_window (widget), bo_device_list_get_default (), NULL);

  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}

void
bo_device_actions_edit (GtkWidget *widget, BoDeviceItem *item)
{
  /* The computer that one sits at is not saved, so there is nothing to change. */
  if (bo_device_item_get_name (item) == NULL)
    return;
  gtk_window_present (GTK_WINDOW (bo_device_dialog_new (get_window (widget), bo_device_list_get_default (), item)));
}

void
bo_device_actions_test (GtkWidget *widget, BoDeviceItem *item)
{
  gtk_window_present (GTK_WINDOW (bo_device_test_new (get_window (widget), item)));
}

static void
show_error (GtkWidget *widget, const char *heading, const GError *error)
{
  GtkWidget *dialog = adw_message_dialog_new (get_window (widget), heading, error->message);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
undo_cb (AdwToast *toast, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!bo_device_list_undo_remove (bo_device_list_get_default (), &error))
    show_error (user_data, _ ("The Device Cannot Be Brought Back"), error);
}

/**
 * bo_device_actions_remove:
 *
 * Removes it from the saved devices, which a toast undoes. Nothing is changed on the device.
 */
void
bo_device_actions_remove (GtkWidget *widget, BoDeviceItem *item)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *name = g_markup_escape_text (bo_device_item_get_title (item), -1);
  g_autofree char *title = g_strdup_printf (_ ("“%s” removed"), name);
  g_autoptr (GError) error = NULL;
  AdwToast *toast;

  if (bo_device_item_get_name (item) == NULL)
    return;
  if (!bo_device_list_remove (bo_device_list_get_default (), item, &error))
    {
      show_error (widget, _ ("The Device Cannot Be Removed"), error);
      return;
    }
  g_return_if_fail (overlay != NULL);
  toast = adw_toast_new (title);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_cb), widget, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

/**
 * bo_device_actions_manage:
 *
 * Shows the window with all devices.
 */
void
bo_device_actions_manage (GtkWidget *widget)
{
  gtk_window_present (GTK_WINDOW (bo_device_manager_new (get_window (widget))));
}
