/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-volume-wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "bo-attention.h"
#include "bo-volume.h"

#define LOOK_MS 100

/*
 * Time while the machine is awake. The lease's own time is only compared with
 * itself: a device without a battery for its clock begins in 1970, and jumps when it
 * has found a network.
 */
static int64_t
read_clock_us (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool
has_file (int folder_fd, const char *name)
{
  struct stat info = { 0 };

  return fstatat (folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (info.st_mode);
}

/* The command file, which only "play" would look at otherwise. */
static bool
is_stopped (int folder_fd)
{
  size_t length = 0;
  char *text = bo_volume_read_file (folder_fd, "command", 32, &length);
  bool stopped = text != NULL
                 && ((length == 9 && memcmp (text, "stop-now\n", 9) == 0)
                     || (length == 17 && memcmp (text, "stop-after-trial\n", 17) == 0));

  free (text);
  return stopped;
}

int
bo_volume_wait_for_script (int campaign_fd, unsigned wait_seconds)
{
  int signal_fd = bo_attention_hold_signals ();
  struct timespec touched = { 0 };
  int64_t since_us = read_clock_us ();
  int result = 0;

  while (!has_file (campaign_fd, "script"))
    {
      struct pollfd poll_fd = { .fd = signal_fd, .events = POLLIN };
      struct signalfd_siginfo signal;
      struct stat lease = { 0 };

      if (poll (&poll_fd, 1, LOOK_MS) > 0 && read (signal_fd, &signal, sizeof signal) == sizeof signal)
        {
          result = 128 + (int) signal.ssi_signo;
          break;
        }
      if (fstatat (campaign_fd, "lease", &lease, AT_SYMLINK_NOFOLLOW) == 0
          && (lease.st_mtim.tv_sec != touched.tv_sec || lease.st_mtim.tv_nsec != touched.tv_nsec))
        {
          touched = lease.st_mtim;
          since_us = read_clock_us ();
        }
      /* One that has come in this very moment is played. */
      if ((read_clock_us () - since_us >= (int64_t) wait_seconds * 1000000 || is_stopped (campaign_fd))
          && !has_file (campaign_fd, "script"))
        {
          result = -1;
          break;
        }
    }
  if (signal_fd >= 0)
    close (signal_fd);
  return result;
}
