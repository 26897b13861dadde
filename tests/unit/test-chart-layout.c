/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "charts/bo-chart-file.h"
#include "charts/bo-chart-layout-private.h"
#include "findings/bo-report-charts.h"

#include "sample-findings.h"

static const double widths[] = { 200, 360, 500, 800, 1280 };

static gboolean
overlap (const BoChartItem *a, const BoChartItem *b)
{
  return a->x + 0.5 < b->x + b->width && b->x + 0.5 < a->x + a->width && a->y + 0.5 < b->y + b->height
         && b->y + 0.5 < a->y + a->height;
}

/* Nothing sticks out, and no text lies upon another. */
static void
check_layout (BoChart *chart, const BoChartStyle *style, double width)
{
  g_autoptr (BoChartLayout) layout = bo_chart_layout_new (chart, style, width);

  for (guint i = 0; i < layout->items->len; i++)
    {
      const BoChartItem *item = &g_array_index (layout->items, BoChartItem, i);

      g_assert_true (isfinite (item->x) && isfinite (item->y) && isfinite (item->width)
                     && isfinite (item->height));
      if (item->x < 0 || item->y < 0 || item->x + item->width > layout->width + 0.5
          || item->y + item->height > layout->height + 0.5)
        g_error ("%s at %g px: %s at %g, %g sticks out", chart->id, width,
                 item->kind == BO_ITEM_TEXT ? pango_layout_get_text (item->text) : "something", item->x,
                 item->y);
      for (guint k = i + 1; item->kind == BO_ITEM_TEXT && k < layout->items->len; k++)
        {
          const BoChartItem *other = &g_array_index (layout->items, BoChartItem, k);

          if (other->kind == BO_ITEM_TEXT && overlap (item, other))
            g_error ("%s at %g px: “%s” lies upon “%s”", chart->id, width,
                     pango_layout_get_text (other->text), pango_layout_get_text (item->text));
        }
    }
  for (guint i = 0; i < layout->targets->len; i++)
    {
      const BoChartTarget *target = g_ptr_array_index (layout->targets, i);
      int found = bo_chart_layout_find_target (layout, target->x + target->width / 2,
                                               target->y + target->height / 2);

      g_assert_nonnull (target->text);
      g_assert_cmpfloat (target->width, >, 0);
      g_assert_cmpfloat (target->height, >, 0);
      g_assert_cmpint (found, >=, 0);
    }
}

static void
check_charts (const BoReport *report)
{
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);

  g_assert_cmpuint (charts->len, >, 0);
  for (guint i = 0; i < charts->len; i++)
    for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
      for (guint rtl = 0; rtl < 2; rtl++)
        {
          BoChartStyle style = bo_chart_style_for_files ();

          style.rtl = rtl == 1;
          check_layout (g_ptr_array_index (charts, i), &style, widths[w]);
          style.font_size = 22;
          check_layout (g_ptr_array_index (charts, i), &style, widths[w] * 2);
        }
}

static void
test_sample (void)
{
  g_autoptr (BoReport) report = sample_report ();

  check_charts (report);
}

/* With every chart that there is: several campaigns, phases and layers. */
static void
test_full (void)
{
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };
  g_autoptr (BoReport) report = NULL;
  g_autoptr (GPtrArray) charts = NULL;

  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *id = g_strdup_printf ("20261124-06120%u-3fa9", 9 - i);
      BoCampaign *campaign = sample_campaign_called (id, trials, 1 + i);

      campaign->created_us -= i * G_TIME_SPAN_MINUTE;
      g_ptr_array_add (campaigns, campaign);
    }
  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *trial = g_ptr_array_index (trials, i);

      for (guint k = 0; k < BO_N_PHASES; k++)
        {
          BoPhase *phase = bo_phase_new ((BoPhaseKind) k);

          phase->duration_us = (k + 1) * G_USEC_PER_SEC;
          g_ptr_array_add (trial->phases, phase);
        }
      for (guint k = 0; trial->image != NULL && k < 30; k++)
        {
          BoLayer *layer = bo_layer_new ();

          layer->size = k * 10000000;
          layer->created_by = g_strdup_printf ("RUN %u", k);
          layer->diff_id = g_strdup_printf ("%s%u", k < 15 ? "" : trial->cell->strategy, k);
          layer->from_base = k < 7;
          g_ptr_array_add (trial->image->layers, layer);
        }
    }
  report = bo_report_new (&input);
  charts = bo_report_make_charts (report);
  g_assert_cmpuint (charts->len, ==, 10);
  check_charts (report);
}

