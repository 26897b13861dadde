/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samples of a machine, added up for one build, and what they say against the
 * measurement. Whatever a device claims: shares are shares, spans are not negative,
 * each flag has its evidence, and the summary can be written and read again.
 *
 * Input: samples, each behind two bytes of milliseconds since the last and two of length.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "journal/bo-disturbance.h"
#include "journal/bo-telemetry-tally.h"
#include "study/bo-json.h"

static void
check_share (gint64 share)
{
  BO_FUZZ_CHECK (share >= -1 && share <= 1000);
}

static void
check_summary (const BoTelemetrySummary *summary)
{
  g_autoptr (JsonNode) node = bo_telemetry_summary_to_node (summary);
  g_autofree char *text = bo_json_node_to_text (node, FALSE);
  g_autoptr (JsonNode) read = bo_json_parse (text, -1, NULL);
  g_autoptr (BoTelemetrySummary) again = bo_telemetry_summary_from_node (read);
  g_autoptr (JsonNode) again_node = NULL;
  g_autofree char *again_text = NULL;
  g_autoptr (GPtrArray) found = bo_disturbance_find (summary, NULL);

  check_share (summary->cpu_mean);
  check_share (summary->cpu_max);
  check_share (summary->cpu_before);
  for (guint i = 0; i < BO_N_PRESSURES; i++)
    check_share (summary->pressure[i]);
  BO_FUZZ_CHECK (summary->span_us >= 0 && summary->swap_growth >= -1 && summary->energy_mj >= -1);
  BO_FUZZ_CHECK (summary->pages_in >= -1 && summary->pages_out >= -1 && summary->oom_kills >= -1);
  for (guint i = 0; i < summary->frequencies->len; i++)
    {
      const BoFrequencyShare *clock = summary->frequencies->pdata[i];

      check_share (clock->min_share);
      check_share (clock->mean_share);
      BO_FUZZ_CHECK (clock->limit_khz > 0 && clock->n_high + clock->n_low <= clock->n_busy);
    }
  for (guint i = 0; i < summary->throttles->len; i++)
    BO_FUZZ_CHECK (((BoThrottleCount *) summary->throttles->pdata[i])->events >= 0);
  for (guint i = 0; i < summary->coolings->len; i++)
    BO_FUZZ_CHECK (((BoCoolingRise *) summary->coolings->pdata[i])->max
                   > ((BoCoolingRise *) summary->coolings->pdata[i])->start);

  BO_FUZZ_CHECK (again != NULL);
  again_node = bo_telemetry_summary_to_node (again);
  again_text = bo_json_node_to_text (again_node, FALSE);
  /* Lists of more than the reader takes are cut there. */
  if (summary->zones->len + summary->throttles->len + summary->coolings->len + summary->frequencies->len < 64)
    BO_FUZZ_CHECK (strcmp (text, again_text) == 0);

  for (guint i = 0; i < found->len; i++)
    {
      const BoDisturbance *disturbance = found->pdata[i];

      BO_FUZZ_CHECK (disturbance->flag != NULL && disturbance->evidence != NULL
                     && disturbance->evidence[0] != '\0');
      BO_FUZZ_CHECK (g_utf8_validate (disturbance->evidence, -1, NULL));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BoTelemetryTally) tally = bo_telemetry_tally_new ();
  g_autoptr (BoTelemetrySummary) summary = NULL;
  gint64 now_us = G_USEC_PER_SEC;

  for (guint i = 0; size > 0; i++)
    {
      g_autoptr (BoTelemetrySample) sample = NULL;
      size_t milliseconds = (size_t) bo_fuzz_take (&data, &size) << 8;
      size_t length = 0;

      milliseconds |= bo_fuzz_take (&data, &size);
      length = (size_t) bo_fuzz_take (&data, &size) << 8;
      length |= bo_fuzz_take (&data, &size);
      length = MIN (length, size);
      now_us += (gint64) milliseconds * 1000;
      sample = bo_telemetry_sample_parse ((const char *) data, length);
      BO_FUZZ_CHECK (sample->values->len <= 1024);
      data += length;
      size -= length;
      if (i == 0)
        bo_telemetry_tally_set_traits (tally, sample);
      if (i == 1)
        bo_telemetry_tally_begin (tally, now_us);
      bo_telemetry_tally_add (tally, sample, now_us);
      if (i == 6)
        bo_telemetry_tally_end (tally, now_us + 1000);
    }
  bo_telemetry_tally_end (tally, now_us);
  summary = bo_telemetry_tally_summarize (tally);
  if (summary != NULL)
    check_summary (summary);
  return 0;
}
