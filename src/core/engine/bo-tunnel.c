/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-tunnel"

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-ping.h"
#include "engine/bo-relay.h"
#include "engine/bo-ssh-preflight.h"
#include "engine/bo-ssh-words.h"
#include "engine/bo-tunnel.h"

#define DEFAULT_REMOTE_PATH "/var/run/docker.sock"
#define PING_TIMEOUT_S 20
/* How long after a failure ssh's own end may become known. */
#define END_PATIENCE_MS 300

struct _BoTunnel
{
  GObject parent_instance;

  BoDeviceUrl *url;
  BoSsh *ssh;
  BoRelay *relay; /* (nullable) */
  char *socket_path;
  char *remote_path;
  BoSshPreflight *preflight;
  GError *forward_error; /* (nullable): why forwarding did not work */
  GError *end_error;     /* (nullable): why ssh ended */
  BoTunnelLoginFunc login_func; /* (nullable) */
  gpointer login_data;
};

G_DEFINE_FINAL_TYPE (BoTunnel, bo_tunnel, G_TYPE_OBJECT)

enum
{
  SIGNAL_LOST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
bo_tunnel_dispose (GObject *object)
{
  BoTunnel *self = BO_TUNNEL (object);

  bo_tunnel_close (self);
  g_clear_object (&self->ssh);

  G_OBJECT_CLASS (bo_tunnel_parent_class)->dispose (object);
}

static void
bo_tunnel_finalize (GObject *object)
{
  BoTunnel *self = BO_TUNNEL (object);

  g_clear_pointer (&self->url, bo_device_url_free);
  g_clear_pointer (&self->preflight, bo_ssh_preflight_free);
  g_clear_error (&self->forward_error);
  g_clear_error (&self->end_error);
  g_free (self->socket_path);
  g_free (self->remote_path);

  G_OBJECT_CLASS (bo_tunnel_parent_class)->finalize (object);
}

static void
bo_tunnel_class_init (BoTunnelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_tunnel_dispose;
  object_class->finalize = bo_tunnel_finalize;

  signals[SIGNAL_LOST] = g_signal_new ("lost", BO_TYPE_TUNNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bo_tunnel_init (BoTunnel *self)
{
}

static void
ssh_ended_cb (BoSsh *ssh, const GError *reason, gpointer user_data)
{
  BoTunnel *self = user_data;

  g_set_error_literal (&self->end_error, reason->domain, reason->code, reason->message);
  g_signal_emit (self, signals[SIGNAL_LOST], 0, reason);
}

typedef struct
{
  GTask *task;   /* (owned) */
  GError *error; /* (owned) */
  guint n_waits;
} Failure;

static void
failure_free (gpointer data)
{
  Failure *failure = data;

  g_clear_object (&failure->task);
  g_clear_error (&failure->error);
  g_free (failure);
}

static gboolean
failed_cb (gpointer user_data)
{
  Failure *failure = user_data;
  BoTunnel *self = g_task_get_task_data (failure->task);

  /* It is gone, and its last words are on their way; a wait here is as long as the one before. */
  if (self->end_error == NULL && bo_ssh_is_gone (self->ssh) && failure->n_waits++ < 10)
    return G_SOURCE_CONTINUE;
  g_task_return_error (failure->task,
                       self->end_error != NULL ? g_error_copy (self->end_error) : g_steal_pointer (&failure->error));
  return G_SOURCE_REMOVE;
}

/*
 * Takes the error. When ssh ends in the middle, everything that goes through
 * it fails with words that mean something else, and a moment before the end is known.
 */
static void
fail (GTask *task, GError *error)
{
  g_autoptr (GSource) source = NULL;
  Failure *failure;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  failure = g_new0 (Failure, 1);
  failure->task = g_object_ref (task);
  failure->error = error;
  source = g_timeout_source_new (END_PATIENCE_MS);
  g_source_set_callback (source, failed_cb, failure, failure_free);
  g_source_attach (source, g_task_get_context (task));
}

static void
succeed (GTask *task)
{
  g_task_return_pointer (task, g_object_ref (g_task_get_task_data (task)), g_object_unref);
}

/* The fall-back: a process on the device for each connection. */
static GIOStream *
open_dial_stdio (gpointer user_data, GSubprocess **process, GCancellable *cancellable, GError **error)
{
  char **argv = user_data;
  g_autoptr (GSubprocessLauncher) launcher = NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                        | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  g_subprocess_launcher_set_child_setup (launcher, bo_ssh_child_setup, GINT_TO_POINTER ((int) getpid ()),
                                         NULL);
  *process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, error);
  if (*process == NULL)
    return NULL;
  return g_simple_io_stream_new (g_subprocess_get_stdout_pipe (*process),
                                 g_subprocess_get_stdin_pipe (*process));
}

static void
relay_pinged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoTunnel *self = g_task_get_task_data (task);
  g_autofree char *place = bo_device_url_get_place (self->url);
  g_autoptr (BoPing) ping = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reason = NULL;
  BoEngineError code = BO_ENGINE_ERROR_FORWARDING_REFUSED;

  ping = bo_ping_finish (result, &error);
  if (ping != NULL)
    {
      succeed (task);
      return;
    }
  if (error->domain == BO_ENGINE_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      fail (task, g_steal_pointer (&error));
      return;
    }
  reason = bo_tunnel_dup_relay_error (self);
  if (reason != NULL)
    code = (BoEngineError) reason->code;
  fail (task, g_error_new (BO_ENGINE_ERROR, (int) code,
                           _ ("%s does not forward the engine's socket (%s), and its docker command does not lead "
                              "there either: %s"),
                           place, self->forward_error->message, reason == NULL ? error->message : reason->message));
}

static void
fall_back (GTask *task)
{
  BoTunnel *self = g_task_get_task_data (task);
  g_autofree char *place = bo_device_url_get_place (self->url);
  g_autofree char *command = NULL;
  g_autoptr (GError) error = NULL;

  if (self->preflight->is_silent)
    {
      fail (task, g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_MISSING,
                               _ ("nothing listens at the engine's socket “%s” on %s (%s). The engine is not running."),
                               self->preflight->path, place, self->forward_error->message));
      return;
    }
  if (self->preflight->is_known && !self->preflight->has_docker)
    {
      fail (task, g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_FORWARDING_REFUSED,
                               _ ("%s does not forward the engine's socket (%s), and has no docker command"),
                               place, self->forward_error->message));
      return;
    }
  if (self->remote_path != NULL)
    {
      g_autofree char *host = g_strconcat ("unix://", self->remote_path, NULL);
      g_autofree char *quoted = g_shell_quote (host);

      command = g_strdup_printf ("docker --host %s system dial-stdio", quoted);
    }
  else
    command = g_strdup ("docker system dial-stdio");

  g_debug ("falling back to %s", command);
  g_unlink (self->socket_path);
  self->relay = bo_relay_new (self->socket_path, open_dial_stdio, bo_ssh_make_argv (self->ssh, command),
                              (GDestroyNotify) g_strfreev, &error);
  if (self->relay == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  bo_ping_async (self->socket_path, PING_TIMEOUT_S, g_task_get_cancellable (task), relay_pinged_cb,
                 g_object_ref (task));
}

