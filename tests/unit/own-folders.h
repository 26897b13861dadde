/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <glib/gstdio.h>

/*
 * Folders of a test program's own, as G_TEST_OPTION_ISOLATE_DIRS makes them
 * for each test; GLib loses memory there, which LeakSanitizer reports without a name to suppress.
 */

/* To be called before g_test_init(). Returns: (transfer full): the folder that all of them are. */
static inline char *
own_folders_make (void)
{
  static const char *const names[] = { "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME" };
  char *folder = g_dir_make_tmp ("bakeoff-test-XXXXXX", NULL);

  g_assert_nonnull (folder);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_setenv (names[i], folder, TRUE);
  return folder;
}

static inline void
own_folders_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (folder, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        own_folders_remove (child);
      else
        g_remove (child);
    }
  g_rmdir (folder);
}
