/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-archive"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-call.h"
#include "engine/bo-engine-containers.h"
#include "engine/bo-engine-error.h"

/* PUT and GET /containers/ID/archive. */

/* A tar ends in two blocks of zeros. */
#define TAR_END_BYTES 1024

static BoEngineRequest *
make_request (const char *method, const char *container, const char *path)
{
  g_autofree char *name = bo_engine_request_escape (container);
  BoEngineRequest *request = bo_engine_request_new (method, "/containers/%s/archive", name);

  bo_engine_request_add_query (request, "path", path);
  bo_engine_request_set_patient (request);
  return request;
}

/**
 * bo_engine_put_archive_async:
 * @path: an existing folder in the container
 * @tar: a tar, packed or not
 * @length: its bytes, or -1 when not known
 *
 * Unpacks a tar into a container, which need not run. What goes onto a tmpfs
 * mount of one that does not run is invisible inside.
 */
void
bo_engine_put_archive_async (BoEngine *engine,
                             const char *container,
                             const char *path,
                             GInputStream *tar,
                             gssize length,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  BoEngineRequest *request;

  g_return_if_fail (BO_IS_ENGINE (engine) && container != NULL && path != NULL && G_IS_INPUT_STREAM (tar));

  request = make_request ("PUT", container, path);
  bo_engine_request_set_body_stream (request, "application/x-tar", tar, length);
  bo_engine_call_async (engine, request, NULL, NULL, bo_engine_put_archive_async, cancellable, callback,
                        user_data);
}

gboolean
bo_engine_put_archive_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  return bo_engine_call_finish_boolean (engine, result, error);
}

typedef struct
{
  BoEngineDataFunc func;
  gpointer func_data;
  guint64 n_zeros; /* at the end of what came so far */
} Archive;

static gboolean
data_cb (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  Archive *archive = user_data;
  gsize n = 0;

  while (n < length && data[length - 1 - n] == 0)
    n++;
  archive->n_zeros = n == length ? archive->n_zeros + n : n;
  return archive->func (data, length, archive->func_data, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Archive *archive = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!bo_engine_reply_each_data_finish (BO_ENGINE_REPLY (source), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  /* The engine has no other way to say that it failed half-way. */
  else if (archive->n_zeros < TAR_END_BYTES)
    g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
                             _ ("the files from the container ended before they were complete"));
  else
    g_task_return_boolean (task, TRUE);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BoEngineReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = bo_engine_send_finish (BO_ENGINE (source), result, &error);
  if (reply == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  bo_engine_reply_each_data_async (reply, data_cb, g_task_get_task_data (task), g_task_get_cancellable (task),
                                   read_cb, g_object_ref (task));
}

/**
 * bo_engine_get_archive_async:
 * @path: a file or folder in the container
 * @func: (scope notified): called for each piece of the tar as it comes
 *
 * Reads files out of a container as a tar, to its end.
 */
void
bo_engine_get_archive_async (BoEngine *engine,
                             const char *container,
                             const char *path,
                             BoEngineDataFunc func,
                             gpointer func_data,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  Archive *archive;

  g_return_if_fail (BO_IS_ENGINE (engine) && container != NULL && path != NULL && func != NULL);

  g_task_set_source_tag (task, bo_engine_get_archive_async);
  archive = g_new0 (Archive, 1);
  archive->func = func;
  archive->func_data = func_data;
  g_task_set_task_data (task, archive, g_free);
  bo_engine_send_async (engine, make_request ("GET", container, path), cancellable, sent_cb,
                        g_steal_pointer (&task));
}

gboolean
bo_engine_get_archive_finish (BoEngine *engine, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, engine), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
