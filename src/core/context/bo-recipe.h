/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "context/bo-content-store.h"
#include "context/bo-context.h"

G_BEGIN_DECLS

/*
 * The recipe: a build context's tar as a list of pieces, each either literal
 * bytes (tar headers, padding, long names, the Dockerfile as sent) or a file
 * named by the SHA-256 of its content. The tar is never built anywhere: who
 * sends it puts the pieces one behind the other.
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

/*
 * All that is sent has one time, so that the same files give the same bytes.
 * It is after 1980, since a wheel or any other zip file can hold nothing older. The edited
 * file's is far ahead: make and cargo compare times, and what they left in a
 * cache mount must be older than it.
 */
#define BO_RECIPE_MTIME G_GINT64_CONSTANT (1577836800)        /* 2020-01-01T00:00:00Z */
#define BO_RECIPE_EDITED_MTIME G_GINT64_CONSTANT (2114380800) /* 2037-01-01T00:00:00Z */

/**
 * BoRecipeError:
 * @BO_RECIPE_ERROR_FORMAT: the text is not a recipe, or is cut off
 * @BO_RECIPE_ERROR_MISSING: a file is not in the store, or not with the length named
 * @BO_RECIPE_ERROR_EDIT: the file to be edited is not a regular file of the context
 * @BO_RECIPE_ERROR_NOT_STORED: bo_context_store() has not read the context yet
 */
typedef enum
{
  BO_RECIPE_ERROR_FORMAT,
  BO_RECIPE_ERROR_MISSING,
  BO_RECIPE_ERROR_EDIT,
  BO_RECIPE_ERROR_NOT_STORED,
} BoRecipeError;

#define BO_RECIPE_ERROR (bo_recipe_error_quark ())
GQuark bo_recipe_error_quark (void);

/**
 * BoRecipeOptions:
 * @dockerfile: the Dockerfile as sent (bo_dockerfile_sent_get_bytes())
 * @for_classic: whether the classic builder will get it. That builder removes the
 *   Dockerfile from the context again when the `.dockerignore` in the tar names it, and
 *   BuildKit does not; see bo_recipe_new()
 * @edit_path: (nullable): a regular file of the context that is to be sent changed
 * @edit_append: (nullable): what is appended to it
 */
typedef struct
{
  GBytes *dockerfile;
  gboolean for_classic;
  const char *edit_path;
  GBytes *edit_append;
} BoRecipeOptions;

/**
 * BoRecipe:
 *
 * An immutable recipe, counted by reference; safe to share between threads.
 */
typedef struct _BoRecipe BoRecipe;

BoRecipe *bo_recipe_new (BoContext *context, const BoRecipeOptions *options, GError **error);
BoRecipe *bo_recipe_new_from_bytes (GBytes *text, GError **error);
BoRecipe *bo_recipe_ref (BoRecipe *recipe);
void bo_recipe_unref (BoRecipe *recipe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoRecipe, bo_recipe_unref)

const char *bo_recipe_get_dockerfile_name (BoRecipe *recipe);
guint64 bo_recipe_get_length (BoRecipe *recipe);
const char *bo_recipe_get_id (BoRecipe *recipe);
GBytes *bo_recipe_to_bytes (BoRecipe *recipe);
GPtrArray *bo_recipe_list_files (BoRecipe *recipe);
GInputStream *bo_recipe_open_stream (BoRecipe *recipe, BoContentStore *store);
char *bo_recipe_compute_tar_sha256 (BoRecipe *recipe,
                                    BoContentStore *store,
                                    GCancellable *cancellable,
                                    GError **error);

G_END_DECLS
