/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-campaign.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

GHashTable *bo_kept_images_choose (BoStudy *study, BoCampaign *campaign, GPtrArray *trials);

G_END_DECLS
