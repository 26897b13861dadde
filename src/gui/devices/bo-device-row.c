/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-row"

#include "config.h"

#include <glib/gi18n.h>

#include "devices/bo-device-row.h"

struct _BoDeviceRow
{
  GtkListBoxRow parent_instance;

  /* Template widgets */
  GtkWidget *dot;
  GtkLabel *title;
  GtkLabel *url;
  GtkWidget *tick;

  /* Owned references */
  BoDeviceItem *item;
};

G_DEFINE_FINAL_TYPE (BoDeviceRow, bo_device_row, GTK_TYPE_LIST_BOX_ROW)

/**
 * bo_device_dot_set_state:
 * @dot: a widget with the style class "device-dot"
 */
void
bo_device_dot_set_state (GtkWidget *dot, BoDeviceState state)
{
  for (BoDeviceState other = BO_DEVICE_IDLE; other <= BO_DEVICE_FAILED; other++)
    if (other != state)
      gtk_widget_remove_css_class (dot, bo_device_state_get_css_class (other));
  gtk_widget_add_css_class (dot, bo_device_state_get_css_class (state));
}

static void
show (BoDeviceRow *self)
{
  BoDeviceState state = bo_device_item_get_state (self->item);
  g_autofree char *words = NULL;

  gtk_label_set_text (self->title, bo_device_item_get_title (self->item));
  gtk_label_set_text (self->url, bo_device_item_get_url (self->item));
  bo_device_dot_set_state (self->dot, state);
  gtk_widget_set_tooltip_text (self->dot, bo_device_state_get_title (state));
  words = g_strdup_printf ("%s, %s, %s", bo_device_item_get_title (self->item), bo_device_item_get_url (self->item),
                           bo_device_state_get_title (state));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static void
bo_device_row_dispose (GObject *object)
{
  BoDeviceRow *self = BO_DEVICE_ROW (object);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_DEVICE_ROW);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (bo_device_row_parent_class)->dispose (object);
}

static void
bo_device_row_class_init (BoDeviceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_device_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-device-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BoDeviceRow, dot);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceRow, title);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceRow, url);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceRow, tick);
}

static void
bo_device_row_init (BoDeviceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bo_device_row_new (BoDeviceItem *item)
{
  BoDeviceRow *self;

  g_return_val_if_fail (BO_IS_DEVICE_ITEM (item), NULL);

  self = g_object_new (BO_TYPE_DEVICE_ROW, NULL);
  self->item = g_object_ref (item);
  g_signal_connect_object (item, "notify", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}

BoDeviceItem *
bo_device_row_get_item (BoDeviceRow *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_ROW (self), NULL);

  return self->item;
}

void
bo_device_row_set_picked (BoDeviceRow *self, gboolean picked)
{
  g_return_if_fail (BO_IS_DEVICE_ROW (self));

  gtk_widget_set_opacity (self->tick, picked ? 1 : 0);
}
