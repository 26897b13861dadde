/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-study-form"

#include "config.h"

#include <glib/gi18n.h>

#include "editor/bo-study-form.h"
#include "shell/bo-unfinished-work.h"
#include "study/bo-json.h"

/* What a thread works with. */
typedef struct
{
  char *file;
  char *text;
  BoStudyFields *fields;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->file);
  g_free (job->text);
  bo_study_fields_free (job->fields);
  g_free (job);
}

void
bo_study_form_free (BoStudyForm *form)
{
  if (form == NULL)
    return;
  bo_study_edit_free (form->edit);
  bo_study_fields_free (form->fields);
  g_ptr_array_unref (form->ids);
  g_ptr_array_unref (form->titles);
  g_free (form);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  BoStudyEdit *edit = bo_study_edit_open (((Job *) task_data)->file, &error);
  JsonArray *strategies;
  BoStudyForm *form;

  if (edit == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  form = g_new0 (BoStudyForm, 1);
  form->edit = edit;
  form->fields = bo_study_fields_read (bo_study_edit_get_root (edit));
  form->ids = g_ptr_array_new_with_free_func (g_free);
  form->titles = g_ptr_array_new_with_free_func (g_free);
  strategies = bo_json_get_array (bo_study_edit_get_root (edit), "strategies");
  for (guint i = 0; i < bo_json_array_get_length (strategies); i++)
    {
      JsonObject *strategy = bo_json_array_get_object (strategies, i);
      const char *id = bo_json_get_string (strategy, "id", NULL);

      if (id == NULL)
        continue;
      g_ptr_array_add (form->ids, g_strdup (id));
      g_ptr_array_add (form->titles, g_strdup (bo_json_get_string (strategy, "title", id)));
    }
  g_task_return_pointer (task, form, (GDestroyNotify) bo_study_form_free);
}

static GTask *
start (const char *file,
       const char *text,
       BoStudyFields *fields,
       gpointer tag,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->file = g_strdup (file);
  job->text = g_strdup (text);
  job->fields = fields;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, job_free);
  return task;
}

void
bo_study_form_load_async (const char *file,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = start (file, NULL, NULL, bo_study_form_load_async, cancellable, callback, user_data);

  g_task_run_in_thread (task, load_thread);
}

BoStudyForm *
bo_study_form_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
check_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  g_autoptr (BoStudyEdit) edit = bo_study_edit_new (job->file, job->text, &error);
  g_autoptr (BoStudy) study = NULL;
  BoProblems *problems;

  if (edit == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  problems = bo_problems_new ();
  bo_study_fields_write (job->fields, bo_study_edit_get_root (edit));
  study = bo_study_edit_check (edit, problems);
  g_task_return_pointer (task, problems, (GDestroyNotify) bo_problems_free);
}

/**
 * bo_study_form_check_async:
 * @form: what the editor began with
 * @fields: (transfer full): what the study is to be
 *
 * Judges the study as it would be.
 */
void
bo_study_form_check_async (BoStudyForm *form,
                           BoStudyFields *fields,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = start (form->edit->file, form->edit->text, fields, bo_study_form_check_async, cancellable,
                                  callback, user_data);

  g_task_run_in_thread (task, check_thread);
}

BoProblems *
bo_study_form_check_finish (GAsyncResult *result, GError **error)
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
  g_autoptr (BoStudyFields) then = before != NULL ? bo_study_fields_read (bo_study_edit_get_root (before)) : NULL;
  g_autoptr (BoStudyFields) now = edit != NULL ? bo_study_fields_read (bo_study_edit_get_root (edit)) : NULL;

  if (now != NULL && !bo_study_fields_equal (then, now))
    g_set_error (&error, BO_STUDY_EDIT_ERROR, BO_STUDY_EDIT_ERROR_CHANGED,
                 _ ("The settings were changed by another program meanwhile. Close this window and edit them again to "
                    "see how they are now."));
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  bo_study_fields_write (job->fields, bo_study_edit_get_root (edit));
  if (bo_study_edit_save (edit, problems, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * bo_study_form_save_async:
 * @form: what the editor began with
 * @fields: (transfer full): what the study is to be
 *
 * Writes them into the file as it is now: what was changed beside them meanwhile stays.
 */
void
bo_study_form_save_async (BoStudyForm *form, BoStudyFields *fields, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task
      = start (form->edit->file, form->edit->text, fields, bo_study_form_save_async, NULL, callback, user_data);

  bo_unfinished_work_watch (task);
  g_task_run_in_thread (task, save_thread);
}

gboolean
bo_study_form_save_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
