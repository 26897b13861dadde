/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "../unit/written-log.h"
#include "bench/bo-queue.h"
#include "engine/bo-engine-error.h"
#include "gui-test.h"
#include "sample-results.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define WALL_US G_GINT64_CONSTANT (1764000000000000)

/* Only for somebody who looks at them: they take their time. */
static void
show_pictures (GtkWindow *window, const char *name)
{
  if (g_getenv ("BAKEOFF_SCREENSHOTS") != NULL)
    take_pictures (window, name);
}

/* --- A campaign that runs, told by a journal made by hand ----------------------------------- */

typedef struct
{
  GtkWindow *window;
  BoActivityPage *page;
  BoStore *store;
  BoStudy *study;
  BoCampaign *campaign;
  BoRecorder *recorder;
  GHashTable *estimates;
  WrittenLog log;
  GStrv order;
  char *removed;
  guint64 number;
  guint32 request;
  gint64 mono_us;
} Fixture;

static void
add_planned (Fixture *f, const char *strategy, const char *chain, BoCondition condition, const char *const *steps)
{
  BoPlannedTrial *planned = bo_planned_trial_new ();
  BoEstimate *estimate = g_new0 (BoEstimate, 1);

  planned->id = g_strdup_printf ("c.%u", f->campaign->trials->len + 1);
  planned->cell = bo_cell_new (strategy, "devel", BO_BUILDER_CLASSIC, condition);
  planned->chain = g_strdup (chain);
  planned->repetition = 1;
  for (guint i = 0; steps != NULL && steps[i] != NULL; i++)
    {
      BoStepMap *map = bo_step_map_new ();

      map->number = i + 1;
      map->user_line = i + 1;
      map->instruction = g_strdup (steps[i]);
      g_ptr_array_add (planned->steps, map);
    }
  g_ptr_array_add (f->campaign->trials, planned);
  estimate->build_us = 600 * SECOND;
  estimate->overhead_us = 60 * SECOND;
  g_hash_table_replace (f->estimates, bo_estimate_get_key (planned), estimate);
}

static void
changed_cb (BoRecorder *recorder, const BoChange *change, gpointer user_data)
{
  bo_activity_page_take_change (((Fixture *) user_data)->page, change);
}

static void
say (Fixture *f, BoJournalType type, guint32 request, const char *text)
{
  g_autofree char *copy = g_strdup (text);
  BoJournalMessage message = {
    .type = type,
    .number = ++f->number,
    .wall_us = WALL_US + f->mono_us,
    .monotonic_us = f->mono_us,
    .request = request,
    .payload = copy,
    .length = strlen (copy),
  };

  bo_recorder_feed (f->recorder, &message);
}

static void
say_stream (Fixture *f, const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  written_log_append (out, text);
  say (f, BO_JOURNAL_DATA, f->request, out->str);
}

static void
say_step (Fixture *f, guint number, guint total, const char *instruction)
{
  g_autofree char *text = g_strdup_printf ("Step %u/%u : %s", number, total, instruction);

  say_stream (f, text);
  say_stream (f, "\n");
}

static void
say_telemetry (Fixture *f, guint i)
{
  g_autofree char *text = g_strdup_printf (
    "memory 7990000000 %u\nswap 3990000000 %u\npaging %u 100\ncpu %u %u 6\ngpu %u\ndisk 250000000000 %" G_GUINT64_FORMAT
    "\ntemperature cpu-thermal %u\ntemperature gpu-thermal 51000\npower VDD_IN %u\n",
    3990000000u - i * 3000000u, 3500000000u - i * 300000u, i / 4, i * 570, i * 600, (i * 37) % 900,
    G_GUINT64_CONSTANT (120000000000) - i * 90000000u, 48000 + i * 25, 9000 + (i * 731) % 6000);

  say (f, BO_JOURNAL_TELEMETRY, 0, text);
}

