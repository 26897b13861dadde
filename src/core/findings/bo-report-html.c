/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-html"

#include "config.h"

#include <string.h>

#include "charts/bo-chart-file.h"
#include "findings/bo-markdown.h"
#include "findings/bo-report-charts.h"
#include "findings/bo-report-html.h"
#include "findings/bo-report-table.h"
#include "study/bo-decimal-point.h"
#include "study/bo-document-text.h"

/*
 * The report as one HTML file: what the Markdown says, in the same order,
 * with the charts in it. It is well-formed XML too, loads nothing from
 * anywhere and runs no script.
 */

static const char style_sheet[]
    = ":root{color-scheme:light dark;--text:#2e2e33;--dim:#66656c;--line:#dcdbe0;--page:#fff;--card:#f6f5f7}"
      "@media(prefers-color-scheme:dark){:root{--text:#f4f4f6;--dim:#b4b3ba;--line:#46464c;--page:#1e1e21;--"
      "card:#28282c}}"
      "body{font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--page);max-width:52rem;"
      "margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}"
      "h1{font-size:1.8rem;line-height:1.2}h2{font-size:1.3rem;margin-top:2.4rem}h3{font-size:1.05rem;margin-"
      "top:1.6rem}"
      ".dim{color:var(--dim)}figure{margin:1.4rem 0}figure "
      "svg{display:block;max-width:100%;height:auto;border-radius:8px;"
      "border:1px solid var(--line)}"
      ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.92rem;overflow-wrap:normal}"
      "th,td{text-align:start;vertical-align:top;padding:.35rem .9rem .35rem 0;border-bottom:1px solid "
      "var(--line)}"
      "th:first-child,td:first-child{min-width:7.5rem}"
      "td.number,th.number{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}"
      "pre{background:var(--card);padding:.8rem 1rem;border-radius:8px;overflow-x:auto;font-size:.85rem}"
      "code{font-size:.9em}summary{cursor:pointer;color:var(--dim);margin-top:.4rem}";

/* One line without what is not seen, as in the Markdown. */
static char *
escape (const char *text)
{
  g_autofree char *clean = bo_markdown_clean (text);

  return g_markup_escape_text (clean, -1);
}

static void
append_tag (GString *doc, const char *tag, const char *text)
{
  g_autofree char *escaped = escape (text);

  g_string_append_printf (doc, "<%s>%s</%s>\n", tag, escaped, tag);
}

static void
append_dim (GString *doc, const char *text)
{
  g_autofree char *escaped = escape (text);

  g_string_append_printf (doc, "<p class=\"dim\">%s</p>\n", escaped);
}

/* A log or a Dockerfile: its lines stay. */
static void
append_block (GString *doc, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto (GStrv) lines = g_strsplit (valid, "\n", -1);

  g_string_append (doc, "<pre>");
  for (guint i = 0; lines[i] != NULL; i++)
    {
      GString *line = g_string_new (NULL);
      g_autofree char *plain = NULL;
      g_autofree char *escaped = NULL;

      for (const char *p = lines[i]; *p != '\0'; p = g_utf8_next_char (p))
        if (g_utf8_get_char (p) == '\t')
          g_string_append (line, "    ");
        else if (!g_unichar_iscntrl (g_utf8_get_char (p))
                 && g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_FORMAT)
          g_string_append_unichar (line, g_utf8_get_char (p));
      plain = g_string_free (line, FALSE);
      escaped = g_markup_escape_text (plain, -1);
      g_string_append_printf (doc, "%s%s", i > 0 ? "\n" : "", escaped);
    }
  g_string_append (doc, "</pre>\n");
}

static void
append_item (GString *doc, const char *subject, const char *text)
{
  g_autofree char *escaped = escape (text);
  g_autofree char *bold = subject != NULL ? escape (subject) : NULL;

  if (bold != NULL)
    g_string_append_printf (doc, "<li><strong>%s</strong>: %s</li>\n", bold, escaped);
  else
    g_string_append_printf (doc, "<li>%s</li>\n", escaped);
}

