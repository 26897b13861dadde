/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-check"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "device/bo-device-check.h"
#include "engine/bo-changed-host-key.h"
#include "engine/bo-engine-error.h"

struct _BoDeviceCheck
{
  GObject parent_instance;

  BoDeviceUrl *url;
  GPtrArray *stages; /* (element-type BoDeviceStage) */
  BoEngine *engine;  /* (nullable) */
  BoConnection *connection;
  BoDeviceFacts *facts; /* (nullable) */
  GError *error;        /* (nullable): why it failed */
  gboolean is_relayed;
  gboolean has_begun;
};

G_DEFINE_FINAL_TYPE (BoDeviceCheck, bo_device_check, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  const char *id;
  const char *title;
} kinds[] = {
  { "ssh", N_ ("Login with ssh") },   { "tls", N_ ("Certificates") },
  { "socket", N_ ("Engine socket") }, { "engine", N_ ("Engine") },
  { "builders", N_ ("Builders") },    { "api", N_ ("Engine API") },
  { "runtime", N_ ("GPU runtime") },  { "disk", N_ ("Free disk space") },
};

/**
 * bo_stage_state_get_id:
 *
 * Returns: (transfer none): "ok", "failed", ... for machines
 */
const char *
bo_stage_state_get_id (BoStageState state)
{
  static const char *const ids[] = { "waiting", "running", "ok", "warning", "unknown", "failed", "skipped" };

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (ids), NULL);

  return ids[state];
}

/**
 * bo_stage_state_get_title:
 *
 * Returns: (transfer none): it in a word, translated
 */
const char *
bo_stage_state_get_title (BoStageState state)
{
  static const char *const titles[] = { N_ ("waiting"), N_ ("running"), N_ ("ok"),     N_ ("warning"),
                                        N_ ("unknown"), N_ ("failed"),  N_ ("skipped") };

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (titles), NULL);

  return _ (titles[state]);
}

static void
stage_free (gpointer data)
{
  BoDeviceStage *stage = data;

  g_free (stage->detail);
  g_free (stage->remedy);
  g_free (stage);
}

static void
add_stage (BoDeviceCheck *self, const char *id, guint index)
{
  BoDeviceStage *stage = g_new0 (BoDeviceStage, 1);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].id, id) == 0)
      {
        stage->id = kinds[i].id;
        stage->title = _ (kinds[i].title);
      }
  g_ptr_array_insert (self->stages, (int) index, stage);
}

static guint
find_stage (BoDeviceCheck *self, const char *id)
{
  for (guint i = 0; i < self->stages->len; i++)
    if (strcmp (((BoDeviceStage *) self->stages->pdata[i])->id, id) == 0)
      return i;
  return G_MAXUINT;
}

static void
set_stage (BoDeviceCheck *self,
           const char *id,
           BoStageState state,
           const char *detail,
           const char *error_id,
           const char *remedy)
{
  guint index = find_stage (self, id);
  BoDeviceStage *stage;

  g_return_if_fail (index < self->stages->len);

  stage = self->stages->pdata[index];
  g_free (stage->detail);
  g_free (stage->remedy);
  stage->state = state;
  stage->detail = g_strdup (detail);
  stage->error_id = error_id;
  stage->remedy = g_strdup (remedy);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, index);
}

/* It has served its purpose; somebody may look at the stages for long. */
static void
hang_up (BoDeviceCheck *self)
{
  if (self->connection != NULL)
    bo_connection_close (self->connection);
}

static void
bo_device_check_dispose (GObject *object)
{
  BoDeviceCheck *self = BO_DEVICE_CHECK (object);

  hang_up (self);
  g_clear_object (&self->engine);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (bo_device_check_parent_class)->dispose (object);
}

