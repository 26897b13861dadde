/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/*
 * Waits until the folder of the campaign has a script. Returns 0 when it has,
 * else 128 and the number of the signal that came, or -1 when nobody is there any more: the lease was not
 * touched for @wait_seconds, or the user has stopped the campaign before it began.
 */
int bo_volume_wait_for_script (int campaign_fd, unsigned wait_seconds);
