/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "devices/bo-device-item.h"

G_BEGIN_DECLS

#define BO_TYPE_DEVICE_TEST (bo_device_test_get_type ())
G_DECLARE_FINAL_TYPE (BoDeviceTest, bo_device_test, BO, DEVICE_TEST, AdwWindow)

/*
 * Tries the way to a device and shows each stage as it is passed, with the
 * reason and the remedy where it ends. Begins at once; closing it ends it.
 * Actions "test.run", again, and "test.cancel".
 */
BoDeviceTest *bo_device_test_new (GtkWindow *parent, BoDeviceItem *item);
gboolean bo_device_test_is_running (BoDeviceTest *self);

G_END_DECLS