static void
append_points (GString *doc, const char *language, const char *heading, GPtrArray *points)
{
  append_tag (doc, "h2", heading);
  if (points->len == 0)
    {
      append_tag (doc, "p", D_ (language, "Nothing so far."));
      return;
    }
  g_string_append (doc, "<ul>\n");
  for (guint i = 0; i < points->len; i++)
    {
      const BoReportPoint *point = g_ptr_array_index (points, i);

      append_item (doc, point->subject, point->text);
    }
  g_string_append (doc, "</ul>\n");
}

static void
begin_table (GString *doc, const char *const *titles, guint n)
{
  g_string_append (doc, "<div class=\"wide\"><table>\n<thead><tr>");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *title = escape (titles[i]);

      g_string_append_printf (doc, "<th scope=\"col\">%s</th>", title);
    }
  g_string_append (doc, "</tr></thead>\n<tbody>\n");
}

static void
append_row (GString *doc, const char *const *cells, guint n)
{
  g_string_append (doc, "<tr>");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *cell = escape (cells[i]);

      g_string_append_printf (doc, "<td>%s</td>", cell);
    }
  g_string_append (doc, "</tr>\n");
}

static void
append_table (GString *doc, const BoReportTable *table)
{
  begin_table (doc, (const char *const *) table->header, table->n_columns);
  for (guint i = 0; i < table->rows->len; i++)
    append_row (doc, bo_report_table_get_row (table, i), table->n_columns);
  g_string_append (doc, "</tbody></table></div>\n");
}

static void
append_validation (GString *doc, const BoReport *report)
{
  g_autoptr (BoReportTable) table = bo_report_table_new (report, BO_REPORT_TABLE_VALIDATION);

  append_tag (doc, "h2", D_ (report->language, "Validation Results"));
  append_table (doc, table);
  append_dim (doc, report->cells_used);
}

/* The numbers of a chart, folded away. */
static void
append_numbers (GString *doc, const char *language, const BoChart *chart)
{
  BoChartLocale locale = bo_chart_get_locale (chart);
  guint n_columns = bo_chart_table_get_n_columns (chart->table);

  g_string_append (doc, "<details>");
  append_tag (doc, "summary", D_ (language, "The numbers"));
  g_string_append (doc, "<div class=\"wide\"><table>\n<thead><tr>");
  for (guint i = 0; i < n_columns; i++)
    {
      g_autofree char *title = escape (bo_chart_table_get_title (chart->table, i));

      g_string_append_printf (
          doc, "<th scope=\"col\"%s>%s</th>",
          bo_chart_table_get_kind (chart->table, i) != BO_COLUMN_TEXT ? " class=\"number\"" : "", title);
    }
  g_string_append (doc, "</tr></thead>\n<tbody>\n");
  for (guint row = 0; row < bo_chart_table_get_n_rows (chart->table); row++)
    {
      g_string_append (doc, "<tr>");
      for (guint i = 0; i < n_columns; i++)
        {
          g_autofree char *text = bo_chart_table_get_text (chart->table, row, i, &locale);
          g_autofree char *escaped = escape (text);

          g_string_append_printf (
              doc, "<td%s>%s</td>",
              bo_chart_table_get_kind (chart->table, i) != BO_COLUMN_TEXT ? " class=\"number\"" : "",
              escaped);
        }
      g_string_append (doc, "</tr>\n");
    }
  g_string_append (doc, "</tbody></table></div></details>\n");
}

static gboolean
append_charts (GString *doc, const BoReport *report, GError **error)
{
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);
  const BoChartStyle style = bo_chart_style_for_files ();

  if (charts->len == 0)
    return TRUE;
  append_tag (doc, "h2", D_ (report->language, "Charts"));
  for (guint i = 0; i < charts->len; i++)
    {
      BoChart *chart = g_ptr_array_index (charts, i);
      g_autofree char *svg = bo_chart_to_svg (chart, &style, BO_CHART_DOCUMENT_WIDTH, error);

      if (svg == NULL)
        return FALSE;
      /* Inside a page there is no declaration of a document of its own. */
      g_string_append_printf (doc, "<figure>%s", strstr (svg, "<svg "));
      append_numbers (doc, report->language, chart);
      g_string_append (doc, "</figure>\n");
    }
  return TRUE;
}

