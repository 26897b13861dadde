/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "context/bo-content-store.h"

G_BEGIN_DECLS

/*
 * The recipe: a tar, or a part of one, as a list of pieces, each either literal
 * bytes (tar headers, padding, long names, the Dockerfile as sent) or a file
 * named by the SHA-256 of its content. The tar is never built anywhere: who
 * sends it puts the pieces one behind the other, and the recipes too, where a
 * body is several (bo-context-archive.h).
 *
 * As text, which is what lies in recipes/HEX (HEX: SHA-256 of the text):
 *
 *   bakeoff-recipe 1\n
 *   length N\n               N: bytes of the whole, that is, the sum of all pieces
 *   literal N\n              N: 1 to 1048576
 *   <N raw bytes>\n          the line end is not part of the piece
 *   file <64 hex> N\n        lower-case SHA-256 and length of one file, N >= 1
 *   end\n
 *
 * After the two head lines come any number of `literal` and `file` pieces in
 * any order, then `end`, and nothing after it. Numbers are decimal without
 * sign, leading zeros or blanks, and at most 2^63-1. Fields are parted by one
 * blank. No line (raw bytes apart) is longer than 127 bytes with its line end.
 * A reader refuses everything else, a sum that is not `length`, and a file
 * whose length in the store is not the one named.
 */

#define BO_RECIPE_VERSION 1
#define BO_RECIPE_LITERAL_MAX (1024 * 1024)
#define BO_RECIPE_LINE_MAX 127

/**
 * BoRecipeError:
 * @BO_RECIPE_ERROR_FORMAT: the text is not a recipe, or is cut off
 * @BO_RECIPE_ERROR_MISSING: a file is not in the store, or not with the length named
 */
typedef enum
{
  BO_RECIPE_ERROR_FORMAT,
  BO_RECIPE_ERROR_MISSING,
} BoRecipeError;

#define BO_RECIPE_ERROR (bo_recipe_error_quark ())
GQuark bo_recipe_error_quark (void);

/**
 * BoRecipe:
 *
 * An immutable recipe, counted by reference; safe to share between threads.
 */
typedef struct _BoRecipe BoRecipe;

BoRecipe *bo_recipe_new_from_bytes (GBytes *text, GError **error);
BoRecipe *bo_recipe_ref (BoRecipe *recipe);
void bo_recipe_unref (BoRecipe *recipe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoRecipe, bo_recipe_unref)

guint64 bo_recipe_get_length (BoRecipe *recipe);
const char *bo_recipe_get_id (BoRecipe *recipe);
GBytes *bo_recipe_to_bytes (BoRecipe *recipe);
GPtrArray *bo_recipe_list_files (BoRecipe *recipe);
GInputStream *bo_recipe_open_stream (GPtrArray *recipes, BoContentStore *store);

G_END_DECLS
