/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <unistd.h>

#include "bo-volume-commands.h"
#include "bo-volume-needs.h"

/* VOLUME ID */
int
bo_volume_missing (int argc, char **argv)
{
  int volume_fd = bo_volume_open (argv[0]);
  int campaign_fd = volume_fd >= 0 ? bo_volume_open_campaign (volume_fd, argv[1]) : -1;
  BoVolumeNeeds needs = { 0 };
  char problem[BO_VOLUME_PROBLEM_SIZE] = "";
  int status = BO_COURIER_EXIT_INPUT;

  if (campaign_fd >= 0)
    {
      bo_volume_touch_lease (campaign_fd);
      if (bo_volume_needs_add_script (&needs, campaign_fd, argv[1], problem))
        {
          bo_volume_needs_tell_missing (&needs, volume_fd);
          status = bo_volume_finish (BO_COURIER_EXIT_OK);
        }
      else
        bo_volume_problem (status, "%s", problem);
      bo_volume_needs_clear (&needs);
      close (campaign_fd);
    }
  if (volume_fd >= 0)
    close (volume_fd);
  return status;
}
