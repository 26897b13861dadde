/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * One request of the Engine API, to be given to a BoEngine: a method, a path
 * below the API version, a query, headers and a body.
 */
typedef struct _BoEngineRequest BoEngineRequest;

BoEngineRequest *bo_engine_request_new (const char *method, const char *format, ...) G_GNUC_PRINTF (2, 3);
void bo_engine_request_add_query (BoEngineRequest *request, const char *name, const char *value);
void bo_engine_request_add_filter (BoEngineRequest *request, const char *key, const char *value);
void bo_engine_request_add_header (BoEngineRequest *request, const char *name, const char *value);
void bo_engine_request_set_body_json (BoEngineRequest *request, JsonNode *node);
void bo_engine_request_set_body_stream (BoEngineRequest *request,
                                        const char *content_type,
                                        GInputStream *stream,
                                        gssize length);
void bo_engine_request_set_patient (BoEngineRequest *request);
void bo_engine_request_free (BoEngineRequest *request);

char *bo_engine_request_escape (const char *segment);

/* For BoEngine. */
char *bo_engine_request_make_target (BoEngineRequest *request, const char *api_version);
const char *bo_engine_request_get_method (BoEngineRequest *request);
gboolean bo_engine_request_is_patient (BoEngineRequest *request);
GInputStream *
bo_engine_request_get_body (BoEngineRequest *request, const char **content_type, gssize *length);
void bo_engine_request_foreach_header (BoEngineRequest *request, GFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoEngineRequest, bo_engine_request_free)

G_END_DECLS