static void
append_details (GString *doc, const BoReport *report)
{
  g_autoptr (BoReportTable) table = bo_report_table_new (report, BO_REPORT_TABLE_DETAILS);

  append_tag (doc, "h2", D_ (report->language, "Details"));
  append_table (doc, table);
}

static void
append_tests (GString *doc, const BoReport *report)
{
  g_autoptr (BoReportTable) table = bo_report_table_new (report, BO_REPORT_TABLE_TESTS);

  if (table->rows->len == 0)
    return;
  append_tag (doc, "h2", D_ (report->language, "Tests"));
  append_table (doc, table);
}

static void
append_code (GString *doc, const char *label, const char *code)
{
  g_autofree char *words = escape (label);
  g_autofree char *escaped = escape (code);

  g_string_append_printf (doc, "<li><strong>%s</strong>: <code>%s</code></li>\n", words, escaped);
}

static void
append_failure (GString *doc, const char *language, const BoReportFailure *failure)
{
  append_tag (doc, "h3", failure->subject);
  append_tag (doc, "p", failure->headline);
  g_string_append (doc, "<ul>\n");
  if (failure->instruction != NULL && failure->user_line > 0)
    {
      g_autofree char *label
        = g_strdup_printf (D_ (language, "Instruction (line %u of the Dockerfile)"), failure->user_line);

      append_code (doc, label, failure->instruction);
    }
  else if (failure->instruction != NULL)
    append_code (doc, D_ (language, "Instruction"), failure->instruction);
  if (failure->cause != NULL)
    append_item (doc, D_ (language, "Reason"), failure->cause);
  if (failure->evidence != NULL)
    append_code (doc, D_ (language, "Because the log says"), failure->evidence);
  for (guint i = 0; failure->evidence != NULL && i < failure->details->len; i++)
    {
      g_autofree char *detail = escape (g_ptr_array_index (failure->details, i));

      g_string_append_printf (doc, "<li><code>%s</code></li>\n", detail);
    }
  if (failure->advice != NULL)
    append_item (doc, D_ (language, "What to do"), failure->advice);
  {
    g_autoptr (GString) ids = g_string_new (NULL);

    for (guint i = 0; i < failure->trials->len; i++)
      g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "",
                              (const char *) g_ptr_array_index (failure->trials, i));
    append_item (doc, D_ (language, "Trials"), ids->str);
  }
  g_string_append (doc, "</ul>\n");
  if (failure->tail != NULL)
    append_block (doc, failure->tail);
}

static void
append_failures (GString *doc, const BoReport *report)
{
  if (report->failures->len == 0)
    return;
  append_tag (doc, "h2", D_ (report->language, "Failures"));
  append_tag (doc, "p",
              D_ (report->language, "How far each got is no build time and is compared with none."));
  for (guint i = 0; i < report->failures->len; i++)
    append_failure (doc, report->language, g_ptr_array_index (report->failures, i));
}

static void
append_prebuilds (GString *doc, const BoReport *report)
{
  if (report->prebuilds->len == 0)
    return;
  append_tag (doc, "h2", D_ (report->language, "Prebuilds"));
  g_string_append (doc, "<ul>\n");
  for (guint i = 0; i < report->prebuilds->len; i++)
    {
      const BoReportPrebuild *prebuild = g_ptr_array_index (report->prebuilds, i);

      append_item (doc, prebuild->subject, prebuild->text);
    }
  g_string_append (doc, "</ul>\n");
}

