/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "activity/bo-log-rows.h"

G_BEGIN_DECLS

/**
 * BoLogPoint: a place between two letters of a log
 * @place: the row
 * @byte: in its text; %G_MAXSIZE is behind its end
 */
typedef struct
{
  BoLogPlace place;
  gsize byte;
} BoLogPoint;

/**
 * BoLogSelection: what is selected, from one point to another
 * @active: whether anything can be
 * @anchor: where it began
 * @end: where it goes to, which may be before
 */
typedef struct
{
  gboolean active;
  BoLogPoint anchor;
  BoLogPoint end;
} BoLogSelection;

gboolean bo_log_selection_is_empty (const BoLogSelection *selection, const BoLogRows *rows);
gboolean bo_log_selection_get_bytes (const BoLogSelection *selection,
                                     const BoLogRows *rows,
                                     const BoLogPlace *place,
                                     gsize *begin,
                                     gsize *end);
GArray *bo_log_selection_get_ranges (const BoLogSelection *selection, const BoLogRows *rows);

G_END_DECLS
