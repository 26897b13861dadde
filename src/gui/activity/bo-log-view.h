/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "activity/bo-log-list.h"
#include "journal/bo-log-replay.h"
#include "results/bo-campaign.h"
#include "results/bo-store.h"
#include "session/bo-session.h"

G_BEGIN_DECLS

/*
 * The log of one trial's build: a line for each line that it wrote, under the
 * step that wrote it. It follows a build that is under way.
 */
#define BO_TYPE_LOG_VIEW (bo_log_view_get_type ())
G_DECLARE_FINAL_TYPE (BoLogView, bo_log_view, BO, LOG_VIEW, GtkWidget)

BoLogView *bo_log_view_new (void);
void bo_log_view_show_trial (BoLogView *self,
                             BoStore *store,
                             BoCampaign *campaign,
                             const char *trial_id,
                             BoSession *session);
void bo_log_view_show_folder (BoLogView *self,
                              const char *folder,
                              BoCampaign *campaign,
                              const char *trial_id,
                              gboolean live);
void bo_log_view_end_live (BoLogView *self);
void bo_log_view_show_step (BoLogView *self, guint step);
void bo_log_view_clear (BoLogView *self);

void bo_log_view_save (BoLogView *self, GFile *file);
BoLogList *bo_log_view_get_list (BoLogView *self);
BoLogState bo_log_view_get_state (BoLogView *self);

G_END_DECLS
