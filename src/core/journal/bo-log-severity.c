/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-severity"

#include "config.h"

#include <string.h>

#include "journal/bo-log-severity.h"

/* What a program calls a line stands near its begin: after a file's name and a time, say. */
#define LOOK_BYTES 400

/* Words at the very begin of a line, case and all. */
static const struct
{
  const char *begin;
  BoLogSeverity severity;
} begins[] = {
  { "E: ", BO_LOG_ERROR },    /* apt */
  { "W: ", BO_LOG_WARNING },  /* apt */
  { "ERROR", BO_LOG_ERROR },  /* pip, BuildKit */
  { "FATAL", BO_LOG_ERROR },
  { "WARN", BO_LOG_WARNING },
  { "npm ERR!", BO_LOG_ERROR },
  { "npm error", BO_LOG_ERROR },
  { "npm WARN", BO_LOG_WARNING },
  { "Traceback (most recent call last)", BO_LOG_ERROR },
  { "CMake Error", BO_LOG_ERROR },
  { "CMake Warning", BO_LOG_WARNING },
  { "DEPRECATION: ", BO_LOG_WARNING }, /* pip */
};

/* Words with a ':' or a '[' after them, wherever they stand as words of their own. */
static const struct
{
  const char *word; /* lower case */
  BoLogSeverity severity;
} words[] = {
  { "error", BO_LOG_ERROR },
  { "fatal", BO_LOG_ERROR },
  { "panic", BO_LOG_ERROR },
  { "warning", BO_LOG_WARNING },
};

static gboolean
is_word_at (const char *text, gsize length, gsize at, const char *word)
{
  gsize n = strlen (word);

  return at + n <= length && g_ascii_strncasecmp (text + at, word, n) == 0;
}

/**
 * bo_log_severity_of:
 * @text: a line without escape sequences
 * @length: its bytes
 *
 * A guess by the words of the usual programs: compilers ("file.c:3:1: error: ..."), rustc ("error[E0308]:"), Python
 * ("ValueError: ..."), pip, apt, npm, CMake. "0 errors" and "error.o" are none.
 *
 * Returns: what it calls itself
 */
BoLogSeverity
bo_log_severity_of (const char *text, gsize length)
{
  BoLogSeverity severity = BO_LOG_NORMAL;
  gsize first = 0;

  g_return_val_if_fail (text != NULL || length == 0, BO_LOG_NORMAL);

  length = MIN (length, LOOK_BYTES);
  while (first < length && (text[first] == ' ' || text[first] == '\t'))
    first++;
  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    {
      gsize n = strlen (begins[i].begin);

      if (length - first < n || memcmp (text + first, begins[i].begin, n) != 0)
        continue;
      /* "ERROR" is not the begin of "ERRORS_FILE=1". */
      if (g_ascii_isupper (text[first + n - 1]) && first + n < length
          && (g_ascii_isalnum (text[first + n]) || text[first + n] == '_')
          && !is_word_at (text, length, first, "WARNING"))
        continue;
      return begins[i].severity;
    }

  /* Each ':' and '[' is looked at from behind, for that is what few lines have. */
  for (gsize i = first; i < length && severity != BO_LOG_ERROR; i++)
    {
      if (text[i] != ':' && text[i] != '[')
        continue;
      for (guint k = 0; k < G_N_ELEMENTS (words); k++)
        {
          gsize n = strlen (words[k].word);

          if (i < n || !is_word_at (text, length, i - n, words[k].word))
            continue;
          /* "ValueError: " is one too; "no-error:" and "my_error:" are not. */
          if (i > n && (text[i - n - 1] == '_' || text[i - n - 1] == '-' || text[i - n - 1] == '.'
                        || g_ascii_isdigit (text[i - n - 1])))
            continue;
          if (i > n && g_ascii_isalpha (text[i - n - 1]) && !g_ascii_isupper (text[i - n]))
            continue;
          if (text[i] == ':' && i + 1 < length && text[i + 1] != ' ')
            continue;
          severity = MAX (severity, words[k].severity);
        }
    }
  return severity;
}
