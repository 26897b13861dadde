/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "charts/bo-chart-file.h"
#include "gui-test.h"
#include "results/bo-card-grid.h"
#include "results/bo-insight-card.h"
#include "results/bo-results-page.h"
#include "sample-results.h"

/* Whether somebody wants to see them. */
static gboolean pictures;

static BoResultsPage *
find_page (GtkWidget *widget)
{
  if (BO_IS_RESULTS_PAGE (widget))
    return BO_RESULTS_PAGE (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      BoResultsPage *found = find_page (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static BoStudyWindow *
open_results (BoResultsPage **page)
{
  BoStudyWindow *window = open_sample ();

  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "results");
  *page = find_page (GTK_WIDGET (window));
  g_assert_nonnull (*page);
  wait_ms (200);
  WAIT_FOR (bo_results_page_is_ready (*page));
  return window;
}

/* The page itself, not what scrolls in a card. */
static GtkAdjustment *
get_adjustment (BoResultsPage *page)
{
  GtkWidget *card = GTK_WIDGET (bo_results_page_get_card (page, BO_RESULTS_BUILD_TIME));
  GtkWidget *scrolled = gtk_widget_get_ancestor (card, GTK_TYPE_SCROLLED_WINDOW);

  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
}

static void
test_pictures (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  BoResultsPage *page;
  BoStudyWindow *window = open_results (&page);
  GtkAdjustment *adjustment = get_adjustment (page);
  const int sizes[][2] = { { 1280, 800 }, { 360, 720 } };

  for (guint dark = 0; dark < 2; dark++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        guint n = 0;

        adw_style_manager_set_color_scheme (manager, dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
        set_size (GTK_WINDOW (window), sizes[i][0], sizes[i][1]);
        g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, sizes[i][0]);
        WAIT_FOR (bo_results_page_is_ready (page));
        for (double y = 0; n == 0 || (pictures && y < gtk_adjustment_get_upper (adjustment));
             y += gtk_adjustment_get_page_size (adjustment))
          {
            g_autofree char *file
              = g_strdup_printf ("results-%s-%d-%u", dark ? "dark" : "light", sizes[i][0], ++n);

            gtk_adjustment_set_value (adjustment, y);
            wait_ms (pictures ? 300 : 50);
            WAIT_FOR (bo_results_page_is_ready (page));
            take_picture (GTK_WIDGET (window), file);
          }
        gtk_adjustment_set_value (adjustment, 0);
      }
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
  close_window (window);
}

static gboolean
has_label (GtkWidget *widget, const char *part)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
      && strstr (gtk_label_get_text (GTK_LABEL (widget)), part) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_label (child, part))
      return TRUE;
  return FALSE;
}

/* The cursor that has the focus is what a screen reader reads. */
static const char *
get_focus_label (BoStudyWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

  return focus != NULL ? gtk_widget_get_css_name (focus) : NULL;
}

