/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-ssh"

#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "engine/bo-askpass.h"
#include "engine/bo-engine-error.h"
#include "engine/bo-ssh-keys.h"
#include "engine/bo-ssh-words.h"
#include "engine/bo-ssh.h"

#define POLL_INTERVAL_MS 20
#define WORDS_MAX (16 * 1024)
#define OUTPUT_MAX (1024 * 1024)

struct _BoSsh
{
  GObject parent_instance;

  BoDeviceUrl *url;
  char *control_path;
  GSubprocess *master;
  GCancellable *stop; /* ends the reading of its words */
  GString *words;     /* its standard error so far */
  guchar buffer[1024];
  gboolean has_ended;
  gboolean is_closed;
  GTask *opening; /* (nullable) */
  guint poll_id;
  BoAskpassTicket *ticket; /* (nullable): while it is being opened and may ask in a window */
};

G_DEFINE_FINAL_TYPE (BoSsh, bo_ssh, G_TYPE_OBJECT)

enum
{
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
bo_ssh_output_free (BoSshOutput *output)
{
  g_return_if_fail (output != NULL);

  g_free (output->output);
  g_free (output->words);
  g_free (output);
}

static void
bo_ssh_dispose (GObject *object)
{
  BoSsh *self = BO_SSH (object);

  bo_ssh_close (self);
  g_clear_object (&self->master);
  g_clear_object (&self->stop);

  G_OBJECT_CLASS (bo_ssh_parent_class)->dispose (object);
}

static void
bo_ssh_finalize (GObject *object)
{
  BoSsh *self = BO_SSH (object);

  g_clear_pointer (&self->url, bo_device_url_free);
  g_clear_pointer (&self->control_path, g_free);
  g_string_free (self->words, TRUE);

  G_OBJECT_CLASS (bo_ssh_parent_class)->finalize (object);
}

static void
bo_ssh_class_init (BoSshClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_ssh_dispose;
  object_class->finalize = bo_ssh_finalize;

  signals[SIGNAL_ENDED] = g_signal_new ("ended", BO_TYPE_SSH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bo_ssh_init (BoSsh *self)
{
  self->words = g_string_new (NULL);
  self->stop = g_cancellable_new ();
}

static const char *
get_program (void)
{
  const char *program = g_getenv ("BAKEOFF_SSH");

  return program != NULL && program[0] != '\0' ? program : "ssh";
}

/**
 * bo_ssh_child_setup:
 * @user_data: our process id, by GINT_TO_POINTER()
 *
 * What an ssh process of ours does before it becomes ssh. It ends when we do,
 * whatever ends us. A Ctrl+C on the terminal is for us alone, since the build
 * is cancelled and its remains are removed through this connection; ssh leaves
 * signals ignored that were so at its start. It stays in the terminal's
 * foreground group, without which it could not ask for a passphrase there.
 */
void
bo_ssh_child_setup (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid () != GPOINTER_TO_INT (user_data))
    _exit (127);
  signal (SIGINT, SIG_IGN);
  signal (SIGQUIT, SIG_IGN);
}

/* As above, and without a terminal: neither this ssh nor one that it starts for a jump host can ask there. */
static void
unattended_child_setup (gpointer user_data)
{
  bo_ssh_child_setup (user_data);
  setsid ();
}

static GSubprocess *
spawn (const char *const *argv, GSubprocessFlags flags, gboolean unattended, BoAskpassTicket *ticket, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  GSubprocess *process;

  /* Its words are read by a program. */
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  if (unattended)
    g_subprocess_launcher_setenv (launcher, "SSH_ASKPASS_REQUIRE", "never", TRUE);
  if (ticket != NULL)
    bo_askpass_ticket_prepare (ticket, launcher);
  g_subprocess_launcher_set_child_setup (launcher,
                                         unattended || ticket != NULL ? unattended_child_setup : bo_ssh_child_setup,
                                         GINT_TO_POINTER ((int) getpid ()), NULL);
  process = g_subprocess_launcher_spawnv (launcher, argv, error);
  if (process == NULL && error != NULL && *error != NULL)
    {
      g_autoptr (GError) reason = g_steal_pointer (error);

      g_set_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SSH_MISSING,
                   _ ("the ssh program cannot be started: %s"), reason->message);
    }
  return process;
}

static void
add_destination (GPtrArray *argv, const BoDeviceUrl *url)
{
  if (url->port != 0)
    {
      g_ptr_array_add (argv, g_strdup ("-p"));
      g_ptr_array_add (argv, g_strdup_printf ("%u", url->port));
    }
  if (url->user != NULL)
    {
      g_ptr_array_add (argv, g_strdup ("-l"));
      g_ptr_array_add (argv, g_strdup (url->user));
    }
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (url->host));
}

