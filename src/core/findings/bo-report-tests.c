/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-tests"

#include "config.h"

#include "findings/bo-report.h"
#include "insight/bo-document-text.h"

/* The tests of a report as a table, for every document that shows them. */

static char *
format_number (double value, const char *format)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, format, value));
}

static char *
format_interval (const BoClaim *claim, const char *language)
{
  g_autofree char *estimate = format_number (claim->interval.ratio, "%.3f");
  g_autofree char *low = format_number (claim->interval.low, "%.3f");
  g_autofree char *high = format_number (claim->interval.high, "%.3f");
  g_autofree char *coverage = format_number (claim->interval.coverage * 100, "%.1f");

  if (claim->interval.coverage <= 0)
    return g_strdup ("");
  return g_strdup_printf (D_ (language, "%s (%s…%s, coverage %s %%)"), estimate, low, high, coverage);
}

/**
 * bo_report_list_tests:
 * @report: a report
 *
 * Returns: (transfer full) (element-type GStrv): the header, then a row for each comparison that was made by
 * a test; nothing when there is none
 */
GPtrArray *
bo_report_list_tests (const BoReport *report)
{
  const char *language = report->language;
  const char *const header[] = { D_ (language, "Comparison"),
                                 D_ (language, "Condition"),
                                 D_ (language, "Ratio of medians"),
                                 D_ (language, "Ratio after Hodges and Lehmann"),
                                 D_ (language, "p"),
                                 D_ (language, "p after Holm"),
                                 NULL };
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (report->n_tests == 0)
    return rows;
  g_ptr_array_add (rows, g_strdupv ((char **) header));
  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (report->cells, i);
      const BoClaim *claim = cell->claim;
      char **row;

      if (claim == NULL || claim->p < 0)
        continue;
      row = g_new0 (char *, G_N_ELEMENTS (header));
      row[0] = g_strdup_printf ("%s / %s", cell->claim_title, cell->claim_baseline);
      row[1] = g_strdup (bo_condition_to_string (cell->summary->cell->condition));
      row[2] = format_number (claim->ratio, "%.3f");
      row[3] = format_interval (claim, language);
      row[4] = format_number (claim->p, "%.4f");
      row[5] = format_number (claim->p_adjusted, "%.4f");
      g_ptr_array_add (rows, row);
    }
  return rows;
}
