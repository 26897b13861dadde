/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-courier-program"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "durable/bo-courier-program.h"
#include "study/bo-build-tree.h"

#define PROGRAM "bakeoff-courier"

G_DEFINE_QUARK (bo-courier-program-error-quark, bo_courier_program_error)

static gboolean
is_program (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (path, G_FILE_TEST_IS_DIR);
}

/**
 * bo_courier_find_program:
 * @error: return location for an error
 *
 * Finds the courier for this computer: the one named by the variable
 * BAKEOFF_COURIER, else the one of the build tree when this program runs from
 * there, else the installed one.
 *
 * Returns: (transfer full) (nullable): its path, or %NULL with %BO_COURIER_PROGRAM_ERROR_MISSING
 */
char *
bo_courier_find_program (GError **error)
{
  const char *named = g_getenv ("BAKEOFF_COURIER");
  g_autofree char *path = NULL;

  if (named != NULL && *named != '\0')
    path = g_strdup (named);
  else if (bo_runs_from_build_tree ())
    path = g_build_filename (BO_BUILD_ROOT, "src", "courier", PROGRAM, NULL);
  else
    path = g_build_filename (LIBEXECDIR, PROGRAM, NULL);

  if (!is_program (path))
    {
      g_set_error (error, BO_COURIER_PROGRAM_ERROR, BO_COURIER_PROGRAM_ERROR_MISSING,
                   _ ("The program that plays campaigns is not at %s. Install Bakeoff completely, or name the program "
                      "in the environment variable BAKEOFF_COURIER."),
                   path);
      return NULL;
    }
  return g_steal_pointer (&path);
}

/* What Docker engines call a processor, and what our programs are named after. */
static const struct
{
  const char *word;
  const char *suffix;
} archs[] = {
  { "aarch64", "aarch64" },
  { "arm64", "aarch64" },
  { "x86_64", "x86_64" },
  { "amd64", "x86_64" },
};

/**
 * bo_courier_find_device_program:
 * @arch: architecture of a device as its engine calls it: "aarch64", "arm64", "x86_64", "amd64"
 * @error: return location for an error
 *
 * Finds the courier for a device, a static program that needs no other file:
 * the one named by the variable BAKEOFF_COURIER_DEVICE (whatever @arch is),
 * else the one of the build tree when this program runs from there, else the installed one.
 *
 * Returns: (transfer full) (nullable): its path, or %NULL with an error of %BO_COURIER_PROGRAM_ERROR
 */
char *
bo_courier_find_device_program (const char *arch, GError **error)
{
  const char *named = g_getenv ("BAKEOFF_COURIER_DEVICE");
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (arch != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (archs) && name == NULL; i++)
    {
      if (strcmp (archs[i].word, arch) == 0)
        name = g_strdup_printf (PROGRAM "-%s", archs[i].suffix);
    }

  if (named != NULL && *named != '\0')
    path = g_strdup (named);
  else if (name == NULL)
    {
      g_set_error (error, BO_COURIER_PROGRAM_ERROR, BO_COURIER_PROGRAM_ERROR_ARCH,
                   _ ("Bakeoff has no program that plays campaigns on a device with the processor “%s”, only for "
                      "arm64 and amd64."),
                   arch);
      return NULL;
    }
  else if (bo_runs_from_build_tree ())
    path = g_build_filename (BO_BUILD_ROOT, "src", "courier", name, NULL);
  else
    path = g_build_filename (LIBEXECDIR, "bakeoff", name, NULL);

  if (!is_program (path))
    {
      g_set_error (error, BO_COURIER_PROGRAM_ERROR, BO_COURIER_PROGRAM_ERROR_MISSING,
                   _ ("The program that plays campaigns on a device (%s) is not at %s. Install Bakeoff completely, or "
                      "name the program in the environment variable BAKEOFF_COURIER_DEVICE."),
                   arch, path);
      return NULL;
    }
  return g_steal_pointer (&path);
}
