/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdint.h>

/*
 * The journal: what the courier did and what the engine answered, raw, each
 * message numbered and stamped. The courier writes it, the core reads it
 * (src/core/journal); this header is all that they share, and needs libc alone.
 *
 * A journal is a folder of segments, 00000001.bj, 00000002.bj, ..., each at
 * most BO_JOURNAL_SEGMENT_MAX bytes. A segment begins with a SEGMENT message and
 * is never changed once the next one exists. Message numbers run on from one
 * segment to the next, from 1, without a gap, also when a courier goes on
 * after a restart. A torn message can only be the very last: a reader stops there,
 * and a courier that goes on begins a new segment.
 *
 * A message is a header of BO_JOURNAL_HEADER_SIZE bytes, all little-endian,
 * and then its payload:
 *
 *   offset  size
 *        0     4  magic "BJ01"
 *        4     2  type (BoJournalType)
 *        6     2  0
 *        8     8  number of the message
 *       16     8  wall clock, microseconds since 1970 (CLOCK_REALTIME)
 *       24     8  monotonic clock, microseconds (CLOCK_BOOTTIME: goes on in a suspend)
 *       32     4  number of the request in the script that it belongs to, or 0
 *       36     4  length of the payload, at most BO_JOURNAL_PAYLOAD_MAX
 *       40     4  CRC-32 (as in zlib, PNG) over the header with this field 0, then the payload
 *       44     4  0
 */

#define BO_JOURNAL_MAGIC "BJ01"
#define BO_JOURNAL_HEADER_SIZE 48
#define BO_JOURNAL_SEGMENT_MAX (4u * 1024 * 1024)
#define BO_JOURNAL_PAYLOAD_MAX (256u * 1024)
/* Both clocks are at least 0 and below this (the year 2255), so that readers can add and subtract them. */
#define BO_JOURNAL_STAMP_MAX (INT64_C (1) << 53)

typedef enum
{
  /* First in each segment. Lines "KEY VALUE": boot (boot id), courier (version),
   * campaign (id), place ("local" or "device"), pid. */
  BO_JOURNAL_SEGMENT = 1,
  /* A courier began to play. "begin" or "resume". */
  BO_JOURNAL_START = 2,
  /* A chain begins: its id. */
  BO_JOURNAL_CHAIN = 3,
  /* A chain has ended: "done", "cut engine", "cut stopping", "cut resumed" or "removed". What a signal
   * or a crash interrupts has no end until a courier goes on. */
  BO_JOURNAL_CHAIN_END = 4,
  /* A request begins: the `about` line of the script. */
  BO_JOURNAL_REQUEST = 5,
  /* Its body is on its way whole: decimal number of body bytes. */
  BO_JOURNAL_SENT = 6,
  /* Status line and headers of the answer, as they came, CRLF and all. May come before SENT,
   * or without it: an engine can answer before it has read everything. */
  BO_JOURNAL_HEAD = 7,
  /* Bytes of the answer's body as they came, without HTTP's chunk framing. */
  BO_JOURNAL_DATA = 8,
  /* A request has ended: a BoJournalEnd word, then a space and details. */
  BO_JOURNAL_DONE = 9,
  /* A request was not made: "needs N", "unless N", "stopping", "removed", "cut", "engine" (not reachable);
   * then LF and its `about` line, since no REQUEST says it. */
  BO_JOURNAL_SKIPPED = 10,
  /* What the courier has to say beside that: "settle ...", "sweep ..." (bo-script-format.h),
   * "wait engine", "engine back MICROSECONDS", "engine away MICROSECONDS", "order PROBLEM", and "quiet
   * MICROSECONDS": for so long nothing was done, to see what the machine does then. */
  BO_JOURNAL_NOTE = 11,
  /* A signal came: its name. */
  BO_JOURNAL_SIGNAL = 12,
  /* A command of the user was seen: "stop-after-trial" or "stop-now". */
  BO_JOURNAL_COMMAND = 13,
  /* A sample of the machine (bo-telemetry-format.h); its request is 0. */
  BO_JOURNAL_TELEMETRY = 14,
  /* The last message: "finished", "stopped", "signal NAME", "orphaned" (the program
   * that started it is gone), "engine-lost", "disk-full", "disk-error DETAIL", "bad-script DETAIL".
   * Last until a courier goes on: then START "resume" follows. */
  BO_JOURNAL_END = 15,
} BoJournalType;

/*
 * The first word of a DONE message:
 *   ok           the whole answer came, with a status that the script expects: "ok 200"
 *   status       the whole answer came, with another status: "status 404"
 *   limit        its time limit passed; the connection was closed
 *   lost         the connection broke, or ended before the end of the answer
 *   unreachable  no connection could be made
 *   stopped      closed because the user said stop-now
 *   signal       closed because the courier got a signal
 *   orphaned     closed because the program that started the courier is gone
 *   disk         closed because the journal cannot be written
 *   closed       the watch: closed because the courier ends
 *   body         our own body could not be read (a file is missing or has another length)
 *   overflow     the answer broke HTTP's rules or our bounds
 */

/* CRC-32 with the polynomial 0xEDB88320; begin with crc = 0. */
uint32_t bo_journal_crc32 (uint32_t crc, const void *data, uint64_t length);
