/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "engine/bo-engine.h"

G_BEGIN_DECLS

/*
 * What the typed requests share: send one request, make a value of the JSON
 * answer, hand it over. Only for the files of this folder.
 */

/**
 * BoEngineReadFunc:
 *
 * Returns: (transfer full): a value made of the answer, or %NULL with @error
 */
typedef gpointer (*BoEngineReadFunc) (JsonNode *node, GError **error);

/* @read may be NULL when only success matters; bo_engine_call_finish_boolean() then. */
void bo_engine_call_async (BoEngine *engine,
                           BoEngineRequest *request,
                           BoEngineReadFunc read,
                           GDestroyNotify value_free,
                           gpointer tag,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gpointer bo_engine_call_finish (BoEngine *engine, GAsyncResult *result, GError **error);
gboolean bo_engine_call_finish_boolean (BoEngine *engine, GAsyncResult *result, GError **error);

GHashTable *bo_engine_read_labels (JsonObject *object);

G_END_DECLS
