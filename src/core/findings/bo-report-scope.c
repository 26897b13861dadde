/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-scope"

#include "config.h"

#include "findings/bo-report-scope.h"

/**
 * bo_report_scope_has_image:
 * @scope: (nullable): %NULL for everything
 * @cell: a cell
 *
 * Returns: whether the image that it makes is looked at
 */
gboolean
bo_report_scope_has_image (const BoReportScope *scope, const BoCell *cell)
{
  g_return_val_if_fail (cell != NULL, FALSE);

  return scope == NULL
         || ((scope->base == NULL || g_str_equal (scope->base, cell->base))
             && (!scope->one_builder || scope->builder == cell->builder));
}

/**
 * bo_report_scope_has_cell:
 * @scope: (nullable): %NULL for everything
 * @cell: a cell
 *
 * Returns: whether its builds are looked at
 */
gboolean
bo_report_scope_has_cell (const BoReportScope *scope, const BoCell *cell)
{
  return bo_report_scope_has_image (scope, cell)
         && (scope == NULL || !scope->one_condition || scope->condition == cell->condition);
}
