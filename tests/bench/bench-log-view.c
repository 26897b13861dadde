/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include <adwaita.h>

#include "../unit/written-log.h"
#include "activity/bo-log-view.h"
#include "bo-application.h"
#include "journal/bo-journal-follow.h"
#include "journal/bo-recorder.h"

/*
 * What the log of a build costs:
 *
 *  - how long the main loop is held at most while lines pour in for 20 seconds, from another process that
 *    writes a journal; the main loop also does what a session's runner does with each of them;
 *  - how long a stored log of a million lines takes to open, and how much memory the program has then.
 *
 * Prints one line for each number. `bench-log-view [SECONDS [LINES-A-SECOND]]`; it needs a display.
 */

#define TICK_US 10000
#define LINES_A_MESSAGE 25

static BoApplication *application;

/* --- lines --- */

static void
append_line (GString *out, guint i)
{
  g_autofree char *line = NULL;

  if (i % 40 == 0)
    line = g_strdup_printf ("\033[32m✔\033[0m Built wheel %u of the collected packages: sphn, silentcipher\n", i);
  else if (i % 997 == 0)
    line = g_strdup_printf ("src/module_%u.cpp:12:3: warning: unused variable 'x' [-Wunused-variable]\n", i);
  else
    line = g_strdup_printf ("[%7u/1000000] Building CXX object third_party/torch/CMakeFiles/torch_cpu.dir/file%u.cpp.o\n", i, i);
  written_log_append (out, line);
}

static void
begin_log (WrittenLog *log)
{
  written_log_begin_build (log, 1);
  written_log_step (log, 1, 3, "FROM nvcr.io/nvidia/l4t-pytorch:r36.2.0");
  written_log_step (log, 2, 3, "RUN apt-get update && apt-get install -y cmake");
  written_log_say (log, "done\n");
  written_log_step (log, 3, 3, "RUN pip install torch");
}

static void
write_lines (WrittenLog *log, guint first, guint n)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      append_line (out, first + i);
      if ((i + 1) % LINES_A_MESSAGE == 0 || i + 1 == n)
        {
          written_log_data (log, out->str, out->len);
          g_string_truncate (out, 0);
        }
    }
}

/* Another process, so that its work is not counted as ours. */
static pid_t
start_writer (const char *folder, guint seconds, guint rate, int *go)
{
  int ends[2];
  pid_t pid;

  g_assert_cmpint (pipe (ends), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      WrittenLog log;
      gint64 begin_us;
      guint done = 0;
      char byte;

      close (ends[1]);
      written_log_init (&log, folder, 1, BO_BUILDER_CLASSIC);
      begin_log (&log);
      if (read (ends[0], &byte, 1) != 1)
        _exit (1);
      begin_us = g_get_monotonic_time ();
      while (done < seconds * rate)
        {
          guint due = (guint) MIN ((g_get_monotonic_time () - begin_us) * rate / G_USEC_PER_SEC,
                                   (gint64) seconds * rate);

          write_lines (&log, done, due - done);
          done = due;
          g_usleep (TICK_US);
        }
      written_log_end_build (&log, "The command returned a non-zero code: 2");
      written_log_end (&log);
      _exit (0);
    }
  close (ends[0]);
  *go = ends[1];
  return pid;
}

/* --- how long the main loop is held --- */

typedef struct
{
  GMutex lock;
  GCond cond;
  gboolean answered;
  gboolean stop;
  clockid_t clock; /* CPU time of the main thread */
  GArray *stalls;  /* of gint64: how long each question waited */
  GArray *busy;    /* of gint64: what the main thread worked meanwhile */
  GArray *fair;    /* of gint64: how long it would have waited had the main thread never had to wait for a processor */
} Probe;

static gint64
get_cpu_us (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* How long the main thread was ready to run, and others ran; by the scheduler's own count. */
static gint64
get_queued_us (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/schedstat", (int) getpid ());
  g_autofree char *text = NULL;
  const char *second;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (second = strchr (text, ' ')) == NULL)
    return 0;
  return g_ascii_strtoll (second, NULL, 10) / 1000;
}

static gboolean
answer_cb (gpointer user_data)
{
  Probe *probe = user_data;

  g_mutex_lock (&probe->lock);
  probe->answered = TRUE;
  g_cond_signal (&probe->cond);
  g_mutex_unlock (&probe->lock);
  return G_SOURCE_REMOVE;
}

