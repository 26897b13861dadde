/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "engine/bo-device-url.h"

G_BEGIN_DECLS

void bo_ssh_find_locked_key_async (const char *ssh_program,
                                   const BoDeviceUrl *url,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
char *bo_ssh_find_locked_key_finish (GAsyncResult *result);

G_END_DECLS
