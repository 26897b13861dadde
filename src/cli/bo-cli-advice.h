/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "device/bo-device-advice.h"
#include "engine/bo-device-url.h"

G_BEGIN_DECLS

/**
 * BoCliPreflight: what a device is like for a study
 * @facts: of the device
 * @advice: (element-type BoAdvice): what could be better
 * @peak_bytes: disk that the study's plan needs at its peak; a lower bound
 */
typedef struct
{
  BoDeviceFacts *facts;
  GPtrArray *advice;
  gint64 peak_bytes;
} BoCliPreflight;

int bo_cli_preflight_run (const BoDeviceUrl *url, BoStudy *study, BoCliPreflight **preflight);
void bo_cli_preflight_free (BoCliPreflight *preflight);
guint bo_cli_preflight_count_problems (const BoCliPreflight *preflight);
void bo_cli_preflight_print (const BoCliPreflight *preflight);
JsonNode *bo_cli_preflight_to_node (const BoCliPreflight *preflight);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoCliPreflight, bo_cli_preflight_free)

G_END_DECLS
