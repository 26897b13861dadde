/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoCliDeviceClean: what `device clean` is asked for
 * @keep: bytes of contents that each volume may keep, or -1 to remove volumes
 * @all: also what is needed again: the current image of the courier, campaigns that were not read yet
 * @yes: do not ask
 * @json: print JSON, and ask nothing
 */
typedef struct
{
  gint64 keep;
  gboolean all;
  gboolean yes;
  gboolean json;
} BoCliDeviceClean;

int bo_cli_device_clean (const char *device, const BoCliDeviceClean *options);

G_END_DECLS
