/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What ssh, and whatever runs on the other side, wrote to standard error. What
 * is shown of it is text of bounded length without control characters, and tidy
 * words stay as they are; a cause that is recognised is so before and after.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "engine/bo-ssh-words.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *words = g_strndup ((const char *) data, size);
  g_autofree char *tidy = bo_ssh_words_tidy (words);
  g_autofree char *again = bo_ssh_words_tidy (tidy);
  BoEngineError code = 0;
  gboolean known = bo_ssh_words_classify (words, &code);

  BO_FUZZ_CHECK (g_utf8_validate (tidy, -1, NULL));
  BO_FUZZ_CHECK (strlen (tidy) <= 2100);
  for (const char *p = tidy; *p != '\0'; p++)
    BO_FUZZ_CHECK (!g_ascii_iscntrl (*p) || *p == '\n');
  BO_FUZZ_CHECK (strcmp (tidy, again) == 0);
  for (const char *p = words; *p != '\0'; p++)
    known = known && (!g_ascii_iscntrl (*p) || *p == '\r' || *p == '\n');
  /* Each byte that is not UTF-8 becomes three, and only so much is kept. */
  if (known && strlen (words) < 600)
    {
      BoEngineError tidy_code = 0;

      /* All that is looked for stands in one line. (With other control characters made blanks, more may be
       * found.) */
      BO_FUZZ_CHECK (bo_ssh_words_classify (tidy, &tidy_code) && tidy_code == code);
    }
  return 0;
}
