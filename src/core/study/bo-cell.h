/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BoBuilder:
 * @BO_BUILDER_CLASSIC: the engine's legacy builder, `version=1` of POST /build
 * @BO_BUILDER_BUILDKIT: BuildKit, `version=2`
 */
typedef enum
{
  BO_BUILDER_CLASSIC,
  BO_BUILDER_BUILDKIT,
} BoBuilder;

#define BO_N_BUILDERS 2

/**
 * BoCondition:
 * @BO_CONDITION_COLD: no layer cached, fresh cache mounts
 * @BO_CONDITION_COLD_LAYERS: no layer cached, cache mounts kept; BuildKit only
 * @BO_CONDITION_WARM: the same build again
 * @BO_CONDITION_EDITED: one named source file changed
 *
 * In the order in which a chain runs them.
 */
typedef enum
{
  BO_CONDITION_COLD,
  BO_CONDITION_COLD_LAYERS,
  BO_CONDITION_WARM,
  BO_CONDITION_EDITED,
} BoCondition;

#define BO_N_CONDITIONS 4

/* The words of the study file, the records and the command line: "classic", "cold-layers", ... */
const char *bo_builder_to_string (BoBuilder builder);
gboolean bo_builder_from_string (const char *text, BoBuilder *builder);
const char *bo_condition_to_string (BoCondition condition);
gboolean bo_condition_from_string (const char *text, BoCondition *condition);

/**
 * BoCell:
 * @strategy: id of the strategy
 * @base: id of the base image
 * @builder: the builder
 * @condition: the condition
 *
 * One square of the matrix. Its key, "strategy/base/builder/condition", is made
 * of the ids in the study file alone, so it stays the same when the file is
 * edited elsewhere.
 */
typedef struct
{
  char *strategy;
  char *base;
  BoBuilder builder;
  BoCondition condition;
} BoCell;

BoCell *bo_cell_new (const char *strategy, const char *base, BoBuilder builder, BoCondition condition);
BoCell *bo_cell_copy (const BoCell *cell);
void bo_cell_free (BoCell *cell);
char *bo_cell_get_key (const BoCell *cell);
BoCell *bo_cell_parse_key (const char *key);
gboolean bo_cell_equal (const BoCell *a, const BoCell *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoCell, bo_cell_free)

G_END_DECLS
