/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "engine/bo-connection.h"
#include "engine/bo-engine-reply.h"
#include "engine/bo-engine-request.h"

G_BEGIN_DECLS

/*
 * The API versions that Bakeoff speaks: 1.40 is Docker 19.03, the oldest on a
 * Jetson that is still in use, 1.51 is Docker 28.5. The lower of ours and the
 * engine's is used.
 */
#define BO_ENGINE_API_MIN "1.40"
#define BO_ENGINE_API_MAX "1.51"

#define BO_TYPE_ENGINE (bo_engine_get_type ())
G_DECLARE_FINAL_TYPE (BoEngine, bo_engine, BO, ENGINE, GObject)

/*
 * A Docker engine, for everything but builds, which the courier plays. Two
 * HTTP sessions: one for questions with a time limit, one for what may take
 * as long as it likes. Requests run in the main context of the calling thread
 * and may overlap. What is read from an engine is not trusted.
 *
 * The typed requests are in bo-engine-images.h, bo-engine-containers.h,
 * bo-engine-exec.h, bo-engine-volumes.h, bo-engine-system.h.
 */

/* Opens a connection and asks the engine for its API version. */
void bo_engine_open_async (const BoDeviceUrl *url,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
BoEngine *bo_engine_open_finish (GAsyncResult *result, GError **error);
/* The same over a connection that is open already. */
void bo_engine_open_connection_async (BoConnection *connection,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
BoEngine *bo_engine_open_connection_finish (GAsyncResult *result, GError **error);
/* The same for a socket on this computer that is known already. */
void bo_engine_open_socket_async (const char *socket_path,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
BoEngine *bo_engine_open_socket_finish (GAsyncResult *result, GError **error);

BoConnection *bo_engine_get_connection (BoEngine *self);
const char *bo_engine_get_socket_path (BoEngine *self);
const char *bo_engine_get_api_version (BoEngine *self);
const char *bo_engine_get_engine_api_version (BoEngine *self);
const char *bo_engine_get_builder_version (BoEngine *self);
gboolean bo_engine_has_api (BoEngine *self, guint major, guint minor);

/* Sends any request; the reply's body is still to be read. */
void bo_engine_send_async (BoEngine *self,
                           BoEngineRequest *request,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
BoEngineReply *bo_engine_send_finish (BoEngine *self, GAsyncResult *result, GError **error);
/* Sends any request whose answer is one JSON value. */
void bo_engine_request_async (BoEngine *self,
                              BoEngineRequest *request,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
JsonNode *bo_engine_request_finish (BoEngine *self, GAsyncResult *result, GError **error);

/* Does the engine still answer? Its own short time limit. */
void bo_engine_ping_async (BoEngine *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean bo_engine_ping_finish (BoEngine *self, GAsyncResult *result, GError **error);

G_END_DECLS