static void
test_keyboard (void)
{
  BoResultsPage *page;
  BoStudyWindow *window;
  BoChartView *view;
  guint n;

  if (!can_press ())
    {
      g_test_skip ("xdotool is not installed (build-aux/install-packages gui)");
      return;
    }
  window = open_results (&page);
  view = bo_chart_card_get_view (bo_results_page_get_card (page, BO_RESULTS_BUILD_TIME));
  n = bo_chart_view_get_n_marks (view);
  g_assert_cmpuint (n, >, 10);
  gtk_widget_grab_focus (GTK_WIDGET (view));
  g_assert_cmpint (bo_chart_view_get_mark (view), ==, -1);

  press (GTK_WINDOW (window), "Right");
  g_assert_cmpint (bo_chart_view_get_mark (view), ==, 0);
  g_assert_cmpstr (get_focus_label (window), ==, "mark");
  g_assert_cmpstr (bo_chart_view_get_mark_text (view), ==, "Original: 47 min 34 s (n=3)");
  gtk_test_accessible_assert_role (gtk_window_get_focus (GTK_WINDOW (window)), GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_test_accessible_assert_property (gtk_window_get_focus (GTK_WINDOW (window)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Original: 47 min 34 s (n=3)");
  /* The bubble says the same. */
  WAIT_FOR (has_label (GTK_WIDGET (view), "Original: 47 min 34 s (n=3)"));
  take_picture (GTK_WIDGET (window), "results-keyboard");
  if (pictures)
    {
      g_autofree char *command = g_strdup_printf ("import -window root %s/results-bubble.png", g_getenv ("BAKEOFF_SCREENSHOTS"));

      g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
    }
  /* The median, then its runs. */
  press (GTK_WINDOW (window), "Right Right");
  g_assert_cmpint (bo_chart_view_get_mark (view), ==, 2);
  g_assert_nonnull (strstr (bo_chart_view_get_mark_text (view), "run 1"));
  press (GTK_WINDOW (window), "Left Left Down");
  g_assert_true (g_str_has_prefix (bo_chart_view_get_mark_text (view), "PyPI wheels: failed at step 5 of 9"));
  press (GTK_WINDOW (window), "Up");
  g_assert_cmpint (bo_chart_view_get_mark (view), ==, 0);
  press (GTK_WINDOW (window), "End");
  g_assert_cmpint (bo_chart_view_get_mark (view), ==, (int) n - 1);
  /* There is nothing beyond, and the focus stays. */
  press (GTK_WINDOW (window), "Right Down");
  g_assert_cmpint (bo_chart_view_get_mark (view), ==, (int) n - 1);
  press (GTK_WINDOW (window), "Escape");
  g_assert_cmpint (bo_chart_view_get_mark (view), ==, -1);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == GTK_WIDGET (view));
  press (GTK_WINDOW (window), "Home Tab");
  g_assert_cmpint (bo_chart_view_get_mark (view), ==, -1);
  g_assert_false (gtk_widget_has_focus (GTK_WIDGET (view)));
  close_window (window);
}

static void
text_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static void
texture_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(GdkTexture **) user_data = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

/* A column of what goes into the clipboard. */
static char **
get_column (const char *tsv, guint column)
{
  g_auto (GStrv) lines = g_strsplit (tsv, "\n", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], "\t", -1);

      g_assert_cmpuint (g_strv_length (cells), >, column);
      g_strv_builder_add (builder, cells[column]);
    }
  return g_strv_builder_end (builder);
}

static void
test_numbers (void)
{
  BoResultsPage *page;
  BoStudyWindow *window = open_results (&page);
  BoChartCard *card = bo_results_page_get_card (page, BO_RESULTS_BUILD_TIME);
  BoChart *chart = bo_chart_card_get_chart (card);
  BoChartNumbers *numbers = bo_chart_card_get_numbers (card);
  GtkColumnView *view = bo_chart_numbers_get_view (numbers);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (card));
  guint n = bo_chart_table_get_n_rows (chart->table);
  g_autofree char *tsv = NULL;
  g_autofree char *copied = NULL;
  g_auto (GStrv) times = NULL;
  g_autoptr (GtkColumnViewColumn) column = NULL;
  double before = G_MAXDOUBLE;

  /* It is made when it is asked for. */
  g_assert_null (gtk_column_view_get_model (view));
  gtk_widget_activate_action (GTK_WIDGET (card), "chart.show-table", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (view))), ==, n);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (view)), ==,
                    bo_chart_table_get_n_columns (chart->table));
  column = g_list_model_get_item (gtk_column_view_get_columns (view), 6);
  g_assert_cmpstr (gtk_column_view_column_get_title (column), ==, "Build time");
  gtk_column_view_sort_by_column (view, column, GTK_SORT_DESCENDING);
  wait_ms (200);
  take_picture (GTK_WIDGET (window), "results-table");

  tsv = bo_chart_numbers_to_tsv (numbers);
  times = get_column (tsv, 6);
  g_assert_cmpuint (g_strv_length (times), ==, n + 1);
  g_assert_cmpstr (times[0], ==, "Build time (s)");
  /* What has no time is first, as it is last the other way around. */
  for (guint i = 1; times[i] != NULL; i++)
    if (times[i][0] != '\0')
      {
        g_assert_cmpfloat (g_ascii_strtod (times[i], NULL), <=, before);
        before = g_ascii_strtod (times[i], NULL);
      }
  g_assert_cmpfloat (before, ==, 412);

  /* What is selected alone. */
  gtk_selection_model_select_item (gtk_column_view_get_model (view), n - 1, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (card), "chart.copy-numbers", NULL);
  gdk_clipboard_read_text_async (clipboard, NULL, text_cb, &copied);
  WAIT_FOR (copied != NULL);
  g_strfreev (g_steal_pointer (&times));
  times = get_column (copied, 6);
  g_assert_cmpuint (g_strv_length (times), ==, 2);
  g_assert_cmpstr (times[1], ==, "412.000000");
  close_window (window);
}

