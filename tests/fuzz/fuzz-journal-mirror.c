/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The copy of a journal that is written elsewhere. However its bytes come, what
 * is in the copy is a beginning of them, message by message, and readable; a copy that was
 * given up and opened anew, and is fed from the start again, becomes the same; damage
 * is an error with words.
 *
 * Input: a byte of flags, then the bytes of a stream of messages.
 */

#include <string.h>

#include "bo-fuzz-journal.h"
#include "bo-fuzz.h"
#include "journal/bo-journal-mirror.h"
#include "journal/bo-journal-reader.h"

static gboolean
feed (const char *folder, const guint8 *bytes, gsize length, BoFuzzCuts *cuts, guint64 *last)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoJournalMirror) mirror = bo_journal_mirror_new (folder, &error);
  gboolean good = TRUE;

  BO_FUZZ_CHECK (mirror != NULL);
  for (gsize at = 0; good && at < length;)
    {
      gsize piece = cuts != NULL ? bo_fuzz_cuts_next (cuts, length - at) : length;
      guint64 before = bo_journal_mirror_get_last_number (mirror);

      good = bo_journal_mirror_feed (mirror, bytes + at, piece, &error);
      BO_FUZZ_CHECK (bo_journal_mirror_get_last_number (mirror) >= before);
      at += piece;
    }
  BO_FUZZ_CHECK (good == (error == NULL));
  BO_FUZZ_CHECK (good || error->message[0] != '\0');
  if (!good)
    {
      g_autoptr (GError) again = NULL;

      BO_FUZZ_CHECK (!bo_journal_mirror_feed (mirror, bytes, 0, &again) && again != NULL);
    }
  *last = bo_journal_mirror_get_last_number (mirror);
  return good;
}

/* All segments one behind the other: what was written, since no byte is put in between. */
static GByteArray *
read_copy (const char *folder)
{
  GByteArray *all = g_byte_array_new ();

  for (guint segment = 1;; segment++)
    {
      g_autofree char *name = g_strdup_printf ("%08u.bj", segment);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gsize length = 0;

      if (!g_file_get_contents (path, &text, &length, NULL))
        return all;
      g_byte_array_append (all, (const guint8 *) text, (guint) length);
    }
}

static guint64
count_messages (const char *folder)
{
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (folder);
  g_autoptr (GError) error = NULL;
  BoJournalMessage message;
  BoJournalNext next;
  guint64 n = 0;

  while ((next = bo_journal_reader_next (reader, &message, &error)) == BO_JOURNAL_NEXT_MESSAGE)
    n++;
  /* What the mirror has checked the reader takes. */
  BO_FUZZ_CHECK (next == BO_JOURNAL_NEXT_END);
  return n;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  uint8_t flags = bo_fuzz_take (&data, &size);
  const char *folder = bo_fuzz_journal_folder ();
  g_autofree guint8 *bytes = g_malloc (size + 1);
  g_autoptr (GByteArray) whole = NULL;
  g_autoptr (GByteArray) cut = NULL;
  g_autoptr (GByteArray) resumed = NULL;
  guint64 last_whole = 0, last_cut = 0, last_part = 0, last_resumed = 0;
  gboolean good_whole, good_cut, good_resumed;
  BoFuzzCuts cuts;

  memcpy (bytes, data, size);
  if (flags & 1)
    bo_fuzz_journal_seal (bytes, size, (flags & 2) != 0);

  bo_fuzz_journal_clear (folder);
  good_whole = feed (folder, bytes, size, NULL, &last_whole);
  whole = read_copy (folder);
  BO_FUZZ_CHECK (whole->len <= size);
  /* Messages that come again are passed over; with numbers that rise by one none does. */
  if (flags & 2)
    BO_FUZZ_CHECK (whole->len == 0 || memcmp (whole->data, bytes, whole->len) == 0);
  BO_FUZZ_CHECK (count_messages (folder) == last_whole);

  bo_fuzz_cuts_init (&cuts, data, size);
  bo_fuzz_journal_clear (folder);
  good_cut = feed (folder, bytes, size, &cuts, &last_cut);
  cut = read_copy (folder);
  BO_FUZZ_CHECK (good_whole == good_cut && last_whole == last_cut);
  BO_FUZZ_CHECK (whole->len == cut->len && (cut->len == 0 || memcmp (whole->data, cut->data, cut->len) == 0));

  /* Given up somewhere, with a torn message at the end of the file, and begun again. */
  bo_fuzz_journal_clear (folder);
  if ((flags & 2) && feed (folder, bytes, size / 2, &cuts, &last_part))
    {
      good_resumed = feed (folder, bytes, size, &cuts, &last_resumed);
      resumed = read_copy (folder);
      BO_FUZZ_CHECK (last_resumed >= last_part);
      BO_FUZZ_CHECK (good_resumed == good_whole && last_resumed == last_whole);
      BO_FUZZ_CHECK (whole->len == resumed->len
                     && (resumed->len == 0 || memcmp (whole->data, resumed->data, resumed->len) == 0));
    }
  bo_fuzz_journal_clear (folder);
  return 0;
}
