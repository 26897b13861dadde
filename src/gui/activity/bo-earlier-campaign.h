/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "results/bo-campaign.h"

G_BEGIN_DECLS

/**
 * BoEarlierCampaign: a campaign as the store has it
 * @campaign: the campaign
 * @trials: (element-type BoTrial): its records, in the order of its script
 */
typedef struct
{
  BoCampaign *campaign;
  GPtrArray *trials;
} BoEarlierCampaign;

void bo_earlier_campaign_free (BoEarlierCampaign *earlier);

void bo_earlier_campaign_load_async (const char *trial_id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
BoEarlierCampaign *bo_earlier_campaign_load_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEarlierCampaign, bo_earlier_campaign_free)

G_END_DECLS