static void
test_files (void)
{
  BoResultsPage *page;
  BoStudyWindow *window = open_results (&page);
  g_autofree char *folder = g_dir_make_tmp ("bakeoff-gui-XXXXXX", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "none", "chart.svg", NULL);
  g_autoptr (GFile) bad = g_file_new_for_path (nowhere);
  g_autoptr (GdkTexture) texture = NULL;
  const BoChartStyle style = bo_chart_style_for_files ();
  BoChartCard *card = NULL;

  for (guint i = 0; i < BO_N_RESULTS_CARDS; i++)
    for (BoChartFormat format = BO_CHART_FORMAT_SVG; format <= BO_CHART_FORMAT_PNG; format++)
      {
        g_autofree char *name = NULL;
        g_autofree char *path = NULL;
        g_autofree char *said = NULL;
        g_autofree char *saved = NULL;
        g_autofree char *svg = NULL;
        g_autoptr (GBytes) png = NULL;
        g_autoptr (GFile) file = NULL;
        gsize length;

        card = bo_results_page_get_card (page, (BoResultsCard) i);
        name = bo_chart_export_get_name (bo_chart_card_get_chart (card), format);
        g_assert_true (g_str_has_suffix (name, format == BO_CHART_FORMAT_SVG ? ".svg" : ".png"));
        path = g_build_filename (folder, name, NULL);
        file = g_file_new_for_path (path);
        bo_chart_card_save (card, format, file);
        WAIT_FOR (g_file_test (path, G_FILE_TEST_EXISTS));
        g_assert_true (g_file_get_contents (path, &saved, &length, NULL));
        /* Byte for byte what a document has. */
        if (format == BO_CHART_FORMAT_SVG)
          {
            svg = bo_chart_to_svg (bo_chart_card_get_chart (card), &style, BO_CHART_DOCUMENT_WIDTH, NULL);
            g_assert_cmpstr (saved, ==, svg);
          }
        else
          {
            png = bo_chart_to_png (bo_chart_card_get_chart (card), &style, BO_CHART_DOCUMENT_WIDTH, 2, NULL);
            g_assert_cmpmem (saved, length, g_bytes_get_data (png, NULL), g_bytes_get_size (png));
          }
        g_remove (path);
      }
  /* The toasts of what was saved come first, one after another, so this is another window. */
  close_window (window);
  window = open_results (&page);
  card = bo_results_page_get_card (page, BO_RESULTS_BUILD_TIME);
  bo_chart_card_save (card, BO_CHART_FORMAT_SVG, bad);
  WAIT_FOR (has_label (GTK_WIDGET (window), "“chart.svg” was not saved: "));
  g_assert_false (g_file_test (nowhere, G_FILE_TEST_EXISTS));

  gtk_widget_activate_action (GTK_WIDGET (card), "chart.copy-picture", NULL);
  WAIT_FOR (gdk_content_formats_contain_mime_type (
    gdk_clipboard_get_formats (gtk_widget_get_clipboard (GTK_WIDGET (card))), "image/svg+xml"));
  gdk_clipboard_read_texture_async (gtk_widget_get_clipboard (GTK_WIDGET (card)), NULL, texture_cb, &texture);
  WAIT_FOR (texture != NULL);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 2 * BO_CHART_DOCUMENT_WIDTH);
  close_window (window);
  g_rmdir (folder);
}

