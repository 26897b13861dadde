/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-keys"

#include "config.h"

#include <string.h>

#include "study/bo-study-keys.h"

#define MAX_KEYS 20

static const struct
{
  const char *name;
  const char *keys[MAX_KEYS];
} objects[BO_N_STUDY_OBJECTS] = {
  [BO_STUDY_OBJECT_STUDY]
  = { "study",
      { "$schema", "format", "id", "name", "language", "baseline", "context", "bases", "builders",
        "conditions", "edit", "defaults", "variables", "build_args", "run", "strategies", "probes" } },
  [BO_STUDY_OBJECT_BASE] = { "base", { "id", "title", "image" } },
  [BO_STUDY_OBJECT_EDIT] = { "edit", { "path", "append" } },
  [BO_STUDY_OBJECT_DEFAULTS]
  = { "defaults", { "builder", "runtime", "network", "repetitions", "timeout", "keep", "retry_failed" } },
  [BO_STUDY_OBJECT_RUN]
  = { "run", { "env", "mounts", "shm_size", "ipc", "devices", "secrets", "runtime", "network" } },
  [BO_STUDY_OBJECT_MOUNT] = { "mount", { "copy", "volume", "bind", "to", "read_only" } },
  [BO_STUDY_OBJECT_STRATEGY]
  = { "strategy",
      { "id", "title", "notes", "dockerfile", "target", "bases", "builder", "builders", "build_args",
        "prebuild", "workload", "run", "probes", "timeout" } },
  [BO_STUDY_OBJECT_PREBUILD] = { "prebuild", { "build", "as", "target", "build_args" } },
  [BO_STUDY_OBJECT_PROBES_OFF] = { "probes_off", { "cuda", "imports", "workload" } },
  [BO_STUDY_OBJECT_PROBE] = { "probe", { "kind", "required", "modules", "command", "repeat", "timeout" } },
};

/**
 * bo_study_object_get_name:
 * @object: a kind of object
 *
 * Returns: its name, as in the schema's `definitions`; "study" is the file as a whole
 */
const char *
bo_study_object_get_name (BoStudyObject object)
{
  g_return_val_if_fail (object < BO_N_STUDY_OBJECTS, NULL);

  return objects[object].name;
}

/**
 * bo_study_object_get_keys:
 * @object: a kind of object
 *
 * Returns: (array zero-terminated=1): the keys that it may have
 */
const char *const *
bo_study_object_get_keys (BoStudyObject object)
{
  g_return_val_if_fail (object < BO_N_STUDY_OBJECTS, NULL);

  return objects[object].keys;
}

/* What stays of a key when case and the choice between '-', '_' and nothing are left aside. */
static char *
fold_key (const char *key)
{
  GString *folded = g_string_new (NULL);

  for (; *key != '\0'; key++)
    {
      if (*key != '-' && *key != '_' && *key != ' ')
        g_string_append_c (folded, g_ascii_tolower (*key));
    }
  return g_string_free (folded, FALSE);
}

/* Levenshtein's distance; both texts are short. */
static guint
edit_distance (const char *a, const char *b)
{
  gsize n = strlen (b);
  g_autofree guint *row = g_new (guint, n + 1);

  for (gsize j = 0; j <= n; j++)
    row[j] = j;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i + 1;
      for (gsize j = 1; j <= n; j++)
        {
          guint above = row[j];

          row[j] = MIN (MIN (row[j], row[j - 1]) + 1, diagonal + (a[i] == b[j - 1] ? 0 : 1));
          diagonal = above;
        }
    }
  return row[n];
}

/**
 * bo_study_object_find_similar_key:
 * @object: a kind of object
 * @key: a key that it does not have
 *
 * Returns: (nullable): the key that was probably meant
 */
const char *
bo_study_object_find_similar_key (BoStudyObject object, const char *key)
{
  g_autofree char *folded = NULL;
  const char *best = NULL;
  guint best_distance = 3;

  g_return_val_if_fail (object < BO_N_STUDY_OBJECTS && key != NULL, NULL);

  if (strlen (key) > 64)
    return NULL;
  folded = fold_key (key);
  for (const char *const *known = objects[object].keys; *known != NULL; known++)
    {
      g_autofree char *folded_known = fold_key (*known);
      guint distance = edit_distance (folded, folded_known);

      /* Two changes in a word of three letters make any word of any other. */
      if (distance < best_distance && distance * 2 < strlen (folded_known))
        {
          best = *known;
          best_distance = distance;
        }
    }
  return best;
}
