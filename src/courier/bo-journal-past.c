/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-journal-past.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bo-memory.h"

static uint64_t
get (const char *p, int bytes)
{
  uint64_t value = 0;

  for (int i = bytes - 1; i >= 0; i--)
    value = value << 8 | (uint8_t) p[i];
  return value;
}

size_t
bo_journal_past_check (const char *data, size_t length, bool first_of_segment, BoJournalPastMessage *message)
{
  char header[BO_JOURNAL_HEADER_SIZE];
  size_t size = 0;
  uint32_t crc = 0;

  if (length < BO_JOURNAL_HEADER_SIZE || memcmp (data, BO_JOURNAL_MAGIC, 4) != 0)
    return 0;
  size = (size_t) get (data + 36, 4);
  if (size > BO_JOURNAL_PAYLOAD_MAX || size > length - BO_JOURNAL_HEADER_SIZE)
    return 0;
  memcpy (header, data, sizeof header);
  memset (header + 40, 0, 4);
  crc = bo_journal_crc32 (0, header, sizeof header);
  crc = bo_journal_crc32 (crc, data + BO_JOURNAL_HEADER_SIZE, size);
  if (crc != get (data + 40, 4))
    return 0;
  if (get (data + 16, 8) >= BO_JOURNAL_STAMP_MAX || get (data + 24, 8) >= BO_JOURNAL_STAMP_MAX)
    return 0;
  if (first_of_segment != (get (data + 4, 2) == BO_JOURNAL_SEGMENT))
    return 0;

  message->type = (BoJournalType) get (data + 4, 2);
  message->number = get (data + 8, 8);
  message->request = (uint32_t) get (data + 32, 4);
  message->sum = crc;
  message->payload = data + BO_JOURNAL_HEADER_SIZE;
  message->length = size;
  return BO_JOURNAL_HEADER_SIZE + size;
}

unsigned
bo_journal_past_segment (const char *name)
{
  unsigned long number = strtoul (name, NULL, 10);
  char again[32];

  if (number == 0 || number >= INT32_MAX)
    return 0;
  snprintf (again, sizeof again, "%08lu.bj", number);
  return strcmp (again, name) == 0 ? (unsigned) number : 0;
}

bool
bo_journal_past_is_final (const BoJournalPastMessage *message)
{
  static const char *const words[] = { "finished", "stopped", "disk-full", "bad-script" };

  for (size_t i = 0; message->type == BO_JOURNAL_END && i < sizeof words / sizeof *words; i++)
    {
      size_t length = strlen (words[i]);

      if (message->length >= length && memcmp (message->payload, words[i], length) == 0
          && (message->length == length || message->payload[length] == ' '))
        return true;
    }
  return false;
}

/*
 * Tells the messages of one segment, as long as they are whole and numbered on
 * from *@next. Returns how many bytes they have; less than @length when the rest is torn.
 */
size_t
bo_journal_past_parse (const char *data, size_t length, uint64_t *next, BoJournalPastFunc func, void *user_data)
{
  size_t at = 0;

  while (at < length)
    {
      BoJournalPastMessage message = { 0 };
      size_t size = bo_journal_past_check (data + at, length - at, at == 0, &message);

      if (size == 0 || message.number != *next)
        break;
      func (&message, user_data);
      (*next)++;
      at += size;
    }
  return at;
}

/*
 * Reads all segments; *@segment and *@next say where to go on. False when one
 * cannot be read, with errno; EBADMSG then says that the journal is damaged, and will always be.
 */
bool
bo_journal_past_read (int folder_fd,
                      unsigned *segment,
                      uint64_t *next,
                      BoJournalPastFunc func,
                      void *user_data,
                      char *error,
                      size_t error_size)
{
  char *data = bo_memory_new (BO_JOURNAL_SEGMENT_MAX);
  bool good = true;
  int code = 0;

  *next = 1;
  for (*segment = 1;; (*segment)++)
    {
      char name[32];
      int fd = -1;
      size_t length = 0;
      ssize_t n = 0;

      snprintf (name, sizeof name, "%08u.bj", *segment);
      fd = openat (folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
      if (fd < 0 && errno == ENOENT)
        break;
      if (fd < 0)
        {
          code = errno;
          snprintf (error, error_size, "%s: %s", name, strerror (code));
          good = false;
          break;
        }
      while (length < BO_JOURNAL_SEGMENT_MAX
             && ((n = read (fd, data + length, BO_JOURNAL_SEGMENT_MAX - length)) > 0 || (n < 0 && errno == EINTR)))
        length += n > 0 ? (size_t) n : 0;
      if (n < 0)
        {
          code = errno;
          snprintf (error, error_size, "%s: %s", name, strerror (code));
          good = false;
        }
      close (fd);
      if (!good)
        break;
      /* The number tells whether messages are missing; going on after that would hide it. */
      if (length >= BO_JOURNAL_HEADER_SIZE && memcmp (data, BO_JOURNAL_MAGIC, 4) == 0 && get (data + 8, 8) != *next)
        {
          snprintf (error, error_size, "%s begins with message %llu instead of %llu: the journal is damaged", name,
                    (unsigned long long) get (data + 8, 8), (unsigned long long) *next);
          code = EBADMSG;
          good = false;
          break;
        }
      bo_journal_past_parse (data, length, next, func, user_data);
    }
  free (data);
  errno = code;
  return good;
}
