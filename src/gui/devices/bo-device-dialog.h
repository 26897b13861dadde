/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "devices/bo-device-list.h"

G_BEGIN_DECLS

#define BO_TYPE_DEVICE_DIALOG (bo_device_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BoDeviceDialog, bo_device_dialog, BO, DEVICE_DIALOG, AdwWindow)

/*
 * Adds a device, or changes one. What is wrong is said as it is typed. Actions
 * "dialog.save" and "dialog.test", which tries what is filled in.
 *
 * Signal "saved" (const char *device): it is saved, under this name.
 */
BoDeviceDialog *bo_device_dialog_new (GtkWindow *parent, BoDeviceList *list, BoDeviceItem *item);

G_END_DECLS
