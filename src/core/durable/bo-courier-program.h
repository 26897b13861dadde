/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoCourierProgramError:
 * @BO_COURIER_PROGRAM_ERROR_MISSING: the program is not where it should be; the message says where that is
 * @BO_COURIER_PROGRAM_ERROR_ARCH: there is no courier for this processor
 */
typedef enum
{
  BO_COURIER_PROGRAM_ERROR_MISSING,
  BO_COURIER_PROGRAM_ERROR_ARCH,
} BoCourierProgramError;

#define BO_COURIER_PROGRAM_ERROR (bo_courier_program_error_quark ())
GQuark bo_courier_program_error_quark (void);

char *bo_courier_find_program (GError **error);
char *bo_courier_find_device_program (const char *arch, GError **error);

G_END_DECLS
