/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BO_TYPE_STUDY_EDITOR (bo_study_editor_get_type ())
G_DECLARE_FINAL_TYPE (BoStudyEditor, bo_study_editor, BO, STUDY_EDITOR, AdwWindow)

BoStudyEditor *bo_study_editor_new (GtkWindow *parent, GFile *study);
void bo_study_editor_edit (GtkWindow *parent, GFile *study);

G_END_DECLS
