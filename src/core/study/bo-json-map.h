/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Where the values of a JSON text stand, which json-glib does not tell: it
 * maps JSON paths to lines, finds keys that are there twice (json-glib keeps
 * the last silently), and refuses what would harm a reader: text that is not
 * UTF-8, nesting without end, numbers that do not fit and strings with NUL.
 */

/* How deep arrays and objects may be nested. json-glib reads them recursively. */
#define BO_JSON_MAP_MAX_DEPTH 64

/**
 * BoJsonMapError:
 * @BO_JSON_MAP_ERROR_SYNTAX: the text is not JSON as RFC 8259 has it
 * @BO_JSON_MAP_ERROR_UNSAFE: it is JSON, but holds something that we do not read
 */
typedef enum
{
  BO_JSON_MAP_ERROR_SYNTAX,
  BO_JSON_MAP_ERROR_UNSAFE,
} BoJsonMapError;

#define BO_JSON_MAP_ERROR (bo_json_map_error_quark ())
GQuark bo_json_map_error_quark (void);

/**
 * BoJsonMap: an immutable map of one text
 */
typedef struct _BoJsonMap BoJsonMap;

BoJsonMap *bo_json_map_new (const char *text, gssize length, guint *line, guint *column, GError **error);
void bo_json_map_free (BoJsonMap *map);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoJsonMap, bo_json_map_free)

gboolean bo_json_map_contains (BoJsonMap *map, const char *path);
guint bo_json_map_get_line (BoJsonMap *map, const char *path);
GPtrArray *bo_json_map_get_duplicates (BoJsonMap *map);

/* The paths themselves: "$", "$.bases[0].image", "$.variables[\"A.B\"]". */
char *bo_json_path_append_key (const char *path, const char *key);
char *bo_json_path_append_index (const char *path, guint index);

G_END_DECLS
