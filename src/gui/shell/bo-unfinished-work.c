/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-unfinished-work"

#include "config.h"

#include "shell/bo-unfinished-work.h"

/* Each is to be followed by bo_unfinished_work_end(), in the main thread too. */
void
bo_unfinished_work_begin (void)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_application_hold (application);
}

void
bo_unfinished_work_end (void)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_application_release (application);
}

static void
completed_cb (GTask *task, GParamSpec *pspec, gpointer user_data)
{
  bo_unfinished_work_end ();
}

/**
 * bo_unfinished_work_watch:
 * @task: a task of the main thread that has not returned yet
 *
 * The application stays until the task's callback has been called.
 */
void
bo_unfinished_work_watch (GTask *task)
{
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (!g_task_get_completed (task));

  bo_unfinished_work_begin ();
  g_signal_connect (task, "notify::completed", G_CALLBACK (completed_cb), NULL);
}
