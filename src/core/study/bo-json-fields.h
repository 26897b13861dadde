/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Members of JSON objects as texts that a person edits. */

char *bo_json_field_read (JsonObject *object, const char *member);
void bo_json_field_write (JsonObject *object, const char *member, const char *text);

G_END_DECLS
