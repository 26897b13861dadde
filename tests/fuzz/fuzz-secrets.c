/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Secrets that come back in answers. Wherever an answer is cut, what is
 * journaled is the same, as long as what came, and holds no value, neither as it
 * is nor escaped.
 *
 * Input: up to three values, each ended by a 0x00, then the answer. Values are made of letters
 * that no mask has, so that a value in the output can only be one that was missed.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bo-fuzz.h"
#include "bo-secrets.h"

#define N_VALUES 3
#define VALUE_MAX 40

static char values[N_VALUES][VALUE_MAX + 1];

static const char *
look_up (const char *name)
{
  const char *value = values[name[0] - 'A'];

  return value[0] != '\0' ? value : NULL;
}

/* The same for a byte in a value and in an answer, so that values are met. */
static char
letter (uint8_t byte)
{
  static const char letters[] = "xyz0123\"\\<>&\n\t\x01\xc3";

  return letters[byte % (sizeof letters - 1)];
}

static void
journal (BoRedactor *redactor, const char *data, size_t length, bool last, char *out, size_t *out_length)
{
  size_t final = 0;
  const char *bytes = bo_redactor_feed (redactor, data, length, last, &final);

  if (final > 0)
    memcpy (out + *out_length, bytes, final);
  *out_length += final;
  bo_redactor_taken (redactor, final);
  BO_FUZZ_CHECK (redactor->held < BO_SECRET_PATTERN_MAX);
  BO_FUZZ_CHECK (!last || redactor->held == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  BoSpan names[N_VALUES];
  BoSpanList list = { names, 0, N_VALUES };
  BoSecrets secrets;
  BoRedactor redactor;
  BoFuzzCuts cuts;
  char error[300] = "";
  char *answer = NULL, *whole = NULL, *cut = NULL;
  size_t whole_length = 0, cut_length = 0;

  for (size_t i = 0; i < N_VALUES; i++)
    {
      size_t length = 0;
      static const char *const all_names[] = { "A", "B", "C" };

      while (size > 0 && data[0] != 0 && length < VALUE_MAX)
        values[i][length++] = letter (bo_fuzz_take (&data, &size));
      bo_fuzz_take (&data, &size);
      values[i][length] = '\0';
      if (length > 0)
        names[list.length++] = (BoSpan){ all_names[i], 1 };
    }
  if (!bo_secrets_load (&secrets, &list, look_up, error, sizeof error))
    {
      BO_FUZZ_CHECK (error[0] != '\0' && secrets.n_patterns == 0);
      return 0;
    }

  answer = malloc (size + 1);
  whole = malloc (size + 1);
  cut = malloc (size + 1);
  /* As it came, or in the letters of the values. */
  for (size_t i = 0; i < size; i++)
    answer[i] = size % 2 != 0 ? (char) data[i] : letter (data[i]);

  bo_redactor_init (&redactor, &secrets);
  journal (&redactor, answer, size, true, whole, &whole_length);
  bo_redactor_clear (&redactor);

  bo_redactor_init (&redactor, &secrets);
  bo_fuzz_cuts_init (&cuts, data, size);
  for (size_t at = 0; at < size;)
    {
      size_t piece = bo_fuzz_cuts_next (&cuts, size - at);

      journal (&redactor, answer + at, piece, false, cut, &cut_length);
      at += piece;
    }
  journal (&redactor, NULL, 0, true, cut, &cut_length);
  bo_redactor_clear (&redactor);

  BO_FUZZ_CHECK (whole_length == size && cut_length == size);
  BO_FUZZ_CHECK (memcmp (whole, cut, size) == 0);
  for (size_t i = 0; i < secrets.n_patterns; i++)
    BO_FUZZ_CHECK (memmem (whole, size, secrets.patterns[i].text, secrets.patterns[i].length) == NULL);
  for (size_t i = 0; i < list.length; i++)
    {
      const char *value = look_up (names[i].data);

      BO_FUZZ_CHECK (memmem (whole, size, value, strlen (value)) == NULL);
    }

  /* What goes out in place of a mark is the value, escaped; the rest is as it was. */
  if (list.length > 0)
    {
      char *mark = NULL;
      size_t mark_length = 0;
      char *sent = NULL;
      size_t sent_length = 0;
      FILE *out = open_memstream (&mark, &mark_length);

      fprintf (out, "{\"token\":\"${bakeoff-secret:%s}\"}${bakeoff-secret:", names[0].data);
      fwrite (answer, 1, size, out);
      fclose (out);
      BO_FUZZ_CHECK (bo_secrets_expand (&secrets, (BoSpan){ mark, mark_length }, &sent, &sent_length));
      BO_FUZZ_CHECK (sent_length >= 10 + secrets.secrets[0].length && memcmp (sent, "{\"token\":\"", 10) == 0);
      BO_FUZZ_CHECK (memcmp (sent + 10, secrets.secrets[0].value, secrets.secrets[0].length) == 0);
      free (sent);
      free (mark);
    }
  bo_secrets_clear (&secrets);
  free (answer);
  free (whole);
  free (cut);
  return 0;
}
