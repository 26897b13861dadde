/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-manager"

#include "config.h"

#include "devices/bo-device-group.h"
#include "devices/bo-device-manager.h"

struct _BoDeviceManager
{
  AdwWindow parent_instance;
};

G_DEFINE_FINAL_TYPE (BoDeviceManager, bo_device_manager, ADW_TYPE_WINDOW)

static void
bo_device_manager_dispose (GObject *object)
{
  adw_window_set_content (ADW_WINDOW (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), BO_TYPE_DEVICE_MANAGER);

  G_OBJECT_CLASS (bo_device_manager_parent_class)->dispose (object);
}

static void
bo_device_manager_class_init (BoDeviceManagerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_device_manager_dispose;
  g_type_ensure (BO_TYPE_DEVICE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-device-manager.ui");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bo_device_manager_init (BoDeviceManager *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

BoDeviceManager *
bo_device_manager_new (GtkWindow *parent)
{
  return g_object_new (BO_TYPE_DEVICE_MANAGER, "transient-for", parent, NULL);
}
