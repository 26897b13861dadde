/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "bo-start-window.h"
#include "device/bo-device.h"
#include "devices/bo-device-dialog.h"
#include "devices/bo-device-group.h"
#include "devices/bo-device-manager.h"
#include "devices/bo-device-test.h"
#include "devices/bo-host-key-warning.h"
#include "devices/bo-ssh-questions.h"
#include "devices/bo-stage-row.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-ssh.h"
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
  g_autoptr (BoDeviceUrl) url = bo_device_url_parse ("ssh://nvidia@10.0.0.7", NULL);
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
  /* Another device that is picked meanwhile is not the one that the link is to. */
  bo_device_picker_set_device (picker, "ssh://me@far.example");
  g_assert_true (gtk_widget_has_css_class (find_class (GTK_WIDGET (picker), "device-dot"), "idle"));
  g_assert_cmpuint (bo_device_item_get_state (bo_device_list_find (list, "orin-nano")), ==, BO_DEVICE_CONNECTING);
  bo_device_picker_set_device (picker, "orin-nano");
  g_assert_true (gtk_widget_has_css_class (find_class (GTK_WIDGET (picker), "device-dot"), "connecting"));
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

/* A dialog as it comes, in light and dark, and on a phone if it can be resized. */
static void
take_dialog_pictures (GtkWindow *window, const char *name)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  g_autofree char *dark = g_strconcat (name, "-dark", NULL);
  g_autofree char *phone = g_strconcat (name, "-360", NULL);

  wait_ms (300);
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_LIGHT);
  wait_ms (200);
  take_picture (GTK_WIDGET (window), name);
  if (g_getenv ("BAKEOFF_SCREENSHOTS") == NULL)
    return;
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_DARK);
  wait_ms (300);
  take_picture (GTK_WIDGET (window), dark);
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
  if (gtk_window_get_resizable (window) && !ADW_IS_MESSAGE_DIALOG (window))
    {
      int width, height;

      gtk_window_get_default_size (window, &width, &height);
      set_size (window, 360, 700);
      g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, 360);
      take_picture (GTK_WIDGET (window), phone);
      set_size (window, width, height);
    }
}

/* The newest window of that type that is shown. */
static gpointer
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_visible (GTK_WIDGET (window)))
        return window;
    }
  return NULL;
}

static gpointer
find_row (gpointer parent, const char *title)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  find_all (GTK_WIDGET (parent), ADW_TYPE_PREFERENCES_ROW, found);
  for (guint i = 0; i < found->len; i++)
    if (g_str_has_prefix (adw_preferences_row_get_title (found->pdata[i]), title))
      return found->pdata[i];
  g_assert_not_reached ();
}

static gboolean
can_do (gpointer widget, const char *button_action)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  find_all (GTK_WIDGET (widget), GTK_TYPE_BUTTON, found);
  for (guint i = 0; i < found->len; i++)
    if (g_strcmp0 (gtk_actionable_get_action_name (found->pdata[i]), button_action) == 0)
      return gtk_widget_is_sensitive (found->pdata[i]);
  g_assert_not_reached ();
}

static const char *
get_entry (gpointer dialog, const char *title)
{
  return gtk_editable_get_text (find_row (dialog, title));
}

static void
set_entry (gpointer dialog, const char *title, const char *text)
{
  gtk_editable_set_text (find_row (dialog, title), text);
}

/* The words of the revealer with what is wrong, or NULL. */
static const char *
get_problem (gpointer dialog)
{
  GtkRevealer *revealer = find_nth (dialog, GTK_TYPE_REVEALER, 0);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  find_all (dialog, GTK_TYPE_REVEALER, found);
  for (guint i = 0; i < found->len; i++)
    if (GTK_IS_LABEL (gtk_revealer_get_child (found->pdata[i])))
      revealer = found->pdata[i];
  return gtk_revealer_get_reveal_child (revealer) ? gtk_label_get_text (GTK_LABEL (gtk_revealer_get_child (revealer))) : NULL;
}

