/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "matrix/bo-cell-records.h"
#include "matrix/bo-matrix.h"

G_BEGIN_DECLS

#define BO_TYPE_CELL_PANEL (bo_cell_panel_get_type ())
G_DECLARE_FINAL_TYPE (BoCellPanel, bo_cell_panel, BO, CELL_PANEL, GtkWidget)

/* Signal "changed" (no arguments): it tells about other trials than before. */
void bo_cell_panel_set_matrix (BoCellPanel *self, BoMatrix *matrix);
void bo_cell_panel_set_cell (BoCellPanel *self, const BoCell *cell);
void bo_cell_panel_set_live (BoCellPanel *self, GPtrArray *trials);
void bo_cell_panel_reload (BoCellPanel *self);
const BoCell *bo_cell_panel_get_cell (BoCellPanel *self);
const BoTrial *bo_cell_panel_get_trial (BoCellPanel *self);
const BoTrial *bo_cell_panel_get_built (BoCellPanel *self);
const BoCampaign *bo_cell_panel_get_campaign (BoCellPanel *self, const BoTrial *trial);

G_END_DECLS
