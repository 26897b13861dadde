/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-files"

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "context/bo-context.h"
#include "context/bo-dockerfile.h"
#include "context/bo-study-files.h"
#include "study/bo-json-map.h"
#include "study/bo-variables.h"

/* A Dockerfile that is larger is something else. */
#define DOCKERFILE_SIZE_MAX (4 * 1024 * 1024)

typedef struct
{
  BoStudy *study;
  BoProblems *problems;
  BoJsonMap *map;
  char *root;
  GHashTable *dockerfiles;   /* relative path -> BoDockerfile */
  GHashTable *ignore_files; /* ignore files by which the edited file was looked for */
  GCancellable *cancellable;
} Checker;

static void
add (Checker *checker,
     BoProblemLevel level,
     const char *path,
     const char *expected,
     const char *found,
     const char *message)
{
  bo_problems_add (checker->problems, level, path, bo_json_map_get_line (checker->map, path), expected, found,
                   "%s", message);
}

/*
 * Finds a file of the context, through symbolic links; NULL after a problem.
 * A link may lead anywhere inside of the context, and nowhere else: what is
 * outside is not sent, so the engine would not see it.
 */
static char *
resolve (Checker *checker, const char *relative, const char *path, struct stat *info)
{
  g_autofree char *full = g_build_filename (checker->root, relative, NULL);
  g_autofree char *real = realpath (full, NULL);
  g_autofree char *shown = g_filename_display_name (relative);
  gsize n = strlen (checker->root);

  if (real == NULL)
    {
      g_autofree char *message = NULL;

      if (errno == ENOENT)
        message = g_strdup_printf (_ ("there is no “%s” in the context folder %s"), shown,
                                   checker->study->context);
      else
        message = g_strdup_printf (_ ("“%s” cannot be read: %s"), shown, g_strerror (errno));
      add (checker, BO_PROBLEM_ERROR, path, NULL, NULL, message);
      return NULL;
    }
  /* The root alone ends in a slash. */
  if (strcmp (real, checker->root) != 0 && strcmp (checker->root, "/") != 0
      && (strncmp (real, checker->root, n) != 0 || real[n] != '/'))
    {
      add (checker, BO_PROBLEM_ERROR, path, _ ("a path within the context folder"), real,
           _ ("this is a symbolic link that leads out of the context"));
      return NULL;
    }
  if (stat (real, info) != 0)
    {
      add (checker, BO_PROBLEM_ERROR, path, NULL, NULL, g_strerror (errno));
      return NULL;
    }
  return g_steal_pointer (&real);
}

/* Puts what the parser says about a Dockerfile under its name. */
static void
add_dockerfile_problems (Checker *checker, BoDockerfile *dockerfile, const char *relative)
{
  BoProblems *problems = bo_dockerfile_get_problems (dockerfile);

  for (guint i = 0; i < problems->items->len; i++)
    {
      const BoProblem *problem = bo_problems_get (problems, i);

      bo_problems_add (checker->problems, problem->level, relative, problem->line, problem->expected,
                       problem->found, "%s", problem->message);
    }
}

/* Parses a Dockerfile of the context, once; NULL after a problem. */
static BoDockerfile *
get_dockerfile (Checker *checker, const char *relative, const char *path)
{
  g_autofree char *real = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  BoDockerfile *dockerfile = NULL;
  struct stat info;
  gpointer known;
  gsize length;

  if (g_hash_table_lookup_extended (checker->dockerfiles, relative, NULL, &known) && known != NULL)
    return known;

  real = resolve (checker, relative, path, &info);
  if (real == NULL)
    return NULL;
  if (!S_ISREG (info.st_mode) || info.st_size > DOCKERFILE_SIZE_MAX)
    {
      add (checker, BO_PROBLEM_ERROR, path, _ ("a Dockerfile of at most 4 MiB"),
           S_ISDIR (info.st_mode) ? _ ("a folder") : NULL, _ ("this is not a Dockerfile"));
      return NULL;
    }
  if (!g_file_get_contents (real, &text, &length, &error))
    {
      add (checker, BO_PROBLEM_ERROR, path, NULL, NULL, error->message);
      return NULL;
    }
  bytes = g_bytes_new_take (g_steal_pointer (&text), length);
  dockerfile = bo_dockerfile_new (bytes);
  add_dockerfile_problems (checker, dockerfile, relative);
  if (bo_dockerfile_get_n_stages (dockerfile) == 0 && bo_dockerfile_get_problems (dockerfile)->n_errors == 0)
    add (checker, BO_PROBLEM_ERROR, path, NULL, NULL, _ ("this Dockerfile has no FROM"));
  g_hash_table_replace (checker->dockerfiles, g_strdup (relative), dockerfile);
  return dockerfile;
}

