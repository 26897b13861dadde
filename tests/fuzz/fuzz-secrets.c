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
#define LETTER_MAX 3

static char values[N_VALUES][VALUE_MAX + LETTER_MAX + 1];

static const char *
look_up (const char *name)
{
  const char *value = values[name[0] - 'A'];

  return value[0] != '\0' ? value : NULL;
}

/* The same for a byte in a value and in an answer, so that values are met. */
static const char *
letter (uint8_t byte)
{
  static const char *const letters[] = {
    "x", "y", "z",  "0",  "1",  "2",  "3",    "\"",       "\\",           "<",
    ">", "&", "\n", "\t", "\b", "\f", "\x01", "\xc3\xa9", "\xe2\x80\xa8", "\xe2\x80\xa9",
  };

  return letters[byte % (sizeof letters / sizeof *letters)];
}

/* As an engine would write the value into a JSON string, of either age. */
static void
escape_like_go (const char *value, bool newer, char *text)
{
  for (; *value != '\0'; value++)
    {
      const char *special = strchr ("\"\"\\\\\nn\tt\bb\ff", *value);

      if (special != NULL && (newer || (*value != '\b' && *value != '\f')))
        text += sprintf (text, "\\%c", special[1]);
      else if (strncmp (value, "\xe2\x80", 2) == 0)
        {
          text += sprintf (text, "\\u202%c", value[2] == '\xa8' ? '8' : '9');
          value += 2;
        }
      else if (strchr ("<>&\b\f\x01", *value) != NULL)
        text += sprintf (text, "\\u%04x", *value);
      else
        text += sprintf (text, "%c", *value);
    }
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
  size_t n = 0, whole_length = 0, cut_length = 0;

  for (size_t i = 0; i < N_VALUES; i++)
    {
      size_t length = 0;
      static const char *const all_names[] = { "A", "B", "C" };

      while (size > 0 && data[0] != 0 && length < VALUE_MAX)
        length += (size_t) sprintf (values[i] + length, "%s", letter (bo_fuzz_take (&data, &size)));
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

  answer = malloc (size * LETTER_MAX + N_VALUES * 6 * (VALUE_MAX + LETTER_MAX) + 1);
  /* As it came, or in the letters of the values; then the values as an engine tells them. */
  for (size_t i = 0; i < size; i++)
    n += (size_t) (size % 2 != 0 ? sprintf (answer + n, "%c", data[i])
                                 : sprintf (answer + n, "%s", letter (data[i])));
  for (size_t i = 0; i < list.length; i++)
    {
      escape_like_go (look_up (names[i].data), size % 3 != 0, answer + n);
      n += strlen (answer + n);
    }
  whole = malloc (n + 1);
  cut = malloc (n + 1);

  bo_redactor_init (&redactor, &secrets);
  journal (&redactor, answer, n, true, whole, &whole_length);
  bo_redactor_clear (&redactor);

  bo_redactor_init (&redactor, &secrets);
  bo_fuzz_cuts_init (&cuts, data, size);
  for (size_t at = 0; at < n;)
    {
      size_t piece = bo_fuzz_cuts_next (&cuts, n - at);

      journal (&redactor, answer + at, piece, false, cut, &cut_length);
      at += piece;
    }
  journal (&redactor, NULL, 0, true, cut, &cut_length);
  bo_redactor_clear (&redactor);

  BO_FUZZ_CHECK (whole_length == n && cut_length == n);
  BO_FUZZ_CHECK (memcmp (whole, cut, n) == 0);
  for (size_t i = 0; i < secrets.n_patterns; i++)
    BO_FUZZ_CHECK (memmem (whole, n, secrets.patterns[i].text, secrets.patterns[i].length) == NULL);
  for (size_t i = 0; i < list.length; i++)
    {
      const char *value = look_up (names[i].data);
      char escaped[6 * (VALUE_MAX + LETTER_MAX) + 1] = "";

      BO_FUZZ_CHECK (memmem (whole, n, value, strlen (value)) == NULL);
      for (int newer = 0; newer < 2; newer++)
        {
          escape_like_go (value, newer != 0, escaped);
          BO_FUZZ_CHECK (memmem (whole, n, escaped, strlen (escaped)) == NULL);
        }
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
      fwrite (answer, 1, n, out);
      fclose (out);
      BO_FUZZ_CHECK (bo_secrets_expand (&secrets, (BoSpan){ mark, mark_length }, &sent, &sent_length));
      BO_FUZZ_CHECK (sent_length >= 10 + secrets.secrets[0].length
                     && memcmp (sent, "{\"token\":\"", 10) == 0);
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
