/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-store-thread"

#include "config.h"

#include <glib/gi18n.h>

#include "results/bo-store-thread.h"
#include "results/bo-store.h"

/* Somebody who waits for the answer in a thread of their own. */
typedef struct
{
  GMutex mutex;
  GCond done_cond;
  gboolean done;
  gpointer result;
  GError *error;
} Waiter;

/* One entry of the queue; with neither @task nor @waiter it tells the thread to end. */
typedef struct
{
  BoStoreJob job;
  GTask *task;
  Waiter *waiter;
} Entry;

/* Held by the store, and by the thread itself until it ends. */
struct _BoStoreThread
{
  gatomicrefcount ref_count;
  char *path;
  GThread *thread;
  GAsyncQueue *queue;

  GMutex mutex;
  gboolean closed;
};

static void
entry_free (Entry *entry)
{
  if (entry->job.free_data != NULL)
    entry->job.free_data (entry->job.data);
  g_clear_object (&entry->task);
  g_free (entry);
}

static void
answer (Entry *entry, gpointer result, GError *error)
{
  if (entry->task != NULL)
    {
      if (error != NULL)
        g_task_return_error (entry->task, error);
      else
        g_task_return_pointer (entry->task, result, entry->job.free_result);
    }
  else if (entry->waiter != NULL)
    {
      Waiter *waiter = entry->waiter;

      /* The waiter lives on the other thread's stack, and may be gone as soon as it is unlocked. */
      g_mutex_lock (&waiter->mutex);
      waiter->result = result;
      waiter->error = error;
      waiter->done = TRUE;
      g_cond_signal (&waiter->done_cond);
      g_mutex_unlock (&waiter->mutex);
    }
}

static gpointer
carry_out (BoDatabase *database, const BoStoreJob *job, GError **error)
{
  gpointer result = NULL;
  GError *local_error = NULL;

  /* A job that only reads has a transaction as well, so that it sees one state of the file. */
  if (job->writes ? !bo_database_begin (database, error) : !bo_database_execute (database, "BEGIN", error))
    return NULL;
  result = job->func (database, job->data, &local_error);
  bo_database_reset_all (database);
  if (local_error == NULL)
    bo_database_commit (database, &local_error);
  if (local_error != NULL)
    {
      bo_database_rollback (database);
      if (result != NULL && job->free_result != NULL)
        job->free_result (result);
      g_propagate_error (error, local_error);
      return NULL;
    }
  return result;
}

static gpointer
thread_main (gpointer data)
{
  g_autoptr (BoStoreThread) self = data;
  g_autoptr (BoDatabase) database = NULL;
  g_autoptr (GError) open_error = NULL;
  gboolean open_tried = FALSE;

  for (;;)
    {
      Entry *entry = g_async_queue_pop (self->queue);
      GError *error = NULL;
      gpointer result = NULL;

      if (entry->task == NULL && entry->waiter == NULL)
        {
          entry_free (entry);
          break;
        }
      if (!open_tried)
        {
          database = bo_database_open (self->path, &open_error);
          open_tried = TRUE;
        }
      if (database == NULL)
        error = g_error_copy (open_error);
      else if (entry->task != NULL
               && g_cancellable_set_error_if_cancelled (g_task_get_cancellable (entry->task), &error))
        result = NULL;
      else
        result = carry_out (database, &entry->job, &error);
      answer (entry, result, error);
      entry_free (entry);
    }
  return NULL;
}

/**
 * bo_store_thread_new:
 * @path: path of the database
 *
 * The file is opened with the first job; when that fails, every job gets the reason.
 *
 * Returns: (transfer full): a running thread
 */
BoStoreThread *
bo_store_thread_new (const char *path)
{
  BoStoreThread *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (BoStoreThread, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_strdup (path);
  self->queue = g_async_queue_new_full ((GDestroyNotify) entry_free);
  g_mutex_init (&self->mutex);
  self->thread = g_thread_new ("bakeoff-store", thread_main, bo_store_thread_ref (self));
  return self;
}

BoStoreThread *
bo_store_thread_ref (BoStoreThread *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
bo_store_thread_unref (BoStoreThread *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->path);
  g_async_queue_unref (self->queue);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
push_entry (BoStoreThread *self, Entry *entry)
{
  gboolean closed;

  g_mutex_lock (&self->mutex);
  closed = self->closed;
  if (!closed)
    g_async_queue_push (self->queue, entry);
  g_mutex_unlock (&self->mutex);

  if (closed)
    {
      answer (entry, NULL,
              g_error_new (BO_STORE_ERROR, BO_STORE_ERROR_CLOSED, _ ("The results have been closed")));
      entry_free (entry);
    }
}

/**
 * bo_store_thread_push:
 * @self: the thread
 * @job: what to do; its data are taken over
 * @task: (transfer full): who is told the result
 */
void
bo_store_thread_push (BoStoreThread *self, const BoStoreJob *job, GTask *task)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->job = *job;
  entry->task = task;
  push_entry (self, entry);
}

/**
 * bo_store_thread_run:
 * @self: the thread
 * @job: what to do; its data are taken over
 * @error: return location
 *
 * Waits for the result. Must not be called in the database thread, which
 * would wait for itself.
 *
 * Returns: the result
 */
gpointer
bo_store_thread_run (BoStoreThread *self, const BoStoreJob *job, GError **error)
{
  Waiter waiter = { 0 };
  Entry *entry;

  g_assert (g_thread_self () != self->thread);

  g_mutex_init (&waiter.mutex);
  g_cond_init (&waiter.done_cond);
  entry = g_new0 (Entry, 1);
  entry->job = *job;
  entry->waiter = &waiter;
  push_entry (self, entry);

  g_mutex_lock (&waiter.mutex);
  while (!waiter.done)
    g_cond_wait (&waiter.done_cond, &waiter.mutex);
  g_mutex_unlock (&waiter.mutex);
  g_cond_clear (&waiter.done_cond);
  g_mutex_clear (&waiter.mutex);

  if (waiter.error != NULL)
    g_propagate_error (error, waiter.error);
  return waiter.result;
}

/**
 * bo_store_thread_close:
 * @self: the thread
 * @wait: whether to wait until what was asked for before is done and the file is closed
 *
 * What is asked for from now on is refused. May be called again.
 */
void
bo_store_thread_close (BoStoreThread *self, gboolean wait)
{
  gboolean first;

  g_mutex_lock (&self->mutex);
  first = !self->closed;
  self->closed = TRUE;
  if (first)
    g_async_queue_push (self->queue, g_new0 (Entry, 1));
  g_mutex_unlock (&self->mutex);

  if (!first)
    return;
  /* The last reference may be dropped in the thread itself, which cannot join itself. */
  if (wait && g_thread_self () != self->thread)
    g_thread_join (self->thread);
  else
    g_thread_unref (self->thread);
}
