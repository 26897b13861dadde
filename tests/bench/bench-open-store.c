/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <time.h>

#include <glib/gstdio.h>

#include "bo-application.h"
#include "bo-study-window.h"
#include "findings/bo-findings.h"
#include "results/bo-results-page.h"
#include "results/bo-store.h"

/*
 * How long the main loop stands still while a study with a store of 10,000
 * trials is opened in the window, and while the page of results is
 * turned to. What stands still for longer than 16 ms is a frame that is missed.
 *
 * Painting is counted by itself: on a display that nobody sees the processor
 * paints, which a card for graphics does elsewhere.
 *
 * usage: bench-open-store [TRIALS]
 */

#define AIM_MS 16.0
#define N_STRATEGIES 40
#define N_CAMPAIGNS 10

static BoApplication *application;

/* By the clock, and of the processor: another program that wants it as well makes the first longer. */
typedef struct
{
  gint64 wall_us;
  gint64 cpu_us;
} Time;

static GPollFunc real_poll;
static Time busy_since;
static Time painting;
static Time painting_since;

/* Of the phase that is measured. */
static Time longest;
static Time longest_painting;
static guint n_long;

static Time
get_time (void)
{
  struct timespec cpu;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &cpu);
  return (Time) { g_get_monotonic_time (), (gint64) cpu.tv_sec * G_USEC_PER_SEC + cpu.tv_nsec / 1000 };
}

static Time
subtract (Time a, Time b)
{
  return (Time) { a.wall_us - b.wall_us, a.cpu_us - b.cpu_us };
}

static void
note_longest (Time *highest, Time time)
{
  highest->wall_us = MAX (highest->wall_us, time.wall_us);
  highest->cpu_us = MAX (highest->cpu_us, time.cpu_us);
}

static void
laid_out_cb (void)
{
  painting_since = get_time ();
}

static void
painted_cb (void)
{
  if (painting_since.wall_us > 0)
    painting = subtract (get_time (), painting_since);
  painting_since.wall_us = 0;
}

/* A frame is painted between its layout and what comes after. */
static void
watch (GtkWidget *window)
{
  GdkFrameClock *frame_clock;

  gtk_widget_realize (window);
  frame_clock = gtk_widget_get_frame_clock (window);
  g_signal_connect_after (frame_clock, "layout", G_CALLBACK (laid_out_cb), NULL);
  g_signal_connect (frame_clock, "after-paint", G_CALLBACK (painted_cb), NULL);
}

/* Between two polls the loop is busy with whatever there was to do. */
static int
poll_cb (GPollFD *fds, guint n, int timeout)
{
  int result;

  if (busy_since.wall_us > 0)
    {
      Time now = get_time ();
      Time busy = subtract (subtract (now, busy_since), painting);

      note_longest (&longest, busy);
      note_longest (&longest_painting, painting);
      n_long += busy.cpu_us > AIM_MS * 1000;
      if (busy.cpu_us > AIM_MS * 500 && g_getenv ("BAKEOFF_BENCH_STALLS") != NULL)
        g_print ("  %.1f ms: stall from %.6f to %.6f\n", busy.cpu_us / 1000.0, busy_since.wall_us / 1e6,
                 now.wall_us / 1e6);
    }
  painting = (Time) { 0, 0 };
  result = real_poll (fds, n, timeout);
  busy_since = get_time ();
  return result;
}

static void
begin (void)
{
  busy_since.wall_us = 0;
  longest = longest_painting = (Time) { 0, 0 };
  n_long = 0;
}

static void
report (const char *phase, gint64 since_us)
{
  g_print ("%-32s %6.0f ms; longest stall %6.1f ms, of the processor %6.1f ms%s, longer than %.0f ms: %2u; longest "
           "painting %6.1f ms\n",
           phase, (g_get_monotonic_time () - since_us) / 1000.0, longest.wall_us / 1000.0, longest.cpu_us / 1000.0,
           longest.cpu_us > AIM_MS * 1000 ? " (aim missed)" : "", AIM_MS, n_long, longest_painting.cpu_us / 1000.0);
}

static void
spin (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      {
        g_usleep (500);
        busy_since.wall_us = 0;
      }
}

