/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "activity/bo-queue-item.h"

G_BEGIN_DECLS

#define BO_TYPE_QUEUE_VIEW (bo_queue_view_get_type ())
G_DECLARE_FINAL_TYPE (BoQueueView, bo_queue_view, BO, QUEUE_VIEW, GtkWidget)

/*
 * What runs, what waits and what is done, a row each. As long as nobody
 * selects another row, the one that runs is selected.
 *
 * Signal "selected" (no arguments): bo_queue_view_get_selected() is another one.
 * Signal "activated" (no arguments): a person wants to see the selected one.
 * Signal "order" (GStrv chains, const char *removed): the queue is to be that; @removed (nullable) was taken out.
 *
 * Actions "queue.first", "queue.up", "queue.down", "queue.remove", "queue.restore": of the selected one.
 */
void bo_queue_view_set_state (BoQueueView *self, const BoActivityState *state);
void bo_queue_view_tick (BoQueueView *self, const BoActivityState *state, gint64 running_us);

BoQueueItem *bo_queue_view_get_selected (BoQueueView *self);
const char *bo_queue_view_get_heading (BoQueueView *self);
gboolean bo_queue_view_select_trial (BoQueueView *self, const char *trial_id);
void bo_queue_view_follow (BoQueueView *self);
void bo_queue_view_restore (BoQueueView *self, const char *chain, guint position);
guint bo_queue_view_get_position (BoQueueView *self, const char *chain);
GListModel *bo_queue_view_get_model (BoQueueView *self);

G_END_DECLS
