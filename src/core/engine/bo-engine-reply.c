/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-reply"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-engine-reply.h"

#define PIECE_BYTES (64 * 1024)

struct _BoEngineReply
{
  GObject parent_instance;

  SoupMessage *message; /* (owned) */
  GInputStream *body;   /* (owned) */
  BoEngineWire *wire;   /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BoEngineReply, bo_engine_reply, G_TYPE_OBJECT)

static void
bo_engine_reply_dispose (GObject *object)
{
  BoEngineReply *self = BO_ENGINE_REPLY (object);

  g_clear_pointer (&self->wire, bo_engine_wire_free);
  g_clear_object (&self->body);
  g_clear_object (&self->message);

  G_OBJECT_CLASS (bo_engine_reply_parent_class)->dispose (object);
}

static void
bo_engine_reply_class_init (BoEngineReplyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bo_engine_reply_dispose;
}

static void
bo_engine_reply_init (BoEngineReply *self)
{
}

/**
 * bo_engine_reply_new:
 * @message: (transfer none): a message whose head has arrived
 * @body: (transfer none): its body
 * @wire: (transfer full) (nullable): what watches its socket
 */
BoEngineReply *
bo_engine_reply_new (SoupMessage *message, GInputStream *body, BoEngineWire *wire)
{
  BoEngineReply *self = g_object_new (BO_TYPE_ENGINE_REPLY, NULL);

  self->message = g_object_ref (message);
  self->body = g_object_ref (body);
  self->wire = wire;
  return self;
}

guint
bo_engine_reply_get_status (BoEngineReply *self)
{
  g_return_val_if_fail (BO_IS_ENGINE_REPLY (self), 0);

  return soup_message_get_status (self->message);
}

/**
 * bo_engine_reply_get_header:
 *
 * Returns: (transfer none) (nullable): the value of a header, in whatever case it was sent
 */
const char *
bo_engine_reply_get_header (BoEngineReply *self, const char *name)
{
  g_return_val_if_fail (BO_IS_ENGINE_REPLY (self), NULL);

  return soup_message_headers_get_one (soup_message_get_response_headers (self->message), name);
}

static void
set_interrupted (GError **error, const char *words)
{
  g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_INTERRUPTED,
               _ ("the engine's answer ended before it was complete: %s"), words);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoEngineReply *self = g_task_get_source_object (task);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) interrupted = NULL;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (bytes == NULL)
    {
      if (self->wire != NULL)
        bo_engine_wire_close (self->wire);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
          || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        interrupted = g_steal_pointer (&error);
      else
        set_interrupted (&interrupted, error->message);
      g_task_return_error (task, g_steal_pointer (&interrupted));
      return;
    }
  if (g_bytes_get_size (bytes) == 0 && self->wire != NULL)
    {
      gboolean cut = bo_engine_wire_was_cut (self->wire);

      bo_engine_wire_close (self->wire);
      if (cut)
        {
          set_interrupted (&interrupted, _ ("the connection was closed"));
          g_task_return_error (task, g_steal_pointer (&interrupted));
          return;
        }
    }
  g_task_return_pointer (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
}

/**
 * bo_engine_reply_read_async:
 * @max_bytes: the most bytes to read
 *
 * Reads what has come, at least one byte. No bytes mean the body's end.
 */
void
bo_engine_reply_read_async (BoEngineReply *self,
                            gsize max_bytes,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (BO_IS_ENGINE_REPLY (self));

  g_task_set_source_tag (task, bo_engine_reply_read_async);
  g_input_stream_read_bytes_async (self->body, max_bytes, G_PRIORITY_DEFAULT, cancellable, read_cb,
                                   g_steal_pointer (&task));
}

/**
 * bo_engine_reply_read_finish:
 *
 * Returns: (transfer full): bytes; none at the end
 */
