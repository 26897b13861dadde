/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-store"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "results/bo-data-folder.h"
#include "results/bo-store-private.h"

G_DEFINE_FINAL_TYPE (BoStore, bo_store, G_TYPE_OBJECT)
G_DEFINE_QUARK (bo - store - error - quark, bo_store_error)

static void
arguments_free (BoStoreArguments *arguments)
{
  g_free (arguments->study_id);
  g_free (arguments->id);
  g_free (arguments->key);
  g_free (arguments->text);
  bo_cell_free (arguments->cell);
  g_clear_pointer (&arguments->trial, bo_trial_unref);
  g_free (arguments);
}

BoStoreJob
bo_store_make_job (BoStoreFunc func, gboolean writes, BoStoreArguments *arguments, GDestroyNotify free_result)
{
  BoStoreJob job = {
    .func = func,
    .writes = writes,
    .data = arguments,
    .free_data = (GDestroyNotify) arguments_free,
    .free_result = free_result,
  };

  return job;
}

void
bo_store_start (BoStore *self,
                BoStoreJob job,
                gpointer source_tag,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  /* A record that was written is written, also when its caller has lost interest meanwhile. */
  g_task_set_check_cancellable (task, FALSE);
  bo_store_thread_push (self->thread, &job, task);
}

gpointer
bo_store_finish (BoStore *self, GAsyncResult *result, gpointer source_tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == source_tag, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- life --- */

static void
bo_store_finalize (GObject *object)
{
  BoStore *self = BO_STORE (object);

  if (self->thread != NULL)
    {
      /* Nothing is under way: every operation holds a reference. */
      bo_store_thread_close (self->thread, FALSE);
      bo_store_thread_unref (self->thread);
    }
  g_free (self->path);

  G_OBJECT_CLASS (bo_store_parent_class)->finalize (object);
}

static void
bo_store_class_init (BoStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bo_store_finalize;
}

static void
bo_store_init (BoStore *self)
{
}

/**
 * bo_store_get_default_path:
 *
 * Returns: (transfer full): "bakeoff.db" in bo_data_folder_get()
 */
char *
bo_store_get_default_path (void)
{
  g_autofree char *folder = bo_data_folder_get ();

  return g_build_filename (folder, "bakeoff.db", NULL);
}

static BoStore *
new_store (const char *path, GError **error)
{
  g_autofree char *chosen = path != NULL ? g_strdup (path) : bo_store_get_default_path ();
  g_autofree char *folder = g_path_get_dirname (chosen);
  BoStore *self;

  if (!g_str_equal (chosen, ":memory:") && g_mkdir_with_parents (folder, 0700) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, BO_STORE_ERROR, BO_STORE_ERROR_OPEN,
                   _ ("The folder %s for the results cannot be made: %s"), folder, g_strerror (saved_errno));
      return NULL;
    }
  self = g_object_new (BO_TYPE_STORE, NULL);
  self->path = g_steal_pointer (&chosen);
  self->thread = bo_store_thread_new (self->path);
  return self;
}

/* The first job opens the file; that it was carried out is all that there is to know. */
static gpointer
open_func (BoDatabase *database, gpointer data, GError **error)
{
  return GINT_TO_POINTER (TRUE);
}

/**
 * bo_store_open_sync:
 * @path: (nullable): path of the database, ":memory:" for one that is nowhere, or %NULL for the default
 * @error: return location for a #BoStoreError
 *
 * A file from a later version, of another program, or damaged is refused and left as it is.
 *
 * Returns: (transfer full) (nullable): the open store
 */
BoStore *
bo_store_open_sync (const char *path, GError **error)
{
  g_autoptr (BoStore) self = new_store (path, error);
  BoStoreJob job = { .func = open_func };

  if (self == NULL || bo_store_thread_run (self->thread, &job, error) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * bo_store_open_async:
 * @path: (nullable): as in bo_store_open_sync()
 * @cancellable: (nullable): a cancellable
 * @callback: called when the store is open, or is not
 * @user_data: for @callback
 */
void
bo_store_open_async (const char *path,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (BoStore) self = NULL;
  BoStoreJob job = { .func = open_func };
  GError *error = NULL;

  self = new_store (path, &error);
  if (self == NULL)
    {
      g_task_report_error (NULL, callback, user_data, bo_store_open_async, error);
      return;
    }
  bo_store_start (self, job, bo_store_open_async, cancellable, callback, user_data);
}

/**
 * bo_store_open_finish:
 * @result: the result
 * @error: return location for a #BoStoreError
 *
 * Returns: (transfer full) (nullable): the open store
 */
BoStore *
bo_store_open_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (GObject) source = NULL;

  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == bo_store_open_async, NULL);

  source = g_async_result_get_source_object (result);
  if (g_task_propagate_pointer (G_TASK (result), error) == NULL)
    return NULL;
  return BO_STORE (g_steal_pointer (&source));
}

/**
 * bo_store_close_sync:
 * @self: a store
 *
 * Waits until everything that was asked for is done and the file is closed.
 * What is asked for afterwards fails with %BO_STORE_ERROR_CLOSED. A store
 * that is only unreferenced closes its file by itself, some time later.
 */
void
bo_store_close_sync (BoStore *self)
{
  g_return_if_fail (BO_IS_STORE (self));

  bo_store_thread_close (self->thread, TRUE);
}

const char *
bo_store_get_path (BoStore *self)
{
  g_return_val_if_fail (BO_IS_STORE (self), NULL);

  return self->path;
}

/* An id becomes a file name, so it must be one. */
static gboolean
is_plain_name (const char *id)
{
  return id[0] != '\0' && id[0] != '.' && strchr (id, '/') == NULL;
}

/**
 * bo_store_get_campaign_folder:
 * @self: a store
 * @campaign_id: id of a campaign
 *
 * Returns: (transfer full) (nullable): where the campaign's script and journal lie, beside
 *   the database; %NULL for a store in memory, or when the id cannot be a file name
 */
char *
bo_store_get_campaign_folder (BoStore *self, const char *campaign_id)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (BO_IS_STORE (self), NULL);
  g_return_val_if_fail (campaign_id != NULL, NULL);

  if (g_str_equal (self->path, ":memory:") || !is_plain_name (campaign_id))
    return NULL;
  folder = g_path_get_dirname (self->path);
  return g_build_filename (folder, "campaigns", campaign_id, NULL);
}
