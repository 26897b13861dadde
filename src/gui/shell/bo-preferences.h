/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BO_TYPE_PREFERENCES (bo_preferences_get_type ())
G_DECLARE_FINAL_TYPE (BoPreferences, bo_preferences, BO, PREFERENCES, AdwWindow)

BoPreferences *bo_preferences_new (GtkWindow *parent);
void bo_preferences_choose_folder (BoPreferences *self, const char *folder);

G_END_DECLS
