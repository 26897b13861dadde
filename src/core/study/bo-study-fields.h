/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "study/bo-study.h"

G_BEGIN_DECLS

/**
 * BoBaseFields: a base image
 * @id, @title, @image: as in the file; "" when it does not say
 * @origin: which one of the file's it was, from 0, or -1 for a new one
 */
typedef struct
{
  char *id;
  char *title;
  char *image;
  int origin;
} BoBaseFields;

/**
 * BoStudyFields: what a person changes of a study beside its strategies, as the file has it
 * @name, @language, @baseline, @builder, @timeout, @keep, @runtime, @network: "" when the file does not say
 * @repetitions: of every cell; 1 when the file does not say
 * @conditions: which of them are columns
 * @edit_path: file that `edited` changes, "" when the file does not say
 * @edit_append: the line that is appended to it, without its end
 * @bases: (element-type BoBaseFields)
 */
typedef struct
{
  char *name;
  char *language;
  char *baseline;
  char *builder;
  char *timeout;
  char *keep;
  char *runtime;
  char *network;
  guint repetitions;
  gboolean conditions[BO_N_CONDITIONS];
  char *edit_path;
  char *edit_append;
  GPtrArray *bases;
} BoStudyFields;

BoStudyFields *bo_study_fields_read (JsonObject *root);
void bo_study_fields_write (const BoStudyFields *fields, JsonObject *root);
gboolean bo_study_fields_equal (const BoStudyFields *a, const BoStudyFields *b);
void bo_study_fields_add_base (BoStudyFields *fields, const char *id, const char *title, const char *image, int origin);
void bo_study_fields_free (BoStudyFields *fields);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudyFields, bo_study_fields_free)

G_END_DECLS
