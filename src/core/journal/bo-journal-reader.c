/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-journal-reader"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "journal/bo-journal-reader.h"

G_DEFINE_QUARK (bo-journal-error-quark, bo_journal_error)

/* Room for the largest message, and for reading ahead many small ones at once. */
#define BUFFER_SIZE (2 * (BO_JOURNAL_HEADER_SIZE + BO_JOURNAL_PAYLOAD_MAX) + 1)

struct _BoJournalReader
{
  char *folder;
  guint segment;       /* number of the open segment, or of the one to open */
  int fd;              /* -1: not open */
  guint64 next;        /* number of the next message */
  gint64 offset;       /* where in the segment the buffer begins */
  char *buffer;
  gsize begin, end;    /* bytes of the buffer not yet used */
  gint64 looked;       /* bytes that the segment had when it was at its end; -1: it is not */
  gint64 looked_after; /* those of the next segment then, or -1 */
  char *covered;       /* where a NUL was put behind a payload, and */
  char cover;          /* what was there */
  GError *broken;
};

/**
 * bo_journal_reader_new:
 * @folder: a journal's folder; it may be empty or not be there yet
 *
 * Returns: (transfer full): a reader at the first message
 */
BoJournalReader *
bo_journal_reader_new (const char *folder)
{
  BoJournalReader *reader = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  reader = g_new0 (BoJournalReader, 1);
  reader->folder = g_strdup (folder);
  reader->segment = 1;
  reader->fd = -1;
  reader->next = 1;
  reader->buffer = g_malloc (BUFFER_SIZE);
  return reader;
}

/**
 * bo_journal_reader_free:
 * @reader: (transfer full) (nullable): a reader
 *
 * Frees the reader.
 */
void
bo_journal_reader_free (BoJournalReader *reader)
{
  if (reader == NULL)
    return;
  if (reader->fd >= 0)
    close (reader->fd);
  g_free (reader->folder);
  g_free (reader->buffer);
  g_clear_error (&reader->broken);
  g_free (reader);
}

/**
 * bo_journal_reader_get_folder:
 * @reader: a reader
 *
 * Returns: the journal's folder
 */
const char *
bo_journal_reader_get_folder (const BoJournalReader *reader)
{
  g_return_val_if_fail (reader != NULL, NULL);

  return reader->folder;
}

static char *
segment_path (const BoJournalReader *reader, guint segment)
{
  return g_strdup_printf ("%s/%08u.bj", reader->folder, segment);
}

/* Its bytes; -1 when it is not there. */
static gint64
segment_size (const BoJournalReader *reader, guint segment)
{
  g_autofree char *path = segment_path (reader, segment);
  struct stat info;

  return stat (path, &info) == 0 ? (gint64) info.st_size : -1;
}

static gboolean
segment_exists (const BoJournalReader *reader, guint segment)
{
  g_autofree char *path = segment_path (reader, segment);

  return access (path, F_OK) == 0;
}

static gboolean G_GNUC_PRINTF (3, 4)
fail (BoJournalReader *reader, BoJournalError code, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *path = segment_path (reader, reader->segment);
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_clear_error (&reader->broken);
  g_set_error (&reader->broken, BO_JOURNAL_ERROR, code, _ ("%s, at byte %" PRId64 ": %s"), path,
               reader->offset + (gint64) reader->begin, text);
  return FALSE;
}

/* Opens @segment, to be read from its begin. Sets @missing when it is not there. */
static gboolean
open_segment (BoJournalReader *reader, guint segment, gboolean *missing)
{
  g_autofree char *path = segment_path (reader, segment);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  int code = errno;

  *missing = fd < 0 && code == ENOENT;
  if (*missing)
    return TRUE;
  if (fd < 0)
    return fail (reader, BO_JOURNAL_ERROR_READ, "%s", g_strerror (code));

  if (reader->fd >= 0)
    close (reader->fd);
  reader->fd = fd;
  reader->segment = segment;
  reader->looked = reader->looked_after = -1;
  reader->offset = 0;
  reader->begin = reader->end = 0;
  return TRUE;
}

/* Reads on in the open segment. Sets @got to the bytes that came. */
static gboolean
fill (BoJournalReader *reader, gsize *got)
{
  gssize n = 0;

  *got = 0;
  if (reader->begin > 0)
    {
      memmove (reader->buffer, reader->buffer + reader->begin, reader->end - reader->begin);
      reader->offset += (gint64) reader->begin;
      reader->end -= reader->begin;
      reader->begin = 0;
    }
  do
    n = pread (reader->fd, reader->buffer + reader->end, BUFFER_SIZE - 1 - reader->end,
               (off_t) (reader->offset + (gint64) reader->end));
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return fail (reader, BO_JOURNAL_ERROR_READ, "%s", g_strerror (errno));
  reader->end += (gsize) n;
  *got = (gsize) n;
  return TRUE;
}

