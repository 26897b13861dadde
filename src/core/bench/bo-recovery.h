/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-store.h"

G_BEGIN_DECLS

gboolean bo_recovery_record (BoStore *store, const char *id, GError **error);
GPtrArray *bo_recovery_run (BoStore *store, const char *locked_device_url, GError **error);

G_END_DECLS
