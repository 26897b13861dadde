/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "engine/bo-device-url.h"
#include "engine/bo-ssh.h"

G_BEGIN_DECLS

#define BO_TYPE_TUNNEL (bo_tunnel_get_type ())
G_DECLARE_FINAL_TYPE (BoTunnel, bo_tunnel, BO, TUNNEL, GObject)

/* ssh has been let in by the host; what comes next is the engine's socket. */
typedef void (*BoTunnelLoginFunc) (gpointer user_data);

/*
 * A socket on this computer that leads through ssh to an engine's socket on a
 * device: forwarded by ssh or, where the host forwards none, by a "docker
 * system dial-stdio" there for each connection.
 *
 * Signal "lost" (GError *reason): ssh is gone.
 */
void bo_tunnel_open_async (const BoDeviceUrl *url,
                           const char *folder,
                           gboolean unattended,
                           BoTunnelLoginFunc login_func,
                           gpointer login_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
BoTunnel *bo_tunnel_open_finish (GAsyncResult *result, GError **error);
const char *bo_tunnel_get_socket_path (BoTunnel *self);
const char *bo_tunnel_get_remote_path (BoTunnel *self);
gboolean bo_tunnel_is_relayed (BoTunnel *self);
GError *bo_tunnel_dup_relay_error (BoTunnel *self);
const GError *bo_tunnel_get_error (BoTunnel *self);
BoSsh *bo_tunnel_get_ssh (BoTunnel *self);
void bo_tunnel_close (BoTunnel *self);

G_END_DECLS