static void
add_all (GPtrArray *argv, const char *const *words)
{
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, g_strdup (*words));
}

static GPtrArray *
make_master_argv (const BoDeviceUrl *url, const char *control_path, gboolean unattended)
{
  /*
   * Each of these overrules what the user's configuration may say for the
   * host in their daily work: their own control master, forwards (whose ports
   * may be taken, which ExitOnForwardFailure would not forgive), commands.
   */
  static const char *const options[] = {
    "-o", "ControlPersist=no",
    "-o", "ClearAllForwardings=yes",
    "-o", "ExitOnForwardFailure=yes",
    "-o", "StreamLocalBindUnlink=yes",
    "-o", "StreamLocalBindMask=0177",
    /*
     * ssh gives up when the fourth of these would be due: 40 seconds after the
     * host's last word (clientloop.c, server_alive_check()).
     */
    "-o", "ServerAliveInterval=10",
    "-o", "ServerAliveCountMax=3",
    "-o", "ForwardAgent=no",
    "-o", "ForwardX11=no",
    "-o", "PermitLocalCommand=no",
    "-o", "RemoteCommand=none",
    "-o", "RequestTTY=no",
    "-o", "LogLevel=INFO",
    NULL,
  };
  static const char *const attended_options[] = { "-o", "ConnectTimeout=30", NULL };
  /* What is tried again soon need not wait long for a host that may come back in another network. */
  static const char *const unattended_options[] = { "-o", "BatchMode=yes", "-o", "ConnectTimeout=15", NULL };
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup (get_program ()));
  g_ptr_array_add (argv, g_strdup ("-N"));
  g_ptr_array_add (argv, g_strdup ("-M"));
  g_ptr_array_add (argv, g_strdup ("-S"));
  g_ptr_array_add (argv, g_strdup (control_path));
  add_all (argv, options);
  add_all (argv, unattended ? unattended_options : attended_options);
  add_destination (argv, url);
  g_ptr_array_add (argv, NULL);
  return argv;
}

/*
 * A client of the master needs no configuration, only the control socket. If
 * the master does not serve it, ssh would connect anew, past everything that
 * the configuration says: a proxy command that fails keeps it from that.
 */
static GPtrArray *
make_client_argv (BoSsh *self)
{
  static const char *const options[] = {
    "-F", "none",          "-o", "ControlMaster=no", "-o", "ProxyCommand=false",
    "-o", "BatchMode=yes", "-o", "LogLevel=INFO",    NULL,
  };
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup (get_program ()));
  add_all (argv, options);
  g_ptr_array_add (argv, g_strdup ("-S"));
  g_ptr_array_add (argv, g_strdup (self->control_path));
  return argv;
}

/**
 * bo_ssh_make_argv:
 * @command: what the shell on the device is to run
 *
 * Returns: (transfer full): the words of a command on this computer that runs
 * @command there through this connection
 */
GStrv
bo_ssh_make_argv (BoSsh *self, const char *command)
{
  GPtrArray *argv;

  g_return_val_if_fail (BO_IS_SSH (self) && command != NULL, NULL);

  argv = make_client_argv (self);
  g_ptr_array_add (argv, g_strdup ("-T"));
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (self->url->host));
  g_ptr_array_add (argv, g_strdup (command));
  g_ptr_array_add (argv, NULL);
  return (GStrv) g_ptr_array_free (argv, FALSE);
}