static void
check_comparison (BoResultsPage *page, const char *from, const char *to, gint64 difference_us)
{
  BoChartCard *card = bo_results_page_get_card (page, BO_RESULTS_COMPARISON);
  const BoChartTable *table;
  guint n_rows, column;
  gint64 sum = 0;

  gtk_widget_activate_action (GTK_WIDGET (page), "results.compare", "(ss)", from, to);
  WAIT_FOR (bo_results_page_is_ready (page));
  g_assert_cmpstr (bo_results_page_get_content (page)->request.from, ==, from);
  g_assert_cmpstr (bo_results_page_get_content (page)->request.to, ==, to);
  table = bo_chart_card_get_chart (card)->table;
  n_rows = bo_chart_table_get_n_rows (table);
  column = bo_chart_table_get_n_columns (table) - 1;
  g_assert_cmpuint (n_rows, >, 2);
  for (guint i = 0; i + 1 < n_rows; i++)
    sum += bo_chart_table_get_number (table, i, column);
  g_assert_cmpint (sum, ==, bo_chart_table_get_number (table, n_rows - 1, column));
  g_assert_cmpint (sum, ==, difference_us);
}

static void
test_comparison (void)
{
  BoResultsPage *page;
  BoStudyWindow *window = open_results (&page);
  const BoResultsContent *content = bo_results_page_get_content (page);
  const gint64 second = G_USEC_PER_SEC;

  /* The baseline and the best, unless something else is chosen. */
  g_assert_cmpstr (content->request.from, ==, "original/devel/classic/cold");
  g_assert_cmpstr (content->request.to, ==, "prebuilt/devel/classic/cold");
  g_assert_nonnull (strstr (content->says[BO_RESULTS_COMPARISON], "−40 min 38 s"));
  check_comparison (page, "original/devel/classic/cold", "multi-stage/devel/classic/cold",
                    (1950 - 2832 - 22) * second);
  check_comparison (page, "original/devel/classic/warm", "original/devel/classic/edited",
                    1308 * second - 3 * second - 82000);
  /* The same is no difference, and no reason to stop. */
  gtk_widget_activate_action (GTK_WIDGET (page), "results.compare", "(ss)", "original/devel/classic/cold",
                              "original/devel/classic/cold");
  WAIT_FOR (bo_results_page_is_ready (page));
  g_assert_cmpstr (bo_results_page_get_content (page)->request.from, !=,
                   bo_results_page_get_content (page)->request.to);
  close_window (window);
}

