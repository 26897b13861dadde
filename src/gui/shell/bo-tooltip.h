/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * gtk_widget_set_tooltip_text() asks the display at once where the pointer is,
 * and waits for the answer: with a thousand cells of a list that is a second. This one
 * waits until somebody points there.
 */
void bo_tooltip_set (GtkWidget *widget, const char *text);

G_END_DECLS
