/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "activity/bo-queue-item.h"

G_BEGIN_DECLS

#define BO_TYPE_QUEUE_ROW (bo_queue_row_get_type ())
G_DECLARE_FINAL_TYPE (BoQueueRow, bo_queue_row, BO, QUEUE_ROW, GtkWidget)

/*
 * Shows a BoQueueItem. A chain that waits can be dragged onto another one.
 *
 * Signal "dropped" (BoQueueItem *item): it is to stand where this row's item is.
 */
GtkWidget *bo_queue_row_new (void);
void bo_queue_row_set_item (BoQueueRow *self, BoQueueItem *item);

G_END_DECLS
