/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Plays the inputs that are kept, one test each, as TAP.
 *
 * usage: replay-NAME FILE-OR-FOLDER...
 */

#define G_LOG_DOMAIN "bo-fuzz-replay"

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "bo-fuzz.h"

/* No kept input takes more than a blink, with the slowest checker half a minute. */
#define SECONDS_MAX 60

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
collect (GPtrArray *files, const char *path)
{
  g_autoptr (GDir) folder = NULL;
  const char *name = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      /* There is no folder of regressions as long as there are none. */
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        g_ptr_array_add (files, g_strdup (path));
      return;
    }
  folder = g_dir_open (path, 0, NULL);
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      collect (files, below);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  setvbuf (stdout, NULL, _IOLBF, 0);
  LLVMFuzzerInitialize (&argc, &argv);
  for (int i = 1; i < argc; i++)
    collect (files, argv[i]);
  g_ptr_array_sort (files, compare);
  printf ("1..%u\n", files->len);
  if (files->len == 0)
    fprintf (stderr, "replay: no input in what was given\n");

  for (guint i = 0; i < files->len; i++)
    {
      const char *path = files->pdata[i];
      g_autofree char *name = g_path_get_basename (path);
      g_autofree char *bytes = NULL;
      g_autofree uint8_t *exact = NULL;
      g_autoptr (GError) error = NULL;
      gsize length = 0;

      if (!g_file_get_contents (path, &bytes, &length, &error))
        {
          printf ("not ok %u %s # %s\n", i + 1, name, error->message);
          continue;
        }
      /* A copy without the NUL behind it, so that memory checkers see a read past the end. */
      exact = g_memdup2 (bytes, length > 0 ? length : 1);
      printf ("# %s\n", path);
      alarm (SECONDS_MAX);
      LLVMFuzzerTestOneInput (exact, length);
      alarm (0);
      printf ("ok %u %s\n", i + 1, name);
    }
  return files->len > 0 ? 0 : 1;
}
