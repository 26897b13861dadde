/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-spool"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "journal/bo-log-spool.h"

/* What is collected before it is written, and shown. */
#define PENDING_BYTES (64 * 1024)

/* What stands before each line in the file, which no other program ever reads. */
typedef struct
{
  gint64 time_us;
  guint32 step;
  guint32 line;
  guint32 length;
  guint32 stream;
} Head;

typedef struct
{
  BoLogStep *step;
  GArray *offsets; /* of guint64: where each line that can be read begins */
} Part;

struct _BoLogSpool
{
  gatomicrefcount ref_count;
  int fd;

  /* Only for the thread that adds */
  GByteArray *pending;
  GArray *pending_ids;     /* of guint: the step of each line in there */
  GArray *pending_offsets; /* of guint64 */
  GArray *n_added;         /* of guint, by step: lines so far, those that are pending too */
  guint64 written;

  /* For all threads */
  GMutex lock;
  GPtrArray *parts; /* of Part, by id */
  GArray *order;    /* of guint: ids */
  guint64 n_lines;
  guint64 end; /* bytes of the file that can be read */
  guint newest;
  BoLogState state;
  guint generation;
  guint64 begin; /* where those of this generation begin */
  GError *error;
};

/* --- steps as values --- */

BoLogStep *
bo_log_step_new (const BoStep *step)
{
  BoLogStep *self;

  g_return_val_if_fail (step != NULL, NULL);

  self = g_new0 (BoLogStep, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->number = step->number;
  self->total = step->total;
  self->stage = g_strdup (step->stage);
  self->instruction = g_strdup (step->instruction != NULL ? step->instruction : "");
  self->start_us = step->start_us;
  self->duration_us = step->duration_us;
  self->cached = step->cached;
  self->failed = step->failed;
  self->exit_code = step->exit_code;
  return self;
}

BoLogStep *
bo_log_step_ref (BoLogStep *step)
{
  g_return_val_if_fail (step != NULL, NULL);

  g_atomic_ref_count_inc (&step->ref_count);
  return step;
}

void
bo_log_step_unref (BoLogStep *step)
{
  if (step == NULL || !g_atomic_ref_count_dec (&step->ref_count))
    return;
  g_free (step->stage);
  g_free (step->instruction);
  g_free (step);
}

/**
 * bo_log_step_make_title:
 * @step: a step
 *
 * One line for a file: "5/9 RUN make", with the stage where there is one.
 *
 * Returns: (transfer full): its text
 */
char *
bo_log_step_make_title (const BoLogStep *step)
{
  g_autofree char *instruction = NULL;

  g_return_val_if_fail (step != NULL, NULL);

  instruction = g_strdup (step->instruction);
  for (char *p = instruction; *p != '\0'; p++)
    {
      if ((guchar) *p < 0x20 || *p == 0x7f)
        *p = ' ';
    }
  if (step->number == 0)
    return g_steal_pointer (&instruction);
  if (step->stage != NULL)
    return g_strdup_printf ("%s %u/%u %s", step->stage, step->number, step->total, instruction);
  return g_strdup_printf ("%u/%u %s", step->number, step->total, instruction);
}

static gboolean
is_same_step (const BoLogStep *known, const BoStep *step)
{
  return known->number == step->number && known->total == step->total && known->start_us == step->start_us
         && known->duration_us == step->duration_us && known->cached == step->cached && known->failed == step->failed
         && known->exit_code == step->exit_code && g_strcmp0 (known->stage, step->stage) == 0
         && g_strcmp0 (known->instruction, step->instruction) == 0;
}

static void
clear_part (gpointer data)
{
  BoLogPart *part = data;

  bo_log_step_unref (part->step);
}

void
bo_log_shape_clear (BoLogShape *shape)
{
  g_clear_pointer (&shape->parts, g_array_unref);
}

/* --- the file --- */

/* Not in the folder for temporary files, which is memory on many systems. */
static int
open_file (GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "bakeoff", NULL);
  g_autofree char *path = g_build_filename (folder, "log-XXXXXX", NULL);
  int fd = -1;
  int code;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      code = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("The folder %s cannot be made: %s"), folder,
                   g_strerror (code));
      return -1;
    }
#ifdef O_TMPFILE
  fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
  if (fd < 0)
    {
      fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
      code = errno;
      if (fd >= 0)
        g_unlink (path);
      else
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("No file can be made in %s: %s"), folder,
                     g_strerror (code));
    }
  return fd;
}

static void
part_free (Part *part)
{
  bo_log_step_unref (part->step);
  g_array_unref (part->offsets);
  g_free (part);
}

