/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * BoRecordError: why a written record cannot be read
 * @BO_RECORD_ERROR_SYNTAX: it is not JSON
 * @BO_RECORD_ERROR_FORMAT: it is a record of a later format
 * @BO_RECORD_ERROR_VALUE: a member is missing or is not what it must be
 */
typedef enum
{
  BO_RECORD_ERROR_SYNTAX,
  BO_RECORD_ERROR_FORMAT,
  BO_RECORD_ERROR_VALUE,
} BoRecordError;

#define BO_RECORD_ERROR (bo_record_error_quark ())
GQuark bo_record_error_quark (void);

/*
 * Strict reading of members. @path is where @object stands ("$.trials[3]") and
 * goes into the error, which these set when they return %FALSE.
 */
gboolean bo_record_json_string (JsonObject *object,
                                const char *path,
                                const char *member,
                                gboolean nullable,
                                char **value,
                                GError **error);
gboolean bo_record_json_int (JsonObject *object,
                             const char *path,
                             const char *member,
                             gint64 minimum,
                             gint64 maximum,
                             gint64 *value,
                             GError **error);
gboolean bo_record_json_boolean (JsonObject *object,
                                 const char *path,
                                 const char *member,
                                 gboolean *value,
                                 GError **error);
JsonArray *bo_record_json_array (JsonObject *object, const char *path, const char *member, GError **error);
JsonObject *bo_record_json_element (JsonArray *array, guint index, const char *path, GError **error);
gboolean bo_record_json_strings (JsonObject *object,
                                 const char *path,
                                 const char *member,
                                 GPtrArray *values,
                                 GError **error);
gboolean bo_record_json_wrong (GError **error, const char *path, const char *member, const char *expected);

G_END_DECLS
