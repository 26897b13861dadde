/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "activity/bo-step-item.h"

G_BEGIN_DECLS

#define BO_TYPE_STEP_ROW (bo_step_row_get_type ())
G_DECLARE_FINAL_TYPE (BoStepRow, bo_step_row, BO, STEP_ROW, GtkWidget)

/* A step on the timeline: number, instruction, bar, time. */
GtkWidget *bo_step_row_new (void);
void bo_step_row_set_item (BoStepRow *self, BoStepItem *item);

G_END_DECLS