static guint16
get16 (const char *p)
{
  guint16 v;

  memcpy (&v, p, sizeof v);
  return GUINT16_FROM_LE (v);
}

static guint32
get32 (const char *p)
{
  guint32 v;

  memcpy (&v, p, sizeof v);
  return GUINT32_FROM_LE (v);
}

static guint64
get64 (const char *p)
{
  guint64 v;

  memcpy (&v, p, sizeof v);
  return GUINT64_FROM_LE (v);
}

typedef enum
{
  PARSED_MESSAGE,
  PARSED_SHORT, /* the bytes that are there could be the begin of a message */
  PARSED_BAD,   /* they cannot */
} Parsed;

/* Looks at the bytes at the begin of the buffer. */
static Parsed
parse (const BoJournalReader *reader, BoJournalMessage *message, const char **why)
{
  const char *p = reader->buffer + reader->begin;
  gsize have = reader->end - reader->begin;
  guint32 length = 0;
  guint32 crc = 0;
  char zeroed[BO_JOURNAL_HEADER_SIZE];

  if (have < BO_JOURNAL_HEADER_SIZE)
    return PARSED_SHORT;
  if (memcmp (p, BO_JOURNAL_MAGIC, 4) != 0)
    {
      *why = _ ("no message begins here");
      return PARSED_BAD;
    }
  length = get32 (p + 36);
  if (length > BO_JOURNAL_PAYLOAD_MAX)
    {
      *why = _ ("the length of the message is out of bounds");
      return PARSED_BAD;
    }
  if (have < BO_JOURNAL_HEADER_SIZE + (gsize) length)
    return PARSED_SHORT;

  memcpy (zeroed, p, sizeof zeroed);
  memset (zeroed + 40, 0, 4);
  crc = bo_journal_crc32 (0, zeroed, sizeof zeroed);
  crc = bo_journal_crc32 (crc, p + BO_JOURNAL_HEADER_SIZE, length);
  if (crc != get32 (p + 40))
    {
      *why = _ ("the checksum of the message is wrong");
      return PARSED_BAD;
    }

  if (get64 (p + 16) >= BO_JOURNAL_STAMP_MAX || get64 (p + 24) >= BO_JOURNAL_STAMP_MAX)
    {
      *why = _ ("the time of the message is out of bounds");
      return PARSED_BAD;
    }

  message->type = (BoJournalType) get16 (p + 4);
  message->number = get64 (p + 8);
  message->wall_us = (gint64) get64 (p + 16);
  message->monotonic_us = (gint64) get64 (p + 24);
  message->request = get32 (p + 32);
  message->payload = p + BO_JOURNAL_HEADER_SIZE;
  message->length = length;
  return PARSED_MESSAGE;
}

/* What follows the open segment, whose last bytes are no message, or which has no more. */
typedef enum
{
  AFTER_NOTHING,   /* it is the last one */
  AFTER_GOES_ON,   /* the next one, which was opened, goes on with the number that comes next */
  AFTER_GAP,       /* the next one begins with another number */
  AFTER_ERROR,
} After;

static After
look_after (BoJournalReader *reader)
{
  g_autofree char *path = segment_path (reader, reader->segment + 1);
  g_autofree char *head = NULL;
  gssize n = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    {
      if (errno == ENOENT)
        return AFTER_NOTHING;
      fail (reader, BO_JOURNAL_ERROR_READ, "%s: %s", path, g_strerror (errno));
      return AFTER_ERROR;
    }
  head = g_malloc (BO_JOURNAL_HEADER_SIZE);
  n = pread (fd, head, BO_JOURNAL_HEADER_SIZE, 0);
  close (fd);
  /* It was made this moment, or its courier died then: a later segment tells. */
  if (n < BO_JOURNAL_HEADER_SIZE && !segment_exists (reader, reader->segment + 2))
    return AFTER_NOTHING;
  if (n == BO_JOURNAL_HEADER_SIZE && (memcmp (head, BO_JOURNAL_MAGIC, 4) != 0 || get64 (head + 8) != reader->next))
    return AFTER_GAP;
  return AFTER_GOES_ON;
}

/*
 * Whether a whole message that was still to come stands somewhere behind the
 * place where none is: then that place was damaged, while a torn message is the last of all.
 */