/* A person was asked in a window, and did not want to answer. */
static GError *
make_refusal (const char *place, const BoSshPrompt *prompt)
{
  switch (prompt->kind)
    {
    case BO_SSH_PROMPT_HOST_KEY:
      return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_HOST_KEY_UNKNOWN,
                          _ ("no connection to %s: its key was not confirmed"), place);
    case BO_SSH_PROMPT_CONFIRM:
      return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_HOST_KEY_UNKNOWN,
                          _ ("no connection to %s: ssh's question was not answered with yes"), place);
    case BO_SSH_PROMPT_PASSPHRASE:
      return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_PASSPHRASE,
                          _ ("no connection to %s: the passphrase of the key “%s” was not given"), place, prompt->key);
    case BO_SSH_PROMPT_PIN:
    case BO_SSH_PROMPT_TOUCH:
      return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_PASSPHRASE,
                          _ ("no connection to %s: the security key was not unlocked"), place);
    case BO_SSH_PROMPT_PASSWORD:
    case BO_SSH_PROMPT_ANSWER:
    default:
      return g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_AUTHENTICATION,
                          _ ("no connection to %s: the password was not given"), place);
    }
}

/* What ssh said and how it ended, as an error. */
static GError *
make_error (BoSsh *self)
{
  g_autofree char *place = bo_device_url_get_place (self->url);
  g_autofree char *words = bo_ssh_words_without_channels (self->words->str);
  g_autofree char *tidy = bo_ssh_words_tidy (words);
  BoEngineError code = BO_ENGINE_ERROR_UNREACHABLE;

  if (self->ticket != NULL && bo_askpass_ticket_get_refused (self->ticket) != NULL)
    return make_refusal (place, bo_askpass_ticket_get_refused (self->ticket));
  bo_ssh_words_classify (words, &code);
  if (tidy[0] != '\0')
    return g_error_new (BO_ENGINE_ERROR, (int) code, _ ("no connection to %s. ssh says: %s"), place, tidy);
  if (g_subprocess_get_if_signaled (self->master))
    return g_error_new (BO_ENGINE_ERROR, (int) code,
                        _ ("the connection to %s ended: ssh was ended by signal %d"), place,
                        g_subprocess_get_term_sig (self->master));
  return g_error_new (BO_ENGINE_ERROR, (int) code, _ ("the connection to %s ended: ssh ended with status %d"),
                      place, g_subprocess_get_exit_status (self->master));
}

static void
locked_key_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoSsh *self = g_task_get_task_data (task);
  g_autofree char *key = bo_ssh_find_locked_key_finish (result);
  g_autofree char *place = NULL;
  g_autofree char *tidy = NULL;

  if (key == NULL)
    {
      g_task_return_error (task, make_error (self));
      return;
    }
  place = bo_device_url_get_place (self->url);
  tidy = bo_ssh_words_tidy (self->words->str);
  g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_PASSPHRASE,
                           _ ("no connection to %s: the key “%s” is locked by a passphrase. ssh says: %s"),
                           place, key, tidy);
}

static void
fail_opening (BoSsh *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->opening);
  g_autoptr (GError) error = make_error (self);

  g_clear_handle_id (&self->poll_id, g_source_remove);
  /* Who did not want to answer knows which key it is. */
  if (g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_AUTHENTICATION)
      && (self->ticket == NULL || bo_askpass_ticket_get_refused (self->ticket) == NULL))
    {
      GCancellable *cancellable = g_task_get_cancellable (task);

      bo_ssh_find_locked_key_async (get_program (), self->url, cancellable, locked_key_cb,
                                    g_steal_pointer (&task));
      return;
    }
  g_task_return_error (task, g_steal_pointer (&error));
}

