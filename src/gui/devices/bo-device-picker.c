/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-picker"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "devices/bo-device-actions.h"
#include "devices/bo-device-list.h"
#include "devices/bo-device-picker.h"
#include "devices/bo-device-row.h"
#include "devices/bo-host-key-warning.h"

struct _BoDevicePicker
{
  AdwBin parent_instance;

  /* Template widgets */
  GtkMenuButton *button;
  GtkWidget *dot;
  GtkLabel *label;
  GtkPopover *popover;
  GtkListBox *list;

  /* Owned references */
  BoDeviceItem *current;
  BoLink *link;            /* (nullable) */
  BoDeviceItem *link_item; /* (nullable): the device that the link is to, which need not be the one that is picked */
};

G_DEFINE_FINAL_TYPE (BoDevicePicker, bo_device_picker, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_DEVICE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static BoDeviceState
get_link_state (BoDevicePicker *self)
{
  if (self->link == NULL)
    return BO_DEVICE_IDLE;
  switch (bo_link_get_state (self->link))
    {
    case BO_LINK_OPENING:
      return BO_DEVICE_CONNECTING;
    case BO_LINK_CONNECTED:
      return BO_DEVICE_CONNECTED;
    case BO_LINK_RECONNECTING:
      return BO_DEVICE_RECONNECTING;
    case BO_LINK_LOST:
      return BO_DEVICE_FAILED;
    case BO_LINK_CLOSED:
    default:
      return BO_DEVICE_IDLE;
    }
}

/* Two devices may be saved with one URL. */
static gboolean
is_linked (BoDevicePicker *self, BoDeviceItem *item)
{
  return self->link_item != NULL
         && (item == self->link_item
             || g_str_equal (bo_device_item_get_url (item), bo_device_item_get_url (self->link_item)));
}

static void
show_current (BoDevicePicker *self)
{
  BoDeviceState state = is_linked (self, self->current) ? get_link_state (self) : bo_device_item_get_state (self->current);
  const char *title = bo_device_item_get_title (self->current);
  g_autofree char *words = NULL;
  g_autofree char *tooltip = NULL;

  gtk_label_set_text (self->label, title);
  bo_device_dot_set_state (self->dot, state);
  /* TRANSLATORS: name of a device, and whether it is connected */
  words = g_strdup_printf (_ ("Device: %s, %s"), title, bo_device_state_get_title (state));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  tooltip = g_strdup_printf ("%s\n%s · %s", title, bo_device_item_get_url (self->current),
                             bo_device_state_get_title (state));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), tooltip);
}

/* The row of the device that is picked has a tick. */
static void
show_picked (BoDevicePicker *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    bo_device_row_set_picked (BO_DEVICE_ROW (row), bo_device_row_get_item (BO_DEVICE_ROW (row)) == self->current);
}

static void
item_changed_cb (BoDeviceItem *item, GParamSpec *pspec, BoDevicePicker *self)
{
  /* Another window may have let go of a device that this one still holds. */
  if (is_linked (self, item) && get_link_state (self) == BO_DEVICE_CONNECTED)
    bo_device_item_set_state (item, BO_DEVICE_CONNECTED);
  show_current (self);
  if (g_str_equal (pspec->name, "title") || g_str_equal (pspec->name, "url"))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DEVICE]);
}

static void
set_current (BoDevicePicker *self, BoDeviceItem *item)
{
  g_autofree char *old = NULL;

  if (self->current == item)
    return;
  if (self->current != NULL)
    {
      old = g_strdup (bo_device_item_get_device (self->current));
      g_signal_handlers_disconnect_by_func (self->current, item_changed_cb, self);
    }
  g_set_object (&self->current, item);
  g_signal_connect (item, "notify", G_CALLBACK (item_changed_cb), self);
  show_current (self);
  show_picked (self);
  if (g_strcmp0 (old, bo_device_item_get_device (item)) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DEVICE]);
}

