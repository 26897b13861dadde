/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-journal-mirror"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "bo-journal-format.h"
#include "journal/bo-journal-mirror.h"
#include "journal/bo-journal-reader.h"

struct _BoJournalMirror
{
  char *folder;
  int folder_fd;    /* holds the lock */
  guint segment;    /* number of the file that messages go to; 0: none yet */
  int fd;           /* of it, or -1: opened when the first message goes there */
  gint64 size;      /* bytes of its whole messages */
  guint n_files;    /* segment files that were there at the begin, torn ones too */
  guint64 last;     /* number of the last message, or 0 */
  guint32 last_sum; /* its checksum */
  guint64 seen;     /* the highest number that was fed */
  gboolean has_end; /* it is an END */
  GByteArray *rest; /* of what was fed: the begin of a message */
  GByteArray *out;  /* whole messages for the file */
  GError *broken;
};

typedef enum
{
  LOOK_MESSAGE,
  LOOK_SHORT, /* the bytes that are there could be the begin of a message */
  LOOK_BAD,   /* they cannot */
} Look;

typedef struct
{
  guint type;
  guint64 number;
  guint32 sum;
  gsize size;
} Seen;

static guint32
get32 (const guint8 *p)
{
  return (guint32) p[0] | (guint32) p[1] << 8 | (guint32) p[2] << 16 | (guint32) p[3] << 24;
}

static guint64
get64 (const guint8 *p)
{
  return (guint64) get32 (p) | (guint64) get32 (p + 4) << 32;
}

static Look
look (const guint8 *p, gsize have, Seen *seen, const char **why)
{
  guint8 zeroed[BO_JOURNAL_HEADER_SIZE];
  guint32 length;
  guint32 crc;

  if (memcmp (p, BO_JOURNAL_MAGIC, MIN (have, 4)) != 0)
    {
      *why = _ ("no message begins where one should");
      return LOOK_BAD;
    }
  if (have < BO_JOURNAL_HEADER_SIZE)
    return LOOK_SHORT;
  length = get32 (p + 36);
  if (length > BO_JOURNAL_PAYLOAD_MAX)
    {
      *why = _ ("the length of a message is out of bounds");
      return LOOK_BAD;
    }
  if (have < BO_JOURNAL_HEADER_SIZE + (gsize) length)
    return LOOK_SHORT;

  memcpy (zeroed, p, sizeof zeroed);
  memset (zeroed + 40, 0, 4);
  crc = bo_journal_crc32 (0, zeroed, sizeof zeroed);
  crc = bo_journal_crc32 (crc, p + BO_JOURNAL_HEADER_SIZE, length);
  if (crc != get32 (p + 40))
    {
      *why = _ ("the checksum of a message is wrong");
      return LOOK_BAD;
    }
  if (get64 (p + 16) >= BO_JOURNAL_STAMP_MAX || get64 (p + 24) >= BO_JOURNAL_STAMP_MAX)
    {
      *why = _ ("the time of a message is out of bounds");
      return LOOK_BAD;
    }
  seen->type = (guint) p[4] | (guint) p[5] << 8;
  seen->sum = crc;
  seen->number = get64 (p + 8);
  seen->size = BO_JOURNAL_HEADER_SIZE + length;
  return LOOK_MESSAGE;
}

static void
segment_name (guint segment, char name[32])
{
  g_snprintf (name, 32, "%08u.bj", segment);
}

static gboolean G_GNUC_PRINTF (4, 5)
    fail (BoJournalMirror *mirror, GError **error, BoJournalError code, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_clear_error (&mirror->broken);
  g_set_error (&mirror->broken, BO_JOURNAL_ERROR, (int) code, _ ("The journal cannot be copied to %s: %s"),
               mirror->folder, text);
  if (error != NULL)
    *error = g_error_copy (mirror->broken);
  return FALSE;
}

