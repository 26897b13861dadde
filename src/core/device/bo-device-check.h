/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "device/bo-device-facts.h"
#include "engine/bo-device-url.h"
#include "engine/bo-engine.h"

G_BEGIN_DECLS

/**
 * BoStageState:
 * @BO_STAGE_WAITING: comes later
 * @BO_STAGE_RUNNING: is looked at now
 * @BO_STAGE_OK: is as it should be
 * @BO_STAGE_WARNING: works, but not for all that may be asked of it
 * @BO_STAGE_UNKNOWN: cannot be seen from here
 * @BO_STAGE_FAILED: this is where it ends
 * @BO_STAGE_SKIPPED: was not looked at, since an earlier stage failed or it was cancelled
 */
typedef enum
{
  BO_STAGE_WAITING,
  BO_STAGE_RUNNING,
  BO_STAGE_OK,
  BO_STAGE_WARNING,
  BO_STAGE_UNKNOWN,
  BO_STAGE_FAILED,
  BO_STAGE_SKIPPED,
} BoStageState;

const char *bo_stage_state_get_id (BoStageState state);
const char *bo_stage_state_get_title (BoStageState state);

/**
 * BoDeviceStage: one part of the way to a device that works
 * @id: stable id: "ssh", "tls", "socket", "engine", "builders", "api", "runtime" or "disk"
 * @title: the same for people, translated
 * @state: how far it is
 * @detail: (nullable): what was found, or why it failed in the other side's own words
 * @error_id: (nullable): stable id of what is wrong, bo_engine_error_get_id()
 * @remedy: (nullable): what a person can do about it
 */
typedef struct
{
  const char *id;
  const char *title;
  BoStageState state;
  char *detail;
  const char *error_id;
  char *remedy;
} BoDeviceStage;

#define BO_TYPE_DEVICE_CHECK (bo_device_check_get_type ())
G_DECLARE_FINAL_TYPE (BoDeviceCheck, bo_device_check, BO, DEVICE_CHECK, GObject)

/*
 * Tries the way to a device, stage by stage in the order in which one needs the
 * other, and keeps what came of each. It connects anew, so that it says how a
 * connection would be made now.
 *
 * Signal "changed" (guint index): the stage at that index is another, or a new one there.
 */
BoDeviceCheck *bo_device_check_new (const BoDeviceUrl *url);
void bo_device_check_run_async (BoDeviceCheck *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean bo_device_check_run_finish (BoDeviceCheck *self, GAsyncResult *result, GError **error);

guint bo_device_check_get_n_stages (BoDeviceCheck *self);
const BoDeviceStage *bo_device_check_get_stage (BoDeviceCheck *self, guint index);
const BoDeviceFacts *bo_device_check_get_facts (BoDeviceCheck *self);
const GError *bo_device_check_get_error (BoDeviceCheck *self);
gboolean bo_device_check_has_engine (BoDeviceCheck *self);
gboolean bo_device_check_is_relayed (BoDeviceCheck *self);

G_END_DECLS
