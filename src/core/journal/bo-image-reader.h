/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-campaign.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

/* The image that a trial made, from GET /images/…/json and …/history. */

gboolean bo_image_id_equal (const char *a, const char *b);
BoImage *bo_image_read (const char *body, gsize length, GPtrArray *diff_ids);
void bo_image_read_history (BoImage *image,
                            const char *body,
                            gsize length,
                            GPtrArray *diff_ids,
                            const BoBaseImage *base);

G_END_DECLS
