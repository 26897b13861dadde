/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "findings/bo-document.h"
#include "findings/bo-findings-update.h"
#include "findings/bo-table-row.h"

#include "sample-findings.h"

static char *
update_bytes (const char *text, gsize size, const BoReport *report, gsize *new_size)
{
  g_autoptr (GBytes) before = g_bytes_new (text, size);
  g_autoptr (GError) error = NULL;
  BoUpdateSummary summary;
  g_autoptr (GBytes) after = bo_findings_update (before, report, &summary, &error);
  g_autoptr (GBytes) again = NULL;
  gsize length;
  const char *data;

  g_assert_no_error (error);
  /* Whatever the document: a second time nothing changes. */
  again = bo_findings_update (after, report, &summary, &error);
  g_assert_no_error (error);
  if (!g_bytes_equal (after, again))
    {
      g_autofree char *diff = bo_line_diff (after, again, "second time");

      g_error ("%.*s\n=====\n%s", (int) size, text, diff);
    }
  data = g_bytes_get_data (after, &length);
  if (new_size != NULL)
    *new_size = length;
  return g_strndup (data, length);
}

static char *
update (const char *text, const BoReport *report)
{
  return update_bytes (text, strlen (text), report, NULL);
}

static char *
read_data (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* The document that the product is for. BAKEOFF_WRITE_GOLDEN=1 writes the expected one anew. */
static void
test_brief (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autofree char *brief = read_data ("build-validation.md");
  g_autofree char *filled = update (brief, report);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "data", "build-validation-filled.md", NULL);
  g_autofree char *expected = NULL;
  g_auto (GStrv) before = g_strsplit (brief, "\n", -1);
  g_auto (GStrv) after = g_strsplit (filled, "\n", -1);
  guint i = 0;

  if (g_getenv ("BAKEOFF_WRITE_GOLDEN") != NULL)
    g_assert_true (g_file_set_contents (path, filled, -1, NULL));
  expected = read_data ("build-validation-filled.md");
  g_assert_cmpstr (filled, ==, expected);
  g_assert_null (strstr (filled, "TBD"));
  g_assert_null (strstr (filled, "X%"));
  g_assert_null (strstr (filled, "because..."));

  /* Every line up to the template is untouched, and so is its fence. */
  while (!g_str_equal (before[i], "## What Worked"))
    {
      g_assert_cmpstr (after[i], ==, before[i]);
      i++;
    }
  g_assert_nonnull (strstr (filled, "```\n## What Worked\n- Original: builds in 47 min 14 s (n=3)\n"));
  g_assert_nonnull (strstr (filled, "\n## What Didn't Work\n- "));
  g_assert_nonnull (strstr (filled, "| Package-based | not run | – | Using installable package |"));
  g_assert_true (g_str_has_suffix (filled, "|\n"));
}

/* Other numbers change the numbers and nothing else. */
static void
test_new_numbers (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (BoReport) slower = sample_report_full (2, NULL);
  g_autofree char *brief = read_data ("build-validation.md");
  g_autofree char *first = update (brief, report);
  g_autofree char *second = update (first, slower);
  g_autofree char *direct = update (brief, slower);

  g_assert_cmpstr (second, ==, direct);
  g_assert_nonnull (strstr (second, "| 1 h 34 min (n=3) |"));
}

