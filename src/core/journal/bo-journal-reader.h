/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "bo-journal-format.h"

G_BEGIN_DECLS

/*
 * Reads a journal, message by message, while it is being written or long
 * after. The framing only: what the messages mean is told by others.
 */

#define BO_JOURNAL_ERROR (bo_journal_error_quark ())

/**
 * BoJournalError:
 * @BO_JOURNAL_ERROR_READ: a segment cannot be read (permissions, disk)
 * @BO_JOURNAL_ERROR_DAMAGED: a message in the middle is broken or missing
 * @BO_JOURNAL_ERROR_NOT_FOUND: there is no journal, or not the message that was asked for
 * @BO_JOURNAL_ERROR_WRITE: the copy of a journal cannot be written (permissions, disk)
 * @BO_JOURNAL_ERROR_BUSY: another program writes this copy of a journal now
 * @BO_JOURNAL_ERROR_DIVERGED: the device lost power before what was copied was on its disk, and went on from an
 *   earlier message; the copy was set aside: copy and read the journal again from its begin
 */
typedef enum
{
  BO_JOURNAL_ERROR_READ,
  BO_JOURNAL_ERROR_DAMAGED,
  BO_JOURNAL_ERROR_NOT_FOUND,
  BO_JOURNAL_ERROR_WRITE,
  BO_JOURNAL_ERROR_BUSY,
  BO_JOURNAL_ERROR_DIVERGED,
} BoJournalError;

GQuark bo_journal_error_quark (void);

/**
 * BoJournalMessage:
 * @type: what it says; values that are not known must be skipped
 * @number: number of the message, from 1
 * @wall_us: wall clock, microseconds since 1970
 * @monotonic_us: monotonic clock of that boot, microseconds
 * @request: number of the script's item, or 0
 * @payload: (array length=length): its bytes, of any value, followed by a NUL that is not counted
 * @length: number of bytes
 *
 * @payload is the reader's, and valid until the next call on the reader.
 */
typedef struct
{
  BoJournalType type;
  guint64 number;
  gint64 wall_us;
  gint64 monotonic_us;
  guint32 request;
  const char *payload;
  gsize length;
} BoJournalMessage;

/**
 * BoJournalNext:
 * @BO_JOURNAL_NEXT_MESSAGE: there was one
 * @BO_JOURNAL_NEXT_END: no more so far; more may come as long as a courier plays
 * @BO_JOURNAL_NEXT_ERROR: the error is set; the same is answered from here on
 */
typedef enum
{
  BO_JOURNAL_NEXT_MESSAGE,
  BO_JOURNAL_NEXT_END,
  BO_JOURNAL_NEXT_ERROR,
} BoJournalNext;

typedef struct _BoJournalReader BoJournalReader;

BoJournalReader *bo_journal_reader_new (const char *folder);
void bo_journal_reader_free (BoJournalReader *reader);

const char *bo_journal_reader_get_folder (const BoJournalReader *reader);
gboolean bo_journal_reader_seek (BoJournalReader *reader, guint64 number, GError **error);
BoJournalNext bo_journal_reader_next (BoJournalReader *reader, BoJournalMessage *message, GError **error);
gboolean bo_journal_reader_has_more (BoJournalReader *reader);

char *bo_journal_message_text (const BoJournalMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoJournalReader, bo_journal_reader_free)

G_END_DECLS
