/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_NOTE_EDITOR (bo_note_editor_get_type ())
G_DECLARE_FINAL_TYPE (BoNoteEditor, bo_note_editor, BO, NOTE_EDITOR, GtkWidget)

/*
 * A note of the user's, edited where it stands. It asks to be saved when it is
 * left, with Enter, and when nothing was typed for a moment; Escape takes back
 * what was typed since it was entered. A text that could not be saved stays.
 *
 * Signal "save" (const char *text): the text is to be kept; "" takes the note away. The answer is
 *   bo_note_editor_saved() or bo_note_editor_failed().
 * Signal "edited" (no arguments): it is edited no more.
 */
BoNoteEditor *bo_note_editor_new (const char *key, const char *subject, const char *add_label);

const char *bo_note_editor_get_key (BoNoteEditor *self);
void bo_note_editor_set_text (BoNoteEditor *self, const char *text);
char *bo_note_editor_get_text (BoNoteEditor *self);

void bo_note_editor_edit (BoNoteEditor *self);
gboolean bo_note_editor_is_editing (BoNoteEditor *self);
gboolean bo_note_editor_is_unsaved (BoNoteEditor *self);
void bo_note_editor_flush (BoNoteEditor *self);
void bo_note_editor_saved (BoNoteEditor *self, const char *text);
void bo_note_editor_failed (BoNoteEditor *self, const char *message);
const char *bo_note_editor_get_problem (BoNoteEditor *self);

G_END_DECLS
