/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "bo-application.h"
#include "bo-study-window.h"

/*
 * What the tests of the window share: the application in this process, with
 * folders of its own, on a display that nobody sees. With
 * BAKEOFF_SCREENSHOTS=DIR in the environment they also leave pictures there.
 */

/* The application that gui_test_init() made. */
extern BoApplication *application;

/* Runs the main loop until a condition holds; fails after half a minute. */
#define WAIT_FOR(condition)                                   \
  G_STMT_START                                                \
  {                                                           \
    gboolean late = FALSE;                                    \
    guint id = g_timeout_add_seconds (30, gui_test_late_cb, &late); \
                                                              \
    while (!(condition) && !late)                             \
      g_main_context_iteration (NULL, TRUE);                  \
    g_assert_false (late);                                    \
    g_source_remove (id);                                     \
  }                                                           \
  G_STMT_END

gboolean gui_test_init (int *argc, char ***argv);
int gui_test_run (void);

gboolean gui_test_late_cb (gpointer user_data);
void wait_ms (guint ms);
BoStudyWindow *open_sample (void);
void close_window (gpointer window);
void set_size (GtkWindow *window, int width, int height);
gboolean can_press (void);
void press (GtkWindow *window, const char *keys);
void take_picture (GtkWidget *widget, const char *name);
void take_pictures (GtkWindow *window, const char *name);
