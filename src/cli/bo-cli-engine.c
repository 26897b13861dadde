/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-engine"

#include "config.h"

#include <glib/gi18n.h>

#include "bo-cli-device.h"
#include "bo-cli-engine.h"
#include "bo-cli-store.h"
#include "bo-cli.h"
#include "engine/bo-engine-error.h"
#include "session/bo-running.h"

typedef struct
{
  GMainLoop *loop;
  BoStore *store;
  BoEngine *engine;
  char *url;
  BoCliEngineFunc func;
  gpointer user_data;
  int exit_code;
} Asking;

/**
 * bo_cli_report:
 * @error: what an engine, the store or a campaign's folder said
 *
 * Prints it, with what to do about it when that is known.
 *
 * Returns: the exit code for it
 */
int
bo_cli_report (const GError *error)
{
  bo_cli_error ("%s", error->message);
  if (error->domain == BO_ENGINE_ERROR)
    bo_cli_print_remedy (error);
  if (error->domain == BO_RUNNING_ERROR)
    return BO_EXIT_FAILED;
  return error->domain == BO_STORE_ERROR ? BO_EXIT_INTERNAL : BO_EXIT_DEVICE;
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Asking *self = task_data;

  g_task_return_int (task, self->func (self->store, self->url, bo_engine_get_socket_path (self->engine), self->user_data));
}

static void
asked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Asking *self = user_data;

  self->exit_code = (int) g_task_propagate_int (G_TASK (result), NULL);
  g_main_loop_quit (self->loop);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Asking *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) task = NULL;

  self->engine = bo_engine_open_finish (result, &error);
  if (self->engine == NULL)
    {
      self->exit_code = bo_cli_report (error);
      g_main_loop_quit (self->loop);
      return;
    }
  /* In a thread, since a relayed connection needs this main loop to go on. */
  task = g_task_new (NULL, NULL, asked_cb, self);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, ask_in_thread);
}

/**
 * bo_cli_with_engine:
 * @command: the command that asks, for its messages
 * @device: (nullable): name of a saved device, or a URL
 * @func: what is done there
 * @user_data: for @func
 *
 * Returns: what @func returned, or an exit code after a message was printed
 */
int
bo_cli_with_engine (const char *command, const char *device, BoCliEngineFunc func, gpointer user_data)
{
  Asking self = { .func = func, .user_data = user_data };
  g_autoptr (BoDeviceUrl) url = NULL;
  int exit_code = bo_cli_find_device (command, device, &url);

  if (exit_code == BO_EXIT_OK && (self.store = bo_cli_open_store ()) == NULL)
    exit_code = BO_EXIT_INTERNAL;
  if (exit_code != BO_EXIT_OK)
    return exit_code;

  self.loop = g_main_loop_new (NULL, FALSE);
  self.url = bo_device_url_to_string (url);
  bo_engine_open_async (url, NULL, opened_cb, &self);
  g_main_loop_run (self.loop);

  if (self.engine != NULL)
    bo_connection_close (bo_engine_get_connection (self.engine));
  g_clear_object (&self.engine);
  bo_store_close_sync (self.store);
  g_clear_object (&self.store);
  g_main_loop_unref (self.loop);
  g_free (self.url);
  return self.exit_code;
}
