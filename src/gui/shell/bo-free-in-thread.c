/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-free-in-thread"

#include "config.h"

#include "shell/bo-free-in-thread.h"

typedef struct
{
  gpointer data;
  GDestroyNotify free_func;
} Waste;

static void
free_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Waste *waste = task_data;

  waste->free_func (waste->data);
  g_task_return_boolean (task, TRUE);
}

/**
 * bo_free_in_thread:
 * @data: (nullable): plain data, or a reference that other threads may give up; no widget and no GObject of
 *   the main thread
 * @free_func: frees it
 */
void
bo_free_in_thread (gpointer data, GDestroyNotify free_func)
{
  g_autoptr (GTask) task = NULL;
  Waste *waste;

  g_return_if_fail (free_func != NULL);

  if (data == NULL)
    return;
  task = g_task_new (NULL, NULL, NULL, NULL);
  waste = g_new0 (Waste, 1);
  waste->data = data;
  waste->free_func = free_func;
  g_task_set_source_tag (task, bo_free_in_thread);
  g_task_set_task_data (task, waste, g_free);
  g_task_run_in_thread (task, free_thread);
}
