/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "findings/bo-report-table.h"

G_BEGIN_DECLS

#define BO_TYPE_REPORT_COLUMNS (bo_report_columns_get_type ())
G_DECLARE_FINAL_TYPE (BoReportColumns, bo_report_columns, BO, REPORT_COLUMNS, GtkWidget)

/*
 * A wide table of a report, which scrolls within itself: only the rows that are
 * seen have widgets, so a thousand cells cost what twenty do. Control and C copies
 * the whole of it.
 */
BoReportColumns *bo_report_columns_new (BoReportTable *table, const char *title);
char *bo_report_columns_to_tsv (BoReportColumns *self);

G_END_DECLS