static void
test_filter (void)
{
  BoResultsPage *page;
  BoStudyWindow *window = open_results (&page);
  BoChartCard *card = bo_results_page_get_card (page, BO_RESULTS_BUILD_TIME);
  BoChartCard *parts = bo_results_page_get_card (page, BO_RESULTS_PARTS);

  g_assert_cmpstr (bo_chart_card_get_chart (card)->id, ==, "build-time-cold");
  g_assert_cmpuint (bo_chart_card_get_chart (card)->rows->len, ==, 7);
  gtk_widget_activate_action (GTK_WIDGET (page), "results.condition", "s", "edited");
  WAIT_FOR (bo_results_page_is_ready (page));
  g_assert_cmpstr (bo_chart_card_get_chart (card)->id, ==, "build-time-edited");
  gtk_widget_activate_action (GTK_WIDGET (page), "results.condition", "s", "cold");
  gtk_widget_activate_action (GTK_WIDGET (page), "results.base", "s", "devel");
  WAIT_FOR (bo_results_page_is_ready (page));
  g_assert_cmpstr (bo_chart_card_get_chart (card)->id, ==, "build-time-cold");
  g_assert_cmpuint (bo_chart_card_get_chart (card)->rows->len, ==, 6);
  /* It stays so when the study is read again. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.reload", NULL);
  WAIT_FOR (!bo_study_window_is_loading (window) && bo_results_page_is_ready (page));
  g_assert_cmpuint (bo_chart_card_get_chart (card)->rows->len, ==, 6);

  g_assert_cmpstr (bo_chart_card_get_chart (parts)->id, ==, "phases-cold");
  gtk_widget_activate_action (GTK_WIDGET (page), "results.parts", "s", "pypi-wheels/devel/classic/cold");
  WAIT_FOR (bo_results_page_is_ready (page));
  g_assert_cmpstr (bo_chart_card_get_chart (parts)->id, ==, "steps-pypi-wheels-devel-classic-cold");
  close_window (window);
}

static void
test_accessible (void)
{
  BoResultsPage *page;
  BoStudyWindow *window = open_results (&page);

  for (guint i = 0; i < BO_N_RESULTS_CARDS; i++)
    {
      BoChartCard *card = bo_results_page_get_card (page, (BoResultsCard) i);
      BoChart *chart = bo_chart_card_get_chart (card);
      GtkWidget *view = GTK_WIDGET (bo_chart_card_get_view (card));

      gtk_test_accessible_assert_role (view, GTK_ACCESSIBLE_ROLE_IMG);
      gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_LABEL, chart->title);
      gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, chart->description);
      g_assert_cmpuint (strlen (chart->description), >, strlen (chart->title));
    }
  close_window (window);
}

/* A study in which names are as long as people make them. */
static BoStudy *
make_study (guint n_strategies, guint n_bases)
{
  g_autoptr (GString) text
    = g_string_new ("{\"format\": 1, \"id\": \"large\", \"name\": \"Large\", \"baseline\": \"s0\", \"bases\": [");
  g_autoptr (BoProblems) problems = bo_problems_new ();
  BoStudy *study;

  for (guint i = 0; i < n_bases; i++)
    g_string_append_printf (text, "%s{\"id\": \"b%u\", \"title\": \"dustynv/l4t-pytorch with everything that may be needed, %u\", "
                                  "\"image\": \"b:%u\"}",
                            i > 0 ? ", " : "", i, i, i);
  g_string_append (text, "], \"builders\": [\"classic\", \"buildkit\"], \"conditions\": [\"cold\", \"warm\", \"edited\"], "
                         "\"edit\": {\"path\": \"a\", \"append\": \"b\"}, \"strategies\": [");
  for (guint i = 0; i < n_strategies; i++)
    g_string_append_printf (text, "%s{\"id\": \"s%u\", \"title\": \"Wheels from the vendor’s index, torchao compiled from "
                                  "its sources, number %u\", \"dockerfile\": \"Dockerfile\"}",
                            i > 0 ? ", " : "", i, i);
  g_string_append (text, "]}");
  study = bo_study_load_from_data (text->str, -1, "/nowhere/bakeoff.json", NULL, problems);
  g_assert_nonnull (study);
  return study;
}

static BoReport *
make_report (BoStudy *study, BoOutcome outcome, guint repetitions)
{
  g_autoptr (BoCampaign) campaign = sample_campaign_new ("20261124-061200-3fa9", G_GINT64_CONSTANT (1795500720000000));
  g_autoptr (GPtrArray) campaigns = g_ptr_array_new ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (GPtrArray) cells = bo_study_get_cells (study);
  BoReportInput input = { .study = study, .campaigns = campaigns, .trials = trials };

  g_ptr_array_add (campaigns, campaign);
  for (guint i = 0; i < cells->len; i++)
    for (guint r = 1; r <= repetitions; r++)
      {
        const BoCell *cell = g_ptr_array_index (cells, i);
        BoTrial *trial = sample_add (campaign, trials, cell->strategy, cell->base, cell->condition, r, outcome,
                                     (gint64) (100 + i * 7 + r) * G_USEC_PER_SEC);

        trial->cell->builder = cell->builder;
        if (outcome == BO_OUTCOME_FAILED)
          trial->reason = g_strdup ("The command returned a non-zero code: 1");
      }
  return bo_report_new (&input);
}

static GtkWidget *
show_report (BoReport *report, BoResultsPage **page)
{
  GtkWidget *window = adw_window_new ();

  *page = g_object_new (BO_TYPE_RESULTS_PAGE, NULL);
  adw_window_set_content (ADW_WINDOW (window), GTK_WIDGET (*page));
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 800);
  gtk_window_present (GTK_WINDOW (window));
  bo_results_page_set_report (*page, report);
  WAIT_FOR (bo_results_page_is_ready (*page));
  wait_ms (300);
  WAIT_FOR (bo_results_page_is_ready (*page));
  return window;
}

