/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"
#include "engine/bo-log-framing.h"

G_BEGIN_DECLS

/*
 * A command in a container that runs. It is started without Upgrade, so its
 * output is a plain stream, safe for any bytes, and it gets no input. It
 * outlives its client: a command that may go on must end by itself.
 */
void bo_engine_exec_async (BoEngine *engine,
                           const char *container,
                           const char *const *argv,
                           BoLogFramingFunc func,
                           gpointer func_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean bo_engine_exec_finish (BoEngine *engine, GAsyncResult *result, int *exit_code, GError **error);

G_END_DECLS
