/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes *bo_twin_make_context (const char *image_id, const char *campaign_id);

G_END_DECLS
