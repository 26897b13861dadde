/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BO_TYPE_DEVICE_MANAGER (bo_device_manager_get_type ())
G_DECLARE_FINAL_TYPE (BoDeviceManager, bo_device_manager, BO, DEVICE_MANAGER, AdwWindow)

/* A window with the devices, for who has a study open. */
BoDeviceManager *bo_device_manager_new (GtkWindow *parent);

G_END_DECLS