static void
test_places (gconstpointer data)
{
  static const struct
  {
    const char *before;
    const char *after;
  } cases[] = {
    /* A table of any spacing, with alignment, emphasis, another order, foreign rows, rows too short, and by id. */
    { "|approach|BUILD TIME|Run Time|Notes|\n"
      "|:--|:-:|--:|---|\n"
      "| Baseline of last year | 9 h | 1 s | by hand |\n"
      "| **original** | TBD | TBD | keep \\| this |\n"
      "| PACKAGE |\n"
      "| Minimal + runtime | 3 h | 2 s |  |\n"
      "\n"
      "| PyPI wheels | TBD | TBD | not in a table |\n",
      "|approach|BUILD TIME|Run Time|Notes|\n"
      "|:--|:-:|--:|---|\n"
      "| Baseline of last year | 9 h | 1 s | by hand |\n"
      "| **original** | 47 min 14 s (n=3) | 1 min 58 s (n=9) | keep \\| this — <!-- bakeoff -->CUDA: no (libcuda.so.1 "
      "is not in the image) |\n"
      "| PACKAGE | not run | – | |\n"
      "| Minimal + runtime | not run | – | <!-- bakeoff -->this engine cannot do it: the engine does not know the "
      "runtime “nvidia” |\n"
      "| PyPI wheels | failed at step 5 of 9 | – | <!-- bakeoff -->Standard PyPI; the requirements ask for versions "
      "that exclude each other: ERROR: Cannot install torch==2.6.0 and torchvision==0.17.0 because these package "
      "versions have conflicting dependencies. |\n"
      "| Jetson wheels | 18 min 14 s (n=2) | 22.5 s (n=6) | <!-- bakeoff -->Jetson AI Lab wheels; CUDA: yes (simulated "
      "GPU) |\n"
      "| Pre-built cache | 6 min 07 s (n=3) | 22.4 s (n=9) | <!-- bakeoff -->CUDA: yes (simulated GPU); prebuild 41 min "
      "00 s, once |\n"
      "| Multi-stage | > 6 h | – | <!-- bakeoff -->stopped by its time limit: the time limit passed |\n"
      "\n"
      "| PyPI wheels | TBD | TBD | not in a table |\n" },
    /* Sections outside of a code block: markers, what the user wrote stays, the template goes. */
    { "# Doc\n\n### 4.2 What worked:\n\nIntro.\n\n- Mine stays\n- Saved Y minutes\n\n## Next\ntext\n",
      "# Doc\n\n### 4.2 What worked:\n\n<!-- bakeoff:begin worked -->\n\n@WORKED@\n<!-- bakeoff:end worked -->\n\n"
      "Intro.\n\n- Mine stays\n\n## Next\ntext\n" },
    { "## What Didn’t Work ##\nTBD\n",
      "## What Didn’t Work ##\n<!-- bakeoff:begin did-not-work -->\n\n@NOT@\n<!-- bakeoff:end did-not-work -->\n" },
    { "What Worked\n-----------",
      "What Worked\n-----------\n<!-- bakeoff:begin worked -->\n\n@WORKED@\n<!-- bakeoff:end worked -->" },
    /* A heading outside is taken rather than one in a code block before it. */
    { "```\n## What Worked\n- X%\n```\n## What Worked\nEnd\n",
      "```\n## What Worked\n- X%\n```\n## What Worked\n<!-- bakeoff:begin worked -->\n\n@WORKED@\n"
      "<!-- bakeoff:end worked -->\n\nEnd\n" },
    /* In a code block: plain, with a line that ends ours; what the user adds below stays. */
    { "~~~~ md\n# What Worked\n- reduced by X%\n- mine\n~~~\n~~~~\n",
      "~~~~ md\n# What Worked\n@PLAIN@(bakeoff: measured in campaign " SAMPLE_CAMPAIGN ")\n- mine\n~~~\n~~~~\n" },
    { "```\n## What Worked\n- old\n(bakeoff: measured in campaign 1)\n- mine\n```\n",
      "```\n## What Worked\n@PLAIN@(bakeoff: measured in campaign " SAMPLE_CAMPAIGN ")\n- mine\n```\n" },
  };
  g_autoptr (BoReport) report = sample_report ();
  GString *worked = g_string_new (NULL);
  GString *not_worked = g_string_new (NULL);
  GString *plain = g_string_new (NULL);

  for (guint i = 0; i < report->worked->len; i++)
    {
      const BoReportPoint *point = g_ptr_array_index (report->worked, i);

      g_string_append_printf (worked, "- **%s**: %s\n", point->subject, point->text);
      g_string_append_printf (plain, "- %s: %s\n", point->subject, point->text);
    }
  for (guint i = 0; i < report->not_worked->len; i++)
    {
      const BoReportPoint *point = g_ptr_array_index (report->not_worked, i);

      g_string_append_printf (not_worked, "- **%s**: %s\n", point->subject, point->text);
    }

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GString *expected = g_string_new (cases[i].after);
      g_autofree char *after = update (cases[i].before, report);

      g_string_replace (expected, "@WORKED@", worked->str, 0);
      g_string_replace (expected, "@NOT@", not_worked->str, 0);
      g_string_replace (expected, "@PLAIN@", plain->str, 0);
      g_assert_cmpstr (after, ==, expected->str);

      /* The same with the other line ends is the same with the other line ends. */
      {
        GString *crlf = g_string_new (cases[i].before);
        g_autofree char *after_crlf = NULL;

        g_string_replace (crlf, "\n", "\r\n", 0);
        g_string_replace (expected, "\n", "\r\n", 0);
        after_crlf = update (crlf->str, report);
        g_assert_cmpstr (after_crlf, ==, expected->str);
        g_string_free (crlf, TRUE);
      }
      g_string_free (expected, TRUE);
    }
  g_string_free (worked, TRUE);
  g_string_free (not_worked, TRUE);
  g_string_free (plain, TRUE);
}

