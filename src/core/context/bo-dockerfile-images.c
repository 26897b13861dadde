/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-dockerfile-images"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "context/bo-dockerfile-words.h"
#include "context/bo-dockerfile.h"

#define SCRATCH "scratch"

/* Which images a Dockerfile needs, once its variables have their values. */

typedef struct
{
  GHashTable *declared; /* name -> value of the ARGs before the first FROM */
  GHashTable *build_args;
} Scope;

/* BuildKit sets these by itself; ours come from the caller, who knows the device. */
static const char *const automatic[] = { "TARGETPLATFORM", "TARGETOS",      "TARGETARCH", "TARGETVARIANT",
                                         "BUILDPLATFORM",  "BUILDOS",       "BUILDARCH",  "BUILDVARIANT",
                                         NULL };

static const char *
look_up_cb (const char *name, gpointer user_data)
{
  Scope *scope = user_data;
  const char *value = g_hash_table_lookup (scope->declared, name);

  if (value == NULL && scope->build_args != NULL && g_strv_contains (automatic, name))
    value = g_hash_table_lookup (scope->build_args, name);
  return value;
}

static void
set_variable_error (GError **error, const BoInstruction *instruction, const char *word, const char *reason)
{
  g_set_error (error, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_VARIABLE, _ ("line %u: “%s”: %s"),
               instruction->first_line, word, reason);
}

/* Reads the ARGs before the first FROM, each seeing those before it. */
static gboolean
fill_scope (BoDockerfile *self, Scope *scope, GError **error)
{
  for (guint i = 0; i < bo_dockerfile_get_n_instructions (self); i++)
    {
      const BoInstruction *instruction = bo_dockerfile_get_instruction (self, i);
      g_autoptr (GPtrArray) words = NULL;

      if (instruction->stage >= 0)
        break;
      if (strcmp (instruction->keyword, "ARG") != 0)
        continue;
      words = bo_dockerfile_split_words (instruction->arguments, bo_dockerfile_get_escape (self));
      for (guint j = 0; j < words->len; j++)
        {
          const char *word = g_ptr_array_index (words, j);
          const char *equals = strchr (word, '=');
          g_autofree char *name = equals != NULL ? g_strndup (word, equals - word) : g_strdup (word);
          const char *given = scope->build_args != NULL ? g_hash_table_lookup (scope->build_args, name) : NULL;
          const char *reason;
          char *value = NULL;

          if (given != NULL)
            value = g_strdup (given);
          else if (equals != NULL)
            {
              value = bo_dockerfile_expand_word (equals + 1, bo_dockerfile_get_escape (self), look_up_cb, scope, &reason);
              if (value == NULL)
                {
                  set_variable_error (error, instruction, word, reason);
                  return FALSE;
                }
            }
          if (value != NULL)
            g_hash_table_replace (scope->declared, g_steal_pointer (&name), value);
        }
    }
  return TRUE;
}

/**
 * bo_dockerfile_expand:
 * @dockerfile: a Dockerfile
 * @word: a word of a FROM
 * @build_args: (nullable) (element-type utf8 utf8): the build's arguments; for BuildKit also TARGETARCH
 *   and its like
 * @error: return location
 *
 * Replaces variables as in a FROM: it sees what ARGs before the first FROM
 * declare, with their defaults, and nothing else; one that is not set is empty.
 *
 * Returns: (transfer full) (nullable): the word, or NULL when it is malformed
 */
char *
bo_dockerfile_expand (BoDockerfile *dockerfile, const char *word, GHashTable *build_args, GError **error)
{
  g_autoptr (GHashTable) declared = NULL;
  const char *reason;
  Scope scope;
  char *value;

  g_return_val_if_fail (dockerfile != NULL, NULL);
  g_return_val_if_fail (word != NULL, NULL);

  declared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  scope = (Scope){ .declared = declared, .build_args = build_args };
  if (!fill_scope (dockerfile, &scope, error))
    return NULL;
  value = bo_dockerfile_expand_word (word, bo_dockerfile_get_escape (dockerfile), look_up_cb, &scope, &reason);
  if (value == NULL)
    g_set_error (error, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_VARIABLE, "“%s”: %s", word, reason);
  return value;
}

/**
 * bo_dockerfile_resolve_base:
 * @dockerfile: a Dockerfile
 * @stage: index of a stage
 * @build_args: (nullable): the build's arguments
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what the stage starts from: an image, an earlier
 *   stage's name or `scratch`; NULL with %BO_DOCKERFILE_ERROR_VARIABLE when it comes out empty
 */
char *
bo_dockerfile_resolve_base (BoDockerfile *dockerfile, guint stage, GHashTable *build_args, GError **error)
{
  g_autofree char *base = NULL;
  const BoInstruction *from;
  const BoStage *self;

  g_return_val_if_fail (dockerfile != NULL, NULL);
  g_return_val_if_fail (stage < bo_dockerfile_get_n_stages (dockerfile), NULL);

  self = bo_dockerfile_get_stage (dockerfile, stage);
  from = bo_dockerfile_get_instruction (dockerfile, self->from);
  base = bo_dockerfile_expand (dockerfile, self->base, build_args, error);
  if (base == NULL)
    return NULL;
  if (base[0] == '\0')
    {
      set_variable_error (error, from, self->base,
                          _ ("there is nothing to start from: its variables are empty. Declare them by ARG above the "
                             "first FROM, and give them a value"));
      return NULL;
    }
  return g_steal_pointer (&base);
}

