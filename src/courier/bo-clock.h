/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdint.h>

/* Microseconds since 1970, as the machine believes. */
int64_t bo_clock_wall_us (void);

/* Microseconds of this boot, suspends included: for limits and durations. */
int64_t bo_clock_boot_us (void);
