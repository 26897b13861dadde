/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the window remembers from one time to the next. */

GSettings *bo_settings_get (void);
void bo_settings_add_recent (GFile *file);
void bo_settings_hide_study (const char *path);
void bo_settings_show_study (const char *path, gboolean recent);
void bo_settings_follow_theme (void);
guint bo_settings_get_repetitions (void);
gboolean bo_settings_get_ask_before_quitting (void);
char *bo_settings_get_device (GFile *file);
void bo_settings_set_device (GFile *file, const char *device);
gboolean bo_settings_get_notify (void);
void bo_settings_restore_window (GtkWindow *window, const char *name);
void bo_settings_save_window (GtkWindow *window, const char *name);

G_END_DECLS
