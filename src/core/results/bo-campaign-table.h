/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-database.h"
#include "results/bo-store.h"

G_BEGIN_DECLS

/* Campaigns, studies, notes and estimates in the database. Callers hold the transaction. */

gboolean bo_campaign_table_add (BoDatabase *database, const char *plan, GError **error);
gboolean
bo_campaign_table_set_state (BoDatabase *database, const char *id, BoCampaignState state, GError **error);
gboolean bo_campaign_table_delete (BoDatabase *database, const char *id, GError **error);
BoCampaign *bo_campaign_table_get (BoDatabase *database, const char *id, GError **error);
char *bo_campaign_table_find_latest (BoDatabase *database, const char *study_id, GError **error);
GPtrArray *
bo_campaign_table_list (BoDatabase *database, const char *study_id, gboolean only_unfinished, GError **error);
GPtrArray *bo_campaign_table_list_studies (BoDatabase *database, GError **error);
GHashTable *bo_campaign_table_get_estimates (BoDatabase *database,
                                             const char *study_id,
                                             const char *device_url,
                                             GError **error);
gboolean bo_campaign_table_set_note (BoDatabase *database,
                                     const char *study_id,
                                     const char *key,
                                     const char *text,
                                     GError **error);
GHashTable *bo_campaign_table_get_notes (BoDatabase *database, const char *study_id, GError **error);

G_END_DECLS
