/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-report-table"

#include "config.h"

#include "findings/bo-report-table.h"
#include "study/bo-decimal-point.h"
#include "study/bo-document-text.h"
#include "insight/bo-duration.h"

static BoReportTable *
table_new (const char *const *header, guint n_columns)
{
  BoReportTable *table = g_new0 (BoReportTable, 1);

  table->header = g_new0 (char *, n_columns + 1);
  for (guint i = 0; i < n_columns; i++)
    table->header[i] = g_strdup (header[i]);
  table->n_columns = n_columns;
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return table;
}

static void
add_row (BoReportTable *table, const char *const *cells)
{
  char **row = g_new0 (char *, table->n_columns + 1);

  for (guint i = 0; i < table->n_columns; i++)
    row[i] = g_strdup (cells[i] != NULL ? cells[i] : "");
  g_ptr_array_add (table->rows, row);
}

static BoReportTable *
make_validation (const BoReport *report)
{
  const char *language = report->language;
  const char *const header[] = { D_ (language, "Approach"), D_ (language, "Build Time"), D_ (language, "Run Time"),
                                 D_ (language, "Notes") };
  BoReportTable *table = table_new (header, G_N_ELEMENTS (header));

  for (guint i = 0; i < report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);
      g_autofree char *notes = row->notes != NULL && row->outcome != NULL
                                 ? g_strdup_printf ("%s — %s", row->notes, row->outcome)
                                 : g_strdup (row->notes != NULL ? row->notes : row->outcome);
      const char *const cells[] = { row->title, row->build_time, row->run_time, notes };

      add_row (table, cells);
    }
  return table;
}

static BoReportTable *
make_details (const BoReport *report)
{
  const char *language = report->language;
  const char *const header[] = {
    D_ (language, "Strategy"),  D_ (language, "Base"),       D_ (language, "Builder"),
    D_ (language, "Condition"), D_ (language, "OK/all"),     D_ (language, "Median"),
    D_ (language, "Range"),     D_ (language, "Image size"), D_ (language, "Added over base"),
    D_ (language, "CUDA"),      D_ (language, "Slowest step"), D_ (language, "Flags"),
    D_ (language, "Against the baseline"),
  };
  BoReportTable *table = table_new (header, G_N_ELEMENTS (header));

  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (report->cells, i);
      const BoCell *key = cell->summary->cell;
      const char *const cells[] = {
        cell->title,
        cell->base_title,
        bo_builder_to_string (key->builder),
        bo_condition_to_string (key->condition),
        cell->repetitions,
        cell->median,
        cell->range,
        cell->image_size,
        cell->added_size,
        cell->cuda,
        cell->slowest,
        cell->flags,
        cell->versus != NULL ? cell->versus : cell->is_baseline ? D_ (language, "baseline") : BO_NO_VALUE,
      };

      add_row (table, cells);
    }
  return table;
}

static char *
format_interval (const BoClaim *claim, const char *language)
{
  g_autofree char *estimate = bo_decimal_format (claim->interval.ratio, "%.3f");
  g_autofree char *low = bo_decimal_format (claim->interval.low, "%.3f");
  g_autofree char *high = bo_decimal_format (claim->interval.high, "%.3f");
  g_autofree char *coverage = bo_decimal_format (claim->interval.coverage * 100, "%.1f");

  if (claim->interval.coverage <= 0)
    return g_strdup ("");
  return g_strdup_printf (D_ (language, "%s (%s…%s, coverage %s %%)"), estimate, low, high, coverage);
}

