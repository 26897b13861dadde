/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/*
 * The payload of a TELEMETRY message: what the machine was like, once a second
 * while a courier plays, and besides right before and right after a request whose body is a recipe
 * (so that a build of half a second is seen, too). Lines "KEY VALUE..." ending in LF, in any order; what the machine lacks is left out, and a
 * reader passes over keys that it does not know. Numbers are decimal; "cumulative" ones count from the boot on. A NAME
 * has no blanks (an underscore stands for what a NAME cannot hold).
 *
 *   memory TOTAL AVAILABLE        bytes (MemTotal, MemAvailable)
 *   swap TOTAL FREE               bytes
 *   zram DISK USED                bytes, all zram devices together (disksize, mem_used_total)
 *   paging IN OUT                 pages swapped in and out, cumulative (pswpin, pswpout)
 *   oom N                         processes killed for want of memory, cumulative (oom_kill)
 *   load N                        load of the last minute, thousandths
 *   cpu BUSY TOTAL N              jiffies of all processors together, cumulative, and how many there are; BUSY is without
 *                                 waiting for disks and without what a hypervisor gave to others, TOTAL with both
 *   own BUSY                      jiffies of this courier itself, cumulative (what measuring costs)
 *   pressure KIND SOME FULL       cpu, memory, io: microseconds stalled, cumulative ("total=")
 *   temperature NAME N            thousandths of a degree
 *   trip NAME N                   thousandths of a degree: the lowest passive or hot trip point; in the first sample only
 *   throttle NAME N               events, cumulative (soctherm's ocN_event_cnt, the processors' throttle counts)
 *   throttled NAME N              milliseconds, cumulative: how long those of this name lasted, all processors together
 *   turbo 1                       processors can be clocked higher than all of them together hold for long, so that a
 *                                 clock below its limit says nothing; in the first sample only
 *   cooling NAME CURRENT MAX      state of a cooling device
 *   frequency NAME CURRENT MAX    kHz, of processors that share a clock (named after the first, "cpu0") or "gpu". MAX is the
 *                                 limit as it stands: the power mode's, lowered by the kernel when it is too hot
 *   gpu N                         load, thousandths
 *   power NAME N                  milliwatts
 *   disk TOTAL FREE               bytes of the disk that the engine's data are on (free: for users)
 */

#define BO_TELEMETRY_INTERVAL_US 1000000
#define BO_TELEMETRY_PAYLOAD_MAX 16384
#define BO_TELEMETRY_NAME_MAX 39
