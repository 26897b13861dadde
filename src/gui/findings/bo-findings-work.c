/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-findings-work"

#include "config.h"

#include <glib/gi18n.h>

#include "findings/bo-findings-work.h"
#include "findings/bo-findings.h"
#include "shell/bo-unfinished-work.h"

/* What one of them needs; the others leave it empty. */
typedef struct
{
  char *campaign_id;
  gboolean flag;
  BoReport *report;
  GHashTable *notes;
  BoExportFormat format;
  char *path;
  const BoDocumentUpdate *update;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->campaign_id);
  g_clear_pointer (&request->report, bo_report_unref);
  g_clear_pointer (&request->notes, g_hash_table_unref);
  g_free (request->path);
  g_free (request);
}

static GTask *
task_new (gpointer tag,
          BoReport *report,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data,
          Request **request)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  *request = g_new0 (Request, 1);
  (*request)->report = report != NULL ? bo_report_ref (report) : NULL;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, *request, request_free);
  return task;
}

/* --- A report ------------------------------------------------------------------- */

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  g_autofree char *path = bo_store_get_default_path ();
  GError *error = NULL;
  g_autoptr (BoStore) store = bo_store_open_sync (path, &error);
  BoReport *report = NULL;

  if (store != NULL)
    {
      report = bo_findings_load (store, request->campaign_id, request->flag, &error);
      bo_store_close_sync (store);
    }
  if (report != NULL)
    g_task_return_pointer (task, report, (GDestroyNotify) bo_report_unref);
  else
    g_task_return_error (task, error);
}

/**
 * bo_findings_work_load_async:
 * @campaign_id: the campaign
 * @all_campaigns: whether older ones are put together with it, as far as they may be
 */
void
bo_findings_work_load_async (const char *campaign_id,
                             gboolean all_campaigns,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Request *request;
  g_autoptr (GTask) task = task_new (bo_findings_work_load_async, NULL, cancellable, callback, user_data, &request);

  request->campaign_id = g_strdup (campaign_id);
  request->flag = all_campaigns;
  g_task_run_in_thread (task, load_thread);
}

BoReport *
bo_findings_work_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
remake_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;

  g_task_return_pointer (task, bo_report_new_with_notes (request->report, request->notes),
                         (GDestroyNotify) bo_report_unref);
}

void
bo_findings_work_remake_async (BoReport *report,
                               GHashTable *notes,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Request *request;
  g_autoptr (GTask) task = task_new (bo_findings_work_remake_async, report, cancellable, callback, user_data, &request);

  request->notes = g_hash_table_ref (notes);
  g_task_run_in_thread (task, remake_thread);
}

BoReport *
bo_findings_work_remake_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- A document ----------------------------------------------------------------- */

static void
copy_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;

  g_task_return_pointer (task, bo_report_to_markdown (request->report), g_free);
}

void
bo_findings_work_copy_async (BoReport *report,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Request *request;
  g_autoptr (GTask) task = task_new (bo_findings_work_copy_async, report, cancellable, callback, user_data, &request);

  g_task_run_in_thread (task, copy_thread);
}

char *
bo_findings_work_copy_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The core writes with plain system calls, which reach no other computer. */
static gboolean
set_path (GTask *task, Request *request, GFile *file)
{
  g_autofree char *uri = NULL;

  request->path = g_file_get_path (file);
  if (request->path != NULL)
    return TRUE;
  uri = g_file_get_uri (file);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("“%s” is not on this computer. Choose a file here, and copy it there."), uri);
  return FALSE;
}

static void
export_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;

  if (bo_export_save (request->report, request->format, request->format == BO_EXPORT_MARKDOWN, request->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * bo_findings_work_export_async:
 * @report: a report
 * @format: what is written; Markdown has its charts in a folder beside it
 * @file: where to
 */
void
bo_findings_work_export_async (BoReport *report,
                               BoExportFormat format,
                               GFile *file,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Request *request;
  g_autoptr (GTask) task = task_new (bo_findings_work_export_async, report, cancellable, callback, user_data, &request);

  request->format = format;
  if (!set_path (task, request, file))
    return;
  bo_unfinished_work_watch (task);
  g_task_run_in_thread (task, export_thread);
}

gboolean
bo_findings_work_export_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- A document of the user's ----------------------------------------------------- */

static void
prepare_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;
  BoDocumentUpdate *update = bo_document_update_new (request->report, request->path, request->flag, &error);

  if (update != NULL)
    g_task_return_pointer (task, update, (GDestroyNotify) bo_document_update_free);
  else
    g_task_return_error (task, error);
}

void
bo_findings_work_prepare_async (BoReport *report,
                                GFile *file,
                                gboolean charts,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Request *request;
  g_autoptr (GTask) task = task_new (bo_findings_work_prepare_async, report, cancellable, callback, user_data, &request);

  request->flag = charts;
  if (set_path (task, request, file))
    g_task_run_in_thread (task, prepare_thread);
}

BoDocumentUpdate *
bo_findings_work_prepare_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
apply_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  GError *error = NULL;

  if (request->flag ? bo_document_update_undo (request->update, &error)
                    : bo_document_update_apply (request->update, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
bo_findings_work_apply_async (const BoDocumentUpdate *update,
                              gboolean undo,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Request *request;
  g_autoptr (GTask) task = task_new (bo_findings_work_apply_async, NULL, cancellable, callback, user_data, &request);

  request->update = update;
  request->flag = undo;
  bo_unfinished_work_watch (task);
  g_task_run_in_thread (task, apply_thread);
}

gboolean
bo_findings_work_apply_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
