/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "context/bo-content-store.h"
#include "context/bo-recipe.h"

G_BEGIN_DECLS

/**
 * BoRecipePiece: one piece of a recipe
 * @literal: (nullable): its bytes, inside of the recipe's text; NULL for a file
 * @length: bytes, at least 1
 * @sha256: of a file
 */
typedef struct
{
  const guint8 *literal;
  guint64 length;
  char sha256[65];
} BoRecipePiece;

GArray *bo_recipe_get_pieces (BoRecipe *recipe);

#define BO_TYPE_RECIPE_STREAM (bo_recipe_stream_get_type ())
G_DECLARE_FINAL_TYPE (BoRecipeStream, bo_recipe_stream, BO, RECIPE_STREAM, GInputStream)

GInputStream *bo_recipe_stream_new (GPtrArray *recipes, BoContentStore *store);

G_END_DECLS
