/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the lines of a pull add up to. Sums stay within bounds whatever an
 * engine claims; what it cannot mean is an error with words.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "engine/bo-pull-progress.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BoPullProgress) progress = bo_pull_progress_new ();

  while (size > 0)
    {
      g_autoptr (GError) error = NULL;
      const uint8_t *end = memchr (data, '\n', size);
      size_t length = end != NULL ? (size_t) (end - data) : size;
      /* A caller's line is ended by a NUL. */
      g_autofree char *line = g_malloc (length + 1);
      gboolean good;

      memcpy (line, data, length);
      line[length] = '\0';
      good = bo_pull_progress_take_line (progress, line, length, &error);
      BO_FUZZ_CHECK (good == (error == NULL));
      BO_FUZZ_CHECK (good || error->message[0] != '\0');
      BO_FUZZ_CHECK (bo_pull_progress_get_bytes (progress) >= 0);
      BO_FUZZ_CHECK (bo_pull_progress_get_bytes (progress) <= bo_pull_progress_get_total_bytes (progress));
      BO_FUZZ_CHECK (bo_pull_progress_get_n_done (progress) <= bo_pull_progress_get_n_layers (progress));
      BO_FUZZ_CHECK (bo_pull_progress_get_n_layers (progress) <= 1024);
      BO_FUZZ_CHECK (bo_pull_progress_get_status (progress) != NULL);
      data += MIN (length + 1, size);
      size -= MIN (length + 1, size);
    }
  return 0;
}
