/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "engine/bo-device-url.h"

G_BEGIN_DECLS

/**
 * BoConnectionState:
 * @BO_CONNECTION_CONNECTED: the socket can be used
 * @BO_CONNECTION_LOST: it was, and bo_connection_get_error() says what happened
 * @BO_CONNECTION_CLOSED: bo_connection_close() was called
 */
typedef enum
{
  BO_CONNECTION_CONNECTED,
  BO_CONNECTION_LOST,
  BO_CONNECTION_CLOSED,
} BoConnectionState;

/* ssh has been let in by the host; what comes next is the engine's socket. */
typedef void (*BoConnectionLoginFunc) (gpointer user_data);

#define BO_TYPE_CONNECTION (bo_connection_get_type ())
G_DECLARE_FINAL_TYPE (BoConnection, bo_connection, BO, CONNECTION, GObject)

/*
 * A way to a device's engine. Whatever the URL, it ends in a Unix socket on
 * this computer, so that both libsoup and the courier speak HTTP to a path.
 *
 * Signal "closed" (no arguments): the connection was lost or closed. It is
 * emitted once, in the thread-default main context of the opening.
 */
void bo_connection_open_async (const BoDeviceUrl *url,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void bo_connection_open_watched_async (const BoDeviceUrl *url,
                                       BoConnectionLoginFunc login_func,
                                       gpointer login_data,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
void bo_connection_reopen_async (const BoDeviceUrl *url,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
BoConnection *bo_connection_open_finish (GAsyncResult *result, GError **error);

const BoDeviceUrl *bo_connection_get_url (BoConnection *self);
const char *bo_connection_get_socket_path (BoConnection *self);
BoConnectionState bo_connection_get_state (BoConnection *self);
const GError *bo_connection_get_error (BoConnection *self);
const char *bo_connection_get_remote_socket_path (BoConnection *self);
gboolean bo_connection_is_relayed (BoConnection *self);
gboolean bo_connection_can_run (BoConnection *self);
void bo_connection_run_async (BoConnection *self,
                              const char *script,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *bo_connection_run_finish (BoConnection *self, GAsyncResult *result, GError **error);
void bo_connection_probe_async (BoConnection *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean bo_connection_probe_finish (BoConnection *self, GAsyncResult *result, GError **error);
GError *bo_connection_dup_relay_error (BoConnection *self);
void bo_connection_close (BoConnection *self);
void bo_connection_give_up (BoConnection *self, const GError *reason);
gboolean bo_connection_is_gone (BoConnection *self);

G_END_DECLS
