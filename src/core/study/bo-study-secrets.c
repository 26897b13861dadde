/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-secrets"

#include "config.h"

#include <glib/gi18n.h>

#include "study/bo-json-map.h"
#include "study/bo-study-secrets.h"

static guint
count_elements (BoJsonMap *map, const char *path)
{
  for (guint n = 0;; n++)
    {
      g_autofree char *element = bo_json_path_append_index (path, n);

      if (!bo_json_map_contains (map, element))
        return n;
    }
}

/**
 * bo_study_check_secrets:
 * @study: a study
 * @problems: gets a warning for each secret without a value
 *
 * A secret's value comes from the environment of who runs the study. The study
 * itself is right without it, so this is apart from what makes a study unusable.
 */
void
bo_study_check_secrets (BoStudy *study, BoProblems *problems)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BoJsonMap) map = NULL;
  guint line, column;

  g_return_if_fail (study != NULL && problems != NULL);

  map = bo_json_map_new (study->text, -1, &line, &column, NULL);
  for (guint i = 0; i < study->strategies->len; i++)
    {
      const BoStrategy *strategy = g_ptr_array_index (study->strategies, i);
      g_autofree char *strategy_path = bo_json_path_append_index ("$.strategies", i);
      g_autofree char *own = g_strconcat (strategy_path, ".run.secrets", NULL);

      for (guint s = 0; s < strategy->run->secrets->len; s++)
        {
          const char *name = g_ptr_array_index (strategy->run->secrets, s);
          const char *value = g_getenv (name);
          const char *path = "$.run.secrets";

          if ((value != NULL && value[0] != '\0') || !g_hash_table_add (seen, (gpointer) name))
            continue;
          /* A strategy's secrets are added to the study's, so those come first in each. */
          if (map != NULL && s >= count_elements (map, path))
            path = own;
          bo_problems_add (problems, BO_PROBLEM_WARNING, path, map != NULL ? bo_json_map_get_line (map, path) : 0,
                           NULL, name,
                           _ ("the variable of this secret is not set in the environment here; "
                              "“run” needs it to be"));
        }
    }
}