/* Names that are much too long, in two directions, with what no font has. */
static void
test_long_names (void)
{
  g_autoptr (BoStudy) study = sample_study ();
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_campaign_unref);
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };
  g_autoptr (BoReport) report = NULL;

  for (guint i = 0; i < study->strategies->len; i++)
    {
      BoStrategy *strategy = g_ptr_array_index (study->strategies, i);

      g_free (strategy->title);
      strategy->title
          = g_strdup_printf ("%s %u",
                             i % 2 == 0 ? "Vorgefertigtes Abhängigkeitszwischenspeicherverfahren mit "
                                          "Rückfallebene\n\033[31m"
                                        : "استراتيجية البناء متعددة المراحل مع ذاكرة تخزين مؤقت \xff",
                             i);
    }
  g_ptr_array_add (campaigns, sample_campaign (trials, 1));
  report = bo_report_new (&input);
  check_charts (report);
}

static void
lengthen (char **text)
{
  char *longer
      = *text != NULL ? g_strdup_printf ("Grundstücksverkehrsgenehmigung %s, %s", *text, *text) : NULL;

  g_free (*text);
  *text = longer;
}

/* Every word three times as long, as it may be in another language. */
static void
test_long_words (void)
{
  g_autoptr (BoReport) report = sample_report ();
  g_autoptr (GPtrArray) charts = bo_report_make_charts (report);

  for (guint i = 0; i < charts->len; i++)
    {
      BoChart *chart = g_ptr_array_index (charts, i);

      lengthen (&chart->title);
      lengthen (&chart->subtitle);
      for (guint k = 0; k < chart->looks->len; k++)
        lengthen (&((BoChartLook *) g_ptr_array_index (chart->looks, k))->title);
      for (guint k = 0; k < chart->columns->len; k++)
        lengthen ((char **) &g_ptr_array_index (chart->columns, k));
      for (guint k = 0; k < chart->remarks->len; k++)
        lengthen ((char **) &g_ptr_array_index (chart->remarks, k));
      for (guint k = 0; k < chart->rows->len; k++)
        {
          BoChartRow *row = g_ptr_array_index (chart->rows, k);

          lengthen (&row->note);
          lengthen (&row->detail);
        }
      for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
        {
          BoChartStyle style = bo_chart_style_for_files ();

          check_layout (chart, &style, widths[w]);
        }
    }
}

static void
test_empty (void)
{
  g_autoptr (BoChart) chart = bo_chart_new (BO_CHART_ROWS, "nothing", NULL);
  BoChartStyle style = bo_chart_style_for_files ();
  g_autoptr (BoChartLayout) layout = NULL;

  chart->title = g_strdup ("Nothing");
  chart->empty = g_strdup ("There is nothing to show, and these are the words that say so.");
  layout = bo_chart_layout_new (chart, &style, 300);
  g_assert_cmpuint (layout->items->len, ==, 2);
  g_assert_cmpstr (pango_layout_get_text (g_array_index (layout->items, BoChartItem, 1).text), ==,
                   chart->empty);
}

static BoChart *
make_bars (void)
{
  BoChart *chart = bo_chart_new (BO_CHART_ROWS, "bars", NULL);
  guint segment = bo_chart_add_look (chart, BO_SHAPE_SEGMENT, BO_TONE_SERIES_0, BO_PATTERN_SOLID, "one");
  BoChartRow *row = bo_chart_add_row (chart, "A", NULL);

  chart->max = 100;
  row->text = g_strdup ("A: 100");
  bo_chart_row_add_mark (row, segment, 0, 100, g_strdup ("hundred"));
  row = bo_chart_add_row (chart, "B", NULL);
  row->text = g_strdup ("B: 25");
  bo_chart_row_add_mark (row, segment, 0, 25, g_strdup ("a quarter"));
  return chart;
}

