/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "context/bo-recipe.h"

G_BEGIN_DECLS

/**
 * BoRecipeWriter:
 *
 * Writes one recipe, piece by piece.
 */
typedef struct _BoRecipeWriter BoRecipeWriter;

BoRecipeWriter *bo_recipe_writer_new (void);
void bo_recipe_writer_free (BoRecipeWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoRecipeWriter, bo_recipe_writer_free)

GByteArray *bo_recipe_writer_get_literal (BoRecipeWriter *writer);
void bo_recipe_writer_add_bytes (BoRecipeWriter *writer, GBytes *bytes);
void bo_recipe_writer_add_file (BoRecipeWriter *writer, const char *sha256, guint64 size);
BoRecipe *bo_recipe_writer_finish (BoRecipeWriter *writer);

G_END_DECLS
