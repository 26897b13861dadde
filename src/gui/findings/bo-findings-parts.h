/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "findings/bo-report.h"

G_BEGIN_DECLS

/* The widgets that a report is shown with, apart from its tables. What they say is never markup. */

void bo_findings_set_no_hyphens (GtkLabel *label);
GtkWidget *bo_findings_make_text (const char *text, const char *css_class);
GtkWidget *bo_findings_make_heading (const char *text);
GtkWidget *bo_findings_make_card (const char *title);
GtkWidget *bo_findings_make_row (const char *icon, const char *css_class, const char *subject, const char *text);
GtkWidget *bo_findings_make_failure (const BoReport *report, const BoReportFailure *failure);
GtkWidget *bo_findings_make_folded (const char *title, const char *subtitle);
void bo_findings_add_fact (GtkWidget *folded, const char *label, const char *value);
void bo_findings_add_code (GtkWidget *folded, const char *code);

G_END_DECLS
