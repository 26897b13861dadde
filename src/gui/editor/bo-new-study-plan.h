/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "context/bo-study-scaffold.h"

G_BEGIN_DECLS

/* What the dialog for a new study does in threads: looking into a folder, and putting a study together. */

/**
 * BoNewStudyWish: what a person chose
 * @folder: path of the project's folder
 * @name: "" for the folder's
 * @from_templates: whether strategies come from @templates, not from @dockerfiles
 * @templates: (element-type utf8)
 * @dockerfiles: (nullable) (element-type utf8): %NULL: all
 * @images: (nullable) (element-type utf8): %NULL: those that the Dockerfiles name; none at all will not do
 *   when a Dockerfile builds on ${BASE_IMAGE}
 * @repetitions: of every cell
 */
typedef struct
{
  char *folder;
  char *name;
  gboolean from_templates;
  GPtrArray *templates;
  GPtrArray *dockerfiles;
  GPtrArray *images;
  guint repetitions;
} BoNewStudyWish;

/**
 * BoNewStudyPlan: what comes of it
 * @found: (element-type BoFoundDockerfile): Dockerfiles of the folder
 * @templates: (element-type BoStudyTemplate): all
 * @obstacles: (element-type utf8): for each, why it does not fit the folder, in a sentence, or "" when it fits
 * @exists: whether there is a study already
 * @scaffold: (nullable): what would be written
 * @problem: (nullable): why there is none
 */
typedef struct
{
  GPtrArray *found;
  GPtrArray *templates;
  GPtrArray *obstacles;
  gboolean exists;
  BoStudyScaffold *scaffold;
  char *problem;
} BoNewStudyPlan;

BoNewStudyWish *bo_new_study_wish_new (const char *folder, const char *name);
void bo_new_study_wish_free (BoNewStudyWish *wish);
void bo_new_study_plan_free (BoNewStudyPlan *plan);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoNewStudyWish, bo_new_study_wish_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoNewStudyPlan, bo_new_study_plan_free)

void bo_new_study_plan_async (BoNewStudyWish *wish,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
BoNewStudyPlan *bo_new_study_plan_finish (GAsyncResult *result, GError **error);

void bo_new_study_write_async (BoStudyScaffold *scaffold, GAsyncReadyCallback callback, gpointer user_data);
gboolean bo_new_study_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