static void
begin_build (Fixture *f, guint trial)
{
  g_autofree char *about = g_strdup_printf ("{\"trial\":\"c.%u\",\"role\":\"build\"}", trial);

  say (f, BO_JOURNAL_REQUEST, ++f->request, about);
  say (f, BO_JOURNAL_SENT, f->request, "4096");
  say (f, BO_JOURNAL_HEAD, f->request, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
}

/* Ends the build, and what looks at how the engine does afterwards. */
static void
end_build (Fixture *f, guint trial)
{
  g_autofree char *about = g_strdup_printf ("{\"trial\":\"c.%u\",\"role\":\"settle\"}", trial);

  say (f, BO_JOURNAL_DONE, f->request, "ok 200");
  say (f, BO_JOURNAL_REQUEST, ++f->request, about);
  say (f, BO_JOURNAL_NOTE, f->request, "settle held");
  say (f, BO_JOURNAL_DONE, f->request, "ok");
}

static BoActivityState *
make_state (Fixture *f)
{
  BoActivityState *state = bo_activity_state_new ();

  state->study = bo_study_ref (f->study);
  state->store = g_object_ref (f->store);
  state->recorder = f->recorder;
  state->estimates = g_hash_table_ref (f->estimates);
  state->order = f->order != NULL ? g_strjoinv ("\n", f->order) : NULL;
  state->device = g_strdup ("orin-nano");
  state->is_running = TRUE;
  state->is_unfinished = TRUE;
  state->on_device = TRUE;
  state->stage = BO_SESSION_PLAYING;
  bo_activity_state_set_campaign (state, f->campaign, bo_recorder_get_trials (f->recorder));
  return state;
}

static void
order_cb (BoQueueView *queue, GStrv chains, const char *removed, gpointer user_data)
{
  Fixture *f = user_data;

  g_strfreev (f->order);
  f->order = g_strdupv (chains);
  g_free (f->removed);
  f->removed = g_strdup (removed);
  bo_activity_page_set_state (f->page, make_state (f));
}

static const char *const first_steps[] = {
  "FROM nvcr.io/nvidia/l4t-pytorch:r36.2.0", "RUN apt-get update && apt-get install --yes git ffmpeg cmake libsndfile1",
  "COPY requirements.txt /tmp/", "RUN pip install --no-cache-dir torchaudio==2.6.0",
  "RUN pip install --no-cache-dir torchao torchtune",
  "RUN git clone --depth 1 https://github.example/csm && cd csm && pip install --no-cache-dir .", "COPY src /app/src",
  "WORKDIR /app", NULL,
};

static void
write_log (Fixture *f)
{
  g_autofree char *folder = bo_store_get_campaign_folder (f->store, "c");

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  written_log_init (&f->log, folder, 4, BO_BUILDER_CLASSIC);
  written_log_begin_build (&f->log, 2);
  for (guint i = 0; i < 6; i++)
    {
      written_log_step (&f->log, i + 1, 8, first_steps[i]);
      for (guint k = 0; i != 2 && k < 4; k++)
        {
          g_autofree char *line = g_strdup_printf ("Building wheel for package-%u (pyproject.toml): still running...\n", k);

          written_log_say (&f->log, line);
        }
    }
  written_log_say (&f->log, "\033[33mwarning: unused import: std::io::Write\033[0m\n");
  written_log_say (&f->log, "Compiling audiopus_sys v0.2.2\n");
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *file = sample_get_file ();
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (GError) error = NULL;
  GtkWidget *overlay = adw_toast_overlay_new ();
  guint n_samples = 0;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    sample_fill_store ();
  f->store = bo_store_open_sync (path, &error);
  g_assert_no_error (error);
  f->study = bo_study_load (file, NULL, problems);
  g_assert_nonnull (f->study);
  f->estimates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  f->campaign = bo_campaign_new ();
  f->campaign->id = g_strdup ("c");
  f->campaign->study_id = g_strdup ("audiobook");
  f->campaign->repetitions = 3;
  f->campaign->created_us = WALL_US;
  add_planned (f, "pypi-wheels", "c1", BO_CONDITION_COLD, NULL);
  add_planned (f, "multi-stage", "c2", BO_CONDITION_COLD, first_steps);
  add_planned (f, "multi-stage", "c2", BO_CONDITION_WARM, first_steps);
  add_planned (f, "original", "c3", BO_CONDITION_COLD, first_steps);
  add_planned (f, "original", "c3", BO_CONDITION_EDITED, first_steps);
  add_planned (f, "prebuilt", "c4", BO_CONDITION_COLD, NULL);
  add_planned (f, "minimal", "c5", BO_CONDITION_COLD, NULL);
  f->recorder = bo_recorder_new (f->campaign);
  bo_recorder_set_func (f->recorder, changed_cb, f, NULL);
  write_log (f);

  f->window = GTK_WINDOW (adw_application_window_new (GTK_APPLICATION (application)));
  f->page = g_object_new (BO_TYPE_ACTIVITY_PAGE, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (overlay), GTK_WIDGET (f->page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (f->window), overlay);
  g_signal_connect (bo_activity_page_get_queue (f->page), "order", G_CALLBACK (order_cb), f);
  gtk_window_set_default_size (f->window, 1200, 760);

  /* What began a while ago, so that the clock is well under way. */
  f->mono_us = g_get_monotonic_time () - 760 * SECOND;
  say (f, BO_JOURNAL_START, 0, "begin");
  begin_build (f, 1);
  say_step (f, 1, 3, "FROM nvcr.io/nvidia/l4t-pytorch:r36.2.0");
  say_stream (f, " ---> aaaaaaaaaaaa\n");
  say_step (f, 2, 3, "RUN pip install -r requirements.txt");
  f->mono_us += 112 * SECOND;
  say (f, BO_JOURNAL_DATA, f->request,
       "{\"errorDetail\":{\"code\":1,\"message\":\"The command '/bin/sh -c pip install' returned a non-zero code: 1\"},"
       "\"error\":\"The command '/bin/sh -c pip install' returned a non-zero code: 1\"}\r\n");
  end_build (f, 1);
  begin_build (f, 2);
  gtk_window_present (f->window);
  bo_activity_page_set_state (f->page, make_state (f));
  for (guint i = 0; i < 6; i++)
    {
      const guint seconds[] = { 0, 108, 2, 140, 301, 90 };

      say_step (f, i + 1, 8, first_steps[i]);
      if (i == 0)
        say_stream (f, " ---> aaaaaaaaaaaa\n");
      if (seconds[i] > 0)
        say_stream (f, " ---> Running in cccccccccccc\n");
      for (guint k = 0; k < seconds[i]; k++)
        {
          f->mono_us += SECOND;
          say_telemetry (f, ++n_samples);
        }
      if (i > 0 && i < 5)
        {
          say_stream (f, "Removing intermediate container cccccccccccc\n");
          say_stream (f, " ---> bbbbbbbbbbbb\n");
        }
    }
  bo_activity_page_set_state (f->page, make_state (f));
  wait_ms (400);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_window (f->window);
  bo_recorder_free (f->recorder);
  written_log_clear (&f->log);
  bo_campaign_unref (f->campaign);
  g_hash_table_unref (f->estimates);
  bo_study_unref (f->study);
  bo_store_close_sync (f->store);
  g_object_unref (f->store);
  g_strfreev (f->order);
  g_free (f->removed);
}

/* The rows' keys, in order. */
static char *
list_rows (BoQueueView *queue)
{
  GListModel *model = bo_queue_view_get_model (queue);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (BoQueueItem) item = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", bo_queue_item_get_key (item));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define assert_rows(queue, expected) \
  G_STMT_START { g_autofree char *rows_ = list_rows (queue); g_assert_cmpstr (rows_, ==, expected); } G_STMT_END

static BoStepState
get_step_state (Fixture *f, guint index)
{
  GListModel *model = bo_step_list_get_model (bo_trial_view_get_steps (bo_activity_page_get_trial_view (f->page)));
  g_autoptr (BoStepItem) item = g_list_model_get_item (model, index);

  g_assert_nonnull (item);
  return bo_step_item_get_state (item);
}

static void
test_running (Fixture *f, gconstpointer data)
{
  BoQueueView *queue = bo_activity_page_get_queue (f->page);
  BoTrialView *trial = bo_activity_page_get_trial_view (f->page);
  BoQueueItem *item = bo_queue_view_get_selected (queue);

  assert_rows (queue, "heading:queue run:c.2 chain:c3 chain:c4 chain:c5 heading:done done:c.1");
  /* What runs is selected and shown. */
  g_assert_cmpstr (bo_queue_item_get_key (item), ==, "run:c.2");
  g_assert_cmpstr (bo_trial_view_get_trial (trial), ==, "c.2");
  g_assert_cmpstr (bo_queue_item_get_title (item), ==, "Multi-stage");
  g_assert_true (g_str_has_prefix (bo_queue_view_get_heading (queue), "1 of 7 · "));
  /* Six have begun, of which the last runs; two are still to come. */
  g_assert_cmpint (get_step_state (f, 1), ==, BO_STEP_DONE);
  g_assert_cmpint (get_step_state (f, 4), ==, BO_STEP_SLOWEST);
  g_assert_cmpint (get_step_state (f, 5), ==, BO_STEP_RUNNING);
  g_assert_cmpint (get_step_state (f, 7), ==, BO_STEP_TO_COME);
  /* Memory, swap, temperature, CPU, GPU, power, disk. */
  g_assert_cmpuint (bo_machine_view_count_cards (bo_trial_view_get_machine (trial)), ==, 7);
  take_pictures (f->window, "activity-running");
  set_size (f->window, 1200, 760);

  /* The next one is followed. */
  say_stream (f, "Removing intermediate container cccccccccccc\n");
  say_stream (f, " ---> bbbbbbbbbbbb\n");
  say_step (f, 7, 8, first_steps[6]);
  say_stream (f, "Successfully built 0123456789ab\n");
  end_build (f, 2);
  begin_build (f, 3);
  bo_activity_page_set_state (f->page, make_state (f));
  g_assert_cmpstr (bo_trial_view_get_trial (trial), ==, "c.3");
  /* Whoever looks at another one stays there. */
  g_assert_true (bo_queue_view_select_trial (queue, "c.1"));
  g_assert_cmpstr (bo_trial_view_get_trial (trial), ==, "c.1");
  bo_activity_page_set_state (f->page, make_state (f));
  g_assert_cmpstr (bo_trial_view_get_trial (trial), ==, "c.1");
  g_assert_cmpint (get_step_state (f, 1), ==, BO_STEP_FAILED);
  wait_ms (300);
  show_pictures (f->window, "activity-failed");
  bo_queue_view_follow (queue);
  g_assert_cmpstr (bo_trial_view_get_trial (trial), ==, "c.3");
  wait_ms (200);
}

static void
test_order (Fixture *f, gconstpointer data)
{
  BoQueueView *queue = bo_activity_page_get_queue (f->page);
  BoActivityState *state;

  g_assert_true (bo_queue_view_select_trial (queue, "c.6"));
  gtk_widget_activate_action (GTK_WIDGET (queue), "queue.first", NULL);
  assert_rows (queue, "heading:queue run:c.2 chain:c4 chain:c3 chain:c5 heading:done done:c.1");
  /* It is still the same one that is selected. */
  gtk_widget_activate_action (GTK_WIDGET (queue), "queue.down", NULL);
  assert_rows (queue, "heading:queue run:c.2 chain:c3 chain:c4 chain:c5 heading:done done:c.1");
  gtk_widget_activate_action (GTK_WIDGET (queue), "queue.remove", NULL);
  assert_rows (queue, "heading:queue run:c.2 chain:c3 chain:c5 heading:removed removed:c4 heading:done done:c.1");
  g_assert_cmpstr (f->removed, ==, "c4");
  wait_ms (200);
  take_picture (GTK_WIDGET (f->window), "activity-removed");
  bo_queue_view_restore (queue, "c4", 1);
  assert_rows (queue, "heading:queue run:c.2 chain:c3 chain:c4 chain:c5 heading:done done:c.1");
  g_assert_true (bo_queue_view_select_trial (queue, "c.6"));
  gtk_widget_activate_action (GTK_WIDGET (queue), "queue.remove", NULL);
  g_assert_true (bo_queue_view_select_trial (queue, "c.6"));
  gtk_widget_activate_action (GTK_WIDGET (queue), "queue.restore", NULL);
  assert_rows (queue, "heading:queue run:c.2 chain:c3 chain:c5 chain:c4 heading:done done:c.1");

  /* Nobody would hear of another order any more. */
  state = make_state (f);
  state->stage = BO_SESSION_CLOSING;
  bo_activity_page_set_state (f->page, state);
  g_clear_pointer (&f->removed, g_free);
  gtk_widget_activate_action (GTK_WIDGET (queue), "queue.remove", NULL);
  bo_queue_view_restore (queue, "c9", 0);
  assert_rows (queue, "session heading:queue run:c.2 chain:c3 chain:c5 chain:c4 heading:done done:c.1");
  g_assert_null (f->removed);
  bo_activity_page_set_state (f->page, make_state (f));

  if (!can_press ())
    return;
  g_assert_true (bo_queue_view_select_trial (queue, "c.4"));
  gtk_widget_child_focus (GTK_WIDGET (queue), GTK_DIR_TAB_FORWARD);
  press (f->window, "ctrl+Down");
  assert_rows (queue, "heading:queue run:c.2 chain:c5 chain:c3 chain:c4 heading:done done:c.1");
  press (f->window, "ctrl+Down");
  press (f->window, "ctrl+Up ctrl+Home");
  assert_rows (queue, "heading:queue run:c.2 chain:c3 chain:c5 chain:c4 heading:done done:c.1");
  press (f->window, "Delete");
  assert_rows (queue, "heading:queue run:c.2 chain:c5 chain:c4 heading:removed removed:c3 heading:done done:c.1");
}

/* Where there is room for one of the two, the queue is a level above. */
static void
test_narrow (Fixture *f, gconstpointer data)
{
  GtkWidget *queue = GTK_WIDGET (bo_activity_page_get_queue (f->page));

  set_size (f->window, 360, 720);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (f->window)), <=, 360);
  g_assert_false (gtk_widget_get_mapped (queue));
  gtk_widget_activate_action (GTK_WIDGET (f->page), "activity.show-queue", NULL);
  WAIT_FOR (gtk_widget_get_mapped (queue));
  wait_ms (200);
  take_picture (GTK_WIDGET (f->window), "activity-queue-360");
  gtk_widget_activate_action (GTK_WIDGET (f->page), "activity.show-trial", NULL);
  WAIT_FOR (!gtk_widget_get_mapped (queue));
}

/* 50 000 lines a second must leave the main loop its time. */
static void
test_flood (Fixture *f, gconstpointer data)
{
  BoChange change = { .kind = BO_CHANGE_LOG, .trial = bo_recorder_get_trial (f->recorder, "c.2"), .index = 5 };
  gint64 begin_us = g_get_monotonic_time ();

  for (guint i = 0; i < 1000 * 1000; i++)
    {
      change.monotonic_us = f->mono_us + i;
      bo_activity_page_take_change (f->page, &change);
    }
  /* Twenty seconds' worth, in at most one: it is some nanoseconds each. */
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, SECOND);
}