/**
 * bo_log_spool_new:
 * @error: return location for an error (#GIOErrorEnum)
 *
 * Returns: (transfer full) (nullable): a spool without steps
 */
BoLogSpool *
bo_log_spool_new (GError **error)
{
  BoLogSpool *self;
  int fd = open_file (error);

  if (fd < 0)
    return NULL;
  self = g_new0 (BoLogSpool, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->fd = fd;
  self->pending = g_byte_array_new ();
  self->pending_ids = g_array_new (FALSE, FALSE, sizeof (guint));
  self->pending_offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->n_added = g_array_new (FALSE, TRUE, sizeof (guint));
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->newest = BO_LOG_NO_STEP;
  return self;
}

BoLogSpool *
bo_log_spool_ref (BoLogSpool *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
bo_log_spool_unref (BoLogSpool *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  close (self->fd);
  g_byte_array_unref (self->pending);
  g_array_unref (self->pending_ids);
  g_array_unref (self->pending_offsets);
  g_array_unref (self->n_added);
  g_ptr_array_unref (self->parts);
  g_array_unref (self->order);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* --- adding --- */

/**
 * bo_log_spool_add_step:
 * @self: a spool
 * @step: a step
 *
 * It comes last, until bo_log_spool_set_order() says otherwise.
 *
 * Returns: its id
 */
guint
bo_log_spool_add_step (BoLogSpool *self, const BoStep *step)
{
  Part *part;
  guint id;
  guint none = 0;

  g_return_val_if_fail (self != NULL && step != NULL, BO_LOG_NO_STEP);

  part = g_new0 (Part, 1);
  part->step = bo_log_step_new (step);
  part->offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_val (self->n_added, none);

  g_mutex_lock (&self->lock);
  id = self->parts->len;
  g_ptr_array_add (self->parts, part);
  g_array_append_val (self->order, id);
  g_mutex_unlock (&self->lock);
  return id;
}

/**
 * bo_log_spool_set_step:
 * @self: a spool
 * @id: of a step
 * @step: what is known about it now
 */
void
bo_log_spool_set_step (BoLogSpool *self, guint id, const BoStep *step)
{
  Part *part;
  BoLogStep *old;

  g_return_if_fail (self != NULL && step != NULL && id < self->n_added->len);

  /* Nobody else changes what stands there, so that it can be compared unlocked. */
  part = g_ptr_array_index (self->parts, id);
  if (is_same_step (part->step, step))
    return;
  g_mutex_lock (&self->lock);
  old = part->step;
  part->step = bo_log_step_new (step);
  g_mutex_unlock (&self->lock);
  bo_log_step_unref (old);
}

/**
 * bo_log_spool_set_order:
 * @self: a spool
 * @ids: (array length=n_ids): the ids of all steps
 * @n_ids: how many
 *
 * In which order the steps are shown.
 */
void
bo_log_spool_set_order (BoLogSpool *self, const guint *ids, guint n_ids)
{
  g_return_if_fail (self != NULL && n_ids == self->n_added->len);

  g_mutex_lock (&self->lock);
  g_array_set_size (self->order, 0);
  g_array_append_vals (self->order, ids, n_ids);
  g_mutex_unlock (&self->lock);
}

/**
 * bo_log_spool_add_line:
 * @self: a spool
 * @id: of the step that wrote it
 * @line: the line
 * @error: return location for an error (#GIOErrorEnum)
 *
 * It can be read after bo_log_spool_flush(), which this does by itself now and then.
 *
 * Returns: whether it could be kept
 */
gboolean
bo_log_spool_add_line (BoLogSpool *self, guint id, const BoLogLine *line, GError **error)
{
  Head head;
  guint64 offset;

  g_return_val_if_fail (self != NULL && line != NULL && id < self->n_added->len, FALSE);

  offset = self->written + self->pending->len;
  memset (&head, 0, sizeof head);
  head.time_us = line->time_us;
  head.step = id;
  head.line = g_array_index (self->n_added, guint, id)++;
  head.length = (guint32) MIN (strlen (line->text), G_MAXINT32);
  head.stream = line->stream;
  g_byte_array_append (self->pending, (const guint8 *) &head, sizeof head);
  g_byte_array_append (self->pending, (const guint8 *) line->text, head.length);
  g_array_append_val (self->pending_ids, id);
  g_array_append_val (self->pending_offsets, offset);
  return self->pending->len < PENDING_BYTES || bo_log_spool_flush (self, error);
}

/**
 * bo_log_spool_flush:
 * @self: a spool
 * @error: return location for an error (#GIOErrorEnum)
 *
 * From here on all lines that were added can be read.
 *
 * Returns: whether they could be written
 */
gboolean
bo_log_spool_flush (BoLogSpool *self, GError **error)
{
  gsize done = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  while (done < self->pending->len)
    {
      gssize n = pwrite (self->fd, self->pending->data + done, self->pending->len - done,
                         (off_t) (self->written + done));
      int code = errno;

      if (n < 0 && code == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error (error, G_IO_ERROR, n < 0 ? g_io_error_from_errno (code) : G_IO_ERROR_FAILED,
                       _ ("The log cannot be kept in %s: %s"), g_get_user_cache_dir (),
                       n < 0 ? g_strerror (code) : _ ("nothing was written"));
          return FALSE;
        }
      done += (gsize) n;
    }
  self->written += done;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->pending_ids->len; i++)
    {
      Part *part = g_ptr_array_index (self->parts, g_array_index (self->pending_ids, guint, i));

      g_array_append_val (part->offsets, g_array_index (self->pending_offsets, guint64, i));
    }
  if (self->pending_ids->len > 0)
    self->newest = g_array_index (self->pending_ids, guint, self->pending_ids->len - 1);
  self->n_lines += self->pending_ids->len;
  self->end = self->written;
  g_mutex_unlock (&self->lock);

  g_byte_array_set_size (self->pending, 0);
  g_array_set_size (self->pending_ids, 0);
  g_array_set_size (self->pending_offsets, 0);
  return TRUE;
}

/**
 * bo_log_spool_restart:
 * @self: a spool
 *
 * Takes back all steps and lines. Who has read some sees that by the generation.
 */
void
bo_log_spool_restart (BoLogSpool *self)
{
  g_return_if_fail (self != NULL);

  g_byte_array_set_size (self->pending, 0);
  g_array_set_size (self->pending_ids, 0);
  g_array_set_size (self->pending_offsets, 0);
  g_array_set_size (self->n_added, 0);

  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->parts, 0);
  g_array_set_size (self->order, 0);
  self->n_lines = 0;
  self->newest = BO_LOG_NO_STEP;
  self->begin = self->end = self->written;
  self->generation++;
  g_mutex_unlock (&self->lock);
}

/**
 * bo_log_spool_set_state:
 * @self: a spool
 * @state: how far it is
 * @error: (nullable): why it could not be read on, for %BO_LOG_FAILED
 */
void
bo_log_spool_set_state (BoLogSpool *self, BoLogState state, const GError *error)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->lock);
  self->state = state;
  g_clear_error (&self->error);
  if (error != NULL)
    self->error = g_error_copy (error);
  g_mutex_unlock (&self->lock);
}

