/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Whether times of two campaigns say something about each other: only when the
 * device was the same, and stood the same.
 */
const char *bo_device_facts_find_difference (const char *facts, const char *other);

G_END_DECLS
