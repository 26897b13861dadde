/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-new-study-plan"

#include "config.h"

#include <glib/gi18n.h>

#include "context/bo-found-dockerfile.h"
#include "context/bo-study-template.h"
#include "editor/bo-new-study-plan.h"
#include "shell/bo-unfinished-work.h"
#include "study/bo-study.h"

BoNewStudyWish *
bo_new_study_wish_new (const char *folder, const char *name)
{
  BoNewStudyWish *wish = g_new0 (BoNewStudyWish, 1);

  wish->folder = g_strdup (folder);
  wish->name = g_strdup (name);
  wish->templates = g_ptr_array_new_with_free_func (g_free);
  return wish;
}

void
bo_new_study_wish_free (BoNewStudyWish *wish)
{
  if (wish == NULL)
    return;
  g_free (wish->folder);
  g_free (wish->name);
  g_ptr_array_unref (wish->templates);
  g_clear_pointer (&wish->dockerfiles, g_ptr_array_unref);
  g_clear_pointer (&wish->images, g_ptr_array_unref);
  g_free (wish);
}

void
bo_new_study_plan_free (BoNewStudyPlan *plan)
{
  if (plan == NULL)
    return;
  g_clear_pointer (&plan->found, g_ptr_array_unref);
  g_clear_pointer (&plan->templates, g_ptr_array_unref);
  g_clear_pointer (&plan->obstacles, g_ptr_array_unref);
  bo_study_scaffold_free (plan->scaffold);
  g_free (plan->problem);
  g_free (plan);
}

/* "a|b" needs one of both. What is there already is never replaced. */
static char *
find_obstacle (const BoStudyTemplate *template, const char *folder)
{
  for (guint i = 0; i < template->needs->len; i++)
    {
      g_auto (GStrv) choices = g_strsplit (template->needs->pdata[i], "|", -1);
      gboolean there = FALSE;

      for (char **choice = choices; *choice != NULL && !there; choice++)
        {
          g_autofree char *path = g_build_filename (folder, *choice, NULL);

          there = g_file_test (path, G_FILE_TEST_IS_REGULAR);
        }
      if (!there)
        {
          g_autofree char *names = g_strjoinv (_ (" or "), choices);

          return g_strdup_printf (_ ("Needs %s in the folder"), names);
        }
    }
  for (guint i = 0; i < template->files->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, template->files->pdata[i], NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        return g_strdup_printf (_ ("%s is there already"), (char *) template->files->pdata[i]);
    }
  return g_strdup ("");
}

/* The core's words are the command line's; its options are not known here. */
static char *
explain (const GError *error, const char *folder)
{
  if (g_error_matches (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_BASE))
    return g_strdup (_ ("It is not clear which image to build on. Add a base image below."));
  if (g_error_matches (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_NO_DOCKERFILE))
    return g_strdup (_ ("There is no Dockerfile in this folder that a study could be made from. "
                        "Choose another folder, or begin from a template."));
  return g_strdup (error->message);
}

static gboolean
needs_base (BoNewStudyWish *wish, GPtrArray *list)
{
  if (wish->from_templates)
    return TRUE;
  for (guint i = 0; i < list->len; i++)
    {
      const BoFoundDockerfile *found = list->pdata[i];

      if (found->takes_base
          && (wish->dockerfiles == NULL
              || g_ptr_array_find_with_equal_func (wish->dockerfiles, found->path, g_str_equal, NULL)))
        return TRUE;
    }
  return FALSE;
}

static const char *const *
get_strings (GPtrArray *array)
{
  if (array == NULL)
    return NULL;
  if (array->len == 0 || array->pdata[array->len - 1] != NULL)
    g_ptr_array_add (array, NULL);
  return (const char *const *) array->pdata;
}

static void
plan_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  BoNewStudyWish *wish = task_data;
  g_autofree char *study = g_build_filename (wish->folder, BO_STUDY_FILE_NAME, NULL);
  BoNewStudyPlan *plan = g_new0 (BoNewStudyPlan, 1);
  g_autoptr (GError) error = NULL;
  BoStudyScaffoldChoice choice = { NULL };
  gboolean lacks_base;

  plan->exists = g_file_test (study, G_FILE_TEST_EXISTS) || g_file_test (study, G_FILE_TEST_IS_SYMLINK);
  plan->found = bo_found_dockerfile_list (wish->folder, NULL);
  /* A folder that cannot be read is told by the scaffold. */
  if (plan->found == NULL)
    plan->found = g_ptr_array_new ();
  plan->templates = bo_study_template_list ();
  plan->obstacles = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < plan->templates->len; i++)
    g_ptr_array_add (plan->obstacles, find_obstacle (plan->templates->pdata[i], wish->folder));

  lacks_base = wish->images != NULL && wish->images->len == 0 && needs_base (wish, plan->found);
  choice.name = wish->name[0] != '\0' ? wish->name : NULL;
  choice.templates = wish->from_templates ? get_strings (wish->templates) : NULL;
  choice.dockerfiles = wish->from_templates ? NULL : get_strings (wish->dockerfiles);
  choice.images = get_strings (wish->images);
  choice.repetitions = wish->repetitions;
  if (plan->exists)
    plan->problem = NULL;
  else if (wish->from_templates && wish->templates->len <= 1 && choice.templates[0] == NULL)
    plan->problem = g_strdup (_ ("Choose at least one template."));
  else if (!wish->from_templates && choice.dockerfiles != NULL && choice.dockerfiles[0] == NULL && plan->found->len > 0)
    plan->problem = g_strdup (_ ("Choose at least one Dockerfile."));
  else if (lacks_base)
    plan->problem = g_strdup (_ ("Choose at least one base image, or add one."));
  else
    {
      plan->scaffold = bo_study_scaffold_new (wish->folder, &choice, &error);
      if (plan->scaffold == NULL)
        plan->problem = explain (error, wish->folder);
    }
  g_task_return_pointer (task, plan, (GDestroyNotify) bo_new_study_plan_free);
}

/**
 * bo_new_study_plan_async:
 * @wish: (transfer full): what a person chose
 *
 * Looks into the folder and puts the study together. Nothing is written.
 */
void
bo_new_study_plan_async (BoNewStudyWish *wish,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, bo_new_study_plan_async);
  g_task_set_task_data (task, wish, (GDestroyNotify) bo_new_study_wish_free);
  g_task_run_in_thread (task, plan_thread);
}

BoNewStudyPlan *
bo_new_study_plan_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
write_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) list = g_string_new (NULL);
  GError *error = NULL;

  if (bo_study_scaffold_write (task_data, FALSE, written, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (g_error_matches (error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_EXISTS))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, BO_STUDY_SCAFFOLD_ERROR, BO_STUDY_SCAFFOLD_ERROR_EXISTS,
                           _ ("Nothing was written: a file that would be made is there already. "
                              "Move it away, or choose other templates."));
    }
  for (guint i = 0; i < written->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", (char *) written->pdata[i]);
  if (written->len > 0)
    g_prefix_error (&error, _ ("These files were written: %s. Then: "), list->str);
  g_task_return_error (task, error);
}

/**
 * bo_new_study_write_async:
 * @scaffold: (transfer full): a study
 *
 * Writes it; what is there already is never replaced.
 */
void
bo_new_study_write_async (BoStudyScaffold *scaffold, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, bo_new_study_write_async);
  g_task_set_task_data (task, scaffold, (GDestroyNotify) bo_study_scaffold_free);
  bo_unfinished_work_watch (task);
  g_task_run_in_thread (task, write_thread);
}

gboolean
bo_new_study_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
