/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-runner"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "bench/bo-runner.h"
#include "bench/bo-script.h"
#include "durable/bo-courier-program.h"
#include "durable/bo-device-tail.h"
#include "device/bo-device-facts.h"
#include "journal/bo-journal-follow.h"

/* The courier's end of the pipe whose other end is ours: it sees when we are gone. */
#define PARENT_FD 3

struct _BoRunner
{
  GObject parent_instance;

  /* Owned */
  BoStore *store;
  BoCampaign *campaign;
  char *folder;
  char *journal;
  BoJournalFollow *follow;
  BoRecorder *recorder;
  GSubprocess *courier; /* (nullable): on this computer */
  BoDeviceTail *tail;   /* (nullable): of one on the device */
  GHashTable *dirty;
  GError *error;

  int parent_fd;
  guint n_saving;
  gboolean told_running;
  gboolean exited;
  gboolean ended;
};

enum
{
  CHANGED,
  CUT,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoRunner, bo_runner, G_TYPE_OBJECT)
G_DEFINE_QUARK (bo-runner-error-quark, bo_runner_error)

/* The first thing that went wrong is the one that is told. */
static void
take_error (BoRunner *self, GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

static void
end_when_saved (BoRunner *self)
{
  if (!self->exited || self->ended || self->n_saving > 0)
    return;

  self->ended = TRUE;
  g_signal_emit (self, signals[ENDED], 0);
}

static void
take_store_error (BoRunner *self, GError *error)
{
  take_error (self, g_error_new (BO_RUNNER_ERROR, BO_RUNNER_ERROR_STORE, _ ("The results cannot be saved: %s"),
                                 error->message));
  g_error_free (error);
}

static void
trial_saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoRunner) self = BO_RUNNER (user_data);
  GError *error = NULL;

  if (!bo_store_save_trial_finish (BO_STORE (object), result, &error))
    take_store_error (self, error);
  self->n_saving--;
  end_when_saved (self);
}

static void
state_saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoRunner) self = BO_RUNNER (user_data);
  GError *error = NULL;

  if (!bo_store_set_campaign_state_finish (BO_STORE (object), result, &error))
    take_store_error (self, error);
  self->n_saving--;
  end_when_saved (self);
}

static void
save_trial (BoRunner *self, BoTrial *trial)
{
  self->n_saving++;
  bo_store_save_trial_async (self->store, trial, NULL, trial_saved_cb, g_object_ref (self));
}

static void
save_state (BoRunner *self, BoCampaignState state)
{
  self->n_saving++;
  bo_store_set_campaign_state_async (self->store, self->campaign->id, state, NULL, state_saved_cb,
                                     g_object_ref (self));
}

/* Once a batch, not once a log line: a trial's record is saved whole. */
static void
save_dirty (BoRunner *self)
{
  GHashTableIter iter;
  gpointer trial;

  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, &trial, NULL))
    save_trial (self, trial);
  g_hash_table_remove_all (self->dirty);
}

static void
recorder_cb (BoRecorder *recorder, const BoChange *change, gpointer user_data)
{
  BoRunner *self = BO_RUNNER (user_data);

  if (change->trial != NULL && change->kind != BO_CHANGE_LOG && change->trial->outcome != BO_OUTCOME_PENDING
      && change->trial->outcome != BO_OUTCOME_RUNNING
      && !g_hash_table_contains (self->dirty, change->trial))
    g_hash_table_add (self->dirty, bo_trial_ref (change->trial));
  g_signal_emit (self, signals[CHANGED], 0, change);
}

static void
take_journal_error (BoRunner *self, const GError *error)
{
  take_error (self, g_error_new (BO_RUNNER_ERROR, BO_RUNNER_ERROR_JOURNAL,
                                 _ ("The journal in %s cannot be read: %s"), self->folder, error->message));
}

static void
follow_cb (BoJournalFollow *follow, const BoJournalMessage *message, const GError *error, gpointer user_data)
{
  BoRunner *self = BO_RUNNER (user_data);

  if (error != NULL)
    take_journal_error (self, error);
  else if (message != NULL)
    bo_recorder_feed (self->recorder, message);
  else
    save_dirty (self);
}

