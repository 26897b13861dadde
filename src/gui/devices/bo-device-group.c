/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-group"

#include "config.h"

#include <glib/gi18n.h>

#include "devices/bo-device-actions.h"
#include "devices/bo-device-group.h"
#include "devices/bo-device-list.h"
#include "devices/bo-device-row.h"

struct _BoDeviceGroup
{
  AdwPreferencesGroup parent_instance;

  /* Owned references */
  GPtrArray *rows; /* (element-type GtkWidget) (unowned): children */
};

G_DEFINE_FINAL_TYPE (BoDeviceGroup, bo_device_group, ADW_TYPE_PREFERENCES_GROUP)

static void
show_state (BoDeviceItem *item, GParamSpec *pspec, GtkWidget *row)
{
  GtkWidget *dot = g_object_get_data (G_OBJECT (row), "dot");
  GtkLabel *words = g_object_get_data (G_OBJECT (row), "words");
  BoDeviceState state = bo_device_item_get_state (item);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), bo_device_item_get_title (item));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), bo_device_item_get_url (item));
  bo_device_dot_set_state (dot, state);
  gtk_label_set_text (words, bo_device_state_get_title (state));
  gtk_widget_set_visible (gtk_widget_get_parent (dot), state != BO_DEVICE_IDLE);
}

static void
add_menu_item (GMenu *menu, const char *label, const char *action, BoDeviceItem *item)
{
  g_autoptr (GMenuItem) entry = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (entry, action, g_variant_new_string (bo_device_item_get_device (item)));
  g_menu_append_item (menu, entry);
}

/* Made when it is opened, since a device may have another name by then. */
static void
menu_cb (GtkMenuButton *button, gpointer user_data)
{
  BoDeviceItem *item = user_data;
  g_autoptr (GMenu) menu = g_menu_new ();

  add_menu_item (menu, _ ("_Test…"), "device.test", item);
  /* The computer that one sits at is not saved, so there is nothing to change. */
  if (bo_device_item_get_name (item) != NULL)
    {
      add_menu_item (menu, _ ("_Edit…"), "device.edit", item);
      add_menu_item (menu, _ ("_Remove"), "device.remove", item);
    }
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
activated_cb (AdwActionRow *row, gpointer user_data)
{
  bo_device_actions_test (GTK_WIDGET (row), user_data);
}

static GtkWidget *
make_row (BoDeviceItem *item)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *state = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *words = gtk_label_new (NULL);
  GtkWidget *button = gtk_menu_button_new ();

  /* Names and paths are not markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  gtk_widget_add_css_class (dot, "device-dot");
  gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (words, "caption");
  gtk_box_append (GTK_BOX (state), dot);
  gtk_box_append (GTK_BOX (state), words);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), state);
  g_object_set_data (G_OBJECT (row), "dot", dot);
  g_object_set_data (G_OBJECT (row), "words", words);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), menu_cb, g_object_ref (item), g_object_unref);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("More"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, _ ("Test this device"));
  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), item, 0);
  g_signal_connect_object (item, "notify", G_CALLBACK (show_state), row, 0);
  show_state (item, NULL, row);
  return row;
}

static void
add_row (BoDeviceGroup *self, GtkWidget *row)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
}

static void
fill (BoDeviceGroup *self)
{
  BoDeviceList *list = bo_device_list_get_default ();
  const char *problem = bo_device_list_get_problem (list);
  GtkWidget *row, *button;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (BoDeviceItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      add_row (self, make_row (item));
    }
  if (problem != NULL)
    {
      row = adw_action_row_new ();
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("The Saved Devices Cannot Be Read"));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), problem);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("dialog-error-symbolic"));
      add_row (self, row);
    }
  row = adw_preferences_row_new ();
  button = gtk_button_new_with_mnemonic (_ ("_Add Device…"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "device.add");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_margin_top (button, 10);
  gtk_widget_set_margin_bottom (button, 10);
  gtk_widget_set_margin_start (button, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), button);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  add_row (self, row);
}

static void
add_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  bo_device_actions_add (widget);
}

static void
item_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BoDeviceItem *item = bo_device_list_find (bo_device_list_get_default (), g_variant_get_string (parameter, NULL));

  /* It may have been removed while its menu was open. */
  if (item == NULL)
    return;
  if (g_str_equal (action, "device.test"))
    bo_device_actions_test (widget, item);
  else if (g_str_equal (action, "device.edit"))
    bo_device_actions_edit (widget, item);
  else
    bo_device_actions_remove (widget, item);
}

static void
bo_device_group_finalize (GObject *object)
{
  g_ptr_array_unref (BO_DEVICE_GROUP (object)->rows);

  G_OBJECT_CLASS (bo_device_group_parent_class)->finalize (object);
}

static void
bo_device_group_class_init (BoDeviceGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bo_device_group_finalize;
  gtk_widget_class_install_action (widget_class, "device.add", NULL, add_cb);
  gtk_widget_class_install_action (widget_class, "device.test", "s", item_cb);
  gtk_widget_class_install_action (widget_class, "device.edit", "s", item_cb);
  gtk_widget_class_install_action (widget_class, "device.remove", "s", item_cb);
}

static void
bo_device_group_init (BoDeviceGroup *self)
{
  BoDeviceList *list = bo_device_list_get_default ();

  self->rows = g_ptr_array_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Devices"));
  g_signal_connect_object (list, "items-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "notify::problem", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
}