/* 40 strategies and 24 columns: a card does not become a mile high. */
static void
test_large (void)
{
  g_autoptr (BoStudy) study = make_study (40, 4);
  g_autoptr (BoReport) report = make_report (study, BO_OUTCOME_SUCCEEDED, 2);
  BoResultsPage *page;
  GtkWidget *window = show_report (report, &page);
  BoChartCard *card = bo_results_page_get_card (page, BO_RESULTS_BUILD_TIME);

  g_assert_cmpuint (bo_chart_card_get_chart (card)->rows->len, ==, 320);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (bo_chart_card_get_view (card))), >, 4000);
  for (guint i = 0; i < BO_N_RESULTS_CARDS; i++)
    g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (bo_results_page_get_card (page, (BoResultsCard) i))), <, 800);
  take_picture (window, "results-large");
  gtk_widget_activate_action (GTK_WIDGET (page), "results.base", "s", "b1");
  gtk_widget_activate_action (GTK_WIDGET (page), "results.builder", "s", "buildkit");
  WAIT_FOR (bo_results_page_is_ready (page));
  g_assert_cmpuint (bo_chart_card_get_chart (card)->rows->len, ==, 40);
  /* What is the same for all is not said with each. */
  g_assert_null (((const BoChartRow *) g_ptr_array_index (bo_chart_card_get_chart (card)->rows, 7))->detail);
  set_size (GTK_WINDOW (window), 360, 720);
  WAIT_FOR (bo_results_page_is_ready (page));
  g_assert_cmpint (gtk_widget_get_width (window), <=, 360);
  take_picture (window, "results-large-360");
  close_window (window);
}

/* Nothing but failures is something to show, too. */
static void
test_failures (void)
{
  g_autoptr (BoStudy) study = make_study (3, 1);
  g_autoptr (BoReport) report = make_report (study, BO_OUTCOME_FAILED, 1);
  BoResultsPage *page;
  GtkWidget *window = show_report (report, &page);

  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (bo_results_page_get_card (page, BO_RESULTS_BUILD_TIME))));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (bo_results_page_get_card (page, BO_RESULTS_COMPARISON))));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (bo_results_page_get_card (page, BO_RESULTS_IMAGE_SIZE))));
  g_assert_true (has_label (window, "The command returned a non-zero code: 1"));
  take_picture (window, "results-failures");
  /* And then nothing at all. */
  bo_results_page_set_report (page, NULL);
  g_assert_true (bo_results_page_is_ready (page));
  wait_ms (300);
  g_assert_true (has_label (window, "No Results Yet"));
  take_picture (window, "results-empty");
  close_window (window);
}

int
main (int argc, char **argv)
{
  /* What a screen reader is told can be asked for. */
  g_setenv ("GTK_A11Y", "test", TRUE);
  if (!gui_test_init (&argc, &argv))
    return 0;

  pictures = g_getenv ("BAKEOFF_SCREENSHOTS") != NULL;
  g_test_add_func ("/results/keyboard", test_keyboard);
  g_test_add_func ("/results/numbers", test_numbers);
  g_test_add_func ("/results/files", test_files);
  g_test_add_func ("/results/comparison", test_comparison);
  g_test_add_func ("/results/filter", test_filter);
  g_test_add_func ("/results/accessible", test_accessible);
  g_test_add_func ("/results/large", test_large);
  g_test_add_func ("/results/failures", test_failures);
  g_test_add_func ("/results/pictures", test_pictures);
  return gui_test_run ();
}
