/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "durable/bo-device-courier.h"
#include "results/bo-store.h"

G_BEGIN_DECLS

/*
 * What campaigns have left open, on this computer and on a device: a courier there that has ended while
 * nobody looked, a journal that nobody has read to its end, records that say "running", containers and
 * images. Settled when a face comes to a device, before anything is begun there.
 */

/**
 * BoSettlement:
 * @courier: (nullable): a courier that is on the device and stays there: it plays (RUNNING) or could go on
 *   (DOWN), or has ENDED and is another computer's
 * @recovered: (element-type BoCampaignSummary): campaigns of the store that are over now and were not before
 */
typedef struct
{
  BoDeviceCourier *courier;
  GPtrArray *recovered;
} BoSettlement;

void bo_settlement_free (BoSettlement *settlement);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoSettlement, bo_settlement_free)

void bo_settlement_run_async (BoStore *store,
                              const char *device_url,
                              const char *socket_path,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
BoSettlement *bo_settlement_run_finish (GAsyncResult *result, GError **error);

void bo_settlement_close_async (const char *campaign_id,
                                GHashTable *keep,
                                const BoDeviceCourier *courier,
                                const char *socket_path,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean bo_settlement_close_finish (GAsyncResult *result, GError **error);

G_END_DECLS
