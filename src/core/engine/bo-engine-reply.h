/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "engine/bo-engine-wire.h"

G_BEGIN_DECLS

#define BO_TYPE_ENGINE_REPLY (bo_engine_reply_get_type ())
G_DECLARE_FINAL_TYPE (BoEngineReply, bo_engine_reply, BO, ENGINE_REPLY, GObject)

/* The longest line that a stream of JSON lines may have: 16 MiB. */
#define BO_ENGINE_LINE_MAX (16 * 1024 * 1024)

/*
 * An answer whose status was good, and its body as it comes. A body that ends
 * early is an error (BO_ENGINE_ERROR_INTERRUPTED) wherever HTTP lets us know.
 */

/* Called for each line, without its line end and NUL-terminated. */
typedef void (*BoEngineLineFunc) (const char *line, gsize length, gpointer user_data);
/* Called for each piece of a body. FALSE with @error set ends the reading. */
typedef gboolean (*BoEngineDataFunc) (const guint8 *data, gsize length, gpointer user_data, GError **error);

guint bo_engine_reply_get_status (BoEngineReply *self);
const char *bo_engine_reply_get_header (BoEngineReply *self, const char *name);

void bo_engine_reply_read_async (BoEngineReply *self,
                                 gsize max_bytes,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GBytes *bo_engine_reply_read_finish (BoEngineReply *self, GAsyncResult *result, GError **error);
void bo_engine_reply_read_all_async (BoEngineReply *self,
                                     gsize max_bytes,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GBytes *bo_engine_reply_read_all_finish (BoEngineReply *self, GAsyncResult *result, GError **error);
void bo_engine_reply_each_data_async (BoEngineReply *self,
                                      BoEngineDataFunc func,
                                      gpointer func_data,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean bo_engine_reply_each_data_finish (BoEngineReply *self, GAsyncResult *result, GError **error);
void bo_engine_reply_each_line_async (BoEngineReply *self,
                                      BoEngineLineFunc func,
                                      gpointer func_data,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean bo_engine_reply_each_line_finish (BoEngineReply *self, GAsyncResult *result, GError **error);

/* For BoEngine. */
BoEngineReply *bo_engine_reply_new (SoupMessage *message, GInputStream *body, BoEngineWire *wire);

G_END_DECLS