/* --- looking --- */

/**
 * bo_log_spool_get_shape:
 * @self: a spool
 * @shape: (out caller-allocates): what there is at this moment
 */
void
bo_log_spool_get_shape (BoLogSpool *self, BoLogShape *shape)
{
  g_return_if_fail (self != NULL && shape != NULL);

  shape->parts = g_array_new (FALSE, FALSE, sizeof (BoLogPart));
  g_array_set_clear_func (shape->parts, clear_part);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->order->len; i++)
    {
      guint id = g_array_index (self->order, guint, i);
      const Part *part = g_ptr_array_index (self->parts, id);
      BoLogPart copy = { .id = id, .n_lines = part->offsets->len, .step = bo_log_step_ref (part->step) };

      g_array_append_val (shape->parts, copy);
    }
  shape->n_lines = self->n_lines;
  shape->newest = self->newest;
  shape->state = self->state;
  shape->generation = self->generation;
  g_mutex_unlock (&self->lock);
}

/**
 * bo_log_spool_get_error:
 * @self: a spool
 *
 * Returns: (transfer full) (nullable): why it could not be read on
 */
GError *
bo_log_spool_get_error (BoLogSpool *self)
{
  GError *error;

  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->lock);
  error = self->error != NULL ? g_error_copy (self->error) : NULL;
  g_mutex_unlock (&self->lock);
  return error;
}

/* --- reading --- */

struct _BoLogCursor
{
  BoLogSpool *spool;
  gsize ahead;
  GByteArray *buffer;
  guint64 at;  /* where in the file the buffer begins */
  gsize have;  /* bytes in it */
  guint64 next;
  guint generation;
  GString *text;
};

/**
 * bo_log_cursor_new:
 * @spool: a spool
 * @ahead: how many bytes are read at once; many, for reading one line after the other
 *
 * Returns: (transfer full): a cursor before the first line
 */
