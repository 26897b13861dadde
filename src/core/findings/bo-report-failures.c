/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report"

#include "config.h"

#include <string.h>

#include "findings/bo-report-parts.h"
#include "insight/bo-duration.h"

/* What failed and why, and everything that is in no number. */

#define TAIL_LINES 20
#define TAIL_LINE_MAX 300
#define QUOTE_MAX 400

/* A line as it was: its indentation says something. */
static void
append_line (GString *tail, const char *line)
{
  g_autofree char *text = bo_report_shorten (line, TAIL_LINE_MAX);
  gsize indent = strspn (line, " ");

  g_string_append_printf (tail, "%*s%s\n", (int) MIN (indent, TAIL_LINE_MAX), "", text);
}

/* The last lines of the step that failed, else of the engine's error. */
static char *
get_tail (const BoTrial *trial)
{
  GString *tail = g_string_new (NULL);
  const BoStep *step = NULL;

  if (trial->failed_step >= 0 && (guint) trial->failed_step < trial->steps->len)
    step = g_ptr_array_index (trial->steps, trial->failed_step);
  if (step != NULL && step->log != NULL && step->log->len > 0)
    {
      guint first = step->log->len > TAIL_LINES ? step->log->len - TAIL_LINES : 0;

      for (guint i = first; i < step->log->len; i++)
        {
          const BoLogLine *line = g_ptr_array_index (step->log, i);

          append_line (tail, line->text);
        }
    }
  else if (trial->error != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (trial->error, "\n", -1);
      guint n = g_strv_length (lines);

      for (guint i = n > TAIL_LINES ? n - TAIL_LINES : 0; i < n; i++)
        append_line (tail, lines[i]);
    }
  while (tail->len > 0 && tail->str[tail->len - 1] == '\n')
    g_string_truncate (tail, tail->len - 1);
  return g_string_free (tail, tail->len == 0);
}

static char *
make_headline (const BoReportMaker *maker, const BoTrial *trial)
{
  g_autofree char *stop = bo_report_describe_stop (maker, trial);
  g_autofree char *elapsed = NULL;

  if (trial->outcome == BO_OUTCOME_TIMED_OUT)
    return g_strdup_printf (D_ (maker->language, "stopped by its time limit (%s)"), stop);
  if (trial->elapsed_us < 0)
    return g_steal_pointer (&stop);
  elapsed = bo_duration_format (trial->elapsed_us);
  return g_strdup_printf (D_ (maker->language, "%s after %s"), stop, elapsed);
}

static BoReportFailure *
make_failure (const BoReportMaker *maker, const BoTrial *trial)
{
  BoReportFailure *failure = g_new0 (BoReportFailure, 1);
  gboolean owned = FALSE;
  BoDiagnosis *diagnosis = NULL;

  failure->subject = bo_report_describe_trial (maker, trial);
  failure->headline = make_headline (maker, trial);
  failure->details = g_ptr_array_new_with_free_func (g_free);
  failure->trials = g_ptr_array_new_with_free_func (g_free);
  failure->tail = get_tail (trial);
  if (trial->failed_step >= 0 && (guint) trial->failed_step < trial->steps->len)
    {
      const BoStep *step = g_ptr_array_index (trial->steps, trial->failed_step);

      if (step->instruction != NULL)
        failure->instruction = bo_report_shorten (step->instruction, QUOTE_MAX);
      failure->user_line = step->user_line;
    }

  if (trial->outcome == BO_OUTCOME_FAILED)
    diagnosis = bo_report_diagnose (maker, trial, &owned);
  if (diagnosis != NULL)
    {
      failure->cause = g_strdup (D_ (maker->language, diagnosis->signature->cause));
      failure->advice = g_strdup (D_ (maker->language, diagnosis->signature->advice));
      failure->evidence = g_strdup (diagnosis->evidence);
      for (guint i = 0; i < diagnosis->details->len; i++)
        g_ptr_array_add (failure->details, g_strdup (g_ptr_array_index (diagnosis->details, i)));
    }
  else if (trial->reason != NULL && trial->reason[0] != '\0')
    failure->cause = bo_report_shorten (trial->reason, QUOTE_MAX);
  if (owned)
    bo_diagnosis_free (diagnosis);
  return failure;
}

/* Repetitions that failed at the same place for the same reason are told once; their times differ. */
static BoReportFailure *
find_same (GPtrArray *failures, const BoReportFailure *failure, const BoTrial *trial, GHashTable *places)
{
  for (guint i = 0; i < failures->len; i++)
    {
      BoReportFailure *other = g_ptr_array_index (failures, i);

      if (g_str_equal (other->subject, failure->subject) && g_strcmp0 (other->cause, failure->cause) == 0
          && GPOINTER_TO_INT (g_hash_table_lookup (places, other)) == trial->failed_step)
        return other;
    }
  return NULL;
}

