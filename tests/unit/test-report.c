/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "findings/bo-report-html.h"
#include "sample-findings.h"
#include "study/bo-decimal-point.h"
#include "study/bo-translations.h"

/* The document as a whole; BAKEOFF_WRITE_GOLDEN=1 writes it anew, to be read before it is committed. */
static void
test_golden (gconstpointer data)
{
  const char *name = data;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", name, NULL);
  g_autoptr (GHashTable) notes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BoReport) report = NULL;
  g_autofree char *document = NULL;
  g_autofree char *golden = NULL;

  g_hash_table_insert (notes, (gpointer) BO_NOTE_STRATEGY_PREFIX "original", (gpointer) "what we ship today");
  g_hash_table_insert (notes, (gpointer) BO_NOTE_WORKED, (gpointer) "The lab was quiet.\n# not a heading");
  g_hash_table_insert (notes, (gpointer) BO_NOTE_SUMMARY, (gpointer) "For the meeting.");
  report = sample_report_full (1, notes);
  document = g_str_has_suffix (name, ".csv") ? bo_report_to_csv (report) : bo_report_to_markdown (report);
  if (g_getenv ("BAKEOFF_WRITE_GOLDEN") != NULL)
    g_assert_true (g_file_set_contents (path, document, -1, NULL));
  g_assert_true (g_file_get_contents (path, &golden, NULL, NULL));
  g_assert_cmpstr (document, ==, golden);
}

/* Words and numbers are the study's, the same bytes whoever's locale the program has. */
static void
test_language (void)
{
  g_autoptr (BoReport) english = sample_report ();
  g_autoptr (BoReport) report = bo_report_translate (english, "de");
  g_autoptr (GError) error = NULL;
  g_autofree char *markdown = bo_report_to_markdown (report);
  g_autofree char *html = bo_report_to_html (report, &error);
  g_autofree char *csv = bo_report_to_csv (report);
  g_autofree char *json = bo_report_to_json (report);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (markdown, "## Was funktioniert hat\n"));
  g_assert_nonnull (strstr (markdown, "22,5 s"));
  g_assert_false (g_regex_match_simple ("[0-9]\\.[0-9]+ (s|kB|MB|GB|%)", markdown, 0, 0));
  g_assert_nonnull (strstr (html, "Was funktioniert hat"));
  g_assert_false (g_regex_match_simple ("[0-9]\\.[0-9]+ (s|kB|MB|GB|%)(?![a-z;])", html, 0, 0));

  /* C.UTF-8 has a point; gettext takes its language from the variable alone. */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (BoReport) again = NULL;
      g_autoptr (BoReport) back = NULL;
      g_autofree char *markdown_again = NULL;
      g_autofree char *html_again = NULL;
      g_autofree char *csv_again = NULL;
      g_autofree char *json_again = NULL;
      g_autofree char *english_before = bo_report_to_markdown (english);
      g_autofree char *english_again = NULL;

      g_setenv ("LANGUAGE", i == 0 ? "de" : "", TRUE);
      bo_translations_start ();
      bo_decimal_point_set_default (i == 0 ? "," : ".");
      g_assert_cmpstr (g_dgettext (GETTEXT_PACKAGE, "Commands:"), ==, i == 0 ? "Befehle:" : "Commands:");
      again = bo_report_translate (english, "de");
      markdown_again = bo_report_to_markdown (again);
      html_again = bo_report_to_html (again, NULL);
      csv_again = bo_report_to_csv (again);
      json_again = bo_report_to_json (again);
      g_assert_cmpstr (markdown_again, ==, markdown);
      g_assert_cmpstr (html_again, ==, html);
      g_assert_cmpstr (csv_again, ==, csv);
      g_assert_cmpstr (json_again, ==, json);
      back = bo_report_translate (again, "en");
      english_again = bo_report_to_markdown (back);
      g_assert_cmpstr (english_again, ==, english_before);
    }
}

static const BoReportRow *
find_row (const BoReport *report, const char *strategy)
{
  for (guint i = 0; i < report->rows->len; i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);

      if (g_str_equal (row->strategy, strategy))
        return row;
    }
  g_assert_not_reached ();
}