static void
check_target (Checker *checker, BoDockerfile *dockerfile, const char *target, const char *path)
{
  g_autofree char *message = NULL;
  g_autoptr (GString) names = NULL;

  if (target == NULL || bo_dockerfile_get_n_stages (dockerfile) == 0
      || bo_dockerfile_find_stage (dockerfile, target) >= 0)
    return;

  names = g_string_new (NULL);
  for (guint i = 0; i < bo_dockerfile_get_n_stages (dockerfile); i++)
    {
      const BoStage *stage = bo_dockerfile_get_stage (dockerfile, i);

      if (stage->name != NULL)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", stage->name);
    }
  message = g_strdup_printf (_ ("the Dockerfile has no stage “%s”"), target);
  add (checker, BO_PROBLEM_ERROR, path,
       names->len > 0 ? names->str : _ ("no target, since no stage has a name"), target, message);
}

/* Whether some FROM, COPY --from= or RUN --mount= of @dockerfile takes from @name. */
static gboolean
uses_stage (BoDockerfile *dockerfile, const char *name)
{
  for (guint i = 0; i < bo_dockerfile_get_n_stages (dockerfile); i++)
    {
      if (g_ascii_strcasecmp (bo_dockerfile_get_stage (dockerfile, i)->base, name) == 0)
        return TRUE;
    }
  for (guint i = 0; i < bo_dockerfile_get_n_instructions (dockerfile); i++)
    {
      const BoInstruction *instruction = bo_dockerfile_get_instruction (dockerfile, i);

      for (guint flag = 0; instruction->flags[flag] != NULL; flag++)
        {
          g_autofree char *source = bo_dockerfile_get_copy_source (instruction, flag);

          if (source != NULL && g_ascii_strcasecmp (source, name) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

static void
check_prebuilds (Checker *checker,
                 const BoStrategy *strategy,
                 BoDockerfile *dockerfile,
                 const char *strategy_path)
{
  g_autofree char *prebuild_path = bo_json_path_append_key (strategy_path, "prebuild");

  for (guint i = 0; i < strategy->prebuilds->len; i++)
    {
      const BoPrebuild *prebuild = g_ptr_array_index (strategy->prebuilds, i);
      g_autofree char *element = bo_json_path_append_index (prebuild_path, i);
      g_autofree char *build = bo_json_path_append_key (element, "build");
      g_autofree char *target = bo_json_path_append_key (element, "target");
      g_autofree char *as = bo_json_path_append_key (element, "as");
      BoDockerfile *own = get_dockerfile (checker, prebuild->dockerfile, build);

      if (own != NULL)
        check_target (checker, own, prebuild->target, target);
      if (dockerfile == NULL)
        continue;
      if (bo_dockerfile_find_stage (dockerfile, prebuild->as) >= 0)
        add (checker, BO_PROBLEM_ERROR, as, _ ("a name that no stage of the strategy's Dockerfile has"),
             prebuild->as,
             _ ("the Dockerfile makes a stage of this name itself, so the prebuild would never be used"));
      else if (!uses_stage (dockerfile, prebuild->as))
        {
          g_autofree char *expected = g_strdup_printf ("COPY --from=%s", prebuild->as);

          add (checker, BO_PROBLEM_WARNING, as, expected, NULL,
               _ ("the strategy's Dockerfile does not use this prebuild"));
        }
    }
}

/* Warns when a strategy's Dockerfile is not built on one of the bases that it is to be built on. */
static void
check_bases (Checker *checker, const BoStrategy *strategy, BoDockerfile *dockerfile, const char *path)
{
  g_autoptr (GHashTable) given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < strategy->prebuilds->len; i++)
    {
      const BoPrebuild *prebuild = g_ptr_array_index (strategy->prebuilds, i);

      g_hash_table_add (given, g_ascii_strdown (prebuild->as, -1));
    }
  for (guint b = 0; b < strategy->bases->len; b++)
    {
      const BoBase *base = bo_study_get_base (checker->study, g_ptr_array_index (strategy->bases, b));
      g_autoptr (GHashTable) args = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr (GPtrArray) images = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *message = NULL;

      for (guint i = 0; i < strategy->build_args->len; i++)
        {
          const BoBuildArg *arg = g_ptr_array_index (strategy->build_args, i);

          g_hash_table_replace (args, g_strdup (arg->name),
                                bo_variables_replace (arg->value, BO_VARIABLE_BASE_IMAGE, base->image));
        }
      g_hash_table_replace (args, g_strdup (BO_VARIABLE_BASE_IMAGE), g_strdup (base->image));
      images
          = bo_dockerfile_list_images (dockerfile, strategy->target,
                                       g_array_index (strategy->builders, BoBuilder, 0), args, given, &error);
      if (images == NULL)
        {
          add (checker, BO_PROBLEM_ERROR, path, NULL, NULL, error->message);
          return;
        }
      if (g_ptr_array_find_with_equal_func (images, base->image, g_str_equal, NULL))
        continue;
      message = g_strdup_printf (
          _ ("the Dockerfile does not build on the base image “%s”, so that its results say "
             "nothing about it"),
          base->id);
      add (checker, BO_PROBLEM_WARNING, path, "ARG BASE_IMAGE, FROM ${BASE_IMAGE}",
           images->len > 0 ? g_ptr_array_index (images, 0) : _ ("no image"), message);
    }
}

/* Looks whether the edited file is sent, by the ignore file that counts for @dockerfile. */
static void
check_edit (Checker *checker, const char *dockerfile)
{
  g_autofree char *special = g_strdup_printf ("%s/%s.dockerignore", checker->root, dockerfile);
  g_autofree char *found = NULL;
  g_autofree char *message = NULL;
  g_autofree char *shown = NULL;
  g_autoptr (BoContext) context = NULL;
  g_autoptr (GError) error = NULL;
  const BoContextEntry *entry;
  const char *ignore_file;

  if (!g_hash_table_add (checker->ignore_files,
                         g_strdup (g_file_test (special, G_FILE_TEST_EXISTS) ? special : "")))
    return;
  context = bo_context_scan (checker->root, dockerfile, BO_IGNORE_RULE_LIKE_DOCKER, 0, checker->cancellable,
                             &error);
  if (context == NULL)
    {
      add (checker, BO_PROBLEM_ERROR, "$.context", NULL, NULL, error->message);
      return;
    }
  entry = bo_context_find (context, checker->study->edit_path);
  /* A second name of a file is sent as a hard link, and editing it would edit the first one too. */
  if (entry != NULL && entry->type == BO_CONTEXT_FILE)
    return;

  ignore_file = bo_context_get_ignore_file (context);
  shown = ignore_file != NULL ? g_filename_display_basename (ignore_file) : NULL;
  if (entry != NULL)
    add (checker, BO_PROBLEM_ERROR, "$.edit.path", _ ("a regular file"),
         bo_context_type_to_string (entry->type), _ ("only a regular file can be edited"));
  else if (shown != NULL)
    {
      message = g_strdup_printf (_ ("“%s” is ignored by %s, so that editing it changes nothing"),
                                 checker->study->edit_path, shown);
      add (checker, BO_PROBLEM_ERROR, "$.edit.path", _ ("a file that is sent"), NULL, message);
    }
  else
    add (checker, BO_PROBLEM_ERROR, "$.edit.path", _ ("a file that is sent"), NULL,
         _ ("this file is not sent to the engine"));
}

static void
check_mounts (Checker *checker, const BoStrategy *strategy, const char *strategy_path, GHashTable *seen)
{
  for (guint i = 0; i < strategy->run->mounts->len; i++)
    {
      const BoMount *mount = g_ptr_array_index (strategy->run->mounts, i);
      g_autofree char *path = NULL;
      g_autofree char *real = NULL;
      struct stat info;

      if (mount->copy == NULL || !g_hash_table_add (seen, g_strdup (mount->copy)))
        continue;
      /* The strategy's mounts are laid over the study's, so it is one or the other that named this. */
      path = g_strconcat (strategy_path, ".run.mounts", NULL);
      if (!bo_json_map_contains (checker->map, path))
        {
          g_free (path);
          path = g_strdup ("$.run.mounts");
        }
      real = resolve (checker, mount->copy, path, &info);
    }
}

/**
 * bo_study_check_files:
 * @study: a study
 * @cancellable: (nullable): a cancellable
 * @problems: gets everything that is wrong with its files
 *
 * Checks that the context is there; that Dockerfiles are there, parse, have
 * the stages that are asked for and build on their bases; that prebuilds are
 * used; that the edited file is a regular one and is sent; and that mounted
 * copies have their source. It walks the context, so it may take some time.
 */
void
bo_study_check_files (BoStudy *study, GCancellable *cancellable, BoProblems *problems)
{
  g_autoptr (GHashTable) mounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint line, column;
  Checker checker = { 0 };
  struct stat info;

  g_return_if_fail (study != NULL && problems != NULL);

  checker.study = study;
  checker.problems = problems;
  checker.cancellable = cancellable;
  checker.map = bo_json_map_new (study->text, -1, &line, &column, NULL);
  checker.root = realpath (study->context, NULL);
  checker.dockerfiles
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bo_dockerfile_unref);
  checker.ignore_files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (checker.root == NULL || stat (checker.root, &info) != 0 || !S_ISDIR (info.st_mode))
    {
      g_autofree char *message
          = g_strdup_printf (_ ("the context folder %s cannot be used: %s"), study->context,
                             g_strerror (checker.root == NULL ? errno : ENOTDIR));

      add (&checker, BO_PROBLEM_ERROR, "$.context", _ ("a folder"), NULL, message);
    }
  else
    {
      g_autofree char *edited
          = study->edit_path != NULL ? resolve (&checker, study->edit_path, "$.edit.path", &info) : NULL;

      for (guint i = 0; i < study->strategies->len; i++)
        {
          const BoStrategy *strategy = g_ptr_array_index (study->strategies, i);
          g_autofree char *path = bo_json_path_append_index ("$.strategies", i);
          g_autofree char *dockerfile_path = bo_json_path_append_key (path, "dockerfile");
          g_autofree char *target_path = bo_json_path_append_key (path, "target");
          BoDockerfile *dockerfile = get_dockerfile (&checker, strategy->dockerfile, dockerfile_path);

          check_prebuilds (&checker, strategy, dockerfile, path);
          check_mounts (&checker, strategy, path, mounts);
          if (dockerfile == NULL)
            continue;
          check_target (&checker, dockerfile, strategy->target, target_path);
          if (bo_dockerfile_get_n_stages (dockerfile) > 0
              && (strategy->target == NULL || bo_dockerfile_find_stage (dockerfile, strategy->target) >= 0))
            check_bases (&checker, strategy, dockerfile, dockerfile_path);
          if (edited != NULL)
            check_edit (&checker, strategy->dockerfile);
        }
    }

  g_hash_table_unref (checker.dockerfiles);
  g_hash_table_unref (checker.ignore_files);
  bo_json_map_free (checker.map);
  free (checker.root);
}
