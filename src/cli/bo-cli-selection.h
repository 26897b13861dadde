/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "engine/bo-device-url.h"
#include "results/bo-store.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/**
 * BoCliSelection: what `plan` and `run` are asked for
 * @only: (nullable): patterns of cells
 * @variables: (nullable): "NAME=VALUE" of --set
 * @repetitions: or 0 for the study's
 * @seed: of the shuffle
 * @first_look: cold alone, once
 * @missing: only what has no result yet
 * @seed_text: (nullable): as it was typed
 */
typedef struct
{
  char **only;
  char **variables;
  int repetitions;
  guint64 seed;
  gboolean first_look;
  gboolean missing;
  char *seed_text;
} BoCliSelection;

void bo_cli_selection_add_options (BoCliSelection *selection, GOptionContext *context);
void bo_cli_selection_add_missing_option (BoCliSelection *selection, GOptionContext *context);
int bo_cli_selection_load (BoCliSelection *selection,
                           const char *command,
                           const char *path,
                           BoStudy **study,
                           GPtrArray **cells);
int bo_cli_selection_keep_missing (const BoCliSelection *selection,
                                   BoStore *store,
                                   const BoDeviceUrl *url,
                                   BoStudy *study,
                                   GPtrArray *cells);
void bo_cli_selection_clear (BoCliSelection *selection);

G_END_DECLS
