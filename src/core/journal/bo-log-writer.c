/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-writer"

#include "config.h"

#include <glib/gi18n.h>

#include "journal/bo-ansi-text.h"
#include "journal/bo-log-writer.h"

#define AHEAD (256 * 1024)

typedef struct
{
  BoLogSpool *spool;
  GArray *ranges; /* (nullable): all */
  gboolean times;
  GFile *file; /* (nullable) */
} Request;

static void
request_free (Request *request)
{
  bo_log_spool_unref (request->spool);
  g_clear_pointer (&request->ranges, g_array_unref);
  g_clear_object (&request->file);
  g_free (request);
}

static GArray *
make_all (const BoLogShape *shape)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (BoLogRange));

  for (guint i = 0; i < shape->parts->len; i++)
    {
      const BoLogPart *part = &g_array_index (shape->parts, BoLogPart, i);
      BoLogRange range = { .id = part->id, .titled = TRUE, .n_lines = part->n_lines, .end = G_MAXSIZE };

      g_array_append_val (ranges, range);
    }
  return ranges;
}

static const BoLogStep *
find_step (const BoLogShape *shape, guint id)
{
  for (guint i = 0; i < shape->parts->len; i++)
    {
      const BoLogPart *part = &g_array_index (shape->parts, BoLogPart, i);

      if (part->id == id)
        return part->step;
    }
  return NULL;
}

static gboolean
append_line (const Request *request,
             const BoLogRange *range,
             guint i,
             BoLogCursor *cursor,
             GByteArray *plain,
             GString *out,
             GError **error)
{
  BoLogEntry entry;
  gsize begin;
  gsize end;

  if (!bo_log_cursor_read (cursor, range->id, range->first + i, G_MAXSIZE, &entry, error))
    return FALSE;
  g_byte_array_set_size (plain, (guint) MAX (entry.length, 1));
  end = bo_ansi_text_strip (entry.text, entry.length, (char *) plain->data);
  if (i + 1 == range->n_lines)
    end = MIN (end, range->end);
  begin = i == 0 ? MIN (range->begin, end) : 0;
  if (request->times)
    {
      char seconds[G_ASCII_DTOSTR_BUF_SIZE];

      /* As the command line prints it, whatever the decimal point of the locale. */
      g_ascii_formatd (seconds, sizeof seconds, "%10.3f", (double) entry.time_us / G_USEC_PER_SEC);
      g_string_append_printf (out, "%s  ", seconds);
    }
  g_string_append_len (out, (const char *) plain->data + begin, (gssize) (end - begin));
  g_string_append_c (out, '\n');
  return TRUE;
}

/* Writes to @stream piece by piece, or leaves all in @out when there is none. */
static gboolean
write_ranges (const Request *request, GOutputStream *stream, GString *out, GCancellable *cancellable, GError **error)
{
  g_autoptr (BoLogCursor) cursor = bo_log_cursor_new (request->spool, AHEAD);
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  g_autoptr (GArray) ranges = NULL;
  g_auto (BoLogShape) shape = { 0 };

  bo_log_spool_get_shape (request->spool, &shape);
  ranges = request->ranges != NULL ? g_array_ref (request->ranges) : make_all (&shape);
  for (guint i = 0; i < ranges->len; i++)
    {
      const BoLogRange *range = &g_array_index (ranges, BoLogRange, i);
      const BoLogStep *step = range->titled ? find_step (&shape, range->id) : NULL;

      if (step != NULL)
        {
          g_autofree char *title = bo_log_step_make_title (step);

          g_string_append_printf (out, "=== %s\n", title);
        }
      for (guint k = 0; k < range->n_lines; k++)
        {
          if (!append_line (request, range, k, cursor, plain, out, error)
              || g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          if (stream == NULL && out->len > BO_LOG_TEXT_MAX)
            {
              g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                                   _ ("These lines are too many for the clipboard; save the log as a file instead."));
              return FALSE;
            }
          if (stream != NULL && out->len >= AHEAD)
            {
              if (!g_output_stream_write_all (stream, out->str, out->len, NULL, cancellable, error))
                return FALSE;
              g_string_truncate (out, 0);
            }
        }
    }
  return stream == NULL || g_output_stream_write_all (stream, out->str, out->len, NULL, cancellable, error);
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) stream = NULL;
  g_autoptr (GCancellable) never = g_cancellable_new ();
  GString *out;

  /* What was there before stays until all is written. */
  stream = g_file_replace (request->file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, cancellable, &error);
  if (stream == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  out = g_string_sized_new (AHEAD);
  if (write_ranges (request, G_OUTPUT_STREAM (stream), out, cancellable, &error)
      && g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    {
      /* Closed in a way that does not put it in the place of what was there. */
      g_cancellable_cancel (never);
      g_output_stream_close (G_OUTPUT_STREAM (stream), never, NULL);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  g_string_free (out, TRUE);
}

static void
text_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  GString *out = g_string_new (NULL);

  if (write_ranges (data, NULL, out, cancellable, &error))
    {
      const Request *request = data;

      /* A selection within lines has no end of the last line. */
      if (request->ranges->len > 0
          && g_array_index (request->ranges, BoLogRange, request->ranges->len - 1).end != G_MAXSIZE && out->len > 0)
        g_string_truncate (out, out->len - 1);
      g_task_return_pointer (task, g_string_free (out, FALSE), g_free);
      return;
    }
  g_string_free (out, TRUE);
  g_task_return_error (task, g_steal_pointer (&error));
}

static GTask *
make_task (BoLogSpool *spool,
           GArray *ranges,
           gboolean times,
           GFile *file,
           gpointer tag,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->spool = bo_log_spool_ref (spool);
  request->ranges = ranges != NULL ? g_array_ref (ranges) : NULL;
  request->times = times;
  request->file = file != NULL ? g_object_ref (file) : NULL;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  return task;
}

/**
 * bo_log_save_async:
 * @spool: a log
 * @file: where it goes
 * @times: whether each line begins with the seconds since the build began
 * @cancellable: (nullable): to stop
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Writes all lines that there are at this moment, in a thread. When it fails, @file is what it was.
 */
void
bo_log_save_async (BoLogSpool *spool,
                   GFile *file,
                   gboolean times,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (spool != NULL && G_IS_FILE (file));

  task = make_task (spool, NULL, times, file, bo_log_save_async, cancellable, callback, user_data);
  g_task_run_in_thread (task, save_thread);
}

gboolean
bo_log_save_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * bo_log_get_text_async:
 * @spool: a log
 * @ranges: (element-type BoLogRange): which lines
 * @times: whether each line begins with the seconds since the build began
 * @cancellable: (nullable): to stop
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes one text of them, in a thread. More than %BO_LOG_TEXT_MAX bytes are an error (%G_IO_ERROR_NO_SPACE).
 */
void
bo_log_get_text_async (BoLogSpool *spool,
                       GArray *ranges,
                       gboolean times,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (spool != NULL && ranges != NULL);

  task = make_task (spool, ranges, times, NULL, bo_log_get_text_async, cancellable, callback, user_data);
  g_task_run_in_thread (task, text_thread);
}

char *
bo_log_get_text_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
