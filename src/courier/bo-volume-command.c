/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bo-volume-commands.h"
#include "bo-volume.h"

#define STOP_NOW "stop-now\n"
#define STOP_AFTER_TRIAL "stop-after-trial\n"

/* Whether the campaign is being stopped at once already; that is not taken back. */
static bool
is_stopped_now (int campaign_fd)
{
  size_t length = 0;
  char *text = bo_volume_read_file (campaign_fd, "command", 64, &length);
  bool now = text != NULL && length == strlen (STOP_NOW) && memcmp (text, STOP_NOW, length) == 0;

  free (text);
  return now;
}

/* VOLUME ID stop-now|stop-after-trial */
int
bo_volume_command (int argc, char **argv)
{
  bool now = strcmp (argv[2], "stop-now") == 0;
  const char *text = now ? STOP_NOW : STOP_AFTER_TRIAL;
  int volume_fd = -1;
  int campaign_fd = -1;
  int status = BO_COURIER_EXIT_INPUT;

  if (!now && strcmp (argv[2], "stop-after-trial") != 0)
    return bo_volume_problem (BO_COURIER_EXIT_USAGE, "the command is stop-now or stop-after-trial, not “%s”",
                              argv[2]);
  volume_fd = bo_volume_open (argv[0]);
  campaign_fd = volume_fd >= 0 ? bo_volume_open_campaign (volume_fd, argv[1]) : -1;
  if (campaign_fd >= 0)
    {
      status = BO_COURIER_EXIT_OK;
      if ((now || !is_stopped_now (campaign_fd))
          && !bo_volume_write_file (campaign_fd, "command", text, strlen (text)))
        status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "command: %s", strerror (errno));
      bo_volume_touch_lease (campaign_fd);
      close (campaign_fd);
    }
  if (volume_fd >= 0)
    close (volume_fd);
  return status;
}
