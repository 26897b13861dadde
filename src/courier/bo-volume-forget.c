/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "bo-volume-commands.h"
#include "bo-volume.h"

/* A folder that is being removed; no campaign's id begins with a point. */
#define GONE ".gone-"

/* Removes what earlier ones that were killed left. */
static int
remove_gone (int campaigns_fd)
{
  int fd = openat (campaigns_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry = NULL;
  uint64_t bytes = 0;
  int status = BO_COURIER_EXIT_OK;

  if (folder == NULL)
    {
      status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "campaigns: %s", strerror (errno));
      if (fd >= 0)
        close (fd);
      return status;
    }
  while (status == BO_COURIER_EXIT_OK && (entry = readdir (folder)) != NULL)
    {
      if (strncmp (entry->d_name, GONE, strlen (GONE)) == 0
          && !bo_volume_remove_tree (campaigns_fd, entry->d_name, &bytes))
        status
            = bo_volume_problem (BO_COURIER_EXIT_FAILED, "campaigns/%s: %s", entry->d_name, strerror (errno));
    }
  closedir (folder);
  return status;
}

/* Renames the folder, so that it goes all at once, unless a courier has the lock, which is held meanwhile. */
static int
take_away (int campaigns_fd, int campaign_fd, const char *id)
{
  char gone[sizeof GONE + BO_SCRIPT_ID_MAX];
  int lock_fd
      = openat (campaign_fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
  int status = BO_COURIER_EXIT_OK;

  snprintf (gone, sizeof gone, "%s%s", GONE, id);
  if (lock_fd >= 0 && flock (lock_fd, LOCK_EX | LOCK_NB) != 0)
    status = bo_volume_problem (errno == EWOULDBLOCK ? BO_COURIER_EXIT_LOCKED : BO_COURIER_EXIT_FAILED,
                                "campaigns/%s/lock: %s", id,
                                errno == EWOULDBLOCK ? "a courier plays this campaign" : strerror (errno));
  else if (renameat (campaigns_fd, id, campaigns_fd, gone) != 0)
    status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "campaigns/%s: %s", id, strerror (errno));
  if (lock_fd >= 0)
    close (lock_fd);
  return status;
}

/* VOLUME ID */
int
bo_volume_forget (int argc, char **argv)
{
  int volume_fd = -1;
  int campaigns_fd = -1;
  int campaign_fd = -1;
  int status = BO_COURIER_EXIT_OK;

  if (!bo_volume_is_id (argv[1]))
    return bo_volume_problem (BO_COURIER_EXIT_INPUT, "“%s” is no id of a campaign", argv[1]);
  volume_fd = bo_volume_open (argv[0]);
  if (volume_fd < 0)
    return BO_COURIER_EXIT_INPUT;
  campaigns_fd = bo_volume_open_folder (volume_fd, "campaigns");
  if (campaigns_fd < 0 && errno != ENOENT)
    status = bo_volume_problem (BO_COURIER_EXIT_INPUT, "campaigns: %s", strerror (errno));
  if (campaigns_fd >= 0)
    {
      status = remove_gone (campaigns_fd);
      campaign_fd = bo_volume_open_folder (campaigns_fd, argv[1]);
      if (campaign_fd < 0 && errno != ENOENT)
        status = bo_volume_problem (BO_COURIER_EXIT_INPUT, "campaigns/%s: %s", argv[1], strerror (errno));
    }
  if (status == BO_COURIER_EXIT_OK && campaign_fd >= 0)
    {
      status = take_away (campaigns_fd, campaign_fd, argv[1]);
      if (status == BO_COURIER_EXIT_OK)
        status = remove_gone (campaigns_fd);
    }
  if (status == BO_COURIER_EXIT_OK)
    puts (campaign_fd >= 0 ? "forgotten" : "none");
  if (campaign_fd >= 0)
    close (campaign_fd);
  if (campaigns_fd >= 0)
    close (campaigns_fd);
  close (volume_fd);
  return bo_volume_finish (status);
}