static void
append_method (GString *doc, const BoReport *report)
{
  append_tag (doc, "h2", D_ (report->language, "How It Was Measured"));
  g_string_append (doc, "<ul>\n");
  for (guint i = 0; i < report->method->len; i++)
    append_item (doc, NULL, g_ptr_array_index (report->method, i));
  g_string_append (doc, "</ul>\n");
  if (report->exclusions->len == 0)
    return;
  append_tag (doc, "h3", D_ (report->language, "In No Number"));
  g_string_append (doc, "<ul>\n");
  for (guint i = 0; i < report->exclusions->len; i++)
    {
      const BoReportExclusion *exclusion = g_ptr_array_index (report->exclusions, i);

      append_item (doc, exclusion->subject, exclusion->reason);
    }
  g_string_append (doc, "</ul>\n");
}

static void
append_environment (GString *doc, const BoReport *report)
{
  g_autoptr (BoReportTable) facts = bo_report_table_new (report, BO_REPORT_TABLE_FACTS);
  g_autoptr (BoReportTable) bases = bo_report_table_new (report, BO_REPORT_TABLE_BASES);

  append_tag (doc, "h2", D_ (report->language, "Environment"));
  append_table (doc, facts);
  if (bases->rows->len > 0)
    append_table (doc, bases);
}

static void
append_dockerfiles (GString *doc, const BoReport *report)
{
  if (report->dockerfiles->len == 0)
    return;
  append_tag (doc, "h2", D_ (report->language, "Dockerfiles as Sent"));
  for (guint i = 0; i < report->dockerfiles->len; i++)
    {
      const BoReportDockerfile *dockerfile = g_ptr_array_index (report->dockerfiles, i);
      g_autofree char *hash = g_strconcat ("sha256:", dockerfile->sha256, NULL);

      append_tag (doc, "h3", dockerfile->subject);
      append_dim (doc, hash);
      append_block (doc, dockerfile->text);
    }
}

static void
append_head (GString *doc, const BoReport *report)
{
  g_autofree char *language = g_strdup (report->language != NULL ? report->language : "en");
  g_autofree char *title = escape (report->title);
  g_autofree char *tag = NULL;

  /* "pt_BR.UTF-8" is "pt-BR" to a browser. */
  g_strdelimit (language, "_", '-');
  language[strcspn (language, ".@")] = '\0';
  tag = g_markup_escape_text (language, -1);
  g_string_append_printf (doc,
                          "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                          "<meta name=\"generator\" content=\"Bakeoff %s\"/>\n"
                          "<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n",
                          tag, PACKAGE_VERSION, title, style_sheet);
}

/**
 * bo_report_to_html:
 * @report: a report
 * @error: return location for a #BoChartFileError
 *
 * Returns: (transfer full): the whole document with its charts, or %NULL
 */
char *
bo_report_to_html (const BoReport *report, GError **error)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point
      = bo_decimal_point_begin (bo_decimal_point_of (report != NULL ? report->language : NULL));
  g_autoptr (GString) doc = g_string_new (NULL);
  const char *language;
  g_autofree char *lead = NULL;

  g_return_val_if_fail (report != NULL, NULL);

  language = report->language;
  lead = bo_report_describe_lead (report);

  append_head (doc, report);
  append_tag (doc, "h1", report->title);
  append_dim (doc, lead);
  if (report->notes != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (report->notes, "\n", -1);

      for (guint i = 0; lines[i] != NULL; i++)
        if (g_strstrip (lines[i])[0] != '\0')
          append_tag (doc, "p", lines[i]);
    }
  append_tag (doc, "p", bo_report_describe_best (report));
  append_points (doc, language, D_ (language, "What Worked"), report->worked);
  append_points (doc, language, D_ (language, "What Didn't Work"), report->not_worked);
  append_validation (doc, report);
  if (!append_charts (doc, report, error))
    return NULL;
  append_details (doc, report);
  append_tests (doc, report);
  append_prebuilds (doc, report);
  append_failures (doc, report);
  append_method (doc, report);
  append_environment (doc, report);
  append_dockerfiles (doc, report);
  g_string_append (doc, "</body>\n</html>\n");
  return g_strdup (doc->str);
}
