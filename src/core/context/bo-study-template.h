/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The source of a template's file that is made from requirements.txt. */
#define BO_STUDY_TEMPLATE_WHEEL_TEST "*wheel-test*"

/**
 * BoStudyTemplate: a strategy to begin with
 * @id: its name
 * @summary: what it does, in one sentence
 * @strategy: the strategy, as it goes into the study file
 * @variables: (nullable): defaults of variables that it uses
 * @needs: (element-type utf8): files of the project that it copies; "a|b" needs one of both
 * @files: (element-type utf8): paths in the project of the files that it brings
 * @sources: (element-type utf8): for each, the name of its text
 */
typedef struct
{
  char *id;
  char *summary;
  JsonNode *strategy;
  JsonObject *variables;
  GPtrArray *needs;
  GPtrArray *files;
  GPtrArray *sources;
} BoStudyTemplate;

void bo_study_template_free (BoStudyTemplate *template);
GPtrArray *bo_study_template_list (void);
char *bo_study_template_get_text (const char *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStudyTemplate, bo_study_template_free)

G_END_DECLS