static char *
make_study (void)
{
  GString *text = g_string_new ("{\"format\": 1, \"id\": \"large\", \"name\": \"Large\", \"baseline\": \"s0\", \"bases\": [");

  for (guint i = 0; i < 4; i++)
    g_string_append_printf (text, "%s{\"id\": \"b%u\", \"title\": \"Base image number %u\", \"image\": \"b:%u\"}",
                            i > 0 ? ", " : "", i, i, i);
  g_string_append (text, "], \"builders\": [\"classic\", \"buildkit\"], \"conditions\": [\"cold\", \"warm\", \"edited\"], "
                         "\"edit\": {\"path\": \"a\", \"append\": \"b\"}, \"strategies\": [");
  for (guint i = 0; i < N_STRATEGIES; i++)
    g_string_append_printf (text, "%s{\"id\": \"s%u\", \"title\": \"Strategy %u\", \"dockerfile\": \"Dockerfile\"}",
                            i > 0 ? ", " : "", i, i);
  g_string_append (text, "], \"probes\": [{\"kind\": \"cuda\"}, {\"kind\": \"workload\", \"command\": [\"true\"]}]}");
  return g_string_free (text, FALSE);
}

static void
add_steps (BoTrial *trial, guint number)
{
  for (guint i = 0; i < 12; i++)
    {
      BoStep *step = bo_step_new ();

      step->number = i + 1;
      step->total = 12;
      step->user_line = i * 2 + 1;
      step->instruction = g_strdup_printf ("RUN make part-%u OPTION=%u", i, number % N_STRATEGIES);
      step->start_us = trial->build_us / 12 * i;
      step->duration_us = trial->build_us / 13;
      step->cached = trial->cell->condition == BO_CONDITION_WARM;
      g_ptr_array_add (trial->steps, step);
    }
  trial->n_steps = 12;
}

static BoTrial *
make_trial (BoCampaign *campaign, guint number)
{
  BoTrial *trial = bo_trial_new ();
  BoPlannedTrial *planned = bo_planned_trial_new ();
  g_autofree char *strategy = g_strdup_printf ("s%u", number % N_STRATEGIES);
  g_autofree char *base = g_strdup_printf ("b%u", number / N_STRATEGIES % 4);
  BoProbeResult *cuda = bo_probe_result_new (BO_PROBE_CUDA);

  trial->id = g_strdup_printf ("%s.%u", campaign->id, campaign->trials->len + 1);
  trial->campaign = g_strdup (campaign->id);
  trial->cell = bo_cell_new (strategy, base, (BoBuilder) (number / (4 * N_STRATEGIES) % 2),
                             number / (8 * N_STRATEGIES) % 3 == 0   ? BO_CONDITION_COLD
                             : number / (8 * N_STRATEGIES) % 3 == 1 ? BO_CONDITION_WARM
                                                                    : BO_CONDITION_EDITED);
  trial->chain = g_strdup_printf ("%s/%s", strategy, base);
  trial->repetition = 1 + number / (24 * N_STRATEGIES);
  trial->started_us = campaign->created_us + (gint64) campaign->trials->len * G_USEC_PER_SEC;
  trial->failed_step = -1;
  trial->context_bytes = 1000;
  trial->outcome = number % 29 == 0 ? BO_OUTCOME_FAILED : BO_OUTCOME_SUCCEEDED;
  trial->build_us = trial->outcome == BO_OUTCOME_SUCCEEDED ? (gint64) (60 + number % 977) * G_USEC_PER_SEC : -1;
  trial->elapsed_us = trial->outcome == BO_OUTCOME_FAILED ? (gint64) (number % 97) * G_USEC_PER_SEC : -1;
  if (trial->outcome == BO_OUTCOME_SUCCEEDED)
    {
      add_steps (trial, number);
      trial->image = bo_image_new ();
      trial->image->id = g_strdup_printf ("sha256:%u", number);
      trial->image->size = (gint64) (3000 + number % 700) * 1000 * 1000;
      trial->image->added_size = (gint64) (number % 700) * 1000 * 1000;
      cuda->verdict = BO_VERDICT_YES;
      cuda->level = g_strdup ("kernel");
    }
  else
    trial->reason = g_strdup ("The command returned a non-zero code: 1");
  g_ptr_array_add (trial->probes, cuda);
  planned->id = g_strdup (trial->id);
  planned->cell = bo_cell_copy (trial->cell);
  planned->chain = g_strdup (trial->chain);
  planned->repetition = trial->repetition;
  planned->context_bytes = trial->context_bytes;
  g_ptr_array_add (campaign->trials, planned);
  return trial;
}