static const BoChartTarget *
find_mark (BoChartLayout *layout, const char *text)
{
  for (guint i = 0; i < bo_chart_layout_get_n_targets (layout); i++)
    if (g_str_equal (bo_chart_layout_get_target (layout, i)->text, text))
      return bo_chart_layout_get_target (layout, i);
  g_assert_not_reached ();
}

/* A bar is as long as its value, from where 0 is, also when it is mirrored. */
static void
test_proportion (void)
{
  g_autoptr (BoChart) chart = make_bars ();
  BoChartStyle style = bo_chart_style_for_files ();
  const BoChartTarget *hundred, *quarter;

  for (guint rtl = 0; rtl < 2; rtl++)
    for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
      {
        g_autoptr (BoChartLayout) layout = NULL;

        style.rtl = rtl == 1;
        layout = bo_chart_layout_new (chart, &style, widths[i]);
        hundred = find_mark (layout, "hundred");
        quarter = find_mark (layout, "a quarter");
        g_assert_cmpfloat_with_epsilon (quarter->width * 4, hundred->width, 0.01);
        if (rtl)
          g_assert_cmpfloat_with_epsilon (quarter->x + quarter->width, hundred->x + hundred->width, 0.01);
        else
          g_assert_cmpfloat_with_epsilon (quarter->x, hundred->x, 0.01);
      }
}

static void
test_find (void)
{
  g_autoptr (BoChart) chart = make_bars ();
  BoChartStyle style = bo_chart_style_for_files ();
  g_autoptr (BoChartLayout) layout = bo_chart_layout_new (chart, &style, 600);
  const BoChartTarget *quarter = find_mark (layout, "a quarter");
  int found = bo_chart_layout_find_target (layout, quarter->x + 2, quarter->y + 2);

  g_assert_cmpstr (bo_chart_layout_get_target (layout, (guint) found)->text, ==, "a quarter");
  /* Beside the bar is still the row. */
  found = bo_chart_layout_find_target (layout, quarter->x + quarter->width * 2, quarter->y + 2);
  g_assert_cmpstr (bo_chart_layout_get_target (layout, (guint) found)->text, ==, "B: 25");
  g_assert_cmpint (bo_chart_layout_get_target (layout, (guint) found)->mark, ==, -1);
  g_assert_cmpint (bo_chart_layout_find_target (layout, -5, -5), ==, -1);
}

/* In a trend each line has the whole plot, so the smaller thing must win, not the last. */
static void
test_find_in_trend (void)
{
  g_autoptr (BoChart) chart = bo_chart_new (BO_CHART_TREND, "lines", NULL);
  guint look = bo_chart_add_look (chart, BO_SHAPE_DOT, BO_TONE_SERIES_0, BO_PATTERN_SOLID, "line");
  BoChartStyle style = bo_chart_style_for_files ();
  g_autoptr (BoChartLayout) layout = NULL;

  chart->max = 100;
  g_ptr_array_add (chart->columns, g_strdup ("one"));
  g_ptr_array_add (chart->columns, g_strdup ("two"));
  for (guint i = 0; i < 2; i++)
    {
      BoChartRow *row = bo_chart_add_row (chart, i == 0 ? "first" : "second", NULL);

      row->text = g_strdup (row->title);
      for (guint k = 0; k < 2; k++)
        {
          BoChartMark *mark = bo_chart_row_add_mark (row, look, 0, 20 + 50 * i,
                                                     g_strdup_printf ("%s %u", row->title, k));

          mark->column = k;
          mark->joined = TRUE;
        }
    }
  layout = bo_chart_layout_new (chart, &style, 500);
  for (guint i = 0; i < bo_chart_layout_get_n_targets (layout); i++)
    {
      const BoChartTarget *target = bo_chart_layout_get_target (layout, i);

      if (target->mark >= 0)
        g_assert_cmpint (bo_chart_layout_find_target (layout, target->x + target->width / 2,
                                                      target->y + target->height / 2),
                         ==, (int) i);
    }
  /* The larger value stands higher, at the same place of the axis in both columns. */
  g_assert_cmpfloat (find_mark (layout, "second 0")->y, <, find_mark (layout, "first 0")->y);
  g_assert_cmpfloat_with_epsilon (find_mark (layout, "first 0")->y, find_mark (layout, "first 1")->y, 0.01);
}

