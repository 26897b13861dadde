/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "bo-open-study.h"
#include "findings/bo-export.h"
#include "findings/bo-note-editor.h"

G_BEGIN_DECLS

#define BO_TYPE_FINDINGS_PAGE (bo_findings_page_get_type ())
G_DECLARE_FINAL_TYPE (BoFindingsPage, bo_findings_page, BO, FINDINGS_PAGE, GtkWidget)

/*
 * The report as it will be exported, with notes that are edited where they
 * stand.
 *
 * Actions: "findings.export" (s: "markdown", "html", "json" or "csv") and "findings.update" ask for a file;
 * "findings.copy" puts the Markdown on the clipboard; "findings.all-campaigns" (b) chooses what is put together.
 */
void bo_findings_page_set_open_study (BoFindingsPage *self, BoOpenStudy *study);

BoReport *bo_findings_page_get_report (BoFindingsPage *self);
gboolean bo_findings_page_is_busy (BoFindingsPage *self);
BoNoteEditor *bo_findings_page_get_editor (BoFindingsPage *self, const char *key);
void bo_findings_page_export (BoFindingsPage *self, BoExportFormat format, GFile *file);
void bo_findings_page_update (BoFindingsPage *self, GFile *file);

G_END_DECLS
