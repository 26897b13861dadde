/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "device/bo-device.h"
#include "devices/bo-device-list.h"
#include "devices/bo-device-picker.h"
#include "devices/bo-device-row.h"
#include "gui-test.h"

/* What another program, the command line for one, does with the saved devices. */
static void
save_elsewhere (const char *name, const char *url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDevices) devices = bo_devices_load (NULL, &error);

  g_assert_no_error (error);
  if (url == NULL)
    g_assert_true (bo_devices_remove (devices, name, &error));
  else
    g_assert_true (bo_devices_add (devices, name, url, &error));
  g_assert_true (bo_devices_save (devices, &error));
  g_assert_no_error (error);
}

static void
count_cb (gpointer counter)
{
  (*(guint *) counter)++;
}

static BoDeviceItem *
get_nth (BoDeviceList *list, guint index)
{
  g_autoptr (BoDeviceItem) item = g_list_model_get_item (G_LIST_MODEL (list), index);

  return item;
}

static void
test_list (void)
{
  BoDeviceList *list = bo_device_list_get_default ();
  g_autoptr (GError) error = NULL;
  BoDeviceItem *item;
  guint n_changes = 0;

  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count_cb), &n_changes);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  g_assert_true (get_nth (list, 0) == bo_device_list_get_here (list));
  g_assert_cmpstr (bo_device_item_get_title (get_nth (list, 0)), ==, "This computer");

  g_assert_false (bo_device_list_add (list, "a/b", "unix:///a", &error));
  g_assert_error (error, BO_DEVICE_ERROR, BO_DEVICE_ERROR_NAME);
  g_clear_error (&error);
  g_assert_true (bo_device_list_add (list, "orin", "ssh://nvidia@10.0.0.7/", &error));
  g_assert_cmpuint (n_changes, ==, 1);
  item = get_nth (list, 0);
  g_assert_cmpstr (bo_device_item_get_url (item), ==, "ssh://nvidia@10.0.0.7");
  g_assert_true (bo_device_list_find (list, "orin") == item);
  g_assert_true (bo_device_list_find (list, "ssh://nvidia@10.0.0.7") == item);

  /* What the command line does is seen. */
  save_elsewhere ("xavier", "unix:///x");
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (list)) == 3);
  g_assert_true (get_nth (list, 0) == item);

  g_assert_true (bo_device_list_change (list, item, "orin-nano", "ssh://orin", &error));
  g_assert_true (get_nth (list, 0) == item);
  g_assert_cmpstr (bo_device_item_get_device (item), ==, "orin-nano");
  g_assert_null (bo_device_list_find (list, "orin"));

  g_assert_true (bo_device_list_remove (list, item, &error));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2);
  g_assert_true (bo_device_list_undo_remove (list, &error));
  g_assert_no_error (error);
  g_assert_true (get_nth (list, 0)== bo_device_list_find (list, "orin-nano"));
  g_assert_cmpstr (bo_device_item_get_title (get_nth (list, 1)), ==, "xavier");
  g_assert_true (bo_device_list_undo_remove (list, &error));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);

  g_assert_true (bo_device_list_remove (list, get_nth (list, 0), &error));
  save_elsewhere ("xavier", NULL);
  WAIT_FOR (g_list_model_get_n_items (G_LIST_MODEL (list)) == 1);
  g_signal_handlers_disconnect_by_data (list, &n_changes);
}

static void
find_all (GtkWidget *widget, GType type, GPtrArray *found)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    find_all (child, type, found);
}

static gpointer
find_nth (gpointer parent, GType type, guint index)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  find_all (GTK_WIDGET (parent), type, found);
  g_assert_cmpuint (found->len, >, index);
  return found->pdata[index];
}

static GtkWidget *
find_class (GtkWidget *widget, const char *css_class)
{
  GtkWidget *found = gtk_widget_has_css_class (widget, css_class) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_class (child, css_class);
  return found;
}

/* A window with nothing but a header bar with the picker in it. */
static GtkWindow *
open_picker (BoDevicePicker **picker)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();

  *picker = BO_DEVICE_PICKER (bo_device_picker_new ());
  adw_header_bar_pack_start (ADW_HEADER_BAR (bar), GTK_WIDGET (*picker));
  gtk_box_append (GTK_BOX (box), bar);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 720, 480);
  gtk_window_present (GTK_WINDOW (window));
  wait_ms (300);
  return GTK_WINDOW (window);
}

