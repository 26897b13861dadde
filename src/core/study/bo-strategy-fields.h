/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "study/bo-study.h"

G_BEGIN_DECLS

/**
 * BoPrebuildFields: an image that is built before
 * @dockerfile, @as, @target: as in the file; "" when it does not say
 * @origin: which one of the file's it was, from 0, or -1 for a new one; what else is written there stays
 */
typedef struct
{
  char *dockerfile;
  char *as;
  char *target;
  int origin;
} BoPrebuildFields;

/**
 * BoStrategyFields: what a person changes of a strategy, as the file has it: nothing is replaced, nothing inherited
 * @id, @title, @notes, @dockerfile, @target, @timeout: "" when the file does not say
 * @workload: a text for a shell, or what is argv in the file, quoted for one
 * @all_bases: whether it is built on all of the study's
 * @bases: (element-type utf8): ids, unless @all_bases
 * @builders: (element-type BoBuilder): none: the study's
 * @build_args: (element-type BoBuildArg)
 * @prebuilds: (element-type BoPrebuildFields)
 */
typedef struct
{
  char *id;
  char *title;
  char *notes;
  char *dockerfile;
  char *target;
  char *timeout;
  char *workload;
  gboolean all_bases;
  GPtrArray *bases;
  GArray *builders;
  GPtrArray *build_args;
  GPtrArray *prebuilds;
} BoStrategyFields;

BoStrategyFields *bo_strategy_fields_new (void);
BoStrategyFields *bo_strategy_fields_read (JsonObject *strategy);
void bo_strategy_fields_write (const BoStrategyFields *fields, JsonObject *strategy);
void bo_strategy_fields_add_build_arg (BoStrategyFields *fields, const char *name, const char *value);
void bo_strategy_fields_add_prebuild (BoStrategyFields *fields,
                                      const char *dockerfile,
                                      const char *as,
                                      const char *target,
                                      int origin);
void bo_strategy_fields_free (BoStrategyFields *fields);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoStrategyFields, bo_strategy_fields_free)

G_END_DECLS
