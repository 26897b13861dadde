/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-clock.h"

#include <time.h>

static int64_t
read_clock (clockid_t id)
{
  struct timespec now = { 0 };

  clock_gettime (id, &now);
  return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
bo_clock_wall_us (void)
{
  return read_clock (CLOCK_REALTIME);
}

int64_t
bo_clock_boot_us (void)
{
  return read_clock (CLOCK_BOOTTIME);
}
