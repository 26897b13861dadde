/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"

G_BEGIN_DECLS

/**
 * BoLinkState:
 * @BO_LINK_OPENING: the first connection is being made
 * @BO_LINK_CONNECTED: bo_link_get_engine() can be used. If bo_link_get_error() is there, the
 *   engine is late: it has not answered for a while, though the way to the device lives
 * @BO_LINK_RECONNECTING: the connection is lost, or the engine is gone from its end; it is tried
 *   again with growing pauses
 * @BO_LINK_LOST: the connection is lost for a reason that waiting does not heal (the host's key
 *   has changed, the user is refused), or the first one could not be made; bo_link_retry() tries
 *   again
 * @BO_LINK_CLOSED: bo_link_close() was called, or opening was cancelled
 */
typedef enum
{
  BO_LINK_OPENING,
  BO_LINK_CONNECTED,
  BO_LINK_RECONNECTING,
  BO_LINK_LOST,
  BO_LINK_CLOSED,
} BoLinkState;

#define BO_TYPE_LINK (bo_link_get_type ())
G_DECLARE_FINAL_TYPE (BoLink, bo_link, BO, LINK, GObject)

/*
 * A way to a device's engine that comes back: it finds out within 45 seconds
 * that the connection is dead (ssh's keep-alive, and a ping of the engine), also after this
 * computer slept, and connects again, after 1, 2, 4, ... at most 30 seconds,
 * until it is closed. Each connection is a new BoEngine; one that is lost fails
 * all its requests.
 *
 * Only the first opening and bo_link_retry() may ask a person something (ssh,
 * for a passphrase). When the link comes back by itself it asks nobody: a key
 * that only a passphrase opens has to be in the agent, else the link is lost
 * for good with %BO_ENGINE_ERROR_PASSPHRASE.
 *
 * To be opened and used in one thread, which must run a main loop and outlive
 * the link: the kernel ends ssh together with the thread that started it.
 *
 * Signal "state-changed" (no arguments): bo_link_get_state(), or what it tells with it, is another
 * one. A handler may call anything here, bo_link_close() too.
 */
BoLink *bo_link_new (const BoDeviceUrl *url);
void bo_link_open_async (BoLink *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean bo_link_open_finish (BoLink *self, GAsyncResult *result, GError **error);

const BoDeviceUrl *bo_link_get_url (BoLink *self);
BoLinkState bo_link_get_state (BoLink *self);
const char *bo_link_state_get_id (BoLinkState state);
BoEngine *bo_link_get_engine (BoLink *self);
const char *bo_link_get_socket_path (BoLink *self);
gint64 bo_link_get_since_us (BoLink *self);
guint bo_link_get_attempt (BoLink *self);
gint64 bo_link_get_next_attempt_us (BoLink *self);
const GError *bo_link_get_error (BoLink *self);
void bo_link_retry (BoLink *self);
void bo_link_close (BoLink *self);

G_END_DECLS
