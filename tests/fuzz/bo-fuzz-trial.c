/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-fuzz-trial"

#include "config.h"

#include "bo-fuzz-trial.h"
#include "bo-fuzz.h"

/* A step's log is text, its times are -1 or more, and no more lines stay than were asked for. */
static void
check_step (const BoStep *step)
{
  BO_FUZZ_CHECK (step->instruction != NULL && g_utf8_validate (step->instruction, -1, NULL));
  BO_FUZZ_CHECK (step->stage == NULL || g_utf8_validate (step->stage, -1, NULL));
  BO_FUZZ_CHECK (step->start_us >= -1 && step->duration_us >= -1);
  BO_FUZZ_CHECK (!step->failed || (step->error != NULL && g_utf8_validate (step->error, -1, NULL)));
  for (guint i = 0; step->log != NULL && i < step->log->len; i++)
    {
      const BoLogLine *line = step->log->pdata[i];

      BO_FUZZ_CHECK (g_utf8_validate (line->text, -1, NULL));
      BO_FUZZ_CHECK (line->time_us >= 0);
    }
}

void
bo_fuzz_trial_check (const BoTrial *trial)
{
  BO_FUZZ_CHECK (trial->steps->len <= 4096);
  BO_FUZZ_CHECK (trial->failed_step >= -1 && trial->failed_step < (int) trial->steps->len);
  BO_FUZZ_CHECK (trial->build_us >= -1 && trial->elapsed_us >= -1);
  for (guint i = 0; i < trial->steps->len; i++)
    check_step (trial->steps->pdata[i]);
  for (guint i = 0; i < trial->phases->len; i++)
    BO_FUZZ_CHECK (((BoPhase *) trial->phases->pdata[i])->duration_us >= -1);
  BO_FUZZ_CHECK (trial->error == NULL || g_utf8_validate (trial->error, -1, NULL));
  BO_FUZZ_CHECK (trial->reason == NULL || g_utf8_validate (trial->reason, -1, NULL));
}

/* The record, and the lines of its log that are kept, for comparing two readings. */
char *
bo_fuzz_trial_to_text (const BoTrial *trial)
{
  g_autofree char *json = bo_trial_to_json (trial);
  GString *text = g_string_new (json);

  g_string_append (text, BO_FUZZ_LOG_MARK);
  for (guint i = 0; i < trial->steps->len; i++)
    {
      const BoStep *step = trial->steps->pdata[i];

      for (guint k = 0; step->log != NULL && k < step->log->len; k++)
        {
          const BoLogLine *line = step->log->pdata[k];

          g_string_append_printf (text, "\n%u %" G_GINT64_FORMAT " %u %s", i, line->time_us, line->stream,
                                  line->text);
        }
    }
  return g_string_free (text, FALSE);
}

void
bo_fuzz_trial_line_cb (BoBuildLogEvent event, guint index, const BoLogLine *line, gpointer user_data)
{
  BO_FUZZ_CHECK ((event == BO_BUILD_LOG_LINE) == (line != NULL));
  if (line != NULL)
    {
      BO_FUZZ_CHECK (g_utf8_validate (line->text, -1, NULL));
      for (const char *p = line->text; *p != '\0'; p++)
        BO_FUZZ_CHECK (*p == '\t' || *p == '\033' || (guchar) *p >= 0x20);
    }
}
