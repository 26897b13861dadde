/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void bo_translations_start (void);
const char *bo_translations_get_folder (void);
char *bo_translations_get_language (void);

G_END_DECLS
