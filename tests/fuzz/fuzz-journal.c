/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The reader of journals, over one or two segments of any bytes. Numbers come in
 * order, payloads are as long as they say and followed by a NUL, seeking finds
 * what reading found, and what is damaged is an error with words that stays one.
 *
 * Input: a byte of flags, two bytes for where the second segment begins, then the bytes.
 */

#include <string.h>

#include "bo-fuzz-journal.h"
#include "bo-fuzz.h"
#include "bo-journal-past.h"
#include "journal/bo-journal-reader.h"

/* The courier's own reader, which decides where a courier goes on: it takes the same messages. */
static void
past_cb (const BoJournalPastMessage *message, void *user_data)
{
  guint64 *last = user_data;

  BO_FUZZ_CHECK (message->number == *last + 1 && message->length <= BO_JOURNAL_PAYLOAD_MAX);
  *last = message->number;
  bo_journal_past_is_final (message);
}

static void
check_past (const guint8 *bytes, size_t size, guint64 expected)
{
  guint64 last = 0;
  uint64_t next = 1;
  size_t used = bo_journal_past_parse ((const char *) bytes, size, &next, past_cb, &last);

  BO_FUZZ_CHECK (used <= size && next == last + 1);
  BO_FUZZ_CHECK (last == expected);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  uint8_t flags = bo_fuzz_take (&data, &size);
  size_t first = (size_t) bo_fuzz_take (&data, &size) << 8;
  const char *folder = bo_fuzz_journal_folder ();
  g_autofree guint8 *bytes = NULL;
  g_autoptr (BoJournalReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  BoJournalMessage message;
  BoJournalNext next;
  guint64 last = 0;
  gint64 wall_us = 0;

  first |= bo_fuzz_take (&data, &size);
  first = MIN (first, size);
  /* Not g_memdup2(), which makes NULL of no bytes. */
  bytes = g_malloc (size + 1);
  memcpy (bytes, data, size);
  if (flags & 1)
    bo_fuzz_journal_seal (bytes, size, (flags & 2) != 0);
  bo_fuzz_journal_clear (folder);
  if (flags & 4)
    {
      bo_fuzz_journal_write (folder, 1, bytes, first);
      bo_fuzz_journal_write (folder, 2, bytes + first, size - first);
    }
  else
    bo_fuzz_journal_write (folder, 1, bytes, size);

  reader = bo_journal_reader_new (folder);
  while ((next = bo_journal_reader_next (reader, &message, &error)) == BO_JOURNAL_NEXT_MESSAGE)
    {
      g_autofree char *text = bo_journal_message_text (&message);

      BO_FUZZ_CHECK (message.number == last + 1);
      BO_FUZZ_CHECK (message.length <= BO_JOURNAL_PAYLOAD_MAX && message.payload[message.length] == '\0');
      BO_FUZZ_CHECK (message.wall_us >= 0 && message.monotonic_us >= 0);
      BO_FUZZ_CHECK (g_utf8_validate (text, -1, NULL));
      last = message.number;
      wall_us = message.wall_us;
    }
  BO_FUZZ_CHECK ((next == BO_JOURNAL_NEXT_ERROR) == (error != NULL));
  if (error != NULL)
    {
      g_autoptr (GError) again = NULL;

      BO_FUZZ_CHECK (error->message[0] != '\0');
      BO_FUZZ_CHECK (bo_journal_reader_next (reader, &message, &again) == BO_JOURNAL_NEXT_ERROR
                     && again != NULL);
    }
  else
    BO_FUZZ_CHECK (!bo_journal_reader_has_more (reader));

  if (!(flags & 4))
    check_past (bytes, size, last);
  /* Where segments contradict each other, seeking may believe the other one. */
  if (last > 0 && error == NULL)
    {
      g_autoptr (GError) seek_error = NULL;

      BO_FUZZ_CHECK (bo_journal_reader_seek (reader, last, &seek_error));
      BO_FUZZ_CHECK (bo_journal_reader_next (reader, &message, &seek_error) == BO_JOURNAL_NEXT_MESSAGE);
      BO_FUZZ_CHECK (message.number == last && message.wall_us == wall_us);
      BO_FUZZ_CHECK (!bo_journal_reader_seek (reader, last + 5, &seek_error) && seek_error != NULL);
    }
  return 0;
}
