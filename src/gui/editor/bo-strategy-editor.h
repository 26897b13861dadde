/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BO_TYPE_STRATEGY_EDITOR (bo_strategy_editor_get_type ())
G_DECLARE_FINAL_TYPE (BoStrategyEditor, bo_strategy_editor, BO, STRATEGY_EDITOR, AdwWindow)

BoStrategyEditor *bo_strategy_editor_new (GtkWindow *parent, GFile *study, const char *strategy_id);
void bo_strategy_editor_edit (GtkWindow *parent, GFile *study, const char *strategy_id);

G_END_DECLS
