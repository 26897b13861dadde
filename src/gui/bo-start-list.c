/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-start-list"

#include "config.h"

#include "bo-start-list.h"
#include "results/bo-store.h"

typedef struct
{
  char **recent;
  char **hidden;
} Lists;

static void
lists_free (gpointer data)
{
  Lists *lists = data;

  g_strfreev (lists->recent);
  g_strfreev (lists->hidden);
  g_free (lists);
}

static void
item_free (gpointer data)
{
  BoStartItem *item = data;

  g_free (item->file);
  g_free (item->name);
  g_free (item);
}

static GPtrArray *
list_studies (GError **error)
{
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (BoStore) store = NULL;
  GPtrArray *studies;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_ptr_array_new ();
  store = bo_store_open_sync (path, error);
  if (store == NULL)
    return NULL;
  studies = bo_store_list_studies_sync (store, error);
  bo_store_close_sync (store);
  return studies;
}

static const BoStudySummary *
find_study (GPtrArray *studies, const char *file)
{
  for (guint i = 0; i < studies->len; i++)
    {
      const BoStudySummary *study = g_ptr_array_index (studies, i);

      if (g_strcmp0 (study->file, file) == 0)
        return study;
    }
  return NULL;
}

/* A study that was never run has no name in the store; its file has one. */
static char *
read_name (const char *file)
{
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudy) study = bo_study_load (file, NULL, problems);
  g_autofree char *folder = NULL;

  if (study != NULL)
    return g_strdup (study->name);
  folder = g_path_get_dirname (file);
  return g_path_get_basename (folder);
}

/* One that is not there any more cannot be opened, so it is not offered. */
static void
add (GPtrArray *items, GHashTable *known, const char *file, const BoStudySummary *study)
{
  BoStartItem *item;

  if (file == NULL || !g_hash_table_add (known, g_strdup (file)) || !g_file_test (file, G_FILE_TEST_IS_REGULAR))
    return;
  item = g_new0 (BoStartItem, 1);
  item->file = g_strdup (file);
  item->name = study != NULL ? g_strdup (study->name) : read_name (file);
  item->n_trials = study != NULL ? study->n_trials : 0;
  item->last_us = study != NULL ? study->last_us : -1;
  g_ptr_array_add (items, item);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Lists *lists = task_data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) studies = NULL;
  GError *error = NULL;

  studies = list_studies (&error);
  if (studies == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* What is known already is not added. */
  for (char **file = lists->hidden; *file != NULL; file++)
    g_hash_table_add (known, g_strdup (*file));
  for (char **file = lists->recent; *file != NULL; file++)
    add (items, known, *file, find_study (studies, *file));
  for (guint i = 0; i < studies->len; i++)
    {
      const BoStudySummary *study = g_ptr_array_index (studies, i);

      add (items, known, study->file, study);
    }
  g_task_return_pointer (task, g_steal_pointer (&items), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * bo_start_list_load_async:
 * @recent: (array zero-terminated=1): paths of studies that were opened lately
 * @hidden: (array zero-terminated=1): paths of studies that are not wanted
 */
void
bo_start_list_load_async (const char *const *recent,
                          const char *const *hidden,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Lists *lists;

  g_task_set_source_tag (task, bo_start_list_load_async);
  lists = g_new0 (Lists, 1);
  lists->recent = g_strdupv ((char **) recent);
  lists->hidden = g_strdupv ((char **) hidden);
  g_task_set_task_data (task, lists, lists_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * bo_start_list_load_finish:
 *
 * Returns: (transfer full) (element-type BoStartItem): the studies, or %NULL with the store's error
 */
GPtrArray *
bo_start_list_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
