/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "study/bo-study-document.h"

G_BEGIN_DECLS

/**
 * BoStudyScaffoldError:
 * @BO_STUDY_SCAFFOLD_ERROR_FOLDER: the folder cannot be read
 * @BO_STUDY_SCAFFOLD_ERROR_NO_DOCKERFILE: there is no Dockerfile in it, and no template was named
 * @BO_STUDY_SCAFFOLD_ERROR_NO_BASE: no base image could be found, and none was named
 * @BO_STUDY_SCAFFOLD_ERROR_NO_TEMPLATE: there is no such template
 * @BO_STUDY_SCAFFOLD_ERROR_NEEDS: a template needs a file that the folder does not have
 * @BO_STUDY_SCAFFOLD_ERROR_EXISTS: a file is there already
 */
typedef enum
{
  BO_STUDY_SCAFFOLD_ERROR_FOLDER,
  BO_STUDY_SCAFFOLD_ERROR_NO_DOCKERFILE,
  BO_STUDY_SCAFFOLD_ERROR_NO_BASE,
  BO_STUDY_SCAFFOLD_ERROR_NO_TEMPLATE,
  BO_STUDY_SCAFFOLD_ERROR_NEEDS,
  BO_STUDY_SCAFFOLD_ERROR_EXISTS,
} BoStudyScaffoldError;

#define BO_STUDY_SCAFFOLD_ERROR (bo_study_scaffold_error_quark ())
GQuark bo_study_scaffold_error_quark (void);

/**
 * BoStudyScaffoldFile: a file that comes with a new study
 * @path: relative to the folder
 * @text: what is in it
 */
typedef struct
{
  char *path;
  char *text;
} BoStudyScaffoldFile;

/**
 * BoStudyScaffold: a study that is not written yet
 * @folder: absolute path of the project's folder
 * @document: the study file
 * @files: (element-type BoStudyScaffoldFile): files that come with it
 * @notes: (element-type utf8): what the user should know, translated
 */
typedef struct
{
  char *folder;
  BoStudyDocument *document;
  GPtrArray *files;
  GPtrArray *notes;
} BoStudyScaffold;

/**
 * BoStudyScaffoldChoice: what a study is made from
 * @name: (nullable): name of the study; else the folder's
 * @templates: (nullable) (array zero-terminated=1): templates to use, "all" for all but the wheel test;
 *   without any, the folder's Dockerfiles become strategies
 * @dockerfiles: (nullable) (array zero-terminated=1): those of the folder's Dockerfiles alone, as
 *   bo_found_dockerfile_list() names them; what they copy from comes with them
 * @images: (nullable) (array zero-terminated=1): base images; else those that the Dockerfiles name
 * @repetitions: of every cell; 0 is 1
 */
typedef struct
{
  const char *name;
  const char *const *templates;
  const char *const *dockerfiles;
  const char *const *images;
  guint repetitions;
} BoStudyScaffoldChoice;

BoStudyScaffold *bo_study_scaffold_new (const char *folder, const BoStudyScaffoldChoice *choice, GError **error);
void bo_study_scaffold_free (BoStudyScaffold *scaffold);
gboolean bo_study_scaffold_write (BoStudyScaffold *scaffold, gboolean replace, GPtrArray *written, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudyScaffold, bo_study_scaffold_free)

G_END_DECLS