static guint32
get_pixel (cairo_surface_t *surface, double x, double y)
{
  const guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  return ((const guint32 *) (gconstpointer) (data + (int) y * stride))[(int) x] & 0xffffff;
}

/* Ink is where the model says: in the bar, not behind its end. */
static void
test_ink (void)
{
  g_autoptr (BoChart) chart = make_bars ();
  BoChartStyle style = bo_chart_style_for_files ();
  g_autoptr (BoChartLayout) layout = bo_chart_layout_new (chart, &style, 600);
  const BoChartTarget *quarter = find_mark (layout, "a quarter");
  double middle = quarter->y + quarter->height / 2;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 600, 300);
  cairo_t *cr = cairo_create (surface);

  bo_chart_draw (chart, cr, 600, 300, &style);
  cairo_surface_flush (surface);
  g_assert_cmphex (get_pixel (surface, quarter->x + 4, middle), ==, 0x0072b2);
  g_assert_cmphex (get_pixel (surface, quarter->x + quarter->width - 4, middle), ==, 0x0072b2);
  g_assert_cmphex (get_pixel (surface, quarter->x + quarter->width + 4, middle), ==, 0xffffff);
  g_assert_cmphex (get_pixel (surface, 2, 2), ==, 0xffffff);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* The file is the same every time, is XML, and says in words what it shows. */
static void
test_svg (void)
{
  g_autoptr (BoChart) chart = make_bars ();
  BoChartStyle style = bo_chart_style_for_files ();
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  GMarkupParser parser = { 0 };
  GMarkupParseContext *context;

  chart->title = g_strdup ("Less & <more> \"\001\xff");
  chart->description = g_strdup ("A is 100, B is 25 & no more.");
  first = bo_chart_to_svg (chart, &style, 600, &error);
  g_assert_no_error (error);
  second = bo_chart_to_svg (chart, &style, 600, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first, ==, second);

  context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_markup_parse_context_parse (context, first, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  g_markup_parse_context_free (context);

  g_assert_nonnull (
      strstr (first, "<desc id=\"bo-bars-description\">A is 100, B is 25 &amp; no more.</desc>"));
  g_assert_null (strstr (first, "id=\"surface"));
  /* Every name in it is its own, for pages with several. */
  for (const char *p = strstr (first, " id=\""); p != NULL; p = strstr (p + 1, " id=\""))
    g_assert_true (g_str_has_prefix (p, " id=\"bo-bars-"));
  for (const char *p = strstr (first, "href=\""); p != NULL; p = strstr (p + 1, "href=\""))
    g_assert_true (g_str_has_prefix (p, "href=\"#bo-bars-"));
}

static void
test_png (void)
{
  g_autoptr (BoChart) chart = make_bars ();
  BoChartStyle style = bo_chart_style_for_files ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = bo_chart_to_png (chart, &style, 600, 2, &error);
  g_autoptr (GBytes) huge = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (png), >, 1000);
  g_assert_cmpmem (g_bytes_get_data (png, NULL), 8, "\x89PNG\r\n\x1a\n", 8);
  /* Larger than a picture may be: said, not drawn. */
  huge = bo_chart_to_png (chart, &style, 600, 1000, &error);
  g_assert_null (huge);
  g_assert_error (error, BO_CHART_FILE_ERROR, BO_CHART_FILE_ERROR_DRAW);
}