static void
test_dialog (void)
{
  BoDeviceList *list = bo_device_list_get_default ();
  g_autoptr (GError) error = NULL;
  GtkWindow *window = GTK_WINDOW (bo_device_dialog_new (NULL, list, NULL));
  BoDeviceItem *item;

  gtk_window_present (window);
  wait_ms (300);
  /* Nothing is wrong before somebody has written something. */
  g_assert_null (get_problem (window));
  g_assert_false (can_do (window, "dialog.save"));
  take_dialog_pictures (window, "device-add-empty");

  if (can_press ())
    {
      gtk_widget_grab_focus (find_row (window, "Host"));
      press (window, "o r i n period l o c a l");
    }
  else
    set_entry (window, "Host", "orin.local");
  g_assert_cmpstr (get_entry (window, "The Same"), ==, "ssh://orin.local");
  g_assert_cmpstr (get_entry (window, "Name"), ==, "orin");
  g_assert_true (can_do (window, "dialog.save"));
  set_entry (window, "User", "nvidia");
  set_entry (window, "Port", "2222");
  g_assert_cmpstr (get_entry (window, "The Same"), ==, "ssh://nvidia@orin.local:2222");
  take_dialog_pictures (window, "device-add");

  set_entry (window, "Port", "x");
  g_assert_nonnull (strstr (get_problem (window), "is not a port"));
  g_assert_true (gtk_widget_has_css_class (find_row (window, "Port"), "error"));
  g_assert_false (gtk_widget_has_css_class (find_row (window, "Host"), "error"));
  g_assert_false (can_do (window, "dialog.save"));
  g_assert_false (can_do (window, "dialog.test"));
  take_dialog_pictures (window, "device-add-error");
  set_entry (window, "Port", "");
  g_assert_null (get_problem (window));

  /* Both ways, and a URL where only the host belongs. */
  set_entry (window, "The Same", "ssh://me@[fe80::1%eth0]:23/run/my%20docker.sock");
  g_assert_cmpstr (get_entry (window, "Host"), ==, "fe80::1%eth0");
  g_assert_cmpstr (get_entry (window, "User"), ==, "me");
  g_assert_cmpstr (get_entry (window, "Port"), ==, "23");
  g_assert_cmpstr (get_entry (window, "Engine Socket"), ==, "/run/my docker.sock");
  set_entry (window, "Host", "tcp://far.example:2376");
  g_assert_cmpuint (adw_combo_row_get_selected (find_row (window, "Connection")), ==, 2);
  g_assert_cmpstr (get_entry (window, "Host"), ==, "far.example");
  g_assert_cmpstr (get_entry (window, "The Same"), ==, "tcp://far.example:2376");
  take_dialog_pictures (window, "device-add-tls");
  adw_combo_row_set_selected (find_row (window, "Connection"), 1);
  g_assert_cmpstr (get_entry (window, "The Same"), ==, "unix:///var/run/docker.sock");
  adw_combo_row_set_selected (find_row (window, "Connection"), 0);
  set_entry (window, "The Same", "ssh://nvidia@orin.local");

  set_entry (window, "Name", "a/b");
  g_assert_nonnull (strstr (get_problem (window), "cannot name a device"));
  g_assert_false (can_do (window, "dialog.save"));
  set_entry (window, "Name", "Orin on the desk");
  g_assert_null (get_problem (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "dialog.save", NULL);
  WAIT_FOR (find_window (BO_TYPE_DEVICE_DIALOG) == NULL);
  item = bo_device_list_find (list, "Orin on the desk");
  g_assert_nonnull (item);

  /* Changing it; the name that it has is no name that is taken. */
  window = GTK_WINDOW (bo_device_dialog_new (NULL, list, item));
  gtk_window_present (window);
  wait_ms (200);
  g_assert_cmpstr (get_entry (window, "Name"), ==, "Orin on the desk");
  g_assert_cmpstr (get_entry (window, "User"), ==, "nvidia");
  g_assert_null (get_problem (window));
  set_entry (window, "User", "");
  take_dialog_pictures (window, "device-edit");
  if (can_press ())
    {
      gtk_widget_grab_focus (find_row (window, "User"));
      press (window, "Return");
    }
  else
    gtk_widget_activate_action (GTK_WIDGET (window), "dialog.save", NULL);
  WAIT_FOR (find_window (BO_TYPE_DEVICE_DIALOG) == NULL);
  g_assert_cmpstr (bo_device_item_get_url (item), ==, "ssh://orin.local");

  /* Escape leaves it as it was. */
  window = GTK_WINDOW (bo_device_dialog_new (NULL, list, item));
  gtk_window_present (window);
  wait_ms (200);
  set_entry (window, "Name", "other");
  if (can_press ())
    press (window, "Escape");
  else
    gtk_window_close (window);
  WAIT_FOR (find_window (BO_TYPE_DEVICE_DIALOG) == NULL);
  g_assert_cmpstr (bo_device_item_get_name (item), ==, "Orin on the desk");
  g_assert_true (bo_device_list_remove (list, item, &error));
}

/* Something that is no ssh, but says what ssh would say. */
static char *
write_ssh (const char *script)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "fake-ssh", NULL);
  g_autofree char *text = g_strconcat ("#!/bin/sh\n", script, "\n", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
  g_setenv ("BAKEOFF_SSH", path, TRUE);
  return g_steal_pointer (&path);
}