/* The process is gone and its last words are read. */
static void
ended (BoSsh *self)
{
  g_autoptr (GError) error = NULL;

  if (self->is_closed)
    return;
  if (self->opening != NULL)
    {
      fail_opening (self);
      return;
    }
  error = make_error (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, error);
}

static void
waited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSsh) self = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  self->has_ended = TRUE;
  ended (self);
}

static void
words_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoSsh) self = user_data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n > 0 && !self->is_closed)
    {
      g_autofree char *valid = g_utf8_make_valid ((const char *) self->buffer, n);

      g_debug ("%s", valid);
      g_string_append (self->words, valid);
      if (self->words->len > WORDS_MAX)
        g_string_erase (self->words, 0, (gssize) (self->words->len - WORDS_MAX));
      g_input_stream_read_async (G_INPUT_STREAM (source), self->buffer, sizeof self->buffer,
                                 G_PRIORITY_DEFAULT, self->stop, words_cb, g_object_ref (self));
      return;
    }
  /* Only now, so that its last words are there when its end is explained. */
  if (!self->is_closed)
    g_subprocess_wait_async (self->master, self->stop, waited_cb, g_object_ref (self));
}

static gboolean
poll_cb (gpointer user_data)
{
  BoSsh *self = user_data;
  g_autoptr (GTask) task = NULL;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (self->opening)))
    {
      task = g_steal_pointer (&self->opening);
      self->poll_id = 0;
      bo_ssh_close (self);
      g_task_return_error_if_cancelled (task);
      return G_SOURCE_REMOVE;
    }
  if (self->ticket != NULL && bo_askpass_ticket_get_refused (self->ticket) != NULL)
    {
      GError *error = make_error (self);

      /* ssh would go on to ask for the next best thing. */
      task = g_steal_pointer (&self->opening);
      self->poll_id = 0;
      bo_ssh_close (self);
      g_task_return_error (task, error);
      return G_SOURCE_REMOVE;
    }
  /* ssh makes its control socket when the host has let it in. */
  if (!g_file_test (self->control_path, G_FILE_TEST_EXISTS))
    return G_SOURCE_CONTINUE;
  task = g_steal_pointer (&self->opening);
  self->poll_id = 0;
  g_clear_pointer (&self->ticket, bo_askpass_ticket_free);
  /* What it said on the way in is not why it will end. */
  g_string_truncate (self->words, 0);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
  return G_SOURCE_REMOVE;
}

static guint
add_timeout (guint interval_ms, GSourceFunc func, gpointer data)
{
  g_autoptr (GSource) source = g_timeout_source_new (interval_ms);

  g_source_set_callback (source, func, data, NULL);
  return g_source_attach (source, g_main_context_get_thread_default ());
}

/**
 * bo_ssh_open_async:
 * @url: an ssh:// URL
 * @folder: a private folder for the control socket
 * @unattended: nobody is there to answer questions
 *
 * Starts ssh and waits until the host has let it in, for as long as it takes a
 * person to answer its questions: on the terminal, or in a window when there is a
 * default #BoAskpass. With @unattended none are asked, neither on
 * the terminal nor in a window: a key that the agent does not hold and that is locked by
 * a passphrase is %BO_ENGINE_ERROR_PASSPHRASE then.
 */
