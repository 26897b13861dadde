/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "findings/bo-note-editor.h"
#include "findings/bo-report.h"

G_BEGIN_DECLS

#define BO_TYPE_FINDINGS_DOCUMENT (bo_findings_document_get_type ())
G_DECLARE_FINAL_TYPE (BoFindingsDocument, bo_findings_document, BO, FINDINGS_DOCUMENT, GtkWidget)

/*
 * A report as widgets, in the order of the document that is exported. It is built
 * a few milliseconds at a time.
 *
 * Signal "editor-added" (BoNoteEditor *editor): a note that wants its text, and to be saved.
 * Signal "built" (no arguments): all of it is there.
 */
void bo_findings_document_set_report (BoFindingsDocument *self, BoReport *report);
gboolean bo_findings_document_is_building (BoFindingsDocument *self);
void bo_findings_document_set_narrow (BoFindingsDocument *self, gboolean narrow);

BoNoteEditor *bo_findings_document_get_editor (BoFindingsDocument *self, const char *key);
gboolean bo_findings_document_is_edited (BoFindingsDocument *self);
void bo_findings_document_flush (BoFindingsDocument *self);

G_END_DECLS
