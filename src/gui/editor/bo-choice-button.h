/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_CHOICE_BUTTON (bo_choice_button_get_type ())
G_DECLARE_FINAL_TYPE (BoChoiceButton, bo_choice_button, BO, CHOICE_BUTTON, GtkWidget)

void bo_choice_button_set_choices (BoChoiceButton *self, GPtrArray *choices);
void bo_choice_button_set_editable (BoChoiceButton *self, GtkEditable *editable);

G_END_DECLS
