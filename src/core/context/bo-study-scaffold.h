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

BoStudyScaffold *bo_study_scaffold_new (const char *folder,
                                        const char *name,
                                        const char *const *templates,
                                        const char *const *images,
                                        GError **error);
void bo_study_scaffold_free (BoStudyScaffold *scaffold);
gboolean bo_study_scaffold_write (BoStudyScaffold *scaffold, gboolean replace, GPtrArray *written, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudyScaffold, bo_study_scaffold_free)

G_END_DECLS
