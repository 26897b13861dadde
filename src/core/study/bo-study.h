/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "study/bo-cell.h"
#include "study/bo-problem.h"

G_BEGIN_DECLS

/*
 * The study: what is compared, as one bakeoff.json in the user's project
 * folder says it. These are plain values: the loader makes a BoStudy once,
 * with every ${NAME} replaced and every default filled in, and nobody changes
 * it afterwards. Array fields are GPtrArrays that own their elements and are
 * never NULL unless the field says so.
 */

/**
 * BoBase:
 * @id: stable id ("dusty")
 * @title: for people ("dustynv/pytorch")
 * @image: image reference, what ${BASE_IMAGE} is set to
 */
typedef struct
{
  char *id;
  char *title;
  char *image;
} BoBase;

/**
 * BoKeep: which built images stay on the engine after a campaign
 */
typedef enum
{
  BO_KEEP_NONE,
  BO_KEEP_BEST,
  BO_KEEP_ALL,
} BoKeep;

#define BO_N_KEEPS 3

const char *bo_keep_to_string (BoKeep keep);

/**
 * BoMount: one mount of a probe's container
 * @copy: (nullable): path in the context folder whose copy is put at @to before the start
 * @volume: (nullable): name of a volume of the engine (kept; a missing one is created with our label)
 * @bind: (nullable): path on the device; must exist there
 * @to: absolute path in the container
 * @read_only: for @volume and @bind
 *
 * Exactly one of @copy, @volume and @bind is set.
 */
typedef struct
{
  char *copy;
  char *volume;
  char *bind;
  char *to;
  gboolean read_only;
} BoMount;

/**
 * BoRunOptions: how a probe's container is run
 * @runtime: (nullable): OCI runtime ("nvidia", "runc"); NULL is the engine's default
 * @network: (nullable): network mode of builds and containers ("host", "none", ...); NULL is the engine's default
 * @env: environment, "NAME=VALUE"
 * @mounts: (element-type BoMount)
 * @shm_size: bytes, or -1 for the engine's default
 * @ipc: (nullable): IPC mode
 * @devices: (element-type utf8): device nodes, "/dev/snd" or "/dev/a:/dev/b:rwm"
 * @secrets: (element-type utf8): names of variables whose values are read from the
 *   user's environment when the container is made, and never written anywhere
 */
typedef struct
{
  char *runtime;
  char *network;
  GPtrArray *env;
  GPtrArray *mounts;
  gint64 shm_size;
  char *ipc;
  GPtrArray *devices;
  GPtrArray *secrets;
} BoRunOptions;

/**
 * BoBuildArg: one build argument, ${NAME}s replaced
 */
typedef struct
{
  char *name;
  char *value;
} BoBuildArg;

/**
 * BoPrebuild: an image that a strategy needs before its main build
 * @dockerfile: path relative to the context folder
 * @as: the stage name by which the main Dockerfile knows it ("torch-builder")
 * @target: (nullable): target stage
 * @build_args: (element-type BoBuildArg)
 */
typedef struct
{
  char *dockerfile;
  char *as;
  char *target;
  GPtrArray *build_args;
} BoPrebuild;

/**
 * BoProbeKind:
 * @BO_PROBE_CUDA: does the image really see CUDA; a ladder of levels
 * @BO_PROBE_IMPORTS: do Python modules import, and in which version
 * @BO_PROBE_WORKLOAD: the user's own command, timed: the Run Time column
 */
typedef enum
{
  BO_PROBE_CUDA,
  BO_PROBE_IMPORTS,
  BO_PROBE_WORKLOAD,
} BoProbeKind;

#define BO_N_PROBE_KINDS 3

const char *bo_probe_kind_to_string (BoProbeKind kind);
gboolean bo_probe_kind_from_string (const char *text, BoProbeKind *kind);

/**
 * BoProbe:
 * @kind: what it asks
 * @required: whether a strategy whose probe fails can be called best
 * @modules: (element-type utf8): for imports
 * @command: (element-type utf8): argv, for workload
 * @repeat: how often a workload runs, each time in a fresh container; 1 for other kinds
 * @limit_us: time limit of one run, microseconds
 */
