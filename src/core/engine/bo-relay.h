/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BoRelayOpenFunc:
 * @process: (out) (transfer full) (nullable): the process whose pipes the stream is made of, if it is
 *
 * Makes the far end for a near end that was accepted. Called in a thread of
 * the relay's own, so it may block.
 *
 * Returns: (transfer full): the far end
 */
typedef GIOStream *(*BoRelayOpenFunc) (gpointer user_data,
                                       GSubprocess **process,
                                       GCancellable *cancellable,
                                       GError **error);

/*
 * A private Unix socket whose connections are each joined to a stream of
 * another kind: TLS to a tcp:// engine, or the pipes of "docker system
 * dial-stdio". All of it runs in threads, so a busy main loop slows nothing
 * down. The end of one direction is passed on as the end of that direction; a
 * failure of either side closes both.
 */
typedef struct _BoRelay BoRelay;

BoRelay *bo_relay_new (const char *path,
                       BoRelayOpenFunc open_func,
                       gpointer user_data,
                       GDestroyNotify destroy,
                       GError **error);
GError *bo_relay_dup_error (BoRelay *relay);
void bo_relay_free (BoRelay *relay);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoRelay, bo_relay_free)

G_END_DECLS
