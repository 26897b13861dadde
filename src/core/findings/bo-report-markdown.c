/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-markdown"

#include "config.h"

#include "findings/bo-markdown.h"
#include "findings/bo-report-table.h"
#include "study/bo-decimal-point.h"
#include "study/bo-document-text.h"

/* The report as Markdown. It begins with what the reader came for; how it was measured comes after. */

static void
append_heading (GString *doc, const char *marks, const char *text)
{
  g_autofree char *escaped = bo_markdown_escape (text);

  if (!g_str_has_suffix (doc->str, "\n\n"))
    g_string_append_c (doc, '\n');
  g_string_append_printf (doc, "%s %s\n\n", marks, escaped);
}

static void
append_paragraph (GString *doc, const char *text)
{
  g_autofree char *escaped = bo_markdown_escape (text);

  g_string_append_printf (doc, "%s\n", escaped);
}

static void
append_item (GString *doc, const char *subject, const char *text)
{
  /* Behind a subject no line begins. */
  g_autofree char *escaped = subject != NULL ? bo_markdown_escape_cell (text) : bo_markdown_escape (text);

  if (subject != NULL)
    {
      g_autofree char *bold = bo_markdown_escape (subject);

      g_string_append_printf (doc, "- **%s**: %s\n", bold, escaped);
    }
  else
    g_string_append_printf (doc, "- %s\n", escaped);
}

static void
append_points (GString *doc, const char *language, const char *heading, GPtrArray *points)
{
  append_heading (doc, "##", heading);
  for (guint i = 0; i < points->len; i++)
    {
      const BoReportPoint *point = g_ptr_array_index (points, i);

      append_item (doc, point->subject, point->text);
    }
  if (points->len == 0)
    append_paragraph (doc, D_ (language, "Nothing so far."));
}

static void
append_table (GString *doc, const BoReportTable *table)
{
  bo_markdown_append_header (doc, (const char *const *) table->header, table->n_columns);
  for (guint i = 0; i < table->rows->len; i++)
    bo_markdown_append_row (doc, bo_report_table_get_row (table, i), table->n_columns);
}

static void
append_validation (GString *doc, const BoReport *report)
{
  g_autoptr (BoReportTable) table = bo_report_table_new (report, BO_REPORT_TABLE_VALIDATION);

  append_heading (doc, "##", D_ (report->language, "Validation Results"));
  append_table (doc, table);
  g_string_append_c (doc, '\n');
  append_paragraph (doc, report->cells_used);
}

static void
append_details (GString *doc, const BoReport *report)
{
  g_autoptr (BoReportTable) table = bo_report_table_new (report, BO_REPORT_TABLE_DETAILS);

  append_heading (doc, "##", D_ (report->language, "Details"));
  append_table (doc, table);
}

static void
append_tests (GString *doc, const BoReport *report)
{
  g_autoptr (BoReportTable) table = bo_report_table_new (report, BO_REPORT_TABLE_TESTS);

  if (table->rows->len == 0)
    return;
  append_heading (doc, "##", D_ (report->language, "Tests"));
  append_table (doc, table);
}

static void
append_failure (GString *doc, const char *language, const BoReportFailure *failure)
{
  append_heading (doc, "###", failure->subject);
  append_paragraph (doc, failure->headline);
  g_string_append_c (doc, '\n');
  if (failure->instruction != NULL)
    {
      g_autofree char *code = bo_markdown_code (failure->instruction);

      if (failure->user_line > 0)
        g_string_append_printf (doc, D_ (language, "- Instruction (line %u of the Dockerfile): %s\n"),
                                failure->user_line, code);
      else
        g_string_append_printf (doc, D_ (language, "- Instruction: %s\n"), code);
    }
  if (failure->cause != NULL)
    append_item (doc, D_ (language, "Reason"), failure->cause);
  if (failure->evidence != NULL)
    {
      g_autofree char *code = bo_markdown_code (failure->evidence);

      g_string_append_printf (doc, D_ (language, "- Because the log says: %s\n"), code);
      for (guint i = 0; i < failure->details->len; i++)
        {
          g_autofree char *detail = bo_markdown_code (g_ptr_array_index (failure->details, i));

          g_string_append_printf (doc, "  - %s\n", detail);
        }
    }
  if (failure->advice != NULL)
    append_item (doc, D_ (language, "What to do"), failure->advice);
  {
    GString *ids = g_string_new (NULL);
    g_autofree char *joined = NULL;

    for (guint i = 0; i < failure->trials->len; i++)
      g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", (const char *) g_ptr_array_index (failure->trials, i));
    joined = g_string_free (ids, FALSE);
    append_item (doc, D_ (language, "Trials"), joined);
  }
  if (failure->tail != NULL)
    {
      g_string_append_c (doc, '\n');
      bo_markdown_append_fence (doc, failure->tail);
    }
}

static void
append_failures (GString *doc, const BoReport *report)
{
  if (report->failures->len == 0)
    return;
  append_heading (doc, "##", D_ (report->language, "Failures"));
  append_paragraph (doc, D_ (report->language, "How far each got is no build time and is compared with none."));
  for (guint i = 0; i < report->failures->len; i++)
    append_failure (doc, report->language, g_ptr_array_index (report->failures, i));
}

