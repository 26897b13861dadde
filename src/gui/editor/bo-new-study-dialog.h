/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BO_TYPE_NEW_STUDY_DIALOG (bo_new_study_dialog_get_type ())
G_DECLARE_FINAL_TYPE (BoNewStudyDialog, bo_new_study_dialog, BO, NEW_STUDY_DIALOG, AdwWindow)

/*
 * A new study, from templates or from the Dockerfiles of a folder.
 * Signal "open" (GFile *study): it was made, or the one that is there is wanted.
 */
BoNewStudyDialog *bo_new_study_dialog_new (GtkWindow *parent, gboolean from_templates);
void bo_new_study_dialog_set_folder (BoNewStudyDialog *self, const char *folder);

G_END_DECLS
