/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bo-clock.h"
#include "bo-journal-past.h"
#include "bo-memory.h"
#include "bo-play-script.h"
#include "bo-volume-commands.h"
#include "bo-volume.h"

#define LOOK_MS 100
#define LEASE_US 5000000
/* A message that is under way may still be brought to its end after the time is up. */
#define GRACE_US 900000
/* How long a courier that was just started may take to make its folder. */
#define FOLDER_US 2000000
/* A write of that many bytes to a pipe that poll() says is writable does not block. */
#define WRITE_MAX 4096

typedef struct
{
  int campaign_fd, journal_fd;
  int64_t until_us, next_lease_us;
  uint64_t from; /* the first message to be printed */
  bool has_sum;
  uint32_t sum; /* of the message before it */

  int fd; /* the open segment, or -1 */
  unsigned segment;
  size_t at;     /* end of its last whole message */
  uint64_t next; /* number that the next message must have; 0: whatever comes first */
  bool has_end;  /* the last message was an END */
  char *buffer;  /* BO_JOURNAL_SEGMENT_MAX bytes */
  int status;
} Tail;

typedef enum
{
  TAIL_QUIET, /* there was nothing more */
  TAIL_NEWS,
  TAIL_OVER, /* `status` says why */
} TailTurn;

static TailTurn
end (Tail *tail, int status)
{
  tail->status = status;
  return TAIL_OVER;
}

/* Writes all bytes, but not for ever: nobody may be reading any more. */
static TailTurn
put (Tail *tail, const char *data, size_t length)
{
  int64_t until_us = tail->until_us + GRACE_US;

  while (length > 0)
    {
      struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
      int64_t left_us = until_us - bo_clock_boot_us ();
      ssize_t n = 0;

      if (left_us <= 0)
        return end (tail, BO_COURIER_EXIT_OK);
      if (poll (&out, 1, (int) (left_us / 1000) + 1) <= 0)
        continue;
      n = write (STDOUT_FILENO, data, length < WRITE_MAX ? length : WRITE_MAX);
      if (n < 0 && (errno == EINTR || errno == EAGAIN))
        continue;
      if (n < 0)
        return end (tail,
                    bo_volume_problem (BO_COURIER_EXIT_FAILED, "standard output: %s", strerror (errno)));
      data += n;
      length -= (size_t) n;
    }
  return TAIL_NEWS;
}

/* Opens the segment whose turn it is; one that is empty may be unlinked again and so is opened anew each
 * time. */
static bool
open_segment (Tail *tail)
{
  char name[32];
  struct stat info = { 0 };

  if (tail->fd >= 0 && tail->at > 0)
    return true;
  if (tail->fd >= 0)
    close (tail->fd);
  snprintf (name, sizeof name, "%08u.bj", tail->segment);
  tail->fd = bo_volume_open_file (tail->journal_fd, name, &info);
  return tail->fd >= 0;
}

