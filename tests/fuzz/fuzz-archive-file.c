/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A tar from an engine, of which one file is taken. What is taken is no longer than
 * was allowed; what is not is an error with words.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "durable/bo-archive-file.h"

#define BLOCK 512
#define CHECKSUM 148
#define MOST_BYTES 4096

/* No mutation guesses a checksum: each header that could be one gets its own. */
static void
seal (guint8 *bytes, gsize length)
{
  for (gsize at = 0; length - at >= BLOCK;)
    {
      guint sum = 0;
      char size[13] = "";
      char digits[8];

      memcpy (size, bytes + at + 124, 12);
      memset (bytes + at + CHECKSUM, ' ', 8);
      for (gsize i = 0; i < BLOCK; i++)
        sum += bytes[at + i];
      if (sum == 8 * ' ')
        return;
      g_snprintf (digits, sizeof digits, "%06o", sum);
      memcpy (bytes + at + CHECKSUM, digits, 7);
      at += BLOCK + MIN (g_ascii_strtoull (size, NULL, 8) / BLOCK * BLOCK, length - at - BLOCK);
      if (g_ascii_strtoull (size, NULL, 8) % BLOCK != 0)
        at += MIN (BLOCK, length - at);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  guint8 *bytes = g_malloc (size + 1);
  g_autoptr (GBytes) tar = NULL;
  g_autoptr (GBytes) found = NULL;
  g_autoptr (GError) error = NULL;

  memcpy (bytes, data, size);
  seal (bytes, size);
  tar = g_bytes_new_take (bytes, size);
  found = bo_archive_file_extract (tar, "00000001.bj", MOST_BYTES, &error);
  BO_FUZZ_CHECK ((found != NULL) == (error == NULL));
  BO_FUZZ_CHECK (found == NULL || g_bytes_get_size (found) <= MOST_BYTES);
  BO_FUZZ_CHECK (error == NULL || (error->message[0] != '\0' && g_utf8_validate (error->message, -1, NULL)));
  return 0;
}
