/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/bo-running.h"

G_BEGIN_DECLS

/* Does something with a campaign that runs, in a thread, and returns an exit code or -1; may print. */
typedef int (*BoCliRunningFunc) (BoRunning *running, gpointer user_data);

int bo_cli_with_running (const char *command, const char *device, BoCliRunningFunc func, gpointer user_data);

G_END_DECLS
