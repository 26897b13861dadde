/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bo-journal-format.h"

/*
 * What is in the journal already when a courier goes on.
 */

typedef struct
{
  BoJournalType type;
  uint64_t number;
  uint32_t request;
  uint32_t sum; /* its checksum */
  const char *payload;
  size_t length;
} BoJournalPastMessage;

typedef void (*BoJournalPastFunc) (const BoJournalPastMessage *message, void *user_data);

/* The bytes of the message that @data begins with, or 0 when it is not whole. */
size_t bo_journal_past_check (const char *data, size_t length, bool first_of_segment, BoJournalPastMessage *message);

/* The number of the segment that has this file name; 0 when none has. */
unsigned bo_journal_past_segment (const char *name);

/* Whether nothing follows such a message: "finished", "stopped", "disk-full" or "bad-script". */
bool bo_journal_past_is_final (const BoJournalPastMessage *message);

size_t bo_journal_past_parse (const char *data, size_t length, uint64_t *next, BoJournalPastFunc func, void *user_data);
bool bo_journal_past_read (int folder_fd,
                           unsigned *segment,
                           uint64_t *next,
                           BoJournalPastFunc func,
                           void *user_data,
                           char *error,
                           size_t error_size);
