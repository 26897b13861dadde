/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "results/bo-database.h"

G_BEGIN_DECLS

/*
 * The one thread that owns the database. What it is asked to do it does in
 * order; answers go back to where the question came from, never to a signal.
 */

/**
 * BoStoreFunc:
 * @database: the open connection
 * @data: of the job
 * @error: return location
 *
 * Carried out in the database thread, in a transaction of its own, which is
 * taken back when @error is set.
 *
 * Returns: (transfer full) (nullable): the result
 */
typedef gpointer (*BoStoreFunc) (BoDatabase *database, gpointer data, GError **error);

/**
 * BoStoreJob: what is to be done
 * @func: the work
 * @writes: whether it changes anything
 * @data: (owned): for @func
 * @free_data: (nullable): for @data
 * @free_result: (nullable): for a result that nobody takes
 */
typedef struct
{
  BoStoreFunc func;
  gboolean writes;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
} BoStoreJob;

typedef struct _BoStoreThread BoStoreThread;

BoStoreThread *bo_store_thread_new (const char *path);
BoStoreThread *bo_store_thread_ref (BoStoreThread *thread);
void bo_store_thread_unref (BoStoreThread *thread);

void bo_store_thread_push (BoStoreThread *thread, const BoStoreJob *job, GTask *task);
gpointer bo_store_thread_run (BoStoreThread *thread, const BoStoreJob *job, GError **error);
void bo_store_thread_close (BoStoreThread *thread, gboolean wait);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStoreThread, bo_store_thread_unref)

G_END_DECLS
