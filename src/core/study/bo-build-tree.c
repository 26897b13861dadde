/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-build-tree"

#include "config.h"

#include "study/bo-build-tree.h"

/**
 * bo_runs_from_build_tree:
 *
 * A program that was not installed uses what was built with it: an installed
 * helper program or catalogue would be of another version. Any thread may ask.
 *
 * Returns: whether this program was started from the folder that it was built in
 */
gboolean
bo_runs_from_build_tree (void)
{
  static gsize answer;

  if (g_once_init_enter (&answer))
    {
      g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

      g_once_init_leave (&answer, self != NULL && g_str_has_prefix (self, BO_BUILD_ROOT "/") ? 2 : 1);
    }
  return answer == 2;
}