void
bo_ssh_open_async (const BoDeviceUrl *url,
                   const char *folder,
                   gboolean unattended,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (BoSsh) self = NULL;
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (url != NULL && url->scheme == BO_DEVICE_SSH && folder != NULL);

  g_task_set_source_tag (task, bo_ssh_open_async);
  self = g_object_new (BO_TYPE_SSH, NULL);
  self->url = bo_device_url_copy (url);
  self->control_path = g_build_filename (folder, "control", NULL);
  argv = make_master_argv (url, self->control_path, unattended);
  self->ticket = unattended ? NULL : bo_askpass_ticket_new (url);
  self->master = spawn ((const char *const *) argv->pdata,
                        G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, unattended,
                        self->ticket, &error);
  if (self->master == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (self->ticket != NULL)
    bo_askpass_ticket_set_process (self->ticket, self->master);
  g_task_set_task_data (task, g_object_ref (self), g_object_unref);
  self->opening = g_steal_pointer (&task);
  self->poll_id = add_timeout (POLL_INTERVAL_MS, poll_cb, self);
  g_input_stream_read_async (g_subprocess_get_stderr_pipe (self->master), self->buffer, sizeof self->buffer,
                             G_PRIORITY_DEFAULT, self->stop, words_cb, g_object_ref (self));
}

/**
 * bo_ssh_open_finish:
 *
 * Returns: (transfer full): a connection that the host has accepted
 */
BoSsh *
bo_ssh_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GSubprocess *process = G_SUBPROCESS (source);
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;
  g_autoptr (GError) error = NULL;
  BoSshOutput *output;

  if (!g_subprocess_communicate_finish (process, result, &out, &err, &error))
    {
      g_subprocess_force_exit (process);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  output = g_new0 (BoSshOutput, 1);
  output->output
      = g_utf8_make_valid (g_bytes_get_data (out, NULL) == NULL ? "" : g_bytes_get_data (out, NULL),
                           (gssize) MIN (g_bytes_get_size (out), OUTPUT_MAX));
  output->words = g_utf8_make_valid (g_bytes_get_data (err, NULL) == NULL ? "" : g_bytes_get_data (err, NULL),
                                     (gssize) MIN (g_bytes_get_size (err), OUTPUT_MAX));
  output->exit_status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : 255;
  g_task_return_pointer (task, output, (GDestroyNotify) bo_ssh_output_free);
}

static void
run_argv (GTask *task, const char *const *argv, const char *input)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) bytes = input == NULL ? NULL : g_bytes_new (input, strlen (input));
  g_autoptr (GError) error = NULL;

  process = spawn (argv,
                   G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE
                       | (input == NULL ? G_SUBPROCESS_FLAGS_NONE : G_SUBPROCESS_FLAGS_STDIN_PIPE),
                   FALSE, NULL, &error);
  if (process == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_subprocess_communicate_async (process, bytes, g_task_get_cancellable (task), ran_cb, g_object_ref (task));
}

/**
 * bo_ssh_run_async:
 * @command: what the shell on the device is to run
 * @input: (nullable): its standard input
 *
 * Runs a command on the device, through the connection that is there.
 */
void
bo_ssh_run_async (BoSsh *self,
                  const char *command,
                  const char *input,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_auto (GStrv) argv = NULL;

  g_return_if_fail (BO_IS_SSH (self) && command != NULL);

  g_task_set_source_tag (task, bo_ssh_run_async);
  argv = bo_ssh_make_argv (self, command);
  run_argv (task, (const char *const *) argv, input);
}

/**
 * bo_ssh_run_finish:
 *
 * Returns: (transfer full): what came of it, also when it failed
 */
BoSshOutput *
bo_ssh_run_finish (BoSsh *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
forwarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoSsh *self = BO_SSH (source);
  g_autoptr (BoSshOutput) output = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *tidy = NULL;

  output = bo_ssh_run_finish (self, result, &error);
  if (output == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (output->exit_status != 0)
    {
      tidy = bo_ssh_words_tidy (output->words);
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_FORWARDING_REFUSED,
                               _ ("ssh does not forward the engine's socket: %s"), tidy);
      return;
    }
  g_task_return_boolean (task, TRUE);
}

/**
 * bo_ssh_forward_async:
 * @local_path: where the socket is made on this computer
 * @remote_path: the socket on the device
 *
 * Forwards a socket. Whether there is something behind @remote_path, and whether
 * the host allows it at all, shows only when it is used.
 */
