/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "findings/bo-note-editor.h"
#include "findings/bo-report.h"

G_BEGIN_DECLS

#define BO_TYPE_VALIDATION_LIST (bo_validation_list_get_type ())
G_DECLARE_FINAL_TYPE (BoValidationList, bo_validation_list, BO, VALIDATION_LIST, GtkWidget)

/*
 * The validation table: Approach, Build Time, Run Time, Notes, with a note of
 * the user's in each row. Where there is no room for columns, each row is a card. Its
 * rows are added one by one, so that many of them do not come at once.
 */
BoValidationList *bo_validation_list_new (BoReport *report);
gboolean bo_validation_list_add_row (BoValidationList *self);
BoNoteEditor *bo_validation_list_get_editor (BoValidationList *self, guint row);
guint bo_validation_list_get_n_rows (BoValidationList *self);
void bo_validation_list_set_narrow (BoValidationList *self, gboolean narrow);

G_END_DECLS
