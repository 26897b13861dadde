/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "results/bo-store.h"

G_BEGIN_DECLS

/* What the commands that read results share: finding what a person means. */

BoStore *bo_cli_open_store (void);
char *bo_cli_find_campaign (BoStore *store, const char *word, GError **error);
char *bo_cli_find_trial (BoStore *store, const char *word, GError **error);

G_END_DECLS
