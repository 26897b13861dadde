/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-volume-contents.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bo-journal-past.h"
#include "bo-memory.h"
#include "bo-play-script.h"

#define DEPTH_MAX 40

/* Opens a folder for readdir(); NULL with errno. */
static DIR *
open_dir (int folder_fd, const char *name)
{
  int fd = bo_volume_open_folder (folder_fd, name);
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;

  if (folder == NULL && fd >= 0)
    {
      int code = errno;

      close (fd);
      errno = code;
    }
  return folder;
}

static void
read_folder (BoVolumeFiles *files, DIR *folder, const char *prefix)
{
  struct dirent *entry = NULL;

  while ((entry = readdir (folder)) != NULL)
    {
      BoVolumeFile file = { 0 };
      struct stat info = { 0 };

      if (!bo_sha256_from_text (entry->d_name, strlen (entry->d_name), file.hash)
          || memcmp (entry->d_name, prefix, 2) != 0
          || fstatat (dirfd (folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0
          || !S_ISREG (info.st_mode))
        continue;
      file.size = (uint64_t) info.st_size;
      file.used_s = info.st_mtim.tv_sec;
      file.used_ns = info.st_mtim.tv_nsec;
      files->files = bo_memory_grow (files->files, sizeof file, files->length, &files->room);
      files->files[files->length++] = file;
      files->bytes += file.size;
    }
}

bool
bo_volume_files_read (BoVolumeFiles *files, int volume_fd)
{
  int files_fd = bo_volume_open_folder (volume_fd, "files");
  bool good = true;

  memset (files, 0, sizeof *files);
  if (files_fd < 0)
    return errno == ENOENT;
  for (int i = 0; i < 256 && good; i++)
    {
      char prefix[3];
      DIR *folder = NULL;

      snprintf (prefix, sizeof prefix, "%02x", (unsigned) i);
      folder = open_dir (files_fd, prefix);
      if (folder != NULL)
        {
          read_folder (files, folder, prefix);
          closedir (folder);
        }
      else
        good = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
    }
  close (files_fd);
  return good;
}

void
bo_volume_files_clear (BoVolumeFiles *files)
{
  free (files->files);
  memset (files, 0, sizeof *files);
}

static uint64_t
measure (int folder_fd, int depth)
{
  DIR *folder = open_dir (folder_fd, ".");
  struct dirent *entry = NULL;
  uint64_t bytes = 0;

  while (folder != NULL && (entry = readdir (folder)) != NULL)
    {
      struct stat info = { 0 };

      if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0
          || fstatat (dirfd (folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        continue;
      if (S_ISREG (info.st_mode))
        bytes += (uint64_t) info.st_size;
      else if (S_ISDIR (info.st_mode) && depth < DEPTH_MAX)
        {
          int fd = bo_volume_open_folder (dirfd (folder), entry->d_name);

          if (fd >= 0)
            {
              bytes += measure (fd, depth + 1);
              close (fd);
            }
        }
    }
  if (folder != NULL)
    closedir (folder);
  return bytes;
}

uint64_t
bo_volume_measure (int folder_fd)
{
  return measure (folder_fd, 0);
}

/* The last message that is whole, and how it stands. */
typedef struct
{
  bool any;
  bool final;
} Last;

static void
last_cb (const BoJournalPastMessage *message, void *user_data)
{
  Last *last = user_data;

  last->any = true;
  last->final = bo_journal_past_is_final (message);
}

/* The number of the last segment; 0 when there is none. */
static unsigned
find_last_segment (int journal_fd)
{
  DIR *folder = open_dir (journal_fd, ".");
  struct dirent *entry = NULL;
  unsigned last = 0;

  while (folder != NULL && (entry = readdir (folder)) != NULL)
    {
      unsigned segment = bo_journal_past_segment (entry->d_name);

      last = segment > last ? segment : last;
    }
  if (folder != NULL)
    closedir (folder);
  return last;
}

/* Looks into the last segment, or into those before it as long as there is no whole message. */
static void
read_last (int journal_fd, Last *last)
{
  char *data = bo_memory_new (BO_JOURNAL_SEGMENT_MAX);

  for (unsigned segment = find_last_segment (journal_fd); segment > 0 && !last->any; segment--)
    {
      char name[32];
      struct stat info = { 0 };
      BoJournalPastMessage message = { 0 };
      ssize_t n = 0;
      int fd = -1;

      snprintf (name, sizeof name, "%08u.bj", segment);
      fd = bo_volume_open_file (journal_fd, name, &info);
      if (fd < 0)
        break;
      n = bo_volume_read_whole (fd, data, BO_JOURNAL_SEGMENT_MAX);
      close (fd);
      if (n > 0 && bo_journal_past_check (data, (size_t) n, true, &message) > 0)
        bo_journal_past_parse (data, (size_t) n, &message.number, last_cb, last);
    }
  free (data);
}

BoVolumeState
bo_volume_read_state (int campaign_fd)
{
  bool locked = bo_volume_is_locked (campaign_fd);
  int journal_fd = bo_volume_open_folder (campaign_fd, "journal");
  Last last = { 0 };

  if (journal_fd >= 0)
    {
      read_last (journal_fd, &last);
      close (journal_fd);
    }
  if (locked)
    return last.any ? BO_VOLUME_PLAYING : BO_VOLUME_WAITING;
  if (last.final)
    return BO_VOLUME_ENDED;
  return last.any ? BO_VOLUME_UNFINISHED : BO_VOLUME_WAITING;
}

bool
bo_volume_each_campaign (int volume_fd, BoVolumeCampaignFunc func, void *user_data)
{
  DIR *folder = open_dir (volume_fd, "campaigns");
  struct dirent *entry = NULL;

  if (folder == NULL)
    return errno == ENOENT;
  while ((entry = readdir (folder)) != NULL)
    {
      int fd = bo_volume_is_id (entry->d_name) ? bo_volume_open_folder (dirfd (folder), entry->d_name) : -1;

      if (fd < 0)
        continue;
      func (fd, entry->d_name, user_data);
      close (fd);
    }
  closedir (folder);
  return true;
}
