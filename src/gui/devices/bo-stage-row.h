/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "device/bo-device-check.h"

G_BEGIN_DECLS

#define BO_TYPE_STAGE_ROW (bo_stage_row_get_type ())
G_DECLARE_FINAL_TYPE (BoStageRow, bo_stage_row, BO, STAGE_ROW, GtkListBoxRow)

/* One stage of a test: a tick, a spinner or a cross, what was found, and what to do. */
GtkWidget *bo_stage_row_new (void);
void bo_stage_row_set_stage (BoStageRow *self, const BoDeviceStage *stage);

G_END_DECLS
