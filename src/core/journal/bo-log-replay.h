/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "journal/bo-log-spool.h"
#include "results/bo-campaign.h"

G_BEGIN_DECLS

/*
 * Reads the log of one trial from its campaign's journal into a spool, in a
 * thread: what is there, and, while the campaign is played, what comes. Since both are
 * read from the one journal, in order, nothing is missed between them or told twice.
 *
 * Signal "changed" (no arguments): there is more, or the state is another one. Comes on the main
 * context on which the replay was made, at most once for each of its iterations.
 */
#define BO_TYPE_LOG_REPLAY (bo_log_replay_get_type ())
G_DECLARE_FINAL_TYPE (BoLogReplay, bo_log_replay, BO, LOG_REPLAY, GObject)

BoLogReplay *bo_log_replay_new (const char *folder,
                                BoCampaign *campaign,
                                const char *trial,
                                gboolean live,
                                GError **error);
BoLogSpool *bo_log_replay_get_spool (BoLogReplay *self);
void bo_log_replay_end_live (BoLogReplay *self);

G_END_DECLS
