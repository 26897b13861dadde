/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "durable/bo-device-courier.h"

G_BEGIN_DECLS

/* The bodies of POST /containers/create for the containers of a courier. Pure functions. */

/**
 * BoCourierContainerFlags: what not every engine gives
 * @BO_COURIER_CONTAINER_SYS: the device's /sys, read-only
 * @BO_COURIER_CONTAINER_OOM: the kernel kills it last when memory is short
 */
typedef enum
{
  BO_COURIER_CONTAINER_PLAIN = 0,
  BO_COURIER_CONTAINER_SYS = 1 << 0,
  BO_COURIER_CONTAINER_OOM = 1 << 1,
} BoCourierContainerFlags;

JsonNode *bo_courier_container_make (const BoDeviceCourierOptions *options,
                                     const char *image,
                                     const char *volume,
                                     BoCourierContainerFlags flags);
/* One that does something with a volume while no courier does: @argv is run; NULL: it is never started. */
JsonNode *bo_courier_container_make_keeper (const char *image, const char *volume, const char *const *argv);

/* Value of BO_LABEL_ROLE of the latter. */
#define BO_ROLE_KEEPER "keeper"

G_END_DECLS