static bool
has_segment (const Tail *tail, unsigned segment)
{
  char name[32];
  struct stat info = { 0 };

  snprintf (name, sizeof name, "%08u.bj", segment);
  return fstatat (tail->journal_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

/* One message: is it the right one, and is it to be printed? */
static TailTurn
take (Tail *tail, const BoJournalPastMessage *message, const char *data, size_t size)
{
  if (tail->next != 0 && message->number != tail->next)
    return end (tail, bo_volume_problem (BO_COURIER_EXIT_INPUT,
                                         "%08u.bj: message %llu where %llu should be: the journal is damaged",
                                         tail->segment, (unsigned long long) message->number,
                                         (unsigned long long) tail->next));
  if (tail->next == 0 && message->number > tail->from)
    return end (tail, bo_volume_problem (BO_COURIER_EXIT_INPUT,
                                         "the journal begins with message %llu: it is damaged",
                                         (unsigned long long) message->number));
  if (tail->has_sum && message->number == tail->from - 1 && message->sum != tail->sum)
    return end (tail, bo_volume_problem (BO_COURIER_EXIT_INPUT,
                                         "message %llu is another one than the one that was read before",
                                         (unsigned long long) message->number));
  tail->next = message->number + 1;
  tail->at += size;
  tail->has_end = message->type == BO_JOURNAL_END;
  return message->number >= tail->from ? put (tail, data, size) : TAIL_NEWS;
}

/* Reads on in the open segment as far as it has whole messages. */
static TailTurn
read_segment (Tail *tail)
{
  size_t length = 0;
  size_t done = 0;
  TailTurn turn = TAIL_QUIET;

  if (!open_segment (tail))
    return errno == ENOENT ? TAIL_QUIET
                           : end (tail, bo_volume_problem (BO_COURIER_EXIT_INPUT, "%08u.bj: %s",
                                                           tail->segment, strerror (errno)));
  while (length < BO_JOURNAL_SEGMENT_MAX)
    {
      ssize_t n = pread (tail->fd, tail->buffer + length, BO_JOURNAL_SEGMENT_MAX - length,
                         (off_t) (tail->at + length));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return end (
            tail, bo_volume_problem (BO_COURIER_EXIT_INPUT, "%08u.bj: %s", tail->segment, strerror (errno)));
      if (n == 0)
        break;
      length += (size_t) n;
    }
  while (done < length)
    {
      BoJournalPastMessage message = { 0 };
      size_t size = bo_journal_past_check (tail->buffer + done, length - done, tail->at == 0, &message);

      if (size == 0)
        break;
      if (bo_clock_boot_us () >= tail->until_us)
        return end (tail, BO_COURIER_EXIT_OK);
      turn = take (tail, &message, tail->buffer + done, size);
      if (turn == TAIL_OVER)
        return turn;
      done += size;
    }
  return turn;
}

/* Reads what there is now. */
static TailTurn
turn (Tail *tail)
{
  for (;;)
    {
      /* The next segment is begun when nothing more comes into this one: so it is looked for first. */
      bool has_next = has_segment (tail, tail->segment + 1);
      TailTurn what = read_segment (tail);

      if (what != TAIL_QUIET || !has_next)
        return what;
      /* What is left in this one is torn, and was written again into the next. */
      if (tail->fd >= 0)
        close (tail->fd);
      tail->fd = -1;
      tail->segment++;
      tail->at = 0;
    }
}

/* Goes to the last segment that begins at or before the message in front of the first one to be printed. */
static void
seek (Tail *tail)
{
  uint64_t wanted = tail->from > 1 ? tail->from - 1 : 1;
  unsigned best = 0;
  int fd = openat (tail->journal_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry = NULL;

  tail->segment = 1;
  while (folder != NULL && wanted > 1 && (entry = readdir (folder)) != NULL)
    {
      unsigned number = bo_journal_past_segment (entry->d_name);
      struct stat info = { 0 };
      BoJournalPastMessage message = { 0 };
      ssize_t n = 0;
      int segment_fd = number > best ? bo_volume_open_file (tail->journal_fd, entry->d_name, &info) : -1;

      if (segment_fd < 0)
        continue;
      n = bo_volume_read_whole (segment_fd, tail->buffer, BO_JOURNAL_HEADER_SIZE + BO_JOURNAL_PAYLOAD_MAX);
      if (n > 0 && bo_journal_past_check (tail->buffer, (size_t) n, true, &message) > 0
          && message.number <= wanted)
        best = number;
      close (segment_fd);
    }
  if (folder != NULL)
    closedir (folder);
  else if (fd >= 0)
    close (fd);
  if (best > 0)
    tail->segment = best;
}

static void
touch_lease (Tail *tail)
{
  if (bo_clock_boot_us () < tail->next_lease_us)
    return;
  bo_volume_touch_lease (tail->campaign_fd);
  tail->next_lease_us = bo_clock_boot_us () + LEASE_US;
}

/* Waits a moment; false when nobody reads any more. */
static bool
wait_a_moment (Tail *tail)
{
  struct pollfd out = { .fd = STDOUT_FILENO, .events = 0 };
  int64_t left_us = tail->until_us - bo_clock_boot_us ();
  int left_ms = left_us > 0 ? (int) (left_us / 1000) + 1 : 0;

  return poll (&out, 1, left_ms < LOOK_MS ? left_ms : LOOK_MS) <= 0
         || (out.revents & (POLLERR | POLLNVAL)) == 0;
}

static int
follow (Tail *tail)
{
  bool first = true;

  for (;;)
    {
      TailTurn what = TAIL_QUIET;

      touch_lease (tail);
      if (tail->journal_fd < 0)
        {
          tail->journal_fd = bo_volume_open_folder (tail->campaign_fd, "journal");
          if (tail->journal_fd >= 0)
            seek (tail);
          else if (errno != ENOENT)
            return bo_volume_problem (BO_COURIER_EXIT_INPUT, "journal: %s", strerror (errno));
        }
      if (tail->journal_fd >= 0)
        what = turn (tail);
      if (what == TAIL_OVER)
        return tail->status;
      if (what == TAIL_NEWS)
        continue;

      /* Who asks has read up to there: it cannot be that there is less, unless the power was cut before it
       * was on the disk. */
      if (first && tail->from > 1 && tail->next < tail->from)
        return bo_volume_problem (BO_COURIER_EXIT_INPUT,
                                  "the journal has no message %llu, which was read before",
                                  (unsigned long long) tail->from - 1);
      first = false;
      if (tail->has_end && !bo_volume_is_locked (tail->campaign_fd))
        {
          what = turn (tail);
          if (what == TAIL_OVER || (what == TAIL_QUIET && tail->has_end))
            return tail->status;
          continue;
        }
      if (bo_clock_boot_us () >= tail->until_us)
        return BO_COURIER_EXIT_OK;
      if (!wait_a_moment (tail))
        return BO_COURIER_EXIT_FAILED;
    }
}

/* Reads "--after SUM": eight hexadecimal digits. */
static bool
read_sum (const char *text, uint32_t *sum)
{
  uint64_t value = 0;

  if (strlen (text) != 8 || strspn (text, "0123456789abcdef") != 8)
    return false;
  value = strtoul (text, NULL, 16);
  *sum = (uint32_t) value;
  return true;
}

/* A courier that was just started may not have made its folder yet. */
static int
open_campaign (int volume_fd, const char *id)
{
  int64_t until_us = bo_clock_boot_us () + FOLDER_US;

  while (bo_volume_is_id (id) && bo_clock_boot_us () < until_us)
    {
      int campaigns_fd = bo_volume_open_folder (volume_fd, "campaigns");
      int fd = campaigns_fd >= 0 ? bo_volume_open_folder (campaigns_fd, id) : -1;
      int code = errno;

      if (campaigns_fd >= 0)
        close (campaigns_fd);
      if (fd >= 0)
        return fd;
      if (code != ENOENT)
        break;
      poll (NULL, 0, LOOK_MS);
    }
  return bo_volume_open_campaign (volume_fd, id);
}

/* VOLUME ID NUMBER --for SECONDS [--after SUM] */
int
bo_volume_tail (int argc, char **argv)
{
  Tail tail = { .campaign_fd = -1, .journal_fd = -1, .fd = -1, .status = BO_COURIER_EXIT_OK };
  uint64_t seconds = 0;
  int volume_fd = -1;
  int status = BO_COURIER_EXIT_INPUT;

  if (argc == 4 || argc > 7 || strcmp (argv[3], "--for") != 0
      || (argc > 5 && (argc != 7 || strcmp (argv[5], "--after") != 0))
      || !bo_span_to_number ((BoSpan){ argv[2], strlen (argv[2]) }, INT64_MAX, &tail.from) || tail.from == 0
      || !bo_span_to_number ((BoSpan){ argv[4], strlen (argv[4]) }, BO_VOLUME_SECONDS_MAX, &seconds)
      || seconds == 0 || (argc == 7 && (!read_sum (argv[6], &tail.sum) || tail.from == 1)))
    return bo_volume_problem (BO_COURIER_EXIT_USAGE, "tail VOLUME ID NUMBER --for SECONDS [--after SUM]");
  tail.has_sum = argc == 7;
  tail.until_us = bo_clock_boot_us () + (int64_t) seconds * 1000000;
  signal (SIGPIPE, SIG_IGN);

  volume_fd = bo_volume_open (argv[0]);
  tail.campaign_fd = volume_fd >= 0 ? open_campaign (volume_fd, argv[1]) : -1;
  if (tail.campaign_fd >= 0)
    {
      tail.buffer = bo_memory_new (BO_JOURNAL_SEGMENT_MAX);
      status = follow (&tail);
      free (tail.buffer);
      if (tail.fd >= 0)
        close (tail.fd);
      if (tail.journal_fd >= 0)
        close (tail.journal_fd);
      close (tail.campaign_fd);
    }
  if (volume_fd >= 0)
    close (volume_fd);
  return status;
}