/* --- Without a campaign that runs ------------------------------------------------------------ */

static BoActivityPage *
show_page (GtkWindow **window, BoActivityState *state)
{
  BoActivityPage *page = g_object_new (BO_TYPE_ACTIVITY_PAGE, NULL);

  *window = GTK_WINDOW (adw_application_window_new (GTK_APPLICATION (application)));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (*window), GTK_WIDGET (page));
  gtk_window_set_default_size (*window, 1200, 760);
  gtk_window_present (*window);
  bo_activity_page_set_state (page, state);
  wait_ms (200);
  return page;
}

static void
test_empty (void)
{
  GtkWindow *window;
  BoActivityPage *page = show_page (&window, bo_activity_state_new ());

  g_assert_cmpuint (g_list_model_get_n_items (bo_queue_view_get_model (bo_activity_page_get_queue (page))), ==, 0);
  show_pictures (window, "activity-empty");
  close_window (window);
}

static void
test_stages (void)
{
  g_autoptr (GError) error
      = g_error_new_literal (BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_DENIED,
                             "The user “baker” may not use the engine's socket /var/run/docker.sock on orin.local: "
                             "permission denied");
  BoActivityState *state = bo_activity_state_new ();
  BoStageFacts facts = { .stage = BO_SESSION_PREPARING,
                         .on_device = TRUE,
                         .device = "orin-nano",
                         .what = "pulling nvcr.io/nvidia/l4t-pytorch:r36.2.0",
                         .done = 1400u * 1000 * 1000,
                         .total = G_GUINT64_CONSTANT (5120000000) };
  GtkWindow *window;
  BoActivityPage *page;

  state->is_running = TRUE;
  state->stage = BO_SESSION_PREPARING;
  state->device = g_strdup ("orin-nano");
  page = show_page (&window, state);
  assert_rows (bo_activity_page_get_queue (page), "session");
  bo_stage_view_set_facts (bo_activity_page_get_stage_view (page), &facts);
  show_pictures (window, "activity-preparing");

  facts.stage = BO_SESSION_ENDED;
  facts.end = BO_SESSION_END_FAILED;
  facts.outcome = error->message;
  facts.error = error;
  bo_stage_view_set_facts (bo_activity_page_get_stage_view (page), &facts);
  show_pictures (window, "activity-not-begun");
  facts.end = BO_SESSION_END_OVER;
  facts.outcome = "The campaign is over: 14 of 18 trials succeeded.";
  facts.error = NULL;
  bo_stage_view_set_facts (bo_activity_page_get_stage_view (page), &facts);
  set_size (window, 1200, 760);
  take_picture (GTK_WIDGET (window), "activity-over");
  close_window (window);
}

