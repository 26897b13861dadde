/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"

G_BEGIN_DECLS

/* For BoDeviceTail; finished by bo_device_volume_fetch_finish(). */
void bo_device_fetch_async (BoEngine *engine,
                            const char *volume,
                            const char *campaign,
                            const char *folder,
                            gboolean is_read,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

G_END_DECLS