typedef struct
{
  BoProbeKind kind;
  gboolean required;
  GPtrArray *modules;
  GPtrArray *command;
  guint repeat;
  gint64 limit_us;
} BoProbe;

BoProbe *bo_probe_new (BoProbeKind kind);
BoProbe *bo_probe_copy (const BoProbe *probe);
void bo_probe_free (BoProbe *probe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoProbe, bo_probe_free)

/**
 * BoStrategy: one way of building; a row of the matrix
 * @id: stable id
 * @title: for people
 * @notes: (nullable): the Notes column
 * @dockerfile: path relative to the context folder
 * @target: (nullable): target stage
 * @bases: (element-type utf8): ids of the bases that it is built on, in the study's order
 * @builders: (element-type BoBuilder as GINT_TO_POINTER): builders that it is built with, in the study's order
 * @build_args: (element-type BoBuildArg): study-wide ones first, the strategy's own override; BASE_IMAGE is not among them
 * @prebuilds: (element-type BoPrebuild)
 * @probes: (element-type BoProbe): the study's, less those turned off, with the strategy's own workload
 * @run: (owned): the study's run options with the strategy's laid over them
 * @timeout_us: time limit of one build, microseconds
 */
typedef struct
{
  char *id;
  char *title;
  char *notes;
  char *dockerfile;
  char *target;
  GPtrArray *bases;
  GArray *builders;
  GPtrArray *build_args;
  GPtrArray *prebuilds;
  GPtrArray *probes;
  BoRunOptions *run;
  gint64 timeout_us;
} BoStrategy;

/**
 * BoStudy:
 * @id: identifies the study in the store, also after a rename or a move
 * @name: for people
 * @language: of exported documents ("en")
 * @file: absolute path of the bakeoff.json
 * @context: absolute path of the build context folder
 * @baseline: id of the strategy that others are compared with
 * @edit_path: (nullable): file that `edited` changes, relative to the context
 * @edit_append: (nullable): what is appended to it; ${TRIAL} is still in it
 * @repetitions: of every chain
 * @keep: which images stay
 * @retry_failed: whether a cell that failed is tried again by its further repetitions
 * @default_builder: the builder of the validation table
 * @builders: (element-type BoBuilder): columns
 * @conditions: (element-type BoCondition): columns, in chain order
 * @bases: (element-type BoBase): columns
 * @strategies: (element-type BoStrategy): rows
 * @text: the file as it was read, for the record of a campaign
 * @variables: (element-type utf8 utf8): the variables that the file uses, with the values that they had: given,
 *   from the environment, or the file's own
 */
typedef struct
{
  char *id;
  char *name;
  char *language;
  char *file;
  char *context;
  char *baseline;
  char *edit_path;
  char *edit_append;
  guint repetitions;
  BoKeep keep;
  gboolean retry_failed;
  BoBuilder default_builder;
  GArray *builders;
  GArray *conditions;
  GPtrArray *bases;
  GPtrArray *strategies;
  char *text;
  GHashTable *variables;

  /*< private >*/
  gatomicrefcount ref_count;
} BoStudy;

BoStudy *bo_study_ref (BoStudy *study);
void bo_study_unref (BoStudy *study);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudy, bo_study_unref)

/* The name that a study's file has in the project's folder. */
#define BO_STUDY_FILE_NAME "bakeoff.json"
/* The `format` of the file that this version reads and writes. */
#define BO_STUDY_FORMAT 1

BoStudy *bo_study_load (const char *path, GHashTable *variables, BoProblems *problems);
BoStudy *bo_study_load_from_data (const char *text,
                                  gssize length,
                                  const char *file,
                                  GHashTable *variables,
                                  BoProblems *problems);

const BoBase *bo_study_get_base (BoStudy *study, const char *id);
const BoStrategy *bo_study_get_strategy (BoStudy *study, const char *id);
GPtrArray *bo_study_get_cells (BoStudy *study);

G_END_DECLS
