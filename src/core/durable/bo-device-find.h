/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "durable/bo-device-courier.h"
#include "durable/bo-device-job.h"

G_BEGIN_DECLS

/* What GET /containers/bakeoff-courier/json says. What is there is not trusted. */
BoDeviceCourier *bo_device_courier_new_from_json (JsonNode *node, GError **error);

/* In a job. TRUE with *courier NULL when there is none. */
gboolean bo_device_find (BoDeviceJob *job, BoDeviceCourier **courier, GError **error);

G_END_DECLS
