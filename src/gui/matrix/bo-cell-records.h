/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "results/bo-campaign.h"
#include "results/bo-trial.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/**
 * BoCellRecords: all that the store has of one cell, on any device
 * @trials: (element-type BoTrial): its trials that count, the newest first
 * @prebuilds: (element-type BoTrial): what the newest of them needed before it
 * @campaigns: (element-type utf8 BoCampaign): the campaigns of @trials, by id
 */
typedef struct
{
  GPtrArray *trials;
  GPtrArray *prebuilds;
  GHashTable *campaigns;
} BoCellRecords;

void bo_cell_records_free (BoCellRecords *records);
const char *bo_cell_records_get_dockerfile (const BoCellRecords *records, const BoTrial *trial);

void bo_cell_records_load_async (const char *study_id,
                                 const BoCell *cell,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
BoCellRecords *bo_cell_records_load_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoCellRecords, bo_cell_records_free)

G_END_DECLS