static void
test_rows (void)
{
  static const struct
  {
    const char *strategy;
    const char *build_time;
    const char *run_time;
  } cases[] = {
    { "original", "47 min 14 s (n=3)", "1 min 58 s (n=9)" },
    { "pypi-wheels", "failed at step 5 of 9", "–" },
    /* Repetition 2 is disturbed: neither its build nor its runs count. */
    { "jetson-wheels", "18 min 14 s (n=2)", "22.5 s (n=6)" },
    { "prebuilt", "6 min 07 s (n=3)", "22.4 s (n=9)" },
    { "multi-stage", "> 6 h", "–" },
    { "minimal-runtime", "not run", "–" },
    { "package", "not run", "–" },
  };
  g_autoptr (BoReport) report = sample_report ();

  g_assert_cmpuint (report->rows->len, ==, G_N_ELEMENTS (cases));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const BoReportRow *row = g_ptr_array_index (report->rows, i);

      g_assert_cmpstr (row->strategy, ==, cases[i].strategy);
      g_assert_cmpstr (row->build_time, ==, cases[i].build_time);
      g_assert_cmpstr (row->run_time, ==, cases[i].run_time);
      g_assert_cmpint (row->best, ==, g_str_equal (row->strategy, "prebuilt"));
    }
  g_assert_nonnull (strstr (find_row (report, "original")->outcome, "CUDA: no (libcuda.so.1 is not in the image)"));
  g_assert_nonnull (strstr (find_row (report, "prebuilt")->outcome, "simulated GPU"));
  g_assert_nonnull (strstr (find_row (report, "pypi-wheels")->outcome, "Cannot install torch==2.6.0"));
  g_assert_nonnull (strstr (find_row (report, "minimal-runtime")->outcome, "does not know the runtime"));
}

static const BoReportCell *
find_cell (const BoReport *report, const char *wanted)
{
  for (guint i = 0; i < report->cells->len; i++)
    {
      const BoReportCell *cell = g_ptr_array_index (report->cells, i);
      g_autofree char *key = bo_cell_get_key (cell->summary->cell);

      if (g_str_equal (key, wanted))
        return cell;
    }
  g_assert_not_reached ();
}

static void
test_comparisons (void)
{
  g_autoptr (BoReport) report = sample_report ();
  const BoReportCell *cell;
  const BoReportPrebuild *prebuild;

  g_assert_true (find_cell (report, "original/dusty/classic/cold")->is_baseline);
  g_assert_null (find_cell (report, "original/dusty/classic/cold")->versus);

  cell = find_cell (report, "prebuilt/dusty/classic/cold");
  g_assert_cmpint (cell->claim->kind, ==, BO_CLAIM_PAIRS);
  g_assert_cmpuint (cell->claim->n_pairs, ==, 3);

  /* The disturbed repetition 2 leaves two pairs. */
  cell = find_cell (report, "jetson-wheels/dusty/classic/cold");
  g_assert_cmpint (cell->claim->kind, ==, BO_CLAIM_PAIRS);
  g_assert_cmpuint (cell->claim->n_pairs, ==, 2);

  /* The baseline on its second base is compared with itself on the first, and says so. */
  cell = find_cell (report, "original/cuda/classic/cold");
  g_assert_nonnull (strstr (cell->versus, "Original on nvidia/cuda was slower than Original on dustynv/pytorch"));

  g_assert_null (find_cell (report, "pypi-wheels/dusty/classic/cold")->claim);
  g_assert_cmpuint (report->n_comparisons, ==, 3);
  g_assert_cmpuint (report->n_tests, ==, 0);

  g_assert_cmpuint (report->prebuilds->len, ==, 1);
  prebuild = g_ptr_array_index (report->prebuilds, 0);
  g_assert_cmpint (prebuild->cost_us, ==, 41 * MINUTE);
  g_assert_cmpint (prebuild->saving_us, ==, 41 * MINUTE + 7 * G_USEC_PER_SEC);
  g_assert_cmpuint (prebuild->builds, ==, 1);
}