/* Which stage before @before is called @name; -1 for none. */
static int
find_earlier_stage (BoDockerfile *self, const char *name, guint before, gboolean by_index)
{
  guint64 index;

  for (int i = (int) before - 1; i >= 0; i--)
    {
      const BoStage *stage = bo_dockerfile_get_stage (self, i);

      if (stage->name != NULL && g_ascii_strcasecmp (stage->name, name) == 0)
        return i;
    }
  if (by_index && g_ascii_string_to_unsigned (name, 10, 0, G_MAXINT, &index, NULL) && index < before)
    return index;
  return -1;
}

typedef struct
{
  BoDockerfile *dockerfile;
  GHashTable *build_args;
  GHashTable *given_stages;
  gboolean *needed; /* per stage */
  GPtrArray *images;
} Listing;

static void
add_image (Listing *listing, const char *image)
{
  g_autofree char *lower = g_ascii_strdown (image, -1);

  if (strcmp (image, SCRATCH) == 0 ||
      (listing->given_stages != NULL && g_hash_table_contains (listing->given_stages, lower)) ||
      g_ptr_array_find_with_equal_func (listing->images, image, g_str_equal, NULL))
    return;
  g_ptr_array_add (listing->images, g_strdup (image));
}

/* What one stage starts from and copies from: stages become needed, the rest are images. */
static gboolean
list_stage (Listing *listing, guint index, GError **error)
{
  BoDockerfile *self = listing->dockerfile;
  g_autofree char *base = bo_dockerfile_resolve_base (self, index, listing->build_args, error);
  int earlier;

  if (base == NULL)
    return FALSE;
  earlier = find_earlier_stage (self, base, index, FALSE);
  if (earlier >= 0)
    listing->needed[earlier] = TRUE;
  else
    add_image (listing, base);

  for (guint i = 0; i < bo_dockerfile_get_n_instructions (self); i++)
    {
      const BoInstruction *instruction = bo_dockerfile_get_instruction (self, i);

      if (instruction->stage != (int) index)
        continue;
      for (guint j = 0; instruction->flags[j] != NULL; j++)
        {
          g_autofree char *source = bo_dockerfile_get_copy_source (instruction, j);

          if (source == NULL)
            continue;
          earlier = find_earlier_stage (self, source, index, TRUE);
          if (earlier >= 0)
            listing->needed[earlier] = TRUE;
          else if (strchr (source, '$') == NULL)
            add_image (listing, source);
        }
    }
  return TRUE;
}

/**
 * bo_dockerfile_list_images:
 * @dockerfile: a Dockerfile
 * @target: (nullable): target stage; NULL is the last one
 * @builder: the classic builder makes all stages up to the target, BuildKit those that it needs
 * @build_args: (nullable) (element-type utf8 utf8): the build's arguments
 * @given_stages: (nullable) (element-type utf8 utf8): set of stage names, in lower case, that come from prebuilds
 * @error: return location
 *
 * Lists the images that the engine must have before the build: those in FROM,
 * `COPY --from=` and `RUN --mount=...,from=` that are neither stages nor `scratch`. The image
 * of `# syntax=` is not among them.
 *
 * Returns: (transfer full) (element-type utf8) (nullable): references as the file and the arguments
 *   give them, each once
 */
GPtrArray *
bo_dockerfile_list_images (BoDockerfile *dockerfile,
                           const char *target,
                           BoBuilder builder,
                           GHashTable *build_args,
                           GHashTable *given_stages,
                           GError **error)
{
  g_autofree gboolean *needed = NULL;
  g_autoptr (GPtrArray) images = NULL;
  Listing listing;
  int last;

  g_return_val_if_fail (dockerfile != NULL, NULL);

  if (bo_dockerfile_get_n_stages (dockerfile) == 0)
    {
      g_set_error_literal (error, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_NO_STAGE,
                           _ ("The Dockerfile has no FROM"));
      return NULL;
    }
  last = (int) bo_dockerfile_get_n_stages (dockerfile) - 1;
  if (target != NULL)
    {
      last = bo_dockerfile_find_stage (dockerfile, target);
      if (last < 0)
        {
          g_set_error (error, BO_DOCKERFILE_ERROR, BO_DOCKERFILE_ERROR_TARGET,
                       _ ("The Dockerfile has no stage “%s”"), target);
          return NULL;
        }
    }

  needed = g_new0 (gboolean, bo_dockerfile_get_n_stages (dockerfile));
  images = g_ptr_array_new_with_free_func (g_free);
  listing = (Listing){ .dockerfile = dockerfile,
                       .build_args = build_args,
                       .given_stages = given_stages,
                       .needed = needed,
                       .images = images };
  needed[last] = TRUE;
  for (int i = last; i >= 0; i--)
    {
      if ((needed[i] || builder == BO_BUILDER_CLASSIC) && !list_stage (&listing, i, error))
        return NULL;
    }
  return g_steal_pointer (&images);
}
