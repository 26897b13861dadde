/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bo-volume-commands.h"
#include "bo-volume-needs.h"

/* Makes script.new the script. */
static int
begin (int volume_fd, int campaign_fd)
{
  /* The contents and the recipes first: a script that is there is played, also after the power was cut. */
  if (syncfs (volume_fd) != 0)
    return bo_volume_problem (BO_COURIER_EXIT_FAILED, "the disk: %s", strerror (errno));
  if (renameat (campaign_fd, "script.new", campaign_fd, "script") != 0)
    return bo_volume_problem (BO_COURIER_EXIT_FAILED, "script: %s", strerror (errno));
  if (fsync (campaign_fd) != 0)
    return bo_volume_problem (BO_COURIER_EXIT_FAILED, "script: %s", strerror (errno));
  puts ("begun");
  return BO_COURIER_EXIT_OK;
}

/* VOLUME ID */
int
bo_volume_begin (int argc, char **argv)
{
  int volume_fd = bo_volume_open (argv[0]);
  int campaign_fd = volume_fd >= 0 ? bo_volume_open_campaign (volume_fd, argv[1]) : -1;
  BoVolumeNeeds needs = { 0 };
  char problem[BO_VOLUME_PROBLEM_SIZE] = "";
  struct stat info = { 0 };
  int status = BO_COURIER_EXIT_INPUT;

  if (campaign_fd < 0)
    goto out;
  bo_volume_touch_lease (campaign_fd);
  if (fstatat (campaign_fd, "script", &info, AT_SYMLINK_NOFOLLOW) == 0)
    {
      if (S_ISREG (info.st_mode))
        {
          puts ("begun");
          status = BO_COURIER_EXIT_OK;
        }
      else
        bo_volume_problem (status, "script: it is no regular file");
    }
  else if (!bo_volume_needs_add_script (&needs, campaign_fd, argv[1], problem))
    bo_volume_problem (status, "%s", problem);
  else if (bo_volume_needs_tell_missing (&needs, volume_fd) == 0)
    status = begin (volume_fd, campaign_fd);
  bo_volume_needs_clear (&needs);
  close (campaign_fd);
  status = bo_volume_finish (status);

out:
  if (volume_fd >= 0)
    close (volume_fd);
  return status;
}
