/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-journal-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bo-clock.h"

#define RESERVE "reserve"
#define RESERVE_SIZE (128 * 1024)

static void
put (uint8_t *p, uint64_t value, int bytes)
{
  for (int i = 0; i < bytes; i++)
    p[i] = (uint8_t) (value >> (8 * i));
}

/* Real bytes and not a hole, so that they are there when the disk is full. */
static void
make_reserve (const BoJournalWriter *writer)
{
  static const char zeros[RESERVE_SIZE];
  int fd = openat (writer->folder_fd, RESERVE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  size_t done = 0;

  if (fd < 0)
    return;
  while (done < RESERVE_SIZE)
    {
      ssize_t n = write (fd, zeros + done, RESERVE_SIZE - done);

      if (n <= 0)
        break;
      done += (size_t) n;
    }
  fdatasync (fd);
  close (fd);
}

/* Writes one message into the open segment; takes it back when it does not fit. */
static bool
write_message (BoJournalWriter *writer, BoJournalType type, uint32_t request, const void *payload, size_t length)
{
  uint8_t header[BO_JOURNAL_HEADER_SIZE] = { 0 };
  uint32_t crc = 0;
  size_t done = 0;
  size_t size = sizeof header + length;

  if (writer->fd < 0)
    {
      errno = EBADF;
      return false;
    }
  memcpy (header, BO_JOURNAL_MAGIC, 4);
  put (header + 4, type, 2);
  put (header + 8, writer->next, 8);
  put (header + 16, (uint64_t) bo_clock_wall_us (), 8);
  put (header + 24, (uint64_t) bo_clock_boot_us (), 8);
  put (header + 32, request, 4);
  put (header + 36, length, 4);
  crc = bo_journal_crc32 (0, header, sizeof header);
  crc = bo_journal_crc32 (crc, payload, length);
  put (header + 40, crc, 4);

  while (done < size)
    {
      struct iovec parts[2];
      ssize_t n = 0;
      size_t skip = done < sizeof header ? 0 : done - sizeof header;

      parts[0].iov_base = header + (done < sizeof header ? done : sizeof header);
      parts[0].iov_len = done < sizeof header ? sizeof header - done : 0;
      parts[1].iov_base = (char *) payload + skip;
      parts[1].iov_len = length - skip;
      n = writev (writer->fd, parts, 2);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          int code = n < 0 ? errno : ENOSPC;

          /* When even that fails, a torn message stays; the next one then goes into a new segment. */
          if (done > 0 && ftruncate (writer->fd, (off_t) writer->size) != 0)
            {
              close (writer->fd);
              writer->fd = -1;
            }
          errno = code;
          return false;
        }
      done += (size_t) n;
    }
  writer->size += size;
  writer->next++;
  return true;
}

/* Begins the next segment. The one before it is on the disk first: a gap in the middle would be damage. */
static bool
begin_segment (BoJournalWriter *writer)
{
  char name[32];

  if (writer->fd >= 0)
    {
      fdatasync (writer->fd);
      close (writer->fd);
      writer->fd = -1;
      writer->segment++;
    }
  for (;;)
    {
      snprintf (name, sizeof name, "%08u.bj", writer->segment);
      writer->fd = openat (writer->folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
      if (writer->fd >= 0 || errno != EEXIST)
        break;
      writer->segment++;
    }
  if (writer->fd < 0)
    return false;
  writer->size = 0;
  fsync (writer->folder_fd);
  if (!write_message (writer, BO_JOURNAL_SEGMENT, 0, writer->about, strlen (writer->about)))
    {
      int code = errno;

      if (writer->fd >= 0)
        close (writer->fd);
      writer->fd = -1;
      unlinkat (writer->folder_fd, name, 0);
      errno = code;
      return false;
    }
  return true;
}

/*
 * Goes on in @segment with message @next. @folder_fd is the folder of the
 * journal, and @about what each segment begins with.
 */
bool
bo_journal_writer_open (BoJournalWriter *writer, int folder_fd, unsigned segment, uint64_t next, const char *about)
{
  memset (writer, 0, sizeof *writer);
  writer->folder_fd = folder_fd;
  writer->fd = -1;
  writer->segment = segment;
  writer->next = next;
  snprintf (writer->about, sizeof writer->about, "%s", about);
  make_reserve (writer);
  if (begin_segment (writer))
    return true;
  writer->problem = errno;
  return false;
}

void
bo_journal_writer_close (BoJournalWriter *writer)
{
  if (writer->fd >= 0)
    {
      fdatasync (writer->fd);
      close (writer->fd);
    }
  writer->fd = -1;
  unlinkat (writer->folder_fd, RESERVE, 0);
}

static bool
is_closing_type (BoJournalType type)
{
  return type != BO_JOURNAL_HEAD && type != BO_JOURNAL_DATA && type != BO_JOURNAL_TELEMETRY && type != BO_JOURNAL_SENT;
}

static bool
try_add (BoJournalWriter *writer, BoJournalType type, uint32_t request, const void *payload, size_t length)
{
  if ((writer->fd < 0 || writer->size + BO_JOURNAL_HEADER_SIZE + length > BO_JOURNAL_SEGMENT_MAX)
      && !begin_segment (writer))
    return false;
  return write_message (writer, type, request, payload, length);
}

/*
 * Writes a message. Returns false when it is not in the journal: then `problem`
 * is set and the campaign should end.
 */
bool
bo_journal_writer_add (BoJournalWriter *writer,
                       BoJournalType type,
                       uint32_t request,
                       const void *payload,
                       size_t length)
{
  if (length > BO_JOURNAL_PAYLOAD_MAX)
    length = BO_JOURNAL_PAYLOAD_MAX;
  if (writer->closing && !is_closing_type (type))
    return false;
  if (try_add (writer, type, request, payload, length))
    return true;

  if (!writer->closing)
    {
      writer->problem = errno;
      writer->closing = true;
      unlinkat (writer->folder_fd, RESERVE, 0);
      if (!is_closing_type (type))
        return false;
      if (try_add (writer, type, request, payload, length))
        return true;
    }
  /* It may be this file that cannot grow (a limit on its size) rather than the disk. */
  return writer->size > 0 && begin_segment (writer) && write_message (writer, type, request, payload, length);
}

bool
bo_journal_writer_printf (BoJournalWriter *writer, BoJournalType type, uint32_t request, const char *format, ...)
{
  char text[1024];
  va_list args;

  va_start (args, format);
  vsnprintf (text, sizeof text, format, args);
  va_end (args);
  return bo_journal_writer_add (writer, type, request, text, strlen (text));
}

void
bo_journal_writer_sync (BoJournalWriter *writer)
{
  if (writer->fd >= 0)
    fdatasync (writer->fd);
}