/* What the follower has not handed over yet when the courier ends. */
static void
read_rest (BoRunner *self)
{
  g_autoptr (BoJournalReader) reader = bo_journal_reader_new (self->journal);
  BoJournalMessage message;
  g_autoptr (GError) error = NULL;
  BoJournalNext next = BO_JOURNAL_NEXT_ERROR;

  if (self->follow != NULL)
    bo_journal_follow_stop (self->follow);
  g_clear_object (&self->follow);

  if (bo_journal_reader_seek (reader, bo_recorder_get_last_number (self->recorder) + 1, &error))
    {
      while ((next = bo_journal_reader_next (reader, &message, &error)) == BO_JOURNAL_NEXT_MESSAGE)
        bo_recorder_feed (self->recorder, &message);
    }
  if (next == BO_JOURNAL_NEXT_ERROR && !g_error_matches (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_NOT_FOUND))
    take_journal_error (self, error);
}

/* The courier has ended, and its whole journal is here. */
static void
finish_records (BoRunner *self)
{
  GPtrArray *trials;

  bo_recorder_finish (self->recorder);

  g_hash_table_remove_all (self->dirty);
  trials = bo_recorder_get_trials (self->recorder);
  for (guint i = 0; i < trials->len; i++)
    save_trial (self, g_ptr_array_index (trials, i));
  save_state (self, bo_recorder_get_state (self->recorder));

  self->exited = TRUE;
  end_when_saved (self);
}

static void
courier_exited_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoRunner) self = BO_RUNNER (user_data);

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);

  read_rest (self);
  if (bo_recorder_get_end_reason (self->recorder) == NULL)
    {
      g_autofree char *log = g_build_filename (self->folder, "courier.log", NULL);
      g_autofree char *text = NULL;

      if (!g_file_get_contents (log, &text, NULL, NULL) || text[0] == '\0')
        {
          g_free (text);
          text = g_subprocess_get_if_signaled (self->courier)
                     ? g_strdup_printf (_ ("signal %d"), g_subprocess_get_term_sig (self->courier))
                     : g_strdup_printf (_ ("exit status %d"), g_subprocess_get_status (self->courier));
        }
      take_error (self, g_error_new (BO_RUNNER_ERROR, BO_RUNNER_ERROR_COURIER,
                                     _ ("The program that runs the builds ended too early: %s"), g_strstrip (text)));
    }
  finish_records (self);
}

static void
begin_following (BoRunner *self)
{
  if (self->follow == NULL)
    self->follow = bo_journal_follow_new (bo_journal_reader_new (self->journal), follow_cb, self, NULL);
}

static BoDeviceFacts *
get_facts (BoRunner *self)
{
  g_autoptr (JsonNode) node = NULL;

  if (self->campaign->device_facts == NULL)
    return NULL;
  node = json_from_string (self->campaign->device_facts, NULL);
  return node != NULL ? bo_device_facts_new_from_json (node, NULL) : NULL;
}

/* Of another machine nothing can be sampled from here. */
static void
add_telemetry (BoRunner *self, GPtrArray *argv)
{
  g_autoptr (BoDeviceFacts) facts = get_facts (self);

  if (facts == NULL || !bo_device_facts_is_here (facts))
    return;
  g_ptr_array_add (argv, g_strdup ("--telemetry"));
  if (facts->root_dir != NULL)
    {
      g_ptr_array_add (argv, g_strdup ("--telemetry-disk"));
      g_ptr_array_add (argv, g_strdup (facts->root_dir));
    }
}

static GPtrArray *
make_arguments (BoRunner *self, const char *program, const char *contents_folder, const char *socket_path)
{
  g_autofree char *fd = g_strdup_printf ("%d", PARENT_FD);
  const char *const arguments[]
      = { program,   "play",        self->folder, "--socket", socket_path, "--files", contents_folder,
          "--place", "local", "--parent-fd", fd };
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    g_ptr_array_add (argv, g_strdup (arguments[i]));
  add_telemetry (self, argv);
  g_ptr_array_add (argv, NULL);
  return argv;
}

static void
child_setup_cb (gpointer user_data)
{
  /* A Ctrl+C in the terminal is for us: we tell the courier to stop and clean
   * up. The courier itself would take a signal for the end of the engine. */
  setpgid (0, 0);
}

/**
 * bo_runner_new:
 * @store: where records are saved; the campaign is in it already
 * @campaign: the campaign
 * @folder: its folder
 *
 * Returns: (transfer full): a runner that has not started
 */
