/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "engine/bo-engine-error.h"

G_BEGIN_DECLS

gboolean bo_ssh_words_classify (const char *words, BoEngineError *code);
char *bo_ssh_words_tidy (const char *words);
char *bo_ssh_words_without_channels (const char *words);

G_END_DECLS
