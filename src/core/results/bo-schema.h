/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "Bake": PRAGMA application_id of our files. */
#define BO_SCHEMA_APPLICATION_ID 0x42616b65
/* PRAGMA user_version: how many of the steps a file has been through. */
#define BO_SCHEMA_VERSION 2

const char *bo_schema_get_step (guint version);

G_END_DECLS