static void
forward_pinged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoTunnel *self = g_task_get_task_data (task);
  g_autoptr (BoPing) ping = NULL;
  g_autoptr (GError) error = NULL;

  ping = bo_ping_finish (result, &error);
  if (ping != NULL)
    {
      succeed (task);
      return;
    }
  /* Something answered, or nobody waits any more. */
  if (error->domain == BO_ENGINE_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      fail (task, g_steal_pointer (&error));
      return;
    }
  self->forward_error = g_steal_pointer (&error);
  fall_back (task);
}

static void
forwarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoTunnel *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!bo_ssh_forward_finish (BO_SSH (source), result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || bo_ssh_is_gone (self->ssh))
        {
          fail (task, g_steal_pointer (&error));
          return;
        }
      self->forward_error = g_steal_pointer (&error);
      fall_back (task);
      return;
    }
  /*
   * A missing socket, one without permission and a host that forwards none all
   * look the same from here ("connect failed: open failed", engine-facts C6); the
   * first two were looked at beforehand, so what is left is the third.
   */
  bo_ping_async (self->socket_path, PING_TIMEOUT_S, g_task_get_cancellable (task), forward_pinged_cb,
                 g_object_ref (task));
}

static void
preflight_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoTunnel *self = g_task_get_task_data (task);
  g_autofree char *place = bo_device_url_get_place (self->url);
  g_autoptr (BoSshOutput) output = NULL;
  g_autoptr (GError) error = NULL;

  output = bo_ssh_run_finish (BO_SSH (source), result, &error);
  if (output != NULL)
    {
      g_debug ("preflight: %s%s", output->output, output->words);
      self->preflight = bo_ssh_preflight_read (output->output, place, &error);
    }
  if (self->preflight == NULL || bo_ssh_is_gone (self->ssh))
    {
      fail (task, error != NULL ? g_steal_pointer (&error)
                                : g_error_new (BO_ENGINE_ERROR, BO_ENGINE_ERROR_UNREACHABLE,
                                               _ ("the connection to %s ended"), place));
      return;
    }
  /* A host that runs no command (no sessions, a forced command) may still forward. */
  self->remote_path = g_strdup (self->preflight->path != NULL ? self->preflight->path : self->url->path);
  bo_ssh_forward_async (self->ssh, self->socket_path,
                        self->remote_path == NULL ? DEFAULT_REMOTE_PATH : self->remote_path,
                        g_task_get_cancellable (task), forwarded_cb, g_object_ref (task));
}

