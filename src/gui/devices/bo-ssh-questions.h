/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "engine/bo-askpass.h"

G_BEGIN_DECLS

/*
 * ssh's questions as dialogs of the window: whether a host's key is its own,
 * passphrases, passwords, and that a security key waits to be touched.
 */
void bo_ssh_questions_begin (GtkApplication *application);
void bo_ssh_questions_end (void);

GtkWindow *bo_ssh_question_dialog_new (GtkWindow *parent, BoAskpassQuestion *question);
void bo_ssh_dialog_focus_default (GtkWindow *window);

G_END_DECLS
