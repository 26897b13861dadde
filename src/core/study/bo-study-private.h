/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "study/bo-study-reader.h"
#include "study/bo-study.h"

G_BEGIN_DECLS

/*
 * Making a BoStudy, for the loader alone. Every _new() gives a value whose
 * arrays are there and empty, so that it can be freed at any moment.
 */

BoStudy *bo_study_new (void);
BoBase *bo_base_new (void);
BoStrategy *bo_strategy_new (void);
BoPrebuild *bo_prebuild_new (void);
BoBuildArg *bo_build_arg_new (const char *name, const char *value);
BoMount *bo_mount_new (void);
BoRunOptions *bo_run_options_new (void);

void bo_base_free (BoBase *base);
void bo_strategy_free (BoStrategy *strategy);
void bo_prebuild_free (BoPrebuild *prebuild);
void bo_build_arg_free (BoBuildArg *arg);
void bo_mount_free (BoMount *mount);
void bo_run_options_free (BoRunOptions *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoBase, bo_base_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStrategy, bo_strategy_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoPrebuild, bo_prebuild_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoMount, bo_mount_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoRunOptions, bo_run_options_free)

/**
 * BoStudyDefaults: what the strategies of a study start from
 * @run: (unowned): run options
 * @build_args: (unowned) (element-type BoBuildArg): build arguments
 * @probes: (unowned) (element-type BoProbe): probes
 * @base_ids: (unowned) (element-type utf8): all ids of bases, those of faulty ones too
 * @builders: (unowned) (nullable): `builders` of the study, or %NULL when it has none
 * @timeout_us: time limit of a build
 */
typedef struct
{
  const BoRunOptions *run;
  GPtrArray *build_args;
  GPtrArray *probes;
  GPtrArray *base_ids;
  GArray *builders;
  gint64 timeout_us;
} BoStudyDefaults;

/* Parts of the loader. */
GPtrArray *bo_study_load_build_args (BoStudyReader *reader, JsonObject *object, const char *path, GPtrArray *below);
BoRunOptions *bo_study_load_run (BoStudyReader *reader,
                                 JsonObject *object,
                                 const char *path,
                                 const BoRunOptions *below);
GPtrArray *bo_study_load_probes (BoStudyReader *reader, JsonObject *object, const char *path);
GPtrArray *bo_study_load_strategy_probes (BoStudyReader *reader,
                                          JsonObject *object,
                                          const char *path,
                                          GPtrArray *study_probes);
GArray *bo_study_load_builders (BoStudyReader *reader, JsonObject *object, const char *path, const char *key);
void bo_study_load_strategies (BoStudyReader *reader,
                               JsonObject *root,
                               BoStudy *study,
                               const BoStudyDefaults *defaults);

G_END_DECLS