static void
test_colours (void)
{
  for (guint scheme = 0; scheme < BO_N_SCHEMES; scheme++)
    {
      BoChartStyle style = { .scheme = (BoChartScheme) scheme };
      BoChartColour background = bo_chart_style_get_colour (&style, BO_TONE_BACKGROUND);
      double text = bo_chart_style_is_contrast (&style) ? 7 : 4.5;

      g_assert_cmpfloat (
          bo_chart_colour_contrast (bo_chart_style_get_colour (&style, BO_TONE_TEXT), background), >=, 7);
      g_assert_cmpfloat (
          bo_chart_colour_contrast (bo_chart_style_get_colour (&style, BO_TONE_DIM), background), >=, text);
      for (guint tone = BO_TONE_MUTED; tone < BO_N_TONES; tone++)
        {
          BoChartColour colour = bo_chart_style_get_colour (&style, (BoChartTone) tone);
          BoChartColour edge = bo_chart_style_get_edge (&style, (BoChartTone) tone);
          BoChartColour ink = bo_chart_style_get_ink (&style, (BoChartTone) tone);

          /* WCAG 2.1: graphics 3, text 4.5. */
          g_assert_cmpfloat (bo_chart_colour_contrast (edge, background), >=, 3);
          g_assert_cmpfloat (bo_chart_colour_contrast (ink, colour), >=, 4.5);
        }
    }
}

static double
to_linear (double value)
{
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
lab_part (double value)
{
  return value > 0.008856 ? cbrt (value) : 7.787 * value + 16.0 / 116;
}

/* CIE L*a*b* of a colour as it is seen through @see, a matrix on linear light. */
static void
get_lab (BoChartColour colour, const double see[9], double lab[3])
{
  const double rgb[3] = { to_linear (colour.red), to_linear (colour.green), to_linear (colour.blue) };
  double seen[3];
  double x, y, z;

  for (guint i = 0; i < 3; i++)
    seen[i] = CLAMP (see[i * 3] * rgb[0] + see[i * 3 + 1] * rgb[1] + see[i * 3 + 2] * rgb[2], 0, 1);
  x = lab_part ((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.9505);
  y = lab_part (0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
  z = lab_part ((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.089);
  lab[0] = 116 * y - 16;
  lab[1] = 500 * (x - y);
  lab[2] = 200 * (y - z);
}

/*
 * Whoever sees no red, no green or no blue light apart (matrices of Machado, Oliveira and Fernandes,
 * 2009, full severity) can tell the series apart, and good from bad. About 2 is where two
 * colours side by side begin to differ.
 */
static void
test_colour_blind (void)
{
  static const double sights[][9] = {
    { 1, 0, 0, 0, 1, 0, 0, 0, 1 },
    { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 },
    { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 },
    { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900 },
  };

  for (guint scheme = 0; scheme < BO_N_SCHEMES; scheme++)
    for (guint sight = 0; sight < G_N_ELEMENTS (sights); sight++)
      for (guint a = BO_TONE_GOOD; a < BO_N_TONES; a++)
        for (guint b = a + 1; b < BO_N_TONES; b++)
          {
            BoChartStyle style = { .scheme = (BoChartScheme) scheme };
            double first[3], second[3];
            double distance;

            /* Good and bad are not in one chart with series. */
            if (a <= BO_TONE_BAD && b > BO_TONE_BAD)
              continue;
            get_lab (bo_chart_style_get_colour (&style, (BoChartTone) a), sights[sight], first);
            get_lab (bo_chart_style_get_colour (&style, (BoChartTone) b), sights[sight], second);
            distance = sqrt (pow (first[0] - second[0], 2) + pow (first[1] - second[1], 2)
                             + pow (first[2] - second[2], 2));
            if (distance < 10)
              g_error ("scheme %u, sight %u: tones %u and %u are %.1f apart", scheme, sight, a, b, distance);
          }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart-layout/sample", test_sample);
  g_test_add_func ("/chart-layout/full", test_full);
  g_test_add_func ("/chart-layout/long-names", test_long_names);
  g_test_add_func ("/chart-layout/long-words", test_long_words);
  g_test_add_func ("/chart-layout/empty", test_empty);
  g_test_add_func ("/chart-layout/proportion", test_proportion);
  g_test_add_func ("/chart-layout/find", test_find);
  g_test_add_func ("/chart-layout/find-in-trend", test_find_in_trend);
  g_test_add_func ("/chart-layout/ink", test_ink);
  g_test_add_func ("/chart-layout/svg", test_svg);
  g_test_add_func ("/chart-layout/png", test_png);
  g_test_add_func ("/chart-layout/colours", test_colours);
  g_test_add_func ("/chart-layout/colour-blind", test_colour_blind);
  return g_test_run ();
}
