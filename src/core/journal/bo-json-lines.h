/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/*
 * A stream of JSON objects, one a line, in pieces cut anywhere: what POST
 * /build and GET /events answer.
 */

/* A longer line is not taken for JSON. */
#define BO_JSON_LINE_MAX (8 * 1024 * 1024)

/**
 * BoJsonLineFunc:
 * @object: (nullable): the object, or %NULL when the line is none
 * @text: the line as it came
 * @length: of @text, bytes
 */
typedef void (*BoJsonLineFunc) (JsonObject *object, const char *text, gsize length, gpointer user_data);

typedef struct
{
  GByteArray *line;
  gboolean in_long_line;
} BoJsonLines;

void bo_json_lines_init (BoJsonLines *lines);
void bo_json_lines_clear (BoJsonLines *lines);
void bo_json_lines_feed (BoJsonLines *lines,
                         const char *bytes,
                         gsize length,
                         BoJsonLineFunc func,
                         gpointer user_data);
void bo_json_lines_flush (BoJsonLines *lines, BoJsonLineFunc func, gpointer user_data);

G_END_DECLS
