/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoDecimalPoint: until it is cleared, numbers that this thread writes have another sign
 */
typedef struct
{
  const char *before;
} BoDecimalPoint;

void bo_decimal_point_set_default (const char *point);
const char *bo_decimal_point_get (void);
const char *bo_decimal_point_of (const char *language);

BoDecimalPoint bo_decimal_point_begin (const char *point);
void bo_decimal_point_clear (BoDecimalPoint *point);

char *bo_decimal_format (double value, const char *format) G_GNUC_FORMAT (2);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoDecimalPoint, bo_decimal_point_clear)

G_END_DECLS
