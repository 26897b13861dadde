/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "results/bo-campaign.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

GPtrArray *bo_cells_find_missing (GPtrArray *cells,
                                  GPtrArray *campaigns,
                                  GPtrArray *trials,
                                  const char *device_url,
                                  GHashTable *variables);

G_END_DECLS