/* Bytes that mean nothing here come out as they went in. */
static void
test_bytes (void)
{
  static const char before[] = "\xef\xbb\xbf" "caf\xe9 \xff\xfe\0nul\r\nmixed\n\rlone\r\n"
                               "| Approach | Build Time | Run Time | Notes |\n|---|---|---|---|\r\n"
                               "| Original | TBD | TBD | \xe9t\xe9 |\r\n| caf\xe9 | TBD | TBD | x |\r\n\xff end";
  g_autoptr (BoReport) report = sample_report ();
  gsize size;
  g_autofree char *after = NULL;
  g_autoptr (GBytes) old = g_bytes_new_static (before, sizeof before - 1);
  BoUpdateSummary summary;
  g_autoptr (GBytes) new = bo_findings_update (old, report, &summary, NULL);
  const char *data = g_bytes_get_data (new, &size);
  const char *row = memmem (before, sizeof before - 1, "| Original", 10);
  const char *tail = "\xff end";

  g_assert_cmpmem (data, (gsize) (row - before), before, (gsize) (row - before));
  g_assert_nonnull (memmem (data, size, "| \xe9t\xe9 — <!-- bakeoff -->CUDA: no", strlen ("| ete — <!-- bakeoff -->CUDA: no")));
  g_assert_nonnull (memmem (data, size, "\r\n| caf\xe9 | TBD | TBD | x |\r\n", strlen ("\r\n| cafe | TBD | TBD | x |\r\n")));
  g_assert_cmpmem (data + size - strlen (tail), strlen (tail), tail, strlen (tail));
  after = update_bytes (before, sizeof before - 1, report, NULL);
}

/* A second update finds where ours begins, whatever the user's text is. */
static void
test_users_notes (void)
{
  static const char before[] = "| Approach | Build Time | Run Time | Notes |\n|---|---|---|---|\n"
                               "| Original | TBD | TBD | a — b — c |\n";
  g_autoptr (BoReport) report = sample_report ();
  g_autofree char *first = update (before, report);
  GString *edited = g_string_new (first);
  g_autofree char *second = NULL;

  g_assert_nonnull (strstr (first, "| a — b — c — <!-- bakeoff -->CUDA: no"));
  g_string_replace (edited, "a — b — c", "changed — twice", 0);
  second = update (edited->str, report);
  g_assert_cmpstr (second, ==, edited->str);
  g_string_free (edited, TRUE);
}

/* A campaign of one strategy says nothing against the numbers of the others. */
static void
test_partial (void)
{
  static const char before[] = "| Approach | Build Time | Run Time | Notes |\n|---|---|---|---|\n"
                               "| Package-based | 4 min 20 s (n=3) | 22.5 s (n=3) | x |\n";
  g_autoptr (BoReport) report = sample_report ();
  g_autofree char *after = update (before, report);

  g_assert_true (g_str_has_prefix (after, before));
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    int code;
  } cases[] = {
    { "", BO_UPDATE_ERROR_NOT_FOUND },
    { "# Title\n\n| Approach | Time |\n|---|---|\n", BO_UPDATE_ERROR_NOT_FOUND },
    { "| Approach | Build Time | Run Time | Notes |\nno delimiter\n", BO_UPDATE_ERROR_NOT_FOUND },
    { "## What Worked\n<!-- bakeoff:begin worked -->\n- x\n## Next\n<!-- bakeoff:end worked -->\n",
      BO_UPDATE_ERROR_MARKERS },
  };
  g_autoptr (BoReport) report = sample_report ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (cases[i].text, strlen (cases[i].text));
      g_autoptr (GError) error = NULL;
      BoUpdateSummary summary;

      g_assert_null (bo_findings_update (bytes, report, &summary, &error));
      g_assert_error (error, BO_UPDATE_ERROR, cases[i].code);
    }
}

