/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-campaign.h"

G_BEGIN_DECLS

/*
 * What of a campaign is still to come, chain by chain, and in which order: the
 * unit that can be moved and removed, since the trials of a chain must run together.
 */

/**
 * BoQueueEntry:
 * @chain: id of the chain
 * @title: "strategy/base/builder #repetition"
 * @trials: (element-type BoPlannedTrial): its trials, not owned
 */
typedef struct
{
  char *chain;
  char *title;
  GPtrArray *trials;
} BoQueueEntry;

void bo_queue_entry_free (BoQueueEntry *entry);

GPtrArray *bo_queue_list (const BoCampaign *campaign, GPtrArray *trials, const char *order);
gboolean bo_queue_move_first (GPtrArray *queue, const char *pattern);
gboolean bo_queue_move (GPtrArray *queue, const char *chain, guint position);
gboolean bo_queue_remove (GPtrArray *queue, const char *pattern);
GStrv bo_queue_get_chains (GPtrArray *queue);

G_END_DECLS
