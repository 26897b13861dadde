/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "devices/bo-device-item.h"

G_BEGIN_DECLS

#define BO_TYPE_DEVICE_LIST (bo_device_list_get_type ())
G_DECLARE_FINAL_TYPE (BoDeviceList, bo_device_list, BO, DEVICE_LIST, GObject)

/*
 * The devices that can be built on: a GListModel of BoDeviceItem with the saved
 * ones, and last the engine that the docker command would use, usually this
 * computer's. It follows the file, which the command line writes, too.
 *
 * Property "problem": why the saved devices cannot be read, or NULL.
 */
BoDeviceList *bo_device_list_get_default (void);
BoDeviceList *bo_device_list_new (const char *path);

const char *bo_device_list_get_problem (BoDeviceList *self);
BoDeviceItem *bo_device_list_find (BoDeviceList *self, const char *device);
BoDeviceItem *bo_device_list_get_here (BoDeviceList *self);
gboolean bo_device_list_check_name (BoDeviceList *self, const char *name, const char *old_name, GError **error);

gboolean bo_device_list_add (BoDeviceList *self, const char *name, const char *url, GError **error);
gboolean
bo_device_list_change (BoDeviceList *self, BoDeviceItem *item, const char *name, const char *url, GError **error);
gboolean bo_device_list_remove (BoDeviceList *self, BoDeviceItem *item, GError **error);
gboolean bo_device_list_undo_remove (BoDeviceList *self, GError **error);

G_END_DECLS
