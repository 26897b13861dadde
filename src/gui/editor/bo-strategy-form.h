/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "study/bo-problem.h"
#include "study/bo-strategy-fields.h"
#include "study/bo-study-edit.h"

G_BEGIN_DECLS

/* What the strategy editor does in threads: reading, judging and saving. */

/**
 * BoStrategyForm: what the editor begins with
 * @edit: the study
 * @fields: of the strategy
 * @bases: (element-type BoBase): that there are; only ids and titles are of use
 * @builders: (nullable): in words, what the study builds with
 * @dockerfiles: (element-type BoFoundDockerfile): those in the context
 */
typedef struct
{
  BoStudyEdit *edit;
  BoStrategyFields *fields;
  GPtrArray *base_ids;
  GPtrArray *base_titles;
  char *builders;
  GPtrArray *dockerfiles;
} BoStrategyForm;

/**
 * BoStrategyVerdict: what is wrong with a study in which a strategy was changed
 * @place: of the strategy, from 0
 * @problems: of the text: with errors it cannot be saved
 * @files: of the files that it names; they may come later
 */
typedef struct
{
  guint place;
  BoProblems *problems;
  BoProblems *files;
} BoStrategyVerdict;

void bo_strategy_form_free (BoStrategyForm *form);
void bo_strategy_verdict_free (BoStrategyVerdict *verdict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStrategyForm, bo_strategy_form_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStrategyVerdict, bo_strategy_verdict_free)

void bo_strategy_form_load_async (const char *file,
                                  const char *id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
BoStrategyForm *bo_strategy_form_load_finish (GAsyncResult *result, GError **error);

void bo_strategy_form_check_async (BoStrategyForm *form,
                                   const char *id,
                                   BoStrategyFields *fields,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
BoStrategyVerdict *bo_strategy_form_check_finish (GAsyncResult *result, GError **error);

void bo_strategy_form_save_async (BoStrategyForm *form,
                                  const char *id,
                                  BoStrategyFields *fields,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean bo_strategy_form_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS
