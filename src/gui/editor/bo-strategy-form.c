/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-strategy-form"

#include "config.h"

#include <glib/gi18n.h>

#include "context/bo-found-dockerfile.h"
#include "context/bo-study-files.h"
#include "editor/bo-strategy-form.h"
#include "shell/bo-unfinished-work.h"
#include "study/bo-json.h"

/* What a thread works with. */
typedef struct
{
  char *file;
  char *text;
  char *id;
  BoStrategyFields *fields;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->file);
  g_free (job->text);
  g_free (job->id);
  bo_strategy_fields_free (job->fields);
  g_free (job);
}

void
bo_strategy_form_free (BoStrategyForm *form)
{
  if (form == NULL)
    return;
  bo_study_edit_free (form->edit);
  bo_strategy_fields_free (form->fields);
  g_ptr_array_unref (form->base_ids);
  g_ptr_array_unref (form->base_titles);
  g_free (form->builders);
  g_ptr_array_unref (form->dockerfiles);
  g_free (form);
}

void
bo_strategy_verdict_free (BoStrategyVerdict *verdict)
{
  if (verdict == NULL)
    return;
  bo_problems_free (verdict->problems);
  bo_problems_free (verdict->files);
  g_free (verdict);
}

/* "classic, buildkit", when the study says so. */
static char *
describe_builders (JsonObject *root)
{
  g_autoptr (GPtrArray) names = bo_json_get_strings (root, "builders");

  if (names->len == 0)
    g_ptr_array_add (names, g_strdup (bo_json_get_string (bo_json_get_object (root, "defaults"), "builder", "classic")));
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **) names->pdata);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (BoStudyEdit) edit = NULL;
  g_autofree char *folder = g_path_get_dirname (job->file);
  g_autofree char *context = NULL;
  BoStrategyForm *form;
  JsonObject *root;
  JsonArray *bases;
  GError *error = NULL;

  edit = bo_study_edit_open (job->file, &error);
  if (edit != NULL && job->id != NULL && bo_study_edit_get_strategy (edit, job->id) == NULL)
    g_set_error (&error, BO_STUDY_DOCUMENT_ERROR, BO_STUDY_DOCUMENT_ERROR_NOT_FOUND,
                 _ ("The study has no strategy “%s” any more."), job->id);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  root = bo_study_edit_get_root (edit);
  form = g_new0 (BoStrategyForm, 1);
  form->fields = job->id != NULL ? bo_strategy_fields_read (bo_study_edit_get_strategy (edit, job->id))
                                 : bo_strategy_fields_new ();
  form->base_ids = g_ptr_array_new_with_free_func (g_free);
  form->base_titles = g_ptr_array_new_with_free_func (g_free);
  bases = bo_json_get_array (root, "bases");
  for (guint i = 0; i < bo_json_array_get_length (bases); i++)
    {
      JsonObject *base = bo_json_array_get_object (bases, i);
      const char *id = bo_json_get_string (base, "id", NULL);
      const char *image = bo_json_get_string (base, "image", id);

      if (id == NULL)
        continue;
      g_ptr_array_add (form->base_ids, g_strdup (id));
      g_ptr_array_add (form->base_titles, g_strdup (bo_json_get_string (base, "title", image)));
    }
  form->builders = describe_builders (root);
  context = g_canonicalize_filename (bo_json_get_string (root, "context", "."), folder);
  form->dockerfiles = bo_found_dockerfile_list (context, NULL);
  /* A context that cannot be read has nothing to choose from; what is wrong with it is told elsewhere. */
  if (form->dockerfiles == NULL)
    form->dockerfiles = g_ptr_array_new ();
  form->edit = g_steal_pointer (&edit);
  g_task_return_pointer (task, form, (GDestroyNotify) bo_strategy_form_free);
}

/**
 * bo_strategy_form_load_async:
 * @file: path of a study file
 * @id: (nullable): a strategy of it, or %NULL for a new one
 */
void
bo_strategy_form_load_async (const char *file,
                             const char *id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->file = g_strdup (file);
  job->id = g_strdup (id);
  g_task_set_source_tag (task, bo_strategy_form_load_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, load_thread);
}

BoStrategyForm *
bo_strategy_form_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GTask *
start (BoStrategyForm *form,
       const char *id,
       BoStrategyFields *fields,
       gpointer tag,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->file = g_strdup (form->edit->file);
  job->text = g_strdup (form->edit->text);
  job->id = g_strdup (id);
  job->fields = fields;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, job_free);
  return task;
}

static void
check_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  g_autoptr (BoStudyEdit) edit = bo_study_edit_new (job->file, job->text, &error);
  g_autoptr (BoStudy) study = NULL;
  BoStrategyVerdict *verdict;

  if (edit == NULL || !bo_study_edit_write_strategy (edit, job->id, job->fields, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  verdict = g_new0 (BoStrategyVerdict, 1);
  verdict->problems = bo_problems_new ();
  verdict->files = bo_problems_new ();
  verdict->place = bo_study_edit_count_strategies (edit) - 1;
  if (job->id != NULL)
    {
      g_autoptr (BoStudyEdit) before = bo_study_edit_new (job->file, job->text, NULL);

      verdict->place = bo_study_edit_find_strategy (before, job->id);
    }
  study = bo_study_edit_check (edit, verdict->problems);
  if (study != NULL)
    bo_study_check_files (study, cancellable, verdict->files);
  g_task_return_pointer (task, verdict, (GDestroyNotify) bo_strategy_verdict_free);
}

/**
 * bo_strategy_form_check_async:
 * @form: what the editor began with
 * @id: (nullable): id of the strategy in the file, or %NULL for a new one
 * @fields: (transfer full): what it is to be
 *
 * Judges the study as it would be.
 */
void
bo_strategy_form_check_async (BoStrategyForm *form,
                              const char *id,
                              BoStrategyFields *fields,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task
      = start (form, id, fields, bo_strategy_form_check_async, cancellable, callback, user_data);

  g_task_run_in_thread (task, check_thread);
}

BoStrategyVerdict *
bo_strategy_form_check_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  g_autoptr (BoProblems) problems = bo_problems_new ();
  g_autoptr (BoStudyEdit) before = bo_study_edit_new (job->file, job->text, &error);
  g_autoptr (BoStudyEdit) edit = before != NULL ? bo_study_edit_open (job->file, &error) : NULL;

  if (edit != NULL && job->id != NULL && !bo_study_edit_has_same_strategy (edit, before, job->id))
    {
      g_set_error (&error, BO_STUDY_EDIT_ERROR, BO_STUDY_EDIT_ERROR_CHANGED,
                   _ ("The strategy “%s” was changed by another program meanwhile. "
                      "Close this window and edit it again to see how it is now."),
                   job->id);
      g_task_return_error (task, error);
    }
  else if (edit != NULL && bo_study_edit_write_strategy (edit, job->id, job->fields, &error)
           && bo_study_edit_save (edit, problems, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * bo_strategy_form_save_async:
 * @form: what the editor began with
 * @id: (nullable): id of the strategy in the file, or %NULL for a new one
 * @fields: (transfer full): what it is to be
 *
 * Writes the strategy into the file as it is now: what was changed beside it meanwhile stays.
 */
void
bo_strategy_form_save_async (BoStrategyForm *form,
                             const char *id,
                             BoStrategyFields *fields,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = start (form, id, fields, bo_strategy_form_save_async, NULL, callback, user_data);

  bo_unfinished_work_watch (task);
  g_task_run_in_thread (task, save_thread);
}

gboolean
bo_strategy_form_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
