/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "study/bo-cell.h"
#include "study/bo-problem.h"

G_BEGIN_DECLS

/*
 * A Dockerfile as both builders read it: instructions with their lines, and
 * the stages they make. Parsing never fails; what is wrong is in the list of
 * problems, and the engine has the last word on it.
 */

/**
 * BoInstruction:
 * @index: its place among all instructions of the file, from 0
 * @stage: index of its stage, or -1 before the first FROM
 * @first_line: line in the user's file, from 1 (comments above it are not part of it)
 * @last_line: its last line, with continuations and here-documents
 * @keyword: in upper case: "RUN"
 * @flags: (array zero-terminated=1): "--from=builder", "--mount=type=cache,target=/x"
 * @arguments: the rest, continuations joined, outer white space removed
 * @text: the whole as one line, continuations joined, as the classic builder shows it
 * @heredoc: whether here-documents follow its line
 */
typedef struct
{
  guint index;
  int stage;
  guint first_line;
  guint last_line;
  char *keyword;
  char **flags;
  char *arguments;
  char *text;
  gboolean heredoc;

  /*< private >*/
  gsize start;    /* offset of its first line in the file */
  gsize body;     /* offset behind its line with continuations, where here-documents begin */
  gsize end;      /* offset behind its last line */
  gboolean open;  /* whether the file ends where a continuation was to come */
} BoInstruction;

/**
 * BoStage:
 * @index: from 0
 * @name: (nullable): AS name, in lower case as both builders compare it
 * @base: the image or stage it starts from, as written ("${BASE_IMAGE}")
 * @platform: (nullable): --platform, as written
 * @from: index of its FROM among the instructions
 */
typedef struct
{
  guint index;
  char *name;
  char *base;
  char *platform;
  guint from;
} BoStage;

typedef struct _BoDockerfile BoDockerfile;

BoDockerfile *bo_dockerfile_new (GBytes *text);
BoDockerfile *bo_dockerfile_ref (BoDockerfile *dockerfile);
void bo_dockerfile_unref (BoDockerfile *dockerfile);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoDockerfile, bo_dockerfile_unref)

GBytes *bo_dockerfile_get_bytes (BoDockerfile *dockerfile);
const char *bo_dockerfile_get_syntax (BoDockerfile *dockerfile);
char bo_dockerfile_get_escape (BoDockerfile *dockerfile);
guint bo_dockerfile_get_n_instructions (BoDockerfile *dockerfile);
const BoInstruction *bo_dockerfile_get_instruction (BoDockerfile *dockerfile, guint index);
guint bo_dockerfile_get_n_stages (BoDockerfile *dockerfile);
const BoStage *bo_dockerfile_get_stage (BoDockerfile *dockerfile, guint index);
BoProblems *bo_dockerfile_get_problems (BoDockerfile *dockerfile);

int bo_dockerfile_find_stage (BoDockerfile *dockerfile, const char *name_or_index);
char *bo_dockerfile_get_copy_source (const BoInstruction *instruction, guint flag);
char *bo_dockerfile_expand (BoDockerfile *dockerfile,
                            const char *word,
                            GHashTable *build_args,
                            GError **error);
char *bo_dockerfile_resolve_base (BoDockerfile *dockerfile,
                                  guint stage,
                                  GHashTable *build_args,
                                  GError **error);
GPtrArray *bo_dockerfile_list_images (BoDockerfile *dockerfile,
                                      const char *target,
                                      BoBuilder builder,
                                      GHashTable *build_args,
                                      GHashTable *given_stages,
                                      GError **error);

/**
 * BoDockerfileError:
 * @BO_DOCKERFILE_ERROR_VARIABLE: a variable is used in a way that neither builder takes
 * @BO_DOCKERFILE_ERROR_TARGET: there is no such stage
 * @BO_DOCKERFILE_ERROR_DUPLICATE: a prebuild has the name of a stage in the file
 * @BO_DOCKERFILE_ERROR_NO_STAGE: the file has no FROM
 */
typedef enum
{
  BO_DOCKERFILE_ERROR_VARIABLE,
  BO_DOCKERFILE_ERROR_TARGET,
  BO_DOCKERFILE_ERROR_DUPLICATE,
  BO_DOCKERFILE_ERROR_NO_STAGE,
} BoDockerfileError;

#define BO_DOCKERFILE_ERROR (bo_dockerfile_error_quark ())
GQuark bo_dockerfile_error_quark (void);

G_END_DECLS