/* Any lines in any order: no crash, and the second time changes nothing. */
static void
test_random (void)
{
  static const char *const lines[] = {
    "## What Worked", "# What Didn't Work", "What Worked", "---", "===", "```", "````", "~~~", "- saved Y minutes", "- mine",
    "", "text", "| Approach | Build Time | Run Time | Notes |", "|---|---|---|---|", "| Original | TBD | TBD | x |",
    "| PyPI wheels |", "Package-based | a | b | c", "(bakeoff: x)", "\\|", "|", "    ## What Worked", "TBD",
    "| Multi-stage | > 6 h | – | mine — <!-- bakeoff -->old |",
  };
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint n_done = 0;

  for (guint round = 0; round < 3000; round++)
    {
      GString *text = g_string_new (NULL);
      guint n = (guint) g_rand_int_range (rand, 1, 16);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GBytes) after = NULL;
      BoUpdateSummary summary;

      for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%s%s", lines[g_rand_int_range (rand, 0, G_N_ELEMENTS (lines))],
                                i + 1 == n && round % 3 == 0 ? "" : round % 2 == 0 ? "\n" : "\r\n");
      bytes = g_bytes_new (text->str, text->len);
      after = bo_findings_update (bytes, report, &summary, NULL);
      if (after != NULL)
        {
          g_autofree char *updated = update_bytes (text->str, text->len, report, NULL);
          gboolean ended = text->len > 0 && text->str[text->len - 1] == '\n';

          g_assert_cmpint (g_str_has_suffix (updated, "\n"), ==, ended);
          n_done++;
        }
      g_string_free (text, TRUE);
    }
  g_assert_cmpuint (n_done, >, 500);
}

static void
test_row (void)
{
  static const char *const lines[] = {
    "| a | b |", "a | b", "  |a|b|  ", "|", "||", "| a \\| b | `c|d` |", "|a", "a|", "| a | b |\\", "\t| x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (BoTableRow) row = bo_table_row_parse (lines[i]);
      g_autofree char *again = bo_table_row_write (row);

      g_assert_cmpstr (again, ==, lines[i]);
    }
  g_assert_null (bo_table_row_parse ("no bar \\| here"));
  g_assert_true (bo_table_row_is_delimiter ("|---|:-:|--:| -|"));
  g_assert_false (bo_table_row_is_delimiter ("|---|x|"));
  g_assert_false (bo_table_row_is_delimiter ("---"));
}

static void
test_diff (void)
{
  g_autoptr (GBytes) before = g_bytes_new_static ("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n", 24);
  g_autoptr (GBytes) after = g_bytes_new_static ("a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nl\nm\n", 24);
  g_autofree char *diff = bo_line_diff (before, after, "x.md");
  g_autofree char *none = bo_line_diff (before, before, "x.md");

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (diff, ==,
                   "--- x.md\n+++ x.md\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -8,5 +8,5 @@\n h\n i\n j\n-k\n l\n+m\n");
}

#define CHARTS_BEGIN "<!-- bakeoff:begin charts -->"
#define CHARTS_END "<!-- bakeoff:end charts -->"

/* With charts, and once more: nothing changes then. NULL with an error. */
static char *
update_with_charts (const char *text, const BoReport *report, const char *charts, GError **error)
{
  g_autoptr (GBytes) before = g_bytes_new (text, strlen (text));
  BoUpdateSummary summary;
  g_autoptr (GBytes) after = bo_findings_update_with_charts (before, report, charts, &summary, error);
  g_autoptr (GBytes) again = NULL;

  if (after == NULL)
    return NULL;
  g_assert_true (summary.has_charts);
  again = bo_findings_update_with_charts (after, report, charts, &summary, NULL);
  g_assert_true (g_bytes_equal (after, again));
  return g_strndup (g_bytes_get_data (after, NULL), g_bytes_get_size (after));
}