static gboolean
is_followed (BoJournalReader *reader)
{
  g_autoptr (BoJournalReader) rest = bo_journal_reader_new (reader->folder);
  gint64 from = reader->offset + (gint64) reader->begin;

  rest->fd = fcntl (reader->fd, F_DUPFD_CLOEXEC, 0);
  rest->offset = from + 1;
  for (;;)
    {
      BoJournalMessage message;
      const char *why = NULL;
      const char *start = NULL;
      gsize got = 0;

      start = memmem (rest->buffer + rest->begin, rest->end - rest->begin, BO_JOURNAL_MAGIC, 4);
      rest->begin = start != NULL ? (gsize) (start - rest->buffer) : MAX (rest->begin, rest->end - MIN (rest->end, 3));
      switch (start != NULL ? parse (rest, &message, &why) : PARSED_SHORT)
        {
        case PARSED_MESSAGE:
          if (message.number >= reader->next)
            return TRUE;
          break;
        case PARSED_SHORT:
          if (!fill (rest, &got))
            return FALSE;
          if (got > 0)
            continue;
          if (start == NULL)
            return FALSE;
          break;
        case PARSED_BAD:
        default:
          break;
        }
      rest->begin++;
    }
}

static BoJournalNext
broken (BoJournalReader *reader, GError **error)
{
  if (error != NULL)
    *error = g_error_copy (reader->broken);
  return BO_JOURNAL_NEXT_ERROR;
}

/* Puts back the byte that the NUL behind the last payload has covered. */
static void
uncover (BoJournalReader *reader)
{
  if (reader->covered != NULL)
    *reader->covered = reader->cover;
  reader->covered = NULL;
}

/**
 * bo_journal_reader_next:
 * @reader: a reader
 * @message: (out caller-allocates): where the message goes
 * @error: return location for an error
 *
 * Reads the next message. At the end so far it can be called again later:
 * what has come since is then read. A torn message at the very end counts as not
 * there yet; when a courier went on after it in a new segment, it is passed
 * over. Anything else that is broken is an error that names segment and offset.
 *
 * Returns: whether there was a message
 */
BoJournalNext
bo_journal_reader_next (BoJournalReader *reader, BoJournalMessage *message, GError **error)
{
  gboolean at_end = FALSE;
  gboolean looked_again = FALSE;

  g_return_val_if_fail (reader != NULL, BO_JOURNAL_NEXT_ERROR);
  g_return_val_if_fail (message != NULL, BO_JOURNAL_NEXT_ERROR);

  if (reader->broken != NULL)
    return broken (reader, error);
  uncover (reader);
  reader->looked = reader->looked_after = -1;

  if (reader->fd < 0)
    {
      gboolean missing = FALSE;

      if (!open_segment (reader, reader->segment, &missing))
        return broken (reader, error);
      if (missing)
        return BO_JOURNAL_NEXT_END;
    }

  for (;;)
    {
      const char *why = _ ("the message is torn");
      Parsed parsed = parse (reader, message, &why);
      After after = AFTER_NOTHING;
      gint64 after_size = -1;
      gsize got = 0;
      gboolean missing = FALSE;

      if (parsed == PARSED_MESSAGE)
        {
          gsize size = BO_JOURNAL_HEADER_SIZE + message->length;

          if (message->number != reader->next)
            {
              fail (reader, BO_JOURNAL_ERROR_DAMAGED,
                    _ ("message %" PRIu64 " stands where message %" PRIu64 " should"), message->number,
                    reader->next);
              return broken (reader, error);
            }
          if ((reader->offset == 0 && reader->begin == 0) != (message->type == BO_JOURNAL_SEGMENT))
            {
              fail (reader, BO_JOURNAL_ERROR_DAMAGED, "%s", _ ("a segment does not begin here as it should"));
              return broken (reader, error);
            }
          reader->begin += size;
          reader->next++;
          reader->covered = reader->buffer + reader->begin;
          reader->cover = *reader->covered;
          *reader->covered = '\0';
          return BO_JOURNAL_NEXT_MESSAGE;
        }

      if (parsed == PARSED_SHORT)
        {
          if (!fill (reader, &got))
            return broken (reader, error);
          if (got > 0)
            continue;
        }

      /*
       * No whole message is here. The next segment decides whether that is the
       * end so far, a torn message after which a courier went on, or damage. As
       * this segment may have grown before the next one was made, it is looked
       * at once more when there is a next one.
       */
      after_size = segment_size (reader, reader->segment + 1);
      after = look_after (reader);
      if (after == AFTER_NOTHING && reader->end > reader->begin && is_followed (reader))
        {
          /* It may have been half written, and was made whole before the one behind it was seen: now it is, or never. */
          if (!looked_again)
            {
              looked_again = TRUE;
              reader->end = reader->begin;
              continue;
            }
          fail (reader, BO_JOURNAL_ERROR_DAMAGED, "%s", why);
          return broken (reader, error);
        }
      if (after == AFTER_NOTHING)
        {
          /* What is not a message yet is read anew the next time. */
          reader->looked = reader->offset + (gint64) reader->end;
          reader->looked_after = after_size;
          reader->end = reader->begin;
          return BO_JOURNAL_NEXT_END;
        }
      if (after == AFTER_ERROR)
        return broken (reader, error);
      if (!at_end)
        {
          at_end = TRUE;
          reader->end = reader->begin;
          continue;
        }
      if (after == AFTER_GAP)
        {
          fail (reader, BO_JOURNAL_ERROR_DAMAGED, "%s", why);
          return broken (reader, error);
        }
      if (!open_segment (reader, reader->segment + 1, &missing))
        return broken (reader, error);
      if (missing)
        return BO_JOURNAL_NEXT_END;
      at_end = FALSE;
    }
}

