/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "findings/bo-report-html.h"

#include "sample-findings.h"

typedef struct
{
  GHashTable *ids;
  guint n_svg;
  guint n_tables;
} Seen;

static void
start (GMarkupParseContext *context,
       const char *element,
       const char **names,
       const char **values,
       gpointer data,
       GError **error)
{
  Seen *seen = data;

  seen->n_svg += g_str_equal (element, "svg");
  seen->n_tables += g_str_equal (element, "table");
  g_assert_false (g_str_equal (element, "script") || g_str_equal (element, "b")
                  || g_str_equal (element, "img"));
  for (guint i = 0; names[i] != NULL; i++)
    {
      /* Nothing is fetched: what is named is in the page itself. */
      if (g_str_equal (names[i], "href") || g_str_equal (names[i], "src")
          || g_str_equal (names[i], "xlink:href"))
        g_assert_true (values[i][0] == '#');
      g_assert_false (g_str_has_prefix (names[i], "on"));
      if (g_str_equal (names[i], "id"))
        g_assert_true (g_hash_table_add (seen->ids, g_strdup (values[i])));
    }
}

/* Well-formed, with every id once, and the same every time. */
static void
test_page (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GError) error = NULL;
  g_autofree char *html = bo_report_to_html (report, &error);
  g_autofree char *again = bo_report_to_html (report, NULL);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Seen seen = { ids, 0, 0 };
  const GMarkupParser parser = { .start_element = start };
  GMarkupParseContext *context;

  g_assert_no_error (error);
  g_assert_cmpstr (html, ==, again);
  g_assert_true (g_str_has_prefix (html, "<!DOCTYPE html>\n<html lang=\"en\">\n"));
  context = g_markup_parse_context_new (&parser, 0, &seen, NULL);
  g_markup_parse_context_parse (context, strchr (html, '\n') + 1, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  g_markup_parse_context_free (context);
  g_assert_cmpuint (seen.n_svg, >=, 6);
  /* Each chart's numbers, and the validation, detail and environment tables. */
  g_assert_cmpuint (seen.n_tables, ==, seen.n_svg + 4);
}

static void
test_words (void)
{
  static const char *const words[] = {
    "<td>Original</td><td>47 min 14 s (n=3)</td><td>1 min 58 s (n=9)</td>",
    "failed at step 5 of 9 after 1 min 52 s",
    "<title>Sesame CSM | audiobook</title>",
    "&lt;b&gt;not&lt;/b&gt;",
    "<td class=\"number\">47 min 07 s</td>",
  };
  g_autoptr (BoReport) report = sample_report ();
  g_autofree char *html = bo_report_to_html (report, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (html, words[i]) == NULL)
      g_error ("“%s” is not in the page", words[i]);
  /* No colours of a terminal. */
  g_assert_null (strchr (html, '\033'));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-html/page", test_page);
  g_test_add_func ("/report-html/words", test_words);
  return g_test_run ();
}
