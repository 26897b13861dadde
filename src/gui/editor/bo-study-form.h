/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "study/bo-problem.h"
#include "study/bo-study-edit.h"
#include "study/bo-study-fields.h"

G_BEGIN_DECLS

/* What the editor of a study's settings does in threads: reading, judging and saving. */

/**
 * BoStudyForm: what the editor begins with
 * @edit: the study
 * @fields: of it
 * @ids, @titles: (element-type utf8): of its strategies
 */
typedef struct
{
  BoStudyEdit *edit;
  BoStudyFields *fields;
  GPtrArray *ids;
  GPtrArray *titles;
} BoStudyForm;

void bo_study_form_free (BoStudyForm *form);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudyForm, bo_study_form_free)

void bo_study_form_load_async (const char *file,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
BoStudyForm *bo_study_form_load_finish (GAsyncResult *result, GError **error);

void bo_study_form_check_async (BoStudyForm *form,
                                BoStudyFields *fields,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
BoProblems *bo_study_form_check_finish (GAsyncResult *result, GError **error);

void bo_study_form_save_async (BoStudyForm *form,
                               BoStudyFields *fields,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean bo_study_form_save_finish (GAsyncResult *result, GError **error);

G_END_DECLS