BoLogCursor *
bo_log_cursor_new (BoLogSpool *spool, gsize ahead)
{
  BoLogCursor *self;

  g_return_val_if_fail (spool != NULL, NULL);

  self = g_new0 (BoLogCursor, 1);
  self->spool = bo_log_spool_ref (spool);
  self->ahead = MAX (ahead, sizeof (Head));
  self->buffer = g_byte_array_new ();
  self->text = g_string_new (NULL);
  g_mutex_lock (&spool->lock);
  self->next = spool->begin;
  self->generation = spool->generation;
  g_mutex_unlock (&spool->lock);
  return self;
}

void
bo_log_cursor_free (BoLogCursor *self)
{
  if (self == NULL)
    return;
  bo_log_spool_unref (self->spool);
  g_byte_array_unref (self->buffer);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/* The @length bytes at @offset, which the file has. */
static const char *
look_at (BoLogCursor *self, guint64 offset, gsize length, GError **error)
{
  gsize want = MAX (length, self->ahead);

  if (offset >= self->at && offset + length <= self->at + self->have)
    return (const char *) self->buffer->data + (offset - self->at);

  g_byte_array_set_size (self->buffer, (guint) want);
  self->at = offset;
  self->have = 0;
  while (self->have < length)
    {
      gssize n = pread (self->spool->fd, self->buffer->data + self->have, want - self->have,
                        (off_t) (offset + self->have));
      int code = errno;

      if (n < 0 && code == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error (error, G_IO_ERROR, n < 0 ? g_io_error_from_errno (code) : G_IO_ERROR_FAILED,
                       _ ("The log that was kept cannot be read: %s"),
                       n < 0 ? g_strerror (code) : _ ("the file is too short"));
          return NULL;
        }
      self->have += (gsize) n;
    }
  return (const char *) self->buffer->data;
}

static gboolean
read_at (BoLogCursor *self, guint64 offset, gsize limit, BoLogEntry *entry, GError **error)
{
  const char *bytes = look_at (self, offset, sizeof (Head), error);
  Head head;

  if (bytes == NULL)
    return FALSE;
  memcpy (&head, bytes, sizeof head);
  entry->step = head.step;
  entry->line = head.line;
  entry->time_us = head.time_us;
  entry->stream = (guint8) head.stream;
  entry->total = head.length;
  entry->length = MIN (head.length, limit);
  bytes = look_at (self, offset + sizeof head, entry->length, error);
  if (bytes == NULL)
    return FALSE;
  /* What is cut is cut between two characters. */
  while (entry->length < entry->total && entry->length > 0 && (bytes[entry->length - 1] & 0x80) != 0)
    {
      entry->length--;
      if ((bytes[entry->length] & 0xc0) == 0xc0)
        break;
    }
  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, bytes, (gssize) entry->length);
  entry->text = self->text->str;
  self->next = offset + sizeof head + head.length;
  return TRUE;
}

/**
 * bo_log_cursor_read:
 * @self: a cursor
 * @id: of a step
 * @line: one of its lines, from 0
 * @limit: how many bytes of its text are wanted at most
 * @entry: (out caller-allocates): the line; its text is valid until the cursor is used again
 * @error: return location for an error (#GIOErrorEnum)
 *
 * Returns: whether there is such a line and it could be read
 */
gboolean
bo_log_cursor_read (BoLogCursor *self, guint id, guint line, gsize limit, BoLogEntry *entry, GError **error)
{
  guint64 offset = 0;
  gboolean found = FALSE;

  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  g_mutex_lock (&self->spool->lock);
  if (id < self->spool->parts->len)
    {
      const Part *part = g_ptr_array_index (self->spool->parts, id);

      found = line < part->offsets->len;
      if (found)
        offset = g_array_index (part->offsets, guint64, line);
    }
  g_mutex_unlock (&self->spool->lock);
  if (!found)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("The log has no line %u of step %u."), line, id);
      return FALSE;
    }
  return read_at (self, offset, limit, entry, error);
}

/**
 * bo_log_cursor_next:
 * @self: a cursor
 * @entry: (out caller-allocates): the line; its text is valid until the cursor is used again
 * @error: return location for an error (#GIOErrorEnum)
 *
 * Reads the line that was added after the one that was read last. At the end so
 * far it can be called again later. When the spool was restarted, it ends for good.
 *
 * Returns: whether there was one; without @error there is none so far
 */
gboolean
bo_log_cursor_next (BoLogCursor *self, BoLogEntry *entry, GError **error)
{
  guint64 end;
  gboolean stale;

  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  g_mutex_lock (&self->spool->lock);
  end = self->spool->end;
  stale = self->spool->generation != self->generation;
  g_mutex_unlock (&self->spool->lock);
  return !stale && self->next < end && read_at (self, self->next, G_MAXSIZE, entry, error);
}