BoRunner *
bo_runner_new (BoStore *store, BoCampaign *campaign, const char *folder)
{
  BoRunner *self;

  g_return_val_if_fail (BO_IS_STORE (store), NULL);
  g_return_val_if_fail (campaign != NULL && folder != NULL, NULL);

  self = g_object_new (BO_TYPE_RUNNER, NULL);
  self->store = g_object_ref (store);
  self->campaign = bo_campaign_ref (campaign);
  self->folder = g_strdup (folder);
  self->journal = g_build_filename (folder, "journal", NULL);
  self->recorder = bo_recorder_new (campaign);
  bo_recorder_set_func (self->recorder, recorder_cb, self, NULL);
  return self;
}

/**
 * bo_runner_start:
 * @self: a runner
 * @contents_folder: where file contents lie
 * @socket_path: Unix socket of the engine, or of the way to it
 *
 * Starts a courier on this computer.
 *
 * Returns: %FALSE with BO_RUNNER_ERROR_COURIER when the courier cannot be started
 */
gboolean
bo_runner_start (BoRunner *self, const char *contents_folder, const char *socket_path, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autofree char *program = NULL;
  g_autofree char *log = NULL;
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (GError) local = NULL;
  int pipe_fds[2];

  g_return_val_if_fail (BO_IS_RUNNER (self), FALSE);
  g_return_val_if_fail (self->courier == NULL && self->tail == NULL, FALSE);
  g_return_val_if_fail (contents_folder != NULL && socket_path != NULL, FALSE);

  program = bo_courier_find_program (error);
  if (program == NULL)
    return FALSE;
  if (!g_unix_open_pipe (pipe_fds, FD_CLOEXEC, error))
    return FALSE;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  log = g_build_filename (self->folder, "courier.log", NULL);
  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  g_subprocess_launcher_take_fd (launcher, pipe_fds[0], PARENT_FD);
  g_subprocess_launcher_set_child_setup (launcher, child_setup_cb, NULL, NULL);
  self->parent_fd = pipe_fds[1];
  argv = make_arguments (self, program, contents_folder, socket_path);
  self->courier = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &local);
  if (self->courier == NULL)
    {
      g_set_error (error, BO_RUNNER_ERROR, BO_RUNNER_ERROR_COURIER, _ ("%s cannot be started: %s"), program,
                   local->message);
      return FALSE;
    }

  g_subprocess_wait_async (self->courier, NULL, courier_exited_cb, g_object_ref (self));
  begin_following (self);
  save_state (self, BO_CAMPAIGN_RUNNING);
  return TRUE;
}

static void
tail_received_cb (BoDeviceTail *tail, gpointer user_data)
{
  BoRunner *self = BO_RUNNER (user_data);

  if (self->follow != NULL)
    bo_journal_follow_poke (self->follow);
}

static void
drop_tail (BoRunner *self)
{
  if (self->tail == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->tail, self);
  bo_device_tail_stop (self->tail);
  g_clear_object (&self->tail);
}

/* What was copied is not what the device has: its journal comes once more, from the first message on. */
static void
start_over (BoRunner *self)
{
  if (self->follow != NULL)
    bo_journal_follow_stop (self->follow);
  g_clear_object (&self->follow);
  g_hash_table_remove_all (self->dirty);
  bo_recorder_free (self->recorder);
  self->recorder = bo_recorder_new (self->campaign);
  bo_recorder_set_func (self->recorder, recorder_cb, self, NULL);
}

static void
tail_ended_cb (BoDeviceTail *tail, const GError *error, gpointer user_data)
{
  g_autoptr (BoRunner) self = g_object_ref (BO_RUNNER (user_data));

  drop_tail (self);
  if (error != NULL)
    {
      if (g_error_matches (error, BO_JOURNAL_ERROR, BO_JOURNAL_ERROR_DIVERGED))
        start_over (self);
      g_signal_emit (self, signals[CUT], 0, error);
      return;
    }
  read_rest (self);
  finish_records (self);
}

/**
 * bo_runner_follow:
 * @self: a runner
 * @engine: the device's engine
 * @courier: the courier there that plays the campaign, or waits for it
 *
 * Follows a courier on the device, from what of its journal is here already.
 */