static BoDeviceTest *
open_test (const char *name, const char *url)
{
  g_autoptr (BoDeviceItem) item = bo_device_item_new (name, url);
  BoDeviceTest *test = bo_device_test_new (NULL, item);

  gtk_window_present (GTK_WINDOW (test));
  return test;
}

/* The states of all stages: "ok failed skipped". */
static char *
get_signs (BoDeviceTest *test)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  GString *signs = g_string_new (NULL);

  find_all (GTK_WIDGET (test), BO_TYPE_STAGE_ROW, rows);
  for (guint i = 0; i < rows->len; i++)
    {
      GtkImage *icon = find_nth (rows->pdata[i], GTK_TYPE_IMAGE, 0);
      GtkStack *sign = find_nth (rows->pdata[i], GTK_TYPE_STACK, 0);
      const char *word = "waiting";

      if (g_str_equal (gtk_stack_get_visible_child_name (sign), "spinner"))
        word = "running";
      else if (gtk_widget_has_css_class (GTK_WIDGET (icon), "success"))
        word = "ok";
      else if (gtk_widget_has_css_class (GTK_WIDGET (icon), "warning"))
        word = "warning";
      else if (gtk_widget_has_css_class (GTK_WIDGET (icon), "error"))
        word = "failed";
      g_string_append_printf (signs, "%s%s", i > 0 ? " " : "", word);
    }
  return g_string_free (signs, FALSE);
}

static void
assert_failed (const char *url, const char *signs, const char *picture)
{
  BoDeviceTest *test = open_test ("orin", url);
  g_autofree char *found = NULL;

  WAIT_FOR (!bo_device_test_is_running (test));
  found = get_signs (test);
  g_assert_cmpstr (found, ==, signs);
  take_dialog_pictures (GTK_WINDOW (test), picture);
  close_window (test);
}

