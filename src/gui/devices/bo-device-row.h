/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "devices/bo-device-item.h"

G_BEGIN_DECLS

#define BO_TYPE_DEVICE_ROW (bo_device_row_get_type ())
G_DECLARE_FINAL_TYPE (BoDeviceRow, bo_device_row, BO, DEVICE_ROW, GtkListBoxRow)

/* A device in the picker's list: its dot, name and URL, and a tick if it is the one that is picked. */
GtkWidget *bo_device_row_new (BoDeviceItem *item);
BoDeviceItem *bo_device_row_get_item (BoDeviceRow *self);
void bo_device_row_set_picked (BoDeviceRow *self, gboolean picked);

void bo_device_dot_set_state (GtkWidget *dot, BoDeviceState state);

G_END_DECLS
