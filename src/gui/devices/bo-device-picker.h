/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "engine/bo-link.h"

G_BEGIN_DECLS

#define BO_TYPE_DEVICE_PICKER (bo_device_picker_get_type ())
G_DECLARE_FINAL_TYPE (BoDevicePicker, bo_device_picker, BO, DEVICE_PICKER, AdwBin)

/*
 * Which device is built on: a button for a header bar with the devices in its
 * popover. Property "device" is the name of a saved device or a URL, as
 * bo_device_resolve() takes it; it is notified also when that device is renamed or moved.
 * Actions "device.add", "device.test", "device.manage".
 */
GtkWidget *bo_device_picker_new (void);
const char *bo_device_picker_get_device (BoDevicePicker *self);
void bo_device_picker_set_device (BoDevicePicker *self, const char *device);
const char *bo_device_picker_get_title (BoDevicePicker *self);
void bo_device_picker_set_compact (BoDevicePicker *self, gboolean compact);
void bo_device_picker_set_link (BoDevicePicker *self, BoLink *link);

G_END_DECLS
