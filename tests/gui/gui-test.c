/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include <gtk/gtk.h>

#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

#include "gui-test.h"
#include "sample-results.h"
#include "study/bo-translations.h"

BoApplication *application;

/* Where the homes are. */
static char *home;

gboolean
gui_test_late_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
wait_ms (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, gui_test_late_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

BoStudyWindow *
open_sample (void)
{
  g_autofree char *path = sample_get_file ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *store = bo_store_get_default_path ();
  GtkWindow *window;

  /* Any test may be the only one that runs. */
  if (!g_file_test (store, G_FILE_TEST_EXISTS))
    sample_fill_store ();
  bo_application_open_study (application, file);
  window = gtk_application_get_active_window (GTK_APPLICATION (application));
  g_assert_true (BO_IS_STUDY_WINDOW (window));
  WAIT_FOR (!bo_study_window_is_loading (BO_STUDY_WINDOW (window)));
  wait_ms (300);
  return BO_STUDY_WINDOW (window);
}

/* Nothing may hold a window that was closed. */
void
close_window (gpointer window)
{
  gpointer left = window;

  g_object_add_weak_pointer (window, &left);
  gtk_window_close (window);
  WAIT_FOR (left == NULL);
}

/* What the widget looks like, or NULL while it has no place yet. */
static GskRenderNode *
draw (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  return gtk_snapshot_free_to_node (snapshot);
}

void
take_picture (GtkWidget *widget, const char *name)
{
  const char *folder = g_getenv ("BAKEOFF_SCREENSHOTS");
  g_autofree char *file = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  WAIT_FOR ((node = draw (widget)) != NULL);
  if (file == NULL)
    return;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node, NULL);
  g_assert_true (gdk_texture_save_to_png (texture, file));
}

/* What is too wide, for the message of a failure. */
static void
tell_wide (GtkWidget *widget, int width, guint depth)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (minimum <= width - (int) depth * 2 || !gtk_widget_get_visible (widget))
    return;
  g_printerr ("%*s%s needs %d\n", (int) depth, "", G_OBJECT_TYPE_NAME (widget), minimum);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    tell_wide (child, width, depth + 1);
}

/* A window in light and dark, wide and on a phone: NAME-light-1280 and so on. */
void
take_pictures (GtkWindow *window, const char *name)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  const int sizes[][2] = { { 1280, 800 }, { 360, 720 } };

  for (guint dark = 0; dark < 2; dark++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        g_autofree char *file = g_strdup_printf ("%s-%s-%d", name, dark ? "dark" : "light", sizes[i][0]);

        adw_style_manager_set_color_scheme (manager, dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
        set_size (window, sizes[i][0], sizes[i][1]);
        if (gtk_widget_get_width (GTK_WIDGET (window)) > sizes[i][0])
          tell_wide (GTK_WIDGET (window), sizes[i][0], 0);
        g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, sizes[i][0]);
        take_picture (GTK_WIDGET (window), file);
      }
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
}

void
set_size (GtkWindow *window, int width, int height)
{
  /* In steps, as by hand: what gives way does so when the window has become narrower. */
  gtk_window_set_default_size (window, width + 1, height);
  wait_ms (200);
  gtk_window_set_default_size (window, width, height);
  wait_ms (300);
  /* It asks once how narrow it can be; what gave way since is seen when it is asked again. */
  for (guint i = 0; i < 10 && gtk_widget_get_width (GTK_WIDGET (window)) > width; i++)
    {
      gtk_window_set_default_size (window, width + 1 + (int) (i % 2), height);
      wait_ms (100);
      gtk_window_set_default_size (window, width, height);
      wait_ms (200);
    }
}

/* Whether real key presses can be made here. */
gboolean
can_press (void)
{
  g_autofree char *program = g_find_program_in_path ("xdotool");

  return program != NULL;
}

void
press (GtkWindow *window, const char *keys)
{
#ifdef GDK_WINDOWING_X11
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));
  g_autofree char *command = g_strdup_printf ("xdotool windowfocus %lu key --clearmodifiers %s",
                                              gdk_x11_surface_get_xid (surface), keys);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  wait_ms (300);
#endif
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

/**
 * gui_test_init:
 *
 * Returns: %FALSE when there is no display; then the test has said that it is skipped
 */
gboolean
gui_test_init (int *argc, char ***argv)
{
  static const char *const homes[] = { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME" };
  g_autoptr (GError) error = NULL;

  /* Not G_TEST_OPTION_ISOLATE_DIRS, which also hides the icons and file types of the system. */
  home = g_dir_make_tmp ("bakeoff-gui-XXXXXX", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (homes); i++)
    g_setenv (homes[i], home, TRUE);
  g_test_init (argc, argv, NULL);
  /* Without LANGUAGE the texts stay English. */
  bo_translations_start ();
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display, and no xvfb-run that makes one (build-aux/install-packages gui)\n");
      g_rmdir (home);
      return FALSE;
    }
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE);
  application = bo_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  return TRUE;
}

/* g_test_run(), and what was written meanwhile is removed. */
int
gui_test_run (void)
{
  int status = g_test_run ();

  remove_folder (home);
  g_clear_pointer (&home, g_free);
  return status;
}
