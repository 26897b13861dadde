/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-courier-program"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bench/bo-courier-program.h"

#define PROGRAM "bakeoff-courier"

/* Whether this program itself was started from the build tree: then an installed courier would be of another version. */
static gboolean
runs_from_build_tree (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  return self != NULL && g_str_has_prefix (self, BO_BUILD_ROOT "/");
}

/**
 * bo_courier_find_program:
 * @error: return location for an error
 *
 * Finds the courier: the one named by the variable BAKEOFF_COURIER, else the
 * one of the build tree when this program runs from there, else the installed one.
 *
 * Returns: (transfer full) (nullable): its path, or %NULL with G_FILE_ERROR_NOENT
 */
char *
bo_courier_find_program (GError **error)
{
  const char *named = g_getenv ("BAKEOFF_COURIER");
  g_autofree char *path = NULL;

  if (named != NULL && *named != '\0')
    path = g_strdup (named);
  else if (runs_from_build_tree ())
    path = g_build_filename (BO_BUILD_ROOT, "src", "courier", PROGRAM, NULL);
  else
    path = g_build_filename (LIBEXECDIR, PROGRAM, NULL);

  if (!g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) || g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                   _ ("The program that plays campaigns is not at %s. Install Bakeoff completely, or name the program "
                      "in the environment variable BAKEOFF_COURIER."),
                   path);
      return NULL;
    }
  return g_steal_pointer (&path);
}
