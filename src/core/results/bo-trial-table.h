/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-database.h"
#include "results/bo-store.h"
#include "results/bo-trial.h"

G_BEGIN_DECLS

/* Trials and their parts in the database. Callers hold the transaction. */

gboolean bo_trial_table_insert (BoDatabase *database, const BoTrial *trial, guint position, GError **error);
gboolean bo_trial_table_replace (BoDatabase *database, const BoTrial *trial, GError **error);
BoTrial *bo_trial_table_get (BoDatabase *database, const char *trial_id, GError **error);
GPtrArray *bo_trial_table_list (BoDatabase *database,
                                const char *study_id,
                                const char *campaign_id,
                                const BoCell *cell,
                                GError **error);

G_END_DECLS
