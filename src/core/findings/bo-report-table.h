/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "findings/bo-report.h"

G_BEGIN_DECLS

/**
 * BoReportTableKind: the tables of a report, in the order in which they are read
 * @BO_REPORT_TABLE_VALIDATION: Approach | Build Time | Run Time | Notes, a row for each of the report's rows
 * @BO_REPORT_TABLE_DETAILS: a row for each of the report's cells
 * @BO_REPORT_TABLE_TESTS: the numbers behind the comparisons that were made by a test
 * @BO_REPORT_TABLE_FACTS: the environment, a row for each of the report's facts
 * @BO_REPORT_TABLE_BASES: the base images of the newest campaign
 */
typedef enum
{
  BO_REPORT_TABLE_VALIDATION,
  BO_REPORT_TABLE_DETAILS,
  BO_REPORT_TABLE_TESTS,
  BO_REPORT_TABLE_FACTS,
  BO_REPORT_TABLE_BASES,
} BoReportTableKind;

/**
 * BoReportTable: a table of a report: what its header and its cells say, in the report's language
 * @header: titles of the columns
 * @n_columns: how many
 * @rows: (element-type GStrv): rows of @n_columns texts each; a cell with nothing in it is ""
 *
 * Every document, and the window, writes its tables from these. An immutable
 * value; nothing in it is escaped.
 */
typedef struct
{
  char **header;
  guint n_columns;
  GPtrArray *rows;
} BoReportTable;

BoReportTable *bo_report_table_new (const BoReport *report, BoReportTableKind kind);
void bo_report_table_free (BoReportTable *table);
const char *bo_report_table_get (const BoReportTable *table, guint row, guint column);
const char *const *bo_report_table_get_row (const BoReportTable *table, guint row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoReportTable, bo_report_table_free)

G_END_DECLS
