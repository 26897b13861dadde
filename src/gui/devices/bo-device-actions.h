/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "devices/bo-device-dialog.h"

G_BEGIN_DECLS

/* What is done with devices, over the window in which @widget is. */
BoDeviceDialog *bo_device_actions_add (GtkWidget *widget);
void bo_device_actions_edit (GtkWidget *widget, BoDeviceItem *item);
void bo_device_actions_test (GtkWidget *widget, BoDeviceItem *item);
void bo_device_actions_remove (GtkWidget *widget, BoDeviceItem *item);
void bo_device_actions_manage (GtkWidget *widget);

G_END_DECLS