/* --- In the window --------------------------------------------------------------------------- */

static void
test_finished (void)
{
  BoStudyWindow *window = open_sample ();
  BoActivityPage *page = bo_study_window_get_activity_page (window);
  BoTrialView *trial = bo_activity_page_get_trial_view (page);
  const BoActivityState *state = bo_activity_page_get_state (page);
  const char *failed = NULL;
  const char *flagged = NULL;

  g_assert_nonnull (state->campaign);
  for (guint i = 0; i < state->trials->len; i++)
    {
      const BoTrial *record = g_ptr_array_index (state->trials, i);

      if (record->outcome == BO_OUTCOME_FAILED)
        failed = record->id;
      if (record->flags->len > 0)
        flagged = record->id;
    }
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-log", "s", failed);
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (page)));
  g_assert_cmpstr (bo_trial_view_get_trial (trial), ==, failed);
  wait_ms (300);
  show_pictures (GTK_WINDOW (window), "activity-finished");
  set_size (GTK_WINDOW (window), 1280, 800);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-log", "s", flagged);
  g_assert_cmpstr (bo_trial_view_get_trial (trial), ==, flagged);
  wait_ms (300);
  take_picture (GTK_WIDGET (window), "activity-flagged");
  if (can_press ())
    {
      press (GTK_WINDOW (window), "alt+3");
      g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (page)));
      press (GTK_WINDOW (window), "alt+2");
      g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (page)));
    }
  close_window (window);
}