/* Asks the main loop again and again to answer, before everything else. */
static gpointer
probe_thread (gpointer user_data)
{
  Probe *probe = user_data;
  gboolean stop = FALSE;

  while (!stop)
    {
      gint64 asked_us = g_get_monotonic_time ();
      gint64 cpu_us = get_cpu_us (probe->clock);
      gint64 queued_us = get_queued_us ();
      gint64 waited_us;

      g_mutex_lock (&probe->lock);
      probe->answered = FALSE;
      g_mutex_unlock (&probe->lock);
      g_main_context_invoke_full (NULL, -1000, answer_cb, probe, NULL);
      g_mutex_lock (&probe->lock);
      while (!probe->answered)
        g_cond_wait (&probe->cond, &probe->lock);
      stop = probe->stop;
      g_mutex_unlock (&probe->lock);
      waited_us = g_get_monotonic_time () - asked_us;
      cpu_us = get_cpu_us (probe->clock) - cpu_us;
      g_array_append_val (probe->stalls, waited_us);
      g_array_append_val (probe->busy, cpu_us);
      queued_us = MAX (waited_us - (get_queued_us () - queued_us), 0);
      g_array_append_val (probe->fair, queued_us);
      g_usleep (500);
    }
  return NULL;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static void
print_times (const char *name, GArray *times)
{
  guint over = 0;

  g_array_sort (times, compare_times);
  for (guint i = 0; i < times->len; i++)
    over += g_array_index (times, gint64, i) > 16000;
  g_print ("%s: longest %.1f ms, 99.9 %% below %.1f ms, 99 %% below %.1f ms, over 16 ms %u of %u\n", name,
           (double) g_array_index (times, gint64, times->len - 1) / 1000,
           (double) g_array_index (times, gint64, times->len * 999 / 1000) / 1000,
           (double) g_array_index (times, gint64, times->len * 99 / 100) / 1000, over, times->len);
}

/* --- memory --- */

static void
print_memory (const char *when)
{
  g_autofree char *status = NULL;
  g_autofree char *rollup = NULL;
  const char *rss = NULL;
  const char *pss = NULL;
  const char *anonymous = NULL;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    rss = strstr (status, "VmRSS:");
  if (g_file_get_contents ("/proc/self/smaps_rollup", &rollup, NULL, NULL))
    {
      pss = strstr (rollup, "Pss:");
      anonymous = strstr (rollup, "Private_Dirty:");
    }
  g_print ("memory %s: resident %.1f MB, proportional %.1f MB, own %.1f MB\n", when,
           rss != NULL ? (double) g_ascii_strtoll (rss + 6, NULL, 10) / 1024 : 0,
           pss != NULL ? (double) g_ascii_strtoll (pss + 4, NULL, 10) / 1024 : 0,
           anonymous != NULL ? (double) g_ascii_strtoll (anonymous + 14, NULL, 10) / 1024 : 0);
}

/* --- the window --- */

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_ms (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static BoLogView *
open_window (GtkWindow **window)
{
  BoLogView *view;

  application = bo_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  *window = GTK_WINDOW (adw_application_window_new (GTK_APPLICATION (application)));
  view = bo_log_view_new ();
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (*window), GTK_WIDGET (view));
  gtk_window_set_default_size (*window, 1280, 800);
  gtk_window_present (*window);
  wait_ms (1000);
  return view;
}

typedef struct
{
  BoRecorder *recorder;
  gboolean ended;
} Runner;

static void
follow_cb (BoJournalFollow *follow, const BoJournalMessage *message, const GError *error, gpointer user_data)
{
  Runner *runner = user_data;

  if (message == NULL)
    return;
  bo_recorder_feed (runner->recorder, message);
  runner->ended = runner->ended || message->type == BO_JOURNAL_END;
}

static void
measure_live (const char *folder, pid_t writer, int go)
{
  g_autoptr (BoCampaign) campaign = written_log_make_campaign (1, BO_BUILDER_CLASSIC);
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);
  g_autoptr (BoJournalFollow) follow = NULL;
  Runner runner = { .recorder = bo_recorder_new (campaign) };
  Probe probe = { 0 };
  GtkWindow *window;
  BoLogView *view = open_window (&window);
  GThread *thread;
  gint64 cpu_us;
  gint64 begin_us;
  gint64 longest_behind_us = 0;

  print_memory ("of the empty window");
  g_mutex_init (&probe.lock);
  g_cond_init (&probe.cond);
  probe.stalls = g_array_new (FALSE, FALSE, sizeof (gint64));
  probe.busy = g_array_new (FALSE, FALSE, sizeof (gint64));
  probe.fair = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_assert_cmpint (pthread_getcpuclockid (pthread_self (), &probe.clock), ==, 0);

  bo_log_view_show_folder (view, folder, campaign, "c.1", TRUE);
  follow = bo_journal_follow_new (bo_journal_reader_new (journal), follow_cb, &runner, NULL);
  wait_ms (500);

  thread = g_thread_new ("probe", probe_thread, &probe);
  cpu_us = get_cpu_us (probe.clock);
  begin_us = g_get_monotonic_time ();
  g_assert_cmpint (write (go, "", 1), ==, 1);
  while (waitpid (writer, NULL, WNOHANG) == 0)
    {
      wait_ms (100);
      g_assert_true (bo_log_list_get_following (bo_log_view_get_list (view))
                     || bo_log_view_get_state (view) == BO_LOG_COMPLETE);
    }
  longest_behind_us = g_get_monotonic_time ();
  while (bo_log_view_get_state (view) != BO_LOG_COMPLETE || !runner.ended)
    g_main_context_iteration (NULL, TRUE);
  longest_behind_us = g_get_monotonic_time () - longest_behind_us;
  g_mutex_lock (&probe.lock);
  probe.stop = TRUE;
  g_mutex_unlock (&probe.lock);
  wait_ms (50);
  cpu_us = get_cpu_us (probe.clock) - cpu_us;
  begin_us = g_get_monotonic_time () - begin_us;
  g_thread_join (thread);

  g_print ("lines that came: %" G_GUINT64_FORMAT " in %.1f s; after the last was written all were seen within %.0f ms\n",
           bo_log_list_get_shape (bo_log_view_get_list (view))->n_lines, (double) begin_us / G_USEC_PER_SEC,
           (double) longest_behind_us / 1000);
  print_times ("main loop held, by the clock", probe.stalls);
  print_times ("the same without waiting for a processor", probe.fair);
  print_times ("the main thread's own work meanwhile", probe.busy);
  g_print ("main thread: %.0f %% of a processor\n", (double) cpu_us * 100 / (double) begin_us);
  print_memory ("after they came");
  gtk_window_destroy (window);
  g_clear_object (&follow);
  bo_recorder_free (runner.recorder);
}

