/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoWheelTest:
 * @dockerfile: a Dockerfile with one RUN pip install per requirement
 * @modules: (element-type utf8): what the requirements are probably imported as
 * @n_requirements: how many steps there are
 * @notes: (element-type utf8): what of the file could not be taken over, translated
 */
typedef struct
{
  char *dockerfile;
  GPtrArray *modules;
  guint n_requirements;
  GPtrArray *notes;
} BoWheelTest;

BoWheelTest *bo_wheel_test_new (const char *requirements);
void bo_wheel_test_free (BoWheelTest *test);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoWheelTest, bo_wheel_test_free)

G_END_DECLS
