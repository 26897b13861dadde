/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bo-journal-format.h"

/*
 * Writes a journal. A message is in it whole, or not at all: what a full disk cuts
 * off is taken back. Once a message could not be written the journal is
 * "closing": room that was kept for this is set free, and only the messages that say
 * how things ended are still written.
 */

typedef struct
{
  int folder_fd; /* of journal/, borrowed */
  int fd;
  unsigned segment;
  uint64_t next; /* number of the next message */
  uint64_t size; /* bytes of whole messages in the segment */
  char about[1024]; /* payload of SEGMENT messages */
  int problem; /* errno of the first message that could not be written, or 0 */
  bool closing;
} BoJournalWriter;

bool bo_journal_writer_open (BoJournalWriter *writer,
                             int folder_fd,
                             unsigned segment,
                             uint64_t next,
                             const char *about);
void bo_journal_writer_close (BoJournalWriter *writer);

bool bo_journal_writer_add (BoJournalWriter *writer,
                            BoJournalType type,
                            uint32_t request,
                            const void *payload,
                            size_t length);
bool bo_journal_writer_printf (BoJournalWriter *writer,
                               BoJournalType type,
                               uint32_t request,
                               const char *format, ...) __attribute__ ((format (printf, 4, 5)));
void bo_journal_writer_sync (BoJournalWriter *writer);
