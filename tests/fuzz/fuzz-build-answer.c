/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The answer of POST /build, of either builder: lines of JSON with classic's
 * text or BuildKit's trace in it. Where the connection cut it changes nothing in the record; times
 * are never negative; what is kept in memory is bounded; all text is UTF-8.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "bo-fuzz-trial.h"
#include "journal/bo-build-answer.h"

#define NOW_US (G_GINT64_CONSTANT (50) * G_USEC_PER_SEC)

static char *
read_all (const uint8_t *data, size_t size, BoFuzzCuts *cuts)
{
  g_autoptr (BoTrial) trial = bo_trial_new ();
  g_autoptr (BoBuildLog) log
      = bo_build_log_new (trial, NULL, BO_FUZZ_KEEP_LINES, bo_fuzz_trial_line_cb, NULL);
  g_autoptr (BoBuildAnswer) answer = bo_build_answer_new (log, NOW_US);
  g_autoptr (BoEngineEvents) events = bo_engine_events_new (NULL);
  g_autofree char *text = NULL;

  bo_build_log_set_start (log, NOW_US);
  for (size_t at = 0; at < size;)
    {
      size_t length = cuts != NULL ? bo_fuzz_cuts_next (cuts, size - at) : size;

      bo_build_answer_feed (answer, (const char *) data + at, length, NOW_US + G_USEC_PER_SEC);
      at += length;
    }
  bo_build_answer_finish (answer, NOW_US + 2 * G_USEC_PER_SEC);
  bo_build_answer_correct (answer, events);
  bo_fuzz_trial_check (trial);
  text = bo_fuzz_trial_to_text (trial);
  return g_strdup_printf ("%s\n%s\n%s", bo_build_answer_get_image (answer),
                          bo_build_answer_get_error (answer), text);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  BoFuzzCuts cuts;
  g_autofree char *whole = read_all (data, size, NULL);
  g_autofree char *cut = NULL;

  bo_fuzz_cuts_init (&cuts, data, size);
  cut = read_all (data, size, &cuts);
  BO_FUZZ_CHECK (strcmp (whole, cut) == 0);
  return 0;
}
