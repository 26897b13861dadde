/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "activity/bo-queue-item.h"

G_BEGIN_DECLS

GPtrArray *bo_queue_rows_make (const BoActivityState *state, GHashTable *known);
char *bo_queue_rows_describe_progress (const BoActivityState *state, gint64 running_us);
void bo_queue_rows_splice (GListStore *store, GPtrArray *rows);

G_END_DECLS
