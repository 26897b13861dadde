/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The classic builder's output, value by value, with errors in between, and the
 * line splitter that it and everything else that programs write goes through.
 *
 * Input: values, each behind two bytes of length; a length with its highest bit set is an error.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "bo-fuzz-trial.h"
#include "journal/bo-classic-log.h"
#include "journal/bo-log-text.h"

static void
line_cb (const char *line, gpointer user_data)
{
  BO_FUZZ_CHECK (g_utf8_validate (line, -1, NULL));
  BO_FUZZ_CHECK (strlen (line) <= 4 * BO_LOG_LINE_MAX && strpbrk (line, "\n\r") == NULL);
  g_string_append_printf (user_data, "%s\n", line);
}

static GString *
split (const uint8_t *data, size_t size, BoFuzzCuts *cuts)
{
  GString *lines = g_string_new (NULL);
  BoLineSplitter splitter;

  bo_line_splitter_init (&splitter);
  for (size_t at = 0; at < size;)
    {
      size_t length = cuts != NULL ? bo_fuzz_cuts_next (cuts, size - at) : size;

      bo_line_splitter_feed (&splitter, (const char *) data + at, length, line_cb, lines);
      at += length;
    }
  bo_line_splitter_flush (&splitter, line_cb, lines);
  bo_line_splitter_clear (&splitter);
  return lines;
}

static void
check_splitter (const uint8_t *data, size_t size)
{
  BoFuzzCuts cuts;
  GString *whole = split (data, size, NULL);
  GString *cut = NULL;
  g_autofree char *clean = bo_log_text_clean ((const char *) data, size);
  g_autofree char *again = bo_log_text_clean (clean, strlen (clean));

  bo_fuzz_cuts_init (&cuts, data, size);
  cut = split (data, size, &cuts);
  BO_FUZZ_CHECK (g_string_equal (whole, cut));
  BO_FUZZ_CHECK (strcmp (clean, again) == 0);
  g_string_free (whole, TRUE);
  g_string_free (cut, TRUE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BoTrial) trial = bo_trial_new ();
  g_autoptr (BoBuildLog) log
      = bo_build_log_new (trial, NULL, BO_FUZZ_KEEP_LINES, bo_fuzz_trial_line_cb, NULL);
  g_autoptr (BoClassicLog) classic = bo_classic_log_new (log);
  g_autoptr (BoEngineEvents) events = bo_engine_events_new (NULL);
  gint64 now_us = G_USEC_PER_SEC;

  check_splitter (data, size);
  bo_build_log_set_start (log, now_us);
  while (size > 0)
    {
      uint16_t head = (uint16_t) (bo_fuzz_take (&data, &size) << 8);
      size_t length = 0;

      head = (uint16_t) (head | bo_fuzz_take (&data, &size));
      length = MIN (head & 0x7fffu, size);
      now_us += 1000;
      if (head & 0x8000)
        {
          g_autofree char *raw = g_strndup ((const char *) data, length);
          g_autofree char *words = g_utf8_make_valid (raw, -1);

          bo_classic_log_fail (classic, words, 1, now_us);
        }
      else
        bo_classic_log_feed (classic, (const char *) data, length, now_us);
      data += length;
      size -= length;
      bo_classic_log_is_at_end (classic);
    }
  bo_classic_log_finish (classic, now_us);
  bo_classic_log_correct (classic, events);
  bo_classic_log_has_container (classic, "0123456789ab");
  bo_fuzz_trial_check (trial);
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = trial->steps->pdata[i];

      BO_FUZZ_CHECK (step->log == NULL || step->log->len <= BO_FUZZ_KEEP_LINES);
    }
  BO_FUZZ_CHECK (!bo_classic_log_has_steps (classic) || trial->steps->len > 0);
  return 0;
}