static void
test_stages_fail (void)
{
  g_autofree char *path = write_ssh ("echo 'ssh: Could not resolve hostname orin.local: Name or service not known' >&2; exit 255");

  assert_failed ("ssh://nvidia@orin.local", "failed waiting waiting waiting waiting waiting", "device-test-name");
  g_free (write_ssh ("echo 'nvidia@orin.local: Permission denied (publickey,password).' >&2; exit 255"));
  assert_failed ("ssh://nvidia@orin.local", "failed waiting waiting waiting waiting waiting", "device-test-denied");
  assert_failed ("unix:///nowhere/docker.sock", "failed waiting waiting waiting waiting", "device-test-socket");
  /* A login, as a control socket shows it, and then a device with no engine. */
  g_free (write_ssh ("for a; do [ \"$p\" = -S ] && s=$a; p=$a; done\n"
                     "case \"$*\" in\n"
                     "*\"-M -S\"*) : >\"$s\"; sleep 5 & wait $!;;\n"
                     "*\"sh -s\"*) sed -n 's/^x//p' >/dev/null; sleep 1.5; echo bakeoff-preflight:user nvidia; echo bakeoff-preflight:groups nvidia sudo;\n"
                     "echo 'bakeoff-preflight:socket denied /var/run/docker.sock'; echo bakeoff-preflight:end;;\n"
                     "esac"));
  {
    BoDeviceTest *test = open_test ("Orin on the desk of somebody who gives very long names to what they own",
                                    "ssh://nvidia@a-host.with.a.very.long.domain.example:2222/run/user/1000/docker.sock");
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    WAIT_FOR (strstr (before = (g_free (before), get_signs (test)), "ok") != NULL);
    g_assert_cmpstr (before, ==, "ok running waiting waiting waiting waiting");
    take_dialog_pictures (GTK_WINDOW (test), "device-test-running");
    WAIT_FOR (!bo_device_test_is_running (test));
    after = get_signs (test);
    g_assert_cmpstr (after, ==, "ok failed waiting waiting waiting waiting");
    take_dialog_pictures (GTK_WINDOW (test), "device-test-socket-denied");
    close_window (test);
  }
  g_unlink (path);
  g_unsetenv ("BAKEOFF_SSH");
}

/* Stopped in the middle, it is over at once. */
static void
test_stages_stop (void)
{
  g_autofree char *path = write_ssh ("exec sleep 30");
  BoDeviceTest *test = open_test ("orin", "ssh://nvidia@orin.local");
  gint64 begun_us;

  wait_ms (200);
  g_assert_true (bo_device_test_is_running (test));
  begun_us = g_get_monotonic_time ();
  gtk_widget_activate_action (GTK_WIDGET (test), "test.cancel", NULL);
  WAIT_FOR (!bo_device_test_is_running (test));
  g_assert_cmpint (g_get_monotonic_time () - begun_us, <, 2 * G_USEC_PER_SEC);
  /* Closing it is as good. */
  gtk_widget_activate_action (GTK_WIDGET (test), "test.run", NULL);
  g_assert_true (bo_device_test_is_running (test));
  close_window (test);
  g_unlink (path);
  g_unsetenv ("BAKEOFF_SSH");
}

/* An engine that answers no more than what it is. */
static void
engine_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  const char *api = user_data;
  g_autofree char *body = NULL;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Api-Version", api);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Builder-Version", "2");
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Ostype", "linux");
  if (g_str_has_suffix (path, "/_ping"))
    body = g_strdup ("OK");
  else if (g_str_has_suffix (path, "/version"))
    body = g_strdup_printf ("{\"ApiVersion\":\"%s\",\"Version\":\"27.5.1\",\"Os\":\"linux\",\"Arch\":\"arm64\"}", api);
  else
    body = g_strdup ("{\"ID\":\"x\",\"Name\":\"orin-nano\",\"ServerVersion\":\"27.5.1\",\"NCPU\":6,\"MemTotal\":7990116352,"
                     "\"OSType\":\"linux\",\"OperatingSystem\":\"Ubuntu 22.04.5 LTS\",\"KernelVersion\":\"5.15.148-tegra\","
                     "\"Architecture\":\"aarch64\",\"Driver\":\"overlay2\",\"DockerRootDir\":\"/nowhere/var/lib/docker\","
                     "\"Runtimes\":{\"nvidia\":{},\"runc\":{}},\"DefaultRuntime\":\"runc\",\"Warnings\":null}");
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body, strlen (body));
}

static SoupServer *
serve (const char *path, const char *api)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;

  soup_server_add_handler (server, NULL, engine_cb, (gpointer) api, NULL);
  soup_server_listen (server, address, 0, &error);
  g_assert_no_error (error);
  return server;
}

