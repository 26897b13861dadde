/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "engine/bo-device-url.h"

G_BEGIN_DECLS

/**
 * BoDeviceError:
 * @BO_DEVICE_ERROR_NAME: the name cannot be one
 * @BO_DEVICE_ERROR_EXISTS: there is a device of that name
 * @BO_DEVICE_ERROR_NOT_FOUND: there is no device of that name
 * @BO_DEVICE_ERROR_FILE: the file of saved devices cannot be used or written
 */
typedef enum
{
  BO_DEVICE_ERROR_NAME,
  BO_DEVICE_ERROR_EXISTS,
  BO_DEVICE_ERROR_NOT_FOUND,
  BO_DEVICE_ERROR_FILE,
} BoDeviceError;

#define BO_DEVICE_ERROR (bo_device_error_quark ())
GQuark bo_device_error_quark (void);

/**
 * BoDevice: a saved connection
 * @name: what a person calls it
 * @url: its URL as text
 */
typedef struct
{
  char *name;
  char *url;
} BoDevice;

/*
 * The saved devices: $XDG_CONFIG_HOME/bakeoff/devices.json. What a later
 * version keeps there beside name and URL survives.
 */
typedef struct _BoDevices BoDevices;

BoDevices *bo_devices_load (const char *path, GError **error);
void bo_devices_free (BoDevices *devices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDevices, bo_devices_free)

const char *bo_devices_get_path (BoDevices *devices);
guint bo_devices_get_length (BoDevices *devices);
const BoDevice *bo_devices_get (BoDevices *devices, guint index);
const BoDevice *bo_devices_find (BoDevices *devices, const char *name);
gboolean bo_devices_check_name (BoDevices *devices, const char *name, const char *old_name, GError **error);
gboolean bo_devices_add (BoDevices *devices, const char *name, const char *url, GError **error);
gboolean
bo_devices_change (BoDevices *devices, const char *name, const char *new_name, const char *new_url, GError **error);
gboolean bo_devices_remove (BoDevices *devices, const char *name, GError **error);
JsonNode *bo_devices_dup_node (BoDevices *devices, const char *name);
gboolean bo_devices_restore (BoDevices *devices, guint index, JsonNode *node, GError **error);
gboolean bo_devices_save (BoDevices *devices, GError **error);

BoDeviceUrl *bo_device_resolve (const char *name_or_url, GError **error);

G_END_DECLS