/* A device that is removed stays picked, by its URL. */
static void
list_changed_cb (GListModel *model, guint position, guint removed, guint added, BoDevicePicker *self)
{
  BoDeviceList *list = BO_DEVICE_LIST (model);
  BoDeviceItem *item = bo_device_list_find (list, bo_device_item_get_device (self->current));

  if (item == NULL)
    item = bo_device_list_find (list, bo_device_item_get_url (self->current));
  if (item != NULL)
    set_current (self, item);
  else if (bo_device_item_get_name (self->current) != NULL)
    {
      g_autoptr (BoDeviceItem) own = bo_device_item_new (NULL, bo_device_item_get_url (self->current));

      bo_device_item_set_state (own, bo_device_item_get_state (self->current));
      set_current (self, own);
    }
  show_picked (self);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  BoDevicePicker *self = user_data;
  GtkWidget *row = bo_device_row_new (item);

  bo_device_row_set_picked (BO_DEVICE_ROW (row), item == self->current);
  return row;
}

static void
activated_cb (GtkListBox *box, GtkListBoxRow *row, gpointer user_data)
{
  BoDevicePicker *self = BO_DEVICE_PICKER (user_data);

  gtk_popover_popdown (self->popover);
  set_current (self, bo_device_row_get_item (BO_DEVICE_ROW (row)));
}

static void
saved_cb (BoDeviceDialog *dialog, const char *device, gpointer user_data)
{
  bo_device_picker_set_device (user_data, device);
}

static void
add_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BoDeviceDialog *dialog;

  gtk_popover_popdown (BO_DEVICE_PICKER (widget)->popover);
  dialog = bo_device_actions_add (widget);
  /* Whoever adds a device here means to build on it. */
  g_signal_connect_object (dialog, "saved", G_CALLBACK (saved_cb), widget, 0);
}

static void
test_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_popover_popdown (BO_DEVICE_PICKER (widget)->popover);
  bo_device_actions_test (widget, BO_DEVICE_PICKER (widget)->current);
}

static void
manage_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_popover_popdown (BO_DEVICE_PICKER (widget)->popover);
  bo_device_actions_manage (widget);
}

static void
link_changed_cb (BoLink *link, BoDevicePicker *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  /* Told once: from here on the link is lost until a person tries again. */
  if (bo_link_get_state (link) == BO_LINK_LOST && bo_link_get_error (link) != NULL && GTK_IS_WINDOW (root))
    bo_host_key_warning_present (GTK_WINDOW (root), bo_device_item_get_title (self->link_item), bo_link_get_error (link));
  bo_device_item_set_state (self->link_item, get_link_state (self));
  show_current (self);
}

/* The picked one, a saved one, or one that only this link knows. */
static BoDeviceItem *
find_link_item (BoDevicePicker *self, BoLink *link)
{
  g_autofree char *url = bo_device_url_to_string (bo_link_get_url (link));
  BoDeviceItem *item;

  if (g_str_equal (bo_device_item_get_url (self->current), url))
    return g_object_ref (self->current);
  item = bo_device_list_find (bo_device_list_get_default (), url);
  return item != NULL ? g_object_ref (item) : bo_device_item_new (NULL, url);
}

/* What was connected is not any more, as far as this window knows. */
static void
drop_link (BoDevicePicker *self)
{
  if (self->link == NULL)
    return;
  g_signal_handlers_disconnect_by_func (self->link, link_changed_cb, self);
  g_clear_object (&self->link);
  bo_device_item_set_state (self->link_item, BO_DEVICE_IDLE);
  g_clear_object (&self->link_item);
}

/**
 * bo_device_picker_set_link:
 * @link: (nullable): the connection that the window has now
 *
 * The device with its URL has its state, whether it is picked or not.
 */
void
bo_device_picker_set_link (BoDevicePicker *self, BoLink *link)
{
  g_return_if_fail (BO_IS_DEVICE_PICKER (self));
  g_return_if_fail (link == NULL || BO_IS_LINK (link));

  if (self->link == link)
    return;
  drop_link (self);
  if (link != NULL)
    {
      self->link = g_object_ref (link);
      self->link_item = find_link_item (self, link);
      g_signal_connect (link, "state-changed", G_CALLBACK (link_changed_cb), self);
      bo_device_item_set_state (self->link_item, get_link_state (self));
    }
  show_current (self);
}

