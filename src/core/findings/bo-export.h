/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "findings/bo-report.h"

G_BEGIN_DECLS

/*
 * A report as a file: what every face writes, byte for byte the same. Blocking;
 * a window calls it in a thread.
 */

/**
 * BoExportFormat: what a document is written as
 * @BO_EXPORT_MARKDOWN: Markdown; with charts, their SVG pictures stand in a folder beside it
 * @BO_EXPORT_HTML: one page with its charts in it
 * @BO_EXPORT_JSON: every number
 * @BO_EXPORT_CSV: a line for each trial
 */
typedef enum
{
  BO_EXPORT_MARKDOWN,
  BO_EXPORT_HTML,
  BO_EXPORT_JSON,
  BO_EXPORT_CSV,
} BoExportFormat;

#define BO_N_EXPORT_FORMATS (BO_EXPORT_CSV + 1)

gboolean bo_export_format_from_string (const char *word, BoExportFormat *format);
const char *bo_export_format_to_string (BoExportFormat format);
const char *bo_export_format_get_suffix (BoExportFormat format);

char *bo_export_make_name (const BoStudy *study, BoExportFormat format);
char *bo_export_make_document (const BoReport *report, BoExportFormat format, GError **error);
gboolean bo_export_save (const BoReport *report,
                         BoExportFormat format,
                         gboolean charts,
                         const char *path,
                         GError **error);

G_END_DECLS