static void
measure_stored (const char *folder)
{
  g_autoptr (BoCampaign) campaign = written_log_make_campaign (1, BO_BUILDER_CLASSIC);
  GtkWindow *window;
  BoLogView *view = open_window (&window);
  BoLogList *list = bo_log_view_get_list (view);
  gint64 begin_us;
  gint64 first_us = 0;

  print_memory ("of the empty window");
  begin_us = g_get_monotonic_time ();
  bo_log_view_show_folder (view, folder, campaign, "c.1", FALSE);
  while (bo_log_view_get_state (view) != BO_LOG_COMPLETE)
    {
      g_main_context_iteration (NULL, TRUE);
      if (first_us == 0 && bo_log_list_count_widgets (list) > 10)
        first_us = g_get_monotonic_time () - begin_us;
    }
  g_print ("stored log of %" G_GUINT64_FORMAT " lines: first lines seen after %.0f ms, all there after %.1f s\n",
           bo_log_list_get_shape (list)->n_lines, (double) first_us / 1000,
           (double) (g_get_monotonic_time () - begin_us) / G_USEC_PER_SEC);
  wait_ms (1000);
  print_memory ("with the stored log");
  gtk_window_destroy (window);
}

int
main (int argc, char **argv)
{
  guint seconds = argc > 1 ? (guint) atoi (argv[1]) : 20;
  guint rate = argc > 2 ? (guint) atoi (argv[2]) : 50000;
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  int status;
  pid_t writer;
  int go;

  setvbuf (stdout, NULL, _IOLBF, 0);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  if (argc == 3 && g_str_equal (argv[1], "--open"))
    {
      if (!gtk_init_check ())
        return 77;
      measure_stored (argv[2]);
      return 0;
    }

  folder = g_dir_make_tmp ("bakeoff-bench-XXXXXX", &error);
  g_assert_no_error (error);
  writer = start_writer (folder, seconds, rate, &go);
  if (!gtk_init_check ())
    {
      g_print ("skipped: no display\n");
      kill (writer, SIGTERM);
      waitpid (writer, NULL, 0);
      written_log_remove_folder (folder);
      return 77;
    }
  measure_live (folder, writer, go);
  /* In a program of its own, for the memory that the first part used stays with this one. */
  {
    const char *const again[] = { argv[0], "--open", folder, NULL };

    g_spawn_sync (NULL, (char **) again, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, &status, &error);
    g_assert_no_error (error);
  }
  written_log_remove_folder (folder);
  return g_spawn_check_wait_status (status, NULL) ? 0 : 1;
}