static void
test_picker (void)
{
  BoDeviceList *list = bo_device_list_get_default ();
  g_autoptr (GError) error = NULL;
  BoDevicePicker *picker;
  GtkWindow *window = open_picker (&picker);
  g_autoptr (BoDeviceUrl) url = bo_device_url_parse ("unix:///nowhere", NULL);
  g_autoptr (BoLink) link = bo_link_new (url);
  GtkMenuButton *button = find_nth (picker, GTK_TYPE_MENU_BUTTON, 0);
  guint n_changes = 0;

  g_signal_connect_swapped (picker, "notify::device", G_CALLBACK (count_cb), &n_changes);
  g_assert_cmpstr (bo_device_picker_get_device (picker), ==, bo_device_item_get_url (bo_device_list_get_here (list)));
  bo_device_picker_set_device (picker, "ssh://me@far.example/run/a.sock");
  g_assert_cmpstr (bo_device_picker_get_device (picker), ==, "ssh://me@far.example/run/a.sock");
  bo_device_picker_set_device (picker, "nobody-saved-this");
  g_assert_cmpstr (bo_device_picker_get_device (picker), ==, bo_device_item_get_url (bo_device_list_get_here (list)));
  g_assert_cmpuint (n_changes, ==, 2);

  g_assert_true (bo_device_list_add (list, "orin", "ssh://nvidia@10.0.0.7", &error));
  g_assert_true (bo_device_list_add (list, "The Xavier that stands beside the window on the third floor",
                                     "ssh://somebody-with-a-long-name@a-host.with.a.very.long.domain.example:2222/run/user/1000/docker.sock",
                                     &error));
  bo_device_picker_set_device (picker, "orin");
  g_assert_cmpuint (n_changes, ==, 3);
  /* Renamed it is the same device, removed it is the same place. */
  g_assert_true (bo_device_list_change (list, bo_device_list_find (list, "orin"), "orin-nano", "ssh://nvidia@10.0.0.7", &error));
  g_assert_cmpstr (bo_device_picker_get_device (picker), ==, "orin-nano");
  g_assert_cmpuint (n_changes, ==, 4);
  g_assert_true (bo_device_list_remove (list, bo_device_list_find (list, "orin-nano"), &error));
  g_assert_cmpstr (bo_device_picker_get_device (picker), ==, "ssh://nvidia@10.0.0.7");
  g_assert_true (bo_device_list_undo_remove (list, &error));
  g_assert_cmpstr (bo_device_picker_get_device (picker), ==, "orin-nano");

  bo_device_picker_set_link (picker, link);
  g_assert_cmpuint (bo_device_item_get_state (bo_device_list_find (list, "orin-nano")), ==, BO_DEVICE_CONNECTING);
  bo_link_close (link);
  g_assert_cmpuint (bo_device_item_get_state (bo_device_list_find (list, "orin-nano")), ==, BO_DEVICE_IDLE);
  bo_device_picker_set_link (picker, NULL);
  bo_device_item_set_state (bo_device_list_find (list, "orin-nano"), BO_DEVICE_CONNECTED);
  g_assert_true (gtk_widget_has_css_class (find_class (GTK_WIDGET (picker), "device-dot"), "connected"));

  gtk_menu_button_popup (button);
  wait_ms (400);
  take_picture (GTK_WIDGET (gtk_menu_button_get_popover (button)), "device-picker");
  if (can_press ())
    {
      g_autofree char *before = g_strdup (bo_device_picker_get_device (picker));

      press (GTK_WINDOW (window), "Down");
      press (GTK_WINDOW (window), "Return");
      WAIT_FOR (g_strcmp0 (before, bo_device_picker_get_device (picker)) != 0);
    }
  gtk_menu_button_popdown (button);
  wait_ms (300);
  bo_device_picker_set_device (picker, "The Xavier that stands beside the window on the third floor");
  wait_ms (200);
  take_pictures (window, "device-picker-long");
  close_window (window);
  g_assert_true (bo_device_list_remove (list, get_nth (list, 0), &error));
  g_assert_true (bo_device_list_remove (list, get_nth (list, 0), &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/devices/list", test_list);
  g_test_add_func ("/devices/picker", test_picker);
  return gui_test_run ();
}
