/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "study/bo-study.h"

G_BEGIN_DECLS

/* What the commands share that take a study: --set NAME=VALUE, and loading with all problems shown. */

GHashTable *bo_cli_parse_set (char **assignments, GError **error);
BoStudy *bo_cli_load_study (const char *path, GHashTable *variables);

G_END_DECLS
