/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Changes of a study file that take one press. Each is made in the background
 * and written at once; then the action `win.reload` of @parent is activated,
 * or a toast or a dialog of @parent says why the file is as it was. Changes
 * follow each other in the order in which they were asked for.
 */

void bo_study_actions_duplicate_strategy (GtkWindow *parent, GFile *study, const char *strategy_id);
void bo_study_actions_move_strategy (GtkWindow *parent, GFile *study, const char *strategy_id, int delta);
void bo_study_actions_remove_strategy (GtkWindow *parent, GFile *study, const char *strategy_id, const char *title);

G_END_DECLS
