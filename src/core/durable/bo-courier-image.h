/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "durable/bo-device-job.h"

G_BEGIN_DECLS

/*
 * The image of a courier: its program and nothing else, made by ourselves, so that no
 * registry is needed. The same program always gives the same bytes.
 */

#define BO_COURIER_IMAGE_REPOSITORY "bakeoff-courier"

char *bo_courier_image_get_version (GBytes *program);
GBytes *bo_courier_image_make (GBytes *program, const char *arch);

/* In a job: the id of the image on the engine, where it is loaded when it is not there. */
char *bo_courier_image_ensure (BoDeviceJob *job, const char *arch, GError **error);

G_END_DECLS
