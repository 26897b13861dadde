/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "device/bo-device-facts.h"

G_BEGIN_DECLS

/*
 * What a device tells of itself besides its engine: one script for its sh, and
 * the reading of what that prints. The script changes nothing, needs no privileges,
 * and what the device lacks is no error.
 */
char *bo_device_script_make (const char *root_dir);
void bo_device_script_parse (const char *output, BoDeviceFacts *facts);

const char *bo_device_find_jetpack (const char *l4t);

G_END_DECLS
