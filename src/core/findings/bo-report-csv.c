/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-csv"

#include "config.h"

#include <string.h>

#include "findings/bo-markdown.h"
#include "findings/bo-report.h"

/*
 * One row for each trial, for spreadsheets and data frames: RFC 4180 with
 * "\n" line ends, UTF-8, a point as decimal sign. Times are seconds, sizes
 * bytes; what is not known is empty. Column names are the same in every
 * language.
 */

static void
append_field (GString *row, const char *text)
{
  g_autofree char *clean = text != NULL ? bo_markdown_clean (text) : g_strdup ("");
  /*
   * A text that begins so would be a formula to a spreadsheet, and it may come
   * from a log. The apostrophe is what a person would type to prevent that.
   */
  gboolean formula = clean[0] != '\0' && strchr ("=+-@", clean[0]) != NULL;

  if (row->len > 0)
    g_string_append_c (row, ',');
  if (!formula && strpbrk (clean, ",\"\n\r") == NULL)
    {
      g_string_append (row, clean);
      return;
    }
  g_string_append_c (row, '"');
  if (formula)
    g_string_append_c (row, '\'');
  for (const char *p = clean; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (row, '"');
      g_string_append_c (row, *p);
    }
  g_string_append_c (row, '"');
}

static void
append_int (GString *row, gint64 value)
{
  if (row->len > 0)
    g_string_append_c (row, ',');
  if (value >= 0)
    g_string_append_printf (row, "%" G_GINT64_FORMAT, value);
}

/* Microseconds as seconds with six decimals, exactly, whatever the locale. */
static void
append_seconds (GString *row, gint64 time_us)
{
  if (row->len > 0)
    g_string_append_c (row, ',');
  if (time_us >= 0)
    g_string_append_printf (row, "%" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT, time_us / G_USEC_PER_SEC,
                            time_us % G_USEC_PER_SEC);
}

static gint64
phase_duration (const BoTrial *trial, BoPhaseKind kind)
{
  const BoPhase *phase = bo_trial_get_phase (trial, kind);

  return phase != NULL ? phase->duration_us : -1;
}

static void
append_probes (GString *row, const BoTrial *trial)
{
  const BoProbeResult *cuda = NULL;
  GString *runs = g_string_new (NULL);

  for (guint i = 0; i < trial->probes->len; i++)
    {
      const BoProbeResult *probe = g_ptr_array_index (trial->probes, i);

      if (probe->kind == BO_PROBE_CUDA && cuda == NULL)
        cuda = probe;
      for (guint r = 0; probe->kind == BO_PROBE_WORKLOAD && r < probe->runs->len; r++)
        {
          const BoProbeRun *run = g_ptr_array_index (probe->runs, r);

          if (run->exit_code != 0 || run->timed_out || run->duration_us < 0)
            continue;
          if (runs->len > 0)
            g_string_append_c (runs, ' ');
          g_string_append_printf (runs, "%" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT,
                                  run->duration_us / G_USEC_PER_SEC, run->duration_us % G_USEC_PER_SEC);
        }
    }
  append_field (row, cuda != NULL ? bo_verdict_to_string (cuda->verdict) : NULL);
  append_field (row, cuda != NULL ? cuda->level : NULL);
  append_field (row, cuda == NULL ? NULL : cuda->simulated ? "yes" : "no");
  append_field (row, cuda != NULL ? cuda->reason : NULL);
  append_field (row, runs->str);
  g_string_free (runs, TRUE);
}

static void
append_trial (GString *document, const BoTrial *trial)
{
  GString *row = g_string_new (NULL);
  GString *flags = g_string_new (NULL);
  const BoStep *failed = NULL;

  for (guint i = 0; i < trial->flags->len; i++)
    g_string_append_printf (flags, "%s%s", i > 0 ? " " : "", (const char *) g_ptr_array_index (trial->flags, i));
  if (trial->failed_step >= 0 && (guint) trial->failed_step < trial->steps->len)
    failed = g_ptr_array_index (trial->steps, trial->failed_step);

  append_field (row, trial->id);
  append_field (row, trial->campaign);
  append_field (row, bo_trial_kind_to_string (trial->kind));
  append_field (row, trial->cell != NULL ? trial->cell->strategy : NULL);
  append_field (row, trial->cell != NULL ? trial->cell->base : NULL);
  append_field (row, trial->cell != NULL ? bo_builder_to_string (trial->cell->builder) : NULL);
  append_field (row, trial->cell != NULL ? bo_condition_to_string (trial->cell->condition) : NULL);
  append_field (row, trial->prebuild);
  append_int (row, trial->repetition);
  append_field (row, bo_outcome_to_string (trial->outcome));
  append_field (row, bo_trial_is_usable (trial) ? "yes" : "no");
  append_field (row, flags->str);
  append_seconds (row, trial->started_us);
  append_seconds (row, trial->build_us);
  append_seconds (row, trial->elapsed_us);
  for (guint i = 0; i < BO_N_PHASES; i++)
    append_seconds (row, phase_duration (trial, (BoPhaseKind) i));
  append_int (row, failed != NULL ? (gint64) failed->number : -1);
  append_int (row, trial->n_steps > 0 ? (gint64) trial->n_steps : -1);
  append_field (row, trial->reason);
  append_field (row, trial->image != NULL ? trial->image->id : NULL);
  append_int (row, trial->image != NULL ? trial->image->size : -1);
  append_int (row, trial->image != NULL ? trial->image->added_size : -1);
  append_int (row, trial->context_bytes);
  append_field (row, trial->dockerfile_sha256);
  append_probes (row, trial);

  g_string_append_printf (document, "%s\n", row->str);
  g_string_free (row, TRUE);
  g_string_free (flags, TRUE);
}

/**
 * bo_report_to_csv:
 * @report: a report
 *
 * Returns: (transfer full): a header and one row for each trial, prebuilds and priming builds included
 */
char *
bo_report_to_csv (const BoReport *report)
{
  GString *document;

  g_return_val_if_fail (report != NULL, NULL);

  document = g_string_new ("trial,campaign,kind,strategy,base,builder,condition,prebuild,repetition,outcome,usable,"
                           "flags,started_unix_s,build_s,elapsed_s");
  for (guint i = 0; i < BO_N_PHASES; i++)
    g_string_append_printf (document, ",phase_%s_s", bo_phase_kind_to_string ((BoPhaseKind) i));
  g_string_append (document, ",failed_step,n_steps,reason,image_id,image_bytes,added_bytes,context_bytes,"
                             "dockerfile_sha256,cuda,cuda_level,cuda_simulated,cuda_reason,workload_s\n");
  for (guint i = 0; i < report->trials->len; i++)
    append_trial (document, g_ptr_array_index (report->trials, i));
  return g_string_free (document, FALSE);
}