void
bo_ssh_forward_async (BoSsh *self,
                      const char *local_path,
                      const char *remote_path,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) outer = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) task = NULL;
  g_autoptr (GPtrArray) argv = NULL;

  g_return_if_fail (BO_IS_SSH (self) && local_path != NULL && remote_path != NULL);

  g_task_set_source_tag (outer, bo_ssh_forward_async);
  task = g_task_new (self, cancellable, forwarded_cb, g_steal_pointer (&outer));
  argv = make_client_argv (self);
  g_ptr_array_add (argv, g_strdup ("-O"));
  g_ptr_array_add (argv, g_strdup ("forward"));
  g_ptr_array_add (argv, g_strdup ("-L"));
  g_ptr_array_add (argv, g_strdup_printf ("%s:%s", local_path, remote_path));
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (self->url->host));
  g_ptr_array_add (argv, NULL);
  run_argv (task, (const char *const *) argv->pdata, NULL);
}

gboolean
bo_ssh_forward_finish (BoSsh *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoSsh *self = BO_SSH (source);
  g_autoptr (BoSshOutput) output = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *tidy = NULL;

  output = bo_ssh_run_finish (self, result, &error);
  if (output == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* Each is the host's answer: a connection, or the news that there is none. */
  if (output->exit_status == 0 || strstr (output->words, "Stdio forwarding request failed") != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  tidy = bo_ssh_words_tidy (output->words);
  g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNREACHABLE, _ ("ssh is not there: %s"), tidy);
}

/**
 * bo_ssh_probe_async:
 * @cancellable: (nullable): ends the waiting; a host that is gone never answers
 *
 * Asks the host for something that needs nothing but its sshd, which has no session to
 * spare for it and no program to start: a connection to its own port 1. A
 * refusal is as good an answer as any.
 */
void
bo_ssh_probe_async (BoSsh *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) outer = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) task = NULL;
  g_autoptr (GPtrArray) argv = NULL;

  g_return_if_fail (BO_IS_SSH (self));

  g_task_set_source_tag (outer, bo_ssh_probe_async);
  task = g_task_new (self, cancellable, probed_cb, g_steal_pointer (&outer));
  argv = make_client_argv (self);
  g_ptr_array_add (argv, g_strdup ("-W"));
  g_ptr_array_add (argv, g_strdup ("127.0.0.1:1"));
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (self->url->host));
  g_ptr_array_add (argv, NULL);
  run_argv (task, (const char *const *) argv->pdata, NULL);
}

/**
 * bo_ssh_probe_finish:
 *
 * Returns: whether the host answers
 */
gboolean
bo_ssh_probe_finish (BoSsh *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/*
 * The commands that ssh runs to get to the host, that is another ssh for a jump
 * host: it would find out only when it next writes that its own is gone.
 */
static void
end_children (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/task/%s/children", pid, pid);
  g_autofree char *text = NULL;
  g_auto (GStrv) children = NULL;

  /* A kernel without that file leaves them to find out. */
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  children = g_strsplit (text, " ", -1);
  for (char **child = children; *child != NULL; child++)
    {
      guint64 number;

      if (g_ascii_string_to_unsigned (*child, 10, 2, G_MAXINT, &number, NULL))
        kill ((pid_t) number, SIGTERM);
    }
}

/**
 * bo_ssh_close:
 *
 * Ends the connection. Safe to call twice.
 */
void
bo_ssh_close (BoSsh *self)
{
  g_return_if_fail (BO_IS_SSH (self));

  if (self->is_closed)
    return;
  self->is_closed = TRUE;
  g_clear_pointer (&self->ticket, bo_askpass_ticket_free);
  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_cancellable_cancel (self->stop);
  if (self->master != NULL && !self->has_ended)
    {
      const char *pid = g_subprocess_get_identifier (self->master);

      if (pid != NULL)
        end_children (pid);
      g_subprocess_force_exit (self->master);
    }
  if (self->control_path != NULL)
    g_unlink (self->control_path);
}

/**
 * bo_ssh_is_gone:
 *
 * Returns: whether the process of a connection that was closed or lost has really ended
 */
gboolean
bo_ssh_is_gone (BoSsh *self)
{
  g_return_val_if_fail (BO_IS_SSH (self), TRUE);

  return self->master == NULL || g_subprocess_get_identifier (self->master) == NULL;
}
