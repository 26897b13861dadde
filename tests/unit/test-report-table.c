/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "findings/bo-report-table.h"

#include "sample-findings.h"

/* What holds of every table: rows as wide as the header, and nothing is NULL. */
static void
test_shape (void)
{
  g_autoptr (BoReport) report = sample_report ();

  for (BoReportTableKind kind = BO_REPORT_TABLE_VALIDATION; kind <= BO_REPORT_TABLE_BASES; kind++)
    {
      g_autoptr (BoReportTable) table = bo_report_table_new (report, kind);

      g_assert_cmpuint (g_strv_length (table->header), ==, table->n_columns);
      for (guint i = 0; i < table->rows->len; i++)
        g_assert_cmpuint (g_strv_length ((char **) bo_report_table_get_row (table, i)), ==, table->n_columns);
    }
}

static void
test_validation (void)
{
  g_autoptr (GHashTable) notes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BoReport) report = NULL;
  g_autoptr (BoReportTable) table = NULL;

  g_hash_table_insert (notes, (gpointer) "strategy:pypi-wheels", (gpointer) "mine | own");
  report = sample_report_full (1, notes);
  table = bo_report_table_new (report, BO_REPORT_TABLE_VALIDATION);
  g_assert_cmpuint (table->rows->len, ==, report->rows->len);
  g_assert_cmpstr (table->header[0], ==, "Approach");
  g_assert_cmpstr (table->header[3], ==, "Notes");
  for (guint i = 0; i < table->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);
      const char *text = bo_report_table_get (table, i, 3);

      g_assert_cmpstr (bo_report_table_get (table, i, 0), ==, row->title);
      g_assert_cmpstr (bo_report_table_get (table, i, 1), ==, row->build_time);
      g_assert_cmpstr (bo_report_table_get (table, i, 2), ==, row->run_time);
      /* Notes first, then what happened, each of them only when there is something to say. */
      if (row->notes == NULL && row->outcome == NULL)
        g_assert_cmpstr (text, ==, "");
      if (row->notes != NULL)
        g_assert_true (g_str_has_prefix (text, row->notes));
      if (row->outcome != NULL)
        g_assert_true (g_str_has_suffix (text, row->outcome));
      if (g_str_equal (row->strategy, "pypi-wheels"))
        /* Nothing is escaped: that is for those who write it. */
        g_assert_nonnull (strstr (text, "mine | own — "));
    }
}

static void
test_details (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (BoReportTable) table = bo_report_table_new (report, BO_REPORT_TABLE_DETAILS);
  guint n_baseline = 0;

  g_assert_cmpuint (table->n_columns, ==, 13);
  g_assert_cmpuint (table->rows->len, ==, report->cells->len);
  for (guint i = 0; i < table->rows->len; i++)
    n_baseline += g_str_equal (bo_report_table_get (table, i, 12), "baseline");
  g_assert_cmpuint (n_baseline, >, 0);
}

static void
test_environment (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (BoReportTable) facts = bo_report_table_new (report, BO_REPORT_TABLE_FACTS);
  g_autoptr (BoReportTable) bases = bo_report_table_new (report, BO_REPORT_TABLE_BASES);
  const BoCampaign *campaign = g_ptr_array_index (report->campaigns, 0);

  g_assert_cmpuint (facts->rows->len, ==, report->facts->len);
  g_assert_cmpuint (bases->rows->len, ==, campaign->bases->len);
}

/* With other notes it is what it would have been with these from the start, and back again. */
static void
test_other_notes (void)
{
  g_autoptr (GHashTable) notes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BoReport) plain = sample_report ();
  g_autoptr (BoReport) full = NULL;
  g_autoptr (BoReport) remade = NULL;
  g_autoptr (BoReport) back = NULL;
  g_autofree char *plain_text = bo_report_to_markdown (plain);
  g_autofree char *full_text = NULL;
  g_autofree char *remade_text = NULL;
  g_autofree char *back_text = NULL;

  g_hash_table_insert (notes, (gpointer) "strategy:original", (gpointer) "what we ship");
  g_hash_table_insert (notes, (gpointer) BO_NOTE_WORKED, (gpointer) "one\ntwo");
  g_hash_table_insert (notes, (gpointer) BO_NOTE_SUMMARY, (gpointer) "in short");
  full = sample_report_full (1, notes);
  full_text = bo_report_to_markdown (full);
  remade = bo_report_new_with_notes (plain, notes);
  remade_text = bo_report_to_markdown (remade);
  back = bo_report_new_with_notes (remade, NULL);
  back_text = bo_report_to_markdown (back);
  g_assert_cmpstr (full_text, !=, plain_text);
  g_assert_cmpstr (remade_text, ==, full_text);
  g_assert_cmpstr (back_text, ==, plain_text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-table/shape", test_shape);
  g_test_add_func ("/report-table/validation", test_validation);
  g_test_add_func ("/report-table/details", test_details);
  g_test_add_func ("/report-table/environment", test_environment);
  g_test_add_func ("/report-table/other-notes", test_other_notes);
  return g_test_run ();
}
