/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * BuildKit's trace. Whatever the messages say: times are bounded, steps and
 * lines too, the error of a build is one of its steps' or nobody's, and the
 * same messages give the same record.
 *
 * Input: protobuf messages, each behind two bytes of length.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "bo-fuzz-trial.h"
#include "journal/bo-trace-log.h"

/* Near the stamps of the kept inputs, so that they are mapped and not refused. */
#define NOW_US (G_GINT64_CONSTANT (3000) * G_USEC_PER_SEC)

static char *
read_all (const uint8_t *data, size_t size)
{
  g_autoptr (BoTrial) trial = bo_trial_new ();
  g_autoptr (BoBuildLog) log
      = bo_build_log_new (trial, NULL, BO_FUZZ_KEEP_LINES, bo_fuzz_trial_line_cb, NULL);
  g_autoptr (BoTraceLog) trace = bo_trace_log_new (log, NOW_US);
  gint64 now_us = NOW_US;

  bo_build_log_set_start (log, NOW_US);
  while (size > 0)
    {
      size_t length = (size_t) bo_fuzz_take (&data, &size) << 8;
      g_autofree char *base64 = NULL;

      length |= bo_fuzz_take (&data, &size);
      length = MIN (length, size);
      base64 = g_base64_encode (data, length);
      bo_trace_log_feed (trace, base64, now_us);
      data += length;
      size -= length;
      now_us += 100000;
    }
  bo_trace_log_fail (trace, "failed to solve: process \"/bin/sh -c make\" did not complete: exit code: 2");
  bo_trace_log_finish (trace);
  bo_fuzz_trial_check (trial);
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = trial->steps->pdata[i];

      BO_FUZZ_CHECK (step->log == NULL || step->log->len <= BO_FUZZ_KEEP_LINES);
      /* By the engine's clock a step may have begun whenever; it has not worked for longer than the stamps
       * allow. */
      BO_FUZZ_CHECK (step->start_us <= G_GINT64_CONSTANT (253402300800) * G_USEC_PER_SEC);
      BO_FUZZ_CHECK (step->duration_us <= G_GINT64_CONSTANT (253402300800) * G_USEC_PER_SEC);
    }
  return bo_fuzz_trial_to_text (trial);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *once = read_all (data, size);
  g_autofree char *again = read_all (data, size);

  BO_FUZZ_CHECK (strcmp (once, again) == 0);
  return 0;
}