void
bo_report_add_failures (BoReportMaker *maker)
{
  GPtrArray *failures = maker->report->failures;
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < maker->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (maker->trials, i);
      BoReportFailure *failure;
      BoReportFailure *same;

      if (trial->outcome != BO_OUTCOME_FAILED && trial->outcome != BO_OUTCOME_TIMED_OUT)
        continue;
      failure = make_failure (maker, trial);
      same = find_same (failures, failure, trial, places);
      if (same != NULL)
        {
          g_ptr_array_add (same->trials, g_strdup (trial->id));
          /* The array's own free function takes it away again. */
          g_ptr_array_add (failures, failure);
          g_ptr_array_remove_index (failures, failures->len - 1);
          continue;
        }
      g_ptr_array_add (failure->trials, g_strdup (trial->id));
      g_hash_table_insert (places, failure, GINT_TO_POINTER (trial->failed_step));
      g_ptr_array_add (failures, failure);
    }
}

/* Why a trial is in no number; NULL when it is in one. */
static char *
why_left_out (const BoReportMaker *maker, const BoTrial *trial)
{
  g_autofree char *reason = NULL;
  const char *word;

  switch (trial->outcome)
    {
    case BO_OUTCOME_SUCCEEDED:
      if (bo_trial_is_disturbed (trial))
        {
          GString *flags = g_string_new (NULL);

          for (guint i = 0; i < trial->flags->len; i++)
            {
              const char *flag = g_ptr_array_index (trial->flags, i);
              const char *evidence = bo_trial_get_evidence (trial, flag);

              g_string_append_printf (flags, "%s%s", i > 0 ? ", " : "", flag);
              if (evidence != NULL)
                g_string_append_printf (flags, " (%s)", evidence);
            }
          reason = g_string_free (flags, FALSE);
          return g_strdup_printf (D_ (maker->language, "disturbed: %s"), reason);
        }
      return NULL;
    case BO_OUTCOME_FAILED:
      return g_strdup (D_ (maker->language, "failed, see “Failures”"));
    case BO_OUTCOME_TIMED_OUT:
      return g_strdup (D_ (maker->language, "stopped by its time limit, see “Failures”"));
    case BO_OUTCOME_SKIPPED:
      word = D_ (maker->language, "skipped");
      break;
    case BO_OUTCOME_CANCELLED:
      word = D_ (maker->language, "cancelled");
      break;
    case BO_OUTCOME_INTERRUPTED:
      word = D_ (maker->language, "interrupted");
      break;
    case BO_OUTCOME_UNSUPPORTED:
      word = D_ (maker->language, "this engine cannot do it");
      break;
    case BO_OUTCOME_PENDING:
    case BO_OUTCOME_RUNNING:
    default:
      word = D_ (maker->language, "not finished");
      break;
    }
  if (trial->reason == NULL || trial->reason[0] == '\0')
    return g_strdup (word);
  reason = bo_report_shorten (trial->reason, QUOTE_MAX);
  return g_strdup_printf ("%s: %s", word, reason);
}

void
bo_report_add_exclusions (BoReportMaker *maker)
{
  GPtrArray *exclusions = maker->report->exclusions;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < maker->trials->len; i++)
    {
      const BoTrial *trial = g_ptr_array_index (maker->trials, i);
      g_autofree char *reason = NULL;
      g_autofree char *subject = NULL;
      g_autofree char *key = NULL;
      BoReportExclusion *exclusion;
      char *repetition;

      if (trial->kind != BO_TRIAL_COUNTED)
        continue;
      reason = why_left_out (maker, trial);
      if (reason == NULL)
        continue;

      /* One line for all repetitions of a cell that are left out for the same reason. */
      subject = bo_report_describe_trial (maker, trial);
      key = g_strconcat (subject, "\n", reason, NULL);
      exclusion = g_hash_table_lookup (seen, key);
      if (exclusion == NULL)
        {
          exclusion = g_new0 (BoReportExclusion, 1);
          exclusion->subject = g_strdup_printf (D_ (maker->language, "%s, repetition %u"), subject,
                                                trial->repetition);
          exclusion->reason = g_steal_pointer (&reason);
          g_ptr_array_add (exclusions, exclusion);
          g_hash_table_insert (seen, g_steal_pointer (&key), exclusion);
          continue;
        }
      repetition = g_strdup_printf ("%s, %u", exclusion->subject, trial->repetition);
      g_free (exclusion->subject);
      exclusion->subject = repetition;
    }
}
