/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BoDeviceState:
 * @BO_DEVICE_IDLE: nothing is connected to it
 * @BO_DEVICE_CONNECTED: a window is connected to it
 * @BO_DEVICE_CONNECTING: the connection is being made
 * @BO_DEVICE_RECONNECTING: the connection is lost, and is tried again
 * @BO_DEVICE_FAILED: the last connection came to nothing
 */
typedef enum
{
  BO_DEVICE_IDLE,
  BO_DEVICE_CONNECTED,
  BO_DEVICE_CONNECTING,
  BO_DEVICE_RECONNECTING,
  BO_DEVICE_FAILED,
} BoDeviceState;

#define BO_TYPE_DEVICE_ITEM (bo_device_item_get_type ())
G_DECLARE_FINAL_TYPE (BoDeviceItem, bo_device_item, BO, DEVICE_ITEM, GObject)

/*
 * A device as the window lists it. Properties "title", "url" and "state", all
 * notified; an item stays the same object when the device is renamed or moved.
 */
BoDeviceItem *bo_device_item_new (const char *name, const char *url);

const char *bo_device_item_get_name (BoDeviceItem *self);
const char *bo_device_item_get_title (BoDeviceItem *self);
const char *bo_device_item_get_url (BoDeviceItem *self);
const char *bo_device_item_get_device (BoDeviceItem *self);
void bo_device_item_change (BoDeviceItem *self, const char *name, const char *url);

BoDeviceState bo_device_item_get_state (BoDeviceItem *self);
void bo_device_item_set_state (BoDeviceItem *self, BoDeviceState state);
const char *bo_device_state_get_title (BoDeviceState state);
const char *bo_device_state_get_css_class (BoDeviceState state);

G_END_DECLS
