/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-cli-running"

#include "config.h"

#include "bo-cli-engine.h"
#include "bo-cli-running.h"
#include "bo-cli.h"

typedef struct
{
  BoCliRunningFunc func;
  gpointer user_data;
} Asking;

static int
find_cb (BoStore *store, const char *device_url, const char *socket_path, gpointer user_data)
{
  Asking *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoRunning) running = bo_running_find (store, device_url, socket_path, &error);

  return running != NULL ? self->func (running, self->user_data) : bo_cli_report (error);
}

/**
 * bo_cli_with_running:
 * @command: the command that asks, for its messages
 * @device: (nullable): name of a saved device, or a URL
 * @func: what is done with the campaign that runs there
 * @user_data: for @func
 *
 * Returns: what @func returned, or an exit code after a message was printed
 */
int
bo_cli_with_running (const char *command, const char *device, BoCliRunningFunc func, gpointer user_data)
{
  Asking self = { .func = func, .user_data = user_data };

  return bo_cli_with_engine (command, device, find_cb, &self);
}