static void
ssh_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoTunnel *self = g_task_get_task_data (task);
  g_autofree char *script = NULL;
  g_autoptr (GError) error = NULL;

  self->ssh = bo_ssh_open_finish (result, &error);
  if (self->ssh == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_signal_connect_object (self->ssh, "ended", G_CALLBACK (ssh_ended_cb), self, 0);
  if (self->login_func != NULL)
    self->login_func (self->login_data);
  script = bo_ssh_preflight_make_script (self->url->path);
  bo_ssh_run_async (self->ssh, "sh -s", script, g_task_get_cancellable (task), preflight_cb,
                    g_object_ref (task));
}

/**
 * bo_tunnel_open_async:
 * @url: an ssh:// URL
 * @folder: a private folder for its sockets
 * @unattended: as in bo_ssh_open_async()
 * @login_func: (nullable): called when the host has let ssh in
 * @login_data: for @login_func
 *
 * Opens a way to the engine on a device, up to its answer to a ping.
 */
void
bo_tunnel_open_async (const BoDeviceUrl *url,
                      const char *folder,
                      gboolean unattended,
                      BoTunnelLoginFunc login_func,
                      gpointer login_data,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  BoTunnel *self;

  g_return_if_fail (url != NULL && folder != NULL);

  g_task_set_source_tag (task, bo_tunnel_open_async);
  self = g_object_new (BO_TYPE_TUNNEL, NULL);
  self->url = bo_device_url_copy (url);
  self->socket_path = g_build_filename (folder, "engine", NULL);
  self->login_func = login_func;
  self->login_data = login_data;
  g_task_set_task_data (task, self, g_object_unref);
  bo_ssh_open_async (url, folder, unattended, cancellable, ssh_opened_cb, g_steal_pointer (&task));
}

/**
 * bo_tunnel_open_finish:
 *
 * Returns: (transfer full): a tunnel through which the engine answers
 */
BoTunnel *
bo_tunnel_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

const char *
bo_tunnel_get_socket_path (BoTunnel *self)
{
  g_return_val_if_fail (BO_IS_TUNNEL (self), NULL);

  return self->socket_path;
}

/**
 * bo_tunnel_get_remote_path:
 *
 * Returns: (transfer none): the engine's socket on the device
 */
const char *
bo_tunnel_get_remote_path (BoTunnel *self)
{
  g_return_val_if_fail (BO_IS_TUNNEL (self), NULL);

  return self->remote_path == NULL ? DEFAULT_REMOTE_PATH : self->remote_path;
}

/**
 * bo_tunnel_is_relayed:
 *
 * Returns: whether a process on the device stands in for forwarding
 */
gboolean
bo_tunnel_is_relayed (BoTunnel *self)
{
  g_return_val_if_fail (BO_IS_TUNNEL (self), FALSE);

  return self->relay != NULL;
}

/**
 * bo_tunnel_dup_relay_error:
 *
 * Returns: (transfer full) (nullable): why the last connection through the
 * process on the device failed, if it did
 */
GError *
bo_tunnel_dup_relay_error (BoTunnel *self)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *tidy = NULL;
  BoEngineError code;

  g_return_val_if_fail (BO_IS_TUNNEL (self), NULL);

  reason = self->relay == NULL ? NULL : bo_relay_dup_error (self->relay);
  if (reason == NULL)
    return NULL;
  tidy = bo_ssh_words_tidy (reason->message);
  if (!bo_ssh_words_classify (tidy, &code))
    code = BO_ENGINE_ERROR_FORWARDING_REFUSED;
  /* The docker command's own words. */
  if (strstr (tidy, "permission denied while trying to connect") != NULL)
    code = BO_ENGINE_ERROR_SOCKET_DENIED;
  else if (strstr (tidy, "Cannot connect to the Docker daemon") != NULL)
    code = BO_ENGINE_ERROR_SOCKET_MISSING;
  return g_error_new_literal (BO_ENGINE_ERROR, (int) code, tidy);
}

/**
 * bo_tunnel_get_error:
 *
 * Returns: (transfer none) (nullable): why ssh ended
 */
const GError *
bo_tunnel_get_error (BoTunnel *self)
{
  g_return_val_if_fail (BO_IS_TUNNEL (self), NULL);

  return self->end_error;
}

/**
 * bo_tunnel_get_ssh:
 *
 * Returns: (transfer none): the ssh connection, for commands on the device
 */
BoSsh *
bo_tunnel_get_ssh (BoTunnel *self)
{
  g_return_val_if_fail (BO_IS_TUNNEL (self), NULL);

  return self->ssh;
}

void
bo_tunnel_close (BoTunnel *self)
{
  g_return_if_fail (BO_IS_TUNNEL (self));

  g_clear_pointer (&self->relay, bo_relay_free);
  if (self->ssh != NULL)
    bo_ssh_close (self->ssh);
  g_unlink (self->socket_path);
}
