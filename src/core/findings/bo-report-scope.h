/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "findings/bo-report.h"

G_BEGIN_DECLS

/**
 * BoReportScope: a part of a report that a person looks at
 * @one_condition: whether it is about one condition alone
 * @condition: which
 * @base: (nullable): id of the base that it is about alone
 * @one_builder: whether it is about one builder alone
 * @builder: which
 *
 * An image is the same in each condition, so what is said about images does not look at the condition.
 */
typedef struct
{
  gboolean one_condition;
  BoCondition condition;
  const char *base;
  gboolean one_builder;
  BoBuilder builder;
} BoReportScope;

gboolean bo_report_scope_has_image (const BoReportScope *scope, const BoCell *cell);
gboolean bo_report_scope_has_cell (const BoReportScope *scope, const BoCell *cell);

G_END_DECLS
