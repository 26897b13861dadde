/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "study/bo-study.h"

G_BEGIN_DECLS

/**
 * BoCellSelectionError:
 * @BO_CELL_SELECTION_ERROR_SYNTAX: a pattern has an empty part or too many
 * @BO_CELL_SELECTION_ERROR_NO_MATCH: a pattern matches no cell
 */
typedef enum
{
  BO_CELL_SELECTION_ERROR_SYNTAX,
  BO_CELL_SELECTION_ERROR_NO_MATCH,
} BoCellSelectionError;

#define BO_CELL_SELECTION_ERROR (bo_cell_selection_error_quark ())
GQuark bo_cell_selection_error_quark (void);

GPtrArray *bo_cells_select (BoStudy *study, const char *const *patterns, GError **error);
GPtrArray *bo_cells_keep_cold (GPtrArray *cells);

G_END_DECLS
