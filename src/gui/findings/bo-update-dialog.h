/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "findings/bo-document-update.h"

G_BEGIN_DECLS

#define BO_TYPE_UPDATE_DIALOG (bo_update_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BoUpdateDialog, bo_update_dialog, BO, UPDATE_DIALOG, AdwWindow)

/*
 * What filling a document of the user's would change, to be looked at before
 * anything is written. Nothing is written but by "update.apply".
 *
 * Actions: "update.apply", "update.again" (reads the document once more).
 * Signal "applied" (no arguments): it was written; the dialog closes.
 */
BoUpdateDialog *bo_update_dialog_new (BoReport *report, GFile *file);
BoDocumentUpdate *bo_update_dialog_steal_update (BoUpdateDialog *self);

gboolean bo_update_dialog_is_busy (BoUpdateDialog *self);
const BoDocumentUpdate *bo_update_dialog_get_update (BoUpdateDialog *self);
const char *bo_update_dialog_get_problem (BoUpdateDialog *self);
void bo_update_dialog_set_charts (BoUpdateDialog *self, gboolean charts);

G_END_DECLS
