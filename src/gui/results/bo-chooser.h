/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BO_TYPE_CHOOSER (bo_chooser_get_type ())
G_DECLARE_FINAL_TYPE (BoChooser, bo_chooser, BO, CHOOSER, GtkWidget)

/*
 * One of several things, each with a key and a title. In a narrow place the
 * title is cut; the list has all of it.
 *
 * Signal "chosen" (no arguments): a person chose another one.
 */
GtkWidget *bo_chooser_new (const char *label);
void bo_chooser_set_items (BoChooser *self, const char *const *keys, const char *const *titles, const char *chosen);
const char *bo_chooser_get_chosen (BoChooser *self);
void bo_chooser_choose (BoChooser *self, const char *key);

G_END_DECLS
