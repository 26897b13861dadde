/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "durable/bo-device-job.h"

G_BEGIN_DECLS

/*
 * What looks after a volume, in a job: the courier when it uses that volume,
 * else a container made for the moment, which runs one command or none.
 */

/* Runs a command of the courier: what it printed, or NULL. */
char *bo_device_keeper_run (BoDeviceJob *job, const char *volume, const char *const *argv, GError **error);

/* A container whose files can be read; *is_made when it must be removed afterwards. */
char *bo_device_keeper_open (BoDeviceJob *job, const char *volume, gboolean *is_made, GError **error);

G_END_DECLS