static void
bo_device_check_finalize (GObject *object)
{
  BoDeviceCheck *self = BO_DEVICE_CHECK (object);

  bo_device_url_free (self->url);
  g_ptr_array_unref (self->stages);
  g_clear_pointer (&self->facts, bo_device_facts_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (bo_device_check_parent_class)->finalize (object);
}

static void
bo_device_check_class_init (BoDeviceCheckClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bo_device_check_dispose;
  object_class->finalize = bo_device_check_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", BO_TYPE_DEVICE_CHECK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
bo_device_check_init (BoDeviceCheck *self)
{
  self->stages = g_ptr_array_new_with_free_func (stage_free);
}

/**
 * bo_device_check_new:
 * @url: the device
 *
 * Returns: (transfer full): a check whose stages all wait
 */
BoDeviceCheck *
bo_device_check_new (const BoDeviceUrl *url)
{
  static const char *const later[] = { "engine", "api", "runtime", "disk" };
  BoDeviceCheck *self;

  g_return_val_if_fail (url != NULL, NULL);

  self = g_object_new (BO_TYPE_DEVICE_CHECK, NULL);
  self->url = bo_device_url_copy (url);
  if (url->scheme == BO_DEVICE_SSH)
    add_stage (self, "ssh", self->stages->len);
  add_stage (self, url->scheme == BO_DEVICE_TCP ? "tls" : "socket", self->stages->len);
  for (guint i = 0; i < G_N_ELEMENTS (later); i++)
    add_stage (self, later[i], self->stages->len);
  return self;
}

guint
bo_device_check_get_n_stages (BoDeviceCheck *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_CHECK (self), 0);

  return self->stages->len;
}

const BoDeviceStage *
bo_device_check_get_stage (BoDeviceCheck *self, guint index)
{
  g_return_val_if_fail (BO_IS_DEVICE_CHECK (self) && index < self->stages->len, NULL);

  return self->stages->pdata[index];
}

/**
 * bo_device_check_get_facts:
 *
 * Returns: (transfer none) (nullable): what the device is like, when all went well
 */
const BoDeviceFacts *
bo_device_check_get_facts (BoDeviceCheck *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_CHECK (self), NULL);

  return self->facts;
}

/**
 * bo_device_check_get_error:
 *
 * Returns: (transfer none) (nullable): why a stage failed
 */
const GError *
bo_device_check_get_error (BoDeviceCheck *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_CHECK (self), NULL);

  return self->error;
}

gboolean
bo_device_check_has_engine (BoDeviceCheck *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_CHECK (self), FALSE);

  return self->engine != NULL;
}

/**
 * bo_device_check_is_relayed:
 *
 * Returns: bo_connection_is_relayed() of the connection that was made
 */
gboolean
bo_device_check_is_relayed (BoDeviceCheck *self)
{
  g_return_val_if_fail (BO_IS_DEVICE_CHECK (self), FALSE);

  return self->is_relayed;
}

/* Which stage an error stopped. */
static const char *
stage_of (BoDeviceCheck *self, const GError *error)
{
  const char *first = ((BoDeviceStage *) self->stages->pdata[0])->id;

  if (error->domain == BO_ENGINE_ERROR)
    switch ((BoEngineError) error->code)
      {
      case BO_ENGINE_ERROR_SOCKET_MISSING:
      case BO_ENGINE_ERROR_SOCKET_DENIED:
      case BO_ENGINE_ERROR_FORWARDING_REFUSED:
        return self->url->scheme == BO_DEVICE_TCP ? "tls" : "socket";
      case BO_ENGINE_ERROR_NOT_AN_ENGINE:
      case BO_ENGINE_ERROR_NO_ANSWER:
      case BO_ENGINE_ERROR_SERVER:
        return "engine";
      case BO_ENGINE_ERROR_TOO_OLD:
      case BO_ENGINE_ERROR_TOO_NEW:
        return "api";
      case BO_ENGINE_ERROR_URL:
      case BO_ENGINE_ERROR_SSH_MISSING:
      case BO_ENGINE_ERROR_NAME_RESOLUTION:
      case BO_ENGINE_ERROR_UNREACHABLE:
      case BO_ENGINE_ERROR_REFUSED:
      case BO_ENGINE_ERROR_TIMED_OUT:
      case BO_ENGINE_ERROR_HOST_KEY_UNKNOWN:
      case BO_ENGINE_ERROR_HOST_KEY_CHANGED:
      case BO_ENGINE_ERROR_AUTHENTICATION:
      case BO_ENGINE_ERROR_PASSPHRASE:
      case BO_ENGINE_ERROR_TOO_MANY_SESSIONS:
      case BO_ENGINE_ERROR_CERTIFICATE:
      case BO_ENGINE_ERROR_NOT_FOUND:
      case BO_ENGINE_ERROR_CONFLICT:
      case BO_ENGINE_ERROR_BAD_REQUEST:
      case BO_ENGINE_ERROR_UNAUTHORIZED:
      case BO_ENGINE_ERROR_REGISTRY:
      case BO_ENGINE_ERROR_DISK_FULL:
      case BO_ENGINE_ERROR_UNKNOWN_RUNTIME:
      case BO_ENGINE_ERROR_NO_DEVICE_DRIVER:
      case BO_ENGINE_ERROR_PROTOCOL:
      case BO_ENGINE_ERROR_INTERRUPTED:
      case BO_ENGINE_ERROR_CREDENTIALS:
      case BO_ENGINE_ERROR_REFERENCE:
      default:
        break;
      }
  else if (self->engine == NULL)
    return self->url->scheme == BO_DEVICE_TCP ? "tls" : "socket";
  return self->engine != NULL ? "engine" : first;
}