/**
 * bo_device_picker_get_device:
 *
 * Returns: (transfer none): name or URL of the device that is picked, as bo_device_resolve() takes it
 */
const char *
bo_device_picker_get_device (BoDevicePicker *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_PICKER (self), NULL);

  return bo_device_item_get_device (self->current);
}

/**
 * bo_device_picker_get_title:
 *
 * Returns: (transfer none): what a person calls it
 */
const char *
bo_device_picker_get_title (BoDevicePicker *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_PICKER (self), NULL);

  return bo_device_item_get_title (self->current);
}

/**
 * bo_device_picker_set_device:
 * @device: (nullable): the name of a saved device or a URL, or %NULL for the default. A name that
 *   nobody saved is the default, too
 */
void
bo_device_picker_set_device (BoDevicePicker *self, const char *device)
{
  BoDeviceList *list = bo_device_list_get_default ();
  g_autoptr (BoDeviceItem) own = NULL;
  BoDeviceItem *item;

  g_return_if_fail (BO_IS_DEVICE_PICKER (self));

  item = bo_device_list_find (list, device);
  if (item == NULL && strstr (device, "://") != NULL)
    item = own = bo_device_item_new (NULL, device);
  set_current (self, item != NULL ? item : bo_device_list_get_here (list));
}

/**
 * bo_device_picker_set_compact:
 * @compact: whether the device's name gives way to what else is in the bar; its tooltip has it all the same
 */
void
bo_device_picker_set_compact (BoDevicePicker *self, gboolean compact)
{
  g_return_if_fail (BO_IS_DEVICE_PICKER (self));

  gtk_widget_set_visible (GTK_WIDGET (self->label), !compact);
}

static void
bo_device_picker_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DEVICE:
      g_value_set_string (value, bo_device_picker_get_device (BO_DEVICE_PICKER (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bo_device_picker_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DEVICE:
      bo_device_picker_set_device (BO_DEVICE_PICKER (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bo_device_picker_dispose (GObject *object)
{
  BoDevicePicker *self = BO_DEVICE_PICKER (object);

  if (self->current != NULL)
    g_signal_handlers_disconnect_by_func (self->current, item_changed_cb, self);
  drop_link (self);
  g_clear_object (&self->current);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_DEVICE_PICKER);

  G_OBJECT_CLASS (bo_device_picker_parent_class)->dispose (object);
}

static void
bo_device_picker_class_init (BoDevicePickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bo_device_picker_dispose;
  object_class->get_property = bo_device_picker_get_property;
  object_class->set_property = bo_device_picker_set_property;
  props[PROP_DEVICE] = g_param_spec_string ("device", NULL, NULL, NULL,
                                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-device-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, BoDevicePicker, button);
  gtk_widget_class_bind_template_child (widget_class, BoDevicePicker, dot);
  gtk_widget_class_bind_template_child (widget_class, BoDevicePicker, label);
  gtk_widget_class_bind_template_child (widget_class, BoDevicePicker, popover);
  gtk_widget_class_bind_template_child (widget_class, BoDevicePicker, list);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_install_action (widget_class, "device.add", NULL, add_cb);
  gtk_widget_class_install_action (widget_class, "device.test", NULL, test_cb);
  gtk_widget_class_install_action (widget_class, "device.manage", NULL, manage_cb);
}

static void
bo_device_picker_init (BoDevicePicker *self)
{
  BoDeviceList *list = bo_device_list_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));
  set_current (self, bo_device_list_get_here (list));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (list), create_row, self, NULL);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (list_changed_cb), self, G_CONNECT_AFTER);
}

GtkWidget *
bo_device_picker_new (void)
{
  return g_object_new (BO_TYPE_DEVICE_PICKER, NULL);
}