/**
 * bo_journal_reader_has_more:
 * @reader: a reader
 *
 * A cheap look at the folder: whether bo_journal_reader_next() would find
 * bytes that were not there when it last answered %BO_JOURNAL_NEXT_END.
 *
 * Returns: whether there may be more
 */
gboolean
bo_journal_reader_has_more (BoJournalReader *reader)
{
  struct stat info;
  gint64 after;

  g_return_val_if_fail (reader != NULL, FALSE);

  if (reader->broken != NULL)
    return TRUE;
  if (reader->fd < 0)
    return segment_exists (reader, reader->segment);
  /* A copy (bo-journal-mirror.h) takes a torn message away before it goes on, so less bytes are news too. */
  if (fstat (reader->fd, &info) == 0
      && (reader->looked >= 0 ? info.st_size != reader->looked : info.st_size > reader->offset + (gint64) reader->end))
    return TRUE;
  /* One that was torn at once is no news either, until a later one exists. */
  after = segment_size (reader, reader->segment + 1);
  return after != reader->looked_after || (after >= 0 && segment_exists (reader, reader->segment + 2));
}

/* The number of the first message of @segment, or 0. */
static guint64
first_number (const BoJournalReader *reader, guint segment)
{
  g_autofree char *path = segment_path (reader, segment);
  char head[BO_JOURNAL_HEADER_SIZE];
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize n = 0;

  if (fd < 0)
    return 0;
  n = pread (fd, head, sizeof head, 0);
  close (fd);
  if (n < BO_JOURNAL_HEADER_SIZE || memcmp (head, BO_JOURNAL_MAGIC, 4) != 0)
    return 0;
  return get64 (head + 8);
}

/**
 * bo_journal_reader_seek:
 * @reader: a reader
 * @number: number of a message, from 1
 * @error: return location for an error
 *
 * Goes to message @number, which bo_journal_reader_next() reads then. It must be
 * there, or be the one that comes next.
 *
 * Returns: whether the message was found
 */
gboolean
bo_journal_reader_seek (BoJournalReader *reader, guint64 number, GError **error)
{
  guint found = 1;

  g_return_val_if_fail (reader != NULL, FALSE);
  g_return_val_if_fail (number >= 1, FALSE);

  /* The last segment whose first message is not after it. One that was torn at once has no number: look past it. */
  for (guint segment = 1; segment_exists (reader, segment); segment++)
    {
      guint64 first = first_number (reader, segment);

      if (first != 0 && first <= number)
        found = segment;
      else if (first > number)
        break;
    }

  uncover (reader);
  g_clear_error (&reader->broken);
  if (reader->fd >= 0)
    close (reader->fd);
  reader->fd = -1;
  reader->segment = found;
  reader->offset = 0;
  reader->begin = reader->end = 0;
  reader->next = found == 1 ? 1 : first_number (reader, found);

  while (reader->next < number)
    {
      BoJournalMessage message;
      BoJournalNext next = bo_journal_reader_next (reader, &message, error);

      if (next == BO_JOURNAL_NEXT_MESSAGE)
        continue;
      if (next == BO_JOURNAL_NEXT_END)
        g_set_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_NOT_FOUND,
                     _ ("The journal %s has no message %" PRIu64 ", its last one is %" PRIu64 "."),
                     reader->folder, number, reader->next - 1);
      return FALSE;
    }
  return TRUE;
}

/**
 * bo_journal_message_text:
 * @message: a message
 *
 * The payload of a message whose payload is one line of text, made valid UTF-8.
 *
 * Returns: (transfer full): its text
 */
char *
bo_journal_message_text (const BoJournalMessage *message)
{
  g_return_val_if_fail (message != NULL, NULL);

  return g_utf8_make_valid (message->payload, (gssize) message->length);
}