static void
fill_store (const char *file, const char *study, guint n)
{
  g_autofree char *path = bo_store_get_default_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = NULL;
  guint number = 0;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  store = bo_store_open_sync (path, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_CAMPAIGNS; i++)
    {
      g_autoptr (BoCampaign) campaign = bo_campaign_new ();
      g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);

      campaign->id = g_strdup_printf ("202611%02u-061200-3fa9", i + 1);
      campaign->study_id = g_strdup ("large");
      campaign->study_name = g_strdup ("Large");
      campaign->study_file = g_strdup (file);
      campaign->study_text = g_strdup (study);
      campaign->language = g_strdup ("en");
      campaign->created_us = G_GINT64_CONSTANT (1793500720000000) + (gint64) i * G_TIME_SPAN_DAY;
      campaign->device_url = g_strdup ("ssh://baker@orin.local");
      campaign->device_facts = g_strdup ("{\"name\":\"orin\"}");
      campaign->state = BO_CAMPAIGN_FINISHED;
      for (guint k = 0; k < n / N_CAMPAIGNS; k++)
        g_ptr_array_add (trials, make_trial (campaign, number++));
      g_assert_true (bo_store_add_campaign_sync (store, campaign, &error));
      for (guint k = 0; k < trials->len; k++)
        g_assert_true (bo_store_save_trial_sync (store, g_ptr_array_index (trials, k), &error));
      g_assert_true (bo_store_set_campaign_state_sync (store, campaign->id, BO_CAMPAIGN_FINISHED, &error));
    }
  bo_store_close_sync (store);
}

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

static void
scroll (BoResultsPage *page)
{
  GtkWidget *card = GTK_WIDGET (bo_results_page_get_card (page, BO_RESULTS_BUILD_TIME));
  GtkWidget *scrolled = gtk_widget_get_ancestor (card, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));

  for (guint i = 0; i <= 20; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * i / 20);
      spin (50);
    }
}

static void
run (const char *file_name)
{
  g_autoptr (GFile) file = g_file_new_for_path (file_name);
  GtkWidget *window;
  BoResultsPage *page;
  gint64 start;

  /* The window without results first, so that fonts and styles are loaded. */
  g_application_activate (G_APPLICATION (application));
  spin (1500);

  start = g_get_monotonic_time ();
  begin ();
  bo_application_open_study (application, file);
  window = GTK_WIDGET (gtk_application_get_active_window (GTK_APPLICATION (application)));
  watch (window);
  while (bo_study_window_is_loading (BO_STUDY_WINDOW (window)))
    spin (20);
  report ("open, until the matrix is shown", start);
  page = find_page (window);
  start = g_get_monotonic_time ();
  begin ();
  while (!bo_results_page_is_ready (page))
    spin (20);
  spin (300);
  report ("results made in the background", start);
  start = g_get_monotonic_time ();
  begin ();
  gtk_widget_activate_action (window, "win.page", "s", "results");
  spin (500);
  while (!bo_results_page_is_ready (page))
    spin (20);
  report ("turn to the results", start);
  start = g_get_monotonic_time ();
  begin ();
  scroll (page);
  report ("scroll through them", start);
  start = g_get_monotonic_time ();
  begin ();
  gtk_widget_activate_action (GTK_WIDGET (page), "results.base", "s", "b1");
  spin (300);
  while (!bo_results_page_is_ready (page))
    spin (20);
  report ("one base image alone", start);
  start = g_get_monotonic_time ();
  begin ();
  bo_chart_card_show_table (bo_results_page_get_card (page, BO_RESULTS_BUILD_TIME), TRUE);
  spin (500);
  report ("show a table", start);
  start = g_get_monotonic_time ();
  begin ();
  gtk_widget_activate_action (window, "win.reload", NULL);
  while (bo_study_window_is_loading (BO_STUDY_WINDOW (window)) || !bo_results_page_is_ready (page))
    spin (20);
  spin (300);
  report ("read it all again", start);
  start = g_get_monotonic_time ();
  begin ();
  gtk_window_destroy (GTK_WINDOW (window));
  spin (300);
  report ("close the window", start);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  static const char *const homes[] = { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME" };
  guint n = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 10000;
  g_autofree char *home = g_dir_make_tmp ("bakeoff-bench-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (home, "bakeoff.json", NULL);
  g_autofree char *dockerfile = g_build_filename (home, "Dockerfile", NULL);
  g_autofree char *edited = g_build_filename (home, "a", NULL);
  g_autofree char *study = make_study ();

  for (guint i = 0; i < G_N_ELEMENTS (homes); i++)
    g_setenv (homes[i], home, TRUE);
  if (!gtk_init_check ())
    {
      g_print ("skipped: no display\n");
      remove_folder (home);
      return 77;
    }
  g_assert_true (g_file_set_contents (file, study, -1, NULL));
  g_assert_true (g_file_set_contents (dockerfile, "FROM scratch\n", -1, NULL));
  g_assert_true (g_file_set_contents (edited, "", -1, NULL));
  fill_store (file, study, n);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE);
  application = bo_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_application_register (G_APPLICATION (application), NULL, NULL);
  real_poll = g_main_context_get_poll_func (NULL);
  g_main_context_set_poll_func (NULL, poll_cb);
  g_print ("%u trials of %u strategies\n", n, N_STRATEGIES);
  run (file);
  remove_folder (home);
  return 0;
}
