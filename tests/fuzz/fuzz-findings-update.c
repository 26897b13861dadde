/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Filling in somebody's own Markdown. Whatever the document: a second time
 * nothing changes; lines of the user's come out in order, byte for byte, but for rows of the
 * table that belong to a strategy, items of a template, and what stands between our own marks; where
 * nothing is found nothing is done, and the error says what to put in.
 */

#include <string.h>

#include "bo-fuzz.h"
#include "findings/bo-findings-update.h"

static BoReportRow *
make_row (const char *strategy, const char *title, const char *build_time)
{
  BoReportRow *row = g_new0 (BoReportRow, 1);

  row->strategy = g_strdup (strategy);
  row->title = g_strdup (title);
  row->build_time = g_strdup (build_time);
  row->run_time = g_strdup ("22.4 s (n=6)");
  row->notes = g_strdup ("Jetson AI Lab | wheels");
  row->outcome = g_strdup ("CUDA: yes");
  row->planned = TRUE;
  return row;
}

static BoReportPoint *
make_point (const char *subject, const char *text)
{
  BoReportPoint *point = g_new0 (BoReportPoint, 1);

  point->subject = g_strdup (subject);
  point->text = g_strdup (text);
  return point;
}

/* As much of a report as the update reads; made once and never freed. */
static const BoReport *
get_report (void)
{
  static BoReport *report = NULL;
  BoCampaign *campaign = NULL;

  if (report != NULL)
    return report;
  report = g_new0 (BoReport, 1);
  report->language = g_strdup ("en");
  campaign = bo_campaign_new ();
  campaign->id = g_strdup ("20261124-061200-3fa9");
  report->campaigns = g_ptr_array_new ();
  g_ptr_array_add (report->campaigns, campaign);
  report->rows = g_ptr_array_new ();
  g_ptr_array_add (report->rows, make_row ("original", "Original", "47 min 14 s (n=3)"));
  g_ptr_array_add (report->rows, make_row ("wheels", "Jetson wheels", "18 min 02 s (n=2)"));
  report->worked = g_ptr_array_new ();
  g_ptr_array_add (report->worked, make_point ("Original", "builds in 47 min 14 s (n=3)"));
  g_ptr_array_add (report->worked, make_point (NULL, "# a note * of the user"));
  report->not_worked = g_ptr_array_new ();
  return report;
}

/* Lines with their ends; the last may have none. */
static GPtrArray *
split_lines (GBytes *bytes)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);

  while (size > 0)
    {
      const char *newline = memchr (data, '\n', size);
      gsize length = newline != NULL ? (gsize) (newline - data) + 1 : size;

      g_ptr_array_add (lines, g_bytes_new (data, length));
      data += length;
      size -= length;
    }
  return lines;
}

/* Whether the update may have taken the line away or changed it. */
static gboolean
may_change (GBytes *line)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (line, &length);
  g_autofree char *text = g_strndup (data, length);
  g_autofree char *lower = NULL;

  lower = g_ascii_strdown (text, -1);
  /* A row of the table; an item of a template. */
  return strchr (text, '|') != NULL || strpbrk (text, "XYZ") != NULL || strstr (text, "...") != NULL
         || strstr (text, "\xe2\x80\xa6") != NULL || strstr (lower, "tbd") != NULL
         || strstr (lower, "todo") != NULL;
}

static gboolean
same_but_end (GBytes *a, GBytes *b)
{
  gsize n = 0, m = 0;
  const char *x = g_bytes_get_data (a, &n);
  const char *y = g_bytes_get_data (b, &m);

  while (n > 0 && (x[n - 1] == '\n' || x[n - 1] == '\r'))
    n--;
  while (m > 0 && (y[m - 1] == '\n' || y[m - 1] == '\r'))
    m--;
  return n == m && (n == 0 || memcmp (x, y, n) == 0);
}

/*
 * Each line of @before that may not change stands in @after, in the same
 * order. The ends of lines stay too, but for the last, which may have got one.
 */
static void
check_rest (GBytes *before, GBytes *after)
{
  g_autoptr (GPtrArray) old = split_lines (before);
  g_autoptr (GPtrArray) new = split_lines (after);
  guint at = 0;

  for (guint i = 0; i < old->len; i++)
    {
      if (may_change (old->pdata[i]))
        continue;
      while (at < new->len
             && !(i + 1 < old->len ? g_bytes_equal (old->pdata[i], new->pdata[at])
                                   : same_but_end (old->pdata[i], new->pdata[at])))
        at++;
      /* The last line of the new file may have lost its end to the one that followed it. */
      if (at == new->len &&new->len > 0 && same_but_end (old->pdata[i], new->pdata[new->len - 1]))
        continue;
      BO_FUZZ_CHECK (at < new->len);
      at++;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const BoReport *report = get_report ();
  g_autoptr (GBytes) before = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  const char *charts = size % 2 != 0 ? "![Build time](charts/build-time.svg)\n" : NULL;
  BoUpdateSummary summary;
  g_autoptr (GBytes) after = bo_findings_update_with_charts (before, report, charts, &summary, &error);
  g_autoptr (GBytes) again = NULL;

  BO_FUZZ_CHECK ((after != NULL) == (error == NULL));
  if (after == NULL)
    {
      BO_FUZZ_CHECK (error->message[0] != '\0');
      return 0;
    }
  BO_FUZZ_CHECK (summary.has_table || summary.has_worked || summary.has_not_worked);
  again = bo_findings_update_with_charts (after, report, charts, &summary, &error);
  BO_FUZZ_CHECK (again != NULL && g_bytes_equal (after, again));
  /* What stands between our marks, or above the line that ends ours, was ours and goes. */
  if (memmem (data, size, "bakeoff", 7) == NULL)
    check_rest (before, after);
  return 0;
}
