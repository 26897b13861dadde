/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "charts/bo-chart-locale.h"

G_BEGIN_DECLS

/*
 * The numbers of a chart: what its table view shows and its CSV holds.
 */

/**
 * BoChartColumnKind:
 * @BO_COLUMN_TEXT: words
 * @BO_COLUMN_DURATION: microseconds; seconds in CSV
 * @BO_COLUMN_DIFFERENCE: microseconds, with a sign
 * @BO_COLUMN_SIZE: bytes
 * @BO_COLUMN_COUNT: a number of things
 */
typedef enum
{
  BO_COLUMN_TEXT,
  BO_COLUMN_DURATION,
  BO_COLUMN_DIFFERENCE,
  BO_COLUMN_SIZE,
  BO_COLUMN_COUNT,
} BoChartColumnKind;

/* There is no such number. */
#define BO_CHART_NO_NUMBER G_MININT64

typedef struct _BoChartTable BoChartTable;

guint bo_chart_table_get_n_columns (const BoChartTable *table);
guint bo_chart_table_get_n_rows (const BoChartTable *table);
const char *bo_chart_table_get_title (const BoChartTable *table, guint column);
BoChartColumnKind bo_chart_table_get_kind (const BoChartTable *table, guint column);
gint64 bo_chart_table_get_number (const BoChartTable *table, guint row, guint column);
char *
bo_chart_table_get_text (const BoChartTable *table, guint row, guint column, const BoChartLocale *locale);
int bo_chart_table_compare (const BoChartTable *table, guint column, guint a, guint b);
char *bo_chart_table_to_csv (const BoChartTable *table);
char *bo_chart_table_to_tsv (const BoChartTable *table, const guint *rows, guint n_rows, const BoChartLocale *locale);

/* For those that make charts. */
BoChartTable *bo_chart_table_new (void);
void bo_chart_table_free (BoChartTable *table);
void bo_chart_table_add_column (BoChartTable *table, BoChartColumnKind kind, const char *title);
void bo_chart_table_begin_row (BoChartTable *table);
void bo_chart_table_add_text (BoChartTable *table, const char *text);
void bo_chart_table_add_number (BoChartTable *table, gint64 number);

G_END_DECLS
