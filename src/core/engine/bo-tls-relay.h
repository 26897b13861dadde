/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-device-url.h"
#include "engine/bo-relay.h"

G_BEGIN_DECLS

#define BO_TLS_DEFAULT_PORT 2376

char *bo_tls_relay_get_folder (void);
BoRelay *bo_tls_relay_new (const BoDeviceUrl *url, const char *path, GError **error);

G_END_DECLS
