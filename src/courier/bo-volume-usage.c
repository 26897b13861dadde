/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bo-volume-commands.h"
#include "bo-volume-contents.h"

/* The files that lie in incoming/ itself, whatever they are. */
static bool
print_incoming (int volume_fd)
{
  int fd = bo_volume_open_folder (volume_fd, "incoming");
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry = NULL;
  uint64_t bytes = 0;
  uint64_t n = 0;

  if (folder == NULL && errno != ENOENT)
    return false;
  while (folder != NULL && (entry = readdir (folder)) != NULL)
    {
      struct stat info = { 0 };

      if (fstatat (fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG (info.st_mode))
        continue;
      n++;
      bytes += (uint64_t) info.st_size;
    }
  if (folder != NULL)
    closedir (folder);
  printf ("incoming %llu %llu\n", (unsigned long long) n, (unsigned long long) bytes);
  return true;
}

static void
print_campaign (int campaign_fd, const char *id, void *user_data)
{
  static const char *const words[] = { "waiting", "playing", "unfinished", "ended" };

  printf ("campaign %s %llu %s\n", id, (unsigned long long) bo_volume_measure (campaign_fd),
          words[bo_volume_read_state (campaign_fd)]);
}

/* VOLUME */
int
bo_volume_usage (int argc, char **argv)
{
  int volume_fd = bo_volume_open (argv[0]);
  BoVolumeFiles files = { 0 };
  int status = BO_COURIER_EXIT_OK;

  if (volume_fd < 0)
    return BO_COURIER_EXIT_INPUT;
  if (bo_volume_files_read (&files, volume_fd))
    printf ("contents %llu %llu\n", (unsigned long long) files.length, (unsigned long long) files.bytes);
  else
    status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "files: %s", strerror (errno));
  if (status == BO_COURIER_EXIT_OK && !print_incoming (volume_fd))
    status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "incoming: %s", strerror (errno));
  if (status == BO_COURIER_EXIT_OK && !bo_volume_each_campaign (volume_fd, print_campaign, NULL))
    status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "campaigns: %s", strerror (errno));
  bo_volume_files_clear (&files);
  close (volume_fd);
  return bo_volume_finish (status);
}