/* The numbers behind the tests; comparisons without a test have none to show. */
static BoReportTable *
make_tests (const BoReport *report)
{
  const char *language = report->language;
  const char *const header[] = { D_ (language, "Comparison"),
                                 D_ (language, "Condition"),
                                 D_ (language, "Ratio of medians"),
                                 D_ (language, "Ratio after Hodges and Lehmann"),
                                 D_ (language, "p"),
                                 D_ (language, "p after Holm") };
  BoReportTable *table = table_new (header, G_N_ELEMENTS (header));

  if (report->n_tests == 0)
    return table;
  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (report->cells, i);
      const BoClaim *claim = cell->claim;
      g_autofree char *comparison = NULL;
      g_autofree char *ratio = NULL;
      g_autofree char *interval = NULL;
      g_autofree char *p = NULL;
      g_autofree char *p_adjusted = NULL;

      if (claim == NULL || claim->p < 0)
        continue;
      comparison = g_strdup_printf ("%s / %s", cell->claim_title, cell->claim_baseline);
      ratio = bo_decimal_format (claim->ratio, "%.3f");
      interval = format_interval (claim, language);
      p = bo_decimal_format (claim->p, "%.4f");
      p_adjusted = bo_decimal_format (claim->p_adjusted, "%.4f");
      add_row (table, (const char *const[]) { comparison, bo_condition_to_string (cell->summary->cell->condition),
                                              ratio, interval, p, p_adjusted });
    }
  return table;
}

static BoReportTable *
make_facts (const BoReport *report)
{
  const char *language = report->language;
  const char *const header[] = { D_ (language, "What"), D_ (language, "Value") };
  BoReportTable *table = table_new (header, G_N_ELEMENTS (header));

  for (guint i = 0; i < report->facts->len; i++)
    {
      const BoReportFact *fact = g_ptr_array_index (report->facts, i);

      add_row (table, (const char *const[]) { fact->label, fact->value });
    }
  return table;
}

static BoReportTable *
make_bases (const BoReport *report)
{
  const char *language = report->language;
  const char *const header[] = { D_ (language, "Base"), D_ (language, "Image"), D_ (language, "Digest"),
                                 D_ (language, "Size"), D_ (language, "Pull") };
  const BoCampaign *newest = g_ptr_array_index (report->campaigns, 0);
  BoReportTable *table = table_new (header, G_N_ELEMENTS (header));

  for (guint i = 0; i < newest->bases->len; i++)
    {
      const BoBaseImage *base = g_ptr_array_index (newest->bases, i);
      g_autofree char *size = bo_size_format (base->size);
      g_autofree char *pull = base->pulled ? bo_duration_format (base->pull_us)
                                           : g_strdup (D_ (language, "was there"));
      const char *const cells[] = { base->base != NULL ? base->base : BO_NO_VALUE, base->image,
                                    base->digest != NULL ? base->digest : base->image_id, size, pull };

      add_row (table, cells);
    }
  return table;
}

/**
 * bo_report_table_new:
 * @report: a report
 * @kind: which of its tables
 *
 * Returns: (transfer full): the table; one without rows has nothing to tell
 */
BoReportTable *
bo_report_table_new (const BoReport *report, BoReportTableKind kind)
{
  G_GNUC_UNUSED g_auto (BoDecimalPoint) point
      = bo_decimal_point_begin (bo_decimal_point_of (report->language));

  g_return_val_if_fail (report != NULL, NULL);

  switch (kind)
    {
    case BO_REPORT_TABLE_VALIDATION:
      return make_validation (report);
    case BO_REPORT_TABLE_DETAILS:
      return make_details (report);
    case BO_REPORT_TABLE_TESTS:
      return make_tests (report);
    case BO_REPORT_TABLE_FACTS:
      return make_facts (report);
    case BO_REPORT_TABLE_BASES:
      return make_bases (report);
    default:
      g_return_val_if_reached (NULL);
    }
}

void
bo_report_table_free (BoReportTable *table)
{
  if (table == NULL)
    return;
  g_strfreev (table->header);
  g_ptr_array_unref (table->rows);
  g_free (table);
}

/**
 * bo_report_table_get_row:
 *
 * Returns: (transfer none) (array zero-terminated=1): the texts of a row
 */
const char *const *
bo_report_table_get_row (const BoReportTable *table, guint row)
{
  g_return_val_if_fail (table != NULL && row < table->rows->len, NULL);

  return g_ptr_array_index (table->rows, row);
}

/**
 * bo_report_table_get:
 *
 * Returns: (transfer none): what a cell says
 */
const char *
bo_report_table_get (const BoReportTable *table, guint row, guint column)
{
  const char *const *cells = bo_report_table_get_row (table, row);

  g_return_val_if_fail (cells != NULL && column < table->n_columns, NULL);

  return cells[column];
}