static char *
get_remedy (const GError *error)
{
  g_autoptr (BoChangedHostKey) changed = NULL;

  if (g_error_matches (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_HOST_KEY_CHANGED))
    changed = bo_changed_host_key_new (error->message);
  if (changed == NULL)
    return g_strdup (bo_engine_error_get_remedy (error));
  return g_strdup_printf (_ ("The key was %s and is %s now. If the device was set up anew, remove its old key with “%s” and "
                             "confirm the new one. If not, somebody may be listening: do not connect."),
                          changed->old_fingerprint != NULL ? changed->old_fingerprint : _ ("another one"),
                          changed->new_fingerprint, changed->command);
}

/* Nothing that comes after a stage that failed is looked at. */
static void
skip_rest (BoDeviceCheck *self)
{
  for (guint i = 0; i < self->stages->len; i++)
    {
      BoDeviceStage *stage = self->stages->pdata[i];

      if (stage->state == BO_STAGE_WAITING || stage->state == BO_STAGE_RUNNING)
        set_stage (self, stage->id, BO_STAGE_SKIPPED, NULL, NULL, NULL);
    }
}

/* What an error that came later has got past. */
static void
pass (BoDeviceCheck *self, const char *up_to)
{
  for (guint i = 0; i < find_stage (self, up_to); i++)
    {
      BoDeviceStage *stage = self->stages->pdata[i];

      if (stage->state == BO_STAGE_WAITING || stage->state == BO_STAGE_RUNNING)
        set_stage (self, stage->id, BO_STAGE_OK, strcmp (stage->id, "ssh") == 0 ? _ ("connected") : _ ("reached"), NULL,
                   NULL);
    }
}

static void
fail (GTask *task, GError *error)
{
  BoDeviceCheck *self = g_task_get_source_object (task);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      const char *stage = stage_of (self, error);
      g_autofree char *remedy = get_remedy (error);

      g_set_error_literal (&self->error, error->domain, error->code, error->message);
      pass (self, stage);
      set_stage (self, stage, BO_STAGE_FAILED, error->message,
                 error->domain == BO_ENGINE_ERROR ? bo_engine_error_get_id ((BoEngineError) error->code) : "other",
                 remedy);
    }
  skip_rest (self);
  hang_up (self);
  g_task_return_error (task, error);
}

static void
show_runtime (BoDeviceCheck *self)
{
  const BoDeviceFacts *facts = self->facts;
  const char *default_runtime = facts->default_runtime == NULL ? "?" : facts->default_runtime;
  gboolean has_nvidia = g_ptr_array_find_with_equal_func (facts->runtimes, "nvidia", g_str_equal, NULL);
  g_autofree char *detail = NULL;

  if (!has_nvidia)
    {
      detail = g_strdup_printf (_ ("there is no runtime “nvidia” (default: %s)"), default_runtime);
      set_stage (self, "runtime", BO_STAGE_WARNING, detail, "unknown-runtime",
                 _ ("For containers that use the GPU install the NVIDIA Container Toolkit on the device and "
                    "run “sudo "
                    "nvidia-ctk runtime configure”."));
      return;
    }
  detail = g_strdup_printf (_ ("“nvidia” is there (default: %s)"), default_runtime);
  if (strcmp (default_runtime, "nvidia") == 0)
    set_stage (self, "runtime", BO_STAGE_OK, detail, NULL, NULL);
  else if (facts->is_podman)
    set_stage (self, "runtime", BO_STAGE_WARNING, detail, NULL,
               _ ("Podman's service gives every container its default, whatever the study's “runtime” says. For the GPU make "
                  "“nvidia” the default on the device, in /etc/containers/containers.conf: [engine] runtime = \"nvidia\"."));
  else
    set_stage (self, "runtime", BO_STAGE_OK, detail, NULL,
               _ ("Containers get it by the study's “runtime”. Steps of a build see the GPU only if “nvidia” is the "
                  "default, and only with the classic builder."));
}

static void
show_disk (BoDeviceCheck *self)
{
  const BoDeviceFacts *facts = self->facts;
  g_autofree char *detail = NULL;

  if (facts->free_disk >= 0)
    {
      g_autofree char *size = g_format_size ((guint64) facts->free_disk);

      detail = g_strdup_printf (_ ("%s free at %s (storage driver %s)"), size, facts->root_dir,
                                facts->storage_driver == NULL ? "?" : facts->storage_driver);
      set_stage (self, "disk", BO_STAGE_OK, detail, NULL, NULL);
      return;
    }
  detail = g_strdup_printf (_ ("how much is free at %s cannot be seen from here"),
                            facts->root_dir == NULL ? "?" : facts->root_dir);
  set_stage (self, "disk", BO_STAGE_UNKNOWN, detail, NULL, NULL);
}