/* The panel of a cell has trials of all campaigns: each has its log. */
static void
test_earlier (void)
{
  g_autofree char *path = bo_store_get_default_path ();
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_trial_unref);
  g_autoptr (BoCampaign) campaign = sample_campaign (trials);
  g_autofree char *earlier = g_strdup (campaign->id);
  g_autofree char *trial = g_strdup (((BoTrial *) g_ptr_array_index (trials, 0))->id);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoStore) store = NULL;
  BoStudyWindow *window = open_sample ();
  BoActivityPage *page = bo_study_window_get_activity_page (window);

  for (guint i = 0; i < trials->len; i++)
    {
      BoTrial *record = g_ptr_array_index (trials, i);

      record->id[strlen ("20261124-061200-3f")] = 'b';
      record->campaign[strlen ("20261124-061200-3f")] = 'b';
      ((BoPlannedTrial *) g_ptr_array_index (campaign->trials, i))->id[strlen ("20261124-061200-3f")] = 'b';
    }
  campaign->id[strlen ("20261124-061200-3f")] = 'b';
  campaign->created_us += G_TIME_SPAN_HOUR;
  store = bo_store_open_sync (path, &error);
  g_assert_no_error (error);
  g_assert_true (bo_store_add_campaign_sync (store, campaign, &error));
  for (guint i = 0; i < trials->len; i++)
    g_assert_true (bo_store_save_trial_sync (store, g_ptr_array_index (trials, i), &error));
  g_assert_true (bo_store_set_campaign_state_sync (store, campaign->id, BO_CAMPAIGN_FINISHED, &error));
  g_assert_no_error (error);
  bo_store_close_sync (store);
  bo_open_study_load (bo_study_window_get_open_study (window));
  WAIT_FOR (g_str_equal (bo_activity_page_get_state (page)->campaign->id, campaign->id));

  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-log", "s", trial);
  WAIT_FOR (!bo_activity_page_is_loading (page));
  g_assert_cmpstr (bo_activity_page_get_state (page)->campaign->id, ==, earlier);
  g_assert_cmpstr (bo_trial_view_get_trial (bo_activity_page_get_trial_view (page)), ==, trial);
  wait_ms (300);
  show_pictures (GTK_WINDOW (window), "activity-earlier");
  /* It stays while the study is read anew. */
  bo_open_study_load (bo_study_window_get_open_study (window));
  WAIT_FOR (!bo_open_study_is_loading (bo_study_window_get_open_study (window)));
  g_assert_cmpstr (bo_activity_page_get_state (page)->campaign->id, ==, earlier);
  gtk_widget_activate_action (GTK_WIDGET (page), "activity.show-latest", NULL);
  g_assert_cmpstr (bo_activity_page_get_state (page)->campaign->id, ==, campaign->id);

  /* From one to the other by a trial's id alone, and one that is nowhere. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-log", "s", trial);
  WAIT_FOR (!bo_activity_page_is_loading (page));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-log", "s", ((BoTrial *) g_ptr_array_index (trials, 0))->id);
  g_assert_cmpstr (bo_activity_page_get_state (page)->campaign->id, ==, campaign->id);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-log", "s", "nowhere.1");
  WAIT_FOR (!bo_activity_page_is_loading (page));
  g_assert_cmpstr (bo_activity_page_get_state (page)->campaign->id, ==, campaign->id);
  close_window (window);
}

static void
test_link (void)
{
  BoStudyWindow *window = open_sample ();
  BoLinkBar *bar = bo_study_window_get_link_bar (window);

  /* The sample's campaigns have ended. */
  g_assert_cmpint (bo_link_bar_get_news (bar), ==, BO_LINK_NEWS_NONE);
  close_window (window);
}

