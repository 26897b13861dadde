/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * From the messages of a journal to the records of trials. The same messages
 * give the same records; where the answers' bytes were cut changes nothing; once the
 * journal has ended no trial is still running, what failed has words, and
 * the records can be written and read again.
 *
 * Input: messages of a byte for the type, one for the request, two for the time
 * since the last (milliseconds; with the highest bit set eight bytes of absolute time follow, in
 * microseconds), two for the length, and the payload.
 */

#include <string.h>

#include "bo-fuzz-trial.h"
#include "bo-fuzz.h"
#include "journal/bo-recorder.h"
#include "study/bo-json.h"

static BoCampaign *
get_campaign (void)
{
  static BoCampaign *campaign = NULL;

  if (campaign == NULL)
    {
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;
      gsize length = 0;

      if (!g_file_get_contents (BO_FUZZ_DATA "/journals/both-builders/campaign.json", &text, &length, &error)
          || (campaign = bo_campaign_from_json (text, (gssize) length, &error)) == NULL)
        g_error ("%s", error->message);
    }
  return campaign;
}

static void
change_cb (BoRecorder *recorder, const BoChange *change, gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
  BO_FUZZ_CHECK ((change->trial == NULL) == (change->kind == BO_CHANGE_CAMPAIGN));
  BO_FUZZ_CHECK ((change->line != NULL) == (change->kind == BO_CHANGE_LOG));
  if (change->kind == BO_CHANGE_STEP || change->kind == BO_CHANGE_LOG)
    BO_FUZZ_CHECK (change->index < change->trial->steps->len);
  if (change->kind == BO_CHANGE_PROBE)
    BO_FUZZ_CHECK (change->index < change->trial->probes->len);
}

static guint64
take_number (const uint8_t **data, size_t *size, guint n_bytes)
{
  guint64 number = 0;

  while (n_bytes-- > 0)
    number = number << 8 | bo_fuzz_take (data, size);
  return number;
}

static void
feed_all (BoRecorder *recorder, const uint8_t *data, size_t size, BoFuzzCuts *cuts)
{
  BoJournalMessage message = { .wall_us = G_GINT64_CONSTANT (1764000000000000), .monotonic_us = 1000000 };
  g_autofree char *payload = g_malloc (0x10000);

  for (guint64 number = 1; size > 0; number++)
    {
      guint delta = 0;
      gsize length = 0;

      message.number = number;
      message.type = (BoJournalType) bo_fuzz_take (&data, &size);
      message.request = bo_fuzz_take (&data, &size);
      delta = (guint) take_number (&data, &size, 2);
      if (delta & 0x8000)
        {
          /* As far as the reader lets them through. */
          message.wall_us = (gint64) (take_number (&data, &size, 8) % BO_JOURNAL_STAMP_MAX);
          message.monotonic_us = message.wall_us / 2;
        }
      else if (message.wall_us < BO_JOURNAL_STAMP_MAX - 0x8000 * 1000)
        {
          message.wall_us += delta * 1000;
          message.monotonic_us += delta * 1000;
        }
      length = take_number (&data, &size, 2);
      length = MIN (length, size);
      /* At least one message, also without a payload. */
      for (gsize at = 0, piece = 0; at == 0 || at < length; at += MAX (piece, 1))
        {
          piece = length - at;
          if (message.type == BO_JOURNAL_DATA && cuts != NULL && piece > 0)
            piece = bo_fuzz_cuts_next (cuts, piece);
          memcpy (payload, data + at, piece);
          payload[piece] = '\0';
          message.payload = payload;
          message.length = piece;
          bo_recorder_feed (recorder, &message);
        }
      data += length;
      size -= length;
    }
  bo_recorder_finish (recorder);
}

static char *
record (const uint8_t *data, size_t size, BoFuzzCuts *cuts)
{
  g_autoptr (BoRecorder) recorder = bo_recorder_new (get_campaign ());
  GString *text = g_string_new (NULL);
  GPtrArray *trials = NULL;
  guint n_changes = 0;

  bo_recorder_set_keep_lines (recorder, BO_FUZZ_KEEP_LINES);
  bo_recorder_set_func (recorder, change_cb, &n_changes, NULL);
  feed_all (recorder, data, size, cuts);
  BO_FUZZ_CHECK (bo_recorder_get_running (recorder) == NULL);
  trials = bo_recorder_get_trials (recorder);
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = trials->pdata[i];
      g_autofree char *one = bo_fuzz_trial_to_text (trial);
      const char *log = strstr (one, BO_FUZZ_LOG_MARK);

      bo_fuzz_trial_check (trial);
      if (cuts == NULL)
        {
          g_autoptr (JsonNode) node = bo_json_parse (one, log - one, NULL);

          BO_FUZZ_CHECK (node != NULL);
        }
      BO_FUZZ_CHECK (trial->outcome != BO_OUTCOME_RUNNING);
      BO_FUZZ_CHECK (trial->outcome != BO_OUTCOME_SUCCEEDED || trial->build_us >= 0);
      BO_FUZZ_CHECK (trial->outcome == BO_OUTCOME_SUCCEEDED || trial->outcome == BO_OUTCOME_PENDING
                     || (trial->reason != NULL && trial->reason[0] != '\0'));
      BO_FUZZ_CHECK (bo_recorder_get_trial (recorder, trial->id) == trial);
      g_string_append_printf (text, "%s\n", one);
    }
  g_string_append_printf (text, "%d %s\n", (int) bo_recorder_get_state (recorder),
                          bo_recorder_get_end_reason (recorder));
  return g_string_free (text, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  BoFuzzCuts cuts;
  g_autofree char *whole = record (data, size, NULL);
  g_autofree char *cut = NULL;

  bo_fuzz_cuts_init (&cuts, data, size);
  cut = record (data, size, &cuts);
  BO_FUZZ_CHECK (strcmp (whole, cut) == 0);
  return 0;
}