static void
facts_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoDeviceCheck *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autofree char *memory = NULL;
  g_autofree char *summary = NULL;
  g_autofree char *api = NULL;
  const BoDeviceFacts *facts;

  facts = self->facts = bo_device_facts_read_finish (self->engine, result, &error);
  if (facts == NULL)
    {
      fail (task, error);
      return;
    }
  memory = g_format_size_full ((guint64) facts->memory, G_FORMAT_SIZE_IEC_UNITS);
  summary = g_strdup_printf (
      _ ("%s %s on %s: %s, kernel %s, %s, %u CPUs, %s"), facts->is_podman ? "Podman" : "Docker",
      facts->engine_version == NULL ? "?" : facts->engine_version, facts->name == NULL ? "?" : facts->name,
      facts->os == NULL ? "?" : facts->os, facts->kernel == NULL ? "?" : facts->kernel,
      facts->arch == NULL ? "?" : facts->arch, facts->n_cpus, memory);
  set_stage (self, "engine", BO_STAGE_OK, summary, NULL, NULL);
  if (facts->is_podman)
    {
      add_stage (self, "builders", find_stage (self, "api"));
      set_stage (self, "builders", BO_STAGE_WARNING,
                 _ ("Podman has its own builder in place of Docker's; there is no BuildKit"), NULL,
                 _ ("Cells with the builder “classic” are built with it; those with “buildkit” are not supported here. A RUN "
                    "that is stopped or has run out of time goes on until it ends by itself: Podman does not end it."));
    }
  api = g_strdup_printf (_ ("version %s is spoken; the engine has up to %s"), bo_engine_get_api_version (self->engine),
                         facts->api_version);
  set_stage (self, "api", BO_STAGE_OK, api, NULL, NULL);
  show_runtime (self);
  show_disk (self);
  hang_up (self);
  g_task_return_boolean (task, TRUE);
}

static void
engine_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoDeviceCheck *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->engine = bo_engine_open_connection_finish (result, &error);
  if (self->engine == NULL)
    {
      fail (task, error);
      return;
    }
  bo_device_facts_read_async (self->engine, g_task_get_cancellable (task), facts_cb, g_object_ref (task));
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BoDeviceCheck *self = g_task_get_source_object (task);
  GError *error = NULL;
  const char *remote;

  self->connection = bo_connection_open_finish (result, &error);
  if (self->connection == NULL)
    {
      fail (task, error);
      return;
    }
  remote = bo_connection_get_remote_socket_path (self->connection);
  self->is_relayed = bo_connection_is_relayed (self->connection);
  if (self->url->scheme == BO_DEVICE_TCP)
    set_stage (self, "tls", BO_STAGE_OK, _ ("both certificates are accepted"), NULL, NULL);
  else if (self->is_relayed)
    set_stage (self, "socket", BO_STAGE_WARNING,
               _ ("the device forwards no sockets; its docker command stands in (docker system dial-stdio)"),
               "forwarding-refused",
               _ ("For less delay set “AllowStreamLocalForwarding yes” in the device's /etc/ssh/sshd_config."));
  else
    set_stage (self, "socket", BO_STAGE_OK, remote, NULL, NULL);
  set_stage (self, "engine", BO_STAGE_RUNNING, NULL, NULL, NULL);
  bo_engine_open_connection_async (self->connection, g_task_get_cancellable (task), engine_cb, g_object_ref (task));
}

static void
logged_in (gpointer user_data)
{
  BoDeviceCheck *self = user_data;

  set_stage (self, "ssh", BO_STAGE_OK, _ ("connected"), NULL, NULL);
  set_stage (self, "socket", BO_STAGE_RUNNING, NULL, NULL, NULL);
}

/**
 * bo_device_check_run_async:
 * @cancellable: (nullable): ends it at once
 *
 * Runs the check, once. Over ssh a person may be asked for a passphrase.
 */
void
bo_device_check_run_async (BoDeviceCheck *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (BO_IS_DEVICE_CHECK (self) && !self->has_begun);

  g_task_set_source_tag (task, bo_device_check_run_async);
  self->has_begun = TRUE;
  set_stage (self, ((BoDeviceStage *) self->stages->pdata[0])->id, BO_STAGE_RUNNING, NULL, NULL, NULL);
  bo_connection_open_watched_async (self->url, logged_in, self, cancellable, connected_cb, g_steal_pointer (&task));
}

/**
 * bo_device_check_run_finish:
 *
 * Returns: whether the device can be built on; on error the stages say where it ended
 */
gboolean
bo_device_check_run_finish (BoDeviceCheck *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