static void
append_prebuilds (GString *doc, const BoReport *report)
{
  if (report->prebuilds->len == 0)
    return;
  append_heading (doc, "##", D_ (report->language, "Prebuilds"));
  for (guint i = 0; i < report->prebuilds->len; i++)
    {
      const BoReportPrebuild *prebuild = g_ptr_array_index (report->prebuilds, i);

      append_item (doc, prebuild->subject, prebuild->text);
    }
}

static void
append_method (GString *doc, const BoReport *report)
{
  append_heading (doc, "##", D_ (report->language, "How It Was Measured"));
  for (guint i = 0; i < report->method->len; i++)
    append_item (doc, NULL, g_ptr_array_index (report->method, i));

  if (report->exclusions->len == 0)
    return;
  append_heading (doc, "###", D_ (report->language, "In No Number"));
  for (guint i = 0; i < report->exclusions->len; i++)
    {
      const BoReportExclusion *exclusion = g_ptr_array_index (report->exclusions, i);
      g_autofree char *subject = bo_markdown_escape (exclusion->subject);
      g_autofree char *reason = bo_markdown_escape (exclusion->reason);

      g_string_append_printf (doc, "- %s: %s\n", subject, reason);
    }
}

static void
append_environment (GString *doc, const BoReport *report)
{
  g_autoptr (BoReportTable) facts = bo_report_table_new (report, BO_REPORT_TABLE_FACTS);
  g_autoptr (BoReportTable) bases = bo_report_table_new (report, BO_REPORT_TABLE_BASES);

  append_heading (doc, "##", D_ (report->language, "Environment"));
  append_table (doc, facts);
  if (bases->rows->len == 0)
    return;
  g_string_append_c (doc, '\n');
  append_table (doc, bases);
}

static void
append_raw_data (GString *doc, const BoReport *report)
{
  append_heading (doc, "##", D_ (report->language, "Raw Data"));
  append_paragraph (doc, D_ (report->language, "The store of the computer that ran the campaign keeps every number and "
                                               "every log line:"));
  g_string_append_c (doc, '\n');
  for (guint i = 0; i < report->campaigns->len; i++)
    {
      const BoCampaign *campaign = g_ptr_array_index (report->campaigns, i);
      g_autofree char *json = g_strdup_printf ("bakeoff-cli findings --campaign %s --format json", campaign->id);
      g_autofree char *csv = g_strdup_printf ("bakeoff-cli findings --campaign %s --format csv", campaign->id);
      g_autofree char *json_code = bo_markdown_code (json);
      g_autofree char *csv_code = bo_markdown_code (csv);

      g_string_append_printf (doc, "- %s\n- %s\n", json_code, csv_code);
    }
}

static void
append_dockerfiles (GString *doc, const BoReport *report)
{
  if (report->dockerfiles->len == 0)
    return;
  append_heading (doc, "##", D_ (report->language, "Dockerfiles as Sent"));
  for (guint i = 0; i < report->dockerfiles->len; i++)
    {
      const BoReportDockerfile *dockerfile = g_ptr_array_index (report->dockerfiles, i);

      append_heading (doc, "###", dockerfile->subject);
      g_string_append_printf (doc, "sha256:%s\n\n", dockerfile->sha256);
      bo_markdown_append_fence (doc, dockerfile->text);
    }
}

/**
 * bo_report_to_markdown:
 * @report: a report
 *
 * Returns: (transfer full): the whole document, GitHub-flavoured Markdown
 */
char *
bo_report_to_markdown (const BoReport *report)
{
  return bo_report_to_markdown_with_charts (report, NULL);
}

/**
 * bo_report_to_markdown_with_charts:
 * @report: a report
 * @charts: (nullable): lines of Markdown that show its charts (bo_report_charts_to_markdown())
 *
 * Returns: (transfer full): the whole document with the charts in a section of their own
 */
char *
bo_report_to_markdown_with_charts (const BoReport *report, const char *charts)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point
      = bo_decimal_point_begin (bo_decimal_point_of (report != NULL ? report->language : NULL));
  GString *doc;
  const char *language;
  g_autofree char *title = NULL;
  g_autofree char *lead = NULL;

  g_return_val_if_fail (report != NULL, NULL);

  language = report->language;
  title = bo_markdown_escape (report->title);
  lead = bo_report_describe_lead (report);

  doc = g_string_new (NULL);
  g_string_append_printf (doc, "# %s\n\n", title);
  append_paragraph (doc, lead);
  if (report->notes != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (report->notes, "\n", -1);

      for (guint i = 0; lines[i] != NULL; i++)
        if (g_strstrip (lines[i])[0] != '\0')
          {
            g_string_append_c (doc, '\n');
            append_paragraph (doc, lines[i]);
          }
    }
  g_string_append_c (doc, '\n');
  append_paragraph (doc, bo_report_describe_best (report));

  append_points (doc, language, D_ (language, "What Worked"), report->worked);
  append_points (doc, language, D_ (language, "What Didn't Work"), report->not_worked);
  append_validation (doc, report);
  if (charts != NULL)
    {
      append_heading (doc, "##", D_ (language, "Charts"));
      g_string_append (doc, charts);
    }
  append_details (doc, report);
  append_tests (doc, report);
  append_prebuilds (doc, report);
  append_failures (doc, report);
  append_method (doc, report);
  append_environment (doc, report);
  append_raw_data (doc, report);
  append_dockerfiles (doc, report);
  return g_string_free (doc, FALSE);
}