static void
test_stages_pass (void)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "e.sock", NULL);
  g_autofree char *url = g_strconcat ("unix://", path, NULL);
  g_autoptr (SoupServer) server = serve (path, "1.47");
  BoDeviceTest *test = open_test (NULL, url);
  g_autofree char *signs = NULL;

  WAIT_FOR (!bo_device_test_is_running (test));
  signs = get_signs (test);
  g_assert_cmpstr (signs, ==, "ok ok ok ok waiting");
  take_dialog_pictures (GTK_WINDOW (test), "device-test-ok");
  close_window (test);
  soup_server_disconnect (server);
  g_unlink (path);

  {
    g_autoptr (SoupServer) old = serve (path, "1.24");

    assert_failed (url, "ok ok failed waiting waiting", "device-test-too-old");
    soup_server_disconnect (old);
    g_unlink (path);
  }
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSsh) ssh = bo_ssh_open_finish (result, user_data);

  g_assert_null (ssh);
}

/* ssh asks @question, and the dialog for it is returned. */
static GtkWindow *
open_question (const char *question, const char *hint, GError **error)
{
  g_autofree char *quoted = g_shell_quote (question);
  g_autofree char *script = g_strdup_printf ("export SSH_ASKPASS_PROMPT=%s\n"
                                             "a=$(\"$SSH_ASKPASS\" %s) && echo \"answer=[$a]\" >&2; exit 255", hint, quoted);
  g_autoptr (BoDeviceUrl) url = bo_device_url_parse ("ssh://nvidia@orin.local", NULL);

  g_free (write_ssh (script));
  bo_ssh_open_async (url, g_get_user_config_dir (), FALSE, NULL, opened_cb, error);
  WAIT_FOR (find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  wait_ms (200);
  return find_window (ADW_TYPE_MESSAGE_DIALOG);
}

#define HOST_KEY                                                                                  \
  "The authenticity of host 'orin.local (192.168.55.1)' can't be established.\n"                  \
  "ED25519 key fingerprint is SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8.\n"              \
  "This host key is known by the following other names/addresses:\n"                              \
  "    ~/.ssh/known_hosts:7: 192.168.1.5\n"                                                       \
  "Are you sure you want to continue connecting (yes/no/[fingerprint])? "

static void
test_questions (void)
{
  static const struct
  {
    const char *text;
    const char *hint;
    const char *picture;
  } cases[] = {
    { HOST_KEY, "''", "ssh-host-key" },
    { "Enter passphrase for key '/home/somebody-with-a-long-name/.ssh/id_ed25519_for_the_jetsons': ", "''", "ssh-passphrase" },
    { "nvidia@orin.local's password: ", "''", "ssh-password" },
    { "Enter PIN for ED25519-SK key /home/me/.ssh/id_ed25519_sk: ", "''", "ssh-pin" },
    { "(nvidia@orin.local) Verification code: ", "''", "ssh-code" },
    { "Confirm user presence for key ED25519-SK SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8", "none", "ssh-touch" },
    { "Accept updated hostkeys? (yes/no): ", "''", "ssh-confirm" },
  };
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "fake-ssh", NULL);
  GtkWidget *parent = adw_application_window_new (GTK_APPLICATION (application));

  gtk_window_set_default_size (GTK_WINDOW (parent), 900, 640);
  gtk_window_present (GTK_WINDOW (parent));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean is_secret = i >= 1 && i <= 4;
      g_autoptr (GError) error = NULL;
      GtkWindow *dialog = open_question (cases[i].text, cases[i].hint, &error);

      g_assert_true (gtk_window_get_transient_for (dialog) == GTK_WINDOW (parent));
      take_dialog_pictures (dialog, cases[i].picture);
      if (can_press () && is_secret)
        press (dialog, "s e c r e t Return");
      else if (is_secret)
        {
          gtk_editable_set_text (find_nth (dialog, GTK_TYPE_PASSWORD_ENTRY, 0), "secret");
          adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "yes");
        }
      else
        adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), i == 5 ? "no" : "yes");
      if (!is_secret || !can_press ())
        gtk_window_destroy (dialog);
      WAIT_FOR (error != NULL);
      if (i == 0)
        g_assert_nonnull (strstr (error->message, "answer=[SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8]"));
      else if (i == 5)
        g_assert_nonnull (strstr (error->message, "the security key was not unlocked"));
      else
        g_assert_nonnull (strstr (error->message, is_secret ? "answer=[secret]" : "answer=[yes]"));
      WAIT_FOR (find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
    }

  /* Return alone confirms no key, and Escape refuses everything. */
  for (guint i = 0; i < 2 && can_press (); i++)
    {
      g_autoptr (GError) error = NULL;
      GtkWindow *dialog = open_question (HOST_KEY, "''", &error);

      press (dialog, i == 0 ? "Return" : "Escape");
      WAIT_FOR (error != NULL);
      g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_HOST_KEY_UNKNOWN);
      g_assert_nonnull (strstr (error->message, "was not confirmed"));
      WAIT_FOR (find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
    }
  g_unlink (path);
  g_unsetenv ("BAKEOFF_SSH");
  close_window (parent);
}