void
bo_runner_follow (BoRunner *self, BoEngine *engine, const BoDeviceCourier *courier)
{
  g_return_if_fail (BO_IS_RUNNER (self));
  g_return_if_fail (self->courier == NULL && self->tail == NULL);

  begin_following (self);
  self->tail = bo_device_tail_new (engine, courier, self->folder);
  g_signal_connect (self->tail, "received", G_CALLBACK (tail_received_cb), self);
  g_signal_connect (self->tail, "ended", G_CALLBACK (tail_ended_cb), self);
  bo_device_tail_start (self->tail);
  if (!self->told_running)
    save_state (self, BO_CAMPAIGN_RUNNING);
  self->told_running = TRUE;
}

/**
 * bo_runner_is_following:
 * @self: a runner
 *
 * Returns: whether the journal of a courier on the device comes in now
 */
gboolean
bo_runner_is_following (BoRunner *self)
{
  g_return_val_if_fail (BO_IS_RUNNER (self), FALSE);

  return self->tail != NULL;
}

/**
 * bo_runner_end:
 * @self: a runner that follows nothing now
 *
 * For a courier that is gone for good: what its journal on this computer says
 * is all that there is. "ended" follows.
 */
void
bo_runner_end (BoRunner *self)
{
  g_return_if_fail (BO_IS_RUNNER (self));
  g_return_if_fail (self->courier == NULL && self->tail == NULL && !self->exited);

  read_rest (self);
  finish_records (self);
}

/**
 * bo_runner_close:
 * @self: a runner
 *
 * Stops following; what was seen to finish is saved, and the courier on the device goes on.
 */
void
bo_runner_close (BoRunner *self)
{
  g_return_if_fail (BO_IS_RUNNER (self));

  drop_tail (self);
  if (self->follow != NULL)
    bo_journal_follow_stop (self->follow);
  g_clear_object (&self->follow);
  save_dirty (self);
}

/**
 * bo_runner_stop:
 * @self: a runner that has started
 * @now: whether to cancel the trial under way, or to let it finish
 *
 * Tells a courier on this computer. Cleaning up is part of stopping; "ended" says when it is done.
 *
 * Returns: whether the courier has been told
 */
gboolean
bo_runner_stop (BoRunner *self, gboolean now, GError **error)
{
  g_return_val_if_fail (BO_IS_RUNNER (self), FALSE);

  return bo_script_write_command (self->folder,
                                  now ? BO_SCRIPT_COMMAND_STOP_NOW : BO_SCRIPT_COMMAND_STOP_AFTER_TRIAL, error);
}

BoRecorder *
bo_runner_get_recorder (BoRunner *self)
{
  g_return_val_if_fail (BO_IS_RUNNER (self), NULL);

  return self->recorder;
}

gboolean
bo_runner_has_ended (BoRunner *self)
{
  g_return_val_if_fail (BO_IS_RUNNER (self), FALSE);

  return self->ended;
}

/**
 * bo_runner_get_error:
 * @self: a runner
 *
 * Returns: (nullable): the first thing that went wrong with the running itself;
 *   a build that failed is not an error but a result
 */
const GError *
bo_runner_get_error (BoRunner *self)
{
  g_return_val_if_fail (BO_IS_RUNNER (self), NULL);

  return self->error;
}

static void
bo_runner_finalize (GObject *object)
{
  BoRunner *self = BO_RUNNER (object);

  drop_tail (self);
  if (self->follow != NULL)
    bo_journal_follow_stop (self->follow);
  g_clear_object (&self->follow);
  g_clear_object (&self->courier);
  g_clear_object (&self->store);
  g_clear_pointer (&self->recorder, bo_recorder_free);
  g_clear_pointer (&self->campaign, bo_campaign_unref);
  g_clear_pointer (&self->dirty, g_hash_table_unref);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->journal, g_free);
  g_clear_error (&self->error);
  if (self->parent_fd >= 0)
    close (self->parent_fd);

  G_OBJECT_CLASS (bo_runner_parent_class)->finalize (object);
}

static void
bo_runner_class_init (BoRunnerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bo_runner_finalize;

  signals[CHANGED] = g_signal_new ("changed", BO_TYPE_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_POINTER);
  signals[CUT]
      = g_signal_new ("cut", BO_TYPE_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[ENDED] = g_signal_new ("ended", BO_TYPE_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bo_runner_init (BoRunner *self)
{
  self->parent_fd = -1;
  self->dirty = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) bo_trial_unref, NULL);
}