/* @text without its table's rows, which are another matter. */
static char *
cut_from (const char *text, const char *begin)
{
  const char *found = strstr (text, begin);

  g_assert_nonnull (found);
  return g_strdup (found);
}

static void
test_charts (void)
{
  static const char table[] = "# Mine\n\n| Approach | Build Time | Run Time | Notes |\n|---|---|---|---|\n"
                              "| Original | TBD | TBD | |\n";
  static const struct
  {
    const char *before;
    const char *after;
  } cases[] = {
    /* Below the table, at the end of the document and with more behind it. */
    { "", CHARTS_BEGIN "\n\n![a](b.svg)\n\n" CHARTS_END "\n" },
    { "\nMore.\n", CHARTS_BEGIN "\n\n![a](b.svg)\n\n" CHARTS_END "\n\nMore.\n" },
    /* Under its heading. */
    { "\n## Charts\n\nMore.\n", "## Charts\n\n" CHARTS_BEGIN "\n\n![a](b.svg)\n\n" CHARTS_END "\n\nMore.\n" },
    /* Where the user has put it, whatever else there is. */
    { "\n## Charts\n\n## Pictures\n" CHARTS_BEGIN "\nold\n" CHARTS_END "\nMore.\n",
      "## Charts\n\n## Pictures\n" CHARTS_BEGIN "\n\n![a](b.svg)\n\n" CHARTS_END "\nMore.\n" },
    /* What stands in a code block is shown as it is, and no place for pictures. */
    { "\n```\n" CHARTS_BEGIN "\n```\n## Charts\n", "```\n" CHARTS_BEGIN "\n```\n## Charts\n" CHARTS_BEGIN
      "\n\n![a](b.svg)\n\n" CHARTS_END "\n" },
  };
  g_autoptr (BoReport) report = sample_report ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (table, cases[i].before, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *after = update_with_charts (text, report, "![a](b.svg)\n", &error);
      g_autofree char *without = NULL;
      g_autofree char *tail = NULL;
      g_autofree char *begin = g_strndup (cases[i].after, strcspn (cases[i].after, "\n"));

      g_assert_no_error (error);
      tail = cut_from (after, begin);
      g_assert_cmpstr (tail, ==, cases[i].after);
      /* Charts that nobody asked for this time stay. */
      without = update (after, report);
      g_assert_cmpstr (without, ==, after);
    }
}

static void
test_charts_no_place (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GError) error = NULL;
  g_autofree char *nowhere = update_with_charts ("# What Worked\n", report, "![a](b.svg)\n", &error);
  g_autofree char *open = NULL;

  g_assert_null (nowhere);
  g_assert_error (error, BO_UPDATE_ERROR, BO_UPDATE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  open = update_with_charts ("# What Worked\n\n# Pictures\n" CHARTS_BEGIN "\nold\n", report, "![a](b.svg)\n", &error);
  g_assert_null (open);
  g_assert_error (error, BO_UPDATE_ERROR, BO_UPDATE_ERROR_MARKERS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/findings-update/brief", test_brief);
  g_test_add_func ("/findings-update/new-numbers", test_new_numbers);
  g_test_add_data_func ("/findings-update/places", NULL, test_places);
  g_test_add_func ("/findings-update/bytes", test_bytes);
  g_test_add_func ("/findings-update/users-notes", test_users_notes);
  g_test_add_func ("/findings-update/partial", test_partial);
  g_test_add_func ("/findings-update/errors", test_errors);
  g_test_add_func ("/findings-update/random", test_random);
  g_test_add_func ("/findings-update/row", test_row);
  g_test_add_func ("/findings-update/diff", test_diff);
  g_test_add_func ("/findings-update/charts", test_charts);
  g_test_add_func ("/findings-update/charts-no-place", test_charts_no_place);
  return g_test_run ();
}
