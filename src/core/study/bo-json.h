/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * Reading JSON that somebody else wrote. json-glib's own getters print
 * criticals when a member is missing or of another type than was asked for;
 * these answer with a default instead. All of them take a NULL object, as what
 * bo_json_get_object() answers for a missing one, so that a path can be walked
 * without a check at each step.
 */

/* The most bytes that one JSON text may have: 64 MiB. */
#define BO_JSON_MAX_BYTES (64 * 1024 * 1024)

JsonNode *bo_json_parse (const char *text,
                         gssize length,
                         GError **error);

const char *bo_json_get_string (JsonObject *object,
                                const char *member,
                                const char *fallback);
gint64 bo_json_get_int (JsonObject *object,
                        const char *member,
                        gint64 fallback);
gboolean bo_json_get_boolean (JsonObject *object,
                              const char *member,
                              gboolean fallback);
JsonObject *bo_json_get_object (JsonObject *object,
                                const char *member);
JsonArray *bo_json_get_array (JsonObject *object,
                              const char *member);
JsonObject *bo_json_node_get_object (JsonNode *node);
JsonArray *bo_json_node_get_array (JsonNode *node);
guint bo_json_array_get_length (JsonArray *array);
JsonObject *bo_json_array_get_object (JsonArray *array,
                                      guint index);
const char *bo_json_array_get_string (JsonArray *array,
                                      guint index);
GPtrArray *bo_json_get_strings (JsonObject *object,
                                const char *member);
JsonNode *bo_json_node_copy (JsonNode *node);
char *bo_json_node_to_text (JsonNode *node,
                            gboolean pretty);

G_END_DECLS