static void
test_json (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autofree char *text = bo_report_to_json (report);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = json_from_string (text, &error);
  JsonObject *object;
  JsonObject *cell;

  g_assert_no_error (error);
  object = json_node_get_object (root);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "validation")), ==, 7);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "trials")), ==, report->trials->len);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "campaigns")), ==, 1);
  cell = json_array_get_object_element (json_object_get_array_member (object, "cells"), 0);
  g_assert_cmpstr (json_object_get_string_member (cell, "cell"), ==, "original/dusty/classic/cold");
  g_assert_cmpint (json_object_get_int_member (cell, "median_us"), ==, 47 * MINUTE + 14 * G_USEC_PER_SEC);
  g_assert_true (json_object_get_null_member (cell, "claim"));
}

/* What a log can say at worst, in every place that shows text. */
static void
test_hostile (void)
{
  static const char hostile[] = "| a | b |\n# h\n- x\n```\n<script>alert(1)</script> [l](http://x) \xe2\x80\xae"
                                "rtl ![i](j) &lt; \001\033[31m \\| `|` ~~s~~ $x$\r\n|---|";
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (GHashTable) notes = g_hash_table_new (g_str_hash, g_str_equal);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials, .notes = notes };
  g_autoptr (BoReport) report = NULL;
  g_autofree char *document = NULL;
  g_autofree char *json = NULL;
  g_autofree char *csv = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean in_fence = FALSE;
  guint fence = 0;
  guint n_rows = 0;
  guint columns = 0;

  g_ptr_array_add (campaigns, sample_campaign (trials, 1));
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);

      g_free (trial->reason);
      trial->reason = g_strdup (hostile);
      if (trial->outcome == BO_OUTCOME_FAILED)
        {
          BoStep *step = g_ptr_array_index (trial->steps, trial->failed_step);

          g_free (step->instruction);
          step->instruction = g_strdup (hostile);
          g_ptr_array_set_size (step->log, 0);
          g_ptr_array_add (step->log, bo_log_line_new (0, 1, hostile));
          g_ptr_array_add (step->log, bo_log_line_new (0, 1, "``````````"));
        }
      for (guint k = 0; k < trial->probes->len; k++)
        {
          BoProbeResult *probe = g_ptr_array_index (trial->probes, k);

          g_free (probe->reason);
          probe->reason = g_strdup (hostile);
        }
      g_ptr_array_add (trial->flags, g_strdup ("clipped-log"));
    }
  g_hash_table_insert (notes, (gpointer) BO_NOTE_STRATEGY_PREFIX "original", (gpointer) hostile);
  g_hash_table_insert (notes, (gpointer) BO_NOTE_NOT_WORKED, (gpointer) hostile);
  report = bo_report_new (&input);
  document = bo_report_to_markdown (report);
  json = bo_report_to_json (report);
  csv = bo_report_to_csv (report);

  g_assert_true (g_utf8_validate (document, -1, NULL));
  g_assert_null (strchr (document, '\033'));
  g_assert_null (strchr (document, '\001'));
  g_assert_null (strchr (document, '\r'));
  g_assert_null (strstr (document, "\xe2\x80\xae"));

  /* Read again as a reader of Markdown does: outside of fences there is no tag, and every row fits its table. */
  lines = g_strsplit (document, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint ticks = 0;
      guint pipes = 0;

      while (lines[i][ticks] == '`')
        ticks++;
      if (ticks >= 3)
        {
          if (!in_fence)
            fence = ticks;
          else if (ticks < fence || lines[i][ticks] != '\0')
            continue;
          in_fence = !in_fence;
          continue;
        }
      if (in_fence)
        continue;
      if (lines[i][0] == '#')
        g_assert_true (strchr (lines[i], '\\') != NULL || strstr (lines[i], "<") == NULL);
      for (const char *p = lines[i]; *p != '\0'; p++)
        {
          gboolean escaped = p > lines[i] && p[-1] == '\\';

          pipes += *p == '|' && !escaped;
        }
      if (lines[i][0] != '|')
        {
          columns = 0;
          continue;
        }
      if (columns == 0)
        columns = pipes;
      g_assert_cmpuint (pipes, ==, columns);
      n_rows++;
    }
  g_assert_false (in_fence);
  g_assert_cmpuint (n_rows, >, 20);
  g_assert_null (strstr (document, "\n# h"));

  root = json_from_string (json, NULL);
  g_assert_nonnull (root);
  /* Text from a log is no line of its own and no formula. */
  lines = (g_strfreev (lines), g_strsplit (csv, "\n", -1));
  g_assert_cmpuint (g_strv_length (lines), ==, report->trials->len + 2);
}

