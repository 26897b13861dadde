/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-campaign.h"

G_BEGIN_DECLS

/* How long a campaign still takes, by what earlier trials took. */

gint64 bo_time_left_get_expected (const BoPlannedTrial *planned, GHashTable *estimates);
gint64 bo_time_left_estimate (const BoCampaign *campaign,
                              GPtrArray *trials,
                              GHashTable *estimates,
                              const char *order,
                              gint64 running_us);

G_END_DECLS
