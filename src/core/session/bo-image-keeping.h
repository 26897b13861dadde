/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "results/bo-store.h"

G_BEGIN_DECLS

/**
 * BoImageKeepingError:
 * @BO_IMAGE_KEEPING_ERROR_NAME: the name is no name for an image, or one of those that are Bakeoff's own
 * @BO_IMAGE_KEEPING_ERROR_NO_IMAGE: the trial made no image
 * @BO_IMAGE_KEEPING_ERROR_OPEN: the trial's campaign has not been closed, which would take the image away again
 * @BO_IMAGE_KEEPING_ERROR_GONE: the image is not on the device any more
 * @BO_IMAGE_KEEPING_ERROR_TAKEN: another image has the name
 */
typedef enum
{
  BO_IMAGE_KEEPING_ERROR_NAME,
  BO_IMAGE_KEEPING_ERROR_NO_IMAGE,
  BO_IMAGE_KEEPING_ERROR_OPEN,
  BO_IMAGE_KEEPING_ERROR_GONE,
  BO_IMAGE_KEEPING_ERROR_TAKEN,
} BoImageKeepingError;

#define BO_IMAGE_KEEPING_ERROR (bo_image_keeping_error_quark ())
GQuark bo_image_keeping_error_quark (void);

char *bo_image_keeping_check_name (const char *name, GError **error);
/* It blocks; a window calls it in a thread. */
char *bo_image_keep (const BoTrial *trial,
                     BoCampaignState state,
                     const char *name,
                     const char *socket_path,
                     GError **error);

G_END_DECLS
