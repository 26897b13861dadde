/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BO_TYPE_DEVICE_GROUP (bo_device_group_get_type ())
G_DECLARE_FINAL_TYPE (BoDeviceGroup, bo_device_group, BO, DEVICE_GROUP, AdwPreferencesGroup)

/*
 * The devices as rows, to be added, edited, tested and removed. A removed one
 * is brought back by the toast, for which an AdwToastOverlay has to be around it.
 * Actions "device.add", "device.test", "device.edit", "device.remove"; the last
 * three take the name of a saved device or a URL.
 */

G_END_DECLS