/* One run each: numbers, but no claim, no order and no break-even. */
static void
test_first_look (void)
{
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };
  g_autoptr (BoReport) report = NULL;
  g_autofree char *document = NULL;

  g_ptr_array_add (campaigns, sample_campaign (all, 1));
  for (guint i = 0; i < all->len; i++)
    if (((BoTrial *) g_ptr_array_index (all, i))->repetition == 1)
      g_ptr_array_add (trials, bo_trial_ref (g_ptr_array_index (all, i)));
  report = bo_report_new (&input);
  document = bo_report_to_markdown (report);

  g_assert_cmpstr (find_cell (report, "prebuilt/dusty/classic/cold")->versus, ==,
                   "1 run each; difference not established");
  g_assert_cmpuint (((BoReportPrebuild *) g_ptr_array_index (report->prebuilds, 0))->builds, ==, 0);
  g_assert_null (strstr (document, "faster than"));
  g_assert_null (strstr (document, "slower than"));
  g_assert_nonnull (strstr (document, "47 min 07 s (n=1)"));
  g_assert_nonnull (strstr (document, "does not establish the order"));
  g_assert_null (strstr (document, "TBD"));
}

/* The fastest is no use when a required probe says no, or when it cannot do its work. */
static void
test_best (gconstpointer data)
{
  BoProbeKind kind = (BoProbeKind) GPOINTER_TO_INT (data);
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };
  g_autoptr (BoReport) report = NULL;

  g_ptr_array_add (campaigns, sample_campaign (trials, 1));
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);

      if (!g_str_equal (trial->cell->strategy, "prebuilt"))
        continue;
      for (guint k = 0; k < trial->probes->len; k++)
        {
          BoProbeResult *probe = g_ptr_array_index (trial->probes, k);

          if (probe->kind == kind)
            probe->verdict = BO_VERDICT_NO;
        }
    }
  report = bo_report_new (&input);
  g_assert_false (find_row (report, "prebuilt")->best);
  g_assert_true (find_row (report, "jetson-wheels")->best);
  /* So it is in the columns: one is the best in each, never a warm one, and never one that does not pass. */
  {
    g_autoptr (GHashTable) columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < report->cells->len; i++)
      {
        const BoReportCell *cell = g_ptr_array_index (report->cells, i);
        const BoCell *which = cell->summary->cell;

        if (g_str_equal (which->strategy, "prebuilt"))
          g_assert_false (cell->passes);
        if (!cell->best)
          continue;
        g_assert_true (cell->passes);
        g_assert_cmpint (which->condition, !=, BO_CONDITION_WARM);
        g_assert_true (g_hash_table_add (columns, g_strdup_printf ("%s %d %d", which->base, which->builder, which->condition)));
      }
    g_assert_cmpuint (g_hash_table_size (columns), >, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/report/markdown", "findings-golden.md", test_golden);
  g_test_add_func ("/report/language", test_language);
  g_test_add_data_func ("/report/csv", "findings-golden.csv", test_golden);
  g_test_add_func ("/report/rows", test_rows);
  g_test_add_func ("/report/comparisons", test_comparisons);
  g_test_add_data_func ("/report/best/required", GINT_TO_POINTER (BO_PROBE_IMPORTS), test_best);
  g_test_add_data_func ("/report/best/workload", GINT_TO_POINTER (BO_PROBE_WORKLOAD), test_best);
  g_test_add_func ("/report/json", test_json);
  g_test_add_func ("/report/hostile", test_hostile);
  g_test_add_func ("/report/first-look", test_first_look);
  return g_test_run ();
}
