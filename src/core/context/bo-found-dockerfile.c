/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-found-dockerfile"

#include "config.h"

#include <string.h>

#include "context/bo-found-dockerfile.h"
#include "study/bo-variables.h"

/* How deep Dockerfiles are looked for, and how many are taken; a study with more rows is nobody's first look.
 */
#define MAX_DEPTH 4
#define MAX_FOUND 50
#define FILE_SIZE_MAX (1024 * 1024)

/* Stands for the base image while it is asked whether a file takes it. */
#define MARK "bakeoff-base-image-mark"

void
bo_found_dockerfile_free (BoFoundDockerfile *found)
{
  if (found == NULL)
    return;
  g_free (found->path);
  g_free (found->word);
  g_clear_pointer (&found->dockerfile, bo_dockerfile_unref);
  g_free (found->image);
  g_free (found->prebuild_as);
  g_free (found);
}

/* What tells a Dockerfile from the others: "x" of "Dockerfile.x" and "x.Dockerfile"; NULL when it is none. */
static char *
get_word (const char *name)
{
  static const char plain[] = "Dockerfile";
  gsize n = strlen (name);

  if (strcmp (name, plain) == 0)
    return g_strdup ("");
  /* What stands beside a Dockerfile and is none. */
  if (g_str_has_suffix (name, ".dockerignore") || g_str_has_suffix (name, "~")
      || g_str_has_suffix (name, ".orig") || g_str_has_suffix (name, ".bak")
      || g_str_has_suffix (name, ".md"))
    return NULL;
  if (g_str_has_prefix (name, plain) && strchr (".-_", name[strlen (plain)]) != NULL)
    return g_strdup (name + strlen (plain) + 1);
  if (n > strlen (".Dockerfile")
      && g_ascii_strcasecmp (name + n - strlen (".Dockerfile"), ".Dockerfile") == 0)
    return g_strndup (name, n - strlen (".Dockerfile"));
  return NULL;
}

/* The image that stage @index comes from in the end, through other stages of the file. */
static char *
resolve_image (BoDockerfile *dockerfile, GHashTable *args)
{
  int stage = (int) bo_dockerfile_get_n_stages (dockerfile) - 1;

  /* Each stage comes from an earlier one, so this ends. */
  while (stage >= 0)
    {
      g_autofree char *base = bo_dockerfile_resolve_base (dockerfile, stage, args, NULL);
      int from = base != NULL ? bo_dockerfile_find_stage (dockerfile, base) : -1;

      if (base == NULL)
        return NULL;
      if (from < 0 || from >= stage)
        return g_steal_pointer (&base);
      stage = from;
    }
  return NULL;
}

static gboolean
takes_base (BoDockerfile *dockerfile)
{
  g_autoptr (GHashTable) args = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (args, (char *) BO_VARIABLE_BASE_IMAGE, (char *) MARK);
  for (guint i = 0; i < bo_dockerfile_get_n_stages (dockerfile); i++)
    {
      g_autofree char *base = bo_dockerfile_resolve_base (dockerfile, i, args, NULL);

      if (base != NULL && strstr (base, MARK) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* Which image to take as base: that of the last stage; when that is scratch, of the first. */
static char *
find_image (BoDockerfile *dockerfile, gboolean takes)
{
  g_autofree char *image = NULL;

  if (takes)
    image = bo_dockerfile_expand (dockerfile, "${" BO_VARIABLE_BASE_IMAGE "}", NULL, NULL);
  else
    {
      image = resolve_image (dockerfile, NULL);
      if (g_strcmp0 (image, "scratch") == 0)
        {
          g_free (image);
          image = bo_dockerfile_resolve_base (dockerfile, 0, NULL, NULL);
        }
    }
  if (image == NULL || image[0] == '\0' || strcmp (image, "scratch") == 0)
    return NULL;
  return g_steal_pointer (&image);
}

static void
take_file (GPtrArray *list, const char *full, const char *relative, const char *name)
{
  g_autofree char *word = get_word (name);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (BoDockerfile) dockerfile = NULL;
  BoFoundDockerfile *found;
  gsize length;

  if (word == NULL || !g_utf8_validate (relative, -1, NULL)
      || !g_file_get_contents (full, &text, &length, NULL))
    return;
  bytes = g_bytes_new_take (g_steal_pointer (&text), length);
  dockerfile = bo_dockerfile_new (bytes);
  /* Something else that is only called like one. */
  if (bo_dockerfile_get_n_stages (dockerfile) == 0)
    return;

  found = g_new0 (BoFoundDockerfile, 1);
  found->path = g_strdup (relative);
  found->word = g_steal_pointer (&word);
  found->takes_base = takes_base (dockerfile);
  found->image = find_image (dockerfile, found->takes_base);
  found->dockerfile = g_steal_pointer (&dockerfile);
  g_ptr_array_add (list, found);
}

static gboolean
scan_folder (GPtrArray *list, const char *full, const char *relative, guint depth, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (full);
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      file,
      G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
      G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, error);

  if (children == NULL)
    return FALSE;
  while (list->len < MAX_FOUND)
    {
      GFileInfo *info;
      const char *name;
      g_autofree char *child = NULL;
      g_autofree char *child_relative = NULL;

      if (!g_file_enumerator_iterate (children, &info, NULL, NULL, error))
        return FALSE;
      if (info == NULL)
        return TRUE;
      name = g_file_info_get_name (info);
      child = g_build_filename (full, name, NULL);
      child_relative = relative[0] != '\0' ? g_build_filename (relative, name, NULL) : g_strdup (name);
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR
          && g_file_info_get_size (info) <= FILE_SIZE_MAX)
        take_file (list, child, child_relative, name);
      else if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY && depth < MAX_DEPTH
               && name[0] != '.' && strcmp (name, "node_modules") != 0)
        {
          /* A folder below that cannot be read only hides what is in it. */
          scan_folder (list, child, child_relative, depth + 1, NULL);
        }
    }
  return TRUE;
}

