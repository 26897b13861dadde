/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-store.h"

G_BEGIN_DECLS

/*
 * Does something with an engine, in a thread: @socket_path leads to it. Prints
 * what there is to say; returns an exit code, or whatever the caller takes.
 */
typedef int (*BoCliEngineFunc) (BoStore *store, const char *device_url, const char *socket_path, gpointer user_data);

int bo_cli_with_engine (const char *command, const char *device, BoCliEngineFunc func, gpointer user_data);
int bo_cli_report (const GError *error);

G_END_DECLS
