/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chart-runs"

#include "config.h"

#include "charts/bo-chart-runs.h"
#include "study/bo-document-text.h"

static guint
add_look (BoChart *chart, BoChartRunKind kind, gboolean baseline)
{
  BoChartTone tone = baseline ? BO_TONE_NEUTRAL : BO_TONE_ACCENT;

  switch (kind)
    {
    case BO_CHART_RUN_FAILED:
      return bo_chart_add_look (chart, BO_SHAPE_CROSS, BO_TONE_BAD, BO_PATTERN_SOLID,
                                D_ (chart->language, "failed, at the time it got to"));
    case BO_CHART_RUN_TIMED_OUT:
      return bo_chart_add_look (chart, BO_SHAPE_ARROW, BO_TONE_BAD, BO_PATTERN_SOLID,
                                D_ (chart->language, "ran out of time"));
    case BO_CHART_RUN_DISTURBED:
      return bo_chart_add_look (chart, BO_SHAPE_RING, tone, BO_PATTERN_SOLID,
                                D_ (chart->language, "disturbed, in no median"));
    case BO_CHART_RUN_OK:
    default:
      return bo_chart_add_look (chart, BO_SHAPE_DOT, tone, BO_PATTERN_SOLID,
                                baseline ? D_ (chart->language, "one run of the baseline")
                                         : D_ (chart->language, "one run"));
    }
}

static guint
add_median_look (BoChart *chart, gboolean baseline)
{
  return bo_chart_add_look (chart, BO_SHAPE_MEDIAN, baseline ? BO_TONE_NEUTRAL : BO_TONE_ACCENT,
                            BO_PATTERN_SOLID, D_ (chart->language, "median"));
}

/**
 * bo_chart_add_run_looks:
 * @chart: a chart in the making
 *
 * All looks of runs, in the order of the legend, whichever comes first. Those that no mark has are not shown.
 */
void
bo_chart_add_run_looks (BoChart *chart)
{
  add_look (chart, BO_CHART_RUN_OK, FALSE);
  add_median_look (chart, FALSE);
  add_look (chart, BO_CHART_RUN_OK, TRUE);
  add_median_look (chart, TRUE);
  add_look (chart, BO_CHART_RUN_DISTURBED, FALSE);
  add_look (chart, BO_CHART_RUN_DISTURBED, TRUE);
  add_look (chart, BO_CHART_RUN_FAILED, FALSE);
  add_look (chart, BO_CHART_RUN_TIMED_OUT, FALSE);
}

/* @text is taken. */
void
bo_chart_add_run (BoChart *chart,
                  BoChartRow *row,
                  BoChartRunKind kind,
                  gboolean baseline,
                  gint64 time_us,
                  char *text)
{
  bo_chart_row_add_mark (row, add_look (chart, kind, baseline), time_us, time_us, text);
}

void
bo_chart_add_median (BoChart *chart,
                     BoChartRow *row,
                     gboolean baseline,
                     gint64 median_us,
                     guint n,
                     const char *name)
{
  BoChartLocale locale = bo_chart_get_locale (chart);
  g_autofree char *time = bo_chart_locale_format_duration (&locale, median_us);
  guint bar = bo_chart_add_look (chart, BO_SHAPE_BAR, baseline ? BO_TONE_NEUTRAL : BO_TONE_ACCENT,
                                 BO_PATTERN_SOLID, NULL);

  bo_chart_row_add_mark (row, bar, 0, median_us, NULL);
  bo_chart_row_add_mark (row, add_median_look (chart, baseline), median_us, median_us,
                         g_strdup_printf (D_ (chart->language, "%s: median %s (n=%u)"), name, time, n));
}

/**
 * bo_chart_fit_runs:
 * @chart: a chart in the making
 * @longest_us: the longest run that ended well, or 0
 * @stopped_us: the longest one that did not, or 0
 *
 * The axis ends at the longest run that ended well. One that did not belongs
 * on it too, unless it would push everything else together: then it stands at
 * its end, and its words say how long it took.
 */
void
bo_chart_fit_runs (BoChart *chart, gint64 longest_us, gint64 stopped_us)
{
  gboolean near = stopped_us > longest_us && stopped_us / 3 * 2 <= longest_us;

  chart->max = longest_us <= 0 || near ? stopped_us : longest_us;
}
