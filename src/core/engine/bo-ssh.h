/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "engine/bo-device-url.h"

G_BEGIN_DECLS

#define BO_TYPE_SSH (bo_ssh_get_type ())
G_DECLARE_FINAL_TYPE (BoSsh, bo_ssh, BO, SSH, GObject)

/**
 * BoSshOutput:
 * @output: what the command wrote, at most 1 MiB
 * @words: what it and ssh wrote to standard error
 * @exit_status: its exit status; 255 may be ssh's own
 */
typedef struct
{
  char *output;
  char *words;
  int exit_status;
} BoSshOutput;

void bo_ssh_output_free (BoSshOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoSshOutput, bo_ssh_output_free)

/*
 * The system's OpenSSH client as a control master: one process and one
 * connection for a device, through which sockets are forwarded and commands
 * run. The user's configuration, agent, jump hosts and known hosts work because
 * it is their ssh; prompts come where their ssh brings them. The environment
 * variable BAKEOFF_SSH names another ssh program.
 *
 * Must be opened from a thread that lives as long as the connection: the
 * kernel ends the process together with the thread that started it.
 *
 * Signal "ended" (GError *reason): the process is gone though nobody closed it.
 */
void bo_ssh_open_async (const BoDeviceUrl *url,
                        const char *folder,
                        gboolean unattended,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
BoSsh *bo_ssh_open_finish (GAsyncResult *result, GError **error);
void bo_ssh_run_async (BoSsh *self,
                       const char *command,
                       const char *input,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
BoSshOutput *bo_ssh_run_finish (BoSsh *self, GAsyncResult *result, GError **error);
void bo_ssh_forward_async (BoSsh *self,
                           const char *local_path,
                           const char *remote_path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean bo_ssh_forward_finish (BoSsh *self, GAsyncResult *result, GError **error);
GStrv bo_ssh_make_argv (BoSsh *self, const char *command);
void bo_ssh_probe_async (BoSsh *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean bo_ssh_probe_finish (BoSsh *self, GAsyncResult *result, GError **error);
void bo_ssh_close (BoSsh *self);
gboolean bo_ssh_is_gone (BoSsh *self);

void bo_ssh_child_setup (gpointer user_data);

G_END_DECLS
