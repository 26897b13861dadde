/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-runner"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "bench/bo-runner.h"
#include "bench/bo-script.h"
#include "durable/bo-courier-program.h"
#include "device/bo-device-facts.h"
#include "engine/bo-device-url.h"
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
  char *contents_folder;
  char *socket_path;
  char *journal;
  BoJournalFollow *follow;
  BoRecorder *recorder;
  GSubprocess *courier;
  GHashTable *dirty;
  GError *error;

  int parent_fd;
  guint n_saving;
  gboolean exited;
  gboolean ended;
};

enum
{
  CHANGED,
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

static void
courier_exited_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoRunner) self = BO_RUNNER (user_data);
  GPtrArray *trials;

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
  bo_recorder_finish (self->recorder);

  g_hash_table_remove_all (self->dirty);
  trials = bo_recorder_get_trials (self->recorder);
  for (guint i = 0; i < trials->len; i++)
    save_trial (self, g_ptr_array_index (trials, i));
  save_state (self, bo_recorder_get_state (self->recorder));

  self->exited = TRUE;
  end_when_saved (self);
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

/*
 * Whether what this computer is like says something about the builds. An
 * engine behind a local socket may be in a virtual machine, which has a kernel of its own.
 */
static gboolean
is_engine_here (BoRunner *self, const BoDeviceFacts *facts)
{
  g_autoptr (BoDeviceUrl) url
      = self->campaign->device_url != NULL ? bo_device_url_parse (self->campaign->device_url, NULL) : NULL;
  struct utsname names;

  if (url == NULL || url->scheme != BO_DEVICE_UNIX)
    return FALSE;
  return facts == NULL || facts->kernel == NULL || uname (&names) != 0 || g_str_equal (facts->kernel, names.release);
}

static void
add_telemetry (BoRunner *self, GPtrArray *argv)
{
  g_autoptr (BoDeviceFacts) facts = get_facts (self);

  if (!is_engine_here (self, facts))
    return;
  g_ptr_array_add (argv, g_strdup ("--telemetry"));
  if (facts != NULL && facts->root_dir != NULL)
    {
      g_ptr_array_add (argv, g_strdup ("--telemetry-disk"));
      g_ptr_array_add (argv, g_strdup (facts->root_dir));
    }
}

static GPtrArray *
make_arguments (BoRunner *self, const char *program)
{
  g_autofree char *fd = g_strdup_printf ("%d", PARENT_FD);
  const char *const arguments[]
      = { program,   "play",        self->folder, "--socket", self->socket_path, "--files", self->contents_folder,
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
 * @folder: its folder, with the script
 * @contents_folder: where file contents lie
 * @socket_path: Unix socket of the engine
 *
 * Returns: (transfer full): a runner that has not started
 */
BoRunner *
bo_runner_new (BoStore *store,
               BoCampaign *campaign,
               const char *folder,
               const char *contents_folder,
               const char *socket_path)
{
  BoRunner *self;

  g_return_val_if_fail (BO_IS_STORE (store), NULL);
  g_return_val_if_fail (campaign != NULL && folder != NULL && socket_path != NULL, NULL);

  self = g_object_new (BO_TYPE_RUNNER, NULL);
  self->store = g_object_ref (store);
  self->campaign = bo_campaign_ref (campaign);
  self->folder = g_strdup (folder);
  self->contents_folder = g_strdup (contents_folder);
  self->socket_path = g_strdup (socket_path);
  self->journal = g_build_filename (folder, "journal", NULL);
  self->recorder = bo_recorder_new (campaign);
  bo_recorder_set_func (self->recorder, recorder_cb, self, NULL);
  return self;
}

/**
 * bo_runner_start:
 * @self: a runner
 *
 * Returns: %FALSE with BO_RUNNER_ERROR_COURIER when the courier cannot be started
 */
gboolean
bo_runner_start (BoRunner *self, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autofree char *program = NULL;
  g_autofree char *log = NULL;
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (GError) local = NULL;
  int pipe_fds[2];

  g_return_val_if_fail (BO_IS_RUNNER (self), FALSE);
  g_return_val_if_fail (self->courier == NULL, FALSE);

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
  argv = make_arguments (self, program);
  self->courier = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &local);
  if (self->courier == NULL)
    {
      g_set_error (error, BO_RUNNER_ERROR, BO_RUNNER_ERROR_COURIER, _ ("%s cannot be started: %s"), program,
                   local->message);
      return FALSE;
    }

  g_subprocess_wait_async (self->courier, NULL, courier_exited_cb, g_object_ref (self));
  self->follow = bo_journal_follow_new (bo_journal_reader_new (self->journal), follow_cb, self, NULL);
  save_state (self, BO_CAMPAIGN_RUNNING);
  return TRUE;
}

/**
 * bo_runner_stop:
 * @self: a runner that has started
 * @now: whether to cancel the trial under way, or to let it finish
 *
 * Cleaning up is part of stopping; "ended" says when it is done.
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

/**
 * bo_runner_abandon:
 * @self: a runner that has started
 *
 * For a link that is lost and does not come back: the courier ends as it would
 * without us, and what is under way is interrupted, not cancelled. "ended" says
 * when it has.
 */
void
bo_runner_abandon (BoRunner *self)
{
  g_return_if_fail (BO_IS_RUNNER (self));

  if (self->parent_fd >= 0)
    close (self->parent_fd);
  self->parent_fd = -1;
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
  g_clear_pointer (&self->contents_folder, g_free);
  g_clear_pointer (&self->socket_path, g_free);
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
  signals[ENDED] = g_signal_new ("ended", BO_TYPE_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bo_runner_init (BoRunner *self)
{
  self->parent_fd = -1;
  self->dirty = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) bo_trial_unref, NULL);
}