GBytes *
bo_engine_reply_read_finish (BoEngineReply *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Reading to the end, piece by piece. */
typedef struct
{
  BoEngineDataFunc data_func;
  BoEngineLineFunc line_func;
  gpointer func_data;
  GByteArray *kept; /* what was read, or the line that has not ended */
  gsize max_bytes;
} Reading;

static void
reading_free (Reading *reading)
{
  g_byte_array_unref (reading->kept);
  g_free (reading);
}

static void
give_line (Reading *reading, const guint8 *start, gsize length)
{
  g_byte_array_append (reading->kept, start, (guint) length);
  length = reading->kept->len;
  while (length > 0 && reading->kept->data[length - 1] == '\r')
    length--;
  g_byte_array_set_size (reading->kept, (guint) length);
  g_byte_array_append (reading->kept, (const guint8 *) "", 1);
  if (length > 0)
    reading->line_func ((const char *) reading->kept->data, length, reading->func_data);
  g_byte_array_set_size (reading->kept, 0);
}

static gboolean
take (Reading *reading, const guint8 *data, gsize length, GError **error)
{
  if (reading->data_func != NULL)
    return reading->data_func (data, length, reading->func_data, error);

  if (reading->line_func != NULL)
    {
      const guint8 *newline;

      while ((newline = memchr (data, '\n', length)) != NULL)
        {
          gsize n = (gsize) (newline - data);

          if (reading->kept->len + n > reading->max_bytes)
            break;
          give_line (reading, data, n);
          data += n + 1;
          length -= n + 1;
        }
    }
  if (reading->kept->len + length > reading->max_bytes)
    {
      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PROTOCOL,
                   reading->line_func != NULL
                       ? _ ("the engine sent a line of more than %zu bytes")
                       : _ ("the engine's answer has more than %zu bytes"),
                   reading->max_bytes);
      return FALSE;
    }
  g_byte_array_append (reading->kept, data, (guint) length);
  return TRUE;
}

static void
reading_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoEngineReply *self = BO_ENGINE_REPLY (source);
  Reading *reading = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const guint8 *data;
  gsize length;

  bytes = bo_engine_reply_read_finish (self, result, &error);
  if (bytes == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  data = g_bytes_get_data (bytes, &length);
  if (length > 0)
    {
      if (!take (reading, data, length, &error))
        {
          /* The rest is not wanted; the engine should know. */
          if (self->wire != NULL)
            bo_engine_wire_close (self->wire);
          g_input_stream_close_async (self->body, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
      bo_engine_reply_read_async (self, PIECE_BYTES, cancellable, reading_cb, g_steal_pointer (&task));
      return;
    }

  if (reading->line_func != NULL && reading->kept->len > 0)
    give_line (reading, (const guint8 *) "", 0);
  g_task_return_pointer (task, g_bytes_new (reading->kept->data, reading->kept->len),
                         (GDestroyNotify) g_bytes_unref);
}

static void
read_on (BoEngineReply *self,
         Reading reading,
         gpointer tag,
         GCancellable *cancellable,
         GAsyncReadyCallback callback,
         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Reading *data = g_memdup2 (&reading, sizeof reading);

  g_task_set_source_tag (task, tag);
  data->kept = g_byte_array_new ();
  g_task_set_task_data (task, data, (GDestroyNotify) reading_free);
  bo_engine_reply_read_async (self, PIECE_BYTES, cancellable, reading_cb, g_steal_pointer (&task));
}

/**
 * bo_engine_reply_read_all_async:
 * @max_bytes: more than this is an error
 */
void
bo_engine_reply_read_all_async (BoEngineReply *self,
                                gsize max_bytes,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (BO_IS_ENGINE_REPLY (self));

  read_on (self, (Reading){ .max_bytes = max_bytes }, bo_engine_reply_read_all_async, cancellable, callback,
           user_data);
}

/**
 * bo_engine_reply_read_all_finish:
 *
 * Returns: (transfer full): the whole body
 */
GBytes *
bo_engine_reply_read_all_finish (BoEngineReply *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * bo_engine_reply_each_data_async:
 * @func: (scope notified): called for each piece as it comes
 *
 * Reads the body to its end.
 */
void
bo_engine_reply_each_data_async (BoEngineReply *self,
                                 BoEngineDataFunc func,
                                 gpointer func_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (BO_IS_ENGINE_REPLY (self) && func != NULL);

  read_on (self, (Reading){ .data_func = func, .func_data = func_data }, bo_engine_reply_each_data_async,
           cancellable, callback, user_data);
}

gboolean
bo_engine_reply_each_data_finish (BoEngineReply *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  bytes = g_task_propagate_pointer (G_TASK (result), error);
  return bytes != NULL;
}

/**
 * bo_engine_reply_each_line_async:
 * @func: (scope notified): called for each line that is not empty, as it comes
 *
 * Reads a body of lines (the engine's progress and events) to its end. A last
 * line without a line end is given too.
 */
void
bo_engine_reply_each_line_async (BoEngineReply *self,
                                 BoEngineLineFunc func,
                                 gpointer func_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (BO_IS_ENGINE_REPLY (self) && func != NULL);

  read_on (self, (Reading){ .line_func = func, .func_data = func_data, .max_bytes = BO_ENGINE_LINE_MAX },
           bo_engine_reply_each_line_async, cancellable, callback, user_data);
}

gboolean
bo_engine_reply_each_line_finish (BoEngineReply *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  bytes = g_task_propagate_pointer (G_TASK (result), error);
  return bytes != NULL;
}