#define CHANGED                                                                                \
  "no connection to ssh://orin.local. ssh says: WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\n" \
  "The fingerprint for the ED25519 key sent by the remote host is\n"                           \
  "SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8.\n"                                      \
  "Offending ED25519 key in %s:1\n"                                                            \
  "Host key for orin.local has changed and you have requested strict checking.\n"              \
  "Host key verification failed."

static void
test_warning (void)
{
  g_autofree char *known = g_build_filename (g_get_user_config_dir (), "known_hosts", NULL);
  g_autofree char *message = g_strdup_printf (CHANGED, known);
  g_autoptr (GError) error = g_error_new_literal (BO_ENGINE_ERROR, BO_ENGINE_ERROR_HOST_KEY_CHANGED, message);
  g_autoptr (GError) other = g_error_new_literal (BO_ENGINE_ERROR, BO_ENGINE_ERROR_REFUSED, "x");
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  g_autoptr (GPtrArray) buttons = g_ptr_array_new ();
  GtkWidget *parent = adw_application_window_new (GTK_APPLICATION (application));
  guint n_found = 0, n_answers = 0;
  GtkWindow *dialog;

  gtk_window_set_default_size (GTK_WINDOW (parent), 900, 700);
  gtk_window_present (GTK_WINDOW (parent));
  wait_ms (300);
  g_assert_true (g_file_set_contents (
      known, "orin.local ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL5RHN8UfrPzuHGWDDn6SMcjdMLgQFoEp+Xr86i7/xf2\n", -1, NULL));
  g_assert_false (bo_host_key_warning_present (GTK_WINDOW (parent), "orin", other));
  g_assert_true (bo_host_key_warning_present (GTK_WINDOW (parent), "orin", error));
  wait_ms (500);
  dialog = find_window (ADW_TYPE_MESSAGE_DIALOG);
  find_all (GTK_WIDGET (dialog), GTK_TYPE_LABEL, labels);
  for (guint i = 0; i < labels->len; i++)
    {
      const char *text = gtk_label_get_text (labels->pdata[i]);

      if (g_str_equal (text, "SHA256:94kbaaf8sqwv4gNJT82CP6p1KdphAJRNmrBacO++myk")
          || g_str_equal (text, "SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8")
          || g_str_has_suffix (text, "known_hosts:1") || g_str_has_suffix (text, "-R 'orin.local'"))
        n_found++;
    }
  g_assert_cmpuint (n_found, ==, 4);
  /* There is nothing to go on with. */
  find_all (GTK_WIDGET (dialog), GTK_TYPE_BUTTON, buttons);
  for (guint i = 0; i < buttons->len; i++)
    n_answers += gtk_button_get_label (buttons->pdata[i]) != NULL && gtk_widget_get_mapped (buttons->pdata[i]);
  g_assert_cmpuint (n_answers, ==, 1);
  take_dialog_pictures (dialog, "ssh-changed-key");
  if (can_press ())
    press (dialog, "Escape");
  else
    gtk_window_close (dialog);
  WAIT_FOR (find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_unlink (known);
  close_window (parent);
}

static void
test_group (void)
{
  BoDeviceList *list = bo_device_list_get_default ();
  GtkWindow *window = GTK_WINDOW (bo_device_manager_new (NULL));
  GtkWidget *group;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "bakeoff", "devices.json", NULL);
  g_autofree char *saved = NULL;

  g_assert_true (bo_device_list_add (list, "orin-nano", "ssh://nvidia@10.0.0.7", &error));
  g_assert_true (bo_device_list_add (list, "The Xavier that stands beside the window on the third floor",
                                     "ssh://somebody-with-a-long-name@a-host.with.a.very.long.domain.example:2222/run/user/1000/docker.sock",
                                     &error));
  g_assert_true (bo_device_list_add (list, "<b>bold & broken", "tcp://10.0.0.8:2376", &error));
  bo_device_item_set_state (bo_device_list_find (list, "orin-nano"), BO_DEVICE_CONNECTED);
  bo_device_item_set_state (bo_device_list_find (list, "<b>bold & broken"), BO_DEVICE_RECONNECTING);
  gtk_window_present (window);
  wait_ms (300);
  group = find_nth (window, BO_TYPE_DEVICE_GROUP, 0);
  take_dialog_pictures (window, "devices");

  gtk_widget_activate_action (group, "device.remove", "s", "orin-nano");
  g_assert_null (bo_device_list_find (list, "orin-nano"));
  wait_ms (500);
  take_picture (GTK_WIDGET (window), "devices-removed");
  {
    g_autoptr (GPtrArray) buttons = g_ptr_array_new ();

    find_all (GTK_WIDGET (window), GTK_TYPE_BUTTON, buttons);
    for (guint i = 0; i < buttons->len; i++)
      if (g_strcmp0 (gtk_button_get_label (buttons->pdata[i]), "_Undo") == 0)
        {
          g_signal_emit_by_name (buttons->pdata[i], "clicked");
          break;
        }
  }
  g_assert_true (bo_device_list_find (list, "orin-nano") == get_nth (list, 0));

  /* The file cannot be read: it is said, and what is here can be used. */
  g_assert_true (g_file_get_contents (path, &saved, NULL, NULL));
  g_assert_true (g_file_set_contents (path, "{", -1, NULL));
  WAIT_FOR (bo_device_list_get_problem (list) != NULL);
  wait_ms (200);
  g_assert_nonnull (find_row (window, "The Saved Devices"));
  take_picture (GTK_WIDGET (window), "devices-unreadable");
  g_assert_true (g_file_set_contents (path, saved, -1, NULL));
  WAIT_FOR (bo_device_list_get_problem (list) == NULL);

  gtk_widget_activate_action (group, "device.add", NULL);
  g_assert_nonnull (find_window (BO_TYPE_DEVICE_DIALOG));
  close_window (find_window (BO_TYPE_DEVICE_DIALOG));
  gtk_widget_activate_action (group, "device.edit", "s", "orin-nano");
  g_assert_nonnull (find_window (BO_TYPE_DEVICE_DIALOG));
  close_window (find_window (BO_TYPE_DEVICE_DIALOG));
  close_window (window);

  g_application_activate (G_APPLICATION (application));
  window = gtk_application_get_active_window (GTK_APPLICATION (application));
  g_assert_true (BO_IS_START_WINDOW (window));
  wait_ms (500);
  take_pictures (window, "start-devices");
  close_window (window);
  while (bo_device_item_get_name (get_nth (list, 0)) != NULL)
    g_assert_true (bo_device_list_remove (list, get_nth (list, 0), &error));
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/devices/list", test_list);
  g_test_add_func ("/devices/picker", test_picker);
  g_test_add_func ("/devices/dialog", test_dialog);
  g_test_add_func ("/devices/stages-fail", test_stages_fail);
  g_test_add_func ("/devices/stages-stop", test_stages_stop);
  g_test_add_func ("/devices/stages-pass", test_stages_pass);
  g_test_add_func ("/devices/questions", test_questions);
  g_test_add_func ("/devices/warning", test_warning);
  g_test_add_func ("/devices/group", test_group);
  return gui_test_run ();
}