/* The plain Dockerfile of the folder itself first, then plain ones, then by path. */
static int
compare_found (gconstpointer a, gconstpointer b)
{
  const BoFoundDockerfile *first = *(const BoFoundDockerfile *const *) a;
  const BoFoundDockerfile *second = *(const BoFoundDockerfile *const *) b;
  gboolean plain = first->word[0] == '\0';

  if (plain != (second->word[0] == '\0'))
    return plain ? -1 : 1;
  if ((strchr (first->path, '/') == NULL) != (strchr (second->path, '/') == NULL))
    return strchr (first->path, '/') == NULL ? -1 : 1;
  return strcmp (first->path, second->path);
}

/**
 * bo_found_dockerfile_get_outer_stages:
 * @found: a Dockerfile
 *
 * Returns: (transfer full) (element-type utf8): the names that it copies from without making a stage of them
 */
GPtrArray *
bo_found_dockerfile_get_outer_stages (BoFoundDockerfile *found)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (found != NULL, names);

  for (guint i = 0; i < bo_dockerfile_get_n_instructions (found->dockerfile); i++)
    {
      const BoInstruction *instruction = bo_dockerfile_get_instruction (found->dockerfile, i);

      for (guint flag = 0; instruction->flags[flag] != NULL; flag++)
        {
          g_autofree char *source = bo_dockerfile_get_copy_source (instruction, flag);

          if (source != NULL && bo_dockerfile_find_stage (found->dockerfile, source) < 0
              && !g_ptr_array_find_with_equal_func (names, source, g_str_equal, NULL))
            g_ptr_array_add (names, g_steal_pointer (&source));
        }
    }
  return names;
}

/* Marks those that others copy from: "Dockerfile.torch-builder" for COPY --from=torch-builder. */
static void
find_prebuilds (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    {
      g_autoptr (GPtrArray) names = bo_found_dockerfile_get_outer_stages (g_ptr_array_index (list, i));

      for (guint j = 0; j < list->len; j++)
        {
          BoFoundDockerfile *other = g_ptr_array_index (list, j);

          for (guint n = 0; n < names->len && i != j && other->word[0] != '\0'; n++)
            {
              if (other->prebuild_as == NULL
                  && g_ascii_strcasecmp (other->word, g_ptr_array_index (names, n)) == 0)
                other->prebuild_as = g_strdup (g_ptr_array_index (names, n));
            }
        }
    }
}

/**
 * bo_found_dockerfile_list:
 * @folder: a project's folder
 * @error: #GIOErrorEnum, when the folder itself cannot be read
 *
 * Looks for Dockerfile, Dockerfile.x, x.Dockerfile in the folder and some
 * levels below it; hidden folders are passed over, and symbolic links are not followed.
 *
 * Returns: (transfer full) (nullable) (element-type BoFoundDockerfile): what is there
 */
GPtrArray *
bo_found_dockerfile_list (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) bo_found_dockerfile_free);
  if (!scan_folder (list, folder, "", 0, error))
    return NULL;
  g_ptr_array_sort (list, compare_found);
  find_prebuilds (list);
  return g_steal_pointer (&list);
}