/* What it looks like; in a study's window it says what is so. */
static void
test_link_look (void)
{
  GtkWindow *window = GTK_WINDOW (adw_application_window_new (GTK_APPLICATION (application)));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  BoLinkBar *bar = g_object_new (BO_TYPE_LINK_BAR, NULL);
  const struct
  {
    BoLinkNews news;
    const char *name;
    const char *title;
    const char *detail;
    const char *button;
  } looks[] = {
    { BO_LINK_NEWS_RECONNECTING, "activity-link", "No connection since 1 min 05 s, next attempt in 7 s",
      "Ssh says: connect to host orin.local port 22: No route to host\nThe campaign goes on there; it is followed again as "
      "soon as there is a connection.",
      "_Try Now" },
    { BO_LINK_NEWS_LOST, "activity-link-lost", "The connection is lost; the campaign goes on on the device",
      "The host key of orin.local has changed.\nFind out why before you trust it.", "_Try Again" },
    { BO_LINK_NEWS_FOLLOW, "activity-link-follow", "A campaign of this study runs on orin-nano",
      "It goes on there by itself; what has finished since is fetched when you follow it.", "_Follow" },
  };

  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (bar));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_present (window);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      bo_link_bar_show (bar, looks[i].news, looks[i].title, looks[i].detail, looks[i].button);
      WAIT_FOR (gtk_widget_get_height (GTK_WIDGET (bar)) > 40);
      g_assert_cmpstr (bo_link_bar_get_title (bar), ==, looks[i].title);
      show_pictures (window, looks[i].name);
    }
  bo_link_bar_show (bar, BO_LINK_NEWS_NONE, NULL, NULL, NULL);
  WAIT_FOR (gtk_widget_get_height (GTK_WIDGET (bar)) < 10);
  close_window (window);
}

int
main (int argc, char **argv)
{
  if (!gui_test_init (&argc, &argv))
    return 0;

  g_test_add_func ("/activity/empty", test_empty);
  g_test_add_func ("/activity/stages", test_stages);
  g_test_add ("/activity/running", Fixture, NULL, set_up, test_running, tear_down);
  g_test_add ("/activity/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/activity/narrow", Fixture, NULL, set_up, test_narrow, tear_down);
  g_test_add ("/activity/flood", Fixture, NULL, set_up, test_flood, tear_down);
  g_test_add_func ("/activity/finished", test_finished);
  g_test_add_func ("/activity/link", test_link);
  g_test_add_func ("/activity/link-look", test_link_look);
  g_test_add_func ("/activity/earlier", test_earlier);
  return gui_test_run ();
}