/* Finds the last whole message of segment @number; FALSE when there is none. */
static gboolean
scan_segment (BoJournalMirror *mirror, guint number)
{
  g_autofree guint8 *bytes = g_malloc (BO_JOURNAL_SEGMENT_MAX);
  char name[32];
  gsize length = 0;
  gsize offset = 0;
  Seen seen;
  const char *why;
  int fd;

  segment_name (number, name);
  fd = openat (mirror->folder_fd, name, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  while (length < BO_JOURNAL_SEGMENT_MAX)
    {
      ssize_t n = read (fd, bytes + length, BO_JOURNAL_SEGMENT_MAX - length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      length += (gsize) n;
    }
  close (fd);

  while (offset < length && look (bytes + offset, length - offset, &seen, &why) == LOOK_MESSAGE)
    {
      /* What follows a number that cannot be right is fetched anew. */
      if (seen.number == 0 || (offset > 0 && seen.number != mirror->last + 1)
          || (offset == 0) != (seen.type == BO_JOURNAL_SEGMENT))
        break;
      offset += seen.size;
      mirror->last = seen.number;
      mirror->last_sum = seen.sum;
      mirror->has_end = seen.type == BO_JOURNAL_END;
    }
  if (offset == 0)
    return FALSE;
  mirror->segment = number;
  mirror->size = (gint64) offset;
  return TRUE;
}

/**
 * bo_journal_mirror_new:
 * @folder: folder of the copy, made when it is missing
 * @error: return location for an error
 *
 * Looks what is there. Nothing is changed before the first new message comes:
 * then what is torn behind the last whole message goes.
 *
 * Returns: (transfer full) (nullable): a mirror
 */
BoJournalMirror *
bo_journal_mirror_new (const char *folder, GError **error)
{
  g_autoptr (BoJournalMirror) mirror = NULL;
  char name[32];

  g_return_val_if_fail (folder != NULL, NULL);

  mirror = g_new0 (BoJournalMirror, 1);
  mirror->folder = g_strdup (folder);
  mirror->fd = -1;
  mirror->rest = g_byte_array_new ();
  mirror->out = g_byte_array_new ();
  mirror->folder_fd
      = g_mkdir_with_parents (folder, 0700) == 0 ? open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (mirror->folder_fd < 0)
    {
      fail (mirror, error, BO_JOURNAL_ERROR_WRITE, "%s", g_strerror (errno));
      return NULL;
    }
  if (flock (mirror->folder_fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno == EWOULDBLOCK)
        fail (mirror, error, BO_JOURNAL_ERROR_BUSY, "%s", _ ("another program does that now"));
      else
        fail (mirror, error, BO_JOURNAL_ERROR_WRITE, "%s", g_strerror (errno));
      return NULL;
    }

  for (;;)
    {
      segment_name (mirror->n_files + 1, name);
      if (faccessat (mirror->folder_fd, name, F_OK, 0) != 0)
        break;
      mirror->n_files++;
    }
  for (guint number = mirror->n_files; number > 0 && !scan_segment (mirror, number); number--)
    ;
  return g_steal_pointer (&mirror);
}

/**
 * bo_journal_mirror_free:
 * @mirror: (transfer full) (nullable): a mirror
 */
void
bo_journal_mirror_free (BoJournalMirror *mirror)
{
  if (mirror == NULL)
    return;
  if (mirror->fd >= 0)
    close (mirror->fd);
  if (mirror->folder_fd >= 0)
    close (mirror->folder_fd);
  g_byte_array_unref (mirror->rest);
  g_byte_array_unref (mirror->out);
  g_clear_error (&mirror->broken);
  g_free (mirror->folder);
  g_free (mirror);
}

/**
 * bo_journal_mirror_get_last_number:
 *
 * Returns: the number of the last message that is in the copy, or 0
 */
guint64
bo_journal_mirror_get_last_number (const BoJournalMirror *mirror)
{
  g_return_val_if_fail (mirror != NULL, 0);

  return mirror->last;
}

/**
 * bo_journal_mirror_get_last_sum:
 *
 * Returns: the checksum of the last message, by which the original is known to be the same
 */
guint32
bo_journal_mirror_get_last_sum (const BoJournalMirror *mirror)
{
  g_return_val_if_fail (mirror != NULL, 0);

  return mirror->last_sum;
}

/**
 * bo_journal_mirror_get_seen_number:
 *
 * Returns: the highest number that was fed since the mirror was made, or 0
 */
guint64
bo_journal_mirror_get_seen_number (const BoJournalMirror *mirror)
{
  g_return_val_if_fail (mirror != NULL, 0);

  return mirror->seen;
}

/**
 * bo_journal_mirror_get_segment:
 *
 * Returns: the number of the copy's last segment, or 0. The same message is in the
 *   original's segment of that number or in a later one: the original has also those that were torn at once.
 */
guint
bo_journal_mirror_get_segment (const BoJournalMirror *mirror)
{
  g_return_val_if_fail (mirror != NULL, 0);

  return mirror->segment;
}

/**
 * bo_journal_mirror_has_end:
 *
 * Returns: whether the last message so far is the one by which a courier ends
 */
gboolean
bo_journal_mirror_has_end (const BoJournalMirror *mirror)
{
  g_return_val_if_fail (mirror != NULL, FALSE);

  return mirror->has_end;
}

/**
 * bo_journal_mirror_restart:
 *
 * Begins another run of bytes, which begins with a whole message. The torn one
 * that the last run may have ended with is dropped.
 */
void
bo_journal_mirror_restart (BoJournalMirror *mirror)
{
  g_return_if_fail (mirror != NULL);

  g_byte_array_set_size (mirror->rest, 0);
}

/* Opens the segment that the copy goes on in, without what is torn at its end and behind it. */
static gboolean
open_segment (BoJournalMirror *mirror, GError **error)
{
  char name[32];

  for (guint number = mirror->n_files; number > mirror->segment; number--)
    {
      segment_name (number, name);
      unlinkat (mirror->folder_fd, name, 0);
    }
  mirror->n_files = mirror->segment;
  if (mirror->segment == 0)
    return TRUE;
  segment_name (mirror->segment, name);
  mirror->fd = openat (mirror->folder_fd, name, O_WRONLY | O_CLOEXEC);
  if (mirror->fd < 0 || ftruncate (mirror->fd, mirror->size) != 0
      || lseek (mirror->fd, mirror->size, SEEK_SET) < 0)
    return fail (mirror, error, BO_JOURNAL_ERROR_WRITE, "%s: %s", name, g_strerror (errno));
  return TRUE;
}

/* Writes what is collected; of what cannot be written whole nothing stays. */
static gboolean
write_out (BoJournalMirror *mirror, GError **error)
{
  gsize done = 0;

  while (done < mirror->out->len)
    {
      ssize_t n = write (mirror->fd, mirror->out->data + done, mirror->out->len - done);
      int code = n < 0 ? errno : ENOSPC;

      if (n < 0 && code == EINTR)
        continue;
      if (n <= 0)
        {
          if (ftruncate (mirror->fd, mirror->size - mirror->out->len) != 0)
            g_debug ("%s: a torn message stays: %s", mirror->folder, g_strerror (errno));
          return fail (mirror, error, BO_JOURNAL_ERROR_WRITE, "%s", g_strerror (code));
        }
      done += (gsize) n;
    }
  g_byte_array_set_size (mirror->out, 0);
  return TRUE;
}

/* The one before is on the disk first: a gap in the middle would be damage. */
static gboolean
begin_segment (BoJournalMirror *mirror, GError **error)
{
  char name[32];

  if (mirror->fd >= 0)
    {
      if (fdatasync (mirror->fd) != 0)
        return fail (mirror, error, BO_JOURNAL_ERROR_WRITE, "%s", g_strerror (errno));
      close (mirror->fd);
    }
  mirror->segment++;
  mirror->n_files = mirror->segment;
  mirror->size = 0;
  segment_name (mirror->segment, name);
  mirror->fd = openat (mirror->folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (mirror->fd < 0)
    return fail (mirror, error, BO_JOURNAL_ERROR_WRITE, "%s: %s", name, g_strerror (errno));
  return TRUE;
}

static gboolean
take (BoJournalMirror *mirror, const guint8 *message, const Seen *seen, GError **error)
{
  if (seen->number == 0 || seen->number > mirror->last + 1)
    return fail (mirror, error, BO_JOURNAL_ERROR_DAMAGED,
                 _ ("message %" PRIu64 " came where message %" PRIu64 " should"),
                 seen->number, mirror->last + 1);
  mirror->seen = MAX (mirror->seen, seen->number);
  if (seen->number == mirror->last && seen->sum != mirror->last_sum)
    return fail (mirror, error, BO_JOURNAL_ERROR_DIVERGED,
                 _ ("message %" PRIu64 " is another one now"), seen->number);
  if (seen->number <= mirror->last)
    return TRUE;

  if (mirror->fd < 0 && !open_segment (mirror, error))
    return FALSE;
  if (seen->type == BO_JOURNAL_SEGMENT)
    {
      if (!write_out (mirror, error) || !begin_segment (mirror, error))
        return FALSE;
    }
  else if (mirror->segment == 0)
    return fail (mirror, error, BO_JOURNAL_ERROR_DAMAGED, "%s", _ ("no segment begins where one should"));
  if (mirror->size + (gint64) seen->size > BO_JOURNAL_SEGMENT_MAX)
    return fail (mirror, error, BO_JOURNAL_ERROR_DAMAGED, "%s", _ ("a segment is longer than it may be"));

  g_byte_array_append (mirror->out, message, (guint) seen->size);
  mirror->size += (gint64) seen->size;
  mirror->last = seen->number;
  mirror->last_sum = seen->sum;
  mirror->has_end = seen->type == BO_JOURNAL_END;
  return TRUE;
}

/* Takes the whole messages at the begin of @data; answers with the bytes that they have, or -1. */
static gssize
take_all (BoJournalMirror *mirror, const guint8 *data, gsize length, gboolean may_be_torn, GError **error)
{
  gsize offset = 0;

  while (offset < length)
    {
      const char *why = NULL;
      Seen seen;
      Look found = look (data + offset, length - offset, &seen, &why);

      if (found == LOOK_SHORT || (found == LOOK_BAD && may_be_torn))
        break;
      if (found == LOOK_BAD)
        {
          fail (mirror, error, BO_JOURNAL_ERROR_DAMAGED, _ ("behind message %" PRIu64 ": %s"),
                mirror->last, why);
          return -1;
        }
      if (!take (mirror, data + offset, &seen, error))
        return -1;
      offset += seen.size;
    }
  return (gssize) offset;
}

static gboolean
is_broken (const BoJournalMirror *mirror, GError **error)
{
  if (mirror->broken != NULL && error != NULL)
    *error = g_error_copy (mirror->broken);
  return mirror->broken != NULL;
}

/* Writes what was taken, also what came before a damaged message. */
static gboolean
end_feed (BoJournalMirror *mirror, gssize taken, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (taken >= 0)
    return write_out (mirror, error);
  /* Nothing is said when that fails too: the damage is the reason. */
  if (mirror->broken->code != BO_JOURNAL_ERROR_WRITE && mirror->out->len > 0)
    {
      reason = g_steal_pointer (&mirror->broken);
      if (write_out (mirror, NULL))
        mirror->broken = g_steal_pointer (&reason);
    }
  return FALSE;
}

/**
 * bo_journal_mirror_feed:
 * @mirror: a mirror
 * @data: (array length=length): the bytes that came next, cut anywhere
 * @error: return location for an error
 *
 * The whole messages among them are in the files when this returns, those
 * before a damaged one too. After an error nothing more is taken.
 *
 * Returns: whether they are right
 */
gboolean
bo_journal_mirror_feed (BoJournalMirror *mirror, const guint8 *data, gsize length, GError **error)
{
  gssize taken = 0;

  g_return_val_if_fail (mirror != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  if (is_broken (mirror, error))
    return FALSE;

  /* What began in an earlier piece is completed with no more than it needs, so that nothing is copied twice.
   */
  while (mirror->rest->len > 0 && length > 0)
    {
      gsize want = BO_JOURNAL_HEADER_SIZE;
      gsize n;

      if (mirror->rest->len >= BO_JOURNAL_HEADER_SIZE)
        want += MIN (get32 (mirror->rest->data + 36), BO_JOURNAL_PAYLOAD_MAX);
      n = MIN (length, MAX (want, mirror->rest->len + 1) - mirror->rest->len);
      g_byte_array_append (mirror->rest, data, (guint) n);
      data += n;
      length -= n;
      taken = take_all (mirror, mirror->rest->data, mirror->rest->len, FALSE, error);
      if (taken < 0)
        break;
      if (taken > 0)
        g_byte_array_set_size (mirror->rest, 0);
    }
  if (taken >= 0 && length > 0)
    {
      taken = take_all (mirror, data, length, FALSE, error);
      if (taken >= 0)
        g_byte_array_append (mirror->rest, data + taken, (guint) (length - (gsize) taken));
    }
  return end_feed (mirror, taken, error);
}

/**
 * bo_journal_mirror_feed_segment:
 * @mirror: a mirror
 * @data: (array length=length): a whole segment file of the original
 * @error: return location for an error
 *
 * What is no message at the end of a segment was torn when its courier died. If
 * instead it was damaged, the next segment begins with too high a number, which is an error then.
 *
 * Returns: whether it goes on from what is there
 */
gboolean
bo_journal_mirror_feed_segment (BoJournalMirror *mirror, const guint8 *data, gsize length, GError **error)
{
  g_return_val_if_fail (mirror != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  if (is_broken (mirror, error))
    return FALSE;
  bo_journal_mirror_restart (mirror);
  return end_feed (mirror, take_all (mirror, data, length, TRUE, error), error);
}

/**
 * bo_journal_mirror_flush:
 *
 * Returns: whether everything so far is on the disk
 */
gboolean
bo_journal_mirror_flush (BoJournalMirror *mirror, GError **error)
{
  g_return_val_if_fail (mirror != NULL, FALSE);

  if (mirror->fd < 0)
    return TRUE;
  if (fdatasync (mirror->fd) != 0 || fsync (mirror->folder_fd) != 0)
    return fail (mirror, error, BO_JOURNAL_ERROR_WRITE, "%s", g_strerror (errno));
  return TRUE;
}

/**
 * bo_journal_mirror_set_aside:
 * @folder: folder of a copy that no mirror is at
 * @error: return location for an error
 *
 * Gives a copy that is no longer one another name, for who wants to know what was lost.
 *
 * Returns: whether @folder is free for another copy
 */
gboolean
bo_journal_mirror_set_aside (const char *folder, GError **error)
{
  g_return_val_if_fail (folder != NULL, FALSE);

  for (guint i = 1;; i++)
    {
      g_autofree char *aside = g_strdup_printf ("%s.lost-%u", folder, i);

      if (g_file_test (aside, G_FILE_TEST_EXISTS))
        continue;
      if (g_rename (folder, aside) == 0 || errno == ENOENT)
        return TRUE;
      g_set_error (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_WRITE, _ ("The folder %s cannot be renamed: %s"),
                   folder, g_strerror (errno));
      return FALSE;
    }
}
